/*
 * Overview and series: against a plain count of the same events, and at the
 * edges of days, months, lists and accounts.
 */
#include "analytics-svc/report.h"

#include <math.h>

#include "analytics-svc/testing.h"

#define EVENTS 6000

/* All that ship_by_chance has shipped. */
static struct {
	struct event events[EVENTS];
} history;

/* What an event adds to the totals, written down a second time. */
static void
plain_count(struct totals *totals, const struct event *event)
{
	switch ((enum event_kind)event->kind) {
	case event_kind_CREATED:
		totals->challenges += event->count;
		break;
	case event_kind_EXPIRED:
		totals->expired += event->count;
		break;
	case event_kind_REDEEMED:
		totals->siteverified += event->count;
		break;
	case event_kind_VERIFIED:
		totals->verifications += event->count;
		totals->allowed += event->verdict == verdict_ALLOWED;
		totals->incorrect += event->verdict == verdict_INCORRECT;
		totals->solved += event->verdict != verdict_INCORRECT;
		break;
	case event_kind_KEY_SAVED:
		break;
	}
}

/* Ships random events of three days, in commits of random sizes. */
static void
ship_by_chance(struct fixture *fixture, uint64_t *seed)
{
	int64_t sequence = 1;
	size_t left = 0;

	for (size_t i = 0; i < EVENTS; i++) {
		if (left == 0)
			left = 1 + test_below(seed, 200);
		history.events[i] = make_any_event(seed, NOW - DAY, 3 * DAY);
		fixture_add(fixture, history.events[i]);
		if (--left == 0 || i == EVENTS - 1) {
			assert_int_equal(
			    fixture_append(fixture, 5, sequence), sequence);
			sequence++;
		}
	}
}

/* The plain count of what an account (and key, unless 0) did in a period. */
static struct totals
count_between(uint8_t account, uint8_t key, int64_t from, int64_t to)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < EVENTS; i++)
		if (history.events[i].at >= from && history.events[i].at < to &&
		    history.events[i].account_id.bytes[0] == account &&
		    (key == 0 || history.events[i].key_id.bytes[0] == key))
			plain_count(&totals, &history.events[i]);
	return totals;
}

static void
assert_totals(const struct totals *got, const struct totals *expected)
{
	assert_true(proto_equal(&proto_totals, got, expected));
}

static void
totals_equal_a_plain_count(void **state)
{
	struct fixture *fixture = *state;
	uint64_t seed = 17;

	ship_by_chance(fixture, &seed);
	for (int round = 0; round < 400; round++) {
		const uint8_t account = (uint8_t)(1 + test_below(&seed, 2));
		const uint8_t key = (uint8_t)test_below(&seed, 4);
		const struct overview *overview;
		struct totals expected;
		int64_t from, to;

		from = NOW - 2 * DAY +
		    (int64_t)test_below(&seed, (size_t)(4 * DAY));
		to = from + 1 +
		    (int64_t)test_below(
			&seed, (size_t)(round % 2 == 0 ? 3 * DAY : 2 * HOUR));
		overview = fixture_overview(fixture, account, key, from, to);

		/* The answer is of whole minutes, and says which. */
		assert_true(
		    overview->from <= from && overview->from > from - MINUTE);
		assert_true(overview->to >= to && overview->to < to + MINUTE);
		assert_int_equal(overview->from % MINUTE, 0);
		assert_int_equal(overview->to % MINUTE, 0);
		expected = count_between(
		    account, key, overview->from, overview->to);
		assert_totals(&overview->totals, &expected);
		expected = count_between(account, key,
		    2 * overview->from - overview->to, overview->from);
		assert_totals(&overview->previous, &expected);
	}
}

