/*
 * Printing sampled challenges: see sample.h.
 *
 * JSON belongs to the gateway as a rule.  These lines need no encoder: texts
 * and instructions never hold a quotation mark, a backslash or a control
 * character (challenge.h), which print_string() checks again.
 */

#include <inttypes.h>
#include <stdio.h>

#include "challenge-svc/sample.h"

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

/* The digits with something between them. */
static int
print_digits(const struct values *values, const char *between)
{
	uint32_t i;

	for (i = 0; i < values->count; i++) {
		if (printf("%s%u", i == 0 ? "" : between,
			(unsigned int)values->digit[i]) < 0)
			return -1;
	}

	return 0;
}

static int
print_tree(const struct instance *instance)
{
	const char symbols[TREE_MARKS_MAX] = { instance->values.mark[0].symbol,
		instance->values.mark[1].symbol };
	char text[TREE_TEXT_MAX + 1];

	if (!tree_write(&instance->tree, symbols, text) || putchar(',') == EOF)
		return -1;

	return print_string("tree", text);
}

int
sample_print_json(const struct instance *instance, enum challenge_level level,
    const struct sample_options *options)
{
	if (putchar('{') == EOF || print_string("text", instance->text) != 0 ||
	    fputs(",\"digits\":[", stdout) == EOF ||
	    print_digits(&instance->values, ",") != 0 ||
	    fputs("],", stdout) == EOF ||
	    print_string("instruction", instance->instruction) != 0 ||
	    putchar(',') == EOF ||
	    print_string("operationId", operation_name(instance->operation)) !=
		0 ||
	    putchar(',') == EOF ||
	    print_string("level", challenge_level_name(level)) != 0 ||
	    printf(",\"humanTimeMs\":%" PRIu32, instance->human_time_ms) < 0)
		return -1;
	if (options->answers &&
	    printf(",\"answer\":%" PRId64, instance->answer) < 0)
		return -1;
	if (options->trees && print_tree(instance) != 0)
		return -1;

	return fputs("}\n", stdout) == EOF ? -1 : 0;
}

int
sample_print_plain(const struct instance *instance, uint64_t number)
{
	if (printf("%" PRIu64 ". Text: %s (digits: ", number, instance->text) <
		0 ||
	    print_digits(&instance->values, ", ") != 0)
		return -1;

	return printf(")\n   %s\n\n", instance->instruction) < 0 ? -1 : 0;
}
