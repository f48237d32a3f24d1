/*
 * The gateway's own counters, for Prometheus. They live in memory that the
 * workers share: each worker adds to its own block, whoever is asked sums all.
 */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/config.h"
#include "common/usage.h"

/* Rows of the route table, and those below. */
#define METRICS_ROUTES	32
#define METRICS_BUCKETS 14 /* of the latency histogram; see metrics.c */

/* Services that a gateway can have, in the order of the bus. */
#define METRICS_SERVICES (CONFIG_SHARDS_MAX + 2)

/* Rows after those of the route table. */
enum metrics_row {
	METRICS_OTHER, /* paths that are nothing */
	METRICS_PAGES,
	METRICS_ROWS,
};

enum metrics_counter {
	METRICS_REPLIES_DROPPED, /* late, unknown or malformed */
	METRICS_KEY_HITS,
	METRICS_KEY_MISSES,
	METRICS_KEY_STALE, /* used because auth-svc was away */
	METRICS_RATE_LIMITED,
	METRICS_UNAVAILABLE, /* refused at once: service down or full */
	METRICS_DEADLINES,   /* no answer in time */
	METRICS_CLIENTS_LEFT,
	METRICS_REFUSED, /* by the gate: no handler saw them */
	METRICS_COUNTERS,
};

struct metrics;
struct metrics_block;

/* Before the fork. NULL when there is no memory. */
struct metrics *metrics_new(size_t workers);
void metrics_free(struct metrics **metrics);

/* The block of one worker, 0..workers-1; a larger number gets the last one. */
struct metrics_block *metrics_worker(struct metrics *metrics, size_t worker);

void metrics_add(
    struct metrics_block *block, enum metrics_counter counter, int64_t amount);

/* A request to a service has begun (1) or ended (-1) to wait. */
void
metrics_in_flight(struct metrics_block *block, size_t service, int64_t amount);

/* What the worker takes at this moment. */
void metrics_usage(
    struct metrics_block *block, const struct usage *usage, size_t connections);

/* One answered request; route is an index of the table, or routes_count and
 * one of enum metrics_row. */
void metrics_request(
    struct metrics_block *block, size_t route, int status, int64_t elapsed_ns);

/* The sum of a counter over all workers. */
int64_t
metrics_total(const struct metrics *metrics, enum metrics_counter counter);

/* Writes everything in Prometheus' text format; services are their names in the
 * order of the bus. */
void metrics_write(const struct metrics *metrics, const char *const services[],
    size_t services_count, FILE *out);

/* What each family of the format begins with. */
void
metrics_head(FILE *out, const char *name, const char *type, const char *help);

#endif
