/*
 * xoshiro256** seeded by splitmix64: see rng.h.
 */

#include "challenge-svc/lang/rng.h"

static uint64_t
splitmix_next(uint64_t *state)
{
	uint64_t z;

	z = (*state += 0x9e3779b97f4a7c15U);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;

	return z ^ (z >> 31);
}

void
rng_seed(struct rng *rng, const uint8_t *seed, size_t size, uint64_t stream)
{
	uint64_t word, mix;
	size_t i, j;

	mix = stream;
	for (i = 0; i < 4; i++)
		rng->state[i] = splitmix_next(&mix);

	/* Every eight bytes of seed stir the whole state. */
	for (i = 0; i < size; i += 8) {
		word = 0;
		for (j = i; j < size && j < i + 8; j++)
			word = word << 8 | seed[j];
		mix ^= word;
		for (j = 0; j < 4; j++)
			rng->state[j] ^= splitmix_next(&mix);
	}

	/* The one state that xoshiro cannot leave. */
	if ((rng->state[0] | rng->state[1] | rng->state[2] | rng->state[3]) ==
	    0)
		rng->state[0] = 1;
}

void
rng_fill(
    struct rng *rng, uint8_t *out, uint32_t count, uint8_t low, uint32_t bound)
{
	uint64_t random = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		random = i % 2 == 0 ? rng_next(rng) : random >> 32;
		out[i] = (uint8_t)(low + ((random & UINT32_MAX) * bound >> 32));
	}
}
