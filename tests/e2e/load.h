/*
 * Threads that go through the whole flow again and again and keep a ledger of
 * what they were told, for tests that kill services meanwhile.
 *
 * A request that got no verdict (no answer, or 504) is in doubt. Threads settle
 * doubts by asking again: a verify whose retry says timeout-or-duplicate had
 * been counted, and siteverify goes with an idempotency key. Only a create
 * cannot be asked about, so that the ledger has a range for those. 503 is a
 * refusal: nothing was done.
 */
#ifndef TESTS_E2E_LOAD_H
#define TESTS_E2E_LOAD_H

#include <stdint.h>

struct load;

struct ledger {
	int64_t created; /* acknowledged */
	int64_t created_in_doubt;
	int64_t solved; /* all of them allowed: the key asks for no score */
	int64_t incorrect;
	int64_t plain_sums; /* of these; the others are FLOW_NONSENSE */
	int64_t redeemed;
	int64_t settled; /* doubts that a retry has settled */
	/* What must never be: an answer that no outage explains. */
	char unexpected[512];
};

/* Starts threads with a secret key whose minScore is 0. */
struct load *load_start(uint16_t port, const char *key, unsigned threads);

/* The acknowledged creates so far. */
int64_t load_created(const struct load *load);

/* Lets every thread settle what it is at, joins them, and frees the load. The
 * services must be up again. */
struct ledger load_stop(struct load **load);

#endif
