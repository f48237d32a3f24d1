/*
 * Tests of store.h on a database in a temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "challenge-svc/store.h"

#define KEEP_MS INT64_C(600000)

#define NOW INT64_C(1776079724267)

struct fixture {
	char directory[64];
	char path[96];
	struct db *db;
	struct store *store;
	size_t expired;
};

static void
open_store(struct fixture *fixture)
{
	char error[256] = "";

	if (db_open(&fixture->db, fixture->path, store_schema,
		store_schema_count, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	fixture->store = store_open(fixture->db, KEEP_MS);
	assert_non_null(fixture->store);
}

static void
close_store(struct fixture *fixture)
{
	store_free(&fixture->store);
	db_close(&fixture->db);
}

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	snprintf(fixture->directory, sizeof(fixture->directory),
	    "/tmp/aic-store-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->path, sizeof(fixture->path), "%s/challenge.db",
	    fixture->directory);
	open_store(fixture);
	*state = fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
	char path[128];
	size_t i;

	close_store(fixture);
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", fixture->path, endings[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(fixture->directory), 0);
	free(fixture);
	return 0;
}

static struct challenge_row
example(int64_t id)
{
	struct challenge_row row = { .id = id,
		.secret = 77 + id,
		.level = level_HARD,
		.operation_id = "SUM_EXCLUDING_VALUE",
		.answer = 5,
		.human_ms = 3607,
		.min_score = 40,
		.min_solve_ms = 150,
		.issued_at = NOW,
		.expires_at = NOW + 320000,
		.hostname = "example.org",
		.action = "sign-up",
		.cdata = "order 17",
		.verification = 4711,
		.slips = { .count = 2,
		    .slip = { { 14, MISREAD_PLAIN_SUM },
			{ -3, MISREAD_OPERATOR } } } };

	memset(row.account_id.bytes, 0xa1, UUID_BYTES);
	memset(row.key_id.bytes, 0xb2, UUID_BYTES);
	return row;
}

static void
row_reads_back_as_it_was_added(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row in = example(5), out;
	int64_t newest, issued_at;

	assert_int_equal(store_find(fixture->store, 5, &out), DB_DONE);
	assert_int_equal(store_add(fixture->store, &in), DB_OK);
	assert_int_equal(store_find(fixture->store, 5, &out), DB_ROW);
	assert_int_equal(out.id, in.id);
	assert_int_equal(out.state, CHALLENGE_OPEN);
	assert_int_equal(out.secret, in.secret);
	assert_true(uuid_equal(&out.account_id, &in.account_id));
	assert_true(uuid_equal(&out.key_id, &in.key_id));
	assert_int_equal(out.level, in.level);
	assert_string_equal(out.operation_id, in.operation_id);
	assert_int_equal(out.answer, in.answer);
	assert_int_equal(out.human_ms, in.human_ms);
	assert_int_equal(out.min_score, in.min_score);
	assert_int_equal(out.min_solve_ms, in.min_solve_ms);
	assert_int_equal(out.issued_at, in.issued_at);
	assert_int_equal(out.expires_at, in.expires_at);
	assert_string_equal(out.hostname, in.hostname);
	assert_string_equal(out.action, in.action);
	assert_string_equal(out.cdata, in.cdata);
	assert_string_equal(out.idempotency_key, "");
	assert_int_equal(
	    store_newest(fixture->store, &newest, &issued_at), DB_OK);
	assert_int_equal(newest, 5);
	assert_int_equal(issued_at, NOW);
	assert_int_equal(store_add(fixture->store, &in), DB_CONFLICT);
}

static void
only_the_first_judgement_counts(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row row = example(5), out;

	assert_int_equal(store_add(fixture->store, &row), DB_OK);
	row.state = CHALLENGE_REFUSED;
	row.solve_ms = 900;
	assert_int_equal(store_judge(fixture->store, &row), DB_OK);
	row.state = CHALLENGE_ALLOWED;
	assert_int_equal(store_judge(fixture->store, &row), DB_DONE);
	assert_int_equal(store_expire(fixture->store, 5, NOW), DB_DONE);
	assert_int_equal(store_redeem(fixture->store, 5, ""), DB_DONE);
	assert_int_equal(store_find(fixture->store, 5, &out), DB_ROW);
	assert_int_equal(out.state, CHALLENGE_REFUSED);
	assert_int_equal(out.solve_ms, 900);
}

static void
only_the_first_redemption_counts(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row row = example(5), out;

	assert_int_equal(store_add(fixture->store, &row), DB_OK);
	assert_int_equal(store_redeem(fixture->store, 5, "a"), DB_DONE);
	row.state = CHALLENGE_ALLOWED;
	row.verification_expires_at = NOW + 300000;
	assert_int_equal(store_judge(fixture->store, &row), DB_OK);
	assert_int_equal(store_redeem(fixture->store, 5, "a"), DB_OK);
	assert_int_equal(store_redeem(fixture->store, 5, "b"), DB_DONE);
	assert_int_equal(store_find(fixture->store, 5, &out), DB_ROW);
	assert_int_equal(out.state, CHALLENGE_REDEEMED);
	assert_int_equal(out.verification, 4711);
	assert_string_equal(out.idempotency_key, "a");
}

static void
slips_read_back_after_a_restart(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row row = example(5);
	struct slips slips = { .count = 7 };

	assert_int_equal(store_slips(fixture->store, 5, &slips), DB_OK);
	assert_int_equal(slips.count, 0);
	assert_int_equal(store_add(fixture->store, &row), DB_OK);
	close_store(fixture);
	open_store(fixture);
	assert_int_equal(store_slips(fixture->store, 5, &slips), DB_OK);
	assert_int_equal(slips.count, 2);
	assert_int_equal(slips.slip[0].answer, 14);
	assert_int_equal(slips.slip[0].misreading, MISREAD_PLAIN_SUM);
	assert_int_equal(slips.slip[1].answer, -3);
	assert_int_equal(slips.slip[1].misreading, MISREAD_OPERATOR);
}

/* A row as a version before the slips has left it. */
static void
row_of_an_older_version_has_no_slips(void **state)
{
	static const char *const undo[] = {
		"ALTER TABLE challenge DROP COLUMN slips",
		"ALTER TABLE outbox DROP COLUMN producer",
		"PRAGMA user_version = 2",
	};
	struct fixture *fixture = *state;
	struct challenge_row row = example(5), out;
	struct slips slips;
	size_t i;

	assert_int_equal(store_add(fixture->store, &row), DB_OK);
	for (i = 0; i < sizeof(undo) / sizeof(undo[0]); i++)
		assert_int_equal(
		    db_run(db_prepare(fixture->db, "undo", undo[i])), DB_OK);
	close_store(fixture);
	open_store(fixture);

	assert_int_equal(store_find(fixture->store, 5, &out), DB_ROW);
	assert_string_equal(out.cdata, row.cdata);
	assert_int_equal(store_slips(fixture->store, 5, &slips), DB_OK);
	assert_int_equal(slips.count, 0);
	out.state = CHALLENGE_REFUSED;
	assert_int_equal(store_judge(fixture->store, &out), DB_OK);
}

