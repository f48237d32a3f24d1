/*
 * Tests of the rules about origins.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/cors.h"

static void
origins_as_browsers_send_them_are_valid(void **state)
{
	static const char *const origins[] = { "https://example.com",
		"http://example.com", "https://sub.example.com:8443",
		"http://localhost:3000", "http://127.0.0.1:1", "http://[::1]",
		"https://[2001:db8::1]:65535", "https://xn--bcher-kva.example",
		"https://under_score.example" };

	(void)state;
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++)
		assert_true(cors_origin_valid(origins[i]));
}

static void
anything_else_is_no_origin(void **state)
{
	static const char *const origins[] = { "", "null", "*", "example.com",
		"ftp://example.com", "https://", "https://:80",
		"https://example.com/", "https://example.com/path",
		"https://example.com:", "https://example.com:0",
		"https://example.com:65536", "https://example.com:99999",
		"https://example.com:080808", "https://example.com:80x",
		"https://user@example.com", "https://example.com?x",
		"https://example.com#x", "https://exa mple.com",
		"https://example.com\r\nset-cookie: a=b",
		"https://example.com\n", "https://[::1", "https://[]",
		"https://[::1]x", "https://\xc3\xbc.example",
		"HTTPS://example.com", " https://example.com" };

	(void)state;
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++)
		assert_false(cors_origin_valid(origins[i]));
}

static void
an_origin_longer_than_a_key_can_hold_is_invalid(void **state)
{
	char origin[PROTO_ORIGIN_MAX + 16];

	(void)state;
	memset(origin, 'a', sizeof(origin));
	memcpy(origin, "https://", 8);
	origin[PROTO_ORIGIN_MAX] = '\0';
	assert_true(cors_origin_valid(origin));
	origin[PROTO_ORIGIN_MAX] = 'a';
	origin[PROTO_ORIGIN_MAX + 1] = '\0';
	assert_false(cors_origin_valid(origin));
}

static void
only_a_listed_origin_is_allowed(void **state)
{
	struct key_info key = { .allowed_origins_count = 2 };

	(void)state;
	snprintf(key.allowed_origins[0], sizeof(key.allowed_origins[0]),
	    "https://example.com");
	snprintf(key.allowed_origins[1], sizeof(key.allowed_origins[1]),
	    "http://localhost:3000");
	assert_true(cors_origin_allowed(&key, "https://example.com"));
	assert_true(cors_origin_allowed(&key, "http://localhost:3000"));
	assert_false(cors_origin_allowed(&key, "http://example.com"));
	assert_false(cors_origin_allowed(&key, "https://example.com:443"));
	assert_false(cors_origin_allowed(&key, "https://a.example.com"));
	assert_false(cors_origin_allowed(&key, "https://example.com.evil"));
	assert_false(cors_origin_allowed(&key, "http://localhost"));
	assert_false(cors_origin_allowed(&key, "null"));
	assert_false(cors_origin_allowed(&key, ""));
}

static void
an_empty_list_allows_nobody(void **state)
{
	struct key_info key = { .allowed_origins_count = 0 };

	(void)state;
	assert_false(cors_origin_allowed(&key, "https://example.com"));
}

static void
the_hostname_has_no_scheme_port_or_brackets(void **state)
{
	char host[PROTO_ORIGIN_MAX + 1];

	(void)state;
	cors_hostname("https://sub.example.com:8443", host);
	assert_string_equal(host, "sub.example.com");
	cors_hostname("http://[2001:db8::1]:80", host);
	assert_string_equal(host, "2001:db8::1");
	cors_hostname("https://Shop.EXAMPLE", host);
	assert_string_equal(host, "shop.example");
	cors_hostname("null", host);
	assert_string_equal(host, "");
}

static void
own_pages_have_the_host_and_port_that_were_asked_for(void **state)
{
	static const char *const own[][2] = {
		{ "https://aic.example", "aic.example" },
		{ "https://aic.example", "AIC.example:443" },
		{ "https://aic.example:443", "aic.example" },
		{ "http://aic.example", "aic.example:80" },
		{ "https://aic.example:8443", "aic.example:8443" },
		{ "http://127.0.0.1:8080", "127.0.0.1:8080" },
		{ "http://[::1]:8080", "[::1]:8080" },
	};
	static const char *const foreign[][2] = {
		{ "https://evil.example", "aic.example" },
		{ "https://aic.example.evil", "aic.example" },
		{ "https://aic.example", "aic.example.evil" },
		{ "https://aic.example", "x.aic.example" },
		{ "https://aic.example:8443", "aic.example" },
		{ "https://aic.example", "aic.example:8443" },
		{ "http://aic.example", "aic.example:443" },
		{ "https://aic.example", "aic.example:99999443" },
		{ "https://aic.example", "aic.example/x" },
		{ "https://aic.example", "" },
		{ "https://aic.example/", "aic.example" },
		{ "null", "aic.example" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		assert_true(cors_origin_is_host(own[i][0], own[i][1]));
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_false(cors_origin_is_host(foreign[i][0], foreign[i][1]));
	assert_false(cors_origin_is_host("https://aic.example", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_as_browsers_send_them_are_valid),
		cmocka_unit_test(anything_else_is_no_origin),
		cmocka_unit_test(
		    an_origin_longer_than_a_key_can_hold_is_invalid),
		cmocka_unit_test(only_a_listed_origin_is_allowed),
		cmocka_unit_test(an_empty_list_allows_nobody),
		cmocka_unit_test(
		    own_pages_have_the_host_and_port_that_were_asked_for),
		cmocka_unit_test(the_hostname_has_no_scheme_port_or_brackets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
