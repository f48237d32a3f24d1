/*
 * Canaries: secrets that a test knows go through the whole system, and are then
 * looked for in every file and in the memory of every process. For the Release
 * build: the sanitizers keep what has been freed.
 */
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/memory.h"
#include "tests/e2e/suite.h"

#define FIRST_PASSWORD "amber-kestrel-58-tundra-first"
#define NEXT_PASSWORD  "basalt-heron-27-meadow-second"
#define WRONG_PASSWORD "cobalt-otter-93-canyon-wrong!"
#define LOST_PASSWORD  "dusky-plover-41-fjord-unread!"

#define LEFT_PASSWORD "emerald-gannet-74-tidal-reset"

#define LEAVERS	    20 /* clients that reset their connection */
#define NEEDLES_MAX 32
#define NEEDLE_SIZE 32
#define KEY_PREFIX  7 /* "aic_sk_" */

/* Copies in buffers that libraries use again. One was seen. */
#define BUFFERED 2

enum kind { PASSWORDS, KEYS, TOKENS, KINDS };

static const char *const kind_names[KINDS] = { "password", "API key",
	"access token" };

static struct {
	char text[NEEDLES_MAX][NEEDLE_SIZE + 1];
	const char *list[NEEDLES_MAX];
	enum kind kind[NEEDLES_MAX];
	size_t count;
} canaries;

static void
add_needle(enum kind kind, const char *text, size_t len)
{
	char *to = canaries.text[canaries.count];

	assert_true(canaries.count < NEEDLES_MAX);
	if (len > NEEDLE_SIZE)
		len = NEEDLE_SIZE;
	assert_true(len >= 12);
	memcpy(to, text, len);
	to[len] = '\0';
	canaries.list[canaries.count] = to;
	canaries.kind[canaries.count++] = kind;
}

/* Its halves: where the whole is, they are. */
static void
add_canary(enum kind kind, const char *text, size_t len)
{
	add_needle(kind, text, len / 2);
	add_needle(kind, text + len / 2, len - len / 2);
}

static void
add_key(const char *key)
{
	add_canary(KEYS, key + KEY_PREFIX, strlen(key) - KEY_PREFIX);
}

/* The rest of it, who and until when, is no secret. */
static void
add_token(const char *jwt)
{
	const char *signature = strrchr(jwt, '.');

	assert_non_null(signature);
	add_canary(TOKENS, signature + 1, strlen(signature + 1));
}

/* -------- what sees secrets -------- */

static const struct reply *
post(struct suite *suite, const char *path, const char *jwt, const char *body)
{
	return client_send(suite->client,
	    &(struct request){ .path = path, .jwt = jwt, .body = body });
}

static const char *
credentials(struct suite *suite, const char *email, const char *password)
{
	return client_text(suite->client,
	    "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
}

/* An account through its life; returns an access token that still works. */
static const char *
use_passwords(struct suite *suite, const char *email)
{
	const struct reply *reply = NULL;
	const char *jwt = NULL;

	reply = post(suite, "/api/v1/auth/register", NULL,
	    credentials(suite, email, FIRST_PASSWORD));
	want_status(reply, 201);
	jwt = want_string(reply, "token");
	add_token(jwt);
	want_status(post(suite, "/api/v1/auth/login", NULL,
			credentials(suite, email, WRONG_PASSWORD)),
	    401);
	want_status(post(suite, "/api/v1/auth/login", NULL,
			"{\"email\":\"a@b.example\",\"password\":"
			"\"" LOST_PASSWORD "\""),
	    400);
	want_status(post(suite, "/api/v1/auth/password", jwt,
			"{\"currentPassword\":\"" FIRST_PASSWORD "\","
			"\"newPassword\":\"" NEXT_PASSWORD "\"}"),
	    204);
	want_status(post(suite, "/api/v1/auth/logout", jwt, ""), 204);
	reply = post(suite, "/api/v1/auth/login", NULL,
	    credentials(suite, email, NEXT_PASSWORD));
	want_status(reply, 200);
	jwt = want_string(reply, "token");
	add_token(jwt);
	return jwt;
}

/* A client that has sent a part of its password. */
static int
begin_to_sign_in(struct suite *suite)
{
	static const char part[] =
	    "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\n"
	    "Content-Type: application/json\r\nContent-Length: 200\r\n\r\n"
	    "{\"email\":\"a@b.example\",\"password\":\"" LEFT_PASSWORD;
	const int fd = client_dial(rig_port(suite->rig), false);

	assert_int_equal(
	    send(fd, part, sizeof(part) - 1, MSG_NOSIGNAL), sizeof(part) - 1);
	return fd;
}

/* What came before these answers has been read by every worker. */
static void
have_all_read(struct suite *suite)
{
	const struct reply *replies[LEAVERS];
	struct request requests[LEAVERS];

	for (size_t i = 0; i < LEAVERS; i++)
		requests[i] = (struct request){ .path = "/healthz" };
	client_send_all(suite->client, requests, LEAVERS, replies);
	for (size_t i = 0; i < LEAVERS; i++)
		want_status(replies[i], 200);
}

static void
leave_in_the_middle(struct suite *suite)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	int fds[LEAVERS];

	for (size_t i = 0; i < LEAVERS; i++)
		fds[i] = begin_to_sign_in(suite);
	have_all_read(suite);
	for (size_t i = 0; i < LEAVERS; i++) {
		assert_int_equal(setsockopt(fds[i], SOL_SOCKET, SO_LINGER,
				     &reset, sizeof(reset)),
		    0);
		close(fds[i]);
	}
	have_all_read(suite);
}

