/*
 * Tests of what can be done with API keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/keys.h"
#include "auth-svc/testing.h"

#define MINUTE INT64_C(60000)
#define DAY    INT64_C(86400000)

static struct uuid
new_owner(struct testing *testing, const char *email)
{
	struct session session;

	testing_new_account(testing, email, &session);
	return session.account_id;
}

static int
create(struct testing *testing, const struct uuid *owner, const char *name,
    struct api_key *key, struct refusal *why)
{
	struct key_create request = { 0 };

	memset(why, 0, sizeof(*why));
	memset(key, 0, sizeof(*key));
	(void)snprintf(request.name, sizeof(request.name), "%s", name);
	return keys_create(&testing->auth, owner, &request, TEST_NOW, key, why);
}

static struct api_key
new_key(struct testing *testing, const struct uuid *owner)
{
	struct refusal why;
	struct api_key key;

	assert_int_equal(create(testing, owner, "site", &key, &why), 0);
	return key;
}

static int
rotate(struct testing *testing, const struct uuid *owner, const struct uuid *id,
    int64_t grace, int64_t now, struct api_key *key, struct refusal *why)
{
	struct key_rotate request = { .id = *id };

	memset(why, 0, sizeof(*why));
	memset(key, 0, sizeof(*key));
	if (grace >= 0) {
		request.grace_seconds = grace;
		PROTO_SET(&request, key_rotate, grace_seconds);
	}
	return keys_rotate(&testing->auth, owner, &request, now, key, why);
}

/* Whether it changed anything. */
static bool
revoke(struct testing *testing, const struct uuid *owner, const struct uuid *id)
{
	struct refusal why = { 0 };
	bool changed = false;

	assert_int_equal(
	    keys_revoke(&testing->auth, owner, id, TEST_NOW, &changed, &why),
	    0);
	return changed;
}

/* 0 with *info, or -1 after a check that the refusal is INVALID_KEY. */
static int
look_up(struct testing *testing, const char *text, int64_t now,
    struct key_info *info)
{
	struct key_lookup request = { .hash_len = API_KEY_HASH_BYTES };
	struct refusal why = { 0 };
	int result;

	memset(info, 0, sizeof(*info));
	api_key_hash(text, request.hash);
	result = keys_lookup(&testing->auth, &request, now, info, &why);
	if (result == 0)
		assert_null(proto_check(&proto_key_info, info));
	else
		assert_int_equal(why.error, PROTO_ERROR_INVALID_KEY);
	return result;
}

static struct key_changed
changes_since(struct testing *testing, int64_t since)
{
	struct key_changes request = { .since = since };
	struct refusal why = { 0 };
	struct key_changed reply;

	memset(&reply, 0, sizeof(reply));
	assert_int_equal(
	    keys_changes(&testing->auth, &request, TEST_NOW, &reply, &why), 0);
	assert_null(proto_check(&proto_key_changed, &reply));
	return reply;
}

static void
created_key_works_by_both_its_texts(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner);
	enum api_key_kind kind;
	struct key_info info;

	assert_null(proto_check(&proto_api_key, &key));
	assert_true(PROTO_HAS(&key, api_key, key));
	assert_true(api_key_check(key.key, &kind));
	assert_int_equal(kind, API_KEY_SECRET);
	assert_true(api_key_check(key.publishable_key, &kind));
	assert_int_equal(kind, API_KEY_PUBLISHABLE);
	assert_string_equal(key.prefix, "aic_sk_");
	assert_string_equal(key.last4, key.key + strlen(key.key) - 4);
	assert_int_equal(key.created_at, TEST_NOW);
	assert_false(PROTO_HAS(&key, api_key, last_used_at));
	assert_false(PROTO_HAS(&key, api_key, revoked_at));

	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), 0);
	assert_true(uuid_equal(&info.key_id, &key.id));
	assert_true(uuid_equal(&info.account_id, &owner));
	assert_false(info.publishable);
	assert_false(PROTO_HAS(&info, key_info, expires_at));
	assert_int_equal(info.difficulty, level_MEDIUM);
	assert_int_equal(info.min_score, 40);
	assert_int_equal(info.ttl_seconds, 320);
	assert_true(info.enabled);
	assert_int_equal(
	    look_up(testing, key.publishable_key, TEST_NOW, &info), 0);
	assert_true(info.publishable);
	assert_true(uuid_equal(&info.key_id, &key.id));
}

