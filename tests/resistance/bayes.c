/*
 * The classifier: naive Bayes tells the operation, and among the programs that
 * explain most challenges of an operation a second one tells which.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/features.h"
#include "tests/resistance/report.h"
#include "tests/resistance/shortlist.h"

#define LOOK	 400 /* challenges of an operation that are looked at */
#define SEEDS	 12
#define PROGRAMS 24 /* for one operation */

struct operation {
	const char *name;
	struct programs programs;
	struct bayes which;
};

struct classifier {
	struct operation operation[OPERATIONS_MAX];
	size_t operations;
	struct bayes bayes;
	size_t *class; /* of each training challenge */
};

static size_t
operation_of(struct classifier *classifier, const char *name)
{
	size_t i;

	for (i = 0; i < classifier->operations; i++)
		if (strcmp(classifier->operation[i].name, name) == 0)
			return i;
	if (i == OPERATIONS_MAX)
		return 0;
	classifier->operation[i].name = name;
	return classifier->operations++;
}

static void
learn_operations(struct classifier *classifier, const struct corpus *train)
{
	const struct sample *sample;
	struct features features;
	size_t i;

	classifier->class = must_alloc(train->count, sizeof(size_t));
	for (i = 0; i < train->count; i++)
		classifier->class[i] = operation_of(
		    classifier, train->at[i].operation);
	bayes_open(&classifier->bayes, classifier->operations);
	for (i = 0; i < train->count; i++) {
		sample = &train->at[i];
		features_of(&features, sample->token, sample->tokens);
		bayes_add(&classifier->bayes, &features, classifier->class[i]);
	}
	bayes_train(&classifier->bayes);
}

/* The first program of an operation that gives a challenge's answer. */
static size_t
program_for(const struct operation *operation, const struct sample *sample)
{
	struct scene scene;
	int64_t value;
	size_t i;

	scene_open(&scene, sample, sample->token, sample->tokens);
	for (i = 0; i < operation->programs.count; i++)
		if (program_run(&operation->programs.at[i], &scene, &value) &&
		    value == sample->answer)
			break;
	return i;
}

static void
learn_programs(
    struct classifier *classifier, size_t class, const struct corpus *train)
{
	struct operation *operation = &classifier->operation[class];
	struct labelled *labelled = must_alloc(LOOK, sizeof(*labelled));
	const struct sample *sample;
	struct features features;
	size_t i, count = 0, fits;

	for (i = 0; i < train->count && count < LOOK; i++) {
		sample = &train->at[i];
		if (classifier->class[i] != class)
			continue;
		scene_open(&labelled[count].scene, sample, sample->token,
		    sample->tokens);
		labelled[count++].answer = sample->answer;
	}
	shortlist(labelled, count, SEARCH_SINGLE | SEARCH_PAIR, SEEDS, PROGRAMS,
	    &operation->programs);
	free(labelled);
	if (operation->programs.count == 0)
		return;
	bayes_open(&operation->which, operation->programs.count);
	for (i = 0; i < train->count; i++) {
		sample = &train->at[i];
		if (classifier->class[i] != class)
			continue;
		fits = program_for(operation, sample);
		if (fits == operation->programs.count)
			continue;
		features_of(&features, sample->token, sample->tokens);
		bayes_add(&operation->which, &features, fits);
	}
	bayes_train(&operation->which);
}

static int64_t
classify(const struct classifier *classifier, const struct sample *sample)
{
	const struct operation *operation;
	const struct program *program;
	struct features features;
	struct scene scene;
	int64_t value;

	features_of(&features, sample->token, sample->tokens);
	operation = &classifier->operation[bayes_best(
	    &classifier->bayes, &features, NULL)];
	if (operation->programs.count == 0)
		return NO_ANSWER;
	program = &operation->programs
		       .at[bayes_best(&operation->which, &features, NULL)];
	scene_open(&scene, sample, sample->token, sample->tokens);
	return program_run(program, &scene, &value) ? value : NO_ANSWER;
}

void
attack_bayes(const struct attack *attack, int64_t *answer)
{
	struct classifier *classifier = must_alloc(1, sizeof(*classifier));
	size_t i;

	learn_operations(classifier, attack->train);
	for (i = 0; i < classifier->operations; i++)
		learn_programs(classifier, i, attack->train);
	for (i = 0; i < attack->fresh->count; i++)
		answer[i] = classify(classifier, &attack->fresh->at[i]);
	for (i = 0; i < classifier->operations; i++) {
		programs_free(&classifier->operation[i].programs);
		bayes_free(&classifier->operation[i].which);
	}
	bayes_free(&classifier->bayes);
	free(classifier->class);
	free(classifier);
}
