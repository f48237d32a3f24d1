/*
 * The dashboard's numbers: they follow what happens, and they are exact
 * whatever is killed meanwhile.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/load.h"
#include "tests/e2e/suite.h"

#define THREADS	     4
#define BEFORE	     40	 /* challenges before something is killed */
#define AFTER	     40	 /* and after it is back */
#define SHIPPED_MS   300 /* many times what a service takes to ship a batch */
#define STANDS_STILL 20	 /* looks, each a moment after the last */
#define CAUGHT_UP_MS (INT64_C(15000) * RIG_SLACK)
#define SHOWS_MS     INT64_C(2000) /* what the design promises for an event */

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_CHALLENGE_SHARDS=2",
		"AIC_REQUEST_TIMEOUT_MS=1000", NULL };

	return suite_start(state, settings);
}

/* -------- following -------- */

static int64_t
total(const struct reply *reply, const char *name)
{
	char path[64] = "totals.";

	want_status(reply, 200);
	strncat(path, name, sizeof(path) - strlen(path) - 1);
	return want_integer(reply, path);
}

static void
await_total(
    struct suite *suite, const char *jwt, const char *name, int64_t wanted)
{
	const int64_t end = rig_deadline(SHOWS_MS * RIG_SLACK);

	while (total(flow_overview(suite->client, jwt), name) != wanted)
		rig_look_again(end, name);
}

static void
dashboard_numbers_follow(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const struct reply *reply = NULL;
	struct challenge challenge;

	challenge = flow_challenge(suite->client, key.secret);
	await_total(suite, account.jwt, "challenges", 1);
	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	await_total(suite, account.jwt, "solved", 1);
	(void)flow_siteverify(
	    suite->client, key.secret, want_string(reply, "verificationToken"));
	await_total(suite, account.jwt, "siteverified", 1);
	challenge = flow_challenge(suite->client, key.secret);
	(void)flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer + 1);
	await_total(suite, account.jwt, "incorrect", 1);

	reply = flow_overview(suite->client, account.jwt);
	assert_int_equal(total(reply, "challenges"), 2);
	assert_int_equal(total(reply, "verifications"), 2);
	assert_int_equal(total(reply, "allowed"), 1);
	assert_int_equal(total(reply, "expired"), 0);
	assert_true(want_number(reply, "rates.solved") == 0.5);
	assert_true(want_number(reply, "score.avg") > 0);
	assert_true(want_number(reply, "solveTimeMs.p50") >= 0);
}

/*
 * What an agent took counts in the bucket of the distribution that its answer's
 * solveTimeMs lies in.
 */
static void
solve_times_are_distributed(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct challenge challenge = flow_challenge(suite->client, key.secret);
	struct reply bucket = { .what = "a bucket" };
	const struct reply *reply = NULL;
	int64_t took;

	reply = flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer);
	took = want_integer(reply, "solveTimeMs");
	challenge = flow_challenge(suite->client, key.secret);
	(void)flow_verify(
	    suite->client, key.secret, challenge.token, challenge.answer + 1);
	await_total(suite, account.jwt, "verifications", 2);

	reply = flow_overview(suite->client, account.jwt);
	assert_int_equal(json_array_size(want_array(reply, "solveTimes")), 1);
	bucket.body = reply->body;
	bucket.json = json_array_get(want_array(reply, "solveTimes"), 0);
	want_members(&bucket, "", "fromMs toMs count");
	assert_true(want_integer(&bucket, "fromMs") <= took);
	assert_true(took < want_integer(&bucket, "toMs"));
	assert_int_equal(want_integer(&bucket, "count"), 1);
}

/* The count of a misreading, 0 when it is not listed. */
static int64_t
misread(const struct reply *reply, const char *name)
{
	json_t *row = NULL;
	size_t i;

	want_status(reply, 200);
	json_array_foreach(want_array(reply, "byMisreading"), i, row)
	{
		const char *text = json_string_value(
		    json_object_get(row, "misreading"));

		if (text != NULL && strcmp(text, name) == 0)
			return json_integer_value(
			    json_object_get(row, "count"));
	}
	return 0;
}

/* A challenge to which the plain sum is a wrong answer. */
static struct challenge
misleading_challenge(struct suite *suite, const char *key)
{
	struct challenge challenge;

	do
		challenge = flow_challenge(suite->client, key);
	while (flow_plain_sum(challenge.text) == challenge.answer);
	return challenge;
}

/* The challenge services are killed in between: what misreadings come to is
 * kept with the challenge. */
