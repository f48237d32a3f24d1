/*
 * The sending half of exactly-once: whatever the outbox holds is sent in
 * order, from the oldest row on, as one message of several frames; the next
 * message goes out only after the last frame of this one was acknowledged. A
 * message that is lost, or whose acknowledgement is, is sent again; the
 * receiver knows by the sequence what it has counted already.
 *
 * A message holds rows of one producer: after a restore from a backup, those
 * that are older than it go out first, under the id that they were written
 * under (see OUTBOX_RESTORED).
 */
#include <stdlib.h>
#include <string.h>

#include "common/endpoint.h"
#include "common/log.h"
#include "common/shipper.h"
#include "proto/codec.h"

#define RESEND_MS     1000
#define MEND_MS	      10000 /* longer than a handshake may take, see guard.c */
#define COMPLAIN_MS   10000 /* between two lines about a refusal */
#define MESSAGE_BYTES ((size_t)256 * 1024)

struct shipper {
	struct outbox *outbox;
	const char *endpoint;
	zsock_t *socket;
	int64_t alone_ms; /* since when nobody is connected, 0 for not */
	struct proto_buf buffer;
	int64_t sent_through; /* last sequence under way, 0 for none */
	struct uuid producer; /* of the last message */
	int64_t last;	      /* sequence of it, also when acknowledged */
	int64_t sent_at_ms;
	bool full;	       /* what is under way left rows behind */
	int64_t complained_ms; /* when a refusal was last logged, 0 for never */
};

struct shipper *
shipper_new(
    struct outbox *outbox, const char *endpoint, const struct curve_link *link)
{
	struct shipper *shipper = NULL;

	shipper = calloc(1, sizeof(*shipper));
	if (shipper == NULL)
		return NULL;
	shipper->outbox = outbox;
	shipper->endpoint = endpoint;
	shipper->socket = zsock_new(ZMQ_DEALER);
	if (shipper->socket == NULL)
		goto fail;
	zsock_set_linger(shipper->socket, 0);
	zsock_set_immediate(shipper->socket, 1);
	zsock_set_sndhwm(shipper->socket, 16);
	zsock_set_rcvhwm(shipper->socket, 1024);
	zsock_set_maxmsgsize(shipper->socket, (int)PROTO_BATCH_MAX);
	zsock_set_heartbeat_ivl(shipper->socket, 1000);
	zsock_set_heartbeat_timeout(shipper->socket, 3000);
	zsock_set_reconnect_ivl(shipper->socket, 50);
	zsock_set_reconnect_ivl_max(shipper->socket, 500);
	zsock_set_ipv6(shipper->socket, endpoint_is_ipv6(endpoint));
	if (link != NULL) {
		zsock_set_curve_publickey_bin(
		    shipper->socket, link->own.public_key);
		zsock_set_curve_secretkey_bin(
		    shipper->socket, link->own.secret_key);
		zsock_set_curve_serverkey_bin(
		    shipper->socket, link->server_key);
	}
	if (zsock_connect(shipper->socket, "%s", endpoint) != 0) {
		log_error(NULL, "cannot connect to analytics at %s", endpoint);
		goto fail;
	}
	return shipper;

fail:
	shipper_free(&shipper);
	return NULL;
}

void
shipper_free(struct shipper **shipperp)
{
	struct shipper *shipper = *shipperp;

	if (shipper == NULL)
		return;
	zsock_destroy(&shipper->socket);
	proto_buf_free(&shipper->buffer);
	free(shipper);
	*shipperp = NULL;
}

zsock_t *
shipper_socket(struct shipper *shipper)
{
	return shipper->socket;
}

/*
 * The frames of a message bear the first half of the producer's id, so that a
 * late answer to another producer's is not taken for one to this message.
 */
static uint64_t
correlation_of(const struct uuid *producer)
{
	uint64_t half;

	memcpy(&half, producer->bytes, sizeof(half));
	return half;
}

/* Begins a message, of which this is the oldest row. */
static bool
begin_message(
    struct shipper *shipper, int64_t sequence, const struct uuid *producer)
{
	const struct events_open open = { .producer = *producer,
		.oldest = sequence };
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST };

	header.message = MSG_EVENTS_OPEN;
	header.correlation = correlation_of(producer);
	shipper->producer = *producer;
	return proto_frame_append(
		   &shipper->buffer, &header, &proto_events_open, &open) == 0;
}

static bool
append_row(void *ctx, int64_t sequence, const struct uuid *producer,
    const uint8_t *body, size_t len)
{
	struct shipper *shipper = ctx;
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST };

	if (producer == NULL)
		producer = outbox_producer(shipper->outbox);
	if (shipper->buffer.len == 0) {
		if (!begin_message(shipper, sequence, producer))
			return false;
	} else if (shipper->buffer.len + len > MESSAGE_BYTES ||
	    !uuid_equal(producer, &shipper->producer)) {
		shipper->full = true;
		return false;
	}
	header.message = MSG_EVENTS_APPEND;
	header.correlation = correlation_of(producer);
	if (proto_frame_append_raw(&shipper->buffer, &header, body, len) != 0)
		return false;
	shipper->sent_through = sequence;
	return true;
}

