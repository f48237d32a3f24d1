/*
 * Sessions of the gateway's own pages: the cookie, and whose requests it
 * counts for.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define SESSION	 "/api/v1/session"
#define REGISTER "/api/v1/session/register"
#define ME	 "/api/v1/auth/me"

struct visitor {
	const char *email;
	const char *cookie; /* a whole Cookie field */
	const char *origin; /* a whole Origin field: an own page's */
};

static const char *
own_origin(struct suite *suite)
{
	return client_text(suite->client, "Origin: http://127.0.0.1:%u",
	    (unsigned)rig_port(suite->rig));
}

static const struct reply *
sign(struct suite *suite, const char *path, const char *email,
    const char *origin)
{
	return client_send(suite->client,
	    &(struct request){ .path = path,
		.headers = { origin },
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		    email) });
}

/* The Cookie field that a browser would send after this answer. */
static const char *
cookie_of(struct suite *suite, const struct reply *reply)
{
	const char *set = reply_header(suite->client, reply, "Set-Cookie");

	assert_non_null(set);
	assert_non_null(
	    strstr(set, "; Path=/; Secure; HttpOnly; SameSite=Strict; "));
	return client_text(
	    suite->client, "Cookie: %.*s", (int)strcspn(set, ";"), set);
}

static struct visitor
visitor(struct suite *suite)
{
	struct visitor visitor = { .email = flow_email(suite->client),
		.origin = own_origin(suite) };
	const struct reply *reply = sign(
	    suite, REGISTER, visitor.email, visitor.origin);

	want_status(reply, 201);
	want_members(reply, "", "expiresIn user");
	assert_string_equal(want_string(reply, "user.email"), visitor.email);
	visitor.cookie = cookie_of(suite, reply);
	return visitor;
}

static int
status_of(struct suite *suite, const char *method, const char *path,
    const char *body, const char *cookie, const char *other)
{
	return client_send(suite->client,
	    &(struct request){ .method = method,
		.path = path,
		.body = body,
		.headers = { cookie, other } })
	    ->status;
}

static void
own_page_signs_up_in_and_out_by_cookie(void **state)
{
	struct suite *suite = *state;
	struct visitor who = visitor(suite);
	const struct reply *reply = NULL;

	assert_int_equal(
	    status_of(suite, "GET", ME, NULL, who.cookie, NULL), 200);
	reply = sign(suite, SESSION, who.email, who.origin);
	want_status(reply, 200);
	want_members(reply, "", "expiresIn user");
	assert_null(strstr(reply->body, "eyJ"));

	reply = client_send(suite->client,
	    &(struct request){ .method = "DELETE",
		.path = SESSION,
		.headers = { who.cookie, who.origin } });
	want_status(reply, 204);
	assert_string_equal(
	    cookie_of(suite, reply), "Cookie: __Host-aicaptcha=");
	assert_non_null(strstr(
	    reply_header(suite->client, reply, "Set-Cookie"), "Max-Age=0"));
	assert_int_equal(
	    status_of(suite, "GET", ME, NULL, who.cookie, NULL), 401);
}

static void
session_that_is_over_can_be_ended_again(void **state)
{
	struct suite *suite = *state;
	struct visitor who = visitor(suite);

	for (int i = 0; i < 2; i++)
		assert_int_equal(status_of(suite, "DELETE", SESSION, NULL,
				     who.cookie, who.origin),
		    204);
	assert_int_equal(
	    status_of(suite, "DELETE", SESSION, NULL, NULL, who.origin), 204);
}

struct attempt {
	const char *method;
	const char *path;
	const char *body;
};

/* Each with the field of another page. */
static void
want_refused(struct suite *suite, const struct visitor *who,
    const struct attempt attempts[], size_t count, const char *other)
{
	for (size_t i = 0; i < count; i++)
		want_problem(suite->client,
		    client_send(suite->client,
			&(struct request){ .method = attempts[i].method,
			    .path = attempts[i].path,
			    .body = attempts[i].body,
			    .headers = { who->cookie, other } }),
		    403, "forbidden", NULL);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
other_pages_can_neither_use_nor_begin_a_session(void **state)
{
	static const char *const others[] = { NULL,
		"Origin: https://evil.example", "Origin: null",
		"Origin: http://127.0.0.1:1", "Sec-Fetch-Site: same-origin" };
	struct suite *suite = *state;
	const struct visitor who = visitor(suite);
	const char *stranger = flow_email(suite->client);
	const struct reply *made = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.body = "{\"name\":\"a key\"}",
		.headers = { who.cookie, who.origin } });
	const char *key = client_text(
	    suite->client, "/api/v1/api-keys/%s", want_string(made, "id"));
	const struct attempt changes[] = {
		{ "POST", "/api/v1/api-keys", "{\"name\":\"another\"}" },
		{ "PATCH", key, "{\"name\":\"not mine\"}" },
		{ "DELETE", key, NULL },
		{ "DELETE", SESSION, NULL },
	};

	for (size_t i = 0; i < COUNT(others); i++) {
		want_refused(suite, &who, changes, COUNT(changes), others[i]);
		want_problem(suite->client,
		    sign(suite, SESSION, who.email, others[i]), 403,
		    "forbidden", NULL);
		want_problem(suite->client,
		    sign(suite, REGISTER, stranger, others[i]), 403,
		    "forbidden", NULL);
	}
	/* Nothing has changed, and an own page can change it. */
	assert_int_equal(status_of(suite, "PATCH", key, "{\"name\":\"mine\"}",
			     who.cookie, who.origin),
	    200);
	assert_int_equal(
	    status_of(suite, "DELETE", key, NULL, who.cookie, who.origin), 204);
}

