/*
 * Generation by drawing and rejecting: see generate.h.
 *
 * The operation and its frame are drawn once and kept, so that they stay
 * balanced however often their instances are rejected.
 */

#include "challenge-svc/lang/generate.h"

#include <stdbool.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/humantime.h"
#include "challenge-svc/lang/misread.h"
#include "challenge-svc/lang/render.h"
#include "challenge-svc/lang/rng.h"

/* Sets of digits tried for one tree. */
#define DIGITS_TRIES 3

/* Few instructions have more, or fewer, words: leaves out early what is too
 * easy or too long. */
#define NODES_MANY 14 /* most larger trees take more words than allowed */
#define WORDS_MANY 45
#define WORDS_FEW  20

/* How a tree wants its digits drawn, and which marks touch them. */
struct needs {
	enum values_kind kind;
	unsigned int touching;
	uint32_t low, high; /* count of digits */
	struct values_edges edges;
};

/*
 * Human times, in milliseconds, that a level may have: about 6, 13 and 23 s
 * on average,
 * with little overlap, so that the levels differ in what they ask.
 */
static const struct {
	uint32_t low, high;
} level_times[CHALLENGE_LEVELS] = {
	[LEVEL_EASY] = { 0, 9000 },
	[LEVEL_MEDIUM] = { 7000, 16500 },
	[LEVEL_HARD] = { 16000, 40000 },
};

static const struct needs level_needs[CHALLENGE_LEVELS] = {
	[LEVEL_EASY] = { VALUES_ANY, 0, 3, 5, { 0, false, false } },
	[LEVEL_MEDIUM] = { VALUES_ANY, 0, 6, 8, { 1, false, false } },
	[LEVEL_HARD] = { VALUES_ANY, 0, 10, 14, { 2, false, false } },
};

/* What kinds ask of the digits, as bits. */
enum {
	ASKS_POSITIVE = 1, /* no products of 0, and no question of its parity */
	ASKS_REPEAT = 2,   /* of one value */
	ASKS_HIGH = 4,	   /* edges */
	ASKS_LOW = 8,
	ASKS_FOUR = 16, /* what "and so on" means needs four digits to show */
	ASKS_TOUCH = 32 /* by its mark */
};

static const uint8_t kind_asks[TREE_KINDS] = {
	[NUM_EXTREMES] = ASKS_POSITIVE,
	[NUM_PRODUCT] = ASKS_POSITIVE,
	[NUM_MULTIPLY] = ASKS_POSITIVE,
	[SET_EVEN] = ASKS_POSITIVE,
	[SET_ODD] = ASKS_POSITIVE,
	[COND_EVEN] = ASKS_POSITIVE,
	[COND_ODD] = ASKS_POSITIVE,
	[SCENE_BOARD] = ASKS_POSITIVE,
	[SCENE_ALIGHT] = ASKS_POSITIVE,
	[NUM_NEXT] = ASKS_TOUCH,
	[NUM_PREVIOUS] = ASKS_TOUCH,
	[SET_NEXT] = ASKS_TOUCH,
	[SET_PREVIOUS] = ASKS_TOUCH,
	[SET_LARGEST] = ASKS_HIGH,
	[NUM_HIGH] = ASKS_HIGH,
	[SET_SMALLEST] = ASKS_LOW,
	[NUM_LOW] = ASKS_LOW,
	[NUM_REPEATED] = ASKS_REPEAT,
	[SET_SINGLE] = ASKS_REPEAT,
	[NUM_ALTERNATING] = ASKS_FOUR,
};

static struct needs
needs_of(const struct tree *tree, enum challenge_level level)
{
	struct needs needs = level_needs[level];
	unsigned int asks = 0, asked;
	uint8_t i;

	for (i = 0; i < tree->count; i++) {
		asked = kind_asks[tree->node[i].kind];
		asks |= asked;
		needs.touching |= (asked / ASKS_TOUCH) << tree->node[i].mark;
	}
	needs.edges.high = (asks & ASKS_HIGH) != 0;
	needs.edges.low = (asks & ASKS_LOW) != 0;
	if ((asks & ASKS_FOUR) != 0 && needs.low < 4)
		needs.low = 4;
	if ((asks & ASKS_REPEAT) != 0)
		needs.kind = VALUES_ONE_REPEATS;
	else if ((asks & ASKS_POSITIVE) != 0)
		needs.kind = VALUES_POSITIVE;

	return needs;
}

