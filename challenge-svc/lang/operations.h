/*
 * The operations: recipes that draw an expression tree for a level.
 *
 * The operation is what siteverify and the analytics call operationId; it
 * names the heart of the tree.  At medium a further step is put around it,
 * at hard its selections are composed and two steps follow.
 */

#ifndef CHALLENGE_SVC_LANG_OPERATIONS_H
#define CHALLENGE_SVC_LANG_OPERATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/tree.h"

enum operation {
	OP_SUM_EXCLUDING_VALUE,
	OP_SUM_BY_PARITY,
	OP_SUM_BY_PLACE,
	OP_RANGE,
	OP_COUNT_BY_VALUE,
	OP_ALTERNATING_SUM,
	OP_WEIGHTED_SUM,
	OP_PRODUCT_OF_EXTREMES,
	OP_NEIGHBOUR_REFERENCE,
	OP_REPEATED_VALUE,
	OP_CORRECTION,
	OP_SCENARIO,
	OP_CONDITIONAL,
	OP_TWO_STAGE,
	OPERATIONS
};

/* "SUM_EXCLUDING_VALUE" and so on: a constant string. */
const char *operation_name(enum operation operation);

/* One of the operations of the level, each with the same chance. */
enum operation operation_draw(struct rng *rng, enum challenge_level level);

/* Whether operation_draw can give it at that level. */
bool operation_at(enum operation operation, enum challenge_level level);

/*
 * Draws a tree of the operation: resets *tree first.  The result is sound
 * unless tree->overflow.  Whether it fits a set of digits is for eval_tree to
 * say.
 */
void operation_tree(struct tree *tree, struct rng *rng,
    enum operation operation, enum challenge_level level);

#endif
