/*
 * Misreadings as edits of the tree: see misread.h.
 */

#include "challenge-svc/lang/misread.h"

#include <stdbool.h>

#include "challenge-svc/lang/eval.h"

struct search {
	struct tree tree; /* edited and restored */
	const struct values *values;
	enum challenge_level level;
	int64_t answer;
	struct misread_slips *out;
	enum challenge_misreading hit; /* gives the answer */
	uint64_t kept; /* the low bits of what is kept, as bits */
	const struct eval_trace *trace;
};

/* Keeps what a misreading comes to. */
static void
keep(struct search *search, enum challenge_misreading how, int64_t value)
{
	struct misread_slips *out = search->out;
	struct challenge_slip *slip = NULL;
	uint64_t bit;
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

	/* Mostly none of those kept ends in the same bits. */
	bit = UINT64_C(1) << (value & 63);
	for (i = 0; (search->kept & bit) != 0 && i < out->count; i++) {
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
	search->kept |= bit;
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

/* The children of a node whose misunderstanding changes it, as bits. */
static unsigned int
children_that_count(const struct search *search, uint8_t index)
{
	const struct tree_node *node = &search->tree.node[index];
	uint8_t arm = search->trace->arm[index];

	switch ((int)node->kind) {
	case NUM_IF:
		return node->child[1] == arm ? 2 : 4;
	case NUM_LARGER:
	case NUM_SMALLER:
		return node->child[0] == arm ? 1 : 2;
	}

	return tree_counted(&search->tree, index);
}

/*
 * The nodes whose misunderstanding must change the answer, a bit for each.  The
 * rest may be misread without harm: a condition decides only between two arms,
 * the arm not taken is never computed, and what a correction withdraws, a
 * contrast denies or an unused name stands for has no effect.
 */
static uint64_t
nodes_that_count(const struct search *search)
{
	const struct tree *tree = &search->tree;
	uint64_t nodes = UINT64_C(1) << tree->root;
	unsigned int children;
	uint8_t i;

	/* Children come before their parents: from the top down. */
	for (i = tree->root + 1; i-- > 0;) {
		if ((nodes >> i & 1) == 0)
			continue;
		children = children_that_count(search, i);
		for (; children != 0; children &= children - 1)
			nodes |= UINT64_C(1)
			    << tree->node[i].child[__builtin_ctz(children)];
	}

	return nodes;
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
	uint64_t nodes;

	out->count = 0;
	search.tree = *tree;
	try_plainly(&search);
	if (search.hit != MISREAD_NOTHING)
		return search.hit;

	for (nodes = nodes_that_count(&search); nodes != 0;
	     nodes &= nodes - 1) {
		try_node(&search, (uint8_t)__builtin_ctzll(nodes));
		if (search.hit != MISREAD_NOTHING)
			return search.hit;
	}

	return MISREAD_NOTHING;
}
