/*
 * The messages between the processes: C structs and enumerations made from
 * messages.def and errors.def, and the tables that describe them.
 *
 * Every struct begins with `present`, a bit for each field in declared order.
 * Decoding sets the bits of the fields that were there; encoding looks only at
 * the bits of OPT fields. A struct of zero bytes is a valid empty start. There
 * is nothing to free in any of them.
 */
#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/messages.def"
#include "proto/uuid.h"

#define PROTO_VERSION 1

/* -------- enumerations: PROTO_LEVEL_EASY is level_EASY, and so on -------- */

#define PROTO_ENUM_VALUE(record, NAME, value, text) record##_##NAME = value,
#define PROTO_ENUM_TYPE(record) \
	enum record { PROTO_ENUM_##record(PROTO_ENUM_VALUE) };
PROTO_ENUMS(PROTO_ENUM_TYPE)

enum proto_error {
	PROTO_OK = 0,
#define ERROR(NAME, number, code, status, title) PROTO_ERROR_##NAME = number,
#include "proto/errors.def"
#undef ERROR
};

enum proto_service {
#define PROTO_SERVICE_VALUE(NAME, value, text) PROTO_SERVICE_##NAME = value,
	PROTO_SERVICES(PROTO_SERVICE_VALUE)
};

enum proto_message {
#define PROTO_MESSAGE_VALUE(NAME, id, service, request, reply) MSG_##NAME = id,
	PROTO_MESSAGES(PROTO_MESSAGE_VALUE)
};

/* -------- structs -------- */

#define PROTO_MEMBER_BOOL(name, hi, sub) bool name;
#define PROTO_MEMBER_INT(name, hi, sub)	 int64_t name;
#define PROTO_MEMBER_F64(name, hi, sub)	 double name;
#define PROTO_MEMBER_STR(name, hi, sub)	 char name[(hi) + 1];
#define PROTO_MEMBER_ID(name, hi, sub)	 struct uuid name;
#define PROTO_MEMBER_BYTES(name, hi, sub) \
	uint32_t name##_len;              \
	uint8_t name[hi];
#define PROTO_MEMBER_ENUM(name, hi, sub) uint8_t name;
#define PROTO_MEMBER_OBJ(name, hi, sub)	 struct sub name;
#define PROTO_MEMBER_LIST(name, hi, sub) \
	uint32_t name##_count;           \
	struct sub name[hi];
#define PROTO_MEMBER_INTS(name, hi, sub) \
	uint32_t name##_count;           \
	int64_t name[hi];
#define PROTO_MEMBER_IDS(name, hi, sub) \
	uint32_t name##_count;          \
	struct uuid name[hi];
#define PROTO_MEMBER_STRS(name, hi, sub) \
	uint32_t name##_count;           \
	char name[hi][(sub) + 1];

#define PROTO_MEMBER(S, KIND, name, json, lo, hi, sub, flags) \
	PROTO_MEMBER_##KIND(name, hi, sub)
#define PROTO_STRUCT(record)                                \
	struct record {                                     \
		uint64_t present;                           \
		PROTO_FIELDS_##record(PROTO_MEMBER, record) \
	};
PROTO_RECORDS(PROTO_STRUCT)

#define PROTO_BIT(S, KIND, name, json, lo, hi, sub, flags) BIT_##S##_##name,
#define PROTO_BITS(record) \
	enum { PROTO_FIELDS_##record(PROTO_BIT, record) BITS_##record };
PROTO_RECORDS(PROTO_BITS)

/* Presence of a field: PROTO_HAS(req, key_update, name). */
#define PROTO_HAS(msg, record, field) \
	(((msg)->present >> BIT_##record##_##field & 1) != 0)
#define PROTO_SET(msg, record, field) \
	((msg)->present |= UINT64_C(1) << BIT_##record##_##field)
#define PROTO_CLEAR(msg, record, field) \
	((msg)->present &= ~(UINT64_C(1) << BIT_##record##_##field))

/* -------- tables -------- */

enum proto_kind {
	PROTO_BOOL,
	PROTO_INT,
	PROTO_F64,
	PROTO_STR,
	PROTO_ID,
	PROTO_BYTES,
	PROTO_ENUM,
	PROTO_OBJ,
	PROTO_LIST,
	PROTO_INTS,
	PROTO_IDS,
	PROTO_STRS,
};

#define PROTO_FLAG_OPT	   0x01u
#define PROTO_FLAG_SECRET  0x02u
#define PROTO_FLAG_HIDDEN  0x04u
#define PROTO_FLAG_PATH	   0x08u
#define PROTO_FLAG_NULLED  0x10u
#define PROTO_FLAG_NUMERIC 0x20u

/* A name and a value of an enumeration. */
struct proto_name {
	const char *text;
	uint8_t value;
};

struct proto_enum {
	const char *name;
	const struct proto_name *names;
	size_t count;
};

struct proto_record;

struct proto_field {
	const char *name; /* as in JSON and log lines */
	enum proto_kind kind;
	unsigned flags;	     /* PROTO_FLAG_* */
	size_t offset;	     /* of the value in the struct */
	size_t count_offset; /* of _count or _len, lists and bytes only */
	size_t stride;	     /* bytes of one element, lists only */
	int64_t lo, hi;	     /* bounds; what of, by kind, see messages.def */
	const struct proto_record *record; /* OBJ and LIST */
	const struct proto_enum *names;	   /* ENUM */
};

struct proto_record {
	const char *name;
	size_t size; /* of the struct */
	const struct proto_field *fields;
	size_t count;
};

struct proto_message_info {
	const char *name;
	enum proto_message id;
	enum proto_service service;
	const struct proto_record *request;
	const struct proto_record *reply;
};

struct proto_error_info {
	const char *code;
	const char *title;
	enum proto_error error;
	int status; /* HTTP */
};

#define PROTO_RECORD_EXTERN(record) \
	extern const struct proto_record proto_##record;
PROTO_RECORDS(PROTO_RECORD_EXTERN)

/* All of them, in declared order, for tests that walk the tables. */
extern const struct proto_record *const proto_records[];
extern const size_t proto_records_count;
extern const struct proto_message_info proto_messages[];
extern const size_t proto_messages_count;

/* The table row of a message id, or NULL. */
const struct proto_message_info *proto_message_find(uint64_t id);

/* The table row of an error; an unknown number gets the row of INTERNAL. */
const struct proto_error_info *proto_error_find(int64_t error);

/* The text of an enumeration's value, or NULL; and back: 0, or -1. */
const char *proto_enum_text(const struct proto_enum *names, uint8_t value);
int proto_enum_value(
    const struct proto_enum *names, const char *text, uint8_t *value);

extern const struct proto_enum proto_enum_level;
extern const struct proto_enum proto_enum_interval;
extern const struct proto_enum proto_enum_event_kind;
extern const struct proto_enum proto_enum_verdict;
extern const struct proto_enum proto_enum_misreading;

/*
 * Checks that a filled struct keeps the bounds of its table: string lengths,
 * UTF-8, counts, ranges, enumeration values. Absent OPT fields are not looked
 * at; all others are, whatever their present bit says, so that an empty one
 * whose table asks for more is found. Returns NULL, or the name of the first
 * field that does not (of an inner record too).
 */
const char *proto_check(const struct proto_record *record, const void *msg);

/*
 * One line of `name=value` pairs for a log: SECRET fields show as [secret],
 * control characters are escaped, the end is cut with "..." when size is
 * short. Always ends in a NUL.
 */
void proto_format(const struct proto_record *record, const void *msg,
    char *text, size_t size);

/*
 * Fills msg with a random instance within the bounds of the table. `next` is a
 * source of 64 random bits. Present bits are set for what is there.
 */
void proto_random(const struct proto_record *record, void *msg,
    uint64_t (*next)(void *arg), void *arg);

/*
 * True when both hold the same present fields with equal values. A field that
 * is not OPT counts as present, whatever its bit says.
 */
bool
proto_equal(const struct proto_record *record, const void *a, const void *b);

/* Overwrites the whole struct in a way that the compiler cannot drop. */
void proto_wipe(const struct proto_record *record, void *msg);

#endif
