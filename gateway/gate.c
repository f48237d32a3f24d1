/*
 * The gate inside Kore. It holds a connection so:
 *
 *   head_recv   bytes of a head come in, into a small buffer that grows;
 *   body_recv   the head is accepted, its body comes in, nothing beyond it;
 *   (busy)      the request is whole and handed to Kore, whose handler runs;
 *               what the client sends now stays in its socket;
 *   head_recv   after gate_response_sent, for the next request;
 *   drain_recv  after a refusal: the answer is out, and what the client still
 *               sends is thrown away for a moment, because closing on unread
 *               bytes would reset the connection and could take the answer
 *               with it (RFC 9112, 9.6).
 *
 * Kore's http_header_recv is called exactly once for a request, with a buffer
 * that ends where the request ends. It never waits for a body itself, so its
 * count of bytes left cannot go below zero.
 *
 * Kore's sockets are edge-triggered. A read that came back short has emptied
 * the socket, so the gate clears KORE_EVENT_READ then and saves the read that
 * would say EAGAIN; if bytes arrive while a request is under way, the flag is
 * set and the socket is scheduled anew once the answer is out.
 *
 * A client may end its half of the connection as soon as it has sent its last
 * request (RFC 9112, 9.6; `nc -N` does). Kore takes that for the end of all, so
 * that the gate looks first: see on_event.
 *
 * Timeouts: http_timeout is set only while a head or a body is on its way, and
 * gate_tick answers 408 when it is over. Kore's own 408 would have no body, so
 * that Kore is told a later time. A connection that is idle is closed by the
 * idle timer without a word.
 */
#include <kore/kore.h>
/* Kore's headers come first: they need each other in this order. */
#include <kore/http.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "common/secret.h"
#include "gateway/gate.h"
#include "gateway/gateway.h"

#define FIRST_READ 2048 /* most requests fit */

#define MILLISECONDS  UINT64_C(1000)
#define DRAIN_SECONDS 2
#define KORE_SECONDS  5 /* that Kore's timeout lies behind the gate's */

static const char continue_line[] = "HTTP/1.1 100 Continue\r\n\r\n";

static int head_recv(struct netbuf *nb);
static int body_recv(struct netbuf *nb);
static int drain_recv(struct netbuf *nb);

/* After a read: when it was short there is no more to read for now. */
static void
note_short_read(struct netbuf *nb)
{
	if (nb->s_off < nb->b_len)
		nb->owner->evt.flags &= ~KORE_EVENT_READ;
}

static void
start_timeout(struct connection *c, unsigned seconds)
{
	c->http_start = kore_time_ms();
	c->http_timeout = (seconds + KORE_SECONDS) * MILLISECONDS;
	/* Or it would close a connection that is due a 408. */
	c->idle_timer.length = c->http_timeout;
}

static bool
is_over(const struct connection *c, uint64_t now_ms)
{
	return c->http_timeout != 0 &&
	    now_ms + KORE_SECONDS * MILLISECONDS >=
	    c->http_start + c->http_timeout;
}

/* Lets the buffer take size bytes in all. It may hold a secret: the old one is
 * wiped. */
static void
resize(struct netbuf *nb, size_t size)
{
	unsigned char *larger = NULL;

	if (nb->m_len < size) {
		larger = kore_malloc(size);
		memcpy(larger, nb->buf, nb->s_off);
		sodium_memzero(nb->buf, nb->s_off);
		kore_free(nb->buf);
		nb->buf = larger;
		nb->m_len = size;
	}
	nb->b_len = size;
}

static int
start_draining(struct connection *c)
{
	struct netbuf *nb = c->rnb;

	if (!net_send_flush(c))
		return KORE_RESULT_ERROR;
	if (c->state != CONN_STATE_ESTABLISHED)
		return KORE_RESULT_OK;
	if (!TAILQ_EMPTY(&c->send_queue)) {
		/* A client that does not read gets no courtesy. */
		c->flags |= CONN_CLOSE_EMPTY;
	} else if (shutdown(c->fd, SHUT_WR) == -1) {
		return KORE_RESULT_ERROR;
	}
	nb->cb = drain_recv;
	nb->s_off = 0;
	c->http_start = kore_time_ms();
	c->http_timeout = 0;
	c->idle_timer.length = DRAIN_SECONDS * MILLISECONDS;
	return KORE_RESULT_OK;
}

