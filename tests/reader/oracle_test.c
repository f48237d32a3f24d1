/*
 * The oracle on instructions written by hand, with answers worked out by hand.
 * That it agrees with the generator is for tests/reader/agreement.sh, which
 * runs both as programs: the oracle includes nothing of challenge-svc, not even
 * in its tests.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/reader/oracle.h"

/* 5 3 2 8 4; a 5 before the @, 3 and 2 between it and the #. */
static const char text[] = "K_5M@3H2#8^4";
/* 7 2 2 9 1 */
static const char twins[] = "7A2B2C9D1";

static void
expect(const char *digits, const char *instruction, int64_t value)
{
	char why[128] = "";
	int64_t answer = -1;

	if (oracle_solve(digits, instruction, &answer, why, sizeof(why)) != 0)
		fail_msg("%s: %s", instruction, why);
	if (answer != value)
		fail_msg("%s: %lld, not %lld", instruction, (long long)answer,
		    (long long)value);
}

static void
expect_refusal(const char *digits, const char *instruction, const char *reason)
{
	char why[128] = "";
	int64_t answer = -1;

	if (oracle_solve(digits, instruction, &answer, why, sizeof(why)) == 0)
		fail_msg("%s: %lld", instruction, (long long)answer);
	if (strstr(why, reason) == NULL)
		fail_msg("%s: %s", instruction, why);
	assert_int_equal(answer, -1);
}

static void
expect_ambiguous(const char *instruction)
{
	expect_refusal(text, instruction, "more than one reading");
}

static void
reads_numbers(void **state)
{
	(void)state;
	expect(text, "Sum all digits", 22);
	expect(text, "What do the odd digits add up to?", 8);
	expect(text, "How many digits greater than 3 are there?", 3);
	expect(text, "What is the second largest digit?", 5);
	expect(text, "Take the second lowest of the digits after the @", 3);
	expect(text, "Find the sum of the largest and the smallest digit", 10);
	expect(text,
	    "Add the lowest of the first three digits to the highest of them",
	    7);
	expect(text,
	    "Multiply the largest of the first three digits by the smallest "
	    "of them",
	    10);
	expect(text, "Take the largest digit minus the smallest", 6);
	expect(text,
	    "From the largest of the digits before the #, subtract the "
	    "smallest of them",
	    3);
	expect(text, "Multiply the first two digits together", 15);
	expect(twins, "Count the different values among all digits", 4);
	expect(twins, "Which digit appears more than once?", 2);
	expect(text, "Find the third digit", 2);
	expect(text, "Find the digit just before the ^", 8);
	expect(text,
	    "Go through the digits after the @ in order: take the first, "
	    "subtract the second, add the third, and so on, switching each "
	    "time",
	    5);
	expect(text,
	    "Add all digits, counting the first of them once, the second "
	    "twice, the third three times, and so on",
	    69);
	expect(text, "Add all digits, counting the largest twice", 30);
	expect(
	    text, "Sum all digits, but count those less than 4 four times", 37);
	expect(text,
	    "Add the digits after the @, counting the two largest of them "
	    "three times",
	    41);
}

static void
reads_numbers_made_of_numbers(void **state)
{
	(void)state;
	expect(text, "Add 38 to the sum of the first two digits", 46);
	expect(text, "Subtract the largest digit from 20", 12);
	expect(text, "From the sum of the even digits, subtract the last digit",
	    10);
	expect(text, "Take the last digit away from the sum of all digits", 18);
	expect(text, "Multiply the last digit by the first digit", 20);
	expect(text, "What is twice the sum of the first two digits?", 16);
	expect(text,
	    "Find the larger of the first digit and the sum of the last two "
	    "digits",
	    12);
	expect(text, "Take whichever is smaller, the first digit or 6", 5);
	expect(text, "Which is larger, the first digit or the last digit?", 5);
	expect(text,
	    "What is the difference between the second digit and the last "
	    "digit?",
	    1);
	expect(
	    text, "How far apart are the third digit and the fourth digit?", 6);
	expect(text, "Take the sum of the odd digits and add 16, no, 78", 86);
	expect(text, "Sum the odd digits and add 5, or rather 9", 17);
}

