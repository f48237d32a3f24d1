/*
 * Words, and what they count: see words.h.
 */

#include "tests/reader/words.h"

#include <string.h>

#define FIGURES_MAX 6

static const char *const count_words[] = { "zero", "one", "two", "three",
	"four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
	"twelve" };
static const char *const place_words[] = { "zeroth", "first", "second", "third",
	"fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth" };

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || is_capital(c);
}

static bool
is_figure(char c)
{
	return c >= '0' && c <= '9';
}

int
words_next(const char **text, char word[WORDS_SIZE], bool *capital)
{
	const char *at = *text;
	bool (*same)(char) = NULL;
	size_t size = 0;

	while (*at == ' ')
		at++;
	*text = at;
	if (*at == '\0')
		return 0;

	*capital = is_capital(*at);
	if (is_letter(*at))
		same = is_letter;
	else if (is_figure(*at))
		same = is_figure;
	do {
		if (size == WORDS_SIZE - 1)
			return -1;
		word[size++] = is_capital(*at) ? (char)(*at - 'A' + 'a') : *at;
		at++;
	} while (same != NULL && same(*at));
	word[size] = '\0';
	*text = at;

	return 1;
}

int
words_figure(const char *word)
{
	int n = 0;

	if (!is_figure(*word) || strlen(word) > FIGURES_MAX)
		return -1;
	for (; *word != '\0'; word++)
		n = n * 10 + (*word - '0');

	return n;
}

static int
index_in(const char *const *list, size_t size, const char *word)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (strcmp(list[i], word) == 0)
			return (int)i;
	}

	return -1;
}

int
words_count(const char *word)
{
	return index_in(
	    count_words, sizeof(count_words) / sizeof(count_words[0]), word);
}

int
words_place(const char *word)
{
	return index_in(
	    place_words, sizeof(place_words) / sizeof(place_words[0]), word);
}
