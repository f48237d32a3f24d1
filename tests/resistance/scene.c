/*
 * The tables of picks and values, and what they are in one challenge; see
 * program.h.
 */
#include <string.h>

#include "tests/resistance/program.h"

static struct piece picks[PICKS_MAX];
static struct piece values[VALUES_MAX];
static size_t picks_count, values_count;

static void
add_pick(enum pick_kind kind, enum ref_kind ref_kind, size_t ref, size_t value)
{
	struct piece *piece = &picks[picks_count++];

	piece->kind = (uint8_t)kind;
	piece->ref_kind = (uint8_t)ref_kind;
	piece->ref = (uint8_t)ref;
	piece->value = (uint8_t)value;
}

static void
add_value(enum value_kind kind, enum ref_kind ref_kind, size_t ref)
{
	struct piece *piece = &values[values_count++];

	piece->kind = (uint8_t)kind;
	piece->ref_kind = (uint8_t)ref_kind;
	piece->ref = (uint8_t)ref;
}

static void
lay_out_values(void)
{
	size_t i;

	add_value(VALUE_FIRST, REF_NONE, 0);
	add_value(VALUE_LAST, REF_NONE, 0);
	add_value(VALUE_REPEATED, REF_NONE, 0);
	for (i = 0; i < REFS_MARKS; i++) {
		add_value(VALUE_NEXT, REF_MARK, i);
		add_value(VALUE_PREVIOUS, REF_MARK, i);
	}
	for (i = 0; i < REFS_HOLES; i++)
		add_value(VALUE_HOLE, REF_VALUE, i);
	for (i = 0; i < REFS_NUMBERS; i++)
		add_value(VALUE_PLACE, REF_NUMBER, i);
	for (i = 0; i < REFS_NUMBERS; i++)
		add_value(VALUE_GIVEN, REF_NUMBER, i);
}

/* Once; the tables never change afterwards. */
static void
lay_out(void)
{
	size_t kind, i;

	if (picks_count != 0)
		return;
	lay_out_values();
	for (kind = PICK_ALL; kind <= PICK_EVEN_PLACES; kind++)
		add_pick((enum pick_kind)kind, REF_NONE, 0, 0);
	for (kind = PICK_FIRST; kind <= PICK_SMALLEST; kind++)
		add_pick((enum pick_kind)kind, REF_NONE, 0, 0);
	for (kind = PICK_FIRST; kind <= PICK_FROM; kind++)
		for (i = 0; i < REFS_NUMBERS; i++)
			add_pick((enum pick_kind)kind, REF_NUMBER, i, 0);
	for (i = 0; i < REFS_MARKS; i++) {
		add_pick(PICK_BEFORE, REF_MARK, i, 0);
		add_pick(PICK_AFTER, REF_MARK, i, 0);
		add_pick(PICK_NEXT, REF_MARK, i, 0);
		add_pick(PICK_PREVIOUS, REF_MARK, i, 0);
	}
	add_pick(PICK_BETWEEN, REF_MARK, 1, 0);
	add_pick(PICK_OUTSIDE, REF_MARK, 1, 0);
	for (i = 0; i < REFS_HOLES; i++)
		add_pick(PICK_HOLE, REF_SET, i, 0);
	for (i = 0; i < values_count; i++) {
		if (values[i].kind == VALUE_GIVEN)
			continue;
		add_pick(PICK_ABOVE, (enum ref_kind)values[i].ref_kind,
		    values[i].ref, i + 1);
		add_pick(PICK_BELOW, (enum ref_kind)values[i].ref_kind,
		    values[i].ref, i + 1);
	}
}

size_t
pick_count(void)
{
	lay_out();
	return picks_count;
}

size_t
value_count(void)
{
	lay_out();
	return values_count;
}

const struct piece *
pick_piece(size_t id)
{
	lay_out();
	return &picks[id];
}

const struct piece *
value_piece(size_t id)
{
	lay_out();
	return &values[id];
}

uint8_t
pick_id(enum pick_kind kind, enum ref_kind ref_kind, size_t ref)
{
	size_t i;

	lay_out();
	for (i = 0; i < picks_count; i++)
		if (picks[i].kind == kind && picks[i].value == 0 &&
		    picks[i].ref_kind == ref_kind && picks[i].ref == ref)
			return (uint8_t)i;
	return 0;
}

