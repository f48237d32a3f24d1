/*
 * Tests of statements and transactions: what each failure is called, and what
 * it leaves.
 */

#include "common/testing_db.h"

#include <sys/resource.h>

/* -------- failures -------- */

static void
constraint_is_a_conflict_and_the_transaction_goes_on(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *part;

	part = db_prepare(db, "part", "INSERT INTO part (item) VALUES (:item)");
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);
	assert_int_equal(testing_add(stmt, 2, "one"), DB_CONFLICT);
	assert_int_equal(testing_add(stmt, 1, "two"), DB_CONFLICT);
	db_bind_int(part, ":item", 77); /* there is no such item */
	assert_int_equal(db_run(part), DB_CONFLICT);
	assert_int_equal(testing_add(stmt, 2, "two"), DB_OK);
	assert_int_equal(db_commit(db), DB_OK);
	assert_int_equal(testing_count(db), 2);
	assert_false(db_is_broken(db));
	db_close(&db);
}

static void
no_room_is_full_and_nothing_of_the_transaction_stays(void **state)
{
	static const char body[3000];
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *limit;
	enum db_status status = DB_OK;
	int i;

	limit = db_prepare(db, "limit", "PRAGMA max_page_count = 30");
	assert_int_equal(db_run(limit), DB_OK);
	assert_int_equal(db_begin(db), DB_OK);
	for (i = 0; i < 1000 && status == DB_OK; i++) {
		db_bind_blob(stmt, ":body", body, sizeof(body));
		status = testing_add(stmt, i, NULL);
	}
	assert_int_equal(status, DB_FULL);
	assert_true(db_in_transaction(db));
	db_rollback(db);
	assert_false(db_in_transaction(db));
	assert_int_equal(testing_count(db), 0);
	assert_false(db_is_broken(db));

	limit = db_prepare(db, "limit", "PRAGMA max_page_count = 3000");
	assert_int_equal(db_run(limit), DB_OK);
	assert_int_equal(testing_add(stmt, 1, "room again"), DB_OK);
	db_close(&db);
}

/* The disk ends while a commit writes; later it has room again. */
static int
child_runs_out_of_disk(void *arg)
{
	static const char body[60000];
	struct rlimit limit = { 300000, RLIM_INFINITY };
	char error[TESTING_ERROR_SIZE];
	struct db_stmt *stmt;
	struct db *db = NULL;
	int i;

	if (db_open(&db, arg, testing_schema, 2, error, sizeof(error)) == -1)
		return 1;
	stmt = testing_insert(db);
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) == -1 || db_begin(db) != DB_OK)
		return 2;
	for (i = 0; i < 10; i++) {
		db_bind_blob(stmt, ":body", body, sizeof(body));
		if (testing_add(stmt, i, NULL) != DB_OK)
			return 3;
	}
	if (db_commit(db) != DB_FULL || db_is_broken(db) ||
	    db_in_transaction(db))
		return 4;
	limit.rlim_cur = RLIM_INFINITY;
	if (setrlimit(RLIMIT_FSIZE, &limit) == -1)
		return 5;
	if (testing_add(stmt, 1, "room again") != DB_OK)
		return 6;
	db_close(&db);
	return 0;
}

static void
full_disk_at_commit_is_full_and_passes(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));
	struct db *db;

	assert_int_equal(testing_child(child_runs_out_of_disk, path), 0);
	db = testing_open(state);
	assert_int_equal(testing_count(db), 1);
	db_close(&db);
	free(path);
}

