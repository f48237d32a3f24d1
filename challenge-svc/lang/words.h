/*
 * The words that the engine itself puts into phrases: numbers, ranks, how many
 * times, and names.  The renderer writes them, the reader knows them again.
 */

#ifndef CHALLENGE_SVC_LANG_WORDS_H
#define CHALLENGE_SVC_LANG_WORDS_H

#include <stddef.h>

#include "challenge-svc/lang/phrasebook.h"

/*
 * How many words there are for pieces of a type, and the n-th of them, counted
 * from 0; NULL when there is no such word.  PIECE_WORD, PIECE_ORDER,
 * PIECE_TIMES, PIECE_LETTER and PIECE_PERSON have words.
 */
uint32_t words_count(enum phrase_piece_type type);
const char *words_of(enum phrase_piece_type type, int n);

/*
 * Finds the word of that type that text begins with, the longest if there are
 * several.  Returns its size and sets *n; 0 when there is none.
 */
size_t words_read(enum phrase_piece_type type, const char *text, int *n);

#endif
