/*
 * G1 to G4: what happens between the gateway and the services when replies are
 * late, wrong or missing, and when a service is down, full, sent nonsense, or
 * started again under load.
 */
#include <czmq.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/nonsense.h"
#include "tests/e2e/suite.h"
#include "tests/proof/crowd.h"
#include "tests/proof/impostor.h"
#include "tests/proof/proof.h"

#define TIMEOUT_MS   2000
#define AT_ONCE_MS   (50.0 * RIG_SLACK)
#define TIMED_OUT_S  (TIMEOUT_MS / 1000.0)
#define HUNG_S	     (TIMED_OUT_S + 2.0 * RIG_SLACK)
#define RECOVERS_MS  INT64_C(2000) /* what is promised */
#define LONG_MS	     (INT64_C(20000) * RIG_SLACK)
#define CROWD	     6
#define IN_FLIGHT    4
#define IN_FLIGHT_IS "AIC_MAX_IN_FLIGHT=4"
#define ASKED	     40 /* requests at one time */
#define DOWN_MAX     3000
#define DROPPED	     "aic_gateway_replies_dropped_total"

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_REQUEST_TIMEOUT_MS=2000",
		NULL };

	return suite_start(state, settings);
}

static int
set_up_narrow(void **state)
{
	static const char *const settings[] = { "AIC_REQUEST_TIMEOUT_MS=2000",
		IN_FLIGHT_IS, NULL };

	return suite_start(state, settings);
}

static void
rest(int64_t ms)
{
	(void)poll(NULL, 0, (int)ms);
}

static void
want_retry_after(struct suite *suite, const struct reply *reply)
{
	const char *retry = reply_header(suite->client, reply, "Retry-After");

	assert_non_null(retry);
	assert_true(strtol(retry, NULL, 10) >= 1);
}

/* -------- G1 -------- */

static void
late_replies_are_dropped_and_none_crosses(void **state)
{
	static const enum rig_process services[] = { RIG_CHALLENGE_0,
		RIG_AUTH };
	const int64_t rounds = proof_count(2, 200);
	struct suite *suite = *state;
	const int64_t before = proof_metric(suite->client, DROPPED);
	const int64_t end = rig_deadline(LONG_MS + rounds * 6000 * RIG_SLACK);
	struct crowd *crowd = crowd_start(rig_port(suite->rig), CROWD);
	struct crowd_counts counts;
	int64_t late = 0;

	for (int64_t i = 0; i < rounds; i++) {
		const enum rig_process process = services[i % 2];

		rest((int64_t)proof_random(50));
		rig_pause(suite->rig, process);
		rest(TIMEOUT_MS + 50);
		rig_resume(suite->rig, process);
		do {
			rig_look_again(end, "late replies to be counted");
			late = proof_metric(suite->client, DROPPED) - before;
		} while (late < i + 1);
		rig_await_ready(suite->rig);
		client_forget(suite->client);
	}
	counts = crowd_stop(&crowd);
	if (counts.unexpected[0] != '\0')
		fail_msg("%s", counts.unexpected);
	assert_true(counts.own > 0);
	proof_say("G1: %" PRId64
		  " pauses past the deadline under load, %" PRId64
		  " late replies dropped and counted; %" PRId64
		  " answers compared with what their asker owns, 0 crossed",
	    rounds, late, counts.own);
}

static void
replies_nobody_waits_for_are_dropped_and_counted(void **state)
{
	const int64_t asked = proof_count(200, 20000);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = proof_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	const int64_t end = rig_deadline(LONG_MS);
	struct impostor *impostor = NULL;
	struct impostor_counts sent;
	const struct reply *reply = NULL;
	const char *own = NULL;
	int64_t before, dropped, wrong, answered = 0;

	want_status(flow_create(keeper, key.secret), 200);
	rig_end(suite->rig, RIG_CHALLENGE_0);
	before = proof_metric(suite->client, DROPPED);
	impostor = impostor_start(rig_endpoint(suite->rig, RIG_CHALLENGE_0));
	while (answered < asked) {
		own = client_text(suite->client, "own-%" PRId64, answered);
		reply = client_send(suite->client,
		    &(struct request){ .path = "/api/v2/challenges",
			.key = key.secret,
			.body = client_text(
			    suite->client, "{\"cdata\":\"%s\"}", own) });
		/* Until the gateway knows that somebody is there. */
		if (answered == 0 && reply->status == 503) {
			rig_look_again(end, "the impostor to be found");
			continue;
		}
		want_status(reply, 200);
		assert_string_equal(want_string(reply, "token"), own);
		answered++;
		client_forget(suite->client);
	}
	sent = impostor_stop(&impostor);
	wrong = sent.unknown + sent.other + sent.late + sent.noise;
	do {
		rig_look_again(end, "every wrong reply to be counted");
		dropped = proof_metric(suite->client, DROPPED) - before;
	} while (dropped < wrong);
	assert_true(rig_runs(suite->rig, RIG_GATEWAY));
	proof_say(
	    "G1: %" PRId64 " right replies, each behind wrong ones: %" PRId64
	    " of unknown correlation, %" PRId64 " of another message, %" PRId64
	    " repeated, %" PRId64 " of random bytes; %" PRId64
	    " dropped and counted, 0 believed",
	    sent.right, sent.unknown, sent.other, sent.late, sent.noise,
	    dropped);
	client_free(&keeper);
}

