/*
 * Instructions as tokens in which what varies from challenge to challenge is
 * masked: figures, number words, symbols, single capital letters and names.
 * The values are kept beside, so that a program can say "the second number".
 */

#ifndef TESTS_RESISTANCE_WORDS_H
#define TESTS_RESISTANCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKENS_MAX 200
#define NAMES_MAX  6 /* names of one instruction that are told apart */

/* Ids of tokens that are no plain word; words are counted from TOKEN_WORDS. */
enum {
	TOKEN_NONE,
	TOKEN_FIGURE, /* value: the number */
	TOKEN_NUMBER, /* a number word; value: the number */
	TOKEN_MARK,   /* value: the character */
	TOKEN_NAME,   /* the first name, or single letter, of an instruction */
	TOKEN_NAME_LAST = TOKEN_NAME + NAMES_MAX - 1, /* one more each */
	TOKEN_SET,   /* a phrase that means a selection; value: which */
	TOKEN_VALUE, /* a phrase that means a number; value: which */
	TOKEN_WORDS
};

struct token {
	uint16_t id;
	int16_t value;
};

/* The words seen so far. */
struct words {
	char **text;
	size_t count;
	size_t text_room;
	uint32_t *slot; /* open hash of index + 1 */
	bool *is_name;	/* was written as a name within a sentence */
	size_t name_room;
	size_t slots;
};

void words_free(struct words *words);

/* The id of a word, given one when it is new. */
uint16_t words_id(struct words *words, const char *word, size_t len);

/* The text of an id, for messages. */
const char *words_text(const struct words *words, uint16_t id);

/*
 * Masks an instruction into at most TOKENS_MAX tokens, letters lowered,
 * punctuation as words of its own.  Returns how many.  What is a name is learnt
 * from capitals within sentences: masked again later, an instruction that
 * begins with one is masked better.
 */
uint8_t
words_mask(struct words *words, const char *instruction, struct token *token);

/* A hash of the ids of tokens, token by token from TOKENS_HASH on. */
#define TOKENS_HASH 14695981039346656037ULL
static inline uint64_t
tokens_hash_more(uint64_t hash, struct token token)
{
	hash = (hash ^ token.id) * 1099511628211ULL;
	return hash ^ hash >> 29;
}
uint64_t tokens_hash(const struct token *token, size_t count);

/* The value of a number word ("two", "twice", "second"), or -1. */
int number_word(const char *word, size_t len);

#endif