static int
refuse(struct connection *c, enum proto_error error, const char *detail,
    bool headers_only)
{
	char answer[GATE_ANSWER_MAX], page[PROTO_ORIGIN_MAX + 1];
	struct gate_refusal refusal = { .error = error,
		.detail = detail,
		.page = page,
		.headers_only = headers_only };
	size_t len;

	secret_uuid(&refusal.id);
	gate_page(c->rnb->buf, c->rnb->s_off, page);
	sodium_memzero(c->rnb->buf, c->rnb->s_off);
	len = gate_answer(answer, sizeof(answer), &refusal);
	if (len == 0)
		return KORE_RESULT_ERROR;
	metrics_add(gateway.counters, METRICS_REFUSED, 1);
	net_send_queue(c, answer, len);
	return start_draining(c);
}

/* The whole request is in the buffer: it becomes Kore's. */
static int
pass(struct connection *c)
{
	struct netbuf *nb = c->rnb;
	int result;

	if (http_request_count >= http_request_limit)
		return refuse(c, PROTO_ERROR_BUSY,
		    "too many requests are under way",
		    gate_examine(nb->buf, nb->s_off).is_head);
	c->flags |= CONN_IS_BUSY;
	result = http_header_recv(nb);
	c->http_timeout = 0;
	/* Kore takes the buffer over with the request; without one, it has
	 * answered an error of its own and will close. */
	if (nb->buf != NULL) {
		kore_free(nb->buf);
		nb->buf = NULL;
		nb->m_len = 0;
	}
	return result;
}

/*
 * The head is accepted, and the request has total bytes. The buffer grows with
 * what comes in, not with what was announced.
 */
static int
read_on(struct connection *c, size_t total)
{
	struct netbuf *nb = c->rnb;
	size_t size = 2 * nb->s_off;

	if (nb->s_off == total)
		return pass(c);
	if (size < nb->m_len)
		size = nb->m_len;
	resize(nb, size < total ? size : total);
	nb->cb = body_recv;
	return KORE_RESULT_OK;
}

static int
body_recv(struct netbuf *nb)
{
	struct gate_result result;

	note_short_read(nb);
	if (nb->s_off < nb->b_len)
		return KORE_RESULT_OK;
	result = gate_examine(nb->buf, nb->s_off);
	if (result.verdict != GATE_ACCEPT)
		return KORE_RESULT_ERROR;
	return read_on(nb->owner, result.head_len + result.body_len);
}

static int
accept_head(struct connection *c, struct gate_result result)
{
	struct netbuf *nb = c->rnb;
	size_t head_len = result.head_len;

	if (result.rewrite) {
		if (nb->m_len < head_len + GATE_REWRITE_ROOM)
			resize(nb, head_len + GATE_REWRITE_ROOM);
		head_len = gate_rewrite(nb->buf, head_len);
		/* Only a head without a body may have become longer. */
		memmove(nb->buf + head_len, nb->buf + result.head_len,
		    nb->s_off - result.head_len);
		nb->s_off = nb->s_off - result.head_len + head_len;
	}
	if (nb->s_off < head_len + result.body_len) {
		start_timeout(c, GATE_BODY_SECONDS);
		if (result.expects_continue) {
			net_send_queue(
			    c, continue_line, sizeof(continue_line) - 1);
			if (!net_send_flush(c))
				return KORE_RESULT_ERROR;
		}
	}
	return read_on(c, head_len + result.body_len);
}

static int
head_recv(struct netbuf *nb)
{
	struct connection *c = nb->owner;
	struct gate_result result = gate_examine(nb->buf, nb->s_off);

	note_short_read(nb);
	switch (result.verdict) {
	case GATE_ACCEPT:
		return accept_head(c, result);
	case GATE_REFUSE:
		return refuse(c, result.error, result.detail, result.is_head);
	case GATE_MORE:
		break;
	}
	if (c->http_timeout == 0)
		start_timeout(c, GATE_HEAD_SECONDS);
	if (nb->s_off == nb->b_len)
		resize(nb, 2 * nb->b_len);
	return KORE_RESULT_OK;
}

static int
drain_recv(struct netbuf *nb)
{
	struct connection *c = nb->owner;

	note_short_read(nb);
	nb->s_off = 0;
	if (kore_time_ms() - c->http_start > DRAIN_SECONDS * MILLISECONDS)
		return KORE_RESULT_ERROR;
	return KORE_RESULT_OK;
}

/* Goes on sending an answer. A client that takes none of it is idle, whatever
 * it sends meanwhile. */
static int
send_on(struct connection *c)
{
	const struct netbuf *first = TAILQ_FIRST(&c->send_queue);
	const size_t sent = first->s_off;

	if (!net_send_flush(c))
		return KORE_RESULT_ERROR;
	if (TAILQ_FIRST(&c->send_queue) != first || first->s_off != sent)
		kore_connection_start_idletimer(c);
	return KORE_RESULT_OK;
}

