/*
 * The connection to SQLite, its statements and transactions: see db.h. What is
 * done to the files around it, when they are opened and copied, is in
 * db_open.c.
 */

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/db.h"
#include "common/db_internal.h"
#include "common/log.h"

#define FULL_LOG_EVERY_NS 1000000000LL
#define BUSY_TIMEOUT_MS	  2000

/*
 * Pages of the log (4 KiB each) that set off a checkpoint. SQLite's default of
 * 1000 writes the pages of a table with random keys out more often: a fifth
 * more CPU an insert. 16000 gains little and makes single commits slow.
 */
#define CHECKPOINT_PAGES 4000

struct db_stmt {
	struct db *db;
	struct db_stmt *next;
	sqlite3_stmt *handle;
	char *name;
	char **parameters;
	char **columns;
	int parameters_count;
	int columns_count;
	int parameter_hint; /* where the next name is likely to be */
	int column_hint;
	enum db_status pending; /* what a bind or a read did wrong, or DB_OK */
	bool running;		/* stepped and not reset */
};

struct db {
	sqlite3 *handle;
	struct db_stmt *stmts;
	struct db_stmt *begin;
	struct db_stmt *commit;
	struct db_stmt *rollback;
	char *path;
	int lock;
	int running;	     /* statements that are stepped and not reset */
	bool in_transaction; /* from db_begin to db_commit or db_rollback */
	bool broken;
	enum db_status lost;	/* what made SQLite roll back, or DB_OK */
	int64_t full_logged_ns; /* boot time of the last line about no room */
};

/* What a result code of SQLite, met with an errno, means to a caller. */
static enum db_status
db_classify(int rc, int number)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
		return DB_OK;
	case SQLITE_CONSTRAINT:
		return DB_CONFLICT;
	case SQLITE_FULL:
	case SQLITE_READONLY:
		return DB_FULL;
	case SQLITE_IOERR:
		if (rc == SQLITE_IOERR_NOMEM)
			return DB_ERROR;
		/* Only ENOSPC becomes SQLITE_FULL; a quota is as passing. */
		if (rc == SQLITE_IOERR_WRITE &&
		    (number == EDQUOT || number == EFBIG))
			return DB_FULL;
		return DB_FATAL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_PROTOCOL:
		return DB_FATAL;
	default:
		return DB_ERROR;
	}
}

/*
 * Classifies a failure and logs it, with the statement's name and never what
 * was bound. No room is logged once a second: it meets every request.
 */
static enum db_status
db_failed(struct db *db, const char *name, int rc)
{
	int number = errno; /* sqlite3_system_errno knows none for a commit */
	enum db_status status = db_classify(rc, number);
	int64_t now;

	if (db->in_transaction && db->lost == DB_OK &&
	    sqlite3_get_autocommit(db->handle) != 0)
		db->lost = status;
	if (status == DB_FATAL)
		db->broken = true;
	if (status == DB_FULL) {
		now = clock_boot_ns();
		if (db->full_logged_ns != 0 &&
		    now - db->full_logged_ns < FULL_LOG_EVERY_NS)
			return status;
		db->full_logged_ns = now;
	}
	log_write(status == DB_CONFLICT ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR,
	    NULL, "%s: %s: %s (sqlite %d, errno %d)", db->path, name,
	    sqlite3_errmsg(db->handle), rc, number);
	return status;
}

/* -------- statements -------- */

/* Remembers that a statement was used wrongly. */
static void
stmt_misused(struct db_stmt *stmt, const char *what, const char *name)
{
	log_error(
	    NULL, "%s: %s: %s %s", stmt->db->path, stmt->name, what, name);
	if (stmt->pending == DB_OK)
		stmt->pending = DB_ERROR;
}

/*
 * Finds a name; -1 when it is not there. Callers name things in the order in
 * which the statement does, so that the first look is nearly always right.
 */
static int
name_find(char *const *names, int count, int *hint, const char *name)
{
	int i;

	i = *hint;
	if (i < count && strcmp(names[i], name) == 0) {
		*hint = i + 1;
		return i;
	}
	for (i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			*hint = i + 1;
			return i;
		}
	}
	return -1;
}

/* The number that SQLite has for a parameter, 0 for none. */
static int
parameter_index(struct db_stmt *stmt, const char *name)
{
	int i;

	if (stmt->running) {
		stmt_misused(stmt, "is not reset before it binds", name);
		return 0;
	}
	i = name_find(stmt->parameters, stmt->parameters_count,
	    &stmt->parameter_hint, name);
	if (i == -1)
		stmt_misused(stmt, "has no parameter", name);
	return i + 1;
}

