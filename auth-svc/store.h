/*
 * Every question that auth-svc asks its database. The seam for another kind of
 * database: no SQL and no SQLite type shows here.
 *
 * What looks something up returns DB_ROW when it was found and filled in,
 * DB_DONE when there is none; what writes returns DB_OK, or DB_CONFLICT when
 * something is there already; either may return DB_FULL, DB_ERROR or DB_FATAL,
 * which have been logged. All of it runs inside the caller's transaction.
 */
#ifndef AUTH_SVC_STORE_H
#define AUTH_SVC_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth-svc/password.h"
#include "common/api_key.h"
#include "common/db.h"
#include "proto/proto.h"

extern const struct db_migration store_schema[];
extern const size_t store_schema_count;

struct store;

struct account {
	struct uuid id;
	char
	    email[PROTO_EMAIL_MAX + 1]; /* as account_normalise_email left it */
	char name[PROTO_NAME_MAX + 1];	/* empty for none */
	char password_hash[PASSWORD_HASH_SIZE];
	int64_t password_changes; /* by its owner; a rehash is none */
	int64_t created_at;
};

struct session {
	struct uuid id; /* the jti of its token */
	struct uuid account_id;
	int64_t created_at;
	int64_t expires_at;
};

/* An API key as its owner sees it, and who that is. `shown.key` is not kept. */
struct key {
	struct uuid account_id;
	struct api_key shown;
};

struct key_hash {
	uint8_t hash[API_KEY_HASH_BYTES];
	struct uuid key_id;
	bool publishable;
	int64_t expires_at; /* 0: it does not end */
};

/* Prepares the statements of an open database. NULL only when memory ends.
 * db must outlive it. store_free accepts NULL. */
struct store *store_open(struct db *db);
void store_free(struct store **store);

/* The latest time that any row says something happened at; 0 for no rows. It
 * reads whole tables: for the start of the process. */
enum db_status store_latest(struct store *store, int64_t *ms);

/* -------- accounts -------- */

/* DB_CONFLICT: the e-mail address is taken. */
enum db_status
store_account_add(struct store *store, const struct account *account);
enum db_status store_account_by_email(
    struct store *store, const char *email, struct account *account);
enum db_status store_account_by_id(
    struct store *store, const struct uuid *id, struct account *account);

/* What a password hash costs, and how many accounts have one of that cost. */
struct password_cost {
	int64_t memory_kib;
	int64_t passes;
	int64_t accounts;
	bool is_policy; /* not looked at here */
};

/* The commonest costs, at most *count; then *count is how many there are. Looks
 * at every account. */
enum db_status store_password_costs(
    struct store *store, struct password_cost costs[], size_t *count);

/* Writes password_hash and password_changes. */
enum db_status
store_account_set_password(struct store *store, const struct account *account);

/* -------- sessions -------- */

enum db_status
store_session_add(struct store *store, const struct session *session);
enum db_status store_session_find(
    struct store *store, const struct uuid *id, struct session *session);
enum db_status store_session_remove(struct store *store, const struct uuid *id);

/* Removes the sessions of an account but one. */
enum db_status store_session_remove_others(struct store *store,
    const struct uuid *account_id, const struct uuid *keep);

/* Removes the oldest sessions of an account until `kept` are left. */
enum db_status store_session_keep_newest(
    struct store *store, const struct uuid *account_id, int64_t kept);

/* -------- keys -------- */

enum db_status store_key_add(struct store *store, const struct key *key);

/* The key of that id if the account owns it, revoked or not. */
enum db_status store_key_find(struct store *store,
    const struct uuid *account_id, const struct uuid *id, struct key *key);

/* The account's keys, those that live first, newest first; PROTO_KEYS_MAX at
 * most. DB_OK or why not. */
enum db_status store_key_list(
    struct store *store, const struct uuid *account_id, struct key_items *list);

/* How many keys of the account live (are not revoked). DB_OK or why not. */
enum db_status store_key_count(
    struct store *store, const struct uuid *account_id, int64_t *count);

/* When the newest but n - 1 of the account's keys, revoked ones too, was made;
 * 0 when it has fewer than n. DB_OK or why not. */
enum db_status store_key_made_at(struct store *store,
    const struct uuid *account_id, int64_t n, int64_t *made_at);

/* Writes what may change of a key: name, last4, settings, revoked_at. */
enum db_status store_key_save(struct store *store, const struct key *key);

/* Removes the account's revoked keys, those revoked first, until `kept` are
 * left. */
enum db_status store_key_keep_revoked(
    struct store *store, const struct uuid *account_id, int64_t kept);

/* Notes a use of a key. DB_ROW; DB_DONE, and nothing is written, when one at or
 * after `stale` is noted already or there is no such key. */
enum db_status store_key_touch(
    struct store *store, const struct uuid *id, int64_t at, int64_t stale);

/* DB_CONFLICT: there is such a hash. */
enum db_status store_hash_add(struct store *store, const struct key_hash *hash);

/* A hash and the key that it belongs to. Says nothing about expiry. */
enum db_status
store_hash_find(struct store *store, const uint8_t wanted[API_KEY_HASH_BYTES],
    struct key_hash *hash, struct key *key);

/* Ends the secrets of a key at a time; one that ends before keeps its end. */
enum db_status store_hash_end_secrets(
    struct store *store, const struct uuid *key_id, int64_t expires_at);

/* Removes the oldest secrets of a key that have an end until `kept` are left.
 */
enum db_status store_hash_keep_ended(
    struct store *store, const struct uuid *key_id, int64_t kept);

/* -------- changes of keys -------- */

enum db_status
store_change_add(struct store *store, const struct uuid *key_id, int64_t at);

/* The first and the last sequence that is kept, 0 and 0 for none. DB_OK or why
 * not. */
enum db_status
store_change_span(struct store *store, int64_t *oldest, int64_t *newest);

/* The keys changed after a sequence, each once; *count is PROTO_CHANGES_MAX + 1
 * when there are more than fit. DB_OK or why not. */
enum db_status store_change_list(struct store *store, int64_t since,
    struct uuid keys[PROTO_CHANGES_MAX], uint32_t *count);

/* -------- house-keeping -------- */

/* Removes sessions and key hashes that have expired by now, some hundreds at
 * a time. */
enum db_status store_purge_expired(struct store *store, int64_t now);

/* Removes changes from before a time, but never the newest. */
enum db_status store_purge_changes(struct store *store, int64_t before);

#endif
