/*
 * The image of a running process, as a core dump of it would have it, searched
 * for bytes that should not be there.
 */
#ifndef TESTS_E2E_MEMORY_H
#define TESTS_E2E_MEMORY_H

#include <stddef.h>
#include <sys/types.h>

#define MEMORY_PIDS_MAX 80

/*
 * The processes of a group, at most MEMORY_PIDS_MAX: a gateway's parent and its
 * workers are one. Returns how many.
 */
size_t memory_group(pid_t group, pid_t pids[MEMORY_PIDS_MAX]);

/*
 * Adds to counts[i] how often needles[i] (texts) is in the memory of a process
 * that is stopped meanwhile. Returns 0; -1 when the process does not let itself
 * be read: it is not dumpable, and the caller has no CAP_SYS_PTRACE.
 */
int memory_search(
    pid_t pid, const char *const needles[], size_t count, size_t counts[]);

#endif
