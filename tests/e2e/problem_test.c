/*
 * Every documented error of every endpoint: its status, its code, and the
 * field that it names.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define KEYS	     "/api/v1/api-keys"
#define KEY	     "/api/v1/api-keys/:id"
#define ROTATE	     "/api/v1/api-keys/:id/rotate"
#define REGISTER     "/api/v1/auth/register"
#define LOGIN	     "/api/v1/auth/login"
#define ME	     "/api/v1/auth/me"
#define LOGOUT	     "/api/v1/auth/logout"
#define PASSWORD     "/api/v1/auth/password"
#define OVERVIEW     "/api/v1/analytics/overview"
#define TIMESERIES   "/api/v1/analytics/timeseries"
#define CHALLENGES   "/api/v2/challenges"
#define VERIFY	     "/api/v2/challenges/verify"
#define SITEVERIFY   "/api/v2/challenges/siteverify"
#define STRANGE_UUID "00000000-0000-4000-8000-000000000001"
#define TEN	     "0123456789"
#define HUNDRED	     TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define FORM	     "application/x-www-form-urlencoded"

/* What the request comes with. */
enum with {
	NOTHING,
	JWT,
	BAD_JWT,
	SECRET,
	PUBLISHABLE,
	MISTYPED, /* a secret with one letter changed */
	REVOKED,
};

struct row {
	const char *method;
	const char *path; /* :id stands for a key of the account */
	enum with with;
	const char *body;
	int status;
	const char *code;
	const char *field;
	const char *type;
};

