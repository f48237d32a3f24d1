/*
 * Tests of the gate's rule: what is accepted, and what is refused and how.
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

#define H    "Host: a\r\n"
#define GET  "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n"

#define BAD	 PROTO_ERROR_BAD_REQUEST
#define METHOD	 PROTO_ERROR_METHOD_NOT_ALLOWED
#define BODY	 PROTO_ERROR_BODY_TOO_LARGE
#define TARGET	 PROTO_ERROR_TARGET_TOO_LONG
#define LARGE	 PROTO_ERROR_HEADERS_TOO_LARGE
#define ACCEPTED PROTO_OK

/* A string literal and its length, so that NULs count. */
#define BYTES(text) text, sizeof(text) - 1

struct example {
	const char *bytes;
	size_t len;
	size_t body_len;
	enum proto_error error; /* or ACCEPTED */
	bool rewrite;
};

static const struct example examples[] = {
	/* -------- accepted -------- */
	{ BYTES(GET H "\r\n"), 0, ACCEPTED, false },
	{ BYTES("GET /api?a=b%20c&d[]=1 HTTP/1.1\r\n" H "\r\n"), 0, ACCEPTED,
	    false },
	{ BYTES("GET / HTTP/1.0\r\n" H "\r\n"), 0, ACCEPTED, false },
	{ BYTES("HEAD / HTTP/1.1\r\n" H "\r\n"), 0, ACCEPTED, false },
	{ BYTES("OPTIONS /x HTTP/1.1\r\n" H "\r\n"), 0, ACCEPTED, false },
	{ BYTES("DELETE /x HTTP/1.1\r\n" H "\r\n"), 0, ACCEPTED, false },
	{ BYTES("DELETE /x HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"), 0,
	    ACCEPTED, false },
	{ BYTES(POST H "Content-Length: 0\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(POST H "content-length:5\r\n\r\nhello"), 5, ACCEPTED, false },
	{ BYTES(POST H "Content-Length: 5\r\n\r\nhel"), 5, ACCEPTED, false },
	{ BYTES(POST H "Content-Length: 0005\r\n\r\nhello"), 5, ACCEPTED,
	    false },
	{ BYTES(POST H "Content-Length: 65536\r\n\r\n"), 65536, ACCEPTED,
	    false },
	{ BYTES("POST / HTTP/1.0\r\n" H "Content-Length: 1\r\n\r\n{"), 1,
	    ACCEPTED, false },
	{ BYTES("PATCH / HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n\n\n"), 2,
	    ACCEPTED, false },
	{ BYTES("PUT / HTTP/1.1\r\nContent-Length: 2\r\n" H "\r\n{}"), 2,
	    ACCEPTED, false },
	{ BYTES(GET "host: example.com:8080\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(GET "HOST: [::1]:80\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(GET "Host: a_b-c.d:\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(GET "Host:a\r\nX-A:\tb\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(GET H "Connection: close\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(GET H "Connection: keep-alive\r\n\r\n"), 0, ACCEPTED, false },
	{ BYTES(POST H "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n"), 1,
	    ACCEPTED, false },
	/* -------- accepted, and rewritten for Kore -------- */
	{ BYTES(POST H "\r\n"), 0, ACCEPTED, true },
	{ BYTES("PATCH / HTTP/1.1\r\n" H "\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "X-A:\r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "X-A: \t \r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "X-A: b \r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "X-A: b\tc\r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "X-A: \xc3\xa9\r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "Hostile: b\r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET "Host-Name: b\r\n" H "\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "Connection: x, Close\r\n\r\n"), 0, ACCEPTED, true },
	{ BYTES(GET H "Connection: x\r\nConnection: close\r\n\r\n"), 0,
	    ACCEPTED, true },
	/* -------- the request line -------- */
	{ BYTES("\r\n" GET H "\r\n"), 0, BAD, false },
	{ BYTES(" " GET H "\r\n"), 0, BAD, false },
	{ BYTES("GET  / HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/1.1 \r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET /\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET\t/ HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/1.2\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/0.9\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/2.0\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / http/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/1.1\r\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, BAD, false },
	{ BYTES("GET http://a/ HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET a HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("CONNECT a:80 HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET /a#b HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET /\x7f HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("GET /\0 HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("G(T / HTTP/1.1\r\n" H "\r\n"), 0, BAD, false },
	{ BYTES("\x16\x03\x01\x02"), 0, BAD, false },
	{ BYTES("GE\0"), 0, BAD, false },
	/* -------- methods -------- */
	{ BYTES("TRACE / HTTP/1.1\r\n" H "\r\n"), 0, METHOD, false },
	{ BYTES("get / HTTP/1.1\r\n" H "\r\n"), 0, METHOD, false },
	{ BYTES("GETT / HTTP/1.1\r\n" H "\r\n"), 0, METHOD, false },
	{ BYTES("HOST / HTTP/1.1\r\n" H "\r\n"), 0, METHOD, false },
	{ BYTES("DELETE / HTTP/1.0\r\n" H "\r\n"), 0, METHOD, false },
	/* -------- line ends and folding -------- */
	{ BYTES("GET / HTTP/1.1\n" H "\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\rc\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\r\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\r\n c\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\r\n\tc\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET " " H "\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\0c\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\x01\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A: b\x7f\r\n\r\n"), 0, BAD, false },
	/* -------- names -------- */
	{ BYTES(GET H "X-A : b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H ": b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-A\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X(A: b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-\xc3\xa9: b\r\n\r\n"), 0, BAD, false },
	/* -------- fields of which there may be one -------- */
	{ BYTES(GET H "X-API-Key: a\r\nx-api-key: a\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "Authorization: a\r\nX-A: b\r\nauthorization: c\r\n"
		      "\r\n"),
	    0, BAD, false },
	{ BYTES(GET H "Origin: http://a\r\nORIGIN:\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "Sec-Fetch-Site: none\r\nsec-fetch-site: a\r\n"
		      "\r\n"),
	    0, BAD, false },
	{ BYTES(GET H "Cookie: a=b\r\ncookie: c=d\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H "X-API-Key: a\r\nAuthorization: b\r\n"
		      "Origin: http://a\r\nSec-Fetch-Site: none\r\n"
		      "Cookie: a=b; c=d\r\n\r\n"),
	    0, ACCEPTED, false },
	/* -------- Host -------- */
	{ BYTES(GET "\r\n"), 0, BAD, false },
	{ BYTES("GET / HTTP/1.0\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Hostile: a\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET H H "\r\n"), 0, BAD, false },
	{ BYTES(GET H "host: b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host:\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a,b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a@b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a/b\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: a:8x\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: :80\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: [::1\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: [::1]x\r\n\r\n"), 0, BAD, false },
	{ BYTES(GET "Host: ::1\r\n\r\n"), 0, BAD, false },
	/* -------- the length of the body -------- */
	{ BYTES(POST H "Transfer-Encoding: chunked\r\n\r\n"), 0, BAD, false },
	{ BYTES(POST H "transfer-encoding: identity\r\n\r\n"), 0, BAD, false },
	{ BYTES(POST H "Transfer-Encoding:\r\n\r\n"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
		       "\r\nabc"),
	    0, BAD, false },
	{ BYTES(POST H "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), 0,
	    BAD, false },
	{ BYTES(POST H "Content-Length: 3, 3\r\n\r\nabc"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: +3\r\n\r\nabc"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: -3\r\n\r\nabc"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: 0x3\r\n\r\nabc"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: 3 0\r\n\r\nabc"), 0, BAD, false },
	{ BYTES(POST H "Content-Length:\r\n\r\n"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: 3\r\n\r\nabcd"), 0, BAD, false },
	{ BYTES(POST H "\r\nabc"), 0, BAD, false },
	{ BYTES(GET H "Content-Length: 3\r\n\r\nabc"), 0, BAD, false },
	{ BYTES("HEAD / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\n"), 0, BAD,
	    false },
	{ BYTES("DELETE / HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n"), 0, BAD,
	    false },
	{ BYTES("OPTIONS / HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n"), 0, BAD,
	    false },
	{ BYTES(GET H "\r\n" GET H "\r\n"), 0, BAD, false },
	{ BYTES(GET H "\r\n\r\n"), 0, BAD, false },
	{ BYTES(POST H "Content-Length: 65537\r\n\r\n"), 0, BODY, false },
	{ BYTES(POST H "Content-Length: 18446744073709551617\r\n\r\n"), 0, BODY,
	    false },
	{ BYTES(GET H "Content-Length: 70000\r\n\r\n"), 0, BODY, false },
	/* -------- Expect -------- */
	{ BYTES(POST H "Expect: 200-ok\r\nContent-Length: 1\r\n\r\n"), 0, BAD,
	    false },
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

/* Examines a copy of its own size, so that a read past it is seen. */
static struct gate_result
examine(const char *bytes, size_t len)
{
	unsigned char *copy = malloc(len > 0 ? len : 1);
	struct gate_result result;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	result = gate_examine(copy, len);
	free(copy);
	return result;
}

/* Puts text there, without a NUL; returns its length. */
static size_t
put(char *at, const char *text)
{
	size_t len = 0;

	for (; text[len] != '\0'; len++)
		at[len] = text[len];
	return len;
}

static void
each_example_is_judged_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		const struct example *example = &examples[i];
		struct gate_result result = examine(
		    example->bytes, example->len);

		if (example->error != ACCEPTED) {
			if (result.verdict != GATE_REFUSE ||
			    result.error != example->error)
				fail_msg("%zu: %s", i, example->bytes);
			assert_non_null(result.detail);
			continue;
		}
		if (result.verdict != GATE_ACCEPT)
			fail_msg("%zu: %s", i, example->bytes);
		assert_int_equal(result.body_len, example->body_len);
		assert_int_equal(result.rewrite, example->rewrite);
		assert_true(result.head_len <= example->len);
		assert_memory_equal(
		    example->bytes + result.head_len - 4, "\r\n\r\n", 4);
	}
}

/* However a request is cut into reads, the answer is the same. */
static void
verdict_does_not_depend_on_the_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		const struct example *example = &examples[i];
		struct gate_result whole = examine(
		    example->bytes, example->len);
		bool refused = false;

		for (size_t len = 0; len <= example->len; len++) {
			struct gate_result part = examine(example->bytes, len);

			if (whole.verdict == GATE_ACCEPT) {
				assert_int_equal(part.verdict,
				    len < whole.head_len ? GATE_MORE
							 : GATE_ACCEPT);
				continue;
			}
			/* Once refused, refused for good. */
			assert_false(refused && part.verdict != GATE_REFUSE);
			refused = part.verdict == GATE_REFUSE;
		}
		assert_int_equal(refused, whole.verdict == GATE_REFUSE);
	}
}

static void
fault_is_refused_before_the_head_is_complete(void **state)
{
	static const char *const starts[] = { "GET / HTTP/1.1\n",
		"GET / HTTP/1.1\r\nHost: a\n", GET "Host: a\x01",
		GET H "Transfer-Encoding: x\r\n", "\x16", GET " " };

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(starts) / sizeof(starts[0]); i++)
		assert_int_equal(
		    examine(starts[i], strlen(starts[i])).verdict, GATE_REFUSE);
	/* A space may still be the start of anything. */
	assert_int_equal(
	    examine(starts[5], strlen(starts[5])).verdict, GATE_MORE);
}

static void
twenty_fields_are_the_most(void **state)
{
	char text[1024];
	size_t len;

	(void)state;
	for (int fields = 20; fields <= 21; fields++) {
		struct gate_result result;

		len = (size_t)snprintf(text, sizeof(text), GET H);
		for (int i = 1; i < fields; i++)
			len += (size_t)snprintf(
			    text + len, sizeof(text) - len, "X-%d: y\r\n", i);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "\r\n");
		result = examine(text, len);
		assert_int_equal(
		    result.verdict, fields == 20 ? GATE_ACCEPT : GATE_REFUSE);
		if (fields == 21)
			assert_int_equal(result.error, LARGE);
	}
}

/* Puts count fields with numbered names there; returns their length. */
static size_t
put_fields(char *at, size_t size, const char *name, int count)
{
	size_t len = 0;

	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(
		    at + len, size - len, "%s%d: y\r\n", name, i);
	return len;
}

/* Whichever of the two kinds comes first. */
static void
fields_that_nobody_reads_do_not_count(void **state)
{
	static const struct {
		int read, unread; /* besides Host, which is read */
		enum gate_verdict verdict;
	} cases[] = {
		{ 19, 1, GATE_ACCEPT },
		{ 19, 44, GATE_ACCEPT },
		{ 19, 45, GATE_REFUSE },
		{ 20, 1, GATE_REFUSE },
		{ 20, 20, GATE_REFUSE },
		{ 0, 63, GATE_ACCEPT },
		{ 0, 64, GATE_REFUSE },
	};

	(void)state;
	for (size_t i = 0; i < 2 * (sizeof(cases) / sizeof(cases[0])); i++) {
		const int read = cases[i / 2].read,
			  unread = cases[i / 2].unread;
		const bool unread_first = i % 2 == 0;
		struct gate_result result;
		char text[2048];
		size_t len = put(text, GET H);

		len += put_fields(text + len, sizeof(text) - len,
		    unread_first ? "Sec-" : "X-", unread_first ? unread : read);
		len += put_fields(text + len, sizeof(text) - len,
		    unread_first ? "x-" : "SEC-", unread_first ? read : unread);
		len += put(text + len, "\r\n");
		result = examine(text, len);
		assert_int_equal(result.verdict, cases[i / 2].verdict);
		if (result.verdict == GATE_REFUSE)
			assert_int_equal(result.error, LARGE);
		else
			assert_int_equal(
			    result.rewrite, 1 + read + unread > 20);
	}
}

static void
head_of_eight_kib_is_the_largest(void **state)
{
	char text[GATE_HEAD_MAX + 64];
	const size_t around = strlen(GET H "X: \r\n\r\n");

	(void)state;
	for (size_t size = GATE_HEAD_MAX; size <= GATE_HEAD_MAX + 1; size++) {
		size_t fill = size - around;
		struct gate_result result;
		int len;

		len = snprintf(
		    text, sizeof(text), GET H "X: %*s", (int)fill, "");
		assert_int_equal(len, size - 4);
		memset(text + strlen(GET H "X: "), 'v', fill);
		(void)put(text + len, "\r\n\r\n");
		result = examine(text, size);
		assert_int_equal(result.verdict,
		    size == GATE_HEAD_MAX ? GATE_ACCEPT : GATE_REFUSE);
		if (result.verdict == GATE_REFUSE)
			assert_int_equal(result.error, LARGE);
		/* Without its end, it is too large already. */
		result = examine(text, GATE_HEAD_MAX - 1);
		assert_int_equal(result.verdict, GATE_MORE);
		memset(text, 'v', GATE_HEAD_MAX);
	}
	(void)put(text, GET "X: ");
	assert_int_equal(examine(text, GATE_HEAD_MAX).error, LARGE);
}

static void
target_too_long_is_told_apart(void **state)
{
	char text[GATE_HEAD_MAX + 64];
	struct gate_result result;

	(void)state;
	for (size_t size = GATE_TARGET_MAX; size <= GATE_TARGET_MAX + 1;
	     size++) {
		size_t len = 4 + size;

		memset(text, 'p', sizeof(text));
		(void)put(text, "GET /");
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, " HTTP/1.1\r\n" H "\r\n");
		result = examine(text, len);
		assert_int_equal(result.verdict,
		    size == GATE_TARGET_MAX ? GATE_ACCEPT : GATE_REFUSE);
	}
	assert_int_equal(result.error, TARGET);
	/* Without its end, and longer than a head. */
	memset(text + 5, 'p', sizeof(text) - 5);
	for (size_t len = sizeof(text) - 20; len <= sizeof(text); len += 20)
		assert_int_equal(examine(text, len).error, TARGET);
}

/* Whatever the method and wherever a read ends. */
static void
longest_request_line_may_come_in_parts(void **state)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS" };
	char text[GATE_TARGET_MAX + 64];

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		size_t line = strlen(methods[i]) + 1 + GATE_TARGET_MAX +
		    strlen(" HTTP/1.1\r\n");

		memset(text, 'p', sizeof(text));
		(void)put(text, methods[i]);
		(void)put(text + strlen(methods[i]), " /");
		(void)put(
		    text + line - strlen(" HTTP/1.1\r\n"), " HTTP/1.1\r\n");
		(void)put(text + line, H "\r\n");
		for (size_t len = line - 12; len <= line; len++)
			assert_int_equal(examine(text, len).verdict, GATE_MORE);
		assert_int_equal(
		    examine(text, line + strlen(H) + 2).verdict, GATE_ACCEPT);
	}
}

static void
host_too_long_for_kore_is_refused(void **state)
{
	char text[400];

	(void)state;
	for (int size = GATE_HOST_MAX; size <= GATE_HOST_MAX + 1; size++) {
		int len = snprintf(
		    text, sizeof(text), GET "Host: %0*d\r\n\r\n", size, 0);

		assert_int_equal(examine(text, (size_t)len).verdict,
		    size == GATE_HOST_MAX ? GATE_ACCEPT : GATE_REFUSE);
	}
}

static void
expectation_and_head_are_told(void **state)
{
	static const char waits[] = POST H
	    "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n";
	static const char old[] = "POST / HTTP/1.0\r\n" H
				  "Expect: 100-continue\r\n"
				  "Content-Length: 1\r\n\r\n";
	static const char head[] = "HEAD / HTTP/1.1\r\nX\r\n";

	(void)state;
	assert_true(examine(waits, strlen(waits)).expects_continue);
	assert_false(examine(old, strlen(old)).expects_continue);
	assert_false(examine(waits, strlen(waits)).is_head);
	assert_true(examine(head, strlen(head)).is_head);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_example_is_judged_right),
		cmocka_unit_test(verdict_does_not_depend_on_the_reads),
		cmocka_unit_test(fault_is_refused_before_the_head_is_complete),
		cmocka_unit_test(twenty_fields_are_the_most),
		cmocka_unit_test(fields_that_nobody_reads_do_not_count),
		cmocka_unit_test(head_of_eight_kib_is_the_largest),
		cmocka_unit_test(target_too_long_is_told_apart),
		cmocka_unit_test(longest_request_line_may_come_in_parts),
		cmocka_unit_test(host_too_long_for_kore_is_refused),
		cmocka_unit_test(expectation_and_head_are_told),
	};

	return cmocka_run_group_tests_name("gate_examine", tests, NULL, NULL);
}
