/*
 * Tests of the queries: what is written is read back, and the database keeps
 * its own rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/testing.h"

static struct uuid
id_of(uint8_t n)
{
	struct uuid id = { { 0xaa, n } };

	return id;
}

static struct account
add_account(struct store *store, uint8_t n, const char *email)
{
	struct account account = { .id = id_of(n), .created_at = TEST_NOW };

	(void)snprintf(account.email, sizeof(account.email), "%s", email);
	(void)snprintf(account.password_hash, sizeof(account.password_hash),
	    "$argon2id$%d", n);
	assert_int_equal(store_account_add(store, &account), DB_OK);
	return account;
}

static struct key
make_key(const struct account *owner, uint8_t n)
{
	struct key key = { .account_id = owner->id };

	key.shown.id = id_of(n);
	(void)snprintf(key.shown.name, sizeof(key.shown.name), "key %d", n);
	(void)snprintf(key.shown.prefix, sizeof(key.shown.prefix), "aic_sk_");
	(void)snprintf(key.shown.last4, sizeof(key.shown.last4), "abcd");
	(void)snprintf(key.shown.publishable_key,
	    sizeof(key.shown.publishable_key), "aic_pk_%d", n);
	key.shown.difficulty = level_HARD;
	key.shown.min_score = 60;
	key.shown.min_solve_ms = 150;
	key.shown.ttl_seconds = 3600;
	key.shown.allowed_origins_count = 2;
	(void)snprintf(key.shown.allowed_origins[0], PROTO_ORIGIN_MAX + 1,
	    "https://a.example");
	(void)snprintf(key.shown.allowed_origins[1], PROTO_ORIGIN_MAX + 1,
	    "http://localhost:3000");
	key.shown.rate_limit = 600;
	key.shown.enabled = true;
	key.shown.created_at = TEST_NOW + n;
	return key;
}

static void
account_survives_a_restart(void **state)
{
	struct testing *testing = *state;
	struct account added, found;

	added = add_account(testing->auth.store, 1, "a@example.com");
	testing_commit(testing);
	testing_reopen(testing);
	assert_int_equal(store_account_by_email(
			     testing->auth.store, "a@example.com", &found),
	    DB_ROW);
	assert_true(uuid_equal(&found.id, &added.id));
	assert_string_equal(found.email, "a@example.com");
	assert_string_equal(found.name, "");
	assert_string_equal(found.password_hash, "$argon2id$1");
	assert_int_equal(found.created_at, TEST_NOW);
	assert_int_equal(
	    store_account_by_id(testing->auth.store, &added.id, &found),
	    DB_ROW);
	assert_string_equal(found.email, "a@example.com");
	assert_int_equal(store_account_by_email(
			     testing->auth.store, "b@example.com", &found),
	    DB_DONE);
}

static void
unique_index_decides_who_has_an_email(void **state)
{
	struct testing *testing = *state;
	struct account other = { .id = id_of(2) };

	(void)add_account(testing->auth.store, 1, "a@example.com");
	(void)snprintf(other.email, sizeof(other.email), "a@example.com");
	assert_int_equal(
	    store_account_add(testing->auth.store, &other), DB_CONFLICT);
	/* What was done before in the same transaction still holds. */
	testing_commit(testing);
	assert_int_equal(store_account_by_email(
			     testing->auth.store, "a@example.com", &other),
	    DB_ROW);
	assert_int_equal(other.id.bytes[1], 1);
}

static void
session_needs_its_account(void **state)
{
	struct testing *testing = *state;
	struct session session = { .id = id_of(1), .account_id = id_of(9) };

	assert_int_equal(
	    store_session_add(testing->auth.store, &session), DB_CONFLICT);
}

static void
removing_other_sessions_keeps_one_and_other_accounts(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct session session = { .expires_at = TEST_NOW + 1 };
	struct account a, b;
	uint8_t n;

	a = add_account(store, 1, "a@example.com");
	b = add_account(store, 2, "b@example.com");
	for (n = 0; n < 4; n++) {
		session.id = id_of(n);
		session.account_id = n == 3 ? b.id : a.id;
		assert_int_equal(store_session_add(store, &session), DB_OK);
	}
	session.id = id_of(1);
	assert_int_equal(
	    store_session_remove_others(store, &a.id, &session.id), DB_OK);
	for (n = 0; n < 4; n++) {
		session.id = id_of(n);
		assert_int_equal(
		    store_session_find(store, &session.id, &session),
		    n == 1 || n == 3 ? DB_ROW : DB_DONE);
	}
}

