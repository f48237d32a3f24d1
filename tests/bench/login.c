/*
 * Whether the time of a refused sign-in tells that there is such an account:
 *
 *   build/tests/bench_login
 *
 * Starts a system of its own with the password hash that it has by default, and
 * signs in with wrong passwords, by turns where there is an account and where
 * there is none. Prints the mean and the median of both, and their ratio: of
 * the time until the answer, which a busy machine spoils, and of the time that
 * auth-svc spent on a processor, which it spoils less. What must not differ at
 * all, status and body, is asserted in tests/e2e.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/suite.h"

#define ACCOUNTS 24
#define ROUNDS	 8 /* fewer than an account has wrong passwords for free */
#define SAMPLES	 ((size_t)ACCOUNTS * ROUNDS)

#define PATH_SIZE 128
#define LINE_SIZE 128

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_ARGON2_MEMORY_KIB=65536",
		"AIC_ARGON2_PASSES=2", NULL };

	return suite_start(state, settings);
}

/* What a refused sign-in took, in milliseconds. */
struct sample {
	double answer;
	double processor;
};

/* Milliseconds that all threads of auth-svc have been on a processor. */
static double
processor_time(struct suite *suite)
{
	char path[PATH_SIZE], line[LINE_SIZE];
	const struct dirent *entry = NULL;
	DIR *tasks = NULL;
	FILE *file = NULL;
	double sum = 0;
	size_t len;

	(void)snprintf(path, sizeof(path), "/proc/%d/task",
	    (int)rig_pid(suite->rig, RIG_AUTH));
	tasks = opendir(path);
	assert_non_null(tasks);
	len = strlen(path);
	while ((entry = readdir(tasks)) != NULL) {
		(void)snprintf(path + len, sizeof(path) - len,
		    "/%.20s/schedstat", entry->d_name);
		file = entry->d_name[0] != '.' ? fopen(path, "re") : NULL;
		if (file == NULL)
			continue;
		if (fgets(line, sizeof(line), file) != NULL)
			sum += strtod(line, NULL) / 1e6;
		(void)fclose(file);
	}
	(void)closedir(tasks);
	return sum;
}

/* From an address of its own. */
static struct sample
refused(struct suite *suite, const char *email)
{
	static unsigned number;
	const struct request request = { .path = "/api/v1/auth/login",
		.body = client_text(suite->client,
		    "{\"email\":\"%s\",\"password\":\"not the password\"}",
		    email),
		.headers = {
		    client_text(suite->client, "X-Forwarded-For: 10.1.%u.%u",
			number / 250, number % 250) } };
	double before = processor_time(suite);
	const struct reply *reply = client_send(suite->client, &request);

	number++;
	want_status(reply, 401);
	return (struct sample){ reply->seconds * 1e3,
		processor_time(suite) - before };
}

static int
compare(const void *a_, const void *b_)
{
	const double *a = a_, *b = b_;

	return (*a > *b) - (*a < *b);
}

static void
print(const char *what, double known[SAMPLES], double unknown[SAMPLES])
{
	double means[2] = { 0 }, medians[2];

	for (size_t i = 0; i < SAMPLES; i++) {
		means[0] += known[i] / (double)SAMPLES;
		means[1] += unknown[i] / (double)SAMPLES;
	}
	qsort(known, SAMPLES, sizeof(known[0]), compare);
	qsort(unknown, SAMPLES, sizeof(unknown[0]), compare);
	medians[0] = known[SAMPLES / 2];
	medians[1] = unknown[SAMPLES / 2];
	printf("%s, ms    mean   median\n", what);
	printf("  account         %6.2f   %6.2f\n", means[0], medians[0]);
	printf("  no account      %6.2f   %6.2f\n", means[1], medians[1]);
	printf("  ratio           %6.4f   %6.4f\n", means[0] / means[1],
	    medians[0] / medians[1]);
}

static void
refusals_with_and_without_account(void **state)
{
	static double answers[2][SAMPLES], processor[2][SAMPLES];
	struct suite *suite = *state;
	const char *emails[ACCOUNTS];
	struct sample sample;

	for (size_t i = 0; i < ACCOUNTS; i++)
		emails[i] = flow_account(suite->client).email;
	for (size_t i = 0; i < 2 * SAMPLES; i++) {
		/* Neither is always first: 0 1, 1 0, 0 1, ... */
		const size_t kind = (i + i / 2) % 2;
		const char *email = kind == 0 ? emails[i / 2 % ACCOUNTS]
					      : flow_email(suite->client);

		sample = refused(suite, email);
		answers[kind][i / 2] = sample.answer;
		processor[kind][i / 2] = sample.processor;
	}
	printf("%zu refused sign-ins of each kind\n", SAMPLES);
	print("until the answer", answers[0], answers[1]);
	print("on a processor  ", processor[0], processor[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_with_and_without_account),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
