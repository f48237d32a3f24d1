/*
 * Tests of reading JSON: what is taken, and what is refused by which name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json.h"
#include "proto/proto.h"

/* -------- helpers for what is refused -------- */

static void
assert_refused(const struct proto_record *record, const char *body,
    const char *field, const char *detail)
{
	struct json_problem problem;
	void *msg = calloc(1, record->size);

	assert_non_null(msg);
	if (json_read(record, msg, body, strlen(body), &problem) != -1)
		fail_msg("taken: %s", body);
	assert_string_equal(problem.field, field);
	if (detail != NULL)
		assert_string_equal(problem.detail, detail);
	assert_true(strlen(problem.detail) > 0);
	free(msg);
}

static int
read_verify(const char *body, struct challenge_verify *msg)
{
	struct json_problem problem;

	memset(msg, 0, sizeof(*msg));
	return json_read(
	    &proto_challenge_verify, msg, body, strlen(body), &problem);
}

static void
required_field_missing_or_null_is_named(void **state)
{
	(void)state;
	assert_refused(
	    &proto_challenge_verify, "", "token", "token is required");
	assert_refused(&proto_challenge_verify, "{\"token\":\"a\"}", "answer",
	    "answer is required");
	assert_refused(&proto_challenge_verify, "{\"token\":null}", "token",
	    "token must not be null");
}

static void
wrong_type_names_the_field(void **state)
{
	(void)state;
	assert_refused(&proto_challenge_verify, "{\"token\":1}", "token",
	    "token must be a string");
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\":true}", "answer",
	    "answer must be a number or a numeric string");
	assert_refused(&proto_key_create,
	    "{\"name\":\"a\",\"enabled\":\"yes\"}", "enabled",
	    "enabled must be true or false");
	assert_refused(&proto_key_create, "{\"name\":\"a\",\"minScore\":5.0}",
	    "minScore", "minScore must be a whole number");
	assert_refused(&proto_key_create, "{\"name\":\"a\",\"minScore\":\"5\"}",
	    "minScore", "minScore must be a whole number");
	assert_refused(&proto_key_create, "{\"name\":\"a\",\"difficulty\":1}",
	    "difficulty", "difficulty must be one of easy, medium, hard");
	assert_refused(&proto_key_create,
	    "{\"name\":\"a\",\"allowedOrigins\":\"b\"}", "allowedOrigins",
	    "allowedOrigins must be an array of strings");
	assert_refused(
	    &proto_key_info, "{\"keyId\":7}", "keyId", "keyId must be a UUID");
	assert_refused(&proto_overview, "{\"from\":0,\"to\":0,\"totals\":[]}",
	    "totals", "totals must be an object");
	assert_refused(&proto_key_items, "{\"items\":{}}", "items",
	    "items must be an array of objects");
	assert_refused(&proto_score_summary, "{\"avg\":\"1\"}", "avg",
	    "avg must be a number");
}

static void
inner_fault_is_named_by_its_path(void **state)
{
	(void)state;
	assert_refused(&proto_challenge_created,
	    "{\"token\":\"t\",\"challenge\":{\"text\":\"x\",\"digits\":[1,2.5],"
	    "\"instruction\":\"y\"},\"expiresIn\":1}",
	    "challenge.digits.1", "challenge.digits.1 must be a whole number");
	assert_refused(&proto_key_create,
	    "{\"name\":\"a\",\"allowedOrigins\":[\"b\",3]}", "allowedOrigins.1",
	    "allowedOrigins.1 must be a string");
	assert_refused(&proto_key_items, "{\"items\":[{\"id\":\"x\"}]}",
	    "items.0.id", "items.0.id must be a UUID");
	assert_refused(&proto_key_items, "{\"items\":[null]}", "items.0",
	    "items.0 must be an object");
}

