/*
 * Tests of the outbox and of its shipping by the service loop; the test plays
 * analytics-svc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>

#include "common/testing_service.h"

/*
 * Plays analytics-svc: takes messages until `count` events came in order, with
 * or without acknowledging them. Returns the last sequence.
 */
static int64_t
drain(struct small_fixture *fixture, int64_t count, int64_t after,
    bool acknowledge)
{
	static struct events_append append;
	struct events_acked acked = { 0 };
	struct proto_buf out = { 0 };
	struct proto_frame frame;
	zframe_t *identity = NULL, *message = NULL, *reply = NULL;
	const uint8_t *data = NULL;
	size_t len, i;

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
			for (i = 0; i < append.events_count; i++)
				count -= append.events[i].count;
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

static void
events_arrive_in_order_and_are_forgotten_once_acknowledged(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;
	const int64_t deadline = zclock_mono() + WAIT_MS;
	int i;

	for (i = 0; i < 30; i++) {
		small_add(fixture, i);
		small_flush(fixture);
		assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
	}
	drain(fixture, 30, 0, true);
	while (small_stats(fixture).outbox_rows > 0)
		assert_true(zclock_mono() < deadline);
}

static void
unacknowledged_events_are_sent_again_after_kill_9(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	small_add(fixture, 1);
	small_add(fixture, 2);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 2, &frame, NULL), 0);
	drain(fixture, 2, 0, false);
	small_restart(fixture, SIGKILL);
	assert_true(small_stats(fixture).outbox_rows > 0);
	drain(fixture, 2, 0, true);
}

static void
failed_request_tells_no_event(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	small_add(fixture, 100);
	small_add(fixture, 7);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 2, &frame, NULL), 1);
	/* One event, under the first sequence. */
	assert_int_equal(drain(fixture, 1, 0, true), 1);
}

#define PROMISE(name) \
	cmocka_unit_test_setup_teardown(name, small_setup, small_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROMISE(
		    events_arrive_in_order_and_are_forgotten_once_acknowledged),
		PROMISE(unacknowledged_events_are_sent_again_after_kill_9),
		PROMISE(failed_request_tells_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