static void
other_pages_can_read_nothing(void **state)
{
	static const char *const others[] = { "Sec-Fetch-Site: cross-site",
		"Sec-Fetch-Site: same-site", "Origin: https://evil.example",
		"Origin: null" };
	/* The last two ask auth-svc whose numbers they are. */
	static const struct attempt reads[] = { { "GET", ME, NULL },
		{ "GET", "/api/v1/api-keys", NULL },
		{ "GET", "/api/v1/analytics/overview", NULL },
		{ "GET", "/api/v1/analytics/timeseries", NULL } };
	struct suite *suite = *state;
	const struct visitor who = visitor(suite);

	for (size_t i = 0; i < COUNT(others); i++)
		want_refused(suite, &who, reads, COUNT(reads), others[i]);
	for (size_t i = 0; i < COUNT(reads); i++)
		assert_int_equal(status_of(suite, "GET", reads[i].path, NULL,
				     who.cookie, "Sec-Fetch-Site: same-origin"),
		    200);
}

/*
 * A browser behind a CDN sends more fields than Kore holds: of those that are
 * left out is none that tells where the request comes from.
 */
static int
status_of_many_fields(
    struct suite *suite, const struct visitor *who, const char *site)
{
	const char *text = client_text(suite->client,
	    "GET " ME " HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n",
	    (unsigned)rig_port(suite->rig));

	for (int i = 0; i < 30; i++)
		text = client_text(
		    suite->client, "%sSec-CH-%d: x\r\n", text, i);
	text = client_text(suite->client,
	    "%s%s\r\nSec-Fetch-Site: %s\r\nConnection: close\r\n\r\n", text,
	    who->cookie, site);
	text = client_send_raw(suite->client, text, strlen(text));
	assert_int_equal(strncmp(text, "HTTP/1.1 ", 9), 0);
	return (int)strtol(text + 9, NULL, 10);
}

static void
other_pages_are_told_among_many_fields(void **state)
{
	struct suite *suite = *state;
	const struct visitor who = visitor(suite);

	assert_int_equal(
	    status_of_many_fields(suite, &who, "same-origin"), 200);
	assert_int_equal(status_of_many_fields(suite, &who, "cross-site"), 403);
}

static void
bearer_counts_before_the_cookie(void **state)
{
	struct suite *suite = *state;
	struct visitor who = visitor(suite);
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = ME,
		.jwt = account.jwt,
		.headers = { who.cookie, "Origin: https://evil.example" } });
	want_status(reply, 200);
	assert_string_equal(want_string(reply, "email"), account.email);
	reply = client_send(suite->client,
	    &(struct request){
		.path = ME, .jwt = "not.a.token", .headers = { who.cookie } });
	want_problem(suite->client, reply, 401, "invalid-token", NULL);
	assert_null(reply_header(suite->client,
	    flow_login(suite->client, account.email, FLOW_PASSWORD),
	    "Set-Cookie"));
}

/* The dashboard's playground asks with the account's publishable key. */
static void
own_page_may_use_any_publishable_key(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	struct request request = { .method = "POST",
		.path = "/api/v2/challenges",
		.key = key.publishable };

	request.headers[0] = own_origin(suite);
	want_status(client_send(suite->client, &request), 200);
	request.headers[0] = "Origin: http://127.0.0.1:1";
	want_problem(suite->client, client_send(suite->client, &request), 403,
	    "origin-not-allowed", NULL);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(own_page_signs_up_in_and_out_by_cookie),
		unit(session_that_is_over_can_be_ended_again),
		unit(other_pages_can_neither_use_nor_begin_a_session),
		unit(other_pages_can_read_nothing),
		unit(other_pages_are_told_among_many_fields),
		unit(bearer_counts_before_the_cookie),
		unit(own_page_may_use_any_publishable_key),
	};

	return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
