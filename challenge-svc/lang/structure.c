/*
 * Hashing instructions without their values: see structure.h.
 */

#include "challenge-svc/lang/structure.h"

#include <stdbool.h>
#include <string.h>

#define WORD_MAX 24

/* FNV-1a (Fowler, Noll, Vo), 64 bits: parameters of its authors. */
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME  UINT64_C(0x100000001b3)

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Number words; "first" too, for "the first" is a place like any other. */
static bool
is_number(const char *word)
{
	static const char *const numbers[] = { "two", "three", "four", "five",
		"six", "seven", "eight", "nine", "ten", "first", "second",
		"third", "fourth", "fifth", "sixth", "twice" };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(word, numbers[i]) == 0)
			return true;
	}

	return false;
}

/*
 * A name is a single capital, or a word with a capital that begins no sentence
 * or begins it as a person: people write or have written.
 */
static bool
is_name(const char *word, size_t size, bool begins, const char *rest)
{
	if (word[0] < 'A' || word[0] > 'Z')
		return false;

	return size == 1 || !begins || strncmp(rest, " writes", 7) == 0;
}

static uint64_t
add(uint64_t hash, const char *text, size_t size)
{
	while (size-- > 0)
		hash = (hash ^ (uint8_t)*text++) * FNV_PRIME;

	return hash;
}

uint64_t
structure_hash(const char *text)
{
	uint64_t hash = FNV_OFFSET;
	char word[WORD_MAX + 1];
	bool begins = true;
	size_t size, i;

	while (*text != '\0') {
		for (size = 0; size < WORD_MAX && is_letter(text[size]); size++)
			word[size] = text[size];
		if (size > 0) {
			word[size] = '\0';
			if (is_name(word, size, begins, text + size)) {
				hash = add(hash, "N", 1);
			} else {
				for (i = 0; i < size; i++)
					word[i] = (char)(word[i] | 0x20);
				hash = is_number(word) ? add(hash, "#", 1)
						       : add(hash, word, size);
			}
			begins = false;
			text += size;
			continue;
		}
		if (*text >= '0' && *text <= '9') {
			text += strspn(text, "0123456789");
			hash = add(hash, "#", 1);
			continue;
		}
		if (strchr(" ,.;:?", *text) == NULL)
			hash = add(hash, "@", 1);
		else
			hash = add(hash, text, 1);
		if (*text == '.')
			begins = true;
		text++;
	}

	return hash;
}
