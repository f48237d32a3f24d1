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
	bool strict;		  /* stops at the first doubt */
	uint8_t turn;		  /* eval_strictly() */
	struct eval_trace *trace; /* to be filled, or NULL */
	const struct eval_trace
	    *known;	  /* true but for changed nodes, or NULL */
	uint64_t changed; /* bits of nodes */
	/* what names stand for, while inside of what gives them */
	int64_t number[TREE_NAMES_MAX];
	uint64_t set[TREE_NAMES_MAX];
};

/* A number, and the digits that a selection takes out of domain. */
int64_t eval_number(struct eval *eval, uint8_t index);
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
