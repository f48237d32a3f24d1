/*
 * Packs of a directory, and the phrasebook in use while they change.
 */
#include <time.h>

#include "challenge-svc/lang/generate.h"
#include "challenge-svc/pack_files.h"
#include "challenge-svc/vocabulary.h"
#include "common/clock.h"
#include "common/testing.h"

#define GOOD "sum do\n\ttotal up {a}\n"
#define BAD  "sum do\n\ttotal up {b}\n"

#define WAIT_NS INT64_C(20000000000)

/* All at once: half a pack might be read otherwise, and be good. */
static void
put(void **state, const char *name, const char *text)
{
	const char *part = testing_path(state, "part");

	testing_write(part, text, strlen(text), 0600);
	assert_int_equal(rename(part, testing_path(state, name)), 0);
}

/* Whether a book has the words of GOOD. */
static bool
says_total_up(const struct phrasebook *book)
{
	struct instance instance;
	uint8_t seed[CHALLENGE_SEED_BYTES] = { 0 };
	unsigned i;

	for (i = 0; i < 3000; i++) {
		memcpy(seed, &i, sizeof(i));
		generate_instance(&instance, book, LEVEL_EASY, seed);
		if (strstr(instance.instruction, "otal up") != NULL)
			return true;
	}
	return false;
}

static void
packs_are_read_in_the_order_of_their_names(void **state)
{
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];

	put(state, "b.pack", "drop sum do\n" GOOD);
	put(state, "a.pack", "sum do\n\ttally {a}\n");
	put(state, ".c.pack", BAD);
	put(state, "d.pack~", BAD);
	book = pack_files_read(*state, error);
	assert_non_null(book);
	assert_true(says_total_up(book));
	phrasebook_free(&book);

	/* Now a.pack is the later one, and drops. */
	put(state, "a.pack", GOOD);
	put(state, "b.pack", "drop sum do\nsum do\n\ttally {a}\n");
	book = pack_files_read(*state, error);
	assert_non_null(book);
	assert_false(says_total_up(book));
	phrasebook_free(&book);
}

static void
what_cannot_be_read_is_named(void **state)
{
	char error[PHRASEBOOK_ERROR_SIZE], name[16];
	int i;

	assert_null(pack_files_read("/nowhere", error));
	assert_non_null(strstr(error, "/nowhere"));

	put(state, "bad.pack", BAD);
	assert_null(pack_files_read(*state, error));
	assert_int_equal(strncmp(error, "bad.pack:2: ", 12), 0);

	assert_int_equal(unlink(testing_path(state, "bad.pack")), 0);
	assert_int_equal(mkdir(testing_path(state, "dir.pack"), 0700), 0);
	assert_null(pack_files_read(*state, error));
	assert_non_null(strstr(error, "dir.pack"));

	assert_int_equal(rmdir(testing_path(state, "dir.pack")), 0);
	/* Nobody writes into it: a reader would wait for ever. */
	assert_int_equal(mkfifo(testing_path(state, "pipe.pack"), 0600), 0);
	assert_null(pack_files_read(*state, error));
	assert_non_null(strstr(error, "pipe.pack: is not a file"));
	assert_int_not_equal(pack_files_stamp(*state), 0);

	assert_int_equal(unlink(testing_path(state, "pipe.pack")), 0);
	for (i = 0; i < PHRASEBOOK_PACKS_MAX; i++) {
		snprintf(name, sizeof(name), "%d.pack", i);
		put(state, name, "# nothing\n");
	}
	assert_null(pack_files_read(*state, error));
	assert_non_null(strstr(error, "more than"));
}

