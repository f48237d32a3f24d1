/*
 * What a tree is evaluated over: the digits of a text and the marks in it.
 *
 * A mark is a symbol that stands exactly once in the text, in a gap between
 * two digits, so that an instruction can point at it ("the digit right after
 * the @").
 */

#ifndef CHALLENGE_SVC_LANG_VALUES_H
#define CHALLENGE_SVC_LANG_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/tree.h"

struct values_mark {
	char symbol;
	uint8_t gap; /* between digit gap-1 and digit gap, the first being 0 */
};

struct values {
	uint8_t digit[CHALLENGE_DIGITS_MAX];
	uint32_t count;
	uint64_t having[10]; /* having[v]: bit i when digit i is v */
	struct values_mark mark[TREE_MARKS_MAX];
};

/* How to draw digits. */
enum values_kind {
	VALUES_ANY,	   /* 0..9, independent */
	VALUES_POSITIVE,   /* 1..9, independent */
	VALUES_ONE_REPEATS /* 1..9, exactly one value more than once */
};

/*
 * How the largest and the smallest digits are drawn: the edge highest values,
 * or lowest, exactly once each, so that "the two largest" is without a tie more
 * often than chance would have it.
 */
struct values_edges {
	uint32_t edge; /* at most 3 */
	bool high, low;
};

/*
 * Draws count digits and, when there are to be any marks, gaps and symbols.
 * count is at least 3 and at most CHALLENGE_DIGITS_MAX; VALUES_ONE_REPEATS
 * copes with any such count, and minds no edges; edges take at most half of the
 * digits.  The marks get different symbols and different gaps, which leave
 * digits between and beside them where there are enough; mark 0 is the left
 * one.
 */
void values_draw(struct values *values, struct rng *rng, uint32_t count,
    enum values_kind kind, unsigned int marks, struct values_edges edges);

/* Fills having[] from digit[] and count. */
void values_index(struct values *values);

/*
 * Writes the text: the digits, never two side by side, in noise of capital
 * letters and symbols, with the first marks marks in their gaps.  A mark
 * touches both digits of its gap when touching is set for it (bit m), else it
 * may have letters beside it.  Letters that spell words (vowels), look like
 * a digit at once (O, I, Z) or are names in instructions (words.c) do not
 * occur. Returns false when the text does not fit, which no count of digits up
 * to 15 can cause.
 */
bool
values_write(const struct values *values, struct rng *rng, unsigned int marks,
    unsigned int touching, char text[CHALLENGE_TEXT_MAX + 1]);

#endif
