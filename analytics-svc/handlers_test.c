/*
 * The handlers without the loop: what absent fields mean, what is refused, and
 * that what the ledger and the report answer gets into the reply. The three
 * functions of the loop that handlers call are the ones below.
 */
#include <stdio.h>

#include "analytics-svc/service.h"
#include "analytics-svc/testing.h"
#include "common/clock.h"

struct service_call {
	enum proto_error error;
	char field[PROTO_FIELD_MAX + 1];
};

const struct uuid *
service_trace(const struct service_call *call)
{
	(void)call;
	return NULL;
}

int
service_fail(struct service_call *call, enum proto_error error,
    const char *field, const char *format, ...)
{
	assert_non_null(format);
	call->error = error;
	(void)snprintf(call->field, sizeof(call->field), "%s", field);
	return (int)error;
}

int
service_store_error(struct service_call *call, enum db_status status)
{
	(void)status;
	call->error = PROTO_ERROR_INTERNAL;
	return PROTO_ERROR_INTERNAL;
}

/* How long the service keeps minutes, 0 for ever. */
static int64_t minute_days;

/* Hands a request to the handler of a message; the reply was zeroed. */
static int
ask(struct fixture *fixture, struct service_call *call,
    enum proto_message message, const void *request, void *reply)
{
	struct analytics analytics = { .ledger = fixture->ledger,
		.report = fixture->report,
		.retention = retention_new(fixture->store, minute_days, 0) };
	size_t i = 0;
	int result;

	memset(call, 0, sizeof(*call));
	while (i < analytics_routes_count &&
	    analytics_routes[i].message != message)
		i++;
	assert_true(i < analytics_routes_count);
	assert_non_null(analytics.retention);
	result = analytics_routes[i].handle(call, &analytics, request, reply);
	retention_free(&analytics.retention);
	return result;
}

static int
ask_overview(struct fixture *fixture, struct service_call *call,
    const struct overview_query *query)
{
	memset(&fixture->overview, 0, sizeof(fixture->overview));
	return ask(fixture, call, MSG_OVERVIEW, query, &fixture->overview);
}

static int
ask_series(struct fixture *fixture, struct service_call *call,
    const struct series_query *query)
{
	memset(&fixture->series, 0, sizeof(fixture->series));
	return ask(fixture, call, MSG_TIMESERIES, query, &fixture->series);
}

static void
every_message_of_the_service_has_a_handler(void **state)
{
	(void)state;
	for (size_t i = 0; i < proto_messages_count; i++) {
		size_t found = 0;

		for (size_t k = 0; k < analytics_routes_count; k++)
			found += analytics_routes[k].message ==
			    proto_messages[i].id;
		assert_int_equal(found,
		    proto_messages[i].service == PROTO_SERVICE_ANALYTICS);
	}
}

static void
events_are_acknowledged(void **state)
{
	struct events_open open = { .oldest = 5 };
	struct fixture *fixture = *state;
	struct events_acked acked = { 0 };
	struct service_call call;

	open.producer = make_id(5);
	assert_int_equal(
	    ask(fixture, &call, MSG_EVENTS_OPEN, &open, &acked), PROTO_OK);
	assert_int_equal(acked.sequence, 4);

	fixture->append.producer = make_id(5);
	fixture->append.sequence = 5;
	fixture_add(fixture, make_event(event_kind_CREATED, NOW));
	fixture_add(fixture, make_event(event_kind_VERIFIED, NOW));
	assert_int_equal(
	    ask(fixture, &call, MSG_EVENTS_APPEND, &fixture->append, &acked),
	    PROTO_OK);
	assert_int_equal(acked.sequence, 5);

	fixture->append.sequence = 7;
	assert_int_equal(
	    ask(fixture, &call, MSG_EVENTS_APPEND, &fixture->append, &acked),
	    PROTO_OK);
	assert_int_equal(acked.sequence, 5);
}

