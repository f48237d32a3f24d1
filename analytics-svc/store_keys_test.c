/*
 * Tests of which keys a report looks at.
 */
#include "analytics-svc/testing.h"

/* The walk of account 1's keys, or of one of them, over a period. */
static int
walked(struct fixture *fixture, uint8_t key, int64_t from, int64_t to)
{
	const struct uuid account_id = make_id(1), key_id = make_id(key);
	const struct period period = { .from = from, .to = to };
	struct store_key found;
	enum db_status status;
	int count = 0;

	store_begin_keys(
	    fixture->store, &account_id, key == 0 ? NULL : &key_id, period);
	while ((status = store_next_key(fixture->store, &found)) == DB_ROW)
		count++;
	assert_int_equal(status, DB_DONE);
	return count;
}

static void
keys_that_nothing_was_counted_for_are_not_looked_at(void **state)
{
	struct fixture *fixture = *state;
	struct event created = make_event(event_kind_CREATED, NOW);

	for (uint8_t key = 1; key <= 200; key++)
		fixture_ship(fixture, make_saved(key, "checkout", NOW));
	assert_int_equal(walked(fixture, 0, 0, NOW + DAY), 0);
	assert_int_equal(walked(fixture, 7, 0, NOW + DAY), 0);

	created.key_id = make_id(7);
	fixture_ship(fixture, created);
	assert_int_equal(walked(fixture, 0, 0, NOW + DAY), 1);
	assert_int_equal(walked(fixture, 7, 0, NOW + DAY), 1);
	assert_int_equal(walked(fixture, 8, 0, NOW + DAY), 0);
}

static void
keys_are_looked_at_on_the_days_between_their_first_and_last(void **state)
{
	const int64_t day = NOW / DAY * DAY;
	struct fixture *fixture = *state;

	/* In the order in which two producers may tell it. */
	fixture_ship(fixture, make_event(event_kind_CREATED, day + DAY));
	fixture_ship(fixture, make_event(event_kind_CREATED, day - 1));
	fixture_ship(fixture, make_event(event_kind_CREATED, day + HOUR));
	for (uint8_t key = 0; key <= 1; key++) {
		assert_int_equal(
		    walked(fixture, key, day - 9 * DAY, day - DAY), 0);
		assert_int_equal(
		    walked(fixture, key, day - DAY, day - DAY + 1), 1);
		assert_int_equal(walked(fixture, key, day, day + 1), 1);
		assert_int_equal(
		    walked(fixture, key, day + DAY, day + 2 * DAY), 1);
		assert_int_equal(
		    walked(fixture, key, day + 2 * DAY, day + 3 * DAY), 0);
		assert_int_equal(
		    walked(fixture, key, day - 9 * DAY, day + 9 * DAY), 1);
	}
}

#define KEYS_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(keys_that_nothing_was_counted_for_are_not_looked_at),
		KEYS_TEST(
		    keys_are_looked_at_on_the_days_between_their_first_and_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
