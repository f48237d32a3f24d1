/*
 * The gateway alone, over raw sockets: each request of requests.txt is answered
 * as it says there, once, and what is refused has reached no handler and cost
 * no memory. Then what takes two connections, or time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/http/cases.h"
#include "tests/http/counters.h"
#include "tests/http/wire.h"

#define ANSWER_MS (INT64_C(5000) * RIG_SLACK)
#define HOLD_MS	  20 /* long enough for the gateway to have read */
#define CASES_MIN 110
#define MIB	  (INT64_C(1) << 20)

#define H     "Host: localhost\r\n"
#define GET   "GET /healthz HTTP/1.1\r\n" H "\r\n"
#define LOGIN "POST /api/v1/auth/login HTTP/1.1\r\n" H

/* How far memory may move without a cause: a page touched for the first time.
 * AddressSanitizer keeps what was freed, and a run over the table is 14 MiB of
 * it: the Release build tells more. */
#ifdef AIC_SANITIZE
#define STILL_BYTES (32 * MIB)
#else
#define STILL_BYTES MIB
#endif

static struct cases *cases;

static int
set_up(void **state)
{
	cases = cases_read(AIC_SOURCE_DIR "/tests/http/requests.txt");
	return suite_set_up(state);
}

static int
tear_down(void **state)
{
	cases_free(&cases);
	return suite_tear_down(state);
}

/* -------- one case -------- */

/* A case under way. */
struct run {
	const struct request_case *what;
	struct wire *wire;
	bool is_head; /* the last request was a HEAD */
	bool ended;   /* the connection is closed */
	int64_t handled, refused;
	const char *why; /* what went wrong, NULL when nothing has */
	struct answer answer;
};

/* Nothing more comes, but the end. */
static void
want_end(struct run *run)
{
	run->ended = true;
	switch (wire_listen(run->wire, ANSWER_MS)) {
	case WIRE_END:
		break;
	case WIRE_BYTES:
		run->why = "more than one answer came";
		return;
	case WIRE_SILENCE:
		run->why = "the connection stays open";
		return;
	case WIRE_BROKEN:
		run->why = "the connection was reset";
		return;
	}
	if (wire_left(run->wire) > 0)
		run->why = "more than one answer came";
}

static bool
is_refusal(const struct answer *answer, bool is_head)
{
	char code[96], status[32];

	if (!answer->is_problem || !answer->closes || !answer->is_ours ||
	    answer->announced == 0)
		return false;
	if (is_head)
		return true;
	(void)snprintf(
	    code, sizeof(code), "\"requestId\":\"%s\"", answer->request_id);
	(void)snprintf(
	    status, sizeof(status), "\"status\":%d,", answer->status);
	return strstr(answer->body, code) != NULL &&
	    strstr(answer->body, status) != NULL &&
	    strstr(answer->body, "\"detail\":\"") != NULL;
}

static void
want_answer(struct run *run, const struct step *step)
{
	if (!wire_await(
		run->wire, run->is_head, ANSWER_MS, &run->answer, &run->why))
		return;
	if (run->answer.status != step->status) {
		run->why = "the status is another one";
	} else if (step->kind == STEP_REFUSED) {
		run->refused++;
		if (!is_refusal(&run->answer, run->is_head))
			run->why = "it is no problem+json of the gate's";
	} else {
		run->handled++;
		if (!run->answer.is_ours || run->answer.closes != step->close)
			run->why = "its fields say something else";
	}
	if (run->why == NULL && (step->kind == STEP_REFUSED || step->close))
		want_end(run);
}

static void
want_continue(struct run *run)
{
	if (wire_await(run->wire, true, ANSWER_MS, &run->answer, &run->why) &&
	    run->answer.status != 100)
		run->why = "it is no 100";
}

static void
do_step(struct run *run, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
	case STEP_DRIP:
		run->is_head = step->len > 4 &&
		    memcmp(step->bytes, "HEAD", 4) == 0;
		/* What is refused early need not be taken to its end. */
		(void)wire_send(
		    run->wire, step->bytes, step->len, step->kind == STEP_DRIP);
		break;
	case STEP_END:
		wire_end(run->wire);
		break;
	case STEP_HOLD:
		if (wire_listen(run->wire, HOLD_MS) != WIRE_SILENCE)
			run->why = "something came before its time";
		break;
	case STEP_ANSWERED:
	case STEP_REFUSED:
		want_answer(run, step);
		break;
	case STEP_CONTINUE:
		want_continue(run);
		break;
	}
}

