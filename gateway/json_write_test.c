/*
 * Tests of writing JSON: every record, compared with what jansson reads in it,
 * and read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json.h"
#include "proto/field.h"
#include "proto/proto.h"

#define ROUNDS 40

/* xorshift64*: the same numbers in every run. */
static uint64_t
next_bits(void *arg)
{
	uint64_t *state = arg;

	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static bool
in_json(const struct proto_field *field)
{
	return (field->flags & PROTO_FLAG_HIDDEN) == 0;
}

/* What 15 digits keep of a number. */
static double
rounded(double value)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%.15g", value);
	return strtod(text, NULL);
}

/* -------- comparing a struct with a jansson tree -------- */

static void assert_record(
    const struct proto_record *record, const void *msg, const json_t *object);

static void
assert_value(
    const struct proto_field *field, const void *at, const json_t *value)
{
	char uuid[UUID_TEXT_MAX + 1];

	switch (field->kind) {
	case PROTO_BOOL:
		assert_true(json_is_boolean(value));
		assert_int_equal(json_is_true(value), *(const bool *)at);
		break;
	case PROTO_INT:
	case PROTO_INTS:
		assert_true(json_is_integer(value));
		assert_true(json_integer_value(value) == *(const int64_t *)at);
		break;
	case PROTO_F64:
		assert_true(json_is_number(value));
		assert_true(
		    json_number_value(value) == rounded(*(const double *)at));
		break;
	case PROTO_STR:
	case PROTO_STRS:
		assert_true(json_is_string(value));
		assert_string_equal(json_string_value(value), at);
		break;
	case PROTO_ID:
	case PROTO_IDS:
		uuid_format(at, uuid);
		assert_true(json_is_string(value));
		assert_string_equal(json_string_value(value), uuid);
		break;
	case PROTO_ENUM:
		assert_true(json_is_string(value));
		assert_string_equal(json_string_value(value),
		    proto_enum_text(field->names, *(const uint8_t *)at));
		break;
	case PROTO_OBJ:
	case PROTO_LIST:
		assert_record(field->record, at, value);
		break;
	case PROTO_BYTES:
		fail();
		break;
	}
}

static void
assert_record(
    const struct proto_record *record, const void *msg, const json_t *object)
{
	size_t members = 0;

	assert_true(json_is_object(object));
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		const json_t *value = json_object_get(object, field->name);

		if (!in_json(field)) {
			assert_null(value);
			continue;
		}
		if (!field_present(field, i, msg)) {
			if ((field->flags & PROTO_FLAG_NULLED) != 0) {
				assert_true(json_is_null(value));
				members++;
			} else {
				assert_null(value);
			}
			continue;
		}
		assert_non_null(value);
		members++;
		if (field->count_offset == 0) {
			assert_value(field, field_value(field, msg), value);
			continue;
		}
		assert_true(json_is_array(value));
		assert_int_equal(
		    json_array_size(value), field_count(field, msg));
		for (size_t n = 0; n < json_array_size(value); n++)
			assert_value(field, field_element(field, msg, n),
			    json_array_get(value, n));
	}
	assert_int_equal(json_object_size(object), members);
}

/* -------- struct to text to struct -------- */

static void
round_doubles(const struct proto_record *record, void *msg)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		uint32_t count = 0;
		double number;

		if (field->kind == PROTO_F64) {
			memcpy(&number, field_value(field, msg), 8);
			number = rounded(number);
			memcpy(field_value_mut(field, msg), &number, 8);
		} else if (field->kind == PROTO_OBJ) {
			round_doubles(
			    field->record, field_value_mut(field, msg));
		} else if (field->kind == PROTO_LIST) {
			count = field_count(field, msg);
		}
		for (uint32_t n = 0; n < count; n++)
			round_doubles(
			    field->record, field_element_mut(field, msg, n));
	}
}

