/*
 * The vocabulary and the renderer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/generate.h"
#include "challenge-svc/lang/render.h"
#include "challenge-svc/lang/testing.h"

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
		assert_true(render_instruction(
				&tree, &values, testing_book, &rng, out) >= 5);
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
	assert_int_equal(
	    render_instruction(&tree, &values, testing_book, &rng, out), 0);

	tree_reset(&tree);
	set = tree_one(&tree, SET_ABOVE, tree_leaf_n(&tree, NUM_CONST, -3));
	tree.root = tree_one(&tree, NUM_SUM, set);
	assert_int_equal(
	    render_instruction(&tree, &values, testing_book, &rng, out), 0);
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
	assert_int_equal(
	    render_instruction(&tree, &values, testing_book, &rng, out), 0);
	assert_true(strlen(out) <= CHALLENGE_INSTRUCTION_MAX);
}

static void
words_are_counted_as_they_are_said(void **state)
{
	struct instance instance;
	uint8_t seed[CHALLENGE_SEED_BYTES] = { 0 };
	uint32_t i;

	(void)state;
	assert_int_equal(testing_words("Sum all digits except the largest"), 6);
	for (i = 0; i < 3000; i++) {
		memcpy(seed, &i, sizeof(i));
		generate_instance(&instance, testing_book,
		    (enum challenge_level)(i % CHALLENGE_LEVELS), seed);
		assert_int_equal(
		    instance.words, testing_words(instance.instruction));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_well_known_sentence_is_among_its_renderings),
		cmocka_unit_test(what_cannot_be_said_is_refused),
		cmocka_unit_test(too_long_instructions_are_refused),
		cmocka_unit_test(words_are_counted_as_they_are_said),
	};

	return cmocka_run_group_tests(
	    tests, testing_read_book, testing_free_book);
}