static void
the_stamp_tells_of_every_change(void **state)
{
	uint64_t empty, one, two;

	assert_int_equal(pack_files_stamp(""), 0);
	assert_int_equal(pack_files_stamp("/nowhere"), 0);
	empty = pack_files_stamp(*state);
	assert_int_not_equal(empty, 0);
	put(state, "other", GOOD);
	assert_true(pack_files_stamp(*state) == empty);
	put(state, "a.pack", GOOD);
	one = pack_files_stamp(*state);
	assert_true(one != empty);
	assert_true(pack_files_stamp(*state) == one);
	put(state, "a.pack", GOOD GOOD);
	two = pack_files_stamp(*state);
	assert_true(two != one);
	assert_int_equal(rename(testing_path(state, "a.pack"),
			     testing_path(state, "b.pack")),
	    0);
	assert_true(pack_files_stamp(*state) != two);
	assert_int_equal(unlink(testing_path(state, "b.pack")), 0);
	assert_true(pack_files_stamp(*state) == empty);
}

/*
 * Ticks, a second a time, until the packs are refused, or are in use, as told;
 * false when that does not come.
 */
static bool
await(struct vocabulary *vocabulary, int64_t *now_ms, bool refused,
    const struct phrasebook *before)
{
	const struct timespec moment = { 0, 1000000 };
	int64_t end = clock_boot_ns() + WAIT_NS;

	while (refused ? vocabulary_refused(vocabulary)[0] == '\0'
		       : vocabulary_book(vocabulary) == before) {
		if (clock_boot_ns() > end)
			return false;
		vocabulary_tick(vocabulary, *now_ms += 1000);
		(void)pselect(0, NULL, NULL, NULL, &moment, NULL);
	}
	return true;
}

static void
changed_packs_come_into_use_and_bad_ones_do_not(void **state)
{
	struct vocabulary *vocabulary = NULL;
	const struct phrasebook *good = NULL;
	char error[256];
	int64_t now_ms = 0;

	/* Bad at the start: the default pack serves. */
	put(state, "own.pack", BAD);
	vocabulary = vocabulary_new(*state, error, sizeof(error));
	assert_non_null(vocabulary);
	assert_non_null(vocabulary_book(vocabulary));
	assert_false(says_total_up(vocabulary_book(vocabulary)));
	assert_int_equal(
	    strncmp(vocabulary_refused(vocabulary), "own.pack:2: ", 12), 0);

	put(state, "own.pack", GOOD);
	assert_true(
	    await(vocabulary, &now_ms, false, vocabulary_book(vocabulary)));
	good = vocabulary_book(vocabulary);
	assert_true(says_total_up(good));
	assert_string_equal(vocabulary_refused(vocabulary), "");

	/* Bad again: the last good one stays, until the next good one. */
	put(state, "own.pack", BAD BAD);
	assert_true(await(vocabulary, &now_ms, true, NULL));
	assert_ptr_equal(vocabulary_book(vocabulary), good);
	assert_true(says_total_up(vocabulary_book(vocabulary)));

	put(state, "own.pack", "# nothing of its own\n");
	assert_true(await(vocabulary, &now_ms, false, good));
	assert_string_equal(vocabulary_refused(vocabulary), "");
	assert_false(says_total_up(vocabulary_book(vocabulary)));
	vocabulary_free(&vocabulary);
	vocabulary_free(&vocabulary);
}

static void
without_a_directory_the_default_pack_serves(void **state)
{
	struct vocabulary *vocabulary = NULL;
	const struct phrasebook *book = NULL;
	char error[256];

	(void)state;
	vocabulary = vocabulary_new("", error, sizeof(error));
	assert_non_null(vocabulary);
	book = vocabulary_book(vocabulary);
	assert_non_null(book);
	vocabulary_tick(vocabulary, 1);
	assert_ptr_equal(vocabulary_book(vocabulary), book);
	vocabulary_free(&vocabulary);

	assert_null(vocabulary_new("/nowhere", error, sizeof(error)));
	assert_non_null(strstr(error, "/nowhere"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(packs_are_read_in_the_order_of_their_names),
		TESTING(what_cannot_be_read_is_named),
		TESTING(the_stamp_tells_of_every_change),
		TESTING(changed_packs_come_into_use_and_bad_ones_do_not),
		cmocka_unit_test(without_a_directory_the_default_pack_serves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
