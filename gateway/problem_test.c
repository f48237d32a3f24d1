/*
 * Tests of the text of problems.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/problem.h"

static const struct uuid trace = { { 0x0e, 0x8f, 0x7c, 0x1a, 0x5b, 0x1d, 0x4c,
    0x4e, 0x9b, 0x58, 0x3f, 0x1d, 0x6d, 0x1f, 0x7a, 0x10 } };

static void
a_problem_has_the_members_of_rfc_9457(void **state)
{
	char text[PROBLEM_TEXT_MAX];
	struct problem problem;
	size_t len;

	(void)state;
	problem_set(&problem, PROTO_ERROR_NOT_FOUND, NULL, NULL);
	len = problem_write(&problem, &trace, false, text);
	assert_string_equal(text,
	    "{\"type\":\"about:blank\",\"title\":\"There is nothing here\","
	    "\"status\":404,\"detail\":\"There is nothing here\","
	    "\"code\":\"not-found\","
	    "\"requestId\":\"0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a10\"}");
	assert_int_equal(len, strlen(text));
}

static void
a_field_to_blame_is_named(void **state)
{
	char text[PROBLEM_TEXT_MAX];
	struct problem problem;

	(void)state;
	problem_set(&problem, PROTO_ERROR_BAD_REQUEST, "token",
	    "%s is required", "token");
	(void)problem_write(&problem, &trace, false, text);
	assert_non_null(strstr(text, "\"detail\":\"token is required\""));
	assert_non_null(strstr(text,
	    "\"errors\":[{\"field\":\"token\","
	    "\"detail\":\"token is required\"}]}"));
}

static void
turnstiles_members_come_last(void **state)
{
	static const struct {
		enum proto_error error;
		const char *field;
		bool missing;
		const char *code;
	} cases[] = {
		{ PROTO_ERROR_UNAUTHORIZED, NULL, false,
		    "missing-input-secret" },
		{ PROTO_ERROR_INVALID_KEY, NULL, false,
		    "invalid-input-secret" },
		{ PROTO_ERROR_FORBIDDEN, NULL, false, "invalid-input-secret" },
		{ PROTO_ERROR_BAD_REQUEST, NULL, false, "bad-request" },
		{ PROTO_ERROR_BAD_REQUEST, "token", false, "bad-request" },
		{ PROTO_ERROR_BAD_REQUEST, "token", true,
		    "missing-input-response" },
		{ PROTO_ERROR_BAD_REQUEST, "response", true,
		    "missing-input-response" },
		{ PROTO_ERROR_BAD_REQUEST, "secret", true,
		    "missing-input-secret" },
		{ PROTO_ERROR_BAD_REQUEST, "idempotency_key", true,
		    "bad-request" },
		{ PROTO_ERROR_UNSUPPORTED_MEDIA_TYPE, NULL, false,
		    "bad-request" },
		{ PROTO_ERROR_RATE_LIMITED, NULL, false, "rate-limited" },
		{ PROTO_ERROR_UNAVAILABLE, NULL, false, "internal-error" },
		{ PROTO_ERROR_LOST, NULL, false, "internal-error" },
	};
	char text[PROBLEM_TEXT_MAX];
	char want[128];
	struct problem problem;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		problem_set(&problem, cases[i].error, cases[i].field, NULL);
		problem.missing = cases[i].missing;
		len = problem_write(&problem, &trace, true, text);
		snprintf(want, sizeof(want),
		    ",\"success\":false,\"error-codes\":[\"%s\"]}",
		    cases[i].code);
		assert_true(len > strlen(want));
		assert_string_equal(text + len - strlen(want), want);
	}
}

static void
only_a_refusal_that_ends_by_itself_says_when(void **state)
{
	struct problem problem;

	(void)state;
	problem_set(&problem, PROTO_ERROR_UNAVAILABLE, NULL, NULL);
	assert_int_equal(problem.retry_after, 1);
	problem_set(&problem, PROTO_ERROR_BUSY, NULL, NULL);
	assert_int_equal(problem.retry_after, 1);
	problem_set(&problem, PROTO_ERROR_DEADLINE, NULL, NULL);
	assert_int_equal(problem.retry_after, 0);
	problem_set(&problem, PROTO_ERROR_BAD_REQUEST, NULL, NULL);
	assert_int_equal(problem.retry_after, 0);
}

static void
what_a_service_said_is_passed_on(void **state)
{
	struct failure failure = { .error = PROTO_ERROR_RATE_LIMITED,
		.field = "email",
		.detail = "slow down",
		.retry_after = 30 };
	struct problem problem;

	(void)state;
	problem_from(&problem, &failure);
	assert_int_equal(problem.retry_after, 0);
	PROTO_SET(&failure, failure, retry_after);
	problem_from(&problem, &failure);
	assert_int_equal(problem.error, PROTO_ERROR_RATE_LIMITED);
	assert_string_equal(problem.field, "email");
	assert_string_equal(problem.detail, "slow down");
	assert_int_equal(problem.retry_after, 30);
}

static void
an_unknown_error_of_a_newer_service_is_internal(void **state)
{
	struct failure failure = { .error = 60000 };
	struct problem problem;

	(void)state;
	problem_from(&problem, &failure);
	assert_int_equal(problem.error, PROTO_ERROR_INTERNAL);
}

static void
the_longest_texts_fit_escaped(void **state)
{
	char text[PROBLEM_TEXT_MAX];
	struct problem problem = { .error = PROTO_ERROR_BAD_REQUEST };

	(void)state;
	memset(problem.field, 1, PROTO_FIELD_MAX);
	memset(problem.detail, 2, PROTO_DETAIL_MAX);
	assert_true(
	    problem_write(&problem, &trace, true, text) < PROBLEM_TEXT_MAX);
	assert_non_null(strstr(text, "\\u0001"));
	assert_non_null(strstr(text, "\\u0002"));
}

static void
every_error_has_a_text(void **state)
{
	static const enum proto_error errors[] = {
#define ERROR(NAME, number, code, status, title) PROTO_ERROR_##NAME,
#include "proto/errors.def"
#undef ERROR
	};
	char text[PROBLEM_TEXT_MAX];
	char status[32];
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		problem_set(&problem, errors[i], NULL, NULL);
		(void)problem_write(&problem, &trace, false, text);
		snprintf(status, sizeof(status), "\"status\":%d,",
		    proto_error_find((int64_t)errors[i])->status);
		assert_non_null(strstr(text, status));
		assert_null(strstr(text, "\"detail\":\"\""));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_has_the_members_of_rfc_9457),
		cmocka_unit_test(a_field_to_blame_is_named),
		cmocka_unit_test(turnstiles_members_come_last),
		cmocka_unit_test(only_a_refusal_that_ends_by_itself_says_when),
		cmocka_unit_test(what_a_service_said_is_passed_on),
		cmocka_unit_test(
		    an_unknown_error_of_a_newer_service_is_internal),
		cmocka_unit_test(the_longest_texts_fit_escaped),
		cmocka_unit_test(every_error_has_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
