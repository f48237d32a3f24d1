/*
 * What is said over the bus's lines: requests collected and sent, replies
 * matched and handed on, deadlines, liveness; see bus.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <sodium.h>

#include "common/clock.h"
#include "common/endpoint.h"
#include "common/log.h"
#include "gateway/bus.h"
#include "gateway/bus_line.h"
#include "gateway/pending.h"
#include "proto/codec.h"

/*
 * A buffer with as much leaves before the turn ends, so that the service works
 * on it meanwhile. Of 8, 12, 16, 24 and no such bound, 16 had the most flows a
 * second at 64 connections on two cores (tests/bench/run).
 */
#define BATCH_REQUESTS 16
#define BATCH_BYTES    65536
#define NS_PER_MS      INT64_C(1000000)
#define PING_TICKS     (250 / BUS_TICK_MS)
#define SLOTS_MAX      65536
#define PROBE_SLOTS    64 /* an endpoint's own questions */
#define ENDPOINT_NAME  32

struct endpoint {
	struct bus_line line;
	struct bus *bus;
	size_t index;
	char name[ENDPOINT_NAME];
	struct liveness liveness;
	enum liveness_state logged;
	struct proto_buf out;
	size_t collected; /* requests in out */
	uint64_t batch;	  /* the number of what is in out */
	int64_t in_flight;
	bool ping_due; /* its connection is new */
};

struct bus {
	const struct config *config;
	struct metrics_block *counters;
	void *context;
	struct endpoint *endpoints;
	size_t count;
	size_t shards;
	size_t next_shard;
	struct pending *pending;
	void *reply; /* scratch, as large as the largest reply */
	bool flush_due;
	bool settled; /* the first tick is over */
	int ticks;
	struct bus_echo echo;
};

/* -------- answers -------- */

static void
drop_reply(struct bus *bus, const struct endpoint *endpoint, const char *why)
{
	metrics_add(bus->counters, METRICS_REPLIES_DROPPED, 1);
	log_debug(NULL, "dropped a reply of %s: %s", endpoint->name, why);
}

/* Ends the wait of an entry and tells its owner, if there still is one. */
static void
finish(struct bus *bus, struct pending_entry *entry,
    const struct bus_answer *answer)
{
	bus_done *done = entry->done;
	void *owner = entry->owner;

	bus->endpoints[entry->endpoint].in_flight--;
	metrics_in_flight(bus->counters, entry->endpoint, -1);
	pending_remove(bus->pending, entry);
	if (owner != NULL)
		done(owner, answer);
}

static void
finish_error(
    struct bus *bus, struct pending_entry *entry, enum proto_error error)
{
	struct bus_answer answer = { .error = error };

	finish(bus, entry, &answer);
}

static void
take_reply(struct endpoint *endpoint, struct pending_entry *entry,
    const struct proto_frame *frame)
{
	struct bus *bus = endpoint->bus;
	const struct proto_message_info *info = proto_message_find(
	    entry->message);
	struct bus_answer answer = { .error = PROTO_OK, .reply = bus->reply };
	const char *wrong;

	wrong = proto_decode(
	    info->reply, bus->reply, frame->body, frame->body_len);
	if (wrong != NULL) {
		drop_reply(bus, endpoint, wrong);
		answer.error = PROTO_ERROR_BAD_MESSAGE;
	}
	finish(bus, entry, &answer);
	/* Tokens and keys pass through here. */
	if (wrong == NULL)
		proto_wipe(info->reply, bus->reply);
}

static void
take_failure(struct endpoint *endpoint, struct pending_entry *entry,
    const struct proto_frame *frame)
{
	struct failure failure;
	struct bus_answer answer = { .failure = &failure };
	const char *wrong;

	wrong = proto_decode(
	    &proto_failure, &failure, frame->body, frame->body_len);
	if (wrong != NULL) {
		drop_reply(endpoint->bus, endpoint, wrong);
		finish_error(endpoint->bus, entry, PROTO_ERROR_BAD_MESSAGE);
		return;
	}
	answer.error = proto_error_find(failure.error)->error;
	finish(endpoint->bus, entry, &answer);
}

static void
take_frame(struct endpoint *endpoint, const struct proto_frame *frame)
{
	struct bus *bus = endpoint->bus;
	struct pending_entry *entry = pending_find(
	    bus->pending, frame->header.correlation);

	if (entry == NULL || entry->endpoint != endpoint->index ||
	    entry->message != frame->header.message) {
		drop_reply(bus, endpoint, "nobody waits for it");
		return;
	}
	switch (frame->header.kind) {
	case PROTO_FRAME_REQUEST:
		drop_reply(bus, endpoint, "it is a request");
		return;
	case PROTO_FRAME_REPLY:
		liveness_heard(&endpoint->liveness);
		if (entry->owner == NULL)
			finish_error(bus, entry, PROTO_OK);
		else
			take_reply(endpoint, entry, frame);
		return;
	case PROTO_FRAME_FAILURE:
		liveness_heard(&endpoint->liveness);
		take_failure(endpoint, entry, frame);
		return;
	}
}

