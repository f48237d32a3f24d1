/*
 * Every query of auth-svc.
 */
#include <stdlib.h>
#include <string.h>

#include "auth-svc/store.h"

#define ACCOUNT_COLUMNS \
	"id, email, name, password_hash, password_changes, created_at"

/* The columns of an API key, in the order of struct api_key. */
#define KEY_COLUMNS                                                           \
	"api_key.id AS id, account_id, name, last4, publishable_key, "        \
	"difficulty, "                                                        \
	"min_score, min_solve_ms, ttl_seconds, allowed_origins, rate_limit, " \
	"enabled, created_at, last_used_at, revoked_at"

#define ORIGINS_TEXT_MAX (PROTO_ORIGINS_MAX * (PROTO_ORIGIN_MAX + 1))

struct store {
	struct db *db;
	struct db_stmt *latest;
	struct db_stmt *account_add;
	struct db_stmt *account_by_email;
	struct db_stmt *account_by_id;
	struct db_stmt *account_costs;
	struct db_stmt *account_set_password;
	struct db_stmt *session_add;
	struct db_stmt *session_find;
	struct db_stmt *session_remove;
	struct db_stmt *session_remove_others;
	struct db_stmt *session_keep_newest;
	struct db_stmt *key_add;
	struct db_stmt *key_find;
	struct db_stmt *key_list;
	struct db_stmt *key_count;
	struct db_stmt *key_made_at;
	struct db_stmt *key_save;
	struct db_stmt *key_keep_revoked;
	struct db_stmt *key_touch;
	struct db_stmt *hash_add;
	struct db_stmt *hash_find;
	struct db_stmt *hash_end_secrets;
	struct db_stmt *hash_keep_ended;
	struct db_stmt *change_add;
	struct db_stmt *change_span;
	struct db_stmt *change_list;
	struct db_stmt *purge_sessions;
	struct db_stmt *purge_hashes;
	struct db_stmt *purge_changes;
};

