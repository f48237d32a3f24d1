/*
 * A load that asks again; see hoard.h. Nothing in here may fail the test while
 * threads run: what is wrong goes into the counts.
 */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/e2e/ask.h"
#include "tests/e2e/flow.h"
#include "tests/e2e/rig.h"
#include "tests/e2e/want.h"
#include "tests/proof/hoard.h"
#include "tests/reader/oracle.h"

#define THREADS_MAX   8
#define DEEDS_MAX     100000 /* a thread */
#define HOLDERS_MAX   2000
#define LOOK_AGAIN_MS 5
#define VERIFY	      "/api/v2/challenges/verify"
#define SITEVERIFY    "/api/v2/challenges/siteverify"
#define SPENT	      "timeout-or-duplicate"

/* How far a challenge has come, by what was acknowledged. */
enum stage { OPEN, WRONG, UNTOLD, SOLVED, REDEEMED };

struct deed {
	enum stage stage;
	char token[64];
	char verification[64];
	int64_t answer;
	double score; /* of the verdict */
	int64_t solve_ms;
};

struct holder {
	char email[64];
	char jwt[1024];
	char id[64]; /* of the key, "" when there is none */
	char key[128];
	bool revoked;
};

struct worker {
	struct hoard *hoard;
	pthread_t thread;
	struct client *client;
	struct hoard_counts counts;
	unsigned number;
	struct deed *deeds;
	size_t deeds_count;
};

struct hoard {
	char key[128];
	atomic_bool stop;
	atomic_int_least64_t created;
	atomic_int_least64_t accounts;
	const char *_Atomic wrong; /* the first unexpected answer */
	unsigned count;
	struct worker workers[THREADS_MAX];
	/* The thread that makes accounts. */
	struct worker clerk;
	struct holder *holders;
	size_t holders_count;
};

static void
unexpected(struct worker *worker, const struct reply *reply, const char *what)
{
	const char *none = NULL;

	if (worker->counts.unexpected[0] != '\0')
		return;
	snprintf(worker->counts.unexpected, sizeof(worker->counts.unexpected),
	    "%s: %s: %d %.300s", what, reply->what, reply->status, reply->body);
	(void)atomic_compare_exchange_strong(
	    &worker->hoard->wrong, &none, worker->counts.unexpected);
}

static bool
copy_text(const struct reply *reply, const char *path, char *text, size_t size)
{
	const char *value = json_string_value(reply_member(reply, path));

	return value != NULL &&
	    (size_t)snprintf(text, size, "%s", value) < size;
}

static bool
succeeds(const struct reply *reply)
{
	return json_is_true(json_object_get(reply->json, "success"));
}

static const struct reply *
ask(struct worker *worker, const char *path, const char *body, int64_t *doubts)
{
	return ask_until_answered(worker->client,
	    &(struct request){
		.path = path, .key = worker->hoard->key, .body = body },
	    doubts);
}

/* -------- challenges -------- */

static const struct reply *
verify(struct worker *worker, const struct deed *deed, int64_t answer,
    int64_t *doubts)
{
	return ask(worker, VERIFY,
	    client_text(worker->client,
		"{\"token\":\"%s\",\"answer\":%" PRId64 "}", deed->token,
		answer),
	    doubts);
}

/* With the challenge's token as the idempotency key, or with none. */
static const struct reply *
siteverify(struct worker *worker, const struct deed *deed, bool idempotent,
    int64_t *doubts)
{
	const char *key = idempotent
	    ? client_text(
		  worker->client, ",\"idempotency_key\":\"%s\"", deed->token)
	    : "";

	return ask(worker, SITEVERIFY,
	    client_text(worker->client, "{\"token\":\"%s\"%s}",
		deed->verification, key),
	    doubts);
}

