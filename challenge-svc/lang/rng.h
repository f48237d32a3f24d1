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
uint64_t rng_next(struct rng *rng);

/* Uniform in 0..bound-1, without bias; bound is at least 1. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

/* Uniform in low..high, both included; low <= high. */
int32_t rng_between(struct rng *rng, int32_t low, int32_t high);

/* True in percent of 100 draws. */
bool rng_percent(struct rng *rng, uint32_t percent);

#endif
