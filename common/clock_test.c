/*
 * Tests of the steady clock: what a jump of the wall clock, a restart and a
 * reboot do to it.
 */

#include "common/testing.h"

#include "common/clock.h"

#define HOUR_MS	 3600000
#define WALL_MS	 1776079724267 /* 2026-04-13T11:28:44.267Z */
#define BOOT_ONE "11111111-1111-4111-8111-111111111111"
#define BOOT_TWO "22222222-2222-4222-8222-222222222222"

/* The steady time that an anchor gives. */
static int64_t
now(const struct clock_anchor *anchor, int64_t boot_ms)
{
	return anchor->offset_ms + boot_ms;
}

static void
first_start_takes_the_wall_clock(void **state)
{
	struct clock_anchor anchor;

	(void)state;
	anchor = clock_decide(NULL, 0, BOOT_ONE, 5000, WALL_MS);
	assert_string_equal(anchor.boot_id, BOOT_ONE);
	assert_int_equal(now(&anchor, 5000), WALL_MS);
	assert_int_equal(now(&anchor, 5001), WALL_MS + 1);
}

static void
jump_of_the_wall_clock_changes_nothing_on_the_same_boot(void **state)
{
	static const int64_t jumps[] = { HOUR_MS, -HOUR_MS, 0, -WALL_MS };
	struct clock_anchor first, again;
	size_t i;

	(void)state;
	first = clock_decide(NULL, 0, BOOT_ONE, 5000, WALL_MS);
	for (i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		/* Restarted 700 ms later; something was stored at 500 ms. */
		again = clock_decide(&first, WALL_MS + 500, BOOT_ONE, 5700,
		    WALL_MS + 700 + jumps[i]);
		assert_int_equal(again.offset_ms, first.offset_ms);
		assert_string_equal(again.boot_id, BOOT_ONE);
		assert_int_equal(now(&again, 5700), WALL_MS + 700);
	}
}

static void
reboot_takes_a_new_anchor(void **state)
{
	struct clock_anchor first, second;

	(void)state;
	first = clock_decide(NULL, 0, BOOT_ONE, 5000, WALL_MS);
	second = clock_decide(
	    &first, WALL_MS + 10, BOOT_TWO, 90, WALL_MS + HOUR_MS);
	assert_string_equal(second.boot_id, BOOT_TWO);
	assert_int_equal(now(&second, 90), WALL_MS + HOUR_MS);
}

static void
time_never_runs_backward_after_a_reboot(void **state)
{
	struct clock_anchor first, second, third;

	(void)state;
	first = clock_decide(NULL, 0, BOOT_ONE, 5000, WALL_MS);
	/* The wall clock was set back by an hour. */
	second = clock_decide(
	    &first, WALL_MS + 10, BOOT_TWO, 90, WALL_MS - HOUR_MS);
	assert_int_equal(now(&second, 90), WALL_MS + 10);
	/* Nothing was stored: the earlier boot at least is in the past. */
	third = clock_decide(&first, 0, BOOT_TWO, 90, 0);
	assert_int_equal(now(&third, 90), first.offset_ms);
}

static void
floor_holds_on_the_same_boot_too(void **state)
{
	struct clock_anchor saved, anchor;

	(void)state;
	saved = clock_decide(NULL, 0, BOOT_ONE, 5000, WALL_MS);
	anchor = clock_decide(
	    &saved, WALL_MS + HOUR_MS, BOOT_ONE, 5001, WALL_MS);
	assert_int_equal(now(&anchor, 5001), WALL_MS + HOUR_MS);
}

static void
started_clock_counts_on_from_its_anchor(void **state)
{
	struct clock_anchor anchor, again;
	int64_t before, after;

	(void)state;
	/* Before the start it is the wall clock as it was at first use. */
	before = clock_now_ms();
	assert_true(before <= clock_now_ms());
	assert_int_equal(clock_start(NULL, before + HOUR_MS, &anchor), 0);
	assert_int_equal(strlen(anchor.boot_id), CLOCK_BOOT_ID_MAX);
	after = clock_now_ms();
	assert_true(after >= before + HOUR_MS);
	assert_int_equal(clock_start(&anchor, 0, &again), 0);
	assert_int_equal(again.offset_ms, anchor.offset_ms);
	assert_string_equal(again.boot_id, anchor.boot_id);
	assert_true(clock_now_ms() >= after);
	assert_true(clock_boot_ns() > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_start_takes_the_wall_clock),
		cmocka_unit_test(
		    jump_of_the_wall_clock_changes_nothing_on_the_same_boot),
		cmocka_unit_test(reboot_takes_a_new_anchor),
		cmocka_unit_test(time_never_runs_backward_after_a_reboot),
		cmocka_unit_test(floor_holds_on_the_same_boot_too),
		cmocka_unit_test(started_clock_counts_on_from_its_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
