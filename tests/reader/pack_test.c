/*
 * Private packs: what their phrases mean, and what is refused.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/reader/compute.h"
#include "tests/reader/pack.h"
#include "tests/reader/parse.h"

static const char pack[] =
    "# A pack of our own.\n"
    "\n"
    "sum noun\n"
    "	what {a} come to\n"
    "	everything in {a}, taken together\n"
    "largest noun if a.all\n"
    "	the top digit\n"
    "subtract do if a.value b.value\n"
    "	lower {a} by {b}\n"
    "drop keep say\n"
    "keep say\n"
    "	each digit is the weight of one box. you carry off {a:boxes}. how "
    "heavy are the boxes that stay?\n"
    "pocket say\n"
    "	each digit is the weight of one box. all but {b:boxes} go on a cart "
    "of {a} kilos. how heavy is it?\n"
    "even boxes\n"
    "	the boxes of even weight\n"
    "above boxes\n"
    "	the boxes heavier than {a}\n"
    "top boxes if one\n"
    "	the heaviest box\n"
    "top boxes if many\n"
    "	the {w} heaviest boxes\n"
    "except noun if a.all\n"
    "	all but {b:ranked}\n"
    "let say\n"
    "	{k} means {a}. {b:say}\n"
    "	{b:do}, {k} being {a}\n"
    "let-person say\n"
    "	{p} likes {a}, and {p} likes no others. {b:say}\n"
    "rule say\n"
    "	plan one: {a:do}. plan two: {b:do}. plan {w} it is\n"
    "if say\n"
    "	is it so that {a}? then {b:do}. else {c:do}\n"
    "less noun\n"
    "	{a} comes below {b}\n"
    "add-first say if a.core\n"
    "	{a:do}. raise the result by {b}. triple steps: times {c}\n"
    "corrected noun\n"
    "	{a} - wait - {b}\n"
    "value do\n"
    "	tell me {s}\n"
    "value say\n"
    "	{s:do}, please\r\n";

static const char text[] = "K_5M@3H2#8^4"; /* 5 3 2 8 4 */

