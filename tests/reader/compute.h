/*
 * What a meaning comes to over the digits of a text.
 */

#ifndef TESTS_ORACLE_COMPUTE_H
#define TESTS_ORACLE_COMPUTE_H

#include <stdint.h>

#include "tests/reader/meaning.h"
#include "tests/reader/page.h"

/*
 * Computes a whole instruction.  Returns NULL and sets *answer, or returns why
 * it cannot be said for certain: a constant string.
 */
const char *compute_answer(
    const struct meaning *meaning, const char *text, int64_t *answer);

/* A number on a page; any, with a doubt on the page, when there is none. */
int64_t compute_number(struct page *page, const struct meaning *meaning);

#endif
