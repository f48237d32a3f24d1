/*
 * Labelled challenges, as challenge-svc --sample prints them: what a key's
 * owner sees of a challenge that was solved, read into memory.
 */

#ifndef TESTS_RESISTANCE_SAMPLE_H
#define TESTS_RESISTANCE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/resistance/words.h"

#define DIGITS_MAX 32 /* a selection is a mask of 32 bits */

struct sample {
	char *text;
	char *instruction;
	char *operation; /* NULL in what an attacker has to solve */
	char *tree;	 /* NULL unless drawn with --trees */
	int64_t answer;
	uint8_t digits[DIGITS_MAX];
	uint8_t count;
	uint8_t tokens;
	struct token token[TOKENS_MAX]; /* of the instruction, masked */
};

struct corpus {
	struct sample *at;
	size_t count;
};

/* Zeroed memory; ends the program when there is none. */
void *must_alloc(size_t count, size_t size);

/* Makes room for wanted members, doubling; ends the program when it cannot. */
void *must_grow(void *at, size_t *room, size_t wanted, size_t size);

/*
 * Appends the challenges of a stream of JSON lines, masking their instructions
 * with words.  False, with a line on stderr, when one is not as it should be.
 */
bool corpus_read(struct corpus *corpus, struct words *words, FILE *from);

/* Appends one challenge; the texts are copied. */
struct sample *
corpus_add(struct corpus *corpus, struct words *words, const char *text,
    const char *instruction, const char *operation, int64_t answer);

/* Masks all instructions again, now that the words tell what names are. */
void corpus_mask(struct corpus *corpus, struct words *words);

/*
 * What an attacker sees of fresh challenges: a copy without operation, answer
 * and tree.
 */
void corpus_blind(struct corpus *to, const struct corpus *from);

void corpus_free(struct corpus *corpus);

#endif
