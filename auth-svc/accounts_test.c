/*
 * Tests of what can be done with accounts and sessions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/testing.h"

#define ADA "ada@example.com"
#define BOB "bob@example.com"

static int
authenticate(struct testing *testing, const char *jwt, int64_t now)
{
	struct refusal why = { 0 };
	struct session session;
	int result;

	result = accounts_authenticate(
	    &testing->auth, jwt, now, &session, &why);
	if (result != 0)
		assert_int_equal(why.error, PROTO_ERROR_INVALID_TOKEN);
	return result;
}

static struct auth_password
password_request(const char *jwt, const char *current, const char *new)
{
	struct auth_password request;

	memset(&request, 0, sizeof(request));
	(void)snprintf(request.jwt, sizeof(request.jwt), "%s", jwt);
	(void)snprintf(request.current_password,
	    sizeof(request.current_password), "%s", current);
	(void)snprintf(
	    request.new_password, sizeof(request.new_password), "%s", new);
	return request;
}

static int
change_password(struct testing *testing, const char *jwt, const char *current,
    const char *new, struct refusal *why)
{
	struct auth_password request = password_request(jwt, current, new);
	struct session session;
	struct account_job job;

	memset(why, 0, sizeof(*why));
	testing_session(testing, jwt, &session);
	if (accounts_begin_password(
		&testing->auth, &session, &request, &job, why) != 0)
		return -1;
	account_work(&job);
	return accounts_finish_password(&testing->auth, &job, &session, why);
}

static void
registered_account_is_signed_in(void **state)
{
	struct testing *testing = *state;
	struct auth_register request = { 0 };
	struct auth_session reply = { 0 };
	struct refusal why = { 0 };
	struct session session;
	struct account_job job;
	struct user me = { 0 };

	(void)snprintf(
	    request.email, sizeof(request.email), "  Ada@Example.com ");
	(void)snprintf(
	    request.password, sizeof(request.password), TEST_PASSWORD);
	(void)snprintf(request.name, sizeof(request.name), " Ada ");
	PROTO_SET(&request, auth_register, name);
	assert_int_equal(
	    accounts_begin_register(&testing->auth, &request, &job, &why), 0);
	account_work(&job);
	assert_int_equal(accounts_finish_register(
			     &testing->auth, &job, TEST_NOW, &reply, &why),
	    0);
	assert_null(proto_check(&proto_auth_session, &reply));
	assert_string_equal(reply.token_type, "Bearer");
	assert_int_equal(reply.expires_in, 3600);
	assert_string_equal(reply.user.email, ADA);
	assert_string_equal(reply.user.name, "Ada");
	assert_true(PROTO_HAS(&reply.user, user, name));
	assert_int_equal(reply.user.created_at, TEST_NOW);

	testing_session(testing, reply.token, &session);
	assert_true(uuid_equal(&session.account_id, &reply.user.id));
	assert_int_equal(accounts_me(&testing->auth, &session, &me, &why), 0);
	assert_true(proto_equal(&proto_user, &me, &reply.user));
}

static void
register_refuses_what_is_not_valid(void **state)
{
	struct testing *testing = *state;
	struct auth_register request = { 0 };
	struct auth_session reply;
	struct account_job job;
	struct refusal why;
	int64_t changes;

	changes = db_total_changes(testing->db);
	assert_int_equal(
	    testing_register(testing, "nobody", TEST_PASSWORD, &reply, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(why.field, "email");

	assert_int_equal(
	    testing_register(testing, ADA, "password1234", &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_WEAK_PASSWORD);
	assert_string_equal(why.field, "password");
	assert_string_not_equal(why.detail, "");

	assert_int_equal(
	    testing_register(testing, ADA, "ADA@example.com", &reply, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_WEAK_PASSWORD);
	assert_string_equal(why.field, "password");
	assert_int_equal(testing_register(testing, "lovelace@example.com",
			     "Lovelace2024", &reply, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_WEAK_PASSWORD);
	assert_string_equal(why.field, "password");
	assert_int_equal(strncmp(why.detail, "the password", 12), 0);

	memset(&why, 0, sizeof(why));
	(void)snprintf(request.email, sizeof(request.email), ADA);
	(void)snprintf(request.name, sizeof(request.name), "a\nb");
	PROTO_SET(&request, auth_register, name);
	assert_int_equal(
	    accounts_begin_register(&testing->auth, &request, &job, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_BAD_REQUEST);
	assert_string_equal(why.field, "name");

	assert_int_equal(db_total_changes(testing->db), changes);
}

static void
email_is_taken_in_any_spelling(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct refusal why;
	int64_t changes;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	changes = db_total_changes(testing->db);
	assert_int_equal(testing_register(testing, " ADA@Example.COM",
			     TEST_OTHER, &reply, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_EMAIL_TAKEN);
	assert_string_equal(reply.token, "");
	assert_int_equal(db_total_changes(testing->db), changes);
}

static void
login_opens_a_session_of_its_own(void **state)
{
	struct testing *testing = *state;
	struct auth_session first, second;
	struct session a, b;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &first, &why), 0);
	assert_int_equal(testing_login(testing, "ADA@example.com ",
			     TEST_PASSWORD, &second, &why),
	    0);
	assert_true(proto_equal(&proto_user, &first.user, &second.user));
	assert_string_not_equal(first.token, second.token);
	testing_session(testing, first.token, &a);
	testing_session(testing, second.token, &b);
	assert_false(uuid_equal(&a.id, &b.id));
}

static void
login_answers_the_same_whatever_was_wrong(void **state)
{
	static const char *const wrong[][2] = { { ADA, TEST_OTHER },
		{ BOB, TEST_PASSWORD }, { "no address", TEST_PASSWORD },
		{ ADA, "x" }, { "", "x" } };
	struct testing *testing = *state;
	struct auth_session reply;
	struct refusal why, first;
	size_t i;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(testing_login(testing, wrong[i][0],
				     wrong[i][1], &reply, &why),
		    -1);
		if (i == 0)
			first = why;
		assert_int_equal(why.error, PROTO_ERROR_INVALID_LOGIN);
		assert_memory_equal(&why, &first, sizeof(why));
	}
}

static void
unknown_email_is_verified_against_a_dummy(void **state)
{
	struct testing *testing = *state;
	struct auth_login request = { 0 };
	struct refusal why = { 0 };
	struct account_job job;

	(void)snprintf(request.email, sizeof(request.email), BOB);
	(void)snprintf(request.password, sizeof(request.password), "x");
	assert_int_equal(
	    accounts_begin_login(&testing->auth, &request, &job, &why), 0);
	assert_string_equal(
	    job.password.stored, decoys_choose(&testing->auth.decoys, BOB));
	assert_string_equal(job.password.given, "x");
	assert_false(
	    password_is_outdated(&testing->auth.policy, job.password.stored));
}

static void
dummy_password_signs_nobody_in(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct refusal why;

	/* Even whoever knew it: there is no account to go with it. */
	assert_int_equal(
	    testing_login(testing, BOB, "nobody's", &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_INVALID_LOGIN);
}

