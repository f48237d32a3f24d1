/*
 * What happens to a challenge: who may consume it, how often, how late, and
 * who wins when many try at once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define CROWD	100
#define FORM	"application/x-www-form-urlencoded"
#define FIFTY	"01234567890123456789012345678901234567890123456789"
#define HUNDRED FIFTY FIFTY

static void
want_code(const struct reply *reply, const char *code)
{
	want_status(reply, 200);
	assert_false(want_boolean(reply, "success"));
	if (!reply_has_code(reply, code))
		fail_msg(
		    "%s: not the code %s: %s", reply->what, code, reply->body);
}

static void
verify_consumes_on_wrong_answer(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer + 1);
	want_code(reply, "incorrect-answer");
	assert_false(want_boolean(reply, "allowed"));
	want_null(reply, "verificationToken");
	want_members(reply, "",
	    "success allowed score solveTimeMs verificationToken error-codes");
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_code(reply, "timeout-or-duplicate");
	want_null(reply, "verificationToken");
}

static void
verify_consumes_on_right_answer(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	assert_true(want_boolean(reply, "success"));
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_code(reply, "timeout-or-duplicate");
}

static void
refused_request_does_not_consume(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/verify",
		.key = key.secret,
		.body = client_text(suite->client,
		    "{\"token\":\"%s\",\"answer\":\"\"}", challenge.token) });
	want_problem(suite->client, reply, 400, "bad-request", "answer");
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	assert_true(want_boolean(reply, "success"));
}

static void
made_up_tokens_are_invalid(void **state)
{
	struct suite *suite = *state;
	static const char *const tokens[] = { "a", "uuid-from-step-2",
		"00000000-0000-4000-8000-000000000000",
		"ffffffff-ffff-ffff-ffff-ffffffffffff", "\\u00e9\\u0001" };
	struct key key = flow_easy_key(suite->client);

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		want_code(flow_verify(suite->client, key.secret, tokens[i], 1),
		    "invalid-input-response");
		want_code(flow_siteverify(suite->client, key.secret, tokens[i]),
		    "invalid-input-response");
	}
}

/* One character of the token changed: nobody's challenge. */
static void
guessed_token_is_invalid(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;
	char token[64] = "";

	memcpy(token, challenge.token, strnlen(challenge.token, 63));
	token[35] = token[35] == '0' ? '1' : '0';
	want_code(
	    flow_verify(suite->client, key.secret, token, challenge.answer),
	    "invalid-input-response");
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	assert_true(want_boolean(reply, "success"));
}

static void
tokens_are_for_the_key_that_made_them(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct key other = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;
	const char *token = NULL;

	want_code(flow_verify(suite->client, other.secret, challenge.token,
		      challenge.answer),
	    "invalid-input-response");
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	token = want_string(reply, "verificationToken");
	want_code(flow_siteverify(suite->client, other.secret, token),
	    "invalid-input-response");
	reply = flow_siteverify(suite->client, key.secret, token);
	assert_true(want_boolean(reply, "success"));
}

static void
tokens_are_for_one_purpose(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const char *verified = flow_verified(suite->client, key.secret);

	want_code(flow_siteverify(suite->client, key.secret, challenge.token),
	    "invalid-input-response");
	want_code(flow_verify(suite->client, key.secret, verified, 1),
	    "invalid-input-response");
}

static void
siteverify_is_single_use(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = flow_siteverify(suite->client, key.secret, token);
	assert_true(want_boolean(reply, "success"));
	want_code(flow_siteverify(suite->client, key.secret, token),
	    "timeout-or-duplicate");
}

static const struct reply *
siteverify_with(struct suite *suite, const struct key *key, const char *token,
    const char *idempotency)
{
	return client_send(suite->client,
	    &(struct request){ .path = "/api/v2/challenges/siteverify",
		.key = key->secret,
		.body = client_text(suite->client,
		    "{\"token\":\"%s\",\"idempotency_key\":\"%s\"}", token,
		    idempotency) });
}

static void
idempotency_key_makes_retry_safe(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);
	const struct reply *first = NULL;
	const struct reply *retry = NULL;

	first = siteverify_with(suite, &key, token, "order-1");
	assert_true(want_boolean(first, "success"));
	retry = siteverify_with(suite, &key, token, "order-1");
	assert_string_equal(retry->body, first->body);
	want_code(siteverify_with(suite, &key, token, "order-2"),
	    "timeout-or-duplicate");
	want_code(flow_siteverify(suite->client, key.secret, token),
	    "timeout-or-duplicate");
}

/* -------- a crowd -------- */

/* Sends the request CROWD times at once; how many of them succeeded. */
static size_t
crowd_wins(struct suite *suite, const struct request *request)
{
	const struct reply *replies[CROWD];
	struct request requests[CROWD];
	size_t wins = 0;

	for (size_t i = 0; i < CROWD; i++)
		requests[i] = *request;
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		want_status(replies[i], 200);
		if (want_boolean(replies[i], "success"))
			wins++;
		else
			want_code(replies[i], "timeout-or-duplicate");
	}
	return wins;
}

