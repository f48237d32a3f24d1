/*
 * See testing_faults.h.
 */
#include <poll.h>

#include "common/batch.h"
#include "common/testing_faults.h"

#define POOL_MS	    10000 /* for one job */
#define DEADLINE_MS 60000 /* of what is to miss it */
#define ANSWER_MS   1000  /* for bytes that have been sent already */
#define FAULTS_MAX  20000 /* places on one way: more is an endless loop */
#define IDENTITY    "asker"

struct faults_service {
	struct service service; /* the loop's, without the loop */
	zsock_t *asker;
	uint64_t correlation;
	struct proto_buf request;
	enum faults_kind kind; /* what fails in the next request, */
	unsigned place;	       /* and where: 0 for nowhere */
	bool hit;	       /* whether it did */
};

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

struct faults_service *
faults_service_new(const struct service_options *options)
{
	struct faults_service *faults = calloc(1, sizeof(*faults));
	struct service *service = &faults->service;
	size_t request = 1, reply = 1;
	static unsigned made;
	char endpoint[64];

	assert_non_null(faults);
	/* A name of its own: that of a socket stays taken a moment longer. */
	(void)snprintf(
	    endpoint, sizeof(endpoint), "inproc://faults-%u", ++made);
	for (size_t i = 0; i < proto_messages_count; i++) {
		request = larger(request, proto_messages[i].request->size);
		reply = larger(reply, proto_messages[i].reply->size);
	}
	service->options = options;
	service->lock = -1;
	service->stats.writable = true;
	service->request = calloc(1, request);
	service->reply = calloc(1, reply);
	assert_non_null(service->request);
	assert_non_null(service->reply);
	service->socket = zsock_new_router(endpoint);
	assert_non_null(service->socket);
	faults->asker = zsock_new(ZMQ_DEALER);
	assert_non_null(faults->asker);
	zsock_set_identity(faults->asker, IDENTITY);
	zsock_set_rcvtimeo(faults->asker, ANSWER_MS);
	assert_int_equal(zsock_connect(faults->asker, "%s", endpoint), 0);
	if (options->pool_threads > 0) {
		service->pool = pool_new(
		    options->pool_threads, options->pool_queue);
		assert_non_null(service->pool);
	}
	return faults;
}

static void
drop_job(struct pool_job *job)
{
	deferral_free(job->owner);
}

void
faults_service_free(struct faults_service **faultsp)
{
	struct faults_service *faults = *faultsp;

	if (faults == NULL)
		return;
	pool_free(&faults->service.pool, drop_job);
	zsock_destroy(&faults->service.socket);
	zsock_destroy(&faults->asker);
	for (size_t i = 0; i < BATCH_PEERS; i++)
		proto_buf_free(&faults->service.peers[i].out);
	proto_buf_free(&faults->request);
	free(faults->service.request);
	free(faults->service.reply);
	free(faults);
	*faultsp = NULL;
}

/* The job that the pool has been given comes back as an item of a batch. */
static void
finish(struct service *service)
{
	struct pollfd ready = { .fd = pool_descriptor(service->pool),
		.events = POLLIN };
	struct pool_job *job = NULL;
	struct deferral *deferral = NULL;

	/* Nothing comes when there is no answer at all. */
	if (poll(&ready, 1, POOL_MS) != 1)
		return;
	job = pool_take(service->pool);
	assert_non_null(job);
	assert_null(job->next);
	deferral = job->owner;
	/* A deadline here is one to miss: as if the work had taken so long. */
	if (deferral->header.deadline_ms != 0)
		deferral->received_ms -= DEADLINE_MS + 1;
	batch_add_deferral(service, deferral);
	(void)batch_run(service);
}

/* Takes the one answer that there is to be. */
static int
take_answer(struct faults_service *faults,
    const struct proto_message_info *info, void *reply)
{
	zframe_t *message = zframe_recv(faults->asker);
	struct proto_frame frame;
	struct failure failure;
	const uint8_t *data = NULL;
	int result = PROTO_OK;
	size_t len;

	if (message == NULL)
		return -1;
	data = zframe_data(message);
	len = zframe_size(message);
	assert_int_equal(proto_frame_next(&frame, &data, &len), 1);
	assert_int_equal(len, 0);
	assert_int_equal(frame.header.correlation, faults->correlation);
	if (frame.header.kind == PROTO_FRAME_FAILURE) {
		assert_null(proto_decode(
		    &proto_failure, &failure, frame.body, frame.body_len));
		result = (int)failure.error;
	} else {
		assert_null(proto_decode(
		    info->reply, reply, frame.body, frame.body_len));
	}
	zframe_destroy(&message);
	return result;
}

