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
#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/* What misreadings of one instance come to. */
struct misread_slips {
	uint32_t count;
	struct challenge_slip slip[CHALLENGE_SLIPS_MAX];
};

/*
 * Collects the misreadings of a tree over values, whose right answer is given;
 * trace has been through eval_strictly() and eval_reach().
 * Returns the first one found that gives the right answer, or one below zero
 * where the sign would tell which of two is meant, and then *out is incomplete;
 * MISREAD_NOTHING when there is none.  Different misreadings of one value are
 * kept as the likeliest of them; what does not fit is left out of *out, but not
 * of the result.
 *
 * At LEVEL_EASY the plain rules other than the sum may give the answer: with
 * three digits they would forbid too much, the well-known 5, 3, 2 "except the
 * largest" among it, whose answer is also its largest digit, and so are
 * exceptions taken for what they leave out.
 */
enum challenge_misreading misread_collect(const struct tree *tree,
    const struct values *values, enum challenge_level level, int64_t answer,
    const struct eval_trace *trace, struct misread_slips *out);

#endif
