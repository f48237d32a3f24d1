/*
 * Selections of digits, as lists.
 */

#ifndef TESTS_ORACLE_PICKS_H
#define TESTS_ORACLE_PICKS_H

#include "tests/reader/meaning.h"
#include "tests/reader/page.h"

/* Some digits of the page, from the left, by number. */
struct picks {
	int index[PAGE_DIGITS_MAX];
	int count;
};

/* All digits of the page. */
struct picks picks_every(const struct page *page);

/*
 * The digits that are meant, out of some others or out of all.  Doubts when
 * there are none.
 */
struct picks picks_among(
    struct page *page, const struct meaning *meaning, const struct picks *from);
struct picks picks_of(struct page *page, const struct meaning *meaning);

/* The value of the i-th one, and how many have a value. */
int picks_value(const struct page *page, const struct picks *picks, int i);
int picks_copies(const struct page *page, const struct picks *picks, int value);

/* Whether a digit is among them. */
bool picks_hold(const struct picks *picks, int index);

#endif
