/*
 * The messages of auth-svc, one function each: ask who it is, do it by
 * accounts.c or keys.c, say so in the log. A request that hashes a password is
 * two functions around a job on the pool.
 */
#include <sodium.h>
#include <string.h>

#include "auth-svc/account_rules.h"
#include "auth-svc/accounts.h"
#include "auth-svc/keys.h"
#include "auth-svc/service.h"
#include "common/clock.h"
#include "common/log.h"

#define MS_PER_S  INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)

/* Answers with what was refused. */
static int
answer_refusal(struct service_call *call, const struct refusal *why)
{
	if (why->status != DB_OK)
		return service_store_error(call, why->status);
	if (why->detail[0] == '\0')
		return service_fail(call, why->error, why->field, NULL);
	(void)service_fail(call, why->error, why->field, "%s", why->detail);
	if (why->retry_after_s > 0)
		service_retry_after(call, why->retry_after_s);
	return (int)why->error;
}

/*
 * The audit line of a change. A zero account is one that nobody has; subject is
 * the key or session, NULL for none.
 */
static void
audit(struct service_call *call, const char *what,
    const struct uuid *account_id, const char *subject_name,
    const struct uuid *subject)
{
	char account[UUID_TEXT_MAX + 1], other[UUID_TEXT_MAX + 1];

	if (uuid_is_zero(account_id))
		memcpy(account, "-", sizeof("-"));
	else
		uuid_format(account_id, account);
	if (subject == NULL) {
		service_audit(call, "%s account=%s", what, account);
		return;
	}
	uuid_format(subject, other);
	service_audit(
	    call, "%s account=%s %s=%s", what, account, subject_name, other);
}

static int
defer(struct service_call *call, struct account_job *job, service_finish finish,
    service_drop drop)
{
	int result;

	result = service_defer(
	    call, job, sizeof(*job), account_work, finish, drop);
	sodium_memzero(job, sizeof(*job));
	return result;
}

/* -------- guessing -------- */

_Static_assert(sizeof(struct uuid) == PROTO_ADDRESS_LEN,
    "an address fits where the pool keeps its askers");

static int64_t
throttle_now_ms(void)
{
	return clock_boot_ns() / NS_PER_MS;
}

/*
 * Begins an attempt at a password, or answers that it is too early. When the
 * batch of this request is rolled back and run once more, the first one has
 * been dropped.
 */
static int
begin_guess(struct service_call *call, const struct auth *auth,
    const struct throttle_party *party)
{
	int64_t wait_ms = throttle_begin(
	    auth->throttle, party, throttle_now_ms());

	if (wait_ms == 0)
		return PROTO_OK;
	(void)service_fail(call, PROTO_ERROR_RATE_LIMITED, NULL,
	    "too many wrong passwords: wait before the next one");
	service_retry_after(call, (wait_ms + MS_PER_S - 1) / MS_PER_S);
	return PROTO_ERROR_RATE_LIMITED;
}

/* Hands it to the pool; what finds no place there was no attempt. */
static int
defer_guess(struct service_call *call, const struct auth *auth,
    const struct throttle_party *party, struct account_job *job,
    service_finish finish, service_drop drop)
{
	int result = defer(call, job, finish, drop);

	if (result != SERVICE_DEFERRED)
		throttle_undo(auth->throttle, party);
	return result;
}

/* A wrong password stays counted. */
static void
end_guess(const struct auth *auth, const struct throttle_party *party,
    const struct refusal *why)
{
	if (why == NULL)
		throttle_succeeded(auth->throttle, party);
	else if (why->error != PROTO_ERROR_INVALID_LOGIN &&
	    why->error != PROTO_ERROR_WRONG_PASSWORD)
		throttle_undo(auth->throttle, party);
}

/* What has no account is slowed down like what has one. */
static struct throttle_party
login_party(const struct auth *auth, const struct auth_login *request)
{
	char email[PROTO_EMAIL_MAX + 1];
	bool valid = account_normalise_email(request->email, email) == 0;

	return throttle_party(auth->throttle, valid ? email : request->email,
	    PROTO_HAS(request, auth_login, address) ? request->address : NULL);
}

static void
set_asker(struct service_call *call, const uint8_t *address)
{
	struct uuid asker;

	memcpy(asker.bytes, address, sizeof(asker.bytes));
	service_set_asker(call, &asker);
}

/* -------- accounts -------- */

static int
finish_register(struct service_call *call, void *ctx, const void *request,
    void *reply, void *job)
{
	struct auth_session *opened = reply;
	struct refusal why = { 0 };

	(void)request;
	if (accounts_finish_register(ctx, job, clock_now_ms(), opened, &why) !=
	    0)
		return answer_refusal(call, &why);
	audit(call, "registered", &opened->user.id, NULL, NULL);
	return PROTO_OK;
}