static void
reads_selections(void **state)
{
	(void)state;
	expect(text, "Sum all digits right of the @", 17);
	expect(text, "Sum the digits to the left of the #", 10);
	expect(text, "Sum the digits between the @ and the #", 5);
	expect(text, "Sum all digits between the # and the @", 5);
	expect(text, "Sum the digits that are not between the @ and the #", 17);
	expect(text, "Sum all digits from the third one on", 14);
	expect(text, "Sum the digits from the fourth one to the end", 12);
	expect(text, "Sum every other digit starting with the first", 11);
	expect(text, "Count every second digit beginning with the second", 2);
	expect(
	    text, "Sum the digits that are neither even nor greater than 4", 3);
	expect(text, "Sum the digits that are larger than their left neighbour",
	    8);
	expect(text,
	    "Sum the digits that are smaller than their left neighbour", 9);
	expect(twins, "Sum the digits that appear exactly once", 17);
	expect(text, "Sum the digits above the digit right after the @", 17);
	expect(text, "Sum the two highest digits", 13);
	expect(text, "Sum all digits except the largest", 14);
	expect(text, "Sum all digits without the one right after the @", 19);
	expect(text, "Sum the even digits other than the largest of them", 6);
	expect(text, "Sum the digits after the @ except the even ones", 3);
}

static void
selects_inside_what_is_selected(void **state)
{
	(void)state;
	expect(text, "Sum the two largest of the digits after the @", 12);
	expect(
	    text, "Sum the first two digits among the digits after the @", 5);
	expect(text, "Sum the digits after the @ that are even", 14);
	expect(text, "Count the digits that are less than 5", 3);
	expect(text,
	    "Find the number of odd digits among the digits after the @", 1);
	expect(text,
	    "Sum the last two of the even digits among the digits after the "
	    "@",
	    12);
	expect(twins,
	    "Sum the digits that appear exactly once among the last three "
	    "digits",
	    12);
	/* but a neighbour is one of the text */
	expect(text,
	    "Sum the digits that are larger than their left neighbour among "
	    "the last two digits",
	    8);
}

static void
mends_what_was_said(void **state)
{
	(void)state;
	expect(text, "Add the two largest, no, the two smallest digits", 5);
	expect(text, "Sum the odd digits, sorry, the even digits", 14);
	expect(text, "Sum the even digits, or rather the odd digits", 8);
	expect(text, "Sum the odd digits, not the even ones", 8);
	expect(text, "Sum the even digits, not all odd digits", 14);
	expect(text,
	    "Sum the even digits, no, the odd digits except the largest of "
	    "them",
	    3);
	expect(text,
	    "The task was to sum all digits, but it has changed: find "
	    "the largest digit",
	    8);
}

static void
minimal_pairs_get_different_answers(void **state)
{
	static const char pair[] = "5M@3H2#8^4";

	(void)state;
	expect(pair, "Sum the odd digits, no, the even digits", 14);
	expect(pair, "Sum the even digits, no, the odd digits", 8);
	expect(pair, "Sum the even digits, not the odd digits", 14);
	expect(pair,
	    "Subtract the first digit from the sum of the last three "
	    "digits",
	    9);
	expect(pair, "Subtract the sum of the last two digits from 15", 3);
	expect(
	    pair, "Count the odd digits. Then subtract the result from 9.", 7);
	expect(pair, "Count the odd digits. Then add 9 to the result.", 11);
}

static void
goes_on_step_by_step(void **state)
{
	(void)state;
	expect(text,
	    "Sum the even digits except the largest of them. Then multiply "
	    "the result by the digit right after the @.",
	    18);
	expect(text,
	    "Sum the odd digits. Then add 10 to the result, but before that "
	    "multiply the result by 3.",
	    34);
	expect(text,
	    "Sum the odd digits. Multiply the result by 3, but only after "
	    "adding the first digit to it.",
	    39);
	expect(text,
	    "Find the last digit. Subtract 5 from the result, but only after "
	    "multiplying it by 3.",
	    7);
	expect(text,
	    "Count the even digits. Next, add 5, no, 6 to the result. After "
	    "that, multiply the result by 2. Finally, subtract the result "
	    "from 50.",
	    32);
	expect(text,
	    "Find the sum of the odd digits and subtract the result from the "
	    "sum of the even digits. Then add 4.",
	    10);
}

