/*
 * Whatever fails inside a message of challenge-svc, it is answered, and nothing
 * is consumed by halves.
 */
#include "challenge-svc/service.h"
#include "common/clock.h"
#include "common/secret.h"
#include "common/testing_faults.h"

struct bench {
	const char *path;
	struct challenge_service challenge;
	struct service_options options;
	struct faults_service *service;
};

static void
start(struct bench *bench)
{
	struct challenge_service *challenge = &bench->challenge;
	char error[256] = "";

	challenge->config.verification_ttl = 300;
	challenge->vocabulary = vocabulary_new("", error, sizeof(error));
	assert_non_null(challenge->vocabulary);
	if (db_open(&challenge->db, bench->path, store_schema,
		store_schema_count, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	challenge->store = store_open(challenge->db, 600000);
	challenge->outbox = outbox_open(challenge->db);
	assert_non_null(challenge->store);
	assert_non_null(challenge->outbox);
	bench->options = (struct service_options){ .name = "challenge-svc",
		.service = PROTO_SERVICE_CHALLENGE,
		.routes = challenge_routes,
		.routes_count = challenge_routes_count,
		.ctx = challenge,
		.db = challenge->db,
		.outbox = challenge->outbox };
	bench->service = faults_service_new(&bench->options);
}

static void
stop(struct bench *bench)
{
	faults_service_free(&bench->service);
	outbox_free(&bench->challenge.outbox);
	store_free(&bench->challenge.store);
	db_close(&bench->challenge.db);
	vocabulary_free(&bench->challenge.vocabulary);
}

static void
restart(void *arg)
{
	stop(arg);
	start(arg);
}

static struct faults_service *
service(void *arg)
{
	return ((struct bench *)arg)->service;
}

static struct db *
database(void *arg)
{
	return ((struct bench *)arg)->challenge.db;
}

/* -------- what is asked -------- */

static void
a_challenge(void *arg, void *request)
{
	struct challenge_create *create = request;

	(void)arg;
	create->key_id.bytes[0] = 1;
	create->account_id.bytes[0] = 2;
	create->level = level_HARD;
	create->ttl_seconds = 320;
}

/* A challenge that was handed out, its token in the request. */
static struct challenge_row
handed_out(struct bench *bench, struct challenge_verify *verify)
{
	struct challenge_create create = { 0 };
	struct challenge_created created;
	struct challenge_row row;
	struct token token;

	a_challenge(bench, &create);
	assert_int_equal(
	    faults_ask(bench->service, MSG_CHALLENGE_CREATE, &create, &created),
	    PROTO_OK);
	assert_int_equal(token_parse(&token, created.token), 0);
	assert_int_equal(
	    store_find(bench->challenge.store, token.id, &row), DB_ROW);
	verify->key_id = create.key_id;
	memcpy(verify->token, created.token, sizeof(created.token));
	return row;
}

static void
a_right_answer(void *arg, void *request)
{
	struct challenge_verify *verify = request;

	verify->answer = (double)handed_out(arg, verify).answer;
}

static void
a_wrong_answer(void *arg, void *request)
{
	struct challenge_verify *verify = request;

	verify->answer = (double)handed_out(arg, verify).answer + 1;
}

/* An answer to a challenge that ran out of time just now. */
static void
a_late_answer(void *arg, void *request)
{
	struct bench *bench = arg;
	struct challenge_verify *verify = request;
	struct challenge_row row = handed_out(bench, verify);
	struct token token = { .shard = 0, .secret = row.secret };

	row.id = token_next_id(bench->challenge.last_id, clock_now_ms());
	bench->challenge.last_id = token.id = row.id;
	row.expires_at = clock_now_ms() - 1;
	assert_int_equal(db_begin(bench->challenge.db), DB_OK);
	assert_int_equal(store_add(bench->challenge.store, &row), DB_OK);
	assert_int_equal(db_commit(bench->challenge.db), DB_OK);
	token_format(&token, verify->token);
}

static void
a_verification(void *arg, void *request)
{
	struct bench *bench = arg;
	struct challenge_redeem *redeem = request;
	struct challenge_verify verify = { 0 };
	struct challenge_verified verified;

	a_right_answer(bench, &verify);
	assert_int_equal(faults_ask(bench->service, MSG_CHALLENGE_VERIFY,
			     &verify, &verified),
	    PROTO_OK);
	assert_true(verified.allowed);
	redeem->key_id = verify.key_id;
	memcpy(redeem->token, verified.verification_token,
	    sizeof(verified.verification_token));
}

static void
every_failure_is_answered(void **state)
{
	static const struct faults_case cases[] = {
		{ "challenge-create", MSG_CHALLENGE_CREATE, a_challenge,
		    PROTO_OK },
		{ "challenge-verify", MSG_CHALLENGE_VERIFY, a_right_answer,
		    PROTO_OK },
		{ "challenge-verify, wrong", MSG_CHALLENGE_VERIFY,
		    a_wrong_answer, PROTO_OK },
		{ "challenge-verify, late", MSG_CHALLENGE_VERIFY, a_late_answer,
		    PROTO_OK },
		{ "challenge-redeem", MSG_CHALLENGE_REDEEM, a_verification,
		    PROTO_OK },
	};
	unsigned failures = 0;
	struct bench bench = { .path = testing_path(state, "challenge.db") };
	const struct faults_bench faults = { .fixture = &bench,
		.service = service,
		.db = database,
		.restart = restart };

	start(&bench);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		failures += faults_walk(&faults, &cases[i]);
	assert_true(failures > 100);
	print_message(
	    "G23: challenge-svc: %u failures, each answered\n", failures);
	stop(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TESTING(every_failure_is_answered),
	};

	faults_init();
	if (secret_init() != 0)
		return EXIT_FAILURE;
	return cmocka_run_group_tests_name(
	    "challenge-svc faults", tests, NULL, NULL);
}
