/*
 * Raw connections; see wire.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tests/e2e/rig.h"
#include "tests/http/wire.h"

#define GIVE_UP_MS (INT64_C(10000) * RIG_SLACK)

struct wire {
	int fd;
	SSL_CTX *context; /* NULL without TLS */
	SSL *tls;
	size_t len;
	char in[WIRE_IN_MAX + 1];
};

/* -------- the connection -------- */

static void
await_event(const struct wire *wire, short events)
{
	struct pollfd wait = { .fd = wire->fd, .events = events };

	if (poll(&wait, 1, (int)GIVE_UP_MS) != 1)
		fail_msg("nothing moves on a connection");
}

/* What the event loop of TLS waits for, after it has returned status. */
static bool
wants_more(const struct wire *wire, int status)
{
	switch (SSL_get_error(wire->tls, status)) {
	case SSL_ERROR_WANT_READ:
		await_event(wire, POLLIN);
		return true;
	case SSL_ERROR_WANT_WRITE:
		await_event(wire, POLLOUT);
		return true;
	default:
		return false;
	}
}

/* The certificate is the test's own, and not what is tested. */
static void
start_tls(struct wire *wire)
{
	int status;

	wire->context = SSL_CTX_new(TLS_client_method());
	assert_non_null(wire->context);
	SSL_CTX_set_verify(wire->context, SSL_VERIFY_NONE, NULL);
	wire->tls = SSL_new(wire->context);
	assert_non_null(wire->tls);
	assert_int_equal(SSL_set_fd(wire->tls, wire->fd), 1);
	while ((status = SSL_connect(wire->tls)) != 1) {
		if (!wants_more(wire, status))
			fail_msg("no TLS: %s",
			    ERR_reason_error_string(ERR_peek_last_error()));
	}
}

struct wire *
wire_open(uint16_t port, bool tls)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct wire *wire = calloc(1, sizeof(*wire));
	const int on = 1;

	assert_non_null(wire);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (wire->fd < 0 ||
	    connect(wire->fd, (struct sockaddr *)&address, sizeof(address)) !=
		0 ||
	    fcntl(wire->fd, F_SETFL, O_NONBLOCK) != 0 ||
	    setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) !=
		0)
		fail_msg("connect: %s", strerror(errno));
	if (tls)
		start_tls(wire);
	return wire;
}

void
wire_close(struct wire **wire)
{
	if (*wire == NULL)
		return;
	SSL_free((*wire)->tls);
	SSL_CTX_free((*wire)->context);
	(void)close((*wire)->fd);
	free(*wire);
	*wire = NULL;
}

/* -------- sending -------- */

/* Returns how much was sent, 0 when the other side takes no more. */
static size_t
send_some(struct wire *wire, const char *bytes, size_t len)
{
	size_t done = 0;
	ssize_t sent;

	for (;;) {
		if (wire->tls != NULL) {
			ERR_clear_error();
			sent = SSL_write_ex(wire->tls, bytes, len, &done);
			if (sent == 1)
				return done;
			if (!wants_more(wire, (int)sent))
				return 0;
			continue;
		}
		sent = send(wire->fd, bytes, len, MSG_NOSIGNAL);
		if (sent >= 0)
			return (size_t)sent;
		if (errno != EAGAIN)
			return 0;
		await_event(wire, POLLOUT);
	}
}

bool
wire_send(struct wire *wire, const char *bytes, size_t len, bool drip)
{
	size_t sent = 0, now;

	while (sent < len) {
		now = send_some(wire, bytes + sent, drip ? 1 : len - sent);
		if (now == 0)
			return false;
		sent += now;
	}
	return true;
}

void
wire_end(struct wire *wire)
{
	assert_null(wire->tls);
	/* Not connected any more: what was refused early is closed already. */
	if (shutdown(wire->fd, SHUT_WR) != 0)
		assert_int_equal(errno, ENOTCONN);
}

/* -------- receiving -------- */

/* Reads once: bytes, silence, an end. */
static enum wire_news
read_plain(struct wire *wire)
{
	ssize_t got = recv(
	    wire->fd, wire->in + wire->len, WIRE_IN_MAX - wire->len, 0);

	if (got > 0) {
		wire->len += (size_t)got;
		return WIRE_BYTES;
	}
	if (got == 0)
		return WIRE_END;
	return errno == EAGAIN ? WIRE_SILENCE : WIRE_BROKEN;
}

