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

/*
 * What a kind adds to its children is in kinds.def.  A plain sum needs no step
 * of its own: the running total is in SCAN_VALUE_MS.  A choice of digits is
 * one step, made during the pass of the operation that uses it, unless it
 * needs a look at all digits first.  A product is two look-ups in the table,
 * tens and ones.  A name costs its words.
 */
static struct humantime_effort
effort_plus(struct humantime_effort a, struct humantime_effort b)
{
	return (
	    struct humantime_effort){ a.scans + b.scans, a.steps + b.steps };
}

/* The one that takes less; a pass is taken for about one step. */
static struct humantime_effort
easier_of(struct humantime_effort a, struct humantime_effort b)
{
	return a.scans + a.steps <= b.scans + b.steps ? a : b;
}

/* What one node adds to its children. */
static struct humantime_effort
effort_of_node(const struct tree_node *node)
{
	const struct tree_kind_info *info = &tree_kinds[node->kind];
	struct humantime_effort effort = { info->scans, info->steps };

	/* The second largest and so on: one more pass each to find. */
	if ((node->kind == SET_LARGEST || node->kind == SET_SMALLEST ||
		node->kind == NUM_HIGH || node->kind == NUM_LOW) &&
	    node->n > 1)
		effort.scans += (uint32_t)node->n - 1;

	return effort;
}

/* What children cost that are read and not worked out is their words alone. */
static struct humantime_effort
effort_of_children(const struct tree *tree, uint8_t index,
    const struct humantime_effort effort[TREE_NODES_MAX])
{
	const struct tree_node *node = &tree->node[index];
	const uint8_t *child = node->child;
	struct humantime_effort sum = { 0, 0 };
	unsigned int children;

	if (node->kind == NUM_IF)
		return effort_plus(effort[child[0]],
		    easier_of(effort[child[1]], effort[child[2]]));
	children = tree_counted(tree, index);
	for (; children != 0; children &= children - 1)
		sum = effort_plus(sum, effort[child[__builtin_ctz(children)]]);

	return sum;
}

struct humantime_effort
humantime_effort(const struct tree *tree)
{
	struct humantime_effort effort[TREE_NODES_MAX];
	uint8_t i;

	/* Orphans, too: that costs less than to tell them apart. */
	for (i = 0; i <= tree->root; i++)
		effort[i] = effort_plus(effort_of_node(&tree->node[i]),
		    effort_of_children(tree, i, effort));

	return effort[tree->root];
}

uint32_t
humantime_of(struct humantime_effort effort, uint32_t words, uint32_t digits,
    int64_t answer)
{
	uint32_t keys = 2; /* one figure and Enter */

	for (; answer >= 10; answer /= 10)
		keys++;

	return words * READ_WORD_MS + effort.scans * digits * SCAN_VALUE_MS +
	    effort.steps * MENTAL_STEP_MS + HOMING_MS + keys * KEY_MS;
}
