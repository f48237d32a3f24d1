/*
 * What can be done with API keys.
 *
 * Each returns 0, or -1 with *why filled; a refusal has written nothing unless
 * the store failed or memory ended, and then the transaction is to be rolled
 * back.
 * now is steady UTC milliseconds. Each runs inside the caller's transaction.
 * A key of another account is NOT_FOUND, as if there were none.
 */
#ifndef AUTH_SVC_KEYS_H
#define AUTH_SVC_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "auth-svc/service.h"

/* A change that a gateway has not asked for by then tells it to start over. */
#define KEY_CHANGES_KEPT_MS INT64_C(86400000)

/* Older secrets of one key that a grace period keeps. */
#define KEY_GRACE_MAX 5

/* Revoked keys of one account that are kept to be listed. */
#define KEY_REVOKED_MAX 100

/*
 * Keys that an account makes in an hour. Not more than are kept of it when it
 * revokes each at once, as it is these that are counted.
 */
#define KEY_MADE_MAX	100
#define KEY_MADE_MAX_MS INT64_C(3600000)

int keys_list(const struct auth *auth, const struct uuid *account_id,
    struct key_items *reply, struct refusal *why);

/*
 * A new pair; the reply has the secret, which is stored nowhere. LIMIT_REACHED
 * when the account has PROTO_KEYS_MAX that live; RATE_LIMITED when it has made
 * KEY_MADE_MAX in the last hour; BAD_REQUEST names what is not valid.
 */
int keys_create(struct auth *auth, const struct uuid *account_id,
    const struct key_create *request, int64_t now, struct api_key *reply,
    struct refusal *why);

/* CONFLICT for a revoked key. *changed: something is not as it was. */
int keys_update(struct auth *auth, const struct uuid *account_id,
    const struct key_update *request, int64_t now, struct api_key *reply,
    bool *changed, struct refusal *why);

/*
 * *changed is false for a key that was revoked before. Past KEY_REVOKED_MAX the
 * keys that were revoked first are forgotten.
 */
int keys_revoke(struct auth *auth, const struct uuid *account_id,
    const struct uuid *id, int64_t now, bool *changed, struct refusal *why);

/*
 * A new secret; those before it end when the grace period does, if not sooner,
 * and past KEY_GRACE_MAX the oldest end now. CONFLICT for a revoked key.
 */
int keys_rotate(struct auth *auth, const struct uuid *account_id,
    const struct key_rotate *request, int64_t now, struct api_key *reply,
    struct refusal *why);

/* INVALID_KEY: unknown, revoked, disabled, or rotated away and expired. */
int keys_lookup(const struct auth *auth, const struct key_lookup *request,
    int64_t now, struct key_info *reply, struct refusal *why);

/*
 * Which keys changed after `since`, and the newest sequence. reset when that
 * cannot be told: since is 0 (the asker knows nothing), older than what is
 * kept, newer than the newest (an older copy of the database was restored), or
 * more keys changed than one reply holds. The used ones wait in auth->uses; it
 * writes nothing.
 */
int keys_changes(struct auth *auth, const struct key_changes *request,
    int64_t now, struct key_changed *reply, struct refusal *why);

#endif
