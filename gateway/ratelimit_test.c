/*
 * Tests of the rate limit: the rule, and that it holds between processes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/ratelimit.h"

#define SECOND	  INT64_C(1000000000)
#define START	  (1000 * SECOND)
#define PROCESSES 4
#define KEYS	  8
#define TAKES	  8000 /* of each process */
#define LIMIT	  700  /* less than all of them take of a key */

static struct uuid
key_number(unsigned n)
{
	struct uuid key = { { 0 } };

	key.bytes[0] = (uint8_t)(n >> 8);
	key.bytes[15] = (uint8_t)n;
	key.bytes[6] = 0x40;
	return key;
}

/* How many of n requests at one moment are allowed. */
static unsigned
take_many(struct ratelimit *limit, unsigned key_n, int64_t per_minute,
    int64_t now, unsigned n)
{
	struct uuid key = key_number(key_n);
	unsigned allowed = 0;

	for (unsigned i = 0; i < n; i++) {
		if (ratelimit_take(limit, &key, per_minute, now).allowed)
			allowed++;
	}
	return allowed;
}

static void
whole_minute_may_be_used_at_once(void **state)
{
	static const int64_t cases[] = { 1, 5, 60, 100, 6000, 100000 };
	struct ratelimit *limit = ratelimit_new(64);

	(void)state;
	assert_non_null(limit);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    take_many(limit, i, cases[i], START, 200000), cases[i]);
	ratelimit_free(&limit);
	assert_null(limit);
	ratelimit_free(&limit);
}

/* A client that asks for more all the time, in bursts and evenly. */
static void
no_sixty_seconds_give_more_than_the_limit(void **state)
{
	enum { STEPS = 4000, STEPS_A_MINUTE = 600 };
	static unsigned taken[STEPS];
	static const unsigned bursts[] = { 1, 7, 200 };
	struct ratelimit *limit = ratelimit_new(64);
	unsigned within, total;

	(void)state;
	assert_non_null(limit);
	for (unsigned b = 0; b < sizeof(bursts) / sizeof(bursts[0]); b++) {
		within = 0;
		total = 0;
		for (unsigned i = 0; i < STEPS; i++) {
			taken[i] = take_many(limit, b, 120,
			    START + i * (SECOND / 10) + SECOND / 20, bursts[b]);
			total += taken[i];
			within += taken[i];
			if (i >= STEPS_A_MINUTE)
				within -= taken[i - STEPS_A_MINUTE];
			assert_true(within <= 120);
		}
		/* Nearly all that 400 s allow: 6 windows of 61 s, and more. */
		assert_true(total >= 6 * 120);
	}
	ratelimit_free(&limit);
}

static void
steady_client_below_the_limit_is_never_refused(void **state)
{
	struct ratelimit *limit = ratelimit_new(64);

	(void)state;
	assert_non_null(limit);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(
		    take_many(limit, 1, 61, START + i * SECOND, 1), 1);
	ratelimit_free(&limit);
}

static void
result_tells_what_is_left_and_when_to_come_back(void **state)
{
	struct ratelimit *limit = ratelimit_new(64);
	struct uuid key = key_number(1);
	struct ratelimit_result result;

	(void)state;
	assert_non_null(limit);
	/* Four at once, two of them 10 s later. */
	for (int64_t i = 1; i <= 4; i++) {
		result = ratelimit_take(limit, &key, 4,
		    START + SECOND / 2 + (i > 2 ? 10 * SECOND : 0));
		assert_true(result.allowed);
		assert_int_equal(result.limit, 4);
		assert_int_equal(result.remaining, 4 - i);
		assert_int_equal(result.retry_after_s, 0);
		assert_int_equal(result.reset_s, 61);
	}
	result = ratelimit_take(limit, &key, 4, START + 20 * SECOND);
	assert_false(result.allowed);
	assert_int_equal(result.remaining, 0);
	assert_int_equal(result.retry_after_s, 41);
	assert_int_equal(result.reset_s, 51);
	result = ratelimit_take(limit, &key, 4, START + 61 * SECOND - 1);
	assert_false(result.allowed);
	assert_int_equal(result.retry_after_s, 1);
	result = ratelimit_take(limit, &key, 4, START + 61 * SECOND);
	assert_true(result.allowed);
	assert_int_equal(result.remaining, 1);
	result = ratelimit_take(limit, &key, 4, START + 1000 * SECOND);
	assert_true(result.allowed);
	assert_int_equal(result.remaining, 3);
	ratelimit_free(&limit);
}

static void
lowered_limit_waits_until_there_is_room(void **state)
{
	struct ratelimit *limit = ratelimit_new(64);
	struct uuid key = key_number(1);
	struct ratelimit_result result;

	(void)state;
	assert_non_null(limit);
	assert_int_equal(take_many(limit, 1, 100, START, 30), 30);
	assert_int_equal(take_many(limit, 1, 100, START + 5 * SECOND, 5), 5);
	result = ratelimit_take(limit, &key, 5, START + 10 * SECOND);
	assert_false(result.allowed);
	assert_int_equal(result.remaining, 0);
	/* Not when the 30 are past: then 5 are left, which is all of it. */
	assert_int_equal(result.retry_after_s, 56);
	ratelimit_free(&limit);
}

