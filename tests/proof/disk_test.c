/*
 * G10: a disk that fails and a disk that is full.
 *
 * Each of the first writes and syncs of each service fails in turn (strace -e
 * inject), with an I/O error and with no room, while a load goes on. After an
 * I/O error the process ends with status 1 and one start brings it back;
 * without room it lives. Whatever was acknowledged is there afterwards, and the
 * databases are whole.
 *
 * Into the database itself only a checkpoint writes, while a service runs; into
 * its log everything. The sync of the directory, once a log is made, is left
 * out: SQLite takes no notice when that fails.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/suite.h"
#include "tests/proof/books.h"
#include "tests/proof/hoard.h"
#include "tests/proof/proof.h"

#define THREADS	    2
#define TEXT_SIZE   512
#define PROGRESS_MS (INT64_C(30000) * RIG_SLACK)
#define CHECKPOINT  8000 /* challenges whose log is long enough for one */

struct fault {
	const char *call;
	const char *error;
	bool lives;	 /* the service goes on; else it ends */
	bool checkpoint; /* calls on the database only, not on its log */
	int64_t quick;	 /* calls of each service that fail, one a start */
	int64_t full;
};

static const struct fault faults[] = {
	{ "pwrite64", "EIO", false, false, 2, 60 },
	{ "pwrite64", "ENOSPC", true, false, 2, 60 },
	{ "fdatasync", "EIO", false, false, 1, 20 },
	{ "fdatasync", "ENOSPC", false, false, 0, 20 },
	{ "pwrite64", "EIO", false, true, 2, 20 },
	{ "fdatasync", "EIO", false, true, 1, 2 },
	{ "pwrite64", "ENOSPC", true, true, 0, 20 },
};

/* enough: challenges, of auth-svc accounts, after which a call that has not
 * come will not come. */
static const struct {
	enum rig_process process;
	const char *name;
	const char *database;
	int64_t enough;
} services[] = {
	{ RIG_CHALLENGE_0, "challenge-svc", "challenge-0", 20 },
	{ RIG_AUTH, "auth-svc", "auth", 3 },
	{ RIG_ANALYTICS, "analytics-svc", "analytics", 200 },
};
#define SERVICES (sizeof(services) / sizeof(services[0]))

/* All that is made lives for as long as the longest run. */
static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_VERIFICATION_TTL=3600",
		NULL };

	return suite_start(state, settings);
}

/* How often what came of a fault. */
struct tally {
	int64_t faults;
	int64_t ended;	  /* the process ended, and one start brought it back */
	int64_t survived; /* it lived on */
	int64_t created;  /* acknowledged meanwhile */
	int64_t accounts;
};

/* The command line of one fault, which outlives the start. */
struct tracer {
	char out[TEXT_SIZE];
	char trace[TEXT_SIZE];
	char inject[TEXT_SIZE];
	char database[TEXT_SIZE];
	char log[TEXT_SIZE];
	const char *words[20];
};

static void
set_tracer(struct suite *suite, struct tracer *tracer,
    const struct fault *fault, size_t which, int64_t number)
{
	const char *const words[] = { "strace", "-f", "-D", "-q",
		"--seccomp-bpf", "-o", tracer->out, "-e", tracer->trace, "-e",
		tracer->inject, "-P", tracer->database,
		fault->checkpoint ? NULL : "-P", tracer->log, NULL };

	snprintf(
	    tracer->out, sizeof(tracer->out), "%s/strace", rig_dir(suite->rig));
	snprintf(tracer->trace, sizeof(tracer->trace), "trace=%s", fault->call);
	snprintf(tracer->inject, sizeof(tracer->inject),
	    "inject=%s:error=%s:when=%" PRId64, fault->call, fault->error,
	    number);
	snprintf(tracer->database, sizeof(tracer->database), "%s/d/%s.db",
	    rig_dir(suite->rig), services[which].database);
	snprintf(tracer->log, sizeof(tracer->log), "%s/d/%s.db-wal",
	    rig_dir(suite->rig), services[which].database);
	memcpy(tracer->words, words, sizeof(words));
	(void)unlink(tracer->out);
}

static bool
was_injected(const struct tracer *tracer)
{
	char line[TEXT_SIZE];
	bool found = false;
	FILE *file = NULL;

	file = fopen(tracer->out, "r");
	if (file == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), file) != NULL)
		found = strstr(line, "(INJECTED)") != NULL;
	fclose(file);
	return found;
}

/* An end by the process's own will, with the status that says "failed". */
static void
want_failed(int status, const char *name)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 1)
		fail_msg("%s ended with the wait status %d", name, status);
}

/* How far the load has come that a service carries. */
static int64_t
progress(const struct hoard *hoard, enum rig_process process)
{
	return process == RIG_AUTH ? hoard_accounts(hoard)
				   : hoard_created(hoard);
}

/*
 * Watches a service until its fault has come, and then until it has ended, or,
 * where it is to live, has done more work. Returns its wait status, -1 when it
 * lives; *met is whether the fault came.
 */
