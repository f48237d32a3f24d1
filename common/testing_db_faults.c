/*
 * The failing calls of testing_faults.h: the linker's --wrap brings ours here.
 */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_sqlite.h"
#include "common/testing_faults.h"

#define FNV_START UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
int __real_sqlite3_step(sqlite3_stmt *stmt);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);

const char *const faults_names[FAULTS_KINDS] = {
	[FAULTS_MEMORY] = "memory",
	[FAULTS_SQLITE_MEMORY] = "SQLite's memory",
	[FAULTS_STEP_MEMORY] = "a statement's memory",
	[FAULTS_STEP_FULL] = "a statement's room",
	[FAULTS_STEP_IO] = "a statement's I/O",
};

static atomic_int armed = -1; /* the kind, or none */
static atomic_uint left;      /* calls until it fails */
static atomic_bool hit;
static sqlite3_mem_methods memory; /* SQLite's own */

static bool
fails(enum faults_kind kind)
{
	if (armed != (int)kind || left == 0 || --left > 0)
		return false;
	hit = true;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails(FAULTS_MEMORY) ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails(FAULTS_MEMORY) ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails(FAULTS_MEMORY) ? NULL : __real_realloc(old, size);
}

char *
__wrap_strdup(const char *text)
{
	return fails(FAULTS_MEMORY) ? NULL : __real_strdup(text);
}

/* The commit is a statement, too. A rollback is let through: SQLite's never
 * fails for want of anything. */
int
__wrap_sqlite3_step(sqlite3_stmt *stmt)
{
	const char *sql = sqlite3_sql(stmt);

	if (sql != NULL && strcmp(sql, "ROLLBACK") == 0)
		return __real_sqlite3_step(stmt);
	if (fails(FAULTS_STEP_MEMORY))
		return SQLITE_NOMEM;
	if (fails(FAULTS_STEP_FULL))
		return SQLITE_FULL;
	if (fails(FAULTS_STEP_IO))
		return SQLITE_IOERR_WRITE;
	return __real_sqlite3_step(stmt);
}

static void *
sqlite_malloc(int size)
{
	return fails(FAULTS_SQLITE_MEMORY) ? NULL : memory.xMalloc(size);
}

static void *
sqlite_realloc(void *old, int size)
{
	return fails(FAULTS_SQLITE_MEMORY) ? NULL : memory.xRealloc(old, size);
}

void
faults_init(void)
{
	sqlite3_mem_methods failing;

	assert_int_equal(
	    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory), SQLITE_OK);
	failing = memory;
	failing.xMalloc = sqlite_malloc;
	failing.xRealloc = sqlite_realloc;
	assert_int_equal(
	    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
	/* Nor a store of small blocks beside it, which would not fail. */
	assert_int_equal(
	    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
}

void
faults_arm(enum faults_kind kind, unsigned n)
{
	hit = false;
	left = n;
	armed = (int)kind;
}

bool
faults_disarm(void)
{
	armed = -1;
	return hit;
}

/* -------- what is in a database -------- */

static uint64_t
hash(uint64_t state, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		state = (state ^ at[i]) * FNV_PRIME;
	return state;
}

static uint64_t
hash_row(uint64_t state, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const int type = sqlite3_column_type(stmt, i);
		const void *bytes = sqlite3_column_blob(stmt, i);

		state = hash(state, &type, sizeof(type));
		if (bytes != NULL)
			state = hash(state, bytes,
			    (size_t)sqlite3_column_bytes(stmt, i));
	}
	return state;
}

static sqlite3_stmt *
prepare(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(
	    sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL), SQLITE_OK);
	return stmt;
}

uint64_t
faults_digest(struct db *db, int64_t *rows)
{
	sqlite3_stmt *tables = prepare(db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND name NOT LIKE 'sqlite_%' ORDER BY name");
	uint64_t state = FNV_START;
	char sql[128];

	*rows = 0;
	while (__real_sqlite3_step(tables) == SQLITE_ROW) {
		sqlite3_stmt *stmt = NULL;

		(void)snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"",
		    (const char *)sqlite3_column_text(tables, 0));
		stmt = prepare(db, sql);
		while (__real_sqlite3_step(stmt) == SQLITE_ROW) {
			state = hash_row(state, stmt);
			(*rows)++;
		}
		assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	}
	assert_int_equal(sqlite3_finalize(tables), SQLITE_OK);
	return state;
}
