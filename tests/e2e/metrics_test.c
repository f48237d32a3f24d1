/*
 * /metrics: every line is right, every family is in docs/metrics.md, and the
 * numbers move with what happens.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/e2e/prometheus.h"
#include "tests/e2e/suite.h"

#define LONG_MS	   (INT64_C(10000) * RIG_SLACK)
#define ERROR_SIZE 512
#define DOCS_SIZE  ((size_t)256 * 1024)
#define CREATES	   7
#define REFUSALS   5

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_CHALLENGE_SHARDS=2",
		NULL };

	return suite_start(state, settings);
}

static struct prometheus *
scrape(struct suite *suite)
{
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	struct prometheus *metrics = NULL;
	char error[ERROR_SIZE] = "";

	want_status(reply, 200);
	assert_string_equal(reply_header(suite->client, reply, "Content-Type"),
	    "text/plain; version=0.0.4; charset=utf-8");
	metrics = prometheus_parse(reply->body, error, sizeof(error));
	if (metrics == NULL)
		fail_msg("%s", error);
	return metrics;
}

/* The value of one series in a scrape of its own; 0 when it is not there. */
static double
value_now(struct suite *suite, const char *series)
{
	struct prometheus *metrics = scrape(suite);
	double value = 0;

	(void)prometheus_value(metrics, series, &value);
	prometheus_free(&metrics);
	return value;
}

static double
value_of(const struct prometheus *metrics, const char *series)
{
	double value = NAN;

	if (!prometheus_value(metrics, series, &value))
		fail_msg("there is no %s", series);
	return value;
}

/* -------- the reader -------- */

#define HEAD	"# HELP a_total A.\n# TYPE a_total counter\n"
#define HISTO	"# HELP h H.\n# TYPE h histogram\n"
#define BUCKETS "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\n"

static void
reader_refuses_what_is_wrong(void **state)
{
	static const char *const good[] = {
		HEAD "a_total 1\n",
		HEAD,
		HEAD "a_total{b=\"c\"} 1e3\na_total{b=\"\\\\\\\"\\n\"} 0.5\n",
		"# HELP g G.\n# TYPE g gauge\ng -1\n",
		HISTO BUCKETS "h_sum 3\nh_count 3\n",
		HISTO "h_bucket{x=\"y\",le=\"1\"} 1\n"
		      "h_bucket{x=\"y\",le=\"+Inf\"} 1\n"
		      "h_sum{x=\"y\"} 3\nh_count{x=\"y\"} 1\n",
	};
	static const char *const bad[] = { "", "\n", "a_total 1\n", "# a\n",
		HEAD "a_total 1", HEAD "a_total\n", HEAD "a_total  1\n",
		HEAD "a_total x\n", HEAD "a_total 1 2\n", HEAD "a_total -1\n",
		HEAD "b_total 1\n", HEAD "a_total_sum 1\n",
		HEAD "a_total 1\na_total 2\n", HEAD "a_total{} 1\n",
		HEAD "a_total{b} 1\n", HEAD "a_total{b=c} 1\n",
		HEAD "a_total{b=\"c} 1\n", HEAD "a_total{b=\"\\x\"} 1\n",
		HEAD "a_total{b=\"c\",b=\"d\"} 1\n",
		HEAD "a_total{b=\"c\",} 1\n", HEAD "a_total{1=\"c\"} 1\n",
		HEAD "a_total{b=\"c\"}1\n", HEAD HEAD, HEAD HISTO "a_total 1\n",
		"# HELP a_total A.\n", "# TYPE a_total counter\n",
		"# HELP a_total\n# TYPE a_total counter\n",
		"# HELP a A.\n# TYPE a counter\n",
		"# HELP a A.\n# TYPE a sum\n", "# HELP a A.\n# TYPE b gauge\n",
		"# HELP a A.\na 1\n# TYPE a gauge\n", HISTO BUCKETS "h_sum 3\n",
		HISTO BUCKETS "h_count 3\n",
		HISTO BUCKETS "h_sum 3\nh_count 4\n", HISTO "h 1\n",
		HISTO "h_sum 3\nh_count 3\n",
		HISTO "h_bucket 3\nh_sum 3\nh_count 3\n",
		HISTO "h_bucket{le=\"1\"} 1\nh_sum 3\nh_count 1\n",
		HISTO "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 1\n"
		      "h_sum 3\nh_count 1\n",
		HISTO "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\n"
		      "h_bucket{le=\"+Inf\"} 1\nh_sum 3\nh_count 1\n" };
	struct prometheus *metrics = NULL;
	char error[ERROR_SIZE] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		metrics = prometheus_parse(good[i], error, sizeof(error));
		if (metrics == NULL)
			fail_msg("refused: %s\n%s", error, good[i]);
		prometheus_free(&metrics);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		metrics = prometheus_parse(bad[i], error, sizeof(error));
		if (metrics != NULL)
			fail_msg("not refused: %s", bad[i]);
	}
}