/* A connection that stays open carries another request, and nothing before its
 * answer. */
static void
want_open(struct run *run)
{
	(void)wire_send(run->wire, GET, strlen(GET), false);
	if (!wire_await(run->wire, false, ANSWER_MS, &run->answer, &run->why))
		return;
	run->handled++;
	if (run->answer.status != 200 || wire_left(run->wire) > 0)
		run->why = "the next request is not answered right";
}

/* Runs a case; says what is wrong, and returns whether nothing is. */
static bool
run_case(struct suite *suite, const struct request_case *what,
    struct counters *counters)
{
	struct run run = { .what = what };
	struct counters before = *counters;

	run.wire = wire_open(rig_port(suite->rig), false);
	for (size_t i = 0; i < what->count && run.why == NULL; i++)
		do_step(&run, &what->steps[i]);
	if (run.why == NULL && !run.ended)
		want_open(&run);
	wire_close(&run.wire);
	*counters = counters_read(suite);
	if (run.why == NULL &&
	    counters->handled - before.handled != run.handled)
		run.why = "handlers have seen another number of requests";
	if (run.why == NULL &&
	    counters->refused - before.refused != run.refused)
		run.why = "the gate has refused another number of requests";
	if (run.why != NULL)
		printf("%s: %s; the last answer: %d %s\n", what->name, run.why,
		    run.answer.status, run.answer.body);
	return run.why == NULL;
}

static void
run_all(struct suite *suite)
{
	struct counters counters = counters_read(suite);
	size_t wrong = 0;

	for (size_t i = 0; i < cases->count; i++)
		wrong += !run_case(suite, &cases->list[i], &counters);
	if (wrong > 0)
		fail_msg("%zu of %zu cases", wrong, cases->count);
	assert_int_equal(counters.smuggled, 0);
}

static void
each_request_is_answered_as_the_table_says(void **state)
{
	size_t refused = 0;

	for (size_t i = 0; i < cases->count; i++) {
		const struct request_case *each = &cases->list[i];

		refused += each->steps[each->count - 1].kind == STEP_REFUSED;
	}
	printf("%zu cases, %zu of them malformed\n", cases->count, refused);
	assert_true(refused >= CASES_MIN);
	run_all(*state);
}

/* -------- memory -------- */

static void
memory_does_not_move_with_malformed_requests(void **state)
{
	struct suite *suite = *state;
	int64_t before, after;

	/* The first time, pools grow to what a busy worker needs. */
	run_all(suite);
	before = counters_memory(suite);
	run_all(suite);
	after = counters_memory(suite);
	printf("%lld KiB, then %lld KiB\n", (long long)before / 1024,
	    (long long)after / 1024);
	assert_true(after - before < STILL_BYTES);
}

/* A length of 3 and 50 MB behind it: Kore alone would keep them all. */
static void
flood_behind_a_body_costs_no_memory(void **state)
{
	static const char head[] = LOGIN "Content-Length: 3\r\n\r\nabc";
	static char flood[MIB];
	struct suite *suite = *state;
	struct counters counters, before = counters_read(suite);
	const int64_t memory = counters_memory(suite);
	int64_t peak = memory, sent_bytes = 0;
	struct wire *wire = NULL, *next = NULL;
	const char *why = NULL;
	struct answer answer;

	memset(flood, 'x', sizeof(flood));
	wire = wire_open(rig_port(suite->rig), false);
	(void)wire_send(wire, head, strlen(head), false);
	for (int i = 0; i < 50 && wire_send(wire, flood, sizeof(flood), false);
	     i++) {
		const int64_t now = counters_memory(suite);

		peak = now > peak ? now : peak;
		sent_bytes += (int64_t)sizeof(flood);
	}
	/* The next client is served while the flood is there. */
	next = wire_open(rig_port(suite->rig), false);
	(void)wire_send(next, GET, strlen(GET), false);
	if (!wire_await(next, false, INT64_C(1000) * RIG_SLACK, &answer, &why))
		fail_msg("the next client: %s", why);
	assert_int_equal(answer.status, 200);
	wire_close(&next);
	wire_close(&wire);
	printf("%lld MiB taken, memory %lld KiB, at most %lld KiB\n",
	    (long long)(sent_bytes / MIB), (long long)memory / 1024,
	    (long long)peak / 1024);
	assert_true(peak - memory < STILL_BYTES);
	counters = counters_read(suite);
	/* What comes in one read with abc is refused with it; otherwise abc is
	 * a request, which is answered, and the flood is no other. */
	assert_in_range(counters.handled - before.handled, 1, 2);
	assert_int_equal(counters.refused - before.refused, 1);
}