/* The number that SQLite has for a column of the row, -1 for none. */
static int
column_index(struct db_stmt *stmt, const char *name)
{
	int i;

	if (!stmt->running) {
		stmt_misused(stmt, "has no row to read", name);
		return -1;
	}
	i = name_find(
	    stmt->columns, stmt->columns_count, &stmt->column_hint, name);
	if (i == -1)
		stmt_misused(stmt, "has no column", name);
	return i;
}

/* Remembers what a bind answered. */
static void
stmt_bound(struct db_stmt *stmt, int rc)
{
	if (rc != SQLITE_OK && stmt->pending == DB_OK)
		stmt->pending = db_failed(stmt->db, stmt->name, rc);
}

void
db_bind_int(struct db_stmt *stmt, const char *name, int64_t value)
{
	int i = parameter_index(stmt, name);

	if (i != 0)
		stmt_bound(stmt, sqlite3_bind_int64(stmt->handle, i, value));
}

void
db_bind_real(struct db_stmt *stmt, const char *name, double value)
{
	int i = parameter_index(stmt, name);

	if (i != 0)
		stmt_bound(stmt, sqlite3_bind_double(stmt->handle, i, value));
}

void
db_bind_text(struct db_stmt *stmt, const char *name, const char *text)
{
	int i = parameter_index(stmt, name);

	if (i != 0)
		stmt_bound(stmt,
		    sqlite3_bind_text(
			stmt->handle, i, text, -1, SQLITE_TRANSIENT));
}

void
db_bind_blob(
    struct db_stmt *stmt, const char *name, const void *bytes, size_t len)
{
	int i = parameter_index(stmt, name);

	/* SQLite would take a NULL pointer for NULL, not for an empty blob. */
	if (i != 0)
		stmt_bound(stmt,
		    sqlite3_bind_blob64(stmt->handle, i, len == 0 ? "" : bytes,
			len, SQLITE_TRANSIENT));
}

void
db_bind_null(struct db_stmt *stmt, const char *name)
{
	int i = parameter_index(stmt, name);

	if (i != 0)
		stmt_bound(stmt, sqlite3_bind_null(stmt->handle, i));
}

void
db_reset(struct db_stmt *stmt)
{
	/* What the step answered was looked at; reset only repeats it. */
	(void)sqlite3_reset(stmt->handle);
	(void)sqlite3_clear_bindings(stmt->handle);
	if (stmt->running)
		stmt->db->running--;
	stmt->running = false;
	stmt->pending = DB_OK;
	stmt->parameter_hint = 0;
	stmt->column_hint = 0;
}

enum db_status
db_step(struct db_stmt *stmt)
{
	struct db *db = stmt->db;
	enum db_status status;
	int rc;

	if (db->broken)
		status = DB_FATAL;
	else if (db->lost != DB_OK)
		/* Outside of its transaction it would be committed alone. */
		status = db->lost;
	else if (stmt->pending != DB_OK)
		status = stmt->pending;
	else {
		errno = 0;
		rc = sqlite3_step(stmt->handle);
		if (rc == SQLITE_ROW) {
			if (!stmt->running)
				db->running++;
			stmt->running = true;
			stmt->column_hint = 0;
			return DB_ROW;
		}
		status = DB_DONE;
		if (rc != SQLITE_DONE)
			status = db_failed(db, stmt->name, rc);
	}
	db_reset(stmt);
	return status;
}

enum db_status
db_run(struct db_stmt *stmt)
{
	enum db_status status;

	do
		status = db_step(stmt);
	while (status == DB_ROW);
	return status == DB_DONE ? DB_OK : status;
}

int64_t
db_int(struct db_stmt *stmt, const char *column)
{
	int i = column_index(stmt, column);

	return i == -1 ? 0 : sqlite3_column_int64(stmt->handle, i);
}

double
db_real(struct db_stmt *stmt, const char *column)
{
	int i = column_index(stmt, column);

	return i == -1 ? 0 : sqlite3_column_double(stmt->handle, i);
}

/* After a read that came back empty: was it for want of memory? */
static void
stmt_read(struct db_stmt *stmt)
{
	if (sqlite3_errcode(stmt->db->handle) == SQLITE_NOMEM)
		stmt_bound(stmt, SQLITE_NOMEM);
}

const char *
db_text(struct db_stmt *stmt, const char *column)
{
	const unsigned char *text;
	int i = column_index(stmt, column);

	if (i == -1)
		return "";
	text = sqlite3_column_text(stmt->handle, i);
	if (text == NULL) {
		stmt_read(stmt);
		return "";
	}
	return (const char *)text;
}

