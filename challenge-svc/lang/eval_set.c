/*
 * Selecting digits: see eval_internal.h.
 */

#include "challenge-svc/lang/eval_internal.h"

typedef uint64_t
selector(struct eval *eval, const struct tree_node *node, uint64_t domain);

static uint64_t
lowest_of(uint64_t mask)
{
	return mask & (0 - mask);
}

static uint64_t
gap_of(const struct eval *eval, const struct tree_node *node)
{
	return eval->values->mark[node->mark].gap;
}

static uint64_t
take_all(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	(void)eval;
	(void)node;

	return domain;
}

static uint64_t
take_parity(const struct eval *eval, uint64_t domain, int odd)
{
	const uint64_t *having = eval->values->having;

	return domain &
	    (having[odd] | having[odd + 2] | having[odd + 4] | having[odd + 6] |
		having[odd + 8]);
}

static uint64_t
take_even(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	(void)node;

	return take_parity(eval, domain, 0);
}

static uint64_t
take_odd(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	(void)node;

	return take_parity(eval, domain, 1);
}

static uint64_t
take_compared(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	int64_t bound = eval_number(eval, node->child[0]);
	bool above = node->kind == SET_ABOVE;
	int64_t v = above ? bound + 1 : 0, end = above ? 10 : bound;
	uint64_t chosen = 0;

	if (v < 0)
		v = 0;
	if (end > 10)
		end = 10;
	for (; v < end; v++)
		chosen |= eval->values->having[v];

	return chosen & domain;
}

static uint64_t
take_first(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t left = domain;
	int n;

	(void)eval;
	for (n = node->n; n > 0 && left != 0; n--)
		left &= left - 1;

	return domain & ~left;
}

static uint64_t
take_last(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t chosen = 0, bit;
	int n;

	(void)eval;
	for (n = node->n; n > 0 && domain != 0; n--) {
		bit = UINT64_C(1) << (63 - __builtin_clzll(domain));
		chosen |= bit;
		domain &= ~bit;
	}

	return chosen;
}

static uint64_t
take_from(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	struct tree_node before = *node;

	before.n = (int16_t)(node->n - 1);

	return domain & ~take_first(eval, &before, domain);
}

static uint64_t
take_places(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t chosen = 0;
	bool take = node->kind == SET_ODD_PLACES;

	(void)eval;
	for (; domain != 0; domain &= domain - 1) {
		if (take)
			chosen |= lowest_of(domain);
		take = !take;
	}

	return chosen;
}

static uint64_t
take_before(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & eval_below((uint32_t)gap_of(eval, node));
}

static uint64_t
take_after(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & ~take_before(eval, node, domain);
}

static uint64_t
take_between(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	const struct values_mark *mark = eval->values->mark;

	return domain &
	    (eval_below(mark[node->mark].gap) ^ eval_below(mark[node->n].gap));
}

static uint64_t
take_outside(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & ~take_between(eval, node, domain);
}

/*
 * The n largest or smallest.  Any two equal digits among them, or equal to the
 * next one, leave a doubt: some read "the two largest" of 7, 7, 3 as 7 and 3.
 */
static uint64_t
take_ranked(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t chosen = 0, having;
	int i, v, n = node->n;

	for (i = 0; i < 10 && n > 0; i++) {
		v = node->kind == SET_LARGEST ? 9 - i : i;
		having = eval->values->having[v] & domain;
		if (having == 0)
			continue;
		if (eval_count(having) > 1)
			eval->doubts |= EVAL_TIE;
		while (n > 0 && having != 0) {
			chosen |= lowest_of(having);
			having &= having - 1;
			n--;
		}
	}

	return chosen;
}

static uint64_t
take_single(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t chosen = 0, having;
	int v;

	(void)node;
	for (v = 0; v < 10; v++) {
		having = eval->values->having[v] & domain;
		if (eval_count(having) == 1)
			chosen |= having;
	}

	return chosen;
}