/* -------- order -------- */

/* Once this is answered, the worker has read what was sent before it. */
static void
ask_another_way(struct suite *suite)
{
	struct wire *wire = wire_open(rig_port(suite->rig), false);
	const char *why = NULL;
	struct answer answer;

	for (int i = 0; i < 2; i++) {
		(void)wire_send(wire, GET, strlen(GET), false);
		if (!wire_await(wire, false, ANSWER_MS, &answer, &why))
			fail_msg("another client: %s", why);
		assert_int_equal(answer.status, 200);
	}
	wire_close(&wire);
}

/* A second request waits in the socket until the first is answered. */
static void
answers_come_in_the_order_of_the_requests(void **state)
{
	static const char slow[] = LOGIN
	    "Content-Type: application/json\r\nContent-Length: 55\r\n\r\n"
	    "{\"email\":\"nobody@example.com\",\"password\":\"long enough\"}";
	struct suite *suite = *state;
	struct wire *wire = wire_open(rig_port(suite->rig), false);
	const char *why = NULL;
	struct answer answer;

	rig_pause(suite->rig, RIG_AUTH);
	(void)wire_send(wire, slow, strlen(slow), false);
	ask_another_way(suite);
	(void)wire_send(wire, GET, strlen(GET), false);
	ask_another_way(suite);
	assert_int_equal(wire_listen(wire, 0), WIRE_SILENCE);
	rig_resume(suite->rig, RIG_AUTH);
	if (!wire_await(wire, false, ANSWER_MS, &answer, &why))
		fail_msg("the first request: %s", why);
	/* 504 when the machine was so slow that the deadline has passed. */
	assert_true(answer.status == 401 || answer.status == 504);
	if (!wire_await(wire, false, ANSWER_MS, &answer, &why))
		fail_msg("the second request: %s", why);
	assert_int_equal(answer.status, 200);
	assert_int_equal(wire_left(wire), 0);
	wire_close(&wire);
	rig_mend(suite->rig);
}

/* Forty connections, each of which asks for things that differ, by turns. */
static void
answers_do_not_cross_between_connections(void **state)
{
	static const struct {
		const char *request;
		int status;
	} kinds[] = {
		{ GET, 200 },
		{ "GET /nowhere HTTP/1.1\r\n" H "\r\n", 404 },
		{ "PUT /healthz HTTP/1.1\r\n" H "\r\n", 405 },
		{ "GET /api/v1/auth/me HTTP/1.1\r\n" H "\r\n", 401 },
		{ "OPTIONS /healthz HTTP/1.1\r\n" H "\r\n", 204 },
		{ LOGIN "Content-Length: 2\r\n\r\n{}", 415 },
		{ "GET /api/v1/auth/me HTTP/1.1\r\n" H
		  "Authorization: Bearer nonsense\r\n\r\n",
		    401 },
	};
	const size_t kinds_count = sizeof(kinds) / sizeof(kinds[0]);
	struct suite *suite = *state;
	struct wire *wires[40] = { NULL };
	const size_t count = sizeof(wires) / sizeof(wires[0]);
	const char *why = NULL;
	struct answer answer;

	for (size_t i = 0; i < count; i++)
		wires[i] = wire_open(rig_port(suite->rig), false);
	for (size_t turn = 0; turn < 20; turn++) {
		for (size_t i = 0; i < count; i++) {
			const char *request =
			    kinds[(i + turn * turn) % kinds_count].request;

			(void)wire_send(
			    wires[i], request, strlen(request), false);
		}
		for (size_t i = 0; i < count; i++) {
			if (!wire_await(
				wires[i], false, ANSWER_MS, &answer, &why))
				fail_msg("connection %zu: %s", i, why);
			assert_int_equal(answer.status,
			    kinds[(i + turn * turn) % kinds_count].status);
			assert_int_equal(wire_left(wires[i]), 0);
		}
	}
	for (size_t i = 0; i < count; i++)
		wire_close(&wires[i]);
}

