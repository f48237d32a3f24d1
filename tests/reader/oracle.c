/*
 * One challenge from text to answer: see oracle.h.
 */

#include "tests/reader/oracle.h"

#include <pthread.h>
#include <stdio.h>

#include "tests/reader/compute.h"
#include "tests/reader/grammar.h"
#include "tests/reader/pack.h"
#include "tests/reader/parse.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct grammar *grammar; /* read only but for oracle_add_pack() */

static void
make_grammar(void)
{
	grammar = grammar_new();
	if (grammar != NULL && grammar_close(grammar) != NULL)
		grammar_free(&grammar);
}

int
oracle_add_pack(const char *name, const char *text, char *why, size_t why_size)
{
	const char *hollow = NULL;

	(void)pthread_once(&once, make_grammar);
	if (grammar == NULL) {
		(void)snprintf(why, why_size, "there is no grammar");
		return -1;
	}
	if (pack_read(grammar, name, text, why, why_size) != 0) {
		grammar_free(&grammar);
		return -1;
	}
	hollow = grammar_close(grammar);
	if (hollow != NULL) {
		(void)snprintf(why, why_size, "%s: there is no phrase for %s",
		    name, hollow);
		grammar_free(&grammar);
		return -1;
	}

	return 0;
}

int
oracle_solve(const char *text, const char *instruction, int64_t *answer,
    char *why, size_t why_size)
{
	struct parse *parse = NULL;
	const struct meaning *reading = NULL;
	const char *reason = NULL;
	int64_t value = 0;
	size_t readings = 0;

	(void)pthread_once(&once, make_grammar);
	if (grammar != NULL)
		parse = parse_new(grammar, instruction, &reading, &readings);
	if (grammar == NULL)
		reason = "there is no grammar";
	else if (parse == NULL)
		reason = "out of memory";
	else if (readings == 0)
		reason = "the instruction has no reading";
	else if (readings > 1)
		reason = "the instruction has more than one reading";
	else
		reason = compute_answer(reading, text, &value);
	parse_free(&parse);

	if (reason != NULL) {
		(void)snprintf(why, why_size, "%s", reason);
		return -1;
	}
	*answer = value;

	return 0;
}