static void
prepare_accounts(struct store *store, struct db *db)
{
	store->account_add = db_prepare(db, "account_add",
	    "INSERT INTO account (id, email, name, password_hash,"
	    " password_changes, created_at)"
	    " VALUES (:id, :email, :name, :password_hash,"
	    " :password_changes, :created_at)");
	store->account_by_email = db_prepare(db, "account_by_email",
	    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE email = :email");
	store->account_by_id = db_prepare(db, "account_by_id",
	    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = :id");
	/* Behind "$argon2id$v=19$", up to the next dollar. */
	store->account_costs = db_prepare(db, "account_costs",
	    "SELECT substr(password_hash, 16,"
	    " instr(substr(password_hash, 16), '$') - 1) AS cost,"
	    " count(*) AS accounts FROM account"
	    " GROUP BY cost ORDER BY accounts DESC LIMIT :limit");
	store->account_set_password = db_prepare(db, "account_set_password",
	    "UPDATE account SET password_hash = :password_hash,"
	    " password_changes = :password_changes WHERE id = :id");
	store->session_add = db_prepare(db, "session_add",
	    "INSERT INTO session (id, account_id, created_at, expires_at)"
	    " VALUES (:id, :account_id, :created_at, :expires_at)");
	store->session_find = db_prepare(db, "session_find",
	    "SELECT id, account_id, created_at, expires_at"
	    " FROM session WHERE id = :id");
	store->session_remove = db_prepare(
	    db, "session_remove", "DELETE FROM session WHERE id = :id");
	store->session_remove_others = db_prepare(db, "session_remove_others",
	    "DELETE FROM session"
	    " WHERE account_id = :account_id AND id <> :keep");
	store->session_keep_newest = db_prepare(db, "session_keep_newest",
	    "DELETE FROM session WHERE id IN (SELECT id FROM session"
	    " WHERE account_id = :account_id"
	    " ORDER BY created_at DESC LIMIT -1 OFFSET :kept)");
}

static void
prepare_keys(struct store *store, struct db *db)
{
	store->key_add = db_prepare(db, "key_add",
	    "INSERT INTO api_key (id, account_id, name, last4,"
	    " publishable_key, difficulty, min_score, min_solve_ms,"
	    " ttl_seconds, allowed_origins, rate_limit, enabled, created_at)"
	    " VALUES (:id, :account_id, :name, :last4,"
	    " :publishable_key, :difficulty, :min_score, :min_solve_ms,"
	    " :ttl_seconds, :allowed_origins, :rate_limit, :enabled,"
	    " :created_at)");
	store->key_find = db_prepare(db, "key_find",
	    "SELECT " KEY_COLUMNS " FROM api_key"
	    " WHERE id = :id AND account_id = :account_id");
	store->key_list = db_prepare(db, "key_list",
	    "SELECT " KEY_COLUMNS " FROM api_key"
	    " WHERE account_id = :account_id"
	    " ORDER BY revoked_at IS NOT NULL, created_at DESC, rowid DESC"
	    " LIMIT :limit");
	store->key_count = db_prepare(db, "key_count",
	    "SELECT count(*) AS live FROM api_key"
	    " WHERE account_id = :account_id AND revoked_at IS NULL");
	store->key_made_at = db_prepare(db, "key_made_at",
	    "SELECT coalesce((SELECT created_at FROM api_key"
	    " WHERE account_id = :account_id"
	    " ORDER BY created_at DESC LIMIT 1 OFFSET :newer), 0) AS at");
	store->key_save = db_prepare(db, "key_save",
	    "UPDATE api_key SET name = :name, last4 = :last4,"
	    " difficulty = :difficulty, min_score = :min_score,"
	    " min_solve_ms = :min_solve_ms, ttl_seconds = :ttl_seconds,"
	    " allowed_origins = :allowed_origins, rate_limit = :rate_limit,"
	    " enabled = :enabled, revoked_at = :revoked_at WHERE id = :id");
	store->key_keep_revoked = db_prepare(db, "key_keep_revoked",
	    "DELETE FROM api_key WHERE id IN (SELECT id FROM api_key"
	    " WHERE account_id = :account_id AND revoked_at IS NOT NULL"
	    " ORDER BY revoked_at DESC, rowid DESC LIMIT -1 OFFSET :kept)");
	store->key_touch = db_prepare(db, "key_touch",
	    "UPDATE api_key SET last_used_at = :at WHERE id = :id"
	    " AND (last_used_at IS NULL OR last_used_at < :stale)");
	store->hash_add = db_prepare(db, "hash_add",
	    "INSERT INTO key_hash (hash, key_id, publishable, ordinal)"
	    " SELECT :hash, :key_id, :publishable,"
	    " coalesce(max(ordinal), 0) + 1 FROM key_hash"
	    " WHERE key_id = :key_id");
	store->hash_find = db_prepare(db, "hash_find",
	    "SELECT hash, publishable, expires_at, " KEY_COLUMNS
	    " FROM key_hash JOIN api_key ON api_key.id = key_hash.key_id"
	    " WHERE hash = :hash");
	store->hash_end_secrets = db_prepare(db, "hash_end_secrets",
	    "UPDATE key_hash SET expires_at = :expires_at"
	    " WHERE key_id = :key_id AND publishable = 0"
	    " AND (expires_at IS NULL OR expires_at > :expires_at)");
	store->hash_keep_ended = db_prepare(db, "hash_keep_ended",
	    "DELETE FROM key_hash WHERE hash IN (SELECT hash FROM key_hash"
	    " WHERE key_id = :key_id AND expires_at IS NOT NULL"
	    " ORDER BY ordinal DESC LIMIT -1 OFFSET :kept)");
}

static void
prepare_rest(struct store *store, struct db *db)
{
	store->latest = db_prepare(db, "latest",
	    "SELECT max("
	    " coalesce((SELECT max(created_at) FROM account), 0),"
	    " coalesce((SELECT max(created_at) FROM session), 0),"
	    " coalesce((SELECT max(created_at) FROM api_key), 0),"
	    " coalesce((SELECT max(last_used_at) FROM api_key), 0),"
	    " coalesce((SELECT max(revoked_at) FROM api_key), 0),"
	    " coalesce((SELECT max(at) FROM key_change), 0)) AS latest");
	store->change_add = db_prepare(db, "change_add",
	    "INSERT INTO key_change (key_id, at) VALUES (:key_id, :at)");
	store->change_span = db_prepare(db, "change_span",
	    "SELECT"
	    " coalesce((SELECT min(sequence) FROM key_change), 0) AS oldest,"
	    " coalesce((SELECT max(sequence) FROM key_change), 0) AS newest");
	store->change_list = db_prepare(db, "change_list",
	    "SELECT DISTINCT key_id FROM key_change WHERE sequence > :since"
	    " LIMIT :limit");
	store->purge_sessions = db_prepare(db, "purge_sessions",
	    "DELETE FROM session WHERE id IN (SELECT id FROM session"
	    " WHERE expires_at <= :now LIMIT 500)");
	store->purge_hashes = db_prepare(db, "purge_hashes",
	    "DELETE FROM key_hash WHERE hash IN (SELECT hash FROM key_hash"
	    " WHERE expires_at IS NOT NULL AND expires_at <= :now LIMIT 500)");
	store->purge_changes = db_prepare(db, "purge_changes",
	    "DELETE FROM key_change WHERE at < :before"
	    " AND sequence < (SELECT max(sequence) FROM key_change)");
}

struct store *
store_open(struct db *db)
{
	struct store *store;

	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return NULL;
	store->db = db;
	prepare_accounts(store, db);
	prepare_keys(store, db);
	prepare_rest(store, db);
	return store;
}

void
store_free(struct store **store)
{
	free(*store);
	*store = NULL;
}

/* -------- values -------- */

static void
bind_origins(struct db_stmt *stmt, const char *name, const struct api_key *key)
{
	char text[ORIGINS_TEXT_MAX + 1] = "";
	size_t used = 0, len;
	uint32_t i;

	for (i = 0; i < key->allowed_origins_count; i++) {
		if (i > 0)
			text[used++] = ' ';
		len = strlen(key->allowed_origins[i]);
		memcpy(text + used, key->allowed_origins[i], len);
		used += len;
	}
	text[used] = '\0';
	db_bind_text(stmt, name, text);
}

static void
read_origins(struct db_stmt *stmt, const char *column, struct api_key *key)
{
	const char *text = db_text(stmt, column);
	size_t len;

	key->allowed_origins_count = 0;
	while (
	    *text != '\0' && key->allowed_origins_count < PROTO_ORIGINS_MAX) {
		len = strcspn(text, " ");
		if (len > 0 && len <= PROTO_ORIGIN_MAX) {
			memcpy(key->allowed_origins[key->allowed_origins_count],
			    text, len);
			key->allowed_origins[key->allowed_origins_count][len] =
			    '\0';
			key->allowed_origins_count++;
		}
		text += len;
		text += strspn(text, " ");
	}
}

/* The one value of a statement that always has one row. */
static enum db_status
read_one(struct db_stmt *stmt, const char *column, int64_t *value)
{
	enum db_status status;

	status = db_step(stmt);
	if (status == DB_ROW)
		*value = db_int(stmt, column);
	db_reset(stmt);
	return status == DB_ROW ? DB_OK : status;
}

enum db_status
store_latest(struct store *store, int64_t *ms)
{
	return read_one(store->latest, "latest", ms);
}

/* -------- accounts -------- */

enum db_status
store_account_add(struct store *store, const struct account *account)
{
	struct db_stmt *stmt = store->account_add;

	db_bind_uuid(stmt, ":id", &account->id);
	db_bind_text(stmt, ":email", account->email);
	if (account->name[0] != '\0')
		db_bind_text(stmt, ":name", account->name);
	else
		db_bind_null(stmt, ":name");
	db_bind_text(stmt, ":password_hash", account->password_hash);
	db_bind_int(stmt, ":password_changes", account->password_changes);
	db_bind_int(stmt, ":created_at", account->created_at);
	return db_run(stmt);
}

static enum db_status
find_account(struct db_stmt *stmt, struct account *account)
{
	enum db_status status;

	status = db_step(stmt);
	if (status == DB_ROW) {
		memset(account, 0, sizeof(*account));
		db_copy_uuid(stmt, "id", &account->id);
		db_copy_text(
		    stmt, "email", account->email, sizeof(account->email));
		db_copy_text(
		    stmt, "name", account->name, sizeof(account->name));
		db_copy_text(stmt, "password_hash", account->password_hash,
		    sizeof(account->password_hash));
		account->password_changes = db_int(stmt, "password_changes");
		account->created_at = db_int(stmt, "created_at");
	}
	db_reset(stmt);
	return status;
}

/* "m=65536,t=2,p=1" */
static void
read_cost(struct db_stmt *stmt, struct password_cost *cost)
{
	char text[PASSWORD_HASH_SIZE];
	const char *memory = NULL, *passes = NULL;

	db_copy_text(stmt, "cost", text, sizeof(text));
	memory = strstr(text, "m=");
	passes = strstr(text, ",t=");
	cost->memory_kib = memory == NULL ? 0 : strtoll(memory + 2, NULL, 10);
	cost->passes = passes == NULL ? 0 : strtoll(passes + 3, NULL, 10);
	cost->accounts = db_int(stmt, "accounts");
	cost->is_policy = false;
}

enum db_status
store_password_costs(
    struct store *store, struct password_cost costs[], size_t *count)
{
	struct db_stmt *stmt = store->account_costs;
	const size_t most = *count;
	enum db_status status;

	*count = 0;
	db_bind_int(stmt, ":limit", (int64_t)most);
	while ((status = db_step(stmt)) == DB_ROW && *count < most)
		read_cost(stmt, &costs[(*count)++]);
	db_reset(stmt);
	return status == DB_DONE || status == DB_ROW ? DB_OK : status;
}

enum db_status
store_account_by_email(
    struct store *store, const char *email, struct account *account)
{
	db_bind_text(store->account_by_email, ":email", email);
	return find_account(store->account_by_email, account);
}

enum db_status
store_account_by_id(
    struct store *store, const struct uuid *id, struct account *account)
{
	db_bind_uuid(store->account_by_id, ":id", id);
	return find_account(store->account_by_id, account);
}

enum db_status
store_account_set_password(struct store *store, const struct account *account)
{
	struct db_stmt *stmt = store->account_set_password;

	db_bind_uuid(stmt, ":id", &account->id);
	db_bind_text(stmt, ":password_hash", account->password_hash);
	db_bind_int(stmt, ":password_changes", account->password_changes);
	return db_run(stmt);
}

/* -------- sessions -------- */

enum db_status
store_session_add(struct store *store, const struct session *session)
{
	struct db_stmt *stmt = store->session_add;

	db_bind_uuid(stmt, ":id", &session->id);
	db_bind_uuid(stmt, ":account_id", &session->account_id);
	db_bind_int(stmt, ":created_at", session->created_at);
	db_bind_int(stmt, ":expires_at", session->expires_at);
	return db_run(stmt);
}

enum db_status
store_session_find(
    struct store *store, const struct uuid *id, struct session *session)
{
	struct db_stmt *stmt = store->session_find;
	enum db_status status;

	db_bind_uuid(stmt, ":id", id);
	status = db_step(stmt);
	if (status == DB_ROW) {
		db_copy_uuid(stmt, "id", &session->id);
		db_copy_uuid(stmt, "account_id", &session->account_id);
		session->created_at = db_int(stmt, "created_at");
		session->expires_at = db_int(stmt, "expires_at");
	}
	db_reset(stmt);
	return status;
}

enum db_status
store_session_remove(struct store *store, const struct uuid *id)
{
	db_bind_uuid(store->session_remove, ":id", id);
	return db_run(store->session_remove);
}

enum db_status
store_session_remove_others(
    struct store *store, const struct uuid *account_id, const struct uuid *keep)
{
	db_bind_uuid(store->session_remove_others, ":account_id", account_id);
	db_bind_uuid(store->session_remove_others, ":keep", keep);
	return db_run(store->session_remove_others);
}

enum db_status
store_session_keep_newest(
    struct store *store, const struct uuid *account_id, int64_t kept)
{
	db_bind_uuid(store->session_keep_newest, ":account_id", account_id);
	db_bind_int(store->session_keep_newest, ":kept", kept);
	return db_run(store->session_keep_newest);
}

/* -------- keys -------- */

static void
bind_settings(struct db_stmt *stmt, const struct api_key *key)
{
	db_bind_uuid(stmt, ":id", &key->id);
	db_bind_text(stmt, ":name", key->name);
	db_bind_text(stmt, ":last4", key->last4);
	db_bind_int(stmt, ":difficulty", key->difficulty);
	db_bind_int(stmt, ":min_score", key->min_score);
	db_bind_int(stmt, ":min_solve_ms", key->min_solve_ms);
	db_bind_int(stmt, ":ttl_seconds", key->ttl_seconds);
	bind_origins(stmt, ":allowed_origins", key);
	db_bind_int(stmt, ":rate_limit", key->rate_limit);
	db_bind_int(stmt, ":enabled", key->enabled);
}

static void
read_key(struct db_stmt *stmt, struct api_key *key)
{
	memset(key, 0, sizeof(*key));
	db_copy_uuid(stmt, "id", &key->id);
	db_copy_text(stmt, "name", key->name, sizeof(key->name));
	memcpy(key->prefix, "aic_sk_", sizeof("aic_sk_"));
	db_copy_text(stmt, "last4", key->last4, sizeof(key->last4));
	db_copy_text(stmt, "publishable_key", key->publishable_key,
	    sizeof(key->publishable_key));
	key->difficulty = (uint8_t)db_int(stmt, "difficulty");
	key->min_score = db_int(stmt, "min_score");
	key->min_solve_ms = db_int(stmt, "min_solve_ms");
	key->ttl_seconds = db_int(stmt, "ttl_seconds");
	read_origins(stmt, "allowed_origins", key);
	key->rate_limit = db_int(stmt, "rate_limit");
	key->enabled = db_int(stmt, "enabled") != 0;
	key->created_at = db_int(stmt, "created_at");
	if (!db_is_null(stmt, "last_used_at")) {
		key->last_used_at = db_int(stmt, "last_used_at");
		PROTO_SET(key, api_key, last_used_at);
	}
	if (!db_is_null(stmt, "revoked_at")) {
		key->revoked_at = db_int(stmt, "revoked_at");
		PROTO_SET(key, api_key, revoked_at);
	}
}

enum db_status
store_key_add(struct store *store, const struct key *key)
{
	struct db_stmt *stmt = store->key_add;

	bind_settings(stmt, &key->shown);
	db_bind_uuid(stmt, ":account_id", &key->account_id);
	db_bind_text(stmt, ":publishable_key", key->shown.publishable_key);
	db_bind_int(stmt, ":created_at", key->shown.created_at);
	return db_run(stmt);
}

enum db_status
store_key_find(struct store *store, const struct uuid *account_id,
    const struct uuid *id, struct key *key)
{
	struct db_stmt *stmt = store->key_find;
	enum db_status status;

	db_bind_uuid(stmt, ":id", id);
	db_bind_uuid(stmt, ":account_id", account_id);
	status = db_step(stmt);
	if (status == DB_ROW) {
		db_copy_uuid(stmt, "account_id", &key->account_id);
		read_key(stmt, &key->shown);
	}
	db_reset(stmt);
	return status;
}

enum db_status
store_key_list(
    struct store *store, const struct uuid *account_id, struct key_items *list)
{
	struct db_stmt *stmt = store->key_list;
	enum db_status status;

	list->items_count = 0;
	db_bind_uuid(stmt, ":account_id", account_id);
	db_bind_int(stmt, ":limit", PROTO_KEYS_MAX);
	while ((status = db_step(stmt)) == DB_ROW &&
	    list->items_count < PROTO_KEYS_MAX)
		read_key(stmt, &list->items[list->items_count++]);
	db_reset(stmt);
	return status == DB_DONE || status == DB_ROW ? DB_OK : status;
}

enum db_status
store_key_count(
    struct store *store, const struct uuid *account_id, int64_t *count)
{
	db_bind_uuid(store->key_count, ":account_id", account_id);
	return read_one(store->key_count, "live", count);
}

enum db_status
store_key_made_at(struct store *store, const struct uuid *account_id, int64_t n,
    int64_t *made_at)
{
	db_bind_uuid(store->key_made_at, ":account_id", account_id);
	db_bind_int(store->key_made_at, ":newer", n - 1);
	return read_one(store->key_made_at, "at", made_at);
}

enum db_status
store_key_save(struct store *store, const struct key *key)
{
	struct db_stmt *stmt = store->key_save;

	bind_settings(stmt, &key->shown);
	if (PROTO_HAS(&key->shown, api_key, revoked_at))
		db_bind_int(stmt, ":revoked_at", key->shown.revoked_at);
	else
		db_bind_null(stmt, ":revoked_at");
	return db_run(stmt);
}

enum db_status
store_key_keep_revoked(
    struct store *store, const struct uuid *account_id, int64_t kept)
{
	db_bind_uuid(store->key_keep_revoked, ":account_id", account_id);
	db_bind_int(store->key_keep_revoked, ":kept", kept);
	return db_run(store->key_keep_revoked);
}

enum db_status
store_key_touch(
    struct store *store, const struct uuid *id, int64_t at, int64_t stale)
{
	enum db_status status;

	db_bind_uuid(store->key_touch, ":id", id);
	db_bind_int(store->key_touch, ":at", at);
	db_bind_int(store->key_touch, ":stale", stale);
	status = db_run(store->key_touch);
	if (status != DB_OK)
		return status;
	return db_changes(store->db) != 0 ? DB_ROW : DB_DONE;
}

enum db_status
store_hash_add(struct store *store, const struct key_hash *hash)
{
	struct db_stmt *stmt = store->hash_add;

	db_bind_blob(stmt, ":hash", hash->hash, sizeof(hash->hash));
	db_bind_uuid(stmt, ":key_id", &hash->key_id);
	db_bind_int(stmt, ":publishable", hash->publishable);
	return db_run(stmt);
}

enum db_status
store_hash_find(struct store *store, const uint8_t wanted[API_KEY_HASH_BYTES],
    struct key_hash *hash, struct key *key)
{
	struct db_stmt *stmt = store->hash_find;
	enum db_status status;
	const void *bytes;
	size_t len;

	db_bind_blob(stmt, ":hash", wanted, API_KEY_HASH_BYTES);
	status = db_step(stmt);
	if (status == DB_ROW) {
		memset(hash, 0, sizeof(*hash));
		bytes = db_blob(stmt, "hash", &len);
		if (len == sizeof(hash->hash))
			memcpy(hash->hash, bytes, len);
		hash->publishable = db_int(stmt, "publishable") != 0;
		hash->expires_at = db_int(stmt, "expires_at");
		db_copy_uuid(stmt, "account_id", &key->account_id);
		read_key(stmt, &key->shown);
		hash->key_id = key->shown.id;
	}
	db_reset(stmt);
	return status;
}

enum db_status
store_hash_end_secrets(
    struct store *store, const struct uuid *key_id, int64_t expires_at)
{
	db_bind_uuid(store->hash_end_secrets, ":key_id", key_id);
	db_bind_int(store->hash_end_secrets, ":expires_at", expires_at);
	return db_run(store->hash_end_secrets);
}

enum db_status
store_hash_keep_ended(
    struct store *store, const struct uuid *key_id, int64_t kept)
{
	db_bind_uuid(store->hash_keep_ended, ":key_id", key_id);
	db_bind_int(store->hash_keep_ended, ":kept", kept);
	return db_run(store->hash_keep_ended);
}

/* -------- changes of keys -------- */

enum db_status
store_change_add(struct store *store, const struct uuid *key_id, int64_t at)
{
	db_bind_uuid(store->change_add, ":key_id", key_id);
	db_bind_int(store->change_add, ":at", at);
	return db_run(store->change_add);
}

enum db_status
store_change_span(struct store *store, int64_t *oldest, int64_t *newest)
{
	struct db_stmt *stmt = store->change_span;
	enum db_status status;

	status = db_step(stmt);
	if (status == DB_ROW) {
		*oldest = db_int(stmt, "oldest");
		*newest = db_int(stmt, "newest");
	}
	db_reset(stmt);
	return status == DB_ROW ? DB_OK : status;
}

enum db_status
store_change_list(struct store *store, int64_t since,
    struct uuid keys[PROTO_CHANGES_MAX], uint32_t *count)
{
	struct db_stmt *stmt = store->change_list;
	enum db_status status;

	*count = 0;
	db_bind_int(stmt, ":since", since);
	db_bind_int(stmt, ":limit", PROTO_CHANGES_MAX + 1);
	while ((status = db_step(stmt)) == DB_ROW) {
		if (*count < PROTO_CHANGES_MAX)
			db_copy_uuid(stmt, "key_id", &keys[*count]);
		(*count)++;
	}
	db_reset(stmt);
	return status == DB_DONE ? DB_OK : status;
}

/* -------- house-keeping -------- */

enum db_status
store_purge_expired(struct store *store, int64_t now)
{
	enum db_status status;

	db_bind_int(store->purge_sessions, ":now", now);
	status = db_run(store->purge_sessions);
	if (status != DB_OK)
		return status;
	db_bind_int(store->purge_hashes, ":now", now);
	return db_run(store->purge_hashes);
}

enum db_status
store_purge_changes(struct store *store, int64_t before)
{
	db_bind_int(store->purge_changes, ":before", before);
	return db_run(store->purge_changes);
}
