/*
 * Tests of the gate's own answers, and of which pages may read them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/gate.h"

#define PAGE	  "https://shop.example"
#define CREATE	  "POST /api/v2/challenges HTTP/1.1\r\n"
#define ORIGIN(o) "Origin: " o "\r\n"

static struct gate_refusal
refusal_of(enum proto_error error)
{
	return (struct gate_refusal){
		.error = error,
		.detail = "a \"b\"",
		.id = { { 1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14,
		    15, 16 } },
		.page = "",
	};
}

static void
answer_is_a_whole_problem_response(void **state)
{
	static const char want_head[] =
	    "HTTP/1.1 431 Request Header Fields Too Large\r\n"
	    "Server: aiCAPTCHA\r\n"
	    "Connection: close\r\n"
	    "Content-Type: application/problem+json\r\n"
	    "X-Request-Id: 01020304-0506-4708-890a-0b0c0d0e0f10\r\n"
	    "Content-Length: ";
	static const char want_body[] =
	    "{\"type\":\"about:blank\",\"title\":"
	    "\"The request header fields are too large\",\"status\":431,"
	    "\"detail\":\"a \\\"b\\\"\",\"code\":\"headers-too-large\","
	    "\"requestId\":\"01020304-0506-4708-890a-0b0c0d0e0f10\"}";
	struct gate_refusal refusal = refusal_of(PROTO_ERROR_HEADERS_TOO_LARGE);
	char answer[GATE_ANSWER_MAX];
	const char *body = NULL;
	size_t len, short_len;

	(void)state;
	len = gate_answer(answer, sizeof(answer), &refusal);
	assert_int_equal(len, strlen(answer));
	assert_memory_equal(answer, want_head, strlen(want_head));
	assert_int_equal(
	    strtol(answer + strlen(want_head), NULL, 10), strlen(want_body));
	body = strstr(answer, "\r\n\r\n");
	assert_non_null(body);
	assert_string_equal(body + 4, want_body);

	assert_int_equal(gate_answer(answer, len, &refusal), 0);
	refusal.headers_only = true;
	short_len = gate_answer(answer, sizeof(answer), &refusal);
	assert_int_equal(short_len, len - strlen(want_body));
	assert_memory_equal(answer + short_len - 4, "\r\n\r\n", 4);
}

static void
answer_carries_the_fields_of_its_status(void **state)
{
	struct gate_refusal refusal = refusal_of(
	    PROTO_ERROR_METHOD_NOT_ALLOWED);
	char answer[GATE_ANSWER_MAX], detail[300];

	(void)state;
	assert_true(gate_answer(answer, sizeof(answer), &refusal) > 0);
	assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD, POST, "));
	assert_null(strstr(answer, "Access-Control"));
	refusal.error = PROTO_ERROR_BUSY;
	assert_true(gate_answer(answer, sizeof(answer), &refusal) > 0);
	assert_non_null(strstr(answer, "\r\nRetry-After: 1\r\n"));
	memset(detail, 'd', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	refusal.detail = detail;
	assert_int_equal(gate_answer(answer, sizeof(answer), &refusal), 0);
}

/* Kore knows no phrase for some of them. */
static void
every_answer_has_a_reason_phrase(void **state)
{
	static const enum proto_error errors[] = { PROTO_ERROR_BAD_REQUEST,
		PROTO_ERROR_METHOD_NOT_ALLOWED, PROTO_ERROR_REQUEST_TIMEOUT,
		PROTO_ERROR_BODY_TOO_LARGE, PROTO_ERROR_HEADERS_TOO_LARGE,
		PROTO_ERROR_TARGET_TOO_LONG, PROTO_ERROR_BUSY };
	char answer[GATE_ANSWER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct gate_refusal refusal = refusal_of(errors[i]);

		assert_true(gate_answer(answer, sizeof(answer), &refusal) > 0);
		assert_in_range(answer[strlen("HTTP/1.1 400 ")], 'A', 'Z');
	}
}

static void
page_that_may_read_it_is_told_so(void **state)
{
	struct gate_refusal refusal = refusal_of(PROTO_ERROR_BODY_TOO_LARGE);
	char answer[GATE_ANSWER_MAX];

	(void)state;
	refusal.page = PAGE;
	assert_true(gate_answer(answer, sizeof(answer), &refusal) > 0);
	assert_non_null(strstr(answer, "\r\nVary: Origin\r\n"));
	assert_non_null(
	    strstr(answer, "\r\nAccess-Control-Allow-Origin: " PAGE "\r\n"));
	assert_non_null(strstr(answer,
	    "\r\nAccess-Control-Expose-Headers: x-request-id, retry-after, "
	    "ratelimit-limit, ratelimit-remaining, ratelimit-reset\r\n"));
}

static void
page_is_found_where_pages_may_call(void **state)
{
	static const struct {
		const char *bytes, *page;
	} cases[] = {
		{ CREATE ORIGIN(PAGE) "\r\n", PAGE },
		{ CREATE "Host: a\r\norigin:" PAGE " \r\nX-A: b", PAGE },
		{ "POST /api/v2/challenges/verify?a HTTP/1.1\r\n" ORIGIN(PAGE),
		    PAGE },
		{ "BREW /api/v2/challenges HTTP/1.1\r\n" ORIGIN(PAGE), PAGE },
		{ CREATE "Host: a\r\n\r\n", "" },
		{ CREATE "Origin: " PAGE, "" },
		{ CREATE "\r\n" ORIGIN(PAGE) "\r\n", "" },
		{ CREATE ORIGIN("null") "\r\n", "" },
		{ CREATE ORIGIN("https://a b") "\r\n", "" },
		{ CREATE ORIGIN("https://a\rX-Evil: b") "\r\n", "" },
		{ CREATE ORIGIN("null") ORIGIN(PAGE) "\r\n", "" },
		{ "POST /api/v2/challenges/siteverify HTTP/1.1\r\n" ORIGIN(
		      PAGE),
		    "" },
		{ "GET /healthz HTTP/1.1\r\n" ORIGIN(PAGE), "" },
		{ "POST\r\n" ORIGIN(PAGE), "" },
		{ "POST /api/v2/challenges", "" },
		{ "\r\n", "" },
		{ "", "" },
	};
	char page[PROTO_ORIGIN_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		gate_page((const unsigned char *)cases[i].bytes,
		    strlen(cases[i].bytes), page);
		if (strcmp(page, cases[i].page) != 0)
			fail_msg("%s: %s", cases[i].bytes, page);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_is_a_whole_problem_response),
		cmocka_unit_test(answer_carries_the_fields_of_its_status),
		cmocka_unit_test(every_answer_has_a_reason_phrase),
		cmocka_unit_test(page_that_may_read_it_is_told_so),
		cmocka_unit_test(page_is_found_where_pages_may_call),
	};

	return cmocka_run_group_tests_name("gate_answer", tests, NULL, NULL);
}
