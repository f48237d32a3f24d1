/*
 * Fuzzes the bytes that a peer sends, in both ways that they are read. The
 * first byte 0xff: the rest are frames, each with the record that its header
 * says. Any other: it chooses a record, and the rest is its encoding.
 */
#include <sodium.h>

#include "proto/codec.h"
#include "proto/testing_fuzz.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (sodium_init() < 0)
		exit(EXIT_FAILURE);
	return 0;
}

static void
encode(
    struct proto_buf *buf, const struct proto_record *record, const void *msg)
{
	fuzz_must(proto_encode(buf, record, msg) == 0,
	    "what was decoded can be encoded");
}

/* decode -> encode -> decode gives the same record, and then the same bytes. */
static void
look_at_taken(const struct proto_record *record, const void *msg)
{
	void *again = fuzz_alloc(record->size);
	struct proto_buf first = { 0 }, second = { 0 };
	char line[200];

	fuzz_must(proto_check(record, msg) == NULL,
	    "what was decoded keeps the bounds of its table");
	encode(&first, record, msg);
	fuzz_must(proto_decode(record, again, first.data, first.len) == NULL,
	    "what was encoded can be decoded");
	fuzz_must(proto_equal(record, msg, again),
	    "what is decoded again is the same");
	encode(&second, record, again);
	fuzz_must(first.len == second.len &&
		memcmp(first.data, second.data, first.len) == 0,
	    "a record has one encoding of ours");
	proto_format(record, msg, line, 1 + first.len % sizeof(line));
	proto_wipe(record, again);
	proto_buf_free(&first);
	proto_buf_free(&second);
	free(again);
}

static void
read_record(const struct proto_record *record, const uint8_t *data, size_t size)
{
	uint8_t *msg = fuzz_alloc(record->size);

	if (proto_decode(record, msg, data, size) == NULL) {
		look_at_taken(record, msg);
	} else {
		fuzz_must(sodium_is_zero(msg, record->size) == 1,
		    "what is refused leaves nothing behind");
	}
	free(msg);
}

static void
read_frames(const uint8_t *data, size_t size)
{
	const struct proto_message_info *info = NULL;
	struct proto_frame frame;

	while (proto_frame_next(&frame, &data, &size) == 1) {
		info = proto_message_find(frame.header.message);
		if (frame.header.kind == PROTO_FRAME_FAILURE)
			read_record(&proto_failure, frame.body, frame.body_len);
		else if (info != NULL)
			read_record(frame.header.kind == PROTO_FRAME_REQUEST
				? info->request
				: info->reply,
			    frame.body, frame.body_len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] == 0xff)
		read_frames(data + 1, size - 1);
	else
		read_record(proto_records[data[0] % proto_records_count],
		    data + 1, size - 1);
	return 0;
}
