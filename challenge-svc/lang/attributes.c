/*
 * Conditions from the leaves up, forms on demand: see attributes.h.
 */

#include "challenge-svc/lang/attributes.h"

#include <string.h>

#include "challenge-svc/lang/pack.h"

/* Classes of numbers, as conditions about child a; b's follow each. */
#define BIT(id) (UINT32_C(1) << PHRASE_IF_##id)

/* What a child's kind tells of the child, in the bits that are about a. */
static uint32_t
class_of(enum tree_kind kind)
{
	switch ((int)kind) {
	case SET_ALL:
		return BIT(A_ALL);
	case NUM_CONST:
		return BIT(A_CONST) | BIT(A_SIMPLE);
	case NUM_NAME:
		return BIT(A_VALUE) | BIT(A_SIMPLE);
	case NUM_IF:
		return BIT(A_CHOICE);
	case NUM_RULE:
	case NUM_RETHINK:
		return BIT(A_TASK);
	}
	if (tree_is_stage(kind))
		return BIT(A_STAGE);
	if (tree_type_of(kind) == TREE_SET)
		return BIT(A_PART);

	return pack_is_value(kind) ? BIT(A_CORE) | BIT(A_VALUE) : 0;
}

/* The same in the bits that are about b. */
static uint32_t
class_of_second(enum tree_kind kind)
{
	uint32_t a = class_of(kind), b;

	b = (a & BIT(A_CORE)) != 0 ? BIT(B_CORE) : 0;
	b |= (a & BIT(A_VALUE)) != 0 ? BIT(B_VALUE) : 0;
	b |= (a & BIT(A_SIMPLE)) != 0 ? BIT(B_SIMPLE) : 0;
	b |= (a & BIT(A_CONST)) != 0 ? BIT(B_CONST) : 0;
	b |= (a & BIT(A_STAGE)) != 0 ? BIT(B_STAGE) : 0;
	b |= (a & BIT(A_CHOICE)) != 0 ? BIT(B_CHOICE) : 0;
	b |= (a & BIT(A_TASK)) != 0 ? BIT(B_TASK) : 0;
	b |= tree_gives_name(kind) ? BIT(B_LET) : BIT(B_BODY);

	return b;
}

static bool
is_afterthought(enum tree_kind kind)
{
	return kind == SET_CORRECTION || kind == SET_CONTRAST ||
	    kind == NUM_CORRECTION || kind == NUM_RETHINK;
}

/* No clause or list below that a following "if" could be taken to belong to. */
static bool
is_flat(const struct tree *tree, uint8_t index)
{
	return !tree_contains(tree, index, SET_EXCEPT) &&
	    !tree_contains(tree, index, NUM_COUNTING) &&
	    !tree_contains(tree, index, NUM_ALTERNATING) &&
	    !tree_contains(tree, index, NUM_WEIGHTED) &&
	    !tree_contains(tree, index, NUM_LARGER) &&
	    !tree_contains(tree, index, NUM_SMALLER);
}

/* Nothing that ends in a place, as "starting with the first" does: behind it,
 * "group P" could be taken for more of the same. */
static bool
is_unplaced(const struct tree *tree, uint8_t index)
{
	return !tree_contains(tree, index, SET_FROM) &&
	    !tree_contains(tree, index, SET_ODD_PLACES) &&
	    !tree_contains(tree, index, SET_EVEN_PLACES);
}

static uint32_t
conditions_of(
    const struct attributes *attributes, const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];
	unsigned int arity = tree_kinds[node->kind].arity;
	uint32_t bits;

	bits = node->n == 1 ? BIT(ONE) : BIT(MANY);
	bits |= attributes->last[index] ? BIT(LAST) : BIT(INNER);
	if (arity > 0)
		bits |= class_of(
		    (enum tree_kind)tree->node[node->child[0]].kind);
	if (arity > 1) {
		bits |= class_of_second(
		    (enum tree_kind)tree->node[node->child[1]].kind);
		if (tree_gives_name((enum tree_kind)node->kind) &&
		    (tree->node[node->child[1]].uses >> node->n & 1) != 0)
			bits |= BIT(USED);
		if (node->kind == NUM_IF &&
		    attributes->unclean[node->child[1]] == 0 &&
		    is_flat(tree, node->child[1]))
			bits |= BIT(B_FLAT);
		if (node->kind == LET_GROUP &&
		    is_unplaced(tree, node->child[0]))
			bits |= BIT(A_UNPLACED);
	}

	return bits;
}

