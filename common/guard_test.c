/*
 * Tests of the guard: a socket under it, and members and strangers who come to
 * it over TCP on loopback.
 */
#include "common/testing.h"

#include <arpa/inet.h>
#include <czmq.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "common/guard.h"
#include "common/log.h"
#include "common/secret.h"

#define WAIT_MS	      20000
#define LOOK_MS	      10
#define NS_PER_MS     INT64_C(1000000)
#define ERROR_SIZE    512
#define GREETING_SIZE 64 /* what ZMTP 3 says before it knows the other side */

struct door {
	char *directory; /* of the keys; first, so that this is a *state too */
	char strangers[64]; /* directory of keys that nobody knows */
	struct guard *guard;
	zsock_t *socket;
	int64_t now_ms; /* that the guard is told */
};

static void
make(const char *directory, const char *name)
{
	char error[ERROR_SIZE] = "";

	if (curve_make(directory, name, error, sizeof(error)) != 0)
		fail_msg("%s", error);
}

static void
open_door(struct door *door, bool gateways_only)
{
	struct curve_pair own;
	char error[ERROR_SIZE] = "";

	door->now_ms = 1000000;
	door->guard = guard_new(door->directory, gateways_only);
	assert_non_null(door->guard);
	door->socket = zsock_new(ZMQ_ROUTER);
	assert_non_null(door->socket);
	assert_int_equal(curve_load_pair(door->directory, "challenge-0", &own,
			     error, sizeof(error)),
	    0);
	assert_int_equal(guard_protect(door->guard, door->socket, &own), 0);
	assert_true(zsock_bind(door->socket, "tcp://127.0.0.1:*") > 0);
}

static int
setup(void **state)
{
	struct door *door = NULL;
	void *directory = NULL;

	log_open("guard", LOG_LEVEL_ERROR);
	zsys_handler_set(NULL);
	if (secret_init() != 0 || testing_setup(&directory) != 0)
		return -1;
	door = calloc(1, sizeof(*door));
	assert_non_null(door);
	door->directory = directory;
	snprintf(door->strangers, sizeof(door->strangers), "%s/strangers",
	    door->directory);
	assert_int_equal(mkdir(door->strangers, 0700), 0);
	make(door->directory, "challenge-0");
	make(door->directory, "gateway");
	make(door->directory, "auth");
	make(door->strangers, "gateway");
	*state = door;
	return 0;
}

static int
teardown(void **state)
{
	struct door *door = *state;
	void *directory = door->directory;

	guard_leave(door->guard, door->socket);
	zsock_destroy(&door->socket);
	guard_free(&door->guard);
	free(door);
	zsys_shutdown();
	return testing_teardown(&directory);
}

/* A client that shows the key NAME of a directory and expects the server's,
 * or another one. */
static zsock_t *
come(const struct door *door, const char *directory, const char *name,
    const char *server)
{
	zsock_t *client = zsock_new(ZMQ_DEALER);
	struct curve_link link;
	char error[ERROR_SIZE] = "";

	assert_non_null(client);
	assert_int_equal(
	    curve_load_pair(directory, name, &link.own, error, sizeof(error)),
	    0);
	assert_int_equal(curve_load_public(door->directory, server,
			     link.server_key, error, sizeof(error)),
	    0);
	zsock_set_linger(client, 0);
	zsock_set_curve_publickey_bin(client, link.own.public_key);
	zsock_set_curve_secretkey_bin(client, link.own.secret_key);
	zsock_set_curve_serverkey_bin(client, link.server_key);
	assert_int_equal(
	    zsock_connect(client, "%s", zsock_endpoint(door->socket)), 0);
	return client;
}

static void
look_again(int64_t end_ms, const char *what)
{
	if (clock_boot_ns() / NS_PER_MS > end_ms)
		fail_msg("waited in vain for %s", what);
	(void)poll(NULL, 0, LOOK_MS);
}

static int64_t
deadline(void)
{
	return clock_boot_ns() / NS_PER_MS + WAIT_MS;
}

/* Lets the guard work until a message has come in, which must be `text`; it is
 * answered. */
