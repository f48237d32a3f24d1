/*
 * Tests of the settings of an API key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/key_rules.h"

static void
check_origin(const char *typed, const char *expected)
{
	char origin[PROTO_ORIGIN_MAX + 1] = "";
	int result;

	result = key_normalise_origin(typed, origin);
	if (expected == NULL) {
		if (result == 0)
			fail_msg("\"%s\" was taken as %s", typed, origin);
		return;
	}
	if (result != 0)
		fail_msg("\"%s\" was refused", typed);
	assert_string_equal(origin, expected);
}

static void
origin_becomes_what_a_browser_sends(void **state)
{
	(void)state;
	check_origin("https://example.com", "https://example.com");
	check_origin(" HTTPS://Example.COM ", "https://example.com");
	check_origin("https://example.com:443", "https://example.com");
	check_origin("http://example.com:80", "http://example.com");
	check_origin("http://example.com:443", "http://example.com:443");
	check_origin("http://localhost:3000", "http://localhost:3000");
	check_origin("http://127.0.0.1:8080", "http://127.0.0.1:8080");
	check_origin("http://[::1]", "http://[::1]");
	check_origin("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080");
	check_origin("https://[2001:DB8::0:1]", "https://[2001:db8::1]");
	check_origin(
	    "https://xn--bcher-kva.example", "https://xn--bcher-kva.example");
	check_origin(
	    "https://a_b.example.com:65535", "https://a_b.example.com:65535");
}

static void
what_is_no_origin_is_refused(void **state)
{
	static const char *const wrong[] = { "", "null", "*", "example.com",
		"https://", "https:///", "https://example.com/",
		"https://example.com/path", "https://*.example.com",
		"https://example.com?x", "https://example.com#x",
		"https://user@example.com", "ftp://example.com",
		"chrome-extension://abc",
		"https://example.com:", "https://example.com:0",
		"https://example.com:080", "https://example.com:65536",
		"https://example.com:99999999999999999999",
		"https://example.com:8a", "https://example.com:+1",
		"https://example.com:1:2", "https://.example.com",
		"https://example..com", "https://example.com.",
		"https://exa mple.com", "https://b\303\274cher.example",
		"http://[::1", "http://[]", "http://[::1]x", "http://[::1]]",
		"http://[::ffff:1.2.3.4]", "http://[1:2]", "http://::1",
		"http://[::1%25eth0]", "https://a\nb.com",
		"https://a.com,https://b.com", "javascript:alert(1)" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		check_origin(wrong[i], NULL);
}

static void
origin_bounds_hold(void **state)
{
	char typed[PROTO_ORIGIN_MAX + 16];
	size_t i, len = PROTO_ORIGIN_MAX;

	(void)state;
	memcpy(typed, "https://", 8);
	for (i = 8; i < len; i++)
		typed[i] = i % 30 == 0 ? '.' : 'a';
	typed[len] = '\0';
	check_origin(typed, typed);
	typed[len] = 'a';
	typed[len + 1] = '\0';
	check_origin(typed, NULL);
	for (i = 8; i < 8 + 64; i++)
		typed[i] = 'a';
	memcpy(typed + 8 + 64, ".com", 5);
	check_origin(typed, NULL);
	memmove(typed + 8, typed + 9, strlen(typed + 9) + 1);
	check_origin(typed, typed);
}

static void
new_key_has_the_documented_defaults(void **state)
{
	struct key_create request = { 0 };
	struct api_key key;

	(void)state;
	memset(&key, 0x5a, sizeof(key));
	(void)snprintf(request.name, sizeof(request.name), "  my site ");
	assert_null(key_apply_create(&key, &request));
	assert_string_equal(key.name, "my site");
	assert_int_equal(key.difficulty, level_MEDIUM);
	assert_int_equal(key.min_score, 40);
	assert_int_equal(key.min_solve_ms, 0);
	assert_int_equal(key.ttl_seconds, 320);
	assert_int_equal(key.allowed_origins_count, 0);
	assert_int_equal(key.rate_limit, 0);
	assert_true(key.enabled);
}

static void
min_score_follows_the_level_unless_given(void **state)
{
	static const int64_t expected[] = { 0, 40, 60 };
	struct key_create request = { 0 };
	struct api_key key = { 0 };
	uint8_t level;

	(void)state;
	(void)snprintf(request.name, sizeof(request.name), "n");
	PROTO_SET(&request, key_create, difficulty);
	for (level = 0; level < 3; level++) {
		request.difficulty = level;
		assert_null(key_apply_create(&key, &request));
		assert_int_equal(key.difficulty, level);
		assert_int_equal(key.min_score, expected[level]);
	}
	request.min_score = 7;
	PROTO_SET(&request, key_create, min_score);
	assert_null(key_apply_create(&key, &request));
	assert_int_equal(key.min_score, 7);
}

static void
given_settings_are_kept(void **state)
{
	struct key_create request = { 0 };
	struct key_info info = { 0 };
	struct api_key key = { 0 };

	(void)state;
	(void)snprintf(request.name, sizeof(request.name), "n");
	request.min_solve_ms = 150;
	request.ttl_seconds = 60;
	request.rate_limit = 600;
	request.enabled = false;
	request.allowed_origins_count = 3;
	(void)snprintf(request.allowed_origins[0], PROTO_ORIGIN_MAX + 1,
	    "https://A.example");
	(void)snprintf(request.allowed_origins[1], PROTO_ORIGIN_MAX + 1,
	    "http://b.example:81");
	(void)snprintf(request.allowed_origins[2], PROTO_ORIGIN_MAX + 1,
	    "https://a.example:443");
	PROTO_SET(&request, key_create, min_solve_ms);
	PROTO_SET(&request, key_create, ttl_seconds);
	PROTO_SET(&request, key_create, rate_limit);
	PROTO_SET(&request, key_create, enabled);
	PROTO_SET(&request, key_create, allowed_origins);
	assert_null(key_apply_create(&key, &request));
	key_fill_info(&info, &key);
	assert_int_equal(info.difficulty, level_MEDIUM);
	assert_int_equal(info.min_score, 40);
	assert_int_equal(info.min_solve_ms, 150);
	assert_int_equal(info.ttl_seconds, 60);
	assert_int_equal(info.rate_limit, 600);
	assert_false(info.enabled);
	/* The third is the first in another spelling. */
	assert_int_equal(info.allowed_origins_count, 2);
	assert_string_equal(info.allowed_origins[0], "https://a.example");
	assert_string_equal(info.allowed_origins[1], "http://b.example:81");
}

