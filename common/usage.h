/*
 * What a process takes of the system, for its metrics.
 */
#ifndef COMMON_USAGE_H
#define COMMON_USAGE_H

#include <stdint.h>

struct usage {
	int64_t resident_bytes; /* memory in RAM, shared pages too */
	int64_t open_files;	/* descriptors, also of sockets and threads */
};

/*
 * Asks the kernel about this process: a few system calls, and one more for
 * every few hundred descriptors. What it does not tell is 0.
 */
void usage_read(struct usage *usage);

#endif