const void *
db_blob(struct db_stmt *stmt, const char *column, size_t *len)
{
	const void *bytes;
	int i = column_index(stmt, column);

	*len = 0;
	if (i == -1)
		return "";
	bytes = sqlite3_column_blob(stmt->handle, i);
	if (bytes == NULL) {
		stmt_read(stmt);
		return "";
	}
	*len = (size_t)sqlite3_column_bytes(stmt->handle, i);
	return bytes;
}

bool
db_is_null(struct db_stmt *stmt, const char *column)
{
	int i = column_index(stmt, column);

	return i == -1 || sqlite3_column_type(stmt->handle, i) == SQLITE_NULL;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t
db_total_changes(const struct db *db)
{
	return sqlite3_total_changes64(db->handle);
}

bool
db_is_broken(const struct db *db)
{
	return db->broken;
}

/* Says that a statement cannot be prepared, and ends the process. */
static _Noreturn void
prepare_failed(const struct db *db, const char *name, const char *why)
{
	log_error(NULL, "%s: %s: %s", db->path, name, why);
	abort();
}

/* A copy of a name that the statement has; prepare fails without one. */
static char *
prepare_name(const struct db *db, const char *name, const char *text)
{
	char *copy = text == NULL ? NULL : strdup(text);

	if (copy == NULL)
		prepare_failed(db, name, "a parameter has no name");
	return copy;
}

struct db_stmt *
db_prepare(struct db *db, const char *name, const char *sql)
{
	struct db_stmt *stmt;
	const char *tail = NULL;
	int i;

	stmt = calloc(1, sizeof(*stmt));
	if (stmt == NULL || (stmt->name = strdup(name)) == NULL)
		prepare_failed(db, name, "out of memory");
	stmt->db = db;
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&stmt->handle, &tail) != SQLITE_OK)
		prepare_failed(db, name, sqlite3_errmsg(db->handle));
	if (stmt->handle == NULL || tail[strspn(tail, "; \t\n")] != '\0')
		prepare_failed(db, name, "is not one statement");

	stmt->parameters_count = sqlite3_bind_parameter_count(stmt->handle);
	stmt->columns_count = sqlite3_column_count(stmt->handle);
	stmt->parameters = calloc(
	    (size_t)stmt->parameters_count + 1, sizeof(*stmt->parameters));
	stmt->columns = calloc(
	    (size_t)stmt->columns_count + 1, sizeof(*stmt->columns));
	if (stmt->parameters == NULL || stmt->columns == NULL)
		prepare_failed(db, name, "out of memory");
	for (i = 0; i < stmt->parameters_count; i++)
		stmt->parameters[i] = prepare_name(
		    db, name, sqlite3_bind_parameter_name(stmt->handle, i + 1));
	for (i = 0; i < stmt->columns_count; i++)
		stmt->columns[i] = prepare_name(
		    db, name, sqlite3_column_name(stmt->handle, i));

	stmt->next = db->stmts;
	db->stmts = stmt;
	return stmt;
}

static void
stmt_free(struct db_stmt *stmt)
{
	int i;

	(void)sqlite3_finalize(stmt->handle);
	for (i = 0; i < stmt->parameters_count; i++)
		free(stmt->parameters[i]);
	for (i = 0; i < stmt->columns_count; i++)
		free(stmt->columns[i]);
	free(stmt->parameters);
	free(stmt->columns);
	free(stmt->name);
	free(stmt);
}

/* -------- transactions -------- */

/*
 * Resets the statements that still have rows. One that is left so at a commit
 * is a defect: it would keep the log from ever being checkpointed.
 */
static void
db_reset_all(struct db *db, bool defect)
{
	struct db_stmt *stmt;

	for (stmt = db->stmts; stmt != NULL && db->running > 0;
	     stmt = stmt->next) {
		if (!stmt->running)
			continue;
		if (defect)
			log_error(
			    NULL, "%s: %s was not reset", db->path, stmt->name);
		db_reset(stmt);
	}
}

enum db_status
db_begin(struct db *db)
{
	enum db_status status;

	if (db->in_transaction) {
		log_error(NULL, "%s: begin inside a transaction", db->path);
		return DB_ERROR;
	}
	status = db_run(db->begin);
	db->in_transaction = status == DB_OK;
	return status;
}

enum db_status
db_commit(struct db *db)
{
	enum db_status status;

	if (!db->in_transaction) {
		log_error(NULL, "%s: commit outside a transaction", db->path);
		return DB_ERROR;
	}
	db_reset_all(db, true);
	status = db_run(db->commit);
	if (status == DB_OK) {
		db->in_transaction = false;
		db->lost = DB_OK; /* a checkpoint after it may have failed */
	} else
		db_rollback(db);
	return status;
}

