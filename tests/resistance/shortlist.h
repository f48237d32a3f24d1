/*
 * The few programs that together explain most of many different challenges.
 */

#ifndef TESTS_RESISTANCE_SHORTLIST_H
#define TESTS_RESISTANCE_SHORTLIST_H

#include "tests/resistance/search.h"

/*
 * Appends at most wanted programs, each the one that explains most of the
 * challenges that those before it leave.  Candidates are what is consistent
 * with one of the first seeds challenges.
 */
void shortlist(const struct labelled *labelled, size_t count, unsigned int what,
    size_t seeds, size_t wanted, struct programs *out);

#endif