static void
key_is_read_as_it_was_written(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct account owner;
	struct key key, found;

	owner = add_account(store, 1, "a@example.com");
	key = make_key(&owner, 7);
	assert_int_equal(store_key_add(store, &key), DB_OK);
	assert_int_equal(
	    store_key_find(store, &owner.id, &key.shown.id, &found), DB_ROW);
	assert_true(uuid_equal(&found.account_id, &owner.id));
	assert_true(proto_equal(&proto_api_key, &found.shown, &key.shown));

	key.shown.allowed_origins_count = 0;
	key.shown.enabled = false;
	key.shown.revoked_at = TEST_NOW + 99;
	PROTO_SET(&key.shown, api_key, revoked_at);
	assert_int_equal(store_key_save(store, &key), DB_OK);
	assert_int_equal(
	    store_key_find(store, &owner.id, &key.shown.id, &found), DB_ROW);
	assert_true(proto_equal(&proto_api_key, &found.shown, &key.shown));
}

static void
all_origins_of_full_length_fit(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct account owner;
	struct key key, found;
	uint32_t i;

	owner = add_account(store, 1, "a@example.com");
	key = make_key(&owner, 7);
	key.shown.allowed_origins_count = PROTO_ORIGINS_MAX;
	for (i = 0; i < PROTO_ORIGINS_MAX; i++) {
		memset(key.shown.allowed_origins[i], 'a' + (int)i,
		    PROTO_ORIGIN_MAX);
		key.shown.allowed_origins[i][PROTO_ORIGIN_MAX] = '\0';
	}
	assert_int_equal(store_key_add(store, &key), DB_OK);
	assert_int_equal(
	    store_key_find(store, &owner.id, &key.shown.id, &found), DB_ROW);
	assert_true(proto_equal(&proto_api_key, &found.shown, &key.shown));
}

static void
key_use_is_noted_once_a_minute(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct account owner;
	struct key key, found;
	int64_t changes;

	owner = add_account(store, 1, "a@example.com");
	key = make_key(&owner, 7);
	assert_int_equal(store_key_add(store, &key), DB_OK);
	assert_int_equal(
	    store_key_touch(store, &key.shown.id, 5000, 4000), DB_ROW);
	changes = db_total_changes(testing->db);
	assert_int_equal(
	    store_key_touch(store, &key.shown.id, 6000, 5000), DB_DONE);
	assert_int_equal(db_total_changes(testing->db), changes);
	assert_int_equal(
	    store_key_find(store, &owner.id, &key.shown.id, &found), DB_ROW);
	assert_true(PROTO_HAS(&found.shown, api_key, last_used_at));
	assert_int_equal(found.shown.last_used_at, 5000);
	assert_int_equal(
	    store_key_touch(store, &key.shown.id, 6001, 5001), DB_ROW);
	assert_int_equal(
	    store_key_find(store, &owner.id, &key.shown.id, &found), DB_ROW);
	assert_int_equal(found.shown.last_used_at, 6001);
}

static void
living_keys_are_listed_first_then_the_newest(void **state)
{
	static const uint8_t expected[] = { 5, 3, 1, 4, 2 };
	static struct key_items list;
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct account owner, other;
	struct key key;
	uint8_t n;

	owner = add_account(store, 1, "a@example.com");
	other = add_account(store, 2, "b@example.com");
	for (n = 1; n <= 6; n++) {
		key = make_key(n == 6 ? &other : &owner, n);
		assert_int_equal(store_key_add(store, &key), DB_OK);
		if (n % 2 == 0) {
			key.shown.revoked_at = TEST_NOW + 50 - n;
			PROTO_SET(&key.shown, api_key, revoked_at);
			assert_int_equal(store_key_save(store, &key), DB_OK);
		}
	}
	assert_int_equal(store_key_list(store, &owner.id, &list), DB_OK);
	assert_int_equal(list.items_count, 5);
	for (n = 0; n < 5; n++)
		assert_int_equal(list.items[n].id.bytes[1], expected[n]);
}

