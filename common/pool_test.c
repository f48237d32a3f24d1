/*
 * Tests of pool.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "common/pool.h"

#define JOBS	64
#define WAIT_MS 10000

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void
square(void *data)
{
	int *number = data;

	*number *= *number;
}

static void
square_behind_gate(void *data)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	square(data);
}

/* Takes finished jobs until there were `count`. */
static size_t
take(struct pool *pool, size_t count)
{
	struct pollfd wait = { pool_descriptor(pool), POLLIN, 0 };
	struct pool_job *job = NULL;
	size_t taken = 0;

	while (taken < count) {
		assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
		for (job = pool_take(pool); job != NULL; job = job->next)
			taken++;
	}
	return taken;
}

static void
every_job_runs_once_and_comes_back(void **state)
{
	struct pool_job jobs[JOBS] = { 0 };
	int numbers[JOBS];
	struct pool *pool = pool_new(3, JOBS);
	int i;

	(void)state;
	assert_non_null(pool);
	for (i = 0; i < JOBS; i++) {
		numbers[i] = i;
		jobs[i].work = square;
		jobs[i].data = &numbers[i];
		assert_true(pool_has_room(pool, 0));
		pool_submit(pool, &jobs[i]);
	}
	assert_int_equal(take(pool, JOBS), JOBS);
	for (i = 0; i < JOBS; i++)
		assert_int_equal(numbers[i], i * i);
	assert_int_equal(pool_load(pool), 0);
	pool_free(&pool, NULL);
	assert_null(pool);
}

static void
full_pool_has_no_room_until_a_job_ends(void **state)
{
	struct pool_job jobs[3] = { 0 };
	int numbers[3] = { 1, 2, 3 };
	struct pool *pool = pool_new(1, 2);
	int i;

	(void)state;
	assert_non_null(pool);
	pthread_mutex_lock(&gate);
	for (i = 0; i < 3; i++) {
		jobs[i].work = square_behind_gate;
		jobs[i].data = &numbers[i];
		assert_true(pool_has_room(pool, 0));
		assert_int_equal(pool_has_room(pool, 1), i < 2);
		pool_submit(pool, &jobs[i]);
	}
	assert_false(pool_has_room(pool, 0));
	assert_int_equal(pool_load(pool), 3);
	pthread_mutex_unlock(&gate);
	assert_int_equal(take(pool, 3), 3);
	assert_true(pool_has_room(pool, 2));
	pool_free(&pool, NULL);
}

static size_t dropped;

static void
count_dropped(struct pool_job *job)
{
	(void)job;
	dropped++;
}

static void
jobs_that_nobody_took_are_dropped_at_the_end(void **state)
{
	struct pool_job jobs[4] = { 0 };
	int numbers[4] = { 1, 2, 3, 4 };
	struct pool *pool = pool_new(1, 4);
	int i;

	(void)state;
	assert_non_null(pool);
	dropped = 0;
	for (i = 0; i < 4; i++) {
		jobs[i].work = square;
		jobs[i].data = &numbers[i];
		pool_submit(pool, &jobs[i]);
	}
	pool_free(&pool, count_dropped);
	assert_int_equal(dropped, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_runs_once_and_comes_back),
		cmocka_unit_test(full_pool_has_no_room_until_a_job_ends),
		cmocka_unit_test(jobs_that_nobody_took_are_dropped_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