static int
handle_register(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct auth_register *asked = request;
	struct account_job job;
	struct refusal why = { 0 };

	(void)reply;
	if (PROTO_HAS(asked, auth_register, address))
		set_asker(call, asked->address);
	if (accounts_begin_register(ctx, asked, &job, &why) != 0)
		return answer_refusal(call, &why);
	return defer(call, &job, finish_register, NULL);
}

/* Whoever waited is told nothing of the password, right or wrong: no guess. */
static void
drop_login(void *ctx, const void *request, const void *job)
{
	const struct auth *auth = ctx;
	const struct throttle_party party = login_party(auth, request);

	(void)job;
	throttle_undo(auth->throttle, &party);
}

static int
finish_login(struct service_call *call, void *ctx, const void *request,
    void *reply, void *data)
{
	const struct account_job *job = data;
	const struct throttle_party party = login_party(ctx, request);
	struct auth_session *opened = reply;
	struct refusal why = { 0 };

	if (accounts_finish_login(ctx, job, clock_now_ms(), opened, &why) !=
	    0) {
		end_guess(ctx, &party, &why);
		if (why.error == PROTO_ERROR_INVALID_LOGIN)
			audit(call, "sign-in refused", &job->account.id, NULL,
			    NULL);
		return answer_refusal(call, &why);
	}
	end_guess(ctx, &party, NULL);
	audit(call, "signed in", &opened->user.id, NULL, NULL);
	if (job->password.hash[0] != '\0')
		audit(call, "password rehashed", &opened->user.id, NULL, NULL);
	return PROTO_OK;
}

static int
handle_login(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct auth_login *asked = request;
	const struct throttle_party party = login_party(ctx, asked);
	struct account_job job;
	struct refusal why = { 0 };

	(void)reply;
	if (PROTO_HAS(asked, auth_login, address))
		set_asker(call, asked->address);
	if (begin_guess(call, ctx, &party) != PROTO_OK)
		return PROTO_ERROR_RATE_LIMITED;
	if (accounts_begin_login(ctx, asked, &job, &why) != 0) {
		end_guess(ctx, &party, &why);
		return answer_refusal(call, &why);
	}
	return defer_guess(call, ctx, &party, &job, finish_login, drop_login);
}