/*
 * The edges for one drawing: mostly those that the tree needs, at times others,
 * so that the digits tell little of the tree.
 */
static struct values_edges
edges_of(const struct needs *needs, struct rng *rng)
{
	struct values_edges edges = needs->edges;

	edges.high = rng_percent(rng, edges.high ? 75 : 25);
	edges.low = rng_percent(rng, edges.low ? 75 : 25);

	return edges;
}

static void
swap_children(struct tree *tree, uint8_t index, unsigned int first)
{
	uint8_t *child = tree->node[index].child + first, kept = child[0];

	child[0] = child[1];
	child[1] = kept;
}

/*
 * The tree's value without a doubt.  Two numbers in the wrong order are turned
 * round, once, and so are two arms of which the wrong one is taken, for that is
 * quicker than to draw another tree.
 */
static bool
answers(struct instance *out, struct eval_trace *trace)
{
	struct tree *tree = &out->tree;
	struct evaluation result;
	uint8_t turn;

	result = eval_strictly(tree, &out->values, trace, &turn);
	if (result.doubts != 0 && turn < TREE_NODES_MAX) {
		swap_children(tree, turn, 0);
		result = eval_strictly(tree, &out->values, trace, &turn);
	}
	if (result.doubts != 0)
		return false;
	if (tree->choice != 0 && trace->arm[tree->choice] != tree->chosen) {
		swap_children(tree, tree->choice, 1);
		result = eval_strictly(tree, &out->values, trace, &turn);
	}
	out->answer = result.value;

	return result.doubts == 0;
}

/*
 * Small answers come up too often where many hearts are one digit or a count.
 * At medium, of those below MEDIUM_SMALL a share is drawn again, the larger the
 * smaller the answer; at hard, half of those below HARD_SMALL.  It keeps the
 * commonest answer near one in seventy, and near one in two hundred.
 */
#define MEDIUM_SMALL	      64
#define HARD_SMALL	      20
#define STAYS_PERCENT(answer) (12 + 11 * (uint32_t)(answer) / 8)

static bool
is_balanced(
    const struct instance *out, struct rng *rng, enum challenge_level level)
{
	if (level == LEVEL_MEDIUM && out->answer < MEDIUM_SMALL)
		return rng_percent(rng, STAYS_PERCENT(out->answer));
	if (level == LEVEL_HARD && out->answer < HARD_SMALL)
		return rng_percent(rng, 50);

	return true;
}

/* Whether the tree suits the digits; then out has its answer and slips. */
static bool
suits(struct instance *out, struct eval_trace *trace, struct rng *rng,
    enum challenge_level level)
{
	if (!answers(out, trace) || !is_balanced(out, rng, level))
		return false;
	if (!trace->reached)
		eval_reach(&out->tree, trace);

	return misread_collect(&out->tree, &out->values, level, out->answer,
		   trace, &out->slips) == MISREAD_NOTHING;
}

static bool
write_texts(struct instance *out, const struct phrasebook *book,
    struct rng *rng, const struct needs *needs)
{
	out->words = render_instruction(
	    &out->tree, &out->values, book, rng, out->instruction);
	out->human_time_ms = humantime_of(humantime_effort(&out->tree),
	    out->words, out->values.count, out->answer);

	return out->words > 0 &&
	    values_write(
		&out->values, rng, out->tree.marks, needs->touching, out->text);
}

/* Nodes but for names of numbers, which take one letter each. */
static unsigned int
wordy_nodes(const struct tree *tree)
{
	unsigned int i, nodes = 0;

	for (i = 0; i < tree->count; i++)
		nodes += tree->node[i].kind != NUM_NAME;

	return nodes;
}

