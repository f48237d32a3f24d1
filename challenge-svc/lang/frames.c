/*
 * Putting frames around hearts: see frames.h.
 */

#include "challenge-svc/lang/frames.h"

#define NO_NODE UINT8_MAX

/* Nodes of a tree to which little can be added before it takes too many words;
 * see NODES_MANY of generate.c. */
#define LARGE 8

static bool
is_hard(const struct draft *draft)
{
	return draft->level == LEVEL_HARD;
}

/* -------- further steps -------- */

static uint8_t
spread(struct draft *draft)
{
	return is_hard(draft) ? draft_const(draft, 101, 399)
			      : draft_const(draft, 11, 99);
}

/* A further step with a number in figures that spreads the answers. */
static uint8_t
constant_step(struct draft *draft, uint8_t number)
{
	struct tree *tree = draft->tree;
	uint8_t constant = spread(draft), slip;

	switch (rng_below(draft->rng, 5)) {
	case 0:
	case 1:
		return tree_two(tree, NUM_SUBTRACT, constant, number);
	case 2:
		slip = spread(draft);
		if (tree->node[slip].n == tree->node[constant].n)
			break;
		constant = tree_two(tree, NUM_CORRECTION, slip, constant);
		break;
	}

	return tree_two(tree, NUM_ADD, number, constant);
}

static bool
is_stage(const struct tree *tree, uint8_t number)
{
	return tree_is_stage((enum tree_kind)tree->node[number].kind);
}

/* A number that takes few words, mostly: others stand beside it. */
static uint8_t
plain_number(struct draft *draft)
{
	bool kept = draft->plain;
	uint8_t number;

	draft->plain = kept || rng_percent(draft->rng, 65);
	number = operation_number(draft);
	draft->plain = kept;

	return number;
}

/* A step with another number, on either side of it, or with a small factor. */
static uint8_t
number_step(struct draft *draft, uint8_t number)
{
	struct tree *tree = draft->tree;
	uint8_t other;

	if (!is_stage(tree, number) && rng_percent(draft->rng, 25))
		return tree_two(
		    tree, NUM_MULTIPLY, number, draft_const(draft, 2, 9));

	other = plain_number(draft);
	switch (rng_below(draft->rng, 4)) {
	case 0:
		return tree_two(tree, NUM_ADD, number, other);
	case 1:
		if (is_stage(tree, number))
			break;
		return tree_two(tree, NUM_MULTIPLY, number, other);
	case 2:
		if (is_stage(tree, number))
			break;
		return tree_two(tree, NUM_SUBTRACT, other, number);
	}

	return tree_two(tree, NUM_SUBTRACT, number, other);
}

/* Two steps, told in the other order. */
static uint8_t
turned_steps(struct draft *draft, uint8_t number)
{
	static const enum tree_kind kinds[] = { NUM_ADD_FIRST,
		NUM_MULTIPLY_FIRST, NUM_MULTIPLY_LESS };
	enum tree_kind kind = kinds[rng_below(draft->rng, 3)];
	uint8_t b, c;

	if (kind == NUM_ADD_FIRST) {
		b = draft_toss(draft) ? plain_number(draft)
				      : draft_const(draft, 3, 40);
		c = draft_const(draft, 2, 9);
	} else {
		b = draft_const(draft, 2, 9);
		c = draft_toss(draft) ? plain_number(draft)
				      : draft_const(draft, 11, 99);
	}

	return tree_add(draft->tree, kind, 0, 0, number, b, c);
}

static uint8_t
steps(struct draft *draft, uint8_t number)
{
	if (!is_hard(draft)) {
		if (draft_toss(draft))
			return constant_step(draft, number);
		return rng_percent(draft->rng, 30) &&
			!is_stage(draft->tree, number)
		    ? turned_steps(draft, number)
		    : number_step(draft, number);
	}
	if (!is_stage(draft->tree, number) && rng_percent(draft->rng, 30))
		return turned_steps(draft, number);
	number = number_step(draft, number);

	return rng_percent(draft->rng, 70) ? constant_step(draft, number)
					   : number_step(draft, number);
}

/* -------- names -------- */

/* Whether a heart has a noun; those that have none take many words. */
static bool
is_nominal(enum tree_kind kind)
{
	return kind != NUM_ALTERNATING && kind != NUM_WEIGHTED &&
	    kind != NUM_COUNTING;
}

