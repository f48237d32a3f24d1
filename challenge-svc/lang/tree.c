/*
 * Building and inspecting expression trees: see tree.h.
 */

#include "challenge-svc/lang/tree.h"

#include <stddef.h>
#include <string.h>

struct kind_info {
	uint8_t type;
	uint8_t child[TREE_CHILDREN_MAX]; /* types, TREE_NONE after the last */
	bool marked;
};

#define N TREE_NUMBER
#define S TREE_SET
#define C TREE_CONDITION

static const struct kind_info kinds[TREE_KINDS] = {
	[NUM_CONST] = { N, { 0 }, false },
	[NUM_SUM] = { N, { S }, false },
	[NUM_COUNT] = { N, { S }, false },
	[NUM_LARGEST] = { N, { S }, false },
	[NUM_SMALLEST] = { N, { S }, false },
	[NUM_RANGE] = { N, { S }, false },
	[NUM_EXTREMES] = { N, { S }, false },
	[NUM_PRODUCT] = { N, { S }, false },
	[NUM_ALTERNATING] = { N, { S }, false },
	[NUM_WEIGHTED] = { N, { S }, false },
	[NUM_COUNTING] = { N, { S, S }, false },
	[NUM_PLACE] = { N, { 0 }, false },
	[NUM_LAST] = { N, { 0 }, false },
	[NUM_NEXT] = { N, { 0 }, true },
	[NUM_PREVIOUS] = { N, { 0 }, true },
	[NUM_REPEATED] = { N, { 0 }, false },
	[NUM_ADD] = { N, { N, N }, false },
	[NUM_SUBTRACT] = { N, { N, N }, false },
	[NUM_MULTIPLY] = { N, { N, N }, false },
	[NUM_IF] = { N, { C, N, N }, false },
	[NUM_CORRECTION] = { N, { N, N }, false },
	[SCENE_BAGS] = { N, { N }, false },
	[SCENE_SHOP] = { N, { N }, false },
	[SCENE_BUS] = { N, { N }, false },
	[SCENE_TICKETS] = { N, { N }, false },
	[SCENE_TRADE] = { N, { N }, false },
	[SET_ALL] = { S, { 0 }, false },
	[SET_EVEN] = { S, { 0 }, false },
	[SET_ODD] = { S, { 0 }, false },
	[SET_ABOVE] = { S, { N }, false },
	[SET_BELOW] = { S, { N }, false },
	[SET_FIRST] = { S, { 0 }, false },
	[SET_LAST] = { S, { 0 }, false },
	[SET_ODD_PLACES] = { S, { 0 }, false },
	[SET_EVEN_PLACES] = { S, { 0 }, false },
	[SET_BEFORE] = { S, { 0 }, true },
	[SET_AFTER] = { S, { 0 }, true },
	[SET_LARGEST] = { S, { 0 }, false },
	[SET_SMALLEST] = { S, { 0 }, false },
	[SET_SINGLE] = { S, { 0 }, false },
	[SET_NEXT] = { S, { 0 }, true },
	[SET_PREVIOUS] = { S, { 0 }, true },
	[SET_OF] = { S, { S, S }, false },
	[SET_EXCEPT] = { S, { S, S }, false },
	[SET_CORRECTION] = { S, { S, S }, false },
	[SET_CONTRAST] = { S, { S, S }, false },
	[COND_GREATER] = { C, { N, N }, false },
	[COND_LESS] = { C, { N, N }, false },
	[COND_EVEN] = { C, { N }, false },
	[COND_ODD] = { C, { N }, false },
	[COND_MORE] = { C, { S, S }, false },
};

#undef N
#undef S
#undef C

void
tree_reset(struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
}

uint8_t
tree_add(struct tree *tree, enum tree_kind kind, int n, uint8_t mark, uint8_t a,
    uint8_t b, uint8_t c)
{
	struct tree_node *node = NULL;

	if (tree->count == TREE_NODES_MAX) {
		tree->overflow = true;
		return 0;
	}

	node = &tree->node[tree->count];
	node->kind = (uint8_t)kind;
	node->n = (int16_t)n;
	node->mark = mark;
	node->child[0] = a;
	node->child[1] = b;
	node->child[2] = c;

	return tree->count++;
}

uint8_t
tree_leaf(struct tree *tree, enum tree_kind kind)
{
	return tree_add(tree, kind, 0, 0, 0, 0, 0);
}

uint8_t
tree_leaf_n(struct tree *tree, enum tree_kind kind, int n)
{
	return tree_add(tree, kind, n, 0, 0, 0, 0);
}

uint8_t
tree_leaf_mark(struct tree *tree, enum tree_kind kind, uint8_t mark)
{
	return tree_add(tree, kind, 0, mark, 0, 0, 0);
}

uint8_t
tree_one(struct tree *tree, enum tree_kind kind, uint8_t a)
{
	return tree_add(tree, kind, 0, 0, a, 0, 0);
}

uint8_t
tree_two(struct tree *tree, enum tree_kind kind, uint8_t a, uint8_t b)
{
	return tree_add(tree, kind, 0, 0, a, b, 0);
}

enum tree_type
tree_type_of(enum tree_kind kind)
{
	return (enum tree_type)kinds[kind].type;
}

unsigned int
tree_arity(enum tree_kind kind)
{
	unsigned int n = 0;

	while (n < TREE_CHILDREN_MAX && kinds[kind].child[n] != TREE_NONE)
		n++;

	return n;
}

bool
tree_contains(const struct tree *tree, uint8_t index, enum tree_kind kind)
{
	const struct tree_node *node = &tree->node[index];
	unsigned int i, arity;

	if (node->kind == kind)
		return true;

	arity = tree_arity((enum tree_kind)node->kind);
	for (i = 0; i < arity; i++) {
		if (tree_contains(tree, node->child[i], kind))
			return true;
	}

	return false;
}

bool
tree_is_sound(const struct tree *tree)
{
	const struct tree_node *node = NULL;
	const struct kind_info *info = NULL;
	unsigned int i, j;
	uint8_t child;

	if (tree->overflow || tree->root >= tree->count ||
	    tree->count > TREE_NODES_MAX || tree->marks > TREE_MARKS_MAX ||
	    kinds[tree->node[tree->root].kind].type != TREE_NUMBER)
		return false;

	for (i = 0; i < tree->count; i++) {
		node = &tree->node[i];
		if (node->kind >= TREE_KINDS)
			return false;
		info = &kinds[node->kind];
		if (info->marked && node->mark >= tree->marks)
			return false;
		for (j = 0; j < TREE_CHILDREN_MAX; j++) {
			if (info->child[j] == TREE_NONE)
				break;
			child = node->child[j];
			if (child >= i ||
			    kinds[tree->node[child].kind].type !=
				info->child[j])
				return false;
		}
	}

	return true;
}
