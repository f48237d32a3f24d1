/*
 * Tests of slips.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "challenge-svc/pack_files.h"
#include "challenge-svc/slips.h"

static void
assert_come_back(const struct slips *in)
{
	uint8_t bytes[SLIPS_BYTES_MAX];
	struct slips out;
	size_t len;
	uint32_t i;

	len = slips_pack(in, bytes);
	assert_int_equal(len, in->count * SLIPS_BYTES_EACH);
	memset(&out, 0xff, sizeof(out));
	slips_unpack(&out, bytes, len);
	assert_int_equal(out.count, in->count);
	for (i = 0; i < in->count; i++) {
		assert_int_equal(out.slip[i].answer, in->slip[i].answer);
		assert_int_equal(
		    out.slip[i].misreading, in->slip[i].misreading);
	}
}

static void
slips_come_back_as_they_went(void **state)
{
	static const int16_t answers[] = { 0, 1, -1, 127, 128, 255, 256, -128,
		-129, -256, -257, 9999, INT16_MAX, INT16_MIN };
	struct slips slips = { 0 };
	uint32_t i;

	(void)state;
	assert_come_back(&slips);
	for (i = 0; i < CHALLENGE_SLIPS_MAX; i++) {
		slips.slip[i].answer =
		    answers[i % (sizeof(answers) / sizeof(answers[0]))];
		slips.slip[i].misreading = (uint8_t)(i % MISREADINGS);
		slips.count++;
		assert_come_back(&slips);
	}
}

static void
slips_of_every_challenge_come_back(void **state)
{
	uint8_t seed[CHALLENGE_SEED_BYTES] = { 0 };
	struct challenge challenge;
	struct slips slips;
	char error[PHRASEBOOK_ERROR_SIZE];
	struct phrasebook *book = pack_files_read("", error);
	unsigned i;

	(void)state;
	assert_non_null(book);
	for (i = 0; i < 600; i++) {
		memcpy(seed, &i, sizeof(i));
		challenge_generate(&challenge, book,
		    (enum challenge_level)(i % CHALLENGE_LEVELS), seed);
		slips.count = challenge.slips_count;
		memcpy(slips.slip, challenge.slip, sizeof(slips.slip));
		assert_in_range(slips.count, 1, CHALLENGE_SLIPS_MAX);
		assert_come_back(&slips);
	}
	phrasebook_free(&book);
}

static void
misreadings_of_a_later_version_are_left_out(void **state)
{
	static const uint8_t bytes[] = { 7, 0, MISREAD_EXTREME, 8, 0,
		MISREADINGS, 9, 0, 255, 14, 0, MISREAD_PLAIN_SUM };
	struct slips slips;

	(void)state;
	slips_unpack(&slips, bytes, sizeof(bytes));
	assert_int_equal(slips.count, 2);
	assert_int_equal(slips.slip[0].answer, 7);
	assert_int_equal(slips.slip[1].answer, 14);
	assert_int_equal(slips.slip[1].misreading, MISREAD_PLAIN_SUM);
}

static void
bytes_that_are_too_many_or_cut_off_do_no_harm(void **state)
{
	static const uint8_t bytes[2 * SLIPS_BYTES_MAX];
	struct slips slips;

	(void)state;
	slips_unpack(&slips, bytes, sizeof(bytes));
	assert_int_equal(slips.count, CHALLENGE_SLIPS_MAX);
	slips_unpack(&slips, bytes, 2 * SLIPS_BYTES_EACH - 1);
	assert_int_equal(slips.count, 1);
	slips_unpack(&slips, bytes, SLIPS_BYTES_EACH - 1);
	assert_int_equal(slips.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips_come_back_as_they_went),
		cmocka_unit_test(slips_of_every_challenge_come_back),
		cmocka_unit_test(misreadings_of_a_later_version_are_left_out),
		cmocka_unit_test(bytes_that_are_too_many_or_cut_off_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
