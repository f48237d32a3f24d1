/*
 * Drawing the parts of a tree that all operations share: selections of
 * digits, references to one digit, conditions.
 */

#ifndef CHALLENGE_SVC_LANG_SELECTIONS_H
#define CHALLENGE_SVC_LANG_SELECTIONS_H

#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/tree.h"

/* A tree being drawn. */
struct draft {
	struct tree *tree;
	struct rng *rng;
	enum challenge_level level;
};

/* An index of a mark, one in use or the next free one. */
uint8_t draft_mark(struct draft *draft);

uint8_t draft_const(struct draft *draft, int low, int high);
uint8_t draft_all(struct draft *draft);

/* One digit by its place or by a mark: "the last digit". */
uint8_t draft_reference(struct draft *draft);

/* SET_EVEN or SET_ODD. */
uint8_t draft_parity(struct draft *draft);

/* Above or below a small constant: where more words follow about places. */
uint8_t draft_compared_const(struct draft *draft);

/* The same or, at hard at times, above or below a reference. */
uint8_t draft_compared(struct draft *draft);

/* Left or right of a mark. */
uint8_t draft_side(struct draft *draft);

/* SET_LARGEST or SET_SMALLEST of low..high digits. */
uint8_t draft_rank(struct draft *draft, int low, int high);

/* SET_FIRST or SET_LAST of low..high digits. */
uint8_t draft_ends(struct draft *draft, int low, int high);

/* Parity, comparison or side: what can be counted, or narrowed further. */
uint8_t draft_filter(struct draft *draft);

/* Any selection without parts. */
uint8_t draft_part(struct draft *draft);

/* A selection that has a noun form, as composed as the level asks. */
uint8_t draft_selection(struct draft *draft);

/* Parity or comparison inside a part taken by place. */
uint8_t draft_narrowed(struct draft *draft);

/* A selection inside another, or one with an exception. */
uint8_t draft_composed(struct draft *draft);

/* A condition over references, sums or counts. */
uint8_t draft_condition(struct draft *draft);

#endif
