/*
 * Drawing the little stories: see scenes.h.
 */

#include "challenge-svc/lang/scenes.h"

#include "challenge-svc/lang/frames.h"

/* A part of the story's things: what all its words can name. */
static uint8_t
things(struct draft *draft)
{
	uint8_t part;

	switch (rng_below(draft->rng, 4)) {
	case 0:
	case 1:
		return draft_plain_quality(draft);
	case 2:
		part = draft_ends(draft, 1, 3);
		break;
	default:
		part = draft_rank(draft, 1, 3);
		break;
	}
	if (draft->level != LEVEL_HARD || rng_percent(draft->rng, 30))
		return part;

	return tree_two(draft->tree, SET_OF, draft_parity(draft), part);
}

/* Things, at times after a slip of the tongue. */
static uint8_t
things_corrected(struct draft *draft)
{
	uint8_t set = things(draft);

	/* "The first of the even bags, no, the odd bags": of these the first?
	 */
	if (draft->level == LEVEL_EASY ||
	    draft->tree->node[set].kind == SET_OF ||
	    !rng_percent(draft->rng, 35))
		return set;

	return tree_two(draft->tree, SET_CORRECTION, set, things(draft));
}

/* At medium some, at hard all of the figures of a story have to be found. */
static bool
hides(struct draft *draft)
{
	return draft->level == LEVEL_HARD || rng_percent(draft->rng, 65);
}

/* How much there is at the start, and how much each one is worth. */
static uint8_t
start_of(struct draft *draft, int low, int high)
{
	return hides(draft) ? frames_name_for_story(draft, true)
			    : draft_const(draft, low, high);
}

static uint8_t
worth_of(struct draft *draft)
{
	return hides(draft) ? frames_name_for_story(draft, false)
			    : draft_const(draft, 2, 5);
}

uint8_t
scenes_total(struct draft *draft)
{
	uint8_t set, worth, start;

	if (draft->level == LEVEL_EASY) {
		set = draft_rank(draft, 1, 1);
		return tree_one(draft->tree,
		    draft_either(draft, SCENE_KEEP, SCENE_BUY), set);
	}

	set = things_corrected(draft);
	if (draft->level == LEVEL_HARD) {
		worth = worth_of(draft);
		start = draft_const(draft, 101, 399);
		return frames_tell_names(draft,
		    tree_add(
			draft->tree, SCENE_BARTER, 0, 0, set, worth, start));
	}
	start = start_of(draft, 21, 99);

	return frames_tell_names(draft,
	    tree_two(draft->tree,
		draft_either(draft, SCENE_POCKET, SCENE_SPEND), start, set));
}

uint8_t
scenes_two_ways(struct draft *draft)
{
	uint8_t start, set;

	start = start_of(draft, 40, 99);
	set = draft_toss(draft) ? draft_neither(draft)
				: draft_plain_quality(draft);

	return frames_tell_names(draft,
	    tree_two(draft->tree,
		draft_either(draft, SCENE_BOARD, SCENE_ALIGHT), start, set));
}

uint8_t
scenes_prices(struct draft *draft)
{
	bool hard = draft->level == LEVEL_HARD;
	uint8_t set, each, other;

	set = things(draft);
	each = worth_of(draft);
	if (hard || draft_toss(draft)) {
		other = draft_const(draft, 2, hard ? 9 : 5);
		return frames_tell_names(draft,
		    tree_add(draft->tree, SCENE_FARES, 0, 0, set, each, other));
	}
	other = start_of(draft, 11, 99);

	return frames_tell_names(
	    draft, tree_add(draft->tree, SCENE_BARTER, 0, 0, set, each, other));
}
