/*
 * Tests of opening a database: what is refused, what is kept,
 * what survives.
 */

#include "common/testing_db.h"

static const struct db_migration schema_later[] = {
	{ "this one was applied long ago" },
	{ "and this one" },
	{ "ALTER TABLE item ADD COLUMN third INTEGER;"
	  "INSERT INTO item (id, third) VALUES (33, 3);" },
	{ "UPDATE item SET third = 10 * third;" },
};

static const struct db_migration schema_bad[] = {
	{ "applied" },
	{ "applied" },
	{ "CREATE TABLE third (a INTEGER) STRICT;" },
	{ "CREATE TABLE fourth (a INTEGER) STRICT; SELECT nonsense;" },
};

/* Opening is refused; the sentence has a word in it. */
static void
assert_refused(void **state, const struct db_migration *migrations,
    size_t count, const char *word)
{
	char error[TESTING_ERROR_SIZE] = "";
	struct db *db = NULL;

	assert_int_equal(db_open(&db, testing_path(state, "a.db"), migrations,
			     count, error, sizeof(error)),
	    -1);
	assert_null(db);
	if (strstr(error, word) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", word, error);
}

static int
child_adds_and_dies(void *arg)
{
	char error[TESTING_ERROR_SIZE];
	struct db *db = NULL;

	if (db_open(&db, arg, testing_schema, 2, error, sizeof(error)) == -1)
		return 1;
	return testing_add(testing_insert(db), 1000, "late") == DB_OK ? 0 : 2;
}

/* -------- opening -------- */

static void
migrations_apply_once_and_in_order(void **state)
{
	char error[TESTING_ERROR_SIZE];
	struct db *db = testing_open(state);
	struct db_stmt *stmt;
	int i;

	db_close(&db);
	assert_null(db);
	for (i = 0; i < 2; i++) {
		assert_int_equal(db_open(&db, testing_path(state, "a.db"),
				     schema_later, 4, error, sizeof(error)),
		    0);
		stmt = db_prepare(
		    db, "third", "SELECT third FROM item WHERE id = 33");
		assert_int_equal(db_step(stmt), DB_ROW);
		assert_int_equal(db_int(stmt, "third"), 30);
		db_close(&db);
	}
}

static void
failed_migration_is_undone_and_named(void **state)
{
	char error[TESTING_ERROR_SIZE];
	struct db *db = testing_open(state);

	db_close(&db);
	assert_refused(state, schema_bad, 4, "migration 4");
	/* The third has been applied, the fourth not in part either. */
	assert_refused(state, testing_schema, 2, "version 3");
	assert_int_equal(db_open(&db, testing_path(state, "a.db"), schema_bad,
			     3, error, sizeof(error)),
	    0);
	assert_int_equal(db_run(db_prepare(db, "make",
			     "CREATE TABLE fourth (a INTEGER) STRICT")),
	    DB_OK);
	db_close(&db);
}

static void
newer_schema_is_refused_and_unchanged(void **state)
{
	char *before = NULL, *after = NULL;
	ssize_t len;

	testing_fill(state);
	len = testing_read(testing_path(state, "a.db"), &before);
	assert_refused(state, testing_schema, 1, "version 2");
	assert_int_equal(
	    testing_read(testing_path(state, "a.db"), &after), len);
	assert_memory_equal(before, after, (size_t)len);
	free(before);
	free(after);
}

static int
child_is_refused(void *arg)
{
	char error[TESTING_ERROR_SIZE] = "";
	struct db *db = NULL;

	if (db_open(&db, arg, testing_schema, 2, error, sizeof(error)) == 0)
		return 1;
	return strstr(error, "in use") == NULL ? 2 : 0;
}

static void
second_process_is_refused(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));
	struct db *db = testing_open(state);

	assert_int_equal(testing_child(child_is_refused, path), 0);
	assert_int_equal(
	    testing_add(testing_insert(db), 1, "still here"), DB_OK);
	db_close(&db);
	assert_int_equal(testing_child(child_adds_and_dies, path), 0);
	free(path);
}

static void
files_are_closed_to_others(void **state)
{
	mode_t mask = umask(0);
	struct db *db;

	testing_write(testing_path(state, "a.db"), "", 0, 0644);
	db = testing_open(state);
	umask(mask);
	assert_int_equal(testing_add(testing_insert(db), 1, "one"), DB_OK);
	assert_int_equal(testing_mode(testing_path(state, "a.db")), 0600);
	assert_int_equal(testing_mode(testing_path(state, "a.db-wal")), 0600);
	assert_int_equal(testing_mode(testing_path(state, "a.db.lock")), 0600);
	assert_int_equal(testing_mode(testing_path(state, "a.db-shm")), -1);
	db_close(&db);
	assert_int_equal(testing_mode(testing_path(state, "a.db-wal")), -1);
}

static void
corruption_is_refused_and_files_kept(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));
	char *wal = strdup(testing_path(state, "a.db-wal"));
	char *before[2] = { NULL, NULL }, *after[2] = { NULL, NULL };
	ssize_t len[2];

	testing_fill(state);
	assert_int_equal(testing_child(child_adds_and_dies, path), 0);
	testing_damage(path);
	len[0] = testing_read(path, &before[0]);
	len[1] = testing_read(wal, &before[1]);
	assert_true(len[1] > 0);
	assert_refused(state, testing_schema, 2, "corrupt");
	assert_int_equal(testing_read(path, &after[0]), len[0]);
	assert_int_equal(testing_read(wal, &after[1]), len[1]);
	assert_memory_equal(before[0], after[0], (size_t)len[0]);
	assert_memory_equal(before[1], after[1], (size_t)len[1]);
	free(before[0]);
	free(before[1]);
	free(after[0]);
	free(after[1]);
	free(path);
	free(wal);
}

