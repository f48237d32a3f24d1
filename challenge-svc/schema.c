/*
 * The tables of challenge-svc. Only ever appended to.
 */
#include "challenge-svc/store.h"
#include "common/outbox.h"

/* clang-format off */
const struct db_migration store_schema[] = {
	{ OUTBOX_MIGRATIONS },
	{
	"CREATE TABLE challenge ("
	"	id INTEGER PRIMARY KEY,"	/* ordered by time, see token.h */
	"	state INTEGER NOT NULL,"	/* enum challenge_state */
	"	due_at INTEGER NOT NULL,"	/* when the sweep looks at it next */
	"	secret INTEGER NOT NULL,"	/* 62 bits of the token */
	"	account_id BLOB NOT NULL,"	/* whose key asked */
	"	key_id BLOB NOT NULL,"		/* the only key that may answer */
	"	level INTEGER NOT NULL,"	/* enum level of proto */
	"	operation_id TEXT NOT NULL,"
	"	answer INTEGER NOT NULL,"	/* the right one */
	"	human_ms INTEGER NOT NULL,"	/* fastest plausible for a person */
	"	min_score INTEGER NOT NULL,"	/* points, of the key */
	"	min_solve_ms INTEGER NOT NULL,"	/* of the key, 0 for none */
	"	issued_at INTEGER NOT NULL,"	/* steady UTC ms, as all times */
	"	expires_at INTEGER NOT NULL,"
	"	hostname TEXT,"			/* of the page that asked */
	"	action TEXT,"			/* the site's own words, */
	"	cdata TEXT,"			/* given back by siteverify */
	"	score INTEGER NOT NULL,"	/* tenths of a point, once judged */
	"	solve_ms INTEGER NOT NULL,"	/* once judged */
	"	verification INTEGER NOT NULL,"	/* 62 bits, of use once allowed */
	"	verification_expires_at INTEGER NOT NULL,"
	"	idempotency_key TEXT"		/* of the siteverify that won */
	") STRICT;"
	"CREATE INDEX challenge_due ON challenge(due_at);"
	},
	{
	"ALTER TABLE challenge ADD COLUMN"
	"	slips BLOB NOT NULL DEFAULT x'';"	/* see slips.h */
	},
	{ OUTBOX_MIGRATION_PRODUCER },
};
/* clang-format on */

const size_t store_schema_count = sizeof(store_schema) /
    sizeof(store_schema[0]);
