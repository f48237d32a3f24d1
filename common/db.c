/*
 * The connection to SQLite and its transactions: see db.h. Its statements are
 * in db_stmt.c; what is done to the files around it when they are opened is in
 * db_open.c; copies of it are made in db_backup.c.
 */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/db.h"
#include "common/db_internal.h"
#include "common/db_sqlite.h"
#include "common/file.h"
#include "common/log.h"

#define FULL_LOG_EVERY_NS 1000000000LL
#define BUSY_TIMEOUT_MS	  2000

/*
 * Pages of the log (4 KiB each) that set off a checkpoint. SQLite's default of
 * 1000 writes the pages of a table with random keys out more often: a fifth
 * more CPU an insert. 16000 gains little and makes single commits slow.
 */
#define CHECKPOINT_PAGES 4000

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

enum db_status
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
		db->wants_room = true;
	}
	log_write(status == DB_CONFLICT ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR,
	    NULL, "%s: %s: %s (sqlite %d, errno %d)", db->path, name,
	    sqlite3_errmsg(db->handle), rc, number);
	return status;
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

const char *
db_path(const struct db *db)
{
	return db->path;
}

/* By name: to close a descriptor of an open database drops its locks. */
void
db_usage(const struct db *db, struct db_usage *usage)
{
	char log[PATH_MAX];
	struct statvfs disk;
	int64_t bytes;

	memset(usage, 0, sizeof(*usage));
	bytes = file_size(db->path);
	if (bytes > 0)
		usage->db_bytes = bytes;
	(void)snprintf(log, sizeof(log), "%s-wal", db->path);
	bytes = file_size(log);
	if (bytes > 0)
		usage->log_bytes = bytes;
	if (statvfs(db->path, &disk) == 0)
		usage->free_bytes = (int64_t)disk.f_bavail *
		    (int64_t)disk.f_frsize;
}

bool
db_is_broken(const struct db *db)
{
	return db->broken;
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

static int
db_checkpoint(void *ctx, sqlite3 *handle, const char *name, int pages);

void
db_rollback(struct db *db)
{
	db_reset_all(db, false);
	db->in_transaction = false;
	db->lost = DB_OK;
	if (sqlite3_get_autocommit(db->handle) == 0 && !db->broken)
		(void)db_run(db->rollback);
	if (db->wants_room) {
		/* The log may hold what fits into pages that are there. */
		db->wants_room = false;
		(void)db_checkpoint(db, db->handle, "main", CHECKPOINT_PAGES);
	}
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

enum db_status
db_empty_log(struct db *db)
{
	int rc;

	errno = 0;
	rc = sqlite3_wal_checkpoint_v2(
	    db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return db_classify(rc, errno);
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
		db_stmt_free(stmt);
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
