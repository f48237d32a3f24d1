/*
 * What is put around the heart of an operation: further steps, names for
 * numbers and for digits, rules of which one is followed, changes of mind,
 * conditions.
 */

#ifndef CHALLENGE_SVC_LANG_FRAMES_H
#define CHALLENGE_SVC_LANG_FRAMES_H

#include <stdint.h>

#include "challenge-svc/lang/operations.h"

enum frame {
	FRAME_NONE,	 /* the heart is the whole */
	FRAME_STEPS,	 /* further steps, one after the other */
	FRAME_RULE,	 /* two rules, one to be followed */
	FRAME_CHANGE,	 /* another task was meant first */
	FRAME_CONDITION, /* a condition decides between the heart and another */
	FRAME_NAMES,	 /* the heart is one of several named numbers */
	FRAME_GROUPS,	 /* the heart selects from named digits */
	FRAME_PAIR	 /* the heart and one digit or so are named */
};

/*
 * One of the frames that an operation can have at a level, the rarer the more
 * a script can make of it: steps one after the other are read sentence by
 * sentence, a name or a condition only by who understands the whole.
 */
enum frame frames_pick(
    struct rng *rng, enum operation operation, enum challenge_level level);

/*
 * Draws a tree of the operation in that frame: resets *tree first.  The result
 * is sound unless tree->overflow.  Whether it fits a set of digits is for
 * eval_tree to say, whether it can be said for render_instruction.
 */
void frames_draw(struct tree *tree, struct rng *rng, enum operation operation,
    enum frame frame, enum challenge_level level);

/* A number that a name may stand for in a story; high: one in the hundreds. */
uint8_t frames_name_for_story(struct draft *draft, bool high);

/* The story, with the names that frames_name_for_story gave before it. */
uint8_t frames_tell_names(struct draft *draft, uint8_t story);

/* Hearts that are frames: recipes of operations.h. */
uint8_t frames_named_values(struct draft *draft);
uint8_t frames_named_groups(struct draft *draft);
uint8_t frames_conditional(struct draft *draft);
uint8_t frames_chosen_rule(struct draft *draft);
uint8_t frames_changed_task(struct draft *draft);

#endif