static void
wrong_answers_are_counted_by_misreading(void **state)
{
	struct suite *suite = *state;
	static const char *const levels[] = { "easy", "medium", "hard" };
	const int64_t count = sizeof(levels) / sizeof(levels[0]);
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;
	struct challenge asked[3];
	struct key keys[3];

	for (int i = 0; i < count; i++) {
		keys[i] = flow_key(suite->client, &account,
		    client_text(
			suite->client, ",\"difficulty\":\"%s\"", levels[i]));
		asked[i] = misleading_challenge(suite, keys[i].secret);
	}
	rig_kill(suite->rig, RIG_CHALLENGE_0);
	rig_kill(suite->rig, RIG_CHALLENGE_1);
	rig_mend(suite->rig);
	for (int i = 0; i < count; i++) {
		(void)flow_verify(suite->client, keys[i].secret, asked[i].token,
		    flow_plain_sum(asked[i].text));
		asked[i] = flow_challenge(suite->client, keys[i].secret);
		(void)flow_verify(suite->client, keys[i].secret, asked[i].token,
		    FLOW_NONSENSE);
		asked[i] = flow_challenge(suite->client, keys[i].secret);
		(void)flow_verify(suite->client, keys[i].secret, asked[i].token,
		    asked[i].answer);
	}
	await_total(suite, account.jwt, "verifications", 3 * count);
	reply = flow_overview(suite->client, account.jwt);
	assert_int_equal(total(reply, "incorrect"), 2 * count);
	assert_int_equal(json_array_size(want_array(reply, "byMisreading")), 2);
	assert_int_equal(misread(reply, "plain-sum"), count);
	assert_int_equal(misread(reply, "other"), count);
}

/* The parts of the overview, each row under another key, add up. */
static void
overview_splits_by_key_difficulty_and_operation(void **state)
{
	struct suite *suite = *state;
	static const char *const levels[] = { "easy", "hard" };
	static const char *const lists[] = { "byKey", "byDifficulty",
		"byOperation" };
	struct account account = flow_account(suite->client);
	const struct reply *reply = NULL;
	struct key keys[2];
	int64_t sum;

	for (int i = 0; i < 2; i++) {
		keys[i] = flow_key(suite->client, &account,
		    client_text(
			suite->client, ",\"difficulty\":\"%s\"", levels[i]));
		for (int n = 0; n <= i; n++)
			want_status(
			    flow_create(suite->client, keys[i].secret), 200);
	}
	await_total(suite, account.jwt, "challenges", 3);
	reply = flow_overview(suite->client, account.jwt);
	for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
		json_t *list = want_array(reply, lists[l]);
		json_t *row = NULL;
		size_t i;

		sum = 0;
		json_array_foreach(list, i, row) sum += json_integer_value(
		    json_object_get(row, "challenges"));
		if (sum != 3)
			fail_msg("%s: %s", lists[l], reply->body);
	}
	reply = client_send(suite->client,
	    &(struct request){
		.path = client_text(suite->client,
		    "/api/v1/analytics/overview?apiKeyId=%s", keys[1].id),
		.jwt = account.jwt });
	assert_int_equal(total(reply, "challenges"), 2);
}

static void
accounts_see_their_own_numbers_only(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct account stranger = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *reply = NULL;

	want_status(flow_create(suite->client, key.secret), 200);
	await_total(suite, account.jwt, "challenges", 1);
	assert_int_equal(
	    total(flow_overview(suite->client, stranger.jwt), "challenges"), 0);
	reply = client_send(suite->client,
	    &(struct request){
		.path = client_text(suite->client,
		    "/api/v1/analytics/overview?apiKeyId=%s", key.id),
		.jwt = stranger.jwt });
	if (reply->status == 200)
		assert_int_equal(total(reply, "challenges"), 0);
	else
		want_problem(suite->client, reply, 404, "not-found", NULL);
}

