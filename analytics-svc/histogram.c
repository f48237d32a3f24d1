/*
 * The solve-time histogram. See histogram.h.
 */
#include "analytics-svc/histogram.h"

#include "analytics-svc/counts.h"

#define STEPS (1u << HISTOGRAM_STEP_BITS)

unsigned
histogram_bucket(int64_t ms)
{
	unsigned exponent, shift;

	if (ms < 0)
		return 0;
	if (ms < (int64_t)STEPS)
		return (unsigned)ms;
	if (ms >= INT64_C(1) << HISTOGRAM_TOP_BITS)
		return HISTOGRAM_BUCKETS - 1;

	exponent = 63 - (unsigned)__builtin_clzll((unsigned long long)ms);
	shift = exponent - HISTOGRAM_STEP_BITS;
	return (shift + 1) * STEPS + ((unsigned)(ms >> shift) & (STEPS - 1));
}

int64_t
histogram_from(unsigned bucket)
{
	if (bucket < STEPS)
		return bucket;
	return (int64_t)(STEPS + bucket % STEPS) << (bucket / STEPS - 1);
}

double
histogram_value(unsigned bucket)
{
	const int64_t last = histogram_from(bucket + 1) - 1;

	return (double)(histogram_from(bucket) + last) / 2;
}

int64_t
histogram_total(const struct histogram *histogram)
{
	int64_t total = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		total = counts_sum(total, histogram->of[i]);
	return total;
}

double
histogram_percentile(const struct histogram *histogram, unsigned percent)
{
	int64_t total = histogram_total(histogram);
	int64_t rank, seen = 0;

	if (total == 0)
		return 0;

	/* The percent'th part of total, rounded up, without overflow. */
	rank = total / 100 * percent + (total % 100 * percent + 99) / 100;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen = counts_sum(seen, histogram->of[i]);
		if (seen >= rank)
			return histogram_value(i);
	}
	return histogram_value(HISTOGRAM_BUCKETS - 1);
}
