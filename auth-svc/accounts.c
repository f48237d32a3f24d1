/*
 * What can be done with accounts and sessions.
 */
#include <stddef.h>
#include <string.h>

#include "auth-svc/account_rules.h"
#include "auth-svc/accounts.h"
#include "auth-svc/text.h"
#include "common/secret.h"

#define MS_PER_S INT64_C(1000)

#define GIVEN_AWAY "the password contains the e-mail address or its first part"

_Static_assert(offsetof(struct account_job, password) == 0,
    "the pool's part of a job comes first");

void
account_work(void *data)
{
	struct account_job *job = data;

	password_work(&job->password);
}

static void
start_job(const struct auth *auth, struct account_job *job)
{
	memset(job, 0, sizeof(*job));
	job->password.policy = auth->policy;
}

/* Both are bounded by the same table; the job was zeroed. */
static void
copy_password(char to[PROTO_PASSWORD_MAX + 1], const char *from)
{
	memcpy(to, from, strnlen(from, PROTO_PASSWORD_MAX));
}

/*
 * What a job that has run comes to; 0 when it is done. given_field is NULL
 * where nobody is signed in: there a wrong password is INVALID_LOGIN, which
 * names nothing.
 */
static int
check_outcome(const struct password_job *job, const char *given_field,
    const char *chosen_field, struct refusal *why)
{
	switch (job->outcome) {
	case PASSWORD_DONE:
		return 0;
	case PASSWORD_WRONG:
		return refuse(why,
		    given_field == NULL ? PROTO_ERROR_INVALID_LOGIN
					: PROTO_ERROR_WRONG_PASSWORD,
		    given_field, NULL);
	case PASSWORD_WEAK:
		return refuse(
		    why, PROTO_ERROR_WEAK_PASSWORD, chosen_field, job->reason);
	case PASSWORD_PENDING:
	case PASSWORD_FAILED:
		break;
	}
	return refuse(why, PROTO_ERROR_UNAVAILABLE, NULL,
	    "passwords cannot be checked now");
}

static void
fill_user(struct user *user, const struct account *account)
{
	user->id = account->id;
	memcpy(user->email, account->email, sizeof(user->email));
	if (account->name[0] != '\0') {
		memcpy(user->name, account->name, sizeof(user->name));
		PROTO_SET(user, user, name);
	}
	user->created_at = account->created_at;
}

/*
 * A new session of the account and the token that proves it. The oldest goes
 * when there are too many.
 */
static int
open_session(struct auth *auth, const struct account *account, int64_t now,
    struct auth_session *reply, struct refusal *why)
{
	struct token_claims claims;
	struct session session;
	enum db_status status;

	memset(&claims, 0, sizeof(claims));
	claims.account_id = account->id;
	secret_uuid(&claims.session_id);
	claims.issued_s = now / MS_PER_S;
	claims.expires_s = claims.issued_s + auth->session_ttl_s;
	if (token_issue(auth->tokens, &claims, reply->token) != 0)
		return refuse(why, PROTO_ERROR_UNAVAILABLE, NULL,
		    "there is no memory for a token");
	memset(&session, 0, sizeof(session));
	session.id = claims.session_id;
	session.account_id = account->id;
	session.created_at = now;
	session.expires_at = claims.expires_s * MS_PER_S;
	status = store_session_keep_newest(
	    auth->store, &account->id, ACCOUNT_SESSIONS_MAX - 1);
	if (status == DB_OK)
		status = store_session_add(auth->store, &session);
	if (status != DB_OK)
		return refuse_store(why, status);
	memcpy(reply->token_type, "Bearer", sizeof("Bearer"));
	reply->expires_in = auth->session_ttl_s;
	fill_user(&reply->user, account);
	return 0;
}

/* -------- register -------- */

int
accounts_begin_register(const struct auth *auth,
    const struct auth_register *request, struct account_job *job,
    struct refusal *why)
{
	struct account *account = &job->account;

	start_job(auth, job);
	if (account_normalise_email(request->email, account->email) != 0)
		return refuse(why, PROTO_ERROR_BAD_REQUEST, "email",
		    "this is not an e-mail address");
	if (PROTO_HAS(request, auth_register, name) &&
	    text_clean(request->name, account->name, sizeof(account->name)) !=
		0)
		return refuse(why, PROTO_ERROR_BAD_REQUEST, "name",
		    "a name has no control characters");
	if (account_password_has_email(request->password, account->email))
		return refuse(
		    why, PROTO_ERROR_WEAK_PASSWORD, "password", GIVEN_AWAY);
	copy_password(job->password.chosen, request->password);
	return 0;
}

int
accounts_finish_register(struct auth *auth, const struct account_job *job,
    int64_t now, struct auth_session *reply, struct refusal *why)
{
	struct account account = job->account;
	enum db_status status;

	if (check_outcome(&job->password, NULL, "password", why) != 0)
		return -1;
	secret_uuid(&account.id);
	memcpy(account.password_hash, job->password.hash,
	    sizeof(account.password_hash));
	account.created_at = now;
	status = store_account_add(auth->store, &account);
	if (status == DB_CONFLICT)
		return refuse(why, PROTO_ERROR_EMAIL_TAKEN, "email", NULL);
	if (status != DB_OK)
		return refuse_store(why, status);
	return open_session(auth, &account, now, reply, why);
}

