/*
 * Accounts and sessions: what a sign-in tells, what ends a session.
 */
#include <string.h>

#include "tests/e2e/suite.h"

#define KEYS_AN_HOUR 100 /* that an account can make */

static int
me_status(struct suite *suite, const char *jwt)
{
	return client_send(suite->client,
	    &(struct request){ .path = "/api/v1/auth/me", .jwt = jwt })
	    ->status;
}

static const char *
login(struct suite *suite, const char *email, const char *password)
{
	const struct reply *reply = flow_login(suite->client, email, password);

	want_status(reply, 200);
	return want_string(reply, "token");
}

static const struct reply *
change_password(struct suite *suite, const char *jwt, const char *current,
    const char *chosen)
{
	return client_send(suite->client,
	    &(struct request){ .path = "/api/v1/auth/password",
		.jwt = jwt,
		.body = client_text(suite->client,
		    "{\"currentPassword\":\"%s\",\"newPassword\":\"%s\"}",
		    current, chosen) });
}

/* The answer without what differs in every answer. */
static const char *
anonymous(struct suite *suite, const struct reply *reply)
{
	const char *id = want_string(reply, "requestId");
	const char *at = strstr(reply->body, id);

	assert_non_null(at);
	return client_text(suite->client, "%d %.*s%s", reply->status,
	    (int)(at - reply->body), reply->body, at + strlen(id));
}

