/*
 * Puts a tree into English, by the phrases of a phrasebook.
 */

#ifndef CHALLENGE_SVC_LANG_RENDER_H
#define CHALLENGE_SVC_LANG_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/*
 * Writes the instruction of a sound tree, choosing among equal phrases by
 * rng; of values only the symbols of the marks are used.  Returns the number
 * of words, or 0 when the vocabulary has no way to say the tree, or it takes
 * more than CHALLENGE_INSTRUCTION_MAX bytes or CHALLENGE_WORDS_MAX words.
 */
uint32_t render_instruction(const struct tree *tree,
    const struct values *values, const struct phrasebook *book, struct rng *rng,
    char out[CHALLENGE_INSTRUCTION_MAX + 1]);

#endif
