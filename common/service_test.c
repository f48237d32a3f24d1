/*
 * Tests of the service loop and of the outbox that it ships: a small service
 * in a child process, asked through a real socket.
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
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"
#include "common/secret.h"
#include "common/service.h"
#include "proto/codec.h"

#define WAIT_MS 10000 /* how long a reply may take before a test fails */

/*
 * The service under test speaks three messages of challenge-svc, used here for
 * what they carry: CREATE stores min_score as a row and tells an event, VERIFY
 * answers how many rows there are, REDEEM takes a turn in the pool.
 */
static const struct db_migration schema[] = {
	{ OUTBOX_MIGRATIONS },
	{ "CREATE TABLE number (value INTEGER NOT NULL) STRICT;" },
};

struct small {
	struct db *db;
	struct outbox *outbox;
	struct db_stmt *add;
	struct db_stmt *count;
};

struct fixture {
	char directory[64];
	char endpoint[128];
	char analytics[128];
	pid_t child;
	zsock_t *socket;
	zsock_t *sink; /* stands in for analytics-svc */
	struct proto_buf out;
	uint64_t correlation;
};

static int
small_create(
    struct service_call *call, void *ctx, const void *request_, void *reply_)
{
	struct small *small = ctx;
	const struct challenge_create *request = request_;
	struct challenge_created *reply = reply_;
	struct event event = { .kind = event_kind_EXPIRED, .count = 1 };

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
    struct service_call *call, void *ctx, const void *request, void *reply_)
{
	struct small *small = ctx;
	struct challenge_verified *reply = reply_;

	(void)request;
	if (db_step(small->count) != DB_ROW)
		return service_store_error(call, DB_ERROR);
	reply->solve_time_ms = db_int(small->count, "n");
	PROTO_SET(reply, challenge_verified, solve_time_ms);
	db_reset(small->count);
	return PROTO_OK;
}

static void
pool_work(void *job)
{
	int64_t *number = job;

	*number *= 2;
}

static int
small_finish(struct service_call *call, void *ctx, const void *request_,
    void *reply_, void *job)
{
	const struct challenge_redeem *request = request_;
	struct challenge_redeemed *reply = reply_;
	const int64_t *number = job;

	(void)call;
	(void)ctx;
	reply->solve_time_ms = *number;
	PROTO_SET(reply, challenge_redeemed, solve_time_ms);
	snprintf(reply->operation_id, sizeof(reply->operation_id), "%.40s",
	    request->token);
	PROTO_SET(reply, challenge_redeemed, operation_id);
	return PROTO_OK;
}

static int
small_defer(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	const int64_t number = 21;

	(void)ctx;
	(void)request;
	(void)reply;
	return service_defer(
	    call, &number, sizeof(number), pool_work, small_finish);
}

static const struct service_route routes[] = {
	{ MSG_CHALLENGE_CREATE, small_create },
	{ MSG_CHALLENGE_VERIFY, small_count },
	{ MSG_CHALLENGE_REDEEM, small_defer },
};

static int
serve(const struct fixture *fixture)
{
	struct small small = { 0 };
	struct service_options options = {
		.name = "small-svc",
		.service = PROTO_SERVICE_CHALLENGE,
		.endpoint = fixture->endpoint,
		.routes = routes,
		.routes_count = sizeof(routes) / sizeof(routes[0]),
		.ctx = &small,
		.analytics = fixture->analytics,
		.pool_threads = 1,
		.pool_queue = 8,
	};
	char path[96], error[256];
	int status;

	log_open("small-svc", LOG_LEVEL_ERROR);
	snprintf(path, sizeof(path), "%s/small.db", fixture->directory);
	if (secret_init() != 0 ||
	    db_open(&small.db, path, schema, 2, error, sizeof(error)) != 0)
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

static pid_t
start_child(const struct fixture *fixture)
{
	const pid_t child = fork();

	if (child == 0)
		exit(serve(fixture));
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

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	assert_int_equal(secret_init(), 0);
	snprintf(fixture->directory, sizeof(fixture->directory),
	    "/tmp/aic-service-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->endpoint, sizeof(fixture->endpoint), "ipc://%s/s",
	    fixture->directory);
	snprintf(fixture->analytics, sizeof(fixture->analytics), "ipc://%s/a",
	    fixture->directory);
	/* Before the first socket: a fork must not inherit a context. */
	fixture->child = start_child(fixture);
	*state = fixture;
	return 0;
}

static void
remove_directory(const char *name)
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

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	zsock_destroy(&fixture->socket);
	zsock_destroy(&fixture->sink);
	zsys_shutdown();
	if (fixture->child > 0)
		assert_int_equal(end_child(fixture->child, SIGTERM), 0);
	remove_directory(fixture->directory);
	proto_buf_free(&fixture->out);
	free(fixture);
	return 0;
}

/* -------- asking -------- */

static void
restart_child(struct fixture *fixture, int signal)
{
	zsock_destroy(&fixture->socket);
	zsock_destroy(&fixture->sink);
	zsys_shutdown();
	(void)end_child(fixture->child, signal);
	fixture->child = start_child(fixture);
}

