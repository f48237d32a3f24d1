/*
 * What a decoder takes: the fields of older and newer senders, and every type
 * and bound of the tables, tried on records rebuilt item by item.
 */
#include "proto/codec.h"
#include "proto/field.h"
#include "proto/testing.h"

/* -------- bytes put together by hand -------- */

static uint64_t
big_endian(const uint8_t *at, size_t len)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len; i++)
		number = number << 8 | at[i];
	return number;
}

/* Bytes of an array's header and how many items follow; 0 for the rest. */
static size_t
array_header(const uint8_t *at, uint64_t *count)
{
	if (at[0] >= 0x90 && at[0] < 0xa0) {
		*count = at[0] & 0x0f;
		return 1;
	}
	if (at[0] == 0xdc) {
		*count = big_endian(at + 1, 2);
		return 3;
	}
	return 0;
}

/* Bytes of one item, of the forms that records are made of. */
static size_t
item_len(const uint8_t *at)
{
	uint64_t count = 0;
	size_t len = array_header(at, &count);

	if (len > 0) {
		for (; count > 0; count--)
			len += item_len(at + len);
		return len;
	}
	if (at[0] >= 0xa0 && at[0] < 0xc0)
		return 1 + (at[0] & 0x1fu);
	switch (at[0]) {
	case 0xc4: /* bin 8 */
	case 0xd9: /* str 8 */
		return 2 + at[1];
	case 0xda: /* str 16 */
		return 3 + (size_t)big_endian(at + 1, 2);
	case 0xcb: /* float 64 */
	case 0xcf: /* uint 64 */
	case 0xd3: /* int 64 */
		return 9;
	case 0xce: /* uint 32 */
	case 0xd2: /* int 32 */
		return 5;
	case 0xcd: /* uint 16 */
	case 0xd1: /* int 16 */
		return 3;
	case 0xcc: /* uint 8 */
	case 0xd0: /* int 8 */
		return 2;
	default:
		return 1;
	}
}

/*
 * The record in `in` as an array that declares `declared` items, with item
 * `index` replaced, and none after the declared ones.
 */
static void
rebuild(struct proto_buf *out, const struct proto_buf *in, size_t declared,
    size_t index, const void *item, size_t len)
{
	const uint8_t header[] = { 0xdc, (uint8_t)(declared >> 8),
		(uint8_t)declared };
	uint64_t count = 0;
	size_t at = array_header(in->data, &count);

	assert_true(at > 0);
	out->len = 0;
	test_add(out, header, sizeof(header));
	for (size_t i = 0; i < count && i < declared; i++) {
		size_t step = item_len(in->data + at);

		if (i == index)
			test_add(out, item, len);
		else
			test_add(out, in->data + at, step);
		at += step;
	}
}

#define NO_INDEX SIZE_MAX

/* -------- older and newer senders -------- */

