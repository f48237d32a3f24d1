/*
 * The insider's trees against values that were worked out by hand, and that the
 * insider learns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/tree.h"

static struct words words;
static struct corpus corpus;

static int64_t
value_of(const char *text, const char *tree)
{
	struct expression expression;
	const struct sample *sample;
	int64_t value = NO_ANSWER;

	corpus_free(&corpus);
	sample = corpus_add(&corpus, &words, text, "", NULL, 0);
	assert_true(expression_read(&expression, tree));
	if (!expression_run(&expression, sample, &value))
		value = NO_ANSWER;
	corpus_free(&corpus);
	return value;
}

static void
trees_have_values(void **state)
{
	const char *text = "3A8#51x8%2";

	(void)state;
	assert_int_equal(
	    value_of(text, "(add (sum (except (all) (top 1))) (const 38))"),
	    57);
	assert_int_equal(value_of(text, "(sum (of (even) (first 2)))"), 16);
	assert_int_equal(value_of(text, "(count (between # %))"), 3);
	assert_int_equal(value_of(text, "(sum (outside # %))"), 13);
	assert_int_equal(value_of(text,
			     "(if (greater (right-of #) (left-of #)) (const 1) "
			     "(largest (above (const 5))))"),
	    8);
	assert_int_equal(
	    value_of(text, "(let 1 (last-digit) (times 4 (name 1)))"), 8);
	assert_int_equal(
	    value_of(text, "(board (const 50) (neither (even) (after %)))"),
	    50 + 9 - 18);
	assert_int_equal(
	    value_of(text, "(sum (corrected (odd) (rising)))"), 16);
	assert_int_equal(value_of(text, "(nonsense (all))"), NO_ANSWER);
}

static void
no_tree_is_refused(void **state)
{
	struct expression expression;

	(void)state;
	assert_false(expression_read(&expression, "(sum (all)"));
	assert_false(expression_read(&expression, "sum"));
	assert_false(expression_read(&expression, "(sum (all)) more"));
	assert_false(expression_read(&expression, "()"));
}

/* The two halves of a sentence are learnt each on its own. */
static void
insider_learns_slots(void **state)
{
	static const char *const sets[] = { "even", "odd", "all" };
	static const char *const totals[] = { "sum", "largest", "count" };
	struct corpus train = { NULL, 0 }, fresh = { NULL, 0 };
	struct attack attack;
	struct sample *sample;
	char instruction[80], tree[80];
	int64_t answer;
	size_t i, set, total;

	(void)state;
	for (i = 0; i < 400; i++) {
		set = i % 3;
		total = i / 3 % 3;
		/* One of the nine pairs is never shown. */
		if (set == 1 && total == 2)
			continue;
		snprintf(instruction, sizeof(instruction),
		    "Give the %s of the %s digits and %zu", totals[total],
		    sets[set], 10 + i % 7);
		snprintf(tree, sizeof(tree), "(add (%s (%s)) (const %zu))",
		    totals[total], sets[set], 10 + i % 7);
		sample = corpus_add(
		    &train, &words, "1x4y7z2", instruction, "ANY", 0);
		sample->tree = strdup(tree);
		assert_non_null(sample->tree);
	}
	corpus_add(&fresh, &words, "5x4y7z3",
	    "Give the count of the odd digits and 90", NULL, 0);
	memset(&attack, 0, sizeof(attack));
	attack.words = &words;
	attack.train = &train;
	attack.fresh = &fresh;
	attack_insider(&attack, &answer);
	assert_int_equal(answer, 93);
	corpus_free(&train);
	corpus_free(&fresh);
}

static int
finish(void **state)
{
	(void)state;
	words_free(&words);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_have_values),
		cmocka_unit_test(no_tree_is_refused),
		cmocka_unit_test(insider_learns_slots),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
