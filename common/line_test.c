/*
 * Tests of the line of costly requests, asked through a real socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#include "common/testing_service.h"

/* Appends `count` costly requests of an asker, of 50 ms each or of none. */
static void
add_costly(struct small_fixture *fixture, uint8_t asker, int count, bool burns)
{
	struct challenge_verify request = { .token = "t",
		.answer = burns ? 99 : 0 };

	request.key_id.bytes[0] = asker;
	for (int i = 0; i < count; i++)
		small_request(fixture, MSG_CHALLENGE_VERIFY, &request);
}

/* Takes answers until that of a ping; how many there were before it. */
static int
receive_ping(struct small_fixture *fixture)
{
	struct proto_frame frame;
	int before = 0;

	for (;; before++) {
		assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
		if (frame.header.message == MSG_PING)
			return before;
	}
}

static void
costly_requests_are_answered_behind_all_others(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	add_costly(fixture, 1, 8, false);
	small_add(fixture, 1);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
	assert_int_equal(frame.header.message, MSG_CHALLENGE_CREATE);
	assert_int_equal(small_receive(fixture, 8, &frame, NULL), 0);
	assert_int_equal(frame.header.message, MSG_CHALLENGE_VERIFY);
}

static void
ping_overtakes_costly_requests(void **state)
{
	struct small_fixture *fixture = *state;
	const struct empty ping = { 0 };
	struct proto_frame frame;
	int before;

	/* 1.2 s of work, which has begun. */
	for (uint8_t asker = 1; asker <= 3; asker++)
		add_costly(fixture, asker, 8, true);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 1, &frame, NULL), 0);
	small_request(fixture, MSG_PING, &ping);
	small_flush(fixture);
	before = receive_ping(fixture);
	assert_in_range(before, 0, 22);
	assert_int_equal(small_receive(fixture, 23 - before, &frame, NULL), 0);
}

static void
one_asker_has_eight_places_of_the_line(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	/* They are free again for the second turn. */
	for (int turn = 0; turn < 2; turn++) {
		add_costly(fixture, 1, 20, false);
		add_costly(fixture, 2, 3, false);
		small_flush(fixture);
		assert_int_equal(
		    small_receive(fixture, 23, &frame, NULL), 20 - 8);
	}
}

static void
full_line_answers_busy_at_once(void **state)
{
	struct small_fixture *fixture = *state;
	struct proto_frame frame;

	for (uint8_t asker = 1; asker <= 10; asker++)
		add_costly(fixture, asker, 8, false);
	small_flush(fixture);
	assert_int_equal(small_receive(fixture, 80, &frame, NULL), 80 - 64);
}

static void
the_line_is_answered_before_the_end(void **state)
{
	struct small_fixture *fixture = *state;
	const struct empty ping = { 0 };
	struct proto_frame frame;
	int before, status;

	add_costly(fixture, 1, 8, true);
	small_request(fixture, MSG_PING, &ping);
	small_flush(fixture);
	before = receive_ping(fixture);
	assert_int_equal(kill(fixture->child, SIGTERM), 0);
	assert_int_equal(small_receive(fixture, 8 - before, &frame, NULL), 0);
	assert_int_equal(waitpid(fixture->child, &status, 0), fixture->child);
	assert_int_equal(status, 0);
	fixture->child = 0;
}

#define LINE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, small_setup, small_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LINE_TEST(costly_requests_are_answered_behind_all_others),
		LINE_TEST(ping_overtakes_costly_requests),
		LINE_TEST(one_asker_has_eight_places_of_the_line),
		LINE_TEST(full_line_answers_busy_at_once),
		LINE_TEST(the_line_is_answered_before_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
