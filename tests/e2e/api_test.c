/*
 * Every endpoint of the REST API answers as documented: status, the names of
 * the fields, their order and their types.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tests/e2e/suite.h"

#define USER_MEMBERS "id email name createdAt"
#define KEY_MEMBERS                                                           \
	"id name prefix last4 publishableKey difficulty minScore minSolveMs " \
	"ttlSeconds allowedOrigins rateLimit enabled createdAt lastUsedAt "   \
	"revokedAt"
#define TOTALS_MEMBERS                                               \
	"challenges verifications solved allowed incorrect expired " \
	"siteverified"
#define MINUTE_MS INT64_C(60000)
#define DAY_MS	  (MINUTE_MS * 60 * 24)

static int64_t
wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The member is a time of the last minute. */
static void
want_recent(const struct reply *reply, const char *path)
{
	int64_t at = want_integer(reply, path);

	assert_in_range(at, wall_ms() - MINUTE_MS, wall_ms() + 1);
}

static void
want_uuid(const char *text)
{
	assert_int_equal(strlen(text), 36);
	assert_int_equal(strspn(text, "0123456789abcdef-"), 36);
}

static const struct reply *
get(struct suite *suite, const char *path, const char *jwt)
{
	return client_send(
	    suite->client, &(struct request){ .path = path, .jwt = jwt });
}

/* -------- accounts -------- */

static void
want_session(const struct reply *reply, const char *email)
{
	want_members(reply, "", "token tokenType expiresIn user");
	assert_string_equal(want_string(reply, "tokenType"), "Bearer");
	assert_int_equal(want_integer(reply, "expiresIn"), 86400);
	want_members(reply, "user", USER_MEMBERS);
	want_uuid(want_string(reply, "user.id"));
	assert_string_equal(want_string(reply, "user.email"), email);
	want_recent(reply, "user.createdAt");
}

static void
register_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	const char *email = flow_email(suite->client);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/auth/register",
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD
		    "\",\"name\":\"Zo\\u00eb \\\"Z\\\"\"}",
		    email) });
	want_status(reply, 201);
	want_session(reply, email);
	assert_string_equal(want_string(reply, "user.name"), "Zoë \"Z\"");
}

static void
login_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = flow_login(suite->client, account.email, FLOW_PASSWORD);
	want_status(reply, 200);
	want_session(reply, account.email);
	want_null(reply, "user.name");
}

static void
me_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = get(suite, "/api/v1/auth/me", account.jwt);
	want_status(reply, 200);
	want_members(reply, "", USER_MEMBERS);
	want_uuid(want_string(reply, "id"));
	assert_string_equal(want_string(reply, "email"), account.email);
	want_recent(reply, "createdAt");
}

static void
logout_and_password_answer_204(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/auth/password",
		.jwt = account.jwt,
		.body = "{\"currentPassword\":\"" FLOW_PASSWORD
			"\",\"newPassword\":\"lamp-92-glacier-oat\"}" });
	want_status(reply, 204);
	assert_string_equal(reply->body, "");
	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = "/api/v1/auth/logout",
		.jwt = account.jwt });
	want_status(reply, 204);
	assert_string_equal(reply->body, "");
}

/* -------- API keys -------- */

