/*
 * The imitator: looks up the labelled instructions that are nearest to a fresh
 * one, once what varies is masked, and runs the program that explains their
 * answers.  Where the very same masked instruction was seen often enough, only
 * that one counts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/features.h"
#include "tests/resistance/search.h"

#define NEIGHBOURS 10
#define ENOUGH	   3	/* same instructions that need no other neighbours */
#define COMMON	   4000 /* of a feature in more instructions little is learnt */

/* Which training challenges have a feature. */
struct posting {
	uint32_t *at;
	size_t count, room;
};

struct index {
	const struct corpus *train;
	struct posting *posting;
	double *weight;	 /* of a feature: its inverse document frequency */
	double *length;	 /* of a training challenge's vector */
	uint64_t *hash;	 /* of its masked instruction */
	double *overlap; /* with the fresh one that is looked up */
};

static void
index_open(struct index *index, const struct corpus *train)
{
	struct features features;
	struct posting *posting;
	const struct sample *sample;
	size_t i, j;

	index->train = train;
	index->posting = must_alloc(FEATURES, sizeof(*index->posting));
	index->weight = must_alloc(FEATURES, sizeof(double));
	index->length = must_alloc(train->count, sizeof(double));
	index->hash = must_alloc(train->count, sizeof(uint64_t));
	index->overlap = must_alloc(train->count, sizeof(double));
	for (i = 0; i < train->count; i++) {
		sample = &train->at[i];
		index->hash[i] = tokens_hash(sample->token, sample->tokens);
		features_of(&features, sample->token, sample->tokens);
		for (j = 0; j < features.count; j++) {
			posting = &index->posting[features.id[j]];
			posting->at = must_grow(posting->at, &posting->room,
			    posting->count + 1, sizeof(uint32_t));
			posting->at[posting->count++] = (uint32_t)i;
		}
	}
	for (i = 0; i < FEATURES; i++) {
		posting = &index->posting[i];
		if (posting->count == 0)
			continue;
		index->weight[i] = log((double)train->count /
				       (double)posting->count) +
		    0.01;
		for (j = 0; j < posting->count; j++)
			index->length[posting->at[j]] += index->weight[i] *
			    index->weight[i];
	}
}

static void
index_free(struct index *index)
{
	size_t i;

	for (i = 0; i < FEATURES; i++)
		free(index->posting[i].at);
	free(index->posting);
	free(index->weight);
	free(index->length);
	free(index->hash);
	free(index->overlap);
}

/* Cosines, but for the length of the fresh one, which all share. */
static void
measure(struct index *index, const struct sample *sample)
{
	const struct posting *posting;
	struct features features;
	double weight;
	size_t i, j;

	memset(index->overlap, 0, index->train->count * sizeof(double));
	features_of(&features, sample->token, sample->tokens);
	for (i = 0; i < features.count; i++) {
		posting = &index->posting[features.id[i]];
		if (posting->count > COMMON)
			continue;
		weight = index->weight[features.id[i]];
		for (j = 0; j < posting->count; j++)
			index->overlap[posting->at[j]] += weight * weight;
	}
	for (i = 0; i < index->train->count; i++)
		index->overlap[i] /= sqrt(index->length[i]);
}

/* Fills the nearest training challenges, nearest first; returns how many. */
static size_t
nearest(struct index *index, const struct sample *sample, size_t *near)
{
	uint64_t hash = tokens_hash(sample->token, sample->tokens);
	size_t count = 0, i, at;

	for (i = 0; i < index->train->count && count < NEIGHBOURS; i++)
		if (index->hash[i] == hash)
			near[count++] = i;
	if (count >= ENOUGH)
		return count;
	measure(index, sample);
	/* The same ones stay in front, whatever their common words say. */
	for (i = 0; i < count; i++)
		index->overlap[near[i]] = HUGE_VAL;
	count = 0;
	for (i = 0; i < index->train->count; i++) {
		at = count < NEIGHBOURS ? count++ : NEIGHBOURS;
		while (at > 0 &&
		    index->overlap[i] > index->overlap[near[at - 1]]) {
			if (at < NEIGHBOURS)
				near[at] = near[at - 1];
			at--;
		}
		if (at < NEIGHBOURS)
			near[at] = i;
	}
	return count;
}

static int64_t
imitate(struct index *index, const struct sample *sample)
{
	struct labelled labelled[NEIGHBOURS];
	size_t near[NEIGHBOURS], count, i;
	const struct sample *known;
	struct found best;
	struct scene scene;
	int64_t value;

	count = nearest(index, sample, near);
	for (i = 0; i < count; i++) {
		known = &index->train->at[near[i]];
		scene_open(
		    &labelled[i].scene, known, known->token, known->tokens);
		labelled[i].answer = known->answer;
	}
	if (!search_best(labelled, count, SEARCH_SINGLE | SEARCH_PAIR, &best))
		return NO_ANSWER;
	scene_open(&scene, sample, sample->token, sample->tokens);
	return program_run(&best.program, &scene, &value) ? value : NO_ANSWER;
}

void
attack_nearest(const struct attack *attack, int64_t *answer)
{
	struct index index;
	size_t i;

	memset(&index, 0, sizeof(index));
	index_open(&index, attack->train);
	for (i = 0; i < attack->fresh->count; i++)
		answer[i] = imitate(&index, &attack->fresh->at[i]);
	index_free(&index);
}
