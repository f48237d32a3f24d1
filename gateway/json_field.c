/*
 * The rules of one field's value, and the sentences for those who break them.
 * The values themselves never show in a sentence: they may be secrets.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json_field.h"

bool
json_field_taken(const struct proto_field *field)
{
	return (field->flags & (PROTO_FLAG_HIDDEN | PROTO_FLAG_PATH)) == 0 &&
	    field->kind != PROTO_BYTES;
}

int
json_fail(struct json_problem *problem, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* A sentence that does not fit is cut: it is for people. */
	(void)vsnprintf(problem->detail, sizeof(problem->detail), format, args);
	va_end(args);
	return -1;
}

int
json_fail_memory(struct json_problem *problem)
{
	memset(problem, 0, sizeof(*problem));
	problem->short_of_memory = true;
	return json_fail(problem, "memory is short");
}

int
json_fail_missing(struct json_problem *problem, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(problem->detail, sizeof(problem->detail), format, args);
	va_end(args);
	problem->missing = true;
	return -1;
}

static int
fail_enum(const struct proto_enum *names, const char *name,
    struct json_problem *problem)
{
	char list[PROTO_DETAIL_MAX + 1] = "";
	size_t used = 0;
	int n;

	for (size_t i = 0; i < names->count; i++) {
		n = snprintf(list + used, sizeof(list) - used, "%s%s",
		    i == 0 ? "" : ", ", names->names[i].text);
		if (n < 0 || (size_t)n >= sizeof(list) - used)
			break;
		used += (size_t)n;
	}
	return json_fail(problem, "%s must be one of %s", name, list);
}

int
json_fail_type(const struct proto_field *field, const char *name,
    struct json_problem *problem)
{
	const char *what = NULL;

	switch (field->kind) {
	case PROTO_BOOL:
		what = "true or false";
		break;
	case PROTO_INT:
		what = "a whole number";
		break;
	case PROTO_F64:
		what = (field->flags & PROTO_FLAG_NUMERIC) != 0
		    ? "a number or a numeric string"
		    : "a number";
		break;
	case PROTO_STR:
		what = "a string";
		break;
	case PROTO_ID:
		what = "a UUID";
		break;
	case PROTO_ENUM:
		return fail_enum(field->names, name, problem);
	case PROTO_OBJ:
		what = "an object";
		break;
	case PROTO_LIST:
		what = "an array of objects";
		break;
	case PROTO_INTS:
		what = "an array of whole numbers";
		break;
	case PROTO_IDS:
		what = "an array of UUIDs";
		break;
	case PROTO_STRS:
		what = "an array of strings";
		break;
	case PROTO_BYTES:
		what = "absent";
		break;
	}
	return json_fail(problem, "%s must be %s", name,
	    what != NULL ? what : "of another type");
}

int
json_field_int(const struct proto_field *field, int64_t value, void *at,
    const char *name, struct json_problem *problem)
{
	if (value < field->lo || value > field->hi) {
		if (field->hi == INT64_MAX)
			return json_fail(problem,
			    "%s must be at least %" PRId64, name, field->lo);
		return json_fail(problem,
		    "%s must be between %" PRId64 " and %" PRId64, name,
		    field->lo, field->hi);
	}
	memcpy(at, &value, sizeof(value));
	return 0;
}

int
json_field_f64(const struct proto_field *field, double value, void *at,
    const char *name, struct json_problem *problem)
{
	if (!(value >= (double)field->lo && value <= (double)field->hi))
		return json_fail(problem,
		    "%s must be between %" PRId64 " and %" PRId64, name,
		    field->lo, field->hi);
	memcpy(at, &value, sizeof(value));
	return 0;
}

int
json_field_str(const struct proto_field *field, const char *text, size_t len,
    void *at, const char *name, struct json_problem *problem)
{
	/* An element of a list of strings has no lower bound of its own. */
	size_t lo = field->kind == PROTO_STR ? (size_t)field->lo : 0;
	size_t hi = field->kind == PROTO_STR ? (size_t)field->hi
					     : field->stride - 1;

	if (memchr(text, '\0', len) != NULL)
		return json_fail(problem, "%s must not contain a NUL", name);
	if (len == 0 && lo > 0)
		return json_fail_missing(problem, "%s must not be empty", name);
	if (len < lo)
		return json_fail(
		    problem, "%s must be at least %zu bytes long", name, lo);
	if (len > hi)
		return json_fail(
		    problem, "%s must be at most %zu bytes long", name, hi);
	memcpy(at, text, len);
	((char *)at)[len] = '\0';
	return 0;
}

int
json_field_id(const char *text, size_t len, void *at, const char *name,
    struct json_problem *problem)
{
	struct uuid id;

	if (len != UUID_TEXT_MAX || uuid_parse(&id, text) != 0)
		return json_fail(problem, "%s must be a UUID", name);
	memcpy(at, &id, sizeof(id));
	return 0;
}

int
json_field_enum(const struct proto_field *field, const char *text, size_t len,
    void *at, const char *name, struct json_problem *problem)
{
	uint8_t value;

	if (strlen(text) != len ||
	    proto_enum_value(field->names, text, &value) != 0)
		return fail_enum(field->names, name, problem);
	memcpy(at, &value, sizeof(value));
	return 0;
}

int
json_field_count(const struct proto_field *field, size_t count,
    const char *name, struct json_problem *problem)
{
	if (count < (size_t)field->lo)
		return json_fail(problem,
		    "%s must have at least %" PRId64 " elements", name,
		    field->lo);
	if (count > (size_t)field->hi)
		return json_fail(problem,
		    "%s must have at most %" PRId64 " elements", name,
		    field->hi);
	return 0;
}

/* Moves *at over digits; false when there is none. */
static bool
skip_digits(const char **at, const char *end)
{
	const char *start = *at;

	while (*at < end && isdigit((unsigned char)**at))
		(*at)++;
	return *at > start;
}

static void
skip_sign(const char **at, const char *end)
{
	if (*at < end && (**at == '-' || **at == '+'))
		(*at)++;
}

/* JSON's white space (RFC 8259, section 2). */
static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
trim(const char **start, const char **end)
{
	while (*start < *end && is_space(**start))
		(*start)++;
	while (*start < *end && is_space((*end)[-1]))
		(*end)--;
}

int
json_number(const char *text, size_t len, double *value)
{
	const char *start = text, *end = text + len, *at;
	char *stop = NULL;
	double number;

	trim(&start, &end);
	at = start;
	skip_sign(&at, end);
	if (!skip_digits(&at, end))
		return -1;
	if (at < end && *at == '.') {
		at++;
		if (!skip_digits(&at, end))
			return -1;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		skip_sign(&at, end);
		if (!skip_digits(&at, end))
			return -1;
	}
	if (at != end)
		return -1;
	/* It ends in white space or a NUL, where strtod stops as well. */
	number = strtod(start, &stop);
	if (stop != end || !isfinite(number))
		return -1;
	*value = number;
	return 0;
}

int
json_whole(const char *text, size_t len, int64_t *value)
{
	const char *start = text, *end = text + len, *at;
	char *stop = NULL;
	long long number;

	trim(&start, &end);
	at = start;
	skip_sign(&at, end);
	if (!skip_digits(&at, end) || at != end)
		return -1;
	errno = 0;
	number = strtoll(start, &stop, 10);
	if (errno != 0 || stop != end)
		return -1;
	*value = number;
	return 0;
}
