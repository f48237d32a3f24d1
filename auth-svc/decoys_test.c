/*
 * What an e-mail address without an account is verified against.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/testing.h"

#define CHEAP	"$argon2id$v=19$m=8,t=1,p=1$"
#define DEARER	"$argon2id$v=19$m=16,t=2,p=1$"
#define STRANGE 20000 /* addresses without an account */

/* Accounts with a hash of this cost; nobody signs in by it. */
static void
add_accounts(struct testing *testing, const char *hash, int count)
{
	static int number;
	struct account account = { .created_at = TEST_NOW };

	for (int i = 0; i < count; i++) {
		number++;
		memcpy(account.id.bytes, &number, sizeof(number));
		(void)snprintf(account.email, sizeof(account.email),
		    "a%d@example.com", number);
		(void)snprintf(account.password_hash,
		    sizeof(account.password_hash), "%sAAAAAAAA$BBBBBBBB", hash);
		assert_int_equal(
		    store_account_add(testing->auth.store, &account), DB_OK);
	}
}

static void
prepare(struct testing *testing, struct decoys *decoys)
{
	static const uint8_t key[DECOY_KEY_BYTES] = "a key that stays";
	enum db_status status = DB_OK;

	assert_int_equal(decoys_prepare(decoys, key, testing->auth.store,
			     &testing->auth.policy, &status),
	    0);
}

/* How many addresses get a hash that begins so. */
static int
count_chosen(const struct decoys *decoys, const char *begin)
{
	char email[64];
	int count = 0;

	for (int i = 0; i < STRANGE; i++) {
		(void)snprintf(email, sizeof(email), "nobody%d@example.com", i);
		count += strncmp(decoys_choose(decoys, email), begin,
			     strlen(begin)) == 0;
	}
	return count;
}

static void
without_accounts_it_costs_what_the_settings_say(void **state)
{
	struct testing *testing = *state;
	struct decoys decoys;

	prepare(testing, &decoys);
	assert_int_equal(count_chosen(&decoys, CHEAP), STRANGE);
	assert_false(password_is_outdated(&testing->auth.policy,
	    decoys_choose(&decoys, "nobody@example.com")));
}

static void
each_cost_is_chosen_as_often_as_accounts_have_it(void **state)
{
	struct testing *testing = *state;
	struct decoys decoys;

	add_accounts(testing, CHEAP, 30);
	add_accounts(testing, DEARER, 10);
	prepare(testing, &decoys);
	/* A quarter: 5000, with a standard deviation of 61. */
	assert_in_range(count_chosen(&decoys, DEARER), 4600, 5400);
	assert_int_equal(
	    count_chosen(&decoys, CHEAP) + count_chosen(&decoys, DEARER),
	    STRANGE);
}

static void
an_address_gets_the_same_one_each_time(void **state)
{
	struct testing *testing = *state;
	struct decoys decoys;
	const char *first = NULL;

	add_accounts(testing, CHEAP, 1);
	add_accounts(testing, DEARER, 1);
	prepare(testing, &decoys);
	first = decoys_choose(&decoys, "nobody@example.com");
	for (int i = 0; i < 100; i++)
		assert_ptr_equal(
		    decoys_choose(&decoys, "nobody@example.com"), first);
	assert_int_equal(password_verify(first, ""), PASSWORD_DIFFERS);
}

/* The settings' own are the cheap ones here: accounts go from dear to cheap. */
static void
addresses_move_as_accounts_do_and_never_back(void **state)
{
	struct testing *testing = *state;
	struct decoys before, after;
	char email[64];
	int moved = 0;

	add_accounts(testing, DEARER, 30);
	add_accounts(testing, CHEAP, 10);
	prepare(testing, &before);
	add_accounts(testing, CHEAP, 50);
	prepare(testing, &after);
	for (int i = 0; i < STRANGE; i++) {
		(void)snprintf(email, sizeof(email), "nobody%d@example.com", i);
		if (strncmp(decoys_choose(&before, email), CHEAP,
			strlen(CHEAP)) == 0)
			assert_int_equal(strncmp(decoys_choose(&after, email),
					     CHEAP, strlen(CHEAP)),
			    0);
		else
			moved += strncmp(decoys_choose(&after, email), CHEAP,
				     strlen(CHEAP)) == 0;
	}
	/* From three quarters to a third: 8333, standard deviation 70. */
	assert_in_range(moved, 7900, 8800);
}

static void
more_costs_than_there_is_room_for_leave_out_the_rarest(void **state)
{
	struct testing *testing = *state;
	struct decoys decoys;
	char begin[64];

	for (int i = 0; i <= DECOYS_MAX; i++) {
		(void)snprintf(begin, sizeof(begin),
		    "$argon2id$v=19$m=%d,t=1,p=1$", 8 + i);
		add_accounts(testing, begin, i + 1);
	}
	prepare(testing, &decoys);
	assert_int_equal(decoys.count, DECOYS_MAX);
	assert_int_equal(count_chosen(&decoys, CHEAP), 0);
	assert_true(count_chosen(&decoys, begin) > 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_accounts_it_costs_what_the_settings_say),
		TEST(each_cost_is_chosen_as_often_as_accounts_have_it),
		TEST(an_address_gets_the_same_one_each_time),
		TEST(addresses_move_as_accounts_do_and_never_back),
		TEST(more_costs_than_there_is_room_for_leave_out_the_rarest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
