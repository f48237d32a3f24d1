/*
 * The typed expression tree: what an instruction means, before English.
 *
 * Nodes live in one small array and name each other by index, so a tree is
 * plain data: copied by assignment, no heap.  Three types: a number, a
 * selection of digits, a condition.  A selection is taken inside a domain
 * that its parent gives (all digits at the top), so that "the largest" under
 * "the even digits except" is the largest even digit.  What a name stands for
 * is taken inside all digits.
 */

#ifndef CHALLENGE_SVC_LANG_TREE_H
#define CHALLENGE_SVC_LANG_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_NODES_MAX	  40
#define TREE_CHILDREN_MAX 3
#define TREE_MARKS_MAX	  2   /* symbols that one tree may point at */
#define TREE_NAMES_MAX	  3   /* names that one tree may give */
#define TREE_TEXT_MAX	  640 /* bytes of a printed tree without NUL */

enum tree_type { TREE_NONE, TREE_NUMBER, TREE_SET, TREE_CONDITION };

enum tree_kind {
#define KIND(id, ...) id,
#include "challenge-svc/lang/kinds.def"
#undef KIND
	TREE_KINDS
};

/* What kinds.def says of one kind. */
struct tree_kind_info {
	const char *name;
	uint8_t type;			  /* enum tree_type */
	uint8_t child[TREE_CHILDREN_MAX]; /* types, TREE_NONE after the last */
	uint8_t arity;
	uint8_t marks;
	uint8_t scans, steps;
	uint8_t opposite, mistaken; /* enum tree_kind */
};

/* child[0], [1], [2] are kinds.def's a, b, c; n and mark are its own. */
struct tree_node {
	uint8_t kind; /* enum tree_kind */
	uint8_t mark; /* index of a mark, below TREE_MARKS_MAX */
	int16_t n;
	uint8_t child[TREE_CHILDREN_MAX];
	uint8_t uses; /* names that it and those below it use, as bits */
};

struct tree {
	struct tree_node node[TREE_NODES_MAX];
	uint8_t count;
	uint8_t root;
	uint8_t marks; /* marks that nodes point at */
	uint8_t names; /* names that nodes give */
	/* The NUM_IF that must take the arm chosen, 0 for none: no tree has one
	 * for its first node. */
	uint8_t choice, chosen;
	bool overflow; /* a node did not fit: not to be used */
};

extern const struct tree_kind_info tree_kinds[TREE_KINDS];

/* Empties the tree. */
void tree_reset(struct tree *tree);

/*
 * Appends a node and returns its index.  Children that the kind does not have
 * are given as 0.  When the array is full, sets overflow and returns 0.
 */
uint8_t tree_add(struct tree *tree, enum tree_kind kind, int n, uint8_t mark,
    uint8_t a, uint8_t b, uint8_t c);

/* Shorter forms of tree_add for what most nodes need. */
uint8_t tree_leaf(struct tree *tree, enum tree_kind kind);
uint8_t tree_leaf_n(struct tree *tree, enum tree_kind kind, int n);
uint8_t tree_leaf_mark(struct tree *tree, enum tree_kind kind, uint8_t mark);
uint8_t tree_one(struct tree *tree, enum tree_kind kind, uint8_t a);
uint8_t tree_two(struct tree *tree, enum tree_kind kind, uint8_t a, uint8_t b);

/* What a kind is, and how many children it has. */
static inline enum tree_type
tree_type_of(enum tree_kind kind)
{
	return (enum tree_type)tree_kinds[kind].type;
}

static inline unsigned int
tree_arity(enum tree_kind kind)
{
	return tree_kinds[kind].arity;
}

/* True for a number that ends in a further step: added, subtracted, ... */
bool tree_is_stage(enum tree_kind kind);

/* True for LET_NUMBER, LET_GROUP, LET_PERSON. */
bool tree_gives_name(enum tree_kind kind);

/*
 * The children that have a part in what a node comes to, a bit for each: not
 * what a correction withdraws, a contrast denies, a rule that is not followed
 * or what a name stands for that nobody uses.  For a sound tree.
 */
unsigned int tree_counted(const struct tree *tree, uint8_t node);

/* True when a node of this kind is below (or is) the given node. */
bool tree_contains(const struct tree *tree, uint8_t node, enum tree_kind kind);

/* The kind that gives the name which this kind uses; TREE_KINDS for none. */
enum tree_kind tree_giver(enum tree_kind kind);

/*
 * True when the tree is sound: no overflow, a number at the root, every child
 * of the right type and added before its parent (hence no cycle), every mark
 * below tree->marks, every name given by a node above and inside its b.
 */
bool tree_is_sound(const struct tree *tree);

/*
 * Writes the tree as text, "(sum (except (all) (top 1)))": name, n where it is
 * not 0, the symbol of each mark (from symbols, one character a mark),
 * children.  Returns false, with text cut, when it does not fit.
 */
bool tree_write(const struct tree *tree, const char symbols[TREE_MARKS_MAX],
    char text[TREE_TEXT_MAX + 1]);

#endif
