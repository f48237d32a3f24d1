/*
 * Evaluating a tree again with one node changed: only what that node reaches is
 * computed anew.  See eval.h.
 */

#include "challenge-svc/lang/eval_internal.h"

/* Through a name, what it stands for reaches its users. */
static void
reach_users(const struct tree *tree, uint64_t reach[TREE_NODES_MAX])
{
	uint64_t users[TREE_NAMES_MAX] = { 0 };
	const struct tree_node *node = NULL;
	uint8_t i, j;

	for (i = 0; i < tree->count; i++) {
		node = &tree->node[i];
		if (tree_giver((enum tree_kind)node->kind) != TREE_KINDS)
			users[node->n] |= reach[i];
	}
	for (i = 0; i < tree->count; i++) {
		node = &tree->node[i];
		if (!tree_gives_name((enum tree_kind)node->kind))
			continue;
		for (j = 0; j <= node->child[0]; j++)
			reach[j] |= users[node->n] &
			    (0 - (reach[j] >> node->child[0] & 1));
	}
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
	unsigned int i, j;

	trace->reached = true;
	for (i = 0; i < tree->count; i++)
		reach[i] = UINT64_C(1) << i;
	for (i = tree->count; i-- > 0;) {
		node = &tree->node[i];
		for (j = 0; j < tree_arity((enum tree_kind)node->kind); j++)
			reach[node->child[j]] |= reach[i];
	}
	if (tree->names > 0)
		reach_users(tree, reach);
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
