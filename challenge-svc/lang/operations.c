/*
 * The recipes: see operations.h.  What has a frame of its own is in frames.c,
 * the stories are in scenes.c.
 */

#include "challenge-svc/lang/operations.h"

#include "challenge-svc/lang/frames.h"
#include "challenge-svc/lang/scenes.h"

typedef uint8_t recipe(struct draft *draft);

static bool
is_easy(const struct draft *draft)
{
	return draft->level == LEVEL_EASY;
}

static uint8_t
sum_of(struct draft *draft, uint8_t set)
{
	return tree_one(draft->tree, NUM_SUM, set);
}

/* -------- totals -------- */

/* Left out by its value: the largest, the smallest, those above 5. */
static uint8_t
sum_excluding_value(struct draft *draft)
{
	uint8_t base = draft_base(draft), drop;

	if (is_easy(draft))
		drop = draft_rank(draft, 1, 1);
	else if (rng_percent(draft->rng, 70))
		drop = draft_rank(draft, 1, 2);
	else
		drop = draft_quality(draft);

	return sum_of(draft, draft_except(draft, base, drop));
}

static uint8_t
sum_excluding_place(struct draft *draft)
{
	uint8_t base = draft_base(draft), drop;

	if (draft_toss(draft))
		drop = draft_ends_in(draft, base, 1, is_easy(draft) ? 1 : 3);
	else
		drop = tree_leaf_mark(draft->tree,
		    draft_either(draft, SET_NEXT, SET_PREVIOUS),
		    draft_mark(draft));

	return sum_of(draft, draft_except(draft, base, drop));
}

static uint8_t
sum_by_parity(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	set = draft_narrow(draft, base, draft_parity(draft));
	/* "The even digits among the first six except the largest": of which?
	 */
	if (draft->level == LEVEL_HARD &&
	    draft->tree->node[set].kind != SET_OF &&
	    rng_percent(draft->rng, 40))
		set = draft_except(draft, set, draft_rank(draft, 1, 2));

	return sum_of(draft, set);
}

static uint8_t
sum_by_rank(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	set = draft_rank(draft, 2, is_easy(draft) ? 2 : 3);
	if (draft->level == LEVEL_HARD && rng_percent(draft->rng, 40))
		set = tree_two(draft->tree, SET_OF, draft_quality(draft), set);

	return sum_of(draft, draft_narrow(draft, base, set));
}

static uint8_t
sum_by_place(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	if (draft->tree->node[base].kind != SET_ALL) {
		set = draft_ends_in(draft, base, 2, 4);
		if (draft_toss(draft))
			return sum_of(draft, draft_except(draft, base, set));
		return sum_of(draft, draft_narrow(draft, base, set));
	}

	switch (rng_below(draft->rng, 3)) {
	case 0:
		set = draft_ends(draft, 2, is_easy(draft) ? 3 : 5);
		break;
	case 1:
		set = tree_leaf_n(draft->tree, SET_FROM,
		    rng_between(draft->rng, 2, is_easy(draft) ? 3 : 5));
		break;
	default:
		set = tree_leaf(draft->tree,
		    draft_either(draft, SET_ODD_PLACES, SET_EVEN_PLACES));
		break;
	}

	return sum_of(draft, set);
}

static uint8_t
sum_by_bound(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	set = !is_easy(draft) && rng_percent(draft->rng, 35)
	    ? draft_neither(draft)
	    : draft_bound(draft);

	return sum_of(draft, draft_narrow(draft, base, set));
}

static uint8_t
sum_by_side(struct draft *draft)
{
	uint8_t set = draft_side(draft);

	if (!is_easy(draft) && draft_toss(draft))
		set = draft_except(draft, set,
		    draft_toss(draft) ? draft_rank(draft, 1, 2)
				      : draft_quality(draft));
	else if (!is_easy(draft) && draft_toss(draft))
		set = draft_narrow(draft, set, draft_quality(draft));

	return sum_of(draft, set);
}

static uint8_t
sum_between_marks(struct draft *draft)
{
	uint8_t set = draft_between(draft);

	if (draft_toss(draft))
		set = draft_except(draft, set, draft_rank(draft, 1, 1));
	else if (draft->level == LEVEL_HARD && draft_toss(draft))
		set = draft_narrow(draft, set, draft_quality(draft));

	return sum_of(draft, set);
}

