/*
 * Every query of analytics-svc.
 */
#include "analytics-svc/store.h"

#include <stdlib.h>
#include <string.h>

#include "analytics-svc/operations.h"
#include "common/log.h"

/* A sheet's id: the grain, the key's number, and the bucket's, which in
 * minutes stays below 2^27 until the year 2225. */
#define BUCKET_BITS 27
#define KEY_BITS    34

struct store {
	struct db_stmt *producer;
	struct db_stmt *set_producer;
	struct db_stmt *latest;
	struct db_stmt *operation_count;
	struct db_stmt *operations;
	struct db_stmt *add_operation;
	struct db_stmt *key;
	struct db_stmt *add_key;
	struct db_stmt *name_key;
	struct db_stmt *revoke_key;
	struct db_stmt *forget_keys;
	struct db_stmt *count_key;
	struct db_stmt *keys;
	struct db_stmt *one_key;
	struct db_stmt *walk; /* the one of these two that is under way */
	struct db_stmt *sheets;
	struct db_stmt *cells;
	struct db_stmt *write_sheet;
	struct db_stmt *oldest_sheet;
	struct db_stmt *delete_sheets;

	struct db *db;
	/* A copy of the table operation; see store_refresh_operations. */
	struct operations names;
	uint8_t cells_bytes[SHEET_CELLS_BYTES];
	uint8_t times_bytes[SHEET_TIMES_BYTES];
	uint8_t misreadings_bytes[SHEET_MISREADINGS_BYTES];
};

struct store *
store_open(struct db *db)
{
	struct store *store = NULL;

	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return NULL;
	store->db = db;
	store->producer = db_prepare(db, "producer",
	    "SELECT sequence, latest_at FROM producer"
	    " WHERE producer = :producer");
	store->set_producer = db_prepare(db, "set producer",
	    "INSERT INTO producer (producer, sequence, latest_at)"
	    " VALUES (:producer, :sequence, :latest_at)"
	    " ON CONFLICT (producer) DO UPDATE SET"
	    " sequence = excluded.sequence, latest_at = excluded.latest_at");
	store->latest = db_prepare(db, "latest",
	    "SELECT coalesce(max(latest_at), 0) AS at FROM producer");
	store->operation_count = db_prepare(db, "operation count",
	    "SELECT coalesce(max(number), 0) AS count FROM operation");
	store->operations = db_prepare(
	    db, "operations", "SELECT name FROM operation ORDER BY number");
	store->add_operation = db_prepare(db, "add operation",
	    "INSERT INTO operation (number, name) VALUES (:number, :name)");
	store->key = db_prepare(db, "key",
	    "SELECT number FROM api_key"
	    " WHERE account_id = :account_id AND key_id = :key_id");
	store->add_key = db_prepare(db, "add key",
	    "INSERT INTO api_key (account_id, key_id)"
	    " VALUES (:account_id, :key_id) RETURNING number");
	store->name_key = db_prepare(db, "name key",
	    "INSERT INTO api_key (account_id, key_id, name)"
	    " VALUES (:account_id, :key_id, :name)"
	    " ON CONFLICT (account_id, key_id) DO UPDATE SET"
	    " name = excluded.name");
	store->revoke_key = db_prepare(db, "revoke key",
	    "UPDATE api_key SET revoked_day = :day"
	    " WHERE account_id = :account_id AND key_id = :key_id");
	store->forget_keys = db_prepare(db, "forget keys",
	    "DELETE FROM api_key WHERE number IN ("
	    "SELECT number FROM api_key INDEXED BY api_key_unused"
	    " WHERE last_day IS NULL AND revoked_day < :day LIMIT :most)");
	store->count_key = db_prepare(db, "count key",
	    "UPDATE api_key SET"
	    " first_day = min(coalesce(first_day, :day), :day),"
	    " last_day = max(coalesce(last_day, :day), :day)"
	    " WHERE number = :number AND (first_day IS NULL"
	    " OR :day NOT BETWEEN first_day AND last_day)");
	store->keys = db_prepare(db, "keys",
	    "SELECT number, key_id, name"
	    " FROM api_key INDEXED BY api_key_by_day"
	    " WHERE account_id = :account_id"
	    " AND last_day >= :first AND first_day < :end");
	store->one_key = db_prepare(db, "one key",
	    "SELECT number, key_id, name FROM api_key"
	    " WHERE account_id = :account_id AND key_id = :key_id"
	    " AND last_day >= :first AND first_day < :end");
	store->sheets = db_prepare(db, "sheets",
	    "SELECT id, cells, solve_times, misreadings FROM sheet"
	    " WHERE id >= :first AND id < :end");
	store->cells = db_prepare(db, "cells",
	    "SELECT id, cells FROM sheet WHERE id >= :first AND id < :end");
	store->write_sheet = db_prepare(db, "write sheet",
	    "INSERT INTO sheet (id, cells, solve_times, misreadings)"
	    " VALUES (:id, :cells, :solve_times, :misreadings)"
	    " ON CONFLICT (id) DO UPDATE SET cells = excluded.cells,"
	    " solve_times = excluded.solve_times,"
	    " misreadings = excluded.misreadings");
	store->oldest_sheet = db_prepare(db, "oldest sheet",
	    "SELECT id FROM sheet WHERE id >= :first AND id < :end"
	    " ORDER BY id LIMIT 1");
	store->delete_sheets = db_prepare(db, "delete sheets",
	    "DELETE FROM sheet WHERE id IN (SELECT id FROM sheet"
	    " WHERE id >= :first AND id < :end ORDER BY id LIMIT :most)");
	return store;
}

