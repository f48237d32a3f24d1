/*
 * The recipes: see operations.h.  Each draws the heart of an operation; what
 * is put around it at medium and hard is in operation_tree.
 */

#include "challenge-svc/lang/operations.h"

#include "challenge-svc/lang/selections.h"

typedef uint8_t recipe(struct draft *draft);

static bool
toss(struct draft *draft)
{
	return rng_percent(draft->rng, 50);
}

static uint8_t
sum_of(struct draft *draft, uint8_t set)
{
	return tree_one(draft->tree, NUM_SUM, set);
}

static uint8_t
except(struct draft *draft, uint8_t base, uint8_t drop)
{
	return tree_two(draft->tree, SET_EXCEPT, base, drop);
}

/* Left out by its value: the largest, the smallest, those above 5. */
static uint8_t
draw_sum_excluding_value(struct draft *draft)
{
	uint8_t base, drop;

	if (draft->level == LEVEL_EASY || toss(draft)) {
		base = draft_all(draft);
		if (draft->level == LEVEL_EASY)
			drop = draft_rank(draft, 1, 1);
		else if (rng_percent(draft->rng, 70))
			drop = draft_rank(draft, 1, 3);
		else
			drop = draft_compared(draft);
	} else {
		base = toss(draft) ? draft_side(draft) : draft_parity(draft);
		drop = draft_rank(draft, 1, 2);
	}

	return sum_of(draft, except(draft, base, drop));
}

static uint8_t
draw_sum_by_parity(struct draft *draft)
{
	uint8_t set = draft_parity(draft), inner;

	if (draft->level == LEVEL_EASY ||
	    (draft->level == LEVEL_MEDIUM && rng_percent(draft->rng, 30)))
		return sum_of(draft, set);

	switch (rng_below(draft->rng, 4)) {
	case 0:
		inner = draft_rank(draft, 1, 2);
		return sum_of(draft, except(draft, set, inner));
	case 1:
		inner = draft_compared(draft);
		return sum_of(draft, except(draft, set, inner));
	case 2:
		inner = draft_ends(draft, 2, 3);
		inner = tree_two(draft->tree, SET_OF, set, inner);
		return sum_of(draft, inner);
	}

	inner = toss(draft) ? draft_side(draft) : draft_ends(draft, 4, 6);

	return sum_of(draft, tree_two(draft->tree, SET_OF, inner, set));
}

static uint8_t
draw_sum_by_place(struct draft *draft)
{
	uint8_t set, inner;

	if (draft->level == LEVEL_EASY || rng_percent(draft->rng, 25)) {
		set = draft->level == LEVEL_EASY ? draft_ends(draft, 2, 3)
						 : draft_ends(draft, 3, 5);
		if (toss(draft))
			set = tree_leaf(draft->tree,
			    toss(draft) ? SET_ODD_PLACES : SET_EVEN_PLACES);
		return sum_of(draft, set);
	}

	if (toss(draft)) {
		inner = draft_ends(draft, 1, 3);
		set = toss(draft) ? draft_all(draft) : draft_side(draft);
		return sum_of(draft, except(draft, set, inner));
	}

	set = draft_ends(draft, 4, draft->level == LEVEL_HARD ? 7 : 5);
	inner = draft->level == LEVEL_HARD && toss(draft)
	    ? draft_compared(draft)
	    : draft_rank(draft, 1, 2);

	return sum_of(draft, except(draft, set, inner));
}

static uint8_t
draw_range(struct draft *draft)
{
	uint8_t set;

	if (draft->level == LEVEL_EASY)
		set = draft_all(draft);
	else if (draft->level == LEVEL_MEDIUM)
		set = toss(draft) ? draft_filter(draft)
				  : draft_ends(draft, 3, 5);
	else
		set = draft_narrowed(draft);

	return tree_one(draft->tree, NUM_RANGE, set);
}

