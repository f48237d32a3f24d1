/*
 * Writing JSON. This runs for every answer, so it goes straight from the
 * struct to text: no tree, one buffer, one allocation for most answers.
 */
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json.h"
#include "gateway/json_field.h"

#define FIRST_SIZE  4096 /* more than any answer of the hot path */
#define NUMBER_SIZE 32	 /* an int64_t or 15 digits with sign and exponent */

struct writer {
	char *data;
	size_t len;
	size_t size;
	bool failed; /* memory ended: nothing more is written */
};

/*
 * Room for n more bytes and a NUL. What growing leaves behind is wiped: one of
 * the answers holds a new API key.
 */
static bool
reserve(struct writer *out, size_t n)
{
	char *data = NULL;
	size_t size = out->size;

	if (out->failed)
		return false;
	if (size - out->len > n)
		return true;
	while (size - out->len <= n)
		size *= 2;
	data = malloc(size);
	if (data == NULL) {
		out->failed = true;
		return false;
	}
	memcpy(data, out->data, out->len);
	sodium_memzero(out->data, out->len);
	free(out->data);
	out->data = data;
	out->size = size;
	return true;
}

static void
put_char(struct writer *out, char c)
{
	if (reserve(out, 1))
		out->data[out->len++] = c;
}

static void
put_text(struct writer *out, const char *text, size_t len)
{
	if (!reserve(out, len))
		return;
	memcpy(out->data + out->len, text, len);
	out->len += len;
}

/* True for what may stand in a JSON string as it is. */
static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static size_t
escape(char *out, char c)
{
	static const char digits[] = "0123456789abcdef";
	char letter = '\0';

	if (c == '"' || c == '\\')
		letter = c;
	else if (c == '\n')
		letter = 'n';
	else if (c == '\r')
		letter = 'r';
	else if (c == '\t')
		letter = 't';
	out[0] = '\\';
	if (letter != '\0') {
		out[1] = letter;
		return 2;
	}
	out[1] = 'u';
	out[2] = '0';
	out[3] = '0';
	out[4] = digits[(unsigned char)c >> 4];
	out[5] = digits[(unsigned char)c & 0x0f];
	return 6;
}

size_t
json_quote(char *out, const char *text)
{
	size_t n = 0;

	out[n++] = '"';
	for (; *text != '\0'; text++) {
		if (is_plain(*text))
			out[n++] = *text;
		else
			n += escape(out + n, *text);
	}
	out[n++] = '"';
	out[n] = '\0';
	return n;
}

static void
put_string(struct writer *out, const char *text)
{
	if (reserve(out, 6 * strlen(text) + 3))
		out->len += json_quote(out->data + out->len, text);
}

/* Digits of a magnitude, right-aligned; returns where they begin. */
static char *
digits_of(uint64_t magnitude, char *end)
{
	do {
		*--end = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude != 0);
	return end;
}

static void
put_int(struct writer *out, int64_t value)
{
	char text[NUMBER_SIZE];
	char *end = text + sizeof(text), *at = NULL;

	at = digits_of(value < 0 ? -(uint64_t)value : (uint64_t)value, end);
	if (value < 0)
		*--at = '-';
	put_text(out, at, (size_t)(end - at));
}

/* At most 15 significant digits, so that 0.1 shows as 0.1. */
static void
put_f64(struct writer *out, double value)
{
	const double exact = 1e14; /* tenths below this are exact integers */
	char text[NUMBER_SIZE];
	int64_t tenths, whole;
	int n;

	if (!isfinite(value)) {
		put_text(out, "null", 4);
		return;
	}
	if (fabs(value) < exact) {
		/* The common numbers: whole ones, and scores like 85.5. */
		tenths = (int64_t)(value * 10 + (value < 0 ? -0.5 : 0.5));
		whole = tenths / 10;
		if ((double)whole == value) {
			put_int(out, whole);
			return;
		}
		if ((double)tenths / 10 == value) {
			if (whole == 0 && value < 0)
				put_char(out, '-');
			put_int(out, whole);
			put_char(out, '.');
			put_char(out, (char)('0' + llabs(tenths) % 10));
			return;
		}
	}
	n = snprintf(text, sizeof(text), "%.15g", value);
	if (n > 0 && (size_t)n < sizeof(text))
		put_text(out, text, (size_t)n);
}

