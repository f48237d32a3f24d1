/*
 * Trees that share their parts: see forest.h.
 */

#include "challenge-svc/check/forest.h"

#include <string.h>

bool
forest_has_name(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_NAME:
	case SET_GROUP:
	case SET_OTHERS:
	case SET_PERSON:
	case LET_NUMBER:
	case LET_GROUP:
	case LET_PERSON:
		return true;
	}

	return false;
}

bool
forest_has_n(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_CONST:
	case NUM_HIGH:
	case NUM_LOW:
	case NUM_COUNTING:
	case NUM_PLACE:
	case NUM_TIMES:
	case NUM_RULE:
	case SET_FIRST:
	case SET_LAST:
	case SET_FROM:
	case SET_LARGEST:
	case SET_SMALLEST:
		return true;
	}

	return forest_has_name(kind) || tree_kinds[kind].marks > 1;
}

bool
forest_says_n(enum phrase_piece_type type, enum tree_kind kind)
{
	switch (type) {
	case PIECE_TEXT:
	case PIECE_CHILD:
	case PIECE_SELF:
	case PIECE_MARK:
		return false;
	case PIECE_FIGURES:
	case PIECE_WORD:
	case PIECE_ORDER:
	case PIECE_TIMES:
		return forest_has_n(kind) && !forest_has_name(kind) &&
		    tree_kinds[kind].marks < 2;
	case PIECE_MARK_2:
		return tree_kinds[kind].marks == 2;
	case PIECE_LETTER:
	case PIECE_PERSON:
		return forest_has_name(kind);
	}

	return false;
}

void
forest_reset(struct forest *forest)
{
	memset(forest->bucket, 0, sizeof(forest->bucket));
	forest->count = 1; /* FOREST_NONE */
	forest->full = false;
}

static bool
is_same(const struct forest_node *a, const struct forest_node *b)
{
	return a->kind == b->kind && a->mark == b->mark && a->n == b->n &&
	    memcmp(a->child, b->child, sizeof(a->child)) == 0;
}

static uint16_t *
bucket_of(struct forest *forest, const struct forest_node *node)
{
	uint32_t hash = node->kind, i;

	hash = hash * 31 + node->mark;
	hash = hash * 31 + (uint16_t)node->n;
	for (i = 0; i < TREE_CHILDREN_MAX; i++)
		hash = hash * 0x9e3779b1u + node->child[i];

	return &forest->bucket[(hash ^ hash >> 15) % FOREST_BUCKETS];
}

uint16_t
forest_add(struct forest *forest, const struct forest_node *node)
{
	struct forest_node *kept = NULL;
	uint16_t *bucket = bucket_of(forest, node), id;
	unsigned int i, size = 1;

	for (id = *bucket; id != FOREST_NONE; id = forest->node[id].next) {
		if (is_same(&forest->node[id], node))
			return id;
	}

	for (i = 0; i < tree_kinds[node->kind].arity; i++)
		size += forest->node[node->child[i]].size;
	if (size > TREE_NODES_MAX)
		return FOREST_NONE;
	if (forest->count == FOREST_NODES_MAX) {
		forest->full = true;
		return FOREST_NONE;
	}
	kept = &forest->node[forest->count];
	*kept = *node;
	kept->size = (uint8_t)size;
	kept->next = *bucket;
	*bucket = forest->count;

	return forest->count++;
}

/* The tree's own number for a name: names are counted as they come. */
static int
name_in(struct forest_tree *out, int16_t name)
{
	int i;

	for (i = 0; i < out->tree.names; i++) {
		if (out->name[i] == name)
			return i;
	}
	if (i == TREE_NAMES_MAX) {
		out->tree.overflow = true;
		return 0;
	}
	out->name[out->tree.names++] = name;

	return i;
}

/* Goes no deeper than a tree has nodes: forest_add() looks at the size. */
static uint8_t
take_node(const struct forest *forest, uint16_t id, struct forest_tree *out)
{
	const struct forest_node *node = &forest->node[id];
	enum tree_kind kind = (enum tree_kind)node->kind;
	uint8_t child[TREE_CHILDREN_MAX] = { 0 };
	unsigned int i;
	int n = node->n;

	for (i = 0; i < tree_kinds[kind].arity; i++)
		child[i] = take_node(forest, node->child[i], out);
	if (forest_has_name(kind))
		n = name_in(out, node->n);

	return tree_add(
	    &out->tree, kind, n, node->mark, child[0], child[1], child[2]);
}

bool
forest_take(const struct forest *forest, uint16_t root, struct forest_tree *out)
{
	tree_reset(&out->tree);
	memset(out->name, 0, sizeof(out->name));
	out->tree.marks = TREE_MARKS_MAX;
	out->tree.root = take_node(forest, root, out);

	return tree_is_sound(&out->tree);
}