static bool
create(struct worker *worker, struct deed *deed)
{
	const struct reply *reply = flow_create(
	    worker->client, worker->hoard->key);
	char why[128];

	if (ask_in_doubt(reply) || reply->status == 503) {
		worker->counts.created_in_doubt += ask_in_doubt(reply);
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
		return false;
	}
	if (reply->status != 200 ||
	    !copy_text(reply, "token", deed->token, sizeof(deed->token)) ||
	    oracle_solve(
		json_string_value(reply_member(reply, "challenge.text")),
		json_string_value(reply_member(reply, "challenge.instruction")),
		&deed->answer, why, sizeof(why)) != 0) {
		unexpected(worker, reply, "create");
		return false;
	}
	deed->stage = OPEN;
	worker->counts.created++;
	atomic_fetch_add(&worker->hoard->created, 1);
	return true;
}

static void
solve(struct worker *worker, struct deed *deed, bool right)
{
	int64_t doubts;
	const struct reply *reply = verify(
	    worker, deed, right ? deed->answer : FLOW_NONSENSE, &doubts);

	if (doubts > 0 && reply_has_code(reply, SPENT)) {
		deed->stage = UNTOLD;
		worker->counts.untold++;
	} else if (right && succeeds(reply) &&
	    copy_text(reply, "verificationToken", deed->verification,
		sizeof(deed->verification))) {
		deed->stage = SOLVED;
		deed->score = json_number_value(reply_member(reply, "score"));
		deed->solve_ms = json_integer_value(
		    reply_member(reply, "solveTimeMs"));
	} else if (!right && reply_has_code(reply, "incorrect-answer")) {
		deed->stage = WRONG;
	} else {
		unexpected(worker, reply, "verify");
		return;
	}
	worker->counts.solved += right;
	worker->counts.incorrect += !right;
}

/* The verdict that siteverify tells is the one that verify told. */
static bool
tells_the_same(const struct reply *reply, const struct deed *deed)
{
	const double score = json_number_value(reply_member(reply, "score"));

	return succeeds(reply) && score > deed->score - 0.01 &&
	    score < deed->score + 0.01 &&
	    json_integer_value(reply_member(reply, "solveTimeMs")) ==
	    deed->solve_ms;
}

static void
redeem(struct worker *worker, struct deed *deed)
{
	int64_t doubts;
	const struct reply *reply = siteverify(worker, deed, true, &doubts);

	if (!tells_the_same(reply, deed)) {
		unexpected(worker, reply, "siteverify");
		return;
	}
	deed->stage = REDEEMED;
	worker->counts.redeemed++;
}

static void
want_spent(struct worker *worker, const struct reply *reply, const char *what)
{
	worker->counts.tries++;
	if (succeeds(reply) || !reply_has_code(reply, SPENT))
		unexpected(worker, reply, what);
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	unsigned turn = worker->number;
	struct deed *deed = NULL;
	int64_t doubts;

	while (!atomic_load(&worker->hoard->stop) &&
	    worker->counts.unexpected[0] == '\0' &&
	    worker->deeds_count < DEEDS_MAX) {
		deed = &worker->deeds[worker->deeds_count];
		if (create(worker, deed)) {
			worker->deeds_count++;
			turn++;
			if (turn % 5 != 0)
				solve(worker, deed, turn % 5 != 1);
			if (deed->stage == SOLVED && turn % 5 != 2)
				redeem(worker, deed);
			/* At once, while what is killed may still forget. */
			if (deed->stage == REDEEMED && turn % 5 == 3)
				want_spent(worker,
				    siteverify(worker, deed, false, &doubts),
				    "redeemed again at once");
		}
		client_forget(worker->client);
	}
	return NULL;
}

/* -------- accounts -------- */

/* 201, or 409 when an attempt in doubt had made it. */
static bool
make_account(struct worker *clerk, struct holder *holder)
{
	const struct reply *reply = NULL;
	int64_t doubts;

	snprintf(holder->email, sizeof(holder->email), "%s",
	    flow_email(clerk->client));
	reply = ask_until_answered(clerk->client,
	    &(struct request){ .path = "/api/v1/auth/register",
		.body = client_text(clerk->client,
		    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD "\"}",
		    holder->email) },
	    &doubts);
	if (reply->status == 409 && doubts > 0)
		reply = ask_until_answered(clerk->client,
		    &(struct request){ .path = "/api/v1/auth/login",
			.body = client_text(clerk->client,
			    "{\"email\":\"%s\",\"password\":\"" FLOW_PASSWORD
			    "\"}",
			    holder->email) },
		    &doubts);
	if ((reply->status != 201 && reply->status != 200) ||
	    !copy_text(reply, "token", holder->jwt, sizeof(holder->jwt))) {
		unexpected(clerk, reply, "account");
		return false;
	}
	clerk->counts.accounts++;
	atomic_fetch_add(&clerk->hoard->accounts, 1);
	return true;
}

