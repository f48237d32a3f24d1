/*
 * Tests of the key cache: what is fresh, what is forgotten, what is bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/keycache.h"

#define SECOND INT64_C(1000000000)
#define NOW    (100 * SECOND)

struct hash {
	uint8_t bytes[API_KEY_HASH_BYTES];
};

/* Hashes of which many share a bucket, so that chains are walked. */
static struct hash
hash_of(uint32_t number)
{
	struct hash hash = { { 0 } };
	uint32_t low = number % 64;

	memcpy(hash.bytes, &low, sizeof(low));
	memcpy(hash.bytes + 8, &number, sizeof(number));
	return hash;
}

static struct key_info
info_of(uint32_t number)
{
	struct key_info info = { .enabled = true };

	memcpy(info.key_id.bytes, &number, sizeof(number));
	info.min_score = number % 100;
	return info;
}

static void
put(struct keycache *cache, uint32_t number)
{
	struct hash hash = hash_of(number);
	struct key_info info = info_of(number);

	keycache_put(cache, hash.bytes, &info, NOW);
}

static enum keycache_result
find_at(struct keycache *cache, uint32_t number, int64_t now_ns)
{
	struct hash hash = hash_of(number);
	const struct key_info *info = NULL;
	enum keycache_result result = keycache_find(
	    cache, hash.bytes, now_ns, &info);
	struct key_info expected = info_of(number);

	if (result == KEYCACHE_FRESH || result == KEYCACHE_STALE) {
		assert_non_null(info);
		assert_true(uuid_equal(&info->key_id, &expected.key_id));
	} else {
		assert_null(info);
	}
	return result;
}

static void
no_changes(struct keycache *cache, int64_t asked_ns)
{
	struct key_changed changed = { .sequence = 1 };

	assert_false(keycache_changed(cache, &changed, asked_ns));
}

static int
setup(void **state)
{
	struct keycache *cache = keycache_new();

	*state = cache;
	if (cache == NULL)
		return -1;
	no_changes(cache, NOW);
	return 0;
}

static int
teardown(void **state)
{
	struct keycache *cache = *state;

	keycache_free(&cache);
	return cache == NULL ? 0 : -1;
}

static void
a_key_is_found_once_it_was_put(void **state)
{
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_MISS);
	put(*state, 1);
	put(*state, 65);
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_FRESH);
	assert_int_equal(find_at(*state, 65, NOW), KEYCACHE_FRESH);
	assert_int_equal(find_at(*state, 129, NOW), KEYCACHE_MISS);
}

static void
a_newer_answer_replaces_the_older(void **state)
{
	struct hash hash = hash_of(1);
	struct key_info info = info_of(1);
	const struct key_info *found = NULL;

	put(*state, 1);
	info.min_score = 99;
	keycache_put(*state, hash.bytes, &info, NOW);
	assert_int_equal(
	    keycache_find(*state, hash.bytes, NOW, &found), KEYCACHE_FRESH);
	assert_int_equal(found->min_score, 99);
}

static void
silence_makes_entries_stale_and_word_fresh_again(void **state)
{
	put(*state, 1);
	assert_int_equal(
	    find_at(*state, 1, NOW + KEYCACHE_SILENCE_NS), KEYCACHE_FRESH);
	assert_int_equal(
	    find_at(*state, 1, NOW + KEYCACHE_SILENCE_NS + 1), KEYCACHE_STALE);
	no_changes(*state, NOW + SECOND);
	assert_int_equal(find_at(*state, 1, NOW + SECOND), KEYCACHE_FRESH);
}

static void
nothing_is_fresh_before_the_first_word(void **state)
{
	struct keycache *cache = keycache_new();

	(void)state;
	assert_non_null(cache);
	put(cache, 1);
	assert_int_equal(find_at(cache, 1, 1), KEYCACHE_STALE);
	keycache_free(&cache);
}

static void
a_changed_key_is_dropped_with_all_its_texts(void **state)
{
	struct key_changed changed = { .sequence = 2, .keys_count = 1 };
	struct key_info info = info_of(1);
	struct hash other = hash_of(500);

	put(*state, 1);
	keycache_put(*state, other.bytes, &info, NOW);
	put(*state, 2);
	changed.keys[0] = info.key_id;
	assert_false(keycache_changed(*state, &changed, NOW));
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_MISS);
	assert_int_equal(find_at(*state, 500, NOW), KEYCACHE_MISS);
	assert_int_equal(find_at(*state, 2, NOW), KEYCACHE_FRESH);
}

