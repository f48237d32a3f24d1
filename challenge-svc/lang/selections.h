/*
 * Drawing the parts of a tree that all operations share: selections of
 * digits, references to one digit, conditions.
 */

#ifndef CHALLENGE_SVC_LANG_SELECTIONS_H
#define CHALLENGE_SVC_LANG_SELECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/tree.h"

/* A tree being drawn. */
struct draft {
	struct tree *tree;
	struct rng *rng;
	enum challenge_level level;
	/* how digits have been named so far: SET_GROUP, SET_PERSON or SET_ALL
	 */
	enum tree_kind named;
	bool plain; /* selections in one piece, where many numbers meet */
	uint8_t definition[TREE_NAMES_MAX]; /* frames_name_for_story() */
};

/* True in half of all draws. */
bool draft_toss(struct draft *draft);

/* One of two kinds, each with the same chance. */
enum tree_kind
draft_either(struct draft *draft, enum tree_kind a, enum tree_kind b);

/* An index of a mark, one in use or the next free one. */
uint8_t draft_mark(struct draft *draft);

/* A number in figures, low..high; all digits. */
uint8_t draft_const(struct draft *draft, int low, int high);
uint8_t draft_all(struct draft *draft);

/* One digit by its place or by a mark: "the last digit". */
uint8_t draft_reference(struct draft *draft);

/* The digit right after, or right before, a mark. */
uint8_t draft_pointed(struct draft *draft);

/* SET_EVEN or SET_ODD. */
uint8_t draft_parity(struct draft *draft);

/* Above or below a small constant or, at hard at times, a reference. */
uint8_t draft_bound(struct draft *draft);

/* Parity or bound: what can be said after "that are". */
uint8_t draft_quality(struct draft *draft);

/* The same without a reference. */
uint8_t draft_plain_quality(struct draft *draft);

/* Neither of two qualities. */
uint8_t draft_neither(struct draft *draft);

/* Left or right of a mark; between two marks or not. */
uint8_t draft_side(struct draft *draft);
uint8_t draft_between(struct draft *draft);

/* SET_LARGEST or SET_SMALLEST of low..high digits. */
uint8_t draft_rank(struct draft *draft, int low, int high);

/* SET_FIRST or SET_LAST of low..high digits. */
uint8_t draft_ends(struct draft *draft, int low, int high);

/*
 * The same inside base: by rank where base itself is a run from an end, of
 * which "the last" would be a riddle.
 */
uint8_t draft_ends_in(struct draft *draft, uint8_t base, int low, int high);

/* Larger, or smaller, than the digit before. */
uint8_t draft_stepping(struct draft *draft);

/* What a name stands for, when digits have been named. */
uint8_t draft_named(struct draft *draft);

/*
 * What a heart selects from: named digits where there are any, else all digits
 * or, above easy, a part by place.
 */
uint8_t draft_base(struct draft *draft);

/* inner taken inside base; inner alone where base is all digits. */
uint8_t draft_narrow(struct draft *draft, uint8_t base, uint8_t inner);

/* base without drop. */
uint8_t draft_except(struct draft *draft, uint8_t base, uint8_t drop);

/* Any selection with a noun form that does not use names. */
uint8_t draft_part(struct draft *draft);

/* What can be counted, in base. */
uint8_t draft_countable(struct draft *draft, uint8_t base);

/* A selection that has a noun form, as composed as the level asks. */
uint8_t draft_selection(struct draft *draft);

/* A condition over references, sums or counts. */
uint8_t draft_condition(struct draft *draft);

#endif
