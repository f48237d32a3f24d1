/*
 * Running a batch: begin -> run each item -> flush the outbox -> commit ->
 * send; and when that cannot be committed as a whole: roll back, then the same
 * for each item alone.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/batch.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/usage.h"

/*
 * A transaction ends early after so much time or so many bytes of replies, so
 * that one costly request does not hold up all that wait behind it, and memory
 * stays bounded; the rest of the batch goes on in the next one.
 */
#define PORTION_MS 20

/*
 * In structs, which are hardly smaller than their encoding (an integer of a
 * list takes 9 bytes for 8): with one frame more it fits a message.
 */
#define PORTION_BYTES (PROTO_BATCH_MAX / 2)
_Static_assert(PORTION_BYTES / 8 * 9 + PROTO_FRAME_MAX < PROTO_BATCH_MAX,
    "the replies of a portion fit one message");

#define KEPT_BYTES ((size_t)64 * 1024) /* of a peer's buffer, when unused */

#define FAILURE_BYTES ((size_t)512) /* a frame of a failure has less */
_Static_assert(sizeof(struct failure) + 64 < FAILURE_BYTES,
    "a failure has room in what is reserved for it");

#define NS_PER_MS      INT64_C(1000000)
#define NS_PER_US      1000
#define LINE_MAX_BYTES 1024 /* of a request in a debug line */

int64_t
service_now_ms(void)
{
	return clock_boot_ns() / NS_PER_MS;
}

bool
service_is_late(const struct proto_header *header, int64_t received_ms)
{
	return header->deadline_ms != 0 &&
	    service_now_ms() - received_ms > (int64_t)header->deadline_ms;
}

/* -------- answering -------- */

int
batch_reserve(struct service *service)
{
	size_t i;

	for (i = 0; i < BATCH_PEERS; i++)
		if (proto_buf_reserve(&service->peers[i].out, FAILURE_BYTES) !=
		    0)
			return -1;
	return 0;
}

struct peer *
batch_peer(struct service *service, const uint8_t *identity, size_t len)
{
	struct peer *peer = NULL;
	size_t i;

	if (len > IDENTITY_MAX)
		return NULL;
	for (i = 0; i < service->peers_count; i++) {
		peer = &service->peers[i];
		if (peer->identity_len == len &&
		    memcmp(peer->identity, identity, len) == 0)
			return peer;
	}
	if (service->peers_count == BATCH_PEERS)
		return NULL;
	peer = &service->peers[service->peers_count++];
	memcpy(peer->identity, identity, len);
	peer->identity_len = len;
	peer->out.len = 0;
	peer->replies = 0;
	return peer;
}

void
batch_add_deferral(struct service *service, struct deferral *deferral)
{
	service->items[service->items_count++] = (struct item){
		.header = deferral->header,
		.info = deferral->info,
		.deferral = deferral,
		.peer = batch_peer(
		    service, deferral->identity, deferral->identity_len),
		.received_ms = deferral->received_ms
	};
}

static void
append_failure(struct service *service, const struct item *item,
    const struct failure *failure)
{
	struct proto_header header = item->header;

	header.kind = PROTO_FRAME_FAILURE;
	header.deadline_ms = 0;
	service->stats.failures++;
	service->portion_bytes += sizeof(*failure);
	item->peer->replies++;
	if (proto_frame_append(
		&item->peer->out, &header, &proto_failure, failure) != 0)
		service->stats.dropped++;
}

static void
append_error(
    struct service *service, const struct item *item, enum proto_error error)
{
	struct failure failure = { .error = error };

	append_failure(service, item, &failure);
}

/* Returns -1, with nothing appended, when the reply cannot be encoded. */
static int
append_reply(
    struct service *service, const struct item *item, const void *reply)
{
	struct proto_header header = item->header;
	const char *wrong = NULL;

	header.kind = PROTO_FRAME_REPLY;
	header.deadline_ms = 0;
	if (proto_frame_append(
		&item->peer->out, &header, item->info->reply, reply) != 0) {
		wrong = proto_check(item->info->reply, reply);
		log_error(&header.trace, "cannot encode the reply to %s: %s",
		    item->info->name, wrong != NULL ? wrong : "no memory");
		return -1;
	}
	item->peer->replies++;
	service->portion_bytes += item->info->reply->size;
	return 0;
}

static void
forget_replies(struct peer *peer)
{
	if (peer->out.size > KEPT_BYTES) {
		proto_buf_free(&peer->out);
		(void)proto_buf_reserve(&peer->out, FAILURE_BYTES);
	} else if (peer->out.len > 0) {
		sodium_memzero(peer->out.data, peer->out.len);
	}
	peer->out.len = 0;
	peer->replies = 0;
}

