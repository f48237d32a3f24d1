/*
 * Phrase packs: the vocabulary as text, for people to write.
 * docs/phrase-packs.md explains the format; the default one is
 * challenge-svc/packs/default.pack, which the program holds inside.
 *
 *   # a comment
 *   sum noun
 *   	the sum of {a}
 *   largest noun if a.part
 *   	the largest of {a}
 *   drop sum do
 *
 * A line that starts at the margin is a heading: kind (kinds.def), form, and
 * conditions (phrasebook.h).  The indented lines below it are its phrases.
 * "value" for a kind stands for all that are worked out from digits.  "drop"
 * removes the phrases of earlier packs.
 */

#ifndef CHALLENGE_SVC_LANG_PACK_H
#define CHALLENGE_SVC_LANG_PACK_H

#include <stddef.h>

#include "challenge-svc/lang/phrasebook.h"

/* Bytes of one pack, and of one phrase. */
#define PACK_SIZE_MAX	((size_t)256 * 1024)
#define PACK_PHRASE_MAX 400

/* One pack as text, of any content. */
struct pack_text {
	const char *name; /* for messages: the name of its file */
	const char *text;
	size_t size;
};

/* The default pack. */
struct pack_text pack_default(void);

/*
 * Reads packs in that order into a sealed book.  Returns NULL and writes
 * "NAME:LINE: what is wrong" when one is not right or memory is out.
 */
struct phrasebook *pack_read(const struct pack_text *packs, size_t count,
    char error[PHRASEBOOK_ERROR_SIZE]);

/* True for kinds that "value" stands for: numbers worked out from digits. */
bool pack_is_value(enum tree_kind kind);

#endif