static void
create_key_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;
	const char *key = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.jwt = account.jwt,
		.body = "{\"name\":\"Shop\",\"difficulty\":\"hard\","
			"\"minScore\":70,\"minSolveMs\":150,"
			"\"ttlSeconds\":60,"
			"\"allowedOrigins\":[\"https://shop.example\"],"
			"\"rateLimit\":600,\"enabled\":true,"
			"\"unknown\":[1,{}]}" });
	want_status(reply, 201);
	want_members(reply, "", KEY_MEMBERS " key");
	want_uuid(want_string(reply, "id"));
	key = want_string(reply, "key");
	assert_int_equal(strncmp(key, "aic_sk_", 7), 0);
	assert_string_equal(want_string(reply, "prefix"), "aic_sk_");
	assert_string_equal(want_string(reply, "last4"), key + strlen(key) - 4);
	assert_int_equal(
	    strncmp(want_string(reply, "publishableKey"), "aic_pk_", 7), 0);
	assert_string_equal(want_string(reply, "name"), "Shop");
	assert_string_equal(want_string(reply, "difficulty"), "hard");
	assert_int_equal(want_integer(reply, "minScore"), 70);
	assert_int_equal(want_integer(reply, "minSolveMs"), 150);
	assert_int_equal(want_integer(reply, "ttlSeconds"), 60);
	assert_int_equal(
	    json_array_size(want_array(reply, "allowedOrigins")), 1);
	assert_int_equal(want_integer(reply, "rateLimit"), 600);
	assert_true(want_boolean(reply, "enabled"));
	want_recent(reply, "createdAt");
	want_null(reply, "lastUsedAt");
	want_null(reply, "revokedAt");
}

static void
new_keys_are_medium_unless_told(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.jwt = account.jwt,
		.body = "{\"name\":\"plain\"}" });
	want_status(reply, 201);
	assert_string_equal(want_string(reply, "difficulty"), "medium");
	assert_int_equal(want_integer(reply, "minScore"), 40);
	assert_int_equal(want_integer(reply, "minSolveMs"), 0);
	assert_int_equal(want_integer(reply, "ttlSeconds"), 320);
	assert_int_equal(
	    json_array_size(want_array(reply, "allowedOrigins")), 0);
	assert_int_equal(want_integer(reply, "rateLimit"), 0);
	assert_true(want_boolean(reply, "enabled"));
}

static void
list_keys_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;
	struct reply item = { .what = "an item of the list" };

	(void)flow_key(suite->client, &account, "");
	reply = get(suite, "/api/v1/api-keys", account.jwt);
	want_status(reply, 200);
	want_members(reply, "", "items");
	assert_int_equal(json_array_size(want_array(reply, "items")), 2);
	item.body = reply->body;
	for (size_t i = 0; i < 2; i++) {
		item.json = json_array_get(want_array(reply, "items"), i);
		want_members(&item, "", KEY_MEMBERS);
	}
	assert_null(strstr(reply->body, key.secret));
	assert_non_null(strstr(reply->body, key.id));
	assert_non_null(strstr(reply->body, key.publishable));
}

static void
update_key_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .method = "PATCH",
		.path = client_text(
		    suite->client, "/api/v1/api-keys/%s", key.id),
		.jwt = account.jwt,
		.body = "{\"name\":\"renamed\",\"ttlSeconds\":10}" });
	want_status(reply, 200);
	want_members(reply, "", KEY_MEMBERS);
	assert_string_equal(want_string(reply, "id"), key.id);
	assert_string_equal(want_string(reply, "name"), "renamed");
	assert_int_equal(want_integer(reply, "ttlSeconds"), 10);
	assert_string_equal(want_string(reply, "difficulty"), "medium");
}

static void
rotate_key_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;
	int64_t until;

	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = client_text(
		    suite->client, "/api/v1/api-keys/%s/rotate", key.id),
		.jwt = account.jwt });
	want_status(reply, 200);
	want_members(reply, "", KEY_MEMBERS " key previousKeyExpiresAt");
	assert_string_not_equal(want_string(reply, "key"), key.secret);
	assert_string_equal(
	    want_string(reply, "publishableKey"), key.publishable);
	until = want_integer(reply, "previousKeyExpiresAt");
	assert_in_range(
	    until, wall_ms() + DAY_MS - MINUTE_MS, wall_ms() + DAY_MS);
}

