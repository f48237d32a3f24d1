/*
 * The script attackers.  Each learns from labelled challenges and answers fresh
 * ones, of which it sees text, digits and instruction only.
 */

#ifndef TESTS_RESISTANCE_ATTACK_H
#define TESTS_RESISTANCE_ATTACK_H

#include "tests/resistance/program.h"

#define NO_ANSWER INT64_MIN
#define LEVELS	  3

struct attack {
	const struct words *words;
	const struct corpus
	    *train; /* labelled, of the level that is attacked */
	const struct corpus *fresh; /* to be answered */
	/*
	 * Labelled ones of every level: who owns a key may ask it for easier
	 * challenges to learn from.
	 */
	const struct corpus *every[LEVELS];
	FILE *tell; /* what was learnt, unless NULL */
};

struct attacker {
	const char *name;
	/* Fills an answer, or NO_ANSWER, for each fresh challenge. */
	void (*run)(const struct attack *attack, int64_t *answer);
	bool insider; /* is given the trees */
	bool every;   /* learns once, from every level, and answers all */
};

/* All of them, ended by one without a name. */
extern const struct attacker attackers[];

/* The commonest answer of the training set, for every fresh challenge. */
void attack_blind(const struct attack *attack, int64_t *answer);

/* One rule for all: an aggregate of all digits, or the best program found. */
void attack_sum(const struct attack *attack, int64_t *answer);
void attack_largest(const struct attack *attack, int64_t *answer);
void attack_smallest(const struct attack *attack, int64_t *answer);
void attack_count(const struct attack *attack, int64_t *answer);
void attack_product(const struct attack *attack, int64_t *answer);
void attack_best_program(const struct attack *attack, int64_t *answer);

/* Rules about keywords, written by hand after reading some hundred samples. */
void attack_keywords(const struct attack *attack, int64_t *answer);

/* Naive Bayes to the operation, then to one of the operation's programs. */
void attack_bayes(const struct attack *attack, int64_t *answer);

/* The program that explains the nearest labelled instructions. */
void attack_nearest(const struct attack *attack, int64_t *answer);

/* A parser that is learned from the answers, easy sentences first. */
void attack_parser(const struct attack *attack, int64_t *answer);

/* Is given the trees; see insider.c. */
void attack_insider(const struct attack *attack, int64_t *answer);

#endif
