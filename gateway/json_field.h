/*
 * What reading JSON and reading a form have in common: the path of the field
 * that is being read, the sentence on what is wrong with it, and the rules for
 * a value that came as text. For json.c and json_form.c only.
 */
#ifndef GATEWAY_JSON_FIELD_H
#define GATEWAY_JSON_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/json.h"
#include "proto/field.h"
#include "proto/proto.h"

/* A field of a request comes from its text unless it is one of these. */
bool json_field_taken(const struct proto_field *field);

/*
 * Each of these stores a value in *at when it keeps the field's type and
 * bounds, and returns 0; or says in problem->detail what the field `name` must
 * be, and returns -1. They leave problem->field alone.
 */
int json_field_int(const struct proto_field *field, int64_t value, void *at,
    const char *name, struct json_problem *problem);
int json_field_f64(const struct proto_field *field, double value, void *at,
    const char *name, struct json_problem *problem);
/* text may hold NULs (which are refused); it must end in one. */
int json_field_str(const struct proto_field *field, const char *text,
    size_t len, void *at, const char *name, struct json_problem *problem);
int json_field_id(const char *text, size_t len, void *at, const char *name,
    struct json_problem *problem);
int json_field_enum(const struct proto_field *field, const char *text,
    size_t len, void *at, const char *name, struct json_problem *problem);
/* The number of elements of a list; stores nothing. */
int json_field_count(const struct proto_field *field, size_t count,
    const char *name, struct json_problem *problem);

/*
 * Reads text that is exactly a decimal number: sign, digits, fraction and
 * exponent, all but the digits optional, JSON's white space around it skipped.
 * Returns 0, or -1 when it is anything else or not finite.
 */
int json_number(const char *text, size_t len, double *value);

/* The same for a whole number in plain digits; -1 also when it overflows. */
int json_whole(const char *text, size_t len, int64_t *value);

/* Fills the detail; returns -1, for the caller to return. */
int json_fail(struct json_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same when memory ends: nothing is wrong with the request. */
int json_fail_memory(struct json_problem *problem);

/* What a field of this kind must be ("a whole number"), for a wrong type. */
int json_fail_type(const struct proto_field *field, const char *name,
    struct json_problem *problem);

/* The same for what is not there: it is missing. */
int json_fail_missing(struct json_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* json_peek of a form. */
enum json_peek_result json_form_peek(const char *text, size_t len,
    const char *name, char *value, size_t size, struct json_problem *problem);

#endif
