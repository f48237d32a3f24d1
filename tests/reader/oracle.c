/*
 * One challenge from text to answer: see oracle.h.
 */

#include "tests/reader/oracle.h"

#include <stdio.h>

#include "tests/reader/compute.h"
#include "tests/reader/parse.h"

int
oracle_solve(const char *text, const char *instruction, int64_t *answer,
    char *why, size_t why_size)
{
	struct parse *parse = NULL;
	struct reading reading = { .sentences = 0 };
	const char *reason = NULL;
	int64_t value = 0;
	size_t readings = 0;

	parse = parse_new(instruction, &reading, &readings);
	if (parse == NULL)
		reason = "out of memory";
	else if (readings == 0)
		reason = "the instruction has no reading";
	else if (readings > 1)
		reason = "the instruction has more than one reading";
	else
		reason = compute_reading(&reading, text, &value);
	parse_free(&parse);

	if (reason != NULL) {
		(void)snprintf(why, why_size, "%s", reason);
		return -1;
	}
	*answer = value;

	return 0;
}
