/*
 * Health and metrics; see health.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "gateway/gateway.h"
#include "gateway/handle.h"
#include "gateway/health.h"
#include "gateway/reply.h"
#include "gateway/service_metrics.h"

#define NS_PER_MS INT64_C(1000000)
#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* One service's answer. */
struct part {
	struct scrape *scrape;
	bool answered;
	struct stats stats;
};

/* Lives until the last answer is there, the call's end notwithstanding. */
struct scrape {
	struct call *call;
	size_t waiting;
	size_t count;
	struct part parts[];
};

int
health_live(struct call *call)
{
	static const char alive[] = "{\"status\":\"ok\"}";

	return reply_text(call, 200, JSON_TYPE, alive, sizeof(alive) - 1);
}

int
health_ready(struct call *call)
{
	size_t count = bus_endpoints(gateway.bus);
	char *text = NULL;
	size_t len = 0;
	bool ready = !gateway.draining;
	bool up;
	FILE *out;
	int result;

	for (size_t i = 0; i < count; i++) {
		if (bus_state(gateway.bus, i, call->start_ns) != LIVENESS_UP)
			ready = false;
	}
	out = open_memstream(&text, &len);
	if (out == NULL)
		return reply_error(call, PROTO_ERROR_BUSY, NULL, NULL);
	fprintf(out, "{\"status\":\"%s\",\"services\":{",
	    ready		   ? "ok"
		: gateway.draining ? "draining"
				   : "unavailable");
	for (size_t i = 0; i < count; i++) {
		up = bus_state(gateway.bus, i, call->start_ns) == LIVENESS_UP;
		fprintf(out, "%s\"%s\":\"%s\"", i == 0 ? "" : ",",
		    bus_name(gateway.bus, i), up ? "up" : "down");
	}
	fprintf(out, "}}");
	if (fclose(out) != 0) {
		free(text);
		return reply_error(call, PROTO_ERROR_BUSY, NULL, NULL);
	}
	result = reply_text(call, ready ? 200 : 503, JSON_TYPE, text, len);
	free(text);
	return result;
}

/* -------- metrics -------- */

static bool
is_loopback(const struct connection *peer)
{
	if (peer->family == AF_UNIX)
		return true;
	if (peer->family == AF_INET)
		return (ntohl(peer->addr.ipv4.sin_addr.s_addr) >> 24) ==
		    IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&peer->addr.ipv6.sin6_addr);
}

/* A proxy on this host speaks from loopback for somebody who may not be. */
static bool
may_read(const struct call *call)
{
	if (gateway.config.metrics_public)
		return true;
	return call->req->owner != NULL && is_loopback(call->req->owner) &&
	    call_header(call, "x-forwarded-for") == NULL &&
	    call_header(call, "forwarded") == NULL;
}

static void
on_stats(void *owner, const struct bus_answer *answer)
{
	struct part *part = owner;
	struct scrape *scrape = part->scrape;

	if (answer->error == PROTO_OK) {
		part->stats = *(const struct stats *)answer->reply;
		part->answered = true;
	}
	scrape->waiting--;
	if (scrape->waiting > 0)
		return;
	if (scrape->call == NULL)
		free(scrape);
	else
		http_request_wakeup(scrape->call->req);
}

void
health_forget(struct scrape *scrape)
{
	scrape->call = NULL;
	if (scrape->waiting == 0)
		free(scrape);
}

int
health_metrics(struct call *call)
{
	static const struct empty nothing = { 0 };
	struct bus_request request = {
		.message = MSG_STATS,
		.body = &nothing,
		.trace = call->trace,
		.now_ns = call->start_ns,
		.deadline_ns = call->start_ns +
		    gateway.config.request_timeout_ms * NS_PER_MS,
		.done = on_stats,
	};
	size_t count = bus_endpoints(gateway.bus);
	struct scrape *scrape = NULL;
	uint64_t correlation;

	if (!may_read(call))
		return reply_error(call, PROTO_ERROR_FORBIDDEN, NULL,
		    "only for callers on this host");
	scrape = calloc(1, sizeof(*scrape) + count * sizeof(scrape->parts[0]));
	if (scrape == NULL)
		return reply_error(call, PROTO_ERROR_BUSY, NULL, NULL);
	scrape->call = call;
	scrape->count = count;
	call->scrape = scrape;
	call->step = CALL_STATS;
	for (size_t i = 0; i < count; i++) {
		scrape->parts[i].scrape = scrape;
		request.endpoint = i;
		request.owner = &scrape->parts[i];
		if (bus_state(gateway.bus, i, call->start_ns) == LIVENESS_UP &&
		    bus_send(gateway.bus, &request, &correlation) == PROTO_OK)
			scrape->waiting++;
	}
	if (scrape->waiting == 0)
		return health_metrics_finish(call);
	http_request_sleep(call->req);
	return KORE_RESULT_RETRY;
}

static void
write_metrics(const struct scrape *scrape, FILE *out)
{
	const int64_t now_ns = clock_boot_ns();
	const char *names[METRICS_SERVICES];
	struct service_metrics services[METRICS_SERVICES];

	for (size_t i = 0; i < scrape->count; i++) {
		names[i] = bus_name(gateway.bus, i);
		services[i] = (struct service_metrics){ .name = names[i],
			.up = bus_state(gateway.bus, i, now_ns) == LIVENESS_UP,
			.stats = scrape->parts[i].answered
			    ? &scrape->parts[i].stats
			    : NULL };
	}
	metrics_write(gateway.metrics, names, scrape->count, out);
	service_metrics_write(services, scrape->count, out);
}

int
health_metrics_finish(struct call *call)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int result;

	if (out == NULL)
		return reply_error(call, PROTO_ERROR_BUSY, NULL, NULL);
	write_metrics(call->scrape, out);
	if (fclose(out) != 0) {
		free(text);
		return reply_error(call, PROTO_ERROR_BUSY, NULL, NULL);
	}
	result = reply_text(call, 200, TEXT_TYPE, text, len);
	free(text);
	return result;
}