/* -------- G2 -------- */

static int
compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

/* Nine of ten within the promise: this host has other work, too. */
static void
want_at_once(double seconds[], size_t count, const char *what)
{
	double most;

	qsort(seconds, count, sizeof(seconds[0]), compare);
	most = seconds[count * 9 / 10] * 1e3;
	proof_say("G2: %s: %zu answers of 503 with Retry-After, half of them"
		  " within %.2f ms, nine of ten within %.2f ms, all within"
		  " %.2f ms",
	    what, count, seconds[count / 2] * 1e3, most,
	    seconds[count - 1] * 1e3);
	if (most > AT_ONCE_MS)
		fail_msg("%s: 503 after %.2f ms", what, most);
}

static void
service_down_is_503_at_once(void **state)
{
	const size_t count = (size_t)proof_count(150, DOWN_MAX);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = proof_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	struct challenge challenge = flow_challenge(keeper, key.secret);
	const int64_t end = rig_deadline(LONG_MS);
	const struct reply *reply = NULL;
	static double seconds[DOWN_MAX];

	rig_kill(suite->rig, RIG_CHALLENGE_0);
	while (flow_create(suite->client, key.secret)->status != 503)
		rig_look_again(end, "the gateway to notice");
	for (size_t i = 0; i < count; i++) {
		if (i % 3 == 0)
			reply = flow_create(suite->client, key.secret);
		else if (i % 3 == 1)
			reply = flow_verify(suite->client, key.secret,
			    challenge.token, challenge.answer);
		else
			reply = flow_siteverify(
			    suite->client, key.secret, challenge.token);
		want_status(reply, 503);
		want_retry_after(suite, reply);
		seconds[i] = reply->seconds;
		client_forget(suite->client);
	}
	want_at_once(seconds, count, "service down");
	client_free(&keeper);
}

static void
service_full_is_503_at_once_and_the_rest_504(void **state)
{
	const int64_t rounds = proof_count(2, 50);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = proof_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	static double seconds[DOWN_MAX];
	const struct reply *replies[ASKED];
	struct request requests[ASKED];
	double slowest = 0;
	int64_t late = 0;
	size_t count = 0;

	for (size_t i = 0; i < ASKED; i++)
		requests[i] = (struct request){ .method = "POST",
			.path = "/api/v2/challenges",
			.key = key.secret };
	for (int64_t round = 0; round < rounds; round++) {
		want_status(flow_create(suite->client, key.secret), 200);
		rig_pause(suite->rig, RIG_CHALLENGE_0);
		client_send_all(suite->client, requests, ASKED, replies);
		rig_resume(suite->rig, RIG_CHALLENGE_0);
		for (size_t i = 0; i < ASKED; i++) {
			if (replies[i]->status == 504) {
				late++;
				assert_true(
				    replies[i]->seconds > TIMED_OUT_S * 0.9);
				if (replies[i]->seconds > slowest)
					slowest = replies[i]->seconds;
				continue;
			}
			want_problem(
			    suite->client, replies[i], 503, "busy", NULL);
			want_retry_after(suite, replies[i]);
			seconds[count++] = replies[i]->seconds;
		}
		rig_await_ready(suite->rig);
		client_forget(suite->client);
	}
	/* A ping may have one of the places. */
	assert_in_range(late, rounds, rounds * IN_FLIGHT);
	assert_true(slowest < HUNG_S);
	want_at_once(seconds, count, "service full");
	proof_say("G2: %" PRId64 " requests past a deadline of %d ms: all 504,"
		  " the last after %.0f ms",
	    late, TIMEOUT_MS, slowest * 1e3);
	client_free(&keeper);
}

/* -------- G3 -------- */