static uint8_t
draw_count_by_value(struct draft *draft)
{
	uint8_t bound;

	if (draft->level == LEVEL_EASY)
		bound = draft_const(draft, 2, 7);
	else
		bound = draft_reference(draft);

	return tree_one(draft->tree, NUM_COUNT,
	    tree_one(draft->tree, toss(draft) ? SET_ABOVE : SET_BELOW, bound));
}

static uint8_t
draw_alternating_sum(struct draft *draft)
{
	uint8_t set;

	if (draft->level == LEVEL_EASY)
		set = draft_all(draft);
	else if (draft->level == LEVEL_MEDIUM)
		set = toss(draft) ? draft_all(draft) : draft_ends(draft, 4, 5);
	else
		set = toss(draft) ? draft_filter(draft)
				  : draft_ends(draft, 5, 7);

	return tree_one(draft->tree, NUM_ALTERNATING, set);
}

static uint8_t
draw_weighted_sum(struct draft *draft)
{
	uint8_t base, extra;

	if (draft->level != LEVEL_EASY && rng_percent(draft->rng, 35)) {
		base = toss(draft) ? draft_ends(draft, 3, 4)
				   : draft_filter(draft);
		return tree_one(draft->tree, NUM_WEIGHTED, base);
	}

	if (draft->level == LEVEL_HARD && toss(draft))
		base = draft_side(draft);
	else
		base = draft_all(draft);
	if (draft->level == LEVEL_EASY || toss(draft))
		extra = draft_rank(
		    draft, 1, draft->level == LEVEL_EASY ? 1 : 2);
	else if (toss(draft))
		extra = draft_parity(draft);
	else
		extra = draft_compared_const(draft);

	return tree_add(draft->tree, NUM_COUNTING,
	    rng_between(draft->rng, 2, draft->level == LEVEL_EASY ? 2 : 4), 0,
	    base, extra, 0);
}

static uint8_t
draw_product_of_extremes(struct draft *draft)
{
	uint8_t set;

	if (draft->level == LEVEL_EASY)
		set = draft_all(draft);
	else if (draft->level == LEVEL_MEDIUM)
		set = toss(draft) ? draft_filter(draft)
				  : draft_ends(draft, 3, 5);
	else
		set = draft_narrowed(draft);

	return tree_one(draft->tree, NUM_EXTREMES, set);
}

static uint8_t
draw_pointed_digit(struct draft *draft)
{
	return tree_leaf_mark(draft->tree,
	    toss(draft) ? NUM_NEXT : NUM_PREVIOUS, draft_mark(draft));
}

static uint8_t
draw_neighbour_reference(struct draft *draft)
{
	uint8_t set, pointed;

	if (draft->level == LEVEL_EASY || rng_percent(draft->rng, 20)) {
		pointed = draft_mark(draft);
		set = draft_all(draft);
		pointed = tree_leaf_mark(draft->tree,
		    toss(draft) ? SET_NEXT : SET_PREVIOUS, pointed);
		return sum_of(draft, except(draft, set, pointed));
	}

	if (toss(draft)) {
		pointed = draw_pointed_digit(draft);
		set = tree_one(
		    draft->tree, toss(draft) ? SET_ABOVE : SET_BELOW, pointed);
		return sum_of(draft, set);
	}

	set = draft_selection(draft);
	pointed = draw_pointed_digit(draft);

	return tree_two(draft->tree, toss(draft) ? NUM_MULTIPLY : NUM_ADD,
	    sum_of(draft, set), pointed);
}

static uint8_t
draw_repeated_value(struct draft *draft)
{
	uint8_t set, repeated;

	repeated = tree_leaf(draft->tree, NUM_REPEATED);
	if (draft->level == LEVEL_EASY)
		return toss(draft)
		    ? repeated
		    : sum_of(draft, tree_leaf(draft->tree, SET_SINGLE));

	switch (rng_below(draft->rng, 3)) {
	case 0:
		set = tree_one(
		    draft->tree, toss(draft) ? SET_ABOVE : SET_BELOW, repeated);
		return sum_of(draft, set);
	case 1:
		set = draft_selection(draft);
		return tree_two(
		    draft->tree, NUM_MULTIPLY, sum_of(draft, set), repeated);
	}

	set = tree_leaf(draft->tree, SET_SINGLE);
	repeated = draft_rank(draft, 1, 2);

	return sum_of(draft, except(draft, set, repeated));
}

