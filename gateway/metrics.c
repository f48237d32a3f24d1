/*
 * Counters in shared memory, and their text form.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "gateway/metrics.h"
#include "gateway/routes.h"

/*
 * Upper bounds of the histogram in microseconds. Half the aim for p99 (5 ms,
 * see the design's section on speed) lies in the middle.
 */
static const int64_t bounds_us[METRICS_BUCKETS] = { 100, 250, 500, 1000, 2500,
	5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000 };

static const struct {
	const char *name;
	const char *help;
} counters[METRICS_COUNTERS] = {
	[METRICS_REPLIES_DROPPED] = { "aic_gateway_replies_dropped_total",
	    "Replies that were late, unknown or malformed." },
	[METRICS_KEY_HITS] = { "aic_gateway_key_cache_hits_total",
	    "API keys found in the cache." },
	[METRICS_KEY_MISSES] = { "aic_gateway_key_cache_misses_total",
	    "API keys that auth-svc was asked for." },
	[METRICS_KEY_STALE] = { "aic_gateway_key_cache_stale_total",
	    "Cached API keys used while auth-svc was away." },
	[METRICS_RATE_LIMITED] = { "aic_gateway_rate_limited_total",
	    "Requests over the limit of their key or address." },
	[METRICS_UNAVAILABLE] = { "aic_gateway_unavailable_total",
	    "Requests refused because a service was down or full." },
	[METRICS_DEADLINES] = { "aic_gateway_deadlines_total",
	    "Requests that a service did not answer in time." },
	[METRICS_CLIENTS_LEFT] = { "aic_gateway_clients_left_total",
	    "Clients that left before their answer." },
	[METRICS_REFUSED] = { "aic_gateway_refused_total",
	    "Requests refused as malformed, too large or too slow, before any "
	    "handler." },
};

/* Every status that is ever answered; what is none of them counts as the last
 * one, so that nothing is lost. */
static const int statuses[] = { 200, 201, 204, 304, 400, 401, 403, 404, 405,
	408, 409, 413, 414, 415, 422, 429, 431, 503, 504, 500 };

#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))

struct route_counters {
	atomic_int_least64_t statuses[STATUSES];
	atomic_int_least64_t buckets[METRICS_BUCKETS + 1];
	atomic_int_least64_t sum_us;
};

struct metrics_block {
	_Alignas(64) struct route_counters routes[METRICS_ROUTES];
	atomic_int_least64_t counters[METRICS_COUNTERS];
	atomic_int_least64_t in_flight[METRICS_SERVICES];
	atomic_int_least64_t resident_bytes;
	atomic_int_least64_t open_files;
	atomic_int_least64_t connections;
};

struct metrics {
	size_t workers;
	size_t bytes;
	struct metrics_block blocks[];
};

_Static_assert(sizeof(atomic_int_least64_t) == sizeof(int64_t),
    "counters are shared between processes and must not hide a lock");

struct metrics *
metrics_new(size_t workers)
{
	struct metrics *metrics;
	size_t bytes;

	if (workers == 0 || workers > 256)
		return NULL;
	bytes = sizeof(*metrics) + workers * sizeof(metrics->blocks[0]);
	metrics = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (metrics == MAP_FAILED)
		return NULL;
	metrics->workers = workers;
	metrics->bytes = bytes;
	return metrics;
}

void
metrics_free(struct metrics **metrics)
{
	if (*metrics == NULL)
		return;
	munmap(*metrics, (*metrics)->bytes);
	*metrics = NULL;
}

struct metrics_block *
metrics_worker(struct metrics *metrics, size_t worker)
{
	if (worker >= metrics->workers)
		worker = metrics->workers - 1;
	return &metrics->blocks[worker];
}

/* Only the block's own worker writes, so that no locked instruction is due. */
static void
add(atomic_int_least64_t *counter, int64_t amount)
{
	int64_t value = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, value + amount, memory_order_relaxed);
}

