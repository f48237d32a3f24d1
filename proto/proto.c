/*
 * The tables that messages.def and errors.def describe, look-ups in them, and
 * the walks over a record that need no bytes: check, compare, wipe.
 */
#include "proto/proto.h"

#include <sodium.h>
#include <string.h>

#include "proto/field.h"

/* -------- enumerations -------- */

#define ENUM_NAME(record, NAME, value, text) { text, value },
#define ENUM_TABLE(record)                                       \
	static const struct proto_name names_##record[] = {      \
		PROTO_ENUM_##record(ENUM_NAME)                   \
	};                                                       \
	const struct proto_enum proto_enum_##record = { #record, \
		names_##record,                                  \
		sizeof(names_##record) / sizeof(names_##record[0]) };
PROTO_ENUMS(ENUM_TABLE)

/* -------- records -------- */

/* The flags as messages.def writes them. */
enum {
	OPT = PROTO_FLAG_OPT,
	SECRET = PROTO_FLAG_SECRET,
	HIDDEN = PROTO_FLAG_HIDDEN,
	PATH = PROTO_FLAG_PATH,
	NULLED = PROTO_FLAG_NULLED,
	NUMERIC = PROTO_FLAG_NUMERIC,
};

/*
 * What a row means depends on its kind, and where a kind has no bounds or no
 * sub the row holds `_`, which must not reach the compiler.
 */
#define BOUND_BOOL(bound)  0
#define BOUND_INT(bound)   bound
#define BOUND_F64(bound)   bound
#define BOUND_STR(bound)   bound
#define BOUND_ID(bound)	   0
#define BOUND_BYTES(bound) bound
#define BOUND_ENUM(bound)  0
#define BOUND_OBJ(bound)   0
#define BOUND_LIST(bound)  bound
#define BOUND_INTS(bound)  bound
#define BOUND_IDS(bound)   bound
#define BOUND_STRS(bound)  bound

#define COUNT_BOOL(S, name)  0
#define COUNT_INT(S, name)   0
#define COUNT_F64(S, name)   0
#define COUNT_STR(S, name)   0
#define COUNT_ID(S, name)    0
#define COUNT_BYTES(S, name) offsetof(struct S, name##_len)
#define COUNT_ENUM(S, name)  0
#define COUNT_OBJ(S, name)   0
#define COUNT_LIST(S, name)  offsetof(struct S, name##_count)
#define COUNT_INTS(S, name)  offsetof(struct S, name##_count)
#define COUNT_IDS(S, name)   offsetof(struct S, name##_count)
#define COUNT_STRS(S, name)  offsetof(struct S, name##_count)

#define STRIDE_BOOL(sub)  0
#define STRIDE_INT(sub)	  0
#define STRIDE_F64(sub)	  0
#define STRIDE_STR(sub)	  0
#define STRIDE_ID(sub)	  0
#define STRIDE_BYTES(sub) 0
#define STRIDE_ENUM(sub)  0
#define STRIDE_OBJ(sub)	  0
#define STRIDE_LIST(sub)  sizeof(struct sub)
#define STRIDE_INTS(sub)  sizeof(int64_t)
#define STRIDE_IDS(sub)	  sizeof(struct uuid)
#define STRIDE_STRS(sub)  ((sub) + 1)

#define RECORD_BOOL(sub)  NULL
#define RECORD_INT(sub)	  NULL
#define RECORD_F64(sub)	  NULL
#define RECORD_STR(sub)	  NULL
#define RECORD_ID(sub)	  NULL
#define RECORD_BYTES(sub) NULL
#define RECORD_ENUM(sub)  NULL
#define RECORD_OBJ(sub)	  &proto_##sub
#define RECORD_LIST(sub)  &proto_##sub
#define RECORD_INTS(sub)  NULL
#define RECORD_IDS(sub)	  NULL
#define RECORD_STRS(sub)  NULL

#define NAMES_BOOL(sub)	 NULL
#define NAMES_INT(sub)	 NULL
#define NAMES_F64(sub)	 NULL
#define NAMES_STR(sub)	 NULL
#define NAMES_ID(sub)	 NULL
#define NAMES_BYTES(sub) NULL
#define NAMES_ENUM(sub)	 &proto_enum_##sub
#define NAMES_OBJ(sub)	 NULL
#define NAMES_LIST(sub)	 NULL
#define NAMES_INTS(sub)	 NULL
#define NAMES_IDS(sub)	 NULL
#define NAMES_STRS(sub)	 NULL

#define FIELD_ROW(S, KIND, member, json, least, most, sub, bits) \
	{                                                        \
		.name = json,                                    \
		.kind = PROTO_##KIND,                            \
		.flags = bits,                                   \
		.offset = offsetof(struct S, member),            \
		.count_offset = COUNT_##KIND(S, member),         \
		.stride = STRIDE_##KIND(sub),                    \
		.lo = BOUND_##KIND(least),                       \
		.hi = BOUND_##KIND(most),                        \
		.record = RECORD_##KIND(sub),                    \
		.names = NAMES_##KIND(sub),                      \
	},

/* The row without a name ends each table: `empty` has no other. */
#define RECORD_TABLE(S)                                                    \
	_Static_assert(BITS_##S <= 64, "present has 64 bits");             \
	static const struct proto_field fields_##S[] = { PROTO_FIELDS_##S( \
	    FIELD_ROW, S){ .name = NULL } };                               \
	const struct proto_record proto_##S = { #S, sizeof(struct S),      \
		fields_##S, BITS_##S };
