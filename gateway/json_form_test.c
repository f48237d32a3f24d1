/*
 * Tests of reading forms and queries, and of looking at one field of a body.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/json.h"
#include "proto/proto.h"

/* -------- forms -------- */

static int
form_verify(const char *text, struct challenge_verify *msg,
    struct json_problem *problem)
{
	memset(msg, 0, sizeof(*msg));
	return json_read_form(
	    &proto_challenge_verify, msg, text, strlen(text), problem);
}

static void
form_is_decoded(void **state)
{
	struct challenge_verify msg;
	struct series_query query = { 0 };
	struct json_problem problem;
	static const char text[] =
	    "from=1&to=+2&interval=hour&&later=x&apiKeyId="
	    "00000000-0000-4000-8000-000000000001";

	(void)state;
	assert_int_equal(
	    form_verify("token=a%20b+c%C3%A9&ans%77er=%2D1.5", &msg, &problem),
	    0);
	assert_string_equal(msg.token, "a b c\xc3\xa9");
	assert_true(msg.answer == -1.5);
	assert_int_equal(json_read_form(&proto_series_query, &query, text,
			     strlen(text), &problem),
	    0);
	assert_int_equal(query.from, 1);
	assert_int_equal(query.to, 2);
	assert_int_equal(query.interval, interval_HOUR);
	assert_int_equal(query.api_key_id.bytes[15], 1);
	assert_true(PROTO_HAS(&query, series_query, api_key_id));
	assert_int_equal(
	    json_read_form(&proto_overview_query, &query, "", 0, &problem), 0);
}

static void
form_errors_name_the_field(void **state)
{
	static const struct {
		const char *text, *field, *detail;
	} cases[] = {
		{ "", "token", "token is required" },
		{ "token=a", "answer", "answer is required" },
		{ "token=a&token=b", "token", "token is given twice" },
		{ "token=&answer=1", "token", "token must not be empty" },
		{ "token", "token", "token must not be empty" },
		{ "token=a%00b&answer=1", "token",
		    "token must not contain a NUL" },
		{ "token=a&answer=x", "answer",
		    "answer must be a number or a numeric string" },
		{ "token=a%", "", NULL },
		{ "token=a%4", "", NULL },
		{ "token=a%4g", "", NULL },
		{ "token=%ff&answer=1", "", NULL },
		{ "%ff=1", "", NULL },
		{ "later=%zz&token=a&answer=1", "", NULL },
	};
	struct challenge_verify msg;
	struct overview_query query = { 0 };
	struct json_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    form_verify(cases[i].text, &msg, &problem), -1);
		assert_string_equal(problem.field, cases[i].field);
		if (cases[i].detail != NULL)
			assert_string_equal(problem.detail, cases[i].detail);
	}
	assert_int_equal(json_read_form(&proto_overview_query, &query,
			     "from=1.5", 8, &problem),
	    -1);
	assert_string_equal(problem.detail, "from must be a whole number");
	assert_int_equal(
	    json_read_form(&proto_overview_query, &query, "to=-1", 5, &problem),
	    -1);
	assert_string_equal(problem.field, "to");
	assert_int_equal(json_read_form(&proto_overview_query, &query,
			     "to=99999999999999999999", 23, &problem),
	    -1);
	assert_string_equal(problem.field, "to");
}

/* -------- peek -------- */

static void
peek_finds_one_string(void **state)
{
	static const struct {
		const char *body;
		bool form;
		enum json_peek_result result;
		const char *field; /* of a fault */
	} cases[] = {
		{ "{\"secret\":\"s3cret\"}", false, JSON_PEEK_FOUND, "" },
		{ "{\"a\":1,\"secret\":\"s3cret\"}", false, JSON_PEEK_FOUND,
		    "" },
		{ "{}", false, JSON_PEEK_ABSENT, "" },
		{ "", false, JSON_PEEK_ABSENT, "" },
		{ "{\"a\":{\"secret\":\"x\"}}", false, JSON_PEEK_ABSENT, "" },
		{ "{\"secret\":null}", false, JSON_PEEK_FAULT, "secret" },
		{ "{\"secret\":1}", false, JSON_PEEK_FAULT, "secret" },
		{ "{\"secret\":\"12345678\"}", false, JSON_PEEK_LONG, "" },
		{ "{\"secret\":\"1\\u00002\"}", false, JSON_PEEK_FAULT,
		    "secret" },
		{ "{\"secret\":\"a\",\"secret\":\"b\"}", false, JSON_PEEK_FAULT,
		    "secret" },
		{ "{", false, JSON_PEEK_FAULT, "" },
		{ "secret=s3cret", true, JSON_PEEK_FOUND, "" },
		{ "a=b&secret=s3cret&c", true, JSON_PEEK_FOUND, "" },
		{ "a=b", true, JSON_PEEK_ABSENT, "" },
		{ "", true, JSON_PEEK_ABSENT, "" },
		{ "secret=12345678", true, JSON_PEEK_LONG, "" },
		{ "secret=a&secret=b", true, JSON_PEEK_FAULT, "secret" },
		{ "secret=12345678&secret=b", true, JSON_PEEK_FAULT, "secret" },
		{ "secret=%0", true, JSON_PEEK_FAULT, "" },
		{ "secret=s3cret&b=%", true, JSON_PEEK_FAULT, "" },
		{ "secret=a%00", true, JSON_PEEK_FAULT, "secret" },
	};
	struct json_problem problem;
	char value[8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum json_peek_result got = json_peek(cases[i].body,
		    strlen(cases[i].body), cases[i].form, "secret", value,
		    sizeof(value), &problem);

		if (got != cases[i].result)
			fail_msg("%s: %d", cases[i].body, (int)got);
		if (got == JSON_PEEK_FOUND)
			assert_string_equal(value, "s3cret");
		if (got != JSON_PEEK_FAULT)
			continue;
		assert_string_equal(problem.field, cases[i].field);
		assert_true(strlen(problem.detail) > 0);
	}
	assert_int_equal(json_peek("secret=a&secret=b", 17, true, "secret",
			     value, sizeof(value), &problem),
	    JSON_PEEK_FAULT);
	assert_string_equal(problem.detail, "secret is given twice");
	assert_int_equal(json_peek("{\"secret\":[]}", 13, false, "secret",
			     value, sizeof(value), &problem),
	    JSON_PEEK_FAULT);
	assert_string_equal(problem.detail, "secret must be a string");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_is_decoded),
		cmocka_unit_test(form_errors_name_the_field),
		cmocka_unit_test(peek_finds_one_string),
	};

	json_start();
	return cmocka_run_group_tests_name("json_form", tests, NULL, NULL);
}
