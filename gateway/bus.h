/*
 * The gateway's way to the services: one DEALER socket an endpoint, many
 * requests in flight on each, answers matched by correlation id.
 *
 * What is sent in one turn of the event loop to one endpoint leaves as a few
 * ZeroMQ messages of many requests each. Every request that bus_send took gets
 * its `done` called exactly once, later, from the event loop: with the reply,
 * the service's failure, or an error of the bus itself: UNAVAILABLE when it was
 * never sent, DEADLINE when its time has passed, LOST when the connection was
 * lost that it was sent over (of both, nobody knows whether they were done),
 * BAD_MESSAGE for a malformed reply. `done` must not call bus_send.
 */
#ifndef GATEWAY_BUS_H
#define GATEWAY_BUS_H

#include "common/config.h"
#include "common/curve.h"
#include "gateway/liveness.h"
#include "gateway/metrics.h"
#include "proto/proto.h"

struct bus;

struct bus_answer {
	enum proto_error error;	       /* PROTO_OK: reply is filled */
	const void *reply;	       /* the message's reply record */
	const struct failure *failure; /* what a service said, or NULL */
};

/* How long the answer to a probe is waited for. */
#define BUS_PROBE_NS INT64_C(2000000000)

/* owner is the request's. The records live until the call returns. */
typedef void bus_done(void *owner, const struct bus_answer *answer);

struct bus_request {
	size_t endpoint;
	enum proto_message message;
	const void *body; /* the message's request record; not kept */
	struct uuid trace;
	int64_t now_ns;
	int64_t deadline_ns;
	/*
	 * A question that finds out whether the service lives: it is sent even
	 * when the service counts as down or full.
	 */
	bool probe;
	bus_done *done;
	void *owner; /* not NULL */
};

/* The keys for services on tcp:// endpoints, in the order of endpoints below.
 */
struct bus_keys {
	bool used;
	struct curve_pair own;
	uint8_t servers[CONFIG_SHARDS_MAX + 2][CURVE_KEY_BYTES];
};

/*
 * Reads the keys that the settings ask for: before the sandbox. Returns 0; -1
 * with a sentence in error.
 */
int bus_keys_load(struct bus_keys *keys, const struct config *config,
    char *error, size_t error_size);

/*
 * Makes the ZeroMQ context (so call it after the fork), opens the sockets and
 * joins Kore's event loop. config must outlive it; keys are copied by ZeroMQ,
 * which connects anew by them, and can be wiped then. NULL when that fails,
 * which is logged.
 */
struct bus *bus_new(const struct config *config, const struct bus_keys *keys,
    struct metrics_block *counters);
void bus_free(struct bus **bus);

/*
 * Takes a request. Returns PROTO_OK with its correlation id, or why not (then
 * `done` is never called): UNAVAILABLE when the service is down, BUSY at its
 * in-flight cap, INTERNAL when the record cannot be encoded.
 */
enum proto_error bus_send(
    struct bus *bus, const struct bus_request *request, uint64_t *correlation);

/* Nobody waits for this answer any more: `done` will not be called. */
void bus_forget(struct bus *bus, uint64_t correlation);

/*
 * To be called every BUS_TICK_MS: ends what is past its deadline, pings, and
 * polls the sockets in case an event was missed. Returns false when ZeroMQ's
 * own thread is dead and the process can only leave.
 */
#define BUS_TICK_MS 50
bool bus_tick(struct bus *bus, int64_t now_ns);

/* -------- endpoints: challenge shards 0..n-1, then auth, then analytics ----
 */

size_t bus_endpoints(const struct bus *bus);
size_t bus_shards(const struct bus *bus);
size_t bus_auth(const struct bus *bus);
size_t bus_analytics(const struct bus *bus);

/* "challenge-0", "auth", "analytics". */
const char *bus_name(const struct bus *bus, size_t endpoint);
enum liveness_state bus_state(struct bus *bus, size_t endpoint, int64_t now_ns);

/*
 * The next challenge shard that is not down, in turn; the next one at all when
 * every one is.
 */
size_t bus_next_shard(struct bus *bus, int64_t now_ns);

/* Whether there is a shard that is not down. */
bool bus_shard_lives(struct bus *bus, int64_t now_ns);

#endif