static void
secret_is_shown_only_once(void **state)
{
	static struct key_items list;
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), again;
	struct key_update update = { .id = key.id };
	struct refusal why = { 0 };
	bool changed;

	assert_int_equal(keys_list(&testing->auth, &owner, &list, &why), 0);
	assert_int_equal(list.items_count, 1);
	assert_null(proto_check(&proto_key_items, &list));
	assert_false(PROTO_HAS(&list.items[0], api_key, key));
	assert_string_equal(list.items[0].key, "");
	PROTO_CLEAR(&key, api_key, key);
	assert_true(proto_equal(&proto_api_key, &list.items[0], &key));
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &again, &changed, &why),
	    0);
	assert_false(PROTO_HAS(&again, api_key, key));
	assert_string_equal(again.key, "");
}

static bool
file_contains(const char *path, const char *text)
{
	static char bytes[1 << 20];
	FILE *file = NULL;
	size_t len;

	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	len = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	return memmem(bytes, len, text, strlen(text)) != NULL;
}

static void
secret_is_in_no_database_file(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner);
	char path[128], wal[128];

	(void)snprintf(path, sizeof(path), "%s/auth.db", testing->directory);
	(void)snprintf(wal, sizeof(wal), "%s/auth.db-wal", testing->directory);
	testing_commit(testing);
	/* The publishable key shows that the search can find a key. */
	assert_true(file_contains(wal, key.publishable_key));
	assert_false(file_contains(wal, key.key));
	assert_false(file_contains(wal, TEST_PASSWORD));
	testing_reopen(testing);
	assert_true(file_contains(path, key.publishable_key));
	assert_false(file_contains(path, key.key));
	assert_false(file_contains(path, TEST_PASSWORD));
}

static void
revoked_key_is_refused_by_both_its_texts(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), rotated;
	struct refusal why = { 0 };
	struct key_info info;

	assert_int_equal(
	    rotate(testing, &owner, &key.id, 3600, TEST_NOW, &rotated, &why),
	    0);
	assert_true(revoke(testing, &owner, &key.id));
	assert_int_equal(look_up(testing, rotated.key, TEST_NOW, &info), -1);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), -1);
	assert_int_equal(
	    look_up(testing, key.publishable_key, TEST_NOW, &info), -1);
}

static void
revoking_twice_is_the_same_as_once(void **state)
{
	static struct key_items list;
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner);
	struct refusal why = { 0 };
	bool changed = false;

	assert_true(revoke(testing, &owner, &key.id));
	assert_int_equal(changes_since(testing, 0).sequence, 1);
	assert_int_equal(keys_revoke(&testing->auth, &owner, &key.id,
			     TEST_NOW + 5, &changed, &why),
	    0);
	assert_false(changed);
	assert_int_equal(changes_since(testing, 0).sequence, 1);
	assert_int_equal(keys_list(&testing->auth, &owner, &list, &why), 0);
	assert_int_equal(list.items[0].revoked_at, TEST_NOW);
}

static void
revoked_key_cannot_be_changed(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), reply;
	struct key_update update = { .id = key.id, .enabled = true };
	struct refusal why = { 0 };
	bool changed;

	assert_true(revoke(testing, &owner, &key.id));
	PROTO_SET(&update, key_update, enabled);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_CONFLICT);
	assert_int_equal(
	    rotate(testing, &owner, &key.id, 0, TEST_NOW, &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_CONFLICT);
}

