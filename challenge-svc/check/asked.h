/*
 * The forms in which a tree's nodes may be asked for when it is told, given the
 * phrases that there are: attributes.h tells which they have.
 */

#ifndef CHALLENGE_SVC_CHECK_ASKED_H
#define CHALLENGE_SVC_CHECK_ASKED_H

#include <stdint.h>

#include "challenge-svc/lang/attributes.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/tree.h"

/* Fills asked with bits of forms, for a sound tree and its attributes. */
void asked_find(uint32_t asked[TREE_NODES_MAX], const struct tree *tree,
    struct attributes *attributes, const struct phrasebook *book);

#endif
