/*
 * Random instances of a record, for tests: within the bounds, and often right
 * at them.
 */
#include <string.h>

#include "proto/field.h"
#include "proto/proto.h"

struct source {
	uint64_t (*next)(void *arg);
	void *arg;
};

/* A number in 0..n-1, n above 0; slightly uneven, which no test minds. */
static uint64_t
below(struct source *source, uint64_t n)
{
	return source->next(source->arg) % n;
}

/* Either bound, a value near lo, or any. */
static int64_t
pick_int(struct source *source, int64_t lo, int64_t hi)
{
	uint64_t span = (uint64_t)hi - (uint64_t)lo;
	uint64_t step = 0;

	switch (below(source, 6)) {
	case 0:
		step = 0;
		break;
	case 1:
		step = span;
		break;
	case 2:
	case 3:
		step = below(source, span < 20 ? span + 1 : 20);
		break;
	default:
		step = source->next(source->arg);
		if (span < UINT64_MAX)
			step %= span + 1;
	}
	return (int64_t)((uint64_t)lo + step);
}

/* As pick_int, with fractions. */
static double
pick_double(struct source *source, int64_t lo, int64_t hi)
{
	double value = (double)pick_int(source, lo, hi);

	if (below(source, 2) == 0)
		value = value * (double)below(source, 1000) / 1000.0;
	if (value < (double)lo || value > (double)hi)
		value = (double)lo;
	return value;
}

/* How many of something: mostly few, at times all that may be. */
static size_t
pick_count(struct source *source, int64_t lo, int64_t hi)
{
	uint64_t span = (uint64_t)(hi - lo);
	uint64_t few = span < 6 ? span : 6;

	switch (below(source, 16)) {
	case 0:
		return (size_t)hi;
	case 1:
		return (size_t)lo + (size_t)below(source, span + 1);
	default:
		return (size_t)lo + (size_t)below(source, few + 1);
	}
}

/*
 * Text of exactly len bytes: letters, what needs escaping somewhere, and
 * characters of two to four bytes as long as they fit.
 */
static void
pick_text(struct source *source, char *text, size_t len)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ";
	static const char *const odd[] = { "\"", "\\", "\n", "\t", "\x01",
		"\x1b", "\x7f", "=", "&", "%", "<", "/", "\xc2\x85", "\xc3\xa9",
		"\xe2\x80\xa8", "\xe2\x82\xac", "\xed\x9f\xbf", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf0\x9f\xa4\x96", "\xf4\x8f\xbf\xbf" };
	size_t at = 0;

	while (at < len) {
		const char *piece = &plain[below(source, sizeof(plain) - 1)];
		size_t step = 1;

		if (below(source, 8) == 0) {
			piece =
			    odd[below(source, sizeof(odd) / sizeof(odd[0]))];
			step = strlen(piece);
		}
		if (step > len - at)
			continue;
		memcpy(text + at, piece, step);
		at += step;
	}
	text[len] = '\0';
}

static void
pick_bytes(struct source *source, uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)source->next(source->arg);
}

static void pick_record(
    struct source *source, const struct proto_record *record, void *msg);

static void
pick_list(struct source *source, const struct proto_field *field, void *msg)
{
	size_t count = pick_count(source, field->lo, field->hi);

	field_set_count(field, msg, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		void *element = field_element_mut(field, msg, i);

		if (field->kind == PROTO_LIST)
			pick_record(source, field->record, element);
		else if (field->kind == PROTO_INTS)
			*(int64_t *)element = pick_int(
			    source, INT64_MIN, INT64_MAX);
		else if (field->kind == PROTO_IDS)
			pick_bytes(source, element, UUID_BYTES);
		else
			pick_text(source, element,
			    pick_count(source, 0, (int64_t)field->stride - 1));
	}
}

static void
pick_value(struct source *source, const struct proto_field *field, void *msg)
{
	void *value = field_value_mut(field, msg);
	size_t count;

	switch (field->kind) {
	case PROTO_BOOL:
		*(bool *)value = below(source, 2) == 1;
		break;
	case PROTO_INT:
		*(int64_t *)value = pick_int(source, field->lo, field->hi);
		break;
	case PROTO_F64:
		*(double *)value = pick_double(source, field->lo, field->hi);
		break;
	case PROTO_STR:
		count = pick_count(source, field->lo, field->hi);
		pick_text(source, value, count);
		break;
	case PROTO_ID:
		pick_bytes(source, value, UUID_BYTES);
		break;
	case PROTO_BYTES:
		count = pick_count(source, field->lo, field->hi);
		pick_bytes(source, value, count);
		field_set_count(field, msg, (uint32_t)count);
		break;
	case PROTO_ENUM:
		count = (size_t)below(source, field->names->count);
		*(uint8_t *)value = field->names->names[count].value;
		break;
	case PROTO_OBJ:
		pick_record(source, field->record, value);
		break;
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		pick_list(source, field, msg);
		break;
	}
}

static void
pick_record(struct source *source, const struct proto_record *record, void *msg)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if ((field->flags & PROTO_FLAG_OPT) != 0 &&
		    below(source, 3) == 0)
			continue;
		pick_value(source, field, msg);
		field_set_present(msg, i);
	}
}

void
proto_random(const struct proto_record *record, void *msg,
    uint64_t (*next)(void *arg), void *arg)
{
	struct source source = { next, arg };

	memset(msg, 0, record->size);
	pick_record(&source, record, msg);
}