static void
login_rehashes_when_parameters_rise(void **state)
{
	struct testing *testing = *state;
	struct account before, after;
	struct auth_session reply;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	assert_int_equal(
	    store_account_by_email(testing->auth.store, ADA, &before), DB_ROW);
	testing->auth.policy.passes++;
	assert_int_equal(
	    testing_login(testing, ADA, TEST_OTHER, &reply, &why), -1);
	assert_int_equal(
	    store_account_by_email(testing->auth.store, ADA, &after), DB_ROW);
	assert_string_equal(after.password_hash, before.password_hash);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	assert_int_equal(
	    store_account_by_email(testing->auth.store, ADA, &after), DB_ROW);
	assert_string_not_equal(after.password_hash, before.password_hash);
	assert_false(
	    password_is_outdated(&testing->auth.policy, after.password_hash));
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
}

static void
login_that_overlaps_a_rehash_still_works(void **state)
{
	struct testing *testing = *state;
	struct auth_login request = { 0 };
	struct auth_session reply;
	struct account_job job;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	testing->auth.policy.passes++;
	(void)snprintf(request.email, sizeof(request.email), ADA);
	(void)snprintf(
	    request.password, sizeof(request.password), TEST_PASSWORD);
	assert_int_equal(
	    accounts_begin_login(&testing->auth, &request, &job, &why), 0);
	account_work(&job);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	assert_int_equal(
	    accounts_finish_login(&testing->auth, &job, TEST_NOW, &reply, &why),
	    0);
}

