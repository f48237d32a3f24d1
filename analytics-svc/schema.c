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
	/*
	 * From which to which UTC day a key has sheets, so that a report asks
	 * for those of its period alone. An id of a day's sheet is 2 << 61 |
	 * key << 27 | day.
	 */
	{
	"ALTER TABLE api_key ADD COLUMN first_day INTEGER;" /* NULL for none */
	"ALTER TABLE api_key ADD COLUMN last_day INTEGER;"
	"UPDATE api_key SET"
	"	first_day = (SELECT min(id) FROM sheet"
	"	    WHERE id >= ((2 << 61) + (number << 27))"
	"	    AND id < ((2 << 61) + ((number + 1) << 27))) & ((1 << 27) - 1),"
	"	last_day = (SELECT max(id) FROM sheet"
	"	    WHERE id >= ((2 << 61) + (number << 27))"
	"	    AND id < ((2 << 61) + ((number + 1) << 27))) & ((1 << 27) - 1);"
	"CREATE INDEX api_key_by_day"
	"	ON api_key (account_id, last_day, first_day)"
	"	WHERE last_day IS NOT NULL;"
	},
	{
	"ALTER TABLE api_key ADD COLUMN revoked_day INTEGER;" /* NULL: live */
	"CREATE INDEX api_key_unused ON api_key (revoked_day)"
	"	WHERE last_day IS NULL AND revoked_day IS NOT NULL;"
	},
};
/* clang-format on */

const size_t store_schema_count = sizeof(store_schema) /
    sizeof(store_schema[0]);
