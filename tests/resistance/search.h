/*
 * Search in the space of programs: which of them give the answers of labelled
 * challenges whose instructions have one masked form.
 */

#ifndef TESTS_RESISTANCE_SEARCH_H
#define TESTS_RESISTANCE_SEARCH_H

#include "tests/resistance/program.h"

enum {
	SEARCH_SINGLE = 1, /* one number and a tail */
	SEARCH_PAIR = 2,   /* two plain numbers joined, and a tail */
	SEARCH_IF = 4,	   /* numbers of phrases under a condition */
	SEARCH_CHAIN = 16, /* a phrase's number, a tail, joined, and a tail */
	SEARCH_TWICE = 8,  /* with two tails */
};

struct programs {
	struct program *at;
	size_t count;
	size_t room;
};

/* One labelled challenge, its instruction possibly reduced. */
struct labelled {
	struct scene scene;
	int64_t answer;
};

struct found {
	struct program program;
	unsigned int fits; /* answers that it gives */
	double score;	   /* the larger the likelier */
};

/* Appends every program that gives the answer in the scene. */
void search_consistent(const struct scene *scene, int64_t answer,
    unsigned int what, struct programs *programs);

/*
 * The program that explains most of the challenges, simple ones first; the
 * first few challenges are the seeds that it must be consistent with.  False
 * when none fits more than one of them (or the only one).
 */
bool search_best(const struct labelled *labelled, size_t count,
    unsigned int what, struct found *best);

/* How far a program is from simple and from using what is named. */
double program_cost(const struct program *program, const struct scene *scene);

void programs_add(struct programs *programs, const struct program *program);
void programs_free(struct programs *programs);

#endif
