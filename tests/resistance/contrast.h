/*
 * Learning phrases by contrast: two solved instructions that differ in one
 * phrase only, and whose programs differ in one part only, tell what the phrase
 * means.
 */

#ifndef TESTS_RESISTANCE_CONTRAST_H
#define TESTS_RESISTANCE_CONTRAST_H

#include "tests/resistance/phrases.h"

/* A masked instruction whose program is known. */
struct solved {
	struct token token[TOKENS_MAX];
	uint8_t tokens;
	uint64_t hash;
	size_t count; /* labelled ones when it was looked at */
	bool known;   /* a program was found */
	struct program program;
	uint32_t right, wrong; /* labelled ones that came to this form */
};

/* Forms that follow from others: what stands around phrases. */
struct frames {
	struct solved *at;
	size_t count, room;
};

/*
 * Adds a rule for every phrase that means the same thing in most of the places
 * where contrast tells.  The words tell what is punctuation.
 * Adds the frames around the phrases, holes in their places, too.
 */
void
contrast(const struct solved *solved, size_t count, const struct words *words,
    struct phrase_rules *rules, struct frames *frames);

#endif
