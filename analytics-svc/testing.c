/*
 * What the tests share. See testing.h.
 */
#include "analytics-svc/testing.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

static void
fixture_open(struct fixture *fixture)
{
	char path[128], error[256] = "";
	int len;

	len = snprintf(
	    path, sizeof(path), "%s/analytics.db", fixture->directory);
	assert_true(len > 0 && (size_t)len < sizeof(path));
	if (db_open(&fixture->db, path, store_schema, store_schema_count, error,
		sizeof(error)) == -1)
		fail_msg("%s", error);
	fixture->store = store_open(fixture->db);
	assert_non_null(fixture->store);
	fixture->ledger = ledger_new(fixture->store);
	assert_non_null(fixture->ledger);
	fixture->report = report_new(fixture->store);
	assert_non_null(fixture->report);
}

static void
fixture_close(struct fixture *fixture)
{
	report_free(&fixture->report);
	ledger_free(&fixture->ledger);
	store_free(&fixture->store);
	db_close(&fixture->db);
}

int
fixture_set_up(void **state)
{
	struct fixture *fixture = test_alloc(sizeof(*fixture));
	const char *base = getenv("TMPDIR");
	int len;

	len = snprintf(fixture->directory, sizeof(fixture->directory),
	    "%s/analytics-test-XXXXXX", base != NULL ? base : "/tmp");
	assert_true(len > 0 && (size_t)len < sizeof(fixture->directory));
	assert_non_null(mkdtemp(fixture->directory));
	fixture_open(fixture);
	*state = fixture;
	return 0;
}

void
fixture_reopen(struct fixture *fixture)
{
	fixture_close(fixture);
	fixture_open(fixture);
}

int
fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;
	const struct dirent *entry;
	DIR *directory;

	fixture_close(fixture);
	directory = opendir(fixture->directory);
	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			assert_int_equal(
			    unlinkat(dirfd(directory), entry->d_name, 0), 0);
	assert_int_equal(closedir(directory), 0);
	assert_int_equal(rmdir(fixture->directory), 0);
	free(fixture);
	return 0;
}

struct uuid
make_id(uint8_t byte)
{
	struct uuid id;

	memset(id.bytes, byte, sizeof(id.bytes));
	return id;
}

struct event
make_event(enum event_kind kind, int64_t at)
{
	struct event event = { .kind = (uint8_t)kind, .at = at, .count = 1 };

	event.account_id = make_id(1);
	event.key_id = make_id(1);
	PROTO_SET(&event, event, level);
	event.level = level_MEDIUM;
	PROTO_SET(&event, event, operation_id);
	memcpy(event.operation_id, "SUM", sizeof("SUM"));
	return event;
}

struct event
make_saved(uint8_t key, const char *name, int64_t at)
{
	struct event event = {
		.kind = event_kind_KEY_SAVED, .at = at, .count = 1
	};

	event.account_id = make_id(1);
	event.key_id = make_id(key);
	if (name != NULL) {
		PROTO_SET(&event, event, name);
		memcpy(event.name, name, strlen(name) + 1);
	}
	return event;
}

struct event
make_verified(enum verdict verdict, int64_t at)
{
	struct event event = make_event(event_kind_VERIFIED, at);

	PROTO_SET(&event, event, verdict);
	event.verdict = (uint8_t)verdict;
	if (verdict != verdict_INCORRECT) {
		PROTO_SET(&event, event, solve_time_ms);
		event.solve_time_ms = 500;
		PROTO_SET(&event, event, score);
		event.score = 800;
	}
	return event;
}

struct event
make_misread(enum misreading misreading, int64_t at)
{
	struct event event = make_verified(verdict_INCORRECT, at);

	PROTO_SET(&event, event, misreading);
	event.misreading = (uint8_t)misreading;
	return event;
}

