/*
 * Reading instructions back.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "challenge-svc/check/reader.h"
#include "challenge-svc/lang/generate.h"
#include "challenge-svc/lang/pack.h"
#include "challenge-svc/lang/testing.h"

#define SEEDS 1500

static struct reader *reader;
static struct readings readings;

/* The digits of all sentences below: 5 3 @ 2 8 # 6 1. */
static const struct values values = {
	.digit = { 5, 3, 2, 8, 6, 1 },
	.count = 6,
	.having = { 0, 0x20, 0x04, 0x02, 0, 0x01, 0x10, 0, 0x08, 0 },
	.mark = { { '@', 2 }, { '#', 4 } },
};

static int
set_up(void **state)
{
	if (testing_read_book(state) != 0)
		return -1;
	reader = reader_new(testing_book);

	return reader == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	reader_free(&reader);

	return testing_free_book(state);
}

static void
draw(struct instance *instance, int level, uint32_t number)
{
	uint8_t seed[CHALLENGE_SEED_BYTES];

	memset(seed, 0x77, sizeof(seed));
	memcpy(seed, &number, sizeof(number));
	generate_instance(
	    instance, testing_book, (enum challenge_level)level, seed);
}

static void
assert_reads(const char *instruction, int64_t value)
{
	assert_int_equal(
	    reader_read(reader, instruction, &values, READER_WIDE, &readings),
	    0);
	if (readings.values != 1)
		print_message("%s: %u values\n", instruction, readings.values);
	assert_int_equal(readings.values, 1);
	assert_int_equal(readings.reading[0].value, value);
}

static void
assert_unread(const char *instruction)
{
	assert_int_equal(
	    reader_read(reader, instruction, &values, READER_WIDE, &readings),
	    0);
	assert_int_equal(readings.trees, 0);
	assert_int_equal(readings.values, 0);
}

static void
every_instruction_has_one_value_however_it_is_read(void **state)
{
	const enum reader_care cares[] = { READER_WIDE, READER_STRICT };
	struct instance instance;
	uint32_t i, care;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			for (care = 0; care < 2; care++) {
				assert_int_equal(
				    reader_read(reader, instance.instruction,
					&instance.values, cares[care],
					&readings),
				    0);
				assert_int_equal(readings.values, 1);
				assert_int_equal(
				    readings.reading[0].value, instance.answer);
			}
		}
	}
}

static void
phrases_that_said_a_tree_are_found(void **state)
{
	static uint8_t used[PHRASEBOOK_PHRASES_MAX];
	struct instance instance;
	size_t i, count, marked;
	uint32_t number;
	int level;

	(void)state;
	(void)phrasebook_all(testing_book, &count);
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (number = 0; number < SEEDS; number++) {
			draw(&instance, level, number);
			memset(used, 0, sizeof(used));
			assert_true(reader_mark(reader, instance.instruction,
			    &instance.values, &instance.tree, NULL,
			    READER_STRICT, used, 1));
			marked = 0;
			for (i = 0; i < count; i++)
				marked += used[i];
			assert_in_range(marked, 1, 2 * TREE_NODES_MAX);
		}
	}
}

static void
plain_sentences_are_read(void **state)
{
	(void)state;
	assert_reads("Sum all digits except the largest", 17);
	assert_reads("Sum all digits except the largest.", 17);
	assert_reads("How many even digits are there?", 3);
	assert_reads("Find the digit right after the @", 2);
	assert_reads("Add up the digits between the # and the @", 10);
	assert_reads("Sum the even digits, no, the odd digits", 9);
	assert_reads(
	    "Sum the even digits, no, the odd digits, no, all digits", 25);
	assert_reads("Sum all digits. Then add 12. Finally, subtract the "
		     "result from 40.",
	    3);
	assert_reads("Let P be the last digit. Anna writes down the even "
		     "digits. Add P to the sum of the digits that Anna writes "
		     "down.",
	    17);
}

static void
what_no_phrase_says_is_not_read(void **state)
{
	static const char *const texts[] = { "", ".", "Sum", "sum all digits x",
		"Sum all digits except the largest and", "Sum  all digits",
		"Find the digit right after the %", "What is K plus M?",
		"Let K be the last digit. What is K plus M?",
		"Find the sum of the 2 largest digits",
		"Add 00012 to the last digit", "Add 123456 to the last digit" };
	char text[CHALLENGE_INSTRUCTION_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_unread(texts[i]);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_unread(text);
	text[sizeof(text) - 2] = '\0';
	assert_unread(text);
}

static void
two_trees_of_one_value_are_no_ambiguity(void **state)
{
	(void)state;
	assert_reads("Multiply the sum of the even digits by 3", 48);
	assert_int_equal(readings.trees, 2);
}

static void
an_ambiguous_sentence_has_two_values(void **state)
{
	(void)state;
	assert_int_equal(reader_read(reader,
			     "Sum the odd digits among the first five digits "
			     "except the smallest of them",
			     &values, READER_WIDE, &readings),
	    0);
	assert_int_equal(readings.values, 2);
	assert_int_equal(
	    readings.reading[0].value + readings.reading[1].value, 5 + 8);
}

static void
conditions_count_only_strictly(void **state)
{
	static const char text[] = "Which is larger, the sum of the even "
				   "digits or the sum of the odd digits?";

	(void)state;
	assert_reads(text, 16);
	assert_int_equal(
	    reader_read(reader, text, &values, READER_STRICT, &readings), 0);
	assert_int_equal(readings.trees, 0);
}

static void
too_many_readings_are_told(void **state)
{
	char text[CHALLENGE_INSTRUCTION_MAX + 1] = "What is 1";
	static const char plus[] = " plus 1";
	size_t used = strlen(text), i;

	(void)state;
	for (i = 0; i < 20; i++, used += sizeof(plus) - 1)
		memcpy(text + used, plus, sizeof(plus));
	text[used] = '?';
	assert_int_equal(
	    reader_read(reader, text, &values, READER_WIDE, &readings), -1);

	/* And it reads on as before. */
	assert_reads("Sum all digits except the largest", 17);
}

static void
huge_results_do_not_overflow(void **state)
{
	(void)state;
	assert_int_equal(reader_read(reader,
			     "What is 9999 times 9999 times 9999 times 9999 "
			     "times 9999 times 9999?",
			     &values, READER_WIDE, &readings),
	    0);
	assert_true(readings.trees > 20);
	assert_int_equal(readings.values, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_instruction_has_one_value_however_it_is_read),
		cmocka_unit_test(phrases_that_said_a_tree_are_found),
		cmocka_unit_test(plain_sentences_are_read),
		cmocka_unit_test(what_no_phrase_says_is_not_read),
		cmocka_unit_test(two_trees_of_one_value_are_no_ambiguity),
		cmocka_unit_test(an_ambiguous_sentence_has_two_values),
		cmocka_unit_test(conditions_count_only_strictly),
		cmocka_unit_test(too_many_readings_are_told),
		cmocka_unit_test(huge_results_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
