/*
 * Tests of randomness, of secret files, and of the files that they are made by.
 */

#include "common/testing.h"

#include <errno.h>
#include <pthread.h>

#include "common/file.h"
#include "common/secret.h"

#define ERROR_SIZE 512
#define LEN	   32

static int
setup(void **state)
{
	return secret_init() == 0 ? testing_setup(state) : -1;
}

static void
secret_is_made_once_and_kept(void **state)
{
	const char *path = testing_path(state, "key");
	uint8_t first[LEN] = { 0 }, second[LEN] = { 0 }, other[LEN] = { 0 };
	char error[ERROR_SIZE];
	mode_t mask = umask(0);

	assert_int_equal(secret_file(path, first, LEN, error, ERROR_SIZE), 0);
	umask(mask);
	assert_int_equal(testing_mode(path), 0600);
	assert_int_equal(secret_file(path, second, LEN, error, ERROR_SIZE), 0);
	assert_memory_equal(first, second, LEN);
	assert_int_equal(secret_file(testing_path(state, "other"), other, LEN,
			     error, ERROR_SIZE),
	    0);
	assert_memory_not_equal(first, other, LEN);
}

static void
nothing_else_stays_in_the_directory(void **state)
{
	uint8_t bytes[LEN];
	char error[ERROR_SIZE];

	assert_int_equal(secret_file(testing_path(state, "key"), bytes, LEN,
			     error, ERROR_SIZE),
	    0);
	assert_int_equal(unlink(testing_path(state, "key")), 0);
	assert_int_equal(rmdir(*state), 0); /* it is empty */
	assert_int_equal(mkdir(*state, 0700), 0);
}

/* Refused with a word in the sentence, and nothing is left in bytes. */
static void
assert_refused(const char *path, const char *word)
{
	static const uint8_t zero[LEN];
	uint8_t bytes[LEN];
	char error[ERROR_SIZE] = "";

	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(secret_file(path, bytes, LEN, error, ERROR_SIZE), -1);
	assert_memory_equal(bytes, zero, LEN);
	if (strstr(error, word) == NULL || strstr(error, path) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", word, error);
}

static void
file_of_another_length_is_refused(void **state)
{
	static const char text[LEN + 1] = "0123456789012345678901234567890";
	const char *path = testing_path(state, "key");

	testing_write(path, text, LEN - 1, 0600);
	assert_refused(path, "wrong length");
	testing_write(path, text, LEN + 1, 0600);
	assert_refused(path, "wrong length");
	testing_write(path, "", 0, 0600);
	assert_refused(path, "wrong length");
}

static void
file_that_is_open_to_others_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0610, 0666 };
	static const char text[LEN + 1] = "01234567890123456789012345678901";
	const char *path = testing_path(state, "key");
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		testing_write(path, text, LEN, modes[i]);
		assert_refused(path, "open to others");
	}
}

