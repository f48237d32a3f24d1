/*
 * What learners see of a masked instruction: which runs of one to three tokens
 * it holds, hashed into a fixed number of features; and naive Bayes on them.
 */

#ifndef TESTS_RESISTANCE_FEATURES_H
#define TESTS_RESISTANCE_FEATURES_H

#include "tests/resistance/words.h"

#define FEATURES     (1 << 18)
#define FEATURES_MAX (TOKENS_MAX * 3 + 8)

struct features {
	uint32_t id[FEATURES_MAX]; /* ascending, each once */
	size_t count;
};

void features_of(
    struct features *features, const struct token *token, size_t tokens);

/* A classifier: naive Bayes over present features. */
struct bayes {
	size_t classes;
	double *prior; /* logarithms once it is trained, like weight */
	float *weight; /* of feature f for class c: [f * classes + c] */
};

void bayes_open(struct bayes *bayes, size_t classes);
void
bayes_add(struct bayes *bayes, const struct features *features, size_t class);

/* Turns counts into weights; nothing may be added afterwards. */
void bayes_train(struct bayes *bayes);

/* The likeliest class; scores, when not NULL, gets each one's logarithm. */
size_t bayes_best(
    const struct bayes *bayes, const struct features *features, double *scores);
void bayes_free(struct bayes *bayes);

#endif
