/*
 * Requests per minute of each API key, held across all gateway workers of a
 * host: a table in memory that the workers share, one cell a key.
 */
#ifndef GATEWAY_RATELIMIT_H
#define GATEWAY_RATELIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/uuid.h"

struct ratelimit;

/*
 * Makes the shared table; to be called before the workers are forked. cells is
 * how many keys it can hold at once (a power of two). NULL when there is no
 * memory.
 */
struct ratelimit *ratelimit_new(size_t cells);
void ratelimit_free(struct ratelimit **limit);

struct ratelimit_result {
	bool allowed;
	int64_t limit;	       /* per minute */
	int64_t remaining;     /* of them, after this request */
	int64_t retry_after_s; /* 0 when allowed, else 1 to 61 */
	int64_t reset_s;       /* until all are there again, 1 to 61 */
};

/*
 * Takes one request of the key at now_ns (a clock that all workers share). A
 * key may use its whole minute at once, and in any 60 s never gets more than
 * per_minute: what was taken is free again once the second that it was taken
 * in, and 60 more, are over. per_minute is at most PROTO_RATE_MAX, 0 for no
 * limit. Exact for several processes at once, without a lock that a dying
 * worker could hold. When the table is full of other live keys, it allows.
 */
struct ratelimit_result ratelimit_take(struct ratelimit *limit,
    const struct uuid *key, int64_t per_minute, int64_t now_ns);

#endif
