/*
 * Programs at work; see program.h.
 */
#include "tests/resistance/program.h"

#define PRODUCT_MAX 1000000000 /* a larger one is nobody's answer */

uint32_t
selection_mask(
    const struct scene *scene, enum relation relation, uint8_t a, uint8_t b)
{
	uint32_t mask = scene->mask[a];

	switch (relation) {
	case REL_ONLY:
		return mask;
	case REL_EXCEPT:
		return mask & ~pick_inside(scene, b, mask);
	case REL_INSIDE:
		return pick_inside(scene, b, mask);
	case REL_NEITHER:
		return scene->all & ~mask & ~scene->mask[b];
	case REL_ALL_BUT:
		return scene->all & ~pick_inside(scene, b, mask);
	case REL_TIMES:
	case REL_SIGNED:
	case REL_PRICES:
		break;
	}
	return 0;
}

static int64_t
product(const struct scene *scene, uint32_t mask)
{
	int64_t value = 1;

	for (; mask != 0 && value < PRODUCT_MAX; mask &= mask - 1)
		value *= scene->digits[__builtin_ctz(mask)];
	return value;
}

static int64_t
distinct(const struct scene *scene, uint32_t mask)
{
	unsigned int seen = 0;

	for (; mask != 0; mask &= mask - 1)
		seen |= 1U << scene->digits[__builtin_ctz(mask)];
	return __builtin_popcount(seen);
}

int64_t
aggregate_of(const struct scene *scene, enum aggregate aggregate, uint32_t mask)
{
	int64_t sum = 0, alternating = 0, weighted = 0, place = 0;
	int64_t max = 0, min = 9, digit;
	uint32_t rest;

	if (aggregate == AGG_COUNT)
		return __builtin_popcount(mask);
	if (aggregate == AGG_PRODUCT)
		return product(scene, mask);
	if (aggregate == AGG_DISTINCT)
		return distinct(scene, mask);
	for (rest = mask; rest != 0; rest &= rest - 1) {
		digit = scene->digits[__builtin_ctz(rest)];
		sum += digit;
		alternating += place % 2 == 0 ? digit : -digit;
		weighted += ++place * digit;
		max = digit > max ? digit : max;
		min = digit < min ? digit : min;
	}
	switch (aggregate) {
	case AGG_SUM:
		return sum;
	case AGG_MAX:
		return max;
	case AGG_MIN:
		return min;
	case AGG_RANGE:
		return max - min;
	case AGG_EXTREMES:
		return max * min;
	case AGG_ALTERNATING:
		return alternating;
	case AGG_WEIGHTED:
		return weighted;
	case AGG_ENDS:
		return max + min;
	case AGG_COUNT:
	case AGG_PRODUCT:
	case AGG_DISTINCT:
	case AGGREGATES:
		break;
	}
	return 0;
}

struct number
number_of(enum aggregate aggregate, uint8_t pick)
{
	struct number number = { (uint8_t)aggregate, REL_ONLY, pick, 0, 0, 0,
		0 };

	return number;
}

struct number
number_value(uint8_t value)
{
	struct number number = { AGG_VALUE, REL_ONLY, value, 0, 0, 0, 0 };

	return number;
}

/* The sums in which one part of a selection counts otherwise than the rest. */
static bool
split_run(
    const struct number *number, const struct scene *scene, int64_t *value)
{
	uint32_t mask = scene->mask[number->a];
	uint32_t part = pick_inside(scene, number->b, mask);
	int64_t in, rest;

	if (mask == 0)
		return false;
	if (number->relation != REL_TIMES) {
		part = selection_mask(
		    scene, (enum relation)number->inner, number->a, number->b);
		mask = scene->all;
	}
	in = aggregate_of(scene, AGG_SUM, part);
	rest = aggregate_of(scene, AGG_SUM, mask & ~part);
	if (number->relation == REL_SIGNED) {
		*value = in - rest;
		return true;
	}
	if (number->n >= scene->numbers)
		return false;
	in *= scene->number[number->n];
	if (number->relation == REL_PRICES) {
		if (number->other >= scene->numbers)
			return false;
		rest *= scene->number[number->other];
	}
	*value = in + rest;
	return true;
}

