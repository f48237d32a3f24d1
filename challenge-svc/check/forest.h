/*
 * Trees that share their parts: what a reader has understood so far of all the
 * readings of one instruction.  A node stands in it once, so that two nodes
 * mean the same exactly when they have the same number.
 */

#ifndef CHALLENGE_SVC_CHECK_FOREST_H
#define CHALLENGE_SVC_CHECK_FOREST_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/tree.h"

#define FOREST_NODES_MAX 8192
#define FOREST_BUCKETS	 1024
#define FOREST_NONE	 0 /* the number of no node */

/* As in a tree, but n is a name's number of wording.h where it is a name. */
struct forest_node {
	uint16_t child[TREE_CHILDREN_MAX];
	int16_t n;
	uint8_t kind;
	uint8_t mark;
	uint8_t size;  /* nodes of it as a tree */
	uint16_t next; /* in its bucket */
};

struct forest {
	struct forest_node node[FOREST_NODES_MAX];
	uint16_t bucket[FOREST_BUCKETS];
	uint16_t count;
	bool full; /* a node did not fit */
};

/* A tree that an instruction can mean. */
struct forest_tree {
	struct tree tree;
	int16_t name[TREE_NAMES_MAX]; /* wording.h's numbers of its names */
};

/* Empties the forest. */
void forest_reset(struct forest *forest);

/*
 * The number of a node with that kind, n, mark and children, which is added
 * when it is new.  FOREST_NONE when it would be too large for a tree, and when
 * the forest is full, which is noted.
 */
uint16_t forest_add(struct forest *forest, const struct forest_node *node);

/* Takes one tree out.  Returns false when it is not sound. */
bool forest_take(
    const struct forest *forest, uint16_t root, struct forest_tree *out);

/* Whether n of nodes of a kind is a name; whether it is anything. */
bool forest_has_name(enum tree_kind kind);
bool forest_has_n(enum tree_kind kind);

/* Whether a piece of that type says n of a kind. */
bool forest_says_n(enum phrase_piece_type type, enum tree_kind kind);

#endif