static void
lists_add_up_to_a_plain_count(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;
	int64_t last = INT64_MAX;
	uint64_t seed = 19;
	uint32_t levels = 0;

	ship_by_chance(fixture, &seed);
	overview = fixture_overview(
	    fixture, 1, 0, NOW - 2 * DAY, NOW + 3 * DAY);
	assert_int_equal(overview->by_key_count, 3);
	for (uint32_t i = 0; i < overview->by_key_count; i++) {
		const struct key_totals *key = &overview->by_key[i];
		struct totals expected = count_between(
		    1, key->api_key_id.bytes[0], 0, INT64_MAX);

		assert_int_equal(key->challenges, expected.challenges);
		assert_int_equal(key->verifications, expected.verifications);
		assert_int_equal(key->solved, expected.solved);
		assert_int_equal(key->allowed, expected.allowed);
		assert_int_equal(key->incorrect, expected.incorrect);
		assert_int_equal(key->expired, expected.expired);
		assert_int_equal(key->siteverified, expected.siteverified);
		assert_true(key->challenges <= last);
		last = key->challenges;
	}

	assert_int_equal(overview->by_difficulty_count, 3);
	last = INT64_MAX;
	for (uint32_t i = 0; i < overview->by_difficulty_count; i++) {
		const struct level_totals *level = &overview->by_difficulty[i];
		struct totals expected = { 0 };

		for (size_t k = 0; k < EVENTS; k++)
			if (history.events[k].account_id.bytes[0] == 1 &&
			    PROTO_HAS(&history.events[k], event, level) &&
			    history.events[k].level == level->difficulty)
				plain_count(&expected, &history.events[k]);
		assert_int_equal(level->challenges, expected.challenges);
		assert_int_equal(level->solved, expected.solved);
		assert_int_equal(level->expired, expected.expired);
		assert_true(level->challenges <= last);
		last = level->challenges;
		levels |= 1u << level->difficulty;
	}
	assert_int_equal(levels, 7);

	assert_int_equal(overview->by_operation_count, 3);
	last = INT64_MAX;
	for (uint32_t i = 0; i < overview->by_operation_count; i++) {
		const struct operation_totals *operation =
		    &overview->by_operation[i];
		struct totals expected = { 0 };

		for (size_t k = 0; k < EVENTS; k++)
			if (history.events[k].account_id.bytes[0] == 1 &&
			    strcmp(history.events[k].operation_id,
				operation->operation_id) == 0)
				plain_count(&expected, &history.events[k]);
		assert_int_equal(operation->challenges, expected.challenges);
		assert_int_equal(operation->incorrect, expected.incorrect);
		assert_int_equal(
		    operation->siteverified, expected.siteverified);
		assert_true(operation->challenges <= last);
		last = operation->challenges;
	}
}

static void
misreadings_equal_a_plain_count(void **state)
{
	struct fixture *fixture = *state;
	uint64_t seed = 29;

	ship_by_chance(fixture, &seed);
	for (int round = 0; round < 100; round++) {
		const uint8_t key = (uint8_t)test_below(&seed, 4);
		int64_t expected[UINT8_MAX + 1] = { 0 }, sum = 0, from;
		const struct overview *overview;

		from = NOW - 2 * DAY +
		    (int64_t)test_below(&seed, (size_t)(3 * DAY));
		overview = fixture_overview(fixture, 1, key, from, from + DAY);
		for (size_t i = 0; i < EVENTS; i++) {
			const struct event *event = &history.events[i];

			if (event->at >= overview->from &&
			    event->at < overview->to &&
			    event->account_id.bytes[0] == 1 &&
			    (key == 0 || event->key_id.bytes[0] == key) &&
			    event->kind == event_kind_VERIFIED &&
			    event->verdict == verdict_INCORRECT)
				expected[event->misreading]++;
		}
		for (uint32_t i = 0; i < overview->by_misreading_count; i++) {
			const struct misreading_count *row =
			    &overview->by_misreading[i];

			assert_true(row->count > 0);
			assert_int_equal(row->count, expected[row->misreading]);
			sum += row->count;
		}
		assert_int_equal(sum, overview->totals.incorrect);
	}
}

static void
misreadings_are_listed_by_count_then_number(void **state)
{
	static const enum misreading shipped[] = { misreading_ORDER,
		misreading_ORDER, misreading_PLAIN_SUM, misreading_RULE,
		misreading_RULE, misreading_OTHER, misreading_ORDER };
	static const struct misreading_count expected[] = {
		{ .misreading = misreading_ORDER, .count = 3 },
		{ .misreading = misreading_RULE, .count = 2 },
		{ .misreading = misreading_OTHER, .count = 1 },
		{ .misreading = misreading_PLAIN_SUM, .count = 1 },
	};
	struct fixture *fixture = *state;
	const struct overview *overview;

	for (size_t i = 0; i < sizeof(shipped) / sizeof(shipped[0]); i++)
		fixture_ship(fixture, make_misread(shipped[i], NOW));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->by_misreading_count,
	    sizeof(expected) / sizeof(expected[0]));
	for (uint32_t i = 0; i < overview->by_misreading_count; i++)
		assert_true(proto_equal(&proto_misreading_count,
		    &overview->by_misreading[i], &expected[i]));
}

