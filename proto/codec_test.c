/*
 * Records and frames as bytes: what is written comes back, and what cannot be
 * sent is refused. See decode_test.c and hostile_test.c for other bytes.
 */
#include "proto/codec.h"

#include "proto/field.h"
#include "proto/testing.h"

static const struct proto_header sample_header = {
	.kind = PROTO_FRAME_REQUEST,
	.message = MSG_CHALLENGE_CREATE,
	.correlation = 77,
	.deadline_ms = 2000,
	.trace = { { 1, 2, 3 } },
};

/* -------- records -------- */

static void
every_record_comes_back_as_it_was(void **state)
{
	struct proto_buf buf = { 0 };
	uint64_t seed = 21;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);

		for (int i = 0; i < 200; i++) {
			proto_random(record, msg, test_next, &seed);
			memset(back, 0xff, record->size);
			buf.len = 0;
			assert_int_equal(proto_encode(&buf, record, msg), 0);
			assert_null(
			    proto_decode(record, back, buf.data, buf.len));
			assert_true(proto_equal(record, msg, back));
			assert_int_equal(*(uint64_t *)msg, *(uint64_t *)back);
		}
		free(back);
		free(msg);
	}
	proto_buf_free(&buf);
}

/* Every field present and as large as its bounds let it be. */
static void
fill(const struct proto_record *record, void *msg)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		void *value = field_value_mut(field, msg);
		size_t hi = (size_t)field->hi;

		field_set_present(msg, i);
		switch (field->kind) {
		case PROTO_INT:
			*(int64_t *)value = field->hi;
			break;
		case PROTO_F64:
			*(double *)value = (double)field->hi;
			break;
		case PROTO_STR:
			memset(value, 'x', hi);
			break;
		case PROTO_OBJ:
			fill(field->record, value);
			break;
		case PROTO_BYTES:
			field_set_count(field, msg, (uint32_t)hi);
			break;
		case PROTO_LIST:
		case PROTO_INTS:
		case PROTO_IDS:
		case PROTO_STRS:
			field_set_count(field, msg, (uint32_t)hi);
			for (size_t j = 0; j < hi; j++) {
				void *element = field_element_mut(
				    field, msg, j);

				if (field->kind == PROTO_LIST)
					fill(field->record, element);
				if (field->kind == PROTO_INTS)
					*(int64_t *)element = INT64_MIN;
				if (field->kind == PROTO_STRS)
					memset(element, 'x', field->stride - 1);
			}
			break;
		case PROTO_BOOL:
		case PROTO_ID:
		case PROTO_ENUM:
			break;
		}
	}
}

static void
the_largest_of_every_record_fits_a_frame(void **state)
{
	struct proto_header header = sample_header;
	struct proto_buf buf = { 0 };

	(void)state;
	header.message = UINT64_MAX;
	header.correlation = UINT64_MAX;
	header.deadline_ms = UINT32_MAX;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);
		struct proto_frame frame;
		const uint8_t *data;
		size_t len;

		fill(record, msg);
		buf.len = 0;
		assert_int_equal(
		    proto_frame_append(&buf, &header, record, msg), 0);
		data = buf.data;
		len = buf.len;
		assert_int_equal(proto_frame_next(&frame, &data, &len), 1);
		assert_null(
		    proto_decode(record, back, frame.body, frame.body_len));
		assert_true(proto_equal(record, msg, back));
		free(back);
		free(msg);
	}
	proto_buf_free(&buf);
}

static void
a_struct_of_zero_bytes_needs_no_presence_bits(void **state)
{
	struct stats stats = { .name = "x", .pid = 1 };
	struct stats back;
	struct proto_buf buf = { 0 };

	(void)state;
	assert_int_equal(proto_encode(&buf, &proto_stats, &stats), 0);
	assert_null(proto_decode(&proto_stats, &back, buf.data, buf.len));
	assert_true(proto_equal(&proto_stats, &stats, &back));
	assert_true(PROTO_HAS(&back, stats, writable));
	proto_buf_free(&buf);
}

static void
encode_refuses_a_broken_bound_and_leaves_the_bytes(void **state)
{
	struct challenge_redeem redeem = { .token = "t" };
	struct proto_buf buf = { 0 };

	(void)state;
	assert_int_equal(
	    proto_encode(&buf, &proto_challenge_redeem, &redeem), 0);
	redeem.token[0] = '\0';
	for (int i = 0; i < 2; i++) {
		size_t len = buf.len;
		uint8_t *before = test_alloc(len);

		memcpy(before, buf.data, len);
		assert_int_equal(
		    proto_encode(&buf, &proto_challenge_redeem, &redeem), -1);
		assert_int_equal(proto_frame_append(&buf, &sample_header,
				     &proto_challenge_redeem, &redeem),
		    -1);
		assert_int_equal(buf.len, len);
		assert_memory_equal(buf.data, before, len);
		free(before);
		memset(redeem.token, 'x', sizeof(redeem.token)); /* no NUL */
	}
	proto_buf_free(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.len + buf.size, 0);
	proto_buf_free(&buf);
}

