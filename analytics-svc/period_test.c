/*
 * Periods: what is taken and refused, and how they split into buckets.
 */
#include "analytics-svc/period.h"

#include "analytics-svc/testing.h"

/* Nothing was forgotten. */
static const struct period_kept all = { 0, 0 };

static void
absent_bounds_mean_the_last_24_hours(void **state)
{
	struct period_refusal refusal;
	struct period period;

	(void)state;
	assert_int_equal(period_read(&period, NULL, NULL, NOW, &refusal), 0);
	assert_int_equal(period.to, NOW);
	assert_int_equal(period.from, NOW - DAY);
}

static void
absent_from_means_24_hours_before_to(void **state)
{
	const int64_t to = NOW - 3 * DAY, early = 5 * HOUR;
	struct period_refusal refusal;
	struct period period;

	(void)state;
	assert_int_equal(period_read(&period, NULL, &to, NOW, &refusal), 0);
	assert_int_equal(period.to, to);
	assert_int_equal(period.from, to - DAY);

	assert_int_equal(period_read(&period, NULL, &early, NOW, &refusal), 0);
	assert_int_equal(period.from, 0);
}

static void
absent_to_means_now(void **state)
{
	const int64_t from = NOW - 100 * DAY;
	struct period_refusal refusal;
	struct period period;

	(void)state;
	assert_int_equal(period_read(&period, &from, NULL, NOW, &refusal), 0);
	assert_int_equal(period.from, from);
	assert_int_equal(period.to, NOW);
}

static void
bad_periods_name_from(void **state)
{
	static const struct period bad[] = {
		{ NOW, NOW },
		{ NOW + 1, NOW },
		{ 0, 0 },
		{ NOW - PERIOD_MAX_MS - 1, NOW },
		{ 0, PROTO_MS_MAX },
		{ PROTO_MS_MAX, 0 },
	};
	const int64_t longest = NOW - PERIOD_MAX_MS;
	const int64_t future = NOW + 1;
	struct period_refusal refusal;
	struct period period;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refusal = (struct period_refusal){ 0 };
		assert_int_equal(period_read(&period, &bad[i].from, &bad[i].to,
				     NOW, &refusal),
		    -1);
		assert_string_equal(refusal.field, "from");
		assert_non_null(refusal.detail);
	}
	assert_int_equal(
	    period_read(&period, &future, NULL, NOW, &refusal), -1);
	assert_int_equal(
	    period_read(&period, &longest, NULL, NOW, &refusal), 0);
}

static void
alignment_widens_to_whole_buckets(void **state)
{
	const struct period odd = { 2 * DAY - 1, 2 * DAY + 1 };
	const struct period even = { 2 * DAY, 3 * DAY };
	struct period period;

	(void)state;
	period = period_align(odd, PERIOD_MINUTE);
	assert_int_equal(period.from, 2 * DAY - MINUTE);
	assert_int_equal(period.to, 2 * DAY + MINUTE);
	period = period_align(odd, PERIOD_HOUR);
	assert_int_equal(period.from, 2 * DAY - HOUR);
	assert_int_equal(period.to, 2 * DAY + HOUR);
	period = period_align(odd, PERIOD_DAY);
	assert_int_equal(period.from, DAY);
	assert_int_equal(period.to, 3 * DAY);
	period = period_align(even, PERIOD_DAY);
	assert_int_equal(period.from, even.from);
	assert_int_equal(period.to, even.to);
}

static void
previous_ends_where_the_period_begins(void **state)
{
	const struct period period = { 10 * DAY, 13 * DAY };
	const struct period early = { DAY, 13 * DAY };

	(void)state;
	assert_int_equal(period_previous(period).from, 7 * DAY);
	assert_int_equal(period_previous(period).to, 10 * DAY);
	assert_int_equal(period_previous(early).from, 0);
	assert_int_equal(period_previous(early).to, DAY);
}

