/*
 * Reading JSON: jansson makes a tree, the record's table decides what of it is
 * taken. Forms are read in json_form.c, JSON is written in json_write.c.
 */
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json.h"
#include "gateway/json_field.h"

#define NESTING_MAX 16

/* The place in the request that is being read, as a dotted path. */
struct reader {
	char path[PROTO_FIELD_MAX + 1];
	size_t len;
	struct json_problem *problem;
};

/* -------- memory of the trees: they hold passwords and secrets -------- */

#define BLOCK_HEAD sizeof(max_align_t)

/*
 * jansson 2.14 reads on past the end of a string's text when that cannot grow:
 * it must not see memory end. What malloc does not give comes from a reserve,
 * and the body is refused then. When that ends too, so does the process, which
 * is what Kore does when its own memory ends.
 */
#define RESERVE_BYTES ((size_t)256 * 1024)

static struct {
	max_align_t bytes[RESERVE_BYTES / sizeof(max_align_t)];
	size_t used;   /* of bytes, in its units */
	size_t blocks; /* that are not freed */
} reserve;

static bool memory_ended; /* since the last body began */

static void *
reserve_take(size_t size)
{
	const size_t units = (size + sizeof(max_align_t) - 1) /
	    sizeof(max_align_t);
	void *block = &reserve.bytes[reserve.used];

	memory_ended = true;
	if (units > RESERVE_BYTES / sizeof(max_align_t) - reserve.used)
		abort();
	reserve.used += units;
	reserve.blocks++;
	return block;
}

static bool
is_reserve(const void *block)
{
	return (uintptr_t)block >= (uintptr_t)reserve.bytes &&
	    (uintptr_t)block < (uintptr_t)reserve.bytes + RESERVE_BYTES;
}

static void *
block_new(size_t size)
{
	char *block = NULL;

	if (size > SIZE_MAX - BLOCK_HEAD)
		return NULL;
	block = malloc(BLOCK_HEAD + size);
	if (block == NULL)
		block = reserve_take(BLOCK_HEAD + size);
	memcpy(block, &size, sizeof(size));
	return block + BLOCK_HEAD;
}

static void
block_free(void *memory)
{
	char *block;
	size_t size;

	if (memory == NULL)
		return;
	block = (char *)memory - BLOCK_HEAD;
	memcpy(&size, block, sizeof(size));
	sodium_memzero(memory, size);
	if (!is_reserve(block))
		free(block);
	else if (--reserve.blocks == 0)
		reserve.used = 0;
}

void
json_start(void)
{
	json_set_alloc_funcs(block_new, block_free);
	json_object_seed(0);
}

/* -------- text to tree -------- */

/* Brackets that are open at once, outside of strings; jansson's own limit of
 * 2048 is fixed when it is built. */
static bool
nests_too_deep(const char *body, size_t len)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		char c = body[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > NESTING_MAX)
				return true;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return false;
}

/*
 * The plain key that stands right before a byte of the text, or before the
 * number that ends there: jansson tells where it stopped, not in which field.
 */
static void
name_key_before(const char *body, size_t at, char field[PROTO_FIELD_MAX + 1])
{
	size_t end, start;

	while (at > 0 &&
	    strchr("0123456789+-.eE: \t\r\n", body[at - 1]) != NULL &&
	    body[at - 1] != '\0')
		at--;
	if (at == 0 || body[at - 1] != '"')
		return;
	end = at - 1;
	start = end;
	while (start > 0 && body[start - 1] != '"') {
		if (body[start - 1] == '\\')
			return;
		start--;
	}
	if (start == 0 || end - start > PROTO_FIELD_MAX)
		return;
	for (size_t i = start; i < end; i++) {
		if (body[i] <= ' ' || body[i] > '~')
			return;
	}
	memcpy(field, body + start, end - start);
	field[end - start] = '\0';
}

static void
explain(const json_error_t *error, const char *body, size_t len,
    struct json_problem *problem)
{
	enum json_error_code code = json_error_code(error);
	size_t at = error->position < 0 ? 0 : (size_t)error->position;

