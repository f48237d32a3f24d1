/*
 * The tables of auth.db. Migrations are only ever appended; times are steady
 * UTC milliseconds, ids are the 16 bytes of a UUID.
 */
#include "auth-svc/store.h"
#include "common/outbox.h"

/* clang-format off */
static const char auth_schema_first[] =
    "CREATE TABLE account ("
    "	id            BLOB PRIMARY KEY CHECK (length(id) = 16),"
    "	email         TEXT NOT NULL UNIQUE," /* trimmed, lower-case */
    "	name          TEXT,"		     /* NULL: none was given */
    "	password_hash TEXT NOT NULL,"	     /* argon2id, with parameters */
    "	password_changes INTEGER NOT NULL," /* by its owner, not by a rehash */
    "	created_at    INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE session ("
    "	id         BLOB PRIMARY KEY CHECK (length(id) = 16)," /* jti */
    "	account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,"
    "	created_at INTEGER NOT NULL,"
    "	expires_at INTEGER NOT NULL" /* from then on it is refused */
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX session_of_account ON session (account_id);"
    "CREATE INDEX session_expiry ON session (expires_at);"

    "CREATE TABLE api_key ("
    "	id              BLOB PRIMARY KEY CHECK (length(id) = 16),"
    "	account_id      BLOB NOT NULL REFERENCES account (id)"
    "	                ON DELETE CASCADE,"
    "	name            TEXT NOT NULL,"
    "	last4           TEXT NOT NULL,"	       /* of the current secret */
    "	publishable_key TEXT NOT NULL,"	       /* it is public */
    "	difficulty      INTEGER NOT NULL,"     /* enum level */
    "	min_score       INTEGER NOT NULL,"     /* 0..100 */
    "	min_solve_ms    INTEGER NOT NULL,"     /* 0: none */
    "	ttl_seconds     INTEGER NOT NULL,"     /* a challenge's life */
    "	allowed_origins TEXT NOT NULL,"	       /* a space between two */
    "	rate_limit      INTEGER NOT NULL,"     /* a minute; 0: none */
    "	enabled         INTEGER NOT NULL,"     /* 0 or 1 */
    "	created_at      INTEGER NOT NULL,"
    "	last_used_at    INTEGER,"	       /* NULL: never; to a minute */
    "	revoked_at      INTEGER"	       /* NULL: it lives */
    ") STRICT;"
    "CREATE INDEX api_key_of_account ON api_key (account_id, created_at);"

    /* By what a key is found: its current texts and rotated secrets. */
    "CREATE TABLE key_hash ("
    "	hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),"
    "	key_id      BLOB NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,"
    "	publishable INTEGER NOT NULL," /* 0: secret, 1: publishable */
    "	expires_at  INTEGER"	       /* NULL: current; else rotated away */
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX key_hash_of_key ON key_hash (key_id);"
    "CREATE INDEX key_hash_expiry ON key_hash (expires_at)"
    "	WHERE expires_at IS NOT NULL;"

    /* What gateways follow in order to forget a key that changed. */
    "CREATE TABLE key_change ("
    "	sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
    "	key_id   BLOB NOT NULL,"
    "	at       INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX key_change_age ON key_change (at);";

/* Counts up with the texts of one key: which of its secrets is the oldest. */
static const char auth_schema_hash_order[] =
    "ALTER TABLE key_hash ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;";
/* clang-format on */

const struct db_migration store_schema[] = {
	{ OUTBOX_MIGRATIONS },
	{ auth_schema_first },
	{ auth_schema_hash_order },
	{ OUTBOX_MIGRATION_PRODUCER },
};

const size_t store_schema_count = sizeof(store_schema) /
    sizeof(store_schema[0]);