static zsock_t *
socket_of(struct fixture *fixture)
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

static uint64_t
add_request(
    struct fixture *fixture, enum proto_message message, const void *request)
{
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST,
		.message = message,
		.correlation = ++fixture->correlation };

	assert_int_equal(proto_frame_append(&fixture->out, &header,
			     proto_message_find(message)->request, request),
	    0);
	return fixture->correlation;
}

static void
add_create(struct fixture *fixture, int64_t number)
{
	struct challenge_create request = { .min_score = number,
		.ttl_seconds = 320 };

	add_request(fixture, MSG_CHALLENGE_CREATE, &request);
}

static void
send_bytes(struct fixture *fixture, const void *bytes, size_t len)
{
	zframe_t *frame = zframe_new(bytes, len);

	assert_int_equal(zframe_send(&frame, socket_of(fixture), 0), 0);
}

static void
flush(struct fixture *fixture)
{
	send_bytes(fixture, fixture->out.data, fixture->out.len);
	fixture->out.len = 0;
}

/* Receives `count` answers and adds up how many were failures. */
static int
receive(struct fixture *fixture, int count, struct proto_frame *last,
    zframe_t **keep)
{
	zframe_t *message = NULL;
	const uint8_t *data = NULL;
	size_t len;
	int failures = 0;

	while (count > 0) {
		zframe_destroy(&message);
		message = zframe_recv(socket_of(fixture));
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

static int64_t
count_rows(struct fixture *fixture)
{
	struct challenge_verify request = { .token = "t" };
	struct challenge_verified reply;
	struct proto_frame frame;
	zframe_t *message = NULL;

	add_request(fixture, MSG_CHALLENGE_VERIFY, &request);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, &message), 0);
	assert_int_equal(frame.header.correlation, fixture->correlation);
	assert_null(proto_decode(
	    &proto_challenge_verified, &reply, frame.body, frame.body_len));
	zframe_destroy(&message);
	return reply.solve_time_ms;
}

/* -------- promises -------- */

static void
requests_of_one_message_are_all_answered(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;
	int i;

	for (i = 0; i < 700; i++)
		add_create(fixture, i % 100);
	flush(fixture);
	assert_int_equal(receive(fixture, 700, &frame, NULL), 0);
	assert_int_equal(count_rows(fixture), 700);
}

static void
one_failing_request_undoes_only_itself(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;

	add_create(fixture, 1);
	add_create(fixture, 100);
	add_create(fixture, 2);
	flush(fixture);
	assert_int_equal(receive(fixture, 3, &frame, NULL), 1);
	assert_int_equal(count_rows(fixture), 2);
}

static void
failure_names_its_error_and_field(void **state)
{
	struct fixture *fixture = *state;
	struct failure failure;
	struct proto_frame frame;
	zframe_t *message = NULL;

	add_create(fixture, 100);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, &message), 1);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_CONFLICT);
	assert_string_equal(failure.field, "minScore");
	assert_string_equal(failure.detail, "it is 100");
}

static void
acknowledged_rows_survive_kill_9(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;
	int i;

	for (i = 0; i < 50; i++)
		add_create(fixture, i);
	flush(fixture);
	assert_int_equal(receive(fixture, 50, &frame, NULL), 0);
	restart_child(fixture, SIGKILL);
	assert_int_equal(count_rows(fixture), 50);
}

static void
deferred_request_is_answered_with_its_own_request(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_redeem request = { .token = "mine" };
	struct challenge_redeemed reply;
	struct proto_frame frame;
	zframe_t *message = NULL;

	add_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, &message), 0);
	assert_null(proto_decode(
	    &proto_challenge_redeemed, &reply, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(reply.solve_time_ms, 42);
	assert_string_equal(reply.operation_id, "mine");
}

static void
full_pool_answers_busy_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct challenge_redeem request = { .token = "many" };
	struct proto_frame frame;
	int i;

	/* In one batch the pool (1 + 8) cannot have begun with any. */
	for (i = 0; i < 20; i++)
		add_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	flush(fixture);
	assert_int_equal(receive(fixture, 20, &frame, NULL), 20 - 9);
}

static void
garbage_is_dropped_and_others_are_served(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;
	uint8_t bytes[300];
	size_t len, i;

	for (i = 0; i < 500; i++) {
		secret_random(bytes, sizeof(bytes));
		len = 1 + i % (sizeof(bytes) - 1);
		send_bytes(fixture, bytes, len);
	}
	add_create(fixture, 1);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, NULL), 0);
}

static void
message_of_another_service_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct bearer request = { .jwt = "x" };
	struct failure failure;
	struct proto_frame frame;
	zframe_t *message = NULL;

	add_request(fixture, MSG_AUTH_ME, &request);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, &message), 1);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_BAD_MESSAGE);
}