static void
a_reset_drops_every_key(void **state)
{
	struct key_changed changed = { .sequence = 7, .reset = true };
	struct key_changes ask;

	for (uint32_t i = 0; i < 300; i++)
		put(*state, i);
	assert_false(keycache_changed(*state, &changed, NOW));
	for (uint32_t i = 0; i < 300; i++)
		assert_int_equal(find_at(*state, i, NOW), KEYCACHE_MISS);
	keycache_ask(*state, &ask);
	assert_int_equal(ask.since, 7);
	assert_int_equal(ask.used_count, 0);
}

static void
a_full_answer_is_no_word_yet_that_all_is_known(void **state)
{
	struct key_changed changed = { .sequence = 90,
		.keys_count = PROTO_CHANGES_MAX };

	put(*state, 1);
	for (uint32_t i = 0; i < PROTO_CHANGES_MAX; i++)
		changed.keys[i] = info_of(1000 + i).key_id;
	assert_true(keycache_changed(*state, &changed, NOW + 2 * SECOND));
	assert_int_equal(find_at(*state, 1, NOW + 2 * SECOND), KEYCACHE_STALE);
	no_changes(*state, NOW + 2 * SECOND);
	assert_int_equal(find_at(*state, 1, NOW + 2 * SECOND), KEYCACHE_FRESH);
}

static void
an_expired_key_is_dropped(void **state)
{
	struct hash hash = hash_of(1);
	struct key_info info = info_of(1);
	const struct key_info *found = NULL;

	info.expires_at = 1;
	PROTO_SET(&info, key_info, expires_at);
	info.expires_in_ms = 500;
	PROTO_SET(&info, key_info, expires_in_ms);
	keycache_put(*state, hash.bytes, &info, NOW);
	assert_int_equal(
	    keycache_find(*state, hash.bytes, NOW + SECOND / 2 - 1, &found),
	    KEYCACHE_FRESH);
	assert_int_equal(
	    keycache_find(*state, hash.bytes, NOW + SECOND / 2, &found),
	    KEYCACHE_MISS);
	assert_int_equal(
	    keycache_find(*state, hash.bytes, NOW, &found), KEYCACHE_MISS);
}

/* An auth-svc that says when, by its own clock, and not how long. */
static void
an_end_by_another_clock_is_asked_about_again(void **state)
{
	struct hash hash = hash_of(1);
	struct key_info info = info_of(1);
	const struct key_info *found = NULL;

	info.expires_at = INT64_C(1776079724267);
	PROTO_SET(&info, key_info, expires_at);
	keycache_put(*state, hash.bytes, &info, NOW);
	assert_int_equal(
	    keycache_find(*state, hash.bytes, NOW, &found), KEYCACHE_FRESH);
	assert_int_equal(keycache_find(*state, hash.bytes,
			     NOW + KEYCACHE_REFUSAL_NS, &found),
	    KEYCACHE_MISS);
}

static void
refuse(struct keycache *cache, uint32_t number)
{
	struct hash hash = hash_of(number);

	keycache_refuse(cache, hash.bytes, NOW);
}

static void
a_refusal_holds_for_a_moment(void **state)
{
	refuse(*state, 1);
	assert_int_equal(find_at(*state, 1, NOW + 1), KEYCACHE_REFUSED);
	assert_int_equal(find_at(*state, 65, NOW + 1), KEYCACHE_MISS);
	no_changes(*state, NOW + KEYCACHE_REFUSAL_NS);
	assert_int_equal(
	    find_at(*state, 1, NOW + KEYCACHE_REFUSAL_NS), KEYCACHE_MISS);
}

static void
a_refusal_ends_what_was_known(void **state)
{
	put(*state, 1);
	refuse(*state, 1);
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_REFUSED);
}

static void
a_refusal_does_not_outlive_a_change(void **state)
{
	struct key_changed changed = { .sequence = 2, .keys_count = 1 };

	refuse(*state, 1);
	changed.keys[0] = info_of(1).key_id;
	assert_false(keycache_changed(*state, &changed, NOW));
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_MISS);
}

static void
a_refusal_is_not_trusted_in_silence(void **state)
{
	refuse(*state, 1);
	assert_int_equal(
	    find_at(*state, 1, NOW + KEYCACHE_SILENCE_NS + 1), KEYCACHE_MISS);
}

