/*
 * Taking programs apart: a part of a program moves into a phrase, and what is
 * left has a hole in its place.
 */

#ifndef TESTS_RESISTANCE_PARTS_H
#define TESTS_RESISTANCE_PARTS_H

#include "tests/resistance/program.h"

#define REF_KINDS (REF_VALUE + 1)

/* Which numbers, marks and phrases a program names, as bits by ref_kind. */
struct named {
	uint32_t of[REF_KINDS];
};

void program_named(const struct program *program, struct named *named);

/* The parts of a program that a phrase may mean. */
enum spot_kind {
	SPOT_SELECTION, /* of a number */
	SPOT_A,		/* the first pick of a selection of two */
	SPOT_B,		/* the second */
	SPOT_LIMIT,	/* the value that the only pick compares with */
	SPOT_NUMBER,	/* a number as a whole */
	SPOT_JOINED,	/* everything but the tail */
	SPOT_KINDS
};

struct spot {
	enum spot_kind kind;
	unsigned int number; /* 0 one, 1 two, 2 left, 3 right */
};

#define SPOTS_MAX 24

/*
 * A program taken apart at a spot: the part, and the rest in which a neutral
 * number stands where the part was.  Both keep their refs.
 */
struct taken {
	struct spot spot;
	bool set; /* the part is a selection, as part.one; else a number */
	struct program part;
	struct program rest;
	struct named part_named;
	struct named rest_named;
};

/* All that a program can be taken apart into; returns how many. */
size_t program_take(const struct program *program, struct taken *taken);

/* New refs for old ones; REF_GONE for those that must not be named. */
#define REF_GONE 255
struct moves {
	uint8_t to[REF_KINDS][8];
};

/* Renumbers what a program names.  False when it names what is gone. */
bool program_move(struct program *program, const struct moves *moves);

/* Puts a phrase (its number among those of its type) where the part was. */
void taken_fill(struct program *rest, const struct taken *taken, size_t hole);

#endif
