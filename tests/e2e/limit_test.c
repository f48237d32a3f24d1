/*
 * Limits by client address and on guessing passwords. The gateway has three
 * workers, which count together; clients are told apart by what a trusted
 * proxy (whoever connects from 127.0.0.1) says of them.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define ADDRESS_LIMIT  60 /* requests a minute of one address */
#define PASSWORD_LIMIT 25 /* sign-ins and registrations of one */
#define ATTEMPTS_FREE  10 /* wrong passwords of an account without a wait */
#define CROWD	       16 /* requests at one time */
#define MINUTE_S       INT64_C(60)

#define NOBODY	   "nobody@example.com"
#define WRONG	   "not the password"
#define FORWARDED  "X-Forwarded-For: "
#define LOGIN_PATH "/api/v1/auth/login"

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_GATEWAY_WORKERS=3",
		"AIC_ADDRESS_RATE_LIMIT=60", "AIC_PASSWORD_RATE_LIMIT=25",
		NULL };

	return suite_start(state, settings);
}

static int64_t
field_number(struct suite *suite, const struct reply *reply, const char *name)
{
	const char *text = reply_header(suite->client, reply, name);
	char *end = NULL;
	int64_t number;

	if (text == NULL) {
		fail_msg("%s: no %s in\n%s", reply->what, name, reply->headers);
		return 0;
	}
	number = strtoll(text, &end, 10);
	assert_true(end != text && *end == '\0');
	return number;
}

/* The answer to who is over a limit, with all of its fields. */
static void
want_limited(struct suite *suite, const struct reply *reply, int64_t limit)
{
	const int64_t wait = field_number(suite, reply, "retry-after");

	want_problem(suite->client, reply, 429, "rate-limited", NULL);
	assert_in_range(wait, 1, MINUTE_S + 1);
	assert_int_equal(field_number(suite, reply, "ratelimit-limit"), limit);
	assert_int_equal(field_number(suite, reply, "ratelimit-remaining"), 0);
	assert_in_range(
	    field_number(suite, reply, "ratelimit-reset"), 1, MINUTE_S + 1);
}

/* -------- every request -------- */

/*
 * Sends `count` requests, a crowd at a time and each over a connection of its
 * own, so that every worker gets some. forwarded is a format with one %d.
 * Returns how many were not limited; *last is a limited one.
 */
static size_t
taken_of(struct suite *suite, const char *forwarded, size_t count,
    const struct reply **last)
{
	struct request requests[CROWD];
	const struct reply *replies[CROWD];
	size_t taken = 0;
	const char *before = strstr(forwarded, "%d");

	assert_non_null(before);
	for (size_t done = 0; done < count; done += CROWD) {
		for (size_t i = 0; i < CROWD; i++)
			requests[i] = (struct request){
				.path = "/api/v1/auth/me",
				.headers = { client_text(suite->client,
				    "%.*s%zu%s", (int)(before - forwarded),
				    forwarded, (done + i) % 250, before + 2) },
			};
		client_send_all(suite->client, requests, CROWD, replies);
		for (size_t i = 0; i < CROWD; i++) {
			if (replies[i]->status == 429)
				*last = replies[i];
			else
				want_status(replies[i], 401);
			taken += replies[i]->status != 429;
		}
	}
	return taken;
}

/* The crowd is there within a minute, in which nothing is free again. */
static void
want_one_address(struct suite *suite, const char *forwarded)
{
	const struct reply *last = NULL;

	assert_int_equal(taken_of(suite, forwarded,
			     (size_t)2 * ADDRESS_LIMIT + CROWD, &last),
	    ADDRESS_LIMIT);
	assert_non_null(last);
	want_limited(suite, last, ADDRESS_LIMIT);
}

static void
address_limit_holds_across_workers(void **state)
{
	want_one_address(*state, FORWARDED "192.0.2.%d, 198.51.100.1");
}

static void
ipv6_network_counts_as_one_address(void **state)
{
	want_one_address(*state, FORWARDED "2001:db8:1:1:%d::1");
}

static void
client_cannot_choose_its_address(void **state)
{
	want_one_address(
	    *state, FORWARDED "nonsense, [::%d, 127.0.0.1, , 198.51.100.2:99");
}

static void
other_addresses_are_not_held_back(void **state)
{
	const struct reply *last = NULL;

	assert_int_equal(
	    taken_of(*state, FORWARDED "203.0.113.%d", 160, &last), 160);
	assert_int_equal(
	    taken_of(*state, FORWARDED "2001:db8:2:%d::1", 160, &last), 160);
	assert_null(last);
}

/* Neither probes of a supervisor nor pages are requests to the API. */
static void
health_and_pages_are_not_limited(void **state)
{
	static const char *const paths[] = { "/healthz", "/", "/widget/v1.js" };
	struct suite *suite = *state;
	struct request request = { .headers = { FORWARDED "198.51.100.3" } };
	const struct reply *last = NULL;

	(void)taken_of(suite, FORWARDED "192.0.2.%d, 198.51.100.3",
	    (size_t)2 * ADDRESS_LIMIT, &last);
	assert_non_null(last);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		request.path = paths[i];
		want_status(client_send(suite->client, &request), 200);
	}
}

