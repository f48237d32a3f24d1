/*
 * Trees: names, what is sound, and how they are printed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/tree.h"

/* Let name 0 be the sum of all; name 0 and the number of even digits. */
static void
build_named(struct tree *tree, int used)
{
	uint8_t definition, body;

	tree_reset(tree);
	tree->names = 2;
	definition = tree_one(tree, NUM_SUM, tree_leaf(tree, SET_ALL));
	body = tree_two(tree, NUM_ADD, tree_leaf_n(tree, NUM_NAME, used),
	    tree_one(tree, NUM_COUNT, tree_leaf(tree, SET_EVEN)));
	tree->root = tree_add(tree, LET_NUMBER, 0, 0, definition, body, 0);
}

static void
names_are_used_only_inside_what_gives_them(void **state)
{
	struct tree tree;
	uint8_t outer;

	(void)state;
	build_named(&tree, 0);
	assert_true(tree_is_sound(&tree));
	assert_int_equal(tree.node[tree.root].uses, 1);

	build_named(&tree, 1); /* nobody gives it */
	assert_false(tree_is_sound(&tree));
	build_named(&tree, 2); /* past the names of the tree */
	assert_false(tree_is_sound(&tree));

	/* Outside. */
	build_named(&tree, 0);
	outer = tree_leaf_n(&tree, NUM_NAME, 0);
	tree.root = tree_two(&tree, NUM_ADD, tree.root, outer);
	assert_false(tree_is_sound(&tree));

	/* A number's name is not a group's. */
	build_named(&tree, 0);
	tree.node[tree.root].kind = LET_GROUP;
	assert_false(tree_is_sound(&tree));

	/* Given twice. */
	build_named(&tree, 0);
	outer = tree_one(&tree, NUM_SUM, tree_leaf(&tree, SET_ODD));
	tree.root = tree_add(&tree, LET_NUMBER, 0, 0, outer, tree.root, 0);
	assert_false(tree_is_sound(&tree));
}

static void
what_is_only_read_does_not_count(void **state)
{
	struct tree tree;
	uint8_t a, b;

	(void)state;
	tree_reset(&tree);
	a = tree_leaf(&tree, SET_EVEN);
	b = tree_leaf(&tree, SET_ODD);
	assert_int_equal(
	    tree_counted(&tree, tree_two(&tree, SET_EXCEPT, a, b)), 3);
	assert_int_equal(
	    tree_counted(&tree, tree_two(&tree, SET_CORRECTION, a, b)), 2);
	assert_int_equal(
	    tree_counted(&tree, tree_two(&tree, SET_CONTRAST, a, b)), 1);

	a = tree_one(&tree, NUM_SUM, a);
	b = tree_one(&tree, NUM_SUM, b);
	assert_int_equal(
	    tree_counted(&tree, tree_add(&tree, NUM_RULE, 1, 0, a, b, 0)), 1);
	assert_int_equal(
	    tree_counted(&tree, tree_add(&tree, NUM_RULE, 2, 0, a, b, 0)), 2);

	build_named(&tree, 0);
	assert_int_equal(tree_counted(&tree, tree.root), 3);
	build_named(&tree, 1); /* so nobody uses name 0 */
	assert_int_equal(tree_counted(&tree, tree.root), 2);
}

static void
a_selection_between_marks_needs_two_of_them(void **state)
{
	struct tree tree;
	uint8_t set;

	(void)state;
	tree_reset(&tree);
	tree.marks = 2;
	set = tree_add(&tree, SET_BETWEEN, 1, 0, 0, 0, 0);
	tree.root = tree_one(&tree, NUM_SUM, set);
	assert_true(tree_is_sound(&tree));
	tree.node[set].n = 0;
	assert_false(tree_is_sound(&tree));
	tree.node[set].n = 1;
	tree.marks = 1;
	assert_false(tree_is_sound(&tree));
}

static void
trees_are_printed_with_numbers_names_and_marks(void **state)
{
	static const char symbols[TREE_MARKS_MAX] = { '@', '#' };
	struct tree tree;
	char text[TREE_TEXT_MAX + 1];
	uint8_t set;

	(void)state;
	build_named(&tree, 0);
	assert_true(tree_write(&tree, symbols, text));
	assert_string_equal(
	    text, "(let 0 (sum (all)) (add (name 0) (count (even))))");

	tree_reset(&tree);
	tree.marks = 2;
	set = tree_add(&tree, SET_BETWEEN, 1, 0, 0, 0, 0);
	set = tree_two(
	    &tree, SET_EXCEPT, set, tree_leaf_n(&tree, SET_LARGEST, 2));
	tree.root = tree_two(&tree, NUM_ADD, tree_one(&tree, NUM_SUM, set),
	    tree_leaf_mark(&tree, NUM_NEXT, 1));
	assert_true(tree_write(&tree, symbols, text));
	assert_string_equal(
	    text, "(add (sum (except (between @ #) (top 2))) (right-of #))");
}

static void
the_table_of_kinds_is_consistent(void **state)
{
	const struct tree_kind_info *info = NULL, *other = NULL;
	int kind, i;

	(void)state;
	for (kind = 0; kind < TREE_KINDS; kind++) {
		info = &tree_kinds[kind];
		assert_non_null(info->name);
		assert_int_not_equal(info->type, TREE_NONE);
		for (i = 0; i < TREE_CHILDREN_MAX; i++)
			assert_true(
			    (info->child[i] != TREE_NONE) == (i < info->arity));
		for (i = 0; i < kind; i++)
			assert_string_not_equal(info->name, tree_kinds[i].name);

		/* What it is taken for stands in the same places. */
		for (i = 0; i < 2; i++) {
			other = &tree_kinds[i == 0 ? info->opposite
						   : info->mistaken];
			assert_int_equal(other->type, info->type);
			assert_true(other->arity <= info->arity);
			assert_memory_equal(
			    other->child, info->child, other->arity);
			assert_true(other->marks <= info->marks);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_used_only_inside_what_gives_them),
		cmocka_unit_test(what_is_only_read_does_not_count),
		cmocka_unit_test(a_selection_between_marks_needs_two_of_them),
		cmocka_unit_test(
		    trees_are_printed_with_numbers_names_and_marks),
		cmocka_unit_test(the_table_of_kinds_is_consistent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
