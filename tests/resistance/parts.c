/*
 * Taking programs apart; see parts.h.
 */
#include <string.h>

#include "tests/resistance/parts.h"

static void
piece_named(const struct piece *piece, struct named *named)
{
	named->of[piece->ref_kind] |= 1U << piece->ref;
}

/* Whether b is part of what the number is. */
static bool
has_second(const struct number *number)
{
	return number->relation < REL_SIGNED || number->inner != REL_ONLY;
}

static void
number_named(const struct number *number, struct named *named)
{
	if (number->aggregate == AGG_VALUE) {
		piece_named(value_piece(number->a), named);
		return;
	}
	piece_named(pick_piece(number->a), named);
	if (number->relation == REL_ONLY)
		return;
	if (has_second(number))
		piece_named(pick_piece(number->b), named);
	if (number->relation == REL_TIMES || number->relation == REL_PRICES)
		named->of[REF_NUMBER] |= 1U << number->n;
	if (number->relation == REL_PRICES)
		named->of[REF_NUMBER] |= 1U << number->other;
}

void
program_named(const struct program *program, struct named *named)
{
	memset(named, 0, sizeof(*named));
	number_named(&program->one, named);
	if (program->join != JOIN_NONE)
		number_named(&program->two, named);
	if (program->join == JOIN_IF) {
		number_named(&program->left, named);
		if (program->condition != COND_IS_EVEN)
			number_named(&program->right, named);
	}
	if (program->tail != TAIL_NONE)
		named->of[REF_NUMBER] |= 1U << program->ref;
	if (program->middle != TAIL_NONE)
		named->of[REF_NUMBER] |= 1U << program->middle_ref;
	named->of[REF_NONE] = 0;
}

static struct number *
number_at(struct program *program, unsigned int which)
{
	struct number *const at[] = { &program->one, &program->two,
		&program->left, &program->right };

	return at[which];
}

static bool
spot_exists(const struct number *number, enum spot_kind kind)
{
	bool value = number->aggregate == AGG_VALUE;

	switch (kind) {
	case SPOT_SELECTION:
		return !value && number->relation <= REL_ALL_BUT;
	case SPOT_A:
		return !value && number->relation != REL_ONLY;
	case SPOT_B:
		return !value && number->relation != REL_ONLY &&
		    has_second(number);
	case SPOT_LIMIT:
		return !value && number->relation == REL_ONLY &&
		    pick_piece(number->a)->value != 0;
	case SPOT_NUMBER:
		return !value || value_piece(number->a)->kind != VALUE_GIVEN;
	case SPOT_JOINED:
	case SPOT_KINDS:
		break;
	}
	return false;
}

static void
take(const struct program *program, struct taken *taken)
{
	const uint8_t all = pick_id(PICK_ALL, REF_NONE, 0);
	struct number *number;

	taken->rest = *program;
	memset(&taken->part, 0, sizeof(taken->part));
	number = number_at(&taken->rest, taken->spot.number);
	taken->part.one = *number;
	taken->set = taken->spot.kind <= SPOT_B;
	switch (taken->spot.kind) {
	case SPOT_SELECTION:
		taken->part.one.aggregate = AGG_SUM;
		*number = number_of((enum aggregate)number->aggregate, all);
		break;
	case SPOT_A:
		taken->part.one = number_of(AGG_SUM, number->a);
		number->a = all;
		break;
	case SPOT_B:
		taken->part.one = number_of(AGG_SUM, number->b);
		number->b = all;
		break;
	case SPOT_LIMIT:
		taken->part.one = number_value(
		    (uint8_t)(pick_piece(number->a)->value - 1));
		number->a = pick_compare(
		    (enum pick_kind)pick_piece(number->a)->kind,
		    value_id(VALUE_FIRST, 0));
		break;
	case SPOT_NUMBER:
		*number = number_of(AGG_SUM, all);
		break;
	case SPOT_JOINED:
		taken->part = *program;
		taken->part.tail = TAIL_NONE;
		taken->part.ref = 0;
		if (program->join == JOIN_NONE) {
			taken->part.tail = program->middle;
			taken->part.ref = program->middle_ref;
			taken->part.middle = TAIL_NONE;
			taken->part.middle_ref = 0;
		}
		memset(&taken->rest, 0, sizeof(taken->rest));
		taken->rest.one = number_of(AGG_SUM, all);
		taken->rest.tail = program->tail;
		taken->rest.ref = program->ref;
		break;
	case SPOT_KINDS:
		break;
	}
	program_named(&taken->part, &taken->part_named);
	program_named(&taken->rest, &taken->rest_named);
}

