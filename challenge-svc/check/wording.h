/*
 * An instruction made ready for reading, and how the pieces of phrases that
 * are no slots for children are found in it again.
 */

#ifndef CHALLENGE_SVC_CHECK_WORDING_H
#define CHALLENGE_SVC_CHECK_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/values.h"

/* Names have one number, whichever list they are from: people follow here. */
#define WORDING_PEOPLE 64

struct wording {
	const struct phrasebook *book;
	char symbol[TREE_MARKS_MAX]; /* of the marks */
	size_t size;		     /* without the stop that render.c adds */
	char text[CHALLENGE_INSTRUCTION_MAX + 1];
	/* the same without the capitals that only begin sentences */
	char plain[CHALLENGE_INSTRUCTION_MAX + 1];
};

/* Returns false when the instruction is empty or too long. */
bool wording_set(struct wording *wording, const struct phrasebook *book,
    const char *instruction, const struct values *values);

/*
 * Finds a piece that is no slot at at, which is at most wording->size.  Returns
 * the bytes that it takes and sets *n to the number, the mark or the name that
 * it says (0 for a text); 0 when it does not stand there.
 */
size_t wording_read(const struct wording *wording,
    const struct phrase_piece *piece, size_t at, int *n);

#endif
