/*
 * The tables of analytics-svc. Only ever appended to.
 */
#include "analytics-svc/store.h"
#include "common/outbox.h"

/* clang-format off */
const struct db_migration store_schema[] = {
	{ OUTBOX_MIGRATIONS },
	{
	"CREATE TABLE producer ("
	"	producer BLOB PRIMARY KEY,"	/* who ships events */
	"	sequence INTEGER NOT NULL,"	/* all up to it are counted */
	"	latest_at INTEGER NOT NULL"	/* newest of them, UTC ms */
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE api_key ("
	"	number INTEGER PRIMARY KEY,"	/* in sheet.id */
	"	account_id BLOB NOT NULL,"
	"	key_id BLOB NOT NULL,"
	"	name TEXT,"			/* NULL until a KEY_SAVED */
	"	UNIQUE (account_id, key_id)"
	") STRICT;"

	"CREATE TABLE operation ("
	"	number INTEGER PRIMARY KEY,"	/* 1, 2, ... without gaps */
	"	name TEXT NOT NULL UNIQUE"	/* operationId */
	") STRICT;"

	/*
	 * One row for each key, grain and bucket in which something happened.
	 * All three are in the id, so that a key's buckets lie side by side
	 * and in order, and there is no second index to keep.
	 */
	"CREATE TABLE sheet ("
	"	id INTEGER PRIMARY KEY,"	/* see sheet_id in store.c */
	"	cells BLOB NOT NULL,"		/* counters, see sheet.h */
	"	solve_times BLOB NOT NULL"	/* histogram, see sheet.h */
	") STRICT;"
	},
	{
	"ALTER TABLE sheet ADD COLUMN"
	"	misreadings BLOB NOT NULL DEFAULT x'';"	/* see sheet.h */
	},
	{ OUTBOX_MIGRATION_PRODUCER },
};
/* clang-format on */

const size_t store_schema_count = sizeof(store_schema) /
    sizeof(store_schema[0]);
