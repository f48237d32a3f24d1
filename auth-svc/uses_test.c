/*
 * Tests of the uses of keys that are still to be noted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "auth-svc/keys.h"
#include "auth-svc/testing.h"

#define MINUTE INT64_C(60000)
#define MANY   1000 /* keys: more than one portion */

static struct uuid
id_of(int n)
{
	/* Not in the order of n. */
	const uint32_t spread = (uint32_t)n * 2654435761u;
	struct uuid id = { .bytes = { 1 } };

	memcpy(&id.bytes[4], &spread, sizeof(spread));
	return id;
}

static void
add_keys(struct testing *testing, int count)
{
	struct key key = { 0 };
	struct session session;

	testing_new_account(testing, "ada@example.com", &session);
	key.account_id = session.account_id;
	for (int i = 0; i < count; i++) {
		key.shown.id = id_of(i);
		assert_int_equal(
		    store_key_add(testing->auth.store, &key), DB_OK);
	}
}

/* House-keeping until nothing more is to be done; in how many portions. */
static int
write_all(struct testing *testing)
{
	enum db_status status;
	int portions = 0;

	do {
		status = uses_write(&testing->auth.uses, testing->auth.store);
		assert_true(status == DB_OK || status == DB_ROW);
		assert_true(++portions < MANY);
	} while (status == DB_ROW);
	return portions;
}

static void
none_is_nothing_to_write(void **state)
{
	struct testing *testing = *state;
	const int64_t before = db_total_changes(testing->db);

	assert_int_equal(write_all(testing), 1);
	assert_int_equal(db_total_changes(testing->db), before);
}

static void
many_are_written_in_portions(void **state)
{
	struct testing *testing = *state;
	struct uses *uses = &testing->auth.uses;
	int64_t before;

	add_keys(testing, MANY);
	for (int i = 0; i < MANY; i++) {
		const struct uuid id = id_of(i);

		uses_add(uses, &id, TEST_NOW - 5);
		uses_add(uses, &id, TEST_NOW);
	}
	assert_int_equal(uses->count, MANY);
	before = db_total_changes(testing->db);
	assert_true(write_all(testing) > 1);
	assert_int_equal(db_total_changes(testing->db), before + MANY);
	assert_int_equal(uses->count, MANY);
	(void)write_all(testing);
	assert_int_equal(db_total_changes(testing->db), before + MANY);
	assert_int_equal(uses->count, 0);
}

/* Keys are told of while a turn is under way; none of those before is missed.
 */
static void
new_ones_in_between_make_none_be_missed(void **state)
{
	struct testing *testing = *state;
	struct uses *uses = &testing->auth.uses;
	int added = MANY / 2;

	add_keys(testing, MANY);
	for (int i = 0; i < added; i++) {
		const struct uuid id = id_of(i);

		uses_add(uses, &id, TEST_NOW);
	}
	while (
	    uses_write(uses, testing->auth.store) == DB_ROW && added < MANY) {
		const struct uuid id = id_of(added++);

		uses_add(uses, &id, TEST_NOW);
	}
	assert_true(added > MANY / 2);
	for (int i = 0; i < MANY / 2; i++) {
		const struct uuid id = id_of(i);

		assert_int_equal(store_key_touch(testing->auth.store, &id,
				     TEST_NOW, TEST_NOW),
		    DB_DONE);
	}
}

/* When it was used, or 0 when that is not known. */
static int64_t
use_of(const struct uses *uses, const struct uuid *id)
{
	for (uint32_t i = 0; i < uses->count; i++)
		if (uuid_equal(&uses->keys[i].id, id))
			return uses->keys[i].at;
	return 0;
}

