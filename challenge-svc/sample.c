/*
 * The sampler: see sample.h.
 *
 * JSON belongs to the gateway as a rule.  These lines need no encoder: texts
 * and instructions never hold a quotation mark, a backslash or a control
 * character (challenge.h), which print_string() checks again.
 */

#include "challenge-svc/sample.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/lang/challenge.h"

#define SAMPLE_COUNT_MAX  10000000
#define SAMPLE_LEVELS_MAX 16

struct options {
	uint64_t count;
	uint64_t seed;
	enum challenge_level level[SAMPLE_LEVELS_MAX];
	size_t levels;
	bool has_seed;
	bool answers;
};

static int
usage(const char *what, const char *value)
{
	fprintf(stderr,
	    "challenge-svc --sample: %s%s%s\n"
	    "usage: challenge-svc --sample N --level easy,medium,hard "
	    "--seed S [--answers]\n",
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
parse_levels(const char *text, struct options *options)
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

static int
parse_options(int argc, char **argv, struct options *options)
{
	const char *flag = NULL, *value = NULL;
	int i;

	for (i = 1; i < argc; i++) {
		flag = argv[i];
		if (strcmp(flag, "--answers") == 0) {
			options->answers = true;
			continue;
		}
		if (strcmp(flag, "--sample") != 0 &&
		    strcmp(flag, "--level") != 0 && strcmp(flag, "--seed") != 0)
			return usage("unknown argument", flag);
		if (i + 1 == argc)
			return usage("a value must follow", flag);
		value = argv[++i];

		if (strcmp(flag, "--sample") == 0) {
			if (parse_number(value, &options->count) != 0 ||
			    options->count == 0 ||
			    options->count > SAMPLE_COUNT_MAX)
				return usage("--sample must be a number from "
					     "1 to 10000000, not",
				    value);
		} else if (strcmp(flag, "--level") == 0) {
			if (parse_levels(value, options) != 0)
				return usage("--level must list easy, medium "
					     "or hard, not",
				    value);
		} else {
			if (parse_number(value, &options->seed) != 0)
				return usage("--seed must be a number below "
					     "2^64, not",
				    value);
			options->has_seed = true;
		}
	}

	if (options->count == 0)
		return usage("--sample N is missing", NULL);
	if (options->levels == 0)
		return usage("--level is missing", NULL);
	if (!options->has_seed)
		return usage("--seed is missing", NULL);

	return 0;
}

/* Seed and number of the challenge make its seed; the level is mixed in. */
static void
make_seed(uint8_t out[CHALLENGE_SEED_BYTES], uint64_t seed, uint64_t number)
{
	int i;

	for (i = 0; i < 8; i++) {
		out[i] = (uint8_t)(seed >> (8 * i));
		out[8 + i] = (uint8_t)(number >> (8 * i));
	}
}

static int
print_string(const char *key, const char *text)
{
	const char *c = NULL;

	for (c = text; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			return -1;
	}

	return printf("\"%s\":\"%s\"", key, text) < 0 ? -1 : 0;
}

static int
print_digits(const struct challenge *challenge)
{
	uint32_t i;

	if (fputs(",\"digits\":[", stdout) == EOF)
		return -1;
	for (i = 0; i < challenge->digits_count; i++) {
		if (printf("%s%u", i == 0 ? "" : ",",
			(unsigned int)challenge->digits[i]) < 0)
			return -1;
	}

	return fputs("],", stdout) == EOF ? -1 : 0;
}

static int
print_challenge(const struct challenge *challenge, bool answers)
{
	if (putchar('{') == EOF || print_string("text", challenge->text) != 0 ||
	    print_digits(challenge) != 0 ||
	    print_string("instruction", challenge->instruction) != 0 ||
	    putchar(',') == EOF ||
	    print_string("operationId", challenge->operation_id) != 0 ||
	    putchar(',') == EOF ||
	    print_string("level", challenge_level_name(challenge->level)) !=
		0 ||
	    printf(",\"humanTimeMs\":%" PRIu32, challenge->human_time_ms) < 0)
		return -1;
	if (answers && printf(",\"answer\":%" PRId64, challenge->answer) < 0)
		return -1;

	return fputs("}\n", stdout) == EOF ? -1 : 0;
}

int
sample_main(int argc, char **argv)
{
	struct options options = { 0 };
	struct challenge challenge;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	uint64_t i;
	size_t level;
	int status;

	status = parse_options(argc, argv, &options);
	if (status != 0)
		return status;

	for (level = 0; level < options.levels; level++) {
		for (i = 0; i < options.count; i++) {
			make_seed(seed, options.seed, i);
			challenge_generate(
			    &challenge, options.level[level], seed);
			if (print_challenge(&challenge, options.answers) != 0)
				goto failed;
		}
	}
	if (fflush(stdout) == 0)
		return 0;

failed:
	fprintf(stderr, "challenge-svc --sample: cannot write: %s\n",
	    strerror(errno));

	return 1;
}