static void
take_message(void *owner, const uint8_t *data, size_t len)
{
	struct endpoint *endpoint = owner;
	struct proto_frame frame;
	int rc = proto_frame_next(&frame, &data, &len);

	while (rc == 1) {
		take_frame(endpoint, &frame);
		rc = proto_frame_next(&frame, &data, &len);
	}
	if (rc != 0)
		drop_reply(endpoint->bus, endpoint, "not a frame");
}

static void
refuse_message(void *owner, const char *why)
{
	const struct endpoint *endpoint = owner;

	drop_reply(endpoint->bus, endpoint, why);
}

/* -------- requests -------- */

static void
on_pong(void *owner, const struct bus_answer *answer)
{
	/* That the answer came has been noted; there is nothing in it. */
	(void)owner;
	(void)answer;
}

static void
ping(struct endpoint *endpoint, int64_t now_ns)
{
	static const struct empty nothing = { 0 };
	struct bus_request request = {
		.endpoint = endpoint->index,
		.message = MSG_PING,
		.body = &nothing,
		.now_ns = now_ns,
		.deadline_ns = now_ns + BUS_PROBE_NS,
		.probe = true,
		.done = on_pong,
		.owner = endpoint->bus,
	};
	uint64_t correlation;

	(void)bus_send(endpoint->bus, &request, &correlation);
}

/*
 * There is no connection, or another one: nothing that was asked over it will
 * be answered, so that waiting for the deadlines would be in vain. What has
 * not been sent is certainly not done; of the rest nobody knows.
 */
static void
lose(struct endpoint *endpoint)
{
	struct bus *bus = endpoint->bus;
	struct pending_entry *entry = pending_first(bus->pending);
	struct pending_entry *next = NULL;

	liveness_lost(&endpoint->liveness);
	for (; entry != NULL; entry = next) {
		next = pending_next(entry);
		if (entry->endpoint != endpoint->index)
			continue;
		finish_error(bus, entry,
		    entry->batch == endpoint->batch ? PROTO_ERROR_UNAVAILABLE
						    : PROTO_ERROR_LOST);
	}
	if (endpoint->out.len > 0)
		sodium_memzero(endpoint->out.data, endpoint->out.len);
	endpoint->out.len = 0;
	endpoint->collected = 0;
	endpoint->batch++;
}

static void on_flush(void *arg, u_int64_t now);

/* Has everything sent at the end of this turn of the event loop. */
static void
flush_soon(struct bus *bus)
{
	if (bus->flush_due)
		return;
	bus->flush_due = true;
	kore_timer_add(on_flush, 0, bus, KORE_TIMER_ONESHOT);
}

/* Asks at once whether the service is there, not when the next ping is due. */
static void
line_ready(void *owner)
{
	struct endpoint *endpoint = owner;

	endpoint->ping_due = true;
	flush_soon(endpoint->bus);
}

/* Sends what has been collected and nothing else: no call is answered here.
 * On failure it stays collected, for flush() to deal with. */
static int
send_collected(struct endpoint *endpoint)
{
	if (bus_line_send(
		&endpoint->line, endpoint->out.data, endpoint->out.len) != 0)
		return -1;
	/* Passwords and tokens pass through here. */
	sodium_memzero(endpoint->out.data, endpoint->out.len);
	endpoint->out.len = 0;
	endpoint->collected = 0;
	endpoint->batch++;
	return 0;
}

/* Sends what has been collected and takes in what has arrived. */
static void
flush(struct endpoint *endpoint)
{
	int rc = 0;

	if (endpoint->collected > 0) {
		/* At the start, connections need a moment to come about. */
		if (!endpoint->bus->settled &&
		    endpoint->out.len < BATCH_BYTES &&
		    !bus_line_drain(&endpoint->line))
			return;
		rc = send_collected(endpoint);
	}
	/* What had arrived before the connection went still counts. */
	(void)bus_line_drain(&endpoint->line);
	if (rc != 0)
		lose(endpoint);
}

static void
on_flush(void *arg, u_int64_t now)
{
	struct bus *bus = arg;

	(void)now;
	for (size_t i = 0; i < bus->count; i++) {
		if (!bus->endpoints[i].ping_due)
			continue;
		bus->endpoints[i].ping_due = false;
		ping(&bus->endpoints[i], clock_boot_ns());
	}
	bus->flush_due = false;
	for (size_t i = 0; i < bus->count; i++)
		flush(&bus->endpoints[i]);
}

