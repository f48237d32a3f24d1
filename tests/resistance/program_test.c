/*
 * Masking, and programs against values that were worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/resistance/report.h"
#include "tests/resistance/search.h"

static struct words words;
static struct corpus corpus;
static struct scene scene;

static void
open_scene(const char *text, const char *instruction)
{
	const struct sample *sample;

	corpus_free(&corpus);
	sample = corpus_add(&corpus, &words, text, instruction, NULL, 0);
	scene_open(&scene, sample, sample->token, sample->tokens);
}

static int
finish(void **state)
{
	(void)state;
	corpus_free(&corpus);
	words_free(&words);
	return 0;
}

static uint64_t
masked(const char *instruction)
{
	struct token token[TOKENS_MAX];

	return tokens_hash(token, words_mask(&words, instruction, token));
}

static void
masking_hides_what_varies(void **state)
{
	(void)state;
	assert_true(masked("Add 15 to the two digits after the #") ==
	    masked("Add 7 to the three digits after the %"));
	assert_true(masked("Ask Anna about the letter Q") ==
	    masked("Ask Bert about the letter Z"));
	assert_true(
	    masked("Sum the even digits") != masked("Sum the odd digits"));
	assert_true(masked("Add, then stop") != masked("Add then stop"));
}

static void
masking_keeps_values_in_order(void **state)
{
	(void)state;
	open_scene("1#2%3", "Add 15 to the second digit before the %, twice");
	assert_int_equal(scene.numbers, 3);
	assert_int_equal(scene.number[0], 15);
	assert_int_equal(scene.number[1], 2);
	assert_int_equal(scene.number[2], 2);
	assert_int_equal(scene.marks, 1);
	assert_int_equal(scene.mark[0], 2);
}

static int64_t
number(enum aggregate aggregate, enum relation relation, uint8_t a, uint8_t b)
{
	struct number of = number_of(aggregate, a);
	int64_t value = VALUE_UNKNOWN;

	of.relation = (uint8_t)relation;
	of.b = b;
	assert_true(number_run(&of, &scene, &value));
	return value;
}

#define PLAIN(kind)	  pick_id(kind, REF_NONE, 0)
#define NUMBERED(kind, n) pick_id(kind, REF_NUMBER, n)
#define MARKED(kind, n)	  pick_id(kind, REF_MARK, n)

static void
picks_pick(void **state)
{
	(void)state;
	open_scene("3A8#51x8%2", "Take 2 of # and %, 5");
	assert_int_equal(number(AGG_SUM, REL_ONLY, PLAIN(PICK_ALL), 0), 27);
	assert_int_equal(number(AGG_SUM, REL_ONLY, PLAIN(PICK_EVEN), 0), 18);
	assert_int_equal(number(AGG_SUM, REL_ONLY, PLAIN(PICK_ODD), 0), 9);
	assert_int_equal(number(AGG_SUM, REL_ONLY, PLAIN(PICK_SINGLE), 0), 11);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, PLAIN(PICK_ODD_PLACES), 0), 16);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, NUMBERED(PICK_FIRST, 0), 0), 11);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, NUMBERED(PICK_LARGEST, 0), 0), 16);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, NUMBERED(PICK_ABOVE, 1), 0), 16);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, NUMBERED(PICK_AT_LEAST, 1), 0), 21);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, MARKED(PICK_BEFORE, 0), 0), 11);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, MARKED(PICK_AFTER, 1), 0), 2);
	assert_int_equal(
	    number(AGG_SUM, REL_ONLY, MARKED(PICK_BETWEEN, 1), 0), 14);
	assert_int_equal(number(AGG_MAX, REL_ONLY, MARKED(PICK_NEXT, 0), 0), 5);
	assert_int_equal(
	    number(AGG_COUNT, REL_ONLY,
		pick_compare(PICK_BELOW, value_id(VALUE_PREVIOUS, 0)), 0),
	    4);
}

static void
selections_nest(void **state)
{
	(void)state;
	open_scene("382718", "Take 2");
	/* The two largest of the even ones 8, 2, 8. */
	assert_int_equal(number(AGG_SUM, REL_INSIDE, PLAIN(PICK_EVEN),
			     NUMBERED(PICK_LARGEST, 0)),
	    16);
	assert_int_equal(
	    number(AGG_SUM, REL_EXCEPT, PLAIN(PICK_ODD), PLAIN(PICK_LARGEST)),
	    4);
}

