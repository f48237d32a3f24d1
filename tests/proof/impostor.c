/*
 * A service that answers wrongly; see impostor.h.
 */
#include <czmq.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "tests/e2e/nonsense.h"
#include "tests/proof/impostor.h"

#define LOOK_MS	   5
#define SETTLE_MS  200
#define FAR_AWAY   (UINT64_C(1) << 63) /* no asker counts that far */
#define WRONG_TEXT "not yours"

struct impostor {
	pthread_t thread;
	atomic_bool stop;
	zsock_t *socket;
	uint64_t random;
	struct impostor_counts counts;
};

static void
send_bytes(struct impostor *impostor, zframe_t *identity, const uint8_t *bytes,
    size_t len)
{
	zframe_t *frame = zframe_new(bytes, len);

	(void)zframe_send(
	    &identity, impostor->socket, ZFRAME_MORE | ZFRAME_REUSE);
	(void)zframe_send(&frame, impostor->socket, 0);
}

/* One message of one frame; nothing is sent that cannot be encoded. */
static void
send_frame(struct impostor *impostor, zframe_t *identity,
    const struct proto_header *header, const struct proto_record *record,
    const void *body)
{
	struct proto_buf buf = { 0 };

	if (proto_frame_append(&buf, header, record, body) == 0)
		send_bytes(impostor, identity, buf.data, buf.len);
	proto_buf_free(&buf);
}

static void
send_created(struct impostor *impostor, zframe_t *identity,
    const struct proto_header *header, const char *token)
{
	struct challenge_created created = { .expires_in = 320 };

	snprintf(created.token, sizeof(created.token), "%s", token);
	snprintf(created.challenge.text, sizeof(created.challenge.text), "a1");
	snprintf(created.challenge.instruction,
	    sizeof(created.challenge.instruction), "none");
	send_frame(
	    impostor, identity, header, &proto_challenge_created, &created);
}

static void
answer_create(struct impostor *impostor, zframe_t *identity,
    const struct proto_frame *frame)
{
	struct challenge_create asked;
	struct proto_header header = frame->header;
	uint8_t bytes[NONSENSE_MAX];
	size_t len;

	if (proto_decode(&proto_challenge_create, &asked, frame->body,
		frame->body_len) != NULL)
		return;
	header.kind = PROTO_FRAME_REPLY;
	header.deadline_ms = 0;
	header.correlation ^= FAR_AWAY;
	send_created(impostor, identity, &header, WRONG_TEXT);
	impostor->counts.unknown++;
	header.correlation ^= FAR_AWAY;
	header.message = MSG_CHALLENGE_VERIFY;
	send_created(impostor, identity, &header, WRONG_TEXT);
	header.message = MSG_CHALLENGE_CREATE;
	header.kind = PROTO_FRAME_REQUEST;
	send_created(impostor, identity, &header, WRONG_TEXT);
	impostor->counts.other += 2;
	len = nonsense_make(&impostor->random, bytes);
	if (len > 0) {
		send_bytes(impostor, identity, bytes, len);
		impostor->counts.noise++;
	}
	header.kind = PROTO_FRAME_REPLY;
	send_created(impostor, identity, &header, asked.cdata);
	impostor->counts.right++;
	send_created(impostor, identity, &header, WRONG_TEXT);
	impostor->counts.late++;
}

static void
answer_ping(struct impostor *impostor, zframe_t *identity,
    const struct proto_frame *frame)
{
	static const struct empty nothing;
	struct proto_header header = frame->header;

	header.kind = PROTO_FRAME_REPLY;
	header.deadline_ms = 0;
	send_frame(impostor, identity, &header, &proto_empty, &nothing);
}

static void
answer(struct impostor *impostor, zframe_t *identity, zframe_t *message)
{
	const uint8_t *data = zframe_data(message);
	size_t len = zframe_size(message);
	struct proto_frame frame;

	while (proto_frame_next(&frame, &data, &len) == 1) {
		if (frame.header.message == MSG_PING)
			answer_ping(impostor, identity, &frame);
		else if (frame.header.message == MSG_CHALLENGE_CREATE)
			answer_create(impostor, identity, &frame);
	}
}

static void *
serve(void *arg)
{
	struct impostor *impostor = arg;
	zframe_t *identity = NULL;
	zframe_t *message = NULL;

	zsock_set_rcvtimeo(impostor->socket, LOOK_MS);
	while (!atomic_load(&impostor->stop)) {
		identity = zframe_recv(impostor->socket);
		if (identity == NULL)
			continue;
		message = zframe_recv(impostor->socket);
		if (message != NULL)
			answer(impostor, identity, message);
		zframe_destroy(&message);
		zframe_destroy(&identity);
	}
	return NULL;
}

struct impostor *
impostor_start(const char *endpoint)
{
	struct impostor *impostor = calloc(1, sizeof(*impostor));

	assert_non_null(impostor);
	impostor->random = 0x2545f4914f6cdd1d;
	impostor->socket = zsock_new_router(endpoint);
	assert_non_null(impostor->socket);
	zsock_set_linger(impostor->socket, SETTLE_MS);
	assert_int_equal(
	    pthread_create(&impostor->thread, NULL, serve, impostor), 0);
	return impostor;
}

struct impostor_counts
impostor_stop(struct impostor **impostorp)
{
	struct impostor *impostor = *impostorp;
	struct impostor_counts counts;

	atomic_store(&impostor->stop, true);
	(void)pthread_join(impostor->thread, NULL);
	zsock_destroy(&impostor->socket);
	counts = impostor->counts;
	free(impostor);
	*impostorp = NULL;
	return counts;
}
