/*
 * How long solving took, as counts in buckets that widen with the value: below
 * 16 ms each millisecond has its own, above that each doubling is cut into 16
 * equal ones (the log-linear layout of G. Tene's HdrHistogram). A bucket's
 * middle is therefore within 1/32 = 3.2 % of every whole millisecond in it,
 * and no logarithm is computed.
 */
#ifndef ANALYTICS_HISTOGRAM_H
#define ANALYTICS_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEP_BITS 4 /* 16 buckets for each doubling */
#define HISTOGRAM_TOP_BITS  22
/* 2^22 ms are 70 minutes, past the longest life of a challenge; what is
 * longer counts in the last bucket. */
#define HISTOGRAM_BUCKETS \
	((HISTOGRAM_TOP_BITS - HISTOGRAM_STEP_BITS + 1) << HISTOGRAM_STEP_BITS)

struct histogram {
	int64_t of[HISTOGRAM_BUCKETS];
};

/* The bucket of a time in milliseconds; negative ones count as 0. */
unsigned histogram_bucket(int64_t ms);

/* The first millisecond of a bucket; of HISTOGRAM_BUCKETS, where the last one
 * ends. */
int64_t histogram_from(unsigned bucket);

/* The middle of a bucket, in milliseconds. */
double histogram_value(unsigned bucket);

/* How many times were counted; stays at INT64_MAX when it is more. */
int64_t histogram_total(const struct histogram *histogram);

/*
 * The time that `percent` (1..100) of the counted ones do not exceed, by
 * nearest rank, as the middle of its bucket. 0 when nothing was counted.
 */
double
histogram_percentile(const struct histogram *histogram, unsigned percent);

#endif