static void
each_bound_is_kept(void **state)
{
	static const char too_long[] = "{\"name\":\"a\",\"ttlSeconds\":3601}";
	static const char too_short[] = "{\"name\":\"a\",\"ttlSeconds\":9}";
	char body[600];
	char text[300];
	struct key_create msg;
	struct json_problem problem;

	(void)state;
	assert_refused(&proto_key_create, too_long, "ttlSeconds",
	    "ttlSeconds must be between 10 and 3600");
	assert_refused(&proto_key_create, too_short, "ttlSeconds", NULL);
	assert_refused(&proto_key_create, "{\"name\":\"\"}", "name",
	    "name must not be empty");
	assert_refused(&proto_auth_register,
	    "{\"email\":\"a@b\",\"password\":\"short\"}", "password",
	    "password must be at least 12 bytes long");
	assert_refused(&proto_key_changes, "{\"since\":-1,\"used\":[]}",
	    "since", "since must be at least 0");
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\":-1.1e12}", "answer", NULL);
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\":1000000000001}", "answer",
	    "answer must be between -1000000000000 and 1000000000000");

	for (size_t len = PROTO_NAME_MAX; len <= PROTO_NAME_MAX + 1; len++) {
		memset(text, 'n', len);
		text[len] = '\0';
		(void)snprintf(body, sizeof(body), "{\"name\":\"%s\"}", text);
		memset(&msg, 0, sizeof(msg));
		assert_int_equal(json_read(&proto_key_create, &msg, body,
				     strlen(body), &problem),
		    len == PROTO_NAME_MAX ? 0 : -1);
	}
	assert_string_equal(
	    problem.detail, "name must be at most 100 bytes long");

	/* One element more than a list may have, and one too long. */
	(void)snprintf(body, sizeof(body),
	    "{\"name\":\"a\","
	    "\"allowedOrigins\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}");
	assert_refused(&proto_key_create, body, "allowedOrigins",
	    "allowedOrigins must have at most 16 elements");
	memset(text, 'o', PROTO_ORIGIN_MAX + 1);
	text[PROTO_ORIGIN_MAX + 1] = '\0';
	(void)snprintf(body, sizeof(body),
	    "{\"name\":\"a\",\"allowedOrigins\":[\"%s\"]}", text);
	assert_refused(&proto_key_create, body, "allowedOrigins.0",
	    "allowedOrigins.0 must be at most 128 bytes long");
}

static void
duplicate_key_is_refused_by_name(void **state)
{
	(void)state;
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"token\" :\"b\",\"answer\":1}", "token",
	    "token is given twice");
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"x\":{\"y\":1,\"y\":2},\"answer\":1}", "y",
	    NULL);
}

static void
number_too_large_to_hold_is_named(void **state)
{
	(void)state;
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\": 99999999999999999999}", "answer",
	    "answer is too large");
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\":1e999 }", "answer",
	    "answer is too large");
}

static void
text_that_is_no_json_object_is_refused(void **state)
{
	static const char *const bodies[] = { "[]", "1", "\"a\"", "null", "{",
		"{}x", "{\"a\":}", "{'a':1}", "{\"a\":1,}", " ", "\xff",
		"{\"token\":\"\xff\"}", "{\"token\":\"\xed\xa0\x80\"}",
		"{\"token\":\"\\ud800\"}", "{\"token\":\"\n\"}", "nul" };
	struct challenge_verify msg = { 0 };
	struct json_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_refused(&proto_challenge_verify, bodies[i], "", NULL);
	assert_int_equal(
	    json_read(&proto_challenge_verify, &msg, "{}\0", 3, &problem), -1);
	assert_string_equal(problem.field, "");
}

static void
nul_in_a_string_is_refused_by_name(void **state)
{
	(void)state;
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\\u0000b\",\"answer\":1}", "token",
	    "token must not contain a NUL");
	assert_refused(&proto_key_create,
	    "{\"name\":\"a\",\"difficulty\":\"easy\\u0000\"}", "difficulty",
	    NULL);
	assert_refused(&proto_challenge_verify,
	    "{\"token\":\"a\",\"answer\":\"1\\u0000\"}", "answer", NULL);
}