static void
what_is_no_database_is_refused_and_kept(void **state)
{
	static const char text[] = "Dear diary, this is not a database at all. "
				   "It only has the name of one.";
	char *after = NULL;

	testing_write(testing_path(state, "a.db"), text, sizeof(text), 0600);
	assert_refused(state, testing_schema, 2, "not a database");
	assert_int_equal(
	    testing_read(testing_path(state, "a.db"), &after), sizeof(text));
	assert_memory_equal(after, text, sizeof(text));
	free(after);
}

static void
log_without_its_database_is_refused_and_kept(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));

	testing_fill(state);
	assert_int_equal(testing_child(child_adds_and_dies, path), 0);
	assert_int_equal(unlink(path), 0);
	assert_refused(state, testing_schema, 2, "missing");
	assert_int_not_equal(testing_mode(testing_path(state, "a.db-wal")), -1);
	assert_int_equal(testing_mode(path), -1);
	free(path);
}

static void
directory_that_is_missing_is_named(void **state)
{
	char error[TESTING_ERROR_SIZE];
	struct db *db = NULL;

	assert_int_equal(db_open(&db, testing_path(state, "none/a.db"),
			     testing_schema, 2, error, sizeof(error)),
	    -1);
	assert_non_null(strstr(error, "none/a.db"));
	assert_non_null(strstr(error, "No such file"));
}

/* -------- durability -------- */

struct crash {
	const char *path;
	int pipe;
};

static int
child_commits_and_begins(void *arg)
{
	char error[TESTING_ERROR_SIZE];
	const struct crash *crash = arg;
	struct db_stmt *stmt;
	struct db *db = NULL;

	if (db_open(&db, crash->path, testing_schema, 2, error,
		sizeof(error)) == -1)
		return 1;
	stmt = testing_insert(db);
	if (db_begin(db) != DB_OK || testing_add(stmt, 1, "kept") != DB_OK ||
	    db_commit(db) != DB_OK || db_begin(db) != DB_OK ||
	    testing_add(stmt, 2, "lost") != DB_OK)
		return 2;
	if (write(crash->pipe, "x", 1) != 1)
		return 3;
	for (;;)
		pause();
}

static void
commit_survives_kill_and_the_rest_does_not(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));
	struct crash crash;
	struct db_stmt *stmt;
	struct db *db;
	int ends[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ends), 0);
	crash.path = path;
	crash.pipe = ends[1];
	child = fork();
	if (child == 0)
		_exit(child_commits_and_begins(&crash));
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);

	db = testing_open(state);
	assert_int_equal(testing_count(db), 1);
	stmt = db_prepare(db, "name", "SELECT name FROM item WHERE id = 1");
	assert_int_equal(db_step(stmt), DB_ROW);
	assert_string_equal(db_text(stmt, "name"), "kept");
	db_close(&db);
	free(path);
}

/* What a crash left in the log is in the database before anything is added. */
static void
log_of_a_crash_is_emptied(void **state)
{
	char *path = strdup(testing_path(state, "a.db"));
	struct stat log;
	struct db *db = NULL;

	testing_fill(state);
	assert_int_equal(testing_child(child_adds_and_dies, path), 0);
	assert_int_equal(stat(testing_path(state, "a.db-wal"), &log), 0);
	assert_true(log.st_size > 0);
	db = testing_open(state);
	assert_int_equal(stat(testing_path(state, "a.db-wal"), &log), 0);
	assert_int_equal(log.st_size, 0);
	assert_int_equal(testing_count(db), 201);
	db_close(&db);
	free(path);
}

static void
rollback_forgets_and_tells_changes(void **state)
{
	struct db *db = testing_open(state);
	struct db_stmt *stmt = testing_insert(db);
	int64_t before = db_total_changes(db);

	assert_false(db_in_transaction(db));
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(db_begin(db), DB_ERROR);
	assert_true(db_in_transaction(db));
	assert_int_equal(testing_add(stmt, 1, "one"), DB_OK);
	assert_int_equal(db_changes(db), 1);
	assert_int_equal(db_total_changes(db), before + 1);
	db_rollback(db);
	assert_false(db_in_transaction(db));
	assert_int_equal(testing_count(db), 0);
	assert_int_equal(db_commit(db), DB_ERROR);
	db_rollback(db);
	db_close(&db);
}

static void
check_tells_what_is_whole_and_what_is_not(void **state)
{
	const char *path = testing_path(state, "a.db");
	char error[TESTING_ERROR_SIZE] = "";

	assert_int_equal(db_check(path, error, sizeof(error)), -1);
	testing_fill(state);
	assert_int_equal(db_check(path, error, sizeof(error)), 0);
	testing_damage(path);
	assert_int_equal(db_check(path, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "corrupt"));
	testing_write(path, "no database", 11, 0600);
	assert_int_equal(db_check(path, error, sizeof(error)), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(migrations_apply_once_and_in_order),
		TESTING(failed_migration_is_undone_and_named),
		TESTING(newer_schema_is_refused_and_unchanged),
		TESTING(second_process_is_refused),
		TESTING(files_are_closed_to_others),
		TESTING(corruption_is_refused_and_files_kept),
		TESTING(what_is_no_database_is_refused_and_kept),
		TESTING(log_without_its_database_is_refused_and_kept),
		TESTING(directory_that_is_missing_is_named),
		TESTING(commit_survives_kill_and_the_rest_does_not),
		TESTING(log_of_a_crash_is_emptied),
		TESTING(rollback_forgets_and_tells_changes),
		TESTING(check_tells_what_is_whole_and_what_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