/* A proxy may end a connection without TLS's own goodbye. */
static enum wire_news
read_tls(struct wire *wire)
{
	size_t got = 0;
	int status;

	ERR_clear_error();
	status = SSL_read_ex(
	    wire->tls, wire->in + wire->len, WIRE_IN_MAX - wire->len, &got);
	if (status == 1) {
		wire->len += got;
		return WIRE_BYTES;
	}
	switch (SSL_get_error(wire->tls, status)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return WIRE_SILENCE;
	case SSL_ERROR_ZERO_RETURN:
		return WIRE_END;
	default:
		return ERR_GET_REASON(ERR_peek_error()) ==
			SSL_R_UNEXPECTED_EOF_WHILE_READING
		    ? WIRE_END
		    : WIRE_BROKEN;
	}
}

enum wire_news
wire_listen(struct wire *wire, int64_t ms)
{
	const int64_t end = rig_deadline(ms);
	enum wire_news news;
	int64_t left;

	for (;;) {
		if (wire->len == WIRE_IN_MAX)
			fail_msg("there is no end to what comes");
		news = wire->tls != NULL ? read_tls(wire) : read_plain(wire);
		wire->in[wire->len] = '\0';
		left = end - rig_now_ms();
		if (news != WIRE_SILENCE || left <= 0)
			return news;
		(void)poll(&(struct pollfd){ .fd = wire->fd, .events = POLLIN },
		    1, (int)left);
	}
}

/* -------- answers -------- */

/* Copies the value of a field of a head; false when it is not there. */
static bool
find_field(const char *head, const char *end, const char *name, char *value,
    size_t size)
{
	const size_t name_len = strlen(name);
	const char *line = strstr(head, "\r\n");
	const char *start = NULL;
	size_t len;

	for (; line != NULL && line < end; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, name_len) != 0 ||
		    line[name_len] != ':')
			continue;
		start = line + name_len + 1;
		start += strspn(start, " ");
		len = strcspn(start, "\r");
		if (len >= size)
			len = size - 1;
		memcpy(value, start, len);
		value[len] = '\0';
		return true;
	}
	return false;
}

static size_t
read_head(const char *head, const char *end, struct answer *answer)
{
	char value[128];

	memset(answer, 0, sizeof(*answer));
	if (strncmp(head, "HTTP/1.", 7) != 0 || head[8] != ' ')
		fail_msg("this is no answer: %.80s", head);
	answer->status = (int)strtol(head + 9, NULL, 10);
	answer->closes = find_field(
			     head, end, "connection", value, sizeof(value)) &&
	    strcasecmp(value, "close") == 0;
	answer->is_problem = find_field(head, end, "content-type", value,
				 sizeof(value)) &&
	    strcmp(value, "application/problem+json") == 0;
	answer->is_ours = find_field(head, end, "x-request-id",
	    answer->request_id, sizeof(answer->request_id));
	(void)find_field(head, end, "set-cookie", answer->set_cookie,
	    sizeof(answer->set_cookie));
	if (find_field(head, end, "transfer-encoding", value, sizeof(value)))
		fail_msg("an answer is not to have a Transfer-Encoding");
	if (find_field(head, end, "content-length", value, sizeof(value)))
		answer->announced = strtoul(value, NULL, 10);
	return answer->announced;
}

bool
wire_take(struct wire *wire, bool is_head, struct answer *answer)
{
	const char *end = strstr(wire->in, "\r\n\r\n");
	size_t head_len, body_len;

	if (end == NULL)
		return false;
	head_len = (size_t)(end + 4 - wire->in);
	body_len = read_head(wire->in, end, answer);
	if (is_head || answer->status < 200 || answer->status == 204)
		body_len = 0;
	if (wire->len - head_len < body_len)
		return false;
	(void)snprintf(answer->body, sizeof(answer->body), "%.*s",
	    (int)body_len, wire->in + head_len);
	wire->len -= head_len + body_len;
	memmove(wire->in, wire->in + head_len + body_len, wire->len + 1);
	return true;
}

size_t
wire_left(const struct wire *wire)
{
	return wire->len;
}

bool
wire_await(struct wire *wire, bool is_head, int64_t ms, struct answer *answer,
    const char **why)
{
	const int64_t end = rig_deadline(ms);

	while (!wire_take(wire, is_head, answer)) {
		switch (wire_listen(wire, end - rig_now_ms())) {
		case WIRE_BYTES:
			break;
		case WIRE_SILENCE:
			*why = "no answer came";
			return false;
		case WIRE_END:
			*why = "the connection was closed without an answer";
			return false;
		case WIRE_BROKEN:
			*why = "the connection was reset";
			return false;
		}
	}
	return true;
}
