/*
 * What the tests of auth-svc share.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth-svc/testing.h"
#include "common/log.h"
#include "common/secret.h"

#define DICTIONARY "/var/cache/cracklib/cracklib_dict"

static void
open_database(struct testing *testing)
{
	char path[128], error[256] = "";

	(void)snprintf(path, sizeof(path), "%s/auth.db", testing->directory);
	if (db_open(&testing->db, path, store_schema, store_schema_count, error,
		sizeof(error)) != 0)
		fail_msg("%s", error);
	testing->auth.store = store_open(testing->db);
	assert_non_null(testing->auth.store);
	testing->auth.outbox = outbox_open(testing->db);
	assert_non_null(testing->auth.outbox);
	assert_int_equal(db_begin(testing->db), DB_OK);
}

static void
close_database(struct testing *testing)
{
	if (testing->db != NULL && db_in_transaction(testing->db))
		db_rollback(testing->db);
	outbox_free(&testing->auth.outbox);
	store_free(&testing->auth.store);
	db_close(&testing->db);
}

int
testing_open(void **state)
{
	uint8_t key[TOKEN_KEY_BYTES];
	enum db_status status = DB_OK;
	struct testing *testing;

	log_open("auth-svc test", LOG_LEVEL_ERROR);
	assert_int_equal(secret_init(), 0);
	testing = calloc(1, sizeof(*testing));
	assert_non_null(testing);
	(void)snprintf(testing->directory, sizeof(testing->directory),
	    "/tmp/auth-svc-test-XXXXXX");
	assert_non_null(mkdtemp(testing->directory));
	secret_random(key, sizeof(key));
	testing->tokens = token_keys_new(key, NULL);
	assert_non_null(testing->tokens);
	testing->auth.tokens = testing->tokens;
	testing->auth.session_ttl_s = 3600;
	/* As cheap as argon2id can be: the tests are not about its cost. */
	testing->auth.policy.memory_bytes = crypto_pwhash_MEMLIMIT_MIN;
	testing->auth.policy.passes = crypto_pwhash_OPSLIMIT_MIN;
	testing->auth.policy.dictionary = DICTIONARY;
	open_database(testing);
	assert_int_equal(
	    decoys_prepare(&testing->auth.decoys, key, testing->auth.store,
		&testing->auth.policy, &status),
	    0);
	*state = testing;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
testing_close(void **state)
{
	struct testing *testing = *state;
	int result;

	close_database(testing);
	token_keys_free(&testing->tokens);
	result = nftw(testing->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(testing);
	return result;
}

void
testing_reopen(struct testing *testing)
{
	close_database(testing);
	open_database(testing);
}

int
testing_register(struct testing *testing, const char *email,
    const char *password, struct auth_session *reply, struct refusal *why)
{
	struct auth_register request = { 0 };
	struct account_job job;

	memset(why, 0, sizeof(*why));
	memset(reply, 0, sizeof(*reply));
	(void)snprintf(request.email, sizeof(request.email), "%s", email);
	(void)snprintf(
	    request.password, sizeof(request.password), "%s", password);
	if (accounts_begin_register(&testing->auth, &request, &job, why) != 0)
		return -1;
	account_work(&job);
	return accounts_finish_register(
	    &testing->auth, &job, TEST_NOW, reply, why);
}

int
testing_login(struct testing *testing, const char *email, const char *password,
    struct auth_session *reply, struct refusal *why)
{
	struct auth_login request = { 0 };
	struct account_job job;

	memset(why, 0, sizeof(*why));
	memset(reply, 0, sizeof(*reply));
	(void)snprintf(request.email, sizeof(request.email), "%s", email);
	(void)snprintf(
	    request.password, sizeof(request.password), "%s", password);
	if (accounts_begin_login(&testing->auth, &request, &job, why) != 0)
		return -1;
	account_work(&job);
	return accounts_finish_login(
	    &testing->auth, &job, TEST_NOW, reply, why);
}

void
testing_session(
    struct testing *testing, const char *jwt, struct session *session)
{
	struct refusal why = { 0 };

	assert_int_equal(
	    accounts_authenticate(&testing->auth, jwt, TEST_NOW, session, &why),
	    0);
}

void
testing_new_account(
    struct testing *testing, const char *email, struct session *session)
{
	struct auth_session reply;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, email, TEST_PASSWORD, &reply, &why), 0);
	testing_session(testing, reply.token, session);
}

void
testing_commit(struct testing *testing)
{
	assert_int_equal(outbox_flush(testing->auth.outbox, true), DB_OK);
	assert_int_equal(db_commit(testing->db), DB_OK);
	outbox_committed(testing->auth.outbox);
	assert_int_equal(db_begin(testing->db), DB_OK);
}

void
testing_rollback(struct testing *testing)
{
	db_rollback(testing->db);
	outbox_rolled_back(testing->auth.outbox);
	assert_int_equal(db_begin(testing->db), DB_OK);
}
