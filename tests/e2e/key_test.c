/*
 * API keys over their life: revoked, rotated, changed, used from web pages.
 * The gateway has two workers here, each with a cache of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "proto/proto.h"
#include "tests/e2e/suite.h"

/* What the design promises for a revoked key. */
#define SECOND_MS INT64_C(1000)

#define ORIGIN "https://shop.example"

/* Requests that one client sends to reach every worker. */
#define BOTH_WORKERS 8
#define ROUNDS	     6	/* of them, in a row */
#define RATE_LIMIT   60 /* of one key, a minute */
#define LISTS	     32 /* asked for at the same time */

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_GATEWAY_WORKERS=2", NULL };

	return suite_start(state, settings);
}

/*
 * Creates a challenge over each of a few new connections, so that every worker
 * is asked. Returns how many had the status.
 */
static size_t
creates_with_status(struct suite *suite, const char *key, int status)
{
	struct request requests[BOTH_WORKERS];
	const struct reply *replies[BOTH_WORKERS];
	size_t count = 0;

	for (size_t i = 0; i < BOTH_WORKERS; i++)
		requests[i] = (struct request){ .method = "POST",
			.path = "/api/v2/challenges",
			.key = key };
	client_send_all(suite->client, requests, BOTH_WORKERS, replies);
	for (size_t i = 0; i < BOTH_WORKERS; i++)
		count += replies[i]->status == status;
	return count;
}

/* The key works at every worker, and is in its cache from now on. */
static void
want_working(struct suite *suite, const char *key)
{
	assert_int_equal(creates_with_status(suite, key, 200), BOTH_WORKERS);
}

/*
 * Within a second no worker takes the key, and then none ever does. One round
 * of requests may have missed a worker; several in a row do not.
 */
static void
want_refused_within_a_second(struct suite *suite, const char *key)
{
	const int64_t end = rig_deadline(SECOND_MS * RIG_SLACK);

	for (int rounds = 0; rounds < ROUNDS; rounds++) {
		if (creates_with_status(suite, key, 401) == BOTH_WORKERS)
			continue;
		rounds = -1;
		rig_look_again(end, "the key to be refused");
	}
}

static const struct reply *
change_key(struct suite *suite, const struct account *account,
    const struct key *key, const char *method, const char *suffix,
    const char *body)
{
	return client_send(suite->client,
	    &(struct request){ .method = method,
		.path = client_text(
		    suite->client, "/api/v1/api-keys/%s%s", key->id, suffix),
		.jwt = account->jwt,
		.body = body });
}

static void
revoked_key_refused_within_a_second(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");

	want_working(suite, key.secret);
	want_status(change_key(suite, &account, &key, "DELETE", "", NULL), 204);
	want_refused_within_a_second(suite, key.secret);
}

static void
disabled_key_is_refused_until_enabled(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const int64_t end = rig_deadline(20000);

	want_working(suite, key.secret);
	want_status(change_key(suite, &account, &key, "PATCH", "",
			"{\"enabled\":false}"),
	    200);
	want_refused_within_a_second(suite, key.secret);
	want_status(change_key(suite, &account, &key, "PATCH", "",
			"{\"enabled\":true}"),
	    200);
	while (creates_with_status(suite, key.secret, 200) != BOTH_WORKERS)
		rig_look_again(end, "the key to be taken again");
}

static void
changed_settings_are_used_soon(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const int64_t end = rig_deadline(SECOND_MS * RIG_SLACK);
	const struct reply *reply = NULL;

	want_working(suite, key.secret);
	want_status(change_key(suite, &account, &key, "PATCH", "",
			"{\"ttlSeconds\":77}"),
	    200);
	for (;;) {
		reply = flow_create(suite->client, key.secret);
		want_status(reply, 200);
		if (want_integer(reply, "expiresIn") == 77)
			break;
		rig_look_again(end, "the new setting");
	}
}

static const char *
rotate(struct suite *suite, const struct account *account,
    const struct key *key, const char *body)
{
	const struct reply *reply = change_key(
	    suite, account, key, "POST", "/rotate", body);

	want_status(reply, 200);
	return want_string(reply, "key");
}

static void
rotated_key_lives_through_grace(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const char *secret = NULL;

	want_working(suite, key.secret);
	secret = rotate(suite, &account, &key, "{\"graceSeconds\":3600}");
	want_working(suite, key.secret);
	want_working(suite, secret);
	want_working(suite, key.secret);
}

static void
rotated_key_ends_with_its_grace(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const int64_t end = rig_deadline(20000);
	const char *secret = NULL;

	want_working(suite, key.secret);
	secret = rotate(suite, &account, &key, "{\"graceSeconds\":1}");
	while (creates_with_status(suite, key.secret, 401) != BOTH_WORKERS)
		rig_look_again(end, "the grace period to end");
	want_working(suite, secret);
}

