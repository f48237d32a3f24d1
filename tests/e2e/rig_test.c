/*
 * The rig itself: what processes leave behind fails the test that started them.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/rig.h"

static void
good_end_is_a_success(void **state)
{
	struct rig *rig = rig_start(NULL);
	char dir[256];

	(void)state;
	assert_true(snprintf(dir, sizeof(dir), "%s", rig_dir(rig)) > 0);
	assert_int_equal(rig_stop(&rig), 0);
	assert_null(rig);
	assert_int_equal(rig_stop(&rig), 0);
	assert_int_not_equal(access(dir, F_OK), 0);
}

static void
want_report_to_fail(const char *line)
{
	struct rig *rig = rig_start(NULL);
	char path[512];
	FILE *log = NULL;

	snprintf(path, sizeof(path), "%s/challenge-0.log", rig_dir(rig));
	log = fopen(path, "a");
	assert_non_null(log);
	fprintf(log, "%s\n", line);
	assert_int_equal(fclose(log), 0);
	assert_int_equal(rig_stop(&rig), -1);
}

static void
sanitizer_report_is_a_failure(void **state)
{
	(void)state;
	want_report_to_fail("==7==ERROR: AddressSanitizer: planted");
	want_report_to_fail("a.c:1:2: runtime error: planted");
	want_report_to_fail("==7==ERROR: LeakSanitizer: planted");
}

static void
process_that_died_is_a_failure(void **state)
{
	struct rig *rig = rig_start(NULL);

	(void)state;
	assert_int_equal(kill(rig_pid(rig, RIG_AUTH), SIGKILL), 0);
	assert_int_equal(rig_stop(&rig), -1);
}

static void
socket_that_was_left_is_a_failure(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct rig *rig = rig_start(NULL);
	int fd;

	(void)state;
	assert_true(
	    snprintf(address.sun_path, sizeof(address.sun_path),
		"%s/d/run/left", rig_dir(rig)) < (int)sizeof(address.sun_path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(rig_stop(&rig), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_end_is_a_success),
		cmocka_unit_test(sanitizer_report_is_a_failure),
		cmocka_unit_test(process_that_died_is_a_failure),
		cmocka_unit_test(socket_that_was_left_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
