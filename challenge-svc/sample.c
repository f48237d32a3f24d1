/*
 * The sampler: see sample.h.
 */

#include "challenge-svc/sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/lang/pairs.h"
#include "challenge-svc/pack_files.h"

static int
usage(const char *what, const char *value)
{
	fprintf(stderr,
	    "challenge-svc --sample: %s%s%s\n"
	    "usage: challenge-svc --sample N --level easy,medium,hard "
	    "--seed S [--packs DIR]\n"
	    "           [--answers] [--trees] [--pairs] | [--plain] | "
	    "[--check FILE] | [--measure]\n",
	    what, value == NULL ? "" : ": ", value == NULL ? "" : value);

	return 2;
}

/* Decimal figures only: no sign, no space, no overflow. */
static int
parse_number(const char *text, uint64_t *out)
{
	char *end = NULL;
	unsigned long long value;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0')
		return -1;
	*out = value;

	return 0;
}

static int
parse_levels(const char *text, struct sample_options *options)
{
	char name[16];
	size_t size;

	options->levels = 0;
	for (;;) {
		size = strcspn(text, ",");
		if (size >= sizeof(name) ||
		    options->levels == SAMPLE_LEVELS_MAX)
			return -1;
		memcpy(name, text, size);
		name[size] = '\0';
		if (challenge_level_parse(
			name, &options->level[options->levels]) != 0)
			return -1;
		options->levels++;
		if (text[size] == '\0')
			return 0;
		text += size + 1;
	}
}

/* A flag without a value; false for none of them. */
static bool
parse_switch(const char *flag, struct sample_options *options)
{
	if (strcmp(flag, "--answers") == 0)
		options->answers = true;
	else if (strcmp(flag, "--trees") == 0)
		options->trees = true;
	else if (strcmp(flag, "--pairs") == 0)
		options->pairs = true;
	else if (strcmp(flag, "--plain") == 0)
		options->plain = true;
	else if (strcmp(flag, "--measure") == 0)
		options->measure = true;
	else
		return false;

	return true;
}

/* A flag and its value: 0, or the exit status. */
static int
parse_valued(
    const char *flag, const char *value, struct sample_options *options)
{
	if (strcmp(flag, "--sample") == 0) {
		if (parse_number(value, &options->count) != 0 ||
		    options->count == 0 || options->count > SAMPLE_COUNT_MAX)
			return usage("--sample must be a number from "
				     "1 to 10000000, not",
			    value);
	} else if (strcmp(flag, "--level") == 0) {
		if (parse_levels(value, options) != 0)
			return usage("--level must list easy, medium "
				     "or hard, not",
			    value);
	} else if (strcmp(flag, "--seed") == 0) {
		if (parse_number(value, &options->seed) != 0)
			return usage("--seed must be a number below "
				     "2^64, not",
			    value);
		options->has_seed = true;
	} else if (strcmp(flag, "--packs") == 0) {
		options->packs = value;
	} else if (strcmp(flag, "--check") == 0) {
		options->check = value;
	} else {
		return usage("unknown argument", flag);
	}

	return 0;
}

static int
parse_options(int argc, char **argv, struct sample_options *options)
{
	int i, status;

	for (i = 1; i < argc; i++) {
		if (parse_switch(argv[i], options))
			continue;
		if (i + 1 == argc)
			return usage("a value must follow", argv[i]);
		status = parse_valued(argv[i], argv[i + 1], options);
		if (status != 0)
			return status;
		i++;
	}

	if (options->count == 0)
		return usage("--sample N is missing", NULL);
	if (options->levels == 0)
		return usage("--level is missing", NULL);
	if (!options->has_seed)
		return usage("--seed is missing", NULL);
	if ((options->answers || options->trees || options->pairs) +
		options->plain + options->measure + (options->check != NULL) >
	    1)
		return usage(
		    "JSON, --plain, --check or --measure: one of them", NULL);

	return 0;
}

static int
print_all(const struct sample_options *options, const struct phrasebook *book)
{
	struct instance instance;
	uint64_t i, number = 0;
	size_t level;
	int status;

	if (options->plain &&
	    fputs("Answer each task with one number. Reply with one line for "
		  "each: its number, a colon, the answer.\n\n",
		stdout) == EOF)
		return -1;
	for (level = 0; level < options->levels; level++) {
		for (i = 0; i < options->count; i++) {
			sample_draw(&instance, book, options->level[level],
			    options->seed, i);
			number++;
			status = options->plain
			    ? sample_print_plain(&instance, number)
			    : sample_print_json(
				  &instance, options->level[level], options);
			if (status != 0)
				return -1;
		}
	}

	return fflush(stdout);
}

static int
print_pairs(const struct sample_options *options, const struct phrasebook *book,
    enum challenge_level level)
{
	struct instance pair[2];
	uint8_t bytes[CHALLENGE_SEED_BYTES];
	uint64_t i;
	int operation, j;

	for (operation = 0; operation < OPERATIONS; operation++) {
		for (i = 0; i < options->count; i++) {
			sample_seed(bytes, options->seed, i);
			if (!pairs_draw(pair, book, (enum operation)operation,
				level, bytes))
				continue;
			for (j = 0; j < 2; j++) {
				if (sample_print_json(
					&pair[j], level, options) != 0)
					return -1;
			}
		}
	}

	return 0;
}

/* What is asked for of each level. */
static int
print_levels(
    const struct sample_options *options, const struct phrasebook *book)
{
	size_t i;
	int status = 0;

	if (!options->pairs && !options->measure)
		return print_all(options, book);
	for (i = 0; i < options->levels && status == 0; i++) {
		if (options->measure)
			status = sample_measure(
			    options, book, options->level[i]);
		else if (options->level[i] != LEVEL_EASY)
			status = print_pairs(options, book, options->level[i]);
	}

	return status == 0 ? fflush(stdout) : -1;
}

int
sample_main(int argc, char **argv)
{
	struct sample_options options = { .packs = "" };
	struct phrasebook *book = NULL;
	char error[PHRASEBOOK_ERROR_SIZE];
	int status;

	status = parse_options(argc, argv, &options);
	if (status != 0)
		return status;
	book = pack_files_read(options.packs, error);
	if (book == NULL) {
		fprintf(stderr, "challenge-svc --sample: %s\n", error);
		return 2;
	}

	if (options.check != NULL) {
		status = sample_check(&options, book);
	} else if (print_levels(&options, book) != 0) {
		fprintf(stderr,
		    "challenge-svc --sample: cannot write, or out of memory\n");
		status = 1;
	}
	phrasebook_free(&book);

	return status;
}