/* One whose answer is lost is a key that nobody has: another is made. */
static void
make_key(struct worker *clerk, struct holder *holder)
{
	int64_t doubts;
	const struct reply *reply = ask_until_answered(clerk->client,
	    &(struct request){ .path = "/api/v1/api-keys",
		.jwt = holder->jwt,
		.body = "{\"name\":\"kept\",\"difficulty\":\"easy\"}" },
	    &doubts);

	if (reply->status != 201 ||
	    !copy_text(reply, "id", holder->id, sizeof(holder->id)) ||
	    !copy_text(reply, "key", holder->key, sizeof(holder->key))) {
		unexpected(clerk, reply, "key");
		return;
	}
	clerk->counts.keys++;
}

static const char *
key_path(struct worker *clerk, const struct holder *holder)
{
	return client_text(clerk->client, "/api/v1/api-keys/%s", holder->id);
}

/* To revoke what an attempt in doubt has revoked may be 204 or 409. */
static void
revoke(struct worker *clerk, struct holder *holder)
{
	int64_t doubts;
	const struct reply *reply = ask_until_answered(clerk->client,
	    &(struct request){ .method = "DELETE",
		.path = key_path(clerk, holder),
		.jwt = holder->jwt },
	    &doubts);

	if (reply->status != 204 && !(doubts > 0 && reply->status == 409)) {
		unexpected(clerk, reply, "revoke");
		return;
	}
	holder->revoked = true;
	clerk->counts.revoked++;
}

static void *
keep_accounts(void *arg)
{
	struct worker *clerk = arg;
	struct hoard *hoard = clerk->hoard;
	struct holder *holder = NULL;

	while (!atomic_load(&hoard->stop) &&
	    clerk->counts.unexpected[0] == '\0' &&
	    hoard->holders_count < HOLDERS_MAX) {
		holder = &hoard->holders[hoard->holders_count];
		if (make_account(clerk, holder)) {
			hoard->holders_count++;
			make_key(clerk, holder);
			if (hoard->holders_count % 3 == 0 &&
			    holder->id[0] != '\0')
				revoke(clerk, holder);
		}
		client_forget(clerk->client);
	}
	return NULL;
}

/* -------- asking again -------- */

static void
ask_again(struct worker *worker, struct deed *deed)
{
	const struct reply *reply = NULL;
	int64_t doubts;

	if (deed->stage == OPEN)
		solve(worker, deed, true);
	if (deed->stage == SOLVED)
		redeem(worker, deed);
	want_spent(worker, verify(worker, deed, deed->answer, &doubts),
	    "verified again");
	if (deed->stage != REDEEMED)
		return;
	want_spent(
	    worker, siteverify(worker, deed, false, &doubts), "redeemed again");
	reply = siteverify(worker, deed, true, &doubts);
	if (!tells_the_same(reply, deed))
		unexpected(worker, reply, "another verdict");
}

static void *
ask_all_again(void *arg)
{
	struct worker *worker = arg;

	for (size_t i = 0;
	     i < worker->deeds_count && worker->counts.unexpected[0] == '\0';
	     i++) {
		ask_again(worker, &worker->deeds[i]);
		client_forget(worker->client);
	}
	return NULL;
}

static void
ask_holder(struct worker *clerk, const struct holder *holder)
{
	const struct reply *reply = NULL;

	reply = client_send(clerk->client,
	    &(struct request){ .path = "/api/v1/auth/me", .jwt = holder->jwt });
	if (reply->status != 200 ||
	    strcmp(json_string_value(reply_member(reply, "email")),
		holder->email) != 0)
		unexpected(clerk, reply, "signed in before");
	if (holder->id[0] == '\0')
		return;
	reply = flow_create(clerk->client, holder->key);
	if (reply->status != (holder->revoked ? 401 : 200))
		unexpected(clerk, reply, "key");
	reply = flow_login(clerk->client, holder->email, FLOW_PASSWORD);
	if (reply->status != 200)
		unexpected(clerk, reply, "sign in");
}

