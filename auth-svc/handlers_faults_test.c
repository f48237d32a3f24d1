/*
 * Whatever fails inside a message of auth-svc, it is answered, and an account
 * or a key is changed wholly or not at all.
 */
#include "auth-svc/testing.h"
#include "common/testing_faults.h"

struct bench {
	struct testing *testing;
	struct service_options options;
	struct faults_service *service;
	unsigned accounts;
};

static void
start(struct bench *bench)
{
	struct auth *auth = &bench->testing->auth;

	/* It was opened inside of a transaction. */
	assert_int_equal(db_commit(bench->testing->db), DB_OK);
	bench->options = (struct service_options){ .name = "auth-svc",
		.service = PROTO_SERVICE_AUTH,
		.routes = auth_routes,
		.routes_count = auth_routes_count,
		.ctx = auth,
		.db = bench->testing->db,
		.outbox = auth->outbox,
		.pool_threads = 1,
		.pool_queue = 4 };
	bench->service = faults_service_new(&bench->options);
}

static void
restart(void *arg)
{
	struct bench *bench = arg;

	faults_service_free(&bench->service);
	testing_reopen(bench->testing);
	start(bench);
}

static struct faults_service *
service(void *arg)
{
	return ((struct bench *)arg)->service;
}

static struct db *
database(void *arg)
{
	return ((struct bench *)arg)->testing->db;
}

static void
ask(struct bench *bench, enum proto_message message, const void *request,
    void *reply)
{
	assert_int_equal(
	    faults_ask(bench->service, message, request, reply), PROTO_OK);
}

/* -------- accounts -------- */

static void
a_newcomer(void *arg, void *request)
{
	struct bench *bench = arg;
	struct auth_register *newcomer = request;

	(void)snprintf(newcomer->email, sizeof(newcomer->email),
	    "somebody-%u@example.com", ++bench->accounts);
	(void)snprintf(newcomer->password, sizeof(newcomer->password), "%s",
	    TEST_PASSWORD);
}

/* A new account that has signed in: its access token. */
static void
a_session(struct bench *bench, char jwt[PROTO_JWT_MAX + 1])
{
	struct auth_register newcomer = { 0 };
	struct auth_session session;

	a_newcomer(bench, &newcomer);
	ask(bench, MSG_AUTH_REGISTER, &newcomer, &session);
	memcpy(jwt, session.token, sizeof(session.token));
}

static void
a_login(void *arg, void *request)
{
	struct bench *bench = arg;
	struct auth_register newcomer = { 0 };
	struct auth_login *login = request;
	struct auth_session session;

	a_newcomer(bench, &newcomer);
	ask(bench, MSG_AUTH_REGISTER, &newcomer, &session);
	memcpy(login->email, newcomer.email, sizeof(newcomer.email));
	memcpy(login->password, newcomer.password, sizeof(newcomer.password));
}

static void
a_bearer(void *arg, void *request)
{
	a_session(arg, ((struct bearer *)request)->jwt);
}

static void
a_new_password(void *arg, void *request)
{
	struct auth_password *change = request;

	a_session(arg, change->jwt);
	(void)snprintf(change->current_password,
	    sizeof(change->current_password), "%s", TEST_PASSWORD);
	(void)snprintf(change->new_password, sizeof(change->new_password), "%s",
	    TEST_OTHER);
}

/* -------- keys -------- */

static void
a_new_key(void *arg, void *request)
{
	struct key_create *create = request;

	a_session(arg, create->jwt);
	(void)snprintf(create->name, sizeof(create->name), "a site");
	PROTO_SET(create, key_create, allowed_origins);
	create->allowed_origins_count = 1;
	(void)snprintf(create->allowed_origins[0],
	    sizeof(create->allowed_origins[0]), "https://example.com");
}

/* A new account's key, and the account's access token. */
static struct api_key
a_key(struct bench *bench, char jwt[PROTO_JWT_MAX + 1])
{
	struct key_create create = { 0 };
	struct api_key key;

	a_new_key(bench, &create);
	memcpy(jwt, create.jwt, sizeof(create.jwt));
	ask(bench, MSG_KEY_CREATE, &create, &key);
	return key;
}

static void
an_owner(void *arg, void *request)
{
	(void)a_key(arg, ((struct bearer *)request)->jwt);
}

