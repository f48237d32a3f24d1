/*
 * What the proofs share; see proof.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/ask.h"
#include "tests/e2e/want.h"
#include "tests/proof/proof.h"

#define LINES_MAX 16
#define LINE_SIZE 500

static char lines[LINES_MAX][LINE_SIZE];
static size_t lines_count;

bool
proof_is_full(void)
{
	const char *full = getenv("AIC_PROOF_FULL");

	return full != NULL && full[0] != '\0';
}

int64_t
proof_count(int64_t quick, int64_t full)
{
	return proof_is_full() ? full : quick;
}

void
proof_say(const char *format, ...)
{
	va_list args;

	assert_true(lines_count < LINES_MAX);
	va_start(args, format);
	(void)vsnprintf(lines[lines_count++], LINE_SIZE, format, args);
	va_end(args);
}

int
proof_end(int failures)
{
	for (size_t i = 0; failures == 0 && i < lines_count; i++)
		printf("%s\n", lines[i]);
	return failures;
}

uint64_t
proof_random(uint64_t below)
{
	static uint64_t state;
	const char *seed = NULL;

	if (state == 0) {
		seed = getenv("AIC_PROOF_SEED");
		if (seed != NULL)
			state = strtoull(seed, NULL, 10);
		if (state == 0)
			state = 0x9e3779b97f4a7c15;
	}
	/* xorshift64 (Marsaglia 2003). */
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* -------- databases -------- */

static pid_t
start_sqlite(const char *path, const char *sql, int out)
{
	char *const arguments[] = { "sqlite3", "-batch", (char *)path,
		(char *)sql, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(
			     &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
	    0);
	assert_int_equal(
	    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO), 0);
	assert_int_equal(
	    posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO), 0);
	assert_int_equal(
	    posix_spawnp(&pid, "sqlite3", &actions, NULL, arguments, environ),
	    0);
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

void
proof_query(const char *path, const char *sql, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got = 0;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = start_sqlite(path, sql, ends[1]);
	close(ends[1]);
	while (len < size - 1 &&
	    (got = read(ends[0], text + len, size - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (got != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s: %s: %.300s", path, sql, text);
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = '\0';
}

int64_t
proof_query_number(const char *path, const char *sql)
{
	char text[64];
	char *end = NULL;
	int64_t number;

	proof_query(path, sql, text, sizeof(text));
	number = strtoll(text, &end, 10);
	if (end == text || *end != '\0')
		fail_msg("%s: %s: no number: %s", path, sql, text);
	return number;
}

void
proof_want_whole(const char *path)
{
	char text[512];

	proof_query(path, "PRAGMA quick_check", text, sizeof(text));
	if (strcmp(text, "ok") != 0)
		fail_msg("%s is corrupt: %s", path, text);
}

/* -------- the system -------- */

struct account
proof_account(struct client *client)
{
	struct account account = { .email = flow_email(client) };
	const char *body = client_text(client,
	    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
	    account.email);
	const struct reply *reply = NULL;
	int64_t doubts;

	reply = ask_until_answered(client,
	    &(struct request){ .path = "/api/v1/auth/register", .body = body },
	    &doubts);
	/* An attempt that was given up has made it. */
	if (reply->status == 409 && doubts > 0)
		reply = ask_until_answered(client,
		    &(struct request){
			.path = "/api/v1/auth/login", .body = body },
		    &doubts);
	else
		want_status(reply, 201);
	account.jwt = want_string(reply, "token");
	return account;
}

int64_t
proof_metric(struct client *client, const char *name)
{
	const struct reply *reply = client_send(
	    client, &(struct request){ .path = "/metrics" });
	const char *line = client_text(client, "\n%s ", name);
	const char *at = NULL;

	want_status(reply, 200);
	at = strstr(reply->body, line);
	if (at == NULL) {
		fail_msg("/metrics has no %s", name);
		return -1;
	}
	return strtoll(at + strlen(line), NULL, 10);
}
