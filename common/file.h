/*
 * What must be true of files that hold secrets or state.
 */
#ifndef COMMON_FILE_H
#define COMMON_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Waits until a file, or what a directory lists, is on the disk. Returns 0; -1
 * with errno. Not for a database that is open: closing any descriptor of its
 * file drops SQLite's locks (fcntl(2), POSIX locks).
 */
int file_sync(const char *path);

/* As file_sync, for the directory that path is in. */
int file_sync_parent(const char *path);

/*
 * Gives a finished file its name: syncs it, renames it without replacing
 * anything, syncs the directory. Returns 0; -1 with errno, EEXIST when there is
 * something of that name already.
 */
int file_publish(const char *from, const char *to);

/*
 * Locks path (made when it is missing, 0600) for this process, until the
 * descriptor that it returns is closed. Returns -1 with a sentence in error
 * when another process has it.
 */
int file_lock(const char *path, char *error, size_t error_size);

/* Bytes of a file, 0 when there is none; -1 with errno for a fault. */
int64_t file_size(const char *path);

/*
 * Makes a file when it is missing, and closes it to all but its user (0600; a
 * change is logged). Returns 0; -1 with a sentence in error. As file_sync, not
 * for a database that is open.
 */
int file_make_private(const char *path, char *error, size_t error_size);

#endif