static void
timeseries_adds_up_to_the_overview(void **state)
{
	struct suite *suite = *state;
	static const char *const intervals[] = { "minute", "hour", "day",
		"auto" };
	struct account account = flow_account(suite->client);
	struct key key = flow_key(suite->client, &account, "");
	const struct reply *overview = NULL;
	const struct reply *reply = NULL;
	json_t *point = NULL;
	int64_t sum;
	size_t n;

	for (int i = 0; i < 5; i++)
		want_status(flow_create(suite->client, key.secret), 200);
	await_total(suite, account.jwt, "challenges", 5);
	overview = flow_overview(suite->client, account.jwt);
	for (size_t i = 0; i < sizeof(intervals) / sizeof(intervals[0]); i++) {
		reply = client_send(suite->client,
		    &(struct request){
			.path = client_text(suite->client,
			    "/api/v1/analytics/timeseries?from=%" PRId64
			    "&to=%" PRId64 "&interval=%s",
			    want_integer(overview, "from"),
			    want_integer(overview, "to"), intervals[i]),
			.jwt = account.jwt });
		/* A minute each may be more points than are given. */
		if (reply->status == 400 && strcmp(intervals[i], "minute") == 0)
			continue;
		want_status(reply, 200);
		sum = 0;
		json_array_foreach(want_array(reply, "points"), n, point)
		    sum += json_integer_value(
			json_object_get(point, "challenges"));
		if (sum != 5)
			fail_msg("%s: %" PRId64 " of 5", intervals[i], sum);
	}
}

/* -------- exactness -------- */

static void
await_created(const struct load *load, int64_t count)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);

	while (load_created(load) < count)
		rig_look_again(end, "challenges to be created");
}

/* While analytics-svc is frozen, each sender has a batch on its way to it
 * before long. */
static void
let_batches_be_sent(void)
{
	const int64_t shipped = rig_now_ms() + SHIPPED_MS;

	while (rig_now_ms() < shipped)
		rig_look_again(shipped + CAUGHT_UP_MS, "batches to be sent");
}

/*
 * Waits until the total of challenges stands still: what had arrived is
 * counted.
 */
static void
await_counted(struct suite *suite, const char *jwt)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);
	const struct reply *reply = NULL;
	int64_t last = -1;
	int still = 0;

	while (still < STANDS_STILL) {
		rig_look_again(end, "what has arrived to be counted");
		reply = flow_overview(suite->client, jwt);
		/* It may take a moment to be known as back. */
		if (reply->status != 200)
			continue;
		still = total(reply, "challenges") == last ? still + 1 : 0;
		last = total(reply, "challenges");
	}
}

/* Rows that wait in the outboxes of the challenge services, or -1. */
static int64_t
outbox_rows(struct suite *suite)
{
	static const char name[] = "aic_service_outbox_rows{service=\""
				   "challenge-";
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	const char *at = reply->body;
	int64_t rows = 0;
	int services = 0;

	want_status(reply, 200);
	while ((at = strstr(at, name)) != NULL) {
		at = strchr(at, ' ');
		assert_non_null(at);
		rows += strtoll(at, NULL, 10);
		services++;
	}
	return services == 2 ? rows : -1;
}

/*
 * Once nothing is under way any more, the totals are the ledger's: exactly for
 * all that was acknowledged, within the doubts for creates.
 */
static void
want_totals_of_ledger(
    struct suite *suite, const char *jwt, const struct ledger *ledger)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);
	const struct reply *reply = NULL;

	if (ledger->unexpected[0] != '\0')
		fail_msg("%s", ledger->unexpected);
	while (outbox_rows(suite) != 0)
		rig_look_again(end, "the outboxes to be empty");
	reply = flow_overview(suite->client, jwt);
	print_message("ledger: %" PRId64 " created, %" PRId64
		      " in doubt, %" PRId64 " solved, %" PRId64
		      " incorrect (%" PRId64 " plain sums), %" PRId64
		      " redeemed, %" PRId64 " doubts settled\n",
	    ledger->created, ledger->created_in_doubt, ledger->solved,
	    ledger->incorrect, ledger->plain_sums, ledger->redeemed,
	    ledger->settled);
	assert_int_equal(total(reply, "solved"), ledger->solved);
	assert_int_equal(total(reply, "allowed"), ledger->solved);
	assert_int_equal(total(reply, "incorrect"), ledger->incorrect);
	assert_int_equal(misread(reply, "plain-sum"), ledger->plain_sums);
	assert_int_equal(
	    misread(reply, "other"), ledger->incorrect - ledger->plain_sums);
	assert_int_equal(
	    total(reply, "verifications"), ledger->solved + ledger->incorrect);
	assert_int_equal(total(reply, "siteverified"), ledger->redeemed);
	assert_in_range(total(reply, "challenges"), ledger->created,
	    ledger->created + ledger->created_in_doubt);
	assert_int_equal(total(reply, "expired"), 0);
}