static void
send_replies(struct service *service, struct peer *peer)
{
	zframe_t *frame = NULL;
	int failed;

	if (peer->out.len == 0)
		return;
	frame = zframe_new(peer->identity, peer->identity_len);
	failed = zframe_send(
	    &frame, service->socket, ZFRAME_MORE | ZFRAME_DONTWAIT);
	if (failed == 0) {
		frame = zframe_new(peer->out.data, peer->out.len);
		failed = zframe_send(&frame, service->socket, ZFRAME_DONTWAIT);
	}
	if (failed != 0) {
		/* The asker has gone, or reads nothing: its loss. */
		zframe_destroy(&frame);
		service->stats.dropped += peer->replies;
	}
	forget_replies(peer);
}

/* -------- running -------- */

static const struct service_route *
find_route(const struct service *service, enum proto_message message)
{
	size_t i;

	for (i = 0; i < service->options->routes_count; i++)
		if (service->options->routes[i].message == message)
			return &service->options->routes[i];
	return NULL;
}

static void
fill_usage(const struct service *service, struct stats *reply)
{
	struct usage usage;
	struct db_usage db;

	usage_read(&usage);
	db_usage(service->options->db, &db);
	reply->resident_bytes = usage.resident_bytes;
	PROTO_SET(reply, stats, resident_bytes);
	reply->open_files = usage.open_files;
	PROTO_SET(reply, stats, open_files);
	reply->db_bytes = db.db_bytes;
	PROTO_SET(reply, stats, db_bytes);
	reply->log_bytes = db.log_bytes;
	PROTO_SET(reply, stats, log_bytes);
	reply->free_bytes = db.free_bytes;
	PROTO_SET(reply, stats, free_bytes);
}

static void
fill_stats(struct service *service, struct stats *reply)
{
	*reply = service->stats;
	snprintf(
	    reply->name, sizeof(reply->name), "%s", service->options->name);
	reply->pid = getpid();
	reply->uptime_ms = service_now_ms() - service->started_ms;
	if (service->pool != NULL)
		reply->pool_queue = (int64_t)pool_load(service->pool);
	if (service->options->outbox != NULL)
		reply->outbox_rows = outbox_rows(service->options->outbox);
	PROTO_SET(reply, stats, commit_sizes);
	reply->commit_sizes_count = PROTO_SIZES_MAX;
	PROTO_SET(reply, stats, commit_us);
	if (service->pool != NULL)
		PROTO_SET(reply, stats, pool_refused);
	if (service->options->outbox != NULL) {
		reply->outbox_age_ms = outbox_age_ms(service->options->outbox);
		PROTO_SET(reply, stats, outbox_age_ms);
	}
	if (service->guard != NULL)
		reply->refused = guard_refused(service->guard);
	PROTO_SET(reply, stats, refused);
	fill_usage(service, reply);
}

/* For whom a request is to go into the line; NULL when it is run now. */
static const struct uuid *
costly_asker(const struct service_call *call)
{
	const struct service_options *options = call->service->options;

	if (options->costly == NULL || call->item->deferral != NULL)
		return NULL;
	return options->costly(call->item->info->id, call->request);
}

static int
run_handler(struct service *service, struct service_call *call)
{
	const struct item *item = call->item;
	const struct service_route *route = NULL;
	const struct uuid *asker = NULL;

	if (item->deferral != NULL && item->deferral->finish != NULL) {
		item->deferral->drop = NULL;
		return item->deferral->finish(call, service->options->ctx,
		    item->deferral->request, service->reply,
		    item->deferral->data);
	}
	if (item->info->id == MSG_PING)
		return PROTO_OK;
	if (item->info->id == MSG_STATS) {
		fill_stats(service, service->reply);
		return PROTO_OK;
	}
	if (item->info->id == MSG_BACKUP_PREPARE) {
		backup_prepare(
		    service->backup, service_now_ms(), service->reply);
		return PROTO_OK;
	}
	if (item->info->id == MSG_BACKUP) {
		service_wake_backup(service);
		return backup_ask(
		    service->backup, service->request, service->reply);
	}
	route = find_route(service, item->info->id);
	if (route == NULL)
		return service_fail(call, PROTO_ERROR_BAD_MESSAGE, NULL,
		    "this service does not handle %s", item->info->name);
	asker = costly_asker(call);
	if (asker != NULL)
		return line_join(call, asker);
	return route->handle(
	    call, service->options->ctx, call->request, service->reply);
}

