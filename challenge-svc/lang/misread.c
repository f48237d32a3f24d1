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
	struct misread_slips *out;
	enum challenge_misreading hit; /* gives the answer */
};

/* Keeps what a misreading comes to. */
static void
keep(struct search *search, enum challenge_misreading how, int64_t value)
{
	struct misread_slips *out = search->out;
	struct challenge_slip *slip = NULL;
	uint32_t i;

	if (value == search->answer) {
		if (search->hit == MISREAD_NOTHING)
			search->hit = how;
		return;
	}
	if (value < INT16_MIN || value > INT16_MAX)
		return;

	for (i = 0; i < out->count; i++) {
		slip = &out->slip[i];
		if (slip->answer == value) {
			if (how < slip->misreading)
				slip->misreading = (uint8_t)how;
			return;
		}
	}
	if (out->count == CHALLENGE_SLIPS_MAX)
		return;
	slip = &out->slip[out->count++];
	slip->answer = (int16_t)value;
	slip->misreading = (uint8_t)how;
}

/* Keeps what the tree comes to with node index replaced by edit. */
static void
try_edited(struct search *search, enum challenge_misreading how, uint8_t index,
    struct tree_node edit)
{
	struct tree_node kept = search->tree.node[index];

	search->tree.node[index] = edit;
	keep(search, how, eval_tree(&search->tree, search->values).value);
	search->tree.node[index] = kept;
}

static void
try_kind(struct search *search, enum challenge_misreading how, uint8_t index,
    enum tree_kind kind)
{
	struct tree_node edit = search->tree.node[index];

	edit.kind = (uint8_t)kind;
	try_edited(search, how, index, edit);
}

static void
try_child(struct search *search, enum challenge_misreading how, uint8_t index,
    unsigned int child)
{
	const struct tree_node *node = &search->tree.node[index];

	try_edited(search, how, index, search->tree.node[node->child[child]]);
}

static void
try_other_arm(struct search *search, uint8_t index)
{
	struct tree_node edit = search->tree.node[index];
	uint8_t arm = edit.child[1];

	edit.child[1] = edit.child[2];
	edit.child[2] = arm;
	try_edited(search, MISREAD_CONDITION, index, edit);
}

/* A step is everything but the side that holds the longer computation. */
static void
try_without_step(struct search *search, uint8_t index)
{
	const struct tree_node *node = &search->tree.node[index];
	const struct tree_node *first = &search->tree.node[node->child[0]];

	try_child(
	    search, MISREAD_STAGE, index, first->kind == NUM_CONST ? 1 : 0);
}

/* The operation that this one is taken for; TREE_KINDS where there is none. */
static enum tree_kind
other_operator(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_ADD:
		return NUM_SUBTRACT;
	case NUM_SUBTRACT:
	case NUM_MULTIPLY:
		return NUM_ADD;
	case NUM_EXTREMES:
		return NUM_RANGE;
	case NUM_RANGE:
		return NUM_EXTREMES;
	case NUM_COUNT:
	case NUM_PRODUCT:
	case NUM_ALTERNATING:
	case NUM_WEIGHTED:
	case NUM_COUNTING:
		return NUM_SUM;
	}

	return TREE_KINDS;
}

/* All ways of misunderstanding one node. */
static void
try_node(struct search *search, uint8_t index)
{
	enum tree_kind kind = (enum tree_kind)search->tree.node[index].kind;
	enum tree_kind other;

	if (kind == SET_EXCEPT)
		try_child(search, MISREAD_EXCEPTION, index, 0);
	if (kind == SET_CORRECTION || kind == NUM_CORRECTION)
		try_child(search, MISREAD_CORRECTION, index, 0);
	if (kind == SET_CONTRAST)
		try_child(search, MISREAD_CORRECTION, index, 1);
	if (kind == NUM_IF)
		try_other_arm(search, index);
	if (kind == NUM_ADD || kind == NUM_SUBTRACT || kind == NUM_MULTIPLY)
		try_without_step(search, index);

	other = other_operator(kind);
	if (other != TREE_KINDS)
		try_kind(search, MISREAD_OPERATOR, index, other);
	other = opposite_of(kind);
	if (other != TREE_KINDS)
		try_kind(search, MISREAD_OPPOSITE, index, other);
	if (is_selection(kind))
		try_kind(search, MISREAD_SELECTION, index, SET_ALL);
}

/* A plain rule; at easy it may be right (misread.h). */
static void
try_rule(struct search *search, enum challenge_misreading how,
    enum challenge_level level, int64_t value)
{
	if (level != LEVEL_EASY || value != search->answer)
		keep(search, how, value);
}

static void
try_plainly(struct search *search, enum challenge_level level)
{
	const struct values *values = search->values;
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

	keep(search, MISREAD_PLAIN_SUM, sum);
	try_rule(search, MISREAD_EXTREME, level, largest);
	try_rule(search, MISREAD_EXTREME, level, smallest);
	try_rule(search, MISREAD_PLAIN_RULE, level, product);
	try_rule(search, MISREAD_PLAIN_RULE, level, values->count);
	try_rule(search, MISREAD_PLAIN_RULE, level, values->digit[0]);
	try_rule(search, MISREAD_PLAIN_RULE, level,
	    values->digit[values->count - 1]);
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

enum challenge_misreading
misread_collect(const struct tree *tree, const struct values *values,
    enum challenge_level level, int64_t answer, struct misread_slips *out)
{
	struct search search = { *tree, values, answer, out, MISREAD_NOTHING };
	bool exempt[TREE_NODES_MAX];
	uint8_t i;

	out->count = 0;
	try_plainly(&search, level);
	if (search.hit != MISREAD_NOTHING)
		return search.hit;

	memset(exempt, true, sizeof(exempt));
	clear_exempt(&search, tree->root, exempt);
	for (i = 0; i < tree->count; i++) {
		if (exempt[i])
			continue;
		try_node(&search, i);
		if (search.hit != MISREAD_NOTHING)
			return search.hit;
	}

	return MISREAD_NOTHING;
}

enum challenge_misreading
misread_class(const struct misread_slips *slips, int64_t answer)
{
	uint32_t i;

	for (i = 0; i < slips->count; i++) {
		if (slips->slip[i].answer == answer)
			return (enum challenge_misreading)slips->slip[i]
			    .misreading;
	}

	return MISREAD_NOTHING;
}
