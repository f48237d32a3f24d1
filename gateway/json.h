/*
 * Records as JSON and back, driven by the tables of proto. The only home of
 * JSON, and of the two other texts a request may come in: a form and a query.
 */
#ifndef GATEWAY_JSON_H
#define GATEWAY_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/proto.h"

/* What was wrong with a request's body or query. */
struct json_problem {
	char field[PROTO_FIELD_MAX + 1]; /* "" when no one field is to blame */
	char detail[PROTO_DETAIL_MAX + 1];
	bool missing;	      /* the field is not there, null or empty */
	bool short_of_memory; /* ours: the request is not to blame */
};

/*
 * Once in a process, before the other calls and before a worker is forked and
 * loses sight of /dev/urandom: seeds the hashing of keys, and has the memory
 * of every parsed body wiped when it is freed.
 */
void json_start(void);

/*
 * Reads a JSON object into the record's fields (all but HIDDEN and PATH ones)
 * without touching the others, and sets their present bits. An empty body is an
 * empty object. Refused, with the field named: text that is not UTF-8 JSON, a
 * duplicate key, something else than an object, nesting over 16, a missing
 * required field, a wrong type, a bound broken, a NUL in a string, an unknown
 * enumeration text, null for a field that is not both OPT and NULLED (for
 * those it counts as absent). Unknown fields are ignored. Returns 0; -1 with
 * *problem filled, and msg then holds what came before the fault. In
 * problem->field an inner field is named by its path: "allowedOrigins.2".
 */
int json_read(const struct proto_record *record, void *msg, const char *body,
    size_t len, struct json_problem *problem);

/*
 * The same from `a=b&c=d` (percent-encoded, plus is a space), for form bodies
 * and query strings: only BOOL, INT, F64, STR, ID and ENUM fields are taken.
 */
int json_read_form(const struct proto_record *record, void *msg,
    const char *text, size_t len, struct json_problem *problem);

enum json_peek_result {
	JSON_PEEK_FOUND,
	JSON_PEEK_ABSENT,
	JSON_PEEK_LONG,	 /* it has size bytes or more */
	JSON_PEEK_FAULT, /* the problem is told */
};

/*
 * The value of one top-level string field of a body, for what is not part of
 * the record (siteverify's `secret` and `response`). form tells which text it
 * is. value, of size bytes, is filled only when found. Faults are: null or
 * another type, a NUL inside, given twice, and, with no field named, a body
 * that cannot be read.
 */
enum json_peek_result json_peek(const char *body, size_t len, bool form,
    const char *name, char *value, size_t size, struct json_problem *problem);

/*
 * Writes the record as a JSON object without its HIDDEN fields, in declared
 * order: absent OPT fields are left out, or null where NULLED. Numbers have at
 * most 15 significant digits; a whole F64 is written with one decimal only
 * when it has one ("85.5", "60"). Returns a NUL-terminated string for the
 * caller to free, its length in *len; NULL when memory ends.
 */
char *
json_write(const struct proto_record *record, const void *msg, size_t *len);

/* Appends text to out as a quoted JSON string; out has room for 6*n+3. */
size_t json_quote(char *out, const char *text);

#endif
