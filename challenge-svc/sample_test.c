/*
 * The sampler's command line and its lines.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "challenge-svc/sample.h"

#define ARGS_MAX   12
#define OUTPUT_MAX 65536

/* Runs the sampler with a stream of this process turned into a file. */
static int
run(FILE *stream, char *output, const char *const *args)
{
	char *argv[ARGS_MAX] = { NULL };
	FILE *file = NULL;
	size_t size;
	int argc, kept, status;

	for (argc = 0; args[argc] != NULL; argc++) {
		argv[argc] = strdup(args[argc]);
		assert_non_null(argv[argc]);
	}

	file = tmpfile();
	assert_non_null(file);
	assert_int_equal(fflush(stream), 0);
	kept = dup(fileno(stream));
	assert_true(kept >= 0);
	assert_true(dup2(fileno(file), fileno(stream)) >= 0);

	status = sample_main(argc, argv);

	assert_int_equal(fflush(stream), 0);
	assert_true(dup2(kept, fileno(stream)) >= 0);
	assert_int_equal(close(kept), 0);
	rewind(file);
	size = fread(output, 1, OUTPUT_MAX - 1, file);
	output[size] = '\0';
	assert_int_equal(fclose(file), 0);
	while (argc > 0)
		free(argv[--argc]);

	return status;
}

static void
same_arguments_print_the_same_lines(void **state)
{
	static const char *const args[] = { "challenge-svc", "--sample", "20",
		"--level", "easy,hard", "--seed", "18446744073709551615",
		NULL };
	static char first[OUTPUT_MAX], second[OUTPUT_MAX];
	const char *c = NULL;
	int lines = 0;

	(void)state;
	assert_int_equal(run(stdout, first, args), 0);
	assert_int_equal(run(stdout, second, args), 0);
	assert_string_equal(first, second);
	for (c = first; *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 40);
	assert_null(strstr(first, "answer\""));
}

static void
lines_have_the_documented_keys_in_order(void **state)
{
	static const char *const args[] = { "challenge-svc", "--sample", "1",
		"--level", "medium", "--seed", "0", "--answers", NULL };
	static const char *const keys[] = { "{\"text\":\"", ",\"digits\":[",
		"],\"instruction\":\"", ",\"operationId\":\"",
		",\"level\":\"medium\"",
		",\"humanTimeMs\":", ",\"answer\":", "}\n" };
	static char output[OUTPUT_MAX];
	const char *at = output;
	size_t i;

	(void)state;
	assert_int_equal(run(stdout, output, args), 0);
	assert_int_equal(strncmp(output, keys[0], strlen(keys[0])), 0);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		at = strstr(at, keys[i]);
		assert_non_null(at);
		at += strlen(keys[i]);
	}
	assert_int_equal(*at, '\0');
}

static void
bad_command_lines_are_refused_by_name(void **state)
{
	static const struct {
		const char *args[ARGS_MAX];
		const char *named;
	} cases[] = {
		{ { "x", "--sample" }, "--sample" },
		{ { "x", "--sample", "0", "--level", "easy", "--seed", "1" },
		    "--sample" },
		{ { "x", "--sample", "-1", "--level", "easy", "--seed", "1" },
		    "--sample" },
		{ { "x", "--sample", "5x", "--level", "easy", "--seed", "1" },
		    "5x" },
		{ { "x", "--sample", "5", "--seed", "1" }, "--level" },
		{ { "x", "--sample", "5", "--level", "easy" }, "--seed" },
		{ { "x", "--sample", "5", "--level", "simple", "--seed", "1" },
		    "simple" },
		{ { "x", "--sample", "5", "--level", "easy,", "--seed", "1" },
		    "easy," },
		{ { "x", "--sample", "5", "--level", "easy", "--seed",
		      "18446744073709551616" },
		    "--seed" },
		{ { "x", "--sample", "5", "--level", "easy", "--seed", "1",
		      "--loud" },
		    "--loud" },
	};
	static char output[OUTPUT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(run(stderr, output, cases[i].args), 2);
		assert_non_null(strstr(output, cases[i].named));
		assert_non_null(strstr(output, "usage:"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_arguments_print_the_same_lines),
		cmocka_unit_test(lines_have_the_documented_keys_in_order),
		cmocka_unit_test(bad_command_lines_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