static const struct row rows[] = {
	/* register */
	{ "POST", REGISTER, NOTHING, "", 400, "bad-request", "email", NULL },
	{ "POST", REGISTER, NOTHING, "{", 400, "bad-request", NULL, NULL },
	{ "POST", REGISTER, NOTHING, "[]", 400, "bad-request", NULL, NULL },
	{ "POST", REGISTER, NOTHING, "{\"email\":1,\"password\":\"x\"}", 400,
	    "bad-request", "email", NULL },
	{ "POST", REGISTER, NOTHING, "{\"email\":\"a@b.example\"}", 400,
	    "bad-request", "password", NULL },
	{ "POST", REGISTER, NOTHING,
	    "{\"email\":\"a@b.example\",\"email\":\"c@d.example\","
	    "\"password\":\"" FLOW_PASSWORD "\"}",
	    400, "bad-request", "email", NULL },
	{ "POST", REGISTER, NOTHING,
	    "{\"email\":\"nobody\",\"password\":\"" FLOW_PASSWORD "\"}", 400,
	    "bad-request", "email", NULL },
	{ "POST", REGISTER, NOTHING,
	    "{\"email\":\"a@b.example\",\"password\":\"" FLOW_PASSWORD
	    "\",\"name\":\"" HUNDRED "x\"}",
	    400, "bad-request", "name", NULL },
	{ "POST", REGISTER, NOTHING,
	    "{\"email\":\"a@b.example\",\"password\":\"eleven-char\"}", 400,
	    "bad-request", "password", NULL },
	{ "POST", REGISTER, NOTHING,
	    "{\"email\":\"a@b.example\",\"password\":\"password1234\"}", 422,
	    "weak-password", "password", NULL },
	{ "POST", REGISTER, NOTHING, "{}", 415, "unsupported-media-type", NULL,
	    "text/plain" },
	{ "POST", REGISTER, NOTHING, "a=b", 415, "unsupported-media-type", NULL,
	    FORM },
	{ "GET", REGISTER, NOTHING, NULL, 405, "method-not-allowed", NULL,
	    NULL },

	/* login */
	{ "POST", LOGIN, NOTHING, "{}", 400, "bad-request", "email", NULL },
	{ "POST", LOGIN, NOTHING, "{\"email\":\"a@b.example\"}", 400,
	    "bad-request", "password", NULL },
	{ "POST", LOGIN, NOTHING, "{\"email\":\"a@b.example\",\"password\":[]}",
	    400, "bad-request", "password", NULL },
	{ "POST", LOGIN, NOTHING,
	    "{\"email\":\"a@b.example\",\"password\":\"whatever else\"}", 401,
	    "invalid-credentials", NULL, NULL },
	{ "POST", LOGIN, NOTHING, "{}", 415, "unsupported-media-type", NULL,
	    "application/xml" },
	{ "DELETE", LOGIN, NOTHING, NULL, 405, "method-not-allowed", NULL,
	    NULL },

	/* me, logout, password */
	{ "GET", ME, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "GET", ME, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "POST", ME, JWT, "{}", 405, "method-not-allowed", NULL, NULL },
	{ "POST", LOGOUT, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "POST", LOGOUT, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "GET", LOGOUT, JWT, NULL, 405, "method-not-allowed", NULL, NULL },
	{ "POST", PASSWORD, NOTHING,
	    "{\"currentPassword\":\"x\",\"newPassword\":\"" FLOW_PASSWORD "\"}",
	    401, "unauthorized", NULL, NULL },
	{ "POST", PASSWORD, BAD_JWT,
	    "{\"currentPassword\":\"x\",\"newPassword\":\"" FLOW_PASSWORD "\"}",
	    401, "invalid-token", NULL, NULL },
	{ "POST", PASSWORD, JWT, "{\"newPassword\":\"" FLOW_PASSWORD "\"}", 400,
	    "bad-request", "currentPassword", NULL },
	{ "POST", PASSWORD, JWT,
	    "{\"currentPassword\":\"x\",\"newPassword\":\"short\"}", 400,
	    "bad-request", "newPassword", NULL },
	{ "POST", PASSWORD, JWT,
	    "{\"currentPassword\":\"" FLOW_PASSWORD
	    "\",\"newPassword\":\"password1234\"}",
	    422, "weak-password", "newPassword", NULL },
	{ "POST", PASSWORD, JWT,
	    "{\"currentPassword\":\"not this one\",\"newPassword\":\""
	    "lamp-92-glacier-oat\"}",
	    422, "wrong-password", "currentPassword", NULL },

	/* API keys: list and create */
	{ "GET", KEYS, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "GET", KEYS, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "PUT", KEYS, JWT, "{}", 405, "method-not-allowed", NULL, NULL },
	{ "POST", KEYS, NOTHING, "{\"name\":\"a\"}", 401, "unauthorized", NULL,
	    NULL },
	{ "POST", KEYS, BAD_JWT, "{\"name\":\"a\"}", 401, "invalid-token", NULL,
	    NULL },
	{ "POST", KEYS, JWT, "{}", 400, "bad-request", "name", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"\"}", 400, "bad-request", "name",
	    NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"difficulty\":\"mild\"}", 400,
	    "bad-request", "difficulty", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"difficulty\":1}", 400,
	    "bad-request", "difficulty", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"minScore\":101}", 400,
	    "bad-request", "minScore", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"minScore\":1.5}", 400,
	    "bad-request", "minScore", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"minSolveMs\":-1}", 400,
	    "bad-request", "minSolveMs", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"ttlSeconds\":9}", 400,
	    "bad-request", "ttlSeconds", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"ttlSeconds\":3601}", 400,
	    "bad-request", "ttlSeconds", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"rateLimit\":1000001}", 400,
	    "bad-request", "rateLimit", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"enabled\":\"yes\"}", 400,
	    "bad-request", "enabled", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"allowedOrigins\":\"x\"}", 400,
	    "bad-request", "allowedOrigins", NULL },
	{ "POST", KEYS, JWT, "{\"name\":\"a\",\"allowedOrigins\":[1]}", 400,
	    "bad-request", "allowedOrigins.0", NULL },
	{ "POST", KEYS, JWT,
	    "{\"name\":\"a\",\"allowedOrigins\":[\"shop.example\"]}", 400,
	    "bad-request", "allowedOrigins", NULL },

	/* API keys: update, revoke, rotate */
	{ "PATCH", KEY, NOTHING, "{}", 401, "unauthorized", NULL, NULL },
	{ "PATCH", KEY, BAD_JWT, "{}", 401, "invalid-token", NULL, NULL },
	{ "PATCH", KEY, JWT, "{\"name\":7}", 400, "bad-request", "name", NULL },
	{ "PATCH", KEY, JWT, "{\"minScore\":-1}", 400, "bad-request",
	    "minScore", NULL },
	{ "PATCH", KEY, JWT, "{\"minScore\":null}", 400, "bad-request",
	    "minScore", NULL },
	{ "PATCH", KEY, JWT, "{}", 415, "unsupported-media-type", NULL,
	    "text/plain" },
	{ "PATCH", KEYS "/" STRANGE_UUID, JWT, "{\"name\":\"a\"}", 404,
	    "not-found", NULL, NULL },
	{ "PATCH", KEYS "/7", JWT, "{}", 404, "not-found", NULL, NULL },
	{ "GET", KEY, JWT, NULL, 405, "method-not-allowed", NULL, NULL },
	{ "DELETE", KEY, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "DELETE", KEY, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "DELETE", KEYS "/" STRANGE_UUID, JWT, NULL, 404, "not-found", NULL,
	    NULL },
	{ "POST", ROTATE, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "POST", ROTATE, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "POST", ROTATE, JWT, "{\"graceSeconds\":-1}", 400, "bad-request",
	    "graceSeconds", NULL },
	{ "POST", ROTATE, JWT, "{\"graceSeconds\":2592001}", 400, "bad-request",
	    "graceSeconds", NULL },
	{ "POST", KEYS "/" STRANGE_UUID "/rotate", JWT, NULL, 404, "not-found",
	    NULL, NULL },
	{ "GET", ROTATE, JWT, NULL, 405, "method-not-allowed", NULL, NULL },

	/* create a challenge */
	{ "POST", CHALLENGES, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "POST", CHALLENGES, MISTYPED, NULL, 401, "invalid-api-key", NULL,
	    NULL },
	{ "POST", CHALLENGES, REVOKED, NULL, 401, "invalid-api-key", NULL,
	    NULL },
	{ "POST", CHALLENGES, PUBLISHABLE, NULL, 403, "origin-not-allowed",
	    NULL, NULL },
	{ "POST", CHALLENGES, SECRET, "{\"action\":1}", 400, "bad-request",
	    "action", NULL },
	{ "POST", CHALLENGES, SECRET, "{\"action\":\"" TEN TEN TEN "123\"}",
	    400, "bad-request", "action", NULL },
	{ "POST", CHALLENGES, SECRET,
	    "{\"cdata\":\"" HUNDRED HUNDRED TEN TEN TEN TEN TEN "123456\"}",
	    400, "bad-request", "cdata", NULL },
	{ "POST", CHALLENGES, SECRET, "{\"cdata\":\"a\",\"cdata\":\"b\"}", 400,
	    "bad-request", "cdata", NULL },
	{ "POST", CHALLENGES, SECRET, "action=a", 415, "unsupported-media-type",
	    NULL, FORM },
	{ "GET", CHALLENGES, SECRET, NULL, 405, "method-not-allowed", NULL,
	    NULL },

	/* verify */
	{ "POST", VERIFY, NOTHING, "{}", 401, "unauthorized", NULL, NULL },
	{ "POST", VERIFY, MISTYPED, "{}", 401, "invalid-api-key", NULL, NULL },
	{ "POST", VERIFY, PUBLISHABLE, "{\"token\":\"a\",\"answer\":1}", 403,
	    "origin-not-allowed", NULL, NULL },
	{ "POST", VERIFY, SECRET, "{\"answer\":1}", 400, "bad-request", "token",
	    NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":7,\"answer\":1}", 400,
	    "bad-request", "token", NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":\"a\"}", 400, "bad-request",
	    "answer", NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":\"a\",\"answer\":\"five\"}", 400,
	    "bad-request", "answer", NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":\"a\",\"answer\":true}", 400,
	    "bad-request", "answer", NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":\"a\",\"answer\":1e300}", 400,
	    "bad-request", "answer", NULL },
	{ "POST", VERIFY, SECRET, "{\"token\":\"a\",\"answer\":1,\"answer\":2}",
	    400, "bad-request", "answer", NULL },
	{ "POST", VERIFY, SECRET, "{}", 415, "unsupported-media-type", NULL,
	    "text/plain" },
	{ "PATCH", VERIFY, SECRET, "{}", 405, "method-not-allowed", NULL,
	    NULL },

	/* siteverify */
	{ "POST", SITEVERIFY, NOTHING, "{\"token\":\"a\"}", 401, "unauthorized",
	    NULL, NULL },
	{ "POST", SITEVERIFY, MISTYPED, "{\"token\":\"a\"}", 401,
	    "invalid-api-key", NULL, NULL },
	{ "POST", SITEVERIFY, PUBLISHABLE, "{\"token\":\"a\"}", 403,
	    "forbidden", NULL, NULL },
	{ "POST", SITEVERIFY, NOTHING,
	    "{\"secret\":\"nonsense\",\"response\":\"a\"}", 401,
	    "invalid-api-key", NULL, NULL },
	{ "POST", SITEVERIFY, NOTHING, "{\"secret\":7,\"response\":\"a\"}", 400,
	    "bad-request", "secret", NULL },
	{ "POST", SITEVERIFY, NOTHING, "response=a", 401, "unauthorized", NULL,
	    FORM },
	{ "POST", SITEVERIFY, SECRET, "{}", 400, "bad-request", "token", NULL },
	{ "POST", SITEVERIFY, SECRET, "{\"token\":{}}", 400, "bad-request",
	    "token", NULL },
	{ "POST", SITEVERIFY, SECRET, "{\"response\":[]}", 400, "bad-request",
	    "response", NULL },
	{ "POST", SITEVERIFY, SECRET,
	    "{\"token\":\"a\",\"idempotency_key\":\"" TEN TEN TEN TEN TEN TEN
	    "12345\"}",
	    400, "bad-request", "idempotency_key", NULL },
	{ "POST", SITEVERIFY, SECRET, "{}", 415, "unsupported-media-type", NULL,
	    "multipart/form-data" },
	{ "GET", SITEVERIFY, SECRET, NULL, 405, "method-not-allowed", NULL,
	    NULL },

	/* analytics */
	{ "GET", OVERVIEW, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "GET", OVERVIEW, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "GET", OVERVIEW "?from=yesterday", JWT, NULL, 400, "bad-request",
	    "from", NULL },
	{ "GET", OVERVIEW "?from=2000&to=1000", JWT, NULL, 400, "bad-request",
	    "from", NULL },
	{ "GET", OVERVIEW "?apiKeyId=7", JWT, NULL, 400, "bad-request",
	    "apiKeyId", NULL },
	{ "GET", OVERVIEW "?to=1&to=2", JWT, NULL, 400, "bad-request", "to",
	    NULL },
	{ "POST", OVERVIEW, JWT, "{}", 405, "method-not-allowed", NULL, NULL },
	{ "GET", TIMESERIES, NOTHING, NULL, 401, "unauthorized", NULL, NULL },
	{ "GET", TIMESERIES, BAD_JWT, NULL, 401, "invalid-token", NULL, NULL },
	{ "GET", TIMESERIES "?interval=week", JWT, NULL, 400, "bad-request",
	    "interval", NULL },
	{ "GET", TIMESERIES "?from=-1", JWT, NULL, 400, "bad-request", "from",
	    NULL },
	{ "DELETE", TIMESERIES, JWT, NULL, 405, "method-not-allowed", NULL,
	    NULL },

	/* the rest */
	{ "POST", "/healthz", NOTHING, "{}", 405, "method-not-allowed", NULL,
	    NULL },
	{ "GET", "/nothing", NOTHING, NULL, 404, "not-found", NULL, NULL },
	{ "GET", "/api/v1", NOTHING, NULL, 404, "not-found", NULL, NULL },
	{ "GET", "/api/v2/challenges/", NOTHING, NULL, 404, "not-found", NULL,
	    NULL },
	{ "GET", "/api/v2/challenges/../../healthz", NOTHING, NULL, 404,
	    "not-found", NULL, NULL },
};

