/*
 * Which cookie is a session, and whose requests it counts for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/session.h"

/* What session_find gets out of a field, or "" for nothing. */
static const char *
found(const char *field)
{
	static char text[128];
	const char *token = NULL;
	const size_t len = session_find(field, &token);

	assert_true(len < sizeof(text));
	if (len > 0)
		memcpy(text, token, len);
	text[len] = '\0';
	return text;
}

static void
its_cookie_is_found_among_others(void **state)
{
	(void)state;
	assert_string_equal(found("__Host-aicaptcha=a.b.c"), "a.b.c");
	assert_string_equal(found("x=1; __Host-aicaptcha=a.b.c"), "a.b.c");
	assert_string_equal(found("__Host-aicaptcha=a.b.c; x=1"), "a.b.c");
	assert_string_equal(found("x=1;__Host-aicaptcha=a ;y=2"), "a");
	assert_string_equal(
	    found("__Host-aicaptcha=a; __Host-aicaptcha=b"), "a");
}

static void
other_cookies_are_not_it(void **state)
{
	(void)state;
	assert_string_equal(found(NULL), "");
	assert_string_equal(found(""), "");
	assert_string_equal(found("; ;;"), "");
	assert_string_equal(found("__Host-aicaptcha"), "");
	assert_string_equal(found("__Host-aicaptcha="), "");
	assert_string_equal(found("__host-aicaptcha=a"), "");
	assert_string_equal(found("__Host-aicaptcha2=a"), "");
	assert_string_equal(found("x__Host-aicaptcha=a"), "");
	assert_string_equal(found("x=__Host-aicaptcha=a"), "");
	assert_string_equal(found("x=1 __Host-aicaptcha=a"), "");
}

static bool
own(const char *origin, const char *site, bool reads)
{
	const struct session_source source = {
		.host = "aic.example",
		.origin = origin,
		.site = site,
	};

	return session_from_own_page(&source, reads);
}

static void
changes_need_the_origin_of_an_own_page(void **state)
{
	(void)state;
	assert_true(own("https://aic.example", NULL, false));
	assert_true(own("https://aic.example", "same-origin", false));
	assert_false(own("https://evil.example", NULL, false));
	assert_false(own("https://sub.aic.example", "same-site", false));
	assert_false(own("null", NULL, false));
	assert_false(own(NULL, NULL, false));
	assert_false(own(NULL, "same-origin", false));
}

static void
reading_is_refused_where_the_browser_tells_of_another_origin(void **state)
{
	(void)state;
	assert_true(own(NULL, NULL, true));
	assert_true(own(NULL, "same-origin", true));
	assert_true(own(NULL, "none", true));
	assert_true(own("https://aic.example", "same-origin", true));
	assert_false(own(NULL, "cross-site", true));
	assert_false(own(NULL, "same-site", true));
	assert_false(own(NULL, "", true));
	assert_false(own("https://evil.example", NULL, true));
}

static void
the_cookie_is_out_of_reach_of_scripts_and_other_hosts(void **state)
{
	char text[SESSION_FIELD_MAX];
	char longest[PROTO_JWT_MAX + 1];
	const char *token = NULL;

	(void)state;
	session_write(text, "a.b.c", 86400);
	assert_string_equal(text,
	    "__Host-aicaptcha=a.b.c; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict; Max-Age=86400");
	session_write(text, "", 0);
	assert_string_equal(text,
	    "__Host-aicaptcha=; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict; Max-Age=0");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	session_write(text, longest, INT32_MAX);
	assert_int_equal(session_find(text, &token), PROTO_JWT_MAX);
	assert_non_null(strstr(text, "; Max-Age=2147483647"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_cookie_is_found_among_others),
		cmocka_unit_test(other_cookies_are_not_it),
		cmocka_unit_test(changes_need_the_origin_of_an_own_page),
		cmocka_unit_test(
		    reading_is_refused_where_the_browser_tells_of_another_origin),
		cmocka_unit_test(
		    the_cookie_is_out_of_reach_of_scripts_and_other_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