static void
what_is_no_file_is_refused(void **state)
{
	const char *path = testing_path(state, "key");

	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(path, "regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, "regular file");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_refused(path, "symbolic link");
	assert_refused(testing_path(state, "none/key"), "cannot be made");
}

#define RACERS 8

struct racer {
	pthread_t thread;
	const char *path;
	uint8_t bytes[LEN];
	int rc;
};

static void *
race(void *arg)
{
	struct racer *racer = arg;
	char error[ERROR_SIZE];

	racer->rc = secret_file(
	    racer->path, racer->bytes, LEN, error, sizeof(error));
	return NULL;
}

static void
all_who_make_it_at_once_get_the_same(void **state)
{
	struct racer racers[RACERS];
	const char *path = testing_path(state, "key");
	int i;

	memset(racers, 0, sizeof(racers));
	for (i = 0; i < RACERS; i++) {
		racers[i].path = path;
		assert_int_equal(
		    pthread_create(&racers[i].thread, NULL, race, &racers[i]),
		    0);
	}
	for (i = 0; i < RACERS; i++)
		assert_int_equal(pthread_join(racers[i].thread, NULL), 0);
	for (i = 0; i < RACERS; i++) {
		assert_int_equal(racers[i].rc, 0);
		assert_memory_equal(racers[i].bytes, racers[0].bytes, LEN);
	}
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

static void
random_bytes_are_not_given_twice(void **state)
{
	enum { COUNT = 4000 };
	uint8_t(*drawn)[16] = calloc(COUNT, sizeof(*drawn));
	uint8_t big[5000];
	unsigned seen[256] = { 0 };
	size_t i;

	(void)state;
	assert_non_null(drawn);
	for (i = 0; i < COUNT; i++) {
		secret_random(drawn[i], 16);
		secret_random(big, i % 256); /* others in between */
	}
	qsort(drawn, COUNT, sizeof(*drawn), compare);
	for (i = 1; i < COUNT; i++)
		assert_memory_not_equal(drawn[i - 1], drawn[i], 16);
	free(drawn);
	memset(big, 0, sizeof(big));
	secret_random(big, sizeof(big));
	for (i = 0; i < sizeof(big); i++)
		seen[big[i]]++;
	for (i = 0; i < 256; i++)
		assert_true(seen[i] > 0); /* fails once in 10^6 times */
}

static int
child_draws(void *arg)
{
	int drawn = 0;

	(void)arg;
	secret_random(&drawn, sizeof(drawn));
	return drawn;
}

static void
forked_child_does_not_repeat_its_parent(void **state)
{
	int before, after = 0;

	(void)state;
	secret_random(&before, sizeof(before));
	before = testing_child(child_draws, NULL);
	secret_random(&after, sizeof(after));
	assert_int_not_equal(before, after); /* fails once in 4 * 10^9 times */
	assert_int_not_equal(before, testing_child(child_draws, NULL));
}

static void
uuid_is_of_version_four(void **state)
{
	struct uuid id, other;
	char text[UUID_TEXT_MAX + 1];

	(void)state;
	secret_uuid(&id);
	secret_uuid(&other);
	assert_false(uuid_equal(&id, &other));
	uuid_format(&id, text);
	assert_int_equal(text[14], '4');
	assert_non_null(strchr("89ab", text[19]));
}

/* -------- files -------- */

static void
publish_replaces_nothing(void **state)
{
	const char *from = testing_path(state, "from");
	const char *to = testing_path(state, "to");
	char *bytes = NULL;

	testing_write(from, "new", 3, 0600);
	testing_write(to, "old", 3, 0600);
	assert_int_equal(file_publish(from, to), -1);
	assert_int_equal(errno, EEXIST);
	testing_read(to, &bytes);
	assert_string_equal(bytes, "old");
	free(bytes);
	assert_int_equal(unlink(to), 0);
	assert_int_equal(file_publish(from, to), 0);
	assert_int_equal(testing_mode(from), -1);
	testing_read(to, &bytes);
	assert_string_equal(bytes, "new");
	free(bytes);
}

static void
sizes_and_syncs_tell_what_is_not_there(void **state)
{
	const char *path = testing_path(state, "file");

	assert_int_equal(file_size(path), 0);
	assert_int_equal(file_sync(path), -1);
	assert_int_equal(errno, ENOENT);
	testing_write(path, "four", 4, 0600);
	assert_int_equal(file_size(path), 4);
	assert_int_equal(file_sync(path), 0);
	assert_int_equal(file_sync_parent(path), 0);
	assert_int_equal(file_sync_parent("here"), 0);
	assert_int_equal(file_sync_parent("/here"), 0);
	assert_int_equal(file_size(testing_path(state, "file/below")), -1);
	assert_int_equal(errno, ENOTDIR);
}

static void
lock_is_held_until_it_is_closed(void **state)
{
	const char *path = testing_path(state, "lock");
	char error[ERROR_SIZE];
	int fd;

	fd = file_lock(path, error, sizeof(error));
	assert_int_not_equal(fd, -1);
	assert_int_equal(file_lock(path, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "in use"));
	close(fd);
	fd = file_lock(path, error, sizeof(error));
	assert_int_not_equal(fd, -1);
	close(fd);
	assert_int_equal(file_lock(*state, error, sizeof(error)), -1);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, testing_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(secret_is_made_once_and_kept),
		TEST(nothing_else_stays_in_the_directory),
		TEST(file_of_another_length_is_refused),
		TEST(file_that_is_open_to_others_is_refused),
		TEST(what_is_no_file_is_refused),
		TEST(all_who_make_it_at_once_get_the_same),
		TEST(random_bytes_are_not_given_twice),
		TEST(forked_child_does_not_repeat_its_parent),
		TEST(uuid_is_of_version_four),
		TEST(publish_replaces_nothing),
		TEST(sizes_and_syncs_tell_what_is_not_there),
		TEST(lock_is_held_until_it_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
