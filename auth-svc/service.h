/*
 * What the files of auth-svc share.
 *
 * A request goes: handlers.c -> accounts.c or keys.c (what can be done, one
 * function an operation) -> account_rules.c, key_rules.c (pure) and store.c
 * (every query), with password.c on the pool, which follows password_rules.c
 * (pure), and token.c for access tokens. throttle.c (pure) slows down whoever
 * guesses passwords. uses.c keeps what gateways tell of keys for house-keeping
 * to write.
 */
#ifndef AUTH_SVC_SERVICE_H
#define AUTH_SVC_SERVICE_H

#include "auth-svc/decoys.h"
#include "auth-svc/password.h"
#include "auth-svc/store.h"
#include "auth-svc/throttle.h"
#include "auth-svc/token.h"
#include "auth-svc/uses.h"
#include "common/outbox.h"
#include "common/service.h"
#include "proto/proto.h"

/* Lives as long as the process; owns nothing that it points to. */
struct auth {
	struct store *store;
	struct outbox *outbox;
	const struct token_keys *tokens;
	struct throttle *throttle; /* of failed sign-ins */
	struct password_policy policy;
	struct decoys decoys; /* for e-mails that have no account */
	struct uses uses;     /* of keys, still to be noted */
	int64_t session_ttl_s;
};

/*
 * Why an operation was refused: an answer for the caller, or what the store
 * said, which comes first. Zero it to start.
 */
struct refusal {
	enum db_status status;
	enum proto_error error;
	const char *field;     /* NULL for none; static */
	int64_t retry_after_s; /* 0 for none */
	char detail[PROTO_DETAIL_MAX + 1];
};

/* Both fill *why and return -1. detail may be NULL. */
int refuse(struct refusal *why, enum proto_error error, const char *field,
    const char *detail);
int refuse_store(struct refusal *why, enum db_status status);

/* The messages of this service, for service_run. */
extern const struct service_route auth_routes[];
extern const size_t auth_routes_count;

/* House-keeping; ctx is a struct auth. */
int auth_tick(void *ctx);

#define AUTH_TICK_MS 1000 /* lastUsedAt waits for it */

#endif
