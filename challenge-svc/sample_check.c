/*
 * Scoring a file of answers: see sample.h.
 *
 * The file is what came out of somebody or something that was given --plain:
 * lines "NUMBER: ANSWER".  Between the two may stand a colon, a full stop or
 * spaces, behind them a full stop; other lines are passed over.  Of two lines
 * with one number the later counts.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/sample.h"
#include "proto/proto.h"

#define LINE_SIZE 512
#define NO_ANSWER INT64_MIN

/* Reads "NUMBER: ANSWER"; false for any other line. */
static bool
read_line(const char *line, uint64_t *number, int64_t *answer)
{
	char *end = NULL;

	errno = 0;
	line += strspn(line, " \t");
	if (*line < '0' || *line > '9')
		return false;
	*number = strtoull(line, &end, 10);
	line = end + strspn(end, ".:) \t");
	if (line == end || errno != 0)
		return false;
	*answer = strtoll(line, &end, 10);
	if (end == line || errno != 0)
		return false;
	end += *end == '.';

	return end[strspn(end, " \t\r\n")] == '\0';
}

static int
read_answers(const char *path, int64_t *answers, uint64_t count)
{
	char line[LINE_SIZE];
	FILE *file = fopen(path, "re");
	uint64_t number, i;
	int64_t answer;
	int status;

	if (file == NULL)
		return -1;
	for (i = 0; i < count; i++)
		answers[i] = NO_ANSWER;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (read_line(line, &number, &answer) && number >= 1 &&
		    number <= count)
			answers[number - 1] = answer;
	}
	status = ferror(file) ? -1 : 0;
	if (fclose(file) != 0)
		status = -1;

	return status;
}

/* What is known about a wrong answer, in the words of the analytics. */
static const char *
misreading_of(const struct instance *instance, int64_t answer)
{
	const struct challenge_slip *slip = instance->slips.slip;
	uint32_t i;
	uint8_t how = MISREAD_NOTHING;

	for (i = 0; i < instance->slips.count; i++) {
		if (slip[i].answer == answer)
			how = slip[i].misreading;
	}

	return proto_enum_text(&proto_enum_misreading, how);
}

static int
print_wrong(const struct instance *instance, uint64_t number, int64_t answer)
{
	if (answer == NO_ANSWER)
		return printf("%" PRIu64 ": no answer, right is %" PRId64 "\n",
		    number, instance->answer);

	return printf("%" PRIu64 ": %" PRId64
		      " is wrong (%s), right is %" PRId64 ": %s (%s)\n",
	    number, answer, misreading_of(instance, answer), instance->answer,
	    instance->instruction, instance->text);
}

int
sample_check(
    const struct sample_options *options, const struct phrasebook *book)
{
	const uint64_t count = options->count * options->levels;
	struct instance instance;
	int64_t *answers = NULL;
	uint64_t i, right, number = 0;
	size_t level;
	int status = 1;

	answers = calloc(count, sizeof(*answers));
	if (answers == NULL ||
	    read_answers(options->check, answers, count) != 0) {
		fprintf(stderr, "challenge-svc --check: %s: %s\n",
		    options->check, strerror(errno));
		goto out;
	}
	for (level = 0; level < options->levels; level++) {
		right = 0;
		for (i = 0; i < options->count; i++, number++) {
			sample_draw(&instance, book, options->level[level],
			    options->seed, i);
			if (answers[number] == instance.answer)
				right++;
			else if (print_wrong(&instance, number + 1,
				     answers[number]) < 0)
				goto out;
		}
		if (printf("%s: %" PRIu64 " of %" PRIu64 " right\n",
			challenge_level_name(options->level[level]), right,
			options->count) < 0)
			goto out;
	}
	status = fflush(stdout) == 0 ? 0 : 1;
out:
	free(answers);

	return status;
}