static void
split_takes_the_coarsest_buckets(void **state)
{
	const struct period period = { 2 * DAY - HOUR - MINUTE,
		5 * DAY + 2 * HOUR + 3 * MINUTE };
	static const struct period_span expected[] = {
		{ PERIOD_MINUTE, 2819, 2820 },
		{ PERIOD_HOUR, 47, 48 },
		{ PERIOD_DAY, 2, 5 },
		{ PERIOD_HOUR, 120, 122 },
		{ PERIOD_MINUTE, 7320, 7323 },
	};
	struct period_span spans[PERIOD_SPANS_MAX];

	(void)state;
	assert_int_equal(period_split(period, spans), 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(spans[i].grain, expected[i].grain);
		assert_int_equal(spans[i].first, expected[i].first);
		assert_int_equal(spans[i].end, expected[i].end);
	}
}

static void
split_covers_every_minute_once(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const size_t longest = i % 2 == 0 ? 4 * 24 * 60 : 130;
		struct period_span spans[PERIOD_SPANS_MAX];
		struct period period;
		int64_t at, buckets = 0;
		size_t count;

		period.from = (int64_t)test_below(&seed, 10000) * MINUTE;
		period.to = period.from +
		    (int64_t)(1 + test_below(&seed, longest)) * MINUTE;
		count = period_split(period, spans);
		assert_in_range(count, 1, PERIOD_SPANS_MAX);
		at = period.from;
		for (size_t j = 0; j < count; j++) {
			int64_t ms = period_grain_ms(spans[j].grain);

			assert_int_equal(spans[j].first * ms, at);
			assert_true(spans[j].end > spans[j].first);
			at = spans[j].end * ms;
			buckets += spans[j].end - spans[j].first;
		}
		assert_int_equal(at, period.to);
		/* Two ragged hours, two ragged days, and the days. */
		assert_true(buckets <= 2 * 59 + 2 * 23 + 4);
	}
}

static void
split_of_nothing_is_nothing(void **state)
{
	const struct period nothing = { 0, 0 };
	struct period_span spans[PERIOD_SPANS_MAX];

	(void)state;
	assert_int_equal(period_split(nothing, spans), 0);
}

static void
auto_takes_the_finest_within_300_points(void **state)
{
	static const struct {
		int64_t length;
		enum period_grain grain;
	} cases[] = {
		{ 1, PERIOD_MINUTE },
		{ 300 * MINUTE, PERIOD_MINUTE },
		{ 300 * MINUTE + 1, PERIOD_HOUR },
		{ DAY, PERIOD_HOUR },
		{ 300 * HOUR, PERIOD_HOUR },
		{ 300 * HOUR + 1, PERIOD_DAY },
		{ PERIOD_MAX_MS, PERIOD_DAY },
	};
	struct period_refusal refusal;
	enum period_grain grain;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct period period = { DAY, DAY + cases[i].length };

		assert_int_equal(period_choose(period, interval_AUTO, &all,
				     &grain, &refusal),
		    0);
		assert_int_equal(grain, cases[i].grain);
	}
}

static void
too_many_points_name_interval(void **state)
{
	struct period fits = { DAY, DAY + (int64_t)PROTO_POINTS_MAX * MINUTE };
	struct period ragged = { DAY + 1,
		DAY + (int64_t)PROTO_POINTS_MAX * MINUTE + 1 };
	struct period hours = { DAY, DAY + INT64_C(1501) * HOUR };
	struct period_refusal refusal = { 0 };
	enum period_grain grain;

	(void)state;
	assert_int_equal(
	    period_choose(fits, interval_MINUTE, &all, &grain, &refusal), 0);
	assert_int_equal(grain, PERIOD_MINUTE);
	assert_int_equal(
	    period_choose(ragged, interval_MINUTE, &all, &grain, &refusal), -1);
	assert_string_equal(refusal.field, "interval");
	assert_int_equal(
	    period_choose(hours, interval_HOUR, &all, &grain, &refusal), -1);
	assert_int_equal(
	    period_choose(hours, interval_DAY, &all, &grain, &refusal), 0);
	assert_int_equal(grain, PERIOD_DAY);
}

