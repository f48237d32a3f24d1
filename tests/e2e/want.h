/*
 * What a test wants of an answer: each of these fails the test and says what
 * came instead.
 */
#ifndef TESTS_E2E_WANT_H
#define TESTS_E2E_WANT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/e2e/client.h"

/* The value of a header field (its first one), or NULL. */
const char *reply_header(
    struct client *client, const struct reply *reply, const char *name);

/* A member of the JSON answer by its path, "challenge.text"; NULL for none. */
json_t *reply_member(const struct reply *reply, const char *path);

void want_status(const struct reply *reply, int status);

/* The members of an object (path, or "" for the whole), in this order. */
void
want_members(const struct reply *reply, const char *path, const char *names);

/*
 * RFC 9457: the status, the type, all members; field is the one that is to
 * blame, or NULL when none is to be named.
 */
void want_problem(struct client *client, const struct reply *reply, int status,
    const char *code, const char *field);

/* Each fails when the member is not there or of another type. */
const char *want_string(const struct reply *reply, const char *path);
int64_t want_integer(const struct reply *reply, const char *path);
double want_number(const struct reply *reply, const char *path);
bool want_boolean(const struct reply *reply, const char *path);
void want_null(const struct reply *reply, const char *path);
json_t *want_array(const struct reply *reply, const char *path);

/* True when `error-codes` of a verdict holds the code. */
bool reply_has_code(const struct reply *reply, const char *code);

#endif