uint8_t
pick_compare(enum pick_kind kind, size_t value)
{
	size_t i;

	lay_out();
	for (i = 0; i < picks_count; i++)
		if (picks[i].kind == kind && picks[i].value == value + 1)
			return (uint8_t)i;
	return 0;
}

uint8_t
value_id(enum value_kind kind, size_t ref)
{
	size_t i;

	lay_out();
	for (i = 0; i < values_count; i++)
		if (values[i].kind == kind && values[i].ref == ref)
			return (uint8_t)i;
	return 0;
}

/* The n first or last digits of a domain. */
static uint32_t
by_place(uint32_t domain, int64_t n, bool last)
{
	uint32_t mask = 0, bit;

	if (n < 1 || n > __builtin_popcount(domain))
		return 0;
	for (; n > 0; n--) {
		bit = last ? 1U << (31 - __builtin_clz(domain))
			   : domain & -domain;
		mask |= bit;
		domain &= ~bit;
	}
	return mask;
}

/* The n largest or smallest, earlier ones first among equals. */
static uint32_t
by_size(const struct scene *scene, uint32_t domain, int64_t n, bool largest)
{
	uint32_t mask = 0, rest, best;
	uint8_t digit, than;

	if (n < 1 || n > __builtin_popcount(domain))
		return 0;
	for (; n > 0; n--) {
		best = domain & -domain;
		for (rest = domain & (domain - 1); rest != 0;
		     rest &= rest - 1) {
			digit = scene->digits[__builtin_ctz(rest)];
			than = scene->digits[__builtin_ctz(best)];
			if (largest ? digit > than : digit < than)
				best = rest & -rest;
		}
		mask |= best;
		domain &= ~best;
	}
	return mask;
}

static uint32_t
by_turns(uint32_t domain, bool second)
{
	uint32_t mask = 0;

	for (; domain != 0; domain &= domain - 1) {
		if (!second)
			mask |= domain & -domain;
		second = !second;
	}
	return mask;
}

static uint32_t
by_limit(const struct scene *scene, enum pick_kind kind, int64_t limit)
{
	uint32_t mask = 0;
	unsigned int i;
	int64_t digit;
	bool in = false;

	for (i = 0; i < scene->count; i++) {
		digit = scene->digits[i];
		if (kind == PICK_ABOVE)
			in = digit > limit;
		else if (kind == PICK_BELOW)
			in = digit < limit;
		else if (kind == PICK_AT_LEAST)
			in = digit >= limit;
		else if (kind == PICK_AT_MOST)
			in = digit <= limit;
		else
			in = digit == limit;
		if (in)
			mask |= 1U << i;
	}
	return mask;
}

/* Those that are larger, or smaller, than the digit right before them. */
static uint32_t
by_neighbour(const struct scene *scene, bool larger)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 1; i < scene->count; i++)
		if (larger ? scene->digits[i] > scene->digits[i - 1]
			   : scene->digits[i] < scene->digits[i - 1])
			mask |= 1U << i;
	return mask;
}

static uint32_t
by_mark(const struct scene *scene, enum pick_kind kind, size_t ref)
{
	uint32_t before;
	int at = scene->mark[ref];
	int other;

	if (at < 0)
		return 0;
	before = (uint32_t)((1ULL << at) - 1);
	if (kind == PICK_BEFORE)
		return before;
	if (kind == PICK_AFTER)
		return scene->all & ~before;
	if (kind == PICK_NEXT)
		return at < scene->count ? 1U << at : 0;
	if (kind == PICK_PREVIOUS)
		return at > 0 ? 1U << (at - 1) : 0;
	/* Between this mark and the one named before it, or not. */
	other = scene->mark[ref - 1];
	if (other < 0)
		return 0;
	before ^= (uint32_t)((1ULL << other) - 1);
	return kind == PICK_BETWEEN ? before : scene->all & ~before;
}

static bool
piece_exists(const struct scene *scene, const struct piece *piece)
{
	switch ((enum ref_kind)piece->ref_kind) {
	case REF_NONE:
		return true;
	case REF_NUMBER:
		return piece->ref < scene->numbers;
	case REF_MARK:
		return piece->ref < scene->marks;
	case REF_SET:
		return piece->ref < scene->sets;
	case REF_VALUE:
		return piece->ref < scene->values;
	}
	return false;
}

