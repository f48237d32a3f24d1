/*
 * Bytes that no honest sender sends: cut, flipped, spliced, random, and made
 * to cost the receiver memory or its stack.
 */
#include <stdio.h>

#include "proto/codec.h"
#include "proto/field.h"
#include "proto/testing.h"

static const struct proto_header sample_header = {
	.kind = PROTO_FRAME_REPLY,
	.message = MSG_OVERVIEW,
	.correlation = 77,
	.deadline_ms = 2000,
};

/* One frame around a random instance, of at most `most` bytes. */
static void
random_frame(struct proto_buf *buf, const struct proto_record *record,
    uint64_t *seed, size_t most)
{
	void *msg = test_alloc(record->size);

	do {
		proto_random(record, msg, test_next, seed);
		buf->len = 0;
		assert_int_equal(
		    proto_frame_append(buf, &sample_header, record, msg), 0);
	} while (buf->len > most);
	free(msg);
}

/* In memory of exactly that size: a sanitizer sees a byte read too far. */
static uint8_t *
copy_of(const uint8_t *data, size_t len)
{
	uint8_t *copy = test_alloc(len == 0 ? 1 : len);

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

static void
every_truncation_is_refused(void **state)
{
	struct proto_buf buf = { 0 };
	uint64_t seed = 31;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *back = test_alloc(record->size);
		struct proto_frame frame, whole;
		const uint8_t *data;
		size_t len;

		random_frame(&buf, record, &seed, 4096);
		data = buf.data;
		len = buf.len;
		assert_int_equal(proto_frame_next(&whole, &data, &len), 1);
		for (size_t cut = 1; cut < buf.len; cut++) {
			uint8_t *copy = copy_of(buf.data, cut);

			data = copy;
			len = cut;
			assert_int_equal(
			    proto_frame_next(&frame, &data, &len), -1);
			free(copy);
		}
		for (size_t cut = 0; cut < whole.body_len; cut++) {
			uint8_t *copy = copy_of(whole.body, cut);

			assert_string_equal(
			    proto_decode(record, back, copy, cut), "malformed");
			free(copy);
		}
		free(back);
	}
	proto_buf_free(&buf);
}

static void
trailing_bytes_are_refused(void **state)
{
	struct proto_buf buf = { 0 };
	uint64_t seed = 32;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);

		proto_random(record, msg, test_next, &seed);
		buf.len = 0;
		assert_int_equal(proto_encode(&buf, record, msg), 0);
		for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
			uint8_t *copy = test_alloc(buf.len + 1);

			memcpy(copy, buf.data, buf.len);
			copy[buf.len] = (uint8_t)byte;
			assert_string_equal(
			    proto_decode(record, msg, copy, buf.len + 1),
			    "trailing bytes");
			free(copy);
		}
		free(msg);
	}
	proto_buf_free(&buf);
}

/* -------- cost -------- */

/* Far less than any count of those below asks for. */
#define COST_MAX_KIB 65536

/* The most address space that this process ever had, in KiB. */
static unsigned long
peak_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long peak = 0;
	char line[256];

	assert_non_null(file);
	while (peak == 0 && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "VmPeak:", 7) == 0)
			peak = strtoul(line + 7, NULL, 10);
	}
	assert_int_equal(fclose(file), 0);
	assert_true(peak > 0);
	return peak;
}

static void
huge_declared_sizes_are_refused_without_memory(void **state)
{
	/* Each as the whole record, and as an item of one. */
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "\xdd\xff\xff\xff\xff", 5 }, /* array 32 */
		{ "\xdd\x10\x00\x00\x00\xc0", 6 },
		{ "\xdc\xff\xff\xc0\xc0", 5 },	   /* array 16 */
		{ "\x9f\xc0\xc0", 3 },		   /* of 15 */
		{ "\xdf\xff\xff\xff\xff", 5 },	   /* map 32 */
		{ "\xdf\x80\x00\x00\x00\xc0", 6 }, /* 2^31 pairs */
		{ "\xde\xff\xff", 3 },		   /* map 16 */
		{ "\x8f\xc0", 2 },
		{ "\xdb\xff\xff\xff\xff", 5 }, /* str 32 */
		{ "\xda\xff\xff", 3 },
		{ "\xd9\xff", 2 },
		{ "\xc6\xff\xff\xff\xff", 5 }, /* bin 32 */
		{ "\xc5\xff\xff", 3 },
		{ "\xc4\xff", 2 },
		{ "\xc9\xff\xff\xff\xff\x01", 6 }, /* ext 32 */
		{ "\xc8\xff\xff\x01", 4 },
		{ "\xc7\xff\x01", 3 },
		{ "\xd8\x01", 2 }, /* fixext 16 */
		{ "\xc1", 1 },	   /* never used */
		/* Enough bytes for one of two counts, not for both. */
		{ "\x92\x94\xc0\xc0\xc0\xc0", 6 },
		{ "\x93\xdc\x00\x04\xc0\xc0\xc0\xc0\xc0", 9 },
	};
	unsigned long before = peak_kib();
	struct puzzle puzzle;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[64] = { 0x93, 0xa1, 'x' };

		memcpy(bytes + 3, cases[i].bytes, cases[i].len);
		assert_string_equal(proto_decode(&proto_puzzle, &puzzle,
					bytes + 3, cases[i].len),
		    "malformed");
		assert_string_equal(proto_decode(&proto_puzzle, &puzzle, bytes,
					3 + cases[i].len),
		    "malformed");
	}
	assert_true(peak_kib() - before < COST_MAX_KIB);
}

