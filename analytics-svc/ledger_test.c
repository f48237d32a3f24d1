/*
 * Exactly-once counting, across repeats, gaps, restores and rollbacks.
 */
#include "analytics-svc/ledger.h"

#include <stdio.h>

#include "analytics-svc/rollup.h"
#include "analytics-svc/testing.h"

/* Everything that is counted of account 1 around NOW. */
static struct totals
totals(struct fixture *fixture)
{
	return fixture_overview(fixture, 1, 0, NOW - DAY, NOW + DAY)->totals;
}

/* A misreading's count in the same. */
static int64_t
misread(struct fixture *fixture, enum misreading misreading)
{
	const struct overview *overview = fixture_overview(
	    fixture, 1, 0, NOW - DAY, NOW + DAY);

	for (uint32_t i = 0; i < overview->by_misreading_count; i++)
		if (overview->by_misreading[i].misreading == misreading)
			return overview->by_misreading[i].count;
	return 0;
}

static void
add_created(struct fixture *fixture, int count)
{
	for (int i = 0; i < count; i++)
		fixture_add(fixture, make_event(event_kind_CREATED, NOW));
}

static void
duplicate_batch_is_counted_once(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 3; i++) {
		add_created(fixture, 4);
		fixture_add(fixture, make_verified(verdict_ALLOWED, NOW));
		assert_int_equal(fixture_append(fixture, 5, 1), 1);
	}
	assert_int_equal(totals(fixture).challenges, 4);
	assert_int_equal(totals(fixture).solved, 1);

	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 2), 2);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 1), 2);
	assert_int_equal(totals(fixture).challenges, 5);
}

static void
misreadings_are_counted_once_and_in_every_grain(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;
	static const int64_t lengths[] = { MINUTE, HOUR, DAY };

	for (int i = 0; i < 3; i++) {
		fixture_add(fixture, make_misread(misreading_PLAIN_SUM, NOW));
		fixture_add(fixture, make_misread(misreading_OPPOSITE, NOW));
		fixture_add(fixture, make_misread(misreading_PLAIN_SUM, NOW));
		fixture_add(fixture, make_verified(verdict_INCORRECT, NOW));
		assert_int_equal(fixture_append(fixture, 5, 1), 1);
		fixture_reopen(fixture);
	}
	assert_int_equal(misread(fixture, misreading_PLAIN_SUM), 2);
	assert_int_equal(misread(fixture, misreading_OPPOSITE), 1);
	assert_int_equal(misread(fixture, misreading_OTHER), 1);
	assert_int_equal(totals(fixture).incorrect, 4);

	/* Whole buckets: each is answered from its own grain's sheet. */
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const int64_t from = NOW / lengths[i] * lengths[i];

		overview = fixture_overview(
		    fixture, 1, 0, from, from + lengths[i]);
		assert_int_equal(overview->by_misreading_count, 3);
		assert_int_equal(overview->by_misreading[0].count, 2);
	}
}

/* Sheets as a version before the misreadings has left them, and keys as one
 * before their days. */
static void
older_sheets_are_counted_on(void **state)
{
	static const char *const undo[] = {
		"ALTER TABLE sheet DROP COLUMN misreadings",
		"ALTER TABLE outbox DROP COLUMN producer",
		"DROP INDEX api_key_unused",
		"ALTER TABLE api_key DROP COLUMN revoked_day",
		"DROP INDEX api_key_by_day",
		"ALTER TABLE api_key DROP COLUMN first_day",
		"ALTER TABLE api_key DROP COLUMN last_day",
		"PRAGMA user_version = 2",
	};
	struct fixture *fixture = *state;

	fixture_add(fixture, make_misread(misreading_EXTREME, NOW));
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	for (size_t i = 0; i < sizeof(undo) / sizeof(undo[0]); i++)
		assert_int_equal(
		    db_run(db_prepare(fixture->db, "undo", undo[i])), DB_OK);
	fixture_reopen(fixture);
	assert_int_equal(totals(fixture).incorrect, 1);
	assert_int_equal(misread(fixture, misreading_EXTREME), 0);
	assert_int_equal(
	    fixture_overview(fixture, 1, 1, NOW - DAY, NOW + DAY)->by_key_count,
	    1);

	fixture_add(fixture, make_misread(misreading_EXTREME, NOW));
	fixture_add(fixture, make_verified(verdict_INCORRECT, NOW));
	assert_int_equal(fixture_append(fixture, 5, 2), 2);
	assert_int_equal(totals(fixture).incorrect, 3);
	assert_int_equal(misread(fixture, misreading_EXTREME), 1);
	assert_int_equal(misread(fixture, misreading_OTHER), 1);
}