static void
hundred_concurrent_verifies_one_wins(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	struct challenge challenge = flow_challenge(suite->client, key.secret);

	assert_int_equal(
	    crowd_wins(suite,
		&(struct request){ .path = "/api/v2/challenges/verify",
		    .key = key.secret,
		    .body = client_text(suite->client,
			"{\"token\":\"%s\",\"answer\":%" PRId64 "}",
			challenge.token, challenge.answer) }),
	    1);
}

static void
hundred_concurrent_siteverifies_one_wins(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);

	assert_int_equal(
	    crowd_wins(suite,
		&(struct request){ .path = "/api/v2/challenges/siteverify",
		    .key = key.secret,
		    .body = client_text(
			suite->client, "{\"token\":\"%s\"}", token) }),
	    1);
}

static void
retries_with_one_idempotency_key_all_win(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const char *token = flow_verified(suite->client, key.secret);

	assert_int_equal(
	    crowd_wins(suite,
		&(struct request){ .path = "/api/v2/challenges/siteverify",
		    .key = key.secret,
		    .body = client_text(suite->client,
			"{\"token\":\"%s\",\"idempotency_key\":\"k\"}",
			token) }),
	    CROWD);
}

/* Every answer of a crowd of creates belongs to the request that it answers:
 * `action` comes back with the challenge that it was sent with. */
static void
replies_never_cross(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const struct reply *replies[CROWD];
	struct request requests[CROWD] = { 0 };

	for (size_t i = 0; i < CROWD; i++)
		requests[i] = (struct request){ .path = "/api/v2/challenges",
			.key = key.secret,
			.body = client_text(
			    suite->client, "{\"action\":\"a%zu\"}", i) };
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		want_status(replies[i], 200);
		requests[i] = (struct request){
			.path = "/api/v2/challenges/verify",
			.key = key.secret,
			.body = client_text(suite->client,
			    "{\"token\":\"%s\",\"answer\":%" PRId64 "}",
			    want_string(replies[i], "token"),
			    flow_answer(replies[i])),
		};
	}
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		want_status(replies[i], 200);
		assert_true(want_boolean(replies[i], "success"));
		requests[i] = (struct request){
			.path = "/api/v2/challenges/siteverify",
			.key = key.secret,
			.body = client_text(suite->client, "{\"token\":\"%s\"}",
			    want_string(replies[i], "verificationToken")),
		};
	}
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		want_status(replies[i], 200);
		assert_string_equal(want_string(replies[i], "action"),
		    client_text(suite->client, "a%zu", i));
	}
}

/* -------- time -------- */

static void
too_slow_is_success_but_not_allowed(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"minScore\":100");
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const int64_t end = rig_deadline(10000);
	const int64_t created = rig_now_ms();
	const struct reply *reply = NULL;

	/* Only an answer in no time at all has the full score. */
	while (rig_now_ms() < created + 50)
		rig_look_again(end, "a moment to pass");
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
	assert_false(want_boolean(reply, "allowed"));
	assert_true(want_number(reply, "score") < 100);
	want_null(reply, "verificationToken");
	assert_true(reply_has_code(reply, "score-below-threshold"));
}

static void
implausibly_fast_is_told(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	const struct reply *reply = NULL;
	struct challenge challenge;
	json_t *signals = NULL;
	int64_t solve_ms;

	challenge = flow_challenge(suite->client, key.secret);
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	solve_ms = want_integer(reply, "solveTimeMs");
	reply = flow_siteverify(
	    suite->client, key.secret, want_string(reply, "verificationToken"));
	signals = want_array(reply, "signals");
	/* What is due follows from what the server measured. */
	if (solve_ms < 150)
		assert_string_equal(
		    json_string_value(json_array_get(signals, 0)),
		    "implausibly-fast");
	else
		assert_int_equal(json_array_size(signals), 0);
}

static void
key_may_refuse_what_is_too_fast(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"minSolveMs\":60000");
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
	assert_false(want_boolean(reply, "allowed"));
	want_null(reply, "verificationToken");
	assert_true(reply_has_code(reply, "implausibly-fast"));
}

/* Ten seconds is the least that a key may set. The challenge is asked about
 * once it must be over; another, asked about before, was still good. */