static void
login_that_overlaps_a_password_change_is_refused(void **state)
{
	struct testing *testing = *state;
	struct auth_login request = { 0 };
	struct auth_session reply;
	struct account_job job;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	(void)snprintf(request.email, sizeof(request.email), ADA);
	(void)snprintf(
	    request.password, sizeof(request.password), TEST_PASSWORD);
	assert_int_equal(
	    accounts_begin_login(&testing->auth, &request, &job, &why), 0);
	account_work(&job);
	assert_int_equal(change_password(testing, reply.token, TEST_PASSWORD,
			     TEST_OTHER, &why),
	    0);
	assert_int_equal(
	    accounts_finish_login(&testing->auth, &job, TEST_NOW, &reply, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_INVALID_LOGIN);
}

static void
logout_revokes_only_this_session(void **state)
{
	struct testing *testing = *state;
	struct auth_session first, second;
	struct session session;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &first, &why), 0);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &second, &why), 0);
	testing_session(testing, first.token, &session);
	assert_int_equal(accounts_logout(&testing->auth, &session, &why), 0);
	assert_int_equal(authenticate(testing, first.token, TEST_NOW), -1);
	assert_int_equal(authenticate(testing, second.token, TEST_NOW), 0);
}

static void
session_ends_at_its_time(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct session session;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	testing_session(testing, reply.token, &session);
	assert_int_equal(
	    authenticate(testing, reply.token, session.expires_at - 1), 0);
	assert_int_equal(
	    authenticate(testing, reply.token, session.expires_at), -1);
}

static void
good_jwt_without_a_session_is_refused(void **state)
{
	struct testing *testing = *state;
	struct token_claims claims = { .issued_s = TEST_NOW / 1000,
		.expires_s = TEST_NOW / 1000 + 60 };
	char text[PROTO_JWT_MAX + 1];
	struct session session;

	testing_new_account(testing, ADA, &session);
	claims.account_id = session.account_id;
	claims.session_id.bytes[0] = 1;
	assert_int_equal(token_issue(testing->tokens, &claims, text), 0);
	assert_int_equal(authenticate(testing, text, TEST_NOW), -1);
	/* Nor with the session of somebody else. */
	claims.account_id.bytes[0] ^= 1;
	claims.session_id = session.id;
	assert_int_equal(token_issue(testing->tokens, &claims, text), 0);
	assert_int_equal(authenticate(testing, text, TEST_NOW), -1);
	assert_int_equal(authenticate(testing, "", TEST_NOW), -1);
}

static void
password_change_ends_the_other_sessions(void **state)
{
	struct testing *testing = *state;
	struct auth_session first, second, other;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &first, &why), 0);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &second, &why), 0);
	assert_int_equal(
	    testing_register(testing, BOB, TEST_PASSWORD, &other, &why), 0);
	assert_int_equal(change_password(testing, second.token, TEST_PASSWORD,
			     TEST_OTHER, &why),
	    0);
	assert_int_equal(authenticate(testing, first.token, TEST_NOW), -1);
	assert_int_equal(authenticate(testing, second.token, TEST_NOW), 0);
	assert_int_equal(authenticate(testing, other.token, TEST_NOW), 0);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &first, &why), -1);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_OTHER, &first, &why), 0);
	assert_int_equal(
	    testing_login(testing, BOB, TEST_PASSWORD, &other, &why), 0);
}