static void
rotation_without_grace_ends_the_key(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const char *secret = NULL;

	want_working(suite, key.secret);
	secret = rotate(suite, &account, &key, "{\"graceSeconds\":0}");
	want_refused_within_a_second(suite, key.secret);
	want_working(suite, secret);
}

static void
rotation_keeps_the_publishable_key(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"allowedOrigins\":[\"" ORIGIN "\"]");
	const struct reply *reply = NULL;

	(void)rotate(suite, &account, &key, "{\"graceSeconds\":0}");
	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = "/api/v2/challenges",
		.key = key.publishable,
		.headers = { "Origin: " ORIGIN } });
	want_status(reply, 200);
}

static void
used_key_shows_when(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	struct reply item = { .what = "the key" };
	const int64_t end = rig_deadline(10000);
	const struct reply *reply = NULL;

	want_working(suite, key.secret);
	for (;;) {
		reply = client_send(suite->client,
		    &(struct request){
			.path = "/api/v1/api-keys", .jwt = account.jwt });
		item.body = reply->body;
		item.json = json_array_get(want_array(reply, "items"), 0);
		if (!json_is_null(reply_member(&item, "lastUsedAt")))
			break;
		rig_look_again(end, "lastUsedAt");
	}
	assert_true(want_integer(&item, "lastUsedAt") >=
	    want_integer(&item, "createdAt"));
}

/* -------- web pages -------- */

static const struct reply *
create_from(struct suite *suite, const char *key, const char *origin)
{
	return client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = "/api/v2/challenges",
		.key = key,
		.headers = {
		    client_text(suite->client, "Origin: %s", origin) } });
}

static void
publishable_key_from_allowed_origin_only(void **state)
{
	struct suite *suite = *state;
	static const char *const strangers[] = { "https://evil.example",
		"http://shop.example", "https://shop.example:444",
		"https://shop.example.evil.example", "null",
		"https://sub.shop.example" };
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"allowedOrigins\":[\"" ORIGIN "\","
	    "\"http://localhost:3000\"]");
	const struct reply *reply = NULL;
	const char *shown = NULL;

	reply = create_from(suite, key.publishable, "http://localhost:3000");
	want_status(reply, 200);
	reply = create_from(suite, key.publishable, ORIGIN);
	want_status(reply, 200);
	assert_string_equal(
	    reply_header(suite->client, reply, "Access-Control-Allow-Origin"),
	    ORIGIN);
	assert_string_equal(
	    reply_header(suite->client, reply, "Vary"), "Origin");
	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/verify",
		.key = key.publishable,
		.body = client_text(suite->client,
		    "{\"token\":\"%s\",\"answer\":1}",
		    want_string(reply, "token")),
		.headers = { "Origin: " ORIGIN } });
	want_status(reply, 200);
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		reply = create_from(suite, key.publishable, strangers[i]);
		want_problem(
		    suite->client, reply, 403, "origin-not-allowed", NULL);
		/* The page may read why; "null" is no page's. */
		shown = reply_header(
		    suite->client, reply, "Access-Control-Allow-Origin");
		if (strcmp(strangers[i], "null") == 0)
			assert_null(shown);
		else
			assert_string_equal(shown, strangers[i]);
	}
}

/* Secrets do not belong into pages: no answer invites a browser to use one. */
static void
secret_key_gets_no_cors_fields(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"allowedOrigins\":[\"" ORIGIN "\"]");
	const struct reply *reply = create_from(suite, key.secret, ORIGIN);

	want_status(reply, 200);
	assert_null(
	    reply_header(suite->client, reply, "Access-Control-Allow-Origin"));
}

static const struct reply *
preflight(struct suite *suite, const char *path)
{
	return client_send(suite->client,
	    &(struct request){ .method = "OPTIONS",
		.path = path,
		.headers = { "Origin: " ORIGIN,
		    "Access-Control-Request-Method: POST",
		    "Access-Control-Request-Headers: "
		    "content-type,x-api-key" } });
}

static void
preflight_is_answered(void **state)
{
	struct suite *suite = *state;
	static const char *const paths[] = { "/api/v2/challenges",
		"/api/v2/challenges/verify" };
	const struct reply *reply = NULL;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		reply = preflight(suite, paths[i]);
		want_status(reply, 204);
		assert_string_equal(reply_header(suite->client, reply,
					"Access-Control-Allow-Origin"),
		    ORIGIN);
		assert_string_equal(reply_header(suite->client, reply,
					"Access-Control-Allow-Methods"),
		    "POST");
		assert_string_equal(reply_header(suite->client, reply,
					"Access-Control-Allow-Headers"),
		    "content-type, x-api-key");
		assert_string_equal(
		    reply_header(suite->client, reply, "Vary"), "Origin");
	}
}