/* Workers read the clock before they get to the table. */
static void
clock_read_a_moment_ago_counts_all_the_same(void **state)
{
	struct ratelimit *limit = ratelimit_new(64);

	(void)state;
	assert_non_null(limit);
	assert_int_equal(take_many(limit, 1, 10, START + SECOND, 6), 6);
	assert_int_equal(take_many(limit, 1, 10, START + SECOND - 1, 6), 4);
	assert_int_equal(take_many(limit, 1, 10, START + SECOND, 6), 0);
	assert_int_equal(take_many(limit, 1, 10, START + 61 * SECOND, 6), 0);
	assert_int_equal(take_many(limit, 1, 10, START + 62 * SECOND, 20), 10);
	ratelimit_free(&limit);
}

static void
no_limit_always_allows(void **state)
{
	struct ratelimit *limit = ratelimit_new(1);

	(void)state;
	assert_non_null(limit);
	assert_int_equal(take_many(limit, 1, 0, START, 1000), 1000);
	ratelimit_free(&limit);
}

static void
keys_do_not_share_a_limit(void **state)
{
	struct ratelimit *limit = ratelimit_new(1024);

	(void)state;
	assert_non_null(limit);
	for (unsigned n = 0; n < 512; n++)
		assert_int_equal(take_many(limit, n, 10, START, 12), 10);
	ratelimit_free(&limit);
}

static void
full_table_allows_and_forgets_what_is_past(void **state)
{
	struct ratelimit *limit = ratelimit_new(4);

	(void)state;
	assert_non_null(limit);
	for (unsigned n = 0; n < 4; n++)
		assert_int_equal(take_many(limit, n, 10, START, 12), 10);
	assert_int_equal(take_many(limit, 4, 10, START, 50), 50);
	/* A minute later the windows are past: a new key gets a cell. */
	assert_int_equal(take_many(limit, 4, 10, START + 61 * SECOND, 50), 10);
	assert_int_equal(take_many(limit, 0, 10, START + 61 * SECOND, 50), 10);
	ratelimit_free(&limit);
}

static void
size_must_be_a_power_of_two(void **state)
{
	(void)state;
	assert_null(ratelimit_new(0));
	assert_null(ratelimit_new(3));
	assert_null(ratelimit_new(SIZE_MAX / 2 + 1));
}

/*
 * One process: takes from every key in turn and tells what it was allowed. A
 * start below zero stands for one that time goes on from, 30 s in all.
 */
static void
child(struct ratelimit *limit, int64_t start, int go, int out)
{
	unsigned allowed[KEYS] = { 0 };
	int64_t now = start < 0 ? -start : start;
	int64_t step = start < 0 ? 30 * SECOND / TAKES : 0;
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	for (unsigned i = 0; i < TAKES; i++, now += step)
		allowed[i % KEYS] += take_many(limit, i % KEYS, LIMIT, now, 1);
	if (write(out, allowed, sizeof(allowed)) != sizeof(allowed))
		_exit(1);
	_exit(0);
}

/* All processes at once; adds up what each key was allowed. */
static void
run_round(struct ratelimit *limit, int64_t now, unsigned total[KEYS])
{
	int go[2], out[2];
	pid_t pids[PROCESSES];

	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(out), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			child(limit, now, go[0], out[1]);
	}
	assert_int_equal(write(go[1], "gogogogo", PROCESSES), PROCESSES);
	for (int i = 0; i < PROCESSES; i++) {
		unsigned allowed[KEYS];
		int status = -1;

		assert_int_equal(
		    read(out[0], allowed, sizeof(allowed)), sizeof(allowed));
		for (int k = 0; k < KEYS; k++)
			total[k] += allowed[k];
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	(void)close(go[0]);
	(void)close(go[1]);
	(void)close(out[0]);
	(void)close(out[1]);
}

static void
processes_together_are_allowed_exactly_the_limit(void **state)
{
	struct ratelimit *limit = ratelimit_new(16);

	(void)state;
	assert_non_null(limit);
	for (int64_t round = 0; round < 4; round++) {
		unsigned total[KEYS] = { 0 };

		run_round(limit, START + round * 61 * SECOND, total);
		for (int k = 0; k < KEYS; k++)
			assert_int_equal(total[k], LIMIT);
	}
	ratelimit_free(&limit);
}

/* The seconds go on while the processes take: nothing is lost at their ends. */
static void
processes_are_exact_across_seconds(void **state)
{
	struct ratelimit *limit = ratelimit_new(16);
	unsigned total[KEYS] = { 0 };

	(void)state;
	assert_non_null(limit);
	run_round(limit, -START, total);
	for (int k = 0; k < KEYS; k++)
		assert_int_equal(total[k], LIMIT);
	ratelimit_free(&limit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_minute_may_be_used_at_once),
		cmocka_unit_test(no_sixty_seconds_give_more_than_the_limit),
		cmocka_unit_test(
		    steady_client_below_the_limit_is_never_refused),
		cmocka_unit_test(
		    result_tells_what_is_left_and_when_to_come_back),
		cmocka_unit_test(lowered_limit_waits_until_there_is_room),
		cmocka_unit_test(clock_read_a_moment_ago_counts_all_the_same),
		cmocka_unit_test(no_limit_always_allows),
		cmocka_unit_test(keys_do_not_share_a_limit),
		cmocka_unit_test(full_table_allows_and_forgets_what_is_past),
		cmocka_unit_test(size_must_be_a_power_of_two),
		cmocka_unit_test(
		    processes_together_are_allowed_exactly_the_limit),
		cmocka_unit_test(processes_are_exact_across_seconds),
	};

	return cmocka_run_group_tests_name("ratelimit", tests, NULL, NULL);
}