void
store_free(struct store **store)
{
	free(*store);
	*store = NULL;
}

/* -------- producers -------- */

enum db_status
store_producer(
    struct store *store, const struct uuid *id, struct store_producer *producer)
{
	enum db_status status;

	producer->sequence = 0;
	producer->latest_at = 0;
	db_bind_uuid(store->producer, ":producer", id);
	status = db_step(store->producer);
	if (status == DB_DONE)
		return DB_OK;
	if (status != DB_ROW)
		return status;
	producer->sequence = db_int(store->producer, "sequence");
	producer->latest_at = db_int(store->producer, "latest_at");
	db_reset(store->producer);
	return DB_OK;
}

enum db_status
store_set_producer(struct store *store, const struct uuid *id,
    const struct store_producer *producer)
{
	db_bind_uuid(store->set_producer, ":producer", id);
	db_bind_int(store->set_producer, ":sequence", producer->sequence);
	db_bind_int(store->set_producer, ":latest_at", producer->latest_at);
	return db_run(store->set_producer);
}

/* Reads the one number that a query without parameters answers. */
static enum db_status
read_number(struct db_stmt *stmt, const char *column, int64_t *number)
{
	enum db_status status = db_step(stmt);

	if (status != DB_ROW)
		return status == DB_DONE ? DB_ERROR : status;
	*number = db_int(stmt, column);
	db_reset(stmt);
	return DB_OK;
}

enum db_status
store_latest(struct store *store, int64_t *at)
{
	return read_number(store->latest, "at", at);
}

/* -------- operations -------- */

/*
 * Names are only ever added, here, and each time after this check. So a
 * rollback leaves fewer rows than names in memory, and is seen before a number
 * could be given a second time.
 */
enum db_status
store_refresh_operations(struct store *store)
{
	enum db_status status;
	int64_t count = 0;

	status = read_number(store->operation_count, "count", &count);
	if (status != DB_OK || count == store->names.count)
		return status;

	operations_clear(&store->names);
	while ((status = db_step(store->operations)) == DB_ROW) {
		const char *name = db_text(store->operations, "name");

		if (operations_add(&store->names, name) == 0) {
			log_error(NULL, "operation %u does not fit",
			    store->names.count + 1);
			db_reset(store->operations);
			return DB_ERROR;
		}
	}
	return status == DB_DONE ? DB_OK : status;
}

enum db_status
store_operation(struct store *store, const char *name, unsigned *number)
{
	enum db_status status;

	*number = operations_find(&store->names, name);
	if (*number != 0 || store->names.count == SHEET_OPERATIONS - 1)
		return DB_OK;

	db_bind_int(store->add_operation, ":number", store->names.count + 1);
	db_bind_text(store->add_operation, ":name", name);
	status = db_run(store->add_operation);
	if (status == DB_OK)
		*number = operations_add(&store->names, name);
	return status;
}

