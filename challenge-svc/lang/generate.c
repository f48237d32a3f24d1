/*
 * Generation by drawing and rejecting: see generate.h.
 *
 * The operation is drawn once and kept, so that operations stay balanced
 * however often their instances are rejected.
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
#define DIGITS_TRIES 4

/* How a tree wants its digits drawn, and which marks touch them. */
struct needs {
	enum values_kind kind;
	unsigned int touching;
	uint32_t low, high; /* count of digits */
};

/*
 * Human times, in milliseconds, that a level may have: about 5, 10 and 25 s,
 * with little overlap, so that the levels differ in what they ask.
 */
static const struct {
	uint32_t low, high;
} level_times[CHALLENGE_LEVELS] = {
	[LEVEL_EASY] = { 0, 9000 },
	[LEVEL_MEDIUM] = { 7000, 16000 },
	[LEVEL_HARD] = { 17000, 40000 },
};

static const struct needs level_needs[CHALLENGE_LEVELS] = {
	[LEVEL_EASY] = { VALUES_ANY, 0, 3, 5 },
	[LEVEL_MEDIUM] = { VALUES_ANY, 0, 6, 8 },
	[LEVEL_HARD] = { VALUES_ANY, 0, 10, 14 },
};

static struct needs
needs_of(const struct tree *tree, enum challenge_level level)
{
	struct needs needs = level_needs[level];
	bool positive = false, repeats = false;
	uint8_t i;

	for (i = 0; i < tree->count; i++) {
		switch (tree->node[i].kind) {
		case NUM_EXTREMES:
		case NUM_PRODUCT:
		case NUM_MULTIPLY:
		case SET_EVEN:
		case SET_ODD:
		case COND_EVEN:
		case COND_ODD:
			/* No products of 0, and no question of its parity. */
			positive = true;
			break;
		case NUM_NEXT:
		case NUM_PREVIOUS:
		case SET_NEXT:
		case SET_PREVIOUS:
			needs.touching |= 1u << tree->node[i].mark;
			break;
		case NUM_REPEATED:
		case SET_SINGLE:
			repeats = true;
			break;
		case NUM_ALTERNATING:
			/* What "and so on" means needs four digits to show. */
			if (needs.low < 4)
				needs.low = 4;
			break;
		}
	}
	if (repeats)
		needs.kind = VALUES_ONE_REPEATS;
	else if (positive)
		needs.kind = VALUES_POSITIVE;

	return needs;
}

/* Whether the tree suits the digits; then out has its answer and slips. */
static bool
suits(struct instance *out, enum challenge_level level)
{
	struct evaluation result = eval_tree(&out->tree, &out->values);

	out->answer = result.value;

	return result.doubts == 0 &&
	    misread_collect(&out->tree, &out->values, level, result.value,
		&out->slips) == MISREAD_NOTHING;
}

static bool
write_texts(struct instance *out, struct rng *rng, const struct needs *needs)
{
	out->words = render_instruction(
	    &out->tree, &out->values, rng, out->instruction);
	out->human_time_ms = humantime_of(
	    &out->tree, out->words, out->values.count, out->answer);

	return out->words > 0 &&
	    values_write(
		&out->values, rng, out->tree.marks, needs->touching, out->text);
}

static bool
draw_once(struct instance *out, struct rng *rng, enum challenge_level level)
{
	struct needs needs;
	uint32_t count;
	int i;

	operation_tree(&out->tree, rng, out->operation, level);
	if (out->tree.overflow)
		return false;

	needs = needs_of(&out->tree, level);
	for (i = 0; i < DIGITS_TRIES; i++) {
		count = (uint32_t)rng_between(
		    rng, (int32_t)needs.low, (int32_t)needs.high);
		values_draw(&out->values, rng, count, needs.kind);
		if (suits(out, level))
			return write_texts(out, rng, &needs) &&
			    out->human_time_ms >= level_times[level].low &&
			    out->human_time_ms <= level_times[level].high;
	}

	return false;
}

/* What no draw can miss: 3, 1 and another, all but the largest. */
static void
draw_surely(struct instance *out, struct rng *rng)
{
	const struct needs needs = level_needs[LEVEL_EASY];
	struct tree *tree = &out->tree;
	uint8_t all, largest;

	out->operation = OP_SUM_EXCLUDING_VALUE;
	tree_reset(tree);
	all = tree_leaf(tree, SET_ALL);
	largest = tree_leaf_n(tree, SET_LARGEST, 1);
	tree->root = tree_one(
	    tree, NUM_SUM, tree_two(tree, SET_EXCEPT, all, largest));

	values_draw(&out->values, rng, 3, VALUES_ANY);
	out->values.digit[0] = 3;
	out->values.digit[1] = 1;
	out->values.digit[2] = (uint8_t)rng_between(rng, 5, 9);
	values_index(&out->values);
	(void)suits(out, LEVEL_EASY);
	(void)write_texts(out, rng, &needs);
}

void
generate_instance(struct instance *out, enum challenge_level level,
    const uint8_t seed[CHALLENGE_SEED_BYTES])
{
	struct rng rng;

	rng_seed(&rng, seed, CHALLENGE_SEED_BYTES, (uint64_t)level);
	out->operation = operation_draw(&rng, level);
	for (out->draws = 1; out->draws <= GENERATE_DRAWS_MAX; out->draws++) {
		if (draw_once(out, &rng, level))
			return;
	}

	draw_surely(out, &rng);
}

/* to is zeroed and has room: the bounds of both are the same. */
static void
copy_text(char *to, size_t size, const char *from)
{
	memcpy(to, from, strnlen(from, size - 1));
}

void
challenge_generate(struct challenge *out, enum challenge_level level,
    const uint8_t seed[CHALLENGE_SEED_BYTES])
{
	struct instance instance;

	generate_instance(&instance, level, seed);

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
