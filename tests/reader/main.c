/*
 * The oracle as a program.
 *
 *   oracle < challenge.json	one object on standard input: prints its answer
 *   oracle --lines		one object a line: checks those with an answer,
 *				prints "N agreed, M disagreed"
 *   oracle --pack FILE ...	knows the phrases of a private pack too; before
 *				--lines, any number of times
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

/* The content of a file as a string to be freed, NULL with a message. */
static char *
read_file(const char *name)
{
	FILE *file = NULL;
	char *text = NULL;
	size_t room = 0;
	ssize_t size = -1;

	file = fopen(name, "r");
	if (file != NULL)
		size = getdelim(&text, &room, '\0', file);
	if (file == NULL || ferror(file) || text == NULL) {
		fprintf(stderr, "oracle: cannot read %s\n", name);
		free(text);
		text = NULL;
	} else if (size == -1) {
		*text = '\0'; /* an empty file */
	}
	if (file != NULL)
		(void)fclose(file);

	return text;
}

static int
add_pack(const char *name)
{
	char why[WHY_SIZE] = "";
	char *text = NULL;
	int status;

	text = read_file(name);
	if (text == NULL)
		return -1;
	status = oracle_add_pack(name, text, why, sizeof(why));
	if (status != 0)
		fprintf(stderr, "oracle: %s\n", why);
	free(text);

	return status;
}

int
main(int argc, char **argv)
{
	int i = 1;

	for (; i + 1 < argc && strcmp(argv[i], "--pack") == 0; i += 2) {
		if (add_pack(argv[i + 1]) != 0)
			return EXIT_FAILURE;
	}
	if (i == argc)
		return answer_one();
	if (i + 1 == argc && strcmp(argv[i], "--lines") == 0)
		return check_lines();

	fprintf(stderr, "usage: oracle [--pack FILE]... [--lines]\n");

	return 2;
}