/* Two selections that can be taken for each other: opposites, mostly. */
static void
draw_rivals(struct draft *draft, uint8_t rival[2])
{
	enum tree_kind kind[2];
	uint8_t mark;
	int n, i, swap;

	swap = toss(draft) ? 1 : 0;
	switch (rng_below(draft->rng, 5)) {
	case 0:
		kind[swap] = SET_EVEN;
		kind[!swap] = SET_ODD;
		break;
	case 1:
		kind[swap] = SET_FIRST;
		kind[!swap] = SET_LAST;
		break;
	case 2:
		mark = draft_mark(draft);
		rival[swap] = tree_leaf_mark(draft->tree, SET_BEFORE, mark);
		rival[!swap] = tree_leaf_mark(draft->tree, SET_AFTER, mark);
		return;
	default:
		kind[swap] = SET_LARGEST;
		kind[!swap] = SET_SMALLEST;
		break;
	}

	n = rng_between(draft->rng, 2, draft->level == LEVEL_EASY ? 2 : 3);
	for (i = 0; i < 2; i++)
		rival[i] = tree_leaf_n(draft->tree, kind[i], n);
}

static uint8_t
draw_correction(struct draft *draft)
{
	uint8_t rival[2], set;

	draw_rivals(draft, rival);
	set = tree_two(draft->tree,
	    rng_percent(draft->rng, 65) ? SET_CORRECTION : SET_CONTRAST,
	    rival[0], rival[1]);
	if (draft->level != LEVEL_EASY && rng_percent(draft->rng, 25))
		return tree_one(draft->tree, NUM_PRODUCT, set);

	return sum_of(draft, set);
}

/* What is left out of a story: something all its words can name. */
static uint8_t
draw_story_set(struct draft *draft)
{
	switch (draft->level == LEVEL_EASY ? 0 : rng_below(draft->rng, 3)) {
	case 0:
		return draft_rank(draft, 1, draft->level == LEVEL_EASY ? 1 : 3);
	case 1:
		return draft_ends(draft, 1, 3);
	}

	return toss(draft)
	    ? draft_parity(draft)
	    : tree_one(draft->tree, toss(draft) ? SET_ABOVE : SET_BELOW,
		  draft_const(draft, 3, 7));
}

static uint8_t
draw_short_story(struct draft *draft)
{
	uint8_t set, sum;

	set = draw_story_set(draft);
	sum = sum_of(draft, except(draft, draft_all(draft), set));
	if (draft->level == LEVEL_EASY)
		return tree_one(
		    draft->tree, toss(draft) ? SCENE_BAGS : SCENE_SHOP, sum);

	if (draft->level == LEVEL_HARD) {
		sum = tree_two(
		    draft->tree, NUM_MULTIPLY, sum, draft_const(draft, 3, 9));
		return tree_one(draft->tree, SCENE_TRADE,
		    tree_two(draft->tree, NUM_ADD, sum,
			draft_const(draft, 101, 399)));
	}

	if (toss(draft))
		return tree_one(draft->tree, SCENE_BAGS,
		    tree_two(
			draft->tree, NUM_ADD, sum, draft_const(draft, 21, 99)));

	return tree_one(draft->tree, SCENE_SHOP,
	    tree_two(
		draft->tree, NUM_SUBTRACT, draft_const(draft, 21, 99), sum));
}

