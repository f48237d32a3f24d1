/*
 * The table of requests.txt: what is sent over a connection, and what is to
 * come back. Its format is told at its head.
 */
#ifndef TESTS_HTTP_CASES_H
#define TESTS_HTTP_CASES_H

#include <stdbool.h>
#include <stddef.h>

#define CASES_STEPS_MAX 16
#define CASES_NAME_MAX	63

enum step_kind {
	STEP_SEND,
	STEP_DRIP,
	STEP_END,
	STEP_HOLD,
	STEP_ANSWERED,
	STEP_REFUSED,
	STEP_CONTINUE,
};

struct step {
	enum step_kind kind;
	char *bytes; /* of STEP_SEND and STEP_DRIP */
	size_t len;
	int status; /* of STEP_ANSWERED and STEP_REFUSED */
	bool close; /* of STEP_ANSWERED */
};

struct request_case {
	char name[CASES_NAME_MAX + 1];
	struct step steps[CASES_STEPS_MAX];
	size_t count;
};

struct cases {
	struct request_case *list;
	size_t count;
};

/* Reads a table; a line that is not understood fails the test. */
struct cases *cases_read(const char *path);

void cases_free(struct cases **cases);

#endif
