/*
 * Services that are down, hang, come back, or are sent nonsense: what clients
 * are told meanwhile, and that nothing is lost.
 */
#include <czmq.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/nonsense.h"
#include "tests/e2e/suite.h"

/* Far more than any answer takes, so that one that comes sooner has not
 * waited for it. */
#define LONG_TIMEOUT_MS	 20000
#define SHORT_TIMEOUT_MS 500
#define AT_ONCE_S	 (LONG_TIMEOUT_MS / 2000.0)
#define RECOVERS_MS	 INT64_C(2000) /* what is promised */
#define LONG_MS		 (INT64_C(10000) * RIG_SLACK)
#define TOKENS		 20
#define FRAMES		 400
#define HANG_MS		 600 /* a question on changes, and no sign of death */

#define text_of(number)	 text_of_(number)
#define text_of_(number) #number

static int
set_up_patient(void **state)
{
	static const char *const settings[] = { "AIC_CHALLENGE_SHARDS=2",
		"AIC_REQUEST_TIMEOUT_MS=" text_of(LONG_TIMEOUT_MS), NULL };

	return suite_start(state, settings);
}

static int
set_up_impatient(void **state)
{
	static const char *const settings[] = {
		"AIC_REQUEST_TIMEOUT_MS=" text_of(SHORT_TIMEOUT_MS), NULL
	};

	return suite_start(state, settings);
}

static int
set_up_narrow(void **state)
{
	static const char *const settings[] = { "AIC_MAX_IN_FLIGHT=2",
		"AIC_REQUEST_TIMEOUT_MS=" text_of(SHORT_TIMEOUT_MS), NULL };

	return suite_start(state, settings);
}

/* -------- shards -------- */

/* Creates until it works, while the gateway finds out who is left. */
static void
await_creates(struct suite *suite, const char *key)
{
	const int64_t end = rig_deadline(RECOVERS_MS * RIG_SLACK);

	while (flow_create(suite->client, key)->status != 200)
		rig_look_again(end, "challenges to be created");
}

static void
two_shards_route_by_token(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenges[TOKENS];
	bool refused[TOKENS];
	const struct reply *reply = NULL;
	size_t refusals = 0;

	for (size_t i = 0; i < TOKENS; i++)
		challenges[i] = flow_challenge(suite->client, key.secret);
	rig_end(suite->rig, RIG_CHALLENGE_1);
	await_creates(suite, key.secret);
	for (size_t i = 0; i < TOKENS; i++) {
		reply = flow_verify(suite->client, key.secret,
		    challenges[i].token, challenges[i].answer);
		refused[i] = reply->status == 503;
		if (refused[i]) {
			refusals++;
			continue;
		}
		want_status(reply, 200);
		assert_true(want_boolean(reply, "success"));
	}
	/* Creates went to both in turn, and now go to the one that is left. */
	assert_int_equal(refusals, TOKENS / 2);
	for (int i = 0; i < TOKENS; i++)
		want_status(flow_create(suite->client, key.secret), 200);
	rig_restart(suite->rig, RIG_CHALLENGE_1);
	rig_await_ready(suite->rig);
	for (size_t i = 0; i < TOKENS; i++) {
		reply = flow_verify(suite->client, key.secret,
		    challenges[i].token, challenges[i].answer);
		want_status(reply, 200);
		assert_int_equal(want_boolean(reply, "success"), refused[i]);
	}
}

/* A create that could not be sent goes to the other shard; only one that was
 * on its way when the service went is in doubt. */
static void
create_goes_to_the_shard_that_is_left(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const struct reply *reply = NULL;

	for (int i = 0; i < TOKENS; i++)
		want_status(flow_create(suite->client, key.secret), 200);
	rig_kill(suite->rig, RIG_CHALLENGE_1);
	for (int i = 0; i < TOKENS; i++) {
		reply = flow_create(suite->client, key.secret);
		if (reply->status == 504)
			want_problem(
			    suite->client, reply, 504, "connection-lost", NULL);
		else
			want_status(reply, 200);
	}
}

