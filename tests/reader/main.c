/*
 * The oracle as a program.
 *
 *   oracle < challenge.json	one object on standard input: prints its answer
 *   oracle --lines		one object a line: checks those with an answer,
 *				prints "N agreed, M disagreed"
 *
 * Of an object only text and instruction are read, and answer by --lines; the
 * rest is ignored, the digits and the operation above all.  Exits 0, 1 when a
 * challenge has no single answer or a line disagrees, 2 for bad usage.
 */

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reader/oracle.h"

#define WHY_SIZE 128

/* Answers a challenge object; on failure the reason is in why. */
static int
solve_object(const json_t *object, int64_t *answer, char *why)
{
	const char *text = NULL, *instruction = NULL;

	text = json_string_value(json_object_get(object, "text"));
	instruction = json_string_value(json_object_get(object, "instruction"));
	if (text == NULL || instruction == NULL) {
		(void)snprintf(
		    why, WHY_SIZE, "text and instruction must be strings");
		return -1;
	}

	return oracle_solve(text, instruction, answer, why, WHY_SIZE);
}

static int
answer_one(void)
{
	json_error_t error;
	json_t *object = NULL;
	char why[WHY_SIZE] = "";
	int64_t answer;
	int status = EXIT_FAILURE;

	object = json_loadf(stdin, 0, &error);
	if (object == NULL) {
		fprintf(
		    stderr, "oracle: line %d: %s\n", error.line, error.text);
		return EXIT_FAILURE;
	}

	if (solve_object(object, &answer, why) != 0)
		fprintf(stderr, "oracle: %s\n", why);
	else if (printf("%" PRId64 "\n", answer) > 0 && fflush(stdout) == 0)
		status = EXIT_SUCCESS;
	json_decref(object);

	return status;
}

/* 0 when the line's answer is the oracle's, -1 with a message when not. */
static int
check_line(const char *line, unsigned long number)
{
	json_error_t error;
	json_t *object = NULL;
	const json_t *given = NULL;
	char why[WHY_SIZE] = "";
	int64_t answer = 0;
	int status = -1;

	object = json_loads(line, 0, &error);
	if (object == NULL) {
		fprintf(stderr, "oracle: line %lu: %s\n", number, error.text);
		return -1;
	}

	given = json_object_get(object, "answer");
	if (solve_object(object, &answer, why) != 0)
		fprintf(stderr, "oracle: line %lu: %s: %s", number, why, line);
	else if (given != NULL &&
	    (!json_is_integer(given) || json_integer_value(given) != answer))
		fprintf(stderr, "oracle: line %lu: answer is %" PRId64 ": %s",
		    number, answer, line);
	else
		status = 0;
	json_decref(object);

	return status;
}

static int
check_lines(void)
{
	char *line = NULL;
	size_t room = 0;
	unsigned long agreed = 0, disagreed = 0;

	while (getline(&line, &room, stdin) != -1) {
		if (check_line(line, agreed + disagreed + 1) == 0)
			agreed++;
		else
			disagreed++;
	}
	free(line);
	if (ferror(stdin)) {
		fprintf(stderr, "oracle: cannot read standard input\n");
		return EXIT_FAILURE;
	}
	printf("%lu agreed, %lu disagreed\n", agreed, disagreed);

	return disagreed == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS
						     : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 1)
		return answer_one();
	if (argc == 2 && strcmp(argv[1], "--lines") == 0)
		return check_lines();

	fprintf(stderr, "usage: oracle [--lines]\n");

	return 2;
}
