/*
 * The service loop: sockets, timers, the pool, and the collecting of batches.
 * A batch is what waits in the socket (and what the pool has finished) when
 * the loop wakes; batch.c runs it.
 */
#include <czmq.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "common/batch.h"
#include "common/endpoint.h"
#include "common/log.h"

/* As measured by tests/bench/run, 64 connections on two cores: more waiting
 * makes the whole go in step, less makes commits of few. */
#define GATHER_NS      INT64_C(30000) /* the kernel makes some 80 us of it */
#define GATHER_MOMENTS 2
#define GATHER_UP_TO   24 /* requests that are not few */
#define GATHER_FROM    4  /* requests of the last batch: there is load */

#define DRAIN_MS	10000 /* for what the pool has begun */
#define DRAIN_PERIOD_MS 10
#define AGAIN_MS	1    /* until a tick or a backup that has more to do */
#define SIGNAL_MS	250  /* until a signal is seen, at the most */
#define LINGER_MS	1000 /* for replies that are on their way out */

/* -------- collecting -------- */

static void
add_item(struct service *service, const struct proto_frame *frame,
    struct peer *peer, int64_t received_ms)
{
	if (frame->header.kind != PROTO_FRAME_REQUEST) {
		service->stats.dropped++;
		return;
	}
	service->items[service->items_count++] = (struct item){
		.header = frame->header,
		.info = proto_message_find(frame->header.message),
		.body = frame->body,
		.body_len = frame->body_len,
		.peer = peer,
		.received_ms = received_ms
	};
}

/* The frames of one message; those past a full batch run in a batch of their
 * own, so that a message is always taken whole. */
static int
add_message(struct service *service, zframe_t *identity, zframe_t *message)
{
	const int64_t received_ms = service_now_ms();
	const uint8_t *data = zframe_data(message);
	size_t len = zframe_size(message);
	struct proto_frame frame;
	struct peer *peer = NULL;
	int more;

	service->messages[service->messages_count++] = message;
	peer = batch_peer(
	    service, zframe_data(identity), zframe_size(identity));
	if (peer == NULL) {
		service->stats.dropped++;
		return 0;
	}
	while ((more = proto_frame_next(&frame, &data, &len)) == 1) {
		if (service->items_count == BATCH_ITEMS) {
			/* Keep this message: its frames are still read. */
			service->messages_count--;
			if (batch_run(service) != 0) {
				zframe_destroy(&message);
				return -1;
			}
			service->messages[service->messages_count++] = message;
			peer = batch_peer(service, zframe_data(identity),
			    zframe_size(identity));
		}
		add_item(service, &frame, peer, received_ms);
	}
	if (more == -1)
		service->stats.dropped++;
	return 0;
}

/* Reads one message (identity, payload). Returns 1, 0 when there is none, -1
 * when the service must end. */
static int
receive(struct service *service)
{
	zframe_t *identity = NULL;
	zframe_t *message = NULL;
	zframe_t *extra = NULL;
	int parts = 2, result = 1;

	if ((zsock_events(service->socket) & ZMQ_POLLIN) == 0)
		return 0;
	identity = zframe_recv(service->socket);
	if (identity == NULL)
		return 0;
	if (zframe_more(identity))
		message = zframe_recv(service->socket);
	extra = message;
	while (extra != NULL && zframe_more(extra)) {
		if (extra != message)
			zframe_destroy(&extra);
		extra = zframe_recv(service->socket);
		parts++;
	}
	if (extra != message)
		zframe_destroy(&extra);
	if (message == NULL || parts != 2) {
		service->stats.dropped++;
		zframe_destroy(&message);
	} else {
		result = add_message(service, identity, message) == 0 ? 1 : -1;
	}
	zframe_destroy(&identity);
	return result;
}

static int
receive_waiting(struct service *service)
{
	int more = 1;

	while (more == 1 && service->items_count < BATCH_ITEMS &&
	    service->messages_count < BATCH_ITEMS &&
	    service->peers_count < BATCH_PEERS)
		more = receive(service);
	return more;
}

/*
 * Under load, a batch that is still small waits a moment for others to share
 * its commit: that costs each of them less than the half of a commit, and the
 * disk and the processor far fewer commits.
 */
