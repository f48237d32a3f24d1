/*
 * Tests of the service loop, asked through a real socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/secret.h"
#include "common/testing_service.h"

static void
requests_of_one_message_are_all_answered(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	int i;

	for (i = 0; i < 700; i++)
		small_add(fixture, i % 100);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 700, &frame, NULL), 0);
	assert_int_equal(small_rows(fixture), 700);
}

static void
one_failing_request_undoes_only_itself(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	small_add(fixture, 1);
	small_add(fixture, 100);
	small_add(fixture, 2);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 3, &frame, NULL), 1);
	assert_int_equal(small_rows(fixture), 2);
}

static void
failure_names_its_error_and_field(void **state)
{
	struct small_fixture *fixture = *state;
	struct failure failure;
	struct proto_frame frame;
	zframe_t *message = NULL;

	small_add(fixture, 100);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 1);
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
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	int i;

	for (i = 0; i < 50; i++)
		small_add(fixture, i);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 50, &frame, NULL), 0);
	small_restart(fixture, SIGKILL);
	assert_int_equal(small_rows(fixture), 50);
}

static void
deferred_request_is_answered_with_its_own_request(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "mine" };
	struct challenge_redeemed reply;
	struct proto_frame frame;
	zframe_t *message = NULL;

	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 0);
	assert_null(proto_decode(
	    &proto_challenge_redeemed, &reply, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(reply.solve_time_ms, 42);
	assert_string_equal(reply.operation_id, "mine");
}

static void
full_pool_answers_busy_at_once(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "many" };
	struct proto_frame frame;
	int i;

	/* In one batch the pool (1 + 8) cannot have begun with any. */
	for (i = 0; i < 20; i++)
		small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 20, &frame, NULL), 20 - 9);
}

static void
one_asker_has_half_of_the_pool(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "many" };
	struct proto_frame frame;
	int turn, i;

	/* Of 9 places; they are free again for the second turn. */
	for (turn = 0; turn < 2; turn++) {
		request.key_id.bytes[0] = 1;
		for (i = 0; i < 20; i++)
			small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
		request.key_id.bytes[0] = 2;
		for (i = 0; i < 3; i++)
			small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
		small_flush(fixture);
		assert_int_equal(
		    small_receive(fixture, 23, &frame, NULL), 20 - 4);
	}
}

/* A job waits in the pool until the gate opens for it. */
static void
begin_slow_job(struct small_fixture *fixture, int64_t load)
{
	struct challenge_redeem request = { .token = "slow" };

	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	while (small_stats(fixture).pool_queue < load)
		continue;
}

/* For the job that waits there, and no other. */
static void
open_gate_once(const struct small_fixture *fixture)
{
	const int gate = open(fixture->gate, O_WRONLY | O_CLOEXEC);

	assert_true(gate != -1);
	close(gate);
}

static void
let_pass(int64_t ms)
{
	const int64_t until_ns = clock_boot_ns() + ms * 1000000;

	while (clock_boot_ns() <= until_ns)
		continue;
}

/* Were it done, it would wait at the gate for ever. */
static void
job_whose_asker_has_given_up_is_left_out(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	struct failure failure;
	zframe_t *message = NULL;

	begin_slow_job(fixture, 1);
	fixture->deadline_ms = 20;
	begin_slow_job(fixture, 2);
	fixture->deadline_ms = 0;
	let_pass(30);
	open_gate_once(fixture);
	/* In the order of the pool, in one message or in two. */
	assert_int_equal(small_receive(fixture, 2, &frame, &message), 1);
	assert_int_equal(frame.header.kind, PROTO_FRAME_FAILURE);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_DEADLINE);
	assert_int_equal(small_dropped(fixture), 1);
}

