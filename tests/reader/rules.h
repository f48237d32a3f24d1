/*
 * The rules of English that the oracle knows, from the English side.  They are
 * wider than what the generator says, on purpose: a second reading must be
 * found if English has one.
 */

#ifndef TESTS_ORACLE_RULES_H
#define TESTS_ORACLE_RULES_H

#include <stddef.h>

#include "tests/reader/grammar.h"

/* A whole instruction. */
#define RULES_WHOLE "WHOLE"

/* Sentences, orders, conditions; numbers; digits; little stories. */
const struct rule *rules_of_tasks(size_t *count);
const struct rule *rules_of_numbers(size_t *count);
const struct rule *rules_of_digits(size_t *count);
const struct rule *rules_of_stories(size_t *count);

#endif
