/*
 * Identifiers: their text, what is refused as text, version bits.
 */
#include "proto/uuid.h"

#include "proto/testing.h"

static const struct uuid sample = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
    0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 } };
static const char sample_text[] = "01234567-89ab-cdef-fedc-ba9876543210";

static void
format_is_lower_case_with_hyphens(void **state)
{
	char text[UUID_TEXT_MAX + 1];

	(void)state;
	uuid_format(&sample, text);
	assert_string_equal(text, sample_text);
}

static void
parse_takes_either_letter_case(void **state)
{
	struct uuid id = { 0 };

	(void)state;
	assert_int_equal(uuid_parse(&id, sample_text), 0);
	assert_true(uuid_equal(&id, &sample));
	id = (struct uuid){ 0 };
	assert_int_equal(
	    uuid_parse(&id, "01234567-89AB-cdEF-FEDC-BA9876543210"), 0);
	assert_true(uuid_equal(&id, &sample));
}

static void
parse_gives_back_what_format_wrote(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct uuid id, back = { 0 };
		char text[UUID_TEXT_MAX + 1];

		for (int j = 0; j < UUID_BYTES; j++)
			id.bytes[j] = (uint8_t)test_next(&seed);
		uuid_format(&id, text);
		assert_int_equal(strlen(text), UUID_TEXT_MAX);
		assert_int_equal(uuid_parse(&back, text), 0);
		assert_true(uuid_equal(&id, &back));
	}
}

static void
parse_refuses_any_other_text_and_leaves_the_id(void **state)
{
	static const char *const texts[] = {
		"",
		"-",
		"01234567",
		"01234567-89ab-cdef-fedc-ba987654321",
		"01234567-89ab-cdef-fedc-ba98765432100",
		"01234567-89ab-cdef-fedc-ba9876543210 ",
		" 01234567-89ab-cdef-fedc-ba9876543210",
		"{01234567-89ab-cdef-fedc-ba9876543210}",
		"0123456789abcdeffedcba9876543210",
		"0123456789ab-cdef-fedc-ba9876543210-",
		"01234567-89ab-cdef-fedc+ba9876543210",
		"01234567_89ab_cdef_fedc_ba9876543210",
		"g1234567-89ab-cdef-fedc-ba9876543210",
		"0g234567-89ab-cdef-fedc-ba9876543210",
		"01234567-89ab-cdef-fedc-ba987654321g",
		"01234567-89ab-cdef-fedc-ba987654321\xc3",
	};
	struct uuid id = sample;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(uuid_parse(&id, texts[i]), -1);
	assert_true(uuid_equal(&id, &sample));
}

/* Each text is in memory of its own size: a sanitizer sees a step too far. */
static void
parse_reads_nothing_past_the_end(void **state)
{
	(void)state;
	for (size_t len = 0; len < UUID_TEXT_MAX; len++) {
		struct uuid id;
		char *text = test_alloc(len + 1);

		memcpy(text, sample_text, len);
		assert_int_equal(uuid_parse(&id, text), -1);
		free(text);
	}
}

static void
only_the_zero_id_is_zero(void **state)
{
	struct uuid id = { 0 };

	(void)state;
	assert_true(uuid_is_zero(&id));
	for (int i = 0; i < UUID_BYTES; i++) {
		id.bytes[i] = 1;
		assert_false(uuid_is_zero(&id));
		id.bytes[i] = 0;
	}
}

static void
every_byte_counts_in_a_comparison(void **state)
{
	struct uuid id = sample;

	(void)state;
	assert_true(uuid_equal(&id, &sample));
	for (int i = 0; i < UUID_BYTES; i++) {
		id.bytes[i] ^= 0x80;
		assert_false(uuid_equal(&id, &sample));
		id.bytes[i] ^= 0x80;
	}
}

static void
stamp_sets_version_and_variant_only(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 8; version++) {
		struct uuid ones, zeros = { 0 };
		char text[UUID_TEXT_MAX + 1];

		memset(&ones, 0xff, sizeof(ones));
		uuid_stamp(&ones, version);
		uuid_stamp(&zeros, version);
		uuid_format(&ones, text);
		assert_int_equal(text[14], '0' + (int)version);
		assert_int_equal(text[19], 'b');
		text[14] = 'f';
		text[19] = 'f';
		assert_string_equal(
		    text, "ffffffff-ffff-ffff-ffff-ffffffffffff");
		uuid_format(&zeros, text);
		assert_int_equal(text[14], '0' + (int)version);
		assert_int_equal(text[19], '8');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(format_is_lower_case_with_hyphens),
		cmocka_unit_test(parse_takes_either_letter_case),
		cmocka_unit_test(parse_gives_back_what_format_wrote),
		cmocka_unit_test(
		    parse_refuses_any_other_text_and_leaves_the_id),
		cmocka_unit_test(parse_reads_nothing_past_the_end),
		cmocka_unit_test(only_the_zero_id_is_zero),
		cmocka_unit_test(every_byte_counts_in_a_comparison),
		cmocka_unit_test(stamp_sets_version_and_variant_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
