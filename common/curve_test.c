/*
 * Tests of the keys of CURVE: their files, their names, the list of those who
 * may connect.
 */
#include "common/testing.h"

#include <sys/stat.h>

#include "common/curve.h"
#include "common/secret.h"

#define ERROR_SIZE 512

static int
setup(void **state)
{
	return secret_init() == 0 ? testing_setup(state) : -1;
}

static void
make(void **state, const char *name)
{
	char error[ERROR_SIZE] = "";

	if (curve_make(*state, name, error, sizeof(error)) != 0)
		fail_msg("%s", error);
}

static void
pair_that_was_made_is_read_again(void **state)
{
	struct curve_pair pair, again;
	uint8_t key[CURVE_KEY_BYTES];
	char text[CURVE_TEXT_BYTES + 1], error[ERROR_SIZE] = "";
	char *file = NULL;

	make(state, "auth");
	assert_int_equal(testing_mode(testing_path(state, "auth.key")), 0600);
	assert_int_equal(testing_mode(testing_path(state, "auth.pub")), 0644);
	assert_int_equal(
	    curve_load_pair(*state, "auth", &pair, error, sizeof(error)), 0);
	assert_int_equal(
	    curve_load_public(*state, "auth", key, error, sizeof(error)), 0);
	assert_memory_equal(pair.public_key, key, CURVE_KEY_BYTES);
	assert_memory_not_equal(pair.secret_key, key, CURVE_KEY_BYTES);
	assert_int_equal(testing_read(testing_path(state, "auth.pub"), &file),
	    CURVE_TEXT_BYTES + 1);
	curve_format(key, text);
	assert_memory_equal(file, text, CURVE_TEXT_BYTES);
	free(file);
	make(state, "analytics");
	assert_int_equal(
	    curve_load_pair(*state, "analytics", &again, error, sizeof(error)),
	    0);
	assert_memory_not_equal(
	    pair.secret_key, again.secret_key, CURVE_KEY_BYTES);
}

static void
what_is_there_is_not_replaced(void **state)
{
	char error[ERROR_SIZE] = "";
	struct curve_pair pair, again;

	make(state, "gateway");
	assert_int_equal(
	    curve_load_pair(*state, "gateway", &pair, error, sizeof(error)), 0);
	assert_int_equal(
	    curve_make(*state, "gateway", error, sizeof(error)), -1);
	assert_non_null(strstr(error, "gateway.pub: File exists"));
	assert_int_equal(unlink(testing_path(state, "gateway.pub")), 0);
	assert_int_equal(
	    curve_make(*state, "gateway", error, sizeof(error)), -1);
	assert_non_null(strstr(error, "gateway.key: File exists"));
	/* Half a pair is not left behind, either. */
	assert_int_equal(testing_mode(testing_path(state, "gateway.pub")), -1);
	assert_int_equal(
	    curve_load_pair(*state, "gateway", &again, error, sizeof(error)),
	    0);
	assert_memory_equal(&pair, &again, sizeof(pair));
}

static void
names_are_those_of_processes(void **state)
{
	static const char *const good[] = { "auth", "analytics", "challenge-0",
		"challenge-63", "gateway", "gateway-a", "gateway-eu-2" };
	static const char *const bad[] = { "", "Auth", "auth2", "gatway",
		"gateway-", "gateway-A", "gateway_a", "gatewaya", "gateway-a.b",
		"gateway-/x", "../auth", "challenge", "challenge-",
		"challenge-64", "challenge-00", "challenge--1", "challenge-1x",
		"challenge- 1", "challenge-+1",
		"gateway-0123456789012345678901234567890123456789x" };
	char error[ERROR_SIZE] = "";

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!curve_name_valid(good[i]))
			fail_msg("%s is refused", good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (curve_name_valid(bad[i]))
			fail_msg("%s is taken", bad[i]);
		assert_int_equal(
		    curve_make(*state, bad[i], error, sizeof(error)), -1);
	}
	assert_true(curve_name_is_gateway("gateway-a"));
	assert_false(curve_name_is_gateway("auth"));
}

/* NAME.key with these bytes and mode is refused, with the word said. */
static void
want_refused(void **state, const char *text, mode_t mode, const char *word)
{
	static const uint8_t zeros[CURVE_KEY_BYTES];
	char error[ERROR_SIZE] = "";
	struct curve_pair pair;

	testing_write(
	    testing_path(state, "auth.key"), text, strlen(text), mode);
	if (curve_load_pair(*state, "auth", &pair, error, sizeof(error)) != -1)
		fail_msg("\"%s\" (%o) is taken", text, (unsigned)mode);
	if (strstr(error, word) == NULL || strstr(error, "auth.key") == NULL)
		fail_msg("\"%s\" is not in \"%s\"", word, error);
	if (mode == 0600)
		assert_memory_equal(pair.secret_key, zeros, CURVE_KEY_BYTES);
}