/* Digits that are so do one thing, all others another. */
static uint8_t
draw_story_of_two(struct draft *draft)
{
	struct tree *tree = draft->tree;
	bool plus = toss(draft);
	uint8_t set, some, rest, start;

	set = toss(draft) ? draft_parity(draft)
			  : tree_one(tree, toss(draft) ? SET_ABOVE : SET_BELOW,
				draft_const(draft, 3, 7));
	some = sum_of(draft, set);
	rest = sum_of(draft, except(draft, draft_all(draft), set));

	if (draft->level == LEVEL_HARD && toss(draft)) {
		some = tree_two(
		    tree, NUM_MULTIPLY, some, draft_const(draft, 3, 9));
		rest = tree_two(
		    tree, NUM_MULTIPLY, rest, draft_const(draft, 2, 9));
		return tree_one(
		    tree, SCENE_TICKETS, tree_two(tree, NUM_ADD, some, rest));
	}

	start = draft->level == LEVEL_HARD ? draft_const(draft, 101, 399)
					   : draft_const(draft, 40, 99);
	start = tree_two(tree, plus ? NUM_ADD : NUM_SUBTRACT, start, some);

	return tree_one(tree, SCENE_BUS,
	    tree_two(tree, plus ? NUM_SUBTRACT : NUM_ADD, start, rest));
}

static uint8_t
draw_scenario(struct draft *draft)
{
	if (draft->level == LEVEL_EASY || toss(draft))
		return draw_short_story(draft);

	return draw_story_of_two(draft);
}

/* A number that an arm of a choice, or a second stage, is made of. */
static uint8_t
draw_simple_number(struct draft *draft)
{
	switch (rng_below(draft->rng, 8)) {
	case 0:
		return tree_one(draft->tree, NUM_EXTREMES, draft_all(draft));
	case 1:
		return draw_sum_excluding_value(draft);
	case 2:
		if (draft->level == LEVEL_HARD)
			return draw_weighted_sum(draft);
		break;
	case 3:
		if (draft->level == LEVEL_HARD)
			return draw_sum_by_place(draft);
		break;
	}

	return sum_of(draft, draft_selection(draft));
}

static uint8_t
draw_conditional(struct draft *draft)
{
	uint8_t condition, yes, no;

	condition = draft_condition(draft);
	yes = draw_simple_number(draft);
	no = draw_simple_number(draft);

	return tree_add(draft->tree, NUM_IF, 0, 0, condition, yes, no);
}

static uint8_t
draw_two_stage(struct draft *draft)
{
	uint8_t first, operand;

	first = sum_of(draft, draft_selection(draft));
	switch (rng_below(draft->rng, 5)) {
	case 0:
		operand = draft_reference(draft);
		return tree_two(draft->tree, NUM_MULTIPLY, first, operand);
	case 1:
		operand = tree_one(draft->tree,
		    toss(draft) ? NUM_LARGEST : NUM_SMALLEST, draft_all(draft));
		return tree_two(draft->tree, NUM_MULTIPLY, first, operand);
	case 2:
		operand = tree_one(draft->tree, NUM_COUNT, draft_filter(draft));
		return tree_two(draft->tree, NUM_MULTIPLY, first, operand);
	case 3:
		operand = sum_of(draft, draft_part(draft));
		return tree_two(draft->tree, NUM_SUBTRACT, first, operand);
	}

	operand = tree_one(draft->tree, NUM_EXTREMES, draft_filter(draft));

	return tree_two(draft->tree, NUM_ADD, first, operand);
}

struct operation_info {
	const char *name;
	recipe *draw;
	enum challenge_level from; /* the lowest level that has it */
};