const char *
store_operation_name(const struct store *store, unsigned number)
{
	return operations_name(&store->names, number);
}

/* -------- keys -------- */

enum db_status
store_key(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, int64_t *number)
{
	struct db_stmt *const stmts[] = { store->key, store->add_key };
	enum db_status status = DB_DONE;

	for (size_t i = 0; i < 2 && status == DB_DONE; i++) {
		db_bind_uuid(stmts[i], ":account_id", account_id);
		db_bind_uuid(stmts[i], ":key_id", key_id);
		status = db_step(stmts[i]);
		if (status == DB_ROW) {
			*number = db_int(stmts[i], "number");
			return db_run(stmts[i]);
		}
	}
	return status == DB_DONE ? DB_ERROR : status;
}

enum db_status
store_name_key(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, const char *name)
{
	db_bind_uuid(store->name_key, ":account_id", account_id);
	db_bind_uuid(store->name_key, ":key_id", key_id);
	db_bind_text(store->name_key, ":name", name);
	return db_run(store->name_key);
}

enum db_status
store_revoke_key(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, int64_t at)
{
	db_bind_uuid(store->revoke_key, ":account_id", account_id);
	db_bind_uuid(store->revoke_key, ":key_id", key_id);
	db_bind_int(store->revoke_key, ":day", period_bucket(PERIOD_DAY, at));
	return db_run(store->revoke_key);
}

enum db_status
store_forget_keys(
    struct store *store, int64_t day, int64_t most, int64_t *forgotten)
{
	enum db_status status;

	db_bind_int(store->forget_keys, ":day", day);
	db_bind_int(store->forget_keys, ":most", most);
	status = db_run(store->forget_keys);
	*forgotten = status == DB_OK ? db_changes(store->db) : 0;
	return status;
}

void
store_begin_keys(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, struct period period)
{
	store->walk = key_id != NULL ? store->one_key : store->keys;
	db_bind_uuid(store->walk, ":account_id", account_id);
	if (key_id != NULL)
		db_bind_uuid(store->walk, ":key_id", key_id);
	db_bind_int(
	    store->walk, ":first", period_bucket(PERIOD_DAY, period.from));
	db_bind_int(
	    store->walk, ":end", period_bucket(PERIOD_DAY, period.to - 1) + 1);
}

enum db_status
store_next_key(struct store *store, struct store_key *key)
{
	enum db_status status;

	status = db_step(store->walk);
	if (status != DB_ROW)
		return status;

	memset(key, 0, sizeof(*key));
	key->number = db_int(store->walk, "number");
	db_copy_uuid(store->walk, "key_id", &key->id);
	key->is_named = !db_is_null(store->walk, "name");
	db_copy_text(store->walk, "name", key->name, sizeof(key->name));
	return DB_ROW;
}

void
store_end_keys(struct store *store)
{
	db_reset(store->walk);
}

/* -------- sheets -------- */

static int64_t
sheet_id(int64_t key, enum period_grain grain, int64_t bucket)
{
	return (int64_t)grain << (KEY_BITS + BUCKET_BITS) | key << BUCKET_BITS |
	    bucket;
}

static void
bind_span(struct db_stmt *stmt, int64_t key, const struct period_span *span)
{
	db_bind_int(stmt, ":first", sheet_id(key, span->grain, span->first));
	db_bind_int(stmt, ":end", sheet_id(key, span->grain, span->end));
}

/* Ends a query whose row is not what store_write_sheet writes. */
static enum db_status
end_malformed(struct db_stmt *stmt)
{
	log_error(
	    NULL, "sheet %lld is malformed", (long long)db_int(stmt, "id"));
	db_reset(stmt);
	return DB_ERROR;
}

