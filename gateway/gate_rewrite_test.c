/*
 * Tests of what the gate makes of an accepted head.
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

#define GET  "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n"
#define H    "Host:a\r\n"

static const struct {
	const char *from, *to;
} examples[] = {
	{ POST H "\r\n", POST H "Content-Length:0\r\n\r\n" },
	{ "PATCH /x HTTP/1.1\r\n" H "\r\n",
	    "PATCH /x HTTP/1.1\r\n" H "Content-Length:0\r\n\r\n" },
	{ GET "Host: a  \r\n\r\n", GET H "\r\n" },
	{ GET "X-A:\r\n" H "X-B: \t\r\nX-C: c\r\n\r\n", GET H "X-C:c\r\n\r\n" },
	{ GET "Hostile: x\r\n" H "Hosts: y\r\n\r\n", GET H "\r\n" },
	{ GET H "X-A: \t b\tc \t\r\n\r\n", GET H "X-A:b c\r\n\r\n" },
	{ GET H "X-A: caf\xc3\xa9\r\n\r\n", GET H "X-A:caf??\r\n\r\n" },
	{ GET H "Connection: keep-alive, CLOSE\r\n\r\n",
	    GET H "Connection:close\r\n\r\n" },
	{ GET "Connection: x\r\n" H "connection:close\r\nConnection: close\r\n"
	      "\r\n",
	    GET H "Connection:close\r\n\r\n" },
	{ POST H "Content-Length: 5 \r\n\r\n",
	    POST H "Content-Length:5\r\n\r\n" },
};

static void
each_example_becomes_what_kore_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		size_t len = strlen(examples[i].from);
		unsigned char *bytes = malloc(len + GATE_REWRITE_ROOM);
		struct gate_result result;

		assert_non_null(bytes);
		memcpy(bytes, examples[i].from, len);
		result = gate_examine(bytes, len);
		assert_int_equal(result.verdict, GATE_ACCEPT);
		assert_true(result.rewrite);
		len = gate_rewrite(bytes, result.head_len);
		assert_int_equal(len, strlen(examples[i].to));
		assert_memory_equal(bytes, examples[i].to, len);
		free(bytes);
	}
}

/*
 * What a page of another origin sends (Chrome's fields), behind a CDN and a
 * proxy of one's own: what is read of it stays.
 */
static void
unread_fields_of_a_large_head_are_left_out(void **state)
{
	static const char *const kept[] = { "Host:a\r\n",
		"Content-Length:2\r\n", "User-Agent:Mozilla/5.0\r\n",
		"Content-Type:application/json\r\n", "X-API-Key:aic_pk_x\r\n",
		"Origin:https://shop.example\r\n",
		"Access-Control-Request-Method:POST\r\n",
		"Access-Control-Request-Headers:x-api-key\r\n",
		"Authorization:Bearer x\r\n", "Forwarded:for=1.2.3.4\r\n",
		"X-Forwarded-For:1.2.3.4\r\n", "X-Request-Id:1\r\n",
		"Sec-Fetch-Site:cross-site\r\n", "Accept-Encoding:br\r\n",
		"Cookie:a=b; c=d\r\n", "If-None-Match:\"x\"\r\n" };
	static const char *const left_out[] = { "Connection:keep-alive\r\n",
		"sec-ch-ua-platform:b\r\n", "sec-ch-ua:a\r\n",
		"sec-ch-ua-mobile:?0\r\n", "Accept:*/*\r\n",
		"Sec-Fetch-Mode:cors\r\n", "Sec-Fetch-Dest:empty\r\n",
		"Referer:https://shop.example/\r\n", "Accept-Language:en\r\n",
		"Priority:u=1\r\n", "DNT:1\r\n", "CF-RAY:1\r\n",
		"cf-visitor:x\r\n", "CDN-Loop:cloudflare\r\n",
		"X-Forwarded-Proto:https\r\n", "X-Amzn-Trace-Id:1\r\n" };
	const size_t left = sizeof(left_out) / sizeof(left_out[0]);
	char from[2048] = POST, to[2048] = POST;
	struct gate_result result;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		(void)snprintf(from + strlen(from), sizeof(from) - strlen(from),
		    "%s%s", kept[i], i < left ? left_out[i] : "");
		(void)snprintf(
		    to + strlen(to), sizeof(to) - strlen(to), "%s", kept[i]);
	}
	for (size_t i = sizeof(kept) / sizeof(kept[0]); i < left; i++)
		(void)snprintf(from + strlen(from), sizeof(from) - strlen(from),
		    "%s", left_out[i]);
	(void)snprintf(
	    from + strlen(from), sizeof(from) - strlen(from), "\r\n");
	(void)snprintf(to + strlen(to), sizeof(to) - strlen(to), "\r\n");
	len = strlen(from);
	result = gate_examine((const unsigned char *)from, len);
	assert_int_equal(result.verdict, GATE_ACCEPT);
	assert_true(result.rewrite);
	len = gate_rewrite((unsigned char *)from, result.head_len);
	assert_int_equal(len, strlen(to));
	assert_memory_equal(from, to, len);
}