/* As the dashboard does: the token comes in a cookie. */
static void
use_session(struct suite *suite, const char *email)
{
	const char *origin = client_text(suite->client,
	    "Origin: http://127.0.0.1:%u", (unsigned)rig_port(suite->rig));
	struct request request = { .path = "/api/v1/session",
		.headers = { origin },
		.body = credentials(suite, email, NEXT_PASSWORD) };
	const struct reply *reply = client_send(suite->client, &request);
	const char *cookie = NULL;

	want_status(reply, 200);
	cookie = reply_header(suite->client, reply, "Set-Cookie");
	assert_non_null(cookie);
	add_token(client_text(suite->client, "%.*s",
	    (int)(strcspn(cookie, ";") - strcspn(cookie, "=") - 1),
	    cookie + strcspn(cookie, "=") + 1));
	request = (struct request){ .path = "/api/v1/auth/me",
		.headers = { client_text(suite->client, "Cookie: %.*s",
		    (int)strcspn(cookie, ";"), cookie) } };
	want_status(client_send(suite->client, &request), 200);
}

static void
use_key(struct suite *suite, const char *secret)
{
	const struct challenge challenge = flow_challenge(
	    suite->client, secret);
	const struct reply *reply = flow_verify(
	    suite->client, secret, challenge.token, challenge.answer);

	want_status(reply, 200);
	reply = post(suite, "/api/v2/challenges/siteverify", NULL,
	    client_text(suite->client,
		"{\"secret\":\"%s\",\"response\":\"%s\"}", secret,
		want_string(reply, "verificationToken")));
	want_status(reply, 200);
	/* Where a key should not be: unknown to its route, refused by the
	 * gate, in a path. */
	(void)post(suite, "/api/v1/auth/login", NULL,
	    client_text(suite->client, "{\"key\":\"%s\"}", secret));
	(void)client_send(suite->client,
	    &(struct request){
		.path = client_text(suite->client, "/api/v2/%s", secret) });
}

static void
use_everything(struct suite *suite)
{
	const char *email = flow_email(suite->client);
	struct account account = { .email = email };
	struct key key;
	const struct reply *reply = NULL;

	add_canary(PASSWORDS, FIRST_PASSWORD, strlen(FIRST_PASSWORD));
	add_canary(PASSWORDS, NEXT_PASSWORD, strlen(NEXT_PASSWORD));
	add_canary(PASSWORDS, WRONG_PASSWORD, strlen(WRONG_PASSWORD));
	add_canary(PASSWORDS, LOST_PASSWORD, strlen(LOST_PASSWORD));
	add_canary(PASSWORDS, LEFT_PASSWORD, strlen(LEFT_PASSWORD));
	account.jwt = use_passwords(suite, email);
	use_session(suite, email);
	leave_in_the_middle(suite);
	key = flow_key(suite->client, &account, ",\"difficulty\":\"easy\"");
	add_key(key.secret);
	use_key(suite, key.secret);
	reply = post(suite,
	    client_text(suite->client, "/api/v1/api-keys/%s/rotate", key.id),
	    account.jwt, "{}");
	want_status(reply, 200);
	add_key(want_string(reply, "key"));
	use_key(suite, want_string(reply, "key"));
}

static int
set_up(void **state)
{
	/* The logs are as talkative as they can be. */
	static const char *const settings[] = { "AIC_LOG_LEVEL=debug", NULL };
	int result = suite_start(state, settings);

	use_everything(*state);
	return result;
}

/* -------- where they might be -------- */

static size_t files_seen, files_bad;

static int
search_file(
    const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *file = NULL;

	(void)ftw;
	if (type != FTW_F || !S_ISREG(status->st_mode) || status->st_size == 0)
		return 0;
	file = fopen(path, "re");
	bytes = malloc((size_t)status->st_size);
	if (file != NULL && bytes != NULL)
		len = fread(bytes, 1, (size_t)status->st_size, file);
	for (size_t i = 0; len > 0 && i < canaries.count; i++) {
		if (memmem(bytes, len, canaries.list[i],
			strlen(canaries.list[i])) == NULL)
			continue;
		printf("%s holds a part of a secret: %s\n", path,
		    kind_names[canaries.kind[i]]);
		files_bad++;
	}
	if (file != NULL)
		(void)fclose(file);
	free(bytes);
	files_seen++;
	return len > 0 ? 0 : -1;
}

