/*
 * Counters in shared memory, and their text form.
 */
#include <stdatomic.h>
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
	const char *type;
	const char *help;
} counters[METRICS_COUNTERS] = {
	[METRICS_REPLIES_DROPPED] = { "replies_dropped_total", "counter",
	    "Replies that were late, unknown or malformed." },
	[METRICS_KEY_HITS] = { "key_cache_hits_total", "counter",
	    "API keys found in the cache." },
	[METRICS_KEY_MISSES] = { "key_cache_misses_total", "counter",
	    "API keys that auth-svc was asked for." },
	[METRICS_KEY_STALE] = { "key_cache_stale_total", "counter",
	    "Cached API keys used while auth-svc was away." },
	[METRICS_RATE_LIMITED] = { "rate_limited_total", "counter",
	    "Requests over the limit of their key or address." },
	[METRICS_UNAVAILABLE] = { "unavailable_total", "counter",
	    "Requests refused because a service was down or full." },
	[METRICS_DEADLINES] = { "deadlines_total", "counter",
	    "Requests that a service did not answer in time." },
	[METRICS_CLIENTS_LEFT] = { "clients_left_total", "counter",
	    "Clients that left before their answer." },
	[METRICS_REFUSED] = { "refused_total", "counter",
	    "Requests refused as malformed, too large or too slow, before any "
	    "handler." },
	[METRICS_IN_FLIGHT] = { "in_flight", "gauge",
	    "Requests that wait for a service." },
};

struct route_counters {
	atomic_int_least64_t classes[METRICS_CLASSES];
	atomic_int_least64_t buckets[METRICS_BUCKETS + 1];
	atomic_int_least64_t sum_us;
};

struct metrics_block {
	_Alignas(64) struct route_counters routes[METRICS_ROUTES];
	atomic_int_least64_t counters[METRICS_COUNTERS];
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
metrics_request(
    struct metrics_block *block, size_t route, int status, int64_t elapsed_ns)
{
	struct route_counters *row;
	int64_t elapsed_us = elapsed_ns / 1000;
	size_t bucket = 0;
	int class = status / 100;

	if (route >= METRICS_ROUTES || class < 1 || class > METRICS_CLASSES)
		return;
	row = &block->routes[route];
	add(&row->classes[class - 1], 1);
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
	return route < routes_count ? routes[route].path : "other";
}

/* The sums of one route over all workers. */
static void
sum_route(const struct metrics *metrics, size_t route,
    int64_t classes[METRICS_CLASSES], int64_t buckets[METRICS_BUCKETS + 1],
    int64_t *sum_us)
{
	const struct route_counters *row;

	for (size_t c = 0; c < METRICS_CLASSES; c++)
		classes[c] = 0;
	for (size_t b = 0; b <= METRICS_BUCKETS; b++)
		buckets[b] = 0;
	*sum_us = 0;
	for (size_t i = 0; i < metrics->workers; i++) {
		row = &metrics->blocks[i].routes[route];
		for (size_t c = 0; c < METRICS_CLASSES; c++)
			classes[c] += get(&row->classes[c]);
		for (size_t b = 0; b <= METRICS_BUCKETS; b++)
			buckets[b] += get(&row->buckets[b]);
		*sum_us += get(&row->sum_us);
	}
}

static void
write_classes(const struct metrics *metrics, FILE *out)
{
	int64_t classes[METRICS_CLASSES];
	int64_t buckets[METRICS_BUCKETS + 1];
	int64_t sum_us;

	fprintf(out,
	    "# HELP aic_gateway_requests_total Requests answered.\n"
	    "# TYPE aic_gateway_requests_total counter\n");
	for (size_t r = 0; r <= routes_count; r++) {
		sum_route(metrics, r, classes, buckets, &sum_us);
		for (size_t c = 0; c < METRICS_CLASSES; c++) {
			if (classes[c] == 0)
				continue;
			fprintf(out,
			    "aic_gateway_requests_total{method=\"%s\","
			    "route=\"%s\",status=\"%zuxx\"} %lld\n",
			    method_label(r), path_label(r), c + 1,
			    (long long)classes[c]);
		}
	}
}

static void
write_histogram(const struct metrics *metrics, size_t route, FILE *out)
{
	static const char name[] = "aic_gateway_request_seconds";
	int64_t classes[METRICS_CLASSES];
	int64_t buckets[METRICS_BUCKETS + 1];
	int64_t sum_us;
	int64_t running = 0;

	sum_route(metrics, route, classes, buckets, &sum_us);
	for (size_t b = 0; b <= METRICS_BUCKETS; b++)
		running += buckets[b];
	if (running == 0)
		return;
	running = 0;
	for (size_t b = 0; b < METRICS_BUCKETS; b++) {
		running += buckets[b];
		fprintf(out,
		    "%s_bucket{method=\"%s\",route=\"%s\",le=\"%g\"} %lld\n",
		    name, method_label(route), path_label(route),
		    (double)bounds_us[b] / 1e6, (long long)running);
	}
	running += buckets[METRICS_BUCKETS];
	fprintf(out,
	    "%s_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %lld\n"
	    "%s_sum{method=\"%s\",route=\"%s\"} %.6f\n"
	    "%s_count{method=\"%s\",route=\"%s\"} %lld\n",
	    name, method_label(route), path_label(route), (long long)running,
	    name, method_label(route), path_label(route), (double)sum_us / 1e6,
	    name, method_label(route), path_label(route), (long long)running);
}

void
metrics_write(const struct metrics *metrics, FILE *out)
{
	write_classes(metrics, out);
	fprintf(out,
	    "# HELP aic_gateway_request_seconds From a request's handler to"
	    " its answer.\n"
	    "# TYPE aic_gateway_request_seconds histogram\n");
	for (size_t r = 0; r <= routes_count; r++)
		write_histogram(metrics, r, out);
	for (size_t i = 0; i < METRICS_COUNTERS; i++)
		fprintf(out,
		    "# HELP aic_gateway_%s %s\n# TYPE aic_gateway_%s %s\n"
		    "aic_gateway_%s %lld\n",
		    counters[i].name, counters[i].help, counters[i].name,
		    counters[i].type, counters[i].name,
		    (long long)metrics_total(metrics, (enum metrics_counter)i));
}