static void
knows_what_names_stand_for(void **state)
{
	(void)state;
	expect(text,
	    "Let M be the last digit. X stands for the sum of the even digits. "
	    "Subtract M from X.",
	    10);
	expect(text,
	    "Work out the first digit and call it K. Take R and add twice K, "
	    "where R is the last digit.",
	    14);
	expect(text,
	    "Y is the first digit. Let Z be Y plus 3. What is Y times Z?", 40);
	expect(text, "Q is the last digit. Let P be 7. Sum all digits.", 22);
	expect(text,
	    "Let M be the last digit. Let P be 2. Find M minus P. Then "
	    "multiply the result by M.",
	    8);
	expect_refusal(
	    text, "Let Q be the last digit. Add Q to R.", "no reading");
	expect_refusal(
	    text, "Group K is the even digits. Add 5 to K.", "no reading");
}

static void
knows_groups_and_persons(void **state)
{
	(void)state;
	expect(text,
	    "Group K is made of the even digits. Call the digits after the @ "
	    "group M. Sum the digits in group M except those in group K.",
	    3);
	expect(text,
	    "Group K is the even digits. Sum the digits that are not "
	    "in group K.",
	    8);
	expect(text,
	    "Group K is the even digits. Count the digits outside group K.", 2);
	expect(text,
	    "Anna writes down the even digits. Ben writes down the "
	    "first three digits. Sum the digits that Ben writes down. Then add "
	    "the largest of the digits that Anna writes down.",
	    18);
	/* a group is taken from all digits, wherever it is named */
	expect(text,
	    "Group K is the two largest digits. Sum the digits in group K "
	    "among the first three digits.",
	    5);
	expect_refusal(text,
	    "Anna writes down the even digits. Sum the digits that Ben writes "
	    "down.",
	    "no reading");
}

static void
follows_the_rule_that_holds(void **state)
{
	(void)state;
	expect(text,
	    "Rule one: sum all digits. Rule two: count the even digits. Follow "
	    "rule two. Then add 5.",
	    8);
	expect(text,
	    "Here are two tasks. Task one: sum all digits. Task two: count the "
	    "even digits. Do only task one.",
	    22);
	expect(text,
	    "There are two rules. The first is to sum the even digits; the "
	    "second is to sum the odd digits. Follow the second rule.",
	    8);
	expect(text,
	    "Follow rule one of these two. Rule one: find the first digit. "
	    "Rule two: find the last digit.",
	    5);
	expect(text,
	    "Rule one: find the first digit. Rule two: find the last digit. If "
	    "the first digit is odd, follow rule two; otherwise, follow rule "
	    "one.",
	    4);
	expect(text,
	    "The first plan was to take the last digit and add 5. Now the task "
	    "is to sum the odd digits. Then add 2.",
	    10);
	expect(text,
	    "Sum the odd digits. This replaces the earlier task, which was to "
	    "count all digits.",
	    8);
	expect(text, "Sum the odd digits; do not find the largest digit", 8);
	expect(text, "Do not find the largest digit; instead, count all digits",
	    5);
	expect_refusal(text,
	    "Rule one: sum all digits. Rule two: count the even digits. Follow "
	    "rule three.",
	    "no reading");
}

static void
decides_on_conditions(void **state)
{
	(void)state;
	expect(text,
	    "If the digit right before the # is odd, count the even digits; "
	    "otherwise, add up the last three digits. Either way, subtract "
	    "the result from 50.",
	    36);
	expect(text,
	    "Unless the first digit is even, find the largest digit; if the "
	    "first digit is an even number, find the smallest digit.",
	    8);
	expect(text,
	    "Find the first digit if the first digit is less than the last "
	    "digit; otherwise, find the last digit",
	    4);
	expect(text,
	    "If there are more odd digits than even digits, find the first "
	    "digit; otherwise, find the second digit",
	    3);
	expect(text,
	    "If the largest digit stands before the @, find the first digit; "
	    "otherwise, find the second digit",
	    3);
	expect(text,
	    "If the smallest digit is to the right of the @, find the first "
	    "digit; otherwise, find the second digit",
	    5);
}