static int
watch(struct suite *suite, const struct hoard *hoard, size_t which,
    const struct fault *fault, const struct tracer *tracer, bool *met)
{
	const enum rig_process process = services[which].process;
	const int64_t end = rig_deadline(PROGRESS_MS);
	int64_t until = progress(hoard, process) +
	    (fault->checkpoint ? CHECKPOINT : services[which].enough);
	const char *what = client_text(suite->client,
	    "%s to end or live through %s of %s", services[which].name,
	    fault->error, fault->call);
	int status;

	*met = false;
	while ((status = rig_await_end(suite->rig, process, 0)) == -1) {
		if (!*met && was_injected(tracer)) {
			*met = true;
			until = fault->lives ? progress(hoard, process) + 3
					     : INT64_MAX;
		}
		if (progress(hoard, process) >= until)
			break;
		hoard_look_again(hoard, end, what);
	}
	return status;
}

/* Starts a service of which one call fails. Returns false when it never made
 * the call. */
static bool
meet_fault(struct suite *suite, const struct hoard *hoard, size_t which,
    const struct fault *fault, int64_t number, struct tally *tally)
{
	const enum rig_process process = services[which].process;
	struct tracer tracer;
	int status;
	bool met;

	set_tracer(suite, &tracer, fault, which, number);
	/* Without a log, the first checkpoint is one of its running; with the
	 * log of a kill, it is one of its start. */
	if (fault->checkpoint && number % 2 == 1)
		rig_end(suite->rig, process);
	else
		rig_kill(suite->rig, process);
	rig_start_by(suite->rig, process, tracer.words);
	rig_restart(suite->rig, process);
	rig_start_by(suite->rig, process, NULL);
	status = watch(suite, hoard, which, fault, &tracer, &met);
	if (status == -1)
		/* A fault that has not come is not to come later. */
		rig_kill(suite->rig, process);
	else
		want_failed(status, services[which].name);
	met = was_injected(&tracer);
	if (status != -1 && (!met || fault->lives))
		fail_msg("%s ended at %s of %s %" PRId64, services[which].name,
		    fault->error, fault->call, number);
	rig_restart(suite->rig, process);
	rig_await_ready(suite->rig);
	tally->faults += met;
	tally->ended += met && status != -1;
	tally->survived += met && status == -1;
	return met;
}

static void
meet_faults(struct suite *suite, const struct fault *fault, size_t which,
    const struct hoard *hoard, struct tally *tally)
{
	const int64_t count = proof_count(fault->quick, fault->full);

	for (int64_t number = 1; number <= count; number++) {
		if (!meet_fault(suite, hoard, which, fault, number, tally))
			break;
	}
}

static void
want_all_whole(struct suite *suite)
{
	for (size_t i = 0; i < SERVICES; i++) {
		rig_end(suite->rig, services[i].process);
		proof_want_whole(client_text(suite->client, "%s/d/%s.db",
		    rig_dir(suite->rig), services[i].database));
		rig_restart(suite->rig, services[i].process);
	}
	rig_await_ready(suite->rig);
}

/* All faults of a kind of one service, then everything that was acknowledged
 * meanwhile. */
static void
meet_kind(struct suite *suite, const struct fault *fault, size_t which,
    struct tally *tally)
{
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"ttlSeconds\":3600");
	struct hoard *hoard = NULL;
	struct hoard_counts counts;

	hoard = hoard_start(rig_port(suite->rig), key.secret, THREADS);
	meet_faults(suite, fault, which, hoard, tally);
	counts = hoard_end(&hoard);
	if (counts.unexpected[0] != '\0')
		fail_msg("%s", counts.unexpected);
	(void)books_balance(suite, account.jwt, key.id, &counts);
	tally->created += counts.created;
	tally->accounts += counts.accounts;
	client_forget(suite->client);
}

static void
meet_all(struct suite *suite, const struct fault *fault)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < (fault->checkpoint ? 1 : SERVICES); i++)
		meet_kind(suite, fault, i, &tally);
	want_all_whole(suite);
	if (tally.faults == 0)
		fail_msg("no %s came", fault->call);
	proof_say("G10: %s at %" PRId64 " %s calls of %s in turn: %" PRId64
		  " ended and were back after one start, %" PRId64
		  " lived on; %" PRId64 " challenges and %" PRId64
		  " accounts acknowledged, 0 lost; totals equal, databases"
		  " whole",
	    fault->error, tally.faults, fault->call,
	    fault->checkpoint ? "a checkpoint" : "the services", tally.ended,
	    tally.survived, tally.created, tally.accounts);
}

static void
failing_disk_loses_nothing_that_was_acknowledged(void **state)
{
	struct suite *suite = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (proof_count(faults[i].quick, faults[i].full) > 0)
			meet_all(suite, &faults[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    failing_disk_loses_nothing_that_was_acknowledged),
	};

	return proof_end(
	    cmocka_run_group_tests(tests, set_up, suite_tear_down));
}