static void
kept_times_begin_a_day(void **state)
{
	struct period_kept kept = period_keep(NOW, 2, 5);
	const int64_t today = NOW / DAY * DAY;

	(void)state;
	assert_int_equal(kept.minutes_from, today - 2 * DAY);
	assert_int_equal(kept.hours_from, today - 5 * DAY);
	/* Hours at least as long as minutes; 0 is for ever. */
	kept = period_keep(NOW, 7, 5);
	assert_int_equal(kept.hours_from, today - 7 * DAY);
	kept = period_keep(NOW, 0, 5);
	assert_int_equal(kept.minutes_from, 0);
	assert_int_equal(kept.hours_from, 0);
	/* The clock of a machine that has none. */
	kept = period_keep(HOUR, 7, 7);
	assert_int_equal(kept.minutes_from, 0);
}

static void
periods_widen_to_what_is_kept(void **state)
{
	const struct period_kept kept = { 20 * DAY, 10 * DAY };
	struct period period = { 5 * DAY + MINUTE, 15 * DAY + MINUTE };

	(void)state;
	period = period_widen(period, &kept);
	assert_int_equal(period.from, 5 * DAY);
	assert_int_equal(period.to, 15 * DAY + HOUR);
	period = (struct period){ 15 * DAY + MINUTE, 20 * DAY + MINUTE + 1 };
	period = period_widen(period, &kept);
	assert_int_equal(period.from, 15 * DAY);
	assert_int_equal(period.to, 20 * DAY + 2 * MINUTE);
}

static void
interval_that_is_not_kept_is_refused(void **state)
{
	const struct period_kept kept = { 20 * DAY, 10 * DAY };
	const struct period hours = { 20 * DAY - MINUTE, 20 * DAY };
	const struct period days = { 10 * DAY - MINUTE, 10 * DAY };
	struct period_refusal refusal = { 0 };
	enum period_grain grain;

	(void)state;
	assert_int_equal(
	    period_choose(hours, interval_MINUTE, &kept, &grain, &refusal), -1);
	assert_string_equal(refusal.field, "interval");
	assert_int_equal(
	    period_choose(days, interval_HOUR, &kept, &grain, &refusal), -1);
	assert_int_equal(
	    period_choose(hours, interval_AUTO, &kept, &grain, &refusal), 0);
	assert_int_equal(grain, PERIOD_HOUR);
	assert_int_equal(
	    period_choose(days, interval_AUTO, &kept, &grain, &refusal), 0);
	assert_int_equal(grain, PERIOD_DAY);
}

static void
grains_are_the_wires_intervals(void **state)
{
	(void)state;
	assert_int_equal(period_interval(PERIOD_MINUTE), interval_MINUTE);
	assert_int_equal(period_interval(PERIOD_HOUR), interval_HOUR);
	assert_int_equal(period_interval(PERIOD_DAY), interval_DAY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_bounds_mean_the_last_24_hours),
		cmocka_unit_test(absent_from_means_24_hours_before_to),
		cmocka_unit_test(absent_to_means_now),
		cmocka_unit_test(bad_periods_name_from),
		cmocka_unit_test(alignment_widens_to_whole_buckets),
		cmocka_unit_test(previous_ends_where_the_period_begins),
		cmocka_unit_test(split_takes_the_coarsest_buckets),
		cmocka_unit_test(split_covers_every_minute_once),
		cmocka_unit_test(split_of_nothing_is_nothing),
		cmocka_unit_test(auto_takes_the_finest_within_300_points),
		cmocka_unit_test(too_many_points_name_interval),
		cmocka_unit_test(kept_times_begin_a_day),
		cmocka_unit_test(periods_widen_to_what_is_kept),
		cmocka_unit_test(interval_that_is_not_kept_is_refused),
		cmocka_unit_test(grains_are_the_wires_intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