/* No record of the tables can grow that large: hence a table here. */
static void
encode_refuses_what_no_frame_can_carry(void **state)
{
	struct huge {
		uint64_t present;
		uint32_t len;
		uint8_t bytes[PROTO_FRAME_MAX + 1];
	};
	const struct proto_field field = { .name = "bytes",
		.kind = PROTO_BYTES,
		.offset = offsetof(struct huge, bytes),
		.count_offset = offsetof(struct huge, len),
		.hi = PROTO_FRAME_MAX + 1 };
	const struct proto_record record = { "huge", sizeof(struct huge),
		&field, 1 };
	struct huge *huge = test_alloc(sizeof(*huge));
	struct proto_buf buf = { 0 };

	(void)state;
	test_add(&buf, "x", 1);
	huge->len = PROTO_FRAME_MAX - 6; /* an array of one, bin 32 */
	assert_int_equal(proto_encode(&buf, &record, huge), 0);
	assert_int_equal(buf.len, 1 + PROTO_FRAME_MAX);
	buf.len = 1;
	huge->len++;
	assert_int_equal(proto_encode(&buf, &record, huge), -1);
	assert_int_equal(
	    proto_frame_append(&buf, &sample_header, &record, huge), -1);
	assert_int_equal(buf.len, 1);
	assert_int_equal(buf.data[0], 'x');
	proto_buf_free(&buf);
	free(huge);
}

/* -------- frames -------- */

static void
frames_come_back_in_order_and_garbage_ends_them(void **state)
{
	static const uint8_t garbage[] = { 0, 0, 0, 9, 0xff, 1, 2, 3 };
	struct proto_buf buf = { 0 };
	struct proto_frame frame;
	const uint8_t *data;
	size_t len;
	uint64_t seed = 27;

	(void)state;
	for (uint64_t i = 0; i < 10; i++) {
		struct challenge_verify verify;
		struct proto_header header = { .kind = (enum proto_frame_kind)(
						   i % 3),
			.message = i == 9 ? UINT64_MAX : i,
			.correlation = UINT64_MAX - i,
			.deadline_ms = (uint32_t)(i * 429496729) };

		memset(&header.trace, (int)i, sizeof(header.trace));
		proto_random(
		    &proto_challenge_verify, &verify, test_next, &seed);
		assert_int_equal(proto_frame_append(&buf, &header,
				     &proto_challenge_verify, &verify),
		    0);
	}
	for (size_t more = 0; more <= sizeof(garbage); more++) {
		uint8_t *bytes = test_alloc(buf.len + more);

		memcpy(bytes, buf.data, buf.len);
		memcpy(bytes + buf.len, garbage, more);
		data = bytes;
		len = buf.len + more;
		for (uint64_t i = 0; i < 10; i++) {
			struct challenge_verify verify;

			assert_int_equal(
			    proto_frame_next(&frame, &data, &len), 1);
			assert_int_equal(frame.header.kind, i % 3);
			assert_int_equal(
			    frame.header.message, i == 9 ? UINT64_MAX : i);
			assert_int_equal(
			    frame.header.correlation, UINT64_MAX - i);
			assert_int_equal(
			    frame.header.deadline_ms, i * 429496729);
			assert_int_equal(frame.header.trace.bytes[15], i);
			assert_null(proto_decode(&proto_challenge_verify,
			    &verify, frame.body, frame.body_len));
		}
		assert_int_equal(len, more);
		assert_ptr_equal(data, bytes + buf.len);
		assert_int_equal(
		    proto_frame_next(&frame, &data, &len), more == 0 ? 0 : -1);
		assert_int_equal(len, more);
		assert_ptr_equal(data, bytes + buf.len);
		free(bytes);
	}
	proto_buf_free(&buf);
}

static void
a_raw_body_makes_the_same_frame(void **state)
{
	struct user user;
	struct proto_buf body = { 0 }, one = { 0 }, other = { 0 };
	uint64_t seed = 28;

	(void)state;
	proto_random(&proto_user, &user, test_next, &seed);
	assert_int_equal(proto_encode(&body, &proto_user, &user), 0);
	assert_int_equal(
	    proto_frame_append(&one, &sample_header, &proto_user, &user), 0);
	assert_int_equal(
	    proto_frame_append_raw(&other, &sample_header, body.data, body.len),
	    0);
	assert_int_equal(one.len, other.len);
	assert_memory_equal(one.data, other.data, one.len);
	assert_int_equal(
	    proto_frame_append_raw(&other, &sample_header, NULL, 0), 0);
	proto_buf_free(&other);
	proto_buf_free(&one);
	proto_buf_free(&body);
}