static uint8_t
sum_counting_extra(struct draft *draft)
{
	uint8_t base = draft_base(draft), extra;
	int most = is_easy(draft) ? 2 : draft->level == LEVEL_MEDIUM ? 3 : 4;

	if (is_easy(draft))
		extra = draft_rank(draft, 1, 1);
	else
		extra = draft_toss(draft) ? draft_rank(draft, 1, 2)
					  : draft_quality(draft);

	return tree_add(draft->tree, NUM_COUNTING,
	    rng_between(draft->rng, 2, most), 0, base, extra, 0);
}

/* From the start, so that no left neighbour is outside. */
static uint8_t
stepping_at_first(struct draft *draft, uint8_t set)
{
	uint8_t first = tree_leaf_n(
	    draft->tree, SET_FIRST, rng_between(draft->rng, 6, 8));

	return tree_two(draft->tree, SET_OF, first, set);
}

static uint8_t
sum_by_neighbour(struct draft *draft)
{
	uint8_t set = draft_stepping(draft);

	if (draft->level == LEVEL_HARD && draft_toss(draft))
		set = stepping_at_first(draft, set);

	return sum_of(draft, set);
}

static uint8_t
sum_of_unique(struct draft *draft)
{
	uint8_t set = tree_leaf(draft->tree, SET_SINGLE);

	if (!is_easy(draft) && rng_percent(draft->rng, 60))
		set = draft_except(draft, set, draft_rank(draft, 1, 2));

	return sum_of(draft, set);
}

/* -------- extremes and ranges -------- */

/*
 * Digits of which an extreme is asked.  Few of them: the largest of many is the
 * largest of all, and then the selection would not matter.
 */
static uint8_t
field_of(struct draft *draft)
{
	bool named = draft->named != SET_ALL;
	uint8_t base;

	if (named && (draft->level == LEVEL_MEDIUM || draft_toss(draft)))
		return draft_named(draft);
	if (!named && !is_easy(draft) && rng_percent(draft->rng, 40))
		return draft_ends(draft, 3, draft->level == LEVEL_HARD ? 5 : 4);
	/* Mostly even: the largest and the smallest of all are often odd. */
	if (!named && !is_easy(draft) && draft_toss(draft))
		return rng_percent(draft->rng, 40)
		    ? tree_leaf(draft->tree, SET_EVEN)
		    : draft_quality(draft);
	base = draft_base(draft);

	return draft_narrow(draft, base, draft_quality(draft));
}

/*
 * The largest of those above 3 is the largest of all: where a bound is the last
 * thing said of the field, it is one on the other side.
 */
static uint8_t
extreme_of(struct draft *draft, enum tree_kind kind)
{
	struct tree *tree = draft->tree;
	uint8_t field = field_of(draft), last = field;
	enum tree_kind idle = kind == NUM_LARGEST ? SET_ABOVE : SET_BELOW;

	if (tree->node[last].kind == SET_OF)
		last = tree->node[last].child[1];
	if (tree->node[last].kind == idle)
		tree->node[last].kind = tree_kinds[idle].opposite;

	return tree_one(tree, kind, field);
}

static uint8_t
largest_selected(struct draft *draft)
{
	return extreme_of(draft, NUM_LARGEST);
}

static uint8_t
smallest_selected(struct draft *draft)
{
	return extreme_of(draft, NUM_SMALLEST);
}

/* Digits to put in order: at easy all of them. */
static uint8_t
ranked_field(struct draft *draft)
{
	return is_easy(draft) ? draft_all(draft) : field_of(draft);
}

static uint8_t
ranked_value(struct draft *draft)
{
	uint8_t set = ranked_field(draft);

	return tree_add(draft->tree, draft_either(draft, NUM_HIGH, NUM_LOW),
	    rng_between(draft->rng, 2, is_easy(draft) ? 2 : 3), 0, set, 0, 0);
}

static uint8_t
ends_of(struct draft *draft, enum tree_kind kind)
{
	return tree_one(draft->tree, kind, ranked_field(draft));
}

static uint8_t
range(struct draft *draft)
{
	return ends_of(draft, NUM_RANGE);
}

static uint8_t
product_of_extremes(struct draft *draft)
{
	return ends_of(draft, NUM_EXTREMES);
}

static uint8_t
sum_of_extremes(struct draft *draft)
{
	return ends_of(draft, NUM_ENDS);
}

/* -------- counts -------- */

static uint8_t
count_by_value(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	set = !is_easy(draft) && rng_percent(draft->rng, 40)
	    ? draft_neither(draft)
	    : draft_bound(draft);

	return tree_one(draft->tree, NUM_COUNT, draft_narrow(draft, base, set));
}