static int
handle_me(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct bearer *bearer = request;
	struct refusal why = { 0 };
	struct session session;

	if (accounts_authenticate(
		ctx, bearer->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_me(ctx, &session, reply, &why) != 0)
		return answer_refusal(call, &why);
	return PROTO_OK;
}

static int
handle_logout(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct bearer *bearer = request;
	struct refusal why = { 0 };
	struct session session;

	(void)reply;
	if (accounts_authenticate(
		ctx, bearer->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_logout(ctx, &session, &why) != 0)
		return answer_refusal(call, &why);
	audit(call, "signed out", &session.account_id, "session", &session.id);
	return PROTO_OK;
}

/* A stolen session may guess no faster than anybody; it has no address. */
static struct throttle_party
password_party(const struct auth *auth, const struct account_job *job)
{
	return throttle_party(auth->throttle, job->account.email, NULL);
}

static void
drop_password(void *ctx, const void *request, const void *job)
{
	const struct auth *auth = ctx;
	const struct throttle_party party = password_party(auth, job);

	(void)request;
	throttle_undo(auth->throttle, &party);
}

static int
finish_password(struct service_call *call, void *ctx, const void *request,
    void *reply, void *data)
{
	const struct auth_password *asked = request;
	const struct account_job *job = data;
	const struct throttle_party party = password_party(ctx, job);
	struct refusal why = { 0 };
	struct session session;

	(void)reply;
	/* Once more: the session may have ended while the pool worked. */
	if (accounts_authenticate(
		ctx, asked->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_finish_password(ctx, job, &session, &why) != 0) {
		end_guess(ctx, &party, &why);
		return answer_refusal(call, &why);
	}
	end_guess(ctx, &party, NULL);
	audit(call, "changed password", &session.account_id, "session",
	    &session.id);
	return PROTO_OK;
}

static int
handle_password(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct auth_password *asked = request;
	struct refusal why = { 0 };
	struct throttle_party party;
	struct session session;
	struct account_job job;

	(void)reply;
	if (accounts_authenticate(
		ctx, asked->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_begin_password(ctx, &session, asked, &job, &why) != 0)
		return answer_refusal(call, &why);
	service_set_asker(call, &session.account_id);
	party = password_party(ctx, &job);
	if (begin_guess(call, ctx, &party) != PROTO_OK) {
		sodium_memzero(&job, sizeof(job));
		return PROTO_ERROR_RATE_LIMITED;
	}
	return defer_guess(
	    call, ctx, &party, &job, finish_password, drop_password);
}

/* -------- API keys, for their owner -------- */

static int
handle_key_list(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct bearer *bearer = request;
	struct refusal why = { 0 };
	struct session session;

	if (accounts_authenticate(
		ctx, bearer->jwt, clock_now_ms(), &session, &why) != 0 ||
	    keys_list(ctx, &session.account_id, reply, &why) != 0)
		return answer_refusal(call, &why);
	return PROTO_OK;
}

static int
handle_key_create(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct key_create *asked = request;
	const int64_t now = clock_now_ms();
	struct refusal why = { 0 };
	struct api_key *key = reply;
	struct session session;

	if (accounts_authenticate(ctx, asked->jwt, now, &session, &why) != 0 ||
	    keys_create(ctx, &session.account_id, asked, now, key, &why) != 0)
		return answer_refusal(call, &why);
	audit(call, "created", &session.account_id, "key", &key->id);
	return PROTO_OK;
}

static int
handle_key_update(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct key_update *asked = request;
	const int64_t now = clock_now_ms();
	struct refusal why = { 0 };
	struct session session;
	bool changed = false;

	if (accounts_authenticate(ctx, asked->jwt, now, &session, &why) != 0 ||
	    keys_update(ctx, &session.account_id, asked, now, reply, &changed,
		&why) != 0)
		return answer_refusal(call, &why);
	if (changed)
		audit(call, "updated", &session.account_id, "key", &asked->id);
	return PROTO_OK;
}

static int
handle_key_revoke(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct key_revoke *asked = request;
	const int64_t now = clock_now_ms();
	struct refusal why = { 0 };
	struct session session;
	bool changed = false;

	(void)reply;
	if (accounts_authenticate(ctx, asked->jwt, now, &session, &why) != 0 ||
	    keys_revoke(
		ctx, &session.account_id, &asked->id, now, &changed, &why) != 0)
		return answer_refusal(call, &why);
	if (changed)
		audit(call, "revoked", &session.account_id, "key", &asked->id);
	return PROTO_OK;
}

static int
handle_key_rotate(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const struct key_rotate *asked = request;
	const int64_t now = clock_now_ms();
	struct refusal why = { 0 };
	struct session session;

	if (accounts_authenticate(ctx, asked->jwt, now, &session, &why) != 0 ||
	    keys_rotate(ctx, &session.account_id, asked, now, reply, &why) != 0)
		return answer_refusal(call, &why);
	audit(call, "rotated", &session.account_id, "key", &asked->id);
	return PROTO_OK;
}

/* -------- API keys, for a gateway -------- */

static int
handle_key_lookup(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct refusal why = { 0 };

	if (keys_lookup(ctx, request, clock_now_ms(), reply, &why) != 0)
		return answer_refusal(call, &why);
	return PROTO_OK;
}

static int
handle_key_changes(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct refusal why = { 0 };

	if (keys_changes(ctx, request, clock_now_ms(), reply, &why) != 0)
		return answer_refusal(call, &why);
	return PROTO_OK;
}

/* -------- the table, and house-keeping -------- */

const struct service_route auth_routes[] = {
	{ MSG_AUTH_REGISTER, handle_register },
	{ MSG_AUTH_LOGIN, handle_login },
	{ MSG_AUTH_ME, handle_me },
	{ MSG_AUTH_LOGOUT, handle_logout },
	{ MSG_AUTH_PASSWORD, handle_password },
	{ MSG_KEY_LIST, handle_key_list },
	{ MSG_KEY_CREATE, handle_key_create },
	{ MSG_KEY_UPDATE, handle_key_update },
	{ MSG_KEY_REVOKE, handle_key_revoke },
	{ MSG_KEY_ROTATE, handle_key_rotate },
	{ MSG_KEY_LOOKUP, handle_key_lookup },
	{ MSG_KEY_CHANGES, handle_key_changes },
};

const size_t auth_routes_count = sizeof(auth_routes) / sizeof(auth_routes[0]);

int
auth_tick(void *ctx)
{
	struct auth *auth = ctx;
	const int64_t now = clock_now_ms();
	enum db_status status;

	status = store_purge_expired(auth->store, now);
	if (status == DB_OK)
		status = store_purge_changes(
		    auth->store, now - KEY_CHANGES_KEPT_MS);
	if (status == DB_OK)
		status = uses_write(&auth->uses, auth->store);
	if (status == DB_ROW)
		return SERVICE_MORE;
	return status == DB_OK ? PROTO_OK : PROTO_ERROR_INTERNAL;
}
