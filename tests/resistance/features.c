/*
 * Features and naive Bayes; see features.h.
 */
#include <math.h>
#include <stdlib.h>

#include "tests/resistance/features.h"
#include "tests/resistance/sample.h"

#define SMOOTHING 0.02

static int
by_id(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

	return (one > two) - (one < two);
}

void
features_of(struct features *features, const struct token *token, size_t tokens)
{
	size_t i, n, count = 0;

	for (i = 0; i < tokens; i++)
		for (n = 1; n <= 3 && i + n <= tokens; n++)
			features->id[count++] =
			    (uint32_t)((tokens_hash(token + i, n) *
					   0x9E3779B97F4A7C15ULL) >>
				46);
	qsort(features->id, count, sizeof(features->id[0]), by_id);
	features->count = 0;
	for (i = 0; i < count; i++)
		if (i == 0 || features->id[i] != features->id[i - 1])
			features->id[features->count++] = features->id[i];
}

void
bayes_open(struct bayes *bayes, size_t classes)
{
	bayes->classes = classes;
	bayes->prior = must_alloc(classes, sizeof(*bayes->prior));
	bayes->weight = must_alloc(
	    (size_t)FEATURES * classes, sizeof(*bayes->weight));
}

void
bayes_add(struct bayes *bayes, const struct features *features, size_t class)
{
	size_t i;

	bayes->prior[class] += 1;
	for (i = 0; i < features->count; i++)
		bayes->weight[features->id[i] * bayes->classes + class] += 1;
}

void
bayes_train(struct bayes *bayes)
{
	double total = 0, seen;
	float *weight;
	size_t class, f;

	for (class = 0; class < bayes->classes; class ++)
		total += bayes->prior[class];
	for (f = 0; f < FEATURES; f++) {
		weight = bayes->weight + f * bayes->classes;
		seen = 0;
		for (class = 0; class < bayes->classes; class ++)
			seen += (double)weight[class];
		/* A feature that no class has says nothing. */
		for (class = 0; seen > 0 && class < bayes->classes; class ++)
			weight[class] = (float)log(
			    ((double)weight[class] + SMOOTHING) /
			    (bayes->prior[class] + 2 * SMOOTHING));
	}
	for (class = 0; class < bayes->classes; class ++)
		bayes->prior[class] = log(
		    (bayes->prior[class] + SMOOTHING) / (total + 1));
}

size_t
bayes_best(
    const struct bayes *bayes, const struct features *features, double *scores)
{
	size_t class, i, best = 0;
	double score, most = 0;

	for (class = 0; class < bayes->classes; class ++) {
		score = bayes->prior[class];
		for (i = 0; i < features->count; i++)
			score += (double)bayes
				     ->weight[features->id[i] * bayes->classes +
					 class];
		if (class == 0 || score > most) {
			most = score;
			best = class;
		}
		if (scores != NULL)
			scores[class] = score;
	}
	return best;
}

void
bayes_free(struct bayes *bayes)
{
	free(bayes->prior);
	free(bayes->weight);
}