static void
retells_stories(void **state)
{
	(void)state;
	expect(text,
	    "Each digit is the number of coins in one bag. You give away the "
	    "two fullest bags and keep all the others. How many coins do you "
	    "keep?",
	    9);
	expect(text,
	    "Each digit is the number of books on one shelf. You clear the "
	    "first two of the shelves with an even number of books and leave "
	    "the other shelves alone. How many books are left on the shelves?",
	    12);
	expect(text,
	    "Each digit is the price of one item in coins. You have 20 coins "
	    "and buy all that you do not put back. The items that you put back "
	    "are the most expensive one, no, the two cheapest ones. How many "
	    "coins are left?",
	    3);
	expect(text,
	    "Each digit is the number of coins in one bag. You have 40 coins "
	    "in your pocket. You leave the bags with more than 4 coins closed "
	    "and empty every other bag into your pocket. How many coins do you "
	    "have there now?",
	    49);
	expect(text,
	    "Each digit is the price of one item in coins. You buy everything "
	    "except the last item and pay with 30 coins. How many coins do you "
	    "get back?",
	    12);
	expect(text,
	    "A bus has 40 people on board. Each digit is one stop: if it is "
	    "even, that many people get on; otherwise, that many get off. How "
	    "many people are on board at the end?",
	    46);
	expect(text,
	    "A store has 40 boxes. Each digit is one day: if it is neither "
	    "even nor less than 4, that many boxes go out; otherwise, that "
	    "many come in. How many boxes are in the store at the end?",
	    52);
	expect(text,
	    "Each digit is the number of tickets that one person buys. Anyone "
	    "who buys more than 4 tickets pays 2 coins for each; everyone else "
	    "pays 3 for each. How many coins are paid in all?",
	    53);
	expect(text,
	    "Each digit is the number of coins in one bag. Coins in the bag "
	    "with the most coins are worth 2 points each; all other coins are "
	    "worth 5 points each. How many points is that in all?",
	    86);
	expect(text,
	    "Each digit is the number of books on one shelf. Each book sells "
	    "for 2 coins. You had 10 coins, kept the books on the least full "
	    "of the shelves with more than 3 books and sold all others. How "
	    "many coins do you have now?",
	    46);
}

static void
refuses_what_has_no_reading(void **state)
{
	(void)state;
	expect_refusal("5A3", "", "no reading");
	expect_refusal("5A3", "Juggle all digits", "no reading");
	expect_refusal("5A3", "Sum all digits and go home", "no reading");
	expect_refusal("5A3", "Sum all digits. Then juggle.", "no reading");
	expect_refusal("5A3", "Then add 5.", "no reading");
	expect_refusal("5A3", ". . .", "no reading");
}

static void
refuses_what_has_two_readings(void **state)
{
	(void)state;
	/* what an exception is taken from */
	expect_ambiguous("Sum the two largest of the digits after the @ except "
			 "the first of them");
	expect_ambiguous("Sum the digits less than the largest of the even "
			 "digits except the first of them");
	expect_ambiguous("Sum the even digits among the digits after the @ "
			 "except the largest of them");
	/* what an afterthought mends */
	expect_ambiguous("Sum the two largest of the even digits, no, the "
			 "digits after the @");
	expect_ambiguous("Sum the even digits among the first three digits, or "
			 "rather the last two digits");
	expect_ambiguous("Each digit is the number of coins in one bag. You "
			 "give away the first of the bags that hold an even "
			 "number of coins, no, the last two bags and keep all "
			 "the others. How many coins do you keep?");
	/* the digits, or the one digit, among others */
	expect_ambiguous(
	    "Count the digits less than the last digit among the first three "
	    "digits");
	/* how far "twice" goes */
	expect_ambiguous(
	    "Let K be 3. Let M be the last digit. What is twice K plus M?");
	/* what "it" is */
	expect_ambiguous("Sum the odd digits. Add the last digit to the "
			 "result, but only after multiplying it by 3.");
	/* how far "not" goes */
	expect_ambiguous(
	    "Sum the odd digits; do not find the last digit and add 22");
	/* whether a step is one of the last branch */
	expect_ambiguous("If the first digit is even, count all digits; "
			 "otherwise, sum all digits. Then add 5.");
	expect_ambiguous("Rule one: sum all digits. Rule two: count all "
			 "digits. If the first digit is even, follow rule one; "
			 "otherwise, follow rule two. Then add 5.");
}

static void
takes_two_ways_to_one_meaning_as_one(void **state)
{
	(void)state;
	expect(text,
	    "Sum the even digits among the digits greater than 3 "
	    "among the digits after the @",
	    12);
	expect(text, "Take the sum of the odd digits and add 5", 13);
	expect(text,
	    "Sum the odd digits, no, the even digits among the digits "
	    "after the @",
	    14);
	expect(text, "Let K be the last digit. Find K. Then add 5.", 9);
}

