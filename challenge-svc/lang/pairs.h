/*
 * Minimal pairs: two instructions of the very same words that mean different
 * things.  They show that counting words decides nothing.
 */

#ifndef CHALLENGE_SVC_LANG_PAIRS_H
#define CHALLENGE_SVC_LANG_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/generate.h"

/*
 * Draws a pair for an operation at a level above easy: both over the same text
 * and digits, their words alike but for order, their answers different.  For
 * most operations pair[1] is another operation; a story or a frame (see
 * OPERATION_WHOLE) is its own counterpart, with two of its parts exchanged.
 * Returns false when none was found for this seed within a bounded number of
 * tries, which another seed may change.
 */
bool pairs_draw(struct instance pair[2], const struct phrasebook *book,
    enum operation operation, enum challenge_level level,
    const uint8_t seed[CHALLENGE_SEED_BYTES]);

/* Whether two instructions have the same words, the same number of times. */
bool pairs_same_words(const char *a, const char *b);

#endif
