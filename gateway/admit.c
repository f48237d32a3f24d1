/*
 * API keys at the gateway's door; see admit.h.
 */
#include <string.h>

#include <sodium.h>

#include "common/clock.h"
#include "common/secret.h"
#include "gateway/admit.h"
#include "gateway/cors.h"
#include "gateway/gateway.h"
#include "gateway/json.h"

#define NS_PER_MS     INT64_C(1000000)
#define CHANGES_TICKS (250 / BUS_TICK_MS)
#define STALE_SHARE   8 /* of a call's time, to renew what is known of a key */

static int
no_key(struct call *call)
{
	problem_set(&call->problem, PROTO_ERROR_UNAUTHORIZED, NULL,
	    "an API key is required: X-API-Key%s",
	    (call->route->flags & ROUTE_LEGACY) != 0 ? ", or secret in the body"
						     : "");
	return -1;
}

static int
bad_key(struct call *call)
{
	problem_set(&call->problem, PROTO_ERROR_INVALID_KEY, NULL, NULL);
	return -1;
}

static int
take_text(struct call *call, const char *text)
{
	enum api_key_kind kind;

	if (!api_key_check(text, &kind))
		return bad_key(call);
	api_key_hash(text, call->key_hash);
	return 0;
}

/* Turnstile's place for the key. */
static int
take_secret(struct call *call, const struct parse_body *body)
{
	struct json_problem fault;
	char text[PROTO_KEY_MAX + 1] = "";
	int rc = -1;

	switch (json_peek(body->text, body->len, body->form, "secret", text,
	    sizeof(text), &fault)) {
	case JSON_PEEK_FOUND:
		rc = text[0] != '\0' ? take_text(call, text) : no_key(call);
		break;
	case JSON_PEEK_ABSENT:
		rc = no_key(call);
		break;
	case JSON_PEEK_LONG:
		rc = bad_key(call);
		break;
	case JSON_PEEK_FAULT:
		problem_from_json(&call->problem, &fault);
		/* It may be of a type that is not read at all. */
		if (call->malformed && fault.field[0] == '\0')
			call->problem = call->defect;
		break;
	}
	sodium_memzero(text, sizeof(text));
	return rc;
}

int
admit_take(struct call *call, const struct parse_body *body)
{
	const char *header = call_header(call, "x-api-key");
	int rc;

	if (header != NULL) {
		rc = take_text(call, header);
		/* Kore frees the field without wiping it. */
		sodium_memzero((char *)(uintptr_t)header, strlen(header));
		return rc;
	}
	if ((call->route->flags & ROUTE_LEGACY) == 0)
		return no_key(call);
	return take_secret(call, body);
}

/*
 * Asks auth-svc for the key. When something is known of it already, only a
 * part of the call's time is spent on waiting for better.
 */
static enum admit_result
look_up(struct call *call, const void *request, int64_t now_ns, bool known)
{
	struct key_lookup lookup = { .hash_len = API_KEY_HASH_BYTES };
	int64_t deadline_ns = call_deadline(call);

	if (known)
		deadline_ns = now_ns + (deadline_ns - now_ns) / STALE_SHARE;
	memcpy(lookup.hash, call->key_hash, API_KEY_HASH_BYTES);
	metrics_add(gateway.counters, METRICS_KEY_MISSES, 1);
	if (call_keep(call, request) != 0 ||
	    call_send(call, bus_auth(gateway.bus), MSG_KEY_LOOKUP, &lookup,
		CALL_KEY, now_ns, deadline_ns) != 0)
		return ADMIT_NO;
	return ADMIT_WAIT;
}

void
admit_answer(struct call *call, const struct bus_answer *answer)
{
	if (answer->error == PROTO_OK) {
		call->key_asked = true;
		keycache_put(gateway.keys, call->key_hash, answer->reply,
		    call->start_ns);
		return;
	}
	if (answer->error == PROTO_ERROR_INVALID_KEY) {
		call->key_bad = true;
		keycache_refuse(gateway.keys, call->key_hash, clock_boot_ns());
		return;
	}
	/* No word on the key: what is known of it may still serve. */
	call->auth_away = true;
	call_fail(call, answer);
}

