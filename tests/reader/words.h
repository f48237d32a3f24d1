/*
 * Text as a row of words.
 */

#ifndef TESTS_ORACLE_WORDS_H
#define TESTS_ORACLE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORDS_SIZE 24 /* of a word, with its NUL */

/*
 * Takes the next word off *text, which is NUL-terminated: letters, written into
 * word in lower case; figures; or one other character.  *capital tells whether
 * it began with a capital.  Returns 1, 0 at the end, -1 when one is too long.
 */
int words_next(const char **text, char word[WORDS_SIZE], bool *capital);

/* What a word counts, -1 for none: 38; "two"; "second". */
int words_figure(const char *word);
int words_count(const char *word);
int words_place(const char *word);

#endif