void
db_rollback(struct db *db)
{
	db_reset_all(db, false);
	db->in_transaction = false;
	db->lost = DB_OK;
	if (sqlite3_get_autocommit(db->handle) == 0 && !db->broken)
		(void)db_run(db->rollback);
}

bool
db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

/* -------- the connection -------- */

/*
 * Sets what SQLite leaves as it is for the sake of old programs. And until all
 * is well, closing must not touch the files.
 */
static int
db_harden(struct db *db)
{
	static const int on[] = { SQLITE_DBCONFIG_DEFENSIVE,
		SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE };
	static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA,
		SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL };
	int rc = SQLITE_OK;
	size_t i;

	for (i = 0; i < sizeof(on) / sizeof(on[0]); i++)
		rc |= sqlite3_db_config(db->handle, on[i], 1, NULL);
	for (i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		rc |= sqlite3_db_config(db->handle, off[i], 0, NULL);
	return rc == SQLITE_OK ? 0 : -1;
}

/*
 * After a commit. SQLite's own automatic checkpoint drops its errors, and tries
 * again later: but a page whose fsync(2) has failed once may be gone while a
 * second one succeeds. The log has it still, for the next start.
 */
static int
db_checkpoint(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = ctx;
	enum db_status status;
	int rc;

	if (pages < CHECKPOINT_PAGES || db->broken)
		return SQLITE_OK;
	errno = 0;
	rc = sqlite3_wal_checkpoint_v2(
	    handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	status = db_classify(rc, errno);
	if (status == DB_FATAL || status == DB_FULL)
		(void)db_failed(db, "checkpoint", rc);
	return SQLITE_OK; /* the commit itself is done */
}

struct db *
db_connect(const char *path, int lock)
{
	struct db *db;

	db = calloc(1, sizeof(*db));
	if (db == NULL)
		return NULL;
	db->lock = -1;
	if ((db->path = strdup(path)) == NULL)
		goto fail;
	if (sqlite3_open_v2(path, &db->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		goto fail;
	if (db_harden(db) == -1 ||
	    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS) != SQLITE_OK)
		goto fail;
	(void)sqlite3_wal_hook(db->handle, db_checkpoint, db);
	db->lock = lock;
	return db;
fail:
	db_close(&db);
	return NULL;
}

void
db_ready(struct db *db)
{
	db->begin = db_prepare(db, "begin", "BEGIN IMMEDIATE");
	db->commit = db_prepare(db, "commit", "COMMIT");
	db->rollback = db_prepare(db, "rollback", "ROLLBACK");
}

int
db_keep_log(struct db *db, bool keep)
{
	int rc = sqlite3_db_config(
	    db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, NULL);

	return rc == SQLITE_OK ? 0 : -1;
}

const char *
db_message(const struct db *db)
{
	return sqlite3_errmsg(db->handle);
}

int
db_ask(struct db *db, const char *sql, char *value, size_t value_size)
{
	sqlite3_stmt *stmt = NULL;
	const unsigned char *text;
	int rc;

	value[0] = '\0';
	if (sqlite3_prepare_v3(db->handle, sql, -1, 0, &stmt, NULL) !=
	    SQLITE_OK)
		return -1;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		text = sqlite3_column_text(stmt, 0);
		if (text != NULL)
			snprintf(value, value_size, "%s", (const char *)text);
	}
	/* After a failed step it answers the same again. */
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

int
db_script(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : -1;
}

enum db_status
db_vacuum_into(struct db *db, const char *path)
{
	sqlite3_stmt *stmt = NULL;
	enum db_status status;
	int rc;

	rc = sqlite3_prepare_v3(
	    db->handle, "VACUUM INTO :path", -1, 0, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	status = DB_OK;
	if (rc != SQLITE_DONE) {
		status = db_classify(rc, errno);
		log_error(NULL, "%s: backup to %s: %s (sqlite %d)", db->path,
		    path, db_message(db), rc);
		/* It may be the copy's disk that is bad. */
		if (status == DB_FATAL)
			status = DB_ERROR;
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

void
db_close(struct db **dbp)
{
	struct db *db = *dbp;
	struct db_stmt *stmt;

	if (db == NULL)
		return;
	*dbp = NULL;
	while ((stmt = db->stmts) != NULL) {
		db->stmts = stmt->next;
		stmt_free(stmt);
	}
	/* What an I/O error left is for the next start to check. */
	if (db->broken)
		(void)db_keep_log(db, true);
	if (sqlite3_close(db->handle) != SQLITE_OK)
		log_error(NULL, "%s: close: %s", db->path, db_message(db));
	if (db->lock != -1)
		close(db->lock);
	free(db->path);
	free(db);
}
