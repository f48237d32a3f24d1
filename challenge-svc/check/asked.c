/*
 * From the root down, since children come before their parents: see asked.h.
 */

#include "challenge-svc/check/asked.h"

#include <string.h>

/* Asks for what the phrases of a node in one form have slots for. */
static void
ask_below(uint32_t *asked, const struct tree *tree,
    struct attributes *attributes, const struct phrasebook *book, uint8_t index,
    unsigned int form)
{
	const struct tree_node *node = &tree->node[index];
	const struct phrase *list = NULL;
	size_t i, count;
	unsigned int child;

	list = phrasebook_of(book, (enum tree_kind)node->kind, form, &count);
	for (i = 0; i < count; i++) {
		if (!attributes_fit(attributes, index, &list[i]))
			continue;
		asked[index] |= list[i].need_self;
		for (child = 0; child < tree_kinds[node->kind].arity; child++)
			asked[node->child[child]] |= list[i].need[child];
	}
}

void
asked_find(uint32_t asked[TREE_NODES_MAX], const struct tree *tree,
    struct attributes *attributes, const struct phrasebook *book)
{
	uint32_t done, left;
	unsigned int index;

	memset(asked, 0, TREE_NODES_MAX * sizeof(*asked));
	asked[tree->root] = UINT32_C(1) << FORM_SAY;
	for (index = tree->root + 1u; index-- > 0;) {
		/* A node may ask for itself in other forms. */
		for (done = 0; (left = asked[index] & ~done) != 0;
		     done |= left & (0 - left))
			ask_below(asked, tree, attributes, book, (uint8_t)index,
			    (unsigned int)__builtin_ctz(left));
	}
}