static void
series_equal_a_plain_count(void **state)
{
	struct fixture *fixture = *state;
	uint64_t seed = 23;

	ship_by_chance(fixture, &seed);
	for (int round = 0; round < 30; round++) {
		const enum period_grain grain = (enum period_grain)(round % 3);
		const uint8_t key = (uint8_t)test_below(&seed, 4);
		const struct series *series;
		const int64_t ms = period_grain_ms(grain);
		int64_t from, to;

		from = NOW - 2 * DAY +
		    (int64_t)test_below(&seed, (size_t)(4 * DAY));
		to = from + 1 + (int64_t)test_below(&seed, (size_t)(90 * ms));
		series = fixture_series(fixture, 1, key, from, to, grain);
		assert_int_equal(series->interval, period_interval(grain));
		assert_true(series->from <= from && series->from > from - ms);
		assert_true(series->to >= to && series->to < to + ms);
		assert_int_equal(
		    series->points_count, (series->to - series->from) / ms);
		for (uint32_t i = 0; i < series->points_count; i++) {
			const struct point *point = &series->points[i];
			struct totals expected = count_between(
			    1, key, point->at, point->at + ms);

			assert_int_equal(
			    point->at, series->from + (int64_t)i * ms);
			assert_int_equal(
			    point->challenges, expected.challenges);
			assert_int_equal(
			    point->verifications, expected.verifications);
			assert_int_equal(point->solved, expected.solved);
			assert_int_equal(point->allowed, expected.allowed);
			assert_int_equal(point->incorrect, expected.incorrect);
			assert_int_equal(point->expired, expected.expired);
			assert_int_equal(
			    point->siteverified, expected.siteverified);
		}
	}
}

static void
series_is_zero_filled_across_day_and_month_ends(void **state)
{
	/* 2026-02-28T23:58 to 2026-03-01T00:02, UTC. */
	const int64_t march = INT64_C(1772323200000);
	struct fixture *fixture = *state;
	const struct series *series;

	fixture_ship(fixture, make_event(event_kind_CREATED, march - 1));
	fixture_ship(fixture, make_event(event_kind_CREATED, march));
	series = fixture_series(fixture, 1, 0, march - 2 * MINUTE,
	    march + 2 * MINUTE, PERIOD_MINUTE);
	assert_int_equal(series->points_count, 4);
	assert_int_equal(series->points[0].at, march - 2 * MINUTE);
	assert_int_equal(series->points[0].challenges, 0);
	assert_int_equal(series->points[1].challenges, 1);
	assert_int_equal(series->points[2].at, march);
	assert_int_equal(series->points[2].challenges, 1);
	assert_int_equal(series->points[3].challenges, 0);

	series = fixture_series(
	    fixture, 1, 0, march - 2 * HOUR, march + HOUR, PERIOD_HOUR);
	assert_int_equal(series->points_count, 3);
	assert_int_equal(series->points[0].challenges, 0);
	assert_int_equal(series->points[1].challenges, 1);
	assert_int_equal(series->points[2].challenges, 1);

	series = fixture_series(
	    fixture, 1, 0, march - 28 * DAY, march + 31 * DAY, PERIOD_DAY);
	assert_int_equal(series->points_count, 59);
	for (uint32_t i = 0; i < 59; i++)
		assert_int_equal(
		    series->points[i].challenges, i == 27 || i == 28 ? 1 : 0);
}

