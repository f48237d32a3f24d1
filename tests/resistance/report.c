/*
 * Solve rates; see report.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/report.h"

#define Z95 1.959964

struct rate
rate_of(const struct corpus *truth, const int64_t *answer)
{
	struct rate rate = { 0, truth->count };
	size_t i;

	for (i = 0; i < truth->count; i++)
		rate.good += answer[i] == truth->at[i].answer;
	return rate;
}

void
rate_interval(const struct rate *rate, double *low, double *high)
{
	double n = (double)rate->count, p, middle, half;

	*low = 0;
	*high = 1;
	if (rate->count == 0)
		return;
	p = (double)rate->good / n;
	middle = (p + Z95 * Z95 / (2 * n)) / (1 + Z95 * Z95 / n);
	half = Z95 / (1 + Z95 * Z95 / n) *
	    sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n));
	*low = middle - half < 0 ? 0 : middle - half;
	*high = middle + half > 1 ? 1 : middle + half;
}

static int
by_name(const void *a, const void *b)
{
	const struct operation_rate *one = a, *two = b;

	return strcmp(one->name, two->name);
}

size_t
rates_by_operation(const struct corpus *truth, const int64_t *answer,
    struct operation_rate *rates)
{
	const struct sample *sample;
	size_t i, j, count = 0;

	for (i = 0; i < truth->count; i++) {
		sample = &truth->at[i];
		for (j = 0; j < count; j++)
			if (strcmp(rates[j].name, sample->operation) == 0)
				break;
		if (j == count) {
			if (count == OPERATIONS_MAX)
				continue;
			rates[count].name = sample->operation;
			rates[count].rate.good = 0;
			rates[count++].rate.count = 0;
		}
		rates[j].rate.count++;
		rates[j].rate.good += answer[i] == sample->answer;
	}
	qsort(rates, count, sizeof(*rates), by_name);
	return count;
}

static int
by_hash(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return (one > two) - (one < two);
}

struct repetition
repetition_of(const struct corpus *train, const struct corpus *fresh)
{
	struct repetition repetition = { 0, 0 };
	uint64_t *hash = must_alloc(train->count, sizeof(*hash)), one;
	size_t i;

	for (i = 0; i < train->count; i++)
		hash[i] = tokens_hash(train->at[i].token, train->at[i].tokens);
	qsort(hash, train->count, sizeof(*hash), by_hash);
	for (i = 0; i < train->count; i++)
		repetition.distinct += i == 0 || hash[i] != hash[i - 1];
	for (i = 0; i < fresh->count; i++) {
		one = tokens_hash(fresh->at[i].token, fresh->at[i].tokens);
		repetition.seen += bsearch(&one, hash, train->count,
				       sizeof(*hash), by_hash) != NULL;
	}
	free(hash);
	return repetition;
}
