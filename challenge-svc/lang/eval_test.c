/*
 * The evaluator, the misreadings and the human time, on trees built by hand.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/humantime.h"
#include "challenge-svc/lang/misread.h"
#include "challenge-svc/lang/testing_misread.h"

/* The digits of a string, with mark 0 in that gap. */
static struct values
values_of(const char *digits, uint8_t gap)
{
	struct values values;

	memset(&values, 0, sizeof(values));
	for (; *digits != '\0'; digits++)
		values.digit[values.count++] = (uint8_t)(*digits - '0');
	values.mark[0].symbol = '@';
	values.mark[0].gap = gap;
	values_index(&values);

	return values;
}

static struct evaluation
evaluate(struct tree *tree, uint8_t root, const char *digits)
{
	struct values values = values_of(digits, 2);

	tree->root = root;
	tree->marks = 1;
	assert_true(tree_is_sound(tree));

	return eval_tree(tree, &values);
}

/* A number over one leaf selection. */
static void
expect(enum tree_kind number, enum tree_kind set, int n, const char *digits,
    int64_t value, unsigned int doubts)
{
	struct tree tree;
	struct evaluation result;
	uint8_t root;

	tree_reset(&tree);
	root = tree_one(&tree, number, tree_leaf_n(&tree, set, n));
	result = evaluate(&tree, root, digits);
	assert_int_equal(result.doubts, doubts);
	if (doubts == 0)
		assert_int_equal(result.value, value);
}

static void
selections_take_what_they_say(void **state)
{
	(void)state;
	expect(NUM_SUM, SET_ALL, 0, "5329", 19, 0);
	expect(NUM_SUM, SET_EVEN, 0, "54325", 6, 0);
	expect(NUM_SUM, SET_ODD, 0, "54325", 13, 0);
	expect(NUM_SUM, SET_FIRST, 2, "5329", 8, 0);
	expect(NUM_SUM, SET_LAST, 3, "5329", 14, 0);
	expect(NUM_SUM, SET_ODD_PLACES, 0, "5329", 7, 0);
	expect(NUM_SUM, SET_EVEN_PLACES, 0, "5329", 12, 0);
	expect(NUM_SUM, SET_BEFORE, 0, "5329", 8, 0);
	expect(NUM_SUM, SET_AFTER, 0, "5329", 11, 0);
	expect(NUM_SUM, SET_LARGEST, 2, "5329", 14, 0);
	expect(NUM_SUM, SET_SMALLEST, 2, "5329", 5, 0);
	expect(NUM_SUM, SET_SINGLE, 0, "53529", 14, 0);
}

static void
numbers_are_computed_as_they_say(void **state)
{
	(void)state;
	expect(NUM_COUNT, SET_EVEN, 0, "54325", 2, 0);
	expect(NUM_LARGEST, SET_ALL, 0, "5329", 9, 0);
	expect(NUM_SMALLEST, SET_ALL, 0, "5329", 2, 0);
	expect(NUM_RANGE, SET_ALL, 0, "5329", 7, 0);
	expect(NUM_EXTREMES, SET_ALL, 0, "5329", 18, 0);
	expect(NUM_PRODUCT, SET_LAST, 3, "5329", 54, 0);
	expect(NUM_ALTERNATING, SET_ALL, 0, "9325", 3, 0);
	expect(NUM_WEIGHTED, SET_ALL, 0, "1234", 30, 0);
}

static void
unclear_instances_raise_doubts(void **state)
{
	(void)state;
	expect(NUM_SUM, SET_LARGEST, 2, "7732", 0, EVAL_TIE);
	expect(NUM_SUM, SET_LARGEST, 2, "7332", 0, EVAL_TIE);
	expect(NUM_SUM, SET_LARGEST, 2, "7422", 11, 0);
	expect(NUM_SUM, SET_EVEN, 0, "5317", 0, EVAL_SMALL);
	expect(NUM_SUM, SET_EVEN, 0, "5327", 0, EVAL_SMALL);
	expect(NUM_SUM, SET_EVEN, 0, "2468", 0, EVAL_WHOLE);
	expect(NUM_ALTERNATING, SET_ALL, 0, "1912", 0, EVAL_NEGATIVE);
	expect(NUM_PRODUCT, SET_ALL, 0, "23456", 0, EVAL_LONG);
	expect(NUM_EXTREMES, SET_ALL, 0, "9035", 0, EVAL_SMALL);
}

static void
an_exception_looks_only_inside_its_base(void **state)
{
	struct tree tree;
	struct evaluation result;
	uint8_t base, drop, root;

	(void)state;
	tree_reset(&tree);
	base = tree_leaf(&tree, SET_EVEN);
	drop = tree_leaf_n(&tree, SET_LARGEST, 1);
	root = tree_one(
	    &tree, NUM_SUM, tree_two(&tree, SET_EXCEPT, base, drop));
	result = evaluate(&tree, root, "926439");
	assert_int_equal(result.doubts, 0);
	assert_int_equal(result.value, 6);
}

static void
a_choice_takes_the_arm_of_its_condition(void **state)
{
	struct tree tree;
	struct evaluation result;
	uint8_t next, condition, yes, no, root;

	(void)state;
	tree_reset(&tree);
	tree.marks = 1;
	next = tree_leaf_mark(&tree, NUM_NEXT, 0);
	condition = tree_one(&tree, COND_EVEN, next);
	yes = tree_one(&tree, NUM_SUM, tree_leaf(&tree, SET_ODD));
	no = tree_one(&tree, NUM_SUM, tree_leaf_n(&tree, SET_FIRST, 2));
	root = tree_add(&tree, NUM_IF, 0, 0, condition, yes, no);

	result = evaluate(&tree, root, "53217");
	assert_int_equal(result.doubts, 0);
	assert_int_equal(result.value, 16);
	result = evaluate(&tree, root, "43327");
	assert_int_equal(result.doubts, 0);
	assert_int_equal(result.value, 7);
}

