/*
 * Misreadings as edits of the tree: see misread.h.
 */

#include "challenge-svc/lang/misread.h"

#include <stdbool.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"

struct search {
	struct tree tree; /* edited and restored */
	const struct values *values;
	enum challenge_level level;
	int64_t answer;
	struct misread_slips *out;
	enum challenge_misreading hit; /* gives the answer */
	unsigned int used;	       /* names, as bits */
	const struct eval_trace *trace;
};

/* Keeps what a misreading comes to. */
static void
keep(struct search *search, enum challenge_misreading how, int64_t value)
{
	struct misread_slips *out = search->out;
	struct challenge_slip *slip = NULL;
	uint32_t i;

	/* What is not meant would be told by its sign. */
	if (value == search->answer ||
	    (value < 0 &&
		(how == MISREAD_CONDITION || how == MISREAD_RULE ||
		    how == MISREAD_CORRECTION || how == MISREAD_NAME))) {
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
	keep(search, how,
	    eval_variation(
		&search->tree, search->values, search->trace, index));
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
try_swapped(struct search *search, enum challenge_misreading how, uint8_t index,
    unsigned int first)
{
	struct tree_node edit = search->tree.node[index];
	uint8_t child = edit.child[first];

	edit.child[first] = edit.child[first + 1];
	edit.child[first + 1] = child;
	try_edited(search, how, index, edit);
}

static void
try_n(
    struct search *search, enum challenge_misreading how, uint8_t index, int n)
{
	struct tree_node edit = search->tree.node[index];

	edit.n = (int16_t)n;
	try_edited(search, how, index, edit);
}

/* A step is the side that is a number in figures, else the second one. */
static void
try_without_step(struct search *search, uint8_t index)
{
	const struct tree_node *node = &search->tree.node[index];
	const struct tree_node *first = &search->tree.node[node->child[0]];

	try_child(
	    search, MISREAD_STAGE, index, first->kind == NUM_CONST ? 1 : 0);
}

/* What only some kinds can be mistaken for. */
static void
try_own(struct search *search, uint8_t index)
{
	const struct tree_node *node = &search->tree.node[index];
	int i;

	switch ((int)node->kind) {
	case SET_EXCEPT:
		try_child(search, MISREAD_EXCEPTION, index, 0);
		break;
	case SET_OF:
		try_child(search, MISREAD_SELECTION, index, 0);
		try_child(search, MISREAD_SELECTION, index, 1);
		break;
	case SET_CORRECTION:
	case NUM_CORRECTION:
	case NUM_RETHINK:
		try_child(search, MISREAD_CORRECTION, index, 0);
		break;
	case SET_CONTRAST:
		try_child(search, MISREAD_CORRECTION, index, 1);
		break;
	case NUM_IF:
		try_swapped(search, MISREAD_CONDITION, index, 1);
		break;
	case NUM_RULE:
		try_n(search, MISREAD_RULE, index, 3 - node->n);
		break;
	case NUM_SUBTRACT:
		try_swapped(search, MISREAD_ORDER, index, 0);
		try_without_step(search, index);
		break;
	case NUM_ADD:
	case NUM_MULTIPLY:
	case NUM_TIMES:
		try_without_step(search, index);
		break;
	case NUM_ADD_FIRST:
		try_kind(search, MISREAD_STAGE, index, NUM_ADD);
		break;
	case NUM_MULTIPLY_FIRST:
	case NUM_MULTIPLY_LESS:
		try_kind(search, MISREAD_STAGE, index, NUM_MULTIPLY);
		break;
	case NUM_NAME:
	case SET_GROUP:
	case SET_OTHERS:
	case SET_PERSON:
		for (i = 0; i < search->tree.names; i++) {
			if (i != node->n)
				try_n(search, MISREAD_NAME, index, i);
		}
		break;
	case SCENE_KEEP:
	case SCENE_BUY:
		try_kind(search, MISREAD_EXCEPTION, index, NUM_SUM);
		break;
	case SCENE_FARES:
		try_swapped(search, MISREAD_ORDER, index, 1);
		break;
	}
}

/* All ways of misunderstanding one node. */
static void
try_node(struct search *search, uint8_t index)
{
	enum tree_kind kind = (enum tree_kind)search->tree.node[index].kind;
	enum tree_kind opposite = (enum tree_kind)tree_kinds[kind].opposite;
	enum tree_kind mistaken = (enum tree_kind)tree_kinds[kind].mistaken;

	try_own(search, index);
	/* "Except the largest" for "the largest": misread.h on easy. */
	if (mistaken != kind &&
	    !(search->level == LEVEL_EASY && kind == SET_EXCEPT))
		try_kind(search,
		    tree_type_of(kind) == TREE_NUMBER ? MISREAD_OPERATOR
			: mistaken == SET_ALL	      ? MISREAD_SELECTION
						      : MISREAD_EXCEPTION,
		    index, mistaken);
	if (opposite != kind)
		try_kind(search, MISREAD_OPPOSITE, index, opposite);
}

/* A plain rule; at easy it may be right (misread.h). */
static void
try_rule(struct search *search, enum challenge_misreading how, int64_t value)
{
	if (search->level != LEVEL_EASY || value != search->answer)
		keep(search, how, value);
}

static void
try_plainly(struct search *search)
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
	try_rule(search, MISREAD_EXTREME, largest);
	try_rule(search, MISREAD_EXTREME, smallest);
	try_rule(search, MISREAD_PLAIN_RULE, product);
	try_rule(search, MISREAD_PLAIN_RULE, values->count);
	try_rule(search, MISREAD_PLAIN_RULE, values->digit[0]);
	try_rule(search, MISREAD_PLAIN_RULE, values->digit[values->count - 1]);
}

/* Whether what child i of a node says has no part in the node's value. */
static bool
is_idle(struct search *search, uint8_t index, unsigned int i)
{
	const struct tree_node *node = &search->tree.node[index];

	switch ((int)node->kind) {
	case SET_CORRECTION:
	case NUM_CORRECTION:
	case NUM_RETHINK:
		return i == 0;
	case SET_CONTRAST:
		return i == 1;
	case NUM_RULE:
		return i + 1 != (unsigned int)node->n;
	case LET_NUMBER:
	case LET_GROUP:
	case LET_PERSON:
		return i == 0 && (search->used >> node->n & 1) == 0;
	case NUM_IF:
		return i == 0 || node->child[i] != search->trace->arm[index];
	case NUM_LARGER:
	case NUM_SMALLER:
		return node->child[i] != search->trace->arm[index];
	}

	return false;
}

/*
 * Clears exempt[] for the nodes whose misunderstanding must change the answer.
 * The rest may be misread without harm: a condition decides only between two
 * arms, the arm not taken is never computed, and what a correction withdraws,
 * a contrast denies or an unused name stands for has no effect.
 */
static void
clear_exempt(struct search *search, uint8_t index, bool *exempt)
{
	const struct tree_node *node = &search->tree.node[index];
	unsigned int i, arity = tree_arity((enum tree_kind)node->kind);

	exempt[index] = false;
	for (i = 0; i < arity; i++) {
		if (!is_idle(search, index, i))
			clear_exempt(search, node->child[i], exempt);
	}
}

enum challenge_misreading
misread_collect(const struct tree *tree, const struct values *values,
    enum challenge_level level, int64_t answer, const struct eval_trace *trace,
    struct misread_slips *out)
{
	struct search search = { .values = values,
		.level = level,
		.answer = answer,
		.out = out,
		.trace = trace,
		.hit = MISREAD_NOTHING };
	bool exempt[TREE_NODES_MAX];
	uint8_t i;

	out->count = 0;
	search.tree = *tree;
	search.used = tree_names_used(tree, tree->root);
	try_plainly(&search);
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