static void
the_least_recently_used_key_goes_first(void **state)
{
	for (uint32_t i = 0; i < KEYCACHE_ENTRIES; i++)
		put(*state, i);
	assert_int_equal(find_at(*state, 0, NOW), KEYCACHE_FRESH);
	put(*state, KEYCACHE_ENTRIES);
	assert_int_equal(find_at(*state, 0, NOW), KEYCACHE_FRESH);
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_MISS);
	assert_int_equal(find_at(*state, 2, NOW), KEYCACHE_FRESH);
	for (uint32_t i = 0; i < 3 * KEYCACHE_ENTRIES; i++)
		put(*state, 10000 + i);
	assert_int_equal(find_at(*state, 2, NOW), KEYCACHE_MISS);
}

static void
a_flood_of_refusals_costs_no_key(void **state)
{
	for (uint32_t i = 0; i < 64; i++)
		put(*state, i);
	for (uint32_t i = 0; i < 100000; i++)
		refuse(*state, 1000 + i);
	for (uint32_t i = 0; i < 64; i++)
		assert_int_equal(find_at(*state, i, NOW), KEYCACHE_FRESH);
}

static void
used_keys_are_told_once_and_in_portions(void **state)
{
	struct key_changes ask;
	size_t told = 0;

	for (uint32_t i = 0; i < 100; i++) {
		put(*state, i);
		assert_int_equal(find_at(*state, i, NOW), KEYCACHE_FRESH);
		assert_int_equal(find_at(*state, i, NOW), KEYCACHE_FRESH);
	}
	keycache_ask(*state, &ask);
	assert_int_equal(ask.used_count, PROTO_CHANGES_MAX);
	assert_int_equal(ask.since, 1);
	told += ask.used_count;
	keycache_ask(*state, &ask);
	told += ask.used_count;
	assert_int_equal(told, 100);
	keycache_ask(*state, &ask);
	assert_int_equal(ask.used_count, 0);
}

static void
key_used_rarely_is_told_beside_those_in_constant_use(void **state)
{
	struct key_info rare = info_of(0);
	struct key_changes ask;

	for (uint32_t i = 0; i <= PROTO_CHANGES_MAX; i++) {
		put(*state, i);
		assert_int_equal(find_at(*state, i, NOW), KEYCACHE_FRESH);
	}
	keycache_ask(*state, &ask);
	assert_int_equal(ask.used_count, PROTO_CHANGES_MAX);
	assert_true(uuid_equal(&ask.used[0], &rare.key_id));
}

static void
both_texts_of_a_key_are_one_use(void **state)
{
	struct key_info info = info_of(1);
	struct hash other = hash_of(500);
	const struct key_info *found = NULL;
	struct key_changes ask;

	put(*state, 1);
	keycache_put(*state, other.bytes, &info, NOW);
	assert_int_equal(find_at(*state, 1, NOW), KEYCACHE_FRESH);
	assert_int_equal(
	    keycache_find(*state, other.bytes, NOW, &found), KEYCACHE_FRESH);
	keycache_ask(*state, &ask);
	assert_int_equal(ask.used_count, 1);
	assert_true(uuid_equal(&ask.used[0], &info.key_id));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_key_is_found_once_it_was_put),
		TEST(a_newer_answer_replaces_the_older),
		TEST(silence_makes_entries_stale_and_word_fresh_again),
		TEST(nothing_is_fresh_before_the_first_word),
		TEST(a_changed_key_is_dropped_with_all_its_texts),
		TEST(a_reset_drops_every_key),
		TEST(a_full_answer_is_no_word_yet_that_all_is_known),
		TEST(an_expired_key_is_dropped),
		TEST(an_end_by_another_clock_is_asked_about_again),
		TEST(a_refusal_holds_for_a_moment),
		TEST(a_refusal_ends_what_was_known),
		TEST(a_refusal_does_not_outlive_a_change),
		TEST(a_refusal_is_not_trusted_in_silence),
		TEST(the_least_recently_used_key_goes_first),
		TEST(a_flood_of_refusals_costs_no_key),
		TEST(used_keys_are_told_once_and_in_portions),
		TEST(key_used_rarely_is_told_beside_those_in_constant_use),
		TEST(both_texts_of_a_key_are_one_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
