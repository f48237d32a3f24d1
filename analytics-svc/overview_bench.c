/*
 * How long analytics-svc takes for what the dashboard asks, of an account with
 * many events:
 *
 *   build/tests/bench_overview [EVENTS [KEYS [DAYS]]]       (10000000 5 90)
 *
 * Fills a database of its own (in TMPDIR) through the handler that takes the
 * events of the other services, in commits of BATCH events of one moment each,
 * evenly spread over the days before now: all levels, as many operations as the
 * grammar has, every verdict and misreading, solve times from 0.2 to 100
 * seconds. As each of these days ends, what is not kept any more by default is
 * deleted. Checks that every event was counted, then asks each question RUNS
 * times the way that the service does for a request (transaction, handler,
 * encoding of the answer), and prints the least, the median and the most of
 * the times. No test, since a busy machine spoils it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analytics-svc/service.h"
#include "analytics-svc/testing.h"
#include "common/clock.h"

#define BATCH	    24 /* what challenge-svc gathers under load */
#define TOGETHER    16 /* such commits that share one here, while filling */
#define OPERATIONS  39
#define MINUTE_DAYS 31 /* the defaults of common/settings.def */
#define HOUR_DAYS   800
#define RUNS	    100
#define SAMPLES	    512

static struct {
	int64_t events;
	int64_t keys;
	int64_t days;
} size = { .events = 10000000, .keys = 5, .days = 90 };

struct samples {
	size_t count;
	double ms[SAMPLES];
};

struct bench {
	struct fixture *fixture;
	struct analytics analytics;
	struct proto_buf answer;
	uint64_t seed;
	int64_t from;		 /* when the first batch happened */
	int64_t step;		 /* milliseconds from one to the next */
	int64_t sequence;	 /* of the last commit */
	int64_t shipped;	 /* events */
	int64_t day;		 /* of the last one */
	struct samples first[2]; /* handling and committing a batch */
	struct samples last[2];	 /* of the last ones, the same */
};

/* -------- what handlers call of the service's loop -------- */

struct service_call {
	enum proto_error error;
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
	(void)field;
	(void)format;
	call->error = error;
	return (int)error;
}

int
service_store_error(struct service_call *call, enum db_status status)
{
	(void)status;
	call->error = PROTO_ERROR_INTERNAL;
	return PROTO_ERROR_INTERNAL;
}

static void
handle(struct bench *bench, enum proto_message message, const void *request,
    void *reply)
{
	struct service_call call = { .error = PROTO_OK };
	size_t i = 0;

	while (analytics_routes[i].message != message)
		i++;
	assert_int_equal(analytics_routes[i].handle(
			     &call, &bench->analytics, request, reply),
	    PROTO_OK);
}

/* -------- times -------- */

static double
ms_since(int64_t began_ns)
{
	return (double)(clock_boot_ns() - began_ns) / 1e6;
}

static void
take_sample(struct samples *samples, double ms)
{
	if (samples->count < SAMPLES)
		samples->ms[samples->count++] = ms;
}

static int
compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void
print_samples(struct samples *samples)
{
	if (samples->count == 0)
		return;
	qsort(samples->ms, samples->count, sizeof(samples->ms[0]), compare);
	printf(" %8.2f %8.2f %8.2f", samples->ms[0],
	    samples->ms[samples->count / 2], samples->ms[samples->count - 1]);
}

/* -------- filling -------- */

/* Most within a few seconds, some up to a minute and more: between 0.2 s and
 * 100 s, each doubling less likely than the one before. */
static int64_t
draw_solve_time(uint64_t *seed)
{
	const double share = (double)test_below(seed, 1000000) / 1e6;

	return (int64_t)(200 * exp2(9 * share * share));
}

static struct event
draw_verified(struct bench *bench, int64_t at)
{
	const size_t kind = test_below(&bench->seed, 100);
	enum verdict verdict = verdict_ALLOWED;
	struct event event;

	if (kind < 10)
		return make_misread((enum misreading)test_below(&bench->seed,
					proto_enum_misreading.count),
		    at);
	if (kind < 15)
		verdict = verdict_TOO_SLOW;
	else if (kind < 16)
		verdict = verdict_TOO_FAST;
	event = make_verified(verdict, at);
	event.solve_time_ms = draw_solve_time(&bench->seed);
	event.score = (int64_t)test_below(&bench->seed, 1001);
	return event;
}

/* Of 100 challenges 8 expire, 92 are answered, and 70 are redeemed. */
static struct event
draw_event(struct bench *bench, int64_t at)
{
	const size_t kind = test_below(&bench->seed, 270);
	struct event event;

	if (kind < 100)
		event = make_event(event_kind_CREATED, at);
	else if (kind < 108)
		event = make_event(event_kind_EXPIRED, at);
	else if (kind < 178)
		event = make_event(event_kind_REDEEMED, at);
	else
		event = draw_verified(bench, at);
	event.key_id = make_id(
	    (uint8_t)(1 + test_below(&bench->seed, (size_t)size.keys)));
	event.level = (uint8_t)test_below(&bench->seed, proto_enum_level.count);
	(void)snprintf(event.operation_id, sizeof(event.operation_id),
	    "OPERATION_%zu", test_below(&bench->seed, OPERATIONS));
	return event;
}

