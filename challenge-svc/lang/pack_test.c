/*
 * Reading phrase packs: what is taken, and what is refused with its line.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "challenge-svc/lang/generate.h"
#include "challenge-svc/lang/pack.h"
#include "challenge-svc/lang/render.h"

static struct phrasebook *
read_with_default(const char *text, char error[PHRASEBOOK_ERROR_SIZE])
{
	const struct pack_text packs[] = { pack_default(),
		{ "own.pack", text, strlen(text) } };

	error[0] = '\0';

	return pack_read(packs, 2, error);
}

static void
bad_packs_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{ "\tthe sum of {a}\n", "own.pack:1: a phrase must stand" },
		{ "\n# x\nsums noun\n", "own.pack:3: there is no kind 'sums'" },
		{ "sum\n", "own.pack:1: a form must follow" },
		{ "sum Noun\n", "own.pack:1: a form is" },
		{ "sum noun when a.all\n", "own.pack:1: 'if' expected" },
		{ "sum noun if\n", "own.pack:1: a condition must follow" },
		{ "sum noun if a.odd\n", "there is no condition 'a.odd'" },
		{ "sum noun\n\tthe sum of {a\n", "own.pack:2: '{' without" },
		{ "sum noun\n\tthe {x} of {a}\n", "there is no slot {x}" },
		{ "sum noun\n\tthe sum of {b}\n", "'sum' has no child {b}" },
		{ "sum noun\n\tthe sum after {m}\n", "points at no such mark" },
		{ "before noun\n\tfrom {m} to {m2}\n", "no such mark" },
		{ "sum noun\n\tThe sum of {a}\n", "only small letters" },
		{ "sum noun\n\tthe \"sum\" of {a}\n", "only small letters" },
		{ "sum noun\n\tthe sum\xc3\xa9 of {a}\n", "only small" },
		{ "sum noun\n\tthe  sum of {a}\n", "two spaces" },
		{ "sum noun\n\tthe sum of {a} \n", "a space at the end" },
		{ "sum noun\n\tthe sum of {a:}\n", "names no form" },
		{ "sum noun\n\tthe sum of {a:bags2}\n",
		    "own.pack:2: nothing that {a} can be has the form" },
		{ "sum noun\n\t{s:do}\n", "{s} may stand for" },
		{ "sum say\n\t{s:bare}\n", "{s} may stand for" },
		{ "sum say\n\t{s:say}\n", "{s} may stand for" },
		{ "sum noun\n\tthe sum of {a}\n",
		    "own.pack:2: stands already at default.pack:" },
		{ "drop sum noun if a.all\n", "nothing may follow" },
		{ "drop sum noun\n\tthe sum of {a}\n", "a phrase must stand" },
		{ "drop\n", "there is no kind ''" },
	};
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		book = read_with_default(cases[i].text, error);
		if (book != NULL || strstr(error, cases[i].error) == NULL)
			print_message("%s: %s\n", cases[i].text, error);
		assert_null(book);
		assert_non_null(strstr(error, cases[i].error));
		assert_int_equal(strncmp(error, "own.pack:", 9), 0);
	}
}

static void
control_characters_are_no_text(void **state)
{
	static const char text[] = "sum noun\n\tthe sum\0 of {a}\n";
	const struct pack_text packs[] = { pack_default(),
		{ "own.pack", text, sizeof(text) - 1 } };
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];

	(void)state;
	book = pack_read(packs, 2, error);
	assert_null(book);
	assert_non_null(strstr(error, "own.pack:2: only small letters"));
}

static void
bounds_are_kept(void **state)
{
	static char text[PACK_SIZE_MAX + 2];
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];
	size_t used;
	int i;

	(void)state;
	memset(text, '#', PACK_SIZE_MAX + 1);
	book = read_with_default(text, error);
	assert_null(book);
	assert_non_null(strstr(error, "at most"));

	used = (size_t)snprintf(text, sizeof(text), "sum noun\n\t");
	memset(text + used, 'a', PACK_PHRASE_MAX + 1);
	text[used + PACK_PHRASE_MAX + 1] = '\0';
	book = read_with_default(text, error);
	assert_null(book);
	assert_non_null(strstr(error, "own.pack:2: a phrase has at most"));

	used = (size_t)snprintf(text, sizeof(text), "sum noun\n");
	for (i = 0; i <= PHRASEBOOK_FITTING_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "\tthe sum number %d of {a}\n", i);
	book = read_with_default(text, error);
	assert_null(book);
	assert_non_null(strstr(error, "more than"));

	used = (size_t)snprintf(text, sizeof(text), "all noun\n");
	for (i = 0; i < PHRASEBOOK_FORMS_MAX; i++)
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, "all form%d\n\tx\n", i);
	book = read_with_default(text, error);
	assert_null(book);
	assert_non_null(strstr(error, "one too many"));
}

/* What the tree is called by a book, in one of its wordings. */
static bool
is_said(const struct phrasebook *book, const struct tree *tree,
    const char *instruction)
{
	struct values values = { .count = 3 };
	struct rng rng;
	char out[CHALLENGE_INSTRUCTION_MAX + 1];
	uint8_t seed;

	for (seed = 0; seed < 250; seed++) {
		rng_seed(&rng, &seed, 1, 0);
		if (render_instruction(tree, &values, book, &rng, out) > 0 &&
		    strcmp(out, instruction) == 0)
			return true;
	}

	return false;
}

