/*
 * Records and frames as bytes. The only home of msgpack.
 *
 * A record is a msgpack array of its fields in declared order, nil for an
 * absent one. Fewer elements than fields means an older sender (the rest is
 * absent), more a newer one (the rest is skipped).
 *
 * A frame is a length (4 bytes, big-endian, of what follows), a header (a
 * msgpack array of six) and one record. A ZeroMQ message is one or more
 * frames, so that the requests of one event loop tick, or the replies of one
 * commit, cost one send.
 */
#ifndef PROTO_CODEC_H
#define PROTO_CODEC_H

#include "proto/proto.h"

#define PROTO_FRAME_MAX ((size_t)256 * 1024)  /* bytes of a frame */
#define PROTO_BATCH_MAX ((size_t)1024 * 1024) /* bytes of a ZeroMQ message */
#define PROTO_DEPTH_MAX 6		      /* nesting of a frame's body */

/* Bytes that grow. Zero it to start; proto_buf_free ends it. */
struct proto_buf {
	uint8_t *data;
	size_t len;
	size_t size;
};

void proto_buf_free(struct proto_buf *buf);

/* Makes room for more bytes past len. 0, or -1 when memory ends. */
int proto_buf_reserve(struct proto_buf *buf, size_t more);

enum proto_frame_kind {
	PROTO_FRAME_REQUEST = 0,
	PROTO_FRAME_REPLY = 1,
	PROTO_FRAME_FAILURE = 2, /* its body is a `failure` */
};

struct proto_header {
	enum proto_frame_kind kind;
	uint64_t message;     /* enum proto_message, or a newer one's id */
	uint64_t correlation; /* chosen by the asker, given back unchanged */
	uint32_t deadline_ms; /* time left when it was sent, 0 for none */
	struct uuid trace;    /* the X-Request-Id */
};

/* A frame inside received bytes: nothing is copied. */
struct proto_frame {
	struct proto_header header;
	const uint8_t *body;
	size_t body_len;
};

/*
 * Appends the record to buf. Returns 0; -1 when it breaks a bound of its
 * table, grows past PROTO_FRAME_MAX, or memory ends: buf is then as before.
 */
int proto_encode(
    struct proto_buf *buf, const struct proto_record *record, const void *msg);

/*
 * Reads exactly one record from all len bytes into msg, which it zeroes first.
 * Strict: declared counts and depth are checked against the bytes that are
 * there before anything is unpacked; trailing bytes, a wrong type, a bound
 * broken, a missing required field are refused. Returns NULL, or a word on
 * what was wrong (static text, or a field's name); msg is then all zero bytes.
 */
const char *proto_decode(const struct proto_record *record, void *msg,
    const uint8_t *data, size_t len);

/* Appends one frame around a record; as proto_encode. */
int proto_frame_append(struct proto_buf *buf, const struct proto_header *header,
    const struct proto_record *record, const void *msg);

/* Appends one frame around a record that is encoded already. */
int proto_frame_append_raw(struct proto_buf *buf,
    const struct proto_header *header, const uint8_t *body, size_t len);

/*
 * Takes the next frame of the bytes at *data, *len and moves them past it.
 * Returns 1 with the frame filled; 0 at a clean end; -1 when what is left is
 * not a frame (then *data, *len are unchanged: drop the rest and count it).
 */
int
proto_frame_next(struct proto_frame *frame, const uint8_t **data, size_t *len);

#endif