/* Who is near the end of a limit is told so before. */
static void
answers_tell_how_the_limit_stands(void **state)
{
	struct suite *suite = *state;
	const struct request request = { .path = "/api/v1/auth/me",
		.headers = { FORWARDED "198.51.100.4" } };
	const struct reply *reply = NULL;

	for (int64_t left = ADDRESS_LIMIT - 1; left >= 0; left--) {
		reply = client_send(suite->client, &request);
		want_status(reply, 401);
		assert_int_equal(field_number(suite, reply, "ratelimit-limit"),
		    ADDRESS_LIMIT);
		assert_int_equal(
		    field_number(suite, reply, "ratelimit-remaining"), left);
	}
	want_limited(
	    suite, client_send(suite->client, &request), ADDRESS_LIMIT);
}

/* -------- passwords -------- */

static const struct reply *
sign_in(struct suite *suite, const char *email, const char *password,
    const char *forwarded)
{
	const struct request request = { .path = LOGIN_PATH,
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"%s\"}", email, password),
		.headers = { forwarded } };

	return client_send(suite->client, &request);
}

/* From the n-th address of a network of its own. */
static const char *
forwarded_for(struct suite *suite, int network, int n)
{
	return client_text(
	    suite->client, FORWARDED "10.%d.%d.%d", network, n / 250, n % 250);
}

static const char *
new_account(struct suite *suite, const char *forwarded)
{
	const char *email = flow_email(suite->client);
	const struct request request = { .path = "/api/v1/auth/register",
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		    email),
		.headers = { forwarded } };

	want_status(client_send(suite->client, &request), 201);
	return email;
}

static void
sign_ins_and_registrations_share_a_limit(void **state)
{
	struct suite *suite = *state;
	const char *forwarded = FORWARDED "198.51.100.5";
	size_t taken = 1;
	const struct reply *reply = NULL;

	(void)new_account(suite, forwarded);
	for (int i = 0; i < 2 * PASSWORD_LIMIT; i++) {
		reply = sign_in(
		    suite, flow_email(suite->client), WRONG, forwarded);
		if (reply->status == 429)
			continue;
		want_status(reply, 401);
		taken++;
	}
	assert_int_equal(taken, PASSWORD_LIMIT);
	want_limited(suite, reply, PASSWORD_LIMIT);
	want_status(sign_in(suite, flow_email(suite->client), WRONG,
			FORWARDED "198.51.100.6"),
	    401);
}

/* Wrong passwords from an address each, until there is a wait. */
static const struct reply *
guess_until_told_to_wait(struct suite *suite, const char *email, int network)
{
	const struct reply *reply = NULL;

	for (int i = 0; i < ATTEMPTS_FREE; i++) {
		reply = sign_in(
		    suite, email, WRONG, forwarded_for(suite, network, i));
		want_problem(
		    suite->client, reply, 401, "invalid-credentials", NULL);
	}
	for (int i = 0;; i++) {
		reply = sign_in(suite, email, WRONG,
		    forwarded_for(suite, network, ATTEMPTS_FREE + i));
		if (reply->status == 429)
			return reply;
		/* A slow machine may be past the first, short waits. */
		want_status(reply, 401);
		assert_true(i < 50);
	}
}

