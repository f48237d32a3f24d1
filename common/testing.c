/*
 * See testing_service.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <czmq.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/secret.h"
#include "common/service.h"
#include "common/testing_service.h"
#include "proto/codec.h"

#define BURN_NS INT64_C(50000000)

static const struct db_migration schema[] = {
	{ OUTBOX_MIGRATIONS },
	{ "CREATE TABLE number (value INTEGER NOT NULL) STRICT;" },
	{ OUTBOX_MIGRATION_PRODUCER },
};

struct small {
	struct db *db;
	struct outbox *outbox;
	struct db_stmt *add;
	struct db_stmt *count;
	const char *gate;
	int dropped;
	int owed; /* rows that wait for house-keeping */
};

static int
small_create(
    struct service_call *call, void *ctx, const void *request_, void *reply_)
{
	struct small *small = ctx;
	const struct challenge_create *request = request_;
	struct challenge_created *reply = reply_;
	struct event event = { .kind = event_kind_EXPIRED, .count = 1 };
	const int64_t until_ns = clock_boot_ns() + BURN_NS;

	/* 99 takes longer than a transaction may. */
	while (request->min_score == 99 && clock_boot_ns() < until_ns)
		continue;
	event.at = request->min_score;
	db_bind_int(small->add, ":value", request->min_score);
	if (db_run(small->add) != DB_OK ||
	    outbox_add(small->outbox, &event) != DB_OK)
		return service_store_error(call, DB_ERROR);
	/* 100 fails after it has written. */
	if (request->min_score == 100)
		return service_fail(
		    call, PROTO_ERROR_CONFLICT, "minScore", "it is %d", 100);
	snprintf(reply->token, sizeof(reply->token), "stored");
	snprintf(reply->challenge.text, sizeof(reply->challenge.text), "t");
	snprintf(reply->challenge.instruction,
	    sizeof(reply->challenge.instruction), "i");
	return PROTO_OK;
}

static int
small_count(
    struct service_call *call, void *ctx, const void *request_, void *reply_)
{
	struct small *small = ctx;
	const struct challenge_verify *request = request_;
	struct challenge_verified *reply = reply_;
	const int64_t until_ns = clock_boot_ns() + BURN_NS;

	while (request->answer == 99 && clock_boot_ns() < until_ns)
		continue;
	if (request->answer == 98)
		small->owed++;
	if (db_step(small->count) != DB_ROW)
		return service_store_error(call, DB_ERROR);
	reply->solve_time_ms = db_int(small->count, "n");
	PROTO_SET(reply, challenge_verified, solve_time_ms);
	reply->score = small->dropped;
	db_reset(small->count);
	return PROTO_OK;
}

struct job {
	int64_t number;
	char gate[128]; /* "" for no waiting */
};

static void
pool_work(void *arg)
{
	struct job *job = arg;
	int gate;

	if (job->gate[0] != '\0') {
		/* Opens once a writer opens the other end. */
		gate = open(job->gate, O_RDONLY | O_CLOEXEC);
		if (gate != -1)
			close(gate);
	}
	job->number *= 2;
}

static int
small_finish(struct service_call *call, void *ctx, const void *request_,
    void *reply_, void *job)
{
	const struct challenge_redeem *request = request_;
	struct challenge_redeemed *reply = reply_;
	const struct job *done = job;

	(void)call;
	(void)ctx;
	reply->solve_time_ms = done->number;
	PROTO_SET(reply, challenge_redeemed, solve_time_ms);
	snprintf(reply->operation_id, sizeof(reply->operation_id), "%.40s",
	    request->token);
	PROTO_SET(reply, challenge_redeemed, operation_id);
	return PROTO_OK;
}

static void
small_drop(void *ctx, const void *request, const void *job)
{
	struct small *small = ctx;

	(void)request;
	(void)job;
	small->dropped++;
}

static int
small_defer(
    struct service_call *call, void *ctx, const void *request_, void *reply)
{
	const struct small *small = ctx;
	const struct challenge_redeem *request = request_;
	struct job job = { .number = 21 };