static struct account owner;
static struct key owned;

static int
set_up(void **state)
{
	struct suite *suite = NULL;

	if (suite_set_up(state) != 0)
		return -1;
	suite = *state;
	owner = flow_account(suite->client);
	owned = flow_key(suite->client, &owner, ",\"difficulty\":\"easy\"");
	return 0;
}

/* Well-formed, its checksum good, and nobody's any more. */
static const char *
revoked_key(struct suite *suite)
{
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .method = "DELETE",
		.path = client_text(suite->client, KEYS "/%s", key.id),
		.jwt = account.jwt });
	want_status(reply, 204);
	return key.secret;
}

static const char *
mistyped_key(struct suite *suite)
{
	char *text = NULL;
	const char *kept = NULL;

	text = strdup(owned.secret);
	assert_non_null(text);
	text[10] = text[10] == 'a' ? 'b' : 'a';
	kept = client_text(suite->client, "%s", text);
	free(text);
	return kept;
}

static void
set_with(struct suite *suite, enum with with, struct request *request)
{
	switch (with) {
	case NOTHING:
		break;
	case JWT:
		request->jwt = owner.jwt;
		break;
	case BAD_JWT:
		request->jwt = client_text(suite->client, "%.*sAAAA",
		    (int)strlen(owner.jwt) - 4, owner.jwt);
		break;
	case SECRET:
		request->key = owned.secret;
		break;
	case PUBLISHABLE:
		request->key = owned.publishable;
		break;
	case MISTYPED:
		request->key = mistyped_key(suite);
		break;
	case REVOKED:
		request->key = revoked_key(suite);
		break;
	}
}