static void
delete_key_answers_204_and_keeps_it_listed(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	struct reply item = { .what = "an item of the list" };
	const struct reply *reply = NULL;

	for (int i = 0; i < 2; i++) {
		reply = client_send(suite->client,
		    &(struct request){ .method = "DELETE",
			.path = client_text(
			    suite->client, "/api/v1/api-keys/%s", key.id),
			.jwt = account.jwt });
		want_status(reply, 204);
		assert_string_equal(reply->body, "");
	}
	reply = get(suite, "/api/v1/api-keys", account.jwt);
	item.json = json_array_get(want_array(reply, "items"), 0);
	item.body = reply->body;
	want_recent(&item, "revokedAt");
}

/* -------- challenges -------- */

/* `digits` holds the digits of the text, in order. */
static void
want_truthful_digits(const struct reply *reply)
{
	const char *text = want_string(reply, "challenge.text");
	json_t *digits = want_array(reply, "challenge.digits");
	size_t count = 0;

	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			continue;
		assert_int_equal(
		    json_integer_value(json_array_get(digits, count)),
		    *text - '0');
		count++;
	}
	assert_int_equal(json_array_size(digits), count);
}

static void
create_challenge_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	static const char *const levels[] = { "easy", "medium", "hard" };
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;
	struct key key;

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		key = flow_key(suite->client, &account,
		    client_text(
			suite->client, ",\"difficulty\":\"%s\"", levels[i]));
		reply = flow_create(suite->client, key.secret);
		want_status(reply, 200);
		want_members(reply, "", "token challenge expiresIn");
		want_uuid(want_string(reply, "token"));
		want_members(reply, "challenge", "text digits instruction");
		want_truthful_digits(reply);
		assert_true(
		    strlen(want_string(reply, "challenge.instruction")) > 0);
		assert_int_equal(want_integer(reply, "expiresIn"), 320);
		(void)flow_answer(reply);
	}
}

/* The seed's curl sends neither a body nor its length. */
static void
create_challenge_needs_no_body(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *request = NULL;
	const char *answer = NULL;

	request = client_text(suite->client,
	    "POST /api/v2/challenges HTTP/1.1\r\nHost: localhost\r\n"
	    "User-Agent: curl/8.0\r\nAccept: */*\r\nX-API-Key: %s\r\n\r\n",
	    key.secret);
	answer = client_send_raw(suite->client, request, strlen(request));
	assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
	assert_non_null(strstr(answer, "\"instruction\":"));
}

/* curl -d '' and PHP give even nothing a type. */
static void
empty_body_may_have_any_type(void **state)
{
	static const char type[] = "application/x-www-form-urlencoded";
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");

	want_status(client_send(suite->client,
			&(struct request){ .path = "/api/v2/challenges",
			    .key = key.secret,
			    .type = type,
			    .body = "" }),
	    200);
	want_status(
	    client_send(suite->client,
		&(struct request){ .path = client_text(suite->client,
				       "/api/v1/api-keys/%s/rotate", key.id),
		    .jwt = account.jwt,
		    .type = type,
		    .body = "" }),
	    200);
}

static void
verify_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;
	double score;

	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_status(reply, 200);
	want_members(
	    reply, "", "success allowed score solveTimeMs verificationToken");
	assert_true(want_boolean(reply, "success"));
	assert_true(want_boolean(reply, "allowed"));
	score = want_number(reply, "score");
	assert_true(score > 0 && score <= 100);
	assert_in_range(want_integer(reply, "solveTimeMs"), 0, MINUTE_MS);
	want_uuid(want_string(reply, "verificationToken"));
}

static void
verify_takes_a_numeric_string(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/verify",
		.key = key.secret,
		.body = client_text(suite->client,
		    "{\"token\":\"%s\",\"answer\":\"%" PRId64 "\"}",
		    challenge.token, challenge.answer) });
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
}