/* -------- the text -------- */

/* The line that docs/metrics.md has to have for a family. */
static void
want_documented(const char *docs, const struct prometheus_family *family)
{
	char line[ERROR_SIZE];
	const char *at = NULL;

	(void)snprintf(
	    line, sizeof(line), "\n| `%s` | %s | ", family->name, family->type);
	at = strstr(docs, line);
	if (at == NULL) {
		fail_msg("docs/metrics.md has no%s", line);
		return;
	}
	(void)snprintf(line, sizeof(line), " | %s |\n", family->help);
	if (strstr(at, line) == NULL || strstr(at, line) > strchr(at + 1, '\n'))
		fail_msg("docs/metrics.md says otherwise of %s", family->name);
}

static void
every_family_is_documented(void **state)
{
	struct suite *suite = *state;
	struct prometheus *metrics = scrape(suite);
	char *docs = calloc(1, DOCS_SIZE);
	struct prometheus_family family;
	const char *at = docs;
	size_t documented = 0;
	int fd = open(AIC_SOURCE_DIR "/docs/metrics.md", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_non_null(docs);
	assert_in_range(read(fd, docs, DOCS_SIZE - 1), 1, DOCS_SIZE - 2);
	close(fd);
	for (size_t i = 0; i < prometheus_families(metrics); i++) {
		family = prometheus_family(metrics, i);
		want_documented(docs, &family);
	}
	while ((at = strstr(at, "\n| `aic_")) != NULL) {
		documented++;
		at++;
	}
	/* And nothing that there is not. */
	assert_int_equal(documented, prometheus_families(metrics));
	free(docs);
	prometheus_free(&metrics);
}

/* -------- the numbers -------- */

static void
requests_are_counted_by_route_and_status(void **state)
{
	static const char created[] = "aic_gateway_requests_total{"
				      "method=\"POST\",route=\"/api/v2/"
				      "challenges\",status=\"200\"}";
	static const char refused[] = "aic_gateway_requests_total{"
				      "method=\"POST\",route=\"/api/v2/"
				      "challenges\",status=\"401\"}";
	static const char count[] = "aic_gateway_request_seconds_count{"
				    "method=\"POST\",route=\"/api/v2/"
				    "challenges\"}";
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const double before[] = { value_now(suite, created),
		value_now(suite, refused), value_now(suite, count) };

	for (int i = 0; i < CREATES; i++)
		want_status(flow_create(suite->client, key.secret), 200);
	for (int i = 0; i < REFUSALS; i++)
		want_status(flow_create(suite->client, "aic_sk_nothing"), 401);
	assert_true(value_now(suite, created) == before[0] + CREATES);
	assert_true(value_now(suite, refused) == before[1] + REFUSALS);
	assert_true(value_now(suite, count) == before[2] + CREATES + REFUSALS);
}

/* However many there are. */
static void
pages_are_counted_as_one_route(void **state)
{
	static const char shown[] = "aic_gateway_requests_total{method=\"any\","
				    "route=\"pages\",status=\"200\"}";
	static const char refused[] =
	    "aic_gateway_requests_total{method=\"any\","
	    "route=\"pages\",status=\"405\"}";
	struct suite *suite = *state;
	const double before[] = { value_now(suite, shown),
		value_now(suite, refused) };

	want_status(
	    client_send(suite->client, &(struct request){ .path = "/" }), 200);
	want_status(client_send(suite->client,
			&(struct request){ .path = "/widget/v1.js" }),
	    200);
	want_status(client_send(suite->client,
			&(struct request){ .method = "DELETE", .path = "/" }),
	    405);
	assert_true(value_now(suite, shown) == before[0] + 2);
	assert_true(value_now(suite, refused) == before[1] + 1);
}

static void
services_tell_what_they_take(void **state)
{
	static const char *const services[] = { "challenge-0", "challenge-1",
		"auth", "analytics" };
	static const char *const positive[] = { "pid", "uptime_seconds",
		"resident_bytes", "open_files", "database_bytes",
		"disk_free_bytes", "writable", "up", "requests_total" };
	struct suite *suite = *state;
	struct prometheus *metrics = NULL;
	const char *series = NULL;

	(void)flow_verified(suite->client, flow_easy_key(suite->client).secret);
	metrics = scrape(suite);
	for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++) {
		for (size_t i = 0; i < sizeof(positive) / sizeof(positive[0]);
		     i++) {
			series = client_text(suite->client,
			    "aic_service_%s{service=\"%s\"}", positive[i],
			    services[s]);
			if (!(value_of(metrics, series) > 0))
				fail_msg("%s is nothing", series);
		}
	}
	assert_true(
	    value_of(metrics, "aic_gateway_resident_bytes{worker=\"0\"}") > 0);
	assert_true(
	    value_of(metrics, "aic_gateway_open_files{worker=\"0\"}") > 0);
	prometheus_free(&metrics);
}