static void
second_service_cannot_take_the_endpoint(void **state)
{
	struct fixture *fixture = *state;
	struct fixture other = *fixture;
	struct proto_frame frame;
	int status;
	pid_t child;

	/* The first one is up once it has answered. */
	add_create(fixture, 1);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, NULL), 0);
	zsock_destroy(&fixture->socket);
	zsys_shutdown();
	snprintf(other.directory, sizeof(other.directory),
	    "/tmp/aic-service-XXXXXX");
	assert_non_null(mkdtemp(other.directory));
	child = start_child(&other);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(count_rows(fixture), 1);
	zsock_destroy(&fixture->socket);
	remove_directory(other.directory);
}

/* -------- the outbox -------- */

/*
 * Plays analytics-svc: takes messages until `count` events came in order, with
 * or without acknowledging them. Returns the last sequence.
 */
static int64_t
drain(struct fixture *fixture, int64_t count, int64_t after, bool acknowledge)
{
	static struct events_append append;
	struct events_acked acked = { 0 };
	struct proto_buf out = { 0 };
	struct proto_frame frame;
	zframe_t *identity = NULL, *message = NULL, *reply = NULL;
	const uint8_t *data = NULL;
	size_t len;

	if (fixture->sink == NULL) {
		fixture->sink = zsock_new(ZMQ_ROUTER);
		assert_non_null(fixture->sink);
		zsock_set_rcvtimeo(fixture->sink, WAIT_MS);
		assert_true(
		    zsock_bind(fixture->sink, "%s", fixture->analytics) != -1);
	}
	while (count > 0) {
		identity = zframe_recv(fixture->sink);
		message = zframe_recv(fixture->sink);
		assert_non_null(message);
		data = zframe_data(message);
		len = zframe_size(message);
		out.len = 0;
		while (proto_frame_next(&frame, &data, &len) == 1) {
			if (frame.header.message != MSG_EVENTS_APPEND)
				continue;
			assert_null(proto_decode(&proto_events_append, &append,
			    frame.body, frame.body_len));
			if (append.sequence <= after)
				continue; /* sent again */
			assert_int_equal(append.sequence, after + 1);
			after = append.sequence;
			count -= append.events_count;
			acked.sequence = after;
			frame.header.kind = PROTO_FRAME_REPLY;
			assert_int_equal(proto_frame_append(&out, &frame.header,
					     &proto_events_acked, &acked),
			    0);
		}
		if (acknowledge && out.len > 0) {
			assert_int_equal(
			    zframe_send(&identity, fixture->sink, ZFRAME_MORE),
			    0);
			reply = zframe_new(out.data, out.len);
			assert_int_equal(
			    zframe_send(&reply, fixture->sink, 0), 0);
		}
		zframe_destroy(&identity);
		zframe_destroy(&message);
	}
	assert_int_equal(count, 0);
	proto_buf_free(&out);
	return after;
}

static int64_t
rows_waiting(struct fixture *fixture)
{
	struct empty request = { 0 };
	struct stats stats;
	struct proto_frame frame;
	zframe_t *message = NULL;

	add_request(fixture, MSG_STATS, &request);
	flush(fixture);
	assert_int_equal(receive(fixture, 1, &frame, &message), 0);
	assert_null(
	    proto_decode(&proto_stats, &stats, frame.body, frame.body_len));
	zframe_destroy(&message);
	return stats.outbox_rows;
}

static void
events_arrive_in_order_and_are_forgotten_once_acknowledged(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;
	const int64_t deadline = zclock_mono() + WAIT_MS;
	int i;

	for (i = 0; i < 30; i++) {
		add_create(fixture, i);
		flush(fixture);
		assert_int_equal(receive(fixture, 1, &frame, NULL), 0);
	}
	drain(fixture, 30, 0, true);
	while (rows_waiting(fixture) > 0)
		assert_true(zclock_mono() < deadline);
}

static void
unacknowledged_events_are_sent_again_after_kill_9(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;

	add_create(fixture, 1);
	add_create(fixture, 2);
	flush(fixture);
	assert_int_equal(receive(fixture, 2, &frame, NULL), 0);
	drain(fixture, 2, 0, false);
	restart_child(fixture, SIGKILL);
	assert_true(rows_waiting(fixture) > 0);
	drain(fixture, 2, 0, true);
}

static void
failed_request_tells_no_event(void **state)
{
	struct fixture *fixture = *state;
	struct proto_frame frame;

	add_create(fixture, 100);
	add_create(fixture, 7);
	flush(fixture);
	assert_int_equal(receive(fixture, 2, &frame, NULL), 1);
	/* One event, under the first sequence. */
	assert_int_equal(drain(fixture, 1, 0, true), 1);
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROMISE(requests_of_one_message_are_all_answered),
		PROMISE(one_failing_request_undoes_only_itself),
		PROMISE(failure_names_its_error_and_field),
		PROMISE(acknowledged_rows_survive_kill_9),
		PROMISE(deferred_request_is_answered_with_its_own_request),
		PROMISE(full_pool_answers_busy_at_once),
		PROMISE(garbage_is_dropped_and_others_are_served),
		PROMISE(message_of_another_service_is_refused),
		PROMISE(second_service_cannot_take_the_endpoint),
		PROMISE(
		    events_arrive_in_order_and_are_forgotten_once_acknowledged),
		PROMISE(unacknowledged_events_are_sent_again_after_kill_9),
		PROMISE(failed_request_tells_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
