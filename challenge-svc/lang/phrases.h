/*
 * The vocabulary: what each node of a tree can be called in English.
 *
 * A phrase is a template.  In it stand
 *   {a} {b} {c}	a child's noun form; {ab} is child b of child a, and so
 * on {a:form}		the same in another form of the list below, in lower
 * case {s} {s:form}	the node itself in that form
 *   {n} {w}		its number in figures; in words (order words for places)
 *   {t}		its number as "twice", "three times", ...
 *   {m}		its mark's symbol
 * Letters are lower case; the renderer sets the capitals and the last stop.
 */

#ifndef CHALLENGE_SVC_LANG_PHRASES_H
#define CHALLENGE_SVC_LANG_PHRASES_H

#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/tree.h"

enum phrase_form {
	FORM_NOUN,   /* the even digits; the sum of the even digits */
	FORM_BARE,   /* even digits */
	FORM_ONES,   /* the even ones, digits being understood */
	FORM_IS,     /* even, after "a digit that is" */
	FORM_DO,     /* sum the even digits */
	FORM_SAY,    /* one or more whole sentences */
	FORM_BAGS,   /* the bags that hold an even number of coins */
	FORM_ITEMS,  /* the items whose price is even */
	FORM_PEOPLE, /* everyone who buys an even number of tickets */
	PHRASE_FORMS
};

/* When a phrase may be used: every bit that is set must hold. */
#define WHEN_ONE      0x0001u /* n is 1 */
#define WHEN_MANY     0x0002u /* n is above 1 */
#define WHEN_A_ALL    0x0004u /* child a is all digits */
#define WHEN_A_PART   0x0008u /* child a is a selection */
#define WHEN_A_RANK   0x0010u /* child a picks by rank or by first and last */
#define WHEN_B_RANK   0x0020u
#define WHEN_A_FILTER 0x0040u /* child a is a set, but not of that sort */
#define WHEN_B_FILTER 0x0080u
#define WHEN_A_CLEAN  0x0100u /* no afterthought in a: words may follow it */
#define WHEN_B_CLEAN  0x0200u
#define WHEN_A_NOUN   0x0400u /* child a has a noun form */
#define WHEN_B_NOUN   0x0800u
#define WHEN_A_STAGE  0x1000u /* child a adds, subtracts or multiplies */
#define WHEN_B_STAGE  0x2000u
#define WHEN_A_IF     0x4000u /* child a is a choice between two */
#define WHEN_B_IF     0x8000u
#define WHEN_A_CORE   0x010000u /* child a is any other number, no constant */
#define WHEN_B_CORE   0x020000u
#define WHEN_A_CONST  0x040000u	  /* child a is a constant */
#define WHEN_A_SUM    0x080000u	  /* child a is a plain sum */
#define WHEN_A_PLUS   0x100000u	  /* child a is an addition */
#define WHEN_A_MINUS  0x200000u	  /* child a is a subtraction */
#define WHEN_A_TIMES  0x400000u	  /* child a is a multiplication */
#define WHEN_AA_CORE  0x800000u	  /* child a of child a is a core */
#define WHEN_ROOT     0x04000000u /* the node is the root of the tree */
#define WHEN_B_CONST  0x02000000u /* child b is a constant */
#define WHEN_B_FLAT   0x01000000u /* b holds nothing that an "if" could join */

struct phrase {
	uint8_t kind; /* enum tree_kind */
	uint8_t form; /* enum phrase_form */
	uint32_t when;
	const char *text;
};

/*
 * The phrases of a kind in a form: a pointer to the first and their number,
 * 0 when it has none (then the result is NULL).
 */
const struct phrase *
phrases_of(enum tree_kind kind, enum phrase_form form, size_t *count);

/* The whole table, in the order of kind, then form. */
const struct phrase *phrases_all(size_t *count);

/* The form of that lower-case name of size bytes, PHRASE_FORMS for none. */
enum phrase_form phrases_form_named(const char *name, size_t size);

#endif
