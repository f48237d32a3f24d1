/*
 * Common misreadings of an instruction, derived from its tree: each is the
 * tree with one thing understood wrongly, or one plain rule that ignores the
 * instruction.  An instance whose answer one of them hits is thrown away, and
 * a wrong answer can be classed by the one that it matches.
 */

#ifndef CHALLENGE_SVC_LANG_MISREAD_H
#define CHALLENGE_SVC_LANG_MISREAD_H

#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

enum misreading {
	MISREAD_NOTHING,    /* no misreading gives this answer */
	MISREAD_PLAIN_SUM,  /* added all digits */
	MISREAD_EXTREME,    /* gave the largest or the smallest digit */
	MISREAD_PLAIN_RULE, /* product, count, first or last digit */
	MISREAD_EXCEPTION,  /* ignored what is left out */
	MISREAD_CORRECTION, /* took what was withdrawn, or named as not meant */
	MISREAD_CONDITION,  /* took the other arm */
	MISREAD_STAGE,	    /* ignored a further step */
	MISREAD_OPERATOR,   /* added for subtracted, and so on */
	MISREAD_OPPOSITE,   /* even for odd, largest for smallest, and so on */
	MISREAD_SELECTION,  /* took all digits instead of the selected ones */
	MISREADINGS
};

/*
 * The first misreading, in the order of the enum, that gives answer.
 *
 * At LEVEL_EASY the plain rules other than the sum are left out: with three
 * digits they would forbid too much, the well-known 5, 3, 2 "except the
 * largest" among it, whose answer is also its largest digit.
 */
enum misreading misread_find(const struct tree *tree,
    const struct values *values, enum challenge_level level, int64_t answer);

#endif
