/*
 * A system whose processes talk over TCP and CURVE: it does what it does over
 * ipc://, strangers get nothing, and what would be open is refused at the
 * start.
 */
#include <arpa/inet.h>
#include <czmq.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/curve.h"
#include "proto/codec.h"
#include "tests/e2e/suite.h"

#define LONG_MS	    (INT64_C(10000) * RIG_SLACK)
#define TEXT_SIZE   1024
#define LOG_SIZE    ((size_t)1024 * 1024)
#define STRANGERS   40
#define TURNED_AWAY 6
#define COUNTED_MS  INT64_C(2000) /* the promise: an event shows until then */
#define LOGGED_MS   10000	  /* at least between two lines of a guard */

static const struct {
	enum rig_process process;
	const char *name;
} services[] = { { RIG_CHALLENGE_0, "challenge-0" }, { RIG_AUTH, "auth" },
	{ RIG_ANALYTICS, "analytics" } };

#define SERVICES (sizeof(services) / sizeof(services[0]))

static int
set_up(void **state)
{
	return suite_start_tcp(state, NULL);
}

/* -------- what works -------- */

static void
want_counted(struct suite *suite, const struct account *account, int64_t number)
{
	const int64_t end = rig_deadline(COUNTED_MS * RIG_SLACK);

	while (want_integer(flow_overview(suite->client, account->jwt),
		   "totals.siteverified") != number)
		rig_look_again(end, "the events to be counted");
}

static void
whole_flow_works_over_curve(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const char *token = flow_verified(suite->client, key.secret);
	const struct reply *reply = flow_siteverify(
	    suite->client, key.secret, token);

	want_status(reply, 200);
	assert_true(want_boolean(reply, "success"));
	want_counted(suite, &account, 1);
}

static void
services_that_come_back_are_found_again(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");

	for (size_t i = 0; i < SERVICES; i++) {
		rig_kill(suite->rig, services[i].process);
		rig_restart(suite->rig, services[i].process);
		rig_await_ready(suite->rig);
	}
	want_status(flow_siteverify(suite->client, key.secret,
			flow_verified(suite->client, key.secret)),
	    200);
	want_counted(suite, &account, 1);
}

/* Whether somebody listens at tcp://127.0.0.1:PORT. */
static bool
listens(const char *endpoint)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons(
	    (uint16_t)strtol(strrchr(endpoint, ':') + 1, NULL, 10));
	result = connect(
	    fd, (const struct sockaddr *)&address, sizeof(address));
	close(fd);
	return result == 0;
}

/* An impostor at the endpoint, without any keys, until it has turned away so
 * many that somebody has given the connection up. */
static void
stand_in(struct suite *suite, enum rig_process process)
{
	const int64_t end = rig_deadline(LONG_MS);
	zsock_t *impostor = zsock_new(ZMQ_ROUTER);
	zsock_t *notes = zsock_new(ZMQ_PAIR);
	zmsg_t *note = NULL;
	int turned_away = 0;

	assert_non_null(impostor);
	assert_non_null(notes);
	zsock_set_linger(impostor, 0);
	zsock_set_rcvhwm(notes, 0);
	assert_int_equal(
	    zmq_socket_monitor(zsock_resolve(impostor), "inproc://turned-away",
		ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
		    ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL),
	    0);
	assert_int_equal(zsock_connect(notes, "%s", "inproc://turned-away"), 0);
	assert_true(
	    zsock_bind(impostor, "%s", rig_endpoint(suite->rig, process)) > 0);
	while (turned_away < TURNED_AWAY) {
		if ((zsock_events(notes) & ZMQ_POLLIN) == 0) {
			rig_look_again(end, "the impostor to be found out");
			continue;
		}
		note = zmsg_recv(notes);
		zmsg_destroy(&note);
		turned_away++;
	}
	/* Its port is free when nobody can connect any more. */
	(void)zmq_socket_monitor(zsock_resolve(impostor), NULL, 0);
	zsock_destroy(&impostor);
	zsock_destroy(&notes);
	while (listens(rig_endpoint(suite->rig, process)))
		rig_look_again(end, "the impostor to leave");
}

/* ZeroMQ gives a connection up for good when the other side speaks otherwise.
 */
static void
service_is_found_again_after_an_impostor(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");

	int64_t end;

	rig_kill(suite->rig, RIG_ANALYTICS);
	stand_in(suite, RIG_ANALYTICS);
	rig_restart(suite->rig, RIG_ANALYTICS);
	rig_await_ready(suite->rig);
	end = rig_deadline(LONG_MS);
	want_status(flow_siteverify(suite->client, key.secret,
			flow_verified(suite->client, key.secret)),
	    200);
	/* Those who ship their events need a moment longer. */
	while (want_integer(flow_overview(suite->client, account.jwt),
		   "totals.siteverified") != 1)
		rig_look_again(end, "the shippers to come back");
}

/* -------- strangers -------- */