size_t
program_take(const struct program *program, struct taken *taken)
{
	struct program copy = *program;
	unsigned int numbers, which;
	size_t kind, count = 0;

	numbers = program->join == JOIN_NONE ? 1 : 2;
	if (program->join == JOIN_IF)
		numbers = program->condition == COND_IS_EVEN ? 3 : 4;
	for (which = 0; which < numbers; which++) {
		for (kind = 0; kind < SPOT_JOINED; kind++) {
			if (!spot_exists(number_at(&copy, which),
				(enum spot_kind)kind) ||
			    count == SPOTS_MAX)
				continue;
			taken[count].spot.kind = (enum spot_kind)kind;
			taken[count].spot.number = which;
			take(program, &taken[count++]);
		}
	}
	if (program->tail != TAIL_NONE &&
	    (program->join != JOIN_NONE || program->middle != TAIL_NONE) &&
	    count < SPOTS_MAX) {
		taken[count].spot.kind = SPOT_JOINED;
		taken[count].spot.number = 0;
		take(program, &taken[count++]);
	}
	return count;
}

void
taken_fill(struct program *rest, const struct taken *taken, size_t hole)
{
	struct number *number = number_at(rest, taken->spot.number);
	uint8_t set = pick_id(PICK_HOLE, REF_SET, hole);
	uint8_t value = value_id(VALUE_HOLE, hole);

	switch (taken->spot.kind) {
	case SPOT_SELECTION:
	case SPOT_A:
		number->a = set;
		break;
	case SPOT_B:
		number->b = set;
		break;
	case SPOT_LIMIT:
		number->a = pick_compare(
		    (enum pick_kind)pick_piece(number->a)->kind, value);
		break;
	case SPOT_NUMBER:
	case SPOT_JOINED:
		*number = number_value(value);
		break;
	case SPOT_KINDS:
		break;
	}
}

static bool
value_move(uint8_t *id, const struct moves *moves)
{
	const struct piece *piece = value_piece(*id);
	uint8_t to;

	if (piece->ref_kind == REF_NONE)
		return true;
	to = moves->to[piece->ref_kind][piece->ref];
	if (to == REF_GONE)
		return false;
	*id = value_id((enum value_kind)piece->kind, to);
	return true;
}

static bool
pick_move(uint8_t *id, const struct moves *moves)
{
	const struct piece *piece = pick_piece(*id);
	uint8_t value, to;

	if (piece->ref_kind == REF_NONE)
		return true;
	if (piece->value != 0) {
		value = (uint8_t)(piece->value - 1);
		if (!value_move(&value, moves))
			return false;
		*id = pick_compare((enum pick_kind)piece->kind, value);
		return true;
	}
	to = moves->to[piece->ref_kind][piece->ref];
	if (to == REF_GONE ||
	    ((piece->kind == PICK_BETWEEN || piece->kind == PICK_OUTSIDE) &&
		to == 0))
		return false;
	*id = pick_id(
	    (enum pick_kind)piece->kind, (enum ref_kind)piece->ref_kind, to);
	return true;
}

static bool
number_move(struct number *number, const struct moves *moves)
{
	if (number->aggregate == AGG_VALUE)
		return value_move(&number->a, moves);
	if (!pick_move(&number->a, moves))
		return false;
	if (number->relation == REL_ONLY)
		return true;
	if (has_second(number) && !pick_move(&number->b, moves))
		return false;
	if (number->relation == REL_TIMES || number->relation == REL_PRICES)
		number->n = moves->to[REF_NUMBER][number->n];
	if (number->relation == REL_PRICES)
		number->other = moves->to[REF_NUMBER][number->other];
	return number->n != REF_GONE && number->other != REF_GONE;
}

bool
program_move(struct program *program, const struct moves *moves)
{
	if (!number_move(&program->one, moves))
		return false;
	if (program->join != JOIN_NONE && !number_move(&program->two, moves))
		return false;
	if (program->join == JOIN_IF) {
		if (!number_move(&program->left, moves))
			return false;
		if (program->condition != COND_IS_EVEN &&
		    !number_move(&program->right, moves))
			return false;
	}
	if (program->tail != TAIL_NONE)
		program->ref = moves->to[REF_NUMBER][program->ref];
	if (program->middle != TAIL_NONE)
		program->middle_ref =
		    moves->to[REF_NUMBER][program->middle_ref];
	return program->ref != REF_GONE && program->middle_ref != REF_GONE;
}