/*
 * Kore's handler of a connection's events, with one rule more: as long as the
 * client has not taken the last answer, its next request is not read.
 */
static int
handle(struct connection *c)
{
	if (c->state == CONN_STATE_ESTABLISHED &&
	    !TAILQ_EMPTY(&c->send_queue)) {
		if (!send_on(c))
			return KORE_RESULT_ERROR;
		if (!TAILQ_EMPTY(&c->send_queue))
			return KORE_RESULT_OK;
	}
	return kore_connection_handle(c);
}

/*
 * The client sends nothing after what has come. Whatever that is gets its
 * answer: a whole request from its handler, which may take a while, and a part
 * of one from here. is_more: some of it is to be read yet.
 */
static int
read_the_last(struct connection *c, bool is_more)
{
	/* The rest of an answer: Kore's own handler is not asked any more. */
	if (!TAILQ_EMPTY(&c->send_queue) && !send_on(c))
		return KORE_RESULT_ERROR;
	if (c->state != CONN_STATE_ESTABLISHED)
		return KORE_RESULT_OK;
	/* Kore would end the connection when there is nothing to read. */
	if (is_more && (c->flags & CONN_IS_BUSY) == 0 && !c->handle(c))
		return KORE_RESULT_ERROR;
	if (c->state != CONN_STATE_ESTABLISHED)
		return KORE_RESULT_OK;
	if (c->http_timeout != 0 &&
	    !refuse(c, PROTO_ERROR_BAD_REQUEST, "the request has no end",
		gate_examine(c->rnb->buf, c->rnb->s_off).is_head))
		return KORE_RESULT_ERROR;
	if ((c->flags & CONN_IS_BUSY) == 0 && TAILQ_EMPTY(&c->send_queue))
		return KORE_RESULT_ERROR;
	c->flags |= CONN_CLOSE_EMPTY;
	return KORE_RESULT_OK;
}

/* Kore calls it an error, too, when the client has only ended its half. */
static void
on_event(void *arg, int error)
{
	struct connection *c = arg;
	ssize_t next = -1;
	char byte;

	if (error && c->state == CONN_STATE_ESTABLISHED)
		next = recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (next < 0)
		kore_connection_event(c, error);
	else if (!read_the_last(c, next > 0))
		kore_connection_disconnect(c);
}

/* Kore frees what a client that left had sent of a request: wiped first. */
static void
on_disconnect(struct connection *c)
{
	if (c->rnb != NULL && c->rnb->buf != NULL)
		sodium_memzero(c->rnb->buf, c->rnb->m_len);
}

void
gateway_gate_connect(struct connection *c)
{
	c->disconnect = on_disconnect;
	c->evt.handle = on_event;
	c->proto = CONN_PROTO_HTTP;
	c->handle = handle;
	c->http_timeout = 0;
	c->idle_timer.length = GATE_HEAD_SECONDS * MILLISECONDS;
	net_recv_queue(c, FIRST_READ, NETBUF_CALL_CB_ALWAYS, head_recv);
}

/* Under way is a head or a body that is not whole. */
static int
time_out(struct connection *c)
{
	return refuse(c, PROTO_ERROR_REQUEST_TIMEOUT,
	    "send the whole request without a long pause",
	    gate_examine(c->rnb->buf, c->rnb->s_off).is_head);
}

void
gate_tick(void)
{
	const uint64_t now_ms = kore_time_ms();
	struct connection *c = NULL, *next = NULL;

	for (c = TAILQ_FIRST(&connections); c != NULL; c = next) {
		next = TAILQ_NEXT(c, list);
		if (c->proto == CONN_PROTO_HTTP && is_over(c, now_ms) &&
		    !time_out(c))
			kore_connection_disconnect(c);
	}
}

void
gate_response_sent(struct connection *c)
{
	if (c == NULL)
		return;
	c->flags &= (u_int16_t)~CONN_IS_BUSY;
	if (c->state != CONN_STATE_ESTABLISHED ||
	    (c->flags & CONN_CLOSE_EMPTY) != 0)
		return;
	net_recv_reset(c, FIRST_READ, head_recv);
	c->http_timeout = 0;
	c->idle_timer.length = GATE_IDLE_SECONDS * MILLISECONDS;
	kore_connection_start_idletimer(c);
	/* The edge of what arrived meanwhile is past: ask for another. */
	if ((c->evt.flags & KORE_EVENT_READ) != 0)
		kore_platform_event_all(c->fd, c);
}