static void
random_frames_end_no_process(void **state)
{
	static const struct {
		enum rig_process process;
		const char *dropped;
		const char *failures;
	} services[] = {
		{ RIG_CHALLENGE_0,
		    "aic_service_dropped_total{service=\"challenge-0\"}",
		    "aic_service_failures_total{service=\"challenge-0\"}" },
		{ RIG_AUTH, "aic_service_dropped_total{service=\"auth\"}",
		    "aic_service_failures_total{service=\"auth\"}" },
		{ RIG_ANALYTICS,
		    "aic_service_dropped_total{service=\"analytics\"}",
		    "aic_service_failures_total{service=\"analytics\"}" },
	};
	const size_t messages = 500;
	const int64_t rounds = proof_count(2, 200);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = proof_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	uint64_t random = 0x9e3779b97f4a7c15;
	int64_t before, counted = 0, frames = 0;

	for (int64_t i = 0; i < rounds * 3; i++) {
		const int64_t end = rig_deadline(LONG_MS);
		const size_t at = (size_t)i % 3;

		before = proof_metric(suite->client, services[at].dropped) +
		    proof_metric(suite->client, services[at].failures);
		frames += (int64_t)nonsense_send(
		    rig_endpoint(suite->rig, services[at].process), &random,
		    messages);
		/* Nearly all messages are one frame and are counted once. */
		while (proof_metric(suite->client, services[at].dropped) +
			proof_metric(suite->client, services[at].failures) -
			before <
		    (int64_t)messages * 9 / 10)
			rig_look_again(end, "nonsense to be counted");
		counted += proof_metric(suite->client, services[at].dropped) +
		    proof_metric(suite->client, services[at].failures) - before;
		assert_true(rig_runs(suite->rig, services[at].process));
		client_forget(suite->client);
	}
	(void)flow_verified(keeper, key.secret);
	account = proof_account(keeper);
	want_status(flow_overview(keeper, account.jwt), 200);
	client_free(&keeper);
	proof_say("G3: %" PRId64 " random frames in %" PRId64
		  " messages to the three services, %" PRId64
		  " of them counted as dropped or refused, no process ended",
	    frames, rounds * 3 * (int64_t)messages, counted);
}

/* -------- G4 -------- */

/* One request that needs the service. */
static const struct reply *
probe(struct suite *suite, enum rig_process process, const struct account *who,
    const char *key)
{
	switch (process) {
	case RIG_AUTH:
		return client_send(suite->client,
		    &(struct request){
			.path = "/api/v1/auth/me", .jwt = who->jwt });
	case RIG_ANALYTICS:
		return flow_overview(suite->client, who->jwt);
	case RIG_CHALLENGE_0:
	case RIG_CHALLENGE_1:
	case RIG_GATEWAY:
	case RIG_PROCESSES:
		break;
	}
	return flow_create(suite->client, key);
}

/* Milliseconds from the start of the service to the first answer of ten in a
 * row that are right. */
static int64_t
recover(struct suite *suite, enum rig_process process,
    const struct account *who, const char *key)
{
	const int64_t start = rig_now_ms();
	const int64_t end = start + LONG_MS;
	const struct reply *reply = NULL;
	int64_t recovered = 0;

	for (int right = 0; right < 10;) {
		reply = probe(suite, process, who, key);
		if (reply->status == 200) {
			if (right++ == 0)
				recovered = rig_now_ms() - start;
			continue;
		}
		if (reply->status != 503 && reply->status != 504)
			fail_msg("%s: %d %.300s", reply->what, reply->status,
			    reply->body);
		right = 0;
		rig_look_again(end, "a restarted service to answer");
	}
	client_forget(suite->client);
	return recovered;
}

static void
restarted_service_recovers_under_load(void **state)
{
	static const enum rig_process services[] = { RIG_CHALLENGE_0, RIG_AUTH,
		RIG_ANALYTICS };
	const int64_t rounds = proof_count(3, 100);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = proof_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	struct crowd *crowd = crowd_start(rig_port(suite->rig), CROWD);
	struct crowd_counts counts;
	int64_t took, most = 0, sum = 0;

	for (int64_t i = 0; i < rounds * 3; i++) {
		const enum rig_process process = services[i % 3];

		rest((int64_t)proof_random(100));
		rig_kill(suite->rig, process);
		rest((int64_t)proof_random(100));
		rig_restart(suite->rig, process);
		took = recover(suite, process, &account, key.secret);
		most = took > most ? took : most;
		sum += took;
	}
	counts = crowd_stop(&crowd);
	if (counts.unexpected[0] != '\0')
		fail_msg("%s", counts.unexpected);
	if (most > RECOVERS_MS * RIG_SLACK)
		fail_msg("recovered after %" PRId64 " ms", most);
	if (counts.slowest > HUNG_S)
		fail_msg("an answer took %.1f s", counts.slowest);
	client_free(&keeper);
	proof_say("G4: %" PRId64
		  " kills and starts under load, back after %" PRId64
		  " ms on average and %" PRId64 " ms at most; %" PRId64
		  " right answers and %" PRId64
		  " of 503 or 504, none missing, the slowest after %.0f ms",
	    rounds * 3, sum / (rounds * 3), most, counts.own, counts.errors,
	    counts.slowest * 1e3);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(late_replies_are_dropped_and_none_crosses),
		unit(replies_nobody_waits_for_are_dropped_and_counted),
		unit(service_down_is_503_at_once),
		unit(random_frames_end_no_process),
		unit(restarted_service_recovers_under_load),
	};
	const struct CMUnitTest narrow_tests[] = {
		unit(service_full_is_503_at_once_and_the_rest_504),
	};
	int failures;

	/* The signals are this program's own. */
	zsys_handler_set(NULL);
	failures = cmocka_run_group_tests(tests, set_up, suite_tear_down);
	failures += cmocka_run_group_tests(
	    narrow_tests, set_up_narrow, suite_tear_down);
	zsys_shutdown();
	return proof_end(failures);
}