static enum db_status
note_expired(void *arg, const struct store_expired *row)
{
	struct fixture *fixture = arg;

	assert_int_equal(row->level, level_HARD);
	assert_string_equal(row->operation_id, "SUM_EXCLUDING_VALUE");
	assert_int_equal(row->key_id.bytes[0], 0xb2);
	assert_int_equal(row->account_id.bytes[0], 0xa1);
	fixture->expired++;
	return DB_OK;
}

static bool
sweep(struct fixture *fixture, int64_t now_ms)
{
	bool more = false;

	assert_int_equal(
	    store_sweep(fixture->store, now_ms, note_expired, fixture, &more),
	    DB_OK);
	return more;
}

static void
sweep_tells_the_unanswered_once_and_deletes_later(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row open = example(1), judged = example(2);
	struct challenge_row young = example(3), out;
	int64_t when;

	young.expires_at += 1;
	judged.state = CHALLENGE_REFUSED;
	assert_int_equal(store_add(fixture->store, &open), DB_OK);
	assert_int_equal(store_add(fixture->store, &judged), DB_OK);
	assert_int_equal(store_add(fixture->store, &young), DB_OK);
	assert_int_equal(store_judge(fixture->store, &judged), DB_OK);

	when = open.expires_at;
	assert_false(sweep(fixture, when));
	assert_int_equal(fixture->expired, 1);
	assert_int_equal(store_find(fixture->store, 1, &out), DB_ROW);
	assert_int_equal(out.state, CHALLENGE_EXPIRED);
	assert_int_equal(store_find(fixture->store, 3, &out), DB_ROW);
	assert_int_equal(out.state, CHALLENGE_OPEN);

	assert_false(sweep(fixture, when + KEEP_MS));
	assert_int_equal(fixture->expired, 2);
	assert_int_equal(store_find(fixture->store, 1, &out), DB_DONE);
	assert_int_equal(store_find(fixture->store, 2, &out), DB_DONE);
	assert_int_equal(store_find(fixture->store, 3, &out), DB_ROW);
}

static void
sweep_of_many_goes_on_where_it_stopped(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_row row;
	int64_t id;

	for (id = 1; id <= STORE_SWEEP_MAX + 10; id++) {
		row = example(id);
		assert_int_equal(store_add(fixture->store, &row), DB_OK);
	}
	assert_true(sweep(fixture, NOW + 400000));
	assert_int_equal(fixture->expired, STORE_SWEEP_MAX);
	assert_false(sweep(fixture, NOW + 400000));
	assert_int_equal(fixture->expired, STORE_SWEEP_MAX + 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    row_reads_back_as_it_was_added, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    only_the_first_judgement_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    only_the_first_redemption_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    slips_read_back_after_a_restart, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    row_of_an_older_version_has_no_slips, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    sweep_tells_the_unanswered_once_and_deletes_later, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    sweep_of_many_goes_on_where_it_stopped, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