struct asking {
	const char *key;
	struct client *client;
	const struct reply *reply;
};

static void *
ask(void *arg)
{
	struct asking *asking = arg;

	asking->reply = flow_create(asking->client, asking->key);
	return NULL;
}

static bool
both_shards_are_down(struct suite *suite)
{
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/readyz" });

	return strcmp(want_string(reply, "services.challenge-0"), "down") ==
	    0 &&
	    strcmp(want_string(reply, "services.challenge-1"), "down") == 0;
}

/* A create that both shards hang over is lost when they go. It has been sent
 * unless the thread was so late that they had been given up: then once more. */
static void
request_lost_on_its_way_is_in_doubt(void **state)
{
	struct suite *suite = *state;
	const int64_t end = rig_deadline(LONG_MS);
	struct asking asking = { .key = flow_easy_key(suite->client).secret };
	pthread_t thread;

	want_status(flow_create(suite->client, asking.key), 200);
	asking.client = client_new(rig_port(suite->rig));
	do {
		rig_mend(suite->rig);
		rig_pause(suite->rig, RIG_CHALLENGE_0);
		rig_pause(suite->rig, RIG_CHALLENGE_1);
		assert_int_equal(
		    pthread_create(&thread, NULL, ask, &asking), 0);
		while (!both_shards_are_down(suite))
			rig_look_again(end, "the gateway to give them up");
		rig_kill(suite->rig, RIG_CHALLENGE_0);
		rig_kill(suite->rig, RIG_CHALLENGE_1);
		assert_int_equal(pthread_join(thread, NULL), 0);
	} while (asking.reply->status == 503);
	want_problem(asking.client, asking.reply, 504, "connection-lost", NULL);
	client_free(&asking.client);
}

/* -------- down -------- */

/* 503 at once: with Retry-After, and long before the time-out. */
static void
want_unavailable(struct suite *suite, const struct reply *reply)
{
	const char *retry = NULL;

	want_problem(suite->client, reply, 503, "service-unavailable", NULL);
	retry = reply_header(suite->client, reply, "Retry-After");
	assert_non_null(retry);
	assert_true(strtol(retry, NULL, 10) >= 1);
	if (reply->seconds > AT_ONCE_S)
		fail_msg("%s: 503 after %.1f s", reply->what, reply->seconds);
}

static void
want_ready_to_name(struct suite *suite, const char *service)
{
	const int64_t end = rig_deadline(RECOVERS_MS * RIG_SLACK);
	const char *path = client_text(suite->client, "services.%s", service);
	const struct reply *reply = NULL;

	for (;;) {
		reply = client_send(
		    suite->client, &(struct request){ .path = "/readyz" });
		if (reply->status == 503)
			break;
		rig_look_again(end, "/readyz to notice");
	}
	assert_string_equal(want_string(reply, "status"), "unavailable");
	assert_string_equal(want_string(reply, path), "down");
	reply = client_send(
	    suite->client, &(struct request){ .path = "/healthz" });
	want_status(reply, 200);
}

static void
service_down_is_503_at_once(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	struct challenge challenge = flow_challenge(suite->client, key.secret);

	rig_end(suite->rig, RIG_CHALLENGE_0);
	rig_kill(suite->rig, RIG_CHALLENGE_1);
	for (int i = 0; i < 4; i++) {
		want_unavailable(suite, flow_create(suite->client, key.secret));
		want_unavailable(suite,
		    flow_verify(suite->client, key.secret, challenge.token,
			challenge.answer));
		want_unavailable(suite,
		    flow_siteverify(
			suite->client, key.secret, challenge.token));
	}
	want_ready_to_name(suite, "challenge-0");
	want_status(flow_overview(suite->client, account.jwt), 200);
}

