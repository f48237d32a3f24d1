/*
 * The fastest plausible time of a person on one challenge: a keystroke-level
 * model after Card, Moran and Newell, "The keystroke-level model for user
 * performance time with interactive systems" (CACM 23(7), 1980) and "The
 * Psychology of Human-Computer Interaction" (1983), whose Model Human
 * Processor gives the times of eye and mind.  humantime.c has the constants.
 *
 *   time = words * READ + values looked at * SCAN + mental steps * M
 *          + H + (digits of the answer + 1) * K
 */

#ifndef CHALLENGE_SVC_LANG_HUMANTIME_H
#define CHALLENGE_SVC_LANG_HUMANTIME_H

#include <stdint.h>

#include "challenge-svc/lang/tree.h"

/*
 * Milliseconds for an instruction of that many words, meaning tree, over that
 * many digits, with that answer.  An arm that a condition does not take costs
 * its words only, so the cheaper of the two arms is counted.
 */
uint32_t humantime_of(
    const struct tree *tree, uint32_t words, uint32_t digits, int64_t answer);

#endif