/* xorshift64*: the same numbers in every run. */
static uint64_t
next_bits(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/*
 * Heads put together at random: none is read past its end, and one that is
 * accepted is, once rewritten, accepted as it is, with the same body.
 */
static void
rewritten_head_needs_no_rewriting(void **state)
{
	static const char *const pieces[] = { GET, POST,
		"PATCH /a?b HTTP/1.1\r\n", "OPTIONS / HTTP/1.0\r\n",
		"Host: a\r\n", "Host: a\r\n", "Host: a\r\n", "Hostile: b\r\n",
		"X-Empty:\r\n", "X-A: b \t\r\n", "X-B:\tc\xff\r\n",
		"Connection: close\r\n", "Connection: a, close\r\n",
		"Content-Length: 3\r\n", "Content-Length: 0 \r\n",
		"Expect: 100-continue\r\n", "\r\n", "\r\n", "\r\n", "abc", "\r",
		"\n", " ", ":" };
	uint64_t seed = 11;
	unsigned accepted = 0, rewritten = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char text[512] = "";
		unsigned char *bytes = NULL;
		struct gate_result before, after;
		size_t len = 0, head_len, parts = 2 + next_bits(&seed) % 7;

		for (size_t i = 0; i < parts; i++) {
			/* A request line first, most of the time. */
			size_t n = i == 0 && round % 8 != 0
			    ? next_bits(&seed) % 4
			    : 4 + next_bits(&seed) % 20;

			len += (size_t)snprintf(
			    text + len, sizeof(text) - len, "%s", pieces[n]);
		}
		if (round % 16 == 0)
			text[next_bits(&seed) % len] = (char)next_bits(&seed);
		bytes = malloc(len + GATE_REWRITE_ROOM);
		assert_non_null(bytes);
		memcpy(bytes, text, len);
		before = gate_examine(bytes, len);
		if (before.verdict == GATE_ACCEPT) {
			accepted++;
			head_len = before.head_len;
			if (before.rewrite) {
				rewritten++;
				head_len = gate_rewrite(bytes, head_len);
			}
			assert_true(
			    head_len <= before.head_len + GATE_REWRITE_ROOM);
			after = gate_examine(bytes, head_len);
			assert_int_equal(after.verdict, GATE_ACCEPT);
			assert_false(after.rewrite);
			assert_int_equal(after.head_len, head_len);
			assert_int_equal(after.body_len, before.body_len);
			assert_int_equal(
			    after.expects_continue, before.expects_continue);
		}
		free(bytes);
	}
	assert_true(accepted > 1000 && rewritten > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_example_becomes_what_kore_reads),
		cmocka_unit_test(unread_fields_of_a_large_head_are_left_out),
		cmocka_unit_test(rewritten_head_needs_no_rewriting),
	};

	return cmocka_run_group_tests_name("gate_rewrite", tests, NULL, NULL);
}
