/*
 * Evaluating a tree again with one node changed: only what that node reaches is
 * computed anew.  See eval.h.
 */

#include "challenge-svc/lang/eval_internal.h"

/* Whether a node stands for name n, as given by a kind. */
static bool
is_name_of(const struct tree_node *node, enum tree_kind let, int n)
{
	if (node->n != n)
		return false;
	switch ((int)node->kind) {
	case NUM_NAME:
		return let == LET_NUMBER;
	case SET_GROUP:
	case SET_OTHERS:
		return let == LET_GROUP;
	case SET_PERSON:
		return let == LET_PERSON;
	}

	return false;
}

/*
 * A node reaches its parents and, through a name that it helps to define, the
 * name's users and their parents: from the root down, and names last, since a
 * definition uses no other name.
 */
void
eval_reach(const struct tree *tree, struct eval_trace *trace)
{
	uint64_t *reach = trace->reach;
	const struct tree_node *node = NULL;
	uint64_t users, bit;
	unsigned int i, j;

	trace->reached = true;
	for (i = 0; i < tree->count; i++)
		reach[i] = UINT64_C(1) << i;
	for (i = tree->count; i-- > 0;) {
		node = &tree->node[i];
		for (j = 0; j < tree_kinds[node->kind].arity; j++)
			reach[node->child[j]] |= reach[i];
	}
	for (i = 0; i < tree->count; i++) {
		node = &tree->node[i];
		if (!tree_gives_name((enum tree_kind)node->kind))
			continue;
		users = 0;
		for (j = 0; j < tree->count; j++) {
			if (is_name_of(&tree->node[j],
				(enum tree_kind)node->kind, node->n))
				users |= reach[j];
		}
		bit = UINT64_C(1) << node->child[0];
		for (j = 0; j < tree->count; j++) {
			if ((reach[j] & bit) != 0)
				reach[j] |= users;
		}
	}
}

int64_t
eval_variation(const struct tree *tree, const struct values *values,
    const struct eval_trace *trace, uint8_t index)
{
	struct eval eval = { .tree = tree,
		.values = values,
		.known = trace,
		.changed = trace->reach[index] };

	return eval_number(&eval, tree->root);
}
