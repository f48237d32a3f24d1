/*
 * The value of a tree over the digits of a text, and whether a careful reader
 * could doubt it.
 */

#ifndef CHALLENGE_SVC_LANG_EVAL_H
#define CHALLENGE_SVC_LANG_EVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/* Reasons to throw an instance away: bits of evaluation.doubts. */
#define EVAL_TIE      0x01u /* "the largest" of 7, 7, 3: which one? */
#define EVAL_SMALL    0x02u /* selects nothing, or too few to speak of */
#define EVAL_NEGATIVE 0x04u /* below zero on the way, or smaller first */
#define EVAL_LEVEL    0x08u /* a comparison of two equal things */
#define EVAL_WHOLE    0x10u /* a selection or exception without effect */
#define EVAL_REPEAT   0x20u /* not exactly one value appears repeatedly */
#define EVAL_LARGE    0x40u /* a result above EVAL_MAX on the way */
#define EVAL_LONG     0x80u /* more multiplications than a head should do */

#define EVAL_MAX 9999

/* Results farther from zero, which have EVAL_LARGE, are taken for this. */
#define EVAL_FAR 100000000

/* Digits that one product, weighted or alternating sum may have. */
#define EVAL_FACTORS_MAX     4
#define EVAL_WEIGHTED_MAX    6
#define EVAL_ALTERNATING_MAX 8

/* Of two factors one is at most this: no long multiplication. */
#define EVAL_FACTOR_MAX 12

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

/*
 * What the nodes of one tree come to, for evaluating variations of it.  reach
 * depends on the tree alone: reach[i] has bit j when node i can change what
 * node j comes to.
 */
struct eval_trace {
	int64_t value[TREE_NODES_MAX]; /* of numbers */
	uint64_t set[TREE_NAMES_MAX];  /* of named digits */
	/* The child that a node takes its value from, for nodes that choose one
	 * by their values or by a condition: NUM_IF, NUM_LARGER, NUM_SMALLER.
	 */
	uint8_t arm[TREE_NODES_MAX];
	uint64_t reach[TREE_NODES_MAX];
	bool reached; /* reach is filled */
};

/*
 * eval_tree() that stops at the first doubt, which most drawings have: then
 * value is of no use, and *turn is the node whose first two children should
 * change places, if that was it, else TREE_NODES_MAX.  Without a doubt, *trace
 * is filled but for reach.
 */
struct evaluation eval_strictly(const struct tree *tree,
    const struct values *values, struct eval_trace *trace, uint8_t *turn);

/* Fills trace->reach for a sound tree; children may change places after. */
void eval_reach(const struct tree *tree, struct eval_trace *trace);

/*
 * The value of a tree that differs from the traced one in the node index only,
 * whose children are still from before it.  *trace is whole, reach too; whether
 * there are doubts is not told.
 */
int64_t eval_variation(const struct tree *tree, const struct values *values,
    const struct eval_trace *trace, uint8_t index);

#endif
