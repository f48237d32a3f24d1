/*
 * Whether the phrases can make a text out of a given tree, and by which of
 * them: the renderer run the other way, without chance.
 */

#ifndef CHALLENGE_SVC_CHECK_RETELL_H
#define CHALLENGE_SVC_CHECK_RETELL_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/check/wording.h"
#include "challenge-svc/lang/attributes.h"
#include "challenge-svc/lang/tree.h"

#define RETELL_ENTRIES_MAX 4096
#define RETELL_BUCKETS	   1024

/* Places in a text, one bit each. */
#define RETELL_WORDS (CHALLENGE_INSTRUCTION_MAX / 64 + 1)

struct retell_places {
	uint64_t bit[RETELL_WORDS];
};

/* Where a node in a form, said from some place on, can end. */
struct retell_entry {
	struct retell_places ends;
	struct retell_places marked; /* retell_mark() has been there */
	uint16_t from;
	uint16_t next; /* in its bucket */
	uint8_t index;
	uint8_t form;
};

struct retell {
	const struct wording *wording;
	const struct tree *tree;
	const int16_t *name;
	bool strictly;
	bool full; /* an entry did not fit: some ends are missing */
	struct attributes attributes;
	uint16_t count;
	uint16_t bucket[RETELL_BUCKETS];
	struct retell_entry entry[RETELL_ENTRIES_MAX];
};

/*
 * Whether a sound tree can be told in the words of wording.  name are the
 * numbers (wording.h) of the tree's names, NULL when any will do.  strictly:
 * only by phrases whose conditions hold.
 */
bool retell(struct retell *retell, const struct wording *wording,
    const struct tree *tree, const int16_t *name, bool strictly);

/*
 * After retell() has said yes: adds bit to used[] of every phrase that may have
 * been used, by its number in phrasebook_all().
 */
void retell_mark(struct retell *retell, uint8_t *used, uint8_t bit);

#endif