static void
a_pack_adds_words_and_may_drop_the_public_ones(void **state)
{
	struct tree tree;
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];

	(void)state;
	tree_reset(&tree);
	tree.root = tree_one(&tree, NUM_SUM, tree_leaf(&tree, SET_EVEN));

	book = read_with_default("sum do\n\ttotal up {a}\n", error);
	assert_non_null(book);
	assert_true(is_said(book, &tree, "Total up the even digits"));
	assert_true(is_said(book, &tree, "Add up the even digits"));
	phrasebook_free(&book);

	book = read_with_default("drop sum do\nsum do # not a comment", error);
	assert_null(book);
	assert_non_null(strstr(error, "own.pack:2: 'if' expected"));

	book = read_with_default(
	    "drop sum do\r\nsum do\n  total up {a}", error);
	assert_null(book); /* lines end in LF alone */
	book = read_with_default("drop sum do\nsum do\n  total up {a}", error);
	assert_non_null(book);
	assert_true(is_said(book, &tree, "Total up the even digits"));
	assert_false(is_said(book, &tree, "Add up the even digits"));
	phrasebook_free(&book);
}

static void
an_afterthought_ends_its_sentence(void **state)
{
	struct tree tree;
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];
	uint8_t a, b;

	(void)state;
	book = read_with_default("sum do\n\ttake {a} and sum up\n", error);
	assert_non_null(book);

	tree_reset(&tree);
	tree.root = tree_one(&tree, NUM_SUM, tree_leaf(&tree, SET_EVEN));
	assert_true(is_said(book, &tree, "Take the even digits and sum up"));

	tree_reset(&tree);
	a = tree_leaf(&tree, SET_EVEN);
	b = tree_leaf(&tree, SET_ODD);
	tree.root = tree_one(
	    &tree, NUM_SUM, tree_two(&tree, SET_CORRECTION, a, b));
	assert_true(
	    is_said(book, &tree, "Sum the even digits, no, the odd digits"));
	assert_false(is_said(book, &tree,
	    "Take the even digits, no, the odd digits and sum up"));
	phrasebook_free(&book);
}

static void
the_default_pack_says_every_kind(void **state)
{
	const struct pack_text pack = pack_default();
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];
	int kind;

	(void)state;
	book = pack_read(&pack, 1, error);
	assert_non_null(book);
	for (kind = 0; kind < TREE_KINDS; kind++)
		assert_int_not_equal(
		    phrasebook_forms_of(book, (enum tree_kind)kind), 0);
	phrasebook_free(&book);
	phrasebook_free(&book);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_packs_are_refused_with_their_line),
		cmocka_unit_test(control_characters_are_no_text),
		cmocka_unit_test(bounds_are_kept),
		cmocka_unit_test(
		    a_pack_adds_words_and_may_drop_the_public_ones),
		cmocka_unit_test(an_afterthought_ends_its_sentence),
		cmocka_unit_test(the_default_pack_says_every_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
