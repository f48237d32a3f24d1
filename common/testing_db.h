/*
 * What the tests of the database share: a schema of two steps, and a database
 * of it.
 */
#ifndef COMMON_TESTING_DB_H
#define COMMON_TESTING_DB_H

#include "common/db.h"
#include "common/testing.h"

#define TESTING_ERROR_SIZE 512

static const struct db_migration testing_schema[] = {
	{ "CREATE TABLE item (id INTEGER PRIMARY KEY,"
	  " name TEXT UNIQUE, weight REAL, body BLOB) STRICT;" },
	{ "CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id))"
	  " STRICT;" },
};

static inline struct db *
testing_open(void **state)
{
	char error[TESTING_ERROR_SIZE] = "";
	struct db *db = NULL;

	if (db_open(&db, testing_path(state, "a.db"), testing_schema, 2, error,
		sizeof(error)) == -1)
		print_error("%s\n", error);
	assert_non_null(db);
	return db;
}

static inline struct db_stmt *
testing_insert(struct db *db)
{
	return db_prepare(db, "insert",
	    "INSERT INTO item (id, name, weight, body)"
	    " VALUES (:id, :name, :weight, :body)");
}

static inline enum db_status
testing_add(struct db_stmt *stmt, int64_t id, const char *name)
{
	db_bind_int(stmt, ":id", id);
	db_bind_text(stmt, ":name", name);
	return db_run(stmt);
}

static inline int64_t
testing_count(struct db *db)
{
	struct db_stmt *stmt;
	int64_t count;

	stmt = db_prepare(db, "count", "SELECT count(*) AS n FROM item");
	assert_int_equal(db_step(stmt), DB_ROW);
	count = db_int(stmt, "n");
	db_reset(stmt);
	return count;
}

/* Fills the database with some hundred pages and closes it. */
static inline void
testing_fill(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db);
	static const char body[2000];
	int i;

	assert_int_equal(db_begin(db), DB_OK);
	for (i = 0; i < 200; i++) {
		db_bind_blob(stmt, ":body", body, sizeof(body));
		assert_int_equal(testing_add(stmt, i, NULL), DB_OK);
	}
	assert_int_equal(db_commit(db), DB_OK);
	db_close(&db);
}

/* Damages the head of every page of the file from the third on. */
static inline void
testing_damage(const char *path)
{
	char *bytes = NULL;
	const ssize_t page = 4096;
	ssize_t len, at;

	len = testing_read(path, &bytes);
	assert_true(len > 4 * page);
	for (at = 2 * page; at < len; at += page)
		memset(bytes + at, 0xa5, 64);
	testing_write(path, bytes, (size_t)len, 0600);
	free(bytes);
}

#endif