static void
analytics_down_is_503_for_the_dashboard_only(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");

	rig_kill(suite->rig, RIG_ANALYTICS);
	want_unavailable(suite, flow_overview(suite->client, account.jwt));
	want_unavailable(suite,
	    client_send(suite->client,
		&(struct request){ .path = "/api/v1/analytics/timeseries",
		    .jwt = account.jwt }));
	(void)flow_verified(suite->client, key.secret);
	want_ready_to_name(suite, "analytics");
}

static void
cached_key_survives_auth_down(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key cached = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct key unseen = flow_key(suite->client, &account, "");
	const char *token = NULL;

	want_status(flow_create(suite->client, cached.secret), 200);
	rig_kill(suite->rig, RIG_AUTH);
	for (int i = 0; i < 5; i++) {
		token = flow_verified(suite->client, cached.secret);
		want_status(
		    flow_siteverify(suite->client, cached.secret, token), 200);
		want_unavailable(
		    suite, flow_create(suite->client, unseen.secret));
		want_unavailable(suite,
		    flow_login(suite->client, account.email, FLOW_PASSWORD));
		want_unavailable(
		    suite, flow_overview(suite->client, account.jwt));
		want_unavailable(suite,
		    client_send(suite->client,
			&(struct request){
			    .path = "/api/v1/api-keys", .jwt = account.jwt }));
	}
	want_ready_to_name(suite, "auth");
	want_status(flow_create(suite->client, cached.secret), 200);
	rig_restart(suite->rig, RIG_AUTH);
	rig_await_ready(suite->rig);
	want_status(flow_create(suite->client, unseen.secret), 200);
}

/* -------- back again -------- */

static void
recovers_after_restart(void **state)
{
	struct suite *suite = *state;
	static const enum rig_process services[] = { RIG_CHALLENGE_0,
		RIG_CHALLENGE_1, RIG_AUTH, RIG_ANALYTICS };
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct challenge challenges[TOKENS];
	const struct reply *reply = NULL;

	for (size_t i = 0; i < TOKENS; i++)
		challenges[i] = flow_challenge(suite->client, key.secret);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		rig_kill(suite->rig, services[i]);
		rig_restart(suite->rig, services[i]);
		rig_await_ready(suite->rig);
	}
	/* What was acknowledged before is still there. */
	for (size_t i = 0; i < TOKENS; i++) {
		reply = flow_verify(suite->client, key.secret,
		    challenges[i].token, challenges[i].answer);
		want_status(reply, 200);
		assert_true(want_boolean(reply, "success"));
	}
	(void)flow_verified(suite->client, key.secret);
	want_status(flow_overview(suite->client, account.jwt), 200);
}

static void
gateway_comes_back_with_nothing_lost(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	rig_end(suite->rig, RIG_GATEWAY);
	rig_restart(suite->rig, RIG_GATEWAY);
	rig_await_ready(suite->rig);
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
}

/* Its first answer is no 503: it waits for its connections to the services. */
static void
restarted_gateway_answers_from_the_start(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const int64_t end = rig_deadline(LONG_MS);
	const struct reply *reply = NULL;

	rig_end(suite->rig, RIG_GATEWAY);
	rig_restart(suite->rig, RIG_GATEWAY);
	for (;;) {
		reply = flow_create(suite->client, key.secret);
		if (reply->status != 0)
			break;
		rig_look_again(end, "the gateway to listen");
	}
	want_status(reply, 200);
}

/* Has auth-svc, which hangs, go on after some time. */
static void *
resume_auth(void *arg)
{
	const pid_t *pid = arg;

	(void)poll(NULL, 0, HANG_MS);
	(void)kill(*pid, SIGCONT);
	return NULL;
}

/*
 * auth-svc answers on keys that were changed a moment ago, and right behind
 * that tells that they have changed, which makes the gateway forget what it has
 * just heard: that is no refusal.
 */