static void
key_of_another_account_is_not_found(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct uuid other = new_owner(testing, "b@example.com");
	struct api_key key = new_key(testing, &owner), reply;
	struct key_update update = { .id = key.id };
	struct refusal why = { 0 };
	struct key_info info;
	bool changed;

	assert_int_equal(keys_update(&testing->auth, &other, &update, TEST_NOW,
			     &reply, &changed, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_NOT_FOUND);
	assert_int_equal(keys_revoke(&testing->auth, &other, &key.id, TEST_NOW,
			     &changed, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_NOT_FOUND);
	assert_int_equal(
	    rotate(testing, &other, &key.id, 0, TEST_NOW, &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_NOT_FOUND);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), 0);
}

static void
disabled_key_is_refused_until_enabled(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), reply;
	struct key_update update = { .id = key.id };
	struct refusal why = { 0 };
	struct key_info info;
	bool changed = false;

	PROTO_SET(&update, key_update, enabled);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	assert_true(changed);
	assert_false(reply.enabled);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), -1);
	update.enabled = true;
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), 0);
}

static void
update_is_kept_and_told_once(void **state)
{
	static struct key_items list;
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), reply;
	struct key_update update = { .id = key.id, .difficulty = level_HARD };
	struct refusal why = { 0 };
	struct key_changed told;
	bool changed = false;

	PROTO_SET(&update, key_update, difficulty);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	assert_true(changed);
	assert_int_equal(reply.difficulty, level_HARD);
	assert_int_equal(reply.min_score, 60);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	assert_false(changed);
	told = changes_since(testing, 0);
	assert_int_equal(told.sequence, 1);
	assert_int_equal(keys_list(&testing->auth, &owner, &list, &why), 0);
	assert_true(proto_equal(&proto_api_key, &list.items[0], &reply));
}

static void
refused_update_names_the_field_and_writes_nothing(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), reply;
	struct key_update update = { .id = key.id };
	struct refusal why = { 0 };
	int64_t changes;
	bool changed;

	changes = db_total_changes(testing->db);
	(void)snprintf(update.name, sizeof(update.name), "new name");
	(void)snprintf(update.allowed_origins[0], PROTO_ORIGIN_MAX + 1,
	    "https://a.example/path");
	update.allowed_origins_count = 1;
	PROTO_SET(&update, key_update, name);
	PROTO_SET(&update, key_update, allowed_origins);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(why.field, "allowedOrigins");
	assert_int_equal(create(testing, &owner, " ", &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(why.field, "name");
	assert_int_equal(db_total_changes(testing->db), changes);
}

static void
rotated_key_lives_until_grace_ends(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner), rotated;
	struct refusal why;
	struct key_info info;

	assert_int_equal(
	    rotate(testing, &owner, &key.id, -1, TEST_NOW, &rotated, &why), 0);
	assert_null(proto_check(&proto_api_key, &rotated));
	assert_true(PROTO_HAS(&rotated, api_key, key));
	assert_string_not_equal(rotated.key, key.key);
	assert_string_equal(
	    rotated.last4, rotated.key + strlen(rotated.key) - 4);
	assert_string_equal(rotated.publishable_key, key.publishable_key);
	assert_true(PROTO_HAS(&rotated, api_key, previous_key_expires_at));
	assert_int_equal(rotated.previous_key_expires_at, TEST_NOW + DAY);

	assert_int_equal(
	    look_up(testing, key.key, TEST_NOW + DAY - 1, &info), 0);
	assert_int_equal(info.expires_at, TEST_NOW + DAY);
	assert_int_equal(info.expires_in_ms, 1);
	assert_int_equal(look_up(testing, key.key, TEST_NOW + DAY, &info), -1);
	assert_int_equal(
	    look_up(testing, rotated.key, TEST_NOW + DAY, &info), 0);
	assert_false(PROTO_HAS(&info, key_info, expires_at));
	assert_int_equal(
	    look_up(testing, key.publishable_key, TEST_NOW + DAY, &info), 0);
	assert_false(PROTO_HAS(&info, key_info, expires_at));
}

