/*
 * Threads that ask for what is theirs; see crowd.h.
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

#include "tests/e2e/flow.h"
#include "tests/e2e/want.h"
#include "tests/proof/crowd.h"
#include "tests/proof/proof.h"
#include "tests/reader/oracle.h"

#define THREADS_MAX 16
#define REST_MS	    2

struct asker {
	struct crowd *crowd;
	pthread_t thread;
	struct client *keeper; /* of what lives as long as the thread */
	struct client *client;
	struct account account;
	struct key key;
	unsigned number;
	struct crowd_counts counts;
};

struct crowd {
	atomic_bool stop;
	unsigned count;
	struct asker askers[THREADS_MAX];
};

static void
unexpected(struct asker *asker, const struct reply *reply)
{
	if (asker->counts.unexpected[0] == '\0')
		snprintf(asker->counts.unexpected,
		    sizeof(asker->counts.unexpected), "%s: %d %.300s",
		    reply->what, reply->status, reply->body);
}

/* True when there is something to look at. */
static bool
is_answer(struct asker *asker, const struct reply *reply)
{
	if (reply->seconds > asker->counts.slowest)
		asker->counts.slowest = reply->seconds;
	if (reply->status == 200)
		return true;
	if (reply->status == 503 || reply->status == 504) {
		asker->counts.errors++;
		(void)poll(NULL, 0, REST_MS);
	} else {
		unexpected(asker, reply);
	}
	return false;
}

static void
want_own(struct asker *asker, const struct reply *reply, const char *path,
    const char *own)
{
	const char *text = json_string_value(reply_member(reply, path));

	if (text == NULL || strcmp(text, own) != 0)
		unexpected(asker, reply);
	else
		asker->counts.own++;
}

static void
ask_who(struct asker *asker)
{
	const struct reply *reply = client_send(asker->client,
	    &(struct request){
		.path = "/api/v1/auth/me", .jwt = asker->account.jwt });

	if (is_answer(asker, reply))
		want_own(asker, reply, "email", asker->account.email);
}

/* What was said when the challenge was made comes back when it is redeemed. */
static void
ask_cdata(struct asker *asker, uint64_t turn)
{
	const char *own = client_text(
	    asker->client, "%u-%" PRIu64, asker->number, turn);
	const struct reply *reply = NULL;
	const char *token = NULL;
	char why[128];
	int64_t answer;

	reply = client_send(asker->client,
	    &(struct request){ .path = "/api/v2/challenges",
		.key = asker->key.secret,
		.body = client_text(
		    asker->client, "{\"cdata\":\"%s\"}", own) });
	if (!is_answer(asker, reply))
		return;
	token = json_string_value(reply_member(reply, "token"));
	if (token == NULL ||
	    oracle_solve(
		json_string_value(reply_member(reply, "challenge.text")),
		json_string_value(reply_member(reply, "challenge.instruction")),
		&answer, why, sizeof(why)) != 0) {
		unexpected(asker, reply);
		return;
	}
	reply = flow_verify(asker->client, asker->key.secret, token, answer);
	if (!is_answer(asker, reply))
		return;
	token = json_string_value(reply_member(reply, "verificationToken"));
	if (token == NULL) {
		unexpected(asker, reply);
		return;
	}
	reply = flow_siteverify(asker->client, asker->key.secret, token);
	if (is_answer(asker, reply))
		want_own(asker, reply, "cdata", own);
}

static void *
work(void *arg)
{
	struct asker *asker = arg;
	uint64_t turn = 0;

	while (!atomic_load(&asker->crowd->stop) &&
	    asker->counts.unexpected[0] == '\0') {
		ask_who(asker);
		ask_cdata(asker, turn++);
		client_forget(asker->client);
	}
	return NULL;
}

struct crowd *
crowd_start(uint16_t port, unsigned threads)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	struct asker *asker = NULL;

	assert_non_null(crowd);
	assert_in_range(threads, 1, THREADS_MAX);
	crowd->count = threads;
	for (unsigned i = 0; i < threads; i++) {
		asker = &crowd->askers[i];
		asker->crowd = crowd;
		asker->number = i;
		asker->keeper = client_new(port);
		asker->client = client_new(port);
		asker->account = proof_account(asker->keeper);
		asker->key = flow_key(
		    asker->keeper, &asker->account, ",\"difficulty\":\"easy\"");
	}
	for (unsigned i = 0; i < threads; i++)
		assert_int_equal(pthread_create(&crowd->askers[i].thread, NULL,
				     work, &crowd->askers[i]),
		    0);
	return crowd;
}

struct crowd_counts
crowd_stop(struct crowd **crowdp)
{
	struct crowd *crowd = *crowdp;
	struct crowd_counts sum = { 0 };

	atomic_store(&crowd->stop, true);
	for (unsigned i = 0; i < crowd->count; i++) {
		struct asker *asker = &crowd->askers[i];

		(void)pthread_join(asker->thread, NULL);
		sum.own += asker->counts.own;
		sum.errors += asker->counts.errors;
		if (asker->counts.slowest > sum.slowest)
			sum.slowest = asker->counts.slowest;
		if (sum.unexpected[0] == '\0')
			memcpy(sum.unexpected, asker->counts.unexpected,
			    sizeof(sum.unexpected));
		client_free(&asker->client);
		client_free(&asker->keeper);
	}
	free(crowd);
	*crowdp = NULL;
	return sum;
}
