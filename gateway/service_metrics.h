/*
 * What the services tell of themselves (the record `stats`), for Prometheus.
 */
#ifndef GATEWAY_SERVICE_METRICS_H
#define GATEWAY_SERVICE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "proto/proto.h"

struct service_metrics {
	const char *name; /* "auth" */
	bool up;
	const struct stats *stats; /* NULL when it did not answer */
};

/* Writes every family, and in it a line for each service that answered and
 * knows the number. */
void service_metrics_write(
    const struct service_metrics *services, size_t count, FILE *out);

#endif