static void
gap_is_not_applied(void **state)
{
	struct fixture *fixture = *state;

	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 2), 0);
	assert_int_equal(totals(fixture).challenges, 0);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 3), 1);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, PROTO_COUNT_MAX), 1);
	assert_int_equal(totals(fixture).challenges, 1);
}

static void
restored_database_catches_up_after_open(void **state)
{
	struct fixture *fixture = *state;

	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	/* The copy knows commit 1; the producer still has those from 40. */
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 40), 1);
	assert_int_equal(fixture_resume(fixture, 5, 40), 39);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 40), 40);
	assert_int_equal(totals(fixture).challenges, 2);
}

static void
open_never_moves_back(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture_resume(fixture, 5, 1), 0);
	for (int64_t i = 1; i <= 3; i++) {
		add_created(fixture, 1);
		assert_int_equal(fixture_append(fixture, 5, i), i);
	}
	assert_int_equal(fixture_resume(fixture, 5, 2), 3);
	assert_int_equal(fixture_resume(fixture, 5, 4), 3);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 2), 3);
	assert_int_equal(totals(fixture).challenges, 3);
}

static void
producers_are_counted_apart(void **state)
{
	struct fixture *fixture = *state;

	for (uint8_t producer = 1; producer <= 5; producer++) {
		add_created(fixture, producer);
		assert_int_equal(fixture_append(fixture, producer, 1), 1);
	}
	assert_int_equal(totals(fixture).challenges, 15);
}

static void
rolled_back_batch_leaves_no_trace(void **state)
{
	struct fixture *fixture = *state;
	struct events_acked acked;
	size_t left_out;
	const struct overview *overview;
	struct event event;

	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);

	/* A new operation, key and name, and then the disk is full. */
	event = make_event(event_kind_CREATED, NOW);
	event.key_id = make_id(2);
	memcpy(event.operation_id, "LOST", sizeof("LOST"));
	fixture_add(fixture, event);
	event = make_event(event_kind_KEY_SAVED, NOW);
	PROTO_CLEAR(&event, event, operation_id);
	PROTO_SET(&event, event, name);
	memcpy(event.name, "lost", sizeof("lost"));
	fixture_add(fixture, event);
	fixture->append.producer = make_id(5);
	fixture->append.sequence = 2;
	assert_int_equal(db_begin(fixture->db), DB_OK);
	assert_int_equal(
	    ledger_append(fixture->ledger, &fixture->append, &acked, &left_out),
	    DB_OK);
	assert_int_equal(acked.sequence, 2);
	db_rollback(fixture->db);
	fixture->append.events_count = 0;

	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW + 1);
	assert_int_equal(overview->totals.challenges, 1);
	assert_int_equal(overview->by_key_count, 1);
	assert_false(PROTO_HAS(&overview->by_key[0], key_totals, name));
	assert_int_equal(overview->by_operation_count, 1);
	assert_int_equal(fixture_resume(fixture, 5, 1), 1);

	/* The number that LOST had goes to another name, and stays with it. */
	event = make_event(event_kind_CREATED, NOW);
	memcpy(event.operation_id, "KEPT", sizeof("KEPT"));
	fixture_add(fixture, event);
	fixture_add(fixture, event);
	assert_int_equal(fixture_append(fixture, 5, 2), 2);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW + 1);
	assert_int_equal(overview->totals.challenges, 3);
	assert_int_equal(overview->by_operation_count, 2);
	assert_string_equal(overview->by_operation[0].operation_id, "KEPT");
	assert_int_equal(overview->by_operation[0].challenges, 2);
	assert_string_equal(overview->by_operation[1].operation_id, "SUM");
}