static bool
has_form(struct attributes *attributes, uint8_t index, unsigned int form);

/* Whether a node can be said in all forms of a set. */
static bool
has_forms(struct attributes *attributes, uint8_t index, uint32_t forms)
{
	for (; forms != 0; forms &= forms - 1) {
		if (!has_form(
			attributes, index, (unsigned int)__builtin_ctz(forms)))
			return false;
	}

	return true;
}

bool
attributes_fit(
    struct attributes *attributes, uint8_t index, const struct phrase *phrase)
{
	const uint8_t *child = attributes->tree->node[index].child;
	const uint32_t *need = phrase->need, *has = attributes->forms;
	unsigned int i;

	if ((phrase->when & ~attributes->when[index]) != 0 ||
	    (phrase->clean & attributes->unclean[index]) != 0)
		return false;
	/* Mostly all forms were asked for before.  Nothing is needed of a child
	 * that is not there. */
	if (((need[0] & ~has[child[0]]) | (need[1] & ~has[child[1]]) |
		(need[2] & ~has[child[2]]) |
		(phrase->need_self & ~has[index])) == 0)
		return true;
	for (i = 0; i < TREE_CHILDREN_MAX; i++) {
		if (!has_forms(attributes, child[i], need[i]))
			return false;
	}

	return has_forms(attributes, index, phrase->need_self);
}

/* Ends, since a form needs those of children and of lower rank only. */
static bool
has_form(struct attributes *attributes, uint8_t index, unsigned int form)
{
	const uint32_t bit = UINT32_C(1) << form;
	const struct phrase *list = NULL;
	size_t i, count;

	if ((attributes->asked[index] & bit) != 0)
		return (attributes->forms[index] & bit) != 0;
	attributes->asked[index] |= bit;
	list = phrasebook_of(attributes->book,
	    (enum tree_kind)attributes->tree->node[index].kind, form, &count);
	for (i = 0; i < count; i++) {
		if (attributes_fit(attributes, index, &list[i])) {
			attributes->forms[index] |= bit;
			return true;
		}
	}

	return false;
}

/* The root, and what is said last after names were given. */
static void
find_last(struct attributes *out, const struct tree *tree)
{
	uint8_t index = tree->root;

	out->last[index] = true;
	while (tree_gives_name((enum tree_kind)tree->node[index].kind)) {
		index = tree->node[index].child[1];
		out->last[index] = true;
	}
}

/* Where a node has an afterthought, in the bits of phrase.clean. */
static uint8_t
unclean_of(
    const struct attributes *attributes, const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];
	unsigned int i, bits = 0;

	for (i = 0; i < tree_arity((enum tree_kind)node->kind); i++)
		bits |= attributes->unclean[node->child[i]] != 0 ? 1u << i : 0;
	if (bits != 0 || is_afterthought((enum tree_kind)node->kind))
		bits |= 1u << PHRASE_SELF;

	return (uint8_t)bits;
}

void
attributes_open(struct attributes *out, const struct tree *tree,
    const struct phrasebook *book)
{
	uint8_t index;

	out->tree = tree;
	out->book = book;
	memset(out->last, 0, sizeof(out->last));
	memset(out->forms, 0, tree->count * sizeof(out->forms[0]));
	memset(out->asked, 0, tree->count * sizeof(out->asked[0]));
	find_last(out, tree);
	for (index = 0; index < tree->count; index++) {
		out->unclean[index] = unclean_of(out, tree, index);
		out->when[index] = conditions_of(out, tree, index);
	}
}

void
attributes_find(struct attributes *out, const struct tree *tree,
    const struct phrasebook *book)
{
	uint8_t index;
	uint32_t forms;

	attributes_open(out, tree, book);
	for (index = 0; index < tree->count; index++) {
		forms = phrasebook_forms_of(
		    book, (enum tree_kind)tree->node[index].kind);
		for (; forms != 0; forms &= forms - 1)
			(void)has_form(
			    out, index, (unsigned int)__builtin_ctz(forms));
	}
}