static void
nesting_over_sixteen_is_refused(void **state)
{
	static const char quoted[] = "{\"x\":\"\\\"[[[[[[[[[[[[[[[[[[[[[\"}";
	char body[80];
	struct challenge_create msg = { 0 };
	struct json_problem problem;

	(void)state;
	(void)snprintf(body, sizeof(body), "{\"x\":%.*s1%.*s}", 15,
	    "[[[[[[[[[[[[[[[[[[[[", 15, "]]]]]]]]]]]]]]]]]]]]");
	assert_int_equal(json_read(&proto_challenge_create, &msg, body,
			     strlen(body), &problem),
	    0);
	(void)snprintf(body, sizeof(body), "{\"x\":%.*s1%.*s}", 16,
	    "[[[[[[[[[[[[[[[[[[[[", 16, "]]]]]]]]]]]]]]]]]]]]");
	assert_refused(&proto_challenge_create, body, "",
	    "the body nests more than 16 levels deep");
	/* Brackets in a string do not nest. */
	assert_int_equal(json_read(&proto_challenge_create, &msg, quoted,
			     strlen(quoted), &problem),
	    0);
}

static void
null_is_absent_and_unknown_is_ignored(void **state)
{
	static const char body[] =
	    "{\"action\":null,\"cdata\":\"c\",\"later\":{\"a\":[1,null]}}";
	struct challenge_create msg = { 0 };
	struct json_problem problem;

	(void)state;
	assert_int_equal(json_read(&proto_challenge_create, &msg, body,
			     strlen(body), &problem),
	    0);
	assert_false(PROTO_HAS(&msg, challenge_create, action));
	assert_true(PROTO_HAS(&msg, challenge_create, cdata));
	assert_string_equal(msg.cdata, "c");
}

/* What can be left out can still not be null, where that says nothing. */
static void
null_of_any_other_field_is_refused_by_name(void **state)
{
	(void)state;
	assert_refused(&proto_key_update, "{\"minScore\":null}", "minScore",
	    "minScore must not be null");
	assert_refused(&proto_key_update, "{\"allowedOrigins\":null}",
	    "allowedOrigins", "allowedOrigins must not be null");
	assert_refused(&proto_key_rotate, "{\"graceSeconds\":null}",
	    "graceSeconds", "graceSeconds must not be null");
}

static void
only_what_is_not_there_is_missing(void **state)
{
	static const struct {
		const char *body;
		bool missing;
	} cases[] = {
		{ "{\"answer\":1}", true },
		{ "{\"token\":\"\",\"answer\":1}", true },
		{ "{\"token\":null,\"answer\":1}", true },
		{ "{\"token\":7,\"answer\":1}", false },
		{ "{", false },
	};
	struct challenge_verify msg;
	struct json_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&msg, 0, sizeof(msg));
		assert_int_equal(
		    json_read(&proto_challenge_verify, &msg, cases[i].body,
			strlen(cases[i].body), &problem),
		    -1);
		assert_int_equal(problem.missing, cases[i].missing);
	}
}

static void
hidden_and_path_fields_are_never_read(void **state)
{
	static const char body[] =
	    "{\"accountId\":\"x\",\"hostname\":\"evil\",\"minScore\":1}";
	static const char update[] = "{\"id\":\"x\",\"jwt\":\"y\"}";
	struct challenge_create create = { 0 };
	struct key_update change = { 0 };
	struct json_problem problem;

	(void)state;
	create.min_score = 60;
	assert_int_equal(json_read(&proto_challenge_create, &create, body,
			     strlen(body), &problem),
	    0);
	assert_int_equal(create.min_score, 60);
	assert_string_equal(create.hostname, "");
	assert_true(create.present == 0);
	assert_int_equal(json_read(&proto_key_update, &change, update,
			     strlen(update), &problem),
	    0);
	assert_true(change.present == 0);
	assert_true(uuid_is_zero(&change.id));
}

