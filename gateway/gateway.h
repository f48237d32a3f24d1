/*
 * What one process of the gateway owns. The parent fills config, metrics and
 * limit before it forks; a worker adds the rest. Kore's handlers have no
 * argument of their own, so this is the one global of the gateway.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "common/config.h"
#include "gateway/bus.h"
#include "gateway/keycache.h"
#include "gateway/metrics.h"
#include "gateway/ratelimit.h"

struct gateway {
	struct config config;
	struct bus_keys bus_keys;	/* until a worker's sockets are open */
	struct metrics *metrics;	/* shared by the workers */
	struct ratelimit *limit;	/* shared by the workers */
	struct metrics_block *counters; /* this worker's part of metrics */
	struct bus *bus;
	struct keycache *keys;
	bool draining; /* told to end: answers what it has, then leaves */
};

extern struct gateway gateway;

#endif
