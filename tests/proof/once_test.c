/*
 * G9: a hundred verify calls with one token at the same time, over connections
 * of their own and several workers: exactly one counts. The same for
 * siteverify.
 */
#include <inttypes.h>

#include "tests/e2e/suite.h"
#include "tests/proof/proof.h"

#define CROWD	     100
#define TOKENS_QUICK 6
#define TOKENS_FULL  500
#define SHOWS_MS     (INT64_C(5000) * RIG_SLACK)

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_CHALLENGE_SHARDS=2",
		"AIC_GATEWAY_WORKERS=4", NULL };

	return suite_start(state, settings);
}

/* Sends the request CROWD times at once: one succeeds, the others are told
 * that it is spent. Returns the answer that succeeded. */
static const struct reply *
want_one_winner(struct suite *suite, const struct request *request)
{
	const struct reply *replies[CROWD];
	struct request requests[CROWD];
	const struct reply *winner = NULL;

	for (size_t i = 0; i < CROWD; i++)
		requests[i] = *request;
	client_send_all(suite->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		want_status(replies[i], 200);
		if (!want_boolean(replies[i], "success")) {
			assert_true(
			    reply_has_code(replies[i], "timeout-or-duplicate"));
			continue;
		}
		if (winner != NULL)
			fail_msg("%s: two succeeded", request->body);
		winner = replies[i];
	}
	assert_non_null(winner);
	return winner;
}

static void
of_a_crowd_with_one_token_exactly_one_counts(void **state)
{
	const int64_t tokens = proof_count(TOKENS_QUICK, TOKENS_FULL);
	struct suite *suite = *state;
	struct client *keeper = client_new(rig_port(suite->rig));
	struct account account = flow_account(keeper);
	struct key key = flow_key(keeper, &account, ",\"difficulty\":\"easy\"");
	const int64_t end = rig_deadline(
	    SHOWS_MS + tokens * INT64_C(1000) * RIG_SLACK);
	const struct reply *reply = NULL;
	struct challenge challenge;

	for (int64_t i = 0; i < tokens; i++) {
		challenge = flow_challenge(suite->client, key.secret);
		reply = want_one_winner(suite,
		    &(struct request){ .path = "/api/v2/challenges/verify",
			.key = key.secret,
			.body = client_text(suite->client,
			    "{\"token\":\"%s\",\"answer\":%" PRId64 "}",
			    challenge.token, challenge.answer) });
		(void)want_one_winner(suite,
		    &(struct request){ .path = "/api/v2/challenges/siteverify",
			.key = key.secret,
			.body = client_text(suite->client, "{\"token\":\"%s\"}",
			    want_string(reply, "verificationToken")) });
		client_forget(suite->client);
	}
	for (;;) {
		reply = flow_overview(suite->client, account.jwt);
		want_status(reply, 200);
		if (want_integer(reply, "totals.siteverified") == tokens)
			break;
		rig_look_again(end, "each token to count once");
	}
	assert_int_equal(want_integer(reply, "totals.solved"), tokens);
	assert_int_equal(want_integer(reply, "totals.verifications"), tokens);
	client_free(&keeper);
	proof_say("G9: %" PRId64 " challenges, %d verifies of each at once over"
		  " %d connections to 4 workers: %" PRId64 " counted",
	    tokens, CROWD, CROWD, tokens);
	proof_say("G9: %" PRId64 " verification tokens, %d siteverifies of each"
		  " at once: %" PRId64 " counted",
	    tokens, CROWD, tokens);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_crowd_with_one_token_exactly_one_counts),
	};

	return proof_end(
	    cmocka_run_group_tests(tests, set_up, suite_tear_down));
}