/* Secrets are marked in the message's table and do not show. */
static void
log_request(const struct item *item, const void *request)
{
	char line[LINE_MAX_BYTES];

	proto_format(item->info->request, request, line, sizeof(line));
	log_debug(&item->header.trace, "%s %s", item->info->name, line);
}

/* Why an item is not handed to its handler, or PROTO_OK. */
static enum proto_error
refusal_of(const struct service *service, const struct item *item)
{
	if (item->info == NULL ||
	    (item->info->service != PROTO_SERVICE_ANY &&
		item->info->service != service->options->service))
		return PROTO_ERROR_BAD_MESSAGE;
	if (service->draining && item->deferral == NULL)
		return PROTO_ERROR_UNAVAILABLE;
	/* Its asker has given up: work for nobody delays everybody. */
	if (service_is_late(&item->header, item->received_ms))
		return PROTO_ERROR_DEADLINE;
	return PROTO_OK;
}

/* Decodes the request into the scratch, or takes the one that was kept. */
static int
read_request(struct service_call *call)
{
	const struct item *item = call->item;
	const char *wrong = NULL;

	if (item->deferral != NULL) {
		call->request = item->deferral->request;
		return PROTO_OK;
	}
	call->request = call->service->request;
	wrong = proto_decode(item->info->request, call->service->request,
	    item->body, item->body_len);
	if (wrong == NULL)
		return PROTO_OK;
	log_warning(&item->header.trace, "%s cannot be read: %s",
	    item->info->name, wrong);
	return service_fail(call, PROTO_ERROR_BAD_MESSAGE, NULL, "%s: %s",
	    item->info->name, wrong);
}

/*
 * Runs one item and appends its answer. Returns 0, or -1 when it failed after
 * it had written: the transaction must not be committed.
 */
static int
run_item(struct service *service, const struct item *item)
{
	struct service_call call = { .service = service, .item = item };
	const int64_t before = db_total_changes(service->options->db);
	const enum proto_error refusal = refusal_of(service, item);
	int result;

	if (refusal != PROTO_OK) {
		append_error(service, item, refusal);
		return 0;
	}
	result = read_request(&call);
	if (result == PROTO_OK) {
		if (log_enabled(LOG_LEVEL_DEBUG))
			log_request(item, call.request);
		result = run_handler(service, &call);
		if (result == PROTO_OK &&
		    append_reply(service, item, service->reply) != 0)
			result = PROTO_ERROR_INTERNAL;
		/* Also for the next one, which finds it zeroed. */
		proto_wipe(item->info->reply, service->reply);
		if (item->deferral == NULL)
			proto_wipe(item->info->request, service->request);
	}
	if (result == PROTO_OK || result == SERVICE_DEFERRED)
		return 0;
	if (call.failure.error == 0)
		call.failure.error = result;
	append_failure(service, item, &call.failure);
	return db_total_changes(service->options->db) == before ? 0 : -1;
}

static void
cancel_pending(struct service *service)
{
	while (service->pending_count > 0)
		deferral_free(service->pending[--service->pending_count]);
}

static void
write_audits(struct service *service)
{
	size_t i;

	for (i = 0; i < service->audits_count; i++)
		log_info(
		    &service->audits[i].trace, "%s", service->audits[i].text);
	service->audits_count = 0;
}

void
batch_roll_back(struct service *service)
{
	service->audits_count = 0;
	db_rollback(service->options->db);
	if (service->options->outbox != NULL)
		outbox_rolled_back(service->options->outbox);
	cancel_pending(service);
}

static void
count_commit(struct service *service, size_t requests, int64_t elapsed_ns)
{
	struct stats *stats = &service->stats;
	size_t bucket = 0, bound = 0;

	while (requests > bound && bucket < PROTO_SIZES_MAX - 1) {
		bound = bound == 0 ? 1 : 2 * bound;
		bucket++;
	}
	stats->commit_sizes[bucket]++;
	stats->commits++;
	stats->committed += (int64_t)requests;
	stats->commit_us += elapsed_ns / NS_PER_US;
	stats->writable = true;
}

