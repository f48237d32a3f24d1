/*
 * Drawing selections, references and conditions: see selections.h.
 */

#include "challenge-svc/lang/selections.h"

#include <stdbool.h>

static bool
toss(struct draft *draft)
{
	return rng_percent(draft->rng, 50);
}

/* One of two kinds, as a leaf with n. */
static uint8_t
either(struct draft *draft, enum tree_kind a, enum tree_kind b, int n)
{
	return tree_leaf_n(draft->tree, toss(draft) ? a : b, n);
}

uint8_t
draft_mark(struct draft *draft)
{
	struct tree *tree = draft->tree;

	if (tree->marks == 0 ||
	    (tree->marks < TREE_MARKS_MAX && rng_percent(draft->rng, 35)))
		return tree->marks++;

	return (uint8_t)rng_below(draft->rng, tree->marks);
}

uint8_t
draft_const(struct draft *draft, int low, int high)
{
	return tree_leaf_n(
	    draft->tree, NUM_CONST, rng_between(draft->rng, low, high));
}

uint8_t
draft_all(struct draft *draft)
{
	return tree_leaf(draft->tree, SET_ALL);
}

uint8_t
draft_reference(struct draft *draft)
{
	switch (rng_below(draft->rng, 6)) {
	case 0:
	case 1:
		return tree_leaf_mark(draft->tree, NUM_NEXT, draft_mark(draft));
	case 2:
	case 3:
		return tree_leaf_mark(
		    draft->tree, NUM_PREVIOUS, draft_mark(draft));
	case 4:
		return tree_leaf(draft->tree, NUM_LAST);
	}

	return tree_leaf_n(
	    draft->tree, NUM_PLACE, rng_between(draft->rng, 1, 3));
}

uint8_t
draft_parity(struct draft *draft)
{
	return either(draft, SET_EVEN, SET_ODD, 0);
}

static uint8_t
compared_to(struct draft *draft, bool above, uint8_t bound)
{
	return tree_one(draft->tree, above ? SET_ABOVE : SET_BELOW, bound);
}

uint8_t
draft_compared_const(struct draft *draft)
{
	bool above = toss(draft);

	return compared_to(draft, above,
	    above ? draft_const(draft, 2, 6) : draft_const(draft, 4, 8));
}

uint8_t
draft_compared(struct draft *draft)
{
	if (draft->level != LEVEL_HARD || !rng_percent(draft->rng, 35))
		return draft_compared_const(draft);

	return compared_to(draft, toss(draft), draft_reference(draft));
}

uint8_t
draft_side(struct draft *draft)
{
	return tree_leaf_mark(draft->tree, toss(draft) ? SET_BEFORE : SET_AFTER,
	    draft_mark(draft));
}

uint8_t
draft_rank(struct draft *draft, int low, int high)
{
	return either(draft, SET_LARGEST, SET_SMALLEST,
	    rng_between(draft->rng, low, high));
}

uint8_t
draft_ends(struct draft *draft, int low, int high)
{
	return either(
	    draft, SET_FIRST, SET_LAST, rng_between(draft->rng, low, high));
}

uint8_t
draft_filter(struct draft *draft)
{
	switch (rng_below(draft->rng, 3)) {
	case 0:
		return draft_parity(draft);
	case 1:
		return draft_compared(draft);
	}

	return draft_side(draft);
}

uint8_t
draft_part(struct draft *draft)
{
	int most = draft->level == LEVEL_HARD ? 6 : 4;

	switch (rng_below(draft->rng, 7)) {
	case 0:
		return draft_parity(draft);
	case 1:
		return draft_compared(draft);
	case 2:
		return draft_side(draft);
	case 3:
		return draft_ends(draft, 2, most);
	case 4:
		return either(draft, SET_ODD_PLACES, SET_EVEN_PLACES, 0);
	case 5:
		return draft_rank(draft, 2, 3);
	}

	return tree_leaf(draft->tree, SET_SINGLE);
}

uint8_t
draft_narrowed(struct draft *draft)
{
	uint8_t outer, inner;

	outer = toss(draft) ? draft_side(draft) : draft_ends(draft, 5, 8);
	inner = toss(draft) ? draft_parity(draft) : draft_compared_const(draft);

	return tree_two(draft->tree, SET_OF, outer, inner);
}

/* A few by rank or place inside a filtered part. */
static uint8_t
draft_few_of(struct draft *draft)
{
	uint8_t outer, inner;

	outer = draft_filter(draft);
	inner = toss(draft) ? draft_rank(draft, 2, 3) : draft_ends(draft, 2, 3);

	return tree_two(draft->tree, SET_OF, outer, inner);
}

/* A part of all digits, or of a filtered part, left out. */
static uint8_t
draft_exception(struct draft *draft)
{
	uint8_t base, drop;

	if (rng_percent(draft->rng, 40)) {
		base = draft_all(draft);
		drop = toss(draft) ? draft_rank(draft, 1, 3)
				   : draft_part(draft);
		if (draft->tree->node[drop].kind == SET_ODD_PLACES ||
		    draft->tree->node[drop].kind == SET_EVEN_PLACES)
			drop = draft_compared(draft);
		return tree_two(draft->tree, SET_EXCEPT, base, drop);
	}

	base = toss(draft) ? draft_filter(draft) : draft_ends(draft, 4, 7);
	switch (rng_below(draft->rng, 3)) {
	case 0:
		drop = draft_rank(draft, 1, 2);
		break;
	case 1:
		drop = draft_ends(draft, 1, 2);
		break;
	default:
		drop = draft_compared(draft);
		break;
	}

	/* "above 4 except those below 7" is a riddle, not a step. */
	if (draft->tree->node[base].kind == SET_ABOVE ||
	    draft->tree->node[base].kind == SET_BELOW)
		drop = draft_parity(draft);

	return tree_two(draft->tree, SET_EXCEPT, base, drop);
}

uint8_t
draft_composed(struct draft *draft)
{
	switch (rng_below(draft->rng, 4)) {
	case 0:
		return draft_narrowed(draft);
	case 1:
		return draft_few_of(draft);
	}

	return draft_exception(draft);
}

uint8_t
draft_selection(struct draft *draft)
{
	if (draft->level == LEVEL_HARD && rng_percent(draft->rng, 60))
		return draft_composed(draft);

	return draft_part(draft);
}

uint8_t
draft_condition(struct draft *draft)
{
	struct tree *tree = draft->tree;
	uint8_t a, b;

	switch (rng_below(draft->rng, 4)) {
	case 0:
		return tree_one(tree, toss(draft) ? COND_EVEN : COND_ODD,
		    draft_reference(draft));
	case 1:
		a = tree_one(tree, NUM_SUM, draft_part(draft));
		return tree_one(tree, toss(draft) ? COND_EVEN : COND_ODD, a);
	case 2:
		a = draft_reference(draft);
		b = draft_reference(draft);
		return tree_two(
		    tree, toss(draft) ? COND_GREATER : COND_LESS, a, b);
	}

	if (toss(draft)) {
		a = tree_leaf(tree, SET_EVEN);
		b = tree_leaf(tree, SET_ODD);
	} else {
		a = tree_leaf_mark(tree, SET_BEFORE, draft_mark(draft));
		b = tree_leaf_mark(tree, SET_AFTER, tree->node[a].mark);
	}

	return toss(draft) ? tree_two(tree, COND_MORE, a, b)
			   : tree_two(tree, COND_MORE, b, a);
}
