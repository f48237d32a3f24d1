/*
 * The messages that analytics-svc answers: see handlers.c.
 */
#ifndef ANALYTICS_SERVICE_H
#define ANALYTICS_SERVICE_H

#include <stddef.h>

#include "analytics-svc/ledger.h"
#include "analytics-svc/report.h"
#include "analytics-svc/retention.h"
#include "common/service.h"

/* What every handler is given; nothing in it outlives a request's rollback. */
struct analytics {
	struct ledger *ledger;
	struct report *report;
	struct retention *retention;
};

extern const struct service_route analytics_routes[];
extern const size_t analytics_routes_count;

/* The reports, each for its account; see struct service_options. */
const struct uuid *
analytics_costly(enum proto_message message, const void *request);

/* House-keeping: forgets what is older than it is to be kept. */
int analytics_tick(void *ctx);

#define ANALYTICS_TICK_MS 1000

#endif