static void
overview_is_of_the_last_24_hours(void **state)
{
	struct overview_query query = { 0 };
	struct fixture *fixture = *state;
	const int64_t now = clock_now_ms();
	struct service_call call;

	query.account_id = make_id(1);
	fixture_ship(fixture, make_event(event_kind_CREATED, now - 1));
	fixture_ship(fixture, make_event(event_kind_CREATED, now - 23 * HOUR));
	fixture_ship(fixture, make_event(event_kind_CREATED, now - 25 * HOUR));
	assert_int_equal(ask_overview(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->overview.totals.challenges, 2);
	assert_int_equal(fixture->overview.previous.challenges, 1);
	assert_true(fixture->overview.to >= now);
	assert_true(fixture->overview.from <= clock_now_ms() - DAY);
}

static void
overview_takes_period_and_key(void **state)
{
	struct event other = make_event(event_kind_CREATED, NOW - DAY);
	struct overview_query query = { .from = NOW - 2 * DAY, .to = NOW };
	struct fixture *fixture = *state;
	struct service_call call;

	other.key_id = make_id(2);
	fixture_ship(fixture, other);
	fixture_ship(fixture, make_event(event_kind_CREATED, NOW - DAY));
	fixture_ship(fixture, make_event(event_kind_CREATED, NOW - 3 * DAY));
	query.account_id = make_id(1);
	PROTO_SET(&query, overview_query, from);
	PROTO_SET(&query, overview_query, to);
	assert_int_equal(ask_overview(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->overview.totals.challenges, 2);

	PROTO_SET(&query, overview_query, api_key_id);
	query.api_key_id = make_id(2);
	assert_int_equal(ask_overview(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->overview.totals.challenges, 1);
	assert_int_equal(fixture->overview.by_key_count, 1);
}

static void
bad_period_is_refused_by_name(void **state)
{
	struct overview_query query = { .from = NOW, .to = NOW };
	struct series_query series = { .from = NOW - 401 * DAY, .to = NOW };
	struct fixture *fixture = *state;
	struct service_call call;

	PROTO_SET(&query, overview_query, from);
	PROTO_SET(&query, overview_query, to);
	assert_int_equal(
	    ask_overview(fixture, &call, &query), PROTO_ERROR_BAD_REQUEST);
	assert_int_equal(call.error, PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(call.field, "from");

	PROTO_SET(&series, series_query, from);
	PROTO_SET(&series, series_query, to);
	assert_int_equal(
	    ask_series(fixture, &call, &series), PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(call.field, "from");
}

static void
series_chooses_its_interval_unless_told(void **state)
{
	struct fixture *fixture = *state;
	struct service_call call;
	struct series_query query = { .from = NOW - 2 * DAY, .to = NOW };

	assert_int_equal(ask_series(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->series.interval, interval_HOUR);
	assert_in_range(fixture->series.points_count, 25, 26);

	PROTO_SET(&query, series_query, from);
	PROTO_SET(&query, series_query, to);
	PROTO_SET(&query, series_query, interval);
	query.interval = interval_DAY;
	assert_int_equal(ask_series(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->series.interval, interval_DAY);
	assert_int_equal(fixture->series.points_count, 3);

	query.interval = interval_MINUTE;
	assert_int_equal(
	    ask_series(fixture, &call, &query), PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(call.field, "interval");
}

static void
series_takes_a_key(void **state)
{
	struct fixture *fixture = *state;
	struct service_call call;
	struct series_query query = { .from = NOW - MINUTE, .to = NOW };

	fixture_ship(fixture, make_event(event_kind_CREATED, NOW));
	query.account_id = make_id(1);
	PROTO_SET(&query, series_query, from);
	PROTO_SET(&query, series_query, to);
	PROTO_SET(&query, series_query, api_key_id);
	query.api_key_id = make_id(2);
	assert_int_equal(ask_series(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->series.points[1].challenges, 0);
	query.api_key_id = make_id(1);
	assert_int_equal(ask_series(fixture, &call, &query), PROTO_OK);
	assert_int_equal(fixture->series.points[1].challenges, 1);
}

/* The machine's clock is days past NOW. */
static void
minutes_that_are_not_kept_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct service_call call;
	struct series_query query = {
		.from = NOW - MINUTE, .to = NOW, .interval = interval_MINUTE
	};

	query.account_id = make_id(1);
	PROTO_SET(&query, series_query, from);
	PROTO_SET(&query, series_query, to);
	PROTO_SET(&query, series_query, interval);
	assert_int_equal(ask_series(fixture, &call, &query), PROTO_OK);
	minute_days = 1;
	assert_int_equal(
	    ask_series(fixture, &call, &query), PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(call.field, "interval");
	minute_days = 0;
}

#define HANDLERS_TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_of_the_service_has_a_handler),
		HANDLERS_TEST(events_are_acknowledged),
		HANDLERS_TEST(overview_is_of_the_last_24_hours),
		HANDLERS_TEST(overview_takes_period_and_key),
		HANDLERS_TEST(bad_period_is_refused_by_name),
		HANDLERS_TEST(series_chooses_its_interval_unless_told),
		HANDLERS_TEST(series_takes_a_key),
		HANDLERS_TEST(minutes_that_are_not_kept_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
