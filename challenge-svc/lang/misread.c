/*
 * Misreadings as edits of the tree: see misread.h.
 */

#include "challenge-svc/lang/misread.h"

#include <stdbool.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"

/* Kinds that are mistaken for each other; TREE_KINDS where there is none. */
static enum tree_kind
opposite_of(enum tree_kind kind)
{
	static const enum tree_kind pairs[][2] = {
		{ SET_EVEN, SET_ODD },
		{ SET_ABOVE, SET_BELOW },
		{ SET_FIRST, SET_LAST },
		{ SET_ODD_PLACES, SET_EVEN_PLACES },
		{ SET_BEFORE, SET_AFTER },
		{ SET_LARGEST, SET_SMALLEST },
		{ SET_NEXT, SET_PREVIOUS },
		{ NUM_NEXT, NUM_PREVIOUS },
		{ NUM_LARGEST, NUM_SMALLEST },
	};
	unsigned int i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0] == kind)
			return pairs[i][1];
		if (pairs[i][1] == kind)
			return pairs[i][0];
	}

	return TREE_KINDS;
}

static bool
is_selection(enum tree_kind kind)
{
	return tree_type_of(kind) == TREE_SET && kind != SET_ALL &&
	    kind != SET_EXCEPT && kind != SET_CORRECTION &&
	    kind != SET_CONTRAST && kind != SET_OF;
}

struct search {
	struct tree tree; /* edited and restored */
	const struct values *values;
	int64_t answer;
};

/* Whether the tree gives the answer with node index replaced by edit. */
static bool
hits_edited(struct search *search, uint8_t index, struct tree_node edit)
{
	struct tree_node kept = search->tree.node[index];
	int64_t value;

	search->tree.node[index] = edit;
	value = eval_tree(&search->tree, search->values).value;
	search->tree.node[index] = kept;

	return value == search->answer;
}

static bool
hits_kind(struct search *search, uint8_t index, enum tree_kind kind)
{
	struct tree_node edit = search->tree.node[index];

	edit.kind = (uint8_t)kind;

	return hits_edited(search, index, edit);
}

static bool
hits_child(struct search *search, uint8_t index, unsigned int child)
{
	const struct tree_node *node = &search->tree.node[index];

	return hits_edited(
	    search, index, search->tree.node[node->child[child]]);
}

static bool
hits_other_arm(struct search *search, uint8_t index)
{
	struct tree_node edit = search->tree.node[index];
	uint8_t arm = edit.child[1];

	edit.child[1] = edit.child[2];
	edit.child[2] = arm;

	return hits_edited(search, index, edit);
}

/* A step is everything but the side that holds the longer computation. */
static bool
hits_without_step(struct search *search, uint8_t index)
{
	const struct tree_node *node = &search->tree.node[index];
	const struct tree_node *first = &search->tree.node[node->child[0]];

	return hits_child(search, index, first->kind == NUM_CONST ? 1 : 0);
}

static bool
hits_other_operator(struct search *search, uint8_t index)
{
	switch (search->tree.node[index].kind) {
	case NUM_ADD:
		return hits_kind(search, index, NUM_SUBTRACT);
	case NUM_SUBTRACT:
	case NUM_MULTIPLY:
		return hits_kind(search, index, NUM_ADD);
	case NUM_EXTREMES:
		return hits_kind(search, index, NUM_RANGE);
	case NUM_RANGE:
		return hits_kind(search, index, NUM_EXTREMES);
	case NUM_COUNT:
	case NUM_PRODUCT:
	case NUM_ALTERNATING:
	case NUM_WEIGHTED:
	case NUM_COUNTING:
		return hits_kind(search, index, NUM_SUM);
	}

	return false;
}