/* One commit of a producer, as far as events are left. */
static void
ship_batch(struct bench *bench, int64_t at)
{
	struct events_append *append = &bench->fixture->append;
	struct events_acked acked = { 0 };

	append->events_count = 0;
	while (append->events_count < BATCH && bench->shipped < size.events) {
		fixture_add(bench->fixture, draw_event(bench, at));
		bench->shipped++;
	}
	append->producer = make_id(9);
	append->sequence = ++bench->sequence;
	handle(bench, MSG_EVENTS_APPEND, append, &acked);
	assert_int_equal(acked.sequence, append->sequence);
}

/* When a batch happened, by its number. */
static int64_t
time_of(const struct bench *bench, int64_t batch)
{
	return bench->from + batch * bench->step;
}

/* Ships batches from a number on in one transaction; tells how long both took.
 */
static void
ship_together(
    struct bench *bench, int64_t first, int64_t count, struct samples taken[2])
{
	int64_t began = clock_boot_ns();

	assert_int_equal(db_begin(bench->fixture->db), DB_OK);
	for (int64_t i = 0; i < count; i++)
		ship_batch(bench, time_of(bench, first + i));
	if (taken != NULL)
		take_sample(&taken[0], ms_since(began));
	began = clock_boot_ns();
	assert_int_equal(db_commit(bench->fixture->db), DB_OK);
	if (taken != NULL)
		take_sample(&taken[1], ms_since(began));
}

/* What the service's tick does when a day has begun. */
static void
forget(struct bench *bench, int64_t at)
{
	bool more = period_bucket(PERIOD_DAY, at) != bench->day;

	bench->day = period_bucket(PERIOD_DAY, at);
	while (more) {
		assert_int_equal(db_begin(bench->fixture->db), DB_OK);
		assert_int_equal(
		    retention_tick(bench->analytics.retention, at, &more),
		    DB_OK);
		assert_int_equal(db_commit(bench->fixture->db), DB_OK);
	}
}

/* The first and the last batches have a transaction each, as they would have
 * when nothing else waits, and are measured. */
static void
fill(struct bench *bench)
{
	const int64_t batches = (size.events + BATCH - 1) / BATCH;
	int64_t count;

	bench->from = clock_now_ms() - size.days * DAY;
	bench->step = size.days * DAY / batches;
	for (int64_t i = 0; i < batches; i += count) {
		struct samples *taken = NULL;

		if (i < SAMPLES)
			taken = bench->first;
		else if (i + TOGETHER > batches - SAMPLES)
			taken = bench->last;
		count = taken != NULL ? 1 : TOGETHER;
		forget(bench, time_of(bench, i));
		ship_together(bench, i, count, taken);
	}
}

static void
print_filling(struct bench *bench, double seconds)
{
	struct db_usage usage;

	db_usage(bench->fixture->db, &usage);
	printf("%" PRId64 " events of %" PRId64 " keys over %" PRId64
	       " days: %.0f s, %.0f events/s\n",
	    size.events, size.keys, size.days, seconds,
	    (double)size.events / seconds);
	printf("analytics.db %.1f MB, its log %.1f MB\n\n",
	    (double)usage.db_bytes / 1e6, (double)usage.log_bytes / 1e6);
	printf(
	    "a commit of %d events, ms      least   median     most\n", BATCH);
	printf("  the first ones: counting ");
	print_samples(&bench->first[0]);
	printf("\n                  to disk  ");
	print_samples(&bench->first[1]);
	printf("\n  the last ones:  counting ");
	print_samples(&bench->last[0]);
	printf("\n                  to disk  ");
	print_samples(&bench->last[1]);
	printf("\n\n");
}

/* -------- asking -------- */

struct question {
	const char *name;
	int64_t length;	  /* 0 to leave out from and to */
	bool uneven;	  /* from and to, as far from whole hours as can be */
	enum interval by; /* of a series */
};

/* From 00:01 of one day to 23:59 of another, or up to now. */
static struct period
period_of(const struct question *question)
{
	const int64_t now = clock_now_ms();

	if (!question->uneven)
		return (struct period){ now - question->length, now };
	return (struct period){ (now - question->length) / DAY * DAY + MINUTE,
		now / DAY * DAY - MINUTE };
}

/* How long a request takes from its begin to the encoded answer. */
static double
ask(struct bench *bench, enum proto_message message, const void *request,
    void *reply)
{
	const struct proto_record *record = proto_message_find(message)->reply;
	const int64_t began = clock_boot_ns();

	memset(reply, 0, record->size);
	bench->answer.len = 0;
	assert_int_equal(db_begin(bench->fixture->db), DB_OK);
	handle(bench, message, request, reply);
	assert_int_equal(db_commit(bench->fixture->db), DB_OK);
	assert_int_equal(proto_encode(&bench->answer, record, reply), 0);
	return ms_since(began);
}