static const char *
fill_path(struct suite *suite, const char *path)
{
	const char *id = strstr(path, ":id");

	if (id == NULL)
		return path;
	return client_text(suite->client, "%.*s%s%s", (int)(id - path), path,
	    owned.id, id + 3);
}

static void
each_documented_error_is_given(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct request request = { .method = row->method,
			.path = fill_path(suite, row->path),
			.body = row->body,
			.type = row->type };

		set_with(suite, row->with, &request);
		reply = client_send(suite->client, &request);
		if (reply->status != row->status)
			print_error("row %zu, body %s\n", i,
			    row->body != NULL ? row->body : "none");
		want_problem(
		    suite->client, reply, row->status, row->code, row->field);
	}
}

static void
refused_requests_leave_nothing_behind(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;
	struct reply item = { .what = "the only key" };

	reply = client_send(
	    suite->client, &(struct request){ .path = KEYS, .jwt = owner.jwt });
	want_status(reply, 200);
	assert_int_equal(json_array_size(want_array(reply, "items")), 1);
	item.body = reply->body;
	item.json = json_array_get(want_array(reply, "items"), 0);
	assert_string_equal(want_string(&item, "name"), "test");
	assert_int_equal(want_integer(&item, "minScore"), 0);
	reply = flow_login(suite->client, "a@b.example", FLOW_PASSWORD);
	want_status(reply, 401);
}

