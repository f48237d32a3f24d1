/*
 * What tests of the language share: the default phrasebook, and counting words.
 */

#ifndef CHALLENGE_SVC_LANG_TESTING_H
#define CHALLENGE_SVC_LANG_TESTING_H

#include <stdio.h>

#include "challenge-svc/lang/pack.h"

/* Read by the set-up. */
static struct phrasebook *testing_book;

/* A test group's set-up and tear-down. */
static inline int
testing_read_book(void **state)
{
	const struct pack_text pack = pack_default();
	char error[PHRASEBOOK_ERROR_SIZE];

	(void)state;
	testing_book = pack_read(&pack, 1, error);
	if (testing_book == NULL)
		fprintf(stderr, "%s\n", error);

	return testing_book == NULL ? -1 : 0;
}

static inline int
testing_free_book(void **state)
{
	(void)state;
	phrasebook_free(&testing_book);

	return 0;
}

/* The words of a text: runs of anything but spaces. */
static inline unsigned int
testing_words(const char *text)
{
	unsigned int words = 0;

	for (; *text != '\0'; text++)
		words += *text != ' ' && (text[1] == ' ' || text[1] == '\0');

	return words;
}

#endif
