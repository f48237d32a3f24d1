/*
 * The two tables that every service's database has: `meta`, small facts by
 * name, and `outbox`, events that wait to be acknowledged. All of their SQL is
 * in store.c, their shape in schema.c.
 */
#ifndef COMMON_STORE_H
#define COMMON_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"

/* Prepared statements; they belong to the database and end with it. */
struct common_store {
	struct db_stmt *meta_get;
	struct db_stmt *meta_set;
	struct db_stmt *outbox_add;
	struct db_stmt *outbox_next;
	struct db_stmt *outbox_delete_through;
	struct db_stmt *outbox_bounds;
	struct db_stmt *outbox_sign;
};

/*
 * Prepares the statements. The schema of db must begin with common_schema_first
 * and have common_schema_producer. There is nothing to free.
 */
void common_store_open(struct common_store *store, struct db *db);

/*
 * A fact by its name. DB_OK with the value; DB_DONE when there is none (what
 * was given is unchanged); DB_ERROR when it is of another type or does not fit
 * (logged). size counts the NUL of a text; *len is the bytes of a blob.
 */
enum db_status meta_store_get_int(
    struct common_store *store, const char *name, int64_t *value);
enum db_status meta_store_get_text(
    struct common_store *store, const char *name, char *text, size_t size);
enum db_status meta_store_get_blob(struct common_store *store, const char *name,
    void *bytes, size_t size, size_t *len);

/* Sets a fact, in place of what was there under the name. DB_OK or why not. */
enum db_status
meta_store_set_int(struct common_store *store, const char *name, int64_t value);
enum db_status meta_store_set_text(
    struct common_store *store, const char *name, const char *text);
enum db_status meta_store_set_blob(struct common_store *store, const char *name,
    const void *bytes, size_t len);

/*
 * Adds a row. sequence is above every one that was ever added (see
 * outbox_store_bounds); DB_CONFLICT when a row has it already.
 */
enum db_status outbox_store_add(
    struct common_store *store, int64_t sequence, const void *body, size_t len);

/*
 * A row, in the order of the sequences. producer is whose it was signed as, or
 * NULL. producer and body live until it returns. It must not call the database.
 * Returns false to have no more.
 */
typedef bool (*outbox_store_row)(void *ctx, int64_t sequence,
    const struct uuid *producer, const uint8_t *body, size_t len);

/*
 * Reads the rows above a sequence, in order, until row has enough. Returns
 * DB_OK, also when there was none; or why it ended.
 */
enum db_status outbox_store_next(
    struct common_store *store, int64_t after, outbox_store_row row, void *ctx);

/* Signs the rows that are not signed yet as a producer's. DB_OK or why not. */
enum db_status
outbox_store_sign(struct common_store *store, const struct uuid *producer);

/* Forgets the rows up to and including a sequence. DB_OK or why not. */
enum db_status
outbox_store_delete_through(struct common_store *store, int64_t sequence);

/*
 * first: the lowest sequence of a row, 0 when there is none. last: the highest
 * that was ever added or deleted through, also when its row has gone, so that
 * last + 1 was never used; 0 at the start. rows: how many there are. It counts
 * the table: for the start of a process, not for each request.
 */
struct outbox_bounds {
	int64_t first;
	int64_t last;
	int64_t rows;
};

enum db_status
outbox_store_bounds(struct common_store *store, struct outbox_bounds *bounds);

#endif
