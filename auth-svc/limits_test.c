/*
 * Tests that one account cannot make a table grow without bound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/keys.h"
#include "auth-svc/testing.h"

#define ADA "ada@example.com"
#define BOB "bob@example.com"

#define MINUTE_MS INT64_C(60000)

static struct auth_session
sign_in(struct testing *testing, const char *email, int64_t now)
{
	struct auth_login request = { 0 };
	struct auth_session reply = { 0 };
	struct refusal why = { 0 };
	struct account_job job;

	(void)snprintf(request.email, sizeof(request.email), "%s", email);
	(void)snprintf(
	    request.password, sizeof(request.password), TEST_PASSWORD);
	assert_int_equal(
	    accounts_begin_login(&testing->auth, &request, &job, &why), 0);
	account_work(&job);
	assert_int_equal(
	    accounts_finish_login(&testing->auth, &job, now, &reply, &why), 0);
	return reply;
}

static bool
is_signed_in(struct testing *testing, const char *jwt)
{
	struct refusal why = { 0 };
	struct session session;

	return accounts_authenticate(
		   &testing->auth, jwt, TEST_NOW, &session, &why) == 0;
}

static int
create(struct testing *testing, const struct uuid *owner, int64_t now,
    struct api_key *key, struct refusal *why)
{
	const struct key_create request = { .name = "site" };

	memset(why, 0, sizeof(*why));
	memset(key, 0, sizeof(*key));
	return keys_create(&testing->auth, owner, &request, now, key, why);
}

static struct api_key
new_key_at(struct testing *testing, const struct uuid *owner, int64_t now)
{
	struct refusal why;
	struct api_key key;

	assert_int_equal(create(testing, owner, now, &key, &why), 0);
	return key;
}

static struct api_key
new_key(struct testing *testing, const struct uuid *owner)
{
	return new_key_at(testing, owner, TEST_NOW);
}

static struct api_key
rotate(struct testing *testing, const struct uuid *owner, const struct uuid *id)
{
	struct key_rotate request = { .id = *id };
	struct refusal why = { 0 };
	struct api_key key = { 0 };

	assert_int_equal(
	    keys_rotate(&testing->auth, owner, &request, TEST_NOW, &key, &why),
	    0);
	return key;
}

static bool
key_works(struct testing *testing, const char *text)
{
	struct key_lookup request = { .hash_len = API_KEY_HASH_BYTES };
	struct refusal why = { 0 };
	struct key_info info = { 0 };

	api_key_hash(text, request.hash);
	return keys_lookup(&testing->auth, &request, TEST_NOW, &info, &why) ==
	    0;
}

/* How revoking a key answers: 0, or the error. */
static int
revoke(struct testing *testing, const struct uuid *owner, const struct uuid *id,
    int64_t now, bool *changed)
{
	struct refusal why = { 0 };

	*changed = false;
	if (keys_revoke(&testing->auth, owner, id, now, changed, &why) == 0)
		return 0;
	assert_int_equal(why.status, DB_OK);
	return (int)why.error;
}

static void
sign_in_past_the_limit_ends_the_oldest_session(void **state)
{
	static struct auth_session opened[ACCOUNT_SESSIONS_MAX + 2];
	struct testing *testing = *state;
	struct auth_session other;
	struct refusal why;
	int i;

	assert_int_equal(
	    testing_register(testing, BOB, TEST_PASSWORD, &other, &why), 0);
	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &opened[0], &why), 0);
	for (i = 1; i < ACCOUNT_SESSIONS_MAX; i++)
		opened[i] = sign_in(testing, ADA, TEST_NOW + i);
	assert_true(is_signed_in(testing, opened[0].token));
	for (; i < ACCOUNT_SESSIONS_MAX + 2; i++)
		opened[i] = sign_in(testing, ADA, TEST_NOW + i);
	for (i = 0; i < ACCOUNT_SESSIONS_MAX + 2; i++)
		assert_int_equal(is_signed_in(testing, opened[i].token), i > 1);
	assert_true(is_signed_in(testing, other.token));
}

static void
new_session_outlives_all_of_the_same_millisecond(void **state)
{
	struct testing *testing = *state;
	struct auth_session opened;
	struct refusal why;
	int i;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &opened, &why), 0);
	for (i = 0; i < ACCOUNT_SESSIONS_MAX + 5; i++) {
		opened = sign_in(testing, ADA, TEST_NOW);
		assert_true(is_signed_in(testing, opened.token));
	}
}

static void
rotation_past_the_limit_ends_the_oldest_secret(void **state)
{
	struct api_key secrets[KEY_GRACE_MAX + 3], other;
	struct testing *testing = *state;
	struct session session;
	struct uuid owner;
	int i;

	testing_new_account(testing, ADA, &session);
	owner = session.account_id;
	other = new_key(testing, &owner);
	(void)rotate(testing, &owner, &other.id);
	secrets[0] = new_key(testing, &owner);
	/* All end at one time: it is their age that tells them apart. */
	for (i = 1; i <= KEY_GRACE_MAX; i++)
		secrets[i] = rotate(testing, &owner, &secrets[0].id);
	assert_true(key_works(testing, secrets[0].key));
	for (; i < KEY_GRACE_MAX + 3; i++)
		secrets[i] = rotate(testing, &owner, &secrets[0].id);
	for (i = 0; i < KEY_GRACE_MAX + 3; i++)
		assert_int_equal(key_works(testing, secrets[i].key), i > 1);
	assert_true(key_works(testing, secrets[0].publishable_key));
	assert_true(key_works(testing, other.key));
}