static int
gather(struct service *service)
{
	const struct timespec moment = { .tv_nsec = GATHER_NS };
	int moments, more = receive_waiting(service);

	for (moments = 0; more != -1 && moments < GATHER_MOMENTS &&
	     service->last_batch >= GATHER_FROM &&
	     service->items_count < GATHER_UP_TO;
	     moments++) {
		(void)nanosleep(&moment, NULL);
		more = receive_waiting(service);
	}
	service->last_batch = service->items_count;
	return more;
}

static int on_line(zloop_t *loop, int timer, void *arg);

/* At once, but what waits in the socket has its turn in between. */
static void
wake_line(struct service *service)
{
	if (service->line_count > 0 && !service->lining_up)
		service->lining_up = zloop_timer(service->loop, 0, 1, on_line,
					 service) != -1;
}

static int
on_line(zloop_t *loop, int timer, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)timer;
	service->lining_up = false;
	if (line_run(service) != 0)
		return -1;
	wake_line(service);
	return 0;
}

static int
on_request(zloop_t *loop, zsock_t *socket, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)socket;
	if (gather(service) == -1 || batch_run(service) != 0)
		return -1;
	wake_line(service);
	return 0;
}

/* What a job takes: the last eight count most. */
static void
note_duration(struct service *service, int64_t took_us)
{
	if (took_us == 0)
		return;
	if (service->pool_job_us == 0)
		service->pool_job_us = took_us;
	else
		service->pool_job_us += (took_us - service->pool_job_us) / 8;
}

static int
on_finished(zloop_t *loop, zmq_pollitem_t *poll_item, void *arg)
{
	struct service *service = arg;
	struct pool_job *job = pool_take(service->pool);
	struct pool_job *next = NULL;
	struct deferral *deferral = NULL;

	(void)loop;
	(void)poll_item;
	for (; job != NULL; job = next) {
		next = job->next;
		deferral = job->owner;
		note_duration(service, deferral->took_us);
		if (service->items_count == BATCH_ITEMS ||
		    service->peers_count == BATCH_PEERS) {
			if (batch_run(service) != 0) {
				deferral_free(deferral);
				return -1;
			}
		}
		batch_add_deferral(service, deferral);
	}
	return batch_run(service);
}

/* -------- house-keeping -------- */

static int on_tick_again(zloop_t *loop, int timer, void *arg);

/* One call in its transaction. Whether there is more to do. */
static bool
keep_house(struct service *service)
{
	const int64_t before = db_total_changes(service->options->db);
	int result;

	service->ticked_ms = service_now_ms();
	if (db_begin(service->options->db) != DB_OK)
		return false;
	result = service->options->tick(service->options->ctx);
	if (result == PROTO_OK || result == SERVICE_MORE)
		return batch_commit(service, before, 0) == DB_OK &&
		    result == SERVICE_MORE;
	batch_roll_back(service);
	return false;
}

static int
tick(struct service *service)
{
	if (keep_house(service) && !service->tick_again)
		service->tick_again = zloop_timer(service->loop, AGAIN_MS, 1,
					  on_tick_again, service) != -1;
	return batch_check_database(service);
}

static int
on_tick_again(zloop_t *loop, int timer, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)timer;
	service->tick_again = false;
	return tick(service);
}

static int
on_tick(zloop_t *loop, int timer, void *arg)
{
	(void)loop;
	(void)timer;
	return tick(arg);
}

void
service_breathe(struct service *service)
{
	if (service->options->tick != NULL &&
	    service_now_ms() - service->ticked_ms >=
		(int64_t)service->options->tick_ms)
		(void)tick(service);
	if (service->shipper != NULL)
		shipper_receive(service->shipper, service_now_ms());
}

static int
on_ship(zloop_t *loop, int timer, void *arg)
{
	struct service *service = arg;
	struct outbox *outbox = service->options->outbox;
	const int64_t before = db_total_changes(service->options->db);

	(void)loop;
	(void)timer;
	backup_tick(service->backup, service_now_ms());
	shipper_step(service->shipper, service_now_ms());
	/* Requests carry the deletions along; an idle service does it here. */
	if (!outbox_is_tidy(outbox) &&
	    db_begin(service->options->db) == DB_OK) {
		if (outbox_flush(outbox, true) == DB_OK)
			(void)batch_commit(service, before, 0);
		else
			batch_roll_back(service);
	}
	return batch_check_database(service);
}