static void
events_counted_exactly_once_across_kill_9(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct ledger ledger;
	struct load *load = NULL;

	load = load_start(rig_port(suite->rig), key.secret, THREADS);
	await_created(load, BEFORE);
	rig_end(suite->rig, RIG_ANALYTICS);
	await_created(load, load_created(load) + BEFORE);
	rig_kill(suite->rig, RIG_CHALLENGE_0);
	rig_restart(suite->rig, RIG_CHALLENGE_0);
	await_created(load, load_created(load) + AFTER);
	rig_restart(suite->rig, RIG_ANALYTICS);
	rig_await_ready(suite->rig);
	await_created(load, load_created(load) + AFTER);
	ledger = load_stop(&load);
	want_totals_of_ledger(suite, account.jwt, &ledger);
}

/* It is killed with batches in its socket that it has not read. */
static void
events_counted_exactly_once_when_analytics_is_killed(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct ledger ledger;
	struct load *load = NULL;

	load = load_start(rig_port(suite->rig), key.secret, THREADS);
	for (int i = 0; i < 3; i++) {
		await_created(load, load_created(load) + BEFORE);
		rig_pause(suite->rig, RIG_ANALYTICS);
		let_batches_be_sent();
		rig_kill(suite->rig, RIG_ANALYTICS);
		rig_restart(suite->rig, RIG_ANALYTICS);
		rig_await_ready(suite->rig);
	}
	rig_await_ready(suite->rig);
	await_created(load, load_created(load) + AFTER);
	ledger = load_stop(&load);
	want_totals_of_ledger(suite, account.jwt, &ledger);
}

/*
 * Batches that were counted, but whose acknowledgement never arrived: they wait
 * at a frozen analytics-svc, which counts them while the senders are frozen,
 * and the senders die before they can hear of it. They send them again.
 */
static void
events_counted_exactly_once_when_acknowledgements_are_lost(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const int64_t end = rig_deadline(CAUGHT_UP_MS);
	struct ledger ledger;
	struct load *load = NULL;
	int64_t before;

	load = load_start(rig_port(suite->rig), key.secret, THREADS);
	await_created(load, BEFORE);
	while (
	    total(flow_overview(suite->client, account.jwt), "challenges") == 0)
		rig_look_again(end, "the first events");
	rig_pause(suite->rig, RIG_ANALYTICS);
	let_batches_be_sent();
	rig_pause(suite->rig, RIG_CHALLENGE_0);
	rig_pause(suite->rig, RIG_CHALLENGE_1);
	before = load_created(load);
	rig_resume(suite->rig, RIG_ANALYTICS);
	await_counted(suite, account.jwt);
	rig_kill(suite->rig, RIG_CHALLENGE_0);
	rig_kill(suite->rig, RIG_CHALLENGE_1);
	rig_restart(suite->rig, RIG_CHALLENGE_0);
	rig_restart(suite->rig, RIG_CHALLENGE_1);
	rig_await_ready(suite->rig);
	await_created(load, before + AFTER);
	ledger = load_stop(&load);
	want_totals_of_ledger(suite, account.jwt, &ledger);
}

/* All services at once, so that neither side can help the other remember. */
static void
events_counted_exactly_once_when_all_are_killed(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	static const enum rig_process all[] = { RIG_CHALLENGE_0,
		RIG_CHALLENGE_1, RIG_ANALYTICS, RIG_AUTH };
	const size_t count = sizeof(all) / sizeof(all[0]);
	struct ledger ledger;
	struct load *load = NULL;

	load = load_start(rig_port(suite->rig), key.secret, THREADS);
	await_created(load, BEFORE);
	for (size_t i = 0; i < count; i++)
		rig_kill(suite->rig, all[i]);
	for (size_t i = 0; i < count; i++)
		rig_restart(suite->rig, all[i]);
	rig_await_ready(suite->rig);
	await_created(load, load_created(load) + AFTER);
	ledger = load_stop(&load);
	want_totals_of_ledger(suite, account.jwt, &ledger);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(dashboard_numbers_follow),
		unit(solve_times_are_distributed),
		unit(wrong_answers_are_counted_by_misreading),
		unit(overview_splits_by_key_difficulty_and_operation),
		unit(accounts_see_their_own_numbers_only),
		unit(timeseries_adds_up_to_the_overview),
		unit(events_counted_exactly_once_across_kill_9),
		unit(events_counted_exactly_once_when_analytics_is_killed),
		unit(
		    events_counted_exactly_once_when_acknowledgements_are_lost),
		unit(events_counted_exactly_once_when_all_are_killed),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
