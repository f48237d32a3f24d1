/*
 * Opening a database, with all that is checked before anything is written, and
 * its migrations: see db.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/db.h"
#include "common/db_internal.h"
#include "common/file.h"
#include "common/log.h"

/* What every connection is set to once the files are found good. */
static const char *const settings[] = {
	"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
	"PRAGMA temp_store = MEMORY",
	"PRAGMA cache_size = -8192",		/* KiB, when it needs them */
	"PRAGMA journal_size_limit = 67108864", /* after a long transaction */
};

/* Says why a step of opening failed. Returns -1. */
static int
open_failed(const struct db *db, const char *path, const char *what,
    char *error, size_t error_size)
{
	snprintf(error, error_size, "%s: %s: %s", path, what, db_message(db));
	return -1;
}

/*
 * Reads before anything is written: is it a database, whole, and not newer than
 * this program? Sets the version of its schema.
 */
static int
open_check(struct db *db, const char *path, bool unclean, size_t count,
    size_t *version, char *error, size_t error_size)
{
	char value[256];
	long number;

	if (db_ask(db, "PRAGMA user_version", value, sizeof(value)) == -1)
		return open_failed(
		    db, path, "cannot be read", error, error_size);
	number = strtol(value, NULL, 10);
	if (number < 0 || (unsigned long)number > count) {
		snprintf(error, error_size,
		    "%s: its schema has version %ld, this program knows "
		    "versions up to %zu",
		    path, number, count);
		return -1;
	}
	*version = (size_t)number;

	/* Reads the schema; the version alone is in the first page. */
	if (db_ask(db, "PRAGMA table_list", value, sizeof(value)) == -1)
		return open_failed(db, path, "is corrupt", error, error_size);
	if (!unclean)
		return 0;
	log_warning(NULL, "%s: was not closed cleanly, checking it", path);
	if (db_ask(db, "PRAGMA quick_check(1)", value, sizeof(value)) == -1)
		return open_failed(db, path, "is corrupt", error, error_size);
	if (strcmp(value, "ok") != 0) {
		snprintf(error, error_size, "%s: is corrupt: %s", path, value);
		return -1;
	}
	return 0;
}

/* Applies the migrations past version, each in its own transaction. */
static int
open_migrate(struct db *db, const char *path,
    const struct db_migration *migrations, size_t version, size_t count,
    char *error, size_t error_size)
{
	char pragma[64], what[64];
	size_t i;

	for (i = version; i < count; i++) {
		snprintf(
		    pragma, sizeof(pragma), "PRAGMA user_version = %zu", i + 1);
		snprintf(what, sizeof(what), "migration %zu", i + 1);
		if (db_begin(db) != DB_OK)
			return open_failed(db, path, what, error, error_size);
		if (db_script(db, migrations[i].sql) == -1 ||
		    db_script(db, pragma) == -1) {
			open_failed(db, path, what, error, error_size);
			db_rollback(db);
			return -1;
		}
		if (db_commit(db) != DB_OK) {
			snprintf(error, error_size, "%s: %s: cannot commit",
			    path, what);
			return -1;
		}
	}
	return 0;
}

/*
 * Nothing is appended to a log that the last owner left. When it went because a
 * sync of the log had failed, what is read of that log may be in memory only,
 * and whatever came after it would be lost with it. Without room, it has to do.
 */
static int
open_empty_log(struct db *db, const char *path, char *error, size_t error_size)
{
	enum db_status status = db_empty_log(db);

	if (status == DB_FULL)
		log_warning(NULL, "%s: no room to empty its log", path);
	else if (status != DB_OK)
		return open_failed(
		    db, path, "its log cannot be emptied", error, error_size);
	return 0;
}

