/*
 * What can be done with accounts and sessions. What needs a password hash is
 * in two halves: the first fills a job for the pool, the second takes the job
 * that has run.
 *
 * Each returns 0, or -1 with *why filled; a refusal has written nothing unless
 * the store failed or memory ended, and then the transaction is to be rolled
 * back.
 * now is steady UTC milliseconds. Each runs inside the caller's transaction.
 */
#ifndef AUTH_SVC_ACCOUNTS_H
#define AUTH_SVC_ACCOUNTS_H

#include <stdint.h>

#include "auth-svc/service.h"

/* One more sign-in ends the oldest session. */
#define ACCOUNT_SESSIONS_MAX 100

/* The job for the pool and whom it is about; holds passwords: to be wiped. */
struct account_job {
	struct password_job password; /* first: the pool sees only this */
	struct account account;
};

/* password_work for a struct account_job. */
void account_work(void *job);

/*
 * Registers: BAD_REQUEST for an address or a name that is none, WEAK_PASSWORD;
 * then EMAIL_TAKEN, decided by the unique index. The reply has a new session's
 * token.
 */
int accounts_begin_register(const struct auth *auth,
    const struct auth_register *request, struct account_job *job,
    struct refusal *why);
int accounts_finish_register(struct auth *auth, const struct account_job *job,
    int64_t now, struct auth_session *reply, struct refusal *why);

/*
 * Signs in. INVALID_LOGIN, with nothing that tells more, when the address is
 * unknown, the password is wrong, or was changed meanwhile. An unknown address
 * costs the same hash. A hash of older parameters is replaced.
 */
int
accounts_begin_login(const struct auth *auth, const struct auth_login *request,
    struct account_job *job, struct refusal *why);
int accounts_finish_login(struct auth *auth, const struct account_job *job,
    int64_t now, struct auth_session *reply, struct refusal *why);

/*
 * Who sends this access token: INVALID_TOKEN when it is not a good one or its
 * session has ended.
 */
int accounts_authenticate(const struct auth *auth, const char *jwt, int64_t now,
    struct session *session, struct refusal *why);

/* The profile of the session's account. */
int accounts_me(const struct auth *auth, const struct session *session,
    struct user *reply, struct refusal *why);

/* Ends this session and no other. */
int accounts_logout(
    struct auth *auth, const struct session *session, struct refusal *why);

/*
 * Changes the password and ends the account's other sessions: WRONG_PASSWORD
 * naming currentPassword when that is wrong or was changed meanwhile (no 401,
 * which would tell a client that its session has ended), WEAK_PASSWORD naming
 * newPassword.
 */
int accounts_begin_password(const struct auth *auth,
    const struct session *session, const struct auth_password *request,
    struct account_job *job, struct refusal *why);
int accounts_finish_password(struct auth *auth, const struct account_job *job,
    const struct session *session, struct refusal *why);

#endif
