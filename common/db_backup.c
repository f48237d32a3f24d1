/*
 * Copies of a database that is in use: see db.h. SQLite's backup of pages, not
 * VACUUM INTO: that one is a single statement, which would hold its owner up
 * for as long as the whole database takes to be read.
 *
 * The copy is made over the connection that also writes, and SQLite repeats
 * each such write in the part that has been copied already. So it gets to its
 * end however busy the database is, and then equals the database as it is at
 * its last step. Only a rollback of what was written makes SQLite begin it
 * anew; the service loop has those when a request fails after it has written.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/db.h"
#include "common/db_sqlite.h"
#include "common/log.h"

#define STEP_PAGES 64 /* 256 KiB: some tenths of a millisecond */

struct db_backup {
	struct db *db;
	sqlite3 *target;
	sqlite3_backup *handle;
	char path[PATH_MAX];
	char part[PATH_MAX + sizeof(".part")];
};

/* Says why a copy fails. Never DB_FATAL: it may be its own disk that is bad. */
static enum db_status
backup_failed(const struct db_backup *backup, const char *what, int rc)
{
	log_error(NULL, "%s: backup to %s: %s: %s (sqlite %d)",
	    backup->db->path, backup->path, what,
	    rc == SQLITE_OK ? strerror(errno) : sqlite3_errstr(rc), rc);
	return (rc & 0xff) == SQLITE_FULL ? DB_FULL : DB_ERROR;
}

/* Makes the file here, so that it is closed to others from the start. */
static enum db_status
make_part(const struct db_backup *backup)
{
	int fd;

	if (access(backup->path, F_OK) == 0) {
		errno = EEXIST;
		return backup_failed(backup, "its file", SQLITE_OK);
	}
	/* What an interrupted backup has left. */
	if (unlink(backup->part) == -1 && errno != ENOENT)
		return backup_failed(backup, "its file", SQLITE_OK);
	fd = open(backup->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return backup_failed(backup, "its file", SQLITE_OK);
	close(fd);
	return DB_OK;
}

/* Nothing of an unfinished copy is of use, so that it needs no journal. */
static enum db_status
open_target(struct db_backup *backup)
{
	int rc;

	rc = sqlite3_open_v2(backup->part, &backup->target,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(backup->target,
		    "PRAGMA locking_mode = EXCLUSIVE;"
		    "PRAGMA journal_mode = OFF;"
		    "PRAGMA synchronous = OFF;",
		    NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return backup_failed(backup, "cannot open", rc);
	backup->handle = sqlite3_backup_init(
	    backup->target, "main", backup->db->handle, "main");
	if (backup->handle == NULL)
		return backup_failed(backup, "cannot begin",
		    sqlite3_extended_errcode(backup->target));
	return DB_OK;
}

enum db_status
db_backup_begin(struct db *db, const char *path, struct db_backup **out)
{
	struct db_backup *backup = NULL;
	enum db_status status;
	int len;

	*out = NULL;
	if (db_is_broken(db))
		return DB_FATAL;
	backup = calloc(1, sizeof(*backup));
	if (backup == NULL)
		return DB_ERROR;
	backup->db = db;
	len = snprintf(backup->path, sizeof(backup->path), "%s", path);
	if (len < 0 || (size_t)len >= sizeof(backup->path)) {
		log_error(NULL, "backup to %s: path too long", path);
		free(backup);
		return DB_ERROR;
	}
	snprintf(backup->part, sizeof(backup->part), "%s.part", path);
	status = make_part(backup);
	if (status == DB_OK) {
		*out = backup;
		status = open_target(backup);
		if (status != DB_OK)
			db_backup_free(out);
	} else {
		free(backup);
	}
	return status;
}

/* Closes the copy. The first error of all comes out here. */
static int
close_target(struct db_backup *backup)
{
	int rc = SQLITE_OK, closed;

	if (backup->handle != NULL)
		rc = sqlite3_backup_finish(backup->handle);
	backup->handle = NULL;
	closed = sqlite3_close(backup->target);
	backup->target = NULL;
	return rc != SQLITE_OK ? rc : closed;
}

enum db_status
db_backup_step(struct db_backup *backup)
{
	int rc;

	if (db_is_broken(backup->db))
		return DB_FATAL;
	rc = sqlite3_backup_step(backup->handle, STEP_PAGES);
	if (rc == SQLITE_OK)
		return DB_OK;
	if (rc != SQLITE_DONE)
		return backup_failed(backup, "cannot copy", rc);
	rc = close_target(backup);
	if (rc != SQLITE_OK)
		return backup_failed(backup, "cannot end", rc);
	/* rename(2) would replace what is there. */
	if (link(backup->part, backup->path) == -1)
		return backup_failed(backup, "cannot publish", SQLITE_OK);
	return DB_DONE;
}

void
db_backup_free(struct db_backup **backupp)
{
	struct db_backup *backup = *backupp;

	if (backup == NULL)
		return;
	*backupp = NULL;
	(void)close_target(backup);
	/* Not there any more when the copy is complete. */
	(void)unlink(backup->part);
	free(backup);
}