/* What a key may do, once it is known to be good. */
static int
check_kind(struct call *call, const struct key_info *info)
{
	const char *origin = NULL;

	/* A secret does not belong into a page: none gets to read this. */
	if (!info->publishable)
		call->page = NULL;
	if (!info->enabled)
		return bad_key(call);
	if (!info->publishable)
		return 0;
	if (call->route->auth == ROUTE_KEY_SECRET) {
		problem_set(&call->problem, PROTO_ERROR_FORBIDDEN, NULL,
		    "this needs a secret key (aic_sk_)");
		return -1;
	}
	origin = call_header(call, "origin");
	/* The dashboard's playground is a page of the gateway itself. */
	if (origin == NULL ||
	    (!cors_origin_allowed(info, origin) &&
		!cors_origin_is_host(origin, call_header(call, "host")))) {
		problem_set(
		    &call->problem, PROTO_ERROR_ORIGIN_NOT_ALLOWED, NULL, NULL);
		return -1;
	}
	return 0;
}

static int
check_rate(struct call *call, const struct key_info *info, int64_t now_ns)
{
	struct ratelimit_result limit;

	if (info->rate_limit <= 0)
		return 0;
	limit = ratelimit_take(
	    gateway.limit, &info->key_id, info->rate_limit, now_ns);
	call_note_limit(call, &limit);
	if (limit.allowed)
		return 0;
	metrics_add(gateway.counters, METRICS_RATE_LIMITED, 1);
	problem_set(&call->problem, PROTO_ERROR_RATE_LIMITED, NULL,
	    "the key's limit is %lld requests a minute",
	    (long long)info->rate_limit);
	call->problem.retry_after = limit.retry_after_s;
	return -1;
}

/* What the cache says, and auth-svc where that will not do. */
static enum admit_result
ask_cache(struct call *call, const void *request, int64_t now_ns,
    const struct key_info **info)
{
	enum keycache_result found;
	enum admit_result result;

	found = keycache_find(gateway.keys, call->key_hash, now_ns, info);
	if (*info != NULL && (found == KEYCACHE_FRESH || call->key_asked)) {
		if (!call->key_asked)
			metrics_add(gateway.counters, METRICS_KEY_HITS, 1);
		return ADMIT_YES;
	}
	if (*info == NULL && (found == KEYCACHE_REFUSED || call->key_bad)) {
		(void)bad_key(call);
		return ADMIT_NO;
	}
	/* A good key that is missed has changed since the answer: once more. */
	result = call->auth_away
	    ? ADMIT_NO
	    : look_up(call, request, now_ns, *info != NULL);
	if (result == ADMIT_WAIT || *info == NULL)
		return result;
	/* auth-svc is away, and with it everyone who could revoke the key. */
	metrics_add(gateway.counters, METRICS_KEY_STALE, 1);
	return ADMIT_YES;
}

enum admit_result
admit_judge(struct call *call, const void *request, int64_t now_ns,
    const struct key_info **info)
{
	enum admit_result result = ask_cache(call, request, now_ns, info);

	if (result != ADMIT_YES)
		return result;
	if (check_kind(call, *info) != 0 ||
	    check_rate(call, *info, now_ns) != 0)
		return ADMIT_NO;
	return ADMIT_YES;
}

/* -------- key changes -------- */

/* More than can be asked, one a tick, before the first one's time is over. */
#define QUESTIONS (BUS_PROBE_NS / (BUS_TICK_MS * NS_PER_MS) + 2)

/* When each question that has no answer yet was asked; 0 where there is none.
 * One is not held back by the last: its answer may have died with auth-svc. */
static int64_t asked_ns[QUESTIONS];
static size_t next_question;
static bool more_changes;
static int ticks;

static void
on_changes(void *owner, const struct bus_answer *answer)
{
	int64_t *asked = owner;

	if (answer->error == PROTO_OK)
		more_changes = keycache_changed(
		    gateway.keys, answer->reply, *asked);
	*asked = 0;
}

void
admit_tick(int64_t now_ns)
{
	int64_t *asked = &asked_ns[next_question];
	struct key_changes changes;
	struct bus_request request = {
		.endpoint = bus_auth(gateway.bus),
		.message = MSG_KEY_CHANGES,
		.body = &changes,
		.now_ns = now_ns,
		.deadline_ns = now_ns + BUS_PROBE_NS,
		.probe = true,
		.done = on_changes,
		.owner = asked,
	};
	uint64_t correlation;

	ticks++;
	if ((ticks < CHANGES_TICKS && !more_changes) || *asked != 0)
		return;
	ticks = 0;
	more_changes = false;
	next_question = (next_question + 1) % QUESTIONS;
	secret_uuid(&request.trace);
	keycache_ask(gateway.keys, &changes);
	if (bus_send(gateway.bus, &request, &correlation) == PROTO_OK)
		*asked = now_ns;
}