/* -------- what a table of requests cannot say -------- */

static void
method_not_allowed_lists_the_methods(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;
	const char *allow = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .method = "PUT", .path = KEYS, .body = "{}" });
	want_status(reply, 405);
	allow = reply_header(suite->client, reply, "Allow");
	assert_non_null(allow);
	assert_string_equal(allow, "GET, HEAD, POST, OPTIONS");
}

static void
taken_email_is_409(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .path = REGISTER,
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		    owner.email) });
	want_problem(suite->client, reply, 409, "email-taken", "email");
}

static void
changing_a_revoked_key_is_409(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_key(suite->client, &owner, "");
	const char *path = client_text(suite->client, KEYS "/%s", key.id);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){
		.method = "DELETE", .path = path, .jwt = owner.jwt });
	want_status(reply, 204);
	reply = client_send(suite->client,
	    &(struct request){ .method = "PATCH",
		.path = path,
		.jwt = owner.jwt,
		.body = "{\"name\":\"again\"}" });
	want_problem(suite->client, reply, 409, "conflict", NULL);
	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = client_text(suite->client, "%s/rotate", path),
		.jwt = owner.jwt });
	want_problem(suite->client, reply, 409, "conflict", NULL);
}

static void
another_accounts_key_is_404(void **state)
{
	struct suite *suite = *state;
	struct account stranger = flow_account(suite->client);
	const char *path = client_text(suite->client, KEYS "/%s", owned.id);
	const struct reply *reply = NULL;

	reply = client_send(suite->client,
	    &(struct request){ .method = "PATCH",
		.path = path,
		.jwt = stranger.jwt,
		.body = "{\"name\":\"mine\"}" });
	want_problem(suite->client, reply, 404, "not-found", NULL);
	reply = client_send(suite->client,
	    &(struct request){
		.method = "DELETE", .path = path, .jwt = stranger.jwt });
	want_problem(suite->client, reply, 404, "not-found", NULL);
	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = client_text(suite->client, "%s/rotate", path),
		.jwt = stranger.jwt });
	want_problem(suite->client, reply, 404, "not-found", NULL);
}

static void
hundred_and_first_key_is_422(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	for (int i = 0; i < 100; i++)
		(void)flow_key(suite->client, &account, "");
	reply = client_send(suite->client,
	    &(struct request){ .path = KEYS,
		.jwt = account.jwt,
		.body = "{\"name\":\"one too many\"}" });
	want_problem(suite->client, reply, 422, "limit-reached", NULL);
}

static void
rate_limited_key_is_429(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_key(
	    suite->client, &owner, ",\"difficulty\":\"easy\",\"rateLimit\":1");
	const struct reply *reply = flow_create(suite->client, key.secret);
	const char *retry = NULL;

	want_status(reply, 200);
	assert_string_equal(
	    reply_header(suite->client, reply, "RateLimit-Limit"), "1");
	assert_string_equal(
	    reply_header(suite->client, reply, "RateLimit-Remaining"), "0");
	reply = flow_create(suite->client, key.secret);
	want_problem(suite->client, reply, 429, "rate-limited", NULL);
	retry = reply_header(suite->client, reply, "Retry-After");
	assert_non_null(retry);
	assert_in_range(strtol(retry, NULL, 10), 1, 61);
	assert_non_null(reply_header(suite->client, reply, "RateLimit-Limit"));
	assert_non_null(
	    reply_header(suite->client, reply, "RateLimit-Remaining"));
	assert_non_null(reply_header(suite->client, reply, "RateLimit-Reset"));
}

