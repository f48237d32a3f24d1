/*
 * What db_open.c needs of db.c; for nobody else. Functions that answer -1 leave
 * the reason in db_message.
 */
#ifndef COMMON_DB_INTERNAL_H
#define COMMON_DB_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/db.h"

/*
 * Opens a connection to a file that is there; db_close also closes lock. Until
 * db_keep_log says otherwise, closing leaves the log as it is. Returns NULL
 * when it cannot be opened, and lock stays the caller's.
 */
struct db *db_connect(const char *path, int lock);

/* Prepares the statements of the transactions: before the first db_begin. */
void db_ready(struct db *db);

/* Whether closing leaves the log to the next start, or checkpoints it. */
int db_keep_log(struct db *db, bool keep);

/*
 * Copies the whole log into the database, syncs that, and empties the log.
 * DB_OK; DB_FULL with the log as it was; or what else went wrong.
 */
enum db_status db_empty_log(struct db *db);

/* The connection's last error. */
const char *db_message(const struct db *db);

/*
 * Runs one statement and copies the first column of its first row, as text cut
 * to size, to value: "" for none. 0, or -1.
 */
int db_ask(struct db *db, const char *sql, char *value, size_t value_size);

/* Runs statements that answer nothing. 0, or -1 at the first that fails. */
int db_script(struct db *db, const char *sql);

#endif