static void
a_new_name(void *arg, void *request)
{
	struct key_update *update = request;

	update->id = a_key(arg, update->jwt).id;
	PROTO_SET(update, key_update, name);
	(void)snprintf(update->name, sizeof(update->name), "another site");
}

static void
a_key_to_revoke(void *arg, void *request)
{
	struct key_revoke *revoke = request;

	revoke->id = a_key(arg, revoke->jwt).id;
}

static void
a_key_to_rotate(void *arg, void *request)
{
	struct key_rotate *rotate = request;

	rotate->id = a_key(arg, rotate->jwt).id;
}

static void
a_key_to_find(void *arg, void *request)
{
	struct key_lookup *lookup = request;
	char jwt[PROTO_JWT_MAX + 1];
	struct api_key key = a_key(arg, jwt);

	lookup->hash_len = API_KEY_HASH_BYTES;
	api_key_hash(key.key, lookup->hash);
}

static void
a_key_of_nobody(void *arg, void *request)
{
	struct key_lookup *lookup = request;

	(void)arg;
	lookup->hash_len = API_KEY_HASH_BYTES;
}

static void
a_key_in_use(void *arg, void *request)
{
	struct key_changes *changes = request;
	struct key_changes first = { 0 };
	struct key_changed changed;
	char jwt[PROTO_JWT_MAX + 1];
	struct bench *bench = arg;
	struct api_key key;

	ask(bench, MSG_KEY_CHANGES, &first, &changed);
	key = a_key(bench, jwt);
	changes->since = changed.sequence;
	changes->used_count = 1;
	changes->used[0] = key.id;
}

static void
every_failure_is_answered(void **state)
{
	static const struct faults_case cases[] = {
		{ "auth-register", MSG_AUTH_REGISTER, a_newcomer, PROTO_OK },
		{ "auth-login", MSG_AUTH_LOGIN, a_login, PROTO_OK },
		{ "auth-me", MSG_AUTH_ME, a_bearer, PROTO_OK },
		{ "auth-logout", MSG_AUTH_LOGOUT, a_bearer, PROTO_OK },
		{ "auth-password", MSG_AUTH_PASSWORD, a_new_password,
		    PROTO_OK },
		{ "key-list", MSG_KEY_LIST, an_owner, PROTO_OK },
		{ "key-create", MSG_KEY_CREATE, a_new_key, PROTO_OK },
		{ "key-update", MSG_KEY_UPDATE, a_new_name, PROTO_OK },
		{ "key-revoke", MSG_KEY_REVOKE, a_key_to_revoke, PROTO_OK },
		{ "key-rotate", MSG_KEY_ROTATE, a_key_to_rotate, PROTO_OK },
		{ "key-lookup", MSG_KEY_LOOKUP, a_key_to_find, PROTO_OK },
		{ "key-lookup, unknown", MSG_KEY_LOOKUP, a_key_of_nobody,
		    PROTO_ERROR_INVALID_KEY },
		{ "key-changes", MSG_KEY_CHANGES, a_key_in_use, PROTO_OK },
	};
	unsigned failures = 0;
	struct bench bench = { .testing = *state };
	const struct faults_bench faults = { .fixture = &bench,
		.service = service,
		.db = database,
		.restart = restart };

	start(&bench);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		failures += faults_walk(&faults, &cases[i]);
	assert_true(failures > 100);
	print_message("G23: auth-svc: %u failures, each answered\n", failures);
	faults_service_free(&bench.service);
}

/* -------- house-keeping -------- */

/* One turn, in which the n-th fails. Whether one had; what it did is undone. */
static bool
failing_turn_keeps_the_use(
    struct bench *bench, enum faults_kind kind, unsigned n)
{
	struct auth *auth = &bench->testing->auth;
	struct db *db = bench->testing->db;
	int result;
	bool hit;

	assert_int_equal(db_begin(db), DB_OK);
	faults_arm(kind, n);
	result = auth_tick(auth);
	hit = faults_disarm();
	db_rollback(db);
	assert_int_equal(result, hit ? PROTO_ERROR_INTERNAL : PROTO_OK);
	assert_int_equal(auth->uses.count, 1);
	return hit;
}

