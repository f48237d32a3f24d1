/*
 * The distribution of solve times in an overview: against a plain count of the
 * same events, and the bounds of its buckets.
 */
#include "analytics-svc/report.h"
#include "analytics-svc/testing.h"

#define EVENTS	  3000
#define BATCH	  100
#define LAST_FROM INT64_C(3670016) /* of the last bucket: 3.5 * 2^20 */
#define LAST_TO	  INT64_C(4194304) /* 2^22 */

static struct event
solved_in(int64_t ms)
{
	struct event event = make_verified(verdict_ALLOWED, NOW);

	event.solve_time_ms = ms;
	return event;
}

static void
assert_bucket(const struct time_count *got, int64_t from, int64_t to, int count)
{
	assert_int_equal(got->from_ms, from);
	assert_int_equal(got->to_ms, to);
	assert_int_equal(got->count, count);
}

static void
times_equal_a_plain_count(void **state)
{
	static struct event events[EVENTS];
	struct fixture *fixture = *state;
	const struct overview *overview;
	int64_t sum = 0, end = 0;
	uint64_t seed = 31;

	for (int i = 0; i < EVENTS; i++) {
		events[i] = make_any_event(&seed, NOW - DAY, DAY);
		fixture_add(fixture, events[i]);
		if (i % BATCH == BATCH - 1)
			(void)fixture_append(fixture, 5, 1 + i / BATCH);
	}
	overview = fixture_overview(fixture, 1, 2, NOW - 2 * DAY, NOW + DAY);
	assert_true(overview->solve_times_count > 1);
	for (uint32_t i = 0; i < overview->solve_times_count; i++) {
		const struct time_count *bucket = &overview->solve_times[i];
		int64_t expected = 0;

		for (int k = 0; k < EVENTS; k++)
			expected += events[k].account_id.bytes[0] == 1 &&
			    events[k].key_id.bytes[0] == 2 &&
			    events[k].kind == event_kind_VERIFIED &&
			    events[k].verdict != verdict_INCORRECT &&
			    events[k].solve_time_ms >= bucket->from_ms &&
			    events[k].solve_time_ms < bucket->to_ms;
		assert_int_equal(bucket->count, expected);
		assert_true(bucket->from_ms < bucket->to_ms);
		assert_true(i == 0 || bucket->from_ms == end);
		end = bucket->to_ms;
		sum += bucket->count;
	}
	assert_int_equal(sum, overview->totals.solved);
}

static void
times_are_in_quarters_of_a_doubling(void **state)
{
	static const int64_t times[] = { 500, 511, 512, 639, 640, 1024 };
	struct fixture *fixture = *state;
	const struct overview *overview;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		fixture_ship(fixture, solved_in(times[i]));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->solve_times_count, 6);
	assert_bucket(&overview->solve_times[0], 448, 512, 2);
	assert_bucket(&overview->solve_times[1], 512, 640, 2);
	assert_bucket(&overview->solve_times[2], 640, 768, 1);
	assert_bucket(&overview->solve_times[3], 768, 896, 0);
	assert_bucket(&overview->solve_times[4], 896, 1024, 0);
	assert_bucket(&overview->solve_times[5], 1024, 1280, 1);
}

/* From the least to the most there is, all buckets in between. */
static void
longest_list_of_times_is_filled(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;

	fixture_ship(fixture, solved_in(0));
	fixture_ship(fixture, solved_in(LAST_TO - 1));
	fixture_ship(fixture, solved_in(10 * LAST_TO));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->solve_times_count, PROTO_TIMES_MAX);
	assert_bucket(&overview->solve_times[0], 0, 4, 1);
	assert_bucket(
	    &overview->solve_times[PROTO_TIMES_MAX - 1], LAST_FROM, LAST_TO, 2);
}

static void
wrong_answers_have_no_time(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;

	fixture_ship(fixture, make_verified(verdict_INCORRECT, NOW));
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW);
	assert_int_equal(overview->totals.incorrect, 1);
	assert_true(PROTO_HAS(overview, overview, solve_times));
	assert_int_equal(overview->solve_times_count, 0);
}

#define TIMES_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TIMES_TEST(times_equal_a_plain_count),
		TIMES_TEST(times_are_in_quarters_of_a_doubling),
		TIMES_TEST(longest_list_of_times_is_filled),
		TIMES_TEST(wrong_answers_have_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
