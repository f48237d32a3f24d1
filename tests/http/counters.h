/*
 * What the gateway says of itself, and the system of its processes.
 */
#ifndef TESTS_HTTP_COUNTERS_H
#define TESTS_HTTP_COUNTERS_H

#include <stdint.h>

#include "tests/e2e/suite.h"

/* The route that requests.txt asks for only where it smuggles. */
#define COUNTERS_SMUGGLED "/api/v1/analytics/overview"

struct counters {
	int64_t handled;  /* requests that a handler answered */
	int64_t smuggled; /* those of them for COUNTERS_SMUGGLED */
	int64_t refused;  /* by the gate, before any handler */
};

/*
 * Reads /metrics, over a connection of its own to the gateway. Requests for
 * /metrics and /readyz are not counted: tests and proxies look there.
 */
struct counters counters_read(struct suite *suite);

/* Resident memory of the gateway, Kore's parent and workers, in bytes. */
int64_t counters_memory(const struct suite *suite);

#endif
