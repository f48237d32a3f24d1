/*
 * Trying phrasebooks out: good ones, bad ones, and rubbish.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/check/book_check.h"
#include "challenge-svc/lang/pack.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/testing.h"

#define SAMPLES 300

static char error[PHRASEBOOK_ERROR_SIZE];

struct unused {
	uint32_t count;
	uint32_t line; /* the last one told */
};

static void
note_unused(void *arg, const char *pack, uint32_t line)
{
	struct unused *unused = arg;

	assert_string_equal(pack, "private.pack");
	print_message("%s:%u is not used\n", pack, line);
	unused->count++;
	unused->line = line;
}

/* Checks the default pack with a private one. */
static int
check_with(const char *text, struct unused *unused)
{
	const struct pack_text packs[] = { pack_default(),
		{ "private.pack", text, strlen(text) } };
	struct phrasebook *book = NULL;
	int result;

	error[0] = '\0';
	book = pack_read(packs, 2, error);
	if (book == NULL)
		print_message("%s\n", error);
	assert_non_null(book);
	result = book_check(book, SAMPLES, note_unused, unused, error);
	phrasebook_free(&book);

	return result;
}

static void
the_default_pack_passes(void **state)
{
	int result;

	(void)state;
	result = book_check(testing_book, 2000, NULL, NULL, error);
	if (result != 0)
		print_message("%s\n", error);
	assert_int_equal(result, 0);
}