static uint8_t
count_by_parity(struct draft *draft)
{
	uint8_t base = draft_base(draft);

	return tree_one(draft->tree, NUM_COUNT,
	    draft_narrow(draft, base, draft_parity(draft)));
}

static uint8_t
count_distinct(struct draft *draft)
{
	return tree_one(draft->tree, NUM_DISTINCT, draft_base(draft));
}

static uint8_t
count_by_neighbour(struct draft *draft)
{
	uint8_t set = draft_stepping(draft);

	if (draft->level == LEVEL_HARD && draft_toss(draft))
		set = stepping_at_first(draft, set);

	return tree_one(draft->tree, NUM_COUNT, set);
}

/* -------- in order -------- */

/* Digits to go through one by one: at hard all of them would be too many. */
static uint8_t
row_of(struct draft *draft)
{
	if (draft->named == SET_ALL && draft->level == LEVEL_HARD &&
	    rng_percent(draft->rng, 70))
		return draft_ends(draft, 4, 6);

	return draft_base(draft);
}

static uint8_t
alternating_sum(struct draft *draft)
{
	return tree_one(draft->tree, NUM_ALTERNATING, row_of(draft));
}

static uint8_t
weighted_sum(struct draft *draft)
{
	return tree_one(draft->tree, NUM_WEIGHTED, row_of(draft));
}

static uint8_t
product_of_selection(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;
	int most = is_easy(draft) ? 2 : 3;

	set = draft_toss(draft) ? draft_rank(draft, 2, most)
				: draft_ends_in(draft, base, 2, most);

	return tree_one(
	    draft->tree, NUM_PRODUCT, draft_narrow(draft, base, set));
}

/* -------- references and repeated values -------- */

static uint8_t
neighbour_reference(struct draft *draft)
{
	uint8_t set, pointed;

	if (is_easy(draft) || draft_toss(draft)) {
		pointed = draft_pointed(draft);
		set = tree_one(draft->tree,
		    draft_either(draft, SET_ABOVE, SET_BELOW), pointed);
		return sum_of(draft, set);
	}

	set = draft_selection(draft);
	pointed = draft_pointed(draft);

	return tree_two(draft->tree, draft_either(draft, NUM_MULTIPLY, NUM_ADD),
	    sum_of(draft, set), pointed);
}

static uint8_t
repeated_value(struct draft *draft)
{
	uint8_t set, repeated;

	repeated = tree_leaf(draft->tree, NUM_REPEATED);
	if (is_easy(draft))
		return repeated;

	if (draft_toss(draft)) {
		set = tree_one(draft->tree,
		    draft_either(draft, SET_ABOVE, SET_BELOW), repeated);
		return sum_of(draft, set);
	}
	set = draft_selection(draft);

	return tree_two(
	    draft->tree, NUM_MULTIPLY, sum_of(draft, set), repeated);
}

/* -------- two numbers -------- */

/* Two numbers that can be told apart by more than a word. */
static void
pair_of(struct draft *draft, uint8_t pair[2])
{
	int swap = draft_toss(draft) ? 1 : 0;

	if (!is_easy(draft)) {
		draft->plain = draft->level == LEVEL_MEDIUM ||
		    draft_toss(draft);
		pair[0] = operation_number(draft);
		pair[1] = operation_number(draft);
		draft->plain = false;
		return;
	}
	pair[swap] = sum_of(draft, tree_leaf(draft->tree, SET_EVEN));
	pair[1 - swap] = draft_toss(draft)
	    ? sum_of(draft, tree_leaf(draft->tree, SET_ODD))
	    : tree_one(draft->tree,
		  draft_either(draft, NUM_LARGEST, NUM_SMALLEST),
		  draft_all(draft));
}

static uint8_t
larger_of_two(struct draft *draft)
{
	uint8_t pair[2];

	pair_of(draft, pair);

	return tree_two(draft->tree,
	    draft_either(draft, NUM_LARGER, NUM_SMALLER), pair[0], pair[1]);
}

static uint8_t
difference_of_two(struct draft *draft)
{
	uint8_t pair[2];

	pair_of(draft, pair);

	return tree_two(draft->tree, NUM_GAP, pair[0], pair[1]);
}

