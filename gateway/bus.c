/*
 * Lines over ZeroMQ: contexts, sockets and their options; see bus_line.h.
 *
 * Each socket's ZMQ_FD sits in Kore's epoll set. It is edge-triggered in
 * spirit: any call on the socket may swallow the edge, so after every send and
 * every receive ZMQ_EVENTS is read again until nothing is left, and bus_tick
 * polls once more as a net.
 *
 * A socket has a pipe only while it is connected (ZMQ_IMMEDIATE), so that a
 * service which is gone shows at once: sending fails, ZMQ_POLLOUT is off.
 */
#include <sys/epoll.h>

#include <errno.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/endpoint.h"
#include "common/log.h"
#include "common/secret.h"
#include "gateway/bus_line.h"
#include "proto/codec.h"

/* Checks without an echo until the I/O thread counts as dead. */
#define ECHO_MISSES_MAX 20

/* Calls of bus_line_mend until it does something: longer than a handshake may
 * take, see common/guard.c. */
#define MEND_CALLS 200

#define HEARTBEAT_MS	     1000
#define HEARTBEAT_TIMEOUT_MS 3000
#define RECONNECT_MS	     50
#define RECONNECT_MAX_MS     500

void *
bus_context_new(void)
{
	void *context = zmq_ctx_new();

	if (context == NULL)
		log_error(
		    NULL, "cannot start ZeroMQ: %s", zmq_strerror(zmq_errno()));
	return context;
}

void
bus_context_close(void **context)
{
	if (*context != NULL && zmq_ctx_term(*context) != 0)
		log_error(
		    NULL, "cannot end ZeroMQ: %s", zmq_strerror(zmq_errno()));
	*context = NULL;
}

/* -------- lines -------- */

/* The socket's ZMQ_EVENTS; 0 when it has none to tell. */
static int
events_of(void *socket)
{
	int events = 0;
	size_t size = sizeof(events);
	int rc;

	do {
		rc = zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size);
	} while (rc != 0 && errno == EINTR);
	return rc == 0 ? events : 0;
}

static void
receive_all(struct bus_line *line)
{
	zmq_msg_t message;

	if (zmq_msg_init(&message) != 0)
		return;
	while (zmq_msg_recv(&message, line->socket, ZMQ_DONTWAIT) >= 0) {
		if (zmq_msg_more(&message))
			line->refuse(line->owner, "more than one part");
		else
			line->take(line->owner, zmq_msg_data(&message),
			    zmq_msg_size(&message));
		/* Tokens and new keys pass through here. */
		sodium_memzero(zmq_msg_data(&message), zmq_msg_size(&message));
	}
	(void)zmq_msg_close(&message);
}

bool
bus_line_drain(struct bus_line *line)
{
	int events = events_of(line->socket);
	bool before = line->connected;

	while ((events & ZMQ_POLLIN) != 0) {
		receive_all(line);
		events = events_of(line->socket);
	}
	line->connected = (events & ZMQ_POLLOUT) != 0;
	if (line->connected && !before)
		line->ready(line->owner);
	return line->connected;
}

static void
on_event(void *arg, int error)
{
	(void)error;
	(void)bus_line_drain(arg);
}

/* libzmq is done with a message, on whichever thread; hint is its length. */
static void
wipe_message(void *data, void *hint)
{
	sodium_memzero(data, (size_t)(uintptr_t)hint);
	free(data);
}

/* As zmq_send, whose copy would be freed with the passwords in it. */
int
bus_line_send(struct bus_line *line, const void *data, size_t len)
{
	zmq_msg_t message;
	void *copy = NULL;
	int rc;

	copy = malloc(len);
	if (copy == NULL)
		return -1;
	memcpy(copy, data, len);
	if (zmq_msg_init_data(&message, copy, len, wipe_message,
		(void *)(uintptr_t)len) != 0) {
		wipe_message(copy, (void *)(uintptr_t)len);
		return -1;
	}
	do {
		rc = zmq_msg_send(&message, line->socket, ZMQ_DONTWAIT);
	} while (rc < 0 && errno == EINTR);
	if (rc < 0)
		(void)zmq_msg_close(&message);
	return rc < 0 ? -1 : 0;
}

static int
set_int(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof(value));
}

static int
set_options(void *socket, int mark)
{
	int64_t size_max = PROTO_BATCH_MAX;

	if (set_int(socket, ZMQ_LINGER, 0) != 0 ||
	    set_int(socket, ZMQ_IMMEDIATE, 1) != 0 ||
	    set_int(socket, ZMQ_SNDHWM, mark) != 0 ||
	    set_int(socket, ZMQ_RCVHWM, mark) != 0 ||
	    set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) != 0 ||
	    set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) != 0 ||
	    set_int(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS) != 0 ||
	    set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) != 0 ||
	    set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS) != 0)
		return -1;
	return zmq_setsockopt(
	    socket, ZMQ_MAXMSGSIZE, &size_max, sizeof(size_max));
}