/* Commits what has been run; rolls it back when that cannot be done. */
enum db_status
batch_commit(struct service *service, int64_t changes_before, size_t requests)
{
	const struct service_options *options = service->options;
	const bool writes = db_total_changes(options->db) != changes_before;
	enum db_status status = DB_OK;
	int64_t began_ns;

	if (options->outbox != NULL)
		status = outbox_flush(options->outbox, writes);
	began_ns = writes ? clock_boot_ns() : 0;
	if (status == DB_OK && !db_is_broken(options->db)) {
		status = db_commit(options->db);
		service->in_doubt = status == DB_FATAL;
	} else if (status == DB_OK) {
		status = DB_FATAL;
	}
	if (status != DB_OK) {
		batch_roll_back(service);
		service->stats.writable = status != DB_FULL;
		return status;
	}
	if (options->outbox != NULL)
		outbox_committed(options->outbox);
	write_audits(service);
	if (writes)
		count_commit(service, requests, clock_boot_ns() - began_ns);
	return DB_OK;
}

/*
 * Items from `first` on in one transaction, as many as a portion takes; *end
 * is the one after the last that was run. Returns 0, or -1 with nothing done.
 */
static int
run_together(struct service *service, size_t first, size_t *end)
{
	const int64_t before = db_total_changes(service->options->db);
	const int64_t until_ms = service_now_ms() + PORTION_MS;
	size_t i = first;

	service->portion_bytes = 0;
	*end = service->items_count;
	if (db_begin(service->options->db) != DB_OK)
		return -1;
	do {
		*end = i + 1;
		if (run_item(service, &service->items[i]) != 0) {
			batch_roll_back(service);
			return -1;
		}
		i++;
	} while (i < service->items_count &&
	    service->portion_bytes < PORTION_BYTES &&
	    service_now_ms() < until_ms);
	return batch_commit(service, before, *end - first) == DB_OK ? 0 : -1;
}

/* What an item is answered whose transaction could not be begun or committed.
 */
static enum proto_error
error_of(const struct service *service, enum db_status status)
{
	if (service->in_doubt)
		return PROTO_ERROR_LOST;
	return status == DB_FULL || status == DB_FATAL ? PROTO_ERROR_UNAVAILABLE
						       : PROTO_ERROR_INTERNAL;
}

/* One item in a transaction of its own; it is answered in any case. */
static void
run_alone(struct service *service, const struct item *item)
{
	const int64_t before = db_total_changes(service->options->db);
	const size_t mark = item->peer->out.len;
	enum db_status status;

	status = db_begin(service->options->db);
	if (status == DB_OK) {
		if (run_item(service, item) != 0) {
			batch_roll_back(service);
			return;
		}
		status = batch_commit(service, before, 1);
	}
	if (status != DB_OK) {
		sodium_memzero(
		    item->peer->out.data + mark, item->peer->out.len - mark);
		item->peer->out.len = mark;
		append_error(service, item, error_of(service, status));
	}
}

static void
submit_pending(struct service *service)
{
	size_t i;

	for (i = 0; i < service->pending_count; i++) {
		struct deferral *deferral = service->pending[i];

		if (deferral->finish == NULL)
			line_add(service, deferral);
		else
			pool_submit(service->pool, &deferral->job);
	}
	service->pending_count = 0;
}

static void
run_portion(struct service *service, size_t first, size_t *end)
{
	size_t i;

	service->in_doubt = false;
	if (run_together(service, first, end) == 0) {
		submit_pending(service);
	} else {
		for (i = 0; i < service->peers_count; i++)
			forget_replies(&service->peers[i]);
		for (i = first; i < *end; i++) {
			run_alone(service, &service->items[i]);
			submit_pending(service);
		}
	}
	service->stats.requests += (int64_t)(*end - first);
	for (i = 0; i < service->peers_count; i++)
		send_replies(service, &service->peers[i]);
}

static void
end_batch(struct service *service)
{
	size_t i;

	for (i = 0; i < service->items_count; i++)
		deferral_free(service->items[i].deferral);
	for (i = 0; i < service->messages_count; i++) {
		sodium_memzero(zframe_data(service->messages[i]),
		    zframe_size(service->messages[i]));
		zframe_destroy(&service->messages[i]);
	}
	service->items_count = 0;
	service->peers_count = 0;
	service->messages_count = 0;
}

int
batch_check_database(struct service *service)
{
	if (!db_is_broken(service->options->db))
		return 0;
	log_error(NULL, "the database is broken: giving up");
	service->failed = true;
	return -1;
}

int
batch_run(struct service *service)
{
	size_t first = 0, end;

	while (first < service->items_count) {
		run_portion(service, first, &end);
		first = end;
		if (first < service->items_count)
			service_breathe(service);
	}
	end_batch(service);
	return batch_check_database(service);
}
