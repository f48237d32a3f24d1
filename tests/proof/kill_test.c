/*
 * G8: SIGKILLs of each process under load, at random moments. What was
 * acknowledged is there afterwards, nothing can be had twice, and the
 * dashboard says what the clients' own ledger says. (books.h).
 */
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "tests/e2e/suite.h"
#include "tests/proof/books.h"
#include "tests/proof/hoard.h"
#include "tests/proof/proof.h"

#define THREADS	    4
#define KILLS_QUICK 10
#define KILLS_FULL  500 /* of each process */
#define ROUND_KILLS 10	/* of each process, before all is asked again */
#define DELAY_MS    80
#define PROGRESS_MS (INT64_C(15000) * RIG_SLACK)

static const enum rig_process services[] = { RIG_CHALLENGE_0, RIG_AUTH,
	RIG_ANALYTICS, RIG_GATEWAY };
#define SERVICES (sizeof(services) / sizeof(services[0]))

/* Of all rounds. */
struct tally {

	int64_t rounds;
	int64_t found; /* creates in doubt that had been committed */
	struct hoard_counts sum;
};

/* A moment that nobody has chosen, in which the load goes on. */
static void
let_pass(int64_t ms)
{
	(void)poll(NULL, 0, (int)ms);
}

static void
await_progress(const struct hoard *hoard, enum rig_process killed)
{
	const int64_t end = rig_deadline(PROGRESS_MS);
	const int64_t created = hoard_created(hoard);
	const int64_t accounts = hoard_accounts(hoard);

	while (hoard_created(hoard) < created + THREADS ||
	    (killed == RIG_AUTH && hoard_accounts(hoard) == accounts))
		hoard_look_again(hoard, end, "the load to go on after a kill");
}

/*
 * Kills each process once, in an order by chance; one in four times again
 * before it can have recovered.
 */
static void
kill_each(struct suite *suite, const struct hoard *hoard, int64_t kills[])
{
	size_t first = proof_random(SERVICES);

	for (size_t i = 0; i < SERVICES; i++) {
		const size_t which = (first + i) % SERVICES;
		const enum rig_process process = services[which];
		const bool again = proof_random(4) == 0;

		let_pass((int64_t)proof_random(DELAY_MS));
		rig_kill(suite->rig, process);
		rig_restart(suite->rig, process);
		kills[which]++;
		if (again) {
			let_pass((int64_t)proof_random(DELAY_MS));
			rig_kill(suite->rig, process);
			rig_restart(suite->rig, process);
			kills[which]++;
		}
		await_progress(hoard, process);
	}
}

static void
add_round(struct tally *tally, const struct hoard_counts *counts)
{
	tally->rounds++;
	hoard_counts_add(&tally->sum, counts);
}

static void
run_round(struct suite *suite, struct tally *tally, int64_t kills[])
{
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct hoard *hoard = NULL;
	struct hoard_counts counts;

	hoard = hoard_start(rig_port(suite->rig), key.secret, THREADS);
	for (int64_t end = kills[0] + ROUND_KILLS; kills[0] < end;)
		kill_each(suite, hoard, kills);
	rig_await_ready(suite->rig);
	counts = hoard_end(&hoard);
	if (counts.unexpected[0] != '\0')
		fail_msg("%s", counts.unexpected);
	tally->found += books_balance(suite, account.jwt, key.id, &counts);
	add_round(tally, &counts);
	client_forget(suite->client);
}

static void
nothing_acknowledged_is_lost_or_had_twice_across_kill_9(void **state)
{
	const int64_t wanted = proof_count(KILLS_QUICK, KILLS_FULL);
	struct suite *suite = *state;
	int64_t kills[SERVICES] = { 0 };
	struct tally tally = { 0 };
	const struct hoard_counts *sum = &tally.sum;

	while (kills[0] < wanted || kills[1] < wanted || kills[2] < wanted ||
	    kills[3] < wanted)
		run_round(suite, &tally, kills);
	proof_say("G8: %" PRId64 " kills of challenge-svc, %" PRId64
		  " of auth-svc, %" PRId64 " of analytics-svc, %" PRId64
		  " of the gateway, %" PRId64 " acknowledged (%" PRId64
		  " challenges, %" PRId64 " verdicts, %" PRId64
		  " siteverifies, %" PRId64 " accounts, %" PRId64
		  " keys, %" PRId64 " revocations), 0 lost",
	    kills[0], kills[1], kills[2], kills[3],
	    sum->created + sum->solved + sum->incorrect + sum->redeemed +
		sum->accounts + sum->keys + sum->revoked,
	    sum->created, sum->solved + sum->incorrect, sum->redeemed,
	    sum->accounts, sum->keys, sum->revoked);
	proof_say("G8: %" PRId64 " tries to have a challenge or a token twice,"
		  " 0 had; %" PRId64 " verdicts lost on their way, each"
		  " counted once",
	    sum->tries, sum->untold);
	proof_say("G8: totals equal to the ledger in %" PRId64
		  " rounds; %" PRId64 " creates without an answer, %" PRId64
		  " of them in the database and counted",
	    tally.rounds, sum->created_in_doubt, tally.found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    nothing_acknowledged_is_lost_or_had_twice_across_kill_9),
	};

	return proof_end(
	    cmocka_run_group_tests(tests, suite_set_up, suite_tear_down));
}