static void
one_too_many_is_forgotten(void **state)
{
	struct testing *testing = *state;
	struct uses *uses = &testing->auth.uses;
	const struct uuid last = id_of(USES_MAX), first = id_of(0);

	for (int i = 0; i < USES_MAX; i++) {
		const struct uuid id = id_of(i);

		uses_add(uses, &id, TEST_NOW + i);
	}
	uses_add(uses, &last, TEST_NOW);
	assert_int_equal(use_of(uses, &last), 0);
	for (int i = 0; i < USES_MAX; i++) {
		const struct uuid id = id_of(i);

		assert_int_equal(use_of(uses, &id), TEST_NOW + i);
	}
	uses_add(uses, &first, TEST_NOW + USES_MAX);
	assert_int_equal(use_of(uses, &first), TEST_NOW + USES_MAX);
	/* Nobody has these keys. */
	(void)write_all(testing);
	assert_int_equal(uses->count, 0);
	uses_add(uses, &last, TEST_NOW);
	assert_int_equal(use_of(uses, &last), TEST_NOW);
}

/* -------- from a gateway to its owner's list -------- */

static struct api_key
new_key(struct testing *testing, struct uuid *owner)
{
	const struct key_create request = { .name = "site" };
	struct refusal why = { 0 };
	struct session session;
	struct api_key key = { 0 };

	testing_new_account(testing, "ada@example.com", &session);
	*owner = session.account_id;
	assert_int_equal(
	    keys_create(&testing->auth, owner, &request, TEST_NOW, &key, &why),
	    0);
	return key;
}

/* What a gateway says every moment: this key was used. */
static void
tell_use(struct testing *testing, const struct uuid *id, int64_t now)
{
	struct key_changes request = { .used_count = 1, .used = { *id } };
	const int64_t before = db_total_changes(testing->db);
	struct key_changed reply = { 0 };
	struct refusal why = { 0 };

	assert_int_equal(
	    keys_changes(&testing->auth, &request, now, &reply, &why), 0);
	assert_int_equal(db_total_changes(testing->db), before);
}

static int64_t
last_use(struct testing *testing, const struct uuid *owner)
{
	static struct key_items list;
	struct refusal why = { 0 };

	assert_int_equal(keys_list(&testing->auth, owner, &list, &why), 0);
	assert_int_equal(list.items_count, 1);
	return PROTO_HAS(&list.items[0], api_key, last_used_at)
	    ? list.items[0].last_used_at
	    : 0;
}

static void
used_keys_get_their_last_use_from_house_keeping(void **state)
{
	struct testing *testing = *state;
	struct uuid owner;
	struct api_key key = new_key(testing, &owner);
	const struct uuid nobodys = { .bytes = { 0xff } };
	int64_t changes;

	tell_use(testing, &key.id, TEST_NOW);
	tell_use(testing, &nobodys, TEST_NOW);
	assert_int_equal(last_use(testing, &owner), 0);
	assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
	assert_int_equal(last_use(testing, &owner), TEST_NOW);
	changes = db_total_changes(testing->db);
	tell_use(testing, &key.id, TEST_NOW + MINUTE);
	assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
	assert_int_equal(db_total_changes(testing->db), changes);
	tell_use(testing, &key.id, TEST_NOW + MINUTE + 1);
	assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
	assert_int_equal(last_use(testing, &owner), TEST_NOW + MINUTE + 1);
}

/* As when the disk is full: the tick's transaction comes to nothing. */
static void
use_whose_write_was_undone_is_written_again(void **state)
{
	struct testing *testing = *state;
	struct uuid owner;
	struct api_key key = new_key(testing, &owner);

	testing_commit(testing);
	tell_use(testing, &key.id, TEST_NOW);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
		assert_int_equal(last_use(testing, &owner), TEST_NOW);
		testing_rollback(testing);
		assert_int_equal(last_use(testing, &owner), 0);
	}
	assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
	testing_commit(testing);
	assert_int_equal(last_use(testing, &owner), TEST_NOW);
	/* It is found noted, and waits no longer. */
	assert_int_equal(testing->auth.uses.count, 1);
	assert_int_equal(auth_tick(&testing->auth), PROTO_OK);
	assert_int_equal(testing->auth.uses.count, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(none_is_nothing_to_write),
		TEST(many_are_written_in_portions),
		TEST(new_ones_in_between_make_none_be_missed),
		TEST(one_too_many_is_forgotten),
		TEST(used_keys_get_their_last_use_from_house_keeping),
		TEST(use_whose_write_was_undone_is_written_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