static double
ask_overview(struct bench *bench, const struct question *question, bool one_key)
{
	const struct period period = period_of(question);
	struct overview_query query = { .from = period.from, .to = period.to };

	query.account_id = make_id(1);
	query.api_key_id = make_id(1);
	if (one_key)
		PROTO_SET(&query, overview_query, api_key_id);
	if (question->length != 0) {
		PROTO_SET(&query, overview_query, from);
		PROTO_SET(&query, overview_query, to);
	}
	return ask(bench, MSG_OVERVIEW, &query, &bench->fixture->overview);
}

static double
ask_series(struct bench *bench, const struct question *question, bool one_key)
{
	const struct period period = period_of(question);
	struct series_query query = { .from = period.from,
		.to = period.to,
		.interval = (uint8_t)question->by };

	query.account_id = make_id(1);
	query.api_key_id = make_id(1);
	if (one_key)
		PROTO_SET(&query, series_query, api_key_id);
	PROTO_SET(&query, series_query, from);
	PROTO_SET(&query, series_query, to);
	PROTO_SET(&query, series_query, interval);
	return ask(bench, MSG_TIMESERIES, &query, &bench->fixture->series);
}

static void
measure(struct bench *bench, const struct question *question,
    double (*ask_it)(struct bench *, const struct question *, bool))
{
	struct samples samples;

	printf("  %-25s", question->name);
	for (int one_key = 0; one_key < 2; one_key++) {
		samples.count = 0;
		for (int i = 0; i < RUNS; i++)
			take_sample(
			    &samples, ask_it(bench, question, one_key != 0));
		print_samples(&samples);
		printf(one_key == 0 ? "  " : "\n");
	}
}

static void
want_everything_counted(struct bench *bench)
{
	const struct question all = { .length = (size.days + 1) * DAY };
	const struct totals *totals = &bench->fixture->overview.totals;

	(void)ask_overview(bench, &all, false);
	assert_int_equal(totals->challenges + totals->verifications +
		totals->expired + totals->siteverified,
	    size.events);
}

static void
dashboard_of_a_large_account(void **state)
{
	static const struct question overviews[] = {
		{ .name = "(the last 24 hours)" },
		{ .name = "24 hours", .length = DAY },
		{ .name = "7 days", .length = 7 * DAY },
		{ .name = "7 days, uneven ends",
		    .length = 7 * DAY,
		    .uneven = true },
		{ .name = "30 days", .length = 30 * DAY },
		{ .name = "30 days, uneven ends",
		    .length = 30 * DAY,
		    .uneven = true },
		{ .name = "90 days", .length = 90 * DAY },
	};
	static const struct question series[] = {
		{ .name = "24 hours", .length = DAY },
		{ .name = "24 hours by the minute",
		    .length = DAY,
		    .by = interval_MINUTE },
		{ .name = "7 days", .length = 7 * DAY },
		{ .name = "30 days", .length = 30 * DAY },
		{ .name = "60 days by the hour",
		    .length = 60 * DAY,
		    .by = interval_HOUR },
		{ .name = "90 days", .length = 90 * DAY },
	};
	static struct bench bench;
	int64_t began = clock_boot_ns();

	bench.fixture = *state;
	bench.analytics = (struct analytics){ bench.fixture->ledger,
		bench.fixture->report,
		retention_new(bench.fixture->store, MINUTE_DAYS, HOUR_DAYS) };
	assert_non_null(bench.analytics.retention);
	fill(&bench);
	print_filling(&bench, ms_since(began) / 1e3);
	want_everything_counted(&bench);

	printf("ms, %d times each              all keys: least, median, most"
	       "     one key\noverview\n",
	    RUNS);
	for (size_t i = 0; i < sizeof(overviews) / sizeof(overviews[0]); i++)
		measure(&bench, &overviews[i], ask_overview);
	printf("timeseries\n");
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		measure(&bench, &series[i], ask_series);
	proto_buf_free(&bench.answer);
	retention_free(&bench.analytics.retention);
}

/* A whole number of 1..max, or 0. */
static int64_t
read_number(const char *text, int64_t max)
{
	char *end = NULL;
	long long number = strtoll(text, &end, 10);

	return *end == '\0' && number >= 1 && number <= max ? number : 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(dashboard_of_a_large_account,
		    fixture_set_up, fixture_tear_down),
	};

	if (argc > 1)
		size.events = read_number(argv[1], INT64_C(1000000000));
	if (argc > 2)
		size.keys = read_number(argv[2], UINT8_MAX);
	if (argc > 3)
		size.days = read_number(argv[3], 398);
	if (argc > 4 || size.events == 0 || size.keys == 0 || size.days == 0) {
		(void)fprintf(stderr,
		    "usage: bench_overview [EVENTS [KEYS [DAYS]]], at most"
		    " 1000000000, 255 and 398\n");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