/* A client with the key NAME of a directory, or with none. */
static zsock_t *
come(struct suite *suite, size_t service, const char *keys, const char *name)
{
	zsock_t *client = zsock_new(ZMQ_DEALER);
	char directory[TEXT_SIZE], error[TEXT_SIZE] = "";
	struct curve_link link;

	assert_non_null(client);
	zsock_set_linger(client, 0);
	if (name != NULL) {
		snprintf(directory, sizeof(directory), "%s/keys",
		    rig_dir(suite->rig));
		if (curve_load_pair(
			keys, name, &link.own, error, sizeof(error)) != 0 ||
		    curve_load_public(directory, services[service].name,
			link.server_key, error, sizeof(error)) != 0)
			fail_msg("%s", error);
		zsock_set_curve_publickey_bin(client, link.own.public_key);
		zsock_set_curve_secretkey_bin(client, link.own.secret_key);
		zsock_set_curve_serverkey_bin(client, link.server_key);
	}
	assert_int_equal(
	    zsock_connect(client, "%s",
		rig_endpoint(suite->rig, services[service].process)),
	    0);
	return client;
}

static void
send_ping(zsock_t *client)
{
	static const struct empty nothing = { 0 };
	const struct proto_header header = { .kind = PROTO_FRAME_REQUEST,
		.message = MSG_PING,
		.correlation = 1 };
	struct proto_buf buffer = { 0 };
	zframe_t *frame = NULL;

	assert_int_equal(
	    proto_frame_append(&buffer, &header, &proto_empty, &nothing), 0);
	frame = zframe_new(buffer.data, buffer.len);
	assert_int_equal(zframe_send(&frame, client, 0), 0);
	proto_buf_free(&buffer);
}

static int64_t
refused(struct suite *suite, size_t service)
{
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	const char *at = NULL;

	want_status(reply, 200);
	at = strstr(reply->body,
	    client_text(suite->client,
		"\naic_service_refused_connections_total{service=\"%s\"} ",
		services[service].name));
	if (at == NULL) {
		fail_msg("no count of %s", services[service].name);
		return -1;
	}
	return strtoll(at + strcspn(at, " "), NULL, 10);
}

/* It asks a service, and is refused. */
static void
want_stranger(
    struct suite *suite, size_t service, const char *keys, const char *name)
{
	const int64_t end = rig_deadline(LONG_MS);
	const int64_t before = refused(suite, service);
	zsock_t *client = come(suite, service, keys, name);

	send_ping(client);
	while (refused(suite, service) == before)
		rig_look_again(end, "a stranger to be refused");
	assert_int_equal(zsock_events(client) & ZMQ_POLLIN, 0);
	zsock_destroy(&client);
}

/* The check of the checks: the same question by a member is answered. */
static void
want_member(struct suite *suite, size_t service, const char *name)
{
	char keys[TEXT_SIZE];
	zsock_t *client = NULL;
	zframe_t *answer = NULL;

	snprintf(keys, sizeof(keys), "%s/keys", rig_dir(suite->rig));
	client = come(suite, service, keys, name);
	zsock_set_rcvtimeo(client, (int)LONG_MS);
	send_ping(client);
	answer = zframe_recv(client);
	assert_non_null(answer);
	zframe_destroy(&answer);
	zsock_destroy(&client);
}

static void
make_strangers(struct suite *suite, char keys[TEXT_SIZE])
{
	char error[TEXT_SIZE] = "";

	snprintf(keys, TEXT_SIZE, "%s/strangers", rig_dir(suite->rig));
	assert_true(mkdir(keys, 0700) == 0);
	if (curve_make(keys, "gateway", error, sizeof(error)) != 0)
		fail_msg("%s", error);
}

static void
strangers_get_nothing(void **state)
{
	struct suite *suite = *state;
	char keys[TEXT_SIZE];

	make_strangers(suite, keys);
	for (size_t i = 0; i < SERVICES; i++) {
		want_member(suite, i, "gateway");
		want_stranger(suite, i, keys, "gateway");
		want_stranger(suite, i, NULL, NULL);
	}
	for (size_t i = 0; i < SERVICES; i++)
		assert_true(rig_runs(suite->rig, services[i].process));
	(void)flow_easy_key(suite->client);
}

/* Only analytics has anything to do with processes that are no gateways. */
static void
services_get_nothing_of_each_other(void **state)
{
	struct suite *suite = *state;
	char keys[TEXT_SIZE];

	snprintf(keys, sizeof(keys), "%s/keys", rig_dir(suite->rig));
	want_stranger(suite, 0, keys, "auth");
	want_stranger(suite, 1, keys, "challenge-0");
	want_member(suite, 2, "auth");
	want_member(suite, 2, "challenge-0");
}

static size_t
count_lines(struct suite *suite, const char *service, const char *word)
{
	char path[TEXT_SIZE];
	char *text = calloc(1, LOG_SIZE);
	const char *at = text;
	size_t count = 0;
	ssize_t len;
	int fd;

	assert_non_null(text);
	snprintf(path, sizeof(path), "%s/%s.log", rig_dir(suite->rig), service);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, text, LOG_SIZE - 1);
	close(fd);
	assert_in_range(len, 1, LOG_SIZE - 2);
	while ((at = strstr(at, word)) != NULL) {
		at++;
		count++;
	}
	free(text);
	return count;
}

