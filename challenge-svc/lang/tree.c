/*
 * Building and inspecting expression trees: see tree.h.
 */

#include "challenge-svc/lang/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define N TREE_NUMBER
#define S TREE_SET
#define C TREE_CONDITION

const struct tree_kind_info tree_kinds[TREE_KINDS] = {
#define KIND(id, name, type, a, b, c, marks, scans, steps, opposite, mistaken) \
	[id] = { name, type, { a, b, c }, (a != 0) + (b != 0) + (c != 0),      \
		marks, scans, steps, opposite, mistaken },
#include "challenge-svc/lang/kinds.def"
#undef KIND
};

#undef N
#undef S
#undef C

/* Nodes are filled as they are added: only what counts them is emptied. */
void
tree_reset(struct tree *tree)
{
	memset((char *)tree + offsetof(struct tree, count), 0,
	    sizeof(*tree) - offsetof(struct tree, count));
}

enum tree_kind
tree_giver(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_NAME:
		return LET_NUMBER;
	case SET_GROUP:
	case SET_OTHERS:
		return LET_GROUP;
	case SET_PERSON:
		return LET_PERSON;
	}

	return TREE_KINDS;
}

/* The names that a node with children uses; what names cannot be is none. */
static uint8_t
uses_of(const struct tree *tree, const struct tree_node *node)
{
	unsigned int i, uses = 0;

	if (tree_giver((enum tree_kind)node->kind) != TREE_KINDS)
		return (uint8_t)(node->n >= 0 && node->n < TREE_NAMES_MAX
			? 1u << node->n
			: 0u);
	for (i = 0; i < tree_arity((enum tree_kind)node->kind); i++)
		uses |= tree->node[node->child[i]].uses;

	return (uint8_t)uses;
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
	node->uses = uses_of(tree, node);

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

unsigned int
tree_counted(const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];

	switch ((int)node->kind) {
	case SET_CORRECTION:
	case NUM_CORRECTION:
	case NUM_RETHINK:
		return 2;
	case SET_CONTRAST:
		return 1;
	case NUM_RULE:
		return 1u << (node->n - 1);
	case LET_NUMBER:
	case LET_GROUP:
	case LET_PERSON:
		return (tree->node[node->child[1]].uses >> node->n & 1) != 0
		    ? 3
		    : 2;
	}

	return (1u << tree_kinds[node->kind].arity) - 1;
}

bool
tree_contains(const struct tree *tree, uint8_t index, enum tree_kind kind)
{
	const struct tree_node *node = &tree->node[index];
	unsigned int i;

	if (node->kind == kind)
		return true;
	for (i = 0; i < tree_kinds[node->kind].arity; i++) {
		if (tree_contains(tree, node->child[i], kind))
			return true;
	}

	return false;
}

bool
tree_is_stage(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_ADD:
	case NUM_SUBTRACT:
	case NUM_MULTIPLY:
	case NUM_ADD_FIRST:
	case NUM_MULTIPLY_FIRST:
	case NUM_MULTIPLY_LESS:
		return true;
	}

	return false;
}

bool
tree_gives_name(enum tree_kind kind)
{
	return kind == LET_NUMBER || kind == LET_GROUP || kind == LET_PERSON;
}

/* Types and order of one node's children, and its marks. */
static bool
node_is_sound(const struct tree *tree, unsigned int index)
{
	const struct tree_node *node = &tree->node[index];
	const struct tree_kind_info *info = NULL;
	unsigned int i;
	uint8_t child;

	if (node->kind >= TREE_KINDS)
		return false;
	info = &tree_kinds[node->kind];
	if (info->marks > 0 && node->mark >= tree->marks)
		return false;
	if (info->marks > 1 &&
	    (node->n < 0 || node->n >= tree->marks || node->n == node->mark))
		return false;
	for (i = 0; i < info->arity; i++) {
		child = node->child[i];
		if (child >= index ||
		    tree_kinds[tree->node[child].kind].type != info->child[i])
			return false;
	}

	return true;
}

/* given[n] is the kind that has given name n on the way down. */
static bool
names_are_sound(const struct tree *tree, uint8_t index, enum tree_kind *given)
{
	const struct tree_node *node = &tree->node[index];
	enum tree_kind kind = (enum tree_kind)node->kind;
	enum tree_kind giver = tree_giver(kind);
	unsigned int i;
	bool sound;

	if ((giver != TREE_KINDS || tree_gives_name(kind)) &&
	    (node->n < 0 || node->n >= tree->names))
		return false;
	if (giver != TREE_KINDS)
		return given[node->n] == giver;
	if (tree_gives_name(kind)) {
		if (given[node->n] != TREE_KINDS ||
		    !names_are_sound(tree, node->child[0], given))
			return false;
		given[node->n] = kind;
		sound = names_are_sound(tree, node->child[1], given);
		given[node->n] = TREE_KINDS;
		return sound;
	}
	for (i = 0; i < tree_kinds[kind].arity; i++) {
		if (!names_are_sound(tree, node->child[i], given))
			return false;
	}

	return true;
}

bool
tree_is_sound(const struct tree *tree)
{
	enum tree_kind given[TREE_NAMES_MAX] = { TREE_KINDS, TREE_KINDS,
		TREE_KINDS };
	unsigned int i;

	if (tree->overflow || tree->root >= tree->count ||
	    tree->count > TREE_NODES_MAX || tree->marks > TREE_MARKS_MAX ||
	    tree->names > TREE_NAMES_MAX)
		return false;
	for (i = 0; i < tree->count; i++) {
		if (!node_is_sound(tree, i))
			return false;
	}

	return tree_kinds[tree->node[tree->root].kind].type == TREE_NUMBER &&
	    names_are_sound(tree, tree->root, given);
}

struct printer {
	char *text;
	size_t used;
	bool full;
};

static void __attribute__((format(printf, 2, 3)))
print(struct printer *printer, const char *format, ...)
{
	size_t room = TREE_TEXT_MAX + 1 - printer->used;
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(printer->text + printer->used, room, format, args);
	va_end(args);
	if (size < 0 || (size_t)size >= room)
		printer->full = true;
	else
		printer->used += (size_t)size;
}

static void
print_node(struct printer *printer, const struct tree *tree, uint8_t index,
    const char *symbols)
{
	const struct tree_node *node = &tree->node[index];
	const struct tree_kind_info *info = &tree_kinds[node->kind];
	unsigned int i;

	print(printer, "(%s", info->name);
	if (info->marks > 0)
		print(printer, " %c", symbols[node->mark]);
	if (info->marks > 1)
		print(printer, " %c", symbols[node->n]);
	else if (node->n != 0 || tree_gives_name((enum tree_kind)node->kind) ||
	    tree_giver((enum tree_kind)node->kind) != TREE_KINDS)
		print(printer, " %d", node->n);
	for (i = 0; i < info->arity; i++) {
		print(printer, " ");
		print_node(printer, tree, node->child[i], symbols);
	}
	print(printer, ")");
}

bool
tree_write(const struct tree *tree, const char symbols[TREE_MARKS_MAX],
    char text[TREE_TEXT_MAX + 1])
{
	struct printer printer = { text, 0, false };

	text[0] = '\0';
	print_node(&printer, tree, tree->root, symbols);

	return !printer.full;
}