	(void)reply;
	service_set_asker(call, &request->key_id);
	if (strcmp(request->token, "slow") == 0)
		snprintf(job.gate, sizeof(job.gate), "%s", small->gate);
	return service_defer(
	    call, &job, sizeof(job), pool_work, small_finish, small_drop);
}

static const struct service_route routes[] = {
	{ MSG_CHALLENGE_CREATE, small_create },
	{ MSG_CHALLENGE_VERIFY, small_count },
	{ MSG_CHALLENGE_REDEEM, small_defer },
};

/* One row a turn. */
static int
small_tick(void *ctx)
{
	struct small *small = ctx;

	if (small->owed == 0)
		return PROTO_OK;
	db_bind_int(small->add, ":value", 98);
	if (db_run(small->add) != DB_OK)
		return PROTO_ERROR_INTERNAL;
	return --small->owed > 0 ? SERVICE_MORE : PROTO_OK;
}

static const struct uuid *
small_costly(enum proto_message message, const void *request)
{
	return message == MSG_CHALLENGE_VERIFY
	    ? &((const struct challenge_verify *)request)->key_id
	    : NULL;
}

static int
serve(const struct small_fixture *fixture)
{
	struct small small = { .gate = fixture->gate };
	struct service_options options = {
		.name = "small-svc",
		.service = PROTO_SERVICE_CHALLENGE,
		.endpoint = fixture->endpoint,
		.routes = routes,
		.routes_count = sizeof(routes) / sizeof(routes[0]),
		.costly = small_costly,
		.ctx = &small,
		.analytics = fixture->analytics,
		.curve_dir = "",
		.curve_name = "",
		.pool_threads = 1,
		.pool_queue = 8,
		.tick = small_tick,
		.tick_ms = 3600000, /* but once at the end */
	};
	char path[96], error[256];
	int status;

	log_open("small-svc", LOG_LEVEL_ERROR);
	snprintf(path, sizeof(path), "%s/small.db", fixture->directory);
	if (secret_init() != 0 ||
	    db_open(&small.db, path, schema, 3, error, sizeof(error)) != 0)
		return 9;
	small.outbox = outbox_open(small.db);
	small.add = db_prepare(
	    small.db, "add", "INSERT INTO number (value) VALUES (:value)");
	small.count = db_prepare(
	    small.db, "count", "SELECT count(*) AS n FROM number");
	options.db = small.db;
	options.outbox = small.outbox;
	status = service_run(&options);
	outbox_free(&small.outbox);
	db_close(&small.db);
	return status;
}

pid_t
small_start(const struct small_fixture *fixture)
{
	const pid_t child = fork();

	if (child == 0)
		_exit(serve(fixture)); /* the fixture is the parent's */
	assert_true(child > 0);
	return child;
}

