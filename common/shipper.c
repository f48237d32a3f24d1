/*
 * The sending half of exactly-once: whatever the outbox holds is sent in
 * order, from the oldest row on, as one message of several frames; the next
 * message goes out only after the last frame of this one was acknowledged. A
 * message that is lost, or whose acknowledgement is, is sent again; the
 * receiver knows by the sequence what it has counted already.
 */
#include <stdlib.h>

#include "common/log.h"
#include "common/shipper.h"
#include "proto/codec.h"

#define RESEND_MS     1000
#define MESSAGE_BYTES ((size_t)256 * 1024)

struct shipper {
	struct outbox *outbox;
	zsock_t *socket;
	struct proto_buf buffer;
	int64_t sent_through; /* last sequence under way, 0 for none */
	int64_t sent_at_ms;
};

struct shipper *
shipper_new(struct outbox *outbox, const char *endpoint)
{
	struct shipper *shipper = NULL;

	shipper = calloc(1, sizeof(*shipper));
	if (shipper == NULL)
		return NULL;
	shipper->outbox = outbox;
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
	zsock_set_sndtimeo(shipper->socket, 0);
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

static bool
append_row(void *ctx, int64_t sequence, const uint8_t *body, size_t len)
{
	struct shipper *shipper = ctx;
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST };

	if (shipper->buffer.len + len > MESSAGE_BYTES)
		return false;
	header.message = MSG_EVENTS_APPEND;
	header.correlation = (uint64_t)sequence;
	if (proto_frame_append_raw(&shipper->buffer, &header, body, len) != 0)
		return false;
	shipper->sent_through = sequence;
	return true;
}

/* Fills the buffer with the oldest rows; false when there are none. */
static bool
compose(struct shipper *shipper)
{
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST };
	struct events_open open = { 0 };

	shipper->buffer.len = 0;
	shipper->sent_through = 0;
	open.oldest = outbox_oldest(shipper->outbox);
	if (open.oldest == 0)
		return false;
	open.producer = *outbox_producer(shipper->outbox);
	header.message = MSG_EVENTS_OPEN;
	if (proto_frame_append(
		&shipper->buffer, &header, &proto_events_open, &open) != 0)
		return false;
	if (outbox_read(shipper->outbox, append_row, shipper) != DB_OK)
		shipper->sent_through = 0;
	return shipper->sent_through != 0;
}

void
shipper_step(struct shipper *shipper, int64_t now_ms)
{
	zframe_t *frame = NULL;

	if (shipper->sent_through != 0 &&
	    now_ms - shipper->sent_at_ms < RESEND_MS)
		return;
	if (!compose(shipper))
		return;
	shipper->sent_at_ms = now_ms;
	frame = zframe_new(shipper->buffer.data, shipper->buffer.len);
	if (zframe_send(&frame, shipper->socket, ZFRAME_DONTWAIT) != 0) {
		/* Nobody is connected: the rows stay, the next step tries. */
		zframe_destroy(&frame);
		shipper->sent_through = 0;
	}
}

static void
take_ack(struct shipper *shipper, const struct proto_frame *frame)
{
	struct events_acked acked;

	if (frame->header.kind != PROTO_FRAME_REPLY ||
	    (frame->header.message != MSG_EVENTS_APPEND &&
		frame->header.message != MSG_EVENTS_OPEN) ||
	    proto_decode(&proto_events_acked, &acked, frame->body,
		frame->body_len) != NULL)
		return;
	outbox_acknowledged(shipper->outbox, acked.sequence);
	if (acked.sequence >= shipper->sent_through)
		shipper->sent_through = 0;
}

void
shipper_receive(struct shipper *shipper)
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
			take_ack(shipper, &frame);
		zframe_destroy(&message);
	}
}