/* A grammar with a pack, which must be right. */
static struct grammar *
with_pack(const char *lines)
{
	struct grammar *grammar = NULL;
	char why[128] = "";

	grammar = grammar_new();
	assert_non_null(grammar);
	if (pack_read(grammar, "own", lines, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	assert_null(grammar_close(grammar));

	return grammar;
}

static void
expect(const struct grammar *grammar, const char *instruction, int64_t value)
{
	struct parse *parse = NULL;
	const struct meaning *reading = NULL;
	const char *why = NULL;
	size_t readings = 0;
	int64_t answer = -1;

	parse = parse_new(grammar, instruction, &reading, &readings);
	assert_non_null(parse);
	if (readings != 1)
		fail_msg("%s: %zu readings", instruction, readings);
	why = compute_answer(reading, text, &answer);
	if (why != NULL || answer != value)
		fail_msg("%s: %lld, %s", instruction, (long long)answer,
		    why == NULL ? "wrong" : why);
	parse_free(&parse);
}

static void
expect_refusal(const char *lines, const char *reason)
{
	struct grammar *grammar = NULL;
	char why[128] = "";

	grammar = grammar_new();
	assert_non_null(grammar);
	assert_int_equal(
	    pack_read(grammar, "own", lines, why, sizeof(why)), -1);
	if (strstr(why, reason) == NULL)
		fail_msg("%s", why);
	grammar_free(&grammar);
}

static void
phrases_stand_beside_those_known(void **state)
{
	struct grammar *grammar = with_pack(pack);

	(void)state;
	expect(grammar, "Find what the even digits come to", 14);
	expect(grammar,
	    "Find everything in the odd digits, taken together. Then add 2.",
	    10);
	expect(grammar, "Tell me the top digit", 8);
	expect(grammar, "Find the top digit, please", 8);
	expect(grammar, "Lower the sum of all digits by the last digit", 18);
	expect(grammar, "Sum all but the two largest", 9);
	expect(grammar, "Sum the even digits - wait - the odd digits", 8);
	expect(grammar, "Sum all digits", 22);
	grammar_free(&grammar);
}

static void
new_forms_are_classes_of_their_own(void **state)
{
	struct grammar *grammar = with_pack(pack);

	(void)state;
	expect(grammar,
	    "Each digit is the weight of one box. You carry off the boxes of "
	    "even weight. How heavy are the boxes that stay?",
	    8);
	expect(grammar,
	    "Each digit is the weight of one box. You carry off the heaviest "
	    "box. How heavy are the boxes that stay?",
	    14);
	expect(grammar,
	    "Each digit is the weight of one box. All but the two heaviest "
	    "boxes go on a cart of 30 kilos. How heavy is it?",
	    39);
	expect(grammar,
	    "Each digit is the weight of one box. All but the boxes heavier "
	    "than 3 go on a cart of 30 kilos. How heavy is it?",
	    35);
	grammar_free(&grammar);
}

static void
whole_sentences_can_be_new(void **state)
{
	struct grammar *grammar = with_pack(pack);

	(void)state;
	expect(grammar,
	    "M means the last digit. R means twice M. Add M to R. Then add 1.",
	    13);
	expect(grammar, "Add M to 9, M being the last digit", 13);
	expect(grammar,
	    "Anna likes the even digits, and Anna likes no others. Sum the "
	    "digits that Anna writes down.",
	    14);
	expect(grammar,
	    "Plan one: sum all digits. Plan two: count all digits. Plan two it "
	    "is.",
	    5);
	expect(grammar,
	    "Is it so that the last digit comes below the first digit? Then "
	    "sum all digits. Else count all digits.",
	    22);
	expect(grammar,
	    "Sum the odd digits. Raise the result by 2. Triple steps: times 3",
	    30);
	grammar_free(&grammar);
}

/* What is said twice is one thing. */
static void
names_agree_with_themselves(void **state)
{
	struct grammar *grammar = with_pack(pack);
	struct parse *parse = NULL;
	const struct meaning *reading = NULL;
	size_t readings = 0;

	(void)state;
	parse = parse_new(grammar,
	    "Anna likes the even digits, and Ben likes no others. Sum the "
	    "digits that Anna writes down.",
	    &reading, &readings);
	assert_non_null(parse);
	assert_int_equal(readings, 0);
	parse_free(&parse);
	grammar_free(&grammar);
}

static void
bad_packs_are_refused(void **state)
{
	(void)state;
	expect_refusal("	the sum\n", "own:1: a phrase without");
	expect_refusal("\nsum\n", "own:2: no form");
	expect_refusal("sums noun\n	the sums\n", "no such kind");
	expect_refusal("sum noun\n	the sum of {b}\n", "no such slot");
	expect_refusal("sum noun\n	the sum of {a\n", "does not end");
	expect_refusal("sum noun\n	the sum of {q}\n", "no such slot");
	expect_refusal("sum noun\n	the sum\n", "own:2: {a} is not said");
	expect_refusal("top bags if many\n	the full bags\n", "number");
	expect_refusal("rule say\n	do {a:do}, not {b:do}\n", "number");
	expect_refusal("sum noun\n	{a}|{a}\n", "no word");
	expect_refusal("drop sum do\n	the sum of {a}\n", "without");
}

static void
a_form_without_phrases_is_found(void **state)
{
	struct grammar *grammar = NULL;
	char why[128] = "";

	(void)state;
	grammar = grammar_new();
	assert_non_null(grammar);
	assert_int_equal(
	    pack_read(grammar, "own", "sum noun\n	all {a:crates}\n", why,
		sizeof(why)),
	    0);
	assert_string_equal(grammar_close(grammar), "S:crates:");
	grammar_free(&grammar);
}

/* Lines of any content must not do harm. */
static void
survives_any_pack(void **state)
{
	static const char bits[] = "sum noun\n	\x80{}%s{:}{a:}|1";
	static char lines[70000];
	size_t i;

	(void)state;
	memset(lines, 'x', sizeof(lines) - 1);
	expect_refusal(lines, "too long a line");
	for (i = 0; i + 1 < sizeof(lines); i++)
		lines[i] = bits[i % (sizeof(bits) - 1)];
	expect_refusal(lines, "own:");
	expect_refusal(
	    "sum noun\n	abcdefghijklmnopqrstuvwxyz {a}\n", "no word");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_stand_beside_those_known),
		cmocka_unit_test(new_forms_are_classes_of_their_own),
		cmocka_unit_test(whole_sentences_can_be_new),
		cmocka_unit_test(names_agree_with_themselves),
		cmocka_unit_test(bad_packs_are_refused),
		cmocka_unit_test(a_form_without_phrases_is_found),
		cmocka_unit_test(survives_any_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
