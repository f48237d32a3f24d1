/*
 * Load with a ledger; see load.h. Nothing in here may fail the test, which is
 * not on these threads: what is wrong goes into the ledger.
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
#include "tests/e2e/client.h"
#include "tests/e2e/flow.h"
#include "tests/e2e/load.h"
#include "tests/e2e/want.h"
#include "tests/reader/oracle.h"

#define THREADS_MAX   16
#define LOOK_AGAIN_MS 5

struct worker {
	struct load *load;
	pthread_t thread;
	struct client *client;
	struct ledger ledger;
	unsigned number;
};

struct load {
	char key[128];
	atomic_bool stop;
	atomic_int_least64_t created;
	unsigned count;
	struct worker workers[THREADS_MAX];
};

/* Of one challenge. */
struct task {
	char token[64];
	char verification[64];
	int64_t answer;	   /* the right one */
	int64_t plain_sum; /* a wrong one */
	enum { RIGHT, PLAIN_SUM, NONSENSE } sent;
};

static void
unexpected(struct worker *worker, const struct reply *reply)
{
	if (worker->ledger.unexpected[0] == '\0')
		snprintf(worker->ledger.unexpected,
		    sizeof(worker->ledger.unexpected), "%s: %d %.300s",
		    reply->what, reply->status, reply->body);
}

static bool
is_true(const struct reply *reply, const char *name)
{
	return json_is_true(json_object_get(reply->json, name));
}

static bool
copy_member(const struct reply *reply, const char *path, char text[64])
{
	const char *value = json_string_value(reply_member(reply, path));

	if (value == NULL)
		return false;
	return snprintf(text, 64, "%s", value) < 64;
}

/* Asks until there is a verdict; NULL when none comes in time. */
static const struct reply *
post_until_answered(
    struct worker *worker, const char *path, const char *body, int64_t *doubts)
{
	const struct reply *reply = ask_until_answered(worker->client,
	    &(struct request){
		.path = path, .key = worker->load->key, .body = body },
	    doubts);

	if (reply->status == 200)
		return reply;
	unexpected(worker, reply);
	return NULL;
}

static bool
create(struct worker *worker, struct task *task)
{
	const struct reply *reply = flow_create(
	    worker->client, worker->load->key);
	const char *text = NULL;
	char why[128];

	if (ask_in_doubt(reply)) {
		worker->ledger.created_in_doubt++;
		return false;
	}
	if (reply->status == 503) {
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
		return false;
	}
	text = json_string_value(reply_member(reply, "challenge.text"));
	if (reply->status != 200 || !copy_member(reply, "token", task->token) ||
	    oracle_solve(text,
		json_string_value(reply_member(reply, "challenge.instruction")),
		&task->answer, why, sizeof(why)) != 0) {
		unexpected(worker, reply);
		return false;
	}
	task->plain_sum = flow_plain_sum(text);
	if (task->sent == PLAIN_SUM && task->plain_sum == task->answer)
		task->sent = RIGHT;
	worker->ledger.created++;
	atomic_fetch_add(&worker->load->created, 1);
	return true;
}

/* The answer that a task sends. */
static int64_t
answer_of(const struct task *task)
{
	switch (task->sent) {
	case RIGHT:
		return task->answer;
	case PLAIN_SUM:
		return task->plain_sum;
	case NONSENSE:
		return FLOW_NONSENSE;
	}
	return 0;
}

/* Returns true when there is a verification token to redeem. */
static bool
verify(struct worker *worker, struct task *task)
{
	const bool right = task->sent == RIGHT;
	const struct reply *reply = NULL;
	int64_t doubts;
	bool counted;

	reply = post_until_answered(worker, "/api/v2/challenges/verify",
	    client_text(worker->client,
		"{\"token\":\"%s\",\"answer\":%" PRId64 "}", task->token,
		answer_of(task)),
	    &doubts);
	if (reply == NULL)
		return false;
	counted = is_true(reply, "success") == right &&
	    (right || reply_has_code(reply, "incorrect-answer"));
	if (!counted && doubts > 0 &&
	    reply_has_code(reply, "timeout-or-duplicate")) {
		worker->ledger.settled++;
		counted = true;
	}
	if (!counted) {
		unexpected(worker, reply);
		return false;
	}
	worker->ledger.solved += right;
	worker->ledger.incorrect += !right;
	worker->ledger.plain_sums += task->sent == PLAIN_SUM;
	return copy_member(reply, "verificationToken", task->verification);
}

static void
redeem(struct worker *worker, const struct task *task)
{
	const struct reply *reply = NULL;
	int64_t doubts;

	reply = post_until_answered(worker, "/api/v2/challenges/siteverify",
	    client_text(worker->client,
		"{\"token\":\"%s\",\"idempotency_key\":\"%s\"}",
		task->verification, task->token),
	    &doubts);
	if (reply == NULL)
		return;
	if (!is_true(reply, "success")) {
		unexpected(worker, reply);
		return;
	}
	worker->ledger.redeemed++;
	worker->ledger.settled += doubts > 0;
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	unsigned turn = worker->number;
	struct task task;

	while (!atomic_load(&worker->load->stop) &&
	    worker->ledger.unexpected[0] == '\0') {
		memset(&task, 0, sizeof(task));
		/* One of three is answered wrongly, in two ways. */
		if (turn % 3 == 0)
			task.sent = turn % 2 == 0 ? PLAIN_SUM : NONSENSE;
		turn++;
		if (create(worker, &task) && verify(worker, &task))
			redeem(worker, &task);
		client_forget(worker->client);
	}
	return NULL;
}

struct load *
load_start(uint16_t port, const char *key, unsigned threads)
{
	struct load *load = NULL;

	assert_in_range(threads, 1, THREADS_MAX);
	load = calloc(1, sizeof(*load));
	assert_non_null(load);
	assert_true(snprintf(load->key, sizeof(load->key), "%s", key) <
	    (int)sizeof(load->key));
	load->count = threads;
	for (unsigned i = 0; i < threads; i++) {
		load->workers[i].load = load;
		load->workers[i].number = i;
		load->workers[i].client = client_new(port);
		assert_int_equal(pthread_create(&load->workers[i].thread, NULL,
				     work, &load->workers[i]),
		    0);
	}
	return load;
}

int64_t
load_created(const struct load *load)
{
	return atomic_load(&load->created);
}

struct ledger
load_stop(struct load **load_)
{
	struct load *load = *load_;
	struct ledger sum = { 0 };

	atomic_store(&load->stop, true);
	for (unsigned i = 0; i < load->count; i++) {
		struct worker *worker = &load->workers[i];

		(void)pthread_join(worker->thread, NULL);
		client_free(&worker->client);
		sum.created += worker->ledger.created;
		sum.created_in_doubt += worker->ledger.created_in_doubt;
		sum.solved += worker->ledger.solved;
		sum.incorrect += worker->ledger.incorrect;
		sum.plain_sums += worker->ledger.plain_sums;
		sum.redeemed += worker->ledger.redeemed;
		sum.settled += worker->ledger.settled;
		if (sum.unexpected[0] == '\0')
			memcpy(sum.unexpected, worker->ledger.unexpected,
			    sizeof(sum.unexpected));
	}
	free(load);
	*load_ = NULL;
	return sum;
}