/* -------- time -------- */

/* What is not finished in time; one that keeps sending is not, either. */
static const struct late {
	const char *first, *more;
	int status; /* 0 for an end without a word */
	bool asked; /* a whole request is answered first */
} late[] = {
	{ "", "", 0, false },
	{ GET, "", 0, true },
	{ "GET /healthz HTTP/1.1\r\n", "", 408, false },
	{ "HEAD /healthz HTTP/1.1\r\n", "", 408, false },
	{ "GET /healthz HTTP/1.1\r\n" H "X-A: ", "a", 408, false },
	{ LOGIN "Content-Length: 1000\r\n\r\n{", "", 408, false },
	{ LOGIN "Content-Length: 9000\r\n\r\n{", " ", 408, false },
	{ LOGIN "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", "", 408,
	    false },
};

#define LATE	(sizeof(late) / sizeof(late[0]))
#define LATE_MS (INT64_C(25000) * RIG_SLACK)

/* Looks at one of them; returns true once it is over as it should be. */
static bool
is_over(struct wire *wire, const struct late *each, struct answer *answer)
{
	const bool is_head = strncmp(each->first, "HEAD", 4) == 0;

	if (answer->status < 200 && wire_take(wire, is_head, answer) &&
	    answer->status >= 200 &&
	    (answer->status != each->status || !is_refusal(answer, is_head)))
		fail_msg(
		    "%s: %d %s", each->first, answer->status, answer->body);
	switch (wire_listen(wire, 0)) {
	case WIRE_BYTES:
		return false;
	case WIRE_SILENCE:
		if (each->more[0] != '\0' && answer->status < 200)
			(void)wire_send(wire, each->more, 1, false);
		return false;
	case WIRE_BROKEN:
		fail_msg("%s: the connection was reset", each->first);
		return false;
	case WIRE_END:
		break;
	}
	/* The answer may have come in this look. */
	if (wire_left(wire) > 0)
		return false;
	if (answer->status < 200 && each->status != 0)
		fail_msg("%s: no answer", each->first);
	return true;
}

static void
what_is_not_finished_in_time_is_408(void **state)
{
	struct suite *suite = *state;
	struct wire *wires[LATE] = { NULL };
	struct answer answers[LATE] = { 0 };
	struct counters before = counters_read(suite), after;
	const int64_t end = rig_deadline(LATE_MS);
	const char *why = NULL;
	size_t open = LATE;

	for (size_t i = 0; i < LATE; i++) {
		wires[i] = wire_open(rig_port(suite->rig), false);
		(void)wire_send(
		    wires[i], late[i].first, strlen(late[i].first), false);
		if (late[i].asked) {
			if (!wire_await(
				wires[i], false, ANSWER_MS, &answers[i], &why))
				fail_msg("%s: %s", late[i].first, why);
			assert_int_equal(answers[i].status, 200);
			answers[i].status = 0;
		}
	}
	while (open > 0) {
		for (size_t i = 0; i < LATE; i++) {
			if (wires[i] == NULL ||
			    !is_over(wires[i], &late[i], &answers[i]))
				continue;
			wire_close(&wires[i]);
			open--;
		}
		if (open > 0)
			rig_look_again(end, "late connections to be closed");
	}
	after = counters_read(suite);
	assert_int_equal(after.handled - before.handled, 1);
	assert_int_equal(after.refused - before.refused, LATE - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_is_answered_as_the_table_says),
		cmocka_unit_test(memory_does_not_move_with_malformed_requests),
		cmocka_unit_test(flood_behind_a_body_costs_no_memory),
		cmocka_unit_test(answers_come_in_the_order_of_the_requests),
		cmocka_unit_test(answers_do_not_cross_between_connections),
		cmocka_unit_test(what_is_not_finished_in_time_is_408),
	};

	return cmocka_run_group_tests_name(
	    "http_gate", tests, set_up, tear_down);
}
