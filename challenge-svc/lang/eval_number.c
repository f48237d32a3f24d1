/*
 * Computing with selected digits: see eval_internal.h.
 */

#include "challenge-svc/lang/eval_internal.h"

#include <limits.h>

typedef int64_t computer(struct eval *eval, const struct tree_node *node);

static int64_t
digit_at(const struct eval *eval, uint64_t mask)
{
	return eval->values->digit[__builtin_ctzll(mask)];
}

static int64_t
total_of(const struct eval *eval, uint64_t mask)
{
	int64_t sum = 0;

	for (; mask != 0; mask &= mask - 1)
		sum += digit_at(eval, mask);

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

/* Child a of a node as a set; fewer than least digits are too few. */
static uint64_t
digits_of(struct eval *eval, const struct tree_node *node, int least)
{
	uint64_t mask, rest;

	mask = eval_set(eval, node->child[0], eval_all(eval));
	/* Quicker than to count them all: least is small. */
	for (rest = mask; least > 1 && rest != 0; least--)
		rest &= rest - 1;
	if (rest == 0)
		eval->doubts |= EVAL_SMALL;

	return mask;
}

/* The same for a set of which every digit is multiplied. */
static uint64_t
few_digits_of(
    struct eval *eval, const struct tree_node *node, int least, int most)
{
	uint64_t mask = digits_of(eval, node, least);

	if (eval_count(mask) > most)
		eval->doubts |= EVAL_LONG;

	return mask;
}

static int64_t
child(struct eval *eval, const struct tree_node *node, unsigned int i)
{
	return eval_number(eval, node->child[i]);
}

/* Adding or taking 0, and multiplying by 0 or 1, is no step at all. */
static void
doubt_idle(struct eval *eval, int64_t x, int64_t y, int64_t idle)
{
	if (x == 0 || y == 0 || x == idle || y == idle)
		eval->doubts |= EVAL_SMALL;
}

/* The two numbers are in the wrong order. */
static void
ask_to_turn(struct eval *eval, const struct tree_node *node)
{
	if (eval->doubts == 0)
		eval->turn = (uint8_t)(node - eval->tree->node);
	eval->doubts |= EVAL_NEGATIVE;
}

/* -------- numbers from digits -------- */

static int64_t
do_const(struct eval *eval, const struct tree_node *node)
{
	(void)eval;

	return node->n;
}

static int64_t
do_name(struct eval *eval, const struct tree_node *node)
{
	return eval->number[node->n];
}

static int64_t
do_sum(struct eval *eval, const struct tree_node *node)
{
	return total_of(eval, digits_of(eval, node, 2));
}

static int64_t
do_count(struct eval *eval, const struct tree_node *node)
{
	return eval_count(digits_of(eval, node, 1));
}

static int64_t
do_distinct(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = digits_of(eval, node, 3);
	int v, seen = 0;

	for (v = 0; v < 10; v++)
		seen += (eval->values->having[v] & mask) != 0;
	/* Without a repeat it is a plain count. */
	if (seen == eval_count(mask))
		eval->doubts |= EVAL_WHOLE;

	return seen;
}

static int64_t
do_extreme(struct eval *eval, const struct tree_node *node)
{
	return extreme_of(
	    eval, digits_of(eval, node, 2), node->kind == NUM_LARGEST);
}

/* The n-th from the top or the bottom; equal digits on the way: a doubt. */
static int64_t
do_ranked(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = digits_of(eval, node, node->n + 1), having;
	int i, v, left = node->n;

	for (i = 0; i < 10; i++) {
		v = node->kind == NUM_HIGH ? 9 - i : i;
		having = eval->values->having[v] & mask;
		if (having == 0)
			continue;
		if (eval_count(having) > 1)
			eval->doubts |= EVAL_TIE;
		if (--left <= 0)
			return v;
	}
	eval->doubts |= EVAL_SMALL;

	return 0;
}

static int64_t
do_both_ends(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = digits_of(eval, node, 3);
	int64_t smallest, largest;

	smallest = extreme_of(eval, mask, false);
	largest = extreme_of(eval, mask, true);
	if (smallest == largest ||
	    (node->kind == NUM_EXTREMES && smallest == 0))
		eval->doubts |= EVAL_SMALL;
	if (node->kind == NUM_RANGE)
		return largest - smallest;

	return node->kind == NUM_ENDS ? largest + smallest : largest * smallest;
}

static int64_t
do_product(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = few_digits_of(eval, node, 2, EVAL_FACTORS_MAX);
	int64_t product = 1;

	for (; mask != 0 && product <= EVAL_MAX; mask &= mask - 1)
		product *= digit_at(eval, mask);

	return product;
}

static int64_t
do_alternating(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = few_digits_of(eval, node, 4, EVAL_ALTERNATING_MAX);
	int64_t sum = 0, sign = 1;

	for (; mask != 0; mask &= mask - 1) {
		sum += sign * digit_at(eval, mask);
		sign = -sign;
	}

	return sum;
}

static int64_t
do_weighted(struct eval *eval, const struct tree_node *node)
{
	uint64_t mask = few_digits_of(eval, node, 4, EVAL_WEIGHTED_MAX);
	int64_t sum = 0, weight = 1;

	for (; mask != 0; mask &= mask - 1)
		sum += weight++ * digit_at(eval, mask);

	return sum;
}

static int64_t
do_counting(struct eval *eval, const struct tree_node *node)
{
	uint64_t base, extra;

	base = digits_of(eval, node, 2);
	extra = eval_set(eval, node->child[1], base);

	return total_of(eval, base) + (node->n - 1) * total_of(eval, extra);
}

static int64_t
do_place(struct eval *eval, const struct tree_node *node)
{
	if (node->n < 1 || (uint32_t)node->n > eval->values->count) {
		eval->doubts |= EVAL_SMALL;
		return 0;
	}

	return eval->values->digit[node->n - 1];
}

static int64_t
do_last(struct eval *eval, const struct tree_node *node)
{
	(void)node;

	return eval->values->digit[eval->values->count - 1];
}

static int64_t
do_beside(struct eval *eval, const struct tree_node *node)
{
	uint32_t gap = eval->values->mark[node->mark].gap;

	return eval->values->digit[node->kind == NUM_NEXT ? gap : gap - 1];
}

static int64_t
do_repeated(struct eval *eval, const struct tree_node *node)
{
	int v, value = 0, values = 0;

	(void)node;
	for (v = 9; v >= 0; v--) {
		if (eval_count(eval->values->having[v]) > 1) {
			value = v;
			values++;
		}
	}
	if (values != 1)
		eval->doubts |= EVAL_REPEAT;

	return value;
}

/* -------- numbers from numbers -------- */

static int64_t
do_add(struct eval *eval, const struct tree_node *node)
{
	int64_t x = child(eval, node, 0), y = child(eval, node, 1);

	doubt_idle(eval, x, y, 0);
	if (x == y)
		eval->doubts |= EVAL_LEVEL;
	if (node->kind == NUM_SUBTRACT && x < y)
		ask_to_turn(eval, node);

	return node->kind == NUM_ADD ? x + y : x - y;
}

static int64_t
do_multiply(struct eval *eval, const struct tree_node *node)
{
	int64_t x = child(eval, node, 0), y = child(eval, node, 1);

	doubt_idle(eval, x, y, 1);
	if (x > EVAL_FACTOR_MAX && y > EVAL_FACTOR_MAX)
		eval->doubts |= EVAL_LONG;

	return x * y;
}

static int64_t
do_times(struct eval *eval, const struct tree_node *node)
{
	int64_t x = child(eval, node, 0);

	doubt_idle(eval, x, node->n, 1);

	return x * node->n;
}

static int64_t
do_compared(struct eval *eval, const struct tree_node *node)
{
	int64_t x = child(eval, node, 0), y = child(eval, node, 1);
	bool first = (node->kind == NUM_LARGER) == (x > y);

	if (x == y)
		eval->doubts |= EVAL_LEVEL;
	if (node->kind == NUM_GAP) {
		/* The larger one is named first: no question of a sign. */
		if (x < y)
			ask_to_turn(eval, node);
		return x > y ? x - y : y - x;
	}
	eval_take_arm(eval, node, first ? 0 : 1);

	return first ? x : y;
}

static int64_t
do_two_steps(struct eval *eval, const struct tree_node *node)
{
	int64_t x = child(eval, node, 0), y = child(eval, node, 1);
	int64_t z = child(eval, node, 2);

	if (node->kind == NUM_ADD_FIRST) {
		doubt_idle(eval, x, y, 0);
		doubt_idle(eval, x + y, z, 1);
		return (x + y) * z;
	}
	doubt_idle(eval, x, y, 1);
	doubt_idle(eval, x * y, z, 0);

	return node->kind == NUM_MULTIPLY_LESS ? x * y - z : x * y + z;
}

static bool
is_greater(struct eval *eval, int64_t a, int64_t b)
{
	if (a == b)
		eval->doubts |= EVAL_LEVEL;

	return a > b;
}

static bool
eval_condition(struct eval *eval, uint8_t index)
{
	const struct tree_node *node = &eval->tree->node[index];
	uint64_t a, left;
	int64_t x;

	switch ((int)node->kind) {
	case COND_EVEN:
	case COND_ODD:
		x = child(eval, node, 0);
		return (x % 2 == 0) == (node->kind == COND_EVEN);
	case COND_GREATER:
		x = child(eval, node, 0);
		return is_greater(eval, x, child(eval, node, 1));
	case COND_LESS:
		x = child(eval, node, 0);
		return is_greater(eval, child(eval, node, 1), x);
	case COND_MORE:
		a = eval_set(eval, node->child[0], eval_all(eval));
		left = eval_set(eval, node->child[1], eval_all(eval));
		return is_greater(eval, eval_count(a), eval_count(left));
	case COND_LEFT:
	case COND_RIGHT:
		a = eval_set(eval, node->child[0], eval_all(eval));
		if (eval_count(a) != 1)
			eval->doubts |= EVAL_SMALL;
		left = eval_below(eval->values->mark[node->mark].gap);
		return ((a & left) != 0) == (node->kind == COND_LEFT);
	}

	return false; /* not a condition: a sound tree has none here */
}

static int64_t
do_if(struct eval *eval, const struct tree_node *node)
{
	int64_t yes = child(eval, node, 1), no = child(eval, node, 2);
	bool holds = eval_condition(eval, node->child[0]);

	eval_take_arm(eval, node, holds ? 1 : 2);

	return holds ? yes : no;
}

static int64_t
do_correction(struct eval *eval, const struct tree_node *node)
{
	(void)child(eval, node, 0);

	return child(eval, node, 1);
}

static int64_t
do_rule(struct eval *eval, const struct tree_node *node)
{
	int64_t first = child(eval, node, 0), second = child(eval, node, 1);

	return node->n == 1 ? first : second;
}

/* -------- names -------- */

static int64_t
do_let_number(struct eval *eval, const struct tree_node *node)
{
	eval->number[node->n] = child(eval, node, 0);

	return child(eval, node, 1);
}

static int64_t
do_let_set(struct eval *eval, const struct tree_node *node)
{
	if (eval_is_known(eval, node->child[0]))
		eval->set[node->n] = eval->known->set[node->n];
	else
		eval->set[node->n] = digits_of(eval, node, 2);
	if (eval->trace != NULL)
		eval->trace->set[node->n] = eval->set[node->n];

	return child(eval, node, 1);
}

/* -------- stories -------- */

/* The total of the digits that a set leaves over, at least two of them. */
static int64_t
rest_of(struct eval *eval, uint64_t mask)
{
	uint64_t rest = eval_all(eval) & ~mask;

	if (eval_count(rest) < 2)
		eval->doubts |= EVAL_SMALL;

	return total_of(eval, rest);
}

static int64_t
do_keep(struct eval *eval, const struct tree_node *node)
{
	return rest_of(eval, digits_of(eval, node, 1));
}

static uint64_t
second_set(struct eval *eval, const struct tree_node *node)
{
	return eval_set(eval, node->child[1], eval_all(eval));
}

static int64_t
do_purse(struct eval *eval, const struct tree_node *node)
{
	int64_t have = child(eval, node, 0);
	int64_t rest = rest_of(eval, second_set(eval, node));

	return node->kind == SCENE_POCKET ? have + rest : have - rest;
}

static int64_t
do_bus(struct eval *eval, const struct tree_node *node)
{
	int64_t start = child(eval, node, 0), some, rest;
	uint64_t set = second_set(eval, node);

	some = total_of(eval, set);
	rest = rest_of(eval, set);
	/* Below zero on the way, whatever the order, would be strange. */
	if (start < some || start < rest)
		eval->doubts |= EVAL_NEGATIVE;

	return node->kind == SCENE_BOARD ? start + some - rest
					 : start - some + rest;
}

/* One for each is no price to speak of, and large ones are long sums. */
static void
doubt_odd_price(struct eval *eval, int64_t price)
{
	if (price < 2)
		eval->doubts |= EVAL_SMALL;
	if (price > EVAL_FACTOR_MAX)
		eval->doubts |= EVAL_LONG;
}

static int64_t
do_fares(struct eval *eval, const struct tree_node *node)
{
	uint64_t set = digits_of(eval, node, 1);
	int64_t b = child(eval, node, 1), c = child(eval, node, 2);

	if (b == c)
		eval->doubts |= EVAL_LEVEL;
	doubt_odd_price(eval, b);
	doubt_odd_price(eval, c);

	return b * total_of(eval, set) + c * rest_of(eval, set);
}

static int64_t
do_barter(struct eval *eval, const struct tree_node *node)
{
	int64_t rest = rest_of(eval, digits_of(eval, node, 1));
	int64_t price = child(eval, node, 1);

	doubt_odd_price(eval, price);

	return rest * price + child(eval, node, 2);
}

static computer *const computers[TREE_KINDS] = {
	[NUM_CONST] = do_const,
	[NUM_NAME] = do_name,
	[NUM_SUM] = do_sum,
	[NUM_COUNT] = do_count,
	[NUM_DISTINCT] = do_distinct,
	[NUM_LARGEST] = do_extreme,
	[NUM_SMALLEST] = do_extreme,
	[NUM_HIGH] = do_ranked,
	[NUM_LOW] = do_ranked,
	[NUM_RANGE] = do_both_ends,
	[NUM_EXTREMES] = do_both_ends,
	[NUM_ENDS] = do_both_ends,
	[NUM_PRODUCT] = do_product,
	[NUM_ALTERNATING] = do_alternating,
	[NUM_WEIGHTED] = do_weighted,
	[NUM_COUNTING] = do_counting,
	[NUM_PLACE] = do_place,
	[NUM_LAST] = do_last,
	[NUM_NEXT] = do_beside,
	[NUM_PREVIOUS] = do_beside,
	[NUM_REPEATED] = do_repeated,
	[NUM_ADD] = do_add,
	[NUM_SUBTRACT] = do_add,
	[NUM_MULTIPLY] = do_multiply,
	[NUM_TIMES] = do_times,
	[NUM_LARGER] = do_compared,
	[NUM_SMALLER] = do_compared,
	[NUM_GAP] = do_compared,
	[NUM_ADD_FIRST] = do_two_steps,
	[NUM_MULTIPLY_FIRST] = do_two_steps,
	[NUM_MULTIPLY_LESS] = do_two_steps,
	[NUM_IF] = do_if,
	[NUM_CORRECTION] = do_correction,
	[NUM_RETHINK] = do_correction,
	[NUM_RULE] = do_rule,
	[LET_NUMBER] = do_let_number,
	[LET_GROUP] = do_let_set,
	[LET_PERSON] = do_let_set,
	[SCENE_KEEP] = do_keep,
	[SCENE_BUY] = do_keep,
	[SCENE_POCKET] = do_purse,
	[SCENE_SPEND] = do_purse,
	[SCENE_BOARD] = do_bus,
	[SCENE_ALIGHT] = do_bus,
	[SCENE_FARES] = do_fares,
	[SCENE_BARTER] = do_barter,
};

/* Readings (reader.h) can be of any tree: nothing may overflow. */
static int64_t
out_of_range(struct eval *eval, int64_t value)
{
	eval->doubts |= value < 0 ? EVAL_NEGATIVE : EVAL_LARGE;
	if (value > EVAL_FAR)
		return EVAL_FAR;

	return value < -EVAL_FAR ? -EVAL_FAR : value;
}

int64_t
eval_compute(struct eval *eval, uint8_t index)
{
	const struct tree_node *node = &eval->tree->node[index];
	computer *compute = computers[node->kind];
	int64_t value;

	if ((eval->doubts & eval->stop) != 0)
		return 0;
	if (compute == NULL)
		return 0; /* a sound tree has nothing but numbers here */
	value = compute(eval, node);
	if (value < 0 || value > EVAL_MAX)
		value = out_of_range(eval, value);
	if (eval->trace != NULL)
		eval->trace->value[index] = value;

	return value;
}

struct evaluation
eval_tree(const struct tree *tree, const struct values *values)
{
	struct eval eval = { .tree = tree, .values = values };
	struct evaluation result;

	result.value = eval_number(&eval, tree->root);
	result.doubts = eval.doubts;

	return result;
}

struct evaluation
eval_strictly(const struct tree *tree, const struct values *values,
    struct eval_trace *trace, uint8_t *turn)
{
	struct eval eval = { .tree = tree,
		.values = values,
		.stop = UINT_MAX,
		.turn = TREE_NODES_MAX,
		.trace = trace };
	struct evaluation result;

	result.value = eval_number(&eval, tree->root);
	result.doubts = eval.doubts;
	*turn = eval.turn;

	return result;
}