static void
rotation_without_grace_ends_every_older_secret(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key first = new_key(testing, &owner), second, third;
	struct refusal why;
	struct key_info info;

	assert_int_equal(
	    rotate(testing, &owner, &first.id, 3600, TEST_NOW, &second, &why),
	    0);
	assert_int_equal(
	    rotate(testing, &owner, &first.id, 0, TEST_NOW, &third, &why), 0);
	assert_int_equal(look_up(testing, first.key, TEST_NOW, &info), -1);
	assert_int_equal(look_up(testing, second.key, TEST_NOW, &info), -1);
	assert_int_equal(look_up(testing, third.key, TEST_NOW, &info), 0);
}

static void
second_rotation_does_not_lengthen_the_first_grace(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key first = new_key(testing, &owner), second, third;
	struct refusal why;
	struct key_info info;

	assert_int_equal(
	    rotate(testing, &owner, &first.id, 60, TEST_NOW, &second, &why), 0);
	assert_int_equal(
	    rotate(testing, &owner, &first.id, 3600, TEST_NOW, &third, &why),
	    0);
	assert_int_equal(
	    look_up(testing, first.key, TEST_NOW + MINUTE - 1, &info), 0);
	assert_int_equal(
	    look_up(testing, first.key, TEST_NOW + MINUTE, &info), -1);
	assert_int_equal(
	    look_up(testing, second.key, TEST_NOW + MINUTE, &info), 0);
	assert_int_equal(
	    look_up(testing, third.key, TEST_NOW + MINUTE, &info), 0);
}

static void
lookup_of_an_unknown_hash_is_refused(void **state)
{
	struct testing *testing = *state;
	struct key_lookup request = { .hash_len = API_KEY_HASH_BYTES - 1 };
	char text[API_KEY_LEN + 1];
	struct refusal why = { 0 };
	struct key_info info;

	api_key_generate(API_KEY_SECRET, text);
	assert_int_equal(look_up(testing, text, TEST_NOW, &info), -1);
	assert_int_equal(
	    keys_lookup(&testing->auth, &request, TEST_NOW, &info, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_INVALID_KEY);
}

static void
change_log_tells_each_changed_key_once(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key a = new_key(testing, &owner), reply;
	struct api_key b = new_key(testing, &owner);
	struct key_changed told;
	struct refusal why;

	/* Nothing changed yet: nobody can hold an outdated key. */
	told = changes_since(testing, 0);
	assert_int_equal(told.sequence, 0);
	assert_false(told.reset);
	assert_int_equal(
	    rotate(testing, &owner, &a.id, 0, TEST_NOW, &reply, &why), 0);
	assert_int_equal(
	    rotate(testing, &owner, &a.id, 0, TEST_NOW, &reply, &why), 0);
	assert_int_equal(
	    rotate(testing, &owner, &a.id, 0, TEST_NOW, &reply, &why), 0);
	assert_true(revoke(testing, &owner, &b.id));
	told = changes_since(testing, 1);
	assert_int_equal(told.sequence, 4);
	assert_false(told.reset);
	assert_int_equal(told.keys_count, 2);
	assert_true(uuid_equal(&told.keys[0], &a.id) ||
	    uuid_equal(&told.keys[1], &a.id));
	assert_true(uuid_equal(&told.keys[0], &b.id) ||
	    uuid_equal(&told.keys[1], &b.id));
	told = changes_since(testing, 3);
	assert_int_equal(told.keys_count, 1);
	assert_true(uuid_equal(&told.keys[0], &b.id));
	told = changes_since(testing, 4);
	assert_false(told.reset);
	assert_int_equal(told.keys_count, 0);
}

static void
change_log_tells_reset_when_too_old(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct uuid id = { { 1 } };
	struct key_changed told;
	int i;

	for (i = 1; i <= 10; i++)
		assert_int_equal(store_change_add(store, &id, i), DB_OK);
	assert_int_equal(store_purge_changes(store, 6), DB_OK);
	/* 6 to 10 are kept: who has seen 5 misses nothing. */
	told = changes_since(testing, 5);
	assert_false(told.reset);
	assert_int_equal(told.keys_count, 1);
	told = changes_since(testing, 4);
	assert_true(told.reset);
	assert_int_equal(told.sequence, 10);
	assert_int_equal(told.keys_count, 0);
	/* The first contact, and a copy that was restored. */
	assert_true(changes_since(testing, 0).reset);
	assert_true(changes_since(testing, 11).reset);
}

static void
change_log_tells_reset_when_there_is_too_much(void **state)
{
	struct testing *testing = *state;
	struct store *store = testing->auth.store;
	struct key_changed told;
	struct uuid id = { { 0 } };
	int i;

	for (i = 0; i <= PROTO_CHANGES_MAX + 1; i++) {
		id.bytes[0] = (uint8_t)i;
		assert_int_equal(store_change_add(store, &id, TEST_NOW), DB_OK);
	}
	told = changes_since(testing, 1);
	assert_true(told.reset);
	assert_int_equal(told.keys_count, 0);
	told = changes_since(testing, 2);
	assert_false(told.reset);
	assert_int_equal(told.keys_count, PROTO_CHANGES_MAX);
}

static void
change_log_survives_rollback_and_restart(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key = new_key(testing, &owner);
	struct key_info info;

	testing_commit(testing);
	assert_true(revoke(testing, &owner, &key.id));
	testing_rollback(testing);
	assert_int_equal(changes_since(testing, 0).sequence, 0);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), 0);
	assert_true(revoke(testing, &owner, &key.id));
	testing_commit(testing);
	testing_reopen(testing);
	assert_int_equal(changes_since(testing, 0).sequence, 1);
	assert_int_equal(look_up(testing, key.key, TEST_NOW, &info), -1);
}