static void
aggregates_aggregate(void **state)
{
	const uint8_t all = PLAIN(PICK_ALL);
	struct number weighted = number_of(AGG_SUM, all);
	int64_t value;

	(void)state;
	open_scene("4253", "Count 3 times");
	assert_int_equal(number(AGG_COUNT, REL_ONLY, all, 0), 4);
	assert_int_equal(number(AGG_MIN, REL_ONLY, all, 0), 2);
	assert_int_equal(number(AGG_RANGE, REL_ONLY, all, 0), 3);
	assert_int_equal(number(AGG_EXTREMES, REL_ONLY, all, 0), 10);
	assert_int_equal(number(AGG_PRODUCT, REL_ONLY, all, 0), 120);
	assert_int_equal(number(AGG_ALTERNATING, REL_ONLY, all, 0), 4);
	assert_int_equal(number(AGG_WEIGHTED, REL_ONLY, all, 0), 35);
	weighted.relation = REL_TIMES;
	weighted.b = PLAIN(PICK_EVEN);
	assert_true(number_run(&weighted, &scene, &value));
	assert_int_equal(value, 8 + 3 * 6);
	weighted.a = PLAIN(PICK_EVEN);
	weighted.relation = REL_SIGNED;
	assert_true(number_run(&weighted, &scene, &value));
	assert_int_equal(value, 6 - 8);
}

static void
programs_join_and_end(void **state)
{
	struct program program;
	int64_t value;

	(void)state;
	open_scene("4253", "Then 10 and 3");
	memset(&program, 0, sizeof(program));
	program.one = number_of(AGG_SUM, PLAIN(PICK_EVEN));
	program.two = number_value(value_id(VALUE_LAST, 0));
	program.join = JOIN_TIMES;
	program.tail = TAIL_FROM;
	assert_true(program_run(&program, &scene, &value));
	assert_int_equal(value, 10 - 6 * 3);
	program.middle = TAIL_ADD;
	program.middle_ref = 1;
	assert_true(program_run(&program, &scene, &value));
	assert_int_equal(value, 10 - (6 + 3) * 3);
	program.join = JOIN_IF;
	program.left = number_value(value_id(VALUE_FIRST, 0));
	program.condition = COND_IS_EVEN;
	program.tail = TAIL_NONE;
	program.middle = TAIL_NONE;
	assert_true(program_run(&program, &scene, &value));
	assert_int_equal(value, 6);
	/* What the instruction does not name cannot be used. */
	program.tail = TAIL_ADD;
	program.ref = 2;
	assert_false(program_run(&program, &scene, &value));
}

static void
search_finds_only_what_gives_the_answer(void **state)
{
	struct programs programs = { NULL, 0, 0 };
	int64_t value;
	size_t i;

	(void)state;
	open_scene("4#2537", "Sum the odd digits before the #, then add 40");
	search_consistent(&scene, 55, SEARCH_SINGLE | SEARCH_PAIR, &programs);
	assert_true(programs.count > 0);
	for (i = 0; i < programs.count; i++) {
		assert_true(program_run(&programs.at[i], &scene, &value));
		assert_int_equal(value, 55);
	}
	programs_free(&programs);
}

static void
intervals_are_wilsons(void **state)
{
	struct rate rate = { 10, 100 };
	double low, high;

	(void)state;
	rate_interval(&rate, &low, &high);
	assert_true(low > 0.0551 && low < 0.0553);
	assert_true(high > 0.1743 && high < 0.1745);
	rate.good = 0;
	rate_interval(&rate, &low, &high);
	assert_true(low == 0 && high > 0.0369 && high < 0.0371);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masking_hides_what_varies),
		cmocka_unit_test(masking_keeps_values_in_order),
		cmocka_unit_test(picks_pick),
		cmocka_unit_test(selections_nest),
		cmocka_unit_test(aggregates_aggregate),
		cmocka_unit_test(programs_join_and_end),
		cmocka_unit_test(search_finds_only_what_gives_the_answer),
		cmocka_unit_test(intervals_are_wilsons),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
