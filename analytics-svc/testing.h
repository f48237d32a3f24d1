/*
 * What the tests of analytics-svc share: a database in a temporary directory,
 * and events made by a word or by chance.
 */
#ifndef ANALYTICS_TESTING_H
#define ANALYTICS_TESTING_H

#include "analytics-svc/ledger.h"
#include "analytics-svc/report.h"
#include "proto/testing.h"

/* 2026-02-27T22:58:30.500Z: near the ends of an hour, a day and a month. */
#define NOW INT64_C(1772233110500)

#define MINUTE INT64_C(60000)
#define HOUR   INT64_C(3600000)
#define DAY    INT64_C(86400000)

struct fixture {
	char directory[64];
	struct db *db;
	struct store *store;
	struct ledger *ledger;
	struct report *report;
	struct period_kept kept; /* of what fixture_overview asks; zero: all */
	struct events_append append; /* what fixture_add fills */
	struct overview overview;
	struct series series;
};

/* A cmocka set-up and tear-down: *state is a struct fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* As after a restart of the process. */
void fixture_reopen(struct fixture *fixture);

/* An id that is all made of one byte. */
struct uuid make_id(uint8_t byte);

/* An event of account 1 and key 1, medium, operation SUM. */
struct event make_event(enum event_kind kind, int64_t at);

/* What auth-svc tells of a key of account 1: its name, NULL when it is revoked.
 */
struct event make_saved(uint8_t key, const char *name, int64_t at);

/*
 * A VERIFIED of the same, solved in 500 ms for 80 points unless INCORRECT,
 * which does not tell its misreading.
 */
struct event make_verified(enum verdict verdict, int64_t at);

/* An INCORRECT one that does. */
struct event make_misread(enum misreading misreading, int64_t at);

/* Any event of a small world (2 accounts, 3 keys, 4 operations) from a time on,
 * within a length. */
struct event make_any_event(uint64_t *seed, int64_t from, int64_t length);

/* Adds to the commit that fixture_append ships and then empties. */
void fixture_add(struct fixture *fixture, struct event event);

/* Ships in a transaction of its own; returns what was acknowledged. */
int64_t
fixture_append(struct fixture *fixture, uint8_t producer, int64_t sequence);
int64_t
fixture_resume(struct fixture *fixture, uint8_t producer, int64_t oldest);

/* One event, shipped by producer 9 as its next commit. */
void fixture_ship(struct fixture *fixture, struct event event);

/* The overview of an account, all keys for 0. Lives until the next. */
const struct overview *fixture_overview(struct fixture *fixture,
    uint8_t account, uint8_t key, int64_t from, int64_t to);

const struct series *fixture_series(struct fixture *fixture, uint8_t account,
    uint8_t key, int64_t from, int64_t to, enum period_grain grain);

#endif
