/*
 * Memory that is given back all at once.
 */

#ifndef TESTS_ORACLE_POOL_H
#define TESTS_ORACLE_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool_block;

/* Starts zeroed. */
struct pool {
	struct pool_block *block;
	size_t used;  /* of the newest block */
	size_t total; /* of all blocks */
	bool failed;  /* something was asked for and not given */
};

/*
 * Returns size bytes (at most 1024), zeroed, or NULL when the pool has given
 * out all that one instruction may take, or memory is out.
 */
void *pool_get(struct pool *pool, size_t size);

/* Gives everything back; the pool is then as new. */
void pool_empty(struct pool *pool);

#endif
