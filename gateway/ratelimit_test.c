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
burst_is_a_tenth_within_its_bounds(void **state)
{
	static const struct {
		int64_t per_minute;
		unsigned burst;
	} cases[] = { { 1, 1 }, { 5, 5 }, { 10, 10 }, { 60, 10 }, { 100, 10 },
		{ 110, 11 }, { 600, 60 }, { 100000, 10000 } };
	struct ratelimit *limit = ratelimit_new(64);

	(void)state;
	assert_non_null(limit);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    take_many(limit, i, cases[i].per_minute, START, 20000),
		    cases[i].burst);
	ratelimit_free(&limit);
	assert_null(limit);
	ratelimit_free(&limit);
}

static void
a_minute_gives_the_rate_after_the_burst(void **state)
{
	struct ratelimit *limit = ratelimit_new(64);
	unsigned allowed = 0;

	(void)state;
	assert_non_null(limit);
	assert_int_equal(take_many(limit, 1, 120, START, 100), 12);
	for (int64_t ms = 1; ms <= 60000; ms++)
		allowed += take_many(limit, 1, 120, START + ms * 1000000, 2);
	assert_int_equal(allowed, 120);
	/* Unused time beyond the burst is not saved. */
	assert_int_equal(
	    take_many(limit, 1, 120, START + 1000 * SECOND, 100), 12);
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
	/* 6 a minute: one in ten seconds, a burst of 6. */
	for (int64_t i = 1; i <= 6; i++) {
		result = ratelimit_take(limit, &key, 6, START);
		assert_true(result.allowed);
		assert_int_equal(result.limit, 6);
		assert_int_equal(result.remaining, 6 - i);
		assert_int_equal(result.retry_after_s, 0);
		assert_int_equal(result.reset_s, 10 * i);
	}
	result = ratelimit_take(limit, &key, 6, START);
	assert_false(result.allowed);
	assert_int_equal(result.remaining, 0);
	assert_int_equal(result.retry_after_s, 10);
	assert_int_equal(result.reset_s, 60);
	result = ratelimit_take(limit, &key, 6, START + 9500000000);
	assert_false(result.allowed);
	assert_int_equal(result.retry_after_s, 1);
	result = ratelimit_take(limit, &key, 6, START + 10 * SECOND);
	assert_true(result.allowed);
	assert_int_equal(result.remaining, 0);
	/* 15 s later: one whole request is saved up, and half of one. */
	result = ratelimit_take(limit, &key, 6, START + 25 * SECOND);
	assert_true(result.allowed);
	assert_int_equal(result.remaining, 0);
	result = ratelimit_take(limit, &key, 6, START + 55 * SECOND);
	assert_true(result.allowed);
	assert_int_equal(result.remaining, 2);
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
		assert_int_equal(take_many(limit, n, 60, START, 12), 10);
	ratelimit_free(&limit);
}

static void
full_table_allows_and_forgets_what_is_past(void **state)
{
	struct ratelimit *limit = ratelimit_new(4);

	(void)state;
	assert_non_null(limit);
	for (unsigned n = 0; n < 4; n++)
		assert_int_equal(take_many(limit, n, 60, START, 12), 10);
	assert_int_equal(take_many(limit, 4, 60, START, 50), 50);
	/* Ten seconds later the bursts are whole: a new key gets a cell. */
	assert_int_equal(take_many(limit, 4, 60, START + 10 * SECOND, 50), 10);
	assert_int_equal(take_many(limit, 0, 60, START + 10 * SECOND, 50), 10);
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

/* One process: takes from every key in turn and tells what it was allowed. */
static void
child(struct ratelimit *limit, int64_t now, int go, int out)
{
	unsigned allowed[KEYS] = { 0 };
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	for (unsigned i = 0; i < 4000; i++)
		allowed[i % KEYS] += take_many(limit, i % KEYS, 6000, now, 1);
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
	/* 6000 a minute: a burst of 600, then 100 a second. */
	for (int64_t round = 0; round < 4; round++) {
		unsigned total[KEYS] = { 0 };

		run_round(limit, START + round * SECOND, total);
		for (int k = 0; k < KEYS; k++)
			assert_int_equal(total[k], round == 0 ? 600 : 100);
	}
	ratelimit_free(&limit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(burst_is_a_tenth_within_its_bounds),
		cmocka_unit_test(a_minute_gives_the_rate_after_the_burst),
		cmocka_unit_test(
		    result_tells_what_is_left_and_when_to_come_back),
		cmocka_unit_test(no_limit_always_allows),
		cmocka_unit_test(keys_do_not_share_a_limit),
		cmocka_unit_test(full_table_allows_and_forgets_what_is_past),
		cmocka_unit_test(size_must_be_a_power_of_two),
		cmocka_unit_test(
		    processes_together_are_allowed_exactly_the_limit),
	};

	return cmocka_run_group_tests_name("ratelimit", tests, NULL, NULL);
}
