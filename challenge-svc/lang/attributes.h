/*
 * What a tree's nodes are to the phrases around them.  In which forms a node
 * can be said is found out when it is asked for, and kept.
 */

#ifndef CHALLENGE_SVC_LANG_ATTRIBUTES_H
#define CHALLENGE_SVC_LANG_ATTRIBUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/tree.h"

struct attributes {
	const struct tree *tree;
	const struct phrasebook *book;
	uint32_t when[TREE_NODES_MAX];	 /* bits 1 << enum phrase_condition */
	uint32_t forms[TREE_NODES_MAX];	 /* in which the node can be said, */
	uint32_t asked[TREE_NODES_MAX];	 /* of those that were asked for */
	uint8_t unclean[TREE_NODES_MAX]; /* an afterthought: phrase.clean */
	bool last[TREE_NODES_MAX];	 /* nothing follows it */
};

/* For a sound tree; tree and book must outlive it. */
void attributes_open(struct attributes *out, const struct tree *tree,
    const struct phrasebook *book);

/* The same, and asks for every form of every node. */
void attributes_find(struct attributes *out, const struct tree *tree,
    const struct phrasebook *book);

/* Whether a phrase of the node's kind may be used for node index. */
bool attributes_fit(
    struct attributes *attributes, uint8_t index, const struct phrase *phrase);

#endif