	if (at > len)
		at = len;
	if (code == json_error_duplicate_key) {
		name_key_before(body, at, problem->field);
		(void)json_fail(problem, "%s is given twice",
		    problem->field[0] != '\0' ? problem->field : "a field");
	} else if (code == json_error_numeric_overflow) {
		name_key_before(body, at, problem->field);
		(void)json_fail(problem, "%s is too large",
		    problem->field[0] != '\0' ? problem->field : "a number");
	} else if (code == json_error_invalid_utf8) {
		(void)json_fail(
		    problem, "the body is not UTF-8 (line %d)", error->line);
	} else {
		(void)json_fail(problem,
		    "the body is not valid JSON (line %d, column %d)",
		    error->line, error->column);
	}
}

/* Returns a new reference, or NULL with the problem told. */
static json_t *
parse(const char *body, size_t len, struct json_problem *problem)
{
	json_error_t error;
	json_t *root = NULL;

	if (nests_too_deep(body, len)) {
		(void)json_fail(problem,
		    "the body nests more than %d levels deep", NESTING_MAX);
		return NULL;
	}
	memory_ended = false;
	/* NULs are let in here, so that the field can be named that has one. */
	root = json_loadb(body, len,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
	if (memory_ended) {
		json_decref(root);
		root = NULL;
		(void)json_fail_memory(problem);
	} else if (root == NULL) {
		explain(&error, body, len, problem);
	} else if (!json_is_object(root)) {
		(void)json_fail(problem, "the body must be a JSON object");
		json_decref(root);
		root = NULL;
	}
	return root;
}

/* -------- tree to record -------- */

/* Goes down to a part of the path; returns what path_pop wants back. */
static size_t
path_push(struct reader *reader, const char *part)
{
	size_t before = reader->len;
	size_t room = sizeof(reader->path) - before;
	int n = snprintf(
	    reader->path + before, room, "%s%s", before == 0 ? "" : ".", part);

	if (n < 0)
		reader->path[before] = '\0';
	else
		reader->len += (size_t)n < room ? (size_t)n : room - 1;
	return before;
}

static void
path_pop(struct reader *reader, size_t before)
{
	reader->len = before;
	reader->path[before] = '\0';
}

static int read_record(struct reader *reader, const struct proto_record *record,
    const json_t *object, void *msg);

/* One value that is no list, or one element of one. */
static int
read_one(struct reader *reader, const struct proto_field *field,
    const json_t *value, void *at)
{
	const char *name = reader->path;
	double number;

	switch (field->kind) {
	case PROTO_BOOL:
		if (!json_is_boolean(value))
			break;
		*(bool *)at = json_is_true(value);
		return 0;
	case PROTO_INT:
	case PROTO_INTS:
		if (!json_is_integer(value))
			return json_fail(
			    reader->problem, "%s must be a whole number", name);
		if (field->kind == PROTO_INT)
			return json_field_int(field, json_integer_value(value),
			    at, name, reader->problem);
		*(int64_t *)at = json_integer_value(value);
		return 0;
	case PROTO_F64:
		if (json_is_number(value))
			number = json_number_value(value);
		else if (!json_is_string(value) ||
		    (field->flags & PROTO_FLAG_NUMERIC) == 0 ||
		    json_number(json_string_value(value),
			json_string_length(value), &number) != 0)
			break;
		return json_field_f64(field, number, at, name, reader->problem);
	case PROTO_STR:
	case PROTO_STRS:
		if (!json_is_string(value))
			return json_fail(
			    reader->problem, "%s must be a string", name);
		return json_field_str(field, json_string_value(value),
		    json_string_length(value), at, name, reader->problem);
	case PROTO_ID:
	case PROTO_IDS:
		if (!json_is_string(value))
			return json_fail(
			    reader->problem, "%s must be a UUID", name);
		return json_field_id(json_string_value(value),
		    json_string_length(value), at, name, reader->problem);
	case PROTO_ENUM:
		if (!json_is_string(value))
			break;
		return json_field_enum(field, json_string_value(value),
		    json_string_length(value), at, name, reader->problem);
	case PROTO_OBJ:
	case PROTO_LIST:
		if (!json_is_object(value))
			return json_fail(
			    reader->problem, "%s must be an object", name);
		memset(at, 0, field->record->size);
		return read_record(reader, field->record, value, at);
	case PROTO_BYTES:
		break;
	}
	return json_fail_type(field, name, reader->problem);
}

static int
read_list(struct reader *reader, const struct proto_field *field,
    const json_t *value, void *msg)
{
	size_t count = json_array_size(value), before;
	char index[24];

	if (!json_is_array(value))
		return json_fail_type(field, reader->path, reader->problem);
	if (json_field_count(field, count, reader->path, reader->problem) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		(void)snprintf(index, sizeof(index), "%zu", i);
		before = path_push(reader, index);
		if (read_one(reader, field, json_array_get(value, i),
			field_element_mut(field, msg, i)) != 0)
			return -1;
		path_pop(reader, before);
	}
	field_set_count(field, msg, (uint32_t)count);
	return 0;
}

static int
read_field(struct reader *reader, const struct proto_field *field,
    const json_t *value, void *msg)
{
	switch (field->kind) {
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return read_list(reader, field, value, msg);
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
	return read_one(reader, field, value, field_value_mut(field, msg));
}

/* True when the field is left out, and may be. */
static bool
is_absent(const struct proto_field *field, const json_t *value)
{
	if ((field->flags & PROTO_FLAG_OPT) == 0)
		return false;
	if (value == NULL)
		return true;
	return json_is_null(value) && (field->flags & PROTO_FLAG_NULLED) != 0;
}

/* On failure the path stays at the field that is to blame. */
static int
read_record(struct reader *reader, const struct proto_record *record,
    const json_t *object, void *msg)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		const json_t *value = NULL;
		size_t before;

		if (!json_field_taken(field))
			continue;
		value = json_object_get(object, field->name);
		if (is_absent(field, value))
			continue;
		before = path_push(reader, field->name);
		if (value == NULL)
			return json_fail_missing(
			    reader->problem, "%s is required", reader->path);
		if (json_is_null(value))
			return json_fail_missing(reader->problem,
			    "%s must not be null", reader->path);
		if (read_field(reader, field, value, msg) != 0)
			return -1;
		path_pop(reader, before);
		field_set_present(msg, i);
	}
	return 0;
}

