/*
 * What analytics-svc keeps: how far each producer has been counted, the names
 * of keys and operations, and the sheets of counters. Every query is in
 * store.c; no SQLite type shows here.
 *
 * Every function runs inside the caller's transaction and returns DB_OK, or
 * why it could not; a failure has been logged.
 */
#ifndef ANALYTICS_STORE_H
#define ANALYTICS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analytics-svc/period.h"
#include "analytics-svc/sheet.h"
#include "common/db.h"
#include "proto/proto.h"

struct store;

extern const struct db_migration store_schema[];
extern const size_t store_schema_count;

/* Prepares the queries. NULL when memory ends. db must outlive it. */
struct store *store_open(struct db *db);
void store_free(struct store **store);

/* -------- producers -------- */

/*
 * How far a producer has been counted: everything up to sequence, the newest
 * event of which was at latest_at (UTC ms). Zeros for an unknown one.
 */
struct store_producer {
	int64_t sequence;
	int64_t latest_at;
};

enum db_status store_producer(struct store *store, const struct uuid *id,
    struct store_producer *producer);
enum db_status store_set_producer(struct store *store, const struct uuid *id,
    const struct store_producer *producer);

/* The time of the newest event of all, 0 for none. */
enum db_status store_latest(struct store *store, int64_t *at);

/* -------- operations -------- */

/*
 * Makes the names in memory what the database holds. To be called at the
 * beginning of each request that uses the two functions below: a rollback
 * takes back numbers that memory still has.
 */
enum db_status store_refresh_operations(struct store *store);

/*
 * The number of an operation's name, which is given one when it is new; 0
 * once SHEET_OPERATIONS - 1 names are known.
 */
enum db_status
store_operation(struct store *store, const char *name, unsigned *number);

/* The name of a number, or NULL. It lives until the next refresh. */
const char *store_operation_name(const struct store *store, unsigned number);

/* -------- keys -------- */

struct store_key {
	int64_t number; /* what its sheets are filed under */
	struct uuid id;
	bool is_named;
	char name[PROTO_NAME_MAX + 1];
};

/* The number of a key, which is given one when it is new. */
enum db_status store_key(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, int64_t *number);

enum db_status store_name_key(struct store *store,
    const struct uuid *account_id, const struct uuid *key_id, const char *name);

/* A key was revoked (UTC ms); nothing when it is not known. */
enum db_status store_revoke_key(struct store *store,
    const struct uuid *account_id, const struct uuid *key_id, int64_t at);

/* Forgets `most` of the keys that were revoked before a UTC day and that
 * nothing was ever counted for. *forgotten tells how many there were. */
enum db_status store_forget_keys(
    struct store *store, int64_t day, int64_t most, int64_t *forgotten);

/*
 * Walks an account's keys, or the one key_id when it is not NULL and belongs
 * to the account; without those that have no sheet of the period's UTC days
 * or of days before and after it. store_next_key answers DB_ROW with a key,
 * then DB_DONE. A walk that is left early is ended by store_end_keys.
 */
void store_begin_keys(struct store *store, const struct uuid *account_id,
    const struct uuid *key_id, struct period period);
enum db_status store_next_key(struct store *store, struct store_key *key);
void store_end_keys(struct store *store);

/* -------- sheets -------- */

/* Writes a key's sheet of one bucket, in place of what was there; by that of a
 * day, store_begin_keys finds the key. */
enum db_status store_write_sheet(struct store *store, int64_t key,
    enum period_grain grain, int64_t bucket, const struct sheet *sheet);

/* Adds up a key's sheets of a span. */
enum db_status store_sum(struct store *store, int64_t key,
    const struct period_span *span, struct sheet *sum);

/* The same, of the counters alone. */
enum db_status store_sum_counts(struct store *store, int64_t key,
    const struct period_span *span, struct counts *sum);

/*
 * The oldest sheet of a grain of the first key numbered `from` or higher that
 * has one: DB_ROW with both, DB_DONE when there is none.
 */
enum db_status store_oldest_sheet(struct store *store, enum period_grain grain,
    int64_t from, int64_t *key, int64_t *bucket);

/* Deletes the oldest `most` of a key's sheets of a span. *deleted tells how
 * many there were. */
enum db_status store_delete_sheets(struct store *store, int64_t key,
    const struct period_span *span, int64_t most, int64_t *deleted);

/*
 * Adds a key's counters to those of each bucket of a span: points has
 * span->end - span->first elements.
 */
enum db_status store_sum_points(struct store *store, int64_t key,
    const struct period_span *span, struct counts *points);

#endif