static int
end_child(pid_t child, int signal)
{
	int status = -1;

	assert_int_equal(kill(child, signal), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

int
small_setup(void **state)
{
	struct small_fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	assert_int_equal(secret_init(), 0);
	snprintf(fixture->directory, sizeof(fixture->directory),
	    "/tmp/aic-service-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->endpoint, sizeof(fixture->endpoint), "ipc://%s/s",
	    fixture->directory);
	snprintf(fixture->analytics, sizeof(fixture->analytics), "ipc://%s/a",
	    fixture->directory);
	snprintf(fixture->gate, sizeof(fixture->gate), "%s/gate",
	    fixture->directory);
	assert_int_equal(mkfifo(fixture->gate, 0600), 0);
	/* Before the first socket: a fork must not inherit a context. */
	fixture->child = small_start(fixture);
	*state = fixture;
	return 0;
}

void
small_remove(const char *name)
{
	struct dirent *entry = NULL;
	char path[512];
	DIR *directory = opendir(name);

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		(void)unlink(path);
	}
	closedir(directory);
	assert_int_equal(rmdir(name), 0);
}

int
small_teardown(void **state)
{
	struct small_fixture *fixture = *state;

	zsock_destroy(&fixture->socket);
	zsock_destroy(&fixture->sink);
	zsys_shutdown();
	if (fixture->child > 0)
		assert_int_equal(end_child(fixture->child, SIGTERM), 0);
	small_remove(fixture->directory);
	proto_buf_free(&fixture->out);
	free(fixture);
	return 0;
}

/* -------- asking -------- */

void
small_restart(struct small_fixture *fixture, int signal)
{
	zsock_destroy(&fixture->socket);
	zsock_destroy(&fixture->sink);
	zsys_shutdown();
	(void)end_child(fixture->child, signal);
	fixture->child = small_start(fixture);
}

zsock_t *
small_socket(struct small_fixture *fixture)
{
	if (fixture->socket == NULL) {
		fixture->socket = zsock_new(ZMQ_DEALER);
		assert_non_null(fixture->socket);
		zsock_set_rcvtimeo(fixture->socket, WAIT_MS);
		zsock_set_linger(fixture->socket, 0);
		assert_int_equal(
		    zsock_connect(fixture->socket, "%s", fixture->endpoint), 0);
	}
	return fixture->socket;
}

uint64_t
small_request(struct small_fixture *fixture, enum proto_message message,
    const void *request)
{
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST,
		.message = message,
		.correlation = ++fixture->correlation,
		.deadline_ms = fixture->deadline_ms };

	assert_int_equal(proto_frame_append(&fixture->out, &header,
			     proto_message_find(message)->request, request),
	    0);
	return fixture->correlation;
}

void
small_add(struct small_fixture *fixture, int64_t number)
{
	struct challenge_create request = { .min_score = number,
		.ttl_seconds = 320 };

	small_request(fixture, MSG_CHALLENGE_CREATE, &request);
}

void
small_send(struct small_fixture *fixture, const void *bytes, size_t len)
{
	zframe_t *frame = zframe_new(bytes, len);

	assert_int_equal(zframe_send(&frame, small_socket(fixture), 0), 0);
}

void
small_flush(struct small_fixture *fixture)
{
	small_send(fixture, fixture->out.data, fixture->out.len);
	fixture->out.len = 0;
}

/* Receives `count` answers and adds up how many were failures. */
int
small_receive(struct small_fixture *fixture, int count,
    struct proto_frame *last, zframe_t **keep)
{
	zframe_t *message = NULL;
	const uint8_t *data = NULL;
	size_t len;
	int failures = 0;

	while (count > 0) {
		zframe_destroy(&message);
		message = zframe_recv(small_socket(fixture));
		assert_non_null(message);
		data = zframe_data(message);
		len = zframe_size(message);
		while (proto_frame_next(last, &data, &len) == 1) {
			failures += last->header.kind == PROTO_FRAME_FAILURE;
			count--;
		}
		assert_int_equal(len, 0);
	}
	assert_int_equal(count, 0);
	if (keep != NULL)
		*keep = message;
	else
		zframe_destroy(&message);
	return failures;
}

static struct challenge_verified
ask_for_counts(struct small_fixture *fixture)
{
	struct challenge_verify request = { .token = "t" };
	struct challenge_verified reply;
	struct proto_frame frame;
	zframe_t *message = NULL;

	small_request(fixture, MSG_CHALLENGE_VERIFY, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 0);
	assert_int_equal(frame.header.correlation, fixture->correlation);
	assert_null(proto_decode(
	    &proto_challenge_verified, &reply, frame.body, frame.body_len));
	zframe_destroy(&message);
	return reply;
}

int64_t
small_rows(struct small_fixture *fixture)
{
	return ask_for_counts(fixture).solve_time_ms;
}

int
small_dropped(struct small_fixture *fixture)
{
	return (int)ask_for_counts(fixture).score;
}

struct stats
small_stats(struct small_fixture *fixture)
{
	struct empty request = { 0 };
	struct stats stats;
	struct proto_frame frame;
	zframe_t *message = NULL;

	small_request(fixture, MSG_STATS, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 0);
	assert_null(
	    proto_decode(&proto_stats, &stats, frame.body, frame.body_len));
	zframe_destroy(&message);
	return stats;
}
