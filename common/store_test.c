/*
 * Tests of the tables `meta` and `outbox`, and of what is kept in `meta`.
 */

#include "common/testing.h"

#include "common/clock.h"
#include "common/meta.h"
#include "common/outbox.h"
#include "common/secret.h"
#include "common/store.h"

#define ERROR_SIZE 512

static const struct db_migration schema[] = { { common_schema_first },
	{ common_schema_producer } };

static struct db *
open_store(void **state, struct common_store *store)
{
	char error[ERROR_SIZE] = "";
	struct db *db = NULL;

	if (db_open(&db, testing_path(state, "a.db"), schema, 2, error,
		sizeof(error)) == -1)
		print_error("%s\n", error);
	assert_non_null(db);
	common_store_open(store, db);
	return db;
}

/* -------- meta -------- */

static void
facts_come_back_as_they_were_set(void **state)
{
	static const uint8_t blob[] = { 0, 1, 0, 255 };
	struct common_store store;
	struct db *db = open_store(state, &store);
	uint8_t bytes[8];
	char text[8] = "before";
	int64_t value = 5;
	size_t len = 9;

	assert_int_equal(meta_store_get_int(&store, "n", &value), DB_DONE);
	assert_int_equal(meta_store_get_text(&store, "t", text, 8), DB_DONE);
	assert_int_equal(
	    meta_store_get_blob(&store, "b", bytes, 8, &len), DB_DONE);
	assert_int_equal(value, 5);
	assert_string_equal(text, "before");
	assert_int_equal(len, 9);

	assert_int_equal(meta_store_set_int(&store, "n", 1), DB_OK);
	assert_int_equal(meta_store_set_int(&store, "n", INT64_MIN), DB_OK);
	assert_int_equal(meta_store_set_text(&store, "t", "1234567"), DB_OK);
	assert_int_equal(meta_store_set_blob(&store, "b", blob, 4), DB_OK);
	db_close(&db);
	db = open_store(state, &store);
	assert_int_equal(meta_store_get_int(&store, "n", &value), DB_OK);
	assert_true(value == INT64_MIN);
	assert_int_equal(meta_store_get_text(&store, "t", text, 8), DB_OK);
	assert_string_equal(text, "1234567");
	assert_int_equal(
	    meta_store_get_blob(&store, "b", bytes, 4, &len), DB_OK);
	assert_int_equal(len, 4);
	assert_memory_equal(bytes, blob, 4);
	db_close(&db);
}

static void
fact_of_another_type_or_too_long_is_an_error(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	uint8_t bytes[8];
	char text[8];
	int64_t value;
	size_t len;

	assert_int_equal(meta_store_set_text(&store, "t", "12345678"), DB_OK);
	assert_int_equal(meta_store_get_text(&store, "t", text, 8), DB_ERROR);
	assert_int_equal(meta_store_get_int(&store, "t", &value), DB_ERROR);
	assert_int_equal(
	    meta_store_get_blob(&store, "t", bytes, 8, &len), DB_ERROR);
	assert_int_equal(
	    meta_store_set_blob(&store, "t", "123456789", 9), DB_OK);
	assert_int_equal(
	    meta_store_get_blob(&store, "t", bytes, 8, &len), DB_ERROR);
	assert_int_equal(meta_store_get_text(&store, "t", text, 8), DB_ERROR);
	db_close(&db);
}

static void
producer_is_made_once(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	struct uuid first, second;

	assert_int_equal(meta_producer(db, &first), 0);
	assert_false(uuid_is_zero(&first));
	assert_int_equal(meta_producer(db, &second), 0);
	assert_true(uuid_equal(&first, &second));
	db_close(&db);
	db = open_store(state, &store);
	assert_int_equal(meta_producer(db, &second), 0);
	assert_true(uuid_equal(&first, &second));
	/* Damaged, it is not replaced: its events would be counted twice. */
	assert_int_equal(
	    meta_store_set_blob(&store, "producer", "x", 1), DB_OK);
	assert_int_equal(meta_producer(db, &second), -1);
	assert_int_equal(meta_store_set_text(&store, "producer", "x"), DB_OK);
	assert_int_equal(meta_producer(db, &second), -1);
	db_close(&db);
}

static void
clock_goes_on_from_the_anchor_that_is_kept(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	char error[ERROR_SIZE];
	int64_t before, offset, again;

	assert_int_equal(meta_start_clock(db, 0, error, sizeof(error)), 0);
	assert_int_equal(
	    meta_store_get_int(&store, "clock.offset_ms", &offset), DB_OK);
	/* A floor moves it, and the move is kept. */
	before = clock_now_ms();
	assert_int_equal(
	    meta_start_clock(db, before + 3600000, error, sizeof(error)), 0);
	assert_true(clock_now_ms() >= before + 3600000);
	db_close(&db);
	db = open_store(state, &store);
	assert_int_equal(meta_start_clock(db, 0, error, sizeof(error)), 0);
	assert_true(clock_now_ms() >= before + 3600000);
	assert_int_equal(
	    meta_store_get_int(&store, "clock.offset_ms", &again), DB_OK);
	assert_true(again > offset);

	/* As if the machine had booted since: the wall clock again, above. */
	assert_int_equal(
	    meta_store_set_text(&store, "clock.boot_id", "other"), DB_OK);
	assert_int_equal(meta_start_clock(db, before, error, sizeof(error)), 0);
	assert_true(clock_now_ms() >= before);
	assert_true(clock_now_ms() < before + 3600000);
	assert_int_equal(
	    meta_store_set_text(&store, "clock.offset_ms", "x"), DB_OK);
	assert_int_equal(meta_start_clock(db, 0, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "anchor"));
	db_close(&db);
}