static enum proto_error
check_endpoint(struct endpoint *endpoint, int64_t now_ns)
{
	if (liveness_check(&endpoint->liveness, now_ns) == LIVENESS_DOWN)
		return PROTO_ERROR_UNAVAILABLE;
	if (endpoint->in_flight >= endpoint->bus->config->max_in_flight)
		return PROTO_ERROR_BUSY;
	return PROTO_OK;
}

static uint32_t
time_left_ms(const struct bus_request *request)
{
	int64_t left = (request->deadline_ns - request->now_ns) / NS_PER_MS;

	if (left < 1)
		return 1;
	return left > UINT32_MAX ? UINT32_MAX : (uint32_t)left;
}

enum proto_error
bus_send(
    struct bus *bus, const struct bus_request *request, uint64_t *correlation)
{
	struct endpoint *endpoint = &bus->endpoints[request->endpoint];
	const struct proto_message_info *info = proto_message_find(
	    request->message);
	struct proto_header header = {
		.kind = PROTO_FRAME_REQUEST,
		.message = request->message,
		.deadline_ms = time_left_ms(request),
		.trace = request->trace,
	};
	struct pending_entry *entry;
	enum proto_error error;

	if (bus->settled &&
	    (endpoint->out.len >= BATCH_BYTES ||
		endpoint->collected >= BATCH_REQUESTS))
		(void)send_collected(endpoint);
	error = check_endpoint(endpoint, request->now_ns);
	if (error != PROTO_OK && !request->probe)
		return error;
	entry = pending_add(bus->pending, request->deadline_ns);
	if (entry == NULL)
		return PROTO_ERROR_BUSY;
	header.correlation = entry->correlation;
	if (proto_frame_append(
		&endpoint->out, &header, info->request, request->body) != 0) {
		pending_remove(bus->pending, entry);
		return PROTO_ERROR_INTERNAL;
	}
	entry->endpoint = endpoint->index;
	entry->message = request->message;
	entry->batch = endpoint->batch;
	entry->done = request->done;
	entry->owner = request->owner;
	endpoint->collected++;
	endpoint->in_flight++;
	metrics_in_flight(bus->counters, endpoint->index, 1);
	if (request->probe)
		liveness_asked(&endpoint->liveness, request->now_ns);
	*correlation = entry->correlation;
	flush_soon(bus);
	return PROTO_OK;
}

void
bus_forget(struct bus *bus, uint64_t correlation)
{
	struct pending_entry *entry = pending_find(bus->pending, correlation);

	/* The slot stays taken: the service has the request all the same. */
	if (entry != NULL)
		entry->owner = NULL;
}

/* -------- the clock's part -------- */

static void
log_changes(struct bus *bus, int64_t now_ns)
{
	struct endpoint *endpoint;
	enum liveness_state state;

	for (size_t i = 0; i < bus->count; i++) {
		endpoint = &bus->endpoints[i];
		state = liveness_check(&endpoint->liveness, now_ns);
		if (state == endpoint->logged)
			continue;
		endpoint->logged = state;
		if (state == LIVENESS_UP)
			log_info(NULL, "%s is up", endpoint->name);
		else
			log_warning(NULL, "%s is down", endpoint->name);
	}
}

/* Asks every service but auth-svc, which is asked for key changes instead. */
static void
ping_all(struct bus *bus, int64_t now_ns)
{
	for (size_t i = 0; i < bus->count; i++) {
		if (i != bus_auth(bus))
			ping(&bus->endpoints[i], now_ns);
	}
}

bool
bus_tick(struct bus *bus, int64_t now_ns)
{
	struct endpoint *endpoint;
	struct pending_entry *entry;

	for (size_t i = 0; i < bus->count; i++) {
		endpoint = &bus->endpoints[i];
		if (!bus_line_drain(&endpoint->line) && endpoint->in_flight > 0)
			lose(endpoint);
		bus_line_mend(&endpoint->line);
	}
	while ((entry = pending_due(bus->pending, now_ns)) != NULL) {
		if (entry->owner != NULL && entry->owner != bus)
			metrics_add(bus->counters, METRICS_DEADLINES, 1);
		finish_error(bus, entry, PROTO_ERROR_DEADLINE);
	}
	bus->settled = true;
	bus->ticks++;
	if (bus->ticks < PING_TICKS)
		return true;
	bus->ticks = 0;
	ping_all(bus, now_ns);
	log_changes(bus, now_ns);
	return bus_echo_check(&bus->echo);
}

/* -------- endpoints -------- */

size_t
bus_endpoints(const struct bus *bus)
{
	return bus->count;
}

size_t
bus_shards(const struct bus *bus)
{
	return bus->shards;
}

size_t
bus_auth(const struct bus *bus)
{
	return bus->shards;
}

size_t
bus_analytics(const struct bus *bus)
{
	return bus->shards + 1;
}