static void
word_of_a_change_right_behind_a_key_refuses_nobody(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *replies[TOKENS];
	struct request requests[TOKENS];
	struct key keys[TOKENS];
	pid_t auth = rig_pid(suite->rig, RIG_AUTH);
	pthread_t thread;

	for (size_t i = 0; i < TOKENS; i++) {
		keys[i] = flow_key(suite->client, &account, "");
		requests[i] = (struct request){ .method = "POST",
			.path = "/api/v2/challenges",
			.key = keys[i].secret };
	}
	for (size_t i = 0; i < TOKENS; i++)
		want_status(client_send(suite->client,
				&(struct request){ .method = "PATCH",
				    .path = client_text(suite->client,
					"/api/v1/api-keys/%s", keys[i].id),
				    .jwt = account.jwt,
				    .body = "{\"name\":\"changed\"}" }),
		    200);
	rig_pause(suite->rig, RIG_AUTH);
	assert_int_equal(pthread_create(&thread, NULL, resume_auth, &auth), 0);
	client_send_all(suite->client, requests, TOKENS, replies);
	assert_int_equal(pthread_join(thread, NULL), 0);
	for (size_t i = 0; i < TOKENS; i++)
		want_status(replies[i], 200);
}

/* Connected, but silent, when the gateway is told to end. */
static void
ending_gateway_answers_who_was_connected(void **state)
{
	static const char request[] =
	    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct suite *suite = *state;
	char answer[2048] = "";
	size_t got = 0;
	ssize_t n = 0;
	const int fd = client_dial(rig_port(suite->rig), false);

	assert_int_equal(kill(rig_pid(suite->rig, RIG_GATEWAY), SIGTERM), 0);
	assert_int_equal(send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL),
	    sizeof(request) - 1);
	while ((n = recv(fd, answer + got, sizeof(answer) - 1 - got, 0)) > 0)
		got += (size_t)n;
	assert_int_equal(n, 0);
	assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
	(void)close(fd);
	rig_end(suite->rig, RIG_GATEWAY);
}

/* -------- hanging -------- */

static void
hung_service_is_504(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const int64_t end = rig_deadline(LONG_MS);

	want_status(flow_create(suite->client, key.secret), 200);
	rig_pause(suite->rig, RIG_CHALLENGE_0);
	want_problem(suite->client, flow_create(suite->client, key.secret), 504,
	    "deadline-exceeded", NULL);
	rig_pause(suite->rig, RIG_AUTH);
	want_problem(suite->client,
	    flow_login(suite->client, account.email, FLOW_PASSWORD), 504,
	    "deadline-exceeded", NULL);
	rig_pause(suite->rig, RIG_ANALYTICS);
	rig_resume(suite->rig, RIG_AUTH);
	for (;;) {
		const struct reply *reply = flow_overview(
		    suite->client, account.jwt);

		/* Until auth-svc is known to be back, it may be 503. */
		if (reply->status == 504)
			break;
		assert_int_not_equal(reply->status, 200);
		if (reply_header(suite->client, reply, "Retry-After") == NULL)
			fail_msg("%d: %s", reply->status, reply->body);
		rig_look_again(end, "the dashboard's 504");
	}
	rig_resume(suite->rig, RIG_ANALYTICS);
	rig_resume(suite->rig, RIG_CHALLENGE_0);
	rig_await_ready(suite->rig);
	/* Late replies are nobody's. */
	for (int i = 0; i < TOKENS; i++)
		(void)flow_verified(suite->client, key.secret);
}

static void
long_hang_becomes_503_and_recovers(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const int64_t end = rig_deadline(LONG_MS);

	want_status(flow_create(suite->client, key.secret), 200);
	rig_pause(suite->rig, RIG_CHALLENGE_0);
	while (flow_create(suite->client, key.secret)->status != 503)
		rig_look_again(end, "the gateway to give up on the service");
	rig_resume(suite->rig, RIG_CHALLENGE_0);
	await_creates(suite, key.secret);
}

