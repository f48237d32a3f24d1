/*
 * Minimal pairs.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/pairs.h"
#include "challenge-svc/lang/testing.h"

static void
words_are_compared_without_their_order(void **state)
{
	(void)state;
	assert_true(pairs_same_words("Add A, not B", "Not a: add b."));
	assert_false(pairs_same_words("add a and a", "add a and b"));
	assert_false(pairs_same_words("add a", "add a a"));
}

static void
the_same_words_mean_two_things_for_every_operation(void **state)
{
	struct instance pair[2];
	uint8_t seed[CHALLENGE_SEED_BYTES] = { 1 };
	int level, i, j;

	(void)state;
	for (level = LEVEL_MEDIUM; level <= LEVEL_HARD; level++) {
		for (i = 0; i < OPERATIONS; i++) {
			assert_true(
			    pairs_draw(pair, testing_book, (enum operation)i,
				(enum challenge_level)level, seed));
			assert_int_equal(pair[0].operation, i);
			assert_true(pairs_same_words(
			    pair[0].instruction, pair[1].instruction));
			assert_string_not_equal(
			    pair[0].instruction, pair[1].instruction);
			assert_string_equal(pair[0].text, pair[1].text);
			assert_int_not_equal(pair[0].answer, pair[1].answer);
			if ((operation_traits_of((enum operation)i) &
				OPERATION_WHOLE) == 0)
				assert_int_not_equal(
				    pair[0].operation, pair[1].operation);
			for (j = 0; j < 2; j++)
				assert_int_equal(
				    eval_tree(&pair[j].tree, &pair[j].values)
					.value,
				    pair[j].answer);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_compared_without_their_order),
		cmocka_unit_test(
		    the_same_words_mean_two_things_for_every_operation),
	};

	return cmocka_run_group_tests(
	    tests, testing_read_book, testing_free_book);
}
