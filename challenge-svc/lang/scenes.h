/*
 * Recipes for the little stories: see operations.h.  Each is a whole
 * instruction.
 */

#ifndef CHALLENGE_SVC_LANG_SCENES_H
#define CHALLENGE_SVC_LANG_SCENES_H

#include <stdint.h>

#include "challenge-svc/lang/selections.h"

/* Something is left out of a total, which may join or leave a purse. */
uint8_t scenes_total(struct draft *draft);

/* Digits that are so come in, all others go out. */
uint8_t scenes_two_ways(struct draft *draft);

/* Each counts several times, by what it is. */
uint8_t scenes_prices(struct draft *draft);

#endif
