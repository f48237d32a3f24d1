/*
 * Blocks, filled one after the other: see pool.h.
 */

#include "tests/reader/pool.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 32768
#define POOL_MAX   (1 << 20) /* no challenge takes a tenth of it */

struct pool_block {
	struct pool_block *before;
	_Alignas(16) unsigned char bytes[BLOCK_SIZE];
};

void *
pool_get(struct pool *pool, size_t size)
{
	struct pool_block *block = NULL;
	void *got = NULL;

	size = (size + 15) & ~(size_t)15;
	if (pool->block == NULL || pool->used + size > BLOCK_SIZE) {
		if (pool->total < POOL_MAX)
			block = malloc(sizeof(*block));
		if (block == NULL) {
			pool->failed = true;
			return NULL;
		}
		block->before = pool->block;
		pool->block = block;
		pool->used = 0;
		pool->total += BLOCK_SIZE;
	}
	got = pool->block->bytes + pool->used;
	pool->used += size;

	return memset(got, 0, size);
}

void
pool_empty(struct pool *pool)
{
	struct pool_block *before = NULL;

	while (pool->block != NULL) {
		before = pool->block->before;
		free(pool->block);
		pool->block = before;
	}
	memset(pool, 0, sizeof(*pool));
}