/* The first way of misunderstanding one node that gives the answer. */
static enum misreading
misread_node(struct search *search, uint8_t index)
{
	enum tree_kind kind = (enum tree_kind)search->tree.node[index].kind;
	enum tree_kind opposite;

	if (kind == SET_EXCEPT && hits_child(search, index, 0))
		return MISREAD_EXCEPTION;
	if ((kind == SET_CORRECTION || kind == NUM_CORRECTION) &&
	    hits_child(search, index, 0))
		return MISREAD_CORRECTION;
	if (kind == SET_CONTRAST && hits_child(search, index, 1))
		return MISREAD_CORRECTION;
	if (kind == NUM_IF && hits_other_arm(search, index))
		return MISREAD_CONDITION;
	if ((kind == NUM_ADD || kind == NUM_SUBTRACT || kind == NUM_MULTIPLY) &&
	    hits_without_step(search, index))
		return MISREAD_STAGE;
	if (tree_type_of(kind) == TREE_NUMBER &&
	    hits_other_operator(search, index))
		return MISREAD_OPERATOR;

	opposite = opposite_of(kind);
	if (opposite != TREE_KINDS && hits_kind(search, index, opposite))
		return MISREAD_OPPOSITE;
	if (is_selection(kind) && hits_kind(search, index, SET_ALL))
		return MISREAD_SELECTION;

	return MISREAD_NOTHING;
}

static enum misreading
misread_plainly(
    const struct values *values, enum challenge_level level, int64_t answer)
{
	int64_t sum = 0, product = 1;
	uint8_t largest = 0, smallest = 9, digit;
	uint32_t i;

	for (i = 0; i < values->count; i++) {
		digit = values->digit[i];
		sum += digit;
		largest = digit > largest ? digit : largest;
		smallest = digit < smallest ? digit : smallest;
		if (product <= EVAL_MAX)
			product *= digit;
	}

	if (answer == sum)
		return MISREAD_PLAIN_SUM;
	if (level == LEVEL_EASY)
		return MISREAD_NOTHING;
	if (answer == largest || answer == smallest)
		return MISREAD_EXTREME;
	if (answer == product || answer == values->count ||
	    answer == values->digit[0] ||
	    answer == values->digit[values->count - 1])
		return MISREAD_PLAIN_RULE;

	return MISREAD_NOTHING;
}

/* The value of the subtree at index. */
static int64_t
value_at(struct search *search, uint8_t index)
{
	uint8_t root = search->tree.root;
	int64_t value;

	search->tree.root = index;
	value = eval_tree(&search->tree, search->values).value;
	search->tree.root = root;

	return value;
}

/*
 * Clears exempt[] for the nodes whose misunderstanding must change the answer.
 * The rest may be misread without harm: a condition decides only between two
 * arms, the arm not taken is never computed, and what a correction withdraws
 * or a contrast denies has no effect.
 */
static void
clear_exempt(struct search *search, uint8_t index, bool *exempt)
{
	const struct tree_node *node = &search->tree.node[index];
	enum tree_kind kind = (enum tree_kind)node->kind;
	unsigned int i, arity = tree_arity(kind);

	exempt[index] = false;
	for (i = 0; i < arity; i++) {
		if (((kind == SET_CORRECTION || kind == NUM_CORRECTION) &&
			i == 0) ||
		    (kind == SET_CONTRAST && i == 1))
			continue;
		if (kind == NUM_IF &&
		    (i == 0 ||
			value_at(search, node->child[i]) !=
			    value_at(search, index)))
			continue;
		clear_exempt(search, node->child[i], exempt);
	}
}

enum misreading
misread_find(const struct tree *tree, const struct values *values,
    enum challenge_level level, int64_t answer)
{
	struct search search = { *tree, values, answer };
	enum misreading found, first;
	bool exempt[TREE_NODES_MAX];
	uint8_t i;

	first = misread_plainly(values, level, answer);
	if (first != MISREAD_NOTHING)
		return first;

	memset(exempt, true, sizeof(exempt));
	clear_exempt(&search, tree->root, exempt);
	for (i = 0; i < tree->count; i++) {
		if (exempt[i])
			continue;
		found = misread_node(&search, i);
		if (found != MISREAD_NOTHING &&
		    (first == MISREAD_NOTHING || found < first))
			first = found;
	}

	return first;
}
