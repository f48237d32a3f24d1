/*
 * One SQLite database with one connection, owned by one process. The only
 * home of sqlite3: no SQLite type shows here.
 *
 * A store prepares its statements once, by name; binds parameters and reads
 * columns by name; an error in a bind is remembered and comes out of db_step.
 * Everything runs on the thread that opened the database.
 */
#ifndef COMMON_DB_H
#define COMMON_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/uuid.h"

struct db;
struct db_stmt;

enum db_status {
	DB_OK,	     /* done */
	DB_ROW,	     /* db_step: a row can be read */
	DB_DONE,     /* db_step: no further row */
	DB_CONFLICT, /* a unique or other constraint said no */
	DB_FULL,     /* no room: the transaction is to be rolled back, 503 */
	DB_ERROR,    /* misuse or a passing fault; already logged */
	DB_FATAL,    /* I/O error or corruption: the process must exit */
};

/* A step of the schema. Only ever appended to; step i makes version i + 1. */
struct db_migration {
	const char *sql;
};

/*
 * Opens or makes the database: WAL, synchronous FULL, foreign keys on, private
 * to the user (0600); locks the file against a second process; runs quick_check
 * and empties the log when the last owner did not close it cleanly; applies
 * what is missing of the migrations, each in a transaction of its own. Returns
 * 0; -1 with a sentence in error (newer schema, corruption, no permission, in
 * use). The files are never changed or removed on failure.
 */
int
db_open(struct db **db, const char *path, const struct db_migration *migrations,
    size_t count, char *error, size_t error_size);

/* Finalizes the statements, checkpoints and closes; accepts NULL. */
void db_close(struct db **db);

/*
 * Prepares a statement that lives as long as the database. name is for log
 * lines. Never NULL: a statement that does not compile is a defect of this
 * program; it is logged and the process aborts at start.
 */
struct db_stmt *db_prepare(struct db *db, const char *name, const char *sql);

/*
 * Parameters, by name with its colon: ":id". Text and blobs are copied. What is
 * not bound is NULL, as is a text that is NULL; a blob of no bytes is not.
 */
void db_bind_int(struct db_stmt *stmt, const char *name, int64_t value);
void db_bind_real(struct db_stmt *stmt, const char *name, double value);
void db_bind_text(struct db_stmt *stmt, const char *name, const char *text);
void db_bind_blob(
    struct db_stmt *stmt, const char *name, const void *bytes, size_t len);
void db_bind_null(struct db_stmt *stmt, const char *name);

/* An id as its 16 bytes; and text of which "" is stored as NULL. */
void
db_bind_uuid(struct db_stmt *stmt, const char *name, const struct uuid *id);
void db_bind_optional(struct db_stmt *stmt, const char *name, const char *text);

/*
 * Runs to the next row: DB_ROW, DB_DONE, or what went wrong. After anything but
 * DB_ROW the statement is reset and its parameters are cleared. Once SQLite has
 * rolled a transaction back by itself (no room, no memory), whatever follows is
 * answered the same until db_rollback.
 */
enum db_status db_step(struct db_stmt *stmt);

/*
 * Columns of the row, by name. Text and blob live until the next step or reset;
 * they are never NULL, also when there are no bytes.
 */
int64_t db_int(struct db_stmt *stmt, const char *column);
double db_real(struct db_stmt *stmt, const char *column);
const char *db_text(struct db_stmt *stmt, const char *column); /* "" for NULL */
const void *db_blob(struct db_stmt *stmt, const char *column, size_t *len);
bool db_is_null(struct db_stmt *stmt, const char *column);

/* Copies of a column: an id, zero when it holds none; text, cut to size (which
 * is that of the bound it was stored under), "" for NULL. */
void db_copy_uuid(struct db_stmt *stmt, const char *column, struct uuid *id);
void
db_copy_text(struct db_stmt *stmt, const char *column, char *text, size_t size);

/* Ends a statement before its last row, and clears its parameters. */
void db_reset(struct db_stmt *stmt);

/* db_step to the end, then reset: for statements without rows. */
enum db_status db_run(struct db_stmt *stmt);

/* Rows that the last INSERT, UPDATE or DELETE touched. */
int64_t db_changes(const struct db *db);

/* Rows touched since the database was opened: has this handler written? */
int64_t db_total_changes(const struct db *db);

/* Bytes of the database, of its log, and that are left on its disk for this
 * user; 0 for what cannot be told. */
struct db_usage {
	int64_t db_bytes;
	int64_t log_bytes;
	int64_t free_bytes;
};

void db_usage(const struct db *db, struct db_usage *usage);

/* True once anything answered DB_FATAL: the owner must exit. */
bool db_is_broken(const struct db *db);

/*
 * Transactions. db_begin takes the write lock at once. A commit that fails has
 * rolled back, except that after DB_FATAL nobody knows. db_rollback outside of
 * a transaction does nothing. Both reset the statements that still have rows
 * (a defect when it is a commit: logged).
 */
enum db_status db_begin(struct db *db);
enum db_status db_commit(struct db *db);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/*
 * Is it a database, and whole (quick_check)? Nothing is changed. Returns 0; -1
 * with a sentence in error.
 */
int db_check(const char *path, char *error, size_t error_size);

/* Where the database is: the path that it was opened by. */
const char *db_path(const struct db *db);

/*
 * A consistent copy in a new file, 0600, made in steps of a fraction of a
 * millisecond, between which the database can be used. path appears when it is
 * complete, and is the database as it was at the last step; until then it is
 * path.part. It is not synced, which could take long: whoever takes it away
 * does that.
 *
 * db_backup_begin fails when path exists. db_backup_step answers DB_OK while
 * there is more to do, DB_DONE once path is complete (then only db_backup_free
 * is left to be called), or why it cannot go on; not inside a transaction.
 * Neither answers DB_FATAL for the copy's sake. db_backup_free gives up an
 * unfinished copy and removes what there is of it; accepts NULL; comes before
 * db_close.
 */
struct db_backup;

enum db_status
db_backup_begin(struct db *db, const char *path, struct db_backup **backup);
enum db_status db_backup_step(struct db_backup *backup);
void db_backup_free(struct db_backup **backup);

#endif
