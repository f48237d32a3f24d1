/*
 * What a meaning comes to over the digits of a text.
 */

#ifndef TESTS_ORACLE_COMPUTE_H
#define TESTS_ORACLE_COMPUTE_H

#include <stdint.h>

#include "tests/reader/parse.h"

/*
 * Computes the sentences one after the other.  Returns NULL and sets *answer,
 * or returns why it cannot be said for certain: a constant string.
 */
const char *compute_reading(
    const struct reading *reading, const char *text, int64_t *answer);

#endif