static void
what_the_pool_cannot_do_in_time_is_refused_at_once(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "quick" };
	struct proto_frame frame;
	struct failure failure;
	zframe_t *message = NULL;

	/* So long does a job take, as far as the service has seen. */
	begin_slow_job(fixture, 1);
	let_pass(1100);
	open_gate_once(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);

	begin_slow_job(fixture, 1);
	fixture->deadline_ms = 2000;
	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 1);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_BUSY);
	open_gate_once(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);

	/* The idle pool takes whatever comes. */
	fixture->deadline_ms = 1000;
	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
	fixture->deadline_ms = 0;
	assert_int_equal(small_dropped(fixture), 0);
}

static void
deferred_request_is_dropped_when_its_batch_is_rolled_back(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "mine" };
	struct proto_frame frame;

	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_add(fixture, 100);
	small_flush(fixture);
	/* Then each is run by itself. */
	assert_int_equal(small_receive(fixture, 2, &frame, NULL), 1);
	assert_int_equal(small_dropped(fixture), 1);
}

static void
what_was_begun_is_answered_before_the_end(void **state)
{
	struct small_fixture *fixture = *state;
	struct challenge_redeem request = { .token = "slow" };
	struct challenge_redeemed reply;
	struct proto_frame frame;
	zframe_t *message = NULL;
	int gate, status;

	small_request(fixture, MSG_CHALLENGE_REDEEM, &request);
	small_flush(fixture);
	while (small_stats(fixture).pool_queue == 0)
		continue;
	assert_int_equal(kill(fixture->child, SIGTERM), 0);
	gate = open(fixture->gate, O_WRONLY | O_CLOEXEC);
	assert_true(gate != -1);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 0);
	assert_null(proto_decode(
	    &proto_challenge_redeemed, &reply, frame.body, frame.body_len));
	assert_int_equal(reply.solve_time_ms, 42);
	zframe_destroy(&message);
	close(gate);
	assert_int_equal(waitpid(fixture->child, &status, 0), fixture->child);
	assert_int_equal(status, 0);
	fixture->child = 0;
}

/* Sends until the service has gone; the answers that came, by kind. Returns
 * what the service left as its status. */
static int
send_until_gone(struct small_fixture *fixture, int64_t *done, int64_t *refused)
{
	struct proto_frame frame;
	zframe_t *message = NULL;
	const uint8_t *data = NULL;
	size_t len;
	bool told = false;
	int status;

	zsock_set_rcvtimeo(small_socket(fixture), 500);
	for (;;) {
		small_add(fixture, 1);
		small_flush(fixture);
		message = zframe_recv(small_socket(fixture));
		/* Silence alone may be a slow machine. */
		if (message == NULL) {
			if (waitpid(fixture->child, &status, WNOHANG) ==
			    fixture->child)
				return status;
			continue;
		}
		data = zframe_data(message);
		len = zframe_size(message);
		while (proto_frame_next(&frame, &data, &len) == 1) {
			if (frame.header.kind == PROTO_FRAME_REPLY)
				(*done)++;
			else
				(*refused)++;
		}
		zframe_destroy(&message);
		if (!told && *done > 100) {
			told = true;
			assert_int_equal(kill(fixture->child, SIGTERM), 0);
		}
	}
}

static void
nothing_is_stored_unanswered_when_told_to_end(void **state)
{
	struct small_fixture *fixture = *state;
	int64_t done = 0, refused = 0;

	assert_int_equal(send_until_gone(fixture, &done, &refused), 0);
	assert_true(done > 100);
	zsock_destroy(&fixture->socket);
	zsys_shutdown();
	fixture->child = small_start(fixture);
	assert_int_equal(small_rows(fixture), done);
}

static void
house_keeping_has_a_last_turn_when_told_to_end(void **state)
{
	const struct challenge_verify request = { .token = "t", .answer = 98 };
	struct small_fixture *fixture = *state;
	struct proto_frame last;

	for (int i = 0; i < 3; i++)
		small_request(fixture, MSG_CHALLENGE_VERIFY, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 3, &last, NULL), 0);
	assert_int_equal(small_rows(fixture), 0);
	small_restart(fixture, SIGTERM);
	assert_int_equal(small_rows(fixture), 3);
}

