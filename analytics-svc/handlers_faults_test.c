/*
 * Whatever fails inside a message of analytics-svc, it is answered, and counted
 * wholly or not at all.
 */
#include "analytics-svc/service.h"
#include "analytics-svc/testing.h"
#include "common/testing_faults.h"

struct bench {
	struct fixture *fixture;
	struct analytics analytics;
	struct service_options options;
	struct faults_service *service;
	uint8_t producer; /* the newest one that has been heard of */
};

static void
start(void *arg)
{
	struct bench *bench = arg;

	bench->analytics.ledger = bench->fixture->ledger;
	bench->analytics.report = bench->fixture->report;
	bench->analytics.retention = retention_new(bench->fixture->store, 0, 0);
	assert_non_null(bench->analytics.retention);
	bench->options = (struct service_options){ .name = "analytics-svc",
		.service = PROTO_SERVICE_ANALYTICS,
		.routes = analytics_routes,
		.routes_count = analytics_routes_count,
		.costly = analytics_costly,
		.ctx = &bench->analytics,
		.db = bench->fixture->db };
	bench->service = faults_service_new(&bench->options);
}

static void
stop(struct bench *bench)
{
	faults_service_free(&bench->service);
	retention_free(&bench->analytics.retention);
}

static void
restart(void *arg)
{
	struct bench *bench = arg;

	stop(bench);
	fixture_reopen(bench->fixture);
	start(bench);
}

static struct faults_service *
service(void *arg)
{
	return ((struct bench *)arg)->service;
}

static struct db *
database(void *arg)
{
	return ((struct bench *)arg)->fixture->db;
}

static void
a_new_producer(void *arg, void *request)
{
	struct bench *bench = arg;
	struct events_open *open = request;

	/* Sixteen bytes of two: enough for as many as there will be. */
	open->producer = make_id(++bench->producer);
	open->producer.bytes[0] = (uint8_t)(bench->fixture->append.sequence++);
	open->oldest = 1;
}

static void
the_next_commit(void *arg, void *request)
{
	struct bench *bench = arg;
	struct events_append *append = request;
	struct events_open open = { 0 };
	struct events_acked acked;

	a_new_producer(bench, &open);
	assert_int_equal(
	    faults_ask(bench->service, MSG_EVENTS_OPEN, &open, &acked),
	    PROTO_OK);
	append->producer = open.producer;
	append->sequence = acked.sequence + 1;
	append->events[append->events_count++] = make_event(
	    event_kind_CREATED, NOW);
	append->events[append->events_count++] = make_verified(
	    verdict_ALLOWED, NOW);
	append->events[append->events_count++] = make_misread(
	    misreading_PLAIN_SUM, NOW);
	append->events[append->events_count++] = make_event(
	    event_kind_REDEEMED, NOW);
	append->events[append->events_count++] = make_saved(
	    (uint8_t)(2 + bench->producer), "checkout", NOW);
	append->events[append->events_count++] = make_saved(1, NULL, NOW);
}

static void
an_overview(void *arg, void *request)
{
	struct overview_query *query = request;

	(void)arg;
	query->account_id = make_id(1);
	query->from = NOW - DAY;
	query->to = NOW + HOUR;
	PROTO_SET(query, overview_query, from);
	PROTO_SET(query, overview_query, to);
}

static void
a_series(void *arg, void *request)
{
	struct series_query *query = request;

	(void)arg;
	query->account_id = make_id(1);
	query->from = NOW - DAY;
	query->to = NOW + HOUR;
	PROTO_SET(query, series_query, from);
	PROTO_SET(query, series_query, to);
}

static void
every_failure_is_answered(void **state)
{
	static const struct faults_case cases[] = {
		{ "events-open", MSG_EVENTS_OPEN, a_new_producer, PROTO_OK },
		{ "events-append", MSG_EVENTS_APPEND, the_next_commit,
		    PROTO_OK },
		{ "overview", MSG_OVERVIEW, an_overview, PROTO_OK },
		{ "timeseries", MSG_TIMESERIES, a_series, PROTO_OK },
	};
	unsigned failures = 0;
	struct bench bench = { .fixture = *state };
	const struct faults_bench faults = { .fixture = &bench,
		.service = service,
		.db = database,
		.restart = restart };

	start(&bench);
	/* All counters are there, so that a success makes as many rows. */
	fixture_ship(bench.fixture, make_event(event_kind_CREATED, NOW));
	fixture_ship(bench.fixture, make_verified(verdict_ALLOWED, NOW));
	fixture_ship(bench.fixture, make_misread(misreading_PLAIN_SUM, NOW));
	fixture_ship(bench.fixture, make_event(event_kind_REDEEMED, NOW));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		failures += faults_walk(&faults, &cases[i]);
	assert_true(failures > 100);
	print_message(
	    "G23: analytics-svc: %u failures, each answered\n", failures);
	stop(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_failure_is_answered,
		    fixture_set_up, fixture_tear_down),
	};

	faults_init();
	return cmocka_run_group_tests_name(
	    "analytics-svc faults", tests, NULL, NULL);
}
