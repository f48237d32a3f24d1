/*
 * Greedy covering of challenges by programs; see shortlist.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/shortlist.h"

#define FIRST_LOOK 100 /* challenges on which every candidate is tried */
#define FINALISTS  400

/* A candidate and how many answers it gives. */
struct tried {
	struct program program;
	size_t good;
};

static bool
solves(const struct program *program, const struct labelled *labelled)
{
	int64_t value;

	return program_run(program, &labelled->scene, &value) &&
	    value == labelled->answer;
}

/* Keeps the best so far, the weakest one last. */
static void
keep(struct tried *best, const struct program *program, size_t good)
{
	size_t i;

	if (good <= best[FINALISTS - 1].good)
		return;
	for (i = 0; i < FINALISTS && best[i].good >= good; i++)
		if (best[i].good == good &&
		    memcmp(&best[i].program, program, sizeof(*program)) == 0)
			return;
	memmove(&best[i + 1], &best[i], (FINALISTS - 1 - i) * sizeof(*best));
	best[i].program = *program;
	best[i].good = good;
}

static void
finalists(const struct labelled *labelled, size_t count, unsigned int what,
    size_t seeds, struct tried *best)
{
	struct programs programs = { NULL, 0, 0 };
	size_t seed, i, j, good;
	size_t look = count < FIRST_LOOK ? count : FIRST_LOOK;

	for (seed = 0; seed < seeds && seed < count; seed++) {
		programs.count = 0;
		search_consistent(&labelled[seed].scene, labelled[seed].answer,
		    what, &programs);
		for (i = 0; i < programs.count; i++) {
			good = 0;
			for (j = 0; j < look; j++)
				good += solves(&programs.at[i], &labelled[j]);
			keep(best, &programs.at[i], good);
		}
	}
	programs_free(&programs);
}

void
shortlist(const struct labelled *labelled, size_t count, unsigned int what,
    size_t seeds, size_t wanted, struct programs *out)
{
	struct tried *best = must_alloc(FINALISTS, sizeof(*best));
	bool *solved = must_alloc(count, sizeof(*solved));
	bool *fits = must_alloc(FINALISTS * count, sizeof(*fits));
	size_t i, j, good, most, first;

	finalists(labelled, count, what, seeds, best);
	for (i = 0; i < FINALISTS && best[i].good != 0; i++)
		for (j = 0; j < count; j++)
			fits[i * count + j] = solves(
			    &best[i].program, &labelled[j]);
	for (; wanted > 0; wanted--) {
		most = 0;
		first = 0;
		for (i = 0; i < FINALISTS && best[i].good != 0; i++) {
			good = 0;
			for (j = 0; j < count; j++)
				good += fits[i * count + j] && !solved[j];
			if (good > most) {
				most = good;
				first = i;
			}
		}
		if (most == 0)
			break;
		programs_add(out, &best[first].program);
		for (j = 0; j < count; j++)
			solved[j] = solved[j] || fits[first * count + j];
	}
	free(fits);
	free(solved);
	free(best);
}