static void
fields_of_a_newer_sender_are_skipped(void **state)
{
	/*
	 * One of each form; the bytes inside are 0xc1, which begins nothing, so
	 * that a wrong length shows.
	 */
	static const struct {
		size_t len;
		uint8_t bytes[18];
	} more[] = {
		{ 1, { 0x7f } },
		{ 1, { 0xe0 } },
		{ 1, { 0xc0 } },
		{ 1, { 0xc2 } },
		{ 1, { 0xc3 } },
		{ 3, { 0xc4, 0x01, 0xc1 } },
		{ 4, { 0xc5, 0x00, 0x01, 0xc1 } },
		{ 6, { 0xc6, 0x00, 0x00, 0x00, 0x01, 0xc1 } },
		{ 4, { 0xc7, 0x01, 0x05, 0xc1 } },
		{ 5, { 0xc8, 0x00, 0x01, 0x05, 0xc1 } },
		{ 7, { 0xc9, 0x00, 0x00, 0x00, 0x01, 0x05, 0xc1 } },
		{ 5, { 0xca, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 9, { 0xcb, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 2, { 0xcc, 0xc1 } },
		{ 3, { 0xcd, 0xc1, 0xc1 } },
		{ 5, { 0xce, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 9, { 0xcf, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 2, { 0xd0, 0xc1 } },
		{ 3, { 0xd1, 0xc1, 0xc1 } },
		{ 5, { 0xd2, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 9, { 0xd3, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 3, { 0xd4, 0x05, 0xc1 } },
		{ 4, { 0xd5, 0x05, 0xc1, 0xc1 } },
		{ 6, { 0xd6, 0x05, 0xc1, 0xc1, 0xc1, 0xc1 } },
		{ 10,
		    { 0xd7, 0x05, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1,
			0xc1 } },
		{ 18,
		    { 0xd8, 0x05, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1,
			0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1, 0xc1,
			0xc1 } },
		{ 3, { 0xa2, 0xc1, 0x00 } },
		{ 3, { 0xd9, 0x01, 0xc1 } },
		{ 4, { 0xda, 0x00, 0x01, 0xc1 } },
		{ 6, { 0xdb, 0x00, 0x00, 0x00, 0x01, 0xc1 } },
		{ 4, { 0x92, 0x91, 0x90, 0xc3 } },
		{ 4, { 0xdc, 0x00, 0x01, 0xc0 } },
		{ 6, { 0xdd, 0x00, 0x00, 0x00, 0x01, 0xc0 } },
		{ 4, { 0x81, 0x80, 0x91, 0xc0 } },
		{ 5, { 0xde, 0x00, 0x01, 0x01, 0x02 } },
		{ 7, { 0xdf, 0x00, 0x00, 0x00, 0x01, 0x01, 0x02 } },
	};
	const size_t more_count = sizeof(more) / sizeof(more[0]);
	struct proto_buf buf = { 0 }, newer = { 0 };
	uint64_t seed = 22;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);

		for (int i = 0; i < 20; i++) {
			proto_random(record, msg, test_next, &seed);
			buf.len = 0;
			assert_int_equal(proto_encode(&buf, record, msg), 0);
			rebuild(&newer, &buf, record->count + more_count,
			    NO_INDEX, NULL, 0);
			for (size_t j = 0; j < more_count; j++)
				test_add(&newer, more[j].bytes, more[j].len);
			assert_null(
			    proto_decode(record, back, newer.data, newer.len));
			assert_true(proto_equal(record, msg, back));
		}
		free(back);
		free(msg);
	}
	proto_buf_free(&newer);
	proto_buf_free(&buf);
}

/* Cuts the fields of every record from the end, one more each time. */
static void
fields_that_an_older_sender_lacks_are_absent(void **state)
{
	struct proto_buf buf = { 0 }, older = { 0 };
	uint64_t seed = 23;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);
		const char *missing = NULL;

		proto_random(record, msg, test_next, &seed);
		assert_int_equal(proto_encode(&buf, record, msg), 0);
		for (size_t n = record->count; n-- > 0;) {
			if ((record->fields[n].flags & PROTO_FLAG_OPT) == 0)
				missing = record->fields[n].name;
			*(uint64_t *)msg &= ~(UINT64_C(1) << n);
			rebuild(&older, &buf, n, NO_INDEX, NULL, 0);
			assert_ptr_equal(
			    proto_decode(record, back, older.data, older.len),
			    missing);
			if (missing == NULL)
				assert_true(proto_equal(record, msg, back));
		}
		buf.len = 0;
		free(back);
		free(msg);
	}
	proto_buf_free(&older);
	proto_buf_free(&buf);
}

static void
nil_is_absent_and_refused_for_a_required_field(void **state)
{
	struct proto_buf buf = { 0 }, changed = { 0 };
	uint64_t seed = 24;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);

		proto_random(record, msg, test_next, &seed);
		buf.len = 0;
		assert_int_equal(proto_encode(&buf, record, msg), 0);
		for (size_t i = 0; i < record->count; i++) {
			bool opt = (record->fields[i].flags & PROTO_FLAG_OPT) !=
			    0;

			rebuild(&changed, &buf, record->count, i, "\xc0", 1);
			assert_ptr_equal(proto_decode(record, back,
					     changed.data, changed.len),
			    opt ? NULL : record->fields[i].name);
			if (opt)
				assert_false(
				    field_present(&record->fields[i], i, back));
		}
		free(back);
		free(msg);
	}
	proto_buf_free(&changed);
	proto_buf_free(&buf);
}