static void
a_frame_of_huge_counts_is_refused_without_memory(void **state)
{
	/* A header, or a first item of it, that declares 2^32 - 1 items. */
	static const char headers[][12] = {
		"\0\0\0\7\xdd\xff\xff\xff\xff\xc0\xc0",
		"\0\0\0\7\x96\xdd\xff\xff\xff\xff\xc0",
	};
	unsigned long before = peak_kib();

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const uint8_t *data = (const uint8_t *)headers[i];
		size_t len = 11;
		struct proto_frame frame;

		assert_int_equal(proto_frame_next(&frame, &data, &len), -1);
		assert_int_equal(len, 11);
	}
	assert_true(peak_kib() - before < COST_MAX_KIB);
}

static void
a_nesting_bomb_is_refused(void **state)
{
	static const uint8_t openers[] = { 0x91, 0x81, 0xdc, 0xdd, 0xde, 0xdf };
	const size_t size = 200000;
	uint8_t *bomb = test_alloc(size);
	struct user user;

	(void)state;
	for (size_t i = 0; i < sizeof(openers); i++) {
		memset(bomb, openers[i], size);
		assert_string_equal(
		    proto_decode(&proto_user, &user, bomb, size), "malformed");
	}
	/* One item each: only the depth is wrong with it. */
	memset(bomb, 0x91, size - 1);
	bomb[size - 1] = 0xc0;
	assert_string_equal(
	    proto_decode(&proto_user, &user, bomb, size), "malformed");
	/* The record is one level; the rest may come from a newer sender. */
	for (size_t depth = 1; depth < 10; depth++) {
		memset(bomb, 0x91, depth);
		bomb[depth] = 0xc0;
		if (depth <= PROTO_DEPTH_MAX)
			assert_null(
			    proto_decode(&proto_empty, &user, bomb, depth + 1));
		else
			assert_string_equal(
			    proto_decode(&proto_empty, &user, bomb, depth + 1),
			    "malformed");
		bomb[depth] = 0x80; /* an empty one is a level too */
		assert_int_equal(
		    proto_decode(&proto_empty, &user, bomb, depth + 1) == NULL,
		    depth < PROTO_DEPTH_MAX);
	}
	free(bomb);
}

static void
a_body_past_the_limit_is_refused(void **state)
{
	const size_t size = PROTO_FRAME_MAX + 1;
	uint8_t *body = test_alloc(size);
	struct empty empty;

	(void)state;
	body[0] = 0xdd; /* as many zeros as fill it: well-formed */
	body[2] = (uint8_t)((size - 5) >> 16);
	body[3] = (uint8_t)((size - 5) >> 8);
	body[4] = (uint8_t)(size - 5);
	assert_string_equal(
	    proto_decode(&proto_empty, &empty, body, size), "too long");
	body[4]--;
	assert_null(proto_decode(&proto_empty, &empty, body, size - 1));
	free(body);
}

/* -------- random -------- */

/* Random msgpack: well-formed unless the room ends. */
static size_t
random_value(uint8_t *to, size_t room, uint64_t *seed, unsigned depth)
{
	static const uint8_t tags[] = { 0xc0, 0xc2, 0xc3, 0xcb, 0xcd, 0xcf,
		0xd3, 0xc4, 0xd9, 0x00, 0x01, 0x7f, 0xff, 0xa0, 0xa5 };
	static const uint8_t sizes[] = { 0, 0, 0, 8, 2, 8, 8, 17, 9, 0, 0, 0, 0,
		0, 5 };
	size_t pick = test_below(seed, sizeof(tags));
	size_t len = 1;

	if (room < 20)
		return 0;
	if (depth < 5 && test_below(seed, 3) == 0) {
		size_t items = test_below(seed, 16);

		to[0] = (uint8_t)(0x90 | items);
		for (size_t i = 0; i < items; i++)
			len += random_value(
			    to + len, room - len, seed, depth + 1);
		return len;
	}
	to[0] = tags[pick];
	for (size_t i = 0; i < sizes[pick]; i++)
		to[len++] = (uint8_t)(test_next(seed) & 0x7f);
	if (sizes[pick] == 17 || sizes[pick] == 9)
		to[1] = (uint8_t)(sizes[pick] - 1); /* a declared length */
	return len;
}