static void *
ask_all_holders(void *arg)
{
	struct worker *clerk = arg;

	for (size_t i = 0; i < clerk->hoard->holders_count; i++) {
		ask_holder(clerk, &clerk->hoard->holders[i]);
		client_forget(clerk->client);
	}
	return NULL;
}

/* -------- all of it -------- */

static void
start_worker(struct hoard *hoard, struct worker *worker, void *(*run)(void *))
{
	worker->hoard = hoard;
	assert_int_equal(pthread_create(&worker->thread, NULL, run, worker), 0);
}

struct hoard *
hoard_start(uint16_t port, const char *key, unsigned threads)
{
	struct hoard *hoard = NULL;

	assert_in_range(threads, 1, THREADS_MAX);
	hoard = calloc(1, sizeof(*hoard));
	assert_non_null(hoard);
	assert_true(snprintf(hoard->key, sizeof(hoard->key), "%s", key) <
	    (int)sizeof(hoard->key));
	hoard->holders = calloc(HOLDERS_MAX, sizeof(*hoard->holders));
	assert_non_null(hoard->holders);
	hoard->count = threads;
	for (unsigned i = 0; i < threads; i++) {
		hoard->workers[i].deeds = calloc(
		    DEEDS_MAX, sizeof(struct deed));
		assert_non_null(hoard->workers[i].deeds);
		hoard->workers[i].number = i;
		hoard->workers[i].client = client_new(port);
		start_worker(hoard, &hoard->workers[i], work);
	}
	hoard->clerk.client = client_new(port);
	start_worker(hoard, &hoard->clerk, keep_accounts);
	return hoard;
}

int64_t
hoard_created(const struct hoard *hoard)
{
	return atomic_load(&hoard->created);
}

int64_t
hoard_accounts(const struct hoard *hoard)
{
	return atomic_load(&hoard->accounts);
}

void
hoard_look_again(const struct hoard *hoard, int64_t deadline, const char *what)
{
	const char *wrong = atomic_load(&hoard->wrong);

	if (wrong != NULL)
		fail_msg("%s", wrong);
	rig_look_again(deadline, what);
}

static void
join_all(struct hoard *hoard)
{
	for (unsigned i = 0; i < hoard->count; i++)
		(void)pthread_join(hoard->workers[i].thread, NULL);
	(void)pthread_join(hoard->clerk.thread, NULL);
}

void
hoard_counts_add(struct hoard_counts *sum, const struct hoard_counts *counts)
{
	sum->created += counts->created;
	sum->created_in_doubt += counts->created_in_doubt;
	sum->solved += counts->solved;
	sum->incorrect += counts->incorrect;
	sum->redeemed += counts->redeemed;
	sum->untold += counts->untold;
	sum->accounts += counts->accounts;
	sum->keys += counts->keys;
	sum->revoked += counts->revoked;
	sum->tries += counts->tries;
	if (sum->unexpected[0] == '\0')
		memcpy(sum->unexpected, counts->unexpected,
		    sizeof(sum->unexpected));
}

struct hoard_counts
hoard_end(struct hoard **hoardp)
{
	struct hoard *hoard = *hoardp;
	struct hoard_counts sum = { 0 };

	atomic_store(&hoard->stop, true);
	join_all(hoard);
	for (unsigned i = 0; i < hoard->count; i++)
		start_worker(hoard, &hoard->workers[i], ask_all_again);
	start_worker(hoard, &hoard->clerk, ask_all_holders);
	join_all(hoard);
	for (unsigned i = 0; i < hoard->count; i++) {
		hoard_counts_add(&sum, &hoard->workers[i].counts);
		client_free(&hoard->workers[i].client);
		free(hoard->workers[i].deeds);
	}
	hoard_counts_add(&sum, &hoard->clerk.counts);
	client_free(&hoard->clerk.client);
	free(hoard->holders);
	free(hoard);
	*hoardp = NULL;
	return sum;
}