static int
set_key(void *socket, int option, const uint8_t key[CURVE_KEY_BYTES])
{
	return zmq_setsockopt(socket, option, key, CURVE_KEY_BYTES);
}

static int
set_link(void *socket, const struct curve_link *link)
{
	if (link == NULL)
		return 0;
	if (set_key(socket, ZMQ_CURVE_SERVERKEY, link->server_key) != 0 ||
	    set_key(socket, ZMQ_CURVE_PUBLICKEY, link->own.public_key) != 0)
		return -1;
	return set_key(socket, ZMQ_CURVE_SECRETKEY, link->own.secret_key);
}

int
bus_line_open(struct bus_line *line, void *context, const char *address,
    int mark, const struct curve_link *link)
{
	size_t size;
	int fd = -1;

	line->event.handle = on_event;
	(void)snprintf(line->address, sizeof(line->address), "%s", address);
	line->socket = zmq_socket(context, ZMQ_DEALER);
	if (line->socket == NULL || set_options(line->socket, mark) != 0 ||
	    set_int(line->socket, ZMQ_IPV6, endpoint_is_ipv6(address)) != 0 ||
	    set_link(line->socket, link) != 0 ||
	    zmq_connect(line->socket, address) != 0) {
		log_error(NULL, "cannot connect to %s: %s", address,
		    zmq_strerror(zmq_errno()));
		return -1;
	}
	size = sizeof(fd);
	if (zmq_getsockopt(line->socket, ZMQ_FD, &fd, &size) != 0)
		return -1;
	kore_platform_event_schedule(fd, EPOLLIN, 0, line);
	(void)bus_line_drain(line);
	return 0;
}

void
bus_line_mend(struct bus_line *line)
{
	line->alone = line->connected ? 0 : line->alone + 1;
	if (line->alone < MEND_CALLS || !endpoint_is_tcp(line->address))
		return;
	line->alone = 0;
	if (zmq_disconnect(line->socket, line->address) != 0 ||
	    zmq_connect(line->socket, line->address) != 0)
		log_error(NULL, "cannot connect anew to %s: %s", line->address,
		    zmq_strerror(zmq_errno()));
}

static void
close_socket(void **socket)
{
	if (*socket != NULL && zmq_close(*socket) != 0)
		log_error(NULL, "cannot close a socket: %s",
		    zmq_strerror(zmq_errno()));
	*socket = NULL;
}

void
bus_line_close(struct bus_line *line)
{
	close_socket(&line->socket);
}

/* -------- the echo -------- */

/* An abstract unix socket: no file, and gone with the process. */
int
bus_echo_open(struct bus_echo *echo, void *context)
{
	char address[64];
	char id[UUID_TEXT_MAX + 1];
	struct uuid unique;

	secret_uuid(&unique);
	uuid_format(&unique, id);
	snprintf(address, sizeof(address), "ipc://@aic-echo-%s", id);
	echo->far = zmq_socket(context, ZMQ_PAIR);
	echo->near = zmq_socket(context, ZMQ_PAIR);
	if (echo->far == NULL || echo->near == NULL ||
	    set_int(echo->far, ZMQ_LINGER, 0) != 0 ||
	    set_int(echo->near, ZMQ_LINGER, 0) != 0 ||
	    zmq_bind(echo->far, address) != 0 ||
	    zmq_connect(echo->near, address) != 0) {
		log_error(NULL, "cannot watch the I/O thread: %s",
		    zmq_strerror(zmq_errno()));
		return -1;
	}
	return 0;
}

void
bus_echo_close(struct bus_echo *echo)
{
	close_socket(&echo->near);
	close_socket(&echo->far);
}

/* Sends a byte through the I/O thread, or looks for the last one. */
bool
bus_echo_check(struct bus_echo *echo)
{
	char byte = 0;

	if (echo->waiting &&
	    zmq_recv(echo->far, &byte, sizeof(byte), ZMQ_DONTWAIT) >= 0) {
		echo->waiting = false;
		echo->misses = 0;
	}
	if (!echo->waiting)
		echo->waiting = zmq_send(echo->near, &byte, sizeof(byte),
				    ZMQ_DONTWAIT) >= 0;
	echo->misses++;
	return echo->misses < ECHO_MISSES_MAX;
}
