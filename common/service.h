/*
 * The loop that every service runs: one ROUTER socket, one thread that owns
 * the database, a small pool for what takes longer than a millisecond.
 *
 * What waits in the socket is handled as one batch: each request's handler
 * runs inside one transaction, the batch is committed once, and only then are
 * the replies sent. When a handler answers an error after it has written, or
 * the commit fails, the whole batch is rolled back and its requests are run
 * again one by one, each in a transaction of its own; a handler therefore
 * keeps no state outside the database. When it is the commit that breaks the
 * database, nobody knows what became of the batch: its requests are answered
 * with LOST, those that come after it with UNAVAILABLE, and the process ends.
 */
#ifndef COMMON_SERVICE_H
#define COMMON_SERVICE_H

#include "common/config.h"
#include "common/db.h"
#include "common/outbox.h"
#include "proto/proto.h"

struct service_call;

#define SERVICE_DEFERRED (-1)
#define SERVICE_MORE	 (-2) /* of a tick: done for now, but not for long */

/*
 * Handles one request: fills the (zeroed) reply and returns PROTO_OK, or
 * returns an enum proto_error (best by service_fail), or SERVICE_DEFERRED
 * after service_defer. request and reply are the records of the message.
 */
typedef int (*service_handler)(
    struct service_call *call, void *ctx, const void *request, void *reply);

/* The second half of a deferred request; job is what the pool worked on. */
typedef int (*service_finish)(struct service_call *call, void *ctx,
    const void *request, void *reply, void *job);

/*
 * In its place when it will never run: the asker has given up meanwhile, what
 * deferred it was rolled back, or the service ends. Not for the database.
 */
typedef void (*service_drop)(void *ctx, const void *request, const void *job);

struct service_route {
	enum proto_message message;
	service_handler handle;
};

struct service_options {
	const char *name;	    /* in log lines and stats: "auth-svc" */
	enum proto_service service; /* whose messages are taken */
	const char *endpoint;	    /* to bind: ipc:// or tcp:// */
	const struct service_route *routes;
	size_t routes_count;
	/*
	 * Tells of a request that takes milliseconds of the loop for whom it
	 * is, and NULL of every other. It waits in a line of its own, for the
	 * time that all others leave; of the line, 20 ms are run at a time, so
	 * that a ping does not wait for it. The line has 64 places, one asker
	 * gets 8 of them (a zero id for nobody in particular as many as there
	 * are); the next one is answered BUSY. NULL when nothing is costly.
	 */
	const struct uuid *(*costly)(
	    enum proto_message message, const void *request);
	void *ctx; /* handed to handlers and tick */
	struct db *db;
	struct outbox *outbox;	/* NULL when it has no events to tell */
	const char *analytics;	/* endpoint that the outbox ships to */
	const char *curve_dir;	/* keys for tcp:// endpoints, "" for none */
	const char *curve_name; /* of this process's pair there, see curve.h */
	unsigned pool_threads;	/* 0 for no pool */
	unsigned pool_queue;	/* jobs that may wait */
	/*
	 * House-keeping, every tick_ms, in a transaction of its own; returns
	 * PROTO_OK to commit, SERVICE_MORE to commit and be called again as
	 * soon as the requests that wait have had their turn, an error to roll
	 * back. It should hold the loop for a millisecond or so. After a
	 * signal it has a last turn. NULL for none.
	 */
	int (*tick)(void *ctx);
	unsigned tick_ms;
};

/*
 * Serves until SIGTERM or SIGINT; then ends what was begun (ten seconds at
 * most), answers it, and tells newcomers that it is not available. Returns the
 * process's exit status: 0 after a signal, 1 when the endpoint cannot be bound
 * or the database is broken (both are logged).
 */
int service_run(const struct service_options *options);

/* The id of the request, for log lines. */
const struct uuid *service_trace(const struct service_call *call);

/* Milliseconds since the request was received: for a handler to which the
 * moment of receipt matters and not that of its turn. */
int64_t service_waited_ms(const struct service_call *call);

/*
 * Answers a request with an error. field (or NULL) names what was wrong,
 * format (or NULL) says it for a person; neither may carry a secret. Returns
 * the error, to be returned by the handler.
 */
int service_fail(struct service_call *call, enum proto_error error,
    const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Tells with the error of service_fail in how many seconds (1 to 86400) it
 * makes sense to ask again. */
void service_retry_after(struct service_call *call, int64_t seconds);

/* The error that a failed store call is answered with (UNAVAILABLE when the
 * disk is full or broken, INTERNAL otherwise); the store has logged the rest.
 */
int service_store_error(struct service_call *call, enum db_status status);

/*
 * Notes a change for the audit trail: an info line with the request's id,
 * written once the change is committed and not at all when it is rolled back.
 * At most two a request; a line is cut at 255 bytes. It may not carry a secret.
 */
void service_audit(struct service_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Says for whom the pool will work: service_defer gives one asker half of its
 * places (running and waiting) at most, so that nobody can fill it alone.
 */
void service_set_asker(struct service_call *call, const struct uuid *asker);

/*
 * Hands work(job) to the pool: it runs on another thread and must touch
 * nothing but its job. Then finish runs on the loop, inside a later batch's
 * transaction, with the same request. The request stays alive until then.
 * job is size bytes, copied from the given ones; the copy is wiped and freed
 * after finish. A job that its thread comes to after the asker's deadline is
 * left out. drop may be NULL. Returns SERVICE_DEFERRED, or PROTO_ERROR_BUSY
 * (already answered by service_fail) when the queue is full, or the asker's
 * share, or when the jobs before it take longer than the asker waits.
 */
int service_defer(struct service_call *call, const void *job, size_t size,
    void (*work)(void *job), service_finish finish, service_drop drop);

#endif