enum db_status
store_write_sheet(struct store *store, int64_t key, enum period_grain grain,
    int64_t bucket, const struct sheet *sheet)
{
	enum db_status status;
	size_t len;

	db_bind_int(store->write_sheet, ":id", sheet_id(key, grain, bucket));
	len = sheet_write_cells(sheet, store->cells_bytes);
	db_bind_blob(store->write_sheet, ":cells", store->cells_bytes, len);
	len = sheet_write_times(sheet, store->times_bytes);
	db_bind_blob(
	    store->write_sheet, ":solve_times", store->times_bytes, len);
	len = sheet_write_misreadings(sheet, store->misreadings_bytes);
	db_bind_blob(
	    store->write_sheet, ":misreadings", store->misreadings_bytes, len);
	status = db_run(store->write_sheet);
	if (status != DB_OK || grain != PERIOD_DAY)
		return status;
	db_bind_int(store->count_key, ":number", key);
	db_bind_int(store->count_key, ":day", bucket);
	return db_run(store->count_key);
}

/* Adds all of the row's sheet to a sum; -1 when it is malformed. */
static int
add_row(struct db_stmt *stmt, struct sheet *sum)
{
	const void *bytes;
	size_t len;

	bytes = db_blob(stmt, "cells", &len);
	if (sheet_read_cells(sum, bytes, len) == -1)
		return -1;
	bytes = db_blob(stmt, "solve_times", &len);
	if (sheet_read_times(sum, bytes, len) == -1)
		return -1;
	bytes = db_blob(stmt, "misreadings", &len);
	return sheet_read_misreadings(sum, bytes, len);
}

enum db_status
store_sum(struct store *store, int64_t key, const struct period_span *span,
    struct sheet *sum)
{
	enum db_status status;

	bind_span(store->sheets, key, span);
	while ((status = db_step(store->sheets)) == DB_ROW)
		if (add_row(store->sheets, sum) == -1)
			return end_malformed(store->sheets);
	return status == DB_DONE ? DB_OK : status;
}

enum db_status
store_sum_counts(struct store *store, int64_t key,
    const struct period_span *span, struct counts *sum)
{
	enum db_status status;

	bind_span(store->cells, key, span);
	while ((status = db_step(store->cells)) == DB_ROW) {
		size_t len;
		const void *cells = db_blob(store->cells, "cells", &len);

		if (sheet_read_total(sum, cells, len) == -1)
			return end_malformed(store->cells);
	}
	return status == DB_DONE ? DB_OK : status;
}

enum db_status
store_sum_points(struct store *store, int64_t key,
    const struct period_span *span, struct counts *points)
{
	int64_t first = sheet_id(key, span->grain, span->first);
	enum db_status status;

	bind_span(store->cells, key, span);
	while ((status = db_step(store->cells)) == DB_ROW) {
		int64_t point = db_int(store->cells, "id") - first;
		size_t len;
		const void *cells = db_blob(store->cells, "cells", &len);

		if (sheet_read_total(&points[point], cells, len) == -1)
			return end_malformed(store->cells);
	}
	return status == DB_DONE ? DB_OK : status;
}

enum db_status
store_oldest_sheet(struct store *store, enum period_grain grain, int64_t from,
    int64_t *key, int64_t *bucket)
{
	enum db_status status;
	int64_t id;

	db_bind_int(store->oldest_sheet, ":first", sheet_id(from, grain, 0));
	db_bind_int(store->oldest_sheet, ":end",
	    sheet_id(0, (enum period_grain)(grain + 1), 0));
	status = db_step(store->oldest_sheet);
	if (status != DB_ROW)
		return status;
	id = db_int(store->oldest_sheet, "id");
	db_reset(store->oldest_sheet);
	*key = id >> BUCKET_BITS & ((INT64_C(1) << KEY_BITS) - 1);
	*bucket = id & ((INT64_C(1) << BUCKET_BITS) - 1);
	return DB_ROW;
}

enum db_status
store_delete_sheets(struct store *store, int64_t key,
    const struct period_span *span, int64_t most, int64_t *deleted)
{
	enum db_status status;

	bind_span(store->delete_sheets, key, span);
	db_bind_int(store->delete_sheets, ":most", most);
	status = db_run(store->delete_sheets);
	*deleted = status == DB_OK ? db_changes(store->db) : 0;
	return status;
}
