/*
 * The steps of the quick start as one call each: an account, its key, a
 * challenge, its answer, its verification. What goes wrong fails the test;
 * where the answer is what a test looks at, it gets the reply.
 */
#ifndef TESTS_E2E_FLOW_H
#define TESTS_E2E_FLOW_H

#include <stdint.h>

#include "tests/e2e/client.h"

#define FLOW_PASSWORD "plum-orbit-73-canyon"

struct account {
	const char *email;
	const char *jwt;
};

struct key {
	const char *id;
	const char *secret;
	const char *publishable;
};

struct challenge {
	const char *token;
	const char *text;
	const char *instruction;
	int64_t answer;
};

/* A fresh e-mail address of this process. */
const char *flow_email(struct client *client);

/* Registers a fresh account with FLOW_PASSWORD. */
struct account flow_account(struct client *client);

const struct reply *
flow_login(struct client *client, const char *email, const char *password);

/* settings: more members of the request, "" or ",\"minScore\":100". */
struct key flow_key(
    struct client *client, const struct account *account, const char *settings);

/* An account and its easy key. */
struct key flow_easy_key(struct client *client);

/* Creates a challenge and reads its answer from it. */
struct challenge flow_challenge(struct client *client, const char *key);

/* The answer to a challenge that a reply holds. */
int64_t flow_answer(const struct reply *reply);

/* What adding up all digits of a text gives: a misreading known to all. */
int64_t flow_plain_sum(const char *text);

/* An answer that no misreading gives. */
#define FLOW_NONSENSE 99999

const struct reply *flow_create(struct client *client, const char *key);
const struct reply *flow_verify(
    struct client *client, const char *key, const char *token, int64_t answer);
const struct reply *
flow_siteverify(struct client *client, const char *key, const char *token);

/* Creates and verifies; the verification token. */
const char *flow_verified(struct client *client, const char *key);

/* The overview of an account since it exists. */
const struct reply *flow_overview(struct client *client, const char *jwt);

#endif