/* -------- types and bounds -------- */

/* True when the kind is written in that way. */
static bool
takes(enum proto_kind kind, char form)
{
	switch (kind) {
	case PROTO_BOOL:
		return form == 'b';
	case PROTO_INT:
		return form == 'u' || form == 'i';
	case PROTO_ENUM:
		return form == 'u';
	case PROTO_F64:
		return form == 'd';
	case PROTO_STR:
		return form == 's';
	case PROTO_ID:
	case PROTO_BYTES:
		return form == 'x';
	case PROTO_OBJ:
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return form == 'a';
	}
	return false;
}

static bool
all_zero(const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (((const uint8_t *)bytes)[i] != 0)
			return false;
	}
	return true;
}

static void
a_field_of_another_type_is_refused_by_name(void **state)
{
	static const struct {
		char form;
		uint8_t bytes[24];
		size_t len;
	} items[] = {
		{ 'b', { 0xc3 }, 1 },
		{ 'u', { 0x01 }, 1 },
		{ 'i', { 0xff }, 1 },
		{ 'd', { 0xcb, 0x3f, 0xf0 }, 9 },
		{ 'f', { 0xca, 0x3f, 0x80 }, 5 },
		{ 's', { 0xa4, '1', '2', '3', '4' }, 5 },
		{ 'x', { 0xc4, 16 }, 18 },
		{ 'a', { 0x90 }, 1 },
		{ 'm', { 0x80 }, 1 },
		{ 'e', { 0xd8, 0x02 }, 18 },
	};
	struct proto_buf buf = { 0 }, changed = { 0 };
	uint64_t seed = 25;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *back = test_alloc(record->size);

		proto_random(record, msg, test_next, &seed);
		buf.len = 0;
		assert_int_equal(proto_encode(&buf, record, msg), 0);
		for (size_t i = 0; i < record->count; i++) {
			for (size_t j = 0; j < sizeof(items) / sizeof(items[0]);
			     j++) {
				if (takes(
					record->fields[i].kind, items[j].form))
					continue;
				rebuild(&changed, &buf, record->count, i,
				    items[j].bytes, items[j].len);
				assert_ptr_equal(proto_decode(record, back,
						     changed.data, changed.len),
				    record->fields[i].name);
				assert_true(all_zero(back, record->size));
			}
		}
		for (size_t j = 0; j < sizeof(items) / sizeof(items[0]); j++) {
			if (items[j].form != 'a')
				assert_non_null(proto_decode(record, back,
				    items[j].bytes, items[j].len));
		}
		free(back);
		free(msg);
	}
	proto_buf_free(&changed);
	proto_buf_free(&buf);
}

/* An integer in its longest form, which a decoder must take too. */
static void
put_int(uint8_t item[9], int64_t number)
{
	item[0] = number < 0 ? 0xd3 : 0xcf;
	for (int i = 0; i < 8; i++)
		item[8 - i] = (uint8_t)((uint64_t)number >> (8 * i));
}