#define TEN  "0123456789"
#define GOOD TEN TEN TEN TEN "010="

static void
secret_files_must_be_closed_and_whole(void **state)
{
	char error[ERROR_SIZE] = "";
	struct curve_pair pair;

	assert_int_equal(
	    curve_load_pair(*state, "auth", &pair, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "auth.key: No such file"));
	testing_write(
	    testing_path(state, "auth.key"), GOOD, strlen(GOOD), 0600);
	assert_int_equal(
	    curve_load_pair(*state, "auth", &pair, error, sizeof(error)), 0);
	want_refused(state, GOOD, 0640, "open to others");
	want_refused(state, GOOD, 0604, "open to others");
	want_refused(state, GOOD, 0660, "open to others");
	want_refused(state, "", 0600, "44 characters");
	want_refused(state, TEN TEN TEN "0", 0600, "44 characters");
	want_refused(state, GOOD "0", 0600, "44 characters");
	want_refused(state, GOOD "\n\n", 0600, "44 characters");
	want_refused(state, GOOD GOOD, 0600, "44 characters");
	want_refused(state, TEN TEN TEN TEN "01-=", 0600, "base64");
	want_refused(state, TEN TEN TEN TEN "01==", 0600, "base64");
	want_refused(state, TEN TEN TEN TEN "0123", 0600, "base64");
	want_refused(state, TEN TEN TEN "01234 6789010=", 0600, "base64");
	assert_int_equal(unlink(testing_path(state, "auth.key")), 0);
	assert_int_equal(
	    symlink("elsewhere", testing_path(state, "auth.key")), 0);
	assert_int_equal(
	    curve_load_pair(*state, "auth", &pair, error, sizeof(error)), -1);
	assert_int_equal(unlink(testing_path(state, "auth.key")), 0);
	assert_int_equal(mkfifo(testing_path(state, "auth.key"), 0600), 0);
	assert_int_equal(
	    curve_load_pair(*state, "auth", &pair, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "not a regular file"));
}

static void
list_has_the_keys_of_the_directory(void **state)
{
	static const char *const names[] = { "auth", "challenge-0", "gateway",
		"gateway-b" };
	static const uint8_t stranger[CURVE_KEY_BYTES] = { 1 };
	struct curve_list *all = NULL, *gateways = NULL;
	uint8_t key[CURVE_KEY_BYTES];
	char error[ERROR_SIZE] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		make(state, names[i]);
	testing_write(testing_path(state, "README"), "x", 1, 0644);
	all = curve_list_load(*state, false, error, sizeof(error));
	gateways = curve_list_load(*state, true, error, sizeof(error));
	assert_non_null(all);
	assert_non_null(gateways);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(curve_load_public(*state, names[i], key, error,
				     sizeof(error)),
		    0);
		assert_string_equal(curve_list_find(all, key), names[i]);
		if (i < 2)
			assert_null(curve_list_find(gateways, key));
		else
			assert_string_equal(
			    curve_list_find(gateways, key), names[i]);
	}
	assert_null(curve_list_find(all, stranger));
	curve_list_free(&all);
	curve_list_free(&gateways);
	assert_null(all);
}

static void
list_that_is_not_right_is_refused(void **state)
{
	char error[ERROR_SIZE] = "";

	make(state, "gateway");
	assert_null(curve_list_load(
	    testing_path(state, "none"), false, error, sizeof(error)));
	assert_non_null(strstr(error, "none: No such file"));
	testing_write(testing_path(state, "gatway.pub"), GOOD, 44, 0644);
	assert_null(curve_list_load(*state, true, error, sizeof(error)));
	assert_non_null(strstr(error, "gatway.pub: is the name of no process"));
	assert_int_equal(unlink(testing_path(state, "gatway.pub")), 0);
	testing_write(testing_path(state, "gateway-b.pub"), GOOD, 43, 0644);
	assert_null(curve_list_load(*state, true, error, sizeof(error)));
	assert_non_null(strstr(error, "gateway-b.pub: is not a key"));
	assert_int_equal(unlink(testing_path(state, "gateway-b.pub")), 0);
	assert_int_equal(chmod(*state, 0770), 0);
	assert_null(curve_list_load(*state, true, error, sizeof(error)));
	assert_non_null(strstr(error, "can be written by others"));
	assert_int_equal(chmod(*state, 0700), 0);
}

#define KEYS(name) \
	cmocka_unit_test_setup_teardown(name, setup, testing_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS(pair_that_was_made_is_read_again),
		KEYS(what_is_there_is_not_replaced),
		KEYS(names_are_those_of_processes),
		KEYS(secret_files_must_be_closed_and_whole),
		KEYS(list_has_the_keys_of_the_directory),
		KEYS(list_that_is_not_right_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
