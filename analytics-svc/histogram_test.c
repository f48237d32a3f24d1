/*
 * The solve-time histogram: bounds of its buckets, and percentiles.
 */
#include "analytics-svc/histogram.h"

#include <math.h>

#include "analytics-svc/testing.h"

/* Half a bucket's width over its lower end, at most: see histogram.h. */
#define ERROR_MAX (1.0 / 32)

static void
every_value_is_near_its_buckets_middle(void **state)
{
	unsigned last = 0;

	(void)state;
	for (int64_t ms = 0; ms < INT64_C(1) << HISTOGRAM_TOP_BITS; ms++) {
		unsigned bucket = histogram_bucket(ms);
		double off = fabs(histogram_value(bucket) - (double)ms);

		if (bucket != last && bucket != last + 1)
			fail_msg("a bucket is skipped at %lld", (long long)ms);
		if (off > ERROR_MAX * (double)ms)
			fail_msg("%lld is off by %f", (long long)ms, off);
		last = bucket;
	}
	assert_int_equal(last, HISTOGRAM_BUCKETS - 1);
}

static void
buckets_begin_where_the_one_before_ends(void **state)
{
	(void)state;
	assert_int_equal(histogram_from(0), 0);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		assert_int_equal(histogram_bucket(histogram_from(i)), i);
		assert_int_equal(
		    histogram_bucket(histogram_from(i + 1) - 1), i);
	}
	assert_int_equal(histogram_from(HISTOGRAM_BUCKETS),
	    INT64_C(1) << HISTOGRAM_TOP_BITS);
}

static void
extremes_go_to_the_first_and_last_bucket(void **state)
{
	(void)state;
	assert_int_equal(histogram_bucket(INT64_MIN), 0);
	assert_int_equal(histogram_bucket(-1), 0);
	assert_int_equal(histogram_bucket(INT64_C(1) << HISTOGRAM_TOP_BITS),
	    HISTOGRAM_BUCKETS - 1);
	assert_int_equal(histogram_bucket(INT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static int
compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void
percentiles_within_bucket_error(void **state)
{
	static const unsigned percents[] = { 1, 50, 90, 99, 100 };
	static int64_t values[5000];
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 60; round++) {
		const size_t count = 1 + test_below(&seed, 5000);
		const unsigned spread = 1 + (unsigned)test_below(&seed, 21);
		struct histogram histogram = { 0 };

		for (size_t i = 0; i < count; i++) {
			values[i] = (int64_t)test_below(
			    &seed, (size_t)1 << spread);
			histogram.of[histogram_bucket(values[i])]++;
		}
		qsort(values, count, sizeof(values[0]), compare);
		assert_int_equal(histogram_total(&histogram), count);
		for (size_t i = 0; i < 5; i++) {
			size_t rank = (count * percents[i] + 99) / 100;
			double exact = (double)values[rank - 1];
			double got = histogram_percentile(
			    &histogram, percents[i]);

			assert_true(fabs(got - exact) <= ERROR_MAX * exact);
		}
	}
}

static void
percentile_of_nothing_is_zero(void **state)
{
	const struct histogram histogram = { 0 };

	(void)state;
	assert_true(histogram_percentile(&histogram, 50) == 0);
}

static void
huge_counts_do_not_overflow(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	histogram.of[3] = INT64_MAX;
	histogram.of[9] = INT64_MAX;
	assert_int_equal(histogram_total(&histogram), INT64_MAX);
	assert_true(histogram_percentile(&histogram, 99) == 3);
	assert_true(histogram_percentile(&histogram, 100) == 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_near_its_buckets_middle),
		cmocka_unit_test(buckets_begin_where_the_one_before_ends),
		cmocka_unit_test(extremes_go_to_the_first_and_last_bucket),
		cmocka_unit_test(percentiles_within_bucket_error),
		cmocka_unit_test(percentile_of_nothing_is_zero),
		cmocka_unit_test(huge_counts_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