static void
refuses_what_the_digits_leave_open(void **state)
{
	(void)state;
	expect_refusal(
	    "7A7B3", "Sum all digits except the largest", "equal digits");
	expect_refusal("7A7B3", "Find the second largest digit", "equal");
	expect_refusal("5A3B1", "Sum the even digits", "no digit is so");
	expect_refusal("5A3", "Sum the digits after the @", "not in the text");
	expect_refusal("5@3@1C2", "Sum the digits after the @", "once");
	expect_refusal("53A1", "Sum all digits", "side by side");
	expect_refusal("ABC", "Sum all digits", "no digits");
	expect_refusal("5@A3",
	    "Sum all digits except the one right after the @", "touches");
	expect_refusal("1A2B3", "Find the digit that appears more than once",
	    "more than once");
	expect_refusal("5A3", "Find the fourth digit", "no such digit");
	expect_refusal(
	    "5A3", "Subtract the sum of all digits from 3", "negative");
	expect_refusal("5A3B5",
	    "If the first digit is greater than the last digit, count all "
	    "digits; otherwise, sum all digits",
	    "equals");
	expect_refusal("5A3B2", "Sum the odd digits except the even ones",
	    "no digit is so");
	expect_refusal(text, "Sum the first two digits, not the odd ones",
	    "could be an exception");
	expect_refusal("5A3B4",
	    "A bus has 4 people on board. Each digit is one stop: if it is "
	    "even, that many people get on; otherwise, that many get off. How "
	    "many people are on board at the end?",
	    "more go than are there");
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

/* first, then next as often as it fits, then last. */
static void
expect_given_up(const char *first, const char *next, const char *last)
{
	char instruction[1024];
	size_t size;

	size = (size_t)snprintf(instruction, sizeof(instruction), "%s", first);
	while (size + strlen(next) + strlen(last) < sizeof(instruction))
		size += (size_t)snprintf(
		    instruction + size, sizeof(instruction) - size, "%s", next);
	(void)snprintf(
	    instruction + size, sizeof(instruction) - size, "%s", last);
	expect_refusal("5A3", instruction, "");
}

/* Little text that would take for ever, or come to no end of a number. */
static void
gives_up_in_time(void **state)
{
	(void)state;
	expect_given_up("Find 9", " times 9", "");
	expect_given_up("Find ", "twice ", "9");
	expect_given_up(
	    "Sum all digits", " among all digits except the first", "");
	expect_given_up("Find 2. ", "Then add K, where K is K plus K. ", "");
	expect_refusal("5A3",
	    "Let A be 2. Let B be A plus A. Let C be B plus B. Let D be C plus "
	    "C. Let E be D plus D. Let F be E plus E. Let G be F plus F. Let H "
	    "be G plus G. Let I be H plus H. Let J be I plus I. Let K be J "
	    "plus J. Let L be K plus K. Let M be L plus L. Let N be M plus M. "
	    "Let O be N plus N. Let P be O plus O. Let Q be P plus P. Let R be "
	    "Q plus Q. Let S be R plus R. Let T be S plus S. Let U be T plus "
	    "T. Let V be U plus U. Let W be V plus V. Find W.",
	    "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_numbers_made_of_numbers),
		cmocka_unit_test(reads_selections),
		cmocka_unit_test(selects_inside_what_is_selected),
		cmocka_unit_test(mends_what_was_said),
		cmocka_unit_test(minimal_pairs_get_different_answers),
		cmocka_unit_test(goes_on_step_by_step),
		cmocka_unit_test(knows_what_names_stand_for),
		cmocka_unit_test(knows_groups_and_persons),
		cmocka_unit_test(follows_the_rule_that_holds),
		cmocka_unit_test(decides_on_conditions),
		cmocka_unit_test(retells_stories),
		cmocka_unit_test(refuses_what_has_no_reading),
		cmocka_unit_test(refuses_what_has_two_readings),
		cmocka_unit_test(takes_two_ways_to_one_meaning_as_one),
		cmocka_unit_test(refuses_what_the_digits_leave_open),
		cmocka_unit_test(survives_any_input),
		cmocka_unit_test(gives_up_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