/* Two requests may wait, whoever comes then is told at once to come again. */
static void
full_service_is_503_at_once(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const struct reply *replies[TOKENS];
	struct request requests[TOKENS];
	size_t waited = 0;

	want_status(flow_create(suite->client, key.secret), 200);
	for (size_t i = 0; i < TOKENS; i++)
		requests[i] = (struct request){ .method = "POST",
			.path = "/api/v2/challenges",
			.key = key.secret };
	rig_pause(suite->rig, RIG_CHALLENGE_0);
	client_send_all(suite->client, requests, TOKENS, replies);
	for (size_t i = 0; i < TOKENS; i++) {
		if (replies[i]->status == 504) {
			waited++;
			continue;
		}
		want_problem(suite->client, replies[i], 503, "busy", NULL);
		assert_non_null(
		    reply_header(suite->client, replies[i], "Retry-After"));
	}
	assert_in_range(waited, 1, 2);
}

/* -------- nonsense -------- */

static int64_t
dropped(struct suite *suite, const char *service)
{
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	const char *at = NULL;

	want_status(reply, 200);
	at = strstr(reply->body,
	    client_text(suite->client,
		"aic_service_dropped_total{service=\"%s\"} ", service));
	if (at == NULL) {
		fail_msg("no aic_service_dropped_total of %s", service);
		return -1;
	}
	return strtoll(at + strcspn(at, " "), NULL, 10);
}

static void
random_frames_end_no_process(void **state)
{
	struct suite *suite = *state;
	static const struct {
		enum rig_process process;
		const char *service;
	} targets[] = { { RIG_CHALLENGE_0, "challenge-0" },
		{ RIG_CHALLENGE_1, "challenge-1" }, { RIG_AUTH, "auth" },
		{ RIG_ANALYTICS, "analytics" } };
	const size_t count = sizeof(targets) / sizeof(targets[0]);
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const int64_t end = rig_deadline(LONG_MS);
	uint64_t random = 0x9e3779b97f4a7c15;
	int64_t before;

	for (size_t i = 0; i < count; i++) {
		before = dropped(suite, targets[i].service);
		(void)nonsense_send(
		    rig_endpoint(suite->rig, targets[i].process), &random,
		    FRAMES);
		while (dropped(suite, targets[i].service) <= before)
			rig_look_again(end, "the nonsense to be counted");
	}
	for (size_t i = 0; i < count; i++)
		assert_true(rig_runs(suite->rig, targets[i].process));
	for (int i = 0; i < TOKENS; i++)
		(void)flow_verified(suite->client, key.secret);
	want_status(flow_overview(suite->client, account.jwt), 200);
	want_status(
	    flow_login(suite->client, account.email, FLOW_PASSWORD), 200);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest patient_tests[] = {
		unit(two_shards_route_by_token),
		unit(service_down_is_503_at_once),
		unit(analytics_down_is_503_for_the_dashboard_only),
		unit(cached_key_survives_auth_down),
		unit(recovers_after_restart),
		unit(gateway_comes_back_with_nothing_lost),
		unit(restarted_gateway_answers_from_the_start),
		unit(word_of_a_change_right_behind_a_key_refuses_nobody),
		unit(ending_gateway_answers_who_was_connected),
		unit(create_goes_to_the_shard_that_is_left),
		unit(request_lost_on_its_way_is_in_doubt),
		unit(random_frames_end_no_process),
	};
	const struct CMUnitTest impatient_tests[] = {
		unit(hung_service_is_504),
		unit(long_hang_becomes_503_and_recovers),
	};
	const struct CMUnitTest narrow_tests[] = {
		unit(full_service_is_503_at_once),
	};
	int failures;

	/* The signals are this program's own. */
	zsys_handler_set(NULL);
	failures = cmocka_run_group_tests(
	    patient_tests, set_up_patient, suite_tear_down);
	failures += cmocka_run_group_tests(
	    impatient_tests, set_up_impatient, suite_tear_down);
	failures += cmocka_run_group_tests(
	    narrow_tests, set_up_narrow, suite_tear_down);
	zsys_shutdown();
	return failures;
}
