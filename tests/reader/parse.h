/*
 * Finds every meaning that the grammar gives an instruction.
 */

#ifndef TESTS_ORACLE_PARSE_H
#define TESTS_ORACLE_PARSE_H

#include <stddef.h>

#include "tests/reader/grammar.h"
#include "tests/reader/meaning.h"

#define PARSE_TOKENS_MAX 240

struct parse; /* the meanings belong to it */

/*
 * Parses an instruction by a closed grammar.  Returns a parse to be freed by
 * parse_free(), or NULL when memory is out.  *readings tells how many different
 * ones there are, 2 standing for any more, 0 also for a text too long or too
 * tangled; with 1, *reading is it and lives as long as the parse.
 */
struct parse *parse_new(const struct grammar *grammar, const char *instruction,
    const struct meaning **reading, size_t *readings);

/* Frees *parse and sets it to NULL; NULL is fine. */
void parse_free(struct parse **parse);

#endif
