/*
 * Phrase packs of one's own, changed while requests go on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/scratch.h"
#include "tests/e2e/suite.h"

/* Words that the default pack does not have. */
#define OWN_WORDS "otal up "
#define GOOD	  "# our own\ndrop sum do\nsum do\n\ttotal up {a}\n"
#define BAD	  "sum do\n\ttotal up {b}\n"

static char directory[64];

static int
set_up(void **state)
{
	char setting[128];
	const char *const settings[] = { setting, NULL };

	scratch_make(directory, sizeof(directory));
	snprintf(setting, sizeof(setting), "AIC_PHRASE_PACKS=%s", directory);
	return suite_start(state, settings);
}

static int
tear_down(void **state)
{
	int result = suite_tear_down(state);

	scratch_remove(directory);
	return result;
}

/* Gives the pack a new content at once, as a careful operator does. */
static void
put_pack(const char *text)
{
	char path[128], part[128];
	FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/own.pack", directory);
	snprintf(part, sizeof(part), "%s/own.part", directory);
	file = fopen(part, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename(part, path), 0);
}

static bool
log_has(struct suite *suite, const char *text)
{
	char path[256], line[2200];
	bool found = false;
	FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/challenge-0.log", rig_dir(suite->rig));
	file = fopen(path, "re");
	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file) != NULL)
		found = strstr(line, text) != NULL;
	assert_int_equal(fclose(file), 0);
	return found;
}

/* Creates one more challenge, which must succeed; whether it has our words. */
static bool
creates_with_own_words(struct suite *suite, const struct key *key)
{
	const struct reply *reply = flow_create(suite->client, key->secret);

	want_status(reply, 200);
	return strstr(reply->body, OWN_WORDS) != NULL;
}

static void
packs_are_used_after_a_reload_while_requests_go_on(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	int64_t end;
	int i;

	for (i = 0; i < 50; i++)
		assert_false(creates_with_own_words(suite, &key));

	put_pack(GOOD);
	end = rig_deadline(10000);
	while (!creates_with_own_words(suite, &key))
		rig_look_again(end, "the words of the pack");
}

static void
a_bad_pack_is_refused_with_its_line_and_the_last_good_set_stays(void **state)
{
	struct suite *suite = *state;
	struct key key = flow_easy_key(suite->client);
	int64_t end;

	put_pack(BAD);
	end = rig_deadline(10000);
	while (!log_has(suite, "phrase packs refused: own.pack:2: ")) {
		(void)creates_with_own_words(suite, &key);
		rig_look_again(end, "the pack to be refused");
	}
	end = rig_deadline(10000);
	while (!creates_with_own_words(suite, &key))
		rig_look_again(end, "the words of the last good pack");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    packs_are_used_after_a_reload_while_requests_go_on),
		cmocka_unit_test(
		    a_bad_pack_is_refused_with_its_line_and_the_last_good_set_stays),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
