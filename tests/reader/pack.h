/*
 * Private phrase packs, read as rules of the oracle's own grammar.
 *
 * A pack is lines of text: a heading that begins with a letter ("sum noun",
 * "largest noun if a.part"), and below it, indented, the phrases of that kind
 * in that form ("the sum of {a}").  The kind says what a phrase means, kind and
 * form which other phrases it can stand for.  Conditions on what is around a
 * phrase are not held: the oracle may know more sentences than are ever said.
 */

#ifndef TESTS_ORACLE_PACK_H
#define TESTS_ORACLE_PACK_H

#include <stddef.h>

#include "tests/reader/grammar.h"

/*
 * Adds the phrases of a pack, a NUL-terminated text.  Returns 0, or -1 with
 * "NAME:LINE: what is wrong" in why (size why_size, at least 1, cut to fit);
 * the grammar can then only be freed.
 */
int pack_read(struct grammar *grammar, const char *name, const char *text,
    char *why, size_t why_size);

#endif
