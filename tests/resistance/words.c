/*
 * Masked tokens; see words.h.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/sample.h"
#include "tests/resistance/words.h"

#define WORD_SIZE 32

static const struct {
	const char *word;
	int value;
} numbers[] = { { "zero", 0 }, { "one", 1 }, { "two", 2 }, { "three", 3 },
	{ "four", 4 }, { "five", 5 }, { "six", 6 }, { "seven", 7 },
	{ "eight", 8 }, { "nine", 9 }, { "ten", 10 }, { "eleven", 11 },
	{ "twelve", 12 }, { "once", 1 }, { "twice", 2 }, { "thrice", 3 },
	{ "double", 2 }, { "triple", 3 }, { "first", 1 }, { "second", 2 },
	{ "third", 3 }, { "fourth", 4 }, { "fifth", 5 }, { "sixth", 6 },
	{ "seventh", 7 }, { "eighth", 8 }, { "ninth", 9 }, { "tenth", 10 } };

int
number_word(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strlen(numbers[i].word) == len &&
		    strncasecmp(numbers[i].word, word, len) == 0)
			return numbers[i].value;
	return -1;
}

static uint64_t
hash_text(const char *text, size_t len)
{
	uint64_t hash = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211ULL;
	return hash;
}

static void
rehash(struct words *words)
{
	size_t i, at;

	free(words->slot);
	words->slots = words->slots == 0 ? 1024 : words->slots * 2;
	words->slot = must_alloc(words->slots, sizeof(*words->slot));
	for (i = 0; i < words->count; i++) {
		at = hash_text(words->text[i], strlen(words->text[i])) &
		    (words->slots - 1);
		while (words->slot[at] != 0)
			at = (at + 1) & (words->slots - 1);
		words->slot[at] = (uint32_t)i + 1;
	}
}

uint16_t
words_id(struct words *words, const char *word, size_t len)
{
	const char *known;
	size_t at;

	if (words->count * 2 >= words->slots)
		rehash(words);
	at = hash_text(word, len) & (words->slots - 1);
	while (words->slot[at] != 0) {
		known = words->text[words->slot[at] - 1];
		if (strlen(known) == len && memcmp(known, word, len) == 0)
			return (uint16_t)(words->slot[at] - 1 + TOKEN_WORDS);
		at = (at + 1) & (words->slots - 1);
	}
	/* An attacker who meets more words than ids stops telling them apart.
	 */
	if (words->count >= UINT16_MAX - TOKEN_WORDS)
		return TOKEN_NAME;
	words->text = must_grow(words->text, &words->text_room,
	    words->count + 1, sizeof(*words->text));
	words->text[words->count] = must_alloc(len + 1, 1);
	memcpy(words->text[words->count], word, len);
	words->slot[at] = (uint32_t)++words->count;
	return (uint16_t)(words->count - 1 + TOKEN_WORDS);
}

const char *
words_text(const struct words *words, uint16_t id)
{
	static const char *const masks[] = { "?", "N", "W", "@", "NAME1",
		"NAME2", "NAME3", "NAME4", "NAME5", "NAME6", "<S>", "<V>" };

	if (id < TOKEN_WORDS)
		return masks[id];
	return words->text[id - TOKEN_WORDS];
}

void
words_free(struct words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		free(words->text[i]);
	free(words->text);
	free(words->slot);
	free(words->is_name);
	memset(words, 0, sizeof(*words));
}

/* The names of one instruction, in the order in which they appear. */
struct names {
	uint16_t id[NAMES_MAX];
	size_t count;
};

static uint16_t
name_token(struct names *names, uint16_t id)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (names->id[i] == id)
			break;
	if (i == NAMES_MAX)
		return TOKEN_NAME_LAST;
	if (i == names->count)
		names->id[names->count++] = id;
	return (uint16_t)(TOKEN_NAME + i);
}

static struct token
word_token(struct words *words, struct names *names, const char *at, size_t len,
    bool opens)
{
	struct token token = { 0, 0 };
	char lower[WORD_SIZE];
	bool capital = isupper((unsigned char)at[0]) && at[0] != 'I';
	bool *is_name;
	size_t i;
	int value;

	value = number_word(at, len);
	if (value >= 0) {
		token.id = TOKEN_NUMBER;
		token.value = (int16_t)value;
		return token;
	}
	if (len > WORD_SIZE)
		len = WORD_SIZE;
	for (i = 0; i < len; i++)
		lower[i] = (char)tolower((unsigned char)at[i]);
	token.id = words_id(words, lower, len);
	words->is_name = must_grow(
	    words->is_name, &words->name_room, words->count, sizeof(bool));
	if (!capital || token.id < TOKEN_WORDS)
		return token;
	is_name = &words->is_name[token.id - TOKEN_WORDS];
	if (!opens)
		*is_name = true;
	if (*is_name || (len == 1 && at[0] != 'A'))
		token.id = name_token(names, token.id);
	return token;
}

uint8_t
words_mask(struct words *words, const char *instruction, struct token *token)
{
	const char *at = instruction;
	uint8_t count = 0;
	struct names names = { { 0 }, 0 };
	bool opens = true; /* at the beginning of a sentence */
	size_t len;
	long value;

	while (*at != '\0' && count < TOKENS_MAX) {
		len = 1;
		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		if (isdigit((unsigned char)*at)) {
			len = strspn(at, "0123456789");
			value = strtol(at, NULL, 10);
			token[count].id = TOKEN_FIGURE;
			token[count].value = (int16_t)(value > INT16_MAX
				? INT16_MAX
				: value);
		} else if (isalpha((unsigned char)*at)) {
			while (isalpha((unsigned char)at[len]) ||
			    (at[len] == '\'' &&
				isalpha((unsigned char)at[len + 1])))
				len++;
			token[count] = word_token(
			    words, &names, at, len, opens);
		} else if (strchr(".,;:?!'\"()-", *at) != NULL) {
			token[count].id = words_id(words, at, 1);
			token[count].value = 0;
		} else {
			token[count].id = TOKEN_MARK;
			token[count].value = (unsigned char)*at;
		}
		opens = strchr(".?!:", *at) != NULL;
		count++;
		at += len;
	}
	return count;
}

uint64_t
tokens_hash(const struct token *token, size_t count)
{
	uint64_t hash = TOKENS_HASH;
	size_t i;

	for (i = 0; i < count; i++)
		hash = tokens_hash_more(hash, token[i]);
	return hash;
}