static void put_record(
    struct writer *out, const struct proto_record *record, const char *msg);

/* One value that is no list, or one element of one. */
static void
put_one(struct writer *out, const struct proto_field *field, const char *at)
{
	char uuid[UUID_TEXT_MAX + 1];
	const char *text = NULL;
	struct uuid id;
	int64_t integer;
	double number;
	bool truth;

	switch (field->kind) {
	case PROTO_BOOL:
		memcpy(&truth, at, sizeof(truth));
		put_text(out, truth ? "true" : "false", truth ? 4 : 5);
		break;
	case PROTO_INT:
	case PROTO_INTS:
		memcpy(&integer, at, sizeof(integer));
		put_int(out, integer);
		break;
	case PROTO_F64:
		memcpy(&number, at, sizeof(number));
		put_f64(out, number);
		break;
	case PROTO_STR:
	case PROTO_STRS:
		put_string(out, at);
		break;
	case PROTO_ID:
	case PROTO_IDS:
		memcpy(&id, at, sizeof(id));
		uuid_format(&id, uuid);
		put_char(out, '"');
		put_text(out, uuid, UUID_TEXT_MAX);
		put_char(out, '"');
		break;
	case PROTO_ENUM:
		text = proto_enum_text(field->names, *(const uint8_t *)at);
		if (text != NULL)
			put_string(out, text);
		else
			put_text(out, "null", 4);
		break;
	case PROTO_OBJ:
	case PROTO_LIST:
		put_record(out, field->record, at);
		break;
	case PROTO_BYTES:
		break;
	}
}

static void
put_list(struct writer *out, const struct proto_field *field, const char *msg)
{
	uint32_t count = field_count(field, msg);

	put_char(out, '[');
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			put_char(out, ',');
		put_one(out, field, field_element(field, msg, i));
	}
	put_char(out, ']');
}

static void
put_value(struct writer *out, const struct proto_field *field, const char *msg)
{
	switch (field->kind) {
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		put_list(out, field, msg);
		return;
	case PROTO_BOOL:
	case PROTO_INT:
	case PROTO_F64:
	case PROTO_STR:
	case PROTO_ID:
	case PROTO_BYTES:
	case PROTO_ENUM:
	case PROTO_OBJ:
		break;
	}
	put_one(out, field, field_value(field, msg));
}

static void
put_record(
    struct writer *out, const struct proto_record *record, const char *msg)
{
	bool first = true;

	put_char(out, '{');
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		bool absent = !field_present(field, i, msg);

		if ((field->flags & PROTO_FLAG_HIDDEN) != 0 ||
		    field->kind == PROTO_BYTES ||
		    (absent && (field->flags & PROTO_FLAG_NULLED) == 0))
			continue;
		if (!first)
			put_char(out, ',');
		first = false;
		put_string(out, field->name);
		put_char(out, ':');
		if (absent)
			put_text(out, "null", 4);
		else
			put_value(out, field, msg);
	}
	put_char(out, '}');
}

char *
json_write(const struct proto_record *record, const void *msg, size_t *len)
{
	struct writer out = { .data = malloc(FIRST_SIZE), .size = FIRST_SIZE };

	if (out.data == NULL)
		return NULL;
	put_record(&out, record, msg);
	if (out.failed) {
		sodium_memzero(out.data, out.len);
		free(out.data);
		return NULL;
	}
	out.data[out.len] = '\0';
	*len = out.len;
	return out.data;
}