int
json_read(const struct proto_record *record, void *msg, const char *body,
    size_t len, struct json_problem *problem)
{
	struct reader reader = { .problem = problem };
	json_t *root = NULL;
	int result = -1;

	memset(problem, 0, sizeof(*problem));
	root = len == 0 ? json_object() : parse(body, len, problem);
	if (root == NULL) {
		if (problem->detail[0] == '\0')
			(void)json_fail_memory(problem);
		return -1;
	}
	result = read_record(&reader, record, root, msg);
	if (result != 0)
		memcpy(problem->field, reader.path, sizeof(problem->field));
	json_decref(root);
	return result;
}

static enum json_peek_result
peek_member(const json_t *member, const char *name, char *value, size_t size,
    struct json_problem *problem)
{
	size_t length;

	if (member == NULL)
		return JSON_PEEK_ABSENT;
	(void)snprintf(problem->field, sizeof(problem->field), "%s", name);
	if (json_is_null(member)) {
		(void)json_fail_missing(problem, "%s must not be null", name);
		return JSON_PEEK_FAULT;
	}
	if (!json_is_string(member)) {
		(void)json_fail(problem, "%s must be a string", name);
		return JSON_PEEK_FAULT;
	}
	length = json_string_length(member);
	if (strlen(json_string_value(member)) != length) {
		(void)json_fail(problem, "%s must not contain a NUL", name);
		return JSON_PEEK_FAULT;
	}
	if (length >= size)
		return JSON_PEEK_LONG;
	memcpy(value, json_string_value(member), length + 1);
	return JSON_PEEK_FOUND;
}

enum json_peek_result
json_peek(const char *body, size_t len, bool form, const char *name,
    char *value, size_t size, struct json_problem *problem)
{
	enum json_peek_result result;
	json_t *root = NULL;

	memset(problem, 0, sizeof(*problem));
	if (form)
		return json_form_peek(body, len, name, value, size, problem);
	if (len == 0)
		return JSON_PEEK_ABSENT;
	root = parse(body, len, problem);
	if (root == NULL)
		return JSON_PEEK_FAULT;
	result = peek_member(
	    json_object_get(root, name), name, value, size, problem);
	json_decref(root);
	return result;
}
