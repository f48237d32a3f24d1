/*
 * The text of a challenge, taken apart into its digits.
 */

#ifndef TESTS_ORACLE_PAGE_H
#define TESTS_ORACLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_DIGITS_MAX 64

struct page {
	const char *text;
	int value[PAGE_DIGITS_MAX];
	size_t where[PAGE_DIGITS_MAX]; /* place in the text */
	int count;
	unsigned int work; /* how much has been worked out */
	const char *why;   /* the first doubt, a constant string, or NULL */
};

/* Takes a text apart; page->why tells whether it can be. */
void page_open(struct page *page, const char *text);

/* Notes what a reader could doubt, unless there is something already. */
void page_doubt(struct page *page, const char *why);

/* The place in the text of a mark, 0 with a doubt unless it is there once. */
size_t page_mark(struct page *page, int mark);

/* The number of the digit touching a mark, 0 with a doubt when none does. */
int page_beside(struct page *page, int mark, bool right);

#endif
