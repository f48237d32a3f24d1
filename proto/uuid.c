/*
 * Identifiers as text and back.
 */
#include "proto/uuid.h"

#include <string.h>

/* Index of the byte before which the text has a hyphen. */
static bool
hyphen_before(unsigned byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void
uuid_format(const struct uuid *id, char text[UUID_TEXT_MAX + 1])
{
	static const char hex[] = "0123456789abcdef";

	for (unsigned i = 0; i < UUID_BYTES; i++) {
		if (hyphen_before(i))
			*text++ = '-';
		*text++ = hex[id->bytes[i] >> 4];
		*text++ = hex[id->bytes[i] & 0x0f];
	}
	*text = '\0';
}

int
uuid_parse(struct uuid *id, const char *text)
{
	struct uuid read;

	for (unsigned i = 0; i < UUID_BYTES; i++) {
		int high, low;

		if (hyphen_before(i) && *text++ != '-')
			return -1;
		high = hex_value(text[0]);
		low = high < 0 ? -1 : hex_value(text[1]);
		if (low < 0)
			return -1;
		read.bytes[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (*text != '\0')
		return -1;
	*id = read;
	return 0;
}

bool
uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->bytes, b->bytes, UUID_BYTES) == 0;
}

bool
uuid_is_zero(const struct uuid *id)
{
	static const struct uuid zero;

	return uuid_equal(id, &zero);
}

void
uuid_stamp(struct uuid *id, unsigned version)
{
	id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | (version & 0x0f) << 4);
	id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
}