static size_t
random_bytes(uint8_t *to, size_t room, uint64_t *seed)
{
	size_t len = test_below(seed, room);

	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)test_next(seed);
	return len;
}

static void
flip_bits(uint8_t *bytes, size_t len, uint64_t *seed)
{
	for (size_t n = 1 + test_below(seed, 4); n > 0 && len > 0; n--)
		bytes[test_below(seed, len)] ^= (uint8_t)(1u
		    << test_below(seed, 8));
}

/* A beginning of one and an end of another, put together. */
static size_t
splice(uint8_t *to, const struct proto_buf *one, const struct proto_buf *other,
    uint64_t *seed)
{
	size_t head = test_below(seed, one->len + 1);
	size_t tail = test_below(seed, other->len + 1);

	memcpy(to, one->data, head);
	memcpy(to + head, other->data + other->len - tail, tail);
	return head + tail;
}

#define HOSTILE_MAX 600

/* What is accepted must be as good as what an honest sender sends. */
static unsigned
try_record(const struct proto_record *record, void *msg, void *back,
    const uint8_t *data, size_t len)
{
	struct proto_buf again = { 0 };

	if (proto_decode(record, msg, data, len) != NULL)
		return 0;
	assert_null(proto_check(record, msg));
	assert_int_equal(proto_encode(&again, record, msg), 0);
	assert_null(proto_decode(record, back, again.data, again.len));
	assert_true(proto_equal(record, msg, back));
	proto_buf_free(&again);
	return 1;
}

/* As a service takes them: frame by frame, each body as its message says. */
static unsigned
try_frames(const struct proto_record *record, void *msg, void *back,
    const uint8_t *data, size_t len)
{
	const uint8_t *end = data + len;
	struct proto_frame frame;
	unsigned accepted = 0;
	int more;

	while ((more = proto_frame_next(&frame, &data, &len)) == 1) {
		assert_ptr_equal(data + len, end);
		assert_ptr_equal(frame.body + frame.body_len, data);
		accepted += try_record(
		    record, msg, back, frame.body, frame.body_len);
	}
	assert_int_equal(more, len == 0 ? 0 : -1);
	return accepted;
}

static void
no_bytes_crash_or_pass_for_what_check_refuses(void **state)
{
	const unsigned rounds = 200000;
	struct proto_buf one = { 0 }, other = { 0 };
	unsigned accepted = 0;
	uint64_t seed = 33;

	(void)state;
	for (unsigned round = 0; round < rounds;) {
		size_t pick = test_below(&seed, proto_records_count);
		const struct proto_record *record = proto_records[pick];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);

		random_frame(&one, record, &seed, HOSTILE_MAX);
		random_frame(&other, record, &seed, HOSTILE_MAX);
		for (int i = 0; i < 200; i++, round++) {
			uint8_t raw[2 * HOSTILE_MAX];
			uint8_t *data;
			size_t len = one.len;

			memcpy(raw, one.data, one.len);
			switch (i % 5) {
			case 0:
				len = random_bytes(raw, HOSTILE_MAX, &seed);
				break;
			case 1:
				len = random_value(raw, HOSTILE_MAX, &seed, 0);
				break;
			case 2:
				len = splice(raw, &one, &other, &seed);
				break;
			default:
				flip_bits(raw, len, &seed);
			}
			data = copy_of(raw, len);
			accepted += try_frames(record, msg, back, data, len);
			accepted += try_record(record, msg, back, data, len);
			free(data);
		}
		free(back);
		free(msg);
	}
	/* Flipped bits inside a text or a number are often harmless. */
	assert_true(accepted > rounds / 100);
	assert_true(accepted < rounds);
	proto_buf_free(&other);
	proto_buf_free(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(trailing_bytes_are_refused),
		cmocka_unit_test(
		    huge_declared_sizes_are_refused_without_memory),
		cmocka_unit_test(
		    a_frame_of_huge_counts_is_refused_without_memory),
		cmocka_unit_test(a_nesting_bomb_is_refused),
		cmocka_unit_test(a_body_past_the_limit_is_refused),
		cmocka_unit_test(no_bytes_crash_or_pass_for_what_check_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