static void
analytics_is_told_new_names_and_revocations(void **state)
{
	struct testing *testing = *state;
	struct uuid owner = new_owner(testing, "a@example.com");
	struct api_key key, reply;
	struct key_update update = { 0 };
	struct refusal why = { 0 };
	bool changed;

	testing_commit(testing);
	assert_int_equal(outbox_rows(testing->auth.outbox), 0);
	key = new_key(testing, &owner);
	testing_commit(testing);
	assert_int_equal(outbox_rows(testing->auth.outbox), 1);
	update.id = key.id;
	update.rate_limit = 5;
	PROTO_SET(&update, key_update, rate_limit);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	testing_commit(testing);
	assert_int_equal(outbox_rows(testing->auth.outbox), 1);
	(void)snprintf(update.name, sizeof(update.name), "renamed");
	PROTO_SET(&update, key_update, name);
	assert_int_equal(keys_update(&testing->auth, &owner, &update, TEST_NOW,
			     &reply, &changed, &why),
	    0);
	testing_commit(testing);
	assert_int_equal(outbox_rows(testing->auth.outbox), 2);
	for (int i = 0; i < 2; i++) {
		(void)revoke(testing, &owner, &key.id);
		testing_commit(testing);
		assert_int_equal(outbox_rows(testing->auth.outbox), 3);
	}
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(created_key_works_by_both_its_texts),
		TEST(secret_is_shown_only_once),
		TEST(secret_is_in_no_database_file),
		TEST(revoked_key_is_refused_by_both_its_texts),
		TEST(revoking_twice_is_the_same_as_once),
		TEST(revoked_key_cannot_be_changed),
		TEST(key_of_another_account_is_not_found),
		TEST(disabled_key_is_refused_until_enabled),
		TEST(update_is_kept_and_told_once),
		TEST(refused_update_names_the_field_and_writes_nothing),
		TEST(rotated_key_lives_until_grace_ends),
		TEST(rotation_without_grace_ends_every_older_secret),
		TEST(second_rotation_does_not_lengthen_the_first_grace),
		TEST(lookup_of_an_unknown_hash_is_refused),
		TEST(change_log_tells_each_changed_key_once),
		TEST(change_log_tells_reset_when_too_old),
		TEST(change_log_tells_reset_when_there_is_too_much),
		TEST(change_log_survives_rollback_and_restart),
		TEST(analytics_is_told_new_names_and_revocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