static int64_t
get(const atomic_int_least64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void
metrics_add(
    struct metrics_block *block, enum metrics_counter counter, int64_t amount)
{
	add(&block->counters[counter], amount);
}

void
metrics_in_flight(struct metrics_block *block, size_t service, int64_t amount)
{
	if (service < METRICS_SERVICES)
		add(&block->in_flight[service], amount);
}

static void
set(atomic_int_least64_t *gauge, int64_t value)
{
	atomic_store_explicit(gauge, value, memory_order_relaxed);
}

void
metrics_usage(
    struct metrics_block *block, const struct usage *usage, size_t connections)
{
	set(&block->resident_bytes, usage->resident_bytes);
	set(&block->open_files, usage->open_files);
	set(&block->connections, (int64_t)connections);
}

static size_t
find_status(int status)
{
	size_t i = 0;

	while (i < STATUSES - 1 && statuses[i] != status)
		i++;
	return i;
}

void
metrics_request(
    struct metrics_block *block, size_t route, int status, int64_t elapsed_ns)
{
	struct route_counters *row;
	int64_t elapsed_us = elapsed_ns / 1000;
	size_t bucket = 0;

	if (route >= METRICS_ROUTES)
		return;
	row = &block->routes[route];
	add(&row->statuses[find_status(status)], 1);
	while (bucket < METRICS_BUCKETS && elapsed_us > bounds_us[bucket])
		bucket++;
	add(&row->buckets[bucket], 1);
	add(&row->sum_us, elapsed_us);
}

int64_t
metrics_total(const struct metrics *metrics, enum metrics_counter counter)
{
	int64_t total = 0;

	for (size_t i = 0; i < metrics->workers; i++)
		total += get(&metrics->blocks[i].counters[counter]);
	return total;
}

static const char *
method_label(size_t route)
{
	if (route >= routes_count)
		return "any";
	switch (routes[route].method) {
	case ROUTE_GET:
		return "GET";
	case ROUTE_HEAD:
		return "HEAD";
	case ROUTE_POST:
		return "POST";
	case ROUTE_PUT:
		return "PUT";
	case ROUTE_PATCH:
		return "PATCH";
	case ROUTE_DELETE:
		return "DELETE";
	case ROUTE_OPTIONS:
		return "OPTIONS";
	}
	return "any";
}

static const char *
path_label(size_t route)
{
	static const char *const others[METRICS_ROWS] = {
		[METRICS_OTHER] = "other",
		[METRICS_PAGES] = "pages",
	};

	return route < routes_count ? routes[route].path
				    : others[route - routes_count];
}

void
metrics_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The labels' values are words of our own tables: nothing to escape in them. */
static void
write_requests(const struct metrics *metrics, FILE *out)
{
	static const char name[] = "aic_gateway_requests_total";
	int64_t total;

	metrics_head(
	    out, name, "counter", "Requests answered, by route and status.");
	for (size_t r = 0; r < routes_count + METRICS_ROWS; r++) {
		for (size_t s = 0; s < STATUSES; s++) {
			total = 0;
			for (size_t i = 0; i < metrics->workers; i++)
				total += get(
				    &metrics->blocks[i].routes[r].statuses[s]);
			if (total == 0)
				continue;
			fprintf(out,
			    "%s{method=\"%s\",route=\"%s\",status=\"%d\"} "
			    "%lld\n",
			    name, method_label(r), path_label(r), statuses[s],
			    (long long)total);
		}
	}
}

/* The sums of one route over all workers; their count. */
static int64_t
sum_route(const struct metrics *metrics, size_t route,
    int64_t buckets[METRICS_BUCKETS + 1], int64_t *sum_us)
{
	const struct route_counters *row;
	int64_t count = 0;

	*sum_us = 0;
	for (size_t b = 0; b <= METRICS_BUCKETS; b++)
		buckets[b] = 0;
	for (size_t i = 0; i < metrics->workers; i++) {
		row = &metrics->blocks[i].routes[route];
		for (size_t b = 0; b <= METRICS_BUCKETS; b++)
			buckets[b] += get(&row->buckets[b]);
		*sum_us += get(&row->sum_us);
	}
	for (size_t b = 0; b <= METRICS_BUCKETS; b++)
		count += buckets[b];
	return count;
}

static void
write_histogram(const struct metrics *metrics, size_t route, FILE *out)
{
	static const char name[] = "aic_gateway_request_seconds";
	int64_t buckets[METRICS_BUCKETS + 1];
	int64_t sum_us, running = 0;
	const int64_t count = sum_route(metrics, route, buckets, &sum_us);
	const char *method = method_label(route), *path = path_label(route);

	if (count == 0)
		return;
	for (size_t b = 0; b < METRICS_BUCKETS; b++) {
		running += buckets[b];
		fprintf(out,
		    "%s_bucket{method=\"%s\",route=\"%s\",le=\"%g\"} %lld\n",
		    name, method, path, (double)bounds_us[b] / 1e6,
		    (long long)running);
	}
	fprintf(out,
	    "%s_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %lld\n"
	    "%s_sum{method=\"%s\",route=\"%s\"} %.6f\n"
	    "%s_count{method=\"%s\",route=\"%s\"} %lld\n",
	    name, method, path, (long long)count, name, method, path,
	    (double)sum_us / 1e6, name, method, path, (long long)count);
}

static void
write_in_flight(const struct metrics *metrics, const char *const services[],
    size_t services_count, FILE *out)
{
	static const char name[] = "aic_gateway_in_flight";
	int64_t total;

	metrics_head(
	    out, name, "gauge", "Requests that wait for a service's answer.");
	for (size_t s = 0; s < services_count && s < METRICS_SERVICES; s++) {
		total = 0;
		for (size_t i = 0; i < metrics->workers; i++)
			total += get(&metrics->blocks[i].in_flight[s]);
		fprintf(out, "%s{service=\"%s\"} %lld\n", name, services[s],
		    (long long)total);
	}
}

/* A gauge that each worker has: offset is that of its place in the block. */
static void
write_workers(const struct metrics *metrics, size_t offset, const char *name,
    const char *help, FILE *out)
{
	const char *block = NULL;
	const atomic_int_least64_t *gauge = NULL;

	metrics_head(out, name, "gauge", help);
	for (size_t i = 0; i < metrics->workers; i++) {
		block = (const char *)&metrics->blocks[i];
		gauge = (const void *)(block + offset);
		fprintf(out, "%s{worker=\"%zu\"} %lld\n", name, i,
		    (long long)get(gauge));
	}
}

void
metrics_write(const struct metrics *metrics, const char *const services[],
    size_t services_count, FILE *out)
{
	write_requests(metrics, out);
	metrics_head(out, "aic_gateway_request_seconds", "histogram",
	    "From a request's handler to its answer.");
	for (size_t r = 0; r < routes_count + METRICS_ROWS; r++)
		write_histogram(metrics, r, out);
	for (size_t i = 0; i < METRICS_COUNTERS; i++) {
		metrics_head(
		    out, counters[i].name, "counter", counters[i].help);
		fprintf(out, "%s %lld\n", counters[i].name,
		    (long long)metrics_total(metrics, (enum metrics_counter)i));
	}
	write_in_flight(metrics, services, services_count, out);
	write_workers(metrics, offsetof(struct metrics_block, resident_bytes),
	    "aic_gateway_resident_bytes", "Memory of a worker in RAM.", out);
	write_workers(metrics, offsetof(struct metrics_block, open_files),
	    "aic_gateway_open_files", "Open descriptors of a worker.", out);
	write_workers(metrics, offsetof(struct metrics_block, connections),
	    "aic_gateway_connections", "Clients connected to a worker.", out);
}