static void
preflight_opens_nothing_else(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;

	reply = preflight(suite, "/api/v2/challenges/siteverify");
	assert_null(
	    reply_header(suite->client, reply, "Access-Control-Allow-Origin"));
	reply = preflight(suite, "/api/v1/auth/login");
	assert_null(
	    reply_header(suite->client, reply, "Access-Control-Allow-Origin"));
}

static void
want_readable_by_pages(
    struct suite *suite, const struct reply *reply, int status)
{
	const char *exposed = NULL;

	want_status(reply, status);
	assert_string_equal(
	    reply_header(suite->client, reply, "Access-Control-Allow-Origin"),
	    ORIGIN);
	assert_string_equal(
	    reply_header(suite->client, reply, "Vary"), "Origin");
	exposed = reply_header(
	    suite->client, reply, "Access-Control-Expose-Headers");
	assert_non_null(exposed);
	assert_non_null(strstr(exposed, "retry-after"));
	assert_non_null(strstr(exposed, "ratelimit-remaining"));
}

static void
errors_can_be_read_by_pages(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key closed = flow_key(suite->client, &account, "");
	struct key key = flow_key(suite->client, &account,
	    ",\"rateLimit\":1,\"allowedOrigins\":[\"" ORIGIN "\"]");
	struct request request = { .method = "POST",
		.path = "/api/v2/challenges",
		.headers = { "Origin: " ORIGIN } };
	char *large = NULL;

	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 401);
	request.key = closed.publishable;
	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 403);
	request.method = "GET";
	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 405);
	request.method = "POST";
	request.key = key.publishable;
	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 200);
	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 429);
	large = malloc(65537 + 1);
	assert_non_null(large);
	memset(large, ' ', 65537);
	large[65537] = '\0';
	request.body = large;
	want_readable_by_pages(
	    suite, client_send(suite->client, &request), 413);
	free(large);
}

/* -------- limits -------- */

/* All workers count together; the crowd is there within a minute. */
static void
rate_limit_holds_across_workers(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, ",\"rateLimit\":60");
	size_t taken = 0;

	for (size_t i = 0; i < (size_t)2 * RATE_LIMIT; i += BOTH_WORKERS)
		taken += creates_with_status(suite, key.secret, 200);
	assert_int_equal(taken, RATE_LIMIT);
}

/* As many keys as an account may have, with the longest lists of origins. */
static struct account
largest_account(struct suite *suite)
{
	struct account account = flow_account(suite->client);
	const char *origins = "";

	for (int i = 0; i < PROTO_ORIGINS_MAX; i++)
		origins = client_text(suite->client,
		    "%s%s\"https://shop-%d.%060d.%030d.example\"", origins,
		    i == 0 ? "" : ",", i, i, i);
	for (int i = 0; i < PROTO_KEYS_MAX; i++)
		(void)flow_key(suite->client, &account,
		    client_text(
			suite->client, ",\"allowedOrigins\":[%s]", origins));
	return account;
}

/* Together they are more than services may put into one message. */
static void
largest_lists_are_all_answered(void **state)
{
	struct suite *suite = *state;
	struct account account = largest_account(suite);
	struct request requests[LISTS];
	const struct reply *replies[LISTS];

	for (size_t i = 0; i < LISTS; i++)
		requests[i] = (struct request){ .path = "/api/v1/api-keys",
			.jwt = account.jwt };
	client_send_all(suite->client, requests, LISTS, replies);
	for (size_t i = 0; i < LISTS; i++) {
		want_status(replies[i], 200);
		assert_int_equal(
		    json_array_size(want_array(replies[i], "items")),
		    PROTO_KEYS_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(revoked_key_refused_within_a_second),
		cmocka_unit_test(disabled_key_is_refused_until_enabled),
		cmocka_unit_test(changed_settings_are_used_soon),
		cmocka_unit_test(rotated_key_lives_through_grace),
		cmocka_unit_test(rotated_key_ends_with_its_grace),
		cmocka_unit_test(rotation_without_grace_ends_the_key),
		cmocka_unit_test(rotation_keeps_the_publishable_key),
		cmocka_unit_test(used_key_shows_when),
		cmocka_unit_test(publishable_key_from_allowed_origin_only),
		cmocka_unit_test(secret_key_gets_no_cors_fields),
		cmocka_unit_test(preflight_is_answered),
		cmocka_unit_test(preflight_opens_nothing_else),
		cmocka_unit_test(errors_can_be_read_by_pages),
		cmocka_unit_test(rate_limit_holds_across_workers),
		cmocka_unit_test(largest_lists_are_all_answered),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