/* An order for the names, so that the one that matters can stand anywhere. */
static void
shuffle(struct draft *draft, uint8_t order[TREE_NAMES_MAX], uint8_t count)
{
	uint8_t i, j;

	for (i = 0; i < count; i++) {
		j = (uint8_t)rng_below(draft->rng, (uint32_t)i + 1);
		order[i] = order[j];
		order[j] = i;
	}
}

/* body, in which each name of tree->names stands for its definition. */
static uint8_t
give_names(struct draft *draft, enum tree_kind let,
    const uint8_t definition[TREE_NAMES_MAX], uint8_t body)
{
	uint8_t order[TREE_NAMES_MAX] = { 0 }, i;

	shuffle(draft, order, draft->tree->names);
	for (i = 0; i < draft->tree->names; i++)
		body = tree_add(draft->tree, let, order[i], 0,
		    definition[order[i]], body, 0);

	return body;
}

static uint8_t
name(struct draft *draft, int n)
{
	uint8_t leaf = tree_leaf_n(draft->tree, NUM_NAME, n);

	if (rng_percent(draft->rng, 12))
		return tree_add(draft->tree, NUM_TIMES,
		    rng_between(draft->rng, 2, 4), 0, leaf, 0, 0);

	return leaf;
}

/*
 * What is asked of two named numbers.  "Three times P and Q" would leave open
 * what is meant three times, so only what stands alone or last is scaled.
 */
static uint8_t
formula(struct draft *draft, int a, int b)
{
	static const enum tree_kind kinds[] = { NUM_ADD, NUM_SUBTRACT,
		NUM_SUBTRACT, NUM_MULTIPLY, NUM_GAP, NUM_LARGER, NUM_SMALLER };
	struct tree *tree = draft->tree;
	enum tree_kind kind = kinds[rng_below(draft->rng, 7)];
	bool listed = kind == NUM_LARGER || kind == NUM_SMALLER;
	int swap = draft_toss(draft) ? a : b;
	uint8_t first, second;

	first = listed || kind == NUM_GAP ? tree_leaf_n(tree, NUM_NAME, swap)
					  : name(draft, swap);
	second = kind == NUM_GAP ? tree_leaf_n(tree, NUM_NAME, a + b - swap)
				 : name(draft, a + b - swap);

	return tree_two(tree, kind, first, second);
}

/* A choice by the named numbers themselves. */
static uint8_t
formula_if(struct draft *draft, int a, int b)
{
	struct tree *tree = draft->tree;
	uint8_t condition, yes, no;

	if (draft_toss(draft))
		condition = tree_two(tree,
		    draft_either(draft, COND_GREATER, COND_LESS),
		    tree_leaf_n(tree, NUM_NAME, a),
		    tree_leaf_n(tree, NUM_NAME, b));
	else
		condition = tree_one(tree,
		    draft_either(draft, COND_EVEN, COND_ODD),
		    tree_leaf_n(tree, NUM_NAME, draft_toss(draft) ? a : b));
	yes = formula(draft, a, b);
	no = formula(draft, a, b);

	return tree_add(tree, NUM_IF, 0, 0, condition, yes, no);
}

/* A formula, or a choice between two: at hard, mostly, since names alone are
 * filled in by who reads one sentence after the other. */
static uint8_t
ask(struct draft *draft, int a, int b)
{
	if (rng_percent(draft->rng, is_hard(draft) ? 60 : 20))
		return formula_if(draft, a, b);

	return formula(draft, a, b);
}

/* Names for numbers, heart among them; NO_NODE for one more of its own. */
static uint8_t
name_numbers(struct draft *draft, uint8_t heart)
{
	struct tree *tree = draft->tree;
	uint8_t definition[TREE_NAMES_MAX] = { 0 }, body, i;
	bool wordy = heart != NO_NODE &&
	    !is_nominal((enum tree_kind)tree->node[heart].kind);
	uint8_t count = !wordy && tree->count < LARGE &&
		rng_percent(draft->rng, is_hard(draft) ? 57 : 30)
	    ? 3
	    : 2;
	int own = (int)rng_below(draft->rng, count);
	int other = (own + 1 + (int)rng_below(draft->rng, count - 1u)) % count;

	tree->names = count;
	draft->plain = true;
	for (i = 0; i < count; i++)
		definition[i] = i == own && heart != NO_NODE
		    ? heart
		    : operation_number(draft);
	draft->plain = false;

	body = ask(draft, own, other);
	if (count == 3 && is_hard(draft) && draft_toss(draft))
		body = tree_two(tree,
		    draft_either(draft, NUM_ADD, NUM_SUBTRACT), body,
		    name(draft, 3 - own - other));
	if (rng_percent(draft->rng, is_hard(draft) ? 65 : 40))
		body = constant_step(draft, body);

	return give_names(draft, LET_NUMBER, definition, body);
}