static void
a_frame_past_the_limit_is_refused_on_both_sides(void **state)
{
	uint8_t *body = test_alloc(PROTO_FRAME_MAX);
	struct proto_buf buf = { 0 };
	struct proto_frame frame;
	const uint8_t *data;
	size_t around, len;

	(void)state;
	assert_int_equal(
	    proto_frame_append_raw(&buf, &sample_header, body, 0), 0);
	around = buf.len;
	assert_int_equal(proto_frame_append_raw(&buf, &sample_header, body,
			     PROTO_FRAME_MAX - around + 1),
	    -1);
	assert_int_equal(buf.len, around);
	assert_int_equal(proto_frame_append_raw(&buf, &sample_header, body,
			     PROTO_FRAME_MAX - around),
	    0);
	assert_int_equal(buf.len, around + PROTO_FRAME_MAX);
	data = buf.data;
	len = buf.len;
	assert_int_equal(proto_frame_next(&frame, &data, &len), 1);
	assert_int_equal(proto_frame_next(&frame, &data, &len), 1);
	assert_int_equal(frame.body_len, PROTO_FRAME_MAX - around);
	/* The same bytes, one more declared and there. */
	test_add(&buf, "", 1);
	buf.data[around + 3]++;
	data = buf.data + around;
	len = buf.len - around;
	assert_int_equal(proto_frame_next(&frame, &data, &len), -1);
	proto_buf_free(&buf);
	free(body);
}

static void
a_header_of_another_make_is_refused(void **state)
{
	/* version, kind, message, correlation, deadline_ms, trace */
	static const struct {
		const char *bytes;
		size_t len;
		int result;
	} headers[] = {
		{ "\x96\x01\x00\x10\x05\x00\xc4\x10", 8, 1 },
		{ "\x96\x02\x00\x10\x05\x00\xc4\x10", 8, -1 }, /* version */
		{ "\x96\x00\x00\x10\x05\x00\xc4\x10", 8, -1 },
		{ "\x96\x01\x03\x10\x05\x00\xc4\x10", 8, -1 }, /* kind */
		{ "\x96\x01\xff\x10\x05\x00\xc4\x10", 8, -1 },
		{ "\x96\x01\x00\xff\x05\x00\xc4\x10", 8, -1 }, /* message */
		{ "\x96\x01\x00\x10\xff\x00\xc4\x10", 8, -1 },
		{ "\x96\x01\x00\x10\x05\xff\xc4\x10", 8, -1 },
		{ "\x96\x01\x00\x10\x05\xc0\xc4\x10", 8, -1 },
		{ "\x96\x01\x00\x10\x05\xcf\0\0\0\1\0\0\0\0\xc4\x10", 16, -1 },
		{ "\x96\x01\x00\x10\x05\xce\xff\xff\xff\xff\xc4\x10", 12, 1 },
		{ "\x96\x01\x00\x10\x05\x00\xc4\x0f", 8, -1 }, /* trace */
		{ "\x96\x01\x00\x10\x05\x00\xd9\x10", 8, -1 },
		{ "\x95\x01\x00\x10\x05\x00\xc4\x10", 8, -1 }, /* count */
		{ "\x97\x01\x00\x10\x05\x00\xc4\x10", 8, -1 },
		{ "\x83\x01\x00\x10\x05\x00\xc4\x10", 8, -1 }, /* a map */
		{ "\x90", 1, -1 },
		{ "\x01", 1, -1 },
		{ "", 0, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		uint8_t bytes[64] = { 0, 0, 0, (uint8_t)(headers[i].len + 17) };
		const uint8_t *data = bytes;
		size_t len = 4 + headers[i].len + 17;
		struct proto_frame frame;

		memcpy(bytes + 4, headers[i].bytes, headers[i].len);
		assert_int_equal(
		    proto_frame_next(&frame, &data, &len), headers[i].result);
		if (headers[i].result == 1)
			assert_int_equal(frame.body_len, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_comes_back_as_it_was),
		cmocka_unit_test(the_largest_of_every_record_fits_a_frame),
		cmocka_unit_test(a_struct_of_zero_bytes_needs_no_presence_bits),
		cmocka_unit_test(
		    encode_refuses_a_broken_bound_and_leaves_the_bytes),
		cmocka_unit_test(encode_refuses_what_no_frame_can_carry),
		cmocka_unit_test(
		    frames_come_back_in_order_and_garbage_ends_them),
		cmocka_unit_test(a_raw_body_makes_the_same_frame),
		cmocka_unit_test(
		    a_frame_past_the_limit_is_refused_on_both_sides),
		cmocka_unit_test(a_header_of_another_make_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
