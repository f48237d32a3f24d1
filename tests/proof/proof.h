/*
 * What the proofs of the promises share. A proof runs in two sizes: a short one
 * in every test run, and the full one when AIC_PROOF_FULL is set. At its end it
 * says what was tried, one line a promise:
 *
 *	G9: 20 tokens, 100 verifies of each at once, 20 counted
 *
 * and nothing when a test has failed.
 */
#ifndef TESTS_PROOF_PROOF_H
#define TESTS_PROOF_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/e2e/flow.h"

bool proof_is_full(void);

/* The one or the other, by the size of this run. */
int64_t proof_count(int64_t quick, int64_t full);

/* Keeps a line for the end: at most 16, cut at 500 bytes. */
void proof_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the lines when nothing has failed; gives the failures back. */
int proof_end(int failures);

/* A number below `below`; the same ones in every run, unless AIC_PROOF_SEED is
 * another one. For one thread. */
uint64_t proof_random(uint64_t below);

/*
 * Asks sqlite3(1) about a database that no process has open and copies what it
 * prints to text, without the newline at its end. Whatever goes wrong fails the
 * test. It may leave -wal and -shm files.
 */
void proof_query(const char *path, const char *sql, char *text, size_t size);

/* As proof_query; the answer is one number. */
int64_t proof_query_number(const char *path, const char *sql);

/* Fails the test unless quick_check finds the database whole. */
void proof_want_whole(const char *path);

/*
 * As flow_account, on a system whose deadline is shorter than what a busy host
 * takes for the hash of a password: asks until it is there.
 */
struct account proof_account(struct client *client);

/* A line of /metrics by all that stands before its value; it must be there. */
int64_t proof_metric(struct client *client, const char *name);

#endif