static void
failing_house_keeping_loses_no_use(void **state)
{
	static const enum faults_kind kinds[] = { FAULTS_STEP_MEMORY,
		FAULTS_STEP_FULL };
	struct bench bench = { .testing = *state };
	struct key_changes changes = { 0 };
	struct key_changed changed;
	unsigned failures = 0, n;

	start(&bench);
	a_key_in_use(&bench, &changes);
	ask(&bench, MSG_KEY_CHANGES, &changes, &changed);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (n = 1; failing_turn_keeps_the_use(&bench, kinds[i], n);)
			n++;
		failures += n - 1;
	}
	/* Three purges, and the use. */
	assert_int_equal(failures, 2 * 4);
	assert_int_equal(db_begin(bench.testing->db), DB_OK);
	assert_int_equal(auth_tick(&bench.testing->auth), PROTO_OK);
	/* It is noted: there is nothing newer than the first moment to write.
	 */
	assert_int_equal(
	    store_key_touch(bench.testing->auth.store, &changes.used[0], 1, 1),
	    DB_DONE);
	assert_int_equal(db_commit(bench.testing->db), DB_OK);
	faults_service_free(&bench.service);
}

/* -------- guesses whose asker has gone -------- */

#define HALF  (THROTTLE_ACCOUNT_FREE / 2)
#define TRIES (THROTTLE_ACCOUNT_FREE + 4)

/* Guesses that are answered `wrong`, at most `most`, until one has to wait. */
static int
guesses_until_a_wait(struct bench *bench, enum proto_message message,
    const void *request, int wrong, int most)
{
	struct auth_session reply;
	int result, n;

	for (n = 0; n < most; n++) {
		result = faults_ask(bench->service, message, request, &reply);
		if (result == PROTO_ERROR_RATE_LIMITED)
			break;
		assert_int_equal(result, wrong);
	}
	return n;
}

/*
 * Half of the free guesses, then many that come too late, right and wrong: they
 * neither count nor are earlier ones forgotten over them. (On a slow machine
 * one may be past its wait of a second: then there is a guess more.)
 */
static void
late_ones_are_none(struct bench *bench, enum proto_message message,
    const void *right, const void *wrong, int error)
{
	int left;

	assert_int_equal(
	    guesses_until_a_wait(bench, message, wrong, error, HALF), HALF);
	for (int i = 0; i < TRIES; i++)
		assert_int_equal(faults_ask_late(bench->service, message,
				     i % 2 == 0 ? right : wrong),
		    PROTO_ERROR_DEADLINE);
	left = guesses_until_a_wait(
	    bench, message, wrong, error, THROTTLE_ACCOUNT_FREE);
	assert_in_range(
	    left, THROTTLE_ACCOUNT_FREE - HALF, THROTTLE_ACCOUNT_FREE - 1);
}

static void
late_sign_in_is_no_guess(void **state)
{
	struct bench bench = { .testing = *state };
	struct auth_login right = { 0 }, wrong;

	start(&bench);
	a_login(&bench, &right);
	wrong = right;
	(void)snprintf(wrong.password, sizeof(wrong.password), TEST_OTHER);
	late_ones_are_none(
	    &bench, MSG_AUTH_LOGIN, &right, &wrong, PROTO_ERROR_INVALID_LOGIN);
	faults_service_free(&bench.service);
}

static void
late_change_of_password_is_no_guess(void **state)
{
	struct bench bench = { .testing = *state };
	struct auth_password right = { 0 }, wrong;

	start(&bench);
	a_new_password(&bench, &right);
	wrong = right;
	(void)snprintf(wrong.current_password, sizeof(wrong.current_password),
	    "%s, or so", TEST_OTHER);
	late_ones_are_none(&bench, MSG_AUTH_PASSWORD, &right, &wrong,
	    PROTO_ERROR_WRONG_PASSWORD);
	faults_service_free(&bench.service);
}

/* -------- */

static int
open_with_throttle(void **state)
{
	static const uint8_t key[THROTTLE_KEY_BYTES] = { 1 };
	struct testing *testing = NULL;

	if (testing_open(state) != 0)
		return -1;
	testing = *state;
	testing->auth.throttle = throttle_new(key);
	return testing->auth.throttle != NULL ? 0 : -1;
}

static int
close_with_throttle(void **state)
{
	throttle_free(&((struct testing *)*state)->auth.throttle);
	return testing_close(state);
}

#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, open_with_throttle, close_with_throttle)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_failure_is_answered),
		TEST(failing_house_keeping_loses_no_use),
		TEST(late_sign_in_is_no_guess),
		TEST(late_change_of_password_is_no_guess),
	};

	faults_init();
	return cmocka_run_group_tests_name(
	    "auth-svc faults", tests, NULL, NULL);
}