/* SQLite may end a transaction by itself: nothing may run on outside of it. */
static void
lost_transaction_refuses_until_rollback(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *or_rollback;

	or_rollback = db_prepare(db, "or_rollback",
	    "INSERT OR ROLLBACK INTO item (id) VALUES (:id)");
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);
	db_bind_int(or_rollback, ":id", 1);
	assert_int_equal(db_run(or_rollback), DB_CONFLICT);
	assert_int_equal(testing_add(stmt, 2, "two"), DB_CONFLICT);
	assert_true(db_in_transaction(db));
	assert_int_equal(db_commit(db), DB_CONFLICT);
	assert_false(db_in_transaction(db));
	assert_int_equal(testing_count(db), 0);
	assert_int_equal(testing_add(stmt, 2, "two"), DB_OK);
	db_close(&db);
}

static void
corruption_met_later_is_fatal_for_good(void **state)
{
	struct db_backup *backup = NULL;
	struct db_stmt *stmt;
	struct db *db;
	enum db_status status;

	testing_fill(state);
	testing_damage(testing_path(state, "a.db"));
	db = testing_open(state); /* closed cleanly, hence not checked */
	stmt = db_prepare(db, "sum", "SELECT sum(length(body)) FROM item");
	status = db_run(stmt);
	assert_int_equal(status, DB_FATAL);
	assert_true(db_is_broken(db));
	assert_int_equal(db_begin(db), DB_FATAL);
	assert_int_equal(testing_add(testing_insert(db), 5000, "x"), DB_FATAL);
	assert_int_equal(
	    db_backup_begin(db, testing_path(state, "b.db"), &backup),
	    DB_FATAL);
	assert_null(backup);
	db_close(&db);
}

/* -------- statements -------- */

static void
values_come_back_as_they_went(void **state)
{
	static const uint8_t body[] = { 0, 1, 0, 255 };
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *get;
	const void *bytes;
	size_t len = 99;

	db_bind_int(stmt, ":id", INT64_MIN);
	db_bind_text(stmt, ":name", "na\xc3\xafve");
	db_bind_real(stmt, ":weight", 0.1);
	db_bind_blob(stmt, ":body", body, sizeof(body));
	assert_int_equal(db_run(stmt), DB_OK);
	/* Parameters are cleared by a run; in any order; empty is not NULL. */
	db_bind_blob(stmt, ":body", NULL, 0);
	db_bind_text(stmt, ":name", "");
	db_bind_null(stmt, ":weight");
	db_bind_int(stmt, ":id", INT64_MAX);
	assert_int_equal(db_run(stmt), DB_OK);

	get = db_prepare(
	    db, "get", "SELECT id, name, weight, body FROM item ORDER BY id");
	assert_int_equal(db_step(get), DB_ROW);
	assert_true(db_int(get, "id") == INT64_MIN);
	assert_string_equal(db_text(get, "name"), "na\xc3\xafve");
	assert_true(db_real(get, "weight") == 0.1);
	bytes = db_blob(get, "body", &len);
	assert_int_equal(len, sizeof(body));
	assert_memory_equal(bytes, body, sizeof(body));
	assert_int_equal(db_step(get), DB_ROW);
	assert_non_null(db_blob(get, "body", &len));
	assert_int_equal(len, 0);
	assert_false(db_is_null(get, "body"));
	assert_true(db_is_null(get, "weight"));
	assert_false(db_is_null(get, "name"));
	assert_string_equal(db_text(get, "name"), "");
	assert_true(db_int(get, "id") == INT64_MAX);
	assert_int_equal(db_step(get), DB_DONE);
	db_close(&db);
}

static void
unbound_parameter_is_null(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *get;
	size_t len;

	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);
	db_bind_int(stmt, ":id", 2);
	assert_int_equal(db_run(stmt), DB_OK);
	get = db_prepare(db, "get", "SELECT name, body FROM item WHERE id = 2");
	assert_int_equal(db_step(get), DB_ROW);
	assert_true(db_is_null(get, "name"));
	assert_string_equal(db_text(get, "name"), "");
	assert_non_null(db_blob(get, "body", &len));
	assert_int_equal(len, 0);
	db_close(&db);
}

