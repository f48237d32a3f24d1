/*
 * Tests of log lines: one call is one line, whatever is in it.
 */

#include "common/testing.h"

#include <errno.h>
#include <regex.h>

#include "common/log.h"

#define HEAD \
	"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z "

static int saved_error = -1;

/* Sends standard error into a file. */
static int
capture(void **state)
{
	int fd;

	if (testing_setup(state) == -1)
		return -1;
	saved_error = dup(STDERR_FILENO);
	fd = open(
	    testing_path(state, "log"), O_CREAT | O_RDWR | O_APPEND, 0600);
	if (saved_error == -1 || fd == -1 || dup2(fd, STDERR_FILENO) == -1)
		return -1;
	close(fd);
	log_open("test-svc", LOG_LEVEL_INFO);
	return 0;
}

static int
release(void **state)
{
	dup2(saved_error, STDERR_FILENO);
	close(saved_error);
	return testing_teardown(state);
}

/* What was logged, to be freed; asserts that it is so many lines. */
static char *
logged(void **state, int lines)
{
	char *text = NULL, *p;
	ssize_t len;
	int count = 0;

	len = testing_read(testing_path(state, "log"), &text);
	assert_true(len >= 0);
	for (p = text; *p != '\0'; p++) {
		if (*p == '\n')
			count++;
		else
			assert_true(*p >= 0x20 && *p < 0x7f);
	}
	assert_int_equal(count, lines);
	if (len > 0)
		assert_int_equal(text[len - 1], '\n');
	return text;
}

static void
assert_matches(const char *text, const char *pattern)
{
	regex_t regex;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&regex, text, 0, NULL, 0) != 0)
		fail_msg("\"%s\" does not match \"%s\"", text, pattern);
	regfree(&regex);
}

static void
line_has_time_process_level_and_request(void **state)
{
	struct uuid id;
	char *text;

	assert_int_equal(
	    uuid_parse(&id, "5f0c0000-1111-4222-8333-444455556666"), 0);
	log_info(&id, "signed in account=%d", 7);
	log_error(NULL, "%s", "bad");
	text = logged(state, 2);
	assert_matches(text,
	    HEAD "test-svc info "
		 "5f0c0000-1111-4222-8333-444455556666 signed in account=7\n");
	assert_matches(strchr(text, '\n') + 1, HEAD "test-svc error - bad\n$");
	free(text);
}

static void
control_characters_are_escaped(void **state)
{
	char *text;

	log_warning(NULL, "a\nb\r\tc\x1b[31m\x7f\xc2\x9b\\n d");
	text = logged(state, 1);
	assert_non_null(
	    strstr(text, " a\\nb\\x0d\\x09c\\x1b[31m\\x7f\\xc2\\x9b\\\\n d\n"));
	free(text);
}

static void
long_message_is_cut_to_one_line(void **state)
{
	char *message = malloc(10001), *text;

	assert_non_null(message);
	memset(message, 'x', 10000);
	message[10000] = '\0';
	log_error(NULL, "%s", message);
	text = logged(state, 1);
	assert_true(strlen(text) <= 2048);
	assert_true(strlen(text) > 2000);
	assert_string_equal(text + strlen(text) - 5, "x...\n");
	free(text);

	memset(message, '\n', 10000);
	assert_int_equal(truncate(testing_path(state, "log"), 0), 0);
	log_error(NULL, "%s", message);
	text = logged(state, 1);
	assert_true(strlen(text) <= 2048);
	assert_string_equal(text + strlen(text) - 6, "\\n...\n");
	free(text);
	free(message);
}

static void
less_important_lines_are_not_written(void **state)
{
	char *text;

	log_debug(NULL, "no");
	log_open("test-svc", LOG_LEVEL_ERROR);
	log_info(NULL, "no");
	log_warning(NULL, "no");
	log_error(NULL, "yes");
	text = logged(state, 1);
	free(text);
}

static void
errno_is_kept(void **state)
{
	(void)state;
	errno = ENOSPC;
	close(STDERR_FILENO);
	log_error(NULL, "nobody reads this");
	assert_int_equal(errno, ENOSPC);
}

static void
levels_have_names(void **state)
{
	enum log_level level = LOG_LEVEL_ERROR;

	(void)state;
	assert_int_equal(log_level_parse("debug", &level), 0);
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_int_equal(log_level_parse("error", &level), 0);
	assert_int_equal(level, LOG_LEVEL_ERROR);
	assert_int_equal(log_level_parse("Info", &level), -1);
	assert_int_equal(log_level_parse("", &level), -1);
	assert_int_equal(level, LOG_LEVEL_ERROR);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, capture, release)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(line_has_time_process_level_and_request),
		TEST(control_characters_are_escaped),
		TEST(long_message_is_cut_to_one_line),
		TEST(less_important_lines_are_not_written),
		TEST(errno_is_kept),
		TEST(levels_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
