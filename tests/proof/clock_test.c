/*
 * G12: the wall clock jumps by an hour, either way, while everything runs and
 * while services start again. Nothing that has expired comes back, nothing
 * that lives ends, no token is given out twice, and solve times do not show it.
 *
 * The jump is made by a preloaded library (clockwork.c) in every process at
 * once.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/e2e/suite.h"
#include "tests/proof/proof.h"

#define HOUR_S	   3600
#define TTL_MS	   10000 /* the least that a key and a token may have */
#define TOKENS_MAX 2000
#define SOLVE_MS   150
#define HEARD_MS   500 /* twice what a gateway takes to hear of a change */
#define LATE_MS	   (INT64_C(20000) * RIG_SLACK)

/* What was made before a round's jumps; all that is short ends in TTL_MS. */
struct made {
	struct account account;
	struct key key;
	struct key brief;	 /* its challenges live for TTL_MS */
	const char *old_secret;	 /* rotated away, with a second's grace */
	const char *kept_secret; /* rotated away, with half an hour's grace */
	struct challenge expired;
	struct challenge alive;
	const char *expired_token; /* a verification token */
	const char *alive_token;
	int64_t over; /* when what is short has ended, monotonic */
};

static _Atomic int64_t *moved; /* seconds; see clockwork.c */
static char clock_file[] = "/tmp/aic-clock-XXXXXX";
static char *tokens[TOKENS_MAX];
static size_t tokens_count;
static int64_t jumps;
static int64_t looks;

static int
set_up(void **state)
{
	static char preload[512], clock[128];
	const char *settings[] = { "AIC_CHALLENGE_SHARDS=2",
		"AIC_VERIFICATION_TTL=10", preload, clock, NULL };
	void *page = NULL;
	int fd = mkstemp(clock_file);

	assert_int_not_equal(fd, -1);
	assert_int_equal(ftruncate(fd, sizeof(*moved)), 0);
	page = mmap(
	    NULL, sizeof(*moved), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(page != MAP_FAILED);
	close(fd);
	moved = page;
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s/clockwork.so",
	    AIC_LIB_DIR);
	snprintf(clock, sizeof(clock), "PROOF_CLOCK=%s", clock_file);
	return suite_start(state, settings);
}

static int
tear_down(void **state)
{
	int result = suite_tear_down(state);

	(void)munmap((void *)moved, sizeof(*moved));
	(void)unlink(clock_file);
	for (size_t i = 0; i < tokens_count; i++)
		free(tokens[i]);
	return result;
}

/* To so many seconds from the right time. */
static void
jump(int64_t seconds)
{
	atomic_store(moved, seconds);
	jumps++;
}

static void
note_token(const char *token)
{
	assert_true(tokens_count < TOKENS_MAX);
	tokens[tokens_count] = strdup(token);
	assert_non_null(tokens[tokens_count]);
	tokens_count++;
}

static struct challenge
create(struct suite *suite, const char *key)
{
	struct challenge challenge = flow_challenge(suite->client, key);

	note_token(challenge.token);
	return challenge;
}

static const char *
rotate(struct suite *suite, const struct account *account,
    const struct key *key, int64_t grace_s)
{
	const struct reply *reply = client_send(suite->client,
	    &(struct request){ .path = client_text(suite->client,
				   "/api/v1/api-keys/%s/rotate", key->id),
		.jwt = account->jwt,
		.body = client_text(suite->client,
		    "{\"graceSeconds\":%" PRId64 "}", grace_s) });

	want_status(reply, 200);
	return key->secret;
}

static void
await(int64_t moment, const char *what)
{
	const int64_t end = moment + LATE_MS;

	while (rig_now_ms() <= moment)
		rig_look_again(end, what);
}

/*
 * Makes what expires, waits until it has, then makes what must live: that lives
 * long, except for a verification token.
 */
static void
make(struct suite *suite, struct made *made)
{
	static const char brief[] =
	    ",\"difficulty\":\"easy\",\"ttlSeconds\":10";
	struct key rotated;

	made->account = flow_account(suite->client);
	made->key = flow_key(
	    suite->client, &made->account, ",\"difficulty\":\"easy\"");
	made->brief = flow_key(suite->client, &made->account, brief);
	rotated = flow_key(
	    suite->client, &made->account, ",\"difficulty\":\"easy\"");
	made->old_secret = rotate(suite, &made->account, &rotated, 1);
	rotated = flow_key(
	    suite->client, &made->account, ",\"difficulty\":\"easy\"");
	made->kept_secret = rotate(suite, &made->account, &rotated, HOUR_S / 2);
	/* The gateway has heard of the change, and remembers both secrets. */
	await(rig_now_ms() + HEARD_MS, "a rotation to be known");
	(void)create(suite, made->kept_secret);
	(void)flow_create(suite->client, made->old_secret);
	made->expired = create(suite, made->brief.secret);
	made->expired_token = flow_verified(suite->client, made->key.secret);
	made->over = rig_now_ms() + TTL_MS;
	note_token(made->expired_token);
	await(made->over, "what is short to end");
	made->alive = create(suite, made->key.secret);
}

