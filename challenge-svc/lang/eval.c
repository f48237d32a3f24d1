/*
 * The evaluator.  Selections are bit masks over the digits, bit 0 being the
 * leftmost digit, so that every operation on them is a few instructions.
 */

#include "challenge-svc/lang/eval.h"

#include <stdbool.h>

struct eval {
	const struct tree *tree;
	const struct values *values;
	unsigned int doubts;
};

static int64_t eval_number(struct eval *eval, uint8_t index);
static uint64_t eval_set(struct eval *eval, uint8_t index, uint64_t domain);

static int
count_of(uint64_t mask)
{
	return __builtin_popcountll(mask);
}

static uint64_t
lowest_of(uint64_t mask)
{
	return mask & (0 - mask);
}

static uint64_t
bits_below(uint32_t bit)
{
	return (UINT64_C(1) << bit) - 1;
}

static int64_t
digit_at(const struct eval *eval, uint64_t mask)
{
	return eval->values->digit[__builtin_ctzll(mask)];
}

/* The digit itself of a one-digit mask; an empty one counts as 0. */
static int64_t
digit_or_doubt(struct eval *eval, uint64_t mask)
{
	if (mask == 0) {
		eval->doubts |= EVAL_SMALL;
		return 0;
	}

	return digit_at(eval, mask);
}

static uint64_t
take_by_place(uint64_t domain, int n, bool last)
{
	uint64_t chosen = 0, bit;

	while (n-- > 0 && domain != 0) {
		bit = lowest_of(domain);
		if (last)
			bit = UINT64_C(1) << (63 - __builtin_clzll(domain));
		chosen |= bit;
		domain &= ~bit;
	}

	return chosen;
}

/*
 * The n largest or smallest.  Any two equal digits among them, or equal to the
 * next one, leave a doubt: some read "the two largest" of 7, 7, 3 as 7 and 3.
 */
