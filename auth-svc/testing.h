/*
 * What the tests of auth-svc share: a service without its message loop, on a
 * database in a directory of its own.
 */
#ifndef AUTH_SVC_TESTING_H
#define AUTH_SVC_TESTING_H

#include "auth-svc/accounts.h"
#include "auth-svc/service.h"

#define TEST_NOW      INT64_C(1776079724267) /* 2026-04-13T11:28:44.267Z */
#define TEST_PASSWORD "zq9 vile lantern 77"
#define TEST_OTHER    "mauve tractor 31 quill"

struct testing {
	char directory[64];
	struct db *db;
	struct token_keys *tokens;
	struct auth auth;
};

/* Fixtures for cmocka_unit_test_setup_teardown; *state is a struct testing. */
int testing_open(void **state);
int testing_close(void **state);

/* Closes the database and opens it again, as a restart does. */
void testing_reopen(struct testing *testing);

/* Registers, or signs in: the reply, or the refusal with -1. */
int testing_register(struct testing *testing, const char *email,
    const char *password, struct auth_session *reply, struct refusal *why);
int testing_login(struct testing *testing, const char *email,
    const char *password, struct auth_session *reply, struct refusal *why);

/* Both must work; the session of the token. */
void testing_new_account(
    struct testing *testing, const char *email, struct session *session);
void testing_session(
    struct testing *testing, const char *jwt, struct session *session);

/* Commits what was done, or undoes it. */
void testing_commit(struct testing *testing);
void testing_rollback(struct testing *testing);

#endif
