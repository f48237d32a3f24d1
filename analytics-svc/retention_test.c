/*
 * Tests of what is forgotten, and that no total changes by it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analytics-svc/retention.h"
#include "analytics-svc/testing.h"

#define DAYS	    INT64_C(40)
#define MINUTE_DAYS 3
#define HOUR_DAYS   10
#define FIRST	    (NOW - DAYS * DAY)
#define LOOKS_MOST  10000

/* An event of each of three keys in many minutes of each of the days. */
static void
fill(struct fixture *fixture)
{
	for (int64_t at = FIRST; at < NOW; at += 5 * HOUR + 7 * MINUTE) {
		for (uint8_t key = 1; key <= 3; key++) {
			struct event event = make_event(event_kind_CREATED, at);

			event.key_id = make_id(key);
			fixture_ship(fixture, event);
		}
	}
}

/* Ticks to the end of a day's work. */
static void
forget(struct fixture *fixture, struct retention *retention, int64_t now)
{
	bool more = true;
	int looks;

	for (looks = 0; more && looks < LOOKS_MOST; looks++) {
		assert_int_equal(db_begin(fixture->db), DB_OK);
		assert_int_equal(retention_tick(retention, now, &more), DB_OK);
		assert_int_equal(db_commit(fixture->db), DB_OK);
	}
	assert_false(more);
}

/* The oldest bucket of a grain of a key, -1 for none. */
static int64_t
oldest(struct fixture *fixture, enum period_grain grain, int64_t key)
{
	int64_t found, bucket;

	if (store_oldest_sheet(fixture->store, grain, key, &found, &bucket) !=
		DB_ROW ||
	    found != key)
		return -1;
	return bucket;
}

static void
old_minutes_and_hours_go_and_totals_stay(void **state)
{
	struct fixture *fixture = *state;
	struct retention *retention = NULL;
	int64_t challenges, key;

	fill(fixture);
	challenges =
	    fixture_overview(fixture, 1, 0, FIRST, NOW)->totals.challenges;
	assert_true(challenges > DAYS * 3);
	retention = retention_new(fixture->store, MINUTE_DAYS, HOUR_DAYS);
	assert_non_null(retention);
	forget(fixture, retention, NOW);
	fixture->kept = retention_kept(retention, NOW);

	for (key = 1; key <= 3; key++) {
		assert_true(oldest(fixture, PERIOD_MINUTE, key) >=
		    fixture->kept.minutes_from / MINUTE);
		assert_true(oldest(fixture, PERIOD_HOUR, key) >=
		    fixture->kept.hours_from / HOUR);
		assert_int_equal(oldest(fixture, PERIOD_DAY, key), FIRST / DAY);
	}
	/* From the middle of a day on: the whole of it is told now. */
	assert_int_equal(
	    fixture_overview(fixture, 1, 0, FIRST, NOW)->totals.challenges,
	    challenges);
	assert_int_equal(fixture->overview.from, FIRST / DAY * DAY);
	retention_free(&retention);
}

/* Also where a period, or the one before it, begins in a time without minutes
 * or hours. */
static void
widened_periods_add_up(void **state)
{
	struct fixture *fixture = *state;
	struct retention *retention = NULL;
	const struct overview *overview = NULL;

	fill(fixture);
	retention = retention_new(fixture->store, MINUTE_DAYS, HOUR_DAYS);
	assert_non_null(retention);
	forget(fixture, retention, NOW);
	fixture->kept = retention_kept(retention, NOW);
	for (int64_t days = 1; days < DAYS; days++) {
		const int64_t from = NOW - days * DAY - 11 * MINUTE;
		int64_t count = 0;

		overview = fixture_overview(fixture, 1, 1, from, NOW);
		for (int64_t at = FIRST; at < NOW; at += 5 * HOUR + 7 * MINUTE)
			count += at >= overview->from && at < overview->to;
		assert_int_equal(overview->totals.challenges, count);
	}
	retention_free(&retention);
}

static void
nothing_goes_that_is_kept_for_ever(void **state)
{
	struct fixture *fixture = *state;
	struct retention *retention = NULL;

	fill(fixture);
	retention = retention_new(fixture->store, 0, 0);
	assert_non_null(retention);
	forget(fixture, retention, NOW);
	assert_int_equal(oldest(fixture, PERIOD_MINUTE, 1), FIRST / MINUTE);
	assert_int_equal(oldest(fixture, PERIOD_HOUR, 1), FIRST / HOUR);
	retention_free(&retention);
}

static void
next_day_takes_the_next_minutes(void **state)
{
	struct fixture *fixture = *state;
	struct retention *retention = NULL;
	int64_t first;

	fill(fixture);
	retention = retention_new(fixture->store, MINUTE_DAYS, 0);
	assert_non_null(retention);
	forget(fixture, retention, NOW);
	first = oldest(fixture, PERIOD_MINUTE, 1);
	/* 22:58: the same day, and then another one. */
	forget(fixture, retention, NOW + HOUR);
	assert_int_equal(oldest(fixture, PERIOD_MINUTE, 1), first);
	forget(fixture, retention, NOW + DAY);
	assert_true(oldest(fixture, PERIOD_MINUTE, 1) > first);
	assert_int_equal(oldest(fixture, PERIOD_HOUR, 1), FIRST / HOUR);
	retention_free(&retention);
}

/* How many keys of account 1 have a row. */
static int64_t
known(struct fixture *fixture)
{
	struct db_stmt *stmt = db_prepare(
	    fixture->db, "known", "SELECT count(*) AS n FROM api_key");
	int64_t count;

	assert_int_equal(db_step(stmt), DB_ROW);
	count = db_int(stmt, "n");
	db_reset(stmt);
	return count;
}

static void
keys_revoked_unused_are_forgotten_after_a_day(void **state)
{
	struct fixture *fixture = *state;
	struct retention *retention = retention_new(fixture->store, 0, 0);
	struct event late = make_event(event_kind_CREATED, NOW);
	const struct overview *overview = NULL;

	assert_non_null(retention);
	for (uint8_t key = 1; key <= 100; key++)
		fixture_ship(fixture, make_saved(key, "checkout", NOW));
	for (uint8_t key = 1; key <= 90; key++)
		fixture_ship(fixture, make_saved(key, NULL, NOW));
	/* One was used, which is told later. */
	fixture_ship(fixture, make_event(event_kind_CREATED, NOW));
	/* Nothing to forget of a key that was never heard of. */
	fixture_ship(fixture, make_saved(200, NULL, NOW));

	forget(fixture, retention, NOW + DAY);
	assert_int_equal(known(fixture), 100);
	forget(fixture, retention, NOW + 2 * DAY);
	assert_int_equal(known(fixture), 100 - 89);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW + DAY);
	assert_int_equal(overview->by_key_count, 1);
	assert_string_equal(overview->by_key[0].name, "checkout");

	/* Events that come later still are counted, of a key without a name. */
	late.key_id = make_id(2);
	fixture_ship(fixture, late);
	overview = fixture_overview(fixture, 1, 2, NOW - DAY, NOW + DAY);
	assert_int_equal(overview->totals.challenges, 1);
	assert_false(PROTO_HAS(&overview->by_key[0], key_totals, name));
	retention_free(&retention);
}

#define RETENTION_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RETENTION_TEST(old_minutes_and_hours_go_and_totals_stay),
		RETENTION_TEST(widened_periods_add_up),
		RETENTION_TEST(nothing_goes_that_is_kept_for_ever),
		RETENTION_TEST(next_day_takes_the_next_minutes),
		RETENTION_TEST(keys_revoked_unused_are_forgotten_after_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