/* The picks that depend on what else is in the domain. */
static bool
is_relative(enum pick_kind kind)
{
	return (kind >= PICK_ODD_PLACES && kind <= PICK_SMALLEST) ||
	    kind == PICK_PLACES_FROM || kind == PICK_FROM;
}

static uint32_t
relative_mask(
    const struct scene *scene, enum pick_kind kind, int64_t n, uint32_t domain)
{
	if (kind == PICK_ODD_PLACES || kind == PICK_EVEN_PLACES)
		return by_turns(domain, kind == PICK_EVEN_PLACES);
	if (kind == PICK_PLACES_FROM)
		return n < 1 || n > 2 ? 0 : by_turns(domain, n == 2);
	if (kind == PICK_FROM)
		return n == 1 ? domain
			      : domain & ~by_place(domain, n - 1, false);
	if (kind == PICK_FIRST || kind == PICK_LAST)
		return by_place(domain, n, kind == PICK_LAST);
	return by_size(scene, domain, n, kind == PICK_LARGEST);
}

/* What a pick compares with or counts to; VALUE_UNKNOWN when there is none. */
static int64_t
pick_number(const struct scene *scene, const struct piece *piece)
{
	if (piece->value != 0)
		return scene->known[piece->value - 1];
	if (piece->ref_kind == REF_NUMBER)
		return scene->number[piece->ref];
	return 1;
}

static uint32_t
pick_mask(const struct scene *scene, const struct piece *piece, uint32_t domain)
{
	enum pick_kind kind = (enum pick_kind)piece->kind;
	const struct phrase_set *set;
	int64_t n;

	if (!piece_exists(scene, piece))
		return 0;
	n = pick_number(scene, piece);
	if (n == VALUE_UNKNOWN)
		return 0;
	switch (kind) {
	case PICK_ALL:
		return domain;
	case PICK_EVEN:
		return domain & scene->even;
	case PICK_ODD:
		return domain & scene->odd;
	case PICK_SINGLE:
		return domain & scene->single;
	case PICK_REPEATED:
		return domain & scene->repeated;
	case PICK_RISING:
	case PICK_FALLING:
		return domain & by_neighbour(scene, kind == PICK_RISING);
	case PICK_ODD_PLACES:
	case PICK_EVEN_PLACES:
	case PICK_PLACES_FROM:
	case PICK_FROM:
	case PICK_FIRST:
	case PICK_LAST:
	case PICK_LARGEST:
	case PICK_SMALLEST:
		return relative_mask(scene, kind, n, domain);
	case PICK_ABOVE:
	case PICK_BELOW:
	case PICK_AT_LEAST:
	case PICK_AT_MOST:
	case PICK_EQUAL:
		return domain & by_limit(scene, kind, n);
	case PICK_BEFORE:
	case PICK_AFTER:
	case PICK_BETWEEN:
	case PICK_OUTSIDE:
	case PICK_NEXT:
	case PICK_PREVIOUS:
		return domain & by_mark(scene, kind, piece->ref);
	case PICK_HOLE:
		set = &scene->set[piece->ref];
		return set->picks
		    ? relative_mask(
			  scene, (enum pick_kind)set->kind, set->n, domain)
		    : domain & set->mask;
	case PICK_KINDS:
		break;
	}
	return 0;
}

struct phrase_set
selection_phrase(
    const struct scene *scene, enum relation relation, uint8_t a, uint8_t b)
{
	const struct piece *piece = &picks[a];
	struct phrase_set set = { 0, false, false, 0, 0 };

	set.mask = selection_mask(scene, relation, a, b);
	if (relation != REL_ONLY || set.mask == 0)
		return set;
	if (piece->kind == PICK_HOLE)
		return scene->set[piece->ref];
	set.plain = true;
	set.picks = is_relative((enum pick_kind)piece->kind);
	set.kind = piece->kind;
	set.n = pick_number(scene, piece);
	return set;
}

bool
phrase_holds(const struct phrase_set *set, int64_t number)
{
	if (!set->plain)
		return false;
	if (set->kind == PICK_EVEN)
		return number % 2 == 0;
	if (set->kind == PICK_ODD)
		return number % 2 != 0;
	if (set->kind == PICK_ABOVE)
		return number > set->n;
	return set->kind == PICK_BELOW && number < set->n;
}