const char *
bus_name(const struct bus *bus, size_t endpoint)
{
	return bus->endpoints[endpoint].name;
}

enum liveness_state
bus_state(struct bus *bus, size_t endpoint, int64_t now_ns)
{
	return liveness_check(&bus->endpoints[endpoint].liveness, now_ns);
}

size_t
bus_next_shard(struct bus *bus, int64_t now_ns)
{
	size_t shard = bus->next_shard;

	for (size_t i = 0; i < bus->shards; i++) {
		shard = bus->next_shard;
		bus->next_shard = (bus->next_shard + 1) % bus->shards;
		if (bus_state(bus, shard, now_ns) != LIVENESS_DOWN)
			return shard;
	}
	return shard;
}

bool
bus_shard_lives(struct bus *bus, int64_t now_ns)
{
	for (size_t i = 0; i < bus->shards; i++) {
		if (bus_state(bus, i, now_ns) != LIVENESS_DOWN)
			return true;
	}
	return false;
}

/* -------- opening and closing -------- */

static int
open_endpoint(struct bus *bus, const struct bus_keys *keys, size_t index,
    const char *address)
{
	struct endpoint *endpoint = &bus->endpoints[index];
	const bool curve = keys->used && endpoint_is_tcp(address);
	struct curve_link link = { .own = keys->own };
	int result;

	memcpy(link.server_key, keys->servers[index], CURVE_KEY_BYTES);
	endpoint->bus = bus;
	endpoint->index = index;
	endpoint->line.take = take_message;
	endpoint->line.refuse = refuse_message;
	endpoint->line.ready = line_ready;
	endpoint->line.owner = endpoint;
	/* Every request in flight may be a message of its own. */
	result = bus_line_open(&endpoint->line, bus->context, address,
	    (int)bus->config->max_in_flight + PROBE_SLOTS,
	    curve ? &link : NULL);
	curve_wipe_link(&link);
	return result;
}

static int
open_endpoints(struct bus *bus, const struct bus_keys *keys)
{
	const struct config *config = bus->config;
	char address[CONFIG_ENDPOINT_MAX + 1];

	for (size_t i = 0; i < bus->shards; i++) {
		snprintf(
		    bus->endpoints[i].name, ENDPOINT_NAME, "challenge-%zu", i);
		config_challenge_endpoint(config, (int64_t)i, address);
		if (open_endpoint(bus, keys, i, address) != 0)
			return -1;
	}
	snprintf(bus->endpoints[bus_auth(bus)].name, ENDPOINT_NAME, "auth");
	snprintf(bus->endpoints[bus_analytics(bus)].name, ENDPOINT_NAME,
	    "analytics");
	if (open_endpoint(bus, keys, bus_auth(bus), config->auth_endpoint) != 0)
		return -1;
	return open_endpoint(
	    bus, keys, bus_analytics(bus), config->analytics_endpoint);
}

static size_t
largest_reply(void)
{
	size_t size = 1;

	for (size_t i = 0; i < proto_messages_count; i++) {
		if (proto_messages[i].reply->size > size)
			size = proto_messages[i].reply->size;
	}
	return size;
}

static size_t
count_slots(const struct bus *bus)
{
	size_t slots = (size_t)bus->config->max_in_flight * bus->count;

	if (slots > SLOTS_MAX)
		slots = SLOTS_MAX;
	return slots + PROBE_SLOTS * bus->count;
}

struct bus *
bus_new(const struct config *config, const struct bus_keys *keys,
    struct metrics_block *counters)
{
	struct bus *bus = calloc(1, sizeof(*bus));

	if (bus == NULL)
		return NULL;
	bus->config = config;
	bus->counters = counters;
	bus->shards = (size_t)config->challenge_shards;
	bus->count = bus->shards + 2;
	bus->endpoints = calloc(bus->count, sizeof(*bus->endpoints));
	bus->pending = pending_new(count_slots(bus));
	bus->reply = calloc(1, largest_reply());
	bus->context = bus_context_new();
	if (bus->endpoints == NULL || bus->pending == NULL ||
	    bus->reply == NULL || bus->context == NULL ||
	    open_endpoints(bus, keys) != 0 ||
	    bus_echo_open(&bus->echo, bus->context) != 0) {
		log_error(NULL, "cannot open the bus");
		bus_free(&bus);
	}
	return bus;
}

void
bus_free(struct bus **bus)
{
	struct bus *self = *bus;

	if (self == NULL)
		return;
	for (size_t i = 0; self->endpoints != NULL && i < self->count; i++) {
		bus_line_close(&self->endpoints[i].line);
		proto_buf_free(&self->endpoints[i].out);
	}
	bus_echo_close(&self->echo);
	bus_context_close(&self->context);
	pending_free(&self->pending);
	free(self->endpoints);
	free(self->reply);
	free(self);
	*bus = NULL;
}
