/*
 * The hypotheses: a flat space of small programs over the digits and the text,
 * as anyone would write it down who knows only that there are "operations over
 * digits".  A program names numbers and symbols by their place in the
 * instruction, so that it means something for other challenges too.
 *
 *   program = number [tail] [join number] [tail], or if condition number else
 * number number  = aggregate of a selection, a referred digit, a given number
 *   selection = pick, pick except pick, pick inside pick, ...
 *
 * Picks and values are ids into the tables that program.c lays out.  The ids
 * that speak of phrases (SET and VALUE holes) serve attackers that put a mask
 * or a number in the place of a phrase that they know already.
 */

#ifndef TESTS_RESISTANCE_PROGRAM_H
#define TESTS_RESISTANCE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/resistance/sample.h"

#define REFS_NUMBERS 7 /* numbers of an instruction that can be named */
#define REFS_MARKS   4 /* symbols that can be named */
#define REFS_HOLES   5 /* phrases of each type */

#define PICKS_MAX  200
#define VALUES_MAX 40

/* Where a pick or a value takes its parameter from. */
enum ref_kind { REF_NONE, REF_NUMBER, REF_MARK, REF_SET, REF_VALUE };

/* Digits that are referred to one by one, and numbers of phrases. */
enum value_kind {
	VALUE_NEXT,	/* the digit right after a mark */
	VALUE_PREVIOUS, /* the digit right before it */
	VALUE_FIRST,
	VALUE_LAST,
	VALUE_PLACE,	/* the n-th */
	VALUE_REPEATED, /* the one that appears more than once */
	VALUE_HOLE,
	VALUE_GIVEN /* a number of the instruction */
};

enum pick_kind {
	PICK_ALL,
	PICK_EVEN,
	PICK_ODD,
	PICK_SINGLE,   /* values that appear once */
	PICK_REPEATED, /* values that appear more often */
	PICK_RISING,   /* larger than the digit before */
	PICK_FALLING,
	PICK_ODD_PLACES,
	PICK_EVEN_PLACES,
	PICK_FIRST,
	PICK_LAST,
	PICK_LARGEST,
	PICK_SMALLEST,
	PICK_ABOVE,
	PICK_BELOW,
	PICK_AT_LEAST,
	PICK_AT_MOST,
	PICK_EQUAL,
	PICK_PLACES_FROM, /* every second one, from the n-th on */
	PICK_FROM,	  /* the n-th and all after it */
	PICK_BEFORE,
	PICK_AFTER,
	PICK_BETWEEN, /* between the first two marks */
	PICK_OUTSIDE, /* not between them */
	PICK_NEXT,
	PICK_PREVIOUS,
	PICK_HOLE,
	PICK_KINDS
};

enum aggregate {
	AGG_SUM,
	AGG_COUNT,
	AGG_MAX,
	AGG_MIN,
	AGG_RANGE,
	AGG_EXTREMES, /* largest times smallest */
	AGG_PRODUCT,
	AGG_ALTERNATING,
	AGG_WEIGHTED,
	AGG_DISTINCT,
	AGG_ENDS, /* largest plus smallest */
	AGGREGATES,
	AGG_VALUE = AGGREGATES /* no selection: a is a value's id */
};

enum relation {
	REL_ONLY,    /* a */
	REL_EXCEPT,  /* a without the b of it */
	REL_INSIDE,  /* the b of a */
	REL_NEITHER, /* all that is neither a nor b */
	REL_ALL_BUT, /* all but the b of a */
	/* of the sum only: */
	REL_TIMES, /* a, of which b counts n times */
	/* a selection, made of a and b by inner, against the rest of all: */
	REL_SIGNED, /* it less the rest */
	REL_PRICES  /* it times one number, the rest times another */
};

enum join {
	JOIN_NONE,
	JOIN_ADD,
	JOIN_LESS, /* one - two */
	JOIN_FROM, /* two - one */
	JOIN_TIMES,
	JOIN_MAX,
	JOIN_MIN,
	JOIN_GAP, /* |one - two| */
	JOIN_IF,  /* one when the condition holds, else two */
	JOINS
};

enum tail { TAIL_NONE, TAIL_ADD, TAIL_FROM, TAIL_TIMES, TAIL_LESS, TAILS };

enum condition {
	COND_IS_EVEN,
	COND_IS_GREATER,
	COND_IS_LESS,
	COND_IS_SUCH /* the left is as the digits of right's phrase are */
};

