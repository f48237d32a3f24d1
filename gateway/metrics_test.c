/*
 * Tests of the counters that Prometheus reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/metrics.h"
#include "gateway/routes.h"

static char *
text_of(const struct metrics *metrics)
{
	static const char *const services[] = { "challenge-0", "auth" };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	metrics_write(metrics, services, 2, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
counters_of_all_workers_are_summed(void **state)
{
	struct metrics *metrics = metrics_new(3);
	int status = 0;
	pid_t child;

	(void)state;
	assert_non_null(metrics);
	metrics_add(metrics_worker(metrics, 0), METRICS_KEY_HITS, 2);
	metrics_add(metrics_worker(metrics, 1), METRICS_KEY_HITS, 3);
	child = fork();
	if (child == 0) {
		metrics_add(metrics_worker(metrics, 2), METRICS_KEY_HITS, 4);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(metrics_total(metrics, METRICS_KEY_HITS), 9);
	assert_int_equal(metrics_total(metrics, METRICS_KEY_MISSES), 0);
	metrics_free(&metrics);
	assert_null(metrics);
}

static void
requests_are_counted_by_route_and_status(void **state)
{
	struct metrics *metrics = metrics_new(1);
	struct metrics_block *block = metrics_worker(metrics, 0);
	char *text = NULL;

	(void)state;
	metrics_request(block, 0, 200, 90000);
	metrics_request(block, 0, 201, 90000);
	metrics_request(block, 0, 503, 3000000000);
	metrics_request(block, routes_count, 404, 1000);
	text = text_of(metrics);
	assert_non_null(strstr(text,
	    "aic_gateway_requests_total{method=\"POST\","
	    "route=\"/api/v2/challenges\",status=\"200\"} 1\n"));
	assert_non_null(
	    strstr(text, "route=\"/api/v2/challenges\",status=\"201\"} 1\n"));
	assert_non_null(
	    strstr(text, "route=\"/api/v2/challenges\",status=\"503\"} 1\n"));
	assert_non_null(strstr(
	    text, "{method=\"any\",route=\"other\",status=\"404\"} 1\n"));
	assert_non_null(strstr(text,
	    "_bucket{method=\"POST\",route=\"/api/v2/challenges\","
	    "le=\"0.0001\"} 2\n"));
	assert_non_null(strstr(text,
	    "_bucket{method=\"POST\",route=\"/api/v2/challenges\","
	    "le=\"2.5\"} 2\n"));
	assert_non_null(strstr(text,
	    "_bucket{method=\"POST\",route=\"/api/v2/challenges\","
	    "le=\"+Inf\"} 3\n"));
	free(text);
	metrics_free(&metrics);
}

static void
what_is_out_of_bounds_is_not_counted(void **state)
{
	struct metrics *metrics = metrics_new(1);
	char *text = NULL;

	(void)state;
	metrics_request(metrics_worker(metrics, 7), METRICS_ROUTES, 200, 1);
	metrics_in_flight(metrics_worker(metrics, 0), METRICS_SERVICES, 1);
	text = text_of(metrics);
	assert_null(strstr(text, "requests_total{"));
	free(text);
	metrics_free(&metrics);
	assert_null(metrics_new(0));
}

/* A status that is not in the table would be a defect, but not a lost count. */
static void
unknown_status_counts_as_a_fault(void **state)
{
	struct metrics *metrics = metrics_new(1);
	char *text = NULL;

	(void)state;
	metrics_request(metrics_worker(metrics, 0), 0, 299, 1);
	text = text_of(metrics);
	assert_non_null(strstr(text, "status=\"500\"} 1\n"));
	free(text);
	metrics_free(&metrics);
}

/* The status of every error, and of every route's success. */
static void
every_status_has_a_count_of_its_own(void **state)
{
	static const int errors[] = {
#define ERROR(NAME, number, code, status, title) status,
#include "proto/errors.def"
#undef ERROR
	};
	const size_t count = sizeof(errors) / sizeof(errors[0]);
	struct metrics *metrics = metrics_new(1);
	char *text = NULL;
	char label[32];
	int status;

	(void)state;
	for (size_t i = 0; i < count + routes_count; i++) {
		status = i < count ? errors[i] : routes[i - count].status;
		metrics_request(metrics_worker(metrics, 0), 0, status, 1);
	}
	text = text_of(metrics);
	for (size_t i = 0; i < count + routes_count; i++) {
		status = i < count ? errors[i] : routes[i - count].status;
		snprintf(label, sizeof(label), "status=\"%d\"}", status);
		if (strstr(text, label) == NULL)
			fail_msg("%d has no count", status);
	}
	free(text);
	metrics_free(&metrics);
}

static void
gauges_are_by_service_and_worker(void **state)
{
	const struct usage usage = { .resident_bytes = 4096, .open_files = 12 };
	struct metrics *metrics = metrics_new(2);
	char *text = NULL;

	(void)state;
	metrics_in_flight(metrics_worker(metrics, 0), 1, 1);
	metrics_in_flight(metrics_worker(metrics, 0), 1, 1);
	metrics_in_flight(metrics_worker(metrics, 0), 1, -1);
	metrics_in_flight(metrics_worker(metrics, 1), 1, 1);
	metrics_usage(metrics_worker(metrics, 1), &usage, 3);
	text = text_of(metrics);
	assert_non_null(
	    strstr(text, "aic_gateway_in_flight{service=\"challenge-0\"} 0\n"));
	assert_non_null(
	    strstr(text, "aic_gateway_in_flight{service=\"auth\"} 2\n"));
	assert_non_null(
	    strstr(text, "aic_gateway_resident_bytes{worker=\"0\"} 0\n"));
	assert_non_null(
	    strstr(text, "aic_gateway_resident_bytes{worker=\"1\"} 4096\n"));
	assert_non_null(
	    strstr(text, "aic_gateway_open_files{worker=\"1\"} 12\n"));
	assert_non_null(
	    strstr(text, "aic_gateway_connections{worker=\"1\"} 3\n"));
	free(text);
	metrics_free(&metrics);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_of_all_workers_are_summed),
		cmocka_unit_test(requests_are_counted_by_route_and_status),
		cmocka_unit_test(what_is_out_of_bounds_is_not_counted),
		cmocka_unit_test(unknown_status_counts_as_a_fault),
		cmocka_unit_test(every_status_has_a_count_of_its_own),
		cmocka_unit_test(gauges_are_by_service_and_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
