/*
 * /healthz (alive), /readyz (able: every service answers) and /metrics.
 */
#ifndef GATEWAY_HEALTH_H
#define GATEWAY_HEALTH_H

#include "gateway/call.h"

/* Each answers the call and returns what a handler returns to Kore. */
int health_live(struct call *call);
int health_ready(struct call *call);

/*
 * Starts /metrics: asks every service that is up for its counters. The call
 * is woken when all have answered; then health_metrics_finish answers it.
 */
int health_metrics(struct call *call);
int health_metrics_finish(struct call *call);

/* The call of these metrics is gone. */
void health_forget(struct scrape *scrape);

#endif