static void
many_strangers_are_few_lines(void **state)
{
	struct suite *suite = *state;
	const int64_t begin = rig_now_ms(), end = rig_deadline(LONG_MS);
	const int64_t before = refused(suite, 1);
	const size_t lines = count_lines(suite, "auth", "refused");
	zsock_t *clients[STRANGERS];
	size_t allowed;

	for (size_t i = 0; i < STRANGERS; i++)
		clients[i] = come(suite, 1, NULL, NULL);
	while (refused(suite, 1) < before + STRANGERS)
		rig_look_again(end, "many strangers to be refused");
	for (size_t i = 0; i < STRANGERS; i++)
		zsock_destroy(&clients[i]);
	allowed = 1 + (size_t)((rig_now_ms() - begin) / LOGGED_MS + 1);
	assert_in_range(
	    count_lines(suite, "auth", "refused") - lines, 0, allowed);
	want_member(suite, 1, "gateway");
}

/* -------- what is refused at the start -------- */

/* Runs a program with settings of its own; it must end by itself, not well, and
 * say the word. */
static void
want_no_start(struct suite *suite, const char *program, const char *setting,
    const char *keys, const char *word)
{
	char path[TEXT_SIZE], log[TEXT_SIZE], data[TEXT_SIZE], dir[TEXT_SIZE];
	char *const arguments[] = { path, NULL };
	char *const environment[] = { data, dir,
		(char *)client_text(suite->client, "%s", setting),
		(char *)client_text(suite->client, "PATH=%s", getenv("PATH")),
		NULL };
	posix_spawn_file_actions_t actions;
	pid_t child = 0;
	int status = 0;

	snprintf(path, sizeof(path), "%s/%s", AIC_BIN_DIR, program);
	snprintf(data, sizeof(data), "AIC_DATA_DIR=%s/%s.d",
	    rig_dir(suite->rig), program);
	snprintf(dir, sizeof(dir), "AIC_CURVE_DIR=%s", keys);
	snprintf(log, sizeof(log), "%s/%s-refused.log", rig_dir(suite->rig),
	    program);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
	assert_int_equal(
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log,
		O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    0);
	assert_int_equal(
	    posix_spawn(&child, path, &actions, NULL, arguments, environment),
	    0);
	assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
	snprintf(log, sizeof(log), "%s-refused", program);
	if (count_lines(suite, log, word) == 0)
		fail_msg("%s does not say \"%s\"", program, word);
}

static void
endpoint_that_is_open_to_the_network_is_refused(void **state)
{
	struct suite *suite = *state;
	static const char *const programs[] = { "auth-svc", "analytics-svc",
		"challenge-svc", "gateway" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		want_no_start(suite, programs[i],
		    "AIC_AUTH_ENDPOINT=tcp://10.9.8.7:5551", "",
		    "auth_endpoint: \"tcp://10.9.8.7:5551\" may leave this "
		    "host, which needs keys");
		want_no_start(suite, programs[i], "AIC_BIND=tcp://*:5551", "",
		    "bind: \"tcp://*:5551\" may leave this host");
	}
}

static void
keys_that_are_missing_or_open_are_refused(void **state)
{
	struct suite *suite = *state;
	static const struct {
		const char *program;
		const char *setting;
		const char *key;
	} cases[] = { { "auth-svc", "AIC_AUTH_ENDPOINT=tcp://127.0.0.1:1",
			  "auth.key" },
		{ "analytics-svc", "AIC_ANALYTICS_ENDPOINT=tcp://127.0.0.1:1",
		    "analytics.key" },
		{ "challenge-svc", "AIC_CHALLENGE_ENDPOINTS=tcp://127.0.0.1:1",
		    "challenge-0.key" },
		{ "gateway", "AIC_AUTH_ENDPOINT=tcp://127.0.0.1:1",
		    "gateway.key" } };
	char keys[TEXT_SIZE / 2], path[TEXT_SIZE];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(keys, sizeof(keys), "%s/none", rig_dir(suite->rig));
		want_no_start(suite, cases[i].program, cases[i].setting, keys,
		    "No such file");
		snprintf(keys, sizeof(keys), "%s/keys", rig_dir(suite->rig));
		snprintf(path, sizeof(path), "%s/%s", keys, cases[i].key);
		assert_int_equal(chmod(path, 0640), 0);
		want_no_start(suite, cases[i].program, cases[i].setting, keys,
		    "is open to others");
		assert_int_equal(chmod(path, 0600), 0);
	}
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(whole_flow_works_over_curve),
		unit(services_that_come_back_are_found_again),
		unit(service_is_found_again_after_an_impostor),
		unit(strangers_get_nothing),
		unit(services_get_nothing_of_each_other),
		unit(many_strangers_are_few_lines),
		unit(endpoint_that_is_open_to_the_network_is_refused),
		unit(keys_that_are_missing_or_open_are_refused),
	};
	int failures;

	/* The signals are this program's own. */
	zsys_handler_set(NULL);
	failures = cmocka_run_group_tests(tests, set_up, suite_tear_down);
	zsys_shutdown();
	return failures;
}