static void
refused_password_change_changes_nothing(void **state)
{
	struct testing *testing = *state;
	struct auth_session first, second;
	struct refusal why;
	int64_t changes;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &first, &why), 0);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &second, &why), 0);
	changes = db_total_changes(testing->db);
	assert_int_equal(
	    change_password(testing, first.token, TEST_OTHER, TEST_OTHER, &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_WRONG_PASSWORD);
	assert_string_equal(why.field, "currentPassword");
	assert_int_equal(change_password(testing, first.token, TEST_PASSWORD,
			     "password1234", &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_WEAK_PASSWORD);
	assert_string_equal(why.field, "newPassword");
	assert_int_equal(change_password(testing, first.token, TEST_PASSWORD,
			     "Ada@example.com", &why),
	    -1);
	assert_int_equal(why.error, PROTO_ERROR_WEAK_PASSWORD);
	assert_int_equal(db_total_changes(testing->db), changes);
	assert_int_equal(authenticate(testing, second.token, TEST_NOW), 0);
}

static void
of_two_password_changes_at_once_one_wins(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct auth_password request;
	struct session session;
	struct account_job job;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	testing_session(testing, reply.token, &session);
	request = password_request(
	    reply.token, TEST_PASSWORD, "ochre gasket 58 fjord");
	assert_int_equal(accounts_begin_password(
			     &testing->auth, &session, &request, &job, &why),
	    0);
	account_work(&job);
	assert_int_equal(change_password(testing, reply.token, TEST_PASSWORD,
			     TEST_OTHER, &why),
	    0);
	assert_int_equal(
	    accounts_finish_password(&testing->auth, &job, &session, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_WRONG_PASSWORD);
	assert_string_equal(why.field, "currentPassword");
	assert_int_equal(
	    testing_login(testing, ADA, TEST_OTHER, &reply, &why), 0);
}

static void
accounts_and_sessions_survive_a_restart(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct refusal why;

	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
	testing_commit(testing);
	testing_reopen(testing);
	assert_int_equal(authenticate(testing, reply.token, TEST_NOW), 0);
	assert_int_equal(
	    testing_login(testing, ADA, TEST_PASSWORD, &reply, &why), 0);
}

static void
broken_dictionary_makes_it_unavailable(void **state)
{
	struct testing *testing = *state;
	struct auth_session reply;
	struct refusal why;

	testing->auth.policy.dictionary = "/nonexistent/dictionary";
	assert_int_equal(
	    testing_register(testing, ADA, TEST_PASSWORD, &reply, &why), -1);
	assert_int_equal(why.error, PROTO_ERROR_UNAVAILABLE);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, testing_open, testing_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registered_account_is_signed_in),
		TEST(register_refuses_what_is_not_valid),
		TEST(email_is_taken_in_any_spelling),
		TEST(login_opens_a_session_of_its_own),
		TEST(login_answers_the_same_whatever_was_wrong),
		TEST(unknown_email_is_verified_against_a_dummy),
		TEST(dummy_password_signs_nobody_in),
		TEST(login_rehashes_when_parameters_rise),
		TEST(login_that_overlaps_a_rehash_still_works),
		TEST(login_that_overlaps_a_password_change_is_refused),
		TEST(logout_revokes_only_this_session),
		TEST(session_ends_at_its_time),
		TEST(good_jwt_without_a_session_is_refused),
		TEST(password_change_ends_the_other_sessions),
		TEST(refused_password_change_changes_nothing),
		TEST(of_two_password_changes_at_once_one_wins),
		TEST(accounts_and_sessions_survive_a_restart),
		TEST(broken_dictionary_makes_it_unavailable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
