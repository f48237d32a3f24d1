/*
 * Tests of the services' numbers as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/service_metrics.h"

#define STEP INT64_C(7000000)

static char *
text_of(const struct service_metrics *services, size_t count)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	service_metrics_write(services, count, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* A number of its own in each field: none may be missing in the text. */
static void
every_number_of_the_record_is_told(void **state)
{
	struct stats stats = { 0 };
	const struct service_metrics service = { "auth", true, &stats };
	const struct proto_field *field = NULL;
	char one[64], thousand[64], million[64];
	char *text = NULL;
	size_t missing = 0;

	(void)state;
	stats.present = UINT64_MAX;
	for (size_t i = 0; i < proto_stats.count; i++) {
		field = &proto_stats.fields[i];
		if (field->kind == PROTO_INT)
			*(int64_t *)(void *)((char *)&stats +
			    field->offset) = STEP * (int64_t)(i + 1);
	}
	text = text_of(&service, 1);
	for (size_t i = 0; i < proto_stats.count; i++) {
		if (proto_stats.fields[i].kind != PROTO_INT)
			continue;
		snprintf(one, sizeof(one), "} %lld\n",
		    (long long)(STEP * (int64_t)(i + 1)));
		snprintf(thousand, sizeof(thousand), "} %lld.000000\n",
		    (long long)(STEP * (int64_t)(i + 1) / 1000));
		snprintf(million, sizeof(million), "} %lld.000000\n",
		    (long long)(STEP * (int64_t)(i + 1) / 1000000));
		if (strstr(text, one) == NULL &&
		    strstr(text, thousand) == NULL &&
		    strstr(text, million) == NULL) {
			print_error("%s\n", proto_stats.fields[i].name);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
	free(text);
}

static void
commits_are_a_histogram(void **state)
{
	struct stats stats = { .commits = 6,
		.committed = 40,
		.commit_sizes = { 1, 2, 0, 0, 0, 3 },
		.commit_sizes_count = 6 };
	const struct service_metrics service = { "auth", true, &stats };
	char *text = NULL;

	(void)state;
	PROTO_SET(&stats, stats, commit_sizes);
	text = text_of(&service, 1);
	assert_non_null(strstr(text,
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"0\"} 1\n"
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"1\"} 3\n"
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"2\"} 3\n"
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"4\"} 3\n"
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"8\"} 3\n"
	    "aic_service_commit_requests_bucket{service=\"auth\",le=\"16\"} 6\n"
	    "aic_service_commit_requests_bucket{service=\"auth\","
	    "le=\"+Inf\"} 6\n"
	    "aic_service_commit_requests_sum{service=\"auth\"} 40\n"
	    "aic_service_commit_requests_count{service=\"auth\"} 6\n"));
	free(text);
}

/* An older service does not know the newer numbers, and one that is down none
 * at all: nothing is told for them, rather than a zero. */
static void
what_is_not_known_is_not_told(void **state)
{
	struct stats old = { .requests = 5 };
	const struct service_metrics services[] = { { "auth", true, &old },
		{ "analytics", false, NULL } };
	char *text = text_of(services, 2);

	(void)state;
	assert_non_null(
	    strstr(text, "\naic_service_requests_total{service=\"auth\"} 5\n"));
	assert_non_null(
	    strstr(text, "\naic_service_up{service=\"analytics\"} 0\n"));
	assert_null(strstr(text, "resident_bytes{"));
	assert_null(strstr(text, "commit_requests_bucket{"));
	assert_null(strstr(text, "requests_total{service=\"analytics\"}"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_of_the_record_is_told),
		cmocka_unit_test(commits_are_a_histogram),
		cmocka_unit_test(what_is_not_known_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