static void
siteverify_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *verified = NULL;
	const struct reply *reply = NULL;

	verified = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	reply = flow_siteverify(suite->client, key.secret,
	    want_string(verified, "verificationToken"));
	want_status(reply, 200);
	want_members(reply, "",
	    "success score solveTimeMs challengeTs operationId difficulty "
	    "signals");
	assert_true(want_boolean(reply, "success"));
	assert_true(
	    want_number(reply, "score") == want_number(verified, "score"));
	assert_int_equal(want_integer(reply, "solveTimeMs"),
	    want_integer(verified, "solveTimeMs"));
	want_recent(reply, "challengeTs");
	assert_true(strlen(want_string(reply, "operationId")) > 0);
	assert_string_equal(want_string(reply, "difficulty"), "easy");
}

/* As Turnstile's users send it: the secret and the token in a form. */
static void
siteverify_takes_turnstiles_form(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/siteverify",
		.type = "application/x-www-form-urlencoded",
		.body = client_text(suite->client, "secret=%s&response=%s",
		    key.secret, token) });
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
}

static void
siteverify_takes_the_secret_in_json(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/siteverify",
		.body = client_text(suite->client,
		    "{\"secret\":\"%s\",\"response\":\"%s\"}", key.secret,
		    token) });
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
}

static void
siteverify_gives_back_action_cdata_and_hostname(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\","
	    "\"allowedOrigins\":[\"https://shop.example:8443\"]");
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges",
		.key = key.publishable,
		.body = "{\"action\":\"sign-up\",\"cdata\":\"order 7\"}",
		.headers = { "Origin: https://shop.example:8443" } });
	want_status(reply, 200);
	reply = flow_verify(suite->client, key.secret,
	    want_string(reply, "token"), flow_answer(reply));
	reply = flow_siteverify(
	    suite->client, key.secret, want_string(reply, "verificationToken"));
	want_status(reply, 200);
	want_members(reply, "",
	    "success score solveTimeMs challengeTs operationId difficulty "
	    "hostname action cdata signals");
	assert_string_equal(want_string(reply, "hostname"), "shop.example");
	assert_string_equal(want_string(reply, "action"), "sign-up");
	assert_string_equal(want_string(reply, "cdata"), "order 7");
}

/* -------- analytics -------- */

static void
overview_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = flow_overview(suite->client, account.jwt);

	want_status(reply, 200);
	want_members(reply, "",
	    "from to totals rates solveTimeMs score byKey byDifficulty "
	    "byOperation previous byMisreading solveTimes");
	want_members(reply, "totals", TOTALS_MEMBERS);
	want_members(reply, "rates", "solved allowed expired siteverified");
	want_members(reply, "solveTimeMs", "avg p50 p90 p99");
	want_members(reply, "score", "avg");
	want_members(reply, "previous", TOTALS_MEMBERS);
	assert_true(want_integer(reply, "from") < want_integer(reply, "to"));
	assert_int_equal(want_integer(reply, "totals.challenges"), 0);
	want_null(reply, "rates.solved");
	want_null(reply, "solveTimeMs.p50");
	assert_int_equal(json_array_size(want_array(reply, "byKey")), 0);
	(void)want_array(reply, "byDifficulty");
	(void)want_array(reply, "byOperation");
	assert_int_equal(json_array_size(want_array(reply, "byMisreading")), 0);
	assert_int_equal(json_array_size(want_array(reply, "solveTimes")), 0);
}

static void
timeseries_answers_as_documented(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const int64_t to = wall_ms() / MINUTE_MS * MINUTE_MS;
	struct reply point = { .what = "a point" };
	const struct reply *reply = NULL;

	reply = get(suite,
	    client_text(suite->client,
		"/api/v1/analytics/timeseries?from=%" PRId64 "&to=%" PRId64
		"&interval=minute",
		to - 30 * MINUTE_MS, to),
	    account.jwt);
	want_status(reply, 200);
	want_members(reply, "", "from to interval points");
	assert_string_equal(want_string(reply, "interval"), "minute");
	assert_int_equal(json_array_size(want_array(reply, "points")), 30);
	point.body = reply->body;
	for (size_t i = 0; i < 30; i++) {
		point.json = json_array_get(want_array(reply, "points"), i);
		want_members(
		    &point, "", "ts " TOTALS_MEMBERS " solveTimeMsAvg");
		assert_int_equal(want_integer(&point, "ts"),
		    to - (30 - (int64_t)i) * MINUTE_MS);
		assert_int_equal(want_integer(&point, "challenges"), 0);
		want_null(&point, "solveTimeMsAvg");
	}
}