static void
rolled_back_names_are_stored_when_they_come_again(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;
	struct events_acked acked;
	size_t left_out;
	struct event event;

	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	event = make_event(event_kind_CREATED, NOW);
	memcpy(event.operation_id, "LATE", sizeof("LATE"));
	fixture_add(fixture, event);
	fixture->append.producer = make_id(5);
	fixture->append.sequence = 2;
	assert_int_equal(db_begin(fixture->db), DB_OK);
	assert_int_equal(
	    ledger_append(fixture->ledger, &fixture->append, &acked, &left_out),
	    DB_OK);
	db_rollback(fixture->db);
	assert_int_equal(fixture_append(fixture, 5, 2), 2);

	fixture_reopen(fixture);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW + 1);
	assert_int_equal(overview->totals.challenges, 2);
	assert_int_equal(overview->by_operation_count, 2);
	assert_string_equal(overview->by_operation[0].operation_id, "SUM");
	assert_string_equal(overview->by_operation[1].operation_id, "LATE");
}

static void
restart_forgets_nothing(void **state)
{
	struct fixture *fixture = *state;

	add_created(fixture, 3);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	fixture_reopen(fixture);
	add_created(fixture, 3);
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	add_created(fixture, 1);
	assert_int_equal(fixture_append(fixture, 5, 2), 2);
	assert_int_equal(totals(fixture).challenges, 4);
}

static void
rolled_back_and_run_again_counts_once(void **state)
{
	struct fixture *fixture = *state;
	struct events_acked acked;
	size_t left_out;

	add_created(fixture, 3);
	fixture->append.producer = make_id(5);
	fixture->append.sequence = 1;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(db_begin(fixture->db), DB_OK);
		assert_int_equal(ledger_append(fixture->ledger,
				     &fixture->append, &acked, &left_out),
		    DB_OK);
		db_rollback(fixture->db);
	}
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	assert_int_equal(totals(fixture).challenges, 3);
}

static void
largest_commit_is_counted_whole(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < PROTO_EVENTS_MAX; i++) {
		struct event event = make_event(
		    event_kind_CREATED, NOW - i * MINUTE);

		event.key_id = make_id((uint8_t)(i % 90));
		fixture_add(fixture, event);
	}
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	assert_int_equal(totals(fixture).challenges, PROTO_EVENTS_MAX);
}

static void
uncountable_events_are_left_out_and_told(void **state)
{
	struct fixture *fixture = *state;
	struct events_acked acked;
	size_t left_out;

	add_created(fixture, 1);
	fixture_add(fixture, make_event(event_kind_VERIFIED, NOW));
	fixture->append.producer = make_id(5);
	fixture->append.sequence = 1;
	assert_int_equal(db_begin(fixture->db), DB_OK);
	assert_int_equal(
	    ledger_append(fixture->ledger, &fixture->append, &acked, &left_out),
	    DB_OK);
	assert_int_equal(db_commit(fixture->db), DB_OK);
	assert_int_equal(acked.sequence, 1);
	assert_int_equal(left_out, 1);
	assert_int_equal(totals(fixture).challenges, 1);
	assert_int_equal(totals(fixture).verifications, 0);
}