bool
number_run(
    const struct number *number, const struct scene *scene, int64_t *value)
{
	uint32_t mask;

	if (number->aggregate == AGG_VALUE) {
		*value = scene->known[number->a];
		return *value != VALUE_UNKNOWN;
	}
	if (number->relation >= REL_TIMES)
		return split_run(number, scene, value);
	mask = selection_mask(
	    scene, (enum relation)number->relation, number->a, number->b);
	/*
	 * Of an empty selection there is a sum and a count, but a pick that
	 * this challenge lacks has none.
	 */
	if (mask == 0 &&
	    (number->aggregate > AGG_COUNT || !pick_exists(scene, number->a)))
		return false;
	*value = aggregate_of(scene, (enum aggregate)number->aggregate, mask);
	return true;
}

static bool
condition_run(
    const struct program *program, const struct scene *scene, bool *holds)
{
	const struct piece *hole;
	int64_t left, right = 0;

	if (!number_run(&program->left, scene, &left))
		return false;
	if (program->condition == COND_IS_SUCH) {
		hole = pick_piece(program->right.a);
		if (hole->kind != PICK_HOLE || hole->ref >= scene->sets)
			return false;
		*holds = phrase_holds(&scene->set[hole->ref], left);
		return true;
	}
	if (program->condition != COND_IS_EVEN &&
	    !number_run(&program->right, scene, &right))
		return false;
	switch ((enum condition)program->condition) {
	case COND_IS_EVEN:
		*holds = left % 2 == 0;
		break;
	case COND_IS_GREATER:
		*holds = left > right;
		break;
	case COND_IS_LESS:
		*holds = left < right;
		break;
	case COND_IS_SUCH:
		break;
	}
	return true;
}

static bool
tail_run(uint8_t tail, uint8_t ref, const struct scene *scene, int64_t *value)
{
	if (tail == TAIL_NONE)
		return true;
	if (ref >= scene->numbers)
		return false;
	switch ((enum tail)tail) {
	case TAIL_ADD:
		*value += scene->number[ref];
		break;
	case TAIL_FROM:
		*value = scene->number[ref] - *value;
		break;
	case TAIL_TIMES:
		*value *= scene->number[ref];
		break;
	case TAIL_LESS:
		*value -= scene->number[ref];
		break;
	case TAIL_NONE:
	case TAILS:
		return false;
	}
	return true;
}

static bool
join_run(
    const struct program *program, const struct scene *scene, int64_t *value)
{
	int64_t one, two;
	bool holds = false;

	if (program->join == JOIN_IF) {
		if (!condition_run(program, scene, &holds))
			return false;
		return number_run(
		    holds ? &program->one : &program->two, scene, value);
	}
	if (!number_run(&program->one, scene, &one) ||
	    !tail_run(program->middle, program->middle_ref, scene, &one))
		return false;
	if (program->join == JOIN_NONE) {
		*value = one;
		return true;
	}
	if (!number_run(&program->two, scene, &two))
		return false;
	switch ((enum join)program->join) {
	case JOIN_ADD:
		*value = one + two;
		break;
	case JOIN_LESS:
		*value = one - two;
		break;
	case JOIN_FROM:
		*value = two - one;
		break;
	case JOIN_TIMES:
		*value = one * two;
		break;
	case JOIN_MAX:
		*value = one > two ? one : two;
		break;
	case JOIN_MIN:
		*value = one < two ? one : two;
		break;
	case JOIN_GAP:
		*value = one > two ? one - two : two - one;
		break;
	case JOIN_NONE:
	case JOIN_IF:
	case JOINS:
		return false;
	}
	return true;
}

bool
program_run(
    const struct program *program, const struct scene *scene, int64_t *value)
{
	return join_run(program, scene, value) &&
	    tail_run(program->tail, program->ref, scene, value);
}
