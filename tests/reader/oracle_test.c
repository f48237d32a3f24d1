/*
 * The oracle on instructions written by hand.  That it agrees with the
 * generator is for tests/reader/agreement.sh, which runs both as programs: the
 * oracle includes nothing of challenge-svc, not even in its tests.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/reader/oracle.h"

static void
expect(const char *text, const char *instruction, int64_t value)
{
	char why[128] = "";
	int64_t answer = -1;

	if (oracle_solve(text, instruction, &answer, why, sizeof(why)) != 0)
		fail_msg("%s: %s", instruction, why);
	assert_int_equal(answer, value);
}

static void
expect_refusal(const char *text, const char *instruction, const char *reason)
{
	char why[128] = "";
	int64_t answer = -1;

	assert_int_equal(
	    oracle_solve(text, instruction, &answer, why, sizeof(why)), -1);
	assert_non_null(strstr(why, reason));
	assert_int_equal(answer, -1);
}

static void
answers_what_a_reader_answers(void **state)
{
	static const char text[] = "K_5M@3H2#8^4";

	(void)state;
	expect("K_5M@3H2", "Sum all digits except the largest", 5);
	expect(text, "Sum all digits", 22);
	expect(text, "What is the sum of the even digits?", 14);
	expect(text, "Add up the digits after the @", 17);
	expect(text, "Add 38 to the sum of the first two digits", 46);
	expect(text, "Subtract the largest digit from 20", 12);
	expect(text,
	    "Sum the even digits except the largest of them. Then multiply "
	    "the result by the digit right after the @.",
	    18);
	expect(text, "Add the two largest, no, the two smallest digits", 5);
	expect(text, "Sum the odd digits, not the even ones", 8);
	expect(text,
	    "If the digit right before the # is odd, count the even digits; "
	    "otherwise, add up the last three digits. Either way, subtract "
	    "the result from 50.",
	    36);
	expect(text,
	    "Unless the first digit is even, find the largest digit; if the "
	    "first digit is even, find the smallest digit.",
	    8);
	expect(text,
	    "Sum the odd digits. Then add 10 to the result, but before that "
	    "multiply the result by 3.",
	    34);
	expect(text,
	    "A bus has 40 people on board. Each digit is one stop: if it is "
	    "even, that many people get on; otherwise, that many get off. How "
	    "many people are on board at the end?",
	    46);
}

static void
minimal_pairs_get_different_answers(void **state)
{
	static const char text[] = "5M@3H2#8^4";

	(void)state;
	expect(text, "Sum the odd digits, no, the even digits", 14);
	expect(text, "Sum the even digits, no, the odd digits", 8);
	expect(text, "Sum the even digits, not the odd digits", 14);
	expect(text,
	    "Subtract the first digit from the sum of the last three "
	    "digits",
	    9);
	expect(text, "Subtract the sum of the last two digits from 15", 3);
}

static void
refuses_what_has_no_reading(void **state)
{
	(void)state;
	expect_refusal("5A3", "", "no reading");
	expect_refusal("5A3", "Juggle all digits", "no reading");
	expect_refusal("5A3", "Sum all digits and go home", "no reading");
	expect_refusal("5A3", "Sum all digits. Then juggle.", "no reading");
	expect_refusal("5A3", ". . .", "no reading");
}

static void
refuses_what_has_two_readings(void **state)
{
	(void)state;
	expect_refusal("5A3B4@6C7D2",
	    "Sum the two largest of the digits after the @ except the first "
	    "of them",
	    "more than one");
	expect_refusal("5A3B4@6C7D2",
	    "Sum the digits less than the largest of the even digits except "
	    "the first of them",
	    "more than one");
}

static void
refuses_what_the_digits_leave_open(void **state)
{
	(void)state;
	expect_refusal(
	    "7A7B3", "Sum all digits except the largest", "equal digits");
	expect_refusal("5A3B1", "Sum the even digits", "no digit is so");
	expect_refusal("5A3", "Sum the digits after the @", "not in the text");
	expect_refusal("5@3@1C2", "Sum the digits after the @", "once");
	expect_refusal("53A1", "Sum all digits", "side by side");
	expect_refusal("ABC", "Sum all digits", "no digits");
	expect_refusal("5@A3",
	    "Sum all digits except the one right after the @", "touches");
	expect_refusal("1A2B3", "Find the digit that appears more than once",
	    "more than once");
	expect_refusal(
	    "5A3", "Subtract the sum of all digits from 3", "negative");
}

static void
survives_any_input(void **state)
{
	static char long_text[4096], many_words[4096];
	char why[8];
	int64_t answer;
	size_t i;

	(void)state;
	memset(long_text, '5', sizeof(long_text) - 1);
	for (i = 0; i + 3 < sizeof(many_words); i += 2)
		memcpy(many_words + i, "a ", 3);
	assert_int_equal(oracle_solve(long_text, "Sum all digits", &answer, why,
			     sizeof(why)),
	    -1);
	assert_int_equal(
	    oracle_solve("5A3", long_text, &answer, why, sizeof(why)), -1);
	assert_int_equal(
	    oracle_solve("5A3", many_words, &answer, why, sizeof(why)), -1);
	assert_int_equal(
	    oracle_solve("5A3", "\xff\x80 {a} %s", &answer, why, sizeof(why)),
	    -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_what_a_reader_answers),
		cmocka_unit_test(minimal_pairs_get_different_answers),
		cmocka_unit_test(refuses_what_has_no_reading),
		cmocka_unit_test(refuses_what_has_two_readings),
		cmocka_unit_test(refuses_what_the_digits_leave_open),
		cmocka_unit_test(survives_any_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
