/*
 * Solve rates, with the interval that a rate from a sample leaves open.
 */

#ifndef TESTS_RESISTANCE_REPORT_H
#define TESTS_RESISTANCE_REPORT_H

#include "tests/resistance/attack.h"

struct rate {
	size_t good;
	size_t count;
};

/* Counts the answers that are those of the challenges. */
struct rate rate_of(const struct corpus *truth, const int64_t *answer);

/* The Wilson score interval at 95 %, as shares. */
void rate_interval(const struct rate *rate, double *low, double *high);

#define OPERATIONS_MAX 64

/* The same by operation; returns how many operations there are. */
struct operation_rate {
	const char *name;
	struct rate rate;
};
size_t rates_by_operation(const struct corpus *truth, const int64_t *answer,
    struct operation_rate *rates);

/* What there is to learn from: how far masked instructions repeat. */
struct repetition {
	size_t distinct; /* masked instructions of the training set */
	size_t seen;	 /* fresh ones whose masked instruction is one */
};

struct repetition
repetition_of(const struct corpus *train, const struct corpus *fresh);

#endif
