/*
 * Threads that each ask for what is theirs alone, and look whether that is what
 * they get: the account behind an access token, and the cdata of a challenge.
 * Every request must be answered, whatever befalls the services.
 */
#ifndef TESTS_PROOF_CROWD_H
#define TESTS_PROOF_CROWD_H

#include <stdint.h>

struct crowd;

struct crowd_counts {
	int64_t own;	/* answers that were the thread's own */
	int64_t errors; /* 503 and 504 */
	double slowest; /* seconds */
	/* What must never be: another's answer, none at all, another status. */
	char unexpected[512];
};

struct crowd *crowd_start(uint16_t port, unsigned threads);
struct crowd_counts crowd_stop(struct crowd **crowd);

#endif
