/*
 * The flow as a client goes through it, for wrk: flow.lua calls these through
 * LuaJIT's FFI, because they cost a tenth of the same in Lua. For one thread.
 */
#ifndef TESTS_BENCH_FLOW_H
#define TESTS_BENCH_FLOW_H

#include <stddef.h>

/*
 * Starts over with an API key. steps: 1 create only, 2 create and verify, 3
 * create, verify and siteverify.
 */
void flow_init(const char *key, int steps);

/*
 * The next request, whole, of *len bytes; valid until the next call. What
 * answers have brought comes first: a siteverify, then a verify, else a create.
 */
const char *flow_request(size_t *len);

/* Takes the body of an answer. */
void flow_answer(int status, const char *body, size_t len);

/* Flows that have come to their end. */
long flow_count(void);

/* Answers that were not as they should be. */
long flow_wrong(void);

#endif