static void
expired_rows_are_purged_and_no_others(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct key_hash hash = { .publishable = false };
	struct session session;
	struct account owner;
	struct key key;
	uint8_t n;

	owner = add_account(store, 1, "a@example.com");
	key = make_key(&owner, 7);
	assert_int_equal(store_key_add(store, &key), DB_OK);
	hash.key_id = key.shown.id;
	for (n = 0; n < 2; n++) {
		session = (struct session){ .id = id_of(n),
			.account_id = owner.id,
			.expires_at = TEST_NOW + n };
		assert_int_equal(store_session_add(store, &session), DB_OK);
	}
	hash.hash[0] = 1;
	assert_int_equal(store_hash_add(store, &hash), DB_OK);
	assert_int_equal(store_hash_add(store, &hash), DB_CONFLICT);
	assert_int_equal(
	    store_hash_end_secrets(store, &key.shown.id, TEST_NOW), DB_OK);
	hash.hash[0] = 2;
	assert_int_equal(store_hash_add(store, &hash), DB_OK);

	assert_int_equal(store_purge_expired(store, TEST_NOW), DB_OK);
	session.id = id_of(0);
	assert_int_equal(
	    store_session_find(store, &session.id, &session), DB_DONE);
	session.id = id_of(1);
	assert_int_equal(
	    store_session_find(store, &session.id, &session), DB_ROW);
	hash.hash[0] = 1;
	assert_int_equal(
	    store_hash_find(store, hash.hash, &hash, &key), DB_DONE);
	hash.hash[0] = 2;
	assert_int_equal(
	    store_hash_find(store, hash.hash, &hash, &key), DB_ROW);
	assert_int_equal(hash.expires_at, 0);
}

static void
purge_keeps_the_newest_change(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	const struct uuid id = id_of(1);
	int64_t oldest = -1, newest = -1;
	int64_t n;

	assert_int_equal(store_change_span(store, &oldest, &newest), DB_OK);
	assert_int_equal(oldest, 0);
	assert_int_equal(newest, 0);
	for (n = 1; n <= 5; n++)
		assert_int_equal(store_change_add(store, &id, n * 10), DB_OK);
	assert_int_equal(store_purge_changes(store, 30), DB_OK);
	assert_int_equal(store_change_span(store, &oldest, &newest), DB_OK);
	assert_int_equal(oldest, 3);
	assert_int_equal(newest, 5);
	assert_int_equal(store_purge_changes(store, 1000), DB_OK);
	assert_int_equal(store_change_span(store, &oldest, &newest), DB_OK);
	assert_int_equal(oldest, 5);
	assert_int_equal(newest, 5);
	assert_int_equal(store_change_add(store, &id, 60), DB_OK);
	assert_int_equal(store_change_span(store, &oldest, &newest), DB_OK);
	assert_int_equal(newest, 6);
}

static void
latest_time_is_found_in_every_table(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct account owner;
	int64_t latest = -1;
	struct key key;

	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, 0);
	owner = add_account(store, 1, "a@example.com");
	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, TEST_NOW);
	key = make_key(&owner, 7);
	assert_int_equal(store_key_add(store, &key), DB_OK);
	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, TEST_NOW + 7);
	assert_int_equal(
	    store_key_touch(store, &key.shown.id, TEST_NOW + 20, TEST_NOW),
	    DB_ROW);
	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, TEST_NOW + 20);
	assert_int_equal(
	    store_change_add(store, &key.shown.id, TEST_NOW + 30), DB_OK);
	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, TEST_NOW + 30);
	/* When something will end is not when something was. */
	assert_int_equal(store_session_add(store,
			     &(struct session){ .id = id_of(3),
				 .account_id = owner.id,
				 .created_at = TEST_NOW,
				 .expires_at = TEST_NOW + 1000 }),
	    DB_OK);
	assert_int_equal(store_latest(store, &latest), DB_OK);
	assert_int_equal(latest, TEST_NOW + 30);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(account_survives_a_restart),
		TEST(unique_index_decides_who_has_an_email),
		TEST(session_needs_its_account),
		TEST(removing_other_sessions_keeps_one_and_other_accounts),
		TEST(key_is_read_as_it_was_written),
		TEST(all_origins_of_full_length_fit),
		TEST(key_use_is_noted_once_a_minute),
		TEST(living_keys_are_listed_first_then_the_newest),
		TEST(expired_rows_are_purged_and_no_others),
		TEST(purge_keeps_the_newest_change),
		TEST(latest_time_is_found_in_every_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
