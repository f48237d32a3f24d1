/*
 * The human time model: see humantime.h.
 *
 * The example that everybody knows, "Sum all digits except the largest" over
 * three digits with a one-digit answer, comes out at
 *   6 * 92 + 3 * 300 + 1 * 1350 + 400 + 2 * 200 = 3602 ms,
 * so that 523 ms score 85.5, as its documentation shows.
 */

#include "challenge-svc/lang/humantime.h"

/*
 * Reading one word.  Card, Moran and Newell 1983, ch. 2: one fixation of
 * 230 ms takes in a phrase of about two and a half words (652 words a
 * minute): 230 / 2.5.
 */
#define READ_WORD_MS 92

/*
 * Looking at one value and taking it into account: one fixation of 230 ms and
 * one cognitive cycle of 70 ms (the same, Model Human Processor).
 */
#define SCAN_VALUE_MS 300

/* M: mental preparation of one step; 1.35 s (1980, operator M). */
#define MENTAL_STEP_MS 1350

/* H: hand to the keyboard; 0.4 s (1980, operator H). */
#define HOMING_MS 400

/* K: one key, average skilled typist, 55 words a minute; 0.2 s (1980). */
#define KEY_MS 200

struct effort {
	uint32_t scans; /* passes over the digits */
	uint32_t steps; /* mental steps */
};

/*
 * What a kind adds to its children.  A plain sum needs no step of its own: the
 * running total is in SCAN_VALUE_MS.  A choice of digits is one step, made
 * during the pass of the operation that uses it, unless it needs a look at all
 * digits first.  A product is two look-ups in the table, tens and ones.
 */
static const struct effort efforts[TREE_KINDS] = {
	[NUM_SUM] = { 1, 0 },
	[NUM_COUNT] = { 1, 0 },
	[NUM_LARGEST] = { 1, 0 },
	[NUM_SMALLEST] = { 1, 0 },
	[NUM_RANGE] = { 2, 1 },
	[NUM_EXTREMES] = { 2, 1 },
	[NUM_PRODUCT] = { 1, 1 },
	[NUM_ALTERNATING] = { 1, 2 },
	[NUM_WEIGHTED] = { 1, 3 },
	[NUM_COUNTING] = { 1, 1 },
	[NUM_PLACE] = { 0, 1 },
	[NUM_LAST] = { 0, 1 },
	[NUM_NEXT] = { 0, 1 },
	[NUM_PREVIOUS] = { 0, 1 },
	[NUM_REPEATED] = { 2, 1 },
	[NUM_ADD] = { 0, 1 },
	[NUM_SUBTRACT] = { 0, 1 },
	[NUM_MULTIPLY] = { 0, 2 },
	[NUM_IF] = { 0, 1 },
	[NUM_CORRECTION] = { 0, 1 },
	[SCENE_BAGS] = { 0, 1 },
	[SCENE_SHOP] = { 0, 1 },
	[SCENE_BUS] = { 0, 1 },
	[SCENE_TICKETS] = { 0, 1 },
	[SCENE_TRADE] = { 0, 1 },
	[SET_EVEN] = { 0, 1 },
	[SET_ODD] = { 0, 1 },
	[SET_ABOVE] = { 0, 1 },
	[SET_BELOW] = { 0, 1 },
	[SET_FIRST] = { 0, 1 },
	[SET_LAST] = { 0, 1 },
	[SET_ODD_PLACES] = { 0, 1 },
	[SET_EVEN_PLACES] = { 0, 1 },
	[SET_BEFORE] = { 0, 1 },
	[SET_AFTER] = { 0, 1 },
	[SET_LARGEST] = { 0, 1 },
	[SET_SMALLEST] = { 0, 1 },
	[SET_SINGLE] = { 1, 1 },
	[SET_NEXT] = { 0, 1 },
	[SET_PREVIOUS] = { 0, 1 },
	[SET_CORRECTION] = { 0, 1 },
	[SET_CONTRAST] = { 0, 1 },
	[COND_GREATER] = { 0, 1 },
	[COND_LESS] = { 0, 1 },
	[COND_EVEN] = { 0, 1 },
	[COND_ODD] = { 0, 1 },
	[COND_MORE] = { 2, 1 },
};

static struct effort effort_of(const struct tree *tree, uint8_t index);

static struct effort
effort_plus(struct effort a, struct effort b)
{
	return (struct effort){ a.scans + b.scans, a.steps + b.steps };
}

/* The arm that takes less; a pass is taken for about one step. */
static struct effort
effort_of_arm(const struct tree *tree, const struct tree_node *node)
{
	struct effort yes, no;

	yes = effort_of(tree, node->child[1]);
	no = effort_of(tree, node->child[2]);

	return yes.scans + yes.steps <= no.scans + no.steps ? yes : no;
}

static struct effort
effort_of(const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];
	enum tree_kind kind = (enum tree_kind)node->kind;
	struct effort effort = efforts[kind];
	unsigned int i, arity;

	/* The second largest and so on: one more pass each to find. */
	if ((kind == SET_LARGEST || kind == SET_SMALLEST) && node->n > 1)
		effort.scans += (uint32_t)node->n - 1;

	if (kind == NUM_IF) {
		effort = effort_plus(effort, effort_of(tree, node->child[0]));
		return effort_plus(effort, effort_of_arm(tree, node));
	}

	/* What a correction withdraws is not worked out, only read. */
	if (kind == SET_CORRECTION || kind == NUM_CORRECTION)
		return effort_plus(effort, effort_of(tree, node->child[1]));
	if (kind == SET_CONTRAST)
		return effort_plus(effort, effort_of(tree, node->child[0]));

	arity = tree_arity(kind);
	for (i = 0; i < arity; i++)
		effort = effort_plus(effort, effort_of(tree, node->child[i]));

	return effort;
}

uint32_t
humantime_of(
    const struct tree *tree, uint32_t words, uint32_t digits, int64_t answer)
{
	struct effort effort = effort_of(tree, tree->root);
	uint32_t keys = 2; /* one figure and Enter */

	for (; answer >= 10; answer /= 10)
		keys++;

	return words * READ_WORD_MS + effort.scans * digits * SCAN_VALUE_MS +
	    effort.steps * MENTAL_STEP_MS + HOMING_MS + keys * KEY_MS;
}
