/*
 * A small service in a child process, for the tests of the service loop: it
 * speaks three messages of challenge-svc, used for what they carry. CREATE
 * stores min_score as a row and tells an event (100 fails after it has
 * written, 99 takes 50 ms), VERIFY answers how many rows there are and how
 * many turns were dropped (and is costly: the answer 99 takes 50 ms, and 98
 * leaves a row to house-keeping), REDEEM takes a turn in the pool (the token
 * "slow" waits there); both for the asker key_id.
 */
#ifndef COMMON_TESTING_SERVICE_H
#define COMMON_TESTING_SERVICE_H

#include <czmq.h>
#include <sys/types.h>

#include "proto/codec.h"

#define WAIT_MS 10000 /* how long a reply may take before a test fails */

struct small_fixture {
	char directory[64];
	char endpoint[128];
	char analytics[128];
	char gate[128]; /* a FIFO: where "slow" jobs wait for a writer */
	pid_t child;
	zsock_t *socket;
	zsock_t *sink; /* stands in for analytics-svc */
	struct proto_buf out;
	uint64_t correlation;
	uint32_t deadline_ms; /* of what small_request appends */
};

/* cmocka's setup and teardown of one fixture. */
int small_setup(void **state);
int small_teardown(void **state);

/* Starts a service on the fixture's endpoint; and ends the fixture's by a
 * signal and starts it anew. No socket may be open: a child must not inherit
 * its context. */
pid_t small_start(const struct small_fixture *fixture);
void small_restart(struct small_fixture *fixture, int signal);

/* Removes a directory with the files in it. */
void small_remove(const char *name);

/* The socket that asks, connected on first use. */
zsock_t *small_socket(struct small_fixture *fixture);

/* Appends a request to what is to be sent; its correlation. small_add appends
 * a CREATE with this number. small_flush sends it all as one message. */
uint64_t small_request(struct small_fixture *fixture,
    enum proto_message message, const void *request);
void small_add(struct small_fixture *fixture, int64_t number);
void small_flush(struct small_fixture *fixture);

/* Sends bytes as they are. */
void small_send(struct small_fixture *fixture, const void *bytes, size_t len);

/* Receives `count` answers; how many were failures. *last is the last one,
 * whose bytes live in *keep (NULL to do without them). */
int small_receive(struct small_fixture *fixture, int count,
    struct proto_frame *last, zframe_t **keep);

/* How many rows there are, how many turns in the pool came to nothing, and the
 * service's counters. */
int64_t small_rows(struct small_fixture *fixture);
int small_dropped(struct small_fixture *fixture);
struct stats small_stats(struct small_fixture *fixture);

#endif