/* The heart and a number that is found at a glance. */
static uint8_t
name_pair(struct draft *draft, uint8_t heart)
{
	uint8_t definition[TREE_NAMES_MAX] = { 0 }, body;
	int own = draft_toss(draft) ? 1 : 0;

	draft->tree->names = 2;
	definition[own] = heart;
	definition[1 - own] = draft_reference(draft);

	body = ask(draft, 0, 1);
	if (is_hard(draft))
		body = constant_step(draft, body);

	return give_names(draft, LET_NUMBER, definition, body);
}

uint8_t
frames_named_values(struct draft *draft)
{
	return name_numbers(draft, NO_NODE);
}

/* Names for digits, before what selects from them is drawn. */
static void
name_digits(struct draft *draft, uint8_t definition[TREE_NAMES_MAX])
{
	uint8_t count = rng_percent(draft->rng, is_hard(draft) ? 50 : 70) ? 3
									  : 2,
		i;

	for (i = 0; i < count; i++)
		definition[i] = is_hard(draft) && rng_percent(draft->rng, 25)
		    ? draft_selection(draft)
		    : draft_part(draft);
	draft->tree->names = count;
	draft->named = draft_either(draft, SET_GROUP, SET_PERSON);
}

static uint8_t
name_their_digits(
    struct draft *draft, const uint8_t definition[TREE_NAMES_MAX], uint8_t body)
{
	enum tree_kind let = draft->named == SET_GROUP ? LET_GROUP : LET_PERSON;

	draft->named = SET_ALL;

	return give_names(draft, let, definition, body);
}

uint8_t
frames_named_groups(struct draft *draft)
{
	uint8_t definition[TREE_NAMES_MAX] = { 0 }, body, set;

	name_digits(draft, definition);
	set = draft_named(draft);
	if (draft_toss(draft))
		set = draft_except(draft, set, draft_rank(draft, 1, 1));
	body = number_step(draft, tree_one(draft->tree, NUM_SUM, set));
	if (is_hard(draft) || draft_toss(draft))
		body = constant_step(draft, body);

	return name_their_digits(draft, definition, body);
}

/* -------- choices, rules, changes of mind -------- */

/* A task that can be given as an order: an arm, a rule. */
static uint8_t
task(struct draft *draft)
{
	uint8_t number = plain_number(draft);

	if (is_hard(draft) && draft->tree->count < LARGE &&
	    rng_percent(draft->rng, 40))
		return number_step(draft, number);
	if (rng_percent(draft->rng, 20))
		return tree_two(draft->tree, NUM_ADD, number, spread(draft));

	return number;
}

static uint8_t
finish(struct draft *draft, uint8_t number)
{
	if (!rng_percent(draft->rng, is_hard(draft) ? 80 : 60))
		return number;
	if (is_hard(draft) && rng_percent(draft->rng, 30))
		number = tree_two(draft->tree, NUM_MULTIPLY, number,
		    draft_const(draft, 2, 5));

	return constant_step(draft, number);
}

uint8_t
frames_conditional(struct draft *draft)
{
	uint8_t condition, yes, no;

	condition = draft_condition(draft);
	yes = task(draft);
	no = task(draft);

	return finish(
	    draft, tree_add(draft->tree, NUM_IF, 0, 0, condition, yes, no));
}

/* Two rules, of which the one with the heart is followed. */
static uint8_t
choose_rule(struct draft *draft, uint8_t heart)
{
	uint8_t other = task(draft);

	if (draft_toss(draft))
		return tree_add(draft->tree, NUM_RULE, 1, 0, heart, other, 0);

	return tree_add(draft->tree, NUM_RULE, 2, 0, other, heart, 0);
}

uint8_t
frames_chosen_rule(struct draft *draft)
{
	return finish(draft, choose_rule(draft, task(draft)));
}

static uint8_t
change_task(struct draft *draft, uint8_t heart)
{
	return tree_two(draft->tree, NUM_RETHINK, task(draft), heart);
}

uint8_t
frames_changed_task(struct draft *draft)
{
	return finish(draft, change_task(draft, task(draft)));
}

/* -------- the whole tree -------- */

