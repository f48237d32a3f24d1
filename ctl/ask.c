/*
 * One request at a time to a service: see ask.h.
 */
#include <czmq.h>
#include <stdlib.h>

#include "common/log.h"
#include "ctl/ask.h"
#include "proto/codec.h"

#define WAIT_MS 10000

struct ask {
	const char *name;
	zsock_t *socket;
	uint64_t correlation;
	struct proto_buf buffer;
};

struct ask *
ask_new(const char *name, const char *endpoint)
{
	struct ask *ask = NULL;

	ask = calloc(1, sizeof(*ask));
	if (ask == NULL)
		return NULL;
	ask->name = name;
	ask->socket = zsock_new(ZMQ_DEALER);
	if (ask->socket == NULL) {
		log_error(NULL, "cannot make a socket");
		goto fail;
	}
	zsock_set_linger(ask->socket, 0);
	zsock_set_immediate(ask->socket, 1);
	zsock_set_sndtimeo(ask->socket, WAIT_MS);
	zsock_set_rcvtimeo(ask->socket, WAIT_MS);
	zsock_set_maxmsgsize(ask->socket, (int)PROTO_BATCH_MAX);
	if (zsock_connect(ask->socket, "%s", endpoint) != 0) {
		log_error(NULL, "%s: cannot connect to %s", name, endpoint);
		goto fail;
	}
	return ask;

fail:
	ask_free(&ask);
	return NULL;
}

void
ask_free(struct ask **askp)
{
	struct ask *ask = *askp;

	if (ask == NULL)
		return;
	zsock_destroy(&ask->socket);
	proto_buf_free(&ask->buffer);
	free(ask);
	*askp = NULL;
}

/* Reads the answer out of a frame. Returns 0, or -1 (logged). */
static int
read_reply(const struct ask *ask, const struct proto_frame *frame,
    const struct proto_message_info *info, void *reply)
{
	struct failure failure;
	const char *wrong = NULL;

	if (frame->header.kind == PROTO_FRAME_REPLY) {
		wrong = proto_decode(
		    info->reply, reply, frame->body, frame->body_len);
		if (wrong == NULL)
			return 0;
		log_error(NULL, "%s: the reply to %s cannot be read: %s",
		    ask->name, info->name, wrong);
		return -1;
	}
	if (proto_decode(
		&proto_failure, &failure, frame->body, frame->body_len) != NULL)
		failure.error = PROTO_ERROR_BAD_MESSAGE;
	log_error(NULL, "%s: %s is refused: %s %s", ask->name, info->name,
	    proto_error_find(failure.error)->code, failure.detail);
	return -1;
}

int
ask_for(struct ask *ask, enum proto_message message, const void *request,
    void *reply)
{
	const struct proto_message_info *info = proto_message_find(message);
	const struct proto_header header = { .kind = PROTO_FRAME_REQUEST,
		.message = message,
		.correlation = ++ask->correlation,
		.deadline_ms = WAIT_MS };
	struct proto_frame frame;
	zframe_t *bytes = NULL;
	const uint8_t *data = NULL;
	size_t len;
	int result = -1;

	ask->buffer.len = 0;
	if (proto_frame_append(&ask->buffer, &header, info->request, request) !=
	    0)
		return -1;
	bytes = zframe_new(ask->buffer.data, ask->buffer.len);
	if (zframe_send(&bytes, ask->socket, 0) != 0) {
		zframe_destroy(&bytes);
		log_error(NULL, "%s: is not there", ask->name);
		return -1;
	}
	do {
		zframe_destroy(&bytes);
		bytes = zframe_recv(ask->socket);
		if (bytes == NULL) {
			log_error(NULL, "%s: does not answer", ask->name);
			return -1;
		}
		data = zframe_data(bytes);
		len = zframe_size(bytes);
	} while (proto_frame_next(&frame, &data, &len) != 1 ||
	    frame.header.correlation != header.correlation);
	result = read_reply(ask, &frame, info, reply);
	zframe_destroy(&bytes);
	return result;
}