static void
commits_are_counted_by_size(void **state)
{
	static const char one[] =
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"1\"}";
	static const char count[] =
	    "aic_service_commit_requests_count{service=\"auth\"}";
	static const char sum[] =
	    "aic_service_commit_requests_sum{service=\"auth\"}";
	struct suite *suite = *state;
	const double before = value_now(suite, one);
	struct prometheus *metrics = NULL;

	(void)flow_account(suite->client);
	metrics = scrape(suite);
	assert_true(value_of(metrics, one) > before);
	assert_true(value_of(metrics, count) ==
	    value_of(metrics, "aic_service_commits_total{service=\"auth\"}"));
	assert_true(value_of(metrics, sum) ==
	    value_of(metrics, "aic_service_committed_total{service=\"auth\"}"));
	assert_true(
	    value_of(metrics,
		"aic_service_commit_seconds_total{service=\"auth\"}") > 0);
	prometheus_free(&metrics);
}

/* Events that nobody takes grow old, and are young again once they are gone. */
static void
outbox_lag_shows_and_goes(void **state)
{
	static const char rows[] = "aic_service_outbox_rows{service=\"auth\"}";
	static const char age[] =
	    "aic_service_outbox_age_seconds{service=\"auth\"}";
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	int64_t end = rig_deadline(LONG_MS);
	double first;

	rig_pause(suite->rig, RIG_ANALYTICS);
	(void)flow_key(suite->client, &account, "");
	while (value_now(suite, rows) < 1 || value_now(suite, age) <= 0)
		rig_look_again(end, "the outbox to lag");
	first = value_now(suite, age);
	while (value_now(suite, age) < first + 0.2)
		rig_look_again(end, "the lag to grow");
	rig_resume(suite->rig, RIG_ANALYTICS);
	end = rig_deadline(LONG_MS);
	while (value_now(suite, rows) > 0)
		rig_look_again(end, "the outbox to empty");
	assert_true(value_now(suite, age) == 0);
}

static void
service_that_is_down_shows(void **state)
{
	static const char up[] = "aic_service_up{service=\"challenge-1\"}";
	struct suite *suite = *state;
	const int64_t end = rig_deadline(LONG_MS);
	struct prometheus *metrics = NULL;
	double value;

	assert_true(value_now(suite, up) == 1);
	rig_kill(suite->rig, RIG_CHALLENGE_1);
	while (value_now(suite, up) > 0)
		rig_look_again(end, "a service to count as down");
	metrics = scrape(suite);
	assert_false(prometheus_value(metrics,
	    "aic_service_requests_total{service=\"challenge-1\"}", &value));
	assert_true(
	    value_of(metrics, "aic_service_up{service=\"challenge-0\"}") == 1);
	assert_true(value_of(metrics,
			"aic_gateway_in_flight{service=\"challenge-1\"}") >= 0);
	prometheus_free(&metrics);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reader_refuses_what_is_wrong),
		unit(every_family_is_documented),
		unit(requests_are_counted_by_route_and_status),
		unit(pages_are_counted_as_one_route),
		unit(services_tell_what_they_take),
		unit(commits_are_counted_by_size),
		unit(outbox_lag_shows_and_goes),
		unit(service_that_is_down_shows),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
