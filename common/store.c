/*
 * The SQL of the tables `meta` and `outbox`: see store.h.
 */

#include <string.h>

#include "common/log.h"
#include "common/store.h"

/* The highest sequence that was deleted through, as a fact of `meta`. */
#define OUTBOX_THROUGH "outbox.through"

void
common_store_open(struct common_store *store, struct db *db)
{
	store->meta_get = db_prepare(db, "meta_get",
	    "SELECT value, typeof(value) AS type FROM meta"
	    " WHERE name = :name");
	store->meta_set = db_prepare(db, "meta_set",
	    "INSERT INTO meta (name, value) VALUES (:name, :value)"
	    " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
	store->outbox_add = db_prepare(db, "outbox_add",
	    "INSERT INTO outbox (sequence, body) VALUES (:sequence, :body)");
	store->outbox_next = db_prepare(db, "outbox_next",
	    "SELECT sequence, producer, body FROM outbox WHERE sequence > "
	    ":after"
	    " ORDER BY sequence");
	store->outbox_delete_through = db_prepare(db, "outbox_delete_through",
	    "DELETE FROM outbox WHERE sequence <= :sequence");
	store->outbox_sign = db_prepare(db, "outbox_sign",
	    "UPDATE outbox SET producer = :producer WHERE producer IS NULL");
	store->outbox_bounds = db_prepare(db, "outbox_bounds",
	    "SELECT min(sequence) AS first, max(sequence) AS last,"
	    " count(*) AS rows FROM outbox");
}

/* Finds a fact of a type: DB_ROW, to be read and reset, or as meta_store_get_
 * answers. */
static enum db_status
meta_find(struct common_store *store, const char *name, const char *type)
{
	enum db_status status;

	db_bind_text(store->meta_get, ":name", name);
	status = db_step(store->meta_get);
	if (status != DB_ROW)
		return status;
	if (strcmp(db_text(store->meta_get, "type"), type) != 0) {
		db_reset(store->meta_get);
		log_error(NULL, "meta: %s is not of type %s", name, type);
		return DB_ERROR;
	}
	return DB_ROW;
}

enum db_status
meta_store_get_int(struct common_store *store, const char *name, int64_t *value)
{
	enum db_status status;

	status = meta_find(store, name, "integer");
	if (status != DB_ROW)
		return status;
	*value = db_int(store->meta_get, "value");
	db_reset(store->meta_get);
	return DB_OK;
}

enum db_status
meta_store_get_text(
    struct common_store *store, const char *name, char *text, size_t size)
{
	enum db_status status;
	const char *value;
	size_t len;

	status = meta_find(store, name, "text");
	if (status != DB_ROW)
		return status;
	value = db_text(store->meta_get, "value");
	len = strlen(value);
	if (len < size) {
		memcpy(text, value, len + 1);
		status = DB_OK;
	} else {
		log_error(
		    NULL, "meta: %s is longer than %zu bytes", name, size - 1);
		status = DB_ERROR;
	}
	db_reset(store->meta_get);
	return status;
}

enum db_status
meta_store_get_blob(struct common_store *store, const char *name, void *bytes,
    size_t size, size_t *len)
{
	enum db_status status;
	const void *value;
	size_t value_len;

	status = meta_find(store, name, "blob");
	if (status != DB_ROW)
		return status;
	value = db_blob(store->meta_get, "value", &value_len);
	if (value_len <= size) {
		memcpy(bytes, value, value_len);
		*len = value_len;
		status = DB_OK;
	} else {
		log_error(
		    NULL, "meta: %s is longer than %zu bytes", name, size);
		status = DB_ERROR;
	}
	db_reset(store->meta_get);
	return status;
}

enum db_status
meta_store_set_int(struct common_store *store, const char *name, int64_t value)
{
	db_bind_text(store->meta_set, ":name", name);
	db_bind_int(store->meta_set, ":value", value);
	return db_run(store->meta_set);
}

enum db_status
meta_store_set_text(
    struct common_store *store, const char *name, const char *text)
{
	db_bind_text(store->meta_set, ":name", name);
	db_bind_text(store->meta_set, ":value", text);
	return db_run(store->meta_set);
}

enum db_status
meta_store_set_blob(
    struct common_store *store, const char *name, const void *bytes, size_t len)
{
	db_bind_text(store->meta_set, ":name", name);
	db_bind_blob(store->meta_set, ":value", bytes, len);
	return db_run(store->meta_set);
}

enum db_status
outbox_store_add(
    struct common_store *store, int64_t sequence, const void *body, size_t len)
{
	db_bind_int(store->outbox_add, ":sequence", sequence);
	db_bind_blob(store->outbox_add, ":body", body, len);
	return db_run(store->outbox_add);
}

enum db_status
outbox_store_next(
    struct common_store *store, int64_t after, outbox_store_row row, void *ctx)
{
	struct uuid producer;
	enum db_status status;
	const void *body;
	size_t len;
	bool more = true, is_signed;

	db_bind_int(store->outbox_next, ":after", after);
	while ((status = db_step(store->outbox_next)) == DB_ROW && more) {
		is_signed = !db_is_null(store->outbox_next, "producer");
		if (is_signed)
			db_copy_uuid(store->outbox_next, "producer", &producer);
		body = db_blob(store->outbox_next, "body", &len);
		more = row(ctx, db_int(store->outbox_next, "sequence"),
		    is_signed ? &producer : NULL, body, len);
		if (!more)
			break;
	}
	db_reset(store->outbox_next);
	return status == DB_ROW || status == DB_DONE ? DB_OK : status;
}

enum db_status
outbox_store_sign(struct common_store *store, const struct uuid *producer)
{
	db_bind_uuid(store->outbox_sign, ":producer", producer);
	return db_run(store->outbox_sign);
}

enum db_status
outbox_store_delete_through(struct common_store *store, int64_t sequence)
{
	enum db_status status;

	/*
	 * Remembered before the rows go: between the two, a crash leaves rows
	 * that are deleted again, never a sequence that is used twice.
	 */
	status = meta_store_set_int(store, OUTBOX_THROUGH, sequence);
	if (status != DB_OK)
		return status;
	db_bind_int(store->outbox_delete_through, ":sequence", sequence);
	return db_run(store->outbox_delete_through);
}

enum db_status
outbox_store_bounds(struct common_store *store, struct outbox_bounds *bounds)
{
	struct db_stmt *stmt = store->outbox_bounds;
	enum db_status status;
	int64_t through = 0;

	status = meta_store_get_int(store, OUTBOX_THROUGH, &through);
	if (status != DB_OK && status != DB_DONE)
		return status;
	status = db_step(stmt);
	if (status != DB_ROW)
		return status == DB_DONE ? DB_ERROR : status;
	bounds->first = db_int(stmt, "first");
	bounds->last = db_int(stmt, "last");
	bounds->rows = db_int(stmt, "rows");
	db_reset(stmt);
	if (bounds->last < through)
		bounds->last = through;
	return DB_OK;
}