static bool
draw_once(struct instance *out, const struct phrasebook *book, struct rng *rng,
    enum challenge_level level)
{
	struct humantime_effort effort;
	struct eval_trace trace;
	struct needs needs;
	uint32_t count;
	int i;

	frames_draw(&out->tree, rng, out->operation, out->frame, level);
	if (out->tree.overflow || wordy_nodes(&out->tree) > NODES_MANY)
		return false;

	needs = needs_of(&out->tree, level);
	effort = humantime_effort(&out->tree);
	if (humantime_of(effort, WORDS_MANY, needs.high, EVAL_MAX) <
		level_times[level].low ||
	    humantime_of(effort, WORDS_FEW, needs.low, 0) >
		level_times[level].high)
		return false;
	trace.reached = false;
	for (i = 0; i < DIGITS_TRIES; i++) {
		count = (uint32_t)rng_between(
		    rng, (int32_t)needs.low, (int32_t)needs.high);
		values_draw(&out->values, rng, count, needs.kind,
		    out->tree.marks, edges_of(&needs, rng));
		if (suits(out, &trace, rng, level))
			return write_texts(out, book, rng, &needs) &&
			    out->human_time_ms >= level_times[level].low &&
			    out->human_time_ms <= level_times[level].high;
	}

	return false;
}

/* What no draw can miss: 3, 1 and another, all but the largest. */
static void
draw_surely(
    struct instance *out, const struct phrasebook *book, struct rng *rng)
{
	const struct needs needs = level_needs[LEVEL_EASY];
	struct tree *tree = &out->tree;
	struct eval_trace trace;
	uint8_t all, largest;

	out->operation = OP_SUM_EXCLUDING_VALUE;
	out->frame = FRAME_NONE;
	tree_reset(tree);
	all = tree_leaf(tree, SET_ALL);
	largest = tree_leaf_n(tree, SET_LARGEST, 1);
	tree->root = tree_one(
	    tree, NUM_SUM, tree_two(tree, SET_EXCEPT, all, largest));

	values_draw(&out->values, rng, 3, VALUES_ANY, 0, needs.edges);
	out->values.digit[0] = 3;
	out->values.digit[1] = 1;
	out->values.digit[2] = (uint8_t)rng_between(rng, 5, 9);
	values_index(&out->values);
	trace.reached = false;
	(void)suits(out, &trace, rng, LEVEL_EASY);
	(void)write_texts(out, book, rng, &needs);
}

void
generate_instance(struct instance *out, const struct phrasebook *book,
    enum challenge_level level, const uint8_t seed[CHALLENGE_SEED_BYTES])
{
	struct rng rng;

	rng_seed(&rng, seed, CHALLENGE_SEED_BYTES, (uint64_t)level);
	out->operation = operation_draw(&rng, level);
	out->frame = frames_pick(&rng, out->operation, level);
	for (out->draws = 1; out->draws <= GENERATE_DRAWS_MAX; out->draws++) {
		if (draw_once(out, book, &rng, level))
			return;
	}

	draw_surely(out, book, &rng);
}

/* to is zeroed and has room: the bounds of both are the same. */
static void
copy_text(char *to, size_t size, const char *from)
{
	memcpy(to, from, strnlen(from, size - 1));
}

void
challenge_generate(struct challenge *out, const struct phrasebook *book,
    enum challenge_level level, const uint8_t seed[CHALLENGE_SEED_BYTES])
{
	struct instance instance;

	generate_instance(&instance, book, level, seed);

	memset(out, 0, sizeof(*out));
	out->level = level;
	memcpy(out->digits, instance.values.digit, instance.values.count);
	out->digits_count = instance.values.count;
	copy_text(out->text, sizeof(out->text), instance.text);
	copy_text(
	    out->instruction, sizeof(out->instruction), instance.instruction);
	copy_text(out->operation_id, sizeof(out->operation_id),
	    operation_name(instance.operation));
	out->answer = instance.answer;
	out->human_time_ms = instance.human_time_ms;
	out->slips_count = instance.slips.count;
	memcpy(out->slip, instance.slips.slip,
	    instance.slips.count * sizeof(instance.slips.slip[0]));
}