struct number {
	uint8_t aggregate;
	uint8_t relation;
	uint8_t a;     /* pick or value */
	uint8_t b;     /* pick */
	uint8_t n;     /* REL_TIMES, REL_PRICES: which number */
	uint8_t other; /* REL_PRICES: which other */
	uint8_t inner; /* REL_SIGNED, REL_PRICES: enum relation up to ALL_BUT */
};

struct program {
	struct number one;
	struct number two;
	struct number left;  /* of the condition */
	struct number right; /* of the condition */
	uint8_t join;
	uint8_t condition;
	uint8_t tail;
	uint8_t ref;	/* the tail's number */
	uint8_t middle; /* a tail of the first number, before it is joined */
	uint8_t middle_ref;
};

/* The parameters of a pick or of a value. */
struct piece {
	uint8_t kind;
	uint8_t ref_kind;
	uint8_t ref;
	uint8_t value; /* of a pick that compares with a value: its id + 1 */
};

/*
 * What a phrase selects.  "The largest" is another digit in each domain: such
 * a pick is kept, with its number resolved, beside what it is among all digits.
 */
struct phrase_set {
	uint32_t mask;
	bool plain;   /* one pick: kind and n say which */
	bool picks;   /* it is to be taken inside the domain */
	uint8_t kind; /* enum pick_kind */
	int64_t n;
};

/* Everything that programs look up about one challenge. */
struct scene {
	uint8_t digits[DIGITS_MAX];
	uint8_t count;
	uint8_t numbers, marks, sets, values;
	int32_t number[REFS_NUMBERS];
	int16_t mark[REFS_MARKS]; /* digits before it; -1 when not there */
	struct phrase_set set[REFS_HOLES];
	int64_t value[REFS_HOLES];
	uint32_t even, odd, single, repeated, all;
	uint32_t mask[PICKS_MAX];  /* of every pick among all digits; 0: none */
	int64_t known[VALUES_MAX]; /* of every value; VALUE_UNKNOWN */
};

#define VALUE_UNKNOWN INT64_MIN

/* How many picks and values there are, and what they are made of. */
size_t pick_count(void);
size_t value_count(void);
const struct piece *pick_piece(size_t id);
const struct piece *value_piece(size_t id);

/* The id of a pick or value; they exist for every ref in range. */
uint8_t pick_id(enum pick_kind kind, enum ref_kind ref_kind, size_t ref);

/* The pick that compares with a value. */
uint8_t pick_compare(enum pick_kind kind, size_t value);
uint8_t value_id(enum value_kind kind, size_t ref);

/* A scene of a challenge whose instruction is these tokens. */
void scene_open(struct scene *scene, const struct sample *sample,
    const struct token *token, size_t tokens);

/* The same with phrases: masks and numbers, for TOKEN_SET and TOKEN_VALUE. */
void scene_open_holes(struct scene *scene, const struct sample *sample,
    const struct token *token, size_t tokens, const struct phrase_set *set,
    const int64_t *value);

/* Whether the challenge has what a pick names. */
bool pick_exists(const struct scene *scene, uint8_t id);

/* The mask of a pick taken inside a domain; 0 when it does not exist. */
uint32_t pick_inside(const struct scene *scene, uint8_t id, uint32_t domain);

/* What a phrase that means a selection selects; its mask is 0 for nothing. */
struct phrase_set selection_phrase(
    const struct scene *scene, enum relation relation, uint8_t a, uint8_t b);

/* The mask of a selection; 0 when it does not exist. */
uint32_t selection_mask(
    const struct scene *scene, enum relation relation, uint8_t a, uint8_t b);

/* Whether a number is as a phrase says of digits: even, above 4, ... */
bool phrase_holds(const struct phrase_set *set, int64_t number);

/* An aggregate of a mask that is not 0. */
int64_t aggregate_of(
    const struct scene *scene, enum aggregate aggregate, uint32_t mask);

/* True with its value when the number or program means something here. */
bool number_run(
    const struct number *number, const struct scene *scene, int64_t *value);
bool program_run(
    const struct program *program, const struct scene *scene, int64_t *value);

/* A number that is a plain aggregate of one pick; one that is a value. */
struct number number_of(enum aggregate aggregate, uint8_t pick);
struct number number_value(uint8_t value);

#endif
