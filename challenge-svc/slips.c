/*
 * See slips.h.
 */
#include "challenge-svc/slips.h"

size_t
slips_pack(const struct slips *slips, uint8_t bytes[SLIPS_BYTES_MAX])
{
	uint8_t *to = bytes;
	uint32_t i;

	for (i = 0; i < slips->count; i++) {
		const struct challenge_slip *slip = &slips->slip[i];

		*to++ = (uint8_t)slip->answer;
		*to++ = (uint8_t)((uint16_t)slip->answer >> 8);
		*to++ = slip->misreading;
	}
	return (size_t)(to - bytes);
}

void
slips_unpack(struct slips *slips, const uint8_t *bytes, size_t len)
{
	slips->count = 0;
	for (; len >= SLIPS_BYTES_EACH && slips->count < CHALLENGE_SLIPS_MAX;
	     len -= SLIPS_BYTES_EACH, bytes += SLIPS_BYTES_EACH) {
		struct challenge_slip *slip = &slips->slip[slips->count];

		if (bytes[2] >= MISREADINGS)
			continue;
		slip->answer = (int16_t)(bytes[0] | bytes[1] << 8);
		slip->misreading = bytes[2];
		slips->count++;
	}
}