static void
unknown_names_are_errors(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *get;
	size_t len = 1;

	db_bind_int(stmt, ":id", 1);
	db_bind_int(stmt, ":nmae", 1);
	assert_int_equal(db_run(stmt), DB_ERROR);
	assert_int_equal(testing_count(db), 0);
	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);

	get = db_prepare(db, "get", "SELECT id FROM item");
	assert_int_equal(db_step(get), DB_ROW);
	assert_int_equal(db_int(get, "di"), 0);
	assert_int_equal(db_step(get), DB_ERROR);
	assert_int_equal(db_int(get, "id"), 0); /* there is no row */
	assert_string_equal(db_text(get, "id"), "");
	assert_non_null(db_blob(get, "id", &len));
	assert_int_equal(len, 0);
	assert_true(db_is_null(get, "id"));
	assert_true(db_real(get, "id") == 0);
	db_close(&db);
}

static void
statement_left_open_does_not_outlive_the_commit(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db), *get;

	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);
	assert_int_equal(testing_add(stmt, 2, "two"), DB_OK);
	get = db_prepare(
	    db, "get", "SELECT id FROM item WHERE id >= :from ORDER BY id");
	db_bind_int(get, ":from", 1);
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(db_step(get), DB_ROW);
	/* A statement that is under way takes no parameters. */
	db_bind_int(get, ":from", 2);
	assert_int_equal(db_step(get), DB_ERROR);
	db_bind_int(get, ":from", 1);
	assert_int_equal(db_step(get), DB_ROW);
	assert_int_equal(db_commit(db), DB_OK);
	db_bind_int(get, ":from", 2);
	assert_int_equal(db_step(get), DB_ROW);
	assert_int_equal(db_int(get, "id"), 2);
	assert_int_equal(db_step(get), DB_DONE);
	db_close(&db);
}

static int
child_prepares_nonsense(void *arg)
{
	char error[TESTING_ERROR_SIZE];
	struct db *db = NULL;

	signal(SIGABRT, SIG_DFL);
	if (db_open(&db, ((const char **)arg)[0], testing_schema, 2, error,
		sizeof(error)) == -1)
		return 1;
	db_prepare(db, "nonsense", ((const char **)arg)[1]);
	return 0;
}

static void
statement_that_does_not_compile_ends_the_process(void **state)
{
	static const char *const nonsense[] = {
		"SELECT nothing FROM nowhere",
		"SELECT 1; SELECT 2",
		"SELECT \"a string\"",
		"SELECT ?",
		"",
	};
	const char *arg[2];
	size_t i;

	arg[0] = testing_path(state, "a.db");
	for (i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		arg[1] = nonsense[i];
		assert_int_equal(
		    testing_child(child_prepares_nonsense, arg), -1);
	}
}

static void
usage_tells_what_is_on_the_disk(void **state)
{
	struct db *db = testing_open(state);
	struct db_usage usage;
	struct stat st;

	db_usage(db, &usage);
	assert_int_equal(stat(testing_path(state, "a.db"), &st), 0);
	assert_int_equal(usage.db_bytes, st.st_size);
	assert_int_equal(stat(testing_path(state, "a.db-wal"), &st), 0);
	assert_int_equal(usage.log_bytes, st.st_size);
	assert_true(usage.free_bytes > 0);
	db_close(&db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(constraint_is_a_conflict_and_the_transaction_goes_on),
		TESTING(no_room_is_full_and_nothing_of_the_transaction_stays),
		TESTING(full_disk_at_commit_is_full_and_passes),
		TESTING(lost_transaction_refuses_until_rollback),
		TESTING(corruption_met_later_is_fatal_for_good),
		TESTING(values_come_back_as_they_went),
		TESTING(unbound_parameter_is_null),
		TESTING(unknown_names_are_errors),
		TESTING(statement_left_open_does_not_outlive_the_commit),
		TESTING(statement_that_does_not_compile_ends_the_process),
		TESTING(usage_tells_what_is_on_the_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
