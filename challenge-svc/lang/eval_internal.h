/*
 * What the parts of the evaluator share: eval_set.c selects digits,
 * eval_number.c computes with them.
 *
 * Selections are bit masks over the digits, bit 0 being the leftmost digit, so
 * that every operation on them is a few instructions.
 */

#ifndef CHALLENGE_SVC_LANG_EVAL_INTERNAL_H
#define CHALLENGE_SVC_LANG_EVAL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/eval.h"

struct eval {
	const struct tree *tree;
	const struct values *values;
	unsigned int doubts;
	unsigned int stop;	  /* doubts at which it stops */
	uint8_t turn;		  /* eval_strictly() */
	struct eval_trace *trace; /* to be filled, or NULL */
	/* Holds true of all nodes but the changed ones, a bit for each; NULL
	 * means that all are. */
	const struct eval_trace *known;
	uint64_t changed;
	/* what names stand for, while inside of what gives them */
	int64_t number[TREE_NAMES_MAX];
	uint64_t set[TREE_NAMES_MAX];
};

static inline bool
eval_is_known(const struct eval *eval, uint8_t index)
{
	return eval->known != NULL && (eval->changed >> index & 1) == 0;
}

/* The number that a node comes to, worked out if it is not known. */
int64_t eval_compute(struct eval *eval, uint8_t index);

static inline int64_t
eval_number(struct eval *eval, uint8_t index)
{
	return eval_is_known(eval, index) ? eval->known->value[index]
					  : eval_compute(eval, index);
}

/* The digits that a selection takes out of domain. */
uint64_t eval_set(struct eval *eval, uint8_t index, uint64_t domain);

/* Notes the child that a node takes its value from. */
static inline void
eval_take_arm(struct eval *eval, const struct tree_node *node, unsigned int i)
{
	if (eval->trace != NULL)
		eval->trace->arm[node - eval->tree->node] = node->child[i];
}

static inline int
eval_count(uint64_t mask)
{
	return __builtin_popcountll(mask);
}

static inline uint64_t
eval_below(uint32_t bit)
{
	return (UINT64_C(1) << bit) - 1;
}

/* All digits. */
static inline uint64_t
eval_all(const struct eval *eval)
{
	return eval_below(eval->values->count);
}

#endif