struct event
make_any_event(uint64_t *seed, int64_t from, int64_t length)
{
	static const char *const operations[] = { "SUM", "MAX", "MIN", "" };
	const int64_t at = from + (int64_t)test_below(seed, (size_t)length);
	const char *operation = operations[test_below(seed, 4)];
	struct event event;

	switch (test_below(seed, 4)) {
	case 0:
		event = make_event(event_kind_CREATED, at);
		break;
	case 1:
		event = make_event(event_kind_EXPIRED, at);
		event.count = 1 + (int64_t)test_below(seed, 300);
		break;
	case 2:
		event = make_event(event_kind_REDEEMED, at);
		break;
	default:
		event = make_verified((enum verdict)test_below(seed, 4), at);
		if (event.verdict != verdict_INCORRECT) {
			event.solve_time_ms = (int64_t)test_below(seed, 9000);
			event.score = (int64_t)test_below(seed, 1001);
		} else if (test_below(seed, 4) != 0) {
			event = make_misread((enum misreading)test_below(seed,
						 proto_enum_misreading.count),
			    at);
		}
		break;
	}

	event.account_id = make_id((uint8_t)(1 + test_below(seed, 2)));
	event.key_id = make_id((uint8_t)(1 + test_below(seed, 3)));
	event.level = (uint8_t)test_below(seed, 4);
	if (event.level > level_HARD) {
		event.level = 0;
		PROTO_CLEAR(&event, event, level);
	}
	memset(event.operation_id, 0, sizeof(event.operation_id));
	memcpy(event.operation_id, operation, strlen(operation));
	if (operation[0] == '\0')
		PROTO_CLEAR(&event, event, operation_id);
	return event;
}

void
fixture_add(struct fixture *fixture, struct event event)
{
	assert_in_range(fixture->append.events_count, 0, PROTO_EVENTS_MAX - 1);
	fixture->append.events[fixture->append.events_count++] = event;
}

int64_t
fixture_append(struct fixture *fixture, uint8_t producer, int64_t sequence)
{
	struct events_acked acked = { 0 };
	size_t left_out;

	fixture->append.producer = make_id(producer);
	fixture->append.sequence = sequence;
	assert_int_equal(db_begin(fixture->db), DB_OK);
	assert_int_equal(
	    ledger_append(fixture->ledger, &fixture->append, &acked, &left_out),
	    DB_OK);
	assert_int_equal(left_out, 0);
	assert_int_equal(db_commit(fixture->db), DB_OK);
	fixture->append.events_count = 0;
	return acked.sequence;
}

int64_t
fixture_resume(struct fixture *fixture, uint8_t producer, int64_t oldest)
{
	struct events_open open = { .oldest = oldest };
	struct events_acked acked = { 0 };

	open.producer = make_id(producer);
	assert_int_equal(db_begin(fixture->db), DB_OK);
	assert_int_equal(ledger_resume(fixture->ledger, &open, &acked), DB_OK);
	assert_int_equal(db_commit(fixture->db), DB_OK);
	return acked.sequence;
}

void
fixture_ship(struct fixture *fixture, struct event event)
{
	const struct uuid id = make_id(9);
	struct store_producer producer;

	assert_int_equal(store_producer(fixture->store, &id, &producer), DB_OK);
	fixture_add(fixture, event);
	assert_int_equal(fixture_append(fixture, 9, producer.sequence + 1),
	    producer.sequence + 1);
}

const struct overview *
fixture_overview(struct fixture *fixture, uint8_t account, uint8_t key,
    int64_t from, int64_t to)
{
	const struct period period = { .from = from, .to = to };
	const struct uuid account_id = make_id(account), key_id = make_id(key);

	memset(&fixture->overview, 0, sizeof(fixture->overview));
	assert_int_equal(report_overview(fixture->report, &account_id,
			     key == 0 ? NULL : &key_id, period, &fixture->kept,
			     &fixture->overview),
	    DB_OK);
	assert_null(proto_check(&proto_overview, &fixture->overview));
	return &fixture->overview;
}

const struct series *
fixture_series(struct fixture *fixture, uint8_t account, uint8_t key,
    int64_t from, int64_t to, enum period_grain grain)
{
	const struct period period = { .from = from, .to = to };
	const struct uuid account_id = make_id(account), key_id = make_id(key);

	memset(&fixture->series, 0, sizeof(fixture->series));
	assert_int_equal(
	    report_series(fixture->report, &account_id,
		key == 0 ? NULL : &key_id, period, grain, &fixture->series),
	    DB_OK);
	assert_null(proto_check(&proto_series, &fixture->series));
	return &fixture->series;
}