static void
wrong_field_is_named(void **state)
{
	struct key_create create = { 0 };
	struct key_update update = { 0 };
	struct api_key key = { 0 };

	(void)state;
	(void)snprintf(create.name, sizeof(create.name), "  ");
	assert_string_equal(key_apply_create(&key, &create), "name");
	(void)snprintf(create.name, sizeof(create.name), "a\tb");
	assert_string_equal(key_apply_create(&key, &create), "name");
	(void)snprintf(create.name, sizeof(create.name), "n");
	(void)snprintf(create.allowed_origins[0], PROTO_ORIGIN_MAX + 1, "*");
	create.allowed_origins_count = 1;
	PROTO_SET(&create, key_create, allowed_origins);
	assert_string_equal(key_apply_create(&key, &create), "allowedOrigins");

	PROTO_SET(&update, key_update, name);
	assert_string_equal(key_apply_update(&key, &update), "name");
	(void)snprintf(update.name, sizeof(update.name), "n");
	update.allowed_origins_count = 1;
	PROTO_SET(&update, key_update, allowed_origins);
	assert_string_equal(key_apply_update(&key, &update), "allowedOrigins");
}

static void
update_changes_only_what_is_given(void **state)
{
	struct key_create create = { 0 };
	struct key_update update = { 0 };
	struct api_key key = { 0 }, before;

	(void)state;
	(void)snprintf(create.name, sizeof(create.name), "n");
	assert_null(key_apply_create(&key, &create));
	before = key;
	update.min_score = 99;
	update.enabled = false;
	assert_null(key_apply_update(&key, &update));
	assert_memory_equal(&key, &before, sizeof(key));

	update.difficulty = level_HARD;
	PROTO_SET(&update, key_update, difficulty);
	assert_null(key_apply_update(&key, &update));
	before.difficulty = level_HARD;
	before.min_score = 60;
	assert_memory_equal(&key, &before, sizeof(key));

	(void)snprintf(update.name, sizeof(update.name), "m");
	update.min_score = 1;
	update.min_solve_ms = 2;
	update.ttl_seconds = 30;
	update.rate_limit = 4;
	PROTO_SET(&update, key_update, name);
	PROTO_SET(&update, key_update, min_score);
	PROTO_SET(&update, key_update, min_solve_ms);
	PROTO_SET(&update, key_update, ttl_seconds);
	PROTO_SET(&update, key_update, rate_limit);
	PROTO_SET(&update, key_update, enabled);
	assert_null(key_apply_update(&key, &update));
	assert_string_equal(key.name, "m");
	assert_int_equal(key.min_score, 1);
	assert_int_equal(key.min_solve_ms, 2);
	assert_int_equal(key.ttl_seconds, 30);
	assert_int_equal(key.rate_limit, 4);
	assert_false(key.enabled);
}

static struct api_key
after_level_change(uint8_t from, int64_t min_score, uint8_t to)
{
	struct api_key key = { .difficulty = from, .min_score = min_score };
	struct key_update update = { .difficulty = to };

	PROTO_SET(&update, key_update, difficulty);
	assert_null(key_apply_update(&key, &update));
	assert_int_equal(key.difficulty, to);
	return key;
}

static void
level_change_moves_a_default_min_score(void **state)
{
	static const int64_t defaults[] = { 0, 40, 60 };
	uint8_t from, to;

	(void)state;
	for (from = 0; from < 3; from++) {
		for (to = 0; to < 3; to++)
			assert_int_equal(
			    after_level_change(from, defaults[from], to)
				.min_score,
			    defaults[to]);
	}
}

static void
level_change_keeps_a_chosen_min_score(void **state)
{
	struct key_update update = { .difficulty = level_HARD, .min_score = 0 };
	struct api_key key;

	(void)state;
	key = after_level_change(level_EASY, 10, level_HARD);
	assert_int_equal(key.min_score, 10);
	key = after_level_change(level_MEDIUM, 0, level_HARD);
	assert_int_equal(key.min_score, 0);
	/* And one that comes with it. */
	key.difficulty = level_EASY;
	PROTO_SET(&update, key_update, difficulty);
	PROTO_SET(&update, key_update, min_score);
	assert_null(key_apply_update(&key, &update));
	assert_int_equal(key.min_score, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origin_becomes_what_a_browser_sends),
		cmocka_unit_test(what_is_no_origin_is_refused),
		cmocka_unit_test(origin_bounds_hold),
		cmocka_unit_test(new_key_has_the_documented_defaults),
		cmocka_unit_test(min_score_follows_the_level_unless_given),
		cmocka_unit_test(given_settings_are_kept),
		cmocka_unit_test(wrong_field_is_named),
		cmocka_unit_test(update_changes_only_what_is_given),
		cmocka_unit_test(level_change_moves_a_default_min_score),
		cmocka_unit_test(level_change_keeps_a_chosen_min_score),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