/* What replaces one field of one record, and whether it is then accepted. */
static void
expect(const struct proto_record *record, const struct proto_buf *buf,
    size_t index, const void *item, size_t len, bool good)
{
	struct proto_buf changed = { 0 };
	void *back = test_alloc(record->size);

	rebuild(&changed, buf, record->count, index, item, len);
	assert_ptr_equal(proto_decode(record, back, changed.data, changed.len),
	    good ? NULL : record->fields[index].name);
	if (good)
		assert_null(proto_check(record, back));
	proto_buf_free(&changed);
	free(back);
}

static void
expect_int(const struct proto_record *record, const struct proto_buf *buf,
    size_t index)
{
	const struct proto_field *field = &record->fields[index];
	uint8_t item[9];

	put_int(item, field->lo);
	expect(record, buf, index, item, sizeof(item), true);
	put_int(item, field->hi);
	expect(record, buf, index, item, sizeof(item), true);
	put_int(item, field->lo - 1);
	expect(record, buf, index, item, sizeof(item), false);
	put_int(item, INT64_MIN);
	expect(record, buf, index, item, sizeof(item), false);
	if (field->hi < INT64_MAX) {
		put_int(item, field->hi + 1);
		expect(record, buf, index, item, sizeof(item), false);
	}
	memset(item + 1, 0xff, 8); /* does not fit 64 bits with a sign */
	item[0] = 0xcf;
	expect(record, buf, index, item, sizeof(item), false);
	memset(item + 1, 0x00, 8);
	item[1] = 0x80;
	expect(record, buf, index, item, sizeof(item), false);
}

static void
put_double(uint8_t item[9], double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	put_int(item, (int64_t)bits);
	item[0] = 0xcb;
}

static void
expect_double(const struct proto_record *record, const struct proto_buf *buf,
    size_t index)
{
	const struct proto_field *field = &record->fields[index];
	uint8_t item[9];

	put_double(item, (double)field->lo);
	expect(record, buf, index, item, sizeof(item), true);
	put_double(item, (double)field->hi);
	expect(record, buf, index, item, sizeof(item), true);
	put_double(item, (double)field->lo - 0.5);
	expect(record, buf, index, item, sizeof(item), false);
	put_double(item, (double)field->hi + 0.5);
	expect(record, buf, index, item, sizeof(item), false);
	put_double(item, __builtin_nan(""));
	expect(record, buf, index, item, sizeof(item), false);
	put_double(item, -__builtin_inf());
	expect(record, buf, index, item, sizeof(item), false);
}

/* Text in its longest form: a length of four bytes. */
static void
expect_text(const struct proto_record *record, const struct proto_buf *buf,
    size_t index)
{
	const struct proto_field *field = &record->fields[index];
	size_t lo = (size_t)field->lo, hi = (size_t)field->hi;
	uint8_t *item = test_alloc(hi + 6);

	for (size_t len = 0; len <= hi + 1; len++) {
		item[0] = 0xdb;
		item[3] = (uint8_t)(len >> 8);
		item[4] = (uint8_t)len;
		memset(item + 5, 'x', len);
		expect(
		    record, buf, index, item, 5 + len, len >= lo && len <= hi);
	}
	item[3] = (uint8_t)(hi >> 8);
	item[4] = (uint8_t)hi;
	item[5 + hi / 2] = '\0';
	expect(record, buf, index, item, 5 + hi, false);
	item[5 + hi / 2] = 'x';
	item[4 + hi] = 0xc3; /* half a character at the end */
	expect(record, buf, index, item, 5 + hi, false);
	free(item);
}

static void
expect_enum(const struct proto_record *record, const struct proto_buf *buf,
    size_t index)
{
	for (unsigned value = 0; value < 0x80; value++) {
		uint8_t item = (uint8_t)value;

		expect(record, buf, index, &item, 1,
		    value < record->fields[index].names->count);
	}
	expect(record, buf, index, "\xcd\x01\x00", 3, false); /* 256 */
}