/* The names of the header fields, in order. */
static const char *
field_names(struct suite *suite, const struct reply *reply)
{
	const char *names = "";

	for (const char *line = reply->headers; *line != '\0';) {
		names = client_text(suite->client, "%s%.*s\n", names,
		    (int)strcspn(line, ":\r"), line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return names;
}

static void
login_answers_alike_whatever_is_wrong(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *wrong = NULL;
	const struct reply *unknown = NULL;
	const struct reply *strange = NULL;

	wrong = flow_login(suite->client, account.email, "not the password");
	unknown = flow_login(
	    suite->client, flow_email(suite->client), FLOW_PASSWORD);
	strange = flow_login(suite->client, "no e-mail address", "x");
	want_problem(suite->client, wrong, 401, "invalid-credentials", NULL);
	assert_string_equal(anonymous(suite, wrong), anonymous(suite, unknown));
	assert_string_equal(anonymous(suite, wrong), anonymous(suite, strange));
	assert_string_equal(
	    field_names(suite, wrong), field_names(suite, unknown));
	assert_string_equal(
	    field_names(suite, wrong), field_names(suite, strange));
}

static void
login_ignores_the_case_of_the_address(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	reply = flow_login(suite->client,
	    client_text(
		suite->client, "USER%s", account.email + strlen("user")),
	    FLOW_PASSWORD);
	want_status(reply, 200);
	assert_string_equal(want_string(reply, "user.email"), account.email);
}

static void
logout_revokes_this_session_only(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const char *other = login(suite, account.email, FLOW_PASSWORD);
	const struct reply *reply = NULL;

	assert_int_equal(me_status(suite, account.jwt), 200);
	assert_int_equal(me_status(suite, other), 200);
	reply = client_send(suite->client,
	    &(struct request){ .method = "POST",
		.path = "/api/v1/auth/logout",
		.jwt = account.jwt });
	want_status(reply, 204);
	assert_int_equal(me_status(suite, account.jwt), 401);
	assert_int_equal(me_status(suite, other), 200);
}

static void
password_change_revokes_the_others(void **state)
{
	struct suite *suite = *state;
	static const char chosen[] = "lamp-92-glacier-oat";
	struct account account = flow_account(suite->client);
	const char *other = login(suite, account.email, FLOW_PASSWORD);

	want_status(
	    change_password(suite, account.jwt, FLOW_PASSWORD, chosen), 204);
	assert_int_equal(me_status(suite, account.jwt), 200);
	assert_int_equal(me_status(suite, other), 401);
	want_status(
	    flow_login(suite->client, account.email, FLOW_PASSWORD), 401);
	(void)login(suite, account.email, chosen);
}

static void
refused_password_change_changes_nothing(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const char *other = login(suite, account.email, FLOW_PASSWORD);

	want_status(change_password(suite, account.jwt, "not the password",
			"lamp-92-glacier-oat"),
	    422);
	assert_int_equal(me_status(suite, other), 200);
	(void)login(suite, account.email, FLOW_PASSWORD);
}

static void
concurrent_registrations_of_one_address_one_wins(void **state)
{
	struct suite *suite = *state;
	enum { CROWD = 6 };
	const char *body = client_text(suite->client,
	    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
	    flow_email(suite->client));
	const struct reply *replies[CROWD];
	struct request requests[CROWD];
	size_t wins = 0;

	for (size_t i = 0; i < CROWD; i++)
		requests[i] = (struct request){ .path = "/api/v1/auth/register",
			.body = body };
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		if (replies[i]->status == 201)
			wins++;
		else
			want_problem(suite->client, replies[i], 409,
			    "email-taken", "email");
	}
	assert_int_equal(wins, 1);
}

/* A token is refused when any part of it is another's or is missing. */
static void
forged_access_tokens_are_refused(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct account stranger = flow_account(suite->client);
	const char *head_end = strchr(account.jwt, '.');
	const char *claims_end = NULL;
	const char *strange_claims = strchr(stranger.jwt, '.');

	assert_non_null(head_end);
	assert_non_null(strange_claims);
	claims_end = strchr(head_end + 1, '.');
	assert_non_null(claims_end);
	const char *const forged[] = {
		/* another's claims under this signature */
		client_text(suite->client, "%.*s%.*s%s",
		    (int)(head_end - account.jwt), account.jwt,
		    (int)strcspn(strange_claims + 1, ".") + 1, strange_claims,
		    claims_end),
		/* no signature */
		client_text(suite->client, "%.*s.",
		    (int)(claims_end - account.jwt), account.jwt),
		client_text(suite->client, "%.*s",
		    (int)(claims_end - account.jwt), account.jwt),
		/* {"alg":"none"} */
		client_text(suite->client, "eyJhbGciOiJub25lIn0%.*s.",
		    (int)(claims_end - head_end), head_end),
		/* {"alg":"none","typ":"JWT"} with the old signature */
		client_text(suite->client,
		    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0%s", head_end),
		"a.b.c",
		"...",
		"x",
	};

	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		if (me_status(suite, forged[i]) != 401)
			fail_msg("taken: %s", forged[i]);
	}
	assert_int_equal(me_status(suite, account.jwt), 200);
}

static void
sessions_and_keys_survive_a_restart(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;

	rig_kill(suite->rig, RIG_AUTH);
	rig_restart(suite->rig, RIG_AUTH);
	rig_await_ready(suite->rig);
	assert_int_equal(me_status(suite, account.jwt), 200);
	reply = flow_create(suite->client, key.secret);
	want_status(reply, 200);
	(void)login(suite, account.email, FLOW_PASSWORD);
}

/* However many of them are revoked again. */
static void
keys_made_without_end_are_refused_for_a_while(void **state)
{
	struct suite *suite = *state;
	const struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;

	for (int i = 0; i < KEYS_AN_HOUR; i++) {
		const struct key key = flow_key(suite->client, &account, "");

		reply = client_send(suite->client,
		    &(struct request){ .method = "DELETE",
			.path = client_text(
			    suite->client, "/api/v1/api-keys/%s", key.id),
			.jwt = account.jwt });
		want_status(reply, 204);
	}
	reply = client_send(suite->client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.jwt = account.jwt,
		.body = "{\"name\":\"test\"}" });
	want_problem(suite->client, reply, 429, "rate-limited", NULL);
	assert_non_null(reply_header(suite->client, reply, "retry-after"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(login_answers_alike_whatever_is_wrong),
		cmocka_unit_test(login_ignores_the_case_of_the_address),
		cmocka_unit_test(logout_revokes_this_session_only),
		cmocka_unit_test(password_change_revokes_the_others),
		cmocka_unit_test(refused_password_change_changes_nothing),
		cmocka_unit_test(
		    concurrent_registrations_of_one_address_one_wins),
		cmocka_unit_test(forged_access_tokens_are_refused),
		cmocka_unit_test(sessions_and_keys_survive_a_restart),
		cmocka_unit_test(keys_made_without_end_are_refused_for_a_while),
	};

	return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
