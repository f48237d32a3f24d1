/*
 * Reading a form or a query string: pairs of percent-encoded names and values.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json.h"
#include "gateway/json_field.h"

#define NAME_MAX_BYTES PROTO_FIELD_MAX
#define BAD_ENCODING   "the text is not well-formed percent-encoded UTF-8"

/* One pair, decoded. The name is cut to "" when it is longer than any. */
struct pair {
	char name[NAME_MAX_BYTES + 1];
	char *value; /* room for the whole text; ends in a NUL */
	size_t len;
};

/* Decodes into out, which has room for len + 1. The length, or -1. */
static ptrdiff_t
decode(const char *text, size_t len, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '+') {
			out[n++] = ' ';
		} else if (text[i] != '%') {
			out[n++] = text[i];
		} else {
			/* Two digits, neither less nor something else. */
			if (len - i <= 2 ||
			    sodium_hex2bin((unsigned char *)&out[n], 1,
				&text[i + 1], 2, NULL, NULL, NULL) != 0)
				return -1;
			n++;
			i += 2;
		}
	}
	out[n] = '\0';
	return (ptrdiff_t)n;
}

static bool
is_utf8(const char *text, size_t len)
{
	size_t step = 1;

	while (len > 0 && step > 0) {
		step = proto_utf8_len(text, len);
		text += step;
		len -= step;
	}
	return len == 0;
}

/*
 * Takes the next pair off the text. Returns 1; 0 at its end; -1 when it is not
 * well encoded. value is the caller's, with room for the whole text.
 */
static int
next_pair(const char **text, size_t *len, struct pair *pair)
{
	const char *end = NULL, *equals = NULL;
	size_t size, name_len;
	ptrdiff_t n;

	while (*len > 0 && **text == '&') {
		(*text)++;
		(*len)--;
	}
	if (*len == 0)
		return 0;
	end = memchr(*text, '&', *len);
	size = end == NULL ? *len : (size_t)(end - *text);
	equals = memchr(*text, '=', size);
	name_len = equals == NULL ? size : (size_t)(equals - *text);
	/* The name is decoded in the value's room first: it may be long. */
	n = decode(*text, name_len, pair->value);
	if (n < 0 || !is_utf8(pair->value, (size_t)n))
		return -1;
	pair->name[0] = '\0';
	if ((size_t)n < sizeof(pair->name) && strlen(pair->value) == (size_t)n)
		memcpy(pair->name, pair->value, (size_t)n + 1);
	n = 0;
	pair->value[0] = '\0';
	if (equals != NULL)
		n = decode(equals + 1, size - name_len - 1, pair->value);
	if (n < 0 || !is_utf8(pair->value, (size_t)n))
		return -1;
	pair->len = (size_t)n;
	*text += size;
	*len -= size;
	return 1;
}

static int
read_pair(const struct proto_field *field, const struct pair *pair, void *at,
    struct json_problem *problem)
{
	const char *name = field->name;
	int64_t whole;
	double number;

	switch (field->kind) {
	case PROTO_BOOL:
		if (strcmp(pair->value, "true") != 0 &&
		    strcmp(pair->value, "false") != 0)
			break;
		*(bool *)at = pair->value[0] == 't';
		return 0;
	case PROTO_INT:
		if (json_whole(pair->value, pair->len, &whole) != 0)
			break;
		return json_field_int(field, whole, at, name, problem);
	case PROTO_F64:
		if (json_number(pair->value, pair->len, &number) != 0)
			break;
		return json_field_f64(field, number, at, name, problem);
	case PROTO_STR:
		return json_field_str(
		    field, pair->value, pair->len, at, name, problem);
	case PROTO_ID:
		return json_field_id(pair->value, pair->len, at, name, problem);
	case PROTO_ENUM:
		return json_field_enum(
		    field, pair->value, pair->len, at, name, problem);
	case PROTO_BYTES:
	case PROTO_OBJ:
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		break;
	}
	return json_fail_type(field, name, problem);
}

/* The number of the record's field that a form may set by this name. */
static size_t
find_field(const struct proto_record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if (json_field_taken(field) && field->kind <= PROTO_ENUM &&
		    strcmp(field->name, name) == 0)
			return i;
	}
	return record->count;
}

static void
blame(struct json_problem *problem, const struct proto_field *field)
{
	(void)snprintf(
	    problem->field, sizeof(problem->field), "%s", field->name);
}

static int
check_required(const struct proto_record *record, uint64_t seen,
    struct json_problem *problem)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if (!json_field_taken(field) || (seen >> i & 1) != 0 ||
		    (field->flags & PROTO_FLAG_OPT) != 0)
			continue;
		blame(problem, field);
		return json_fail_missing(
		    problem, "%s is required", field->name);
	}
	return 0;
}

int
json_read_form(const struct proto_record *record, void *msg, const char *text,
    size_t len, struct json_problem *problem)
{
	struct pair pair = { .value = malloc(len + 1) };
	const size_t size = len + 1;
	uint64_t seen = 0;
	int more, result = -1;

	memset(problem, 0, sizeof(*problem));
	if (pair.value == NULL)
		return json_fail_memory(problem);
	while ((more = next_pair(&text, &len, &pair)) > 0) {
		size_t i = find_field(record, pair.name);
		const struct proto_field *field = &record->fields[i];

		if (i == record->count)
			continue;
		blame(problem, field);
		if ((seen >> i & 1) != 0) {
			(void)json_fail(
			    problem, "%s is given twice", field->name);
			goto out;
		}
		if (read_pair(field, &pair, field_value_mut(field, msg),
			problem) != 0)
			goto out;
		seen |= UINT64_C(1) << i;
		field_set_present(msg, i);
		problem->field[0] = '\0';
	}
	if (more < 0) {
		(void)json_fail(problem, BAD_ENCODING);
		goto out;
	}
	result = check_required(record, seen, problem);
out:
	sodium_memzero(pair.value, size);
	free(pair.value);
	return result;
}

/* Takes a pair of the name that is looked for, the first time it comes. */
static enum json_peek_result
peek_pair(const struct pair *pair, char *value, size_t size,
    struct json_problem *problem)
{
	if (strlen(pair->value) != pair->len) {
		(void)json_fail(
		    problem, "%s must not contain a NUL", pair->name);
		return JSON_PEEK_FAULT;
	}
	if (pair->len >= size)
		return JSON_PEEK_LONG;
	memcpy(value, pair->value, pair->len + 1);
	return JSON_PEEK_FOUND;
}

enum json_peek_result
json_form_peek(const char *text, size_t len, const char *name, char *value,
    size_t size, struct json_problem *problem)
{
	struct pair pair = { .value = malloc(len + 1) };
	const size_t room = len + 1;
	enum json_peek_result result = JSON_PEEK_ABSENT;
	int more = 0;

	if (pair.value == NULL) {
		(void)json_fail_memory(problem);
		return JSON_PEEK_FAULT;
	}
	while (result != JSON_PEEK_FAULT &&
	    (more = next_pair(&text, &len, &pair)) > 0) {
		if (strcmp(pair.name, name) != 0)
			continue;
		memcpy(problem->field, pair.name, sizeof(problem->field));
		if (result == JSON_PEEK_ABSENT) {
			result = peek_pair(&pair, value, size, problem);
		} else {
			(void)json_fail(problem, "%s is given twice", name);
			result = JSON_PEEK_FAULT;
		}
	}
	if (more < 0) {
		problem->field[0] = '\0';
		(void)json_fail(problem, BAD_ENCODING);
		result = JSON_PEEK_FAULT;
	}
	sodium_memzero(pair.value, room);
	free(pair.value);
	return result;
}
