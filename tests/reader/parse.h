/*
 * Finds every meaning that the grammar gives an instruction.
 */

#ifndef TESTS_ORACLE_PARSE_H
#define TESTS_ORACLE_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/reader/grammar.h"

#define PARSE_TOKENS_MAX    160
#define PARSE_WORD_MAX	    24
#define PARSE_PARTS_MAX	    3
#define PARSE_MEANINGS_MAX  6000
#define PARSE_SENTENCES_MAX 6

struct meaning {
	enum meaning_kind kind;
	int n, m;
	const struct meaning *part[PARSE_PARTS_MAX];
};

/* A whole instruction: sentences in order, each going on from the last. */
struct reading {
	const struct meaning *sentence[PARSE_SENTENCES_MAX];
	size_t sentences;
};

struct parse; /* the meanings belong to it */

/*
 * Parses an instruction.  Returns a parse to be freed by parse_free(), or NULL
 * when memory is out.  *readings tells how many different ones there are, 2
 * standing for any more; with 1, *reading is it and lives as long as the
 * parse.
 */
struct parse *
parse_new(const char *instruction, struct reading *reading, size_t *readings);

/* Frees *parse and sets it to NULL; NULL is fine. */
void parse_free(struct parse **parse);

/* Whether two meanings are the same. */
bool parse_same(const struct meaning *a, const struct meaning *b);

#endif