/* One of the two arms is the heart: the one that is taken (tree.h, choice). */
static uint8_t
choose_by_condition(struct draft *draft, uint8_t heart)
{
	struct tree *tree = draft->tree;
	uint8_t condition, other, node;

	condition = draft_condition(draft);
	other = task(draft);
	node = tree_add(tree, NUM_IF, 0, 0, condition, heart, other);
	tree->choice = node;
	tree->chosen = heart;

	return node;
}

static uint8_t
name_groups_around(struct draft *draft, enum operation operation)
{
	uint8_t definition[TREE_NAMES_MAX] = { 0 }, heart;

	name_digits(draft, definition);
	heart = operation_heart(draft, operation);
	draft->plain = true;
	heart = steps(draft, heart);

	return name_their_digits(draft, definition, heart);
}

static uint8_t
draw_in_frame(struct draft *draft, enum operation operation, enum frame frame)
{
	struct tree *tree = draft->tree;
	uint8_t heart;

	if (frame == FRAME_GROUPS)
		return name_groups_around(draft, operation);

	heart = operation_heart(draft, operation);
	if (frame == FRAME_NAMES)
		return name_numbers(draft, heart);
	if (frame == FRAME_PAIR)
		return name_pair(draft, heart);
	if (frame == FRAME_STEPS)
		return steps(draft, heart);
	if (frame == FRAME_NONE)
		return heart;

	if (is_hard(draft) && draft_toss(draft) && !is_stage(tree, heart) &&
	    is_nominal((enum tree_kind)tree->node[heart].kind))
		heart = number_step(draft, heart);
	if (frame == FRAME_RULE)
		heart = choose_rule(draft, heart);
	else if (frame == FRAME_CHANGE)
		heart = change_task(draft, heart);
	else
		heart = choose_by_condition(draft, heart);

	return finish(draft, heart);
}

/* Frames in percent; what an operation cannot have goes to the names. */
static const struct {
	enum frame frame;
	uint8_t percent[CHALLENGE_LEVELS];
} shares[] = {
	{ FRAME_STEPS, { 0, 16, 2 } },
	{ FRAME_RULE, { 0, 4, 1 } },
	{ FRAME_CHANGE, { 0, 4, 1 } },
	{ FRAME_CONDITION, { 0, 24, 36 } },
	{ FRAME_GROUPS, { 0, 24, 17 } },
};

enum frame
frames_pick(
    struct rng *rng, enum operation operation, enum challenge_level level)
{
	unsigned int traits = operation_traits_of(operation);
	uint32_t lot;
	size_t i;

	if (level == LEVEL_EASY || (traits & OPERATION_WHOLE) != 0)
		return FRAME_NONE;
	lot = rng_below(rng, 100);
	if (level == LEVEL_MEDIUM && (traits & OPERATION_LONG) != 0)
		return lot < 35 ? FRAME_STEPS : FRAME_PAIR;
	if ((traits & OPERATION_LONG) != 0 && lot >= 40)
		return FRAME_PAIR;
	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		if (lot < shares[i].percent[level])
			break;
		lot -= shares[i].percent[level];
	}
	if (i == sizeof(shares) / sizeof(shares[0]) ||
	    (shares[i].frame == FRAME_GROUPS &&
		(traits & OPERATION_BASED) == 0))
		return FRAME_NAMES;

	return shares[i].frame;
}

void
frames_draw(struct tree *tree, struct rng *rng, enum operation operation,
    enum frame frame, enum challenge_level level)
{
	struct draft draft = {
		.tree = tree, .rng = rng, .level = level, .named = SET_ALL
	};

	tree_reset(tree);
	tree->root = draw_in_frame(&draft, operation, frame);
}

uint8_t
frames_name_for_story(struct draft *draft, bool high)
{
	struct tree *tree = draft->tree;
	uint8_t number, at = tree->names;

	draft->plain = true;
	if (high)
		number = tree_add(tree, NUM_TIMES,
		    rng_between(draft->rng, 3, is_hard(draft) ? 9 : 4), 0,
		    tree_one(tree, NUM_SUM, draft_part(draft)), 0, 0);
	else
		number = operation_number(draft);
	draft->plain = false;
	draft->definition[at] = number;
	tree->names++;

	return tree_leaf_n(tree, NUM_NAME, at);
}

uint8_t
frames_tell_names(struct draft *draft, uint8_t story)
{
	return give_names(draft, LET_NUMBER, draft->definition, story);
}
