/*
 * The typed expression tree: what an instruction means, before English.
 *
 * Nodes live in one small array and name each other by index, so a tree is
 * plain data: copied by assignment, no heap.  Three types: a number, a
 * selection of digits, a condition.  A selection is taken inside a domain
 * that its parent gives (all digits at the top), so that "the largest" under
 * "the even digits except" is the largest even digit.
 */

#ifndef CHALLENGE_SVC_LANG_TREE_H
#define CHALLENGE_SVC_LANG_TREE_H

#include <stdbool.h>
#include <stdint.h>

#define TREE_NODES_MAX	  40
#define TREE_CHILDREN_MAX 3
#define TREE_MARKS_MAX	  2 /* symbols that one tree may point at */

enum tree_type { TREE_NONE, TREE_NUMBER, TREE_SET, TREE_CONDITION };

/* a, b, c are the children; n and mark the node's own parameters. */
enum tree_kind {
	/* numbers */
	NUM_CONST,	 /* n */
	NUM_SUM,	 /* sum of set a */
	NUM_COUNT,	 /* how many digits a has */
	NUM_LARGEST,	 /* largest of a */
	NUM_SMALLEST,	 /* smallest of a */
	NUM_RANGE,	 /* largest minus smallest of a */
	NUM_EXTREMES,	 /* largest times smallest of a */
	NUM_PRODUCT,	 /* product of a */
	NUM_ALTERNATING, /* first - second + third - ... of a */
	NUM_WEIGHTED,	 /* 1 * first + 2 * second + ... of a */
	NUM_COUNTING,	 /* sum of a in which b, inside a, counts n times */
	NUM_PLACE,	 /* the n-th digit of all, the first being 1 */
	NUM_LAST,	 /* the last digit of all */
	NUM_NEXT,	 /* the digit right after mark */
	NUM_PREVIOUS,	 /* the digit right before mark */
	NUM_REPEATED,	 /* the one value that appears more than once */
	NUM_ADD,	 /* a + b */
	NUM_SUBTRACT,	 /* a - b */
	NUM_MULTIPLY,	 /* a * b */
	NUM_IF,		 /* b if condition a, else c */
	NUM_CORRECTION,	 /* a was said first; b is meant */
	/* the value of a, told as a little story */
	SCENE_BAGS,
	SCENE_SHOP,
	SCENE_BUS,
	SCENE_TICKETS,
	SCENE_TRADE,
	/* selections */
	SET_ALL,
	SET_EVEN,
	SET_ODD,
	SET_ABOVE,	 /* greater than number a */
	SET_BELOW,	 /* less than number a */
	SET_FIRST,	 /* the first n */
	SET_LAST,	 /* the last n */
	SET_ODD_PLACES,	 /* first, third, fifth, ... */
	SET_EVEN_PLACES, /* second, fourth, sixth, ... */
	SET_BEFORE,	 /* left of mark */
	SET_AFTER,	 /* right of mark */
	SET_LARGEST,	 /* the n largest */
	SET_SMALLEST,	 /* the n smallest */
	SET_SINGLE,	 /* those whose value appears exactly once */
	SET_NEXT,	 /* the one right after mark */
	SET_PREVIOUS,	 /* the one right before mark */
	SET_OF,		 /* b taken inside a */
	SET_EXCEPT,	 /* a without b, b taken inside a */
	SET_CORRECTION,	 /* a was said first; b is meant */
	SET_CONTRAST,	 /* a is meant; b is named as what is not */
	/* conditions */
	COND_GREATER, /* number a > number b */
	COND_LESS,    /* number a < number b */
	COND_EVEN,    /* number a is even */
	COND_ODD,     /* number a is odd */
	COND_MORE,    /* set a has more digits than set b */
	TREE_KINDS
};

struct tree_node {
	uint8_t kind; /* enum tree_kind */
	uint8_t mark; /* index of a mark, below TREE_MARKS_MAX */
	int16_t n;
	uint8_t child[TREE_CHILDREN_MAX];
};

struct tree {
	struct tree_node node[TREE_NODES_MAX];
	uint8_t count;
	uint8_t root;
	uint8_t marks; /* marks that nodes point at */
	bool overflow; /* a node did not fit: not to be used */
};

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
enum tree_type tree_type_of(enum tree_kind kind);
unsigned int tree_arity(enum tree_kind kind);

/* True when a node of this kind is below (or is) the given node. */
bool tree_contains(const struct tree *tree, uint8_t node, enum tree_kind kind);

/*
 * True when the tree is sound: no overflow, a number at the root, every child
 * of the right type and added before its parent (hence no cycle), every mark
 * below tree->marks.
 */
bool tree_is_sound(const struct tree *tree);

#endif
