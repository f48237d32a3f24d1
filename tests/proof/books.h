/*
 * Compares the dashboard with the ledger of a hoard.
 *
 * Exactly is meant: of a create without an answer nobody knows whether it
 * became a challenge, so that the database itself is asked how many there are.
 * The dashboard must say that number, and it must lie between what was
 * acknowledged and that with what is in doubt. All else can be asked again and
 * is compared as it is.
 */
#ifndef TESTS_PROOF_BOOKS_H
#define TESTS_PROOF_BOOKS_H

#include <stdint.h>

#include "tests/e2e/suite.h"
#include "tests/proof/hoard.h"

/*
 * Fails the test unless the totals of the account, which has this one key and
 * one challenge service, are those of the hoard once all events are counted,
 * and the database of the challenges is whole. That service ends and starts
 * again for it. Returns how many of the creates in doubt had been committed.
 */
int64_t books_balance(struct suite *suite, const char *jwt, const char *key_id,
    const struct hoard_counts *counts);

#endif
