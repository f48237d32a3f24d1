/*
 * Requests per minute of each API key, held across all gateway workers of a
 * host: a table in memory that the workers share, one cell a key (GCRA).
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
	int64_t remaining;     /* of the burst, after this request */
	int64_t retry_after_s; /* 0 when allowed, else at least 1 */
	int64_t reset_s;       /* until the burst is whole again */
};

/*
 * Takes one request of the key at now_ns (a clock that all workers share). The
 * burst is a tenth of per_minute, at least 10 but at most per_minute. Safe
 * from several processes at once without a lock that a dying worker could
 * hold. When the table is full of other live keys, it allows.
 */
struct ratelimit_result ratelimit_take(struct ratelimit *limit,
    const struct uuid *key, int64_t per_minute, int64_t now_ns);

#endif
