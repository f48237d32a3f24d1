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

/* What a tree asks of a person besides reading and typing. */
struct humantime_effort {
	uint32_t scans; /* passes over the digits */
	uint32_t steps; /* mental steps */
};

/*
 * The effort that a tree takes.  An arm that a condition does not take costs
 * its words only, so the cheaper of the two arms is counted.
 */
struct humantime_effort humantime_effort(const struct tree *tree);

/*
 * Milliseconds for that effort, over so many digits, for an instruction of so
 * many words with that answer.
 */
uint32_t humantime_of(struct humantime_effort effort, uint32_t words,
    uint32_t digits, int64_t answer);

#endif
