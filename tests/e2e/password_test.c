/*
 * Passwords: which are taken, what hashing them holds up, and what happens when
 * there is too much of it. Hashes are slow here and made one at a time.
 */
#include <string.h>

#include "proto/proto.h"
#include "tests/e2e/suite.h"

#define LOGIN_PATH    "/api/v1/auth/login"
#define REGISTER_PATH "/api/v1/auth/register"

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_PASSWORD_THREADS=1",
		"AIC_PASSWORD_QUEUE=4", "AIC_ARGON2_PASSES=3",
		"AIC_REQUEST_TIMEOUT_MS=60000", NULL };

	return suite_start(state, settings);
}

static const char *
credentials(struct suite *suite, const char *email, const char *password)
{
	return client_text(suite->client,
	    "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
}

static const struct reply *
post(struct suite *suite, const char *path, const char *body)
{
	return client_send(
	    suite->client, &(struct request){ .path = path, .body = body });
}

/* Text of len characters that no dictionary has, all but the last one alike. */
static const char *
password_of(struct suite *suite, int len, char last)
{
	static const char words[] = "plum orbit 73 canyon / lamp 92 glacier "
				    "oat # mauve tractor 31 quill ";
	const char *text = words;

	while ((int)strlen(text) < len)
		text = client_text(suite->client, "%s%s", text, words);
	return client_text(suite->client, "%.*s%c", len - 1, text, last);
}

/* It is taken, it signs in, and another one does not. */
static void
want_taken(struct suite *suite, const char *password, const char *other)
{
	const char *email = flow_email(suite->client);

	want_status(
	    post(suite, REGISTER_PATH, credentials(suite, email, password)),
	    201);
	want_status(
	    post(suite, LOGIN_PATH, credentials(suite, email, password)), 200);
	want_status(
	    post(suite, LOGIN_PATH, credentials(suite, email, other)), 401);
}

static void
password_has_12_to_1024_bytes(void **state)
{
	struct suite *suite = *state;
	const char *email = flow_email(suite->client);

	want_taken(suite, password_of(suite, PROTO_PASSWORD_MIN, '8'),
	    password_of(suite, PROTO_PASSWORD_MIN, '9'));
	want_taken(suite, password_of(suite, PROTO_PASSWORD_MAX, '8'),
	    password_of(suite, PROTO_PASSWORD_MAX, '9'));
	want_problem(suite->client,
	    post(suite, REGISTER_PATH,
		credentials(suite, email,
		    password_of(suite, PROTO_PASSWORD_MIN - 1, '8'))),
	    400, "bad-request", "password");
	want_problem(suite->client,
	    post(suite, REGISTER_PATH,
		credentials(suite, email,
		    password_of(suite, PROTO_PASSWORD_MAX + 1, '8'))),
	    400, "bad-request", "password");
}

/* In JSON's words: whatever can be typed, and what cannot. */
static void
password_has_any_characters(void **state)
{
	static const struct {
		const char *password;
		const char *other;
	} pairs[] = {
		{ "quill \\u0001 31 \\t mauve \\r\\n tractor",
		    "quill \\u0001 31 \\t mauve \\r tractor" },
		{ "quill \\\" 31 \\\\ mauve \\/ tractor",
		    "quill \\\" 31 \\\\ mauve \\\\ tractor" },
		{ "\320\277\320\260\321\200\320\276\320\273\321\214 "
		  "\320\264\320\273\320\270\320\275\320\275\321\213\320\271",
		    "\320\277\320\260\321\200\320\276\320\273\321\214 "
		    "\320\264\320\273\320\270\320\275\320\275\321\213" },
		{ "\\ud83e\\udd89 owl \\ud83c\\udf32 fir \\u6e29\\u6cc9 bath",
		    "\\ud83e\\udd89 owl \\ud83c\\udf32 fir \\u6e29\\u6cc8 "
		    "bath" },
		{ "  quill tractor mauve 31  ", "quill tractor mauve 31" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		want_taken(*state, pairs[i].password, pairs[i].other);
}

/*
 * A hash takes a processor for a while, and auth-svc answers others meanwhile:
 * they are sent together, and the one that needs a hash is answered last.
 */
static void
hashing_holds_up_nobody_else(void **state)
{
	struct suite *suite = *state;
	enum { OTHERS = 6 };
	struct account account = flow_account(suite->client);
	struct request requests[1 + OTHERS];
	const struct reply *replies[1 + OTHERS];

	requests[0] = (struct request){ .path = LOGIN_PATH,
		.body = credentials(suite, account.email, FLOW_PASSWORD) };
	for (size_t i = 1; i <= OTHERS; i++)
		requests[i] = (struct request){ .path = "/api/v1/api-keys",
			.jwt = account.jwt };
	client_send_all(suite->client, requests, 1 + OTHERS, replies);
	for (size_t i = 0; i <= OTHERS; i++) {
		want_status(replies[i], 200);
		assert_true(replies[i]->seconds <= replies[0]->seconds);
	}
}

/* Five places, and far more who want one at once, each from elsewhere. */
static void
full_pool_is_busy_and_says_when_to_come_back(void **state)
{
	struct suite *suite = *state;
	enum { MANY = 40, PLACES = 5 };
	struct request requests[MANY];
	const struct reply *replies[MANY];
	size_t busy = 0, served = 0;

	for (size_t i = 0; i < MANY; i++)
		requests[i] = (struct request){ .path = LOGIN_PATH,
			.body = credentials(suite, flow_email(suite->client),
			    "not the password"),
			.headers = { client_text(suite->client,
			    "X-Forwarded-For: 10.0.0.%zu", i) } };
	client_send_all(suite->client, requests, MANY, replies);
	for (size_t i = 0; i < MANY; i++) {
		if (replies[i]->status == 401) {
			served++;
			continue;
		}
		want_problem(suite->client, replies[i], 503, "busy", NULL);
		assert_non_null(
		    reply_header(suite->client, replies[i], "retry-after"));
		busy++;
	}
	assert_true(served >= PLACES);
	assert_true(busy > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password_has_12_to_1024_bytes),
		cmocka_unit_test(password_has_any_characters),
		cmocka_unit_test(hashing_holds_up_nobody_else),
		cmocka_unit_test(full_pool_is_busy_and_says_when_to_come_back),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
