/*
 * Measuring the generator: see sample.h.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "challenge-svc/lang/structure.h"
#include "challenge-svc/sample.h"

#define ANSWERS	  10000
#define NS_PER_US 1000.0
#define NS_PER_S  INT64_C(1000000000)
#define ROUNDS	  20
#define ROUND_MAX 10000

/* A set of hashes: open addressing, 0 for a free place. */
struct set {
	uint64_t *place;
	uint64_t mask;
	uint64_t count;
};

static int
set_open(struct set *set, uint64_t most)
{
	uint64_t size = 1024;

	while (size < 2 * most)
		size *= 2;
	set->place = calloc(size, sizeof(*set->place));
	set->mask = size - 1;
	set->count = 0;

	return set->place == NULL ? -1 : 0;
}

static void
set_add(struct set *set, uint64_t hash)
{
	uint64_t i;

	if (hash == 0)
		hash = 1;
	for (i = hash & set->mask; set->place[i] != 0;
	     i = (i + 1) & set->mask) {
		if (set->place[i] == hash)
			return;
	}
	set->place[i] = hash;
	set->count++;
}

static int64_t
cpu_ns(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);

	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Microseconds of a core for one challenge: the best of a few rounds. */
static double
time_one(const struct sample_options *options, const struct phrasebook *book,
    enum challenge_level level)
{
	const uint64_t count = options->count < ROUND_MAX ? options->count
							  : ROUND_MAX;
	struct instance instance;
	int64_t best = INT64_MAX, begun;
	uint64_t i;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		begun = cpu_ns();
		for (i = 0; i < count; i++)
			sample_draw(&instance, book, level, options->seed, i);
		begun = cpu_ns() - begun;
		best = begun < best ? begun : best;
	}

	return (double)best / NS_PER_US / (double)count;
}

int
sample_measure(const struct sample_options *options,
    const struct phrasebook *book, enum challenge_level level)
{
	static uint32_t answers[ANSWERS];
	struct instance instance;
	struct set structures;
	uint64_t i, words = 0, human = 0;
	uint32_t best = 0;
	double us = time_one(options, book, level);
	double count = (double)options->count;

	if (set_open(&structures, options->count) != 0)
		return -1;
	memset(answers, 0, sizeof(answers));
	for (i = 0; i < options->count; i++) {
		sample_draw(&instance, book, level, options->seed, i);
		set_add(&structures, structure_hash(instance.instruction));
		words += instance.words;
		human += instance.human_time_ms;
		if (instance.answer >= 0 && instance.answer < ANSWERS)
			answers[instance.answer]++;
	}
	free(structures.place);
	for (i = 0; i < ANSWERS; i++)
		best = answers[i] > best ? answers[i] : best;

	return printf("%-6s %" PRIu64 " structures in %" PRIu64
		      " challenges; blind guessing %.2f %%; %.1f us a "
		      "challenge; %.1f words, human time %.1f s on average\n",
		   challenge_level_name(level), structures.count,
		   options->count, 100.0 * best / count, us,
		   (double)words / count, (double)human / count / 1000) < 0
	    ? -1
	    : 0;
}
