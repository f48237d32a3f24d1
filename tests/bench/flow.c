/*
 * The flow as a client goes through it; see flow.h. It reads answers as
 * aiCAPTCHA writes them, compact and in the documented order, not JSON at
 * large.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/flow.h"
#include "tests/reader/oracle.h"

#define QUEUE_MAX   4096 /* far more than there are connections */
#define TOKEN_SIZE  64
#define KEY_SIZE    128
#define BODY_SIZE   1024
#define REQUEST_MAX 1024
#define TOLD_MAX    8 /* wrong answers that are printed */

/* Something to send that an answer has brought. */
struct task {
	bool redeem; /* a siteverify, not a verify */
	char token[TOKEN_SIZE];
	int64_t answer;
};

static struct task queue[QUEUE_MAX];
static size_t queued;
static char api_key[KEY_SIZE];
static int steps;
static long flows;
static long wrong;

void
flow_init(const char *key, int how_many)
{
	snprintf(api_key, sizeof(api_key), "%s", key);
	steps = how_many;
	queued = 0;
	flows = 0;
	wrong = 0;
}

long
flow_count(void)
{
	return flows;
}

long
flow_wrong(void)
{
	return wrong;
}

/* -------- requests -------- */

static const char *
write_request(size_t *len, const char *path, const char *body)
{
	static char text[REQUEST_MAX];
	int n;

	n = snprintf(text, sizeof(text),
	    "POST /api/v2/challenges%s HTTP/1.1\r\n"
	    "Host: localhost\r\n"
	    "X-API-Key: %s\r\n"
	    "Content-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    path, api_key, strlen(body), body);
	*len = n > 0 && (size_t)n < sizeof(text) ? (size_t)n : 0;
	return text;
}

const char *
flow_request(size_t *len)
{
	const struct task *task = NULL;
	char body[256];

	if (queued == 0)
		return write_request(len, "", "");
	task = &queue[--queued];
	if (task->redeem) {
		snprintf(body, sizeof(body), "{\"token\":\"%s\"}", task->token);
		return write_request(len, "/siteverify", body);
	}
	snprintf(body, sizeof(body),
	    "{\"token\":\"%s\",\"answer\":%" PRId64 "}", task->token,
	    task->answer);
	return write_request(len, "/verify", body);
}

/* -------- answers -------- */

/* Copies the string member that begins with mark, its escapes undone. Returns
 * where it ends, or NULL. */
static const char *
take_string(const char *text, const char *mark, char *out, size_t size)
{
	const char *at = strstr(text, mark);
	size_t len = 0;

	if (at == NULL)
		return NULL;
	for (at += strlen(mark); *at != '\0' && *at != '"'; at++) {
		/* The text of a challenge has no other escapes than these. */
		if (*at == '\\' &&
		    (at[1] == '"' || at[1] == '\\' || at[1] == '/'))
			at++;
		else if (*at == '\\')
			return NULL;
		if (len + 1 >= size)
			return NULL;
		out[len++] = *at;
	}
	out[len] = '\0';
	return *at == '"' ? at : NULL;
}

static bool
take_challenge(const char *body)
{
	struct task task = { .redeem = false };
	char text[BODY_SIZE];
	char instruction[BODY_SIZE];
	char why[128];
	const char *at = NULL;

	if (queued == QUEUE_MAX)
		return false;
	at = take_string(body, "{\"token\":\"", task.token, sizeof(task.token));
	if (at != NULL)
		at = take_string(at, "\"text\":\"", text, sizeof(text));
	if (at != NULL)
		at = take_string(
		    at, "\"instruction\":\"", instruction, sizeof(instruction));
	if (at == NULL ||
	    oracle_solve(text, instruction, &task.answer, why, sizeof(why)) !=
		0)
		return false;
	queue[queued++] = task;
	return true;
}

static bool
take_verdict(const char *body)
{
	struct task task = { .redeem = true };

	if (strncmp(body, "{\"success\":true,\"allowed\":true,", 31) != 0 ||
	    take_string(body, "\"verificationToken\":\"", task.token,
		sizeof(task.token)) == NULL ||
	    queued == QUEUE_MAX)
		return false;
	if (steps == 2)
		flows++;
	else
		queue[queued++] = task;
	return true;
}

void
flow_answer(int status, const char *body, size_t len)
{
	char text[BODY_SIZE * 2];
	bool good = false;

	if (status == 200 && len < sizeof(text)) {
		memcpy(text, body, len);
		text[len] = '\0';
		if (strncmp(text, "{\"token\":", 9) == 0) {
			good = steps == 1 || take_challenge(text);
			if (good && steps == 1)
				flows++;
		} else if (strncmp(text, "{\"success\":true,\"score\"", 23) ==
		    0) {
			good = true;
			flows++;
		} else {
			good = take_verdict(text);
		}
	}
	if (good)
		return;
	if (wrong++ < TOLD_MAX)
		fprintf(stderr, "wrong answer, status %d: %.*s\n", status,
		    (int)(len < BODY_SIZE ? len : BODY_SIZE), body);
}