PROTO_RECORDS(RECORD_TABLE)

#define RECORD_POINTER(record) &proto_##record,
const struct proto_record *const proto_records[] = { PROTO_RECORDS(
    RECORD_POINTER) };
const size_t proto_records_count = sizeof(proto_records) /
    sizeof(proto_records[0]);

/* -------- messages and errors -------- */

#define MESSAGE_ROW(NAME, id, service, request, reply)                  \
	{ #NAME, MSG_##NAME, PROTO_SERVICE_##service, &proto_##request, \
		&proto_##reply },
const struct proto_message_info proto_messages[] = { PROTO_MESSAGES(
    MESSAGE_ROW) };
const size_t proto_messages_count = sizeof(proto_messages) /
    sizeof(proto_messages[0]);

#define MESSAGE_INDEX(NAME, id, service, request, reply) INDEX_##NAME,
enum { PROTO_MESSAGES(MESSAGE_INDEX) };

const struct proto_message_info *
proto_message_find(uint64_t id)
{
#define MESSAGE_CASE(NAME, id, service, request, reply) \
	case MSG_##NAME:                                \
		return &proto_messages[INDEX_##NAME];
	switch (id) {
		PROTO_MESSAGES(MESSAGE_CASE)
	}
	return NULL;
}

static const struct proto_error_info errors[] = {
#define ERROR(NAME, number, code, status, title) \
	{ code, title, PROTO_ERROR_##NAME, status },
#include "proto/errors.def"
#undef ERROR
};

#define ERROR(NAME, number, code, status, title) ERROR_INDEX_##NAME,
enum {
#include "proto/errors.def"
};
#undef ERROR

const struct proto_error_info *
proto_error_find(int64_t error)
{
	switch (error) {
#define ERROR(NAME, number, code, status, title) \
	case PROTO_ERROR_##NAME:                 \
		return &errors[ERROR_INDEX_##NAME];
#include "proto/errors.def"
#undef ERROR
	}
	return &errors[ERROR_INDEX_INTERNAL];
}

/* -------- values of an enumeration -------- */

const char *
proto_enum_text(const struct proto_enum *names, uint8_t value)
{
	for (size_t i = 0; i < names->count; i++) {
		if (names->names[i].value == value)
			return names->names[i].text;
	}
	return NULL;
}

int
proto_enum_value(
    const struct proto_enum *names, const char *text, uint8_t *value)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->names[i].text, text) == 0) {
			*value = names->names[i].value;
			return 0;
		}
	}
	return -1;
}

bool
proto_enum_known(const struct proto_enum *names, uint64_t value)
{
	return value <= UINT8_MAX &&
	    proto_enum_text(names, (uint8_t)value) != NULL;
}

/* -------- text -------- */

static bool
utf8_follows(uint8_t byte, uint8_t least, uint8_t most)
{
	return byte >= least && byte <= most;
}

size_t
proto_utf8_len(const char *at, size_t left)
{
	const uint8_t *b = (const uint8_t *)at;
	uint8_t least = 0x80, most = 0xbf;
	size_t len;

	if (left == 0)
		return 0;
	if (b[0] < 0x80)
		return 1;
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 0;
	len = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	if (left < len)
		return 0;
	/* Overlong forms, surrogates, and what is past U+10FFFF. */
	if (b[0] == 0xe0)
		least = 0xa0;
	if (b[0] == 0xed)
		most = 0x9f;
	if (b[0] == 0xf0)
		least = 0x90;
	if (b[0] == 0xf4)
		most = 0x8f;
	if (!utf8_follows(b[1], least, most))
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (!utf8_follows(b[i], 0x80, 0xbf))
			return 0;
	}
	return len;
}

