/*
 * The numbers of the services as text; see service_metrics.h.
 */
#include <stdint.h>

#include "gateway/metrics.h"
#include "gateway/service_metrics.h"
#include "proto/field.h"

#define NUMBER(record_field) BIT_stats_##record_field

/* Each number of the record; it is told in units of 1/divisor. */
static const struct family {
	size_t field;
	const char *name;
	const char *type;
	int64_t divisor;
	const char *help;
} families[] = {
	{ NUMBER(pid), "aic_service_pid", "gauge", 1, "Process id." },
	{ NUMBER(uptime_ms), "aic_service_uptime_seconds", "gauge", 1000,
	    "Time since the process started." },
	{ NUMBER(requests), "aic_service_requests_total", "counter", 1,
	    "Requests handled." },
	{ NUMBER(failures), "aic_service_failures_total", "counter", 1,
	    "Requests answered with an error." },
	{ NUMBER(dropped), "aic_service_dropped_total", "counter", 1,
	    "Messages that could not be read, and replies that could not be "
	    "sent." },
	{ NUMBER(refused), "aic_service_refused_connections_total", "counter",
	    1, "Connections refused for want of a key that is let in." },
	{ NUMBER(commits), "aic_service_commits_total", "counter", 1,
	    "Transactions committed." },
	{ NUMBER(committed), "aic_service_committed_total", "counter", 1,
	    "Requests in these transactions." },
	{ NUMBER(commit_us), "aic_service_commit_seconds_total", "counter",
	    1000000, "Time that commits took." },
	{ NUMBER(pool_queue), "aic_service_pool_queue", "gauge", 1,
	    "Password hashes that wait or run." },
	{ NUMBER(pool_refused), "aic_service_pool_refused_total", "counter", 1,
	    "Requests refused because too many password hashes waited." },
	{ NUMBER(outbox_rows), "aic_service_outbox_rows", "gauge", 1,
	    "Commits whose events analytics has not acknowledged." },
	{ NUMBER(outbox_age_ms), "aic_service_outbox_age_seconds", "gauge",
	    1000, "Age of the oldest of them." },
	{ NUMBER(writable), "aic_service_writable", "gauge", 1,
	    "Whether the last write found room on the disk." },
	{ NUMBER(db_bytes), "aic_service_database_bytes", "gauge", 1,
	    "Size of the database." },
	{ NUMBER(log_bytes), "aic_service_database_log_bytes", "gauge", 1,
	    "Size of its write-ahead log." },
	{ NUMBER(free_bytes), "aic_service_disk_free_bytes", "gauge", 1,
	    "Space left on its disk." },
	{ NUMBER(resident_bytes), "aic_service_resident_bytes", "gauge", 1,
	    "Memory in RAM." },
	{ NUMBER(open_files), "aic_service_open_files", "gauge", 1,
	    "Open descriptors." },
};

static int64_t
value_of(const struct proto_field *field, const struct stats *stats)
{
	if (field->kind == PROTO_BOOL)
		return field_bool(field, stats);
	return *(const int64_t *)field_value(field, stats);
}

static void
write_family(const struct family *family,
    const struct service_metrics *services, size_t count, FILE *out)
{
	const struct proto_field *field = &proto_stats.fields[family->field];
	int64_t value;

	metrics_head(out, family->name, family->type, family->help);
	for (size_t i = 0; i < count; i++) {
		if (services[i].stats == NULL ||
		    !field_present(field, family->field, services[i].stats))
			continue;
		value = value_of(field, services[i].stats);
		fprintf(
		    out, "%s{service=\"%s\"} ", family->name, services[i].name);
		if (family->divisor == 1)
			fprintf(out, "%lld\n", (long long)value);
		else
			fprintf(out, "%.6f\n",
			    (double)value / (double)family->divisor);
	}
}

static void
write_sizes(const struct service_metrics *service, FILE *out)
{
	static const char name[] = "aic_service_commit_requests";
	const struct stats *stats = service->stats;
	int64_t running = 0, bound = 0;

	for (uint32_t i = 0; i < stats->commit_sizes_count; i++) {
		running += stats->commit_sizes[i];
		fprintf(out, "%s_bucket{service=\"%s\",le=\"%lld\"} %lld\n",
		    name, service->name, (long long)bound, (long long)running);
		bound = bound == 0 ? 1 : 2 * bound;
	}
	fprintf(out,
	    "%s_bucket{service=\"%s\",le=\"+Inf\"} %lld\n"
	    "%s_sum{service=\"%s\"} %lld\n"
	    "%s_count{service=\"%s\"} %lld\n",
	    name, service->name, (long long)running, name, service->name,
	    (long long)stats->committed, name, service->name,
	    (long long)running);
}

void
service_metrics_write(
    const struct service_metrics *services, size_t count, FILE *out)
{
	const size_t sizes = BIT_stats_commit_sizes;

	metrics_head(
	    out, "aic_service_up", "gauge", "Whether the service answers.");
	for (size_t i = 0; i < count; i++)
		fprintf(out, "aic_service_up{service=\"%s\"} %d\n",
		    services[i].name, services[i].up);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		write_family(&families[i], services, count, out);
	metrics_head(out, "aic_service_commit_requests", "histogram",
	    "Requests in a transaction.");
	for (size_t i = 0; i < count; i++) {
		if (services[i].stats != NULL &&
		    field_present(
			&proto_stats.fields[sizes], sizes, services[i].stats))
			write_sizes(&services[i], out);
	}
}