/* Keeps only what JSON does not carry into a request's struct. */
static void
keep_outside(const struct proto_record *record, void *out, const void *msg)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		size_t size = field->kind == PROTO_STR ? (size_t)field->hi + 1
		    : field->kind == PROTO_BYTES       ? (size_t)field->hi
		    : field->kind == PROTO_ID	       ? UUID_BYTES
		    : field->kind == PROTO_INT	       ? sizeof(int64_t)
						       : 1;

		if ((field->flags & (PROTO_FLAG_HIDDEN | PROTO_FLAG_PATH)) == 0)
			continue;
		memcpy(
		    field_value_mut(field, out), field_value(field, msg), size);
		if (field->kind == PROTO_BYTES)
			field_set_count(field, out, field_count(field, msg));
		if (field_present(field, i, msg))
			field_set_present(out, i);
	}
}

static void
every_record_survives_writing_and_reading(void **state)
{
	uint64_t seed = 20260413;

	(void)state;
	for (size_t i = 0; i < proto_records_count; i++) {
		const struct proto_record *record = proto_records[i];
		void *msg = calloc(1, record->size);
		void *back = calloc(1, record->size);

		assert_non_null(msg);
		assert_non_null(back);
		for (int round = 0; round < ROUNDS; round++) {
			struct json_problem problem;
			json_error_t error;
			json_t *root = NULL;
			char *text = NULL;
			size_t len = 0;

			proto_random(record, msg, next_bits, &seed);
			text = json_write(record, msg, &len);
			assert_non_null(text);
			assert_int_equal(strlen(text), len);
			root = json_loadb(
			    text, len, JSON_REJECT_DUPLICATES, &error);
			assert_non_null(root);
			assert_record(record, msg, root);
			json_decref(root);

			round_doubles(record, msg);
			memset(back, 0, record->size);
			keep_outside(record, back, msg);
			if (json_read(record, back, text, len, &problem) != 0)
				fail_msg(
				    "%s: %s", record->name, problem.detail);
			assert_true(proto_equal(record, msg, back));
			free(text);
		}
		free(msg);
		free(back);
	}
}

/* -------- exact output -------- */

static void
numbers_are_written_short(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = { { 85.5, "85.5" }, { 60, "60" }, { 0, "0" }, { -0.0, "0" },
		{ 0.1, "0.1" }, { -0.5, "-0.5" }, { -12.3, "-12.3" },
		{ 1.0 / 3, "0.333333333333333" }, { 523.25, "523.25" },
		{ 1e14, "100000000000000" }, { 1e15, "1e+15" },
		{ 1e-7, "1e-07" }, { NAN, "null" } };
	struct score_summary msg = { 0 };
	char want[64];
	char *text = NULL;
	size_t len;

	(void)state;
	PROTO_SET(&msg, score_summary, avg);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		msg.avg = cases[i].value;
		text = json_write(&proto_score_summary, &msg, &len);
		assert_non_null(text);
		(void)snprintf(
		    want, sizeof(want), "{\"avg\":%s}", cases[i].text);
		assert_string_equal(text, want);
		free(text);
	}
}

static void
answer_of_create_reads_as_documented(void **state)
{
	struct challenge_created msg = { 0 };
	char *text = NULL;
	size_t len;

	(void)state;
	(void)snprintf(msg.token, sizeof(msg.token), "t");
	(void)snprintf(
	    msg.challenge.text, sizeof(msg.challenge.text), "K_\"5\\M");
	msg.challenge.digits_count = 3;
	msg.challenge.digits[0] = 5;
	msg.challenge.digits[1] = INT64_MIN;
	msg.challenge.digits[2] = INT64_MAX;
	(void)snprintf(msg.challenge.instruction,
	    sizeof(msg.challenge.instruction), "a\n\x01\x7f/\xc3\xa9");
	msg.expires_in = 320;
	text = json_write(&proto_challenge_created, &msg, &len);
	assert_non_null(text);
	assert_string_equal(text,
	    "{\"token\":\"t\",\"challenge\":{\"text\":\"K_\\\"5\\\\M\","
	    "\"digits\":[5,-9223372036854775808,9223372036854775807],"
	    "\"instruction\":\"a\\n\\u0001\x7f/\xc3\xa9\"},"
	    "\"expiresIn\":320}");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_survives_writing_and_reading),
		cmocka_unit_test(numbers_are_written_short),
		cmocka_unit_test(answer_of_create_reads_as_documented),
	};

	json_start();
	return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
