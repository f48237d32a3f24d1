/*
 * Prepared statements: binding and reading by name, see db.h.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_sqlite.h"
#include "common/log.h"

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

/* -------- values of more than one step -------- */

void
db_bind_uuid(struct db_stmt *stmt, const char *name, const struct uuid *id)
{
	db_bind_blob(stmt, name, id->bytes, UUID_BYTES);
}

void
db_bind_optional(struct db_stmt *stmt, const char *name, const char *text)
{
	if (text[0] == '\0')
		db_bind_null(stmt, name);
	else
		db_bind_text(stmt, name, text);
}

void
db_copy_uuid(struct db_stmt *stmt, const char *column, struct uuid *id)
{
	const void *bytes;
	size_t len;

	bytes = db_blob(stmt, column, &len);
	memset(id, 0, sizeof(*id));
	if (len == UUID_BYTES)
		memcpy(id->bytes, bytes, UUID_BYTES);
}

void
db_copy_text(struct db_stmt *stmt, const char *column, char *text, size_t size)
{
	const char *value = db_text(stmt, column);
	size_t len = strlen(value);

	if (len >= size)
		len = size - 1;
	memcpy(text, value, len);
	text[len] = '\0';
}

/* -------- preparing -------- */

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

void
db_stmt_free(struct db_stmt *stmt)
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