static void
answer_may_be_a_numeric_string(void **state)
{
	static const struct {
		const char *text;
		double value;
	} good[] = { { "5", 5 }, { "-5", -5 }, { "+5", 5 }, { " 12 ", 12 },
		{ "\\t\\r\\n 5\\n\\r\\t ", 5 }, { "1.5", 1.5 }, { "1e3", 1000 },
		{ "1.5E-1", 0.15 }, { "007", 7 }, { "-0", 0 } };
	static const char *const bad[] = { "", " ", "five", "0x10", "1,5", "1.",
		".5", "1e", "--1", "1 2", "nan", "inf", "infinity", "1e999",
		"5;", "5\\t5", "\\f5", "1_0", "\xd9\xa5" };
	struct challenge_verify msg;
	char body[80];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		(void)snprintf(body, sizeof(body),
		    "{\"token\":\"t\",\"answer\":\"%s\"}", good[i].text);
		assert_int_equal(read_verify(body, &msg), 0);
		assert_true(msg.answer == good[i].value);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(body, sizeof(body),
		    "{\"token\":\"t\",\"answer\":\"%s\"}", bad[i]);
		if (read_verify(body, &msg) != -1)
			fail_msg("taken: %s", bad[i]);
	}
	assert_int_equal(
	    read_verify("{\"token\":\"t\",\"answer\":-2.25}", &msg), 0);
	assert_true(msg.answer == -2.25);
}

static void
escapes_are_decoded(void **state)
{
	struct challenge_verify msg;

	(void)state;
	assert_int_equal(read_verify("{\"tok\\u0065n\":\"\\u00e9\\ud83e\\udd16"
				     "\\n\\/\",\"answer\":1}",
			     &msg),
	    0);
	assert_string_equal(msg.token, "\xc3\xa9\xf0\x9f\xa4\x96\n/");
}

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

static void
random_bytes_never_hurt(void **state)
{
	static const char pieces[][12] = { "{", "}", "[", "]", ":", ",",
		"\"token\"", "\"answer\"", "\"name\"", "null", "1e5", "-", "\"",
		"\\u0000", "\\", "\xf0\x9f", "easy", " ", "&", "=", "%41",
		"%" };
	const struct proto_record *records[] = { &proto_challenge_verify,
		&proto_key_create, &proto_key_items, &proto_overview };
	uint64_t seed = 7;
	char body[256] = "", value[16];
	void *msg = calloc(1, sizeof(struct key_items));

	(void)state;
	assert_non_null(msg);
	for (int i = 0; i < 100000; i++) {
		struct json_problem problem;
		const struct proto_record *record = records[i % 4];
		size_t len = next_bits(&seed) % 200, at = 0;
		char *text = NULL;

		while (at < len) {
			const char *piece = pieces[next_bits(&seed) %
			    (sizeof(pieces) / sizeof(pieces[0]))];
			size_t size = strlen(piece);

			if (i % 3 == 0 || size > sizeof(body) - at) {
				body[at++] = (char)next_bits(&seed);
			} else {
				while (*piece != '\0')
					body[at++] = *piece++;
			}
		}
		/* A copy of its own size, so that a read past it is seen. */
		text = malloc(at > 0 ? at : 1);
		assert_non_null(text);
		memcpy(text, body, at);
		memset(msg, 0, record->size);
		if (json_read(record, msg, text, at, &problem) != 0)
			assert_true(strlen(problem.detail) > 0);
		memset(msg, 0, record->size);
		if (json_read_form(record, msg, text, at, &problem) != 0)
			assert_true(strlen(problem.detail) > 0);
		(void)json_peek(text, at, i % 2 == 0, "token", value,
		    sizeof(value), &problem);
		free(text);
	}
	free(msg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(required_field_missing_or_null_is_named),
		cmocka_unit_test(wrong_type_names_the_field),
		cmocka_unit_test(inner_fault_is_named_by_its_path),
		cmocka_unit_test(each_bound_is_kept),
		cmocka_unit_test(duplicate_key_is_refused_by_name),
		cmocka_unit_test(number_too_large_to_hold_is_named),
		cmocka_unit_test(text_that_is_no_json_object_is_refused),
		cmocka_unit_test(nul_in_a_string_is_refused_by_name),
		cmocka_unit_test(nesting_over_sixteen_is_refused),
		cmocka_unit_test(null_is_absent_and_unknown_is_ignored),
		cmocka_unit_test(null_of_any_other_field_is_refused_by_name),
		cmocka_unit_test(only_what_is_not_there_is_missing),
		cmocka_unit_test(hidden_and_path_fields_are_never_read),
		cmocka_unit_test(answer_may_be_a_numeric_string),
		cmocka_unit_test(escapes_are_decoded),
		cmocka_unit_test(random_bytes_never_hurt),
	};

	json_start();
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