static void
solve_time_of_a_point_is_the_mean_of_the_solved(void **state)
{
	struct event slow = make_verified(verdict_TOO_SLOW, NOW);
	struct fixture *fixture = *state;
	const struct series *series;

	slow.solve_time_ms = 1501;
	fixture_ship(fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(fixture, slow);
	fixture_ship(fixture, make_verified(verdict_INCORRECT, NOW));
	fixture_ship(fixture, make_verified(verdict_INCORRECT, NOW - MINUTE));
	series = fixture_series(
	    fixture, 1, 0, NOW - MINUTE, NOW, PERIOD_MINUTE);
	assert_int_equal(series->points_count, 2);
	assert_false(PROTO_HAS(&series->points[0], point, solve_time_avg));
	assert_int_equal(series->points[0].incorrect, 1);
	assert_true(PROTO_HAS(&series->points[1], point, solve_time_avg));
	assert_true(series->points[1].solve_time_avg == 1000.5);
}

static void
longest_series_of_minutes_is_filled(void **state)
{
	struct fixture *fixture = *state;
	const struct series *series;
	const int64_t from = NOW / MINUTE * MINUTE;

	fixture_ship(fixture, make_event(event_kind_CREATED, from));
	fixture_ship(fixture,
	    make_event(
		event_kind_CREATED, from + (PROTO_POINTS_MAX - 1) * MINUTE));
	series = fixture_series(fixture, 1, 0, from,
	    from + PROTO_POINTS_MAX * MINUTE, PERIOD_MINUTE);
	assert_int_equal(series->points_count, PROTO_POINTS_MAX);
	assert_int_equal(series->points[0].challenges, 1);
	assert_int_equal(series->points[PROTO_POINTS_MAX - 1].challenges, 1);
}

static void
nothing_counted_has_no_rates_and_no_averages(void **state)
{
	struct fixture *fixture = *state;
	const struct totals nothing = { 0 };
	const struct overview *overview;

	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_totals(&overview->totals, &nothing);
	assert_totals(&overview->previous, &nothing);
	assert_int_equal(overview->rates.present, 0);
	assert_int_equal(overview->solve_time.present, 0);
	assert_int_equal(overview->score.present, 0);
	assert_int_equal(overview->by_key_count, 0);
	assert_int_equal(overview->by_difficulty_count, 0);
	assert_int_equal(overview->by_operation_count, 0);
	assert_true(PROTO_HAS(overview, overview, by_misreading));
	assert_int_equal(overview->by_misreading_count, 0);
	assert_true(PROTO_HAS(overview, overview, solve_times));
	assert_int_equal(overview->solve_times_count, 0);
}

static void
rates_and_averages_are_of_what_was_counted(void **state)
{
	struct event slow = make_verified(verdict_TOO_SLOW, NOW);
	struct event expired = make_event(event_kind_EXPIRED, NOW);
	struct fixture *fixture = *state;
	const struct overview *overview;

	slow.solve_time_ms = 2000;
	slow.score = 305;
	expired.count = 4;
	fixture_ship(fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(fixture, slow);
	fixture_ship(fixture, make_verified(verdict_INCORRECT, NOW));
	fixture_ship(fixture, expired);
	fixture_ship(fixture, make_event(event_kind_REDEEMED, NOW));

	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_true(overview->rates.solved == 0.75);
	assert_true(overview->rates.allowed == 0.5);
	assert_true(overview->rates.expired == 0.5);
	assert_true(overview->rates.siteverified == 0.5);
	assert_true(overview->solve_time.avg == 1000);
	assert_true(fabs(overview->solve_time.p50 - 500) <= 500.0 / 32);
	assert_true(fabs(overview->solve_time.p99 - 2000) <= 2000.0 / 32);
	assert_true(fabs(overview->score.avg - 63.5) < 1e-9);
}

static void
share_is_never_more_than_one(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;

	/* Allowed before the period, redeemed twice inside it. */
	fixture_ship(fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(fixture, make_event(event_kind_REDEEMED, NOW));
	fixture_ship(fixture, make_event(event_kind_REDEEMED, NOW));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_true(overview->rates.siteverified == 1);
}

static void
percentiles_are_of_the_keys_that_were_asked_for(void **state)
{
	struct event slow = make_verified(verdict_ALLOWED, NOW);
	struct fixture *fixture = *state;

	slow.key_id = make_id(2);
	slow.solve_time_ms = 100000;
	fixture_ship(fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(fixture, slow);
	assert_true(
	    fixture_overview(fixture, 1, 1, NOW - DAY, NOW)->solve_time.p99 <
	    600);
	assert_true(
	    fixture_overview(fixture, 1, 2, NOW - DAY, NOW)->solve_time.p50 >
	    90000);
	assert_true(
	    fixture_overview(fixture, 1, 0, NOW - DAY, NOW)->solve_time.avg ==
	    50250);
}

static void
other_accounts_are_not_seen(void **state)
{
	struct event event = make_event(event_kind_CREATED, NOW);
	struct fixture *fixture = *state;
	const struct totals nothing = { 0 };
	const struct overview *overview;
	const struct series *series;

	event.account_id = make_id(2);
	event.key_id = make_id(2);
	fixture_ship(fixture, event);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_totals(&overview->totals, &nothing);
	assert_int_equal(overview->by_key_count, 0);
	/* Asking for the other account's key by its id shows nothing more. */
	overview = fixture_overview(fixture, 1, 2, NOW - DAY, NOW);
	assert_totals(&overview->totals, &nothing);
	series = fixture_series(fixture, 1, 2, NOW - 1, NOW, PERIOD_DAY);
	assert_int_equal(series->points_count, 1);
	assert_int_equal(series->points[0].challenges, 0);

	overview = fixture_overview(fixture, 2, 2, NOW - DAY, NOW);
	assert_int_equal(overview->totals.challenges, 1);
}

static void
by_key_shows_the_latest_name(void **state)
{
	struct event saved = { .kind = event_kind_KEY_SAVED, .count = 1 };
	struct fixture *fixture = *state;
	const struct overview *overview;

	fixture_ship(fixture, make_event(event_kind_CREATED, NOW));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_false(PROTO_HAS(&overview->by_key[0], key_totals, name));

	saved.at = NOW;
	saved.account_id = make_id(1);
	saved.key_id = make_id(1);
	PROTO_SET(&saved, event, name);
	memcpy(saved.name, "shop", sizeof("shop"));
	fixture_ship(fixture, saved);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_true(PROTO_HAS(&overview->by_key[0], key_totals, name));
	assert_string_equal(overview->by_key[0].name, "shop");

	memset(saved.name, 'n', PROTO_NAME_MAX);
	fixture_ship(fixture, saved);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_string_equal(overview->by_key[0].name, saved.name);
	assert_int_equal(overview->by_key_count, 1);
	assert_int_equal(overview->totals.challenges, 1);
}

static void
events_of_no_key_count_but_are_not_listed(void **state)
{
	struct event event = make_event(event_kind_EXPIRED, NOW);
	struct fixture *fixture = *state;
	const struct overview *overview;

	event.key_id = make_id(0);
	fixture_ship(fixture, event);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->totals.expired, 1);
	assert_int_equal(overview->by_key_count, 0);
}

static void
longest_list_of_keys_holds_the_busiest(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;

	/* Key n has n challenges; the first 20 do not fit. */
	for (int n = 1; n <= PROTO_KEYS_MAX + 20; n++) {
		struct event event = make_event(event_kind_CREATED, NOW);

		event.key_id = make_id((uint8_t)n);
		event.count = n;
		fixture_add(fixture, event);
	}
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->by_key_count, PROTO_KEYS_MAX);
	for (int i = 0; i < PROTO_KEYS_MAX; i++)
		assert_int_equal(
		    overview->by_key[i].challenges, PROTO_KEYS_MAX + 20 - i);
	assert_int_equal(overview->totals.challenges, 120 * 121 / 2);
}

#define REPORT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REPORT_TEST(totals_equal_a_plain_count),
		REPORT_TEST(lists_add_up_to_a_plain_count),
		REPORT_TEST(misreadings_equal_a_plain_count),
		REPORT_TEST(misreadings_are_listed_by_count_then_number),
		REPORT_TEST(series_equal_a_plain_count),
		REPORT_TEST(series_is_zero_filled_across_day_and_month_ends),
		REPORT_TEST(solve_time_of_a_point_is_the_mean_of_the_solved),
		REPORT_TEST(longest_series_of_minutes_is_filled),
		REPORT_TEST(nothing_counted_has_no_rates_and_no_averages),
		REPORT_TEST(rates_and_averages_are_of_what_was_counted),
		REPORT_TEST(share_is_never_more_than_one),
		REPORT_TEST(percentiles_are_of_the_keys_that_were_asked_for),
		REPORT_TEST(other_accounts_are_not_seen),
		REPORT_TEST(by_key_shows_the_latest_name),
		REPORT_TEST(events_of_no_key_count_but_are_not_listed),
		REPORT_TEST(longest_list_of_keys_holds_the_busiest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
