/*
 * Attackers that apply one program to every challenge, and blind guessing.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/shortlist.h"

#define LOOK  2000 /* challenges on which the programs are compared */
#define SEEDS 40

static void
apply(
    const struct attack *attack, const struct program *program, int64_t *answer)
{
	const struct sample *sample;
	struct scene scene;
	size_t i;

	for (i = 0; i < attack->fresh->count; i++) {
		sample = &attack->fresh->at[i];
		scene_open(&scene, sample, sample->token, sample->tokens);
		if (!program_run(program, &scene, &answer[i]))
			answer[i] = NO_ANSWER;
	}
}

static void
apply_aggregate(
    const struct attack *attack, enum aggregate aggregate, int64_t *answer)
{
	struct program program;

	memset(&program, 0, sizeof(program));
	program.one = number_of(aggregate, pick_id(PICK_ALL, REF_NONE, 0));
	apply(attack, &program, answer);
}

void
attack_sum(const struct attack *attack, int64_t *answer)
{
	apply_aggregate(attack, AGG_SUM, answer);
}

void
attack_largest(const struct attack *attack, int64_t *answer)
{
	apply_aggregate(attack, AGG_MAX, answer);
}

void
attack_smallest(const struct attack *attack, int64_t *answer)
{
	apply_aggregate(attack, AGG_MIN, answer);
}

void
attack_count(const struct attack *attack, int64_t *answer)
{
	apply_aggregate(attack, AGG_COUNT, answer);
}

void
attack_product(const struct attack *attack, int64_t *answer)
{
	apply_aggregate(attack, AGG_PRODUCT, answer);
}

static int
by_answer(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

void
attack_blind(const struct attack *attack, int64_t *answer)
{
	size_t count = attack->train->count, i, run = 0, best = 0;
	int64_t *sorted = must_alloc(count, sizeof(*sorted));
	int64_t commonest = 0;

	for (i = 0; i < count; i++)
		sorted[i] = attack->train->at[i].answer;
	qsort(sorted, count, sizeof(*sorted), by_answer);
	for (i = 0; i < count; i++) {
		run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
		if (run > best) {
			best = run;
			commonest = sorted[i];
		}
	}
	free(sorted);
	for (i = 0; i < attack->fresh->count; i++)
		answer[i] = commonest;
}

void
attack_best_program(const struct attack *attack, int64_t *answer)
{
	size_t count = attack->train->count, i;
	struct labelled *labelled;
	struct programs programs = { NULL, 0, 0 };
	const struct sample *sample;

	if (count > LOOK)
		count = LOOK;
	labelled = must_alloc(count, sizeof(*labelled));
	for (i = 0; i < count; i++) {
		sample = &attack->train->at[i];
		scene_open(
		    &labelled[i].scene, sample, sample->token, sample->tokens);
		labelled[i].answer = sample->answer;
	}
	shortlist(labelled, count, SEARCH_SINGLE, SEEDS, 1, &programs);
	if (programs.count != 0)
		apply(attack, &programs.at[0], answer);
	programs_free(&programs);
	free(labelled);
}
