/*
 * What can be done with API keys.
 */
#include <sodium.h>
#include <string.h>

#include "auth-svc/key_rules.h"
#include "auth-svc/keys.h"
#include "common/secret.h"

#define MS_PER_S INT64_C(1000)
#define LAST_LEN 4

/* -------- what several of them do -------- */

static int
find_own(const struct auth *auth, const struct uuid *account_id,
    const struct uuid *id, struct key *key, struct refusal *why)
{
	enum db_status status;

	status = store_key_find(auth->store, account_id, id, key);
	if (status == DB_DONE)
		return refuse(why, PROTO_ERROR_NOT_FOUND, NULL,
		    "there is no such API key");
	return status == DB_ROW ? 0 : refuse_store(why, status);
}

static int
find_own_live(const struct auth *auth, const struct uuid *account_id,
    const struct uuid *id, struct key *key, struct refusal *why)
{
	if (find_own(auth, account_id, id, key, why) != 0)
		return -1;
	if (PROTO_HAS(&key->shown, api_key, revoked_at))
		return refuse(
		    why, PROTO_ERROR_CONFLICT, NULL, "the API key is revoked");
	return 0;
}

static int
refuse_field(struct refusal *why, const char *field)
{
	return refuse(why, PROTO_ERROR_BAD_REQUEST, field,
	    strcmp(field, "name") == 0
		? "a name is not empty and has no control characters"
		: "an origin is like https://example.com or "
		  "http://localhost:3000");
}

/* Tells analytics what the key is called, or that it was revoked. */
static enum db_status
tell_key(struct auth *auth, const struct key *key, int64_t now)
{
	struct event event;

	memset(&event, 0, sizeof(event));
	event.kind = event_kind_KEY_SAVED;
	event.at = now;
	event.account_id = key->account_id;
	event.key_id = key->shown.id;
	event.count = 1;
	if (!PROTO_HAS(&key->shown, api_key, revoked_at)) {
		memcpy(event.name, key->shown.name, sizeof(event.name));
		PROTO_SET(&event, event, name);
	}
	return outbox_add(auth->outbox, &event);
}

static enum db_status
add_hash(struct auth *auth, const struct uuid *key_id, const char *text,
    bool publishable)
{
	struct key_hash hash;

	memset(&hash, 0, sizeof(hash));
	api_key_hash(text, hash.hash);
	hash.key_id = *key_id;
	hash.publishable = publishable;
	return store_hash_add(auth->store, &hash);
}

/* Shows the new secret, this once. */
static void
set_secret(struct api_key *shown, const char secret[API_KEY_LEN + 1])
{
	memcpy(shown->prefix, secret, API_KEY_PREFIX_LEN);
	shown->prefix[API_KEY_PREFIX_LEN] = '\0';
	memcpy(shown->last4, secret + API_KEY_LEN - LAST_LEN, LAST_LEN + 1);
	memcpy(shown->key, secret, API_KEY_LEN + 1);
	PROTO_SET(shown, api_key, key);
}

/* -------- for an owner -------- */

int
keys_list(const struct auth *auth, const struct uuid *account_id,
    struct key_items *reply, struct refusal *why)
{
	enum db_status status;

	status = store_key_list(auth->store, account_id, reply);
	return status == DB_OK ? 0 : refuse_store(why, status);
}

/* Whether the account may make a key now. */
static int
may_create(const struct auth *auth, const struct uuid *account_id, int64_t now,
    struct refusal *why)
{
	enum db_status status;
	int64_t live, made_at = 0, wait_ms;

	status = store_key_count(auth->store, account_id, &live);
	if (status == DB_OK)
		status = store_key_made_at(
		    auth->store, account_id, KEY_MADE_MAX, &made_at);
	if (status != DB_OK)
		return refuse_store(why, status);
	if (live >= PROTO_KEYS_MAX)
		return refuse(why, PROTO_ERROR_LIMIT_REACHED, NULL,
		    "revoke an API key before making another");
	wait_ms = made_at + KEY_MADE_MAX_MS - now;
	if (made_at == 0 || wait_ms <= 0)
		return 0;
	why->retry_after_s = (wait_ms + MS_PER_S - 1) / MS_PER_S;
	return refuse(why, PROTO_ERROR_RATE_LIMITED, NULL,
	    "too many API keys made within an hour");
}

int
keys_create(struct auth *auth, const struct uuid *account_id,
    const struct key_create *request, int64_t now, struct api_key *reply,
    struct refusal *why)
{
	char secret[API_KEY_LEN + 1];
	enum db_status status;
	const char *wrong;
	struct key key;

	memset(&key, 0, sizeof(key));
	wrong = key_apply_create(&key.shown, request);
	if (wrong != NULL)
		return refuse_field(why, wrong);
	if (may_create(auth, account_id, now, why) != 0)
		return -1;
	key.account_id = *account_id;
	secret_uuid(&key.shown.id);
	key.shown.created_at = now;
	api_key_generate(API_KEY_PUBLISHABLE, key.shown.publishable_key);
	api_key_generate(API_KEY_SECRET, secret);
	set_secret(&key.shown, secret);
	status = store_key_add(auth->store, &key);
	if (status == DB_OK)
		status = add_hash(auth, &key.shown.id, secret, false);
	if (status == DB_OK)
		status = add_hash(
		    auth, &key.shown.id, key.shown.publishable_key, true);
	if (status == DB_OK)
		status = tell_key(auth, &key, now);
	if (status == DB_OK)
		*reply = key.shown;
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(key.shown.key, sizeof(key.shown.key));
	return status == DB_OK ? 0 : refuse_store(why, status);
}