/* Fills the buffer with the oldest rows; false when there are none. */
static bool
compose(struct shipper *shipper)
{
	shipper->buffer.len = 0;
	shipper->sent_through = 0;
	shipper->full = false;
	if (outbox_rows(shipper->outbox) == 0)
		return false;
	if (outbox_read(shipper->outbox, append_row, shipper) != DB_OK)
		shipper->sent_through = 0;
	shipper->last = shipper->sent_through;
	return shipper->sent_through != 0;
}

/*
 * Nobody is connected. ZeroMQ tries again by itself, but for TCP when the other
 * side spoke another protocol or mechanism, which it takes for hopeless: then
 * this does.
 */
static void
mend(struct shipper *shipper, int64_t now_ms)
{
	if (shipper->alone_ms == 0)
		shipper->alone_ms = now_ms;
	if (now_ms - shipper->alone_ms < MEND_MS ||
	    !endpoint_is_tcp(shipper->endpoint))
		return;
	shipper->alone_ms = now_ms;
	if (zsock_disconnect(shipper->socket, "%s", shipper->endpoint) != 0 ||
	    zsock_connect(shipper->socket, "%s", shipper->endpoint) != 0)
		log_error(NULL, "cannot connect anew to analytics at %s",
		    shipper->endpoint);
}

void
shipper_step(struct shipper *shipper, int64_t now_ms)
{
	zframe_t *frame = NULL;

	if (shipper->sent_through != 0 &&
	    now_ms - shipper->sent_at_ms < RESEND_MS)
		return;
	if ((zsock_events(shipper->socket) & ZMQ_POLLOUT) == 0) {
		/* The rows wait. */
		shipper->sent_through = 0;
		mend(shipper, now_ms);
		return;
	}
	shipper->alone_ms = 0;
	if (!compose(shipper))
		return;
	shipper->sent_at_ms = now_ms;
	frame = zframe_new(shipper->buffer.data, shipper->buffer.len);
	if (zframe_send(&frame, shipper->socket, ZFRAME_DONTWAIT) != 0) {
		zframe_destroy(&frame);
		shipper->sent_through = 0;
	}
}

/* Waiting is all that can be done about a refusal, but not in silence. */
static void
complain(
    struct shipper *shipper, const struct proto_frame *frame, int64_t now_ms)
{
	struct failure failure;

	if (shipper->complained_ms != 0 &&
	    now_ms - shipper->complained_ms < COMPLAIN_MS)
		return;
	if (proto_decode(
		&proto_failure, &failure, frame->body, frame->body_len) != NULL)
		return;
	shipper->complained_ms = now_ms;
	log_error(NULL, "analytics refuses the events up to %lld: %s %s",
	    (long long)shipper->last, proto_error_find(failure.error)->code,
	    failure.detail);
}

static void
take_ack(
    struct shipper *shipper, const struct proto_frame *frame, int64_t now_ms)
{
	struct events_acked acked;

	if (frame->header.message != MSG_EVENTS_APPEND &&
	    frame->header.message != MSG_EVENTS_OPEN)
		return;
	if (frame->header.correlation != correlation_of(&shipper->producer))
		return;
	if (frame->header.kind == PROTO_FRAME_FAILURE) {
		complain(shipper, frame, now_ms);
		return;
	}
	if (frame->header.kind != PROTO_FRAME_REPLY ||
	    proto_decode(&proto_events_acked, &acked, frame->body,
		frame->body_len) != NULL)
		return;
	/* What an earlier producer's was counted up to says nothing of the rows
	 * that came after it. */
	if (!uuid_equal(&shipper->producer, outbox_producer(shipper->outbox)) &&
	    acked.sequence > shipper->last)
		acked.sequence = shipper->last;
	outbox_acknowledged(shipper->outbox, acked.sequence);
	if (acked.sequence >= shipper->sent_through)
		shipper->sent_through = 0;
}

void
shipper_receive(struct shipper *shipper, int64_t now_ms)
{
	zframe_t *message = NULL;
	struct proto_frame frame;
	const uint8_t *data = NULL;
	size_t len;

	while ((zsock_events(shipper->socket) & ZMQ_POLLIN) != 0) {
		message = zframe_recv(shipper->socket);
		if (message == NULL)
			return;
		data = zframe_data(message);
		len = zframe_size(message);
		while (proto_frame_next(&frame, &data, &len) == 1)
			take_ack(shipper, &frame, now_ms);
		zframe_destroy(&message);
	}
	if (shipper->full && shipper->sent_through == 0)
		shipper_step(shipper, now_ms);
}