bool
proto_text_valid(const char *text, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = ones << 7;
	size_t at = 0;

	while (at < len) {
		uint64_t word;
		size_t step;

		/* Eight at a time while no byte is NUL or past ASCII. */
		if (len - at >= sizeof(word)) {
			memcpy(&word, text + at, sizeof(word));
			if ((((word - ones) | word) & highs) == 0) {
				at += sizeof(word);
				continue;
			}
		}
		step = proto_utf8_len(text + at, len - at);
		if (step == 0 || text[at] == '\0')
			return false;
		at += step;
	}
	return true;
}

/* -------- check -------- */

static bool
text_within(const char *text, int64_t lo, int64_t hi)
{
	size_t len = strnlen(text, (size_t)hi + 1);

	return len >= (size_t)lo && len <= (size_t)hi &&
	    proto_text_valid(text, len);
}

static const char *
check_list(const struct proto_field *field, const void *msg)
{
	uint32_t count = field_count(field, msg);

	if (count < field->lo || count > field->hi)
		return field->name;
	for (uint32_t i = 0; field->record != NULL && i < count; i++) {
		const char *name = proto_check(
		    field->record, field_element(field, msg, i));

		if (name != NULL)
			return name;
	}
	if (field->kind != PROTO_STRS)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		if (!text_within(field_element(field, msg, i), 0,
			(int64_t)field->stride - 1))
			return field->name;
	}
	return NULL;
}

static const char *
check_field(const struct proto_field *field, const void *msg)
{
	const void *value = field_value(field, msg);
	bool good = true;

	switch (field->kind) {
	case PROTO_BOOL:
		good = field_bool(field, msg) <= 1;
		break;
	case PROTO_INT: {
		int64_t number = *(const int64_t *)value;

		good = number >= field->lo && number <= field->hi;
		break;
	}
	case PROTO_F64: {
		double number = *(const double *)value;

		/* Not a number is not between them. */
		good = number >= (double)field->lo &&
		    number <= (double)field->hi;
		break;
	}
	case PROTO_STR:
		good = text_within(value, field->lo, field->hi);
		break;
	case PROTO_ID:
		break;
	case PROTO_BYTES:
		good = field_count(field, msg) >= field->lo &&
		    field_count(field, msg) <= field->hi;
		break;
	case PROTO_ENUM:
		good = proto_enum_known(field->names, *(const uint8_t *)value);
		break;
	case PROTO_OBJ:
		return proto_check(field->record, value);
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return check_list(field, msg);
	}
	return good ? NULL : field->name;
}

const char *
proto_check(const struct proto_record *record, const void *msg)
{
	const char *name;

	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if (!field_present(field, i, msg))
			continue;
		name = check_field(field, msg);
		if (name != NULL)
			return name;
	}
	return NULL;
}

/* -------- compare -------- */

static bool
equal_list(const struct proto_field *field, const void *a, const void *b)
{
	uint32_t count = field_count(field, a);

	if (count != field_count(field, b))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const void *one = field_element(field, a, i);
		const void *other = field_element(field, b, i);
		bool same;

		if (field->kind == PROTO_LIST)
			same = proto_equal(field->record, one, other);
		else if (field->kind == PROTO_STRS)
			same = strncmp(one, other, field->stride) == 0;
		else
			same = memcmp(one, other, field->stride) == 0;
		if (!same)
			return false;
	}
	return true;
}

static bool
equal_field(const struct proto_field *field, const void *a, const void *b)
{
	const void *one = field_value(field, a);
	const void *other = field_value(field, b);

	switch (field->kind) {
	case PROTO_BOOL:
		return field_bool(field, a) == field_bool(field, b);
	case PROTO_INT:
		return *(const int64_t *)one == *(const int64_t *)other;
	case PROTO_F64:
		return *(const double *)one == *(const double *)other;
	case PROTO_STR:
		return strncmp(one, other, (size_t)field->hi + 1) == 0;
	case PROTO_ID:
		return uuid_equal(one, other);
	case PROTO_BYTES:
		return field_count(field, a) == field_count(field, b) &&
		    memcmp(one, other, field_count(field, a)) == 0;
	case PROTO_ENUM:
		return *(const uint8_t *)one == *(const uint8_t *)other;
	case PROTO_OBJ:
		return proto_equal(field->record, one, other);
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return equal_list(field, a, b);
	}
	return false;
}

bool
proto_equal(const struct proto_record *record, const void *a, const void *b)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		bool present = field_present(field, i, a);

		if (present != field_present(field, i, b))
			return false;
		if (present && !equal_field(field, a, b))
			return false;
	}
	return true;
}

void
proto_wipe(const struct proto_record *record, void *msg)
{
	sodium_memzero(msg, record->size);
}