static void
want_served(struct door *door, zsock_t *client, const char *text)
{
	const int64_t end = deadline();
	zframe_t *identity = NULL;
	char *word = NULL;

	assert_int_equal(zstr_send(client, text), 0);
	while ((zsock_events(door->socket) & ZMQ_POLLIN) == 0) {
		guard_work(door->guard, door->now_ms);
		look_again(end, "a member to be let in");
	}
	identity = zframe_recv(door->socket);
	word = zstr_recv(door->socket);
	assert_string_equal(word, text);
	freen(word);
	assert_int_equal(zframe_send(&identity, door->socket, ZFRAME_MORE), 0);
	assert_int_equal(zstr_send(door->socket, "served"), 0);
	word = zstr_recv(client);
	assert_string_equal(word, "served");
	freen(word);
}

/* Lets the guard work until it has refused so many more; none came in. */
static void
want_refused(struct door *door, int64_t more)
{
	const int64_t until = guard_refused(door->guard) + more;
	const int64_t end = deadline();

	while (guard_refused(door->guard) < until) {
		guard_work(door->guard, door->now_ms);
		look_again(end, "a stranger to be refused");
	}
	assert_int_equal(zsock_events(door->socket) & ZMQ_POLLIN, 0);
}

static void
members_are_served(void **state)
{
	struct door *door = *state;
	zsock_t *gateway = NULL, *auth = NULL;

	open_door(door, false);
	gateway = come(door, door->directory, "gateway", "challenge-0");
	auth = come(door, door->directory, "auth", "challenge-0");
	want_served(door, gateway, "one");
	want_served(door, auth, "two");
	want_served(door, gateway, "three");
	assert_int_equal(guard_refused(door->guard), 0);
	zsock_destroy(&gateway);
	zsock_destroy(&auth);
}

static void
only_gateways_are_served_where_that_is_asked(void **state)
{
	struct door *door = *state;
	zsock_t *gateway = NULL, *auth = NULL;

	open_door(door, true);
	auth = come(door, door->directory, "auth", "challenge-0");
	assert_int_equal(zstr_send(auth, "not for me"), 0);
	want_refused(door, 1);
	gateway = come(door, door->directory, "gateway", "challenge-0");
	want_served(door, gateway, "mine");
	zsock_destroy(&gateway);
	zsock_destroy(&auth);
}

static void
key_that_is_not_listed_gets_nothing(void **state)
{
	struct door *door = *state;
	zsock_t *stranger = NULL, *gateway = NULL;

	open_door(door, false);
	stranger = come(door, door->strangers, "gateway", "challenge-0");
	assert_int_equal(zstr_send(stranger, "let me in"), 0);
	want_refused(door, 1);
	gateway = come(door, door->directory, "gateway", "challenge-0");
	want_served(door, gateway, "member");
	assert_int_equal(zsock_events(stranger) & ZMQ_POLLIN, 0);
	zsock_destroy(&stranger);
	zsock_destroy(&gateway);
}

static void
client_that_expects_another_server_gets_nothing(void **state)
{
	struct door *door = *state;
	zsock_t *lost = NULL;

	open_door(door, false);
	lost = come(door, door->directory, "gateway", "auth");
	assert_int_equal(zstr_send(lost, "auth?"), 0);
	want_refused(door, 1);
	assert_int_equal(zsock_events(lost) & ZMQ_POLLIN, 0);
	zsock_destroy(&lost);
}

static void
client_without_keys_gets_nothing(void **state)
{
	struct door *door = *state;
	zsock_t *plain = zsock_new(ZMQ_DEALER);
	zsock_t *naked = zsock_new(ZMQ_DEALER);

	open_door(door, false);
	zsock_set_linger(naked, 0);
	zsock_set_linger(plain, 0);
	zsock_set_plain_username(plain, "gateway");
	zsock_set_plain_password(plain, "gateway");
	assert_int_equal(
	    zsock_connect(naked, "%s", zsock_endpoint(door->socket)), 0);
	assert_int_equal(zstr_send(naked, "hello"), 0);
	want_refused(door, 1);
	assert_int_equal(
	    zsock_connect(plain, "%s", zsock_endpoint(door->socket)), 0);
	assert_int_equal(zstr_send(plain, "hello"), 0);
	want_refused(door, 1);
	assert_int_equal(zsock_events(naked) & ZMQ_POLLIN, 0);
	assert_int_equal(zsock_events(plain) & ZMQ_POLLIN, 0);
	zsock_destroy(&naked);
	zsock_destroy(&plain);
}

