/*
 * Drawing selections, references and conditions: see selections.h.
 */

#include "challenge-svc/lang/selections.h"

bool
draft_toss(struct draft *draft)
{
	return rng_percent(draft->rng, 50);
}

enum tree_kind
draft_either(struct draft *draft, enum tree_kind a, enum tree_kind b)
{
	return draft_toss(draft) ? a : b;
}

static uint8_t
leaf_of(struct draft *draft, enum tree_kind a, enum tree_kind b, int n)
{
	return tree_leaf_n(draft->tree, draft_either(draft, a, b), n);
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
draft_pointed(struct draft *draft)
{
	return tree_leaf_mark(draft->tree,
	    draft_either(draft, NUM_NEXT, NUM_PREVIOUS), draft_mark(draft));
}

uint8_t
draft_reference(struct draft *draft)
{
	switch (rng_below(draft->rng, 6)) {
	case 0:
		return tree_leaf(draft->tree, NUM_LAST);
	case 1:
		return tree_leaf_n(
		    draft->tree, NUM_PLACE, rng_between(draft->rng, 1, 3));
	}

	return draft_pointed(draft);
}

uint8_t
draft_parity(struct draft *draft)
{
	return leaf_of(draft, SET_EVEN, SET_ODD, 0);
}

uint8_t
draft_bound(struct draft *draft)
{
	enum tree_kind kind = draft_either(draft, SET_ABOVE, SET_BELOW);
	uint8_t bound;

	if (draft->level == LEVEL_HARD && rng_percent(draft->rng, 30))
		bound = draft_reference(draft);
	else if (kind == SET_ABOVE)
		bound = draft_const(draft, 2, 6);
	else
		bound = draft_const(draft, 4, 8);

	return tree_one(draft->tree, kind, bound);
}

uint8_t
draft_quality(struct draft *draft)
{
	return draft_toss(draft) ? draft_parity(draft) : draft_bound(draft);
}

static uint8_t
plain_bound(struct draft *draft)
{
	return tree_one(draft->tree, draft_either(draft, SET_ABOVE, SET_BELOW),
	    draft_const(draft, 3, 7));
}

uint8_t
draft_plain_quality(struct draft *draft)
{
	return draft_toss(draft) ? draft_parity(draft) : plain_bound(draft);
}

uint8_t
draft_neither(struct draft *draft)
{
	uint8_t a, b;

	a = draft_parity(draft);
	b = plain_bound(draft);

	return draft_toss(draft) ? tree_two(draft->tree, SET_NEITHER, a, b)
				 : tree_two(draft->tree, SET_NEITHER, b, a);
}

uint8_t
draft_side(struct draft *draft)
{
	return tree_leaf_mark(draft->tree,
	    draft_either(draft, SET_BEFORE, SET_AFTER), draft_mark(draft));
}

uint8_t
draft_between(struct draft *draft)
{
	struct tree *tree = draft->tree;
	tree->marks = TREE_MARKS_MAX;

	/* Mark 0 stands before mark 1: they are named in that order. */
	return tree_add(tree,
	    rng_percent(draft->rng, 60) ? SET_BETWEEN : SET_OUTSIDE, 1, 0, 0, 0,
	    0);
}

uint8_t
draft_rank(struct draft *draft, int low, int high)
{
	return leaf_of(draft, SET_LARGEST, SET_SMALLEST,
	    rng_between(draft->rng, low, high));
}

uint8_t
draft_ends(struct draft *draft, int low, int high)
{
	return leaf_of(
	    draft, SET_FIRST, SET_LAST, rng_between(draft->rng, low, high));
}

uint8_t
draft_ends_in(struct draft *draft, uint8_t base, int low, int high)
{
	switch ((int)draft->tree->node[base].kind) {
	case SET_FIRST:
	case SET_LAST:
	case SET_FROM:
		return draft_rank(draft, low, high < 3 ? high : 3);
	}

	return draft_ends(draft, low, high);
}

/* A longer run from either end, by the number of digits of the level. */
static uint8_t
draft_level_ends(struct draft *draft)
{
	return draft->level == LEVEL_HARD ? draft_ends(draft, 4, 7)
					  : draft_ends(draft, 3, 5);
}

/* All from a place on: enough stand before it to matter. */
static uint8_t
draft_from(struct draft *draft)
{
	int first = draft->level == LEVEL_HARD ? 4 : 3;

	return tree_leaf_n(
	    draft->tree, SET_FROM, rng_between(draft->rng, first, first + 2));
}

uint8_t
draft_stepping(struct draft *draft)
{
	return leaf_of(draft, SET_RISING, SET_FALLING, 0);
}

uint8_t
draft_named(struct draft *draft)
{
	enum tree_kind kind = draft->named;

	if (kind == SET_GROUP && rng_percent(draft->rng, 25))
		kind = SET_OTHERS;

	return tree_leaf_n(
	    draft->tree, kind, (int)rng_below(draft->rng, draft->tree->names));
}

uint8_t
draft_base(struct draft *draft)
{
	uint32_t all = draft->level == LEVEL_MEDIUM ? 45 : 25;

	if (draft->named != SET_ALL)
		return draft_named(draft);
	if (draft->level == LEVEL_EASY || draft->plain ||
	    rng_percent(draft->rng, all))
		return draft_all(draft);

	switch (rng_below(draft->rng, 5)) {
	case 0:
		return draft_between(draft);
	case 1:
		return draft_level_ends(draft);
	case 2:
		return draft_from(draft);
	}

	return draft_side(draft);
}

uint8_t
draft_narrow(struct draft *draft, uint8_t base, uint8_t inner)
{
	if (draft->tree->node[base].kind == SET_ALL)
		return inner;

	return tree_two(draft->tree, SET_OF, base, inner);
}

uint8_t
draft_except(struct draft *draft, uint8_t base, uint8_t drop)
{
	return tree_two(draft->tree, SET_EXCEPT, base, drop);
}

uint8_t
draft_part(struct draft *draft)
{
	switch (rng_below(draft->rng, 10)) {
	case 0:
	case 1:
		return draft_parity(draft);
	case 2:
		return draft_bound(draft);
	case 3:
	case 4:
		return draft_side(draft);
	case 5:
		return draft_level_ends(draft);
	case 6:
		return leaf_of(draft, SET_ODD_PLACES, SET_EVEN_PLACES, 0);
	case 7:
		return draft_rank(draft, 2, 3);
	case 8:
		return draft_toss(draft) ? draft_between(draft)
					 : draft_neither(draft);
	}

	return draft_toss(draft) ? draft_from(draft) : draft_stepping(draft);
}

uint8_t
draft_countable(struct draft *draft, uint8_t base)
{
	switch (rng_below(draft->rng, 4)) {
	case 0:
		return draft_narrow(draft, base, draft_parity(draft));
	case 1:
		return draft_narrow(draft, base, draft_neither(draft));
	}

	return draft_narrow(draft, base, draft_bound(draft));
}

/* A part of all digits, or of a filtered part, left out. */
static uint8_t
draft_exception(struct draft *draft)
{
	uint8_t base = draft_base(draft);

	switch (rng_below(draft->rng, 4)) {
	case 0:
		return draft_except(draft, base, draft_quality(draft));
	case 1:
		return draft_except(
		    draft, base, draft_ends_in(draft, base, 1, 2));
	}

	return draft_except(draft, base, draft_rank(draft, 1, 2));
}

uint8_t
draft_selection(struct draft *draft)
{
	uint32_t composed = draft->level == LEVEL_HARD ? 55 : 20;
	uint8_t base;

	if (draft->named != SET_ALL && draft_toss(draft))
		return draft_named(draft);
	if (draft->level == LEVEL_EASY || draft->plain ||
	    !rng_percent(draft->rng, composed))
		return draft_part(draft);
	if (draft_toss(draft))
		return draft_exception(draft);

	base = draft_base(draft);
	switch (rng_below(draft->rng, 3)) {
	case 0:
		return draft_narrow(draft, base, draft_rank(draft, 2, 3));
	case 1:
		return draft_narrow(
		    draft, base, draft_ends_in(draft, base, 2, 3));
	}

	return draft_narrow(draft, base, draft_quality(draft));
}

uint8_t
draft_condition(struct draft *draft)
{
	struct tree *tree = draft->tree;
	uint8_t a, b;

	switch (rng_below(draft->rng, 5)) {
	case 0:
		return tree_one(tree, draft_either(draft, COND_EVEN, COND_ODD),
		    draft_reference(draft));
	case 1:
		a = tree_one(tree, NUM_SUM, draft_part(draft));
		return tree_one(
		    tree, draft_either(draft, COND_EVEN, COND_ODD), a);
	case 2:
		a = draft_reference(draft);
		b = draft_reference(draft);
		return tree_two(
		    tree, draft_either(draft, COND_GREATER, COND_LESS), a, b);
	case 3:
		a = draft_rank(draft, 1, 1);
		return tree_add(tree,
		    draft_either(draft, COND_LEFT, COND_RIGHT), 0,
		    draft_mark(draft), a, 0, 0);
	}

	if (draft_toss(draft)) {
		a = tree_leaf(tree, SET_EVEN);
		b = tree_leaf(tree, SET_ODD);
	} else {
		a = tree_leaf_mark(tree, SET_BEFORE, draft_mark(draft));
		b = tree_leaf_mark(tree, SET_AFTER, tree->node[a].mark);
	}

	return draft_toss(draft) ? tree_two(tree, COND_MORE, a, b)
				 : tree_two(tree, COND_MORE, b, a);
}
