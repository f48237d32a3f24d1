/*
 * The lists of words: see words.h.
 */

#include "challenge-svc/lang/words.h"

#include <string.h>

static const char *const numbers[] = { "zero", "one", "two", "three", "four",
	"five", "six", "seven", "eight", "nine", "ten" };
static const char *const orders[] = { "zeroth", "first", "second", "third",
	"fourth", "fifth", "sixth" };
static const char *const times[] = { "never", "once", "twice", "three times",
	"four times", "five times", "six times", "seven times", "eight times",
	"nine times" };

/* Names that cannot be taken for a word, nor for what is in a text. */
static const char *const letters[] = { "P", "Q", "R", "X", "Y", "Z" };
static const char *const people[] = { "Anna", "Ben", "Carla", "David", "Emma",
	"Felix", "Laura", "Oscar", "Sara", "Tom" };

#define COUNT(words) (sizeof(words) / sizeof((words)[0]))

static const struct {
	const char *const *word;
	uint32_t count;
} lists[] = {
	[PIECE_WORD] = { numbers, COUNT(numbers) },
	[PIECE_ORDER] = { orders, COUNT(orders) },
	[PIECE_TIMES] = { times, COUNT(times) },
	[PIECE_LETTER] = { letters, COUNT(letters) },
	[PIECE_PERSON] = { people, COUNT(people) },
};

uint32_t
words_count(enum phrase_piece_type type)
{
	return type < COUNT(lists) ? lists[type].count : 0;
}

const char *
words_of(enum phrase_piece_type type, int n)
{
	if (n < 0 || (uint32_t)n >= words_count(type))
		return NULL;

	return lists[type].word[n];
}

size_t
words_read(enum phrase_piece_type type, const char *text, int *n)
{
	const char *word = NULL;
	size_t size, longest = 0;
	int i;

	for (i = 0; (word = words_of(type, i)) != NULL; i++) {
		if (*word != *text)
			continue;
		size = strlen(word);
		if (size > longest && strncmp(text, word, size) == 0) {
			longest = size;
			*n = i;
		}
	}

	return longest;
}