/* "Sum all digits except the largest" */
static uint8_t
build_example(struct tree *tree)
{
	uint8_t all, largest;

	tree_reset(tree);
	all = tree_leaf(tree, SET_ALL);
	largest = tree_leaf_n(tree, SET_LARGEST, 1);
	tree->root = tree_one(
	    tree, NUM_SUM, tree_two(tree, SET_EXCEPT, all, largest));

	return tree->root;
}

/* The misreading that a wrong answer was kept under. */
static enum challenge_misreading
class_of(const struct misread_slips *slips, int64_t answer)
{
	uint32_t i;

	for (i = 0; i < slips->count; i++) {
		if (slips->slip[i].answer == answer)
			return (enum challenge_misreading)slips->slip[i]
			    .misreading;
	}

	return MISREAD_NOTHING;
}

static void
misreadings_are_recognised(void **state)
{
	struct tree tree;
	struct values values = values_of("2741", 2);
	struct misread_slips slips;

	(void)state;
	(void)build_example(&tree);
	assert_int_equal(
	    testing_collect(&tree, &values, LEVEL_MEDIUM, 7, &slips),
	    MISREAD_EXTREME);
	assert_int_equal(testing_collect(&tree, &values, LEVEL_EASY, 7, &slips),
	    MISREAD_NOTHING);
	assert_int_equal(
	    testing_collect(&tree, &values, LEVEL_MEDIUM, 99, &slips),
	    MISREAD_NOTHING);
	assert_int_equal(class_of(&slips, 14), MISREAD_PLAIN_SUM);
	assert_int_equal(class_of(&slips, 7), MISREAD_EXTREME);
	assert_int_equal(class_of(&slips, 56), MISREAD_PLAIN_RULE);
	assert_int_equal(class_of(&slips, 13), MISREAD_OPPOSITE);
	assert_int_equal(class_of(&slips, 99), MISREAD_NOTHING);

	tree_reset(&tree);
	tree.root = tree_one(&tree, NUM_SUM,
	    tree_two(&tree, SET_CORRECTION, tree_leaf(&tree, SET_EVEN),
		tree_leaf_n(&tree, SET_FIRST, 2)));
	assert_int_equal(
	    testing_collect(&tree, &values, LEVEL_MEDIUM, 9, &slips),
	    MISREAD_NOTHING);
	assert_int_equal(class_of(&slips, 6), MISREAD_CORRECTION);
	assert_int_equal(class_of(&slips, 5), MISREAD_OPPOSITE);
}

/* 5, 3, 2: its answer is also its largest digit, which easy has to allow. */
static void
the_well_known_example_is_no_misreading_at_easy(void **state)
{
	struct tree tree;
	struct values values = values_of("532", 2);
	struct evaluation result;
	struct misread_slips slips;

	(void)state;
	(void)build_example(&tree);
	result = eval_tree(&tree, &values);
	assert_int_equal(result.value, 5);
	assert_int_equal(result.doubts, 0);
	assert_int_equal(testing_collect(&tree, &values, LEVEL_EASY, 5, &slips),
	    MISREAD_NOTHING);
	assert_int_equal(
	    testing_collect(&tree, &values, LEVEL_MEDIUM, 5, &slips),
	    MISREAD_EXTREME);
}

static void
human_time_is_calibrated_to_the_example(void **state)
{
	struct tree tree;
	struct humantime_effort effort;

	(void)state;
	(void)build_example(&tree);
	effort = humantime_effort(&tree);
	assert_int_equal(humantime_of(effort, 6, 3, 5), 3602);
	assert_int_equal(humantime_of(effort, 6, 3, 12), 3802);
	assert_int_equal(humantime_of(effort, 6, 4, 5), 3902);
	assert_int_equal(humantime_of(effort, 7, 3, 5), 3694);
}

static void
unsound_trees_are_recognised(void **state)
{
	struct tree tree;
	uint8_t set;
	int i;

	(void)state;
	tree_reset(&tree);
	assert_false(tree_is_sound(&tree));
	set = tree_leaf(&tree, SET_ALL);
	tree.root = set;
	assert_false(tree_is_sound(&tree)); /* no number at the root */
	tree.root = tree_one(&tree, NUM_SUM, set);
	assert_true(tree_is_sound(&tree));
	tree.node[tree.root].child[0] = tree.root; /* a cycle */
	assert_false(tree_is_sound(&tree));

	tree_reset(&tree);
	tree.root = tree_leaf_mark(&tree, NUM_NEXT, 0);
	assert_false(tree_is_sound(&tree)); /* a mark that is not in use */

	tree_reset(&tree);
	for (i = 0; i <= TREE_NODES_MAX; i++)
		(void)tree_leaf_n(&tree, NUM_CONST, 1);
	assert_true(tree.overflow);
	assert_int_equal(tree.count, TREE_NODES_MAX);
	assert_false(tree_is_sound(&tree));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selections_take_what_they_say),
		cmocka_unit_test(numbers_are_computed_as_they_say),
		cmocka_unit_test(unclear_instances_raise_doubts),
		cmocka_unit_test(an_exception_looks_only_inside_its_base),
		cmocka_unit_test(a_choice_takes_the_arm_of_its_condition),
		cmocka_unit_test(misreadings_are_recognised),
		cmocka_unit_test(
		    the_well_known_example_is_no_misreading_at_easy),
		cmocka_unit_test(human_time_is_calibrated_to_the_example),
		cmocka_unit_test(unsound_trees_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
