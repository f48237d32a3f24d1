/*
 * Reading an instruction back: the phrases of a phrasebook used the other way.
 *
 * Every tree is found whose English the instruction can be, and what each comes
 * to over the digits.  A clear instruction has trees of one value only; that
 * there are two of one value ("twice P" and "P times 2") does not matter.
 */

#ifndef CHALLENGE_SVC_CHECK_READER_H
#define CHALLENGE_SVC_CHECK_READER_H

#include <stdint.h>

#include "challenge-svc/check/forest.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/values.h"

/*
 * How conditions of phrases count.  They only guide the generator, a reader
 * knows nothing of them; so what is widely read includes readings that the
 * generator would never have meant.
 */
enum reader_care {
	READER_WIDE,  /* conditions are ignored */
	READER_STRICT /* render_instruction() can write this for the tree */
};

struct reading {
	struct forest_tree meant;
	int64_t value;
};

struct readings {
	uint32_t trees;		   /* different ones */
	uint32_t values;	   /* different ones: 0, 1, or 2 for more */
	struct reading reading[2]; /* one of each of values */
};

struct reader;

/* The book must outlive the reader.  NULL without memory. */
struct reader *reader_new(const struct phrasebook *book);

/* Frees *reader and sets it to NULL; NULL is fine. */
void reader_free(struct reader **reader);

/*
 * Reads an instruction as render_instruction() writes it.  Returns 0; -1 when
 * it has too many readings, or parts of readings, to look at them all.
 */
int reader_read(struct reader *reader, const char *instruction,
    const struct values *values, enum reader_care care, struct readings *out);

/*
 * Adds bit to used[] of every phrase that may have served to say the tree by
 * the instruction, by its number in phrasebook_all().  name are the tree's
 * names as in struct forest_tree, NULL when any will do.  Returns false, and
 * adds nothing, when the tree cannot be said so.
 */
bool reader_mark(struct reader *reader, const char *instruction,
    const struct values *values, const struct tree *tree, const int16_t *name,
    enum reader_care care, uint8_t *used, uint8_t bit);

#endif
