/*
 * Drawing sampled challenges: see sample.h.
 */

#include "challenge-svc/sample.h"

void
sample_seed(uint8_t bytes[CHALLENGE_SEED_BYTES], uint64_t seed, uint64_t number)
{
	int i;

	for (i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)(seed >> (8 * i));
		bytes[8 + i] = (uint8_t)(number >> (8 * i));
	}
}

void
sample_draw(struct instance *out, const struct phrasebook *book,
    enum challenge_level level, uint64_t seed, uint64_t number)
{
	uint8_t bytes[CHALLENGE_SEED_BYTES];

	sample_seed(bytes, seed, number);
	generate_instance(out, book, level, bytes);
}