static void
operations_past_the_last_number_still_count(void **state)
{
	struct fixture *fixture = *state;
	const struct overview *overview;
	int64_t sum = 0;

	for (int i = 0; i < 300; i++) {
		struct event event = make_event(event_kind_CREATED, NOW);

		(void)snprintf(event.operation_id, sizeof(event.operation_id),
		    "OPERATION_%d", i);
		fixture_add(fixture, event);
	}
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	overview = fixture_overview(fixture, 1, 0, NOW - DAY, NOW + 1);
	assert_int_equal(overview->totals.challenges, 300);
	assert_int_equal(overview->by_operation_count, PROTO_OPERATIONS_MAX);
	for (uint32_t i = 0; i < overview->by_operation_count; i++)
		sum += overview->by_operation[i].challenges;
	assert_int_equal(sum, PROTO_OPERATIONS_MAX);
}

static void
newest_event_is_remembered(void **state)
{
	struct fixture *fixture = *state;
	int64_t latest = -1;

	assert_int_equal(store_latest(fixture->store, &latest), DB_OK);
	assert_int_equal(latest, 0);
	fixture_add(fixture, make_event(event_kind_CREATED, NOW));
	fixture_add(fixture, make_event(event_kind_CREATED, NOW - HOUR));
	assert_int_equal(fixture_append(fixture, 5, 1), 1);
	fixture_add(fixture, make_event(event_kind_CREATED, NOW - DAY));
	assert_int_equal(fixture_append(fixture, 5, 2), 2);
	fixture_add(fixture, make_event(event_kind_CREATED, NOW - DAY));
	assert_int_equal(fixture_append(fixture, 6, 1), 1);
	assert_int_equal(store_latest(fixture->store, &latest), DB_OK);
	assert_int_equal(latest, NOW);
}

static void
groups_are_by_account_key_and_minute(void **state)
{
	static struct events_append append;
	static struct rollup rollup;
	struct event event = make_event(event_kind_CREATED, 5 * MINUTE);
	size_t events = 0;

	(void)state;
	append.events[append.events_count++] = event;
	event.at = 5 * MINUTE + 59999;
	append.events[append.events_count++] = event;
	event.at = 6 * MINUTE;
	append.events[append.events_count++] = event;
	event.key_id = make_id(2);
	append.events[append.events_count++] = event;
	event.account_id = make_id(2);
	append.events[append.events_count++] = event;
	event.kind = event_kind_KEY_SAVED;
	append.events[append.events_count++] = event;

	rollup_group(&rollup, &append);
	assert_int_equal(rollup.count, 4);
	assert_int_equal(rollup.left_out, 0);
	assert_int_equal(rollup.groups[0].at, 5 * MINUTE);
	for (size_t i = 0; i < rollup.count; i++)
		for (uint16_t j = rollup.groups[i].first; j != ROLLUP_END;
		     j = rollup.next[j])
			events++;
	assert_int_equal(events, 5);
}

#define LEDGER_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LEDGER_TEST(duplicate_batch_is_counted_once),
		LEDGER_TEST(misreadings_are_counted_once_and_in_every_grain),
		LEDGER_TEST(older_sheets_are_counted_on),
		LEDGER_TEST(gap_is_not_applied),
		LEDGER_TEST(restored_database_catches_up_after_open),
		LEDGER_TEST(open_never_moves_back),
		LEDGER_TEST(producers_are_counted_apart),
		LEDGER_TEST(rolled_back_batch_leaves_no_trace),
		LEDGER_TEST(rolled_back_names_are_stored_when_they_come_again),
		LEDGER_TEST(restart_forgets_nothing),
		LEDGER_TEST(rolled_back_and_run_again_counts_once),
		LEDGER_TEST(largest_commit_is_counted_whole),
		LEDGER_TEST(uncountable_events_are_left_out_and_told),
		LEDGER_TEST(operations_past_the_last_number_still_count),
		LEDGER_TEST(newest_event_is_remembered),
		cmocka_unit_test(groups_are_by_account_key_and_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
