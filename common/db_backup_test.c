/*
 * Tests of copies of a database that is in use: they are whole, they are of
 * their last moment, and what cannot be made leaves nothing behind.
 */
#include "common/testing.h"
#include "common/testing_db.h"

/* Steps until there is nothing more to do; how many steps that took. */
static int
finish(struct db_backup *backup)
{
	enum db_status status;
	int steps = 0;

	do {
		status = db_backup_step(backup);
		steps++;
	} while (status == DB_OK);
	assert_int_equal(status, DB_DONE);
	return steps;
}

/* Opens a copy, as a service that was brought back from it. */
static struct db *
open_copy(const char *path)
{
	char error[TESTING_ERROR_SIZE] = "";
	struct db *copy = NULL;

	if (db_open(&copy, path, testing_schema, 2, error, sizeof(error)) != 0)
		print_error("%s\n", error);
	assert_non_null(copy);
	return copy;
}

static void
copy_opens_and_equals(void **state)
{
	struct db *db = NULL, *copy = NULL;
	struct db_backup *backup = NULL;
	const char *path = NULL;

	testing_fill(state);
	db = testing_open(state);
	assert_int_equal(
	    testing_add(testing_insert(db), 1000, "in the log only"), DB_OK);
	path = testing_path(state, "copy.db");
	/* What an earlier one that was interrupted has left. */
	testing_write(testing_path(state, "copy.db.part"), "junk", 4, 0600);
	assert_int_equal(db_backup_begin(db, path, &backup), DB_OK);
	/* Never more than a part of it at a time. */
	assert_true(finish(backup) > 1);
	db_backup_free(&backup);
	assert_int_equal(testing_mode(path), 0600);
	assert_int_equal(testing_mode(testing_path(state, "copy.db.part")), -1);
	copy = open_copy(path);
	assert_int_equal(testing_count(copy), 201);
	assert_int_equal(testing_count(db), 201);
	db_close(&copy);
	db_close(&db);
}

/* Writes between its steps, in what was copied and in what was not. */
static void
copy_is_of_its_last_moment(void **state)
{
	static const char body[3000];
	struct db *db = NULL, *copy = NULL;
	struct db_backup *backup = NULL;
	struct db_stmt *insert = NULL, *grow = NULL;
	const char *path = NULL;
	int64_t id = 1000;
	enum db_status status;

	testing_fill(state);
	db = testing_open(state);
	insert = testing_insert(db);
	grow = db_prepare(
	    db, "grow", "UPDATE item SET body = :body WHERE id % 7 = :rest");
	path = testing_path(state, "copy.db");
	assert_int_equal(db_backup_begin(db, path, &backup), DB_OK);
	while ((status = db_backup_step(backup)) == DB_OK) {
		assert_int_equal(db_begin(db), DB_OK);
		assert_int_equal(testing_add(insert, id++, NULL), DB_OK);
		db_bind_blob(grow, ":body", body, sizeof(body));
		db_bind_int(grow, ":rest", id % 7);
		assert_int_equal(db_run(grow), DB_OK);
		assert_int_equal(db_commit(db), DB_OK);
		/* What is rolled back is in no copy. */
		if (id != 1002)
			continue;
		assert_int_equal(db_begin(db), DB_OK);
		assert_int_equal(testing_add(insert, 9999, NULL), DB_OK);
		db_rollback(db);
	}
	assert_int_equal(status, DB_DONE);
	db_backup_free(&backup);
	/* After its moment. */
	assert_int_equal(testing_add(insert, id, NULL), DB_OK);
	copy = open_copy(path);
	assert_int_equal(testing_count(copy), testing_count(db) - 1);
	assert_true(testing_count(copy) > 200);
	db_close(&copy);
	db_close(&db);
}

static void
copy_that_is_given_up_leaves_nothing(void **state)
{
	struct db_backup *backup = NULL;
	struct db *db = NULL;

	testing_fill(state);
	db = testing_open(state);
	assert_int_equal(
	    db_backup_begin(db, testing_path(state, "b.db"), &backup), DB_OK);
	assert_int_equal(db_backup_step(backup), DB_OK);
	assert_int_equal(testing_mode(testing_path(state, "b.db.part")), 0600);
	db_backup_free(&backup);
	assert_int_equal(testing_mode(testing_path(state, "b.db.part")), -1);
	assert_int_equal(testing_mode(testing_path(state, "b.db")), -1);
	assert_int_equal(testing_count(db), 200);
	db_close(&db);
}

static void
copy_refuses_an_existing_file(void **state)
{
	struct db *db = testing_open(state);
	const char *path = testing_path(state, "taken");
	struct db_backup *backup = NULL;
	char *after = NULL;

	testing_write(path, "mine", 4, 0600);
	assert_int_equal(db_backup_begin(db, path, &backup), DB_ERROR);
	assert_null(backup);
	assert_int_equal(testing_read(path, &after), 4);
	assert_string_equal(after, "mine");
	assert_int_equal(
	    db_backup_begin(db, testing_path(state, "no/where"), &backup),
	    DB_ERROR);
	assert_false(db_is_broken(db));
	free(after);
	db_close(&db);
}

static void
copy_waits_for_no_transaction(void **state)
{
	struct db *db = testing_open(state);
	struct db_backup *backup = NULL;

	assert_int_equal(
	    db_backup_begin(db, testing_path(state, "b.db"), &backup), DB_OK);
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(db_backup_step(backup), DB_ERROR);
	db_rollback(db);
	assert_false(db_is_broken(db));
	db_backup_free(&backup);
	assert_int_equal(testing_mode(testing_path(state, "b.db")), -1);
	db_close(&db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(copy_opens_and_equals),
		TESTING(copy_is_of_its_last_moment),
		TESTING(copy_that_is_given_up_leaves_nothing),
		TESTING(copy_refuses_an_existing_file),
		TESTING(copy_waits_for_no_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
