/*
 * The stored form of a challenge's slips: three bytes each, the answer's lower
 * and upper byte (two's complement) and the misreading. Pure.
 */
#ifndef CHALLENGE_SVC_SLIPS_H
#define CHALLENGE_SVC_SLIPS_H

#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"

/* Wrong answers that are told apart. */
struct slips {
	uint32_t count;
	struct challenge_slip slip[CHALLENGE_SLIPS_MAX];
};

#define SLIPS_BYTES_EACH 3
#define SLIPS_BYTES_MAX	 (SLIPS_BYTES_EACH * CHALLENGE_SLIPS_MAX)

/* Writes the stored form; returns the bytes that it took. */
size_t slips_pack(const struct slips *slips, uint8_t bytes[SLIPS_BYTES_MAX]);

/*
 * Reads a stored form. A misreading that is not one of ours was written by a
 * later version: it is left out, as is what does not fit.
 */
void slips_unpack(struct slips *slips, const uint8_t *bytes, size_t len);

#endif