/* The answer without what differs in every answer: id and remaining time. */
static const char *
anonymous(struct suite *suite, const struct reply *reply)
{
	const char *id = want_string(reply, "requestId");
	const char *at = strstr(reply->body, id);
	const char *names = "";

	assert_non_null(at);
	for (const char *line = reply->headers; *line != '\0';) {
		names = client_text(suite->client, "%s%.*s\n", names,
		    (int)strcspn(line, ":\r"), line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return client_text(suite->client, "%d\n%s\n%.*s%s", reply->status,
	    names, (int)(at - reply->body), reply->body, at + strlen(id));
}

static void
guesses_are_held_back_alike_with_and_without_account(void **state)
{
	struct suite *suite = *state;
	const char *email = new_account(suite, forwarded_for(suite, 1, 0));
	const struct reply *known = guess_until_told_to_wait(suite, email, 2);
	const struct reply *unknown = guess_until_told_to_wait(
	    suite, NOBODY, 3);
	const struct reply *strange = guess_until_told_to_wait(
	    suite, "no e-mail address", 4);

	want_limited(suite, known, 1);
	assert_string_equal(anonymous(suite, known), anonymous(suite, unknown));
	assert_string_equal(anonymous(suite, known), anonymous(suite, strange));
}

/* Guesses go on from everywhere; the owner comes back when told to. */
static void
owner_gets_in_when_told_to_come_back(void **state)
{
	struct suite *suite = *state;
	const char *email = new_account(suite, forwarded_for(suite, 5, 0));
	const char *owner = forwarded_for(suite, 5, 1);
	const struct reply *reply = NULL;
	int64_t wait_s, back, end;
	int i = 0;

	(void)guess_until_told_to_wait(suite, email, 6);
	reply = sign_in(suite, email, FLOW_PASSWORD, owner);
	/* A slow machine may have let the short wait pass. */
	while (reply->status == 429) {
		wait_s = field_number(suite, reply, "retry-after");
		assert_in_range(wait_s, 1, MINUTE_S);
		back = rig_deadline(wait_s * 1000);
		end = rig_deadline(2 * MINUTE_S * 1000);
		while (rig_now_ms() < back) {
			(void)sign_in(suite, email, WRONG,
			    forwarded_for(suite, 7, i++ % 8));
			rig_look_again(end, "the end of the wait");
		}
		reply = sign_in(suite, email, FLOW_PASSWORD, owner);
		assert_int_not_equal(reply->status, 429);
	}
	want_status(reply, 200);
	/* And the account is clean again. */
	want_status(sign_in(suite, email, WRONG, owner), 401);
}

static void
other_accounts_are_not_held_back(void **state)
{
	struct suite *suite = *state;
	const char *email = new_account(suite, forwarded_for(suite, 8, 0));

	(void)guess_until_told_to_wait(suite, flow_email(suite->client), 9);
	want_status(
	    sign_in(suite, email, FLOW_PASSWORD, forwarded_for(suite, 9, 0)),
	    200);
}

static void
guesses_of_a_signed_in_caller_are_held_back(void **state)
{
	struct suite *suite = *state;
	const char *from = forwarded_for(suite, 10, 0);
	const char *email = new_account(suite, from);
	const char *jwt = want_string(
	    sign_in(suite, email, FLOW_PASSWORD, from), "token");
	struct request request = { .path = "/api/v1/auth/password",
		.jwt = jwt,
		.body = "{\"currentPassword\":\"" WRONG
			"\",\"newPassword\":\"lamp-92-glacier-oat\"}",
		.headers = { from } };
	const struct reply *reply = NULL;

	for (int i = 0; i < ATTEMPTS_FREE; i++)
		want_status(client_send(suite->client, &request), 422);
	for (int i = 0;; i++) {
		reply = client_send(suite->client, &request);
		if (reply->status == 429)
			break;
		want_status(reply, 422);
		assert_true(i < 30);
	}
	want_limited(suite, reply, 1);
}

static int
set_up_small_pool(void **state)
{
	/* Ten places; time enough for all of them, however slow. */
	static const char *const settings[] = { "AIC_PASSWORD_THREADS=1",
		"AIC_PASSWORD_QUEUE=9", "AIC_REQUEST_TIMEOUT_MS=50000", NULL };

	return suite_start(state, settings);
}

/*
 * One address asks for far more hashes than the pool has places, all at once:
 * it gets half of them, and another one is served meanwhile.
 */
static void
one_address_cannot_fill_the_pool(void **state)
{
	struct suite *suite = *state;
	enum { MANY = 24, HALF = 5 };
	struct request requests[MANY];
	const struct reply *replies[MANY];
	size_t busy = 0;

	for (size_t i = 0; i < MANY; i++)
		requests[i] = (struct request){
			.path = LOGIN_PATH,
			.body = client_text(suite->client,
			    "{\"email\":\"%s\",\"password\":\"" WRONG "\"}",
			    flow_email(suite->client)),
			.headers = { i == MANY - 1 ? FORWARDED "10.0.0.2"
						   : FORWARDED "10.0.0.1" },
		};
	client_send_all(suite->client, requests, MANY, replies);
	for (size_t i = 0; i < MANY - 1; i++) {
		if (replies[i]->status == 503) {
			assert_non_null(reply_header(
			    suite->client, replies[i], "retry-after"));
			busy++;
		} else {
			want_status(replies[i], 401);
		}
	}
	want_status(replies[MANY - 1], 401);
	assert_in_range(busy, 1, MANY - 1 - HALF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_limit_holds_across_workers),
		cmocka_unit_test(ipv6_network_counts_as_one_address),
		cmocka_unit_test(client_cannot_choose_its_address),
		cmocka_unit_test(other_addresses_are_not_held_back),
		cmocka_unit_test(health_and_pages_are_not_limited),
		cmocka_unit_test(answers_tell_how_the_limit_stands),
		cmocka_unit_test(sign_ins_and_registrations_share_a_limit),
		cmocka_unit_test(
		    guesses_are_held_back_alike_with_and_without_account),
		cmocka_unit_test(owner_gets_in_when_told_to_come_back),
		cmocka_unit_test(other_accounts_are_not_held_back),
		cmocka_unit_test(guesses_of_a_signed_in_caller_are_held_back),
		cmocka_unit_test_setup_teardown(
		    one_address_cannot_fill_the_pool, set_up_small_pool,
		    suite_tear_down),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