static void
expired_challenge_is_timeout_or_duplicate(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"ttlSeconds\":10");
	struct challenge late = flow_challenge(suite->client, key.secret);
	const int64_t over = rig_now_ms() + 10000;
	const int64_t end = over + 10000;
	struct challenge early = flow_challenge(suite->client, key.secret);
	const struct reply *reply = NULL;

	reply = flow_verify(
	    suite->client, key.secret, early.token, early.answer);
	assert_true(want_boolean(reply, "success"));
	while (rig_now_ms() <= over)
		rig_look_again(end, "the challenge to expire");
	reply = flow_verify(suite->client, key.secret, late.token, late.answer);
	want_code(reply, "timeout-or-duplicate");
	/* It counts as expired, whether or not somebody came too late. */
	(void)flow_create(suite->client, key.secret);
	for (;;) {
		reply = flow_overview(suite->client, account.jwt);
		want_status(reply, 200);
		if (want_integer(reply, "totals.expired") == 1)
			break;
		rig_look_again(end, "the challenge to count as expired");
	}
}

/* Callers that know Turnstile find its words, whatever the status. */
static void
siteverify_errors_have_turnstiles_codes(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	static const struct {
		enum { NO_KEY, SECRET, PUBLISHABLE } with;
		const char *body;
		const char *type;
		int status;
		const char *code;
		const char *field;
	} cases[] = {
		{ NO_KEY, "response=a", FORM, 401, "missing-input-secret",
		    NULL },
		{ NO_KEY, "{\"secret\":\"\",\"response\":\"a\"}", NULL, 401,
		    "missing-input-secret", NULL },
		{ NO_KEY, "secret=x&response=a", FORM, 401,
		    "invalid-input-secret", NULL },
		{ NO_KEY, "secret=" HUNDRED "&response=a", FORM, 401,
		    "invalid-input-secret", NULL },
		{ NO_KEY, "secret=a&secret=b&response=a", FORM, 400,
		    "bad-request", "secret" },
		{ NO_KEY, "{\"secret\":[],\"response\":\"a\"}", NULL, 400,
		    "bad-request", "secret" },
		{ NO_KEY, "{\"secret\":null,\"response\":\"a\"}", NULL, 400,
		    "missing-input-secret", "secret" },
		{ PUBLISHABLE, "{\"token\":\"a\"}", NULL, 403,
		    "invalid-input-secret", NULL },
		{ SECRET, "{}", NULL, 400, "missing-input-response", "token" },
		{ SECRET, "", FORM, 400, "missing-input-response", "token" },
		{ SECRET, "{\"token\":\"\"}", NULL, 400,
		    "missing-input-response", "token" },
		{ SECRET, "response=", FORM, 400, "missing-input-response",
		    "response" },
		{ SECRET, "{\"response\":7}", NULL, 400, "bad-request",
		    "response" },
		{ SECRET, "response=a&response=b", FORM, 400, "bad-request",
		    "response" },
		{ SECRET, "response=" HUNDRED HUNDRED, FORM, 400, "bad-request",
		    "response" },
		{ SECRET, "{", NULL, 400, "bad-request", NULL },
		{ SECRET, "<a/>", "text/xml", 415, "bad-request", NULL },
	};
	const struct reply *reply = NULL;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request request = { .method = "POST",
			.path = "/api/v2/challenges/siteverify",
			.body = cases[i].body,
			.type = cases[i].type };

		if (cases[i].with == SECRET)
			request.key = key.secret;
		else if (cases[i].with == PUBLISHABLE)
			request.key = key.publishable;
		reply = client_send(suite->client, &request);
		if (reply->status != cases[i].status ||
		    !reply_has_code(reply, cases[i].code))
			fail_msg(
			    "case %zu: %d %s", i, reply->status, reply->body);
		assert_false(want_boolean(reply, "success"));
		if (cases[i].field != NULL)
			assert_string_equal(
			    json_string_value(json_object_get(
				json_array_get(want_array(reply, "errors"), 0),
				"field")),
			    cases[i].field);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verify_consumes_on_wrong_answer),
		cmocka_unit_test(verify_consumes_on_right_answer),
		cmocka_unit_test(refused_request_does_not_consume),
		cmocka_unit_test(made_up_tokens_are_invalid),
		cmocka_unit_test(guessed_token_is_invalid),
		cmocka_unit_test(tokens_are_for_the_key_that_made_them),
		cmocka_unit_test(tokens_are_for_one_purpose),
		cmocka_unit_test(siteverify_is_single_use),
		cmocka_unit_test(siteverify_errors_have_turnstiles_codes),
		cmocka_unit_test(idempotency_key_makes_retry_safe),
		cmocka_unit_test(hundred_concurrent_verifies_one_wins),
		cmocka_unit_test(hundred_concurrent_siteverifies_one_wins),
		cmocka_unit_test(retries_with_one_idempotency_key_all_win),
		cmocka_unit_test(replies_never_cross),
		cmocka_unit_test(too_slow_is_success_but_not_allowed),
		cmocka_unit_test(implausibly_fast_is_told),
		cmocka_unit_test(key_may_refuse_what_is_too_fast),
		cmocka_unit_test(expired_challenge_is_timeout_or_duplicate),
	};

	return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