int
keys_update(struct auth *auth, const struct uuid *account_id,
    const struct key_update *request, int64_t now, struct api_key *reply,
    bool *changed, struct refusal *why)
{
	enum db_status status = DB_OK;
	struct api_key before;
	const char *wrong;
	struct key key;

	if (find_own_live(auth, account_id, &request->id, &key, why) != 0)
		return -1;
	before = key.shown;
	wrong = key_apply_update(&key.shown, request);
	if (wrong != NULL)
		return refuse_field(why, wrong);
	*changed = !proto_equal(&proto_api_key, &before, &key.shown);
	if (*changed) {
		status = store_key_save(auth->store, &key);
		if (status == DB_OK)
			status = store_change_add(
			    auth->store, &key.shown.id, now);
		if (status == DB_OK && strcmp(before.name, key.shown.name) != 0)
			status = tell_key(auth, &key, now);
	}
	if (status != DB_OK)
		return refuse_store(why, status);
	*reply = key.shown;
	return 0;
}

int
keys_revoke(struct auth *auth, const struct uuid *account_id,
    const struct uuid *id, int64_t now, bool *changed, struct refusal *why)
{
	enum db_status status;
	struct key key;

	if (find_own(auth, account_id, id, &key, why) != 0)
		return -1;
	*changed = !PROTO_HAS(&key.shown, api_key, revoked_at);
	if (!*changed)
		return 0;
	key.shown.revoked_at = now;
	PROTO_SET(&key.shown, api_key, revoked_at);
	status = store_key_keep_revoked(
	    auth->store, account_id, KEY_REVOKED_MAX - 1);
	if (status == DB_OK)
		status = store_key_save(auth->store, &key);
	if (status == DB_OK)
		status = store_change_add(auth->store, id, now);
	if (status == DB_OK)
		status = tell_key(auth, &key, now);
	return status == DB_OK ? 0 : refuse_store(why, status);
}

int
keys_rotate(struct auth *auth, const struct uuid *account_id,
    const struct key_rotate *request, int64_t now, struct api_key *reply,
    struct refusal *why)
{
	char secret[API_KEY_LEN + 1];
	enum db_status status;
	struct key key;
	int64_t grace;

	if (find_own_live(auth, account_id, &request->id, &key, why) != 0)
		return -1;
	grace = PROTO_HAS(request, key_rotate, grace_seconds)
	    ? request->grace_seconds
	    : KEY_GRACE_DEFAULT;
	key.shown.previous_key_expires_at = now + grace * MS_PER_S;
	PROTO_SET(&key.shown, api_key, previous_key_expires_at);
	api_key_generate(API_KEY_SECRET, secret);
	set_secret(&key.shown, secret);
	status = store_hash_end_secrets(
	    auth->store, &key.shown.id, key.shown.previous_key_expires_at);
	if (status == DB_OK)
		status = store_hash_keep_ended(
		    auth->store, &key.shown.id, KEY_GRACE_MAX);
	if (status == DB_OK)
		status = add_hash(auth, &key.shown.id, secret, false);
	if (status == DB_OK)
		status = store_key_save(auth->store, &key);
	if (status == DB_OK)
		status = store_change_add(auth->store, &key.shown.id, now);
	if (status == DB_OK)
		*reply = key.shown;
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(key.shown.key, sizeof(key.shown.key));
	return status == DB_OK ? 0 : refuse_store(why, status);
}

/* -------- for a gateway -------- */

int
keys_lookup(const struct auth *auth, const struct key_lookup *request,
    int64_t now, struct key_info *reply, struct refusal *why)
{
	struct key_hash hash;
	enum db_status status;
	struct key key;

	if (request->hash_len != API_KEY_HASH_BYTES)
		return refuse(why, PROTO_ERROR_INVALID_KEY, NULL, NULL);
	status = store_hash_find(auth->store, request->hash, &hash, &key);
	if (status != DB_ROW && status != DB_DONE)
		return refuse_store(why, status);
	if (status == DB_DONE ||
	    sodium_memcmp(hash.hash, request->hash, sizeof(hash.hash)) != 0 ||
	    PROTO_HAS(&key.shown, api_key, revoked_at) || !key.shown.enabled ||
	    (hash.expires_at != 0 && hash.expires_at <= now))
		return refuse(why, PROTO_ERROR_INVALID_KEY, NULL, NULL);
	reply->key_id = key.shown.id;
	reply->account_id = key.account_id;
	reply->publishable = hash.publishable;
	if (hash.expires_at != 0) {
		reply->expires_at = hash.expires_at;
		reply->expires_in_ms = hash.expires_at - now;
		PROTO_SET(reply, key_info, expires_at);
		PROTO_SET(reply, key_info, expires_in_ms);
	}
	key_fill_info(reply, &key.shown);
	return 0;
}

int
keys_changes(struct auth *auth, const struct key_changes *request, int64_t now,
    struct key_changed *reply, struct refusal *why)
{
	const int64_t since = request->since;
	int64_t oldest = 0, newest = 0;
	enum db_status status;
	uint32_t i;

	status = store_change_span(auth->store, &oldest, &newest);
	if (status != DB_OK)
		return refuse_store(why, status);
	reply->sequence = newest;
	if (since != newest) {
		reply->reset = since == 0 || since > newest ||
		    since < oldest - 1;
		if (!reply->reset) {
			status = store_change_list(auth->store, since,
			    reply->keys, &reply->keys_count);
			if (status != DB_OK)
				return refuse_store(why, status);
			reply->reset = reply->keys_count > PROTO_CHANGES_MAX;
		}
		if (reply->reset)
			reply->keys_count = 0;
	}
	for (i = 0; i < request->used_count; i++)
		uses_add(&auth->uses, &request->used[i], now);
	return 0;
}