static int64_t
value_of(const struct scene *scene, const struct piece *piece)
{
	uint32_t at = 0;

	if (!piece_exists(scene, piece) || scene->count == 0)
		return VALUE_UNKNOWN;
	switch ((enum value_kind)piece->kind) {
	case VALUE_NEXT:
		at = by_mark(scene, PICK_NEXT, piece->ref);
		break;
	case VALUE_PREVIOUS:
		at = by_mark(scene, PICK_PREVIOUS, piece->ref);
		break;
	case VALUE_FIRST:
		at = 1;
		break;
	case VALUE_LAST:
		at = 1U << (scene->count - 1);
		break;
	case VALUE_PLACE:
		if (scene->number[piece->ref] >= 1 &&
		    scene->number[piece->ref] <= scene->count)
			at = 1U << (scene->number[piece->ref] - 1);
		break;
	case VALUE_REPEATED:
		at = scene->repeated;
		break;
	case VALUE_HOLE:
		return scene->value[piece->ref];
	case VALUE_GIVEN:
		return scene->number[piece->ref];
	}
	return at == 0 ? VALUE_UNKNOWN : scene->digits[__builtin_ctz(at)];
}

/* Digits before the first occurrence of a mark, or -1. */
static int16_t
mark_place(const struct sample *sample, char mark)
{
	const char *at;
	int16_t before = 0;

	for (at = sample->text; *at != '\0'; at++) {
		if (*at == mark)
			return before;
		if (*at >= '0' && *at <= '9')
			before++;
	}
	return -1;
}

static void
scene_digits(struct scene *scene, const struct sample *sample)
{
	uint8_t times[10] = { 0 };
	unsigned int i;

	scene->count = sample->count;
	memcpy(scene->digits, sample->digits, sizeof(scene->digits));
	for (i = 0; i < scene->count; i++)
		times[scene->digits[i]]++;
	for (i = 0; i < scene->count; i++) {
		scene->all |= 1U << i;
		if (scene->digits[i] % 2 == 0)
			scene->even |= 1U << i;
		else
			scene->odd |= 1U << i;
		if (times[scene->digits[i]] == 1)
			scene->single |= 1U << i;
		else
			scene->repeated |= 1U << i;
	}
}

void
scene_open_holes(struct scene *scene, const struct sample *sample,
    const struct token *token, size_t tokens, const struct phrase_set *set,
    const int64_t *value)
{
	size_t i;

	lay_out();
	memset(scene, 0, sizeof(*scene));
	scene_digits(scene, sample);
	for (i = 0; i < tokens; i++) {
		if ((token[i].id == TOKEN_FIGURE ||
			token[i].id == TOKEN_NUMBER) &&
		    scene->numbers < REFS_NUMBERS)
			scene->number[scene->numbers++] = token[i].value;
		if (token[i].id == TOKEN_MARK && scene->marks < REFS_MARKS)
			scene->mark[scene->marks++] = mark_place(
			    sample, (char)token[i].value);
		if (token[i].id == TOKEN_SET && scene->sets < REFS_HOLES)
			scene->set[scene->sets++] = set[token[i].value];
		if (token[i].id == TOKEN_VALUE && scene->values < REFS_HOLES)
			scene->value[scene->values++] = value[token[i].value];
	}
	for (i = 0; i < values_count; i++)
		scene->known[i] = value_of(scene, &values[i]);
	for (i = 0; i < picks_count; i++)
		scene->mask[i] = pick_mask(scene, &picks[i], scene->all);
}

void
scene_open(struct scene *scene, const struct sample *sample,
    const struct token *token, size_t tokens)
{
	/* An instruction as it came has no phrases to be looked up. */
	static const struct phrase_set set[1];
	static const int64_t value[1];

	scene_open_holes(scene, sample, token, tokens, set, value);
}

bool
pick_exists(const struct scene *scene, uint8_t id)
{
	return piece_exists(scene, &picks[id]) &&
	    pick_number(scene, &picks[id]) != VALUE_UNKNOWN;
}

uint32_t
pick_inside(const struct scene *scene, uint8_t id, uint32_t domain)
{
	const struct piece *piece = &picks[id];

	if (piece->kind == PICK_HOLE ||
	    is_relative((enum pick_kind)piece->kind))
		return pick_mask(scene, piece, domain);
	return scene->mask[id] & domain;
}