/* The way from the socket on; what is armed fails in here. */
static void
serve(struct faults_service *faults, const struct item *item)
{
	struct service *service = &faults->service;
	struct peer *peer = batch_peer(
	    service, (const uint8_t *)IDENTITY, strlen(IDENTITY));

	service->items[service->items_count] = *item;
	service->items[service->items_count++].peer = peer;
	(void)batch_run(service);
	(void)line_run(service);
	/* A job may be done by now: it is the answer that tells. */
	if (service->pool != NULL &&
	    (zsock_events(faults->asker) & ZMQ_POLLIN) == 0)
		finish(service);
}

static int
ask(struct faults_service *faults, enum proto_message message,
    const void *request, uint32_t deadline_ms, void *reply)
{
	const struct proto_message_info *info = proto_message_find(message);
	struct item item = { .info = info,
		.received_ms = service_now_ms(),
		.header = { .kind = PROTO_FRAME_REQUEST,
		    .message = message,
		    .deadline_ms = deadline_ms,
		    .correlation = ++faults->correlation } };

	faults->request.len = 0;
	assert_int_equal(
	    proto_encode(&faults->request, info->request, request), 0);
	item.body = faults->request.data;
	item.body_len = faults->request.len;
	/* As if this were the first answer. */
	for (size_t i = 0; i < BATCH_PEERS; i++)
		proto_buf_free(&faults->service.peers[i].out);
	assert_int_equal(batch_reserve(&faults->service), 0);
	faults_arm(faults->kind, faults->place);
	serve(faults, &item);
	faults->hit = faults_disarm();
	return take_answer(faults, info, reply);
}

int
faults_ask(struct faults_service *faults, enum proto_message message,
    const void *request, void *reply)
{
	return ask(faults, message, request, 0, reply);
}

int
faults_ask_late(struct faults_service *faults, enum proto_message message,
    const void *request)
{
	void *reply = calloc(1, proto_message_find(message)->reply->size);
	int result;

	assert_non_null(reply);
	result = ask(faults, message, request, DEADLINE_MS, reply);
	free(reply);
	return result;
}

/* -------- one failure after the other -------- */

struct walk {
	const struct faults_bench *bench;
	const struct faults_case *one;
	const struct proto_message_info *info;
	void *request;
	void *reply;
	int64_t added; /* rows, by a success without a failure */
};

/* Asks once with the n-th failing, 0 for none. Whether one has failed. */
static bool
ask_once(struct walk *walk, enum faults_kind kind, unsigned n, int64_t *added)
{
	const struct faults_bench *bench = walk->bench;
	uint64_t before, after;
	int64_t rows_before, rows_after;
	struct faults_service *service = NULL;
	int result;
	bool hit;

	memset(walk->request, 0, walk->info->request->size);
	walk->one->prepare(bench->fixture, walk->request);
	before = faults_digest(bench->db(bench->fixture), &rows_before);
	service = bench->service(bench->fixture);
	service->kind = kind;
	service->place = n;
	result = faults_ask(
	    service, walk->one->message, walk->request, walk->reply);
	hit = service->hit;
	service->place = 0;
	if (db_is_broken(bench->db(bench->fixture))) {
		assert_int_not_equal(result, walk->one->expected);
		bench->restart(bench->fixture);
	}
	after = faults_digest(bench->db(bench->fixture), &rows_after);
	*added = rows_after - rows_before;
	if (result == -1)
		fail_msg("%s: no answer when %s fails, place %u",
		    walk->one->name, faults_names[kind], n);
	if (result == (int)walk->one->expected)
		return hit;
	if (!hit || proto_error_find(result)->status < 500)
		fail_msg("%s: answers %s when %s fails, place %u",
		    walk->one->name, proto_error_find(result)->code,
		    faults_names[kind], n);
	if (before != after)
		fail_msg("%s: refused and done when %s fails, place %u",
		    walk->one->name, faults_names[kind], n);
	*added = walk->added;
	return hit;
}

unsigned
faults_walk(const struct faults_bench *bench, const struct faults_case *one)
{
	struct walk walk = { .bench = bench,
		.one = one,
		.info = proto_message_find(one->message) };
	unsigned failures = 0, n;
	int64_t added;
	bool hit;

	walk.request = calloc(1, walk.info->request->size);
	walk.reply = calloc(1, walk.info->reply->size);
	assert_non_null(walk.request);
	assert_non_null(walk.reply);
	assert_false(ask_once(&walk, FAULTS_MEMORY, 0, &walk.added));
	for (int kind = 0; kind < FAULTS_KINDS; kind++) {
		n = 0;
		do {
			n++;
			assert_in_range(n, 1, FAULTS_MAX);
			hit = ask_once(
			    &walk, (enum faults_kind)kind, n, &added);
			if (added != walk.added)
				fail_msg("%s: half done when %s fails, "
					 "place %u",
				    one->name, faults_names[kind], n);
		} while (hit);
		failures += n - 1;
	}
	print_message("%s: %u failures\n", one->name, failures);
	free(walk.request);
	free(walk.reply);
	return failures;
}
