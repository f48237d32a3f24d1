/*
 * The value of a tree over the digits of a text, and whether a careful reader
 * could doubt it.
 */

#ifndef CHALLENGE_SVC_LANG_EVAL_H
#define CHALLENGE_SVC_LANG_EVAL_H

#include <stdint.h>

#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/* Reasons to throw an instance away: bits of evaluation.doubts. */
#define EVAL_TIE      0x01u /* "the largest" of 7, 7, 3: which one? */
#define EVAL_SMALL    0x02u /* selects nothing, or too few to speak of */
#define EVAL_NEGATIVE 0x04u /* a result below zero on the way */
#define EVAL_LEVEL    0x08u /* a comparison of two equal things */
#define EVAL_WHOLE    0x10u /* a selection or exception without effect */
#define EVAL_REPEAT   0x20u /* not exactly one value appears repeatedly */
#define EVAL_LARGE    0x40u /* a result above EVAL_MAX on the way */
#define EVAL_LONG     0x80u /* more multiplications than a head should do */

#define EVAL_MAX 9999

/* Digits that one product, and one weighted sum, may have. */
#define EVAL_FACTORS_MAX  4
#define EVAL_WEIGHTED_MAX 6

struct evaluation {
	int64_t value;
	unsigned int doubts; /* 0: one careful reading gives value */
};

/*
 * Evaluates the tree from its root.  The tree must be sound and values
 * indexed.  It always gives a value, also when there are doubts: ties take the
 * leftmost digit, empty selections count as 0.
 *
 * Careful reading counts, so also the arm of a condition that is not taken is
 * checked, and a correction's withdrawn part.
 */
struct evaluation
eval_tree(const struct tree *tree, const struct values *values);

#endif
