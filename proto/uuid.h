/*
 * A 128-bit identifier and its text form (RFC 9562): 36 characters, lower-case
 * hexadecimal in groups of 8-4-4-4-12.
 */
#ifndef PROTO_UUID_H
#define PROTO_UUID_H

#include <stdbool.h>
#include <stdint.h>

#define UUID_BYTES    16
#define UUID_TEXT_MAX 36

struct uuid {
	uint8_t bytes[UUID_BYTES];
};

/* Writes the 36 characters and a NUL. */
void uuid_format(const struct uuid *id, char text[UUID_TEXT_MAX + 1]);

/*
 * Reads exactly 36 characters, either letter case, any version. Returns 0, or
 * -1 with *id unchanged when text is anything else.
 */
int uuid_parse(struct uuid *id, const char *text);

bool uuid_equal(const struct uuid *a, const struct uuid *b);

/* True for the all-zero id, which names nothing. */
bool uuid_is_zero(const struct uuid *id);

/* Sets the version and the variant bits of 16 given (random) bytes. */
void uuid_stamp(struct uuid *id, unsigned version);

#endif