static const struct operation_info operations[OPERATIONS] = {
	[OP_SUM_EXCLUDING_VALUE] = { "SUM_EXCLUDING_VALUE",
	    draw_sum_excluding_value, LEVEL_EASY },
	[OP_SUM_BY_PARITY] = { "SUM_BY_PARITY", draw_sum_by_parity,
	    LEVEL_EASY },
	[OP_SUM_BY_PLACE] = { "SUM_BY_PLACE", draw_sum_by_place, LEVEL_EASY },
	[OP_RANGE] = { "RANGE", draw_range, LEVEL_EASY },
	[OP_COUNT_BY_VALUE] = { "COUNT_BY_VALUE", draw_count_by_value,
	    LEVEL_EASY },
	[OP_ALTERNATING_SUM] = { "ALTERNATING_SUM", draw_alternating_sum,
	    LEVEL_EASY },
	[OP_WEIGHTED_SUM] = { "WEIGHTED_SUM", draw_weighted_sum, LEVEL_EASY },
	[OP_PRODUCT_OF_EXTREMES] = { "PRODUCT_OF_EXTREMES",
	    draw_product_of_extremes, LEVEL_EASY },
	[OP_NEIGHBOUR_REFERENCE] = { "NEIGHBOUR_REFERENCE",
	    draw_neighbour_reference, LEVEL_EASY },
	[OP_REPEATED_VALUE] = { "REPEATED_VALUE", draw_repeated_value,
	    LEVEL_EASY },
	[OP_CORRECTION] = { "CORRECTION", draw_correction, LEVEL_EASY },
	[OP_SCENARIO] = { "SCENARIO", draw_scenario, LEVEL_EASY },
	[OP_CONDITIONAL] = { "CONDITIONAL", draw_conditional, LEVEL_MEDIUM },
	[OP_TWO_STAGE] = { "TWO_STAGE", draw_two_stage, LEVEL_MEDIUM },
};

const char *
operation_name(enum operation operation)
{
	return operations[operation].name;
}

bool
operation_at(enum operation operation, enum challenge_level level)
{
	return operations[operation].from <= level;
}

enum operation
operation_draw(struct rng *rng, enum challenge_level level)
{
	enum operation operation;

	do {
		operation = (enum operation)rng_below(rng, OPERATIONS);
	} while (!operation_at(operation, level));

	return operation;
}

/* A further step with a constant that spreads the answers. */
static uint8_t
wrap_in_constant(struct draft *draft, uint8_t number, int low, int high)
{
	struct tree *tree = draft->tree;
	uint8_t constant = draft_const(draft, low, high), slip;

	switch (rng_below(draft->rng, 5)) {
	case 0:
	case 1:
		return tree_two(tree, NUM_SUBTRACT, constant, number);
	case 2:
		slip = draft_const(draft, low, high);
		if (tree->node[slip].n == tree->node[constant].n)
			break;
		constant = tree_two(tree, NUM_CORRECTION, slip, constant);
		break;
	}

	return tree_two(tree, NUM_ADD, number, constant);
}

/* The first of the two steps at hard; staged when there was one before. */
static uint8_t
wrap_in_step(struct draft *draft, uint8_t number, bool staged)
{
	struct tree *tree = draft->tree;
	uint8_t operand;

	if (!staged && rng_percent(draft->rng, 40))
		return tree_two(
		    tree, NUM_MULTIPLY, number, draft_const(draft, 2, 9));

	operand = sum_of(draft, draft_selection(draft));

	return tree_two(
	    tree, toss(draft) ? NUM_ADD : NUM_SUBTRACT, number, operand);
}

void
operation_tree(struct tree *tree, struct rng *rng, enum operation operation,
    enum challenge_level level)
{
	struct draft draft = { tree, rng, level };
	uint8_t number;
	bool staged;

	tree_reset(tree);
	number = operations[operation].draw(&draft);
	staged = tree->node[number].kind == NUM_ADD ||
	    tree->node[number].kind == NUM_SUBTRACT ||
	    tree->node[number].kind == NUM_MULTIPLY;

	if (operation != OP_SCENARIO && level == LEVEL_MEDIUM) {
		number = wrap_in_constant(&draft, number, 11, 99);
	} else if (operation != OP_SCENARIO && level == LEVEL_HARD) {
		number = wrap_in_step(&draft, number, staged);
		number = wrap_in_constant(&draft, number, 101, 399);
	}
	tree->root = number;
}
