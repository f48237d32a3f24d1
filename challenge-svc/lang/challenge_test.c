/*
 * What challenge.h promises: purity, truth of digits, bounds, score, names.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/testing.h"

#define SEEDS 5000

static void
seed_of(uint8_t seed[CHALLENGE_SEED_BYTES], uint32_t number)
{
	memset(seed, 0x5a, CHALLENGE_SEED_BYTES);
	memcpy(seed, &number, sizeof(number));
}

/* Runs check over many challenges of every level. */
static void
for_many(void (*check)(const struct challenge *))
{
	struct challenge challenge;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	uint32_t i;
	int level;

	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			seed_of(seed, i);
			challenge_generate(&challenge, testing_book,
			    (enum challenge_level)level, seed);
			assert_int_equal(challenge.level, level);
			check(&challenge);
		}
	}
}

static void
same_seed_gives_the_same_challenge(void **state)
{
	struct challenge a, b;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	uint32_t i;
	int level;

	(void)state;
	memset(&a, 0xff, sizeof(a));
	memset(&b, 0, sizeof(b));
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < 500; i++) {
			seed_of(seed, i);
			challenge_generate(&a, testing_book,
			    (enum challenge_level)level, seed);
			challenge_generate(&b, testing_book,
			    (enum challenge_level)level, seed);
			assert_string_equal(a.text, b.text);
			assert_string_equal(a.instruction, b.instruction);
			assert_string_equal(a.operation_id, b.operation_id);
			assert_memory_equal(
			    a.digits, b.digits, sizeof(a.digits));
			assert_int_equal(a.digits_count, b.digits_count);
			assert_int_equal(a.answer, b.answer);
			assert_int_equal(a.human_time_ms, b.human_time_ms);
		}
	}
}

static void
every_byte_of_the_seed_counts(void **state)
{
	struct challenge a, b;
	uint8_t seed[CHALLENGE_SEED_BYTES] = { 0 };
	int i;

	(void)state;
	challenge_generate(&a, testing_book, LEVEL_HARD, seed);
	for (i = 0; i < CHALLENGE_SEED_BYTES; i++) {
		seed[i] = 1;
		challenge_generate(&b, testing_book, LEVEL_HARD, seed);
		seed[i] = 0;
		assert_string_not_equal(a.text, b.text);
	}
}

static void
check_digits(const struct challenge *challenge)
{
	const char *c = NULL;
	uint32_t found = 0;

	for (c = challenge->text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			continue;
		assert_true(found < challenge->digits_count);
		assert_int_equal(challenge->digits[found], *c - '0');
		found++;
		/* One digit is one value. */
		assert_false(c[1] >= '0' && c[1] <= '9');
	}
	assert_int_equal(found, challenge->digits_count);
}

static void
digits_are_the_digits_of_text(void **state)
{
	(void)state;
	for_many(check_digits);
}

static void
check_bounds(const struct challenge *challenge)
{
	const char *c = NULL;

	assert_true(strlen(challenge->text) <= CHALLENGE_TEXT_MAX);
	assert_true(
	    strlen(challenge->instruction) <= CHALLENGE_INSTRUCTION_MAX);
	assert_true(strlen(challenge->operation_id) > 0);
	assert_true(strlen(challenge->operation_id) < CHALLENGE_OPERATION_MAX);
	assert_in_range(
	    testing_words(challenge->instruction), 3, CHALLENGE_WORDS_MAX);
	assert_in_range(challenge->digits_count, 3, CHALLENGE_DIGITS_MAX);
	assert_in_range(challenge->answer, 0, 9999);

	for (c = challenge->text; *c != '\0'; c++)
		assert_non_null(strchr("0123456789BCDFGHJKLMNPQRSTVWXYZ"
				       "_~^@#$%&",
		    *c));
	for (c = challenge->instruction; *c != '\0'; c++) {
		assert_in_range(*c, ' ', '~');
		assert_null(strchr("\"\\{}<>'", *c));
	}
	/* No hole, no doubled or dangling space. */
	assert_null(strstr(challenge->instruction, "  "));
	assert_null(strstr(challenge->instruction, " ,"));
	assert_true(challenge->instruction[0] >= 'A' &&
	    challenge->instruction[0] <= 'Z');
}