static int
connect_tcp(const struct door *door)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const char *port = strrchr(zsock_endpoint(door->socket), ':') + 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)strtol(port, NULL, 10));
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Bytes of no protocol: all that comes back is at most ZeroMQ's greeting. */
static void
garbage_gets_nothing_but_a_greeting(void **state)
{
	struct door *door = *state;
	static const uint8_t greeting[] = { 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f,
		3 };
	uint8_t bytes[400], back[1024];
	struct pollfd wait = { .events = POLLIN };
	ssize_t got;
	size_t total;
	zsock_t *gateway = NULL;

	open_door(door, false);
	for (int i = 0; i < 50; i++) {
		wait.fd = connect_tcp(door);
		secret_random(bytes, 200);
		secret_random(bytes + 200, 200);
		/* Some of it looks like the beginning of ZMTP. */
		if (i % 2 == 0)
			memcpy(bytes, greeting, sizeof(greeting));
		/* An end that has closed already is fine, too. */
		(void)send(wait.fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
		(void)shutdown(wait.fd, SHUT_WR);
		total = 0;
		while (poll(&wait, 1, WAIT_MS) == 1) {
			got = recv(
			    wait.fd, back + total, sizeof(back) - total, 0);
			if (got <= 0)
				break;
			total += (size_t)got;
		}
		assert_in_range(total, 0, GREETING_SIZE);
		close(wait.fd);
		guard_work(door->guard, door->now_ms);
	}
	want_refused(door, guard_refused(door->guard) == 0 ? 1 : 0);
	gateway = come(door, door->directory, "gateway", "challenge-0");
	want_served(door, gateway, "still here");
	zsock_destroy(&gateway);
}

static void
key_that_is_added_is_let_in(void **state)
{
	struct door *door = *state;
	zsock_t *late = NULL;

	open_door(door, true);
	make(door->strangers, "gateway-late");
	late = come(door, door->strangers, "gateway-late", "challenge-0");
	want_refused(door, 1);
	assert_int_equal(link(testing_path((void **)door,
				  "strangers/"
				  "gateway-late.pub"),
			     testing_path((void **)door, "gateway-late.pub")),
	    0);
	/* Until the second is over, the list of before holds. */
	want_refused(door, 1);
	door->now_ms += 1000;
	want_served(door, late, "here I am");
	zsock_destroy(&late);
}

static void
key_that_is_removed_is_refused(void **state)
{
	struct door *door = *state;
	zsock_t *before = NULL, *after = NULL;

	open_door(door, true);
	before = come(door, door->directory, "gateway", "challenge-0");
	want_served(door, before, "member");
	after = come(door, door->strangers, "gateway", "challenge-0");
	assert_int_equal(unlink(testing_path((void **)door, "gateway.pub")), 0);
	door->now_ms += 1000;
	zsock_destroy(&before);
	zsock_destroy(&after);
	after = come(door, door->directory, "gateway", "challenge-0");
	assert_int_equal(zstr_send(after, "me again"), 0);
	want_refused(door, 2);
	zsock_destroy(&after);
}

static void
list_that_breaks_leaves_the_one_before(void **state)
{
	struct door *door = *state;
	zsock_t *gateway = NULL;

	open_door(door, true);
	testing_write(
	    testing_path((void **)door, "gateway-b.pub"), "half", 4, 0644);
	door->now_ms += 1000;
	gateway = come(door, door->directory, "gateway", "challenge-0");
	want_served(door, gateway, "member");
	zsock_destroy(&gateway);
}

static void
list_must_be_right_at_the_start(void **state)
{
	struct door *door = *state;

	testing_write(
	    testing_path((void **)door, "gateway-b.pub"), "half", 4, 0644);
	assert_null(guard_new(door->directory, true));
	assert_int_equal(
	    unlink(testing_path((void **)door, "gateway-b.pub")), 0);
	door->guard = guard_new(door->directory, true);
	assert_non_null(door->guard);
	/* There is one guard a process. */
	assert_null(guard_new(door->directory, true));
}

#define DOOR(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DOOR(members_are_served),
		DOOR(only_gateways_are_served_where_that_is_asked),
		DOOR(key_that_is_not_listed_gets_nothing),
		DOOR(client_that_expects_another_server_gets_nothing),
		DOOR(client_without_keys_gets_nothing),
		DOOR(garbage_gets_nothing_but_a_greeting),
		DOOR(key_that_is_added_is_let_in),
		DOOR(key_that_is_removed_is_refused),
		DOOR(list_that_breaks_leaves_the_one_before),
		DOOR(list_must_be_right_at_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
