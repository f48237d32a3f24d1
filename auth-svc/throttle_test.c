/*
 * Tests of how guessing passwords is slowed down, and that nobody is locked
 * out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "auth-svc/throttle.h"

#define NOW    INT64_C(1000000000)
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define ADA    "ada@example.com"
#define BOB    "bob@example.com"

/* The waits that follow the free failures. */
static const int64_t waits_s[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };

static int
set_up(void **state)
{
	static const uint8_t key[THROTTLE_KEY_BYTES] = { 1, 2, 3 };

	*state = throttle_new(key);
	return *state != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	throttle_free((struct throttle **)state);
	return 0;
}

/* Somebody who signs in to the account from this address (0 for none). */
static struct throttle_party
party(const struct throttle *throttle, const char *email, uint32_t from)
{
	uint8_t address[PROTO_ADDRESS_LEN] = { 0x20, 0x01,
		(uint8_t)(from >> 16), (uint8_t)(from >> 8), (uint8_t)from };

	return throttle_party(throttle, email, from != 0 ? address : NULL);
}

static int64_t
begin(struct throttle *throttle, const char *email, uint32_t from, int64_t now)
{
	struct throttle_party who = party(throttle, email, from);

	return throttle_begin(throttle, &who, now);
}

static void
succeed(struct throttle *throttle, const char *email, uint32_t from)
{
	struct throttle_party who = party(throttle, email, from);

	throttle_succeeded(throttle, &who);
}

/* Fails as often as is free, from an address each. */
static void
use_up(struct throttle *throttle, const char *email, int64_t now)
{
	for (uint32_t i = 0; i < THROTTLE_ACCOUNT_FREE; i++)
		assert_int_equal(begin(throttle, email, 1000 + i, now), 0);
}

static void
wait_of_an_account_grows_to_a_minute(void **state)
{
	struct throttle *throttle = *state;
	int64_t now = NOW;

	use_up(throttle, ADA, now);
	for (size_t i = 0; i < sizeof(waits_s) / sizeof(waits_s[0]); i++) {
		assert_int_equal(
		    begin(throttle, ADA, 7, now), waits_s[i] * SECOND);
		assert_int_equal(
		    begin(throttle, ADA, 7, now + waits_s[i] * SECOND - 1), 1);
		now += waits_s[i] * SECOND;
		assert_int_equal(begin(throttle, ADA, 7, now), 0);
	}
}

static void
wait_of_an_address_grows_to_a_minute(void **state)
{
	struct throttle *throttle = *state;
	char email[32];
	int64_t now = NOW;

	for (int i = 0; i < THROTTLE_ADDRESS_FREE; i++) {
		(void)snprintf(email, sizeof(email), "user-%d", i);
		assert_int_equal(begin(throttle, email, 7, now), 0);
	}
	for (size_t i = 0; i < sizeof(waits_s) / sizeof(waits_s[0]); i++) {
		assert_int_equal(
		    begin(throttle, ADA, 7, now), waits_s[i] * SECOND);
		assert_int_equal(
		    begin(throttle, BOB, 7, now), waits_s[i] * SECOND);
		now += waits_s[i] * SECOND;
		(void)snprintf(email, sizeof(email), "more-%zu", i);
		assert_int_equal(begin(throttle, email, 7, now), 0);
	}
	assert_int_equal(begin(throttle, ADA, 8, now), 0);
}

static void
refused_attempts_do_not_prolong_the_wait(void **state)
{
	struct throttle *throttle = *state;

	use_up(throttle, ADA, NOW);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(begin(throttle, ADA, 7, NOW + i), SECOND - i);
	assert_int_equal(begin(throttle, ADA, 7, NOW + SECOND), 0);
}

static void
other_accounts_and_addresses_go_on(void **state)
{
	struct throttle *throttle = *state;

	use_up(throttle, ADA, NOW);
	assert_int_not_equal(begin(throttle, ADA, 7, NOW), 0);
	assert_int_equal(begin(throttle, BOB, 7, NOW), 0);
	assert_int_equal(begin(throttle, BOB, 0, NOW), 0);
}

static void
attempts_under_way_are_counted(void **state)
{
	struct throttle *throttle = *state;
	int begun = 0;

	for (int i = 0; i < 100; i++)
		begun += begin(throttle, ADA, 7, NOW) == 0;
	assert_int_equal(begun, THROTTLE_ACCOUNT_FREE);
}

static void
right_password_clears_the_account(void **state)
{
	struct throttle *throttle = *state;

	use_up(throttle, ADA, NOW);
	assert_int_equal(begin(throttle, ADA, 7, NOW + SECOND), 0);
	succeed(throttle, ADA, 7);
	use_up(throttle, ADA, NOW + SECOND);
	assert_int_equal(begin(throttle, ADA, 7, NOW + SECOND), SECOND);
}

/* Someone with an account of their own cannot wash an address clean with it. */
static void
right_password_counts_for_nothing_at_the_address(void **state)
{
	struct throttle *throttle = *state;
	char email[32];

	for (int i = 0; i < THROTTLE_ADDRESS_FREE; i++) {
		assert_int_equal(begin(throttle, BOB, 7, NOW), 0);
		succeed(throttle, BOB, 7);
		(void)snprintf(email, sizeof(email), "user-%d", i);
		assert_int_equal(begin(throttle, email, 7, NOW), 0);
	}
	assert_int_equal(begin(throttle, BOB, 7, NOW), SECOND);
}

