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

static uint64_t
rotate_left(uint64_t x, unsigned int by)
{
	return (x << by) | (x >> (64 - by));
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

uint64_t
rng_next(struct rng *rng)
{
	uint64_t *s = rng->state;
	uint64_t result, t;

	result = rotate_left(s[1] * 5, 7) * 9;
	t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate_left(s[3], 45);

	return result;
}

uint32_t
rng_below(struct rng *rng, uint32_t bound)
{
	uint64_t product;
	uint32_t floor;

	/* Lemire, "Fast random integer generation in an interval", 2019. */
	product = (rng_next(rng) >> 32) * bound;
	if ((uint32_t)product < bound) {
		floor = (uint32_t)(0U - bound) % bound;
		while ((uint32_t)product < floor)
			product = (rng_next(rng) >> 32) * bound;
	}

	return (uint32_t)(product >> 32);
}

int32_t
rng_between(struct rng *rng, int32_t low, int32_t high)
{
	return low + (int32_t)rng_below(rng, (uint32_t)(high - low) + 1);
}

bool
rng_percent(struct rng *rng, uint32_t percent)
{
	return rng_below(rng, 100) < percent;
}
