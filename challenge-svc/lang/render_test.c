/*
 * The vocabulary and the renderer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/phrases.h"
#include "challenge-svc/lang/render.h"

static void
phrases_are_in_order_and_well_formed(void **state)
{
	const struct phrase *phrases = NULL, *list = NULL;
	const char *c = NULL, *end = NULL, *colon = NULL;
	size_t i, count, found;

	(void)state;
	phrases = phrases_all(&count);
	for (i = 0; i < count; i++) {
		assert_true(phrases[i].kind < TREE_KINDS);
		assert_true(phrases[i].form < PHRASE_FORMS);
		if (i > 0)
			assert_true(
			    phrases[i].kind * PHRASE_FORMS + phrases[i].form >=
			    phrases[i - 1].kind * PHRASE_FORMS +
				phrases[i - 1].form);

		/* Whatever is in the table is found by its kind and form. */
		list = phrases_of((enum tree_kind)phrases[i].kind,
		    (enum phrase_form)phrases[i].form, &found);
		assert_non_null(list);
		assert_true(&phrases[i] >= list && &phrases[i] < list + found);

		for (c = strchr(phrases[i].text, '{'); c != NULL;
		     c = strchr(end, '{')) {
			end = strchr(c, '}');
			assert_non_null(end);
			colon = memchr(c, ':', (size_t)(end - c));
			if (colon == NULL)
				continue;
			assert_int_not_equal(phrases_form_named(colon + 1,
						 (size_t)(end - colon - 1)),
			    PHRASE_FORMS);
		}
	}
}

static void
build_example(struct tree *tree)
{
	uint8_t all, largest;

	tree_reset(tree);
	all = tree_leaf(tree, SET_ALL);
	largest = tree_leaf_n(tree, SET_LARGEST, 1);
	tree->root = tree_one(
	    tree, NUM_SUM, tree_two(tree, SET_EXCEPT, all, largest));
}

static void
the_well_known_sentence_is_among_its_renderings(void **state)
{
	struct tree tree;
	struct values values = { .count = 3 };
	struct rng rng;
	uint8_t seed;
	char out[CHALLENGE_INSTRUCTION_MAX + 1];
	int seen = 0;

	(void)state;
	build_example(&tree);
	for (seed = 0; seed < 200; seed++) {
		rng_seed(&rng, &seed, 1, 0);
		assert_true(render_instruction(&tree, &values, &rng, out) >= 5);
		seen += strcmp(out, "Sum all digits except the largest") == 0;
	}
	assert_true(seen > 0);
}

static void
what_cannot_be_said_is_refused(void **state)
{
	struct tree tree;
	struct values values = { .count = 3 };
	struct rng rng;
	uint8_t seed = 0, set;
	char out[CHALLENGE_INSTRUCTION_MAX + 1];

	(void)state;
	rng_seed(&rng, &seed, 1, 0);

	/* "the first one digits" has no phrase, nor has a negative number. */
	tree_reset(&tree);
	set = tree_leaf_n(&tree, SET_FIRST, 1);
	tree.root = tree_one(&tree, NUM_SUM, set);
	assert_int_equal(render_instruction(&tree, &values, &rng, out), 0);

	tree_reset(&tree);
	set = tree_one(&tree, SET_ABOVE, tree_leaf_n(&tree, NUM_CONST, -3));
	tree.root = tree_one(&tree, NUM_SUM, set);
	assert_int_equal(render_instruction(&tree, &values, &rng, out), 0);
}

static void
too_long_instructions_are_refused(void **state)
{
	struct tree tree;
	struct values values = { .count = 3 };
	struct rng rng;
	uint8_t seed = 0, number;
	char out[CHALLENGE_INSTRUCTION_MAX + 1];
	int i;

	(void)state;
	rng_seed(&rng, &seed, 1, 0);
	build_example(&tree);
	number = tree.root;
	for (i = 0; i < 16; i++)
		number = tree_two(&tree, NUM_ADD, number,
		    tree_leaf_n(&tree, NUM_CONST, 12345));
	tree.root = number;
	assert_true(tree_is_sound(&tree));
	assert_int_equal(render_instruction(&tree, &values, &rng, out), 0);
	assert_true(strlen(out) <= CHALLENGE_INSTRUCTION_MAX);
}

static void
words_are_counted_between_spaces(void **state)
{
	(void)state;
	assert_int_equal(render_count_words(""), 0);
	assert_int_equal(render_count_words("Sum"), 1);
	assert_int_equal(
	    render_count_words("Sum all digits except the largest"), 6);
	assert_int_equal(render_count_words(" a  b "), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_are_in_order_and_well_formed),
		cmocka_unit_test(
		    the_well_known_sentence_is_among_its_renderings),
		cmocka_unit_test(what_cannot_be_said_is_refused),
		cmocka_unit_test(too_long_instructions_are_refused),
		cmocka_unit_test(words_are_counted_between_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
