/*
 * What is counted: the counters, and what each kind of event adds to them.
 */
#ifndef ANALYTICS_COUNTS_H
#define ANALYTICS_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/proto.h"

/*
 * The order is that of the stored form (sheet.h): only ever appended to.
 * Verifications are not here, for they are the solved and the incorrect.
 */
enum count {
	COUNT_CHALLENGES,
	COUNT_SOLVED, /* right answers, allowed or not */
	COUNT_ALLOWED,
	COUNT_INCORRECT,
	COUNT_EXPIRED,
	COUNT_SITEVERIFIED,
	COUNT_SOLVE_MS, /* sum over the solved, milliseconds */
	COUNT_SCORE,	/* sum over the solved, tenths of a point */
};

#define COUNTS 8

struct counts {
	int64_t of[COUNTS];
};

/* a + b for numbers from 0 up; stays at INT64_MAX when it is more. */
static inline int64_t
counts_sum(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* Adds every counter of `from`. */
void counts_add(struct counts *into, const struct counts *from);

/*
 * True when the event tells of something that is counted: not a KEY_SAVED, and
 * not a VERIFIED that lacks its verdict.
 */
bool counts_takes(const struct event *event);

/* True when the event tells of a right answer, and of a wrong one. */
bool counts_is_solved(const struct event *event);
bool counts_is_incorrect(const struct event *event);

/* Adds an event that counts_takes. */
void counts_event(struct counts *counts, const struct event *event);

/* The counters as answers show them. */
struct totals counts_totals(const struct counts *counts);

/* True when nothing was counted. */
bool counts_is_zero(const struct counts *counts);

#endif