static void
no_log_and_no_database_holds_a_secret(void **state)
{
	const struct suite *suite = *state;

	files_seen = 0;
	assert_int_equal(
	    nftw(rig_dir(suite->rig), search_file, 8, FTW_PHYS), 0);
	/* Three logs of services, and three databases with their WALs. */
	assert_true(files_seen >= 9);
	assert_int_equal(files_bad, 0);
}

/* A search that finds nothing must be able to find something. */
static void
search_finds_what_is_there(void **state)
{
	const struct suite *suite = *state;
	const char *path = client_text(
	    suite->client, "%s/planted.log", rig_dir(suite->rig));
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fprintf(file, "%8000d%s", 1, NEXT_PASSWORD) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(
	    nftw(rig_dir(suite->rig), search_file, 8, FTW_PHYS), 0);
	assert_int_equal(files_bad, 2);
	files_bad = 0;
	assert_int_equal(unlink(path), 0);
}

/* How often each canary is in the memory of a group of processes. */
static void
count_in_memory(
    struct suite *suite, enum rig_process process, size_t counts[NEEDLES_MAX])
{
	pid_t pids[MEMORY_PIDS_MAX];
	size_t count = memory_group(rig_pid(suite->rig, process), pids);

	memset(counts, 0, NEEDLES_MAX * sizeof(counts[0]));
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		/* It is closed to others, as it should be. */
		if (memory_search(
			pids[i], canaries.list, canaries.count, counts) != 0)
			skip();
	}
}

/* At most so many copies of each secret of a kind. */
static void
want_at_most(const size_t counts[NEEDLES_MAX], enum kind kind, size_t copies)
{
	for (size_t i = 0; i < canaries.count; i++) {
		if (canaries.kind[i] == kind && counts[i] > copies)
			fail_msg("%zu copies of \"%s\" (%s)", counts[i],
			    canaries.list[i], kind_names[kind]);
	}
}

static void
services_that_need_no_secret_hold_none(void **state)
{
	static const enum rig_process processes[] = { RIG_ANALYTICS,
		RIG_CHALLENGE_0 };
	size_t counts[NEEDLES_MAX];

	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
		count_in_memory(*state, processes[i], counts);
		want_at_most(counts, PASSWORDS, 0);
		want_at_most(counts, KEYS, 0);
		want_at_most(counts, TOKENS, 0);
	}
}

/*
 * What auth-svc has answered last, a token or a new key, stays in the buffer
 * from which libzmq writes, until other answers take its place.
 */
static void
auth_service_holds_no_password_after_use(void **state)
{
	size_t counts[NEEDLES_MAX];

	count_in_memory(*state, RIG_AUTH, counts);
	want_at_most(counts, PASSWORDS, 0);
	want_at_most(counts, KEYS, BUFFERED);
	want_at_most(counts, TOKENS, BUFFERED);
}

/* So does what went through the gateway last, in libzmq's buffer and Kore's. */
static void
gateway_holds_no_secret_outside_of_buffers(void **state)
{
	size_t counts[NEEDLES_MAX];

	count_in_memory(*state, RIG_GATEWAY, counts);
	want_at_most(counts, PASSWORDS, BUFFERED);
	want_at_most(counts, KEYS, BUFFERED);
	want_at_most(counts, TOKENS, BUFFERED);
}

/* A child of this test, which has it twice: as it was written, and copied. */
static void
memory_search_finds_what_is_there(void **state)
{
	static const char *const needles[] = { "planted-needle-in-memory" };
	char *planted = NULL;
	size_t counts[1] = { 0 };
	pid_t child;

	(void)state;
	planted = strdup(needles[0]);
	assert_non_null(planted);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		for (;;)
			(void)pause();
	}
	assert_true(child > 0);
	assert_int_equal(memory_search(child, needles, 1, counts), 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	free(planted);
	assert_true(counts[0] >= 2);
}

/* There is no core that a secret could be in. */
static void
no_process_may_dump_its_core(void **state)
{
	const struct suite *suite = *state;
	pid_t pids[MEMORY_PIDS_MAX];
	struct rlimit limit;

	for (int process = 0; process < RIG_PROCESSES; process++) {
		pid_t leader = rig_pid(suite->rig, (enum rig_process)process);
		size_t count = 0;

		if (leader == 0)
			continue;
		count = memory_group(leader, pids);
		/* The gateway has a parent and a worker at least. */
		assert_true(count >= (process == RIG_GATEWAY ? 2 : 1));
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(
			    prlimit(pids[i], RLIMIT_CORE, NULL, &limit), 0);
			assert_int_equal(limit.rlim_cur, 0);
			assert_int_equal(limit.rlim_max, 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_finds_what_is_there),
		cmocka_unit_test(no_log_and_no_database_holds_a_secret),
		cmocka_unit_test(memory_search_finds_what_is_there),
		cmocka_unit_test(services_that_need_no_secret_hold_none),
		cmocka_unit_test(auth_service_holds_no_password_after_use),
		cmocka_unit_test(gateway_holds_no_secret_outside_of_buffers),
		cmocka_unit_test(no_process_may_dump_its_core),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