static void
many_right_passwords_cost_nothing(void **state)
{
	struct throttle *throttle = *state;

	for (int i = 0; i < 1000; i++) {
		assert_int_equal(begin(throttle, ADA, 7, NOW), 0);
		succeed(throttle, ADA, 7);
	}
}

static void
undone_attempts_cost_nothing(void **state)
{
	struct throttle *throttle = *state;
	struct throttle_party ada = party(throttle, ADA, 7);

	for (int i = 0; i < 1000; i++) {
		assert_int_equal(throttle_begin(throttle, &ada, NOW), 0);
		throttle_undo(throttle, &ada);
	}
	use_up(throttle, ADA, NOW);
	assert_int_equal(begin(throttle, ADA, 7, NOW), SECOND);
}

static void
failures_are_forgotten_one_by_one(void **state)
{
	struct throttle *throttle = *state;

	use_up(throttle, ADA, NOW);
	assert_int_equal(begin(throttle, ADA, 7, NOW + 2 * MINUTE), 0);
	assert_int_equal(begin(throttle, ADA, 7, NOW + 2 * MINUTE), SECOND);
	assert_int_equal(begin(throttle, ADA, 7, NOW + 6 * MINUTE), 0);
	assert_int_equal(begin(throttle, ADA, 7, NOW + 6 * MINUTE), 0);
	assert_int_equal(begin(throttle, ADA, 7, NOW + 6 * MINUTE), SECOND);
	use_up(throttle, ADA, NOW + 100 * MINUTE);
}

static void
guesses_in_the_long_run_are_one_a_minute(void **state)
{
	struct throttle *throttle = *state;
	int64_t now = NOW, begun = 0, wait;

	while (now < NOW + 600 * MINUTE) {
		wait = begin(throttle, ADA, 7, now);
		begun += wait == 0;
		now += wait;
	}
	assert_in_range(begun, 590, 600 + THROTTLE_ACCOUNT_FREE + 10);
}

/*
 * Guessers at two hundred addresses try all the time, and always just before
 * the owner. She comes from an address of hers, asks, and comes back when she
 * was told to.
 */
static void
owner_gets_in_within_a_minute_whatever_others_do(void **state)
{
	struct throttle *throttle = *state;
	int64_t now = NOW, back = 0, wait;
	bool in = false;

	use_up(throttle, ADA, now);
	for (; now < NOW + 10 * MINUTE; now += 100) {
		for (uint32_t from = 1; from <= 200; from++)
			(void)begin(throttle, ADA, from, now);
	}
	wait = begin(throttle, ADA, 9999, now);
	assert_in_range(wait, 1, THROTTLE_WAIT_MAX_MS);
	back = now + wait;
	for (; !in; now += 100) {
		for (uint32_t from = 1; from <= 200; from++)
			(void)begin(throttle, ADA, from, now);
		if (now < back)
			continue;
		assert_int_equal(begin(throttle, ADA, 9999, now), 0);
		in = true;
	}
}

/* Each address of the crowd has a turn a minute, and no more. */
static void
crowd_has_a_turn_each_a_minute(void **state)
{
	struct throttle *throttle = *state;
	int64_t now = NOW;
	int begun = 0;

	use_up(throttle, ADA, now);
	for (; now < NOW + 20 * MINUTE; now += 100) {
		for (uint32_t from = 1; from <= 50; from++)
			begun += begin(throttle, ADA, from, now) == 0;
	}
	assert_in_range(begun, 20, 50 * (20 + 6));
}

static void
flood_of_others_does_not_clear_an_account(void **state)
{
	struct throttle *throttle = *state;
	char email[32];

	use_up(throttle, ADA, NOW);
	for (int i = 0; i < 10 * THROTTLE_ACCOUNTS; i++) {
		(void)snprintf(email, sizeof(email), "flood-%d", i);
		assert_int_equal(begin(throttle, email, 0, NOW), 0);
	}
	assert_int_equal(begin(throttle, ADA, 7, NOW), SECOND);
}

static void
newcomers_are_counted_when_memory_is_short(void **state)
{
	struct throttle *throttle = *state;
	char email[32];

	for (int i = 0; i < 10 * THROTTLE_ACCOUNTS; i++) {
		(void)snprintf(email, sizeof(email), "flood-%d", i);
		(void)begin(throttle, email, 0, NOW);
		(void)begin(throttle, email, 0, NOW);
	}
	use_up(throttle, ADA, NOW);
	assert_int_equal(begin(throttle, ADA, 7, NOW), SECOND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wait_of_an_account_grows_to_a_minute),
		TEST(wait_of_an_address_grows_to_a_minute),
		TEST(refused_attempts_do_not_prolong_the_wait),
		TEST(other_accounts_and_addresses_go_on),
		TEST(attempts_under_way_are_counted),
		TEST(right_password_clears_the_account),
		TEST(right_password_counts_for_nothing_at_the_address),
		TEST(many_right_passwords_cost_nothing),
		TEST(undone_attempts_cost_nothing),
		TEST(failures_are_forgotten_one_by_one),
		TEST(guesses_in_the_long_run_are_one_a_minute),
		TEST(owner_gets_in_within_a_minute_whatever_others_do),
		TEST(crowd_has_a_turn_each_a_minute),
		TEST(flood_of_others_does_not_clear_an_account),
		TEST(newcomers_are_counted_when_memory_is_short),
	};

	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