static void
key_limit_counts_living_keys_only(void **state)
{
	static struct key_items list;
	const int64_t later = TEST_NOW + KEY_MADE_MAX_MS;
	struct testing *testing = *state;
	struct session session, other;
	struct api_key key;
	struct refusal why;
	bool changed;
	int i;

	testing_new_account(testing, ADA, &session);
	testing_new_account(testing, BOB, &other);
	for (i = 0; i < PROTO_KEYS_MAX; i++)
		(void)new_key(testing, &session.account_id);
	assert_int_equal(
	    create(testing, &session.account_id, later, &key, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_LIMIT_REACHED);
	(void)new_key(testing, &other.account_id);
	assert_int_equal(
	    keys_list(&testing->auth, &session.account_id, &list, &why), 0);
	assert_int_equal(list.items_count, PROTO_KEYS_MAX);
	assert_int_equal(revoke(testing, &session.account_id, &list.items[0].id,
			     later, &changed),
	    0);
	(void)new_key_at(testing, &session.account_id, later);
	/* The revoked one is the one that no longer fits. */
	assert_int_equal(
	    keys_list(&testing->auth, &session.account_id, &list, &why), 0);
	assert_int_equal(list.items_count, PROTO_KEYS_MAX);
	for (i = 0; i < PROTO_KEYS_MAX; i++)
		assert_false(PROTO_HAS(&list.items[i], api_key, revoked_at));
}

static void
hundred_keys_can_be_made_in_an_hour(void **state)
{
	struct testing *testing = *state;
	struct session session, other;
	struct api_key key;
	struct refusal why;
	int64_t now = TEST_NOW;
	bool changed;

	testing_new_account(testing, ADA, &session);
	testing_new_account(testing, BOB, &other);
	for (int i = 0; i < KEY_MADE_MAX; i++, now += MINUTE_MS / 4) {
		key = new_key_at(testing, &session.account_id, now);
		assert_int_equal(revoke(testing, &session.account_id, &key.id,
				     now, &changed),
		    0);
	}
	assert_int_equal(
	    create(testing, &session.account_id, now, &key, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_RATE_LIMITED);
	assert_int_equal(
	    why.retry_after_s * 1000, TEST_NOW + KEY_MADE_MAX_MS - now);
	(void)new_key_at(testing, &other.account_id, now);

	/* The first one is an hour old: one more, and then not another. */
	now = TEST_NOW + KEY_MADE_MAX_MS;
	(void)new_key_at(testing, &session.account_id, now);
	assert_int_equal(
	    create(testing, &session.account_id, now, &key, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_RATE_LIMITED);
	assert_int_equal(why.retry_after_s, MINUTE_MS / 4 / 1000);
}

static void
revoking_past_the_limit_forgets_the_first_revoked(void **state)
{
	static struct api_key keys[KEY_REVOKED_MAX + 1];
	struct testing *testing = *state;
	struct session session, other;
	struct api_key live, foreign;
	bool changed;
	int i;

	testing_new_account(testing, ADA, &session);
	testing_new_account(testing, BOB, &other);
	foreign = new_key(testing, &other.account_id);
	assert_int_equal(
	    revoke(testing, &other.account_id, &foreign.id, TEST_NOW, &changed),
	    0);
	live = new_key(testing, &session.account_id);
	for (i = 0; i <= KEY_REVOKED_MAX; i++) {
		keys[i] = new_key_at(
		    testing, &session.account_id, TEST_NOW + i * MINUTE_MS);
		assert_int_equal(
		    revoke(testing, &session.account_id, &keys[i].id,
			TEST_NOW + i * MINUTE_MS, &changed),
		    0);
		assert_true(changed);
	}
	for (i = 0; i <= KEY_REVOKED_MAX; i++) {
		assert_int_equal(revoke(testing, &session.account_id,
				     &keys[i].id, TEST_NOW, &changed),
		    i == 0 ? PROTO_ERROR_NOT_FOUND : 0);
		assert_false(changed);
		assert_false(key_works(testing, keys[i].key));
		assert_false(key_works(testing, keys[i].publishable_key));
	}
	assert_true(key_works(testing, live.key));
	assert_int_equal(
	    revoke(testing, &other.account_id, &foreign.id, TEST_NOW, &changed),
	    0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sign_in_past_the_limit_ends_the_oldest_session),
		TEST(new_session_outlives_all_of_the_same_millisecond),
		TEST(rotation_past_the_limit_ends_the_oldest_secret),
		TEST(key_limit_counts_living_keys_only),
		TEST(hundred_keys_can_be_made_in_an_hour),
		TEST(revoking_past_the_limit_forgets_the_first_revoked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
