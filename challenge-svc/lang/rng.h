/*
 * The random numbers of the generator: a stream that depends on the seed and
 * on nothing else, so that a challenge can be drawn again from its seed.
 *
 * xoshiro256** of Blackman and Vigna ("Scrambled linear pseudorandom number
 * generators", ACM TOMS 47, 2021), its state filled from the seed by
 * splitmix64 (Steele, Lea and Flood, OOPSLA 2014), as its authors advise.
 * It is not cryptographic: secrecy comes from the seed alone, and a challenge
 * shows far too little of the stream to lead back to 128 bits of it.
 */

#ifndef CHALLENGE_SVC_LANG_RNG_H
#define CHALLENGE_SVC_LANG_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state[4];
};

/* Starts the stream of size bytes of seed; stream tells equal seeds apart. */
void
rng_seed(struct rng *rng, const uint8_t *seed, size_t size, uint64_t stream);

/* The next 64 bits. */
static inline uint64_t
rng_next(struct rng *rng)
{
	uint64_t *s = rng->state;
	uint64_t scrambled = s[1] * 5, shifted = s[1] << 17;

	scrambled = (scrambled << 7 | scrambled >> 57) * 9;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = s[3] << 45 | s[3] >> 19;

	return scrambled;
}

/*
 * Uniform in 0..bound-1, without bias; bound is at least 1.  After Lemire,
 * "Fast random integer generation in an interval", ACM TOMACS 29, 2019.
 */
static inline uint32_t
rng_below(struct rng *rng, uint32_t bound)
{
	uint64_t product = (rng_next(rng) >> 32) * bound;
	uint32_t floor;

	if ((uint32_t)product < bound) {
		floor = (uint32_t)(0U - bound) % bound;
		while ((uint32_t)product < floor)
			product = (rng_next(rng) >> 32) * bound;
	}

	return (uint32_t)(product >> 32);
}

/* Uniform in low..high, both included; low <= high. */
static inline int32_t
rng_between(struct rng *rng, int32_t low, int32_t high)
{
	return low + (int32_t)rng_below(rng, (uint32_t)(high - low) + 1);
}

/* True in percent of 100 draws. */
static inline bool
rng_percent(struct rng *rng, uint32_t percent)
{
	return rng_below(rng, 100) < percent;
}

/*
 * count numbers in low..low+bound-1, for digits: bound is at most 256, the bias
 * below bound / 2^32.
 */
void rng_fill(
    struct rng *rng, uint8_t *out, uint32_t count, uint8_t low, uint32_t bound);

#endif