static uint64_t
take_by_rank(struct eval *eval, uint64_t domain, int n, bool largest)
{
	uint64_t chosen = 0, having;
	int i, v;

	for (i = 0; i < 10 && n > 0; i++) {
		v = largest ? 9 - i : i;
		having = eval->values->having[v] & domain;
		if (having == 0)
			continue;
		if (count_of(having) > 1)
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
take_parity(const struct eval *eval, uint64_t domain, int odd)
{
	const uint64_t *having = eval->values->having;

	return domain &
	    (having[odd] | having[odd + 2] | having[odd + 4] | having[odd + 6] |
		having[odd + 8]);
}

static uint64_t
take_compared(struct eval *eval, uint64_t domain, int64_t bound, bool above)
{
	uint64_t chosen = 0;
	int v;

	for (v = 0; v < 10; v++) {
		if (above ? v > bound : v < bound)
			chosen |= eval->values->having[v];
	}

	return chosen & domain;
}

static uint64_t
take_single(const struct eval *eval, uint64_t domain)
{
	uint64_t chosen = 0, having;
	int v;

	for (v = 0; v < 10; v++) {
		having = eval->values->having[v] & domain;
		if (count_of(having) == 1)
			chosen |= having;
	}

	return chosen;
}

static uint64_t
take_places(uint64_t domain, bool even)
{
	uint64_t chosen = 0, bit;
	bool take = !even;

	for (; domain != 0; domain &= domain - 1) {
		bit = lowest_of(domain);
		if (take)
			chosen |= bit;
		take = !take;
	}

	return chosen;
}

static uint64_t
eval_except(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t base, drop;

	base = eval_set(eval, node->child[0], domain);
	drop = eval_set(eval, node->child[1], base) & base;
	if (drop == 0)
		eval->doubts |= EVAL_WHOLE;

	return base & ~drop;
}

static uint64_t
eval_of(struct eval *eval, const struct tree_node *node, uint64_t domain)
{
	uint64_t outer, inner;

	outer = eval_set(eval, node->child[0], domain);
	inner = eval_set(eval, node->child[1], outer);
	if (inner == outer)
		eval->doubts |= EVAL_WHOLE;

	return inner;
}

static uint64_t
eval_set(struct eval *eval, uint8_t index, uint64_t domain)
{
	const struct tree_node *node = &eval->tree->node[index];
	const struct values_mark *mark = &eval->values->mark[node->mark];
	uint64_t chosen = 0;

	switch ((enum tree_kind)node->kind) {
	case SET_ALL:
		return domain;
	case SET_EVEN:
		chosen = take_parity(eval, domain, 0);
		break;
	case SET_ODD:
		chosen = take_parity(eval, domain, 1);
		break;
	case SET_ABOVE:
		chosen = take_compared(
		    eval, domain, eval_number(eval, node->child[0]), true);
		break;
	case SET_BELOW:
		chosen = take_compared(
		    eval, domain, eval_number(eval, node->child[0]), false);
		break;
	case SET_FIRST:
		chosen = take_by_place(domain, node->n, false);
		break;
	case SET_LAST:
		chosen = take_by_place(domain, node->n, true);
		break;
	case SET_ODD_PLACES:
		chosen = take_places(domain, false);
		break;
	case SET_EVEN_PLACES:
		chosen = take_places(domain, true);
		break;
	case SET_BEFORE:
		chosen = domain & bits_below(mark->gap);
		break;
	case SET_AFTER:
		chosen = domain & ~bits_below(mark->gap);
		break;
	case SET_LARGEST:
		chosen = take_by_rank(eval, domain, node->n, true);
		break;
	case SET_SMALLEST:
		chosen = take_by_rank(eval, domain, node->n, false);
		break;
	case SET_SINGLE:
		chosen = take_single(eval, domain);
		break;
	case SET_NEXT:
		chosen = domain & UINT64_C(1) << mark->gap;
		break;
	case SET_PREVIOUS:
		chosen = domain & UINT64_C(1) << (mark->gap - 1);
		break;
	case SET_OF:
		return eval_of(eval, node, domain);
	case SET_EXCEPT:
		return eval_except(eval, node, domain);
	case SET_CORRECTION:
		(void)eval_set(eval, node->child[0], domain);
		return eval_set(eval, node->child[1], domain);
	case SET_CONTRAST:
		(void)eval_set(eval, node->child[1], domain);
		return eval_set(eval, node->child[0], domain);
	case NUM_CONST:
	case NUM_SUM:
	case NUM_COUNT:
	case NUM_LARGEST:
	case NUM_SMALLEST:
	case NUM_RANGE:
	case NUM_EXTREMES:
	case NUM_PRODUCT:
	case NUM_ALTERNATING:
	case NUM_WEIGHTED:
	case NUM_COUNTING:
	case NUM_PLACE:
	case NUM_LAST:
	case NUM_NEXT:
	case NUM_PREVIOUS:
	case NUM_REPEATED:
	case NUM_ADD:
	case NUM_SUBTRACT:
	case NUM_MULTIPLY:
	case NUM_IF:
	case NUM_CORRECTION:
	case SCENE_BAGS:
	case SCENE_SHOP:
	case SCENE_BUS:
	case SCENE_TICKETS:
	case SCENE_TRADE:
	case COND_GREATER:
	case COND_LESS:
	case COND_EVEN:
	case COND_ODD:
	case COND_MORE:
	case TREE_KINDS:
		return 0; /* not a set: a sound tree has none here */
	}

	if (chosen == 0)
		eval->doubts |= EVAL_SMALL;
	if (chosen == domain)
		eval->doubts |= EVAL_WHOLE;

	return chosen;
}

static int64_t
sum_of(const struct eval *eval, uint64_t mask)
{
	int64_t sum = 0;

	for (; mask != 0; mask &= mask - 1)
		sum += digit_at(eval, mask);

	return sum;
}

static int64_t
product_of(const struct eval *eval, uint64_t mask)
{
	int64_t product = 1;

	for (; mask != 0 && product <= EVAL_MAX; mask &= mask - 1)
		product *= digit_at(eval, mask);

	return product;
}

static int64_t
alternating_of(const struct eval *eval, uint64_t mask)
{
	int64_t sum = 0, sign = 1;

	for (; mask != 0; mask &= mask - 1) {
		sum += sign * digit_at(eval, mask);
		sign = -sign;
	}

	return sum;
}

static int64_t
weighted_of(const struct eval *eval, uint64_t mask)
{
	int64_t sum = 0, weight = 1;

	for (; mask != 0; mask &= mask - 1)
		sum += weight++ * digit_at(eval, mask);

	return sum;
}

static int64_t
extreme_of(const struct eval *eval, uint64_t mask, bool largest)
{
	int i, v;

	for (i = 0; i < 10; i++) {
		v = largest ? 9 - i : i;
		if ((eval->values->having[v] & mask) != 0)
			return v;
	}

	return 0;
}

/* A set that a number is made of; fewer than least digits are too few. */
static uint64_t
operand_set(struct eval *eval, uint8_t index, int least)
{
	uint64_t mask;

	mask = eval_set(eval, index, bits_below(eval->values->count));
	if (count_of(mask) < least)
		eval->doubts |= EVAL_SMALL;

	return mask;
}

/* The same for a set of which every digit is multiplied. */
static uint64_t
short_set(struct eval *eval, uint8_t index, int least, int most)
{
	uint64_t mask = operand_set(eval, index, least);

	if (count_of(mask) > most)
		eval->doubts |= EVAL_LONG;

	return mask;
}

static int64_t
eval_repeated(struct eval *eval)
{
	int v, value = 0, values = 0;

	for (v = 9; v >= 0; v--) {
		if (count_of(eval->values->having[v]) > 1) {
			value = v;
			values++;
		}
	}
	if (values != 1)
		eval->doubts |= EVAL_REPEAT;

	return value;
}

static bool
compare(struct eval *eval, int64_t a, int64_t b)
{
	if (a == b)
		eval->doubts |= EVAL_LEVEL;

	return a > b;
}

static bool
eval_condition(struct eval *eval, uint8_t index)
{
	const struct tree_node *node = &eval->tree->node[index];
	uint64_t all, a, b;
	int64_t x, y;

	if (node->kind == COND_MORE) {
		all = bits_below(eval->values->count);
		a = eval_set(eval, node->child[0], all);
		b = eval_set(eval, node->child[1], all);
		return compare(eval, count_of(a), count_of(b));
	}

	x = eval_number(eval, node->child[0]);
	if (node->kind == COND_EVEN || node->kind == COND_ODD)
		return (x % 2 == 0) == (node->kind == COND_EVEN);

	y = eval_number(eval, node->child[1]);

	return node->kind == COND_GREATER ? compare(eval, x, y)
					  : compare(eval, y, x);
}

static int64_t
eval_counting(struct eval *eval, const struct tree_node *node)
{
	uint64_t base, extra;

	base = operand_set(eval, node->child[0], 2);
	extra = eval_set(eval, node->child[1], base);

	return sum_of(eval, base) + (node->n - 1) * sum_of(eval, extra);
}

static int64_t
eval_arithmetic(struct eval *eval, const struct tree_node *node)
{
	int64_t x, y, result;

	x = eval_number(eval, node->child[0]);
	y = eval_number(eval, node->child[1]);
	if (node->kind == NUM_MULTIPLY)
		result = x * y;
	else if (node->kind == NUM_ADD)
		result = x + y;
	else
		result = x - y;

	/* Adding or taking 0, and multiplying by 0 or 1, is no step at all. */
	if (y == 0 || x == 0 ||
	    (node->kind == NUM_MULTIPLY && (x == 1 || y == 1)))
		eval->doubts |= EVAL_SMALL;

	return result;
}

static int64_t
eval_extremes(struct eval *eval, uint64_t mask)
{
	int64_t smallest, largest;

	smallest = extreme_of(eval, mask, false);
	largest = extreme_of(eval, mask, true);
	if (smallest == 0 || smallest == largest)
		eval->doubts |= EVAL_SMALL;

	return smallest * largest;
}

static int64_t
eval_range(struct eval *eval, uint64_t mask)
{
	int64_t range;

	range = extreme_of(eval, mask, true) - extreme_of(eval, mask, false);
	if (range == 0)
		eval->doubts |= EVAL_SMALL;

	return range;
}

static int64_t
eval_if(struct eval *eval, const struct tree_node *node)
{
	int64_t yes, no;

	yes = eval_number(eval, node->child[1]);
	no = eval_number(eval, node->child[2]);

	return eval_condition(eval, node->child[0]) ? yes : no;
}

static int64_t
eval_number_unchecked(struct eval *eval, const struct tree_node *node)
{
	const struct values *values = eval->values;
	uint8_t a = node->child[0];
	uint32_t gap = values->mark[node->mark].gap;

	switch ((enum tree_kind)node->kind) {
	case NUM_CONST:
		return node->n;
	case NUM_SUM:
		return sum_of(eval, operand_set(eval, a, 2));
	case NUM_COUNT:
		return count_of(operand_set(eval, a, 1));
	case NUM_LARGEST:
		return extreme_of(eval, operand_set(eval, a, 2), true);
	case NUM_SMALLEST:
		return extreme_of(eval, operand_set(eval, a, 2), false);
	case NUM_RANGE:
		return eval_range(eval, operand_set(eval, a, 2));
	case NUM_EXTREMES:
		return eval_extremes(eval, operand_set(eval, a, 2));
	case NUM_PRODUCT:
		return product_of(
		    eval, short_set(eval, a, 2, EVAL_FACTORS_MAX));
	case NUM_ALTERNATING:
		return alternating_of(eval, operand_set(eval, a, 4));
	case NUM_WEIGHTED:
		return weighted_of(
		    eval, short_set(eval, a, 4, EVAL_WEIGHTED_MAX));
	case NUM_COUNTING:
		return eval_counting(eval, node);
	case NUM_PLACE:
		return digit_or_doubt(eval,
		    bits_below(values->count) & UINT64_C(1) << (node->n - 1));
	case NUM_LAST:
		return values->digit[values->count - 1];
	case NUM_NEXT:
		return values->digit[gap];
	case NUM_PREVIOUS:
		return values->digit[gap - 1];
	case NUM_REPEATED:
		return eval_repeated(eval);
	case NUM_ADD:
	case NUM_SUBTRACT:
	case NUM_MULTIPLY:
		return eval_arithmetic(eval, node);
	case NUM_IF:
		return eval_if(eval, node);
	case NUM_CORRECTION:
		(void)eval_number(eval, a);
		return eval_number(eval, node->child[1]);
	case SCENE_BAGS:
	case SCENE_SHOP:
	case SCENE_BUS:
	case SCENE_TICKETS:
	case SCENE_TRADE:
		return eval_number(eval, a);
	case SET_ALL:
	case SET_EVEN:
	case SET_ODD:
	case SET_ABOVE:
	case SET_BELOW:
	case SET_FIRST:
	case SET_LAST:
	case SET_ODD_PLACES:
	case SET_EVEN_PLACES:
	case SET_BEFORE:
	case SET_AFTER:
	case SET_LARGEST:
	case SET_SMALLEST:
	case SET_SINGLE:
	case SET_NEXT:
	case SET_PREVIOUS:
	case SET_OF:
	case SET_EXCEPT:
	case SET_CORRECTION:
	case SET_CONTRAST:
	case COND_GREATER:
	case COND_LESS:
	case COND_EVEN:
	case COND_ODD:
	case COND_MORE:
	case TREE_KINDS:
		break; /* not a number: a sound tree has none here */
	}

	return 0;
}

static int64_t
eval_number(struct eval *eval, uint8_t index)
{
	int64_t value;

	value = eval_number_unchecked(eval, &eval->tree->node[index]);
	if (value < 0)
		eval->doubts |= EVAL_NEGATIVE;
	if (value > EVAL_MAX)
		eval->doubts |= EVAL_LARGE;

	return value;
}

struct evaluation
eval_tree(const struct tree *tree, const struct values *values)
{
	struct eval eval = { tree, values, 0 };
	struct evaluation result;

	result.value = eval_number(&eval, tree->root);
	result.doubts = eval.doubts;

	return result;
}