/* Neighbours are those in the text, whatever the domain. */
static uint64_t
take_stepping(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	const uint8_t *digit = eval->values->digit;
	uint64_t chosen = 0;
	uint32_t i;

	for (i = 1; i < eval->values->count; i++) {
		if (node->kind == SET_RISING ? digit[i] > digit[i - 1]
					     : digit[i] < digit[i - 1])
			chosen |= UINT64_C(1) << i;
	}

	return chosen & domain;
}

static uint64_t
take_next(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & UINT64_C(1) << gap_of(eval, node);
}

static uint64_t
take_previous(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & UINT64_C(1) << (gap_of(eval, node) - 1);
}

static uint64_t
take_of(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return eval_set(
	    eval, node->child[1], eval_set(eval, node->child[0], domain));
}

static uint64_t
take_except(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t base;

	base = eval_set(eval, node->child[0], domain);

	return base & ~eval_set(eval, node->child[1], base);
}

static uint64_t
take_neither(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t a, b;

	a = eval_set(eval, node->child[0], domain);
	b = eval_set(eval, node->child[1], domain);
	/* One inside the other: the longer half says it all. */
	if ((a & ~b) == 0 || (b & ~a) == 0)
		eval->doubts |= EVAL_WHOLE;

	return domain & ~(a | b);
}

static uint64_t
take_corrected(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	(void)eval_set(eval, node->child[0], domain);

	return eval_set(eval, node->child[1], domain);
}

/*
 * "The odd digits, not the first four" is heard as an exception by some.  It
 * comes to the same when the two share no digit.
 */
static uint64_t
take_contrast(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t meant = eval_set(eval, node->child[0], domain);
	uint64_t denied = eval_set(eval, node->child[1], domain);

	if ((meant & denied) != 0)
		eval->doubts |= EVAL_WHOLE;

	return meant;
}

static uint64_t
take_named(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & eval->set[node->n];
}

static uint64_t
take_others(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	return domain & ~eval->set[node->n];
}

static selector *const selectors[TREE_KINDS] = {
	[SET_ALL] = take_all,
	[SET_EVEN] = take_even,
	[SET_ODD] = take_odd,
	[SET_ABOVE] = take_compared,
	[SET_BELOW] = take_compared,
	[SET_FIRST] = take_first,
	[SET_LAST] = take_last,
	[SET_FROM] = take_from,
	[SET_ODD_PLACES] = take_places,
	[SET_EVEN_PLACES] = take_places,
	[SET_BEFORE] = take_before,
	[SET_AFTER] = take_after,
	[SET_BETWEEN] = take_between,
	[SET_OUTSIDE] = take_outside,
	[SET_LARGEST] = take_ranked,
	[SET_SMALLEST] = take_ranked,
	[SET_SINGLE] = take_single,
	[SET_RISING] = take_stepping,
	[SET_FALLING] = take_stepping,
	[SET_NEXT] = take_next,
	[SET_PREVIOUS] = take_previous,
	[SET_OF] = take_of,
	[SET_EXCEPT] = take_except,
	[SET_NEITHER] = take_neither,
	[SET_CORRECTION] = take_corrected,
	[SET_CONTRAST] = take_contrast,
	[SET_GROUP] = take_named,
	[SET_OTHERS] = take_others,
	[SET_PERSON] = take_named,
};

/* A selection that takes nothing, or everything, does not select. */
uint64_t
eval_set(struct eval *eval, uint8_t index, uint64_t domain)
{
	const struct tree_node *node = &eval->tree->node[index];
	uint64_t chosen;

	if ((eval->doubts & eval->stop) != 0)
		return 0;
	if (selectors[node->kind] == NULL)
		return 0; /* a sound tree has nothing but sets here */
	chosen = selectors[node->kind](eval, node, domain);
	if (chosen == 0)
		eval->doubts |= EVAL_SMALL;
	if (chosen == domain && node->kind != SET_ALL)
		eval->doubts |= EVAL_WHOLE;

	return chosen;
}