/* Checks the database, sets the connection up, and brings it up to date. */
static int
open_set_up(struct db *db, const char *path, bool unclean,
    const struct db_migration *migrations, size_t count, char *error,
    size_t error_size)
{
	char value[32];
	size_t version = 0, i;

	/*
	 * Before the log is read: its index is then in this process's memory,
	 * and no second connection can have the file open.
	 */
	if (db_ask(db, "PRAGMA locking_mode = EXCLUSIVE", value,
		sizeof(value)) == -1)
		return open_failed(
		    db, path, "cannot be locked", error, error_size);
	if (open_check(db, path, unclean, count, &version, error, error_size) ==
	    -1)
		return -1;
	if (db_ask(db, "PRAGMA journal_mode = WAL", value, sizeof(value)) ==
		-1 ||
	    strcmp(value, "wal") != 0)
		return open_failed(db, path, "cannot have a write-ahead log",
		    error, error_size);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (db_script(db, settings[i]) == -1)
			return open_failed(
			    db, path, settings[i], error, error_size);
	}
	if (unclean && open_empty_log(db, path, error, error_size) == -1)
		return -1;
	db_ready(db);
	if (open_migrate(
		db, path, migrations, version, count, error, error_size) == -1)
		return -1;
	if (db_keep_log(db, false) == -1)
		return open_failed(
		    db, path, "cannot be set up", error, error_size);
	return 0;
}

/* Looks at the files; *unclean is whether the last owner left its log. */
static int
open_files(const char *path, bool *unclean, char *error, size_t error_size)
{
	char wal[PATH_MAX];
	int64_t wal_size;
	int len;

	len = snprintf(wal, sizeof(wal), "%s-wal", path);
	if (len < 0 || (size_t)len >= sizeof(wal)) {
		snprintf(error, error_size, "%s: path too long", path);
		return -1;
	}
	wal_size = file_size(wal);
	if (wal_size == -1) {
		snprintf(error, error_size, "%s: %s", wal, strerror(errno));
		return -1;
	}
	*unclean = wal_size > 0;
	if (*unclean && file_size(path) == 0) {
		/* SQLite would take it for a new one and remove the log. */
		snprintf(error, error_size,
		    "%s: is missing or empty, while its log %s is there", path,
		    wal);
		return -1;
	}
	return file_make_private(path, error, error_size);
}

int
db_open(struct db **out, const char *path,
    const struct db_migration *migrations, size_t count, char *error,
    size_t error_size)
{
	char lock_path[PATH_MAX];
	bool unclean = false;
	int len, lock = -1;

	*out = NULL;
	len = snprintf(lock_path, sizeof(lock_path), "%s.lock", path);
	if (len < 0 || (size_t)len >= sizeof(lock_path)) {
		snprintf(error, error_size, "%s: path too long", path);
		return -1;
	}
	lock = file_lock(lock_path, error, error_size);
	if (lock == -1)
		return -1;
	if (open_files(path, &unclean, error, error_size) == -1)
		goto fail;
	*out = db_connect(path, lock);
	if (*out == NULL) {
		snprintf(error, error_size, "%s: cannot be opened", path);
		goto fail;
	}
	if (open_set_up(*out, path, unclean, migrations, count, error,
		error_size) == -1) {
		db_close(out);
		return -1;
	}
	return 0;
fail:
	close(lock);
	return -1;
}

int
db_check(const char *path, char *error, size_t error_size)
{
	char value[256];
	struct db *db = NULL;
	int rc = -1;

	/* SQLite takes a file of no bytes for a database of no tables. */
	if (file_size(path) <= 0) {
		snprintf(error, error_size, "%s: is missing or empty", path);
		return -1;
	}
	db = db_connect(path, -1);
	if (db == NULL) {
		snprintf(error, error_size, "%s: cannot be opened", path);
		return -1;
	}
	if (db_ask(db, "PRAGMA locking_mode = EXCLUSIVE", value,
		sizeof(value)) == -1 ||
	    db_ask(db, "PRAGMA quick_check(1)", value, sizeof(value)) == -1)
		(void)open_failed(db, path, "is corrupt", error, error_size);
	else if (strcmp(value, "ok") != 0)
		snprintf(error, error_size, "%s: is corrupt: %s", path, value);
	else
		rc = db_keep_log(db, false);
	db_close(&db);
	return rc;
}
