/*
 * A challenge-svc that answers wrongly in every way before it answers rightly,
 * on a thread of its own. It knows pings and creates: the token of a challenge
 * is the cdata that it was asked with, so that a crossed reply shows.
 */
#ifndef TESTS_PROOF_IMPOSTOR_H
#define TESTS_PROOF_IMPOSTOR_H

#include <stdint.h>

struct impostor;

/* What it sent, in replies. */
struct impostor_counts {
	int64_t right;
	int64_t unknown; /* to a question that nobody asked */
	int64_t other;	 /* to another message, or a question instead */
	int64_t late;	 /* a second one to the same question */
	int64_t noise;	 /* messages of random bytes */
};

/* Binds the endpoint, which must be free. */
struct impostor *impostor_start(const char *endpoint);

/* Stops it and tells what it did; everything has been handed to the asker. */
struct impostor_counts impostor_stop(struct impostor **impostor);

#endif
