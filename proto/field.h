/*
 * How the code that walks the tables of proto.h reaches a field inside a
 * struct, and the checks of text that it shares.
 */
#ifndef PROTO_FIELD_H
#define PROTO_FIELD_H

#include <string.h>

#include "proto/proto.h"

/* The value of a field: what proto_kind says it is. */
static inline const void *
field_value(const struct proto_field *field, const void *msg)
{
	return (const char *)msg + field->offset;
}

static inline void *
field_value_mut(const struct proto_field *field, void *msg)
{
	return (char *)msg + field->offset;
}

/* The _count or _len of a list or of bytes. */
static inline uint32_t
field_count(const struct proto_field *field, const void *msg)
{
	return *(const uint32_t *)(const void *)((const char *)msg +
	    field->count_offset);
}

static inline void
field_set_count(const struct proto_field *field, void *msg, uint32_t count)
{
	*(uint32_t *)(void *)((char *)msg + field->count_offset) = count;
}

/* One element of a list. */
static inline const void *
field_element(const struct proto_field *field, const void *msg, size_t index)
{
	return (const char *)msg + field->offset + index * field->stride;
}

static inline void *
field_element_mut(const struct proto_field *field, void *msg, size_t index)
{
	return (char *)msg + field->offset + index * field->stride;
}

/* A bool's byte, whatever it holds. */
static inline uint8_t
field_bool(const struct proto_field *field, const void *msg)
{
	uint8_t byte;

	memcpy(&byte, field_value(field, msg), sizeof(byte));
	return byte;
}

/* True unless the field, the index'th of its record, is OPT and absent. */
static inline bool
field_present(const struct proto_field *field, size_t index, const void *msg)
{
	return (field->flags & PROTO_FLAG_OPT) == 0 ||
	    (*(const uint64_t *)msg >> index & 1) != 0;
}

static inline void
field_set_present(void *msg, size_t index)
{
	*(uint64_t *)msg |= UINT64_C(1) << index;
}

/*
 * Bytes (1 to 4) of the well-formed UTF-8 sequence (RFC 3629, table 3-7 of
 * the Unicode standard) at `at`, of which left bytes may be read; 0 when it is
 * not well-formed or left is 0.
 */
size_t proto_utf8_len(const char *at, size_t left);

/* True for well-formed UTF-8 without a NUL. */
bool proto_text_valid(const char *text, size_t len);

/* True when the enumeration has the value. */
bool proto_enum_known(const struct proto_enum *names, uint64_t value);

#endif
