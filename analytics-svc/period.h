/*
 * Periods of time and the buckets that they are counted in. All of it is
 * arithmetic on UTC milliseconds since 1970; a bucket is told by its number,
 * the time divided by the grain's length, so that hours and days are UTC ones.
 */
#ifndef ANALYTICS_PERIOD_H
#define ANALYTICS_PERIOD_H

#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"

/* How finely counters are kept, each in buckets of its own. */
enum period_grain { PERIOD_MINUTE, PERIOD_HOUR, PERIOD_DAY };

#define PERIOD_GRAINS 3

#define PERIOD_DEFAULT_MS (24 * INT64_C(3600000)) /* asked without `from` */
#define PERIOD_MAX_MS	  (400 * INT64_C(86400000))
#define PERIOD_AUTO_MAX	  300 /* points that `auto` aims to stay within */
#define PERIOD_SPANS_MAX  5

/* From its first millisecond to the one before its last: [from, to). */
struct period {
	int64_t from;
	int64_t to;
};

/* Buckets of one grain: numbers first to the one before end. */
struct period_span {
	enum period_grain grain;
	int64_t first;
	int64_t end;
};

/*
 * The oldest times of which minutes and hours are kept, 0 for all; of older
 * ones there are coarser buckets only. Both begin a day.
 */
struct period_kept {
	int64_t minutes_from;
	int64_t hours_from;
};

/* What was wrong with a question: the field, and a sentence for a person. */
struct period_refusal {
	const char *field;
	const char *detail;
};

/* Milliseconds of one bucket. */
int64_t period_grain_ms(enum period_grain grain);

/* The number of the bucket that a time (0 or later) lies in. */
int64_t period_bucket(enum period_grain grain, int64_t at);

/*
 * Reads a question's range. Absent bounds (NULL) are `now`, and the default
 * length before the end. The result is what was asked, aligned to nothing yet.
 * Returns 0; -1 with *refusal naming `from` when the range is empty, turned
 * around or longer than PERIOD_MAX_MS.
 */
int period_read(struct period *period, const int64_t *from, const int64_t *to,
    int64_t now, struct period_refusal *refusal);

/*
 * Widens a period at both ends to whole buckets of a grain. Counters know no
 * time finer than a minute, so every answer is of a widened period and says
 * so in its `from` and `to`.
 */
struct period period_align(struct period period, enum period_grain grain);

/*
 * What is kept at a time when minutes are for so many days and hours for so
 * many; 0 is for ever. Hours are kept at least as long as minutes.
 */
struct period_kept
period_keep(int64_t now, int64_t minute_days, int64_t hour_days);

/* Widens a period at either end to buckets of which there are some. */
struct period
period_widen(struct period period, const struct period_kept *kept);

/* The period of the same length that ends where this one begins; cut at the
 * beginning of 1970. */
struct period period_previous(struct period period);

/*
 * Splits a period of whole minutes into the fewest buckets: minutes up to the
 * hour, hours up to the day, days, hours, minutes; parts that are empty are
 * left out. Returns how many spans were written.
 */
size_t
period_split(struct period period, struct period_span spans[PERIOD_SPANS_MAX]);

/*
 * Chooses the grain of a series. interval_AUTO takes the finest with at most
 * PERIOD_AUTO_MAX points of those that are kept, days when there is none.
 * Returns 0; -1 with *refusal naming `interval` when a chosen one has more than
 * PROTO_POINTS_MAX points, or is not kept so long.
 */
int period_choose(struct period period, enum interval interval,
    const struct period_kept *kept, enum period_grain *grain,
    struct period_refusal *refusal);

/* The wire's name of a grain. */
enum interval period_interval(enum period_grain grain);

#endif