/* -------- limits of HTTP -------- */

/* Sends a head of the given fields and wants a refusal and the end. */
static void
want_refusal(struct suite *suite, const char *request, const char *status)
{
	const char *answer = client_send_raw(
	    suite->client, request, strlen(request));
	size_t len = strlen(status);

	if (strncmp(answer, "HTTP/1.1 ", 9) != 0 ||
	    strncmp(answer + 9, status, len) != 0)
		fail_msg(
		    "not %s for %.60s...: %.200s", status, request, answer);
	assert_non_null(strstr(answer, "application/problem+json"));
	assert_non_null(strstr(answer, "\"requestId\":"));
}

static void
large_body_is_413(void **state)
{
	want_refusal(*state,
	    "POST " REGISTER " HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: 65537\r\n\r\n",
	    "413");
}

static void
largest_body_is_read(void **state)
{
	struct suite *suite = *state;
	const size_t size = 65536;
	const struct reply *reply = NULL;
	char *body = NULL;

	body = malloc(size + 1);
	assert_non_null(body);
	memset(body, ' ', size);
	body[0] = '{';
	body[size - 1] = '}';
	body[size] = '\0';
	reply = client_send(
	    suite->client, &(struct request){ .path = LOGIN, .body = body });
	free(body);
	want_problem(suite->client, reply, 400, "bad-request", "email");
}

static void
large_head_is_431(void **state)
{
	struct suite *suite = *state;
	char padding[9001];

	memset(padding, 'a', sizeof(padding) - 1);
	padding[sizeof(padding) - 1] = '\0';
	want_refusal(suite,
	    client_text(suite->client,
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
		"X-Padding: %s\r\n\r\n",
		padding),
	    "431 Request Header Fields Too Large\r\n");
}

static void
many_fields_are_431(void **state)
{
	struct suite *suite = *state;
	const char *fields = "";

	for (int i = 0; i < 21; i++)
		fields = client_text(suite->client, "%sX-%d: a\r\n", fields, i);
	want_refusal(suite,
	    client_text(suite->client,
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n%s\r\n", fields),
	    "431");
}

static void
ambiguous_framing_is_400(void **state)
{
	want_refusal(*state,
	    "POST " LOGIN " HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/json\r\nContent-Length: 2\r\n"
	    "Content-Length: 2\r\n\r\n{}",
	    "400");
	want_refusal(*state,
	    "POST " LOGIN " HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Type: application/json\r\nContent-Length: +2\r\n\r\n{}",
	    "400");
	want_refusal(*state,
	    "POST " LOGIN " HTTP/1.1\r\nHost: localhost\r\n"
	    "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
	    "400");
	want_refusal(*state, "GET /healthz HTTP/1.1\r\n\r\n", "400");
}

static void
repeated_credentials_are_400(void **state)
{
	static const char *const fields[] = { "X-API-Key: a", "Origin: b",
		"Authorization: Bearer c" };
	struct suite *suite = *state;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		want_refusal(suite,
		    client_text(suite->client,
			"POST " CHALLENGES " HTTP/1.1\r\nHost: localhost\r\n"
			"%s\r\n%s\r\n\r\n",
			fields[i], fields[i]),
		    "400 Bad Request\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_documented_error_is_given),
		cmocka_unit_test(refused_requests_leave_nothing_behind),
		cmocka_unit_test(method_not_allowed_lists_the_methods),
		cmocka_unit_test(taken_email_is_409),
		cmocka_unit_test(changing_a_revoked_key_is_409),
		cmocka_unit_test(another_accounts_key_is_404),
		cmocka_unit_test(hundred_and_first_key_is_422),
		cmocka_unit_test(rate_limited_key_is_429),
		cmocka_unit_test(large_body_is_413),
		cmocka_unit_test(largest_body_is_read),
		cmocka_unit_test(large_head_is_431),
		cmocka_unit_test(many_fields_are_431),
		cmocka_unit_test(ambiguous_framing_is_400),
		cmocka_unit_test(repeated_credentials_are_400),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
