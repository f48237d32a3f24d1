/*
 * What a phrasebook has no words for, among what the generator draws.
 */

#ifndef CHALLENGE_SVC_CHECK_GAPS_H
#define CHALLENGE_SVC_CHECK_GAPS_H

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/operations.h"
#include "challenge-svc/lang/phrasebook.h"

/*
 * Draws trees of an operation and writes which kinds of nodes most often cannot
 * be said, for a person who wrote the phrases.
 */
void gaps_explain(const struct phrasebook *book, enum operation operation,
    enum challenge_level level, char error[PHRASEBOOK_ERROR_SIZE]);

#endif
