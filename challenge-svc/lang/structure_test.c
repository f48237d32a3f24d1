/*
 * What counts as the same structure.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "challenge-svc/lang/structure.h"

static void
assert_same(const char *a, const char *b)
{
	assert_true(structure_hash(a) == structure_hash(b));
}

static void
assert_other(const char *a, const char *b)
{
	assert_false(structure_hash(a) == structure_hash(b));
}

static void
values_do_not_count(void **state)
{
	(void)state;
	assert_same("Add 38 to the result", "Add 5 to the result");
	assert_same("The first two digits", "The first nine digits");
	assert_same("The digits after the @", "The digits after the #");
	assert_same("Let K be the sum. Add K", "Let M be the sum. Add M");
	assert_same("Anna writes down it. Add what Anna writes down",
	    "Ben writes down it. Add what Ben writes down");
}

static void
words_and_their_order_do(void **state)
{
	(void)state;
	assert_other("The digits after the @", "The digits before the @");
	assert_other("Add the even digits", "Add the odd digits");
	assert_other("Add K to M", "Add K from M");
	assert_other("Sum it. Then add it", "Sum it. Finally, add it");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_do_not_count),
		cmocka_unit_test(words_and_their_order_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