static void
bad_packs_are_refused_with_the_line_to_blame(void **state)
{
	static const struct {
		const char *text, *begin, *part;
	} bad[] = {
		/* the wrong way round */
		{ "# one\nsubtract do if a.value b.value\n"
		  "\tsubtract {a} from {b}\n",
		    "private.pack:3: means ", "can be read as" },
		/* a correction in the words of an exception */
		{ "corrected noun\n\t{a} except {b:ones}\n",
		    "private.pack:2: means ", "except" },
		/* one word for two things, both of this pack */
		{ "add say if a.core\n\t{a:do}. then apply {b}\n"
		  "subtract say if a.core\n\t{a:do}. then apply {b}\n",
		    "private.pack:", ", with private.pack:" },
		{ "odd noun\n\tthe even digits\n", "private.pack:2: means ",
		    "the even digits" },
		{ "above noun\n\tthe digits {a}\nbelow noun\n"
		  "\tthe digits {a}\n",
		    "private.pack:", "can be read as" },
		/* nobody can know what is not said */
		{ "sum noun\n\tthe total\n",
		    "private.pack:2: ", "{a} is missing" },
		{ "top noun if many\n\tthe biggest digits\n",
		    "private.pack:2: ", "{n} is missing" },
		{ "before noun\n\tthe digits over there\n",
		    "private.pack:2: ", "{m} is missing" },
		{ "between noun\n\tthe digits near {m}\n",
		    "private.pack:2: ", "{m2} is missing" },
		{ "let say\n\tthere is {a}. {b:say}\n",
		    "private.pack:2: ", "{k} is missing" },
		{ "person noun\n\this digits\n",
		    "private.pack:2: ", "{p} is missing" },
		{ "sum noun\n\tthe sum of {a} {k}\n", "private.pack:2: ",
		    "'sum' has nothing that {k} could say" },
		/* a letter for a person */
		{ "let-person say\n\t{k} has {a}. {b:say}\n",
		    "private.pack:2: ", "cannot be read" },
		/* words are missing */
		{ "drop sum noun\ndrop sum do\ndrop sum say\n",
		    "the words left say too little: ", "'sum' has no phrase" },
		{ "drop weighted do\n",
		    "the words left say too little: ", "'weighted'" },
		{ "drop let say\n",
		    "the words left say too little: ", "'let' has no phrase" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (check_with(bad[i].text, NULL) == 0 ||
		    strncmp(error, bad[i].begin, strlen(bad[i].begin)) != 0 ||
		    strstr(error, bad[i].part) == NULL)
			print_message("%s%s\n", bad[i].text, error);
		assert_int_equal(
		    strncmp(error, bad[i].begin, strlen(bad[i].begin)), 0);
		assert_non_null(strstr(error, bad[i].part));
		assert_true(strlen(error) < PHRASEBOOK_ERROR_SIZE);
	}
}

static void
a_good_pack_passes_and_all_of_it_is_used(void **state)
{
	static const char text[] =
	    "drop sum do\n"
	    "sum do\n"
	    "\ttot up {a}\n"
	    "sum noun\n"
	    "\twhat {a} come to together\n"
	    "count say\n"
	    "\twhat is the number of {a:bare}?\n"
	    "even noun\n"
	    "\tthe digits that 2 divides\n"
	    "largest noun if a.part\n"
	    "\tthe greatest of {a}\n"
	    "from noun\n"
	    "\tthe {o} digit and all that follow it\n"
	    "subtract say if a.core\n"
	    "\t{a:do}. then take {b} off\n"
	    "if say\n"
	    "\tlook whether {a}: if so, {b:do}; if not, {c:do}\n"
	    /* a story with a form of its own */
	    "even jars\n"
	    "\tthe jars that hold an even number of sweets\n"
	    "odd jars\n"
	    "\tthe jars that hold an odd number of sweets\n"
	    "above jars\n"
	    "\tthe jars with more than {a} sweets\n"
	    "below jars\n"
	    "\tthe jars with fewer than {a} sweets\n"
	    "first jars if many\n"
	    "\tthe first {w} jars\n"
	    "top jars if one\n"
	    "\tthe fullest jar\n"
	    "corrected jars\n"
	    "\t{a:jars}, sorry, {b:jars}\n"
	    "keep say\n"
	    "\teach digit is the number of sweets in one jar. you eat up "
	    "{a:jars}. how many sweets are left?\n"
	    "pocket say\n"
	    "\teach digit is the number of sweets in one jar. you hold {a} "
	    "sweets and empty into your hands all jars except {b:jars}. how "
	    "many sweets do you hold now?\n";
	struct unused unused = { 0 };
	int result;

	(void)state;
	result = check_with(text, &unused);
	if (result != 0 || unused.count > 0)
		print_message("%s, unused: %u, line %u\n", error, unused.count,
		    unused.line);
	assert_int_equal(result, 0);
	assert_int_equal(unused.count, 0);
}

static void
a_line_that_is_never_used_is_told(void **state)
{
	struct unused unused = { 0 };

	(void)state;
	assert_int_equal(check_with("# count people's digits\n\nperson bare\n"
				    "\tthe digits that {p} has got\n",
			     &unused),
	    0);
	assert_int_equal(unused.count, 1);
	assert_int_equal(unused.line, 4);
}

/* -------- rubbish -------- */

struct text {
	char *at;
	size_t size;
};

/* Reads and checks a pack of any content; nobody minds the outcome. */
static void
try_pack(const char *name, const struct text *text)
{
	const struct pack_text packs[] = { pack_default(),
		{ name, text->at, text->size } };
	bool private = strcmp(name, packs[0].name) != 0;
	struct phrasebook *book = NULL;

	error[0] = '\0';
	book = pack_read(private ? packs : packs + 1, private ? 2 : 1, error);
	if (book == NULL || book_check(book, 4, NULL, NULL, error) != 0)
		assert_true(
		    *error != '\0' && strlen(error) < PHRASEBOOK_ERROR_SIZE);
	phrasebook_free(&book);
}

static void
random_bytes_do_no_harm(void **state)
{
	static const char bytes[] = "abcs{}:,.;? \t\n\n\tnoun sum if {a} {n}";
	struct rng rng;
	struct text text;
	char buffer[200];
	uint8_t seed = 1;
	uint32_t i, j;

	(void)state;
	rng_seed(&rng, &seed, 1, 0);
	for (i = 0; i < 3000; i++) {
		text.at = buffer;
		text.size = rng_below(&rng, sizeof(buffer));
		for (j = 0; j < text.size; j++)
			buffer[j] = i % 2 == 0
			    ? (char)rng_below(&rng, 256)
			    : bytes[rng_below(&rng, sizeof(bytes) - 1)];
		try_pack("rubbish.pack", &text);
	}
}

/* The line that holds a random byte, with its end. */
static struct text
random_line(struct rng *rng, const struct text *text)
{
	size_t from = rng_below(rng, (uint32_t)text->size), to = from;

	while (from > 0 && text->at[from - 1] != '\n')
		from--;
	while (to < text->size && text->at[to] != '\n')
		to++;

	return (struct text){ text->at + from,
		to - from + (to < text->size ? 1 : 0) };
}

/* Lines taken out and copied, bytes changed; twice the size is never needed. */
static void
mutate(struct rng *rng, struct text *text, size_t room)
{
	struct text line = random_line(rng, text), other;
	char *end = text->at + text->size;
	char copy[PACK_PHRASE_MAX];

	switch (rng_below(rng, 4)) {
	case 0:
		memmove(line.at, line.at + line.size,
		    (size_t)(end - line.at) - line.size);
		text->size -= line.size;
		break;
	case 1:
	case 2:
		other = random_line(rng, text);
		if (other.size > sizeof(copy) || text->size + other.size > room)
			break;
		memcpy(copy, other.at, other.size);
		memmove(line.at + other.size, line.at, (size_t)(end - line.at));
		memcpy(line.at, copy, other.size);
		text->size += other.size;
		break;
	default:
		line.at[rng_below(rng, (uint32_t)line.size)] = (char)
		    rng_between(rng, ' ', '~');
		break;
	}
}

static void
mutated_packs_do_no_harm(void **state)
{
	const struct pack_text pack = pack_default();
	size_t room = 2 * pack.size;
	struct text text = { malloc(room), 0 };
	struct rng rng;
	uint8_t seed = 2;
	uint32_t i, left;

	(void)state;
	assert_non_null(text.at);
	rng_seed(&rng, &seed, 1, 0);
	for (i = 0; i < 600; i++) {
		memcpy(text.at, pack.text, pack.size);
		text.size = pack.size;
		for (left = 1 + rng_below(&rng, 12); left > 0; left--)
			mutate(&rng, &text, room);
		try_pack(i % 30 == 0 ? "mutated.pack" : pack.name, &text);
	}
	free(text.at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_pack_passes),
		cmocka_unit_test(bad_packs_are_refused_with_the_line_to_blame),
		cmocka_unit_test(a_good_pack_passes_and_all_of_it_is_used),
		cmocka_unit_test(a_line_that_is_never_used_is_told),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(mutated_packs_do_no_harm),
	};

	return cmocka_run_group_tests(
	    tests, testing_read_book, testing_free_book);
}