/* -------- sign in -------- */

int
accounts_begin_login(const struct auth *auth, const struct auth_login *request,
    struct account_job *job, struct refusal *why)
{
	char email[PROTO_EMAIL_MAX + 1];
	const bool valid = account_normalise_email(request->email, email) == 0;
	enum db_status status = DB_DONE;

	start_job(auth, job);
	if (valid)
		status = store_account_by_email(
		    auth->store, email, &job->account);
	if (status == DB_ROW)
		memcpy(job->password.stored, job->account.password_hash,
		    sizeof(job->password.stored));
	else if (status == DB_DONE)
		memcpy(job->password.stored,
		    decoys_choose(
			&auth->decoys, valid ? email : request->email),
		    sizeof(job->password.stored));
	else
		return refuse_store(why, status);
	copy_password(job->password.given, request->password);
	return 0;
}

/*
 * The account of a job once more, as it is now: *found tells whether it still
 * has the password that was verified.
 */
static int
find_again(const struct auth *auth, const struct account_job *job,
    struct account *account, bool *found, struct refusal *why)
{
	enum db_status status;

	*found = false;
	status = store_account_by_id(auth->store, &job->account.id, account);
	if (status != DB_ROW && status != DB_DONE)
		return refuse_store(why, status);
	*found = status == DB_ROW &&
	    account->password_changes == job->account.password_changes;
	return 0;
}

int
accounts_finish_login(struct auth *auth, const struct account_job *job,
    int64_t now, struct auth_session *reply, struct refusal *why)
{
	struct account account;
	enum db_status status;
	bool found;

	if (check_outcome(&job->password, NULL, NULL, why) != 0)
		return -1;
	if (find_again(auth, job, &account, &found, why) != 0)
		return -1;
	if (!found)
		return refuse(why, PROTO_ERROR_INVALID_LOGIN, NULL, NULL);
	if (job->password.hash[0] != '\0') {
		memcpy(account.password_hash, job->password.hash,
		    sizeof(account.password_hash));
		status = store_account_set_password(auth->store, &account);
		if (status != DB_OK)
			return refuse_store(why, status);
	}
	return open_session(auth, &account, now, reply, why);
}

/* -------- with an access token -------- */

int
accounts_authenticate(const struct auth *auth, const char *jwt, int64_t now,
    struct session *session, struct refusal *why)
{
	struct token_claims claims;
	enum db_status status;

	if (token_verify(auth->tokens, jwt, now / MS_PER_S, &claims) != 0)
		return refuse(why, PROTO_ERROR_INVALID_TOKEN, NULL, NULL);
	status = store_session_find(auth->store, &claims.session_id, session);
	if (status != DB_ROW && status != DB_DONE)
		return refuse_store(why, status);
	if (status == DB_DONE || session->expires_at <= now ||
	    !uuid_equal(&session->account_id, &claims.account_id))
		return refuse(why, PROTO_ERROR_INVALID_TOKEN, NULL, NULL);
	return 0;
}

int
accounts_me(const struct auth *auth, const struct session *session,
    struct user *reply, struct refusal *why)
{
	struct account account;
	enum db_status status;

	/* The foreign key keeps every session's account there. */
	status = store_account_by_id(
	    auth->store, &session->account_id, &account);
	if (status != DB_ROW)
		return refuse_store(why, status);
	fill_user(reply, &account);
	return 0;
}

int
accounts_logout(
    struct auth *auth, const struct session *session, struct refusal *why)
{
	enum db_status status;

	status = store_session_remove(auth->store, &session->id);
	return status == DB_OK ? 0 : refuse_store(why, status);
}

/* -------- change of the password -------- */

int
accounts_begin_password(const struct auth *auth, const struct session *session,
    const struct auth_password *request, struct account_job *job,
    struct refusal *why)
{
	enum db_status status;

	start_job(auth, job);
	status = store_account_by_id(
	    auth->store, &session->account_id, &job->account);
	if (status != DB_ROW)
		return refuse_store(why, status);
	if (account_password_has_email(
		request->new_password, job->account.email))
		return refuse(
		    why, PROTO_ERROR_WEAK_PASSWORD, "newPassword", GIVEN_AWAY);
	memcpy(job->password.stored, job->account.password_hash,
	    sizeof(job->password.stored));
	copy_password(job->password.given, request->current_password);
	copy_password(job->password.chosen, request->new_password);
	return 0;
}

int
accounts_finish_password(struct auth *auth, const struct account_job *job,
    const struct session *session, struct refusal *why)
{
	struct account account;
	enum db_status status;
	bool found;

	if (check_outcome(
		&job->password, "currentPassword", "newPassword", why) != 0)
		return -1;
	if (find_again(auth, job, &account, &found, why) != 0)
		return -1;
	if (!found)
		return refuse(
		    why, PROTO_ERROR_WRONG_PASSWORD, "currentPassword", NULL);
	memcpy(account.password_hash, job->password.hash,
	    sizeof(account.password_hash));
	account.password_changes++;
	status = store_account_set_password(auth->store, &account);
	if (status == DB_OK)
		status = store_session_remove_others(
		    auth->store, &account.id, &session->id);
	return status == DB_OK ? 0 : refuse_store(why, status);
}
