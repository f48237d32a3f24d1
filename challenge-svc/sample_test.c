/*
 * The sampler's command line and its lines.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "challenge-svc/sample.h"
#include "common/testing.h"

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
		{ { "x", "--sample", "5", "--level", "easy", "--seed", "1",
		      "--answers", "--plain" },
		    "one of them" },
		{ { "x", "--sample", "5", "--level", "easy", "--seed", "1",
		      "--check" },
		    "--check" },
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

static void
trees_are_printed_when_asked_for(void **state)
{
	static const char *const args[] = { "challenge-svc", "--sample", "3",
		"--level", "easy", "--seed", "5", "--trees", NULL };
	static char output[OUTPUT_MAX];
	const char *tree = NULL;
	int depth = 0;

	(void)state;
	assert_int_equal(run(stdout, output, args), 0);
	assert_null(strstr(output, "\"answer\""));
	tree = strstr(output, "\"tree\":\"(");
	assert_non_null(tree);
	for (tree += strlen("\"tree\":\""); *tree != '"'; tree++)
		depth += (*tree == '(') - (*tree == ')');
	assert_int_equal(depth, 0);
}

static void
pairs_come_in_twos_for_every_operation(void **state)
{
	static const char *const args[] = { "challenge-svc", "--sample", "1",
		"--level", "easy,medium", "--seed", "5", "--pairs", "--answers",
		NULL };
	static char output[OUTPUT_MAX];
	const char *c = NULL;
	int lines = 0;

	(void)state;
	assert_int_equal(run(stdout, output, args), 0);
	for (c = output; *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines % 2, 0);
	assert_true(lines > 70);
	assert_null(strstr(output, "\"level\":\"easy\""));
}

/* What --plain prints, answered from what --answers prints, is all right. */
static void
a_file_of_answers_is_scored(void **state)
{
	static const char *const plain[] = { "challenge-svc", "--sample", "4",
		"--level", "easy,hard", "--seed", "5", "--plain", NULL };
	static const char *const full[] = { "challenge-svc", "--sample", "4",
		"--level", "easy,hard", "--seed", "5", "--answers", NULL };
	const char *check[] = { "challenge-svc", "--sample", "4", "--level",
		"easy,hard", "--seed", "5", "--check", NULL, NULL };
	static char output[OUTPUT_MAX], text[256];
	const char *at = output;
	size_t used = 0;
	int i;

	(void)state;
	assert_int_equal(run(stdout, output, plain), 0);
	assert_non_null(strstr(output, "\n1. Text: "));
	assert_non_null(strstr(output, "\n8. Text: "));
	assert_null(strstr(output, "\n9. Text: "));

	/* The second is wrong, the seventh is missing. */
	assert_int_equal(run(stdout, output, full), 0);
	used = (size_t)snprintf(text, sizeof(text), "Here are my answers\n");
	for (i = 1; i <= 8; i++) {
		at = strstr(at, "\"answer\":");
		assert_non_null(at);
		at += strlen("\"answer\":");
		if (i != 7)
			used += (size_t)snprintf(text + used,
			    sizeof(text) - used, "%d%s %ld\n", i,
			    i % 2 == 0 ? "." : ":",
			    i == 2 ? 77777L : strtol(at, NULL, 10));
	}
	check[8] = testing_path(state, "answers");
	testing_write(check[8], text, used, 0600);
	assert_int_equal(run(stdout, output, check), 0);
	assert_non_null(strstr(output, "2: 77777 is wrong (other)"));
	assert_non_null(strstr(output, "7: no answer"));
	assert_non_null(strstr(output, "easy: 3 of 4 right\n"));
	assert_non_null(strstr(output, "hard: 3 of 4 right\n"));

	check[8] = testing_path(state, "nowhere");
	assert_int_equal(run(stderr, output, check), 1);
	assert_non_null(strstr(output, "nowhere"));
}

static void
measures_name_each_level(void **state)
{
	static const char *const args[] = { "challenge-svc", "--sample", "500",
		"--level", "easy,hard", "--seed", "5", "--measure", NULL };
	static char output[OUTPUT_MAX];
	unsigned long structures;

	(void)state;
	assert_int_equal(run(stdout, output, args), 0);
	assert_int_equal(strncmp(output, "easy", 4), 0);
	assert_non_null(strstr(output, "\nhard"));
	structures = strtoul(strstr(output, "\nhard") + 5, NULL, 10);
	assert_in_range(structures, 300, 500);
}

static void
bad_packs_are_refused_by_file_and_line(void **state)
{
	const char *args[] = { "challenge-svc", "--sample", "1", "--level",
		"easy", "--seed", "1", "--packs", *state, NULL };
	static const char bad[] = "sum do\n\tsum {b}\n";
	static char output[OUTPUT_MAX];

	assert_int_equal(run(stdout, output, args), 0);
	testing_write(
	    testing_path(state, "own.pack"), bad, sizeof(bad) - 1, 0600);
	assert_int_equal(run(stderr, output, args), 2);
	assert_non_null(strstr(output, "own.pack:2: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_arguments_print_the_same_lines),
		cmocka_unit_test(lines_have_the_documented_keys_in_order),
		cmocka_unit_test(bad_command_lines_are_refused_by_name),
		cmocka_unit_test(trees_are_printed_when_asked_for),
		cmocka_unit_test(pairs_come_in_twos_for_every_operation),
		TESTING(a_file_of_answers_is_scored),
		cmocka_unit_test(measures_name_each_level),
		TESTING(bad_packs_are_refused_by_file_and_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
