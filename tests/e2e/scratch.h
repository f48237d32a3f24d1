/*
 * The temporary directory of a rig, and what its processes may not leave there.
 */
#ifndef TESTS_E2E_SCRATCH_H
#define TESTS_E2E_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a directory of its own in TMPDIR or /tmp; fails the test otherwise. */
void scratch_make(char *dir, size_t size);

/* Removes a directory and everything in it. */
void scratch_remove(const char *dir);

/* Makes the keys of CURVE of every process of a rig in dir/keys. */
void scratch_make_keys(const char *dir);

/* Prints the end of a file. */
void scratch_show_end(const char *path);

/* True when a file in the directory holds the report of a sanitizer, or a
 * socket is anywhere in it; both are printed. */
bool scratch_has_report(const char *dir);
bool scratch_has_socket(const char *dir);

#endif
