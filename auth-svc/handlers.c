/*
 * The messages of auth-svc, one function each: ask who it is, do it by
 * accounts.c or keys.c, say so in the log. A request that hashes a password is
 * two functions around a job on the pool.
 */
#include <sodium.h>
#include <string.h>

#include "auth-svc/accounts.h"
#include "auth-svc/keys.h"
#include "auth-svc/service.h"
#include "common/clock.h"
#include "common/log.h"

/* Answers with what was refused. */
static int
answer_refusal(struct service_call *call, const struct refusal *why)
{
	if (why->status != DB_OK)
		return service_store_error(call, why->status);
	if (why->detail[0] == '\0')
		return service_fail(call, why->error, why->field, NULL);
	return service_fail(call, why->error, why->field, "%s", why->detail);
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
defer(struct service_call *call, struct account_job *job, service_finish finish)
{
	int result;

	result = service_defer(call, job, sizeof(*job), account_work, finish);
	sodium_memzero(job, sizeof(*job));
	return result;
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
	struct account_job job;
	struct refusal why = { 0 };

	(void)reply;
	if (accounts_begin_register(ctx, request, &job, &why) != 0)
		return answer_refusal(call, &why);
	return defer(call, &job, finish_register);
}

static int
finish_login(struct service_call *call, void *ctx, const void *request,
    void *reply, void *data)
{
	const struct account_job *job = data;
	struct auth_session *opened = reply;
	struct refusal why = { 0 };

	(void)request;
	if (accounts_finish_login(ctx, job, clock_now_ms(), opened, &why) !=
	    0) {
		if (why.error == PROTO_ERROR_INVALID_LOGIN)
			audit(call, "sign-in refused", &job->account.id, NULL,
			    NULL);
		return answer_refusal(call, &why);
	}
	audit(call, "signed in", &opened->user.id, NULL, NULL);
	if (job->password.hash[0] != '\0')
		audit(call, "password rehashed", &opened->user.id, NULL, NULL);
	return PROTO_OK;
}

static int
handle_login(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct account_job job;
	struct refusal why = { 0 };

	(void)reply;
	if (accounts_begin_login(ctx, request, &job, &why) != 0)
		return answer_refusal(call, &why);
	return defer(call, &job, finish_login);
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

static int
finish_password(struct service_call *call, void *ctx, const void *request,
    void *reply, void *job)
{
	const struct auth_password *asked = request;
	struct refusal why = { 0 };
	struct session session;

	(void)reply;
	/* Once more: the session may have ended while the pool worked. */
	if (accounts_authenticate(
		ctx, asked->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_finish_password(ctx, job, &session, &why) != 0)
		return answer_refusal(call, &why);
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
	struct session session;
	struct account_job job;

	(void)reply;
	if (accounts_authenticate(
		ctx, asked->jwt, clock_now_ms(), &session, &why) != 0 ||
	    accounts_begin_password(ctx, &session, asked, &job, &why) != 0)
		return answer_refusal(call, &why);
	return defer(call, &job, finish_password);
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
	const struct auth *auth = ctx;
	const int64_t now = clock_now_ms();
	enum db_status status;

	status = store_purge_expired(auth->store, now);
	if (status == DB_OK)
		status = store_purge_changes(
		    auth->store, now - KEY_CHANGES_KEPT_MS);
	return status == DB_OK ? PROTO_OK : PROTO_ERROR_INTERNAL;
}
