/*
 * The audit trail: every change of an account or a key leaves exactly one line
 * in the log of auth-svc, of the usual form, under the request id that the
 * answer bears, and without a secret. What changes nothing leaves none.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define LINE_SIZE 4096
#define SHOWS_MS  (INT64_C(2000) * RIG_SLACK)

/* Counts the lines under a request id; the last one is in line. */
static int
lines_of(struct suite *suite, const char *id, char line[LINE_SIZE])
{
	FILE *log = fopen(
	    client_text(suite->client, "%s/auth.log", rig_dir(suite->rig)),
	    "re");
	char text[LINE_SIZE];
	int count = 0;

	assert_non_null(log);
	while (fgets(text, sizeof(text), log) != NULL) {
		if (strstr(text, id) == NULL)
			continue;
		memcpy(line, text, LINE_SIZE);
		count++;
	}
	fclose(log);
	return count;
}

/* "2026-04-13T11:28:44.267Z auth-svc info ID TEXT\n"; returns TEXT. */
static const char *
want_form(const char *line, const char *id)
{
	static const char form[] = "####-##-##T##:##:##.###Z auth-svc info ";
	size_t i;

	for (i = 0; form[i] != '\0'; i++) {
		if (form[i] == '#' ? !isdigit((unsigned char)line[i])
				   : form[i] != line[i])
			fail_msg("not of the form of a log line: %s", line);
	}
	assert_int_equal(strncmp(line + i, id, strlen(id)), 0);
	return line + i + strlen(id) + 1;
}

/*
 * The change that a reply tells of has one line, which begins with what was
 * done and names the account, and the key when there is one.
 */
static void
want_audit(struct suite *suite, const struct reply *reply, const char *what,
    const char *account, const char *key)
{
	const int64_t end = rig_deadline(SHOWS_MS);
	const char *id = reply_header(suite->client, reply, "X-Request-Id");
	char line[LINE_SIZE] = "";
	const char *text = NULL;

	assert_non_null(id);
	while (lines_of(suite, id, line) == 0)
		rig_look_again(end, what);
	assert_int_equal(lines_of(suite, id, line), 1);
	text = want_form(line, id);
	if (strncmp(text, what, strlen(what)) != 0 ||
	    strstr(text, client_text(suite->client, "account=%s", account)) ==
		NULL ||
	    (key != NULL &&
		strstr(text, client_text(suite->client, "key=%s", key)) ==
		    NULL))
		fail_msg("%s: %s", what, line);
	if (strstr(line, "aic_sk_") != NULL ||
	    strstr(line, FLOW_PASSWORD) != NULL)
		fail_msg("a secret in the log: %s", line);
}

static void
want_no_audit(struct suite *suite, const struct reply *reply)
{
	const char *id = reply_header(suite->client, reply, "X-Request-Id");
	char line[LINE_SIZE] = "";

	assert_non_null(id);
	if (lines_of(suite, id, line) != 0)
		fail_msg("a line for what changed nothing: %s", line);
}

static const struct reply *
ask(struct suite *suite, const char *method, const char *path, const char *jwt,
    const char *body)
{
	return client_send(suite->client,
	    &(struct request){
		.method = method, .path = path, .jwt = jwt, .body = body });
}

static void
changes_of_an_account_have_one_line_each(void **state)
{
	static const char changed[] = "{\"currentPassword\":\"" FLOW_PASSWORD
				      "\",\"newPassword\":\"" FLOW_PASSWORD
				      "-2\"}";
	struct suite *suite = *state;
	const char *email = flow_email(suite->client);
	const struct reply *reply = NULL;
	const char *account = NULL, *jwt = NULL;

	reply = ask(suite, "POST", "/api/v1/auth/register", NULL,
	    client_text(suite->client,
		"{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		email));
	want_status(reply, 201);
	account = want_string(reply, "user.id");
	jwt = want_string(reply, "token");
	want_audit(suite, reply, "registered", account, NULL);

	reply = flow_login(suite->client, email, FLOW_PASSWORD);
	want_audit(suite, reply, "signed in", account, NULL);
	reply = ask(suite, "GET", "/api/v1/auth/me", jwt, NULL);
	want_status(reply, 200);
	want_no_audit(suite, reply);
	reply = ask(suite, "POST", "/api/v1/auth/password", jwt, changed);
	want_status(reply, 204);
	want_audit(suite, reply, "changed password", account, NULL);
	reply = ask(suite, "POST", "/api/v1/auth/logout", jwt, NULL);
	want_status(reply, 204);
	want_audit(suite, reply, "signed out", account, NULL);
}

static void
changes_of_a_key_have_one_line_each(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;
	const char *id = NULL, *path = NULL, *key = NULL;

	reply = ask(suite, "GET", "/api/v1/auth/me", account.jwt, NULL);
	id = want_string(reply, "id");
	reply = ask(suite, "POST", "/api/v1/api-keys", account.jwt,
	    "{\"name\":\"audited\"}");
	want_status(reply, 201);
	key = want_string(reply, "id");
	path = client_text(suite->client, "/api/v1/api-keys/%s", key);
	want_audit(suite, reply, "created", id, key);

	reply = ask(suite, "PATCH", path, account.jwt, "{\"name\":\"new\"}");
	want_status(reply, 200);
	want_audit(suite, reply, "updated", id, key);
	reply = ask(suite, "POST",
	    client_text(suite->client, "%s/rotate", path), account.jwt, "{}");
	want_status(reply, 200);
	want_audit(suite, reply, "rotated", id, key);
	reply = ask(suite, "DELETE", path, account.jwt, NULL);
	want_status(reply, 204);
	want_audit(suite, reply, "revoked", id, key);
	/* It is revoked already. */
	reply = ask(suite, "DELETE", path, account.jwt, NULL);
	want_no_audit(suite, reply);
	reply = ask(suite, "GET", "/api/v1/api-keys", account.jwt, NULL);
	want_status(reply, 200);
	want_no_audit(suite, reply);
}

static void
refused_changes_have_no_line(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct account stranger = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;

	reply = ask(suite, "DELETE",
	    client_text(suite->client, "/api/v1/api-keys/%s", key.id),
	    stranger.jwt, NULL);
	want_status(reply, 404);
	want_no_audit(suite, reply);
	reply = ask(suite, "POST", "/api/v1/auth/register", NULL,
	    client_text(suite->client,
		"{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		account.email));
	want_status(reply, 409);
	want_no_audit(suite, reply);
}

/* Passwords take their time on a busy machine, and none is asked for here. */
static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_REQUEST_TIMEOUT_MS=20000",
		NULL };

	return suite_start(state, settings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_of_an_account_have_one_line_each),
		cmocka_unit_test(changes_of_a_key_have_one_line_each),
		cmocka_unit_test(refused_changes_have_no_line),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