static void
want_spent(const struct reply *reply)
{
	want_status(reply, 200);
	if (want_boolean(reply, "success") ||
	    !reply_has_code(reply, "timeout-or-duplicate"))
		fail_msg("%s: %.300s", reply->what, reply->body);
	looks++;
}

static void
want_success(const struct reply *reply)
{
	want_status(reply, 200);
	if (!want_boolean(reply, "success"))
		fail_msg("%s: %.300s", reply->what, reply->body);
	looks++;
}

/* None of these looks changes what it looks at, but for the verification token
 * that is made and redeemed. */
static void
look(struct suite *suite, const struct made *made)
{
	const char *key = made->key.secret;
	const char *token = NULL;

	want_spent(flow_verify(suite->client, made->brief.secret,
	    made->expired.token, made->expired.answer));
	want_spent(flow_siteverify(suite->client, key, made->expired_token));
	want_status(flow_create(suite->client, made->old_secret), 401);
	(void)create(suite, made->kept_secret);
	want_status(client_send(suite->client,
			&(struct request){ .path = "/api/v1/auth/me",
			    .jwt = made->account.jwt }),
	    200);
	token = flow_verified(suite->client, key);
	note_token(token);
	want_success(flow_siteverify(suite->client, key, token));
	looks += 3;
}

/* A challenge made, the jump, and its answer: the time between shows, and
 * nothing else. */
static void
solve_across(struct suite *suite, const struct made *made, int64_t seconds)
{
	const int64_t before = rig_now_ms();
	struct challenge challenge = create(suite, made->key.secret);
	const int64_t made_at = rig_now_ms();
	const struct reply *reply = NULL;
	int64_t solve_ms, sent_at;

	await(made_at + SOLVE_MS, "time to pass");
	jump(seconds);
	sent_at = rig_now_ms();
	reply = flow_verify(
	    suite->client, made->key.secret, challenge.token, challenge.answer);
	want_success(reply);
	solve_ms = want_integer(reply, "solveTimeMs");
	/* One more for each clock's rounding. */
	assert_in_range(
	    solve_ms, sent_at - made_at - 2, rig_now_ms() - before + 2);
	note_token(want_string(reply, "verificationToken"));
}

static void
restart(struct suite *suite)
{
	static const enum rig_process services[] = { RIG_CHALLENGE_0,
		RIG_CHALLENGE_1, RIG_AUTH, RIG_ANALYTICS };

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		rig_kill(suite->rig, services[i]);
		rig_restart(suite->rig, services[i]);
	}
	rig_await_ready(suite->rig);
}

static int
compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
want_distinct_tokens(void)
{
	qsort(tokens, tokens_count, sizeof(tokens[0]), compare);
	for (size_t i = 1; i < tokens_count; i++) {
		if (strcmp(tokens[i - 1], tokens[i]) == 0)
			fail_msg("%s was given out twice", tokens[i]);
	}
}

/* There and back and over to the other side, once as the services run and once
 * with a start of each after every jump. */
static void
wall_clock_jumps_change_nothing(void **state)
{
	static const int64_t places[] = { -HOUR_S, 0, HOUR_S, 0, HOUR_S,
		-HOUR_S, 0 };
	const int64_t rounds = proof_count(1, 10);
	struct suite *suite = *state;
	struct made made;

	for (int64_t round = 0; round < rounds; round++) {
		make(suite, &made);
		for (int starts = 0; starts < 2; starts++) {
			for (size_t i = 0;
			     i < sizeof(places) / sizeof(places[0]); i++) {
				solve_across(suite, &made, places[i]);
				if (starts != 0)
					restart(suite);
				look(suite, &made);
			}
		}
		want_success(flow_verify(suite->client, made.key.secret,
		    made.alive.token, made.alive.answer));
		client_forget(suite->client);
	}
	want_distinct_tokens();
	proof_say("G12: %" PRId64
		  " jumps of the wall clock by one or two hours,"
		  " half of them followed by a kill and start of every"
		  " service; %" PRId64
		  " looks: nothing un-expired, nothing ended early; %" PRId64
		  " solve times were those of the client",
	    jumps, looks, jumps);
	proof_say("G12: %zu tokens given out, 0 of them twice", tokens_count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wall_clock_jumps_change_nothing),
	};

	return proof_end(cmocka_run_group_tests(tests, set_up, tear_down));
}