static void
texts_stay_within_their_bounds_and_characters(void **state)
{
	(void)state;
	for_many(check_bounds);
}

static void
levels_differ_in_human_time(void **state)
{
	struct challenge challenge;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	uint64_t sum[CHALLENGE_LEVELS] = { 0 };
	uint32_t i;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			seed_of(seed, i);
			challenge_generate(&challenge, testing_book,
			    (enum challenge_level)level, seed);
			sum[level] += challenge.human_time_ms;
		}
		print_message("%s: human time %u ms on average\n",
		    challenge_level_name((enum challenge_level)level),
		    (unsigned int)(sum[level] / SEEDS));
	}
	assert_in_range(sum[LEVEL_EASY] / SEEDS, 3000, 6500);
	assert_in_range(sum[LEVEL_MEDIUM] / SEEDS, 8000, 14000);
	assert_in_range(sum[LEVEL_HARD] / SEEDS, 19000, 30000);
}

/* The documentation's example, in its own words and with its own score. */
static void
the_well_known_example_can_come_up(void **state)
{
	struct challenge challenge;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	uint32_t i;
	int seen = 0;

	(void)state;
	for (i = 0; i < 60000 && seen == 0; i++) {
		seed_of(seed, i);
		challenge_generate(&challenge, testing_book, LEVEL_EASY, seed);
		if (strcmp(challenge.instruction,
			"Sum all digits except the largest") != 0 ||
		    challenge.digits_count != 3 || challenge.answer > 9)
			continue;
		seen++;
		assert_string_equal(
		    challenge.operation_id, "SUM_EXCLUDING_VALUE");
		assert_int_equal(challenge.human_time_ms, 3602);
		assert_int_equal(
		    challenge_score_tenths(523, challenge.human_time_ms), 855);
	}
	assert_int_equal(seen, 1);
}

static void
score_follows_its_formula(void **state)
{
	(void)state;
	assert_int_equal(challenge_score_tenths(0, 3602), 1000);
	assert_int_equal(challenge_score_tenths(523, 3602), 855);
	assert_int_equal(challenge_score_tenths(1801, 3602), 500);
	assert_int_equal(challenge_score_tenths(3601, 3602), 0);
	assert_int_equal(challenge_score_tenths(3602, 3602), 0);
	assert_int_equal(challenge_score_tenths(3603, 3602), 0);
	assert_int_equal(challenge_score_tenths(UINT32_MAX, 3602), 0);
	/* Halves go up: 1000 * 1 / 16 = 62.5. */
	assert_int_equal(challenge_score_tenths(15, 16), 63);
	assert_int_equal(challenge_score_tenths(0, UINT32_MAX), 1000);
	assert_int_equal(challenge_score_tenths(UINT32_MAX - 1, UINT32_MAX), 0);
	assert_int_equal(challenge_score_tenths(0, 0), 0);
	assert_int_equal(challenge_score_tenths(1, 0), 0);
}

static void
level_names_parse_back(void **state)
{
	enum challenge_level level = LEVEL_HARD;
	int i;

	(void)state;
	for (i = 0; i < CHALLENGE_LEVELS; i++) {
		assert_int_equal(
		    challenge_level_parse(
			challenge_level_name((enum challenge_level)i), &level),
		    0);
		assert_int_equal(level, i);
	}
	level = LEVEL_MEDIUM;
	assert_int_equal(challenge_level_parse("Easy", &level), -1);
	assert_int_equal(challenge_level_parse("", &level), -1);
	assert_int_equal(challenge_level_parse("easy ", &level), -1);
	assert_int_equal(level, LEVEL_MEDIUM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_gives_the_same_challenge),
		cmocka_unit_test(every_byte_of_the_seed_counts),
		cmocka_unit_test(digits_are_the_digits_of_text),
		cmocka_unit_test(texts_stay_within_their_bounds_and_characters),
		cmocka_unit_test(levels_differ_in_human_time),
		cmocka_unit_test(the_well_known_example_can_come_up),
		cmocka_unit_test(score_follows_its_formula),
		cmocka_unit_test(level_names_parse_back),
	};

	return cmocka_run_group_tests(
	    tests, testing_read_book, testing_free_book);
}