/* -------- health -------- */

static void
health_ready_and_metrics_answer(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;

	reply = get(suite, "/healthz", NULL);
	want_status(reply, 200);
	assert_string_equal(want_string(reply, "status"), "ok");
	reply = get(suite, "/readyz", NULL);
	want_status(reply, 200);
	assert_string_equal(want_string(reply, "status"), "ok");
	want_members(reply, "services", "challenge-0 auth analytics");
	reply = get(suite, "/metrics", NULL);
	want_status(reply, 200);
	assert_non_null(strstr(reply->body, "aic_gateway_requests_total"));
	assert_non_null(
	    strstr(reply->body, "aic_service_up{service=\"auth\"} 1"));
}

/* The length that GET would have, and nothing behind the head. */
static void
head_answers_without_a_body(void **state)
{
	struct suite *suite = *state;
	static const char request[] = "HEAD /healthz HTTP/1.1\r\n"
				      "Host: localhost\r\n\r\n";
	const char *answer = NULL;
	const char *end = NULL;

	answer = client_send_raw(suite->client, request, strlen(request));
	assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
	end = strstr(answer, "\r\n\r\n");
	assert_non_null(end);
	assert_string_equal(end, "\r\n\r\n");
}

static void
every_answer_carries_a_request_id_of_its_own(void **state)
{
	struct suite *suite = *state;
	static const char *const paths[] = { "/healthz", "/nowhere",
		"/api/v1/auth/me", "/metrics" };
	const char *ids[sizeof(paths) / sizeof(paths[0])];
	const size_t count = sizeof(paths) / sizeof(paths[0]);

	for (size_t i = 0; i < count; i++) {
		ids[i] = reply_header(
		    suite->client, get(suite, paths[i], NULL), "X-Request-Id");
		assert_non_null(ids[i]);
		want_uuid(ids[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(register_answers_as_documented),
		cmocka_unit_test(login_answers_as_documented),
		cmocka_unit_test(me_answers_as_documented),
		cmocka_unit_test(logout_and_password_answer_204),
		cmocka_unit_test(create_key_answers_as_documented),
		cmocka_unit_test(new_keys_are_medium_unless_told),
		cmocka_unit_test(list_keys_answers_as_documented),
		cmocka_unit_test(update_key_answers_as_documented),
		cmocka_unit_test(rotate_key_answers_as_documented),
		cmocka_unit_test(delete_key_answers_204_and_keeps_it_listed),
		cmocka_unit_test(create_challenge_answers_as_documented),
		cmocka_unit_test(create_challenge_needs_no_body),
		cmocka_unit_test(empty_body_may_have_any_type),
		cmocka_unit_test(verify_answers_as_documented),
		cmocka_unit_test(verify_takes_a_numeric_string),
		cmocka_unit_test(siteverify_answers_as_documented),
		cmocka_unit_test(siteverify_takes_turnstiles_form),
		cmocka_unit_test(siteverify_takes_the_secret_in_json),
		cmocka_unit_test(
		    siteverify_gives_back_action_cdata_and_hostname),
		cmocka_unit_test(overview_answers_as_documented),
		cmocka_unit_test(timeseries_answers_as_documented),
		cmocka_unit_test(health_ready_and_metrics_answer),
		cmocka_unit_test(head_answers_without_a_body),
		cmocka_unit_test(every_answer_carries_a_request_id_of_its_own),
	};

	return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
