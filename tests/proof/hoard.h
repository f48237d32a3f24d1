/*
 * A load that keeps what it was told and asks about all of it again. While
 * services are killed, its threads make challenges and leave each somewhere on
 * its way: open, answered wrongly, solved, redeemed; they make accounts and
 * keys, and revoke some of the keys. Afterwards each of these must be what it
 * was when it was acknowledged, and nothing may be had twice.
 *
 * Of a create in doubt nobody knows the token: the hoard only counts them.
 */
#ifndef TESTS_PROOF_HOARD_H
#define TESTS_PROOF_HOARD_H

#include <stdint.h>

#include "tests/e2e/client.h"

struct hoard;

struct hoard_counts {
	int64_t created; /* acknowledged */
	int64_t created_in_doubt;
	int64_t solved;
	int64_t incorrect;
	int64_t redeemed;
	int64_t untold; /* consumed, but the verdict did not arrive */
	int64_t accounts;
	int64_t keys;
	int64_t revoked;
	int64_t tries; /* to have something a second time */
	/* What must never be: an answer that no outage explains. */
	char unexpected[512];
};

/*
 * Starts threads that use the secret key, whose minScore is 0, and one that
 * makes accounts of its own. A hoard is to be asked about within the life of
 * its challenges.
 */
struct hoard *hoard_start(uint16_t port, const char *key, unsigned threads);

/* Challenges, and accounts, that were acknowledged so far. */
int64_t hoard_created(const struct hoard *hoard);
int64_t hoard_accounts(const struct hoard *hoard);

/* As rig_look_again; also fails once there was an answer that no outage
 * explains. */
void
hoard_look_again(const struct hoard *hoard, int64_t deadline, const char *what);

/*
 * Lets every thread settle what it is at, and joins them: the services must be
 * up. Then asks about everything, which consumes it; solved and redeemed count
 * that, too. Frees the hoard.
 */
struct hoard_counts hoard_end(struct hoard **hoard);

/* Adds counts to a sum, which keeps the first complaint. */
void
hoard_counts_add(struct hoard_counts *sum, const struct hoard_counts *counts);

#endif