static void
request_past_its_deadline_is_not_done(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	struct failure failure;
	zframe_t *message = NULL;

	small_add(fixture, 99);
	fixture->deadline_ms = 10;
	small_add(fixture, 1);
	fixture->deadline_ms = 0;
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 2, &frame, &message), 1);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_DEADLINE);
	assert_int_equal(small_rows(fixture), 1);
}

static void
slow_request_is_answered_before_those_behind_it_are_done(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	int64_t commits;

	small_add(fixture, 99);
	small_add(fixture, 1);
	small_add(fixture, 2);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 3, &frame, NULL), 0);
	commits = small_stats(fixture).commits;
	/* One for the slow one, one for the rest; one may tidy the outbox. */
	assert_in_range(commits, 2, 3);
	assert_int_equal(small_rows(fixture), 3);
}

static void
garbage_is_dropped_and_others_are_served(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	uint8_t bytes[300];
	size_t len, i;

	for (i = 0; i < 500; i++) {
		secret_random(bytes, sizeof(bytes));
		len = 1 + i % (sizeof(bytes) - 1);
		small_send(fixture, bytes, len);
	}
	small_add(fixture, 1);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
}

static void
message_of_another_service_is_refused(void **state)
{
	struct small_fixture *fixture = *state;
	struct bearer request = { .jwt = "x" };
	struct failure failure;
	struct proto_frame frame;
	zframe_t *message = NULL;

	small_request(fixture, MSG_AUTH_ME, &request);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, &message), 1);
	assert_null(
	    proto_decode(&proto_failure, &failure, frame.body, frame.body_len));
	zframe_destroy(&message);
	assert_int_equal(failure.error, PROTO_ERROR_BAD_MESSAGE);
}

static void
second_service_cannot_take_the_endpoint(void **state)
{
	struct small_fixture *fixture = *state;
	struct small_fixture other = *fixture;
	struct proto_frame frame;
	int status;
	pid_t child;

	/* The first one is up once it has answered. */
	small_add(fixture, 1);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
	zsock_destroy(&fixture->socket);
	zsys_shutdown();
	snprintf(other.directory, sizeof(other.directory),
	    "/tmp/aic-service-XXXXXX");
	assert_non_null(mkdtemp(other.directory));
	child = small_start(&other);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(small_rows(fixture), 1);
	zsock_destroy(&fixture->socket);
	small_remove(other.directory);
}

#define PROMISE(name) \
	cmocka_unit_test_setup_teardown(name, small_setup, small_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROMISE(requests_of_one_message_are_all_answered),
		PROMISE(one_failing_request_undoes_only_itself),
		PROMISE(failure_names_its_error_and_field),
		PROMISE(acknowledged_rows_survive_kill_9),
		PROMISE(deferred_request_is_answered_with_its_own_request),
		PROMISE(job_whose_asker_has_given_up_is_left_out),
		PROMISE(what_the_pool_cannot_do_in_time_is_refused_at_once),
		PROMISE(
		    deferred_request_is_dropped_when_its_batch_is_rolled_back),
		PROMISE(full_pool_answers_busy_at_once),
		PROMISE(one_asker_has_half_of_the_pool),
		PROMISE(what_was_begun_is_answered_before_the_end),
		PROMISE(nothing_is_stored_unanswered_when_told_to_end),
		PROMISE(house_keeping_has_a_last_turn_when_told_to_end),
		PROMISE(request_past_its_deadline_is_not_done),
		PROMISE(
		    slow_request_is_answered_before_those_behind_it_are_done),
		PROMISE(garbage_is_dropped_and_others_are_served),
		PROMISE(message_of_another_service_is_refused),
		PROMISE(second_service_cannot_take_the_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
