/*
 * What db.c (the connection), db_stmt.c (its statements) and db_backup.c (its
 * copies) share: the only place that includes sqlite3.h, and only those three
 * include this.
 */
#ifndef COMMON_DB_SQLITE_H
#define COMMON_DB_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"

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
	bool wants_room;	/* there was none: the log is to be emptied */
	int64_t full_logged_ns; /* boot time of the last line about no room */
};

/*
 * Turns SQLite's answer to what `name` did into a status, and remembers and
 * logs what has to be. Nothing that was bound is logged. No room is logged
 * once a second: it meets every request.
 */
enum db_status db_failed(struct db *db, const char *name, int rc);

/* Finalizes and frees a statement that is off its database's list. */
void db_stmt_free(struct db_stmt *stmt);

#endif