static void
bounds_are_kept_to_the_last_value(void **state)
{
	struct proto_buf buf = { 0 };
	uint64_t seed = 26;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);

		proto_random(record, msg, test_next, &seed);
		buf.len = 0;
		assert_int_equal(proto_encode(&buf, record, msg), 0);
		for (size_t i = 0; i < record->count; i++) {
			enum proto_kind kind = record->fields[i].kind;

			if (kind == PROTO_INT)
				expect_int(record, &buf, i);
			if (kind == PROTO_F64)
				expect_double(record, &buf, i);
			if (kind == PROTO_STR)
				expect_text(record, &buf, i);
			if (kind == PROTO_ENUM)
				expect_enum(record, &buf, i);
			if (kind == PROTO_ID) {
				expect(record, &buf, i,
				    "\xc4\x0f"
				    "123456789012345",
				    17, false);
				expect(record, &buf, i,
				    "\xc4\x11"
				    "12345678901234567",
				    19, false);
			}
		}
		free(msg);
	}
	proto_buf_free(&buf);
}

static void
a_list_is_refused_for_its_count_or_an_element(void **state)
{
	static const uint8_t id[18] = { 0xc4, 16 };
	struct key_changed changed = { .keys_count = PROTO_CHANGES_MAX };
	struct challenge_verified verified = { .error_codes_count = 1 };
	struct puzzle puzzle = { .text = "1", .instruction = "x" };
	struct proto_buf buf = { 0 };
	uint8_t long_text[2 + PROTO_CODE_MAX + 1] = { 0xd9,
		PROTO_CODE_MAX + 1 };

	(void)state;
	assert_int_equal(proto_encode(&buf, &proto_key_changed, &changed), 0);
	buf.data[buf.len - sizeof(id) * PROTO_CHANGES_MAX - 1]++;
	test_add(&buf, id, sizeof(id));
	assert_string_equal(
	    proto_decode(&proto_key_changed, &changed, buf.data, buf.len),
	    "keys");
	buf.len = 0;
	assert_int_equal(proto_encode(&buf, &proto_puzzle, &puzzle), 0);
	expect(&proto_puzzle, &buf, BIT_puzzle_digits,
	    "\x92\xd3\x80\0\0\0\0\0\0\0\x01", 11, true);
	expect(&proto_puzzle, &buf, BIT_puzzle_digits,
	    "\x92\xcf\x80\0\0\0\0\0\0\0\x01", 11, false);
	expect(&proto_puzzle, &buf, BIT_puzzle_digits, "\x91\xc3", 2, false);
	buf.len = 0;
	assert_int_equal(
	    proto_encode(&buf, &proto_challenge_verified, &verified), 0);
	expect(&proto_challenge_verified, &buf,
	    BIT_challenge_verified_error_codes, "\x92\xa1x\xa0", 4, true);
	expect(&proto_challenge_verified, &buf,
	    BIT_challenge_verified_error_codes, "\x92\xa1x\xc0", 4, false);
	expect(&proto_challenge_verified, &buf,
	    BIT_challenge_verified_error_codes, "\x95\xa0\xa0\xa0\xa0\xa0", 6,
	    false);
	memset(long_text + 2, 'x', PROTO_CODE_MAX + 1);
	proto_buf_free(&buf);
	test_add(&buf, "\x96\xc3\xc2\xcb\0\0\0\0\0\0\0\0\xc0\xc0\x91", 15);
	test_add(&buf, long_text, sizeof(long_text));
	assert_string_equal(proto_decode(&proto_challenge_verified, &verified,
				buf.data, buf.len),
	    "error-codes");
	proto_buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_a_newer_sender_are_skipped),
		cmocka_unit_test(fields_that_an_older_sender_lacks_are_absent),
		cmocka_unit_test(
		    nil_is_absent_and_refused_for_a_required_field),
		cmocka_unit_test(a_field_of_another_type_is_refused_by_name),
		cmocka_unit_test(bounds_are_kept_to_the_last_value),
		cmocka_unit_test(a_list_is_refused_for_its_count_or_an_element),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