static int
on_backup(zloop_t *loop, int timer, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)timer;
	service->backing_up = false;
	if (backup_work(service->backup))
		service_wake_backup(service);
	return batch_check_database(service);
}

/* What waits in the socket has its turn between two pieces of work. */
void
service_wake_backup(struct service *service)
{
	if (!service->backing_up)
		service->backing_up = zloop_timer(service->loop, AGAIN_MS, 1,
					  on_backup, service) != -1;
}

static int
on_ack(zloop_t *loop, zsock_t *socket, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)socket;
	shipper_receive(service->shipper, service_now_ms());
	return 0;
}

/*
 * A signal that comes between zloop's look at it and its sleep is seen only
 * when it wakes again; without another timer nobody might wake it.
 */
static int
on_signal_time(zloop_t *loop, int timer, void *arg)
{
	(void)loop;
	(void)timer;
	(void)arg;
	return 0;
}

static int
on_guard(zloop_t *loop, zsock_t *socket, void *arg)
{
	struct service *service = arg;

	(void)loop;
	(void)socket;
	guard_work(service->guard, service_now_ms());
	return 0;
}

/* -------- starting and ending -------- */

/* A second bind would silently steal an ipc path: a lock tells first. */
static int
lock_endpoint(struct service *service)
{
	const char *endpoint = service->options->endpoint;
	char path[CONFIG_ENDPOINT_MAX + 8];

	if (strncmp(endpoint, "ipc://", 6) != 0)
		return 0;
	snprintf(path, sizeof(path), "%s.lock", endpoint + 6);
	service->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (service->lock != -1 && flock(service->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	log_error(NULL, "cannot lock %s: is the service running?", path);
	if (service->lock != -1)
		close(service->lock);
	service->lock = -1; /* the socket beside it is not ours to remove */
	return -1;
}

static int
open_socket(struct service *service)
{
	service->socket = zsock_new(ZMQ_ROUTER);
	if (service->socket == NULL) {
		log_error(NULL, "cannot make a socket");
		return -1;
	}
	zsock_set_linger(service->socket, 0);
	zsock_set_router_mandatory(service->socket, 1);
	zsock_set_sndhwm(service->socket, 10000);
	zsock_set_rcvhwm(service->socket, 10000);
	zsock_set_maxmsgsize(service->socket, (int)PROTO_BATCH_MAX);
	zsock_set_heartbeat_ivl(service->socket, 1000);
	zsock_set_heartbeat_timeout(service->socket, 3000);
	zsock_set_ipv6(
	    service->socket, endpoint_is_ipv6(service->options->endpoint));
	if (service_protect(service) != 0)
		return -1;
	if (zsock_bind(service->socket, "%s", service->options->endpoint) ==
	    -1) {
		log_error(NULL, "cannot bind %s", service->options->endpoint);
		return -1;
	}
	return 0;
}

/* The largest request and reply among the messages, for the scratch space. */
static int
make_scratch(struct service *service)
{
	size_t request = 1, reply = 1, i;

	for (i = 0; i < proto_messages_count; i++) {
		if (proto_messages[i].service != service->options->service &&
		    proto_messages[i].service != PROTO_SERVICE_ANY)
			continue;
		if (proto_messages[i].request->size > request)
			request = proto_messages[i].request->size;
		if (proto_messages[i].reply->size > reply)
			reply = proto_messages[i].reply->size;
	}
	service->request = calloc(1, request);
	service->reply = calloc(1, reply);
	return service->request != NULL && service->reply != NULL ? 0 : -1;
}

static int
start(struct service *service)
{
	const struct service_options *options = service->options;
	zmq_pollitem_t finished = { .events = ZMQ_POLLIN };

	service->backup = backup_new(options->db, options->outbox);
	if (service->backup == NULL || make_scratch(service) != 0 ||
	    batch_reserve(service) != 0 || lock_endpoint(service) != 0 ||
	    open_socket(service) != 0)
		return -1;
	service->loop = zloop_new();
	if (service->loop == NULL ||
	    zloop_reader(service->loop, service->socket, on_request, service) !=
		0)
		return -1;
	zloop_reader_set_tolerant(service->loop, service->socket);
	if (zloop_timer(service->loop, SIGNAL_MS, 0, on_signal_time, NULL) ==
	    -1)
		return -1;
	if (service->guard != NULL &&
	    (zloop_reader(service->loop, guard_questions(service->guard),
		 on_guard, service) != 0 ||
		zloop_reader(service->loop, guard_failures(service->guard),
		    on_guard, service) != 0))
		return -1;
	if (options->pool_threads > 0) {
		service->pool = pool_new(
		    options->pool_threads, options->pool_queue);
		if (service->pool == NULL) {
			log_error(NULL, "cannot start the worker pool");
			return -1;
		}
		finished.fd = pool_descriptor(service->pool);
		if (zloop_poller(
			service->loop, &finished, on_finished, service) != 0)
			return -1;
	}
	if (options->outbox != NULL) {
		if (service_ship(service) != 0 ||
		    zloop_reader(service->loop,
			shipper_socket(service->shipper), on_ack,
			service) != 0 ||
		    zloop_timer(service->loop, SHIPPER_PERIOD_MS, 0, on_ship,
			service) == -1)
			return -1;
	}
	if (options->tick != NULL &&
	    zloop_timer(service->loop, options->tick_ms, 0, on_tick, service) ==
		-1)
		return -1;
	return 0;
}

static bool
has_begun(const struct service *service)
{
	return service->line_count > 0 ||
	    (service->pool != NULL && pool_load(service->pool) > 0);
}

/* Ends the loop once everything that was begun has been answered. */
static int
on_drain(zloop_t *loop, int timer, void *arg)
{
	struct service *service = arg;

	(void)timer;
	if (has_begun(service) && service_now_ms() < service->drain_until_ms)
		return 0;
	/* What ended since the loop last looked. */
	if (service->pool != NULL)
		(void)on_finished(loop, NULL, service);
	return -1;
}

/*
 * A signal has asked for the end. What was begun is brought to its end and
 * answered; whatever still arrives is told that the service is not available,
 * which is safe to try again. A second signal ends this at once.
 */
static void
drain(struct service *service)
{
	log_info(NULL, "ending: no new requests are taken");
	service->draining = true;
	service->drain_until_ms = service_now_ms() + DRAIN_MS;
	zsock_set_linger(service->socket, LINGER_MS);
	zsys_interrupted = 0;
	if (zloop_timer(service->loop, DRAIN_PERIOD_MS, 0, on_drain, service) !=
	    -1)
		(void)zloop_start(service->loop);
	/* What waits in memory for house-keeping is not to be lost. */
	while (service->options->tick != NULL && keep_house(service) &&
	    service_now_ms() < service->drain_until_ms)
		continue;
}

static void
drop_job(struct pool_job *job)
{
	deferral_free(job->owner);
}

static void
stop(struct service *service)
{
	size_t i;

	zloop_destroy(&service->loop);
	shipper_free(&service->shipper);
	backup_free(&service->backup);
	guard_leave(service->guard, service->socket);
	zsock_destroy(&service->socket);
	guard_free(&service->guard); /* until then, it keeps strangers out */
	pool_free(&service->pool, drop_job);
	for (i = 0; i < service->line_count; i++)
		deferral_free(
		    service->line[(service->line_first + i) % LINE_PLACES]);
	for (i = 0; i < BATCH_PEERS; i++)
		proto_buf_free(&service->peers[i].out);
	if (strncmp(service->options->endpoint, "ipc://", 6) == 0 &&
	    service->lock != -1)
		unlink(service->options->endpoint + 6);
	if (service->lock != -1)
		close(service->lock);
	free(service->request);
	free(service->reply);
	free(service);
}

int
service_run(const struct service_options *options)
{
	struct service *service = NULL;
	int status = 1;

	service = calloc(1, sizeof(*service));
	if (service == NULL)
		return 1;
	service->options = options;
	service->lock = -1;
	service->started_ms = service_now_ms();
	service->stats.writable = true;
	if (start(service) == 0) {
		log_info(NULL, "serving on %s", options->endpoint);
		/* Comes back when a signal arrives or a callback gives up. */
		(void)zloop_start(service->loop);
		if (!service->failed)
			drain(service);
		status = service->failed ? 1 : 0;
		log_info(NULL, "stopped");
	}
	stop(service);
	return status;
}
