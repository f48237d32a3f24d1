/*
 * Whether phrases say all of their nodes: what a phrase leaves out, no reader
 * can know.
 */

#ifndef CHALLENGE_SVC_CHECK_UNSAID_H
#define CHALLENGE_SVC_CHECK_UNSAID_H

#include "challenge-svc/lang/phrasebook.h"

/*
 * Looks at every phrase of a sealed book: it must name each child, mark, number
 * and name that its kind has, by a slot or by a condition that leaves but one
 * possibility ("if one"), and no other.  Returns 0, or -1 and writes
 * "PACK:LINE: what is wrong".
 */
int
unsaid_check(const struct phrasebook *book, char error[PHRASEBOOK_ERROR_SIZE]);

#endif
