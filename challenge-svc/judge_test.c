/*
 * Tests of judge.h.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "challenge-svc/judge.h"

#define ISSUED INT64_C(1776079724267)

static const struct challenge_row row = {
	.answer = 5,
	.human_ms = 3607,
	.issued_at = ISSUED,
	.expires_at = ISSUED + 320000,
};

static void
right_answer_at_523_ms_scores_as_documented(void **state)
{
	const struct judgement judgement = judge_answer(&row, 5, ISSUED + 523);

	(void)state;
	assert_int_equal(judgement.verdict, verdict_ALLOWED);
	assert_int_equal(judgement.solve_ms, 523);
	assert_int_equal(judgement.score, 855);
}

static void
wrong_answer_scores_nothing(void **state)
{
	static const double answers[] = { 4, 6, -5, 5.5, 4.9999999, 0 };
	struct judgement judgement;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		judgement = judge_answer(&row, answers[i], ISSUED + 10);
		assert_int_equal(judgement.verdict, verdict_INCORRECT);
		assert_int_equal(judgement.score, 0);
	}
}

static void
wrong_answer_is_classed_by_the_misreading_that_gives_it(void **state)
{
	static const struct slips slips = { .count = 4,
		.slip = { { 14, MISREAD_PLAIN_SUM }, { 9, MISREAD_EXTREME },
		    { -3, MISREAD_OPERATOR }, { INT16_MIN, MISREAD_ORDER } } };

	(void)state;
	assert_int_equal(judge_misreading(&slips, 14), misreading_PLAIN_SUM);
	assert_int_equal(judge_misreading(&slips, 9), misreading_EXTREME);
	assert_int_equal(judge_misreading(&slips, -3), misreading_OPERATOR);
	assert_int_equal(judge_misreading(&slips, INT16_MIN), misreading_ORDER);
}

static void
answer_that_no_misreading_gives_is_other(void **state)
{
	static const double answers[] = { 15, 0, -14, 14.5, 14.0000001, 65550,
		-65522, 32768, -32769, 1e12, -1e12, 1e300, INFINITY, -INFINITY,
		NAN };
	static const struct slips slips = { .count = 1,
		.slip = { { 14, MISREAD_PLAIN_SUM } } };
	static const struct slips none = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		assert_int_equal(
		    judge_misreading(&slips, answers[i]), misreading_OTHER);
	assert_int_equal(judge_misreading(&none, 14), misreading_OTHER);
}

static void
slow_answer_is_right_but_not_allowed(void **state)
{
	struct challenge_row strict = row;

	(void)state;
	strict.min_score = 50;
	assert_int_equal(
	    judge_answer(&strict, 5, ISSUED + 1800).verdict, verdict_ALLOWED);
	assert_int_equal(
	    judge_answer(&strict, 5, ISSUED + 1810).verdict, verdict_TOO_SLOW);
}

static void
answer_faster_than_the_key_wants_is_not_allowed(void **state)
{
	struct challenge_row wary = row;

	(void)state;
	wary.min_solve_ms = 150;
	assert_int_equal(
	    judge_answer(&wary, 5, ISSUED + 149).verdict, verdict_TOO_FAST);
	assert_int_equal(
	    judge_answer(&wary, 5, ISSUED + 150).verdict, verdict_ALLOWED);
}

static void
time_is_over_at_its_last_millisecond(void **state)
{
	(void)state;
	assert_false(judge_expired(&row, row.expires_at - 1));
	assert_true(judge_expired(&row, row.expires_at));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_answer_at_523_ms_scores_as_documented),
		cmocka_unit_test(wrong_answer_scores_nothing),
		cmocka_unit_test(
		    wrong_answer_is_classed_by_the_misreading_that_gives_it),
		cmocka_unit_test(answer_that_no_misreading_gives_is_other),
		cmocka_unit_test(slow_answer_is_right_but_not_allowed),
		cmocka_unit_test(
		    answer_faster_than_the_key_wants_is_not_allowed),
		cmocka_unit_test(time_is_over_at_its_last_millisecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