/* -------- outbox -------- */

struct rows {
	int count;
	int enough;
	int64_t sequences[8];
	char bodies[8][8];
	struct uuid producers[8]; /* zero for none */
};

static bool
keep_row(void *ctx, int64_t sequence, const struct uuid *producer,
    const uint8_t *body, size_t len)
{
	struct rows *rows = ctx;

	if (rows->count == 8 || len >= 8)
		return false;
	rows->sequences[rows->count] = sequence;
	if (producer != NULL)
		rows->producers[rows->count] = *producer;
	memcpy(rows->bodies[rows->count], body, len);
	rows->count++;
	return rows->count != rows->enough;
}

static void
rows_come_in_order_until_enough(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	struct rows rows = { .enough = 2 };

	assert_int_equal(outbox_store_next(&store, 0, keep_row, &rows), DB_OK);
	assert_int_equal(rows.count, 0);
	assert_int_equal(outbox_store_add(&store, 1, "one", 3), DB_OK);
	assert_int_equal(outbox_store_add(&store, 3, "three", 5), DB_OK);
	assert_int_equal(outbox_store_add(&store, 2, "", 0), DB_OK);
	assert_int_equal(outbox_store_add(&store, 2, "again", 5), DB_CONFLICT);
	assert_int_equal(outbox_store_next(&store, 0, keep_row, &rows), DB_OK);
	assert_int_equal(rows.count, 2);
	assert_int_equal(rows.sequences[0], 1);
	assert_string_equal(rows.bodies[0], "one");
	assert_int_equal(rows.sequences[1], 2);
	assert_string_equal(rows.bodies[1], "");
	assert_int_equal(outbox_store_next(&store, 2, keep_row, &rows), DB_OK);
	assert_int_equal(rows.count, 3);
	assert_string_equal(rows.bodies[2], "three");
	assert_int_equal(outbox_store_next(&store, 3, keep_row, &rows), DB_OK);
	assert_int_equal(rows.count, 3);
	db_close(&db);
}

static void
rows_are_signed_once(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	const struct uuid first = { { 1 } }, second = { { 2 } };
	struct rows rows = { 0 };

	assert_int_equal(outbox_store_add(&store, 1, "one", 3), DB_OK);
	assert_int_equal(outbox_store_sign(&store, &first), DB_OK);
	assert_int_equal(outbox_store_add(&store, 2, "two", 3), DB_OK);
	assert_int_equal(outbox_store_sign(&store, &second), DB_OK);
	assert_int_equal(outbox_store_add(&store, 3, "three", 5), DB_OK);
	assert_int_equal(outbox_store_next(&store, 0, keep_row, &rows), DB_OK);
	assert_int_equal(rows.count, 3);
	assert_true(uuid_equal(&rows.producers[0], &first));
	assert_true(uuid_equal(&rows.producers[1], &second));
	assert_true(uuid_is_zero(&rows.producers[2]));
	db_close(&db);
}

static void
sequence_is_known_after_its_row_has_gone(void **state)
{
	struct common_store store;
	struct db *db = open_store(state, &store);
	struct outbox_bounds bounds;

	assert_int_equal(outbox_store_bounds(&store, &bounds), DB_OK);
	assert_int_equal(bounds.first, 0);
	assert_int_equal(bounds.last, 0);
	assert_int_equal(bounds.rows, 0);
	assert_int_equal(outbox_store_add(&store, 1, "a", 1), DB_OK);
	assert_int_equal(outbox_store_add(&store, 2, "b", 1), DB_OK);
	assert_int_equal(outbox_store_add(&store, 3, "c", 1), DB_OK);
	assert_int_equal(outbox_store_delete_through(&store, 2), DB_OK);
	assert_int_equal(outbox_store_bounds(&store, &bounds), DB_OK);
	assert_int_equal(bounds.first, 3);
	assert_int_equal(bounds.last, 3);
	assert_int_equal(bounds.rows, 1);
	assert_int_equal(outbox_store_delete_through(&store, 3), DB_OK);
	db_close(&db);
	db = open_store(state, &store);
	assert_int_equal(outbox_store_bounds(&store, &bounds), DB_OK);
	assert_int_equal(bounds.first, 0);
	assert_int_equal(bounds.last, 3);
	assert_int_equal(bounds.rows, 0);
	db_close(&db);
}

static int
start(void **state)
{
	(void)state;
	return secret_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(facts_come_back_as_they_were_set),
		TESTING(fact_of_another_type_or_too_long_is_an_error),
		TESTING(producer_is_made_once),
		TESTING(clock_goes_on_from_the_anchor_that_is_kept),
		TESTING(rows_come_in_order_until_enough),
		TESTING(rows_are_signed_once),
		TESTING(sequence_is_known_after_its_row_has_gone),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
