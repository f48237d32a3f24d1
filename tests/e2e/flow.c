/*
 * The steps of the quick start; see flow.h.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/flow.h"
#include "tests/e2e/want.h"
#include "tests/reader/oracle.h"

const char *
flow_email(struct client *client)
{
	static atomic_int number;

	return client_text(client, "user-%d-%d@example.com", (int)getpid(),
	    atomic_fetch_add(&number, 1));
}

struct account
flow_account(struct client *client)
{
	struct account account = { .email = flow_email(client) };
	const struct reply *reply = NULL;

	reply = client_send(client,
	    &(struct request){ .path = "/api/v1/auth/register",
		.body = client_text(client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		    account.email) });
	want_status(reply, 201);
	account.jwt = want_string(reply, "token");
	return account;
}

const struct reply *
flow_login(struct client *client, const char *email, const char *password)
{
	return client_send(client,
	    &(struct request){ .path = "/api/v1/auth/login",
		.body = client_text(client,
		    "{\"email\":\"%s\",\"password\":\"%s\"}", email,
		    password) });
}

struct key
flow_key(
    struct client *client, const struct account *account, const char *settings)
{
	const struct reply *reply = NULL;

	reply = client_send(client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.jwt = account->jwt,
		.body = client_text(
		    client, "{\"name\":\"test\"%s}", settings) });
	want_status(reply, 201);
	return (struct key){ .id = want_string(reply, "id"),
		.secret = want_string(reply, "key"),
		.publishable = want_string(reply, "publishableKey") };
}

struct key
flow_easy_key(struct client *client)
{
	struct account account = flow_account(client);

	return flow_key(client, &account, ",\"difficulty\":\"easy\"");
}

const struct reply *
flow_create(struct client *client, const char *key)
{
	return client_send(client,
	    &(struct request){
		.method = "POST", .path = "/api/v2/challenges", .key = key });
}

int64_t
flow_answer(const struct reply *reply)
{
	const char *text = want_string(reply, "challenge.text");
	const char *instruction = want_string(reply, "challenge.instruction");
	char why[256] = "";
	int64_t answer = 0;

	if (oracle_solve(text, instruction, &answer, why, sizeof(why)) != 0)
		fail_msg(
		    "nobody can answer %s (%s): %s", reply->body, text, why);
	return answer;
}

int64_t
flow_plain_sum(const char *text)
{
	int64_t sum = 0;

	for (; *text != '\0'; text++)
		sum += *text >= '0' && *text <= '9' ? *text - '0' : 0;
	return sum;
}

struct challenge
flow_challenge(struct client *client, const char *key)
{
	const struct reply *reply = flow_create(client, key);

	want_status(reply, 200);
	return (struct challenge){ .token = want_string(reply, "token"),
		.text = want_string(reply, "challenge.text"),
		.instruction = want_string(reply, "challenge.instruction"),
		.answer = flow_answer(reply) };
}

const struct reply *
flow_verify(
    struct client *client, const char *key, const char *token, int64_t answer)
{
	return client_send(client,
	    &(struct request){ .path = "/api/v2/challenges/verify",
		.key = key,
		.body = client_text(client,
		    "{\"token\":\"%s\",\"answer\":%" PRId64 "}", token,
		    answer) });
}

const struct reply *
flow_siteverify(struct client *client, const char *key, const char *token)
{
	return client_send(client,
	    &(struct request){ .path = "/api/v2/challenges/siteverify",
		.key = key,
		.body = client_text(client, "{\"token\":\"%s\"}", token) });
}

const char *
flow_verified(struct client *client, const char *key)
{
	struct challenge challenge = flow_challenge(client, key);
	const struct reply *reply = NULL;

	reply = flow_verify(client, key, challenge.token, challenge.answer);
	want_status(reply, 200);
	return want_string(reply, "verificationToken");
}

const struct reply *
flow_overview(struct client *client, const char *jwt)
{
	return client_send(client,
	    &(struct request){
		.path = "/api/v1/analytics/overview", .jwt = jwt });
}
