/*
 * Misreadings in tests.
 */

#ifndef CHALLENGE_SVC_LANG_TESTING_MISREAD_H
#define CHALLENGE_SVC_LANG_TESTING_MISREAD_H

#include "challenge-svc/lang/misread.h"

/* misread_collect for a tree that was not looked at before. */
static inline enum challenge_misreading
testing_collect(const struct tree *tree, const struct values *values,
    enum challenge_level level, int64_t answer, struct misread_slips *slips)
{
	struct eval_trace trace;
	uint8_t turn;

	(void)eval_strictly(tree, values, &trace, &turn);
	eval_reach(tree, &trace);

	return misread_collect(tree, values, level, answer, &trace, slips);
}

#endif