static uint8_t
scaled_total(struct draft *draft)
{
	uint8_t base = draft_base(draft), set;

	if (is_easy(draft))
		set = draft_toss(draft) ? draft_parity(draft)
					: draft_ends(draft, 2, 2);
	else
		set = draft_narrow(draft, base,
		    draft_toss(draft) ? draft_quality(draft)
				      : draft_rank(draft, 2, 3));

	return tree_add(draft->tree, NUM_TIMES,
	    rng_between(draft->rng, 2, is_easy(draft) ? 3 : 6), 0,
	    sum_of(draft, set), 0, 0);
}

static uint8_t
two_stage(struct draft *draft)
{
	uint8_t first, second;

	first = sum_of(draft, draft_selection(draft));
	second = operation_number(draft);
	switch (rng_below(draft->rng, 5)) {
	case 0:
	case 1:
		return tree_two(draft->tree, NUM_SUBTRACT, first, second);
	case 2:
	case 3:
		return tree_two(draft->tree, NUM_MULTIPLY, first, second);
	}

	return tree_two(draft->tree, NUM_ADD, second, first);
}

uint8_t
operation_number(struct draft *draft)
{
	struct tree *tree = draft->tree;
	uint8_t base;

	switch (rng_below(draft->rng, 12)) {
	case 0:
	case 1:
		base = draft_base(draft);
		return tree_one(tree, NUM_COUNT, draft_countable(draft, base));
	case 2:
		return largest_selected(draft);
	case 3:
		return smallest_selected(draft);
	case 4:
		return tree_one(tree, NUM_EXTREMES, field_of(draft));
	case 5:
		return tree_one(tree, NUM_ENDS, field_of(draft));
	case 6:
		return tree_one(tree, NUM_RANGE, field_of(draft));
	case 7:
		return draft_toss(draft) ? draft_reference(draft)
					 : ranked_value(draft);
	}

	return sum_of(draft, draft_selection(draft));
}

/* -------- corrections -------- */

/* Two selections that can be taken for each other: opposites, mostly. */
static void
rivals_of(struct draft *draft, uint8_t rival[2])
{
	enum tree_kind kind[2];
	uint8_t mark;
	int n, i, swap;

	swap = draft_toss(draft) ? 1 : 0;
	switch (rng_below(draft->rng, is_easy(draft) ? 5 : 7)) {
	case 0:
		kind[swap] = SET_EVEN;
		kind[1 - swap] = SET_ODD;
		break;
	case 1:
		kind[swap] = SET_FIRST;
		kind[1 - swap] = SET_LAST;
		break;
	case 2:
		mark = draft_mark(draft);
		rival[swap] = tree_leaf_mark(draft->tree, SET_BEFORE, mark);
		rival[1 - swap] = tree_leaf_mark(draft->tree, SET_AFTER, mark);
		return;
	case 3:
	case 4:
		kind[swap] = SET_LARGEST;
		kind[1 - swap] = SET_SMALLEST;
		break;
	default:
		rival[0] = draft_part(draft);
		rival[1] = draft_part(draft);
		return;
	}

	n = rng_between(draft->rng, 2, is_easy(draft) ? 2 : 3);
	for (i = 0; i < 2; i++)
		rival[i] = tree_leaf_n(draft->tree, kind[i], n);
}

static uint8_t
correction(struct draft *draft)
{
	uint8_t rival[2], set;

	rivals_of(draft, rival);
	set = tree_two(draft->tree,
	    rng_percent(draft->rng, 65) ? SET_CORRECTION : SET_CONTRAST,
	    rival[0], rival[1]);
	if (!is_easy(draft) && rng_percent(draft->rng, 20))
		return tree_one(draft->tree, NUM_PRODUCT, set);

	return sum_of(draft, set);
}

/* -------- the table -------- */

struct operation_info {
	const char *name;
	recipe *heart;
	enum challenge_level from; /* the lowest level that has it */
	unsigned int traits;
};

#define B OPERATION_BASED
#define W OPERATION_WHOLE
#define L OPERATION_LONG

static const struct operation_info operations[OPERATIONS] = {
#define OPERATION(id, heart, level, traits) \
	[OP_##id] = { #id, heart, LEVEL_##level, traits },
	OPERATIONS_LIST(OPERATION)
#undef OPERATION
};

#undef B
#undef W
#undef L

const char *
operation_name(enum operation operation)
{
	return operations[operation].name;
}

unsigned int
operation_traits_of(enum operation operation)
{
	return operations[operation].traits;
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

uint8_t
operation_heart(struct draft *draft, enum operation operation)
{
	return operations[operation].heart(draft);
}
