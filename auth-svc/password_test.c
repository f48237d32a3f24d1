/*
 * Tests of password hashing and of the dictionary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/password.h"
#include "common/secret.h"

#define DICTIONARY "/var/cache/cracklib/cracklib_dict"
#define GOOD	   "zq9 vile lantern 77"
#define THREADS	   4

/* As cheap as argon2id can be: the tests are not about its cost. */
static const struct password_policy cheap = {
	.memory_bytes = crypto_pwhash_MEMLIMIT_MIN,
	.passes = crypto_pwhash_OPSLIMIT_MIN,
	.dictionary = DICTIONARY,
};

static int
start(void **state)
{
	(void)state;
	return secret_init();
}

static struct password_job
new_job(const char *stored, const char *given, const char *chosen)
{
	struct password_job job;

	memset(&job, 0, sizeof(job));
	job.policy = cheap;
	(void)snprintf(job.stored, sizeof(job.stored), "%s", stored);
	(void)snprintf(job.given, sizeof(job.given), "%s", given);
	(void)snprintf(job.chosen, sizeof(job.chosen), "%s", chosen);
	return job;
}

static void
hash_is_argon2id_and_verifies_only_its_password(void **state)
{
	char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash(&cheap, GOOD, hash), 0);
	assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
	assert_int_equal(password_verify(hash, GOOD), PASSWORD_MATCHES);
	assert_int_equal(password_verify(hash, GOOD " "), PASSWORD_DIFFERS);
	assert_int_equal(password_verify(hash, ""), PASSWORD_DIFFERS);
	/* Each has a salt of its own. */
	assert_int_equal(password_hash(&cheap, GOOD, again), 0);
	assert_string_not_equal(hash, again);
}

static void
every_byte_of_a_long_password_counts(void **state)
{
	char hash[PASSWORD_HASH_SIZE], text[PROTO_PASSWORD_MAX + 1];

	(void)state;
	memset(text, 'x', PROTO_PASSWORD_MAX);
	text[PROTO_PASSWORD_MAX] = '\0';
	assert_int_equal(password_hash(&cheap, text, hash), 0);
	assert_int_equal(password_verify(hash, text), PASSWORD_MATCHES);
	text[PROTO_PASSWORD_MAX - 1] = 'y';
	assert_int_equal(password_verify(hash, text), PASSWORD_DIFFERS);
	text[PROTO_PASSWORD_MAX - 1] = '\0';
	assert_int_equal(password_verify(hash, text), PASSWORD_DIFFERS);
}

static void
impossible_verification_is_told_from_a_wrong_password(void **state)
{
	char hash[PASSWORD_HASH_SIZE] = "$argon2id$v=19$m=8,t=1,p=1$damaged";

	(void)state;
	assert_int_equal(password_verify(hash, GOOD), PASSWORD_CANNOT);
}

static void
outdated_hash_is_recognised(void **state)
{
	struct password_policy dearer = cheap;
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash(&cheap, GOOD, hash), 0);
	assert_false(password_is_outdated(&cheap, hash));
	dearer.passes++;
	assert_true(password_is_outdated(&dearer, hash));
	dearer = cheap;
	dearer.memory_bytes *= 2;
	assert_true(password_is_outdated(&dearer, hash));
}

static void
dictionary_refuses_what_is_guessed_first(void **state)
{
	static const char *const poor[] = { "aaaaaaaaaaaaaa", "123456789012",
		"abcdefghijklmnop", "            ", "abababababab",
		"password1234", "Password2024!!", "!!!dictionary123",
		"1234password1234", "passwordpassword", "P@ssw0rd1234",
		"adminadminadmin", "letmeinletmein", "iloveyouiloveyou",
		"changemechangeme", "monkeymonkey", "Passw0rd!Passw0rd!",
		"trustno1trustno1", "qwertyuiopasdf", "adminadminadmin1",
		"MonkeyMONKEY!!", "password1234password1234",
		"!p455w0rdp455w0rd", "Constitution1787!", "c0n5t1tut10n!!!!",
		"noitutitsnoc2024", "1234monopoly99", "myconstitution",
		"constitutionabc", "Constitutionx1",
		"\345\257\206\347\240\201" };
	char reason[PROTO_DETAIL_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(poor) / sizeof(poor[0]); i++) {
		if (password_check(DICTIONARY, poor[i], reason,
			sizeof(reason)) != PASSWORD_POOR)
			fail_msg("\"%s\" was taken", poor[i]);
		assert_int_equal(strncmp(reason, "the password", 12), 0);
	}
}

static void
refusal_is_a_sentence_about_the_password(void **state)
{
	static const char *const expected[][2] = {
		{ "short", "the password has fewer than 12 characters" },
		{ "monkeymonkey",
		    "the password repeats fewer than 12 "
		    "characters" },
		{ "qwertyuiopasdf", "the password runs along the keyboard" },
		{ "abcdefghijklmnop",
		    "the password is mostly runs like abc, 321 or aaa" },
		{ "axaaxxaxaaaxaxxx",
		    "the password does not contain enough "
		    "DIFFERENT characters" },
		{ "P@ssw0rd1234",
		    "the password, less decoration and "
		    "repetition, is based on a dictionary "
		    "word" },
	};
	char reason[PROTO_DETAIL_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(password_check(DICTIONARY, expected[i][0],
				     reason, sizeof(reason)),
		    PASSWORD_POOR);
		assert_string_equal(reason, expected[i][1]);
	}
}

static void
check_taken(const char *password)
{
	char reason[PROTO_DETAIL_MAX + 1];

	if (password_check(DICTIONARY, password, reason, sizeof(reason)) !=
	    PASSWORD_GOOD)
		fail_msg("\"%s\" was refused: %s", password, reason);
}

/* In each, or in a form of it, cracklib counts too many neighbours. */
static void
random_passwords_are_taken(void **state)
{
	static const char *const good[] = { "mabWxYpFx6FYiRsXZ1JRschf",
		"tsPOmnStWU6sQL3FI3C1jYbJ", "c5c70982f158434ac8e69baa9bab193e",
		"54fa6d10-834f-1f01-e994-48216778a065",
		"92188ede-213f-7230-aa34-e3c72edf8118", "7a439892f125129b",
		"EP0heLIXWwAWeADCl1x0PFGXEr6KKjho", "89434564216102829980",
		"wildebeest prefaced refinanced",
		"carbonates-convince-amended-predeceased-9" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_taken(good[i]);
}

/* "parol dlinnyj" in Cyrillic letters, UTF-8. */
static const char russian[] =
    "\320\277\320\260\321\200\320\276\320\273\321\214 "
    "\320\264\320\273\320\270\320\275\320\275\321\213\320\271";

static void
dictionary_takes_good_ones_of_any_characters(void **state)
{
	static const char *const good[] = { GOOD,
		"correct horse battery staple", "Tr0ub4dor&3xyz",
		"9f86d081884c7d659a2feaa0c55ad015", russian,
		"8374981723947 zq 92837498", "plum-orbit-73-canyon",
		"lamp-92-glacier-oat", "ocean 1qaz harbour velvet" };
	char reason[PROTO_DETAIL_MAX + 1], longest[PROTO_PASSWORD_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_taken(good[i]);
	for (i = 0; i < PROTO_PASSWORD_MAX; i++)
		longest[i] = (char)('!' + i * i * 31 % 90);
	longest[PROTO_PASSWORD_MAX] = '\0';
	assert_int_not_equal(
	    password_check(DICTIONARY, longest, reason, sizeof(reason)),
	    PASSWORD_UNKNOWN);
}

static void
missing_dictionary_is_told(void **state)
{
	char reason[PROTO_DETAIL_MAX + 1];

	(void)state;
	assert_true(password_dictionary_works(DICTIONARY));
	assert_false(password_dictionary_works("/nonexistent/dictionary"));
	assert_int_equal(password_check("/nonexistent/dictionary", GOOD, reason,
			     sizeof(reason)),
	    PASSWORD_UNKNOWN);
}

static void
job_hashes_a_chosen_password(void **state)
{
	struct password_job job = new_job("", "", GOOD);

	(void)state;
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_DONE);
	assert_int_equal(password_verify(job.hash, GOOD), PASSWORD_MATCHES);
}

static void
job_refuses_a_weak_password_unhashed(void **state)
{
	struct password_job job = new_job("", "", "password1234");

	(void)state;
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_WEAK);
	assert_string_not_equal(job.reason, "");
	assert_string_equal(job.hash, "");
}

static void
job_verifies_before_it_hashes(void **state)
{
	char hash[PASSWORD_HASH_SIZE];
	struct password_job job;

	(void)state;
	assert_int_equal(password_hash(&cheap, GOOD, hash), 0);
	job = new_job(hash, GOOD, "");
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_DONE);
	assert_string_equal(job.hash, "");
	job = new_job(hash, "wrong", "");
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_WRONG);
	job = new_job(hash, "wrong", "mauve tractor 31 quill");
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_WRONG);
	assert_string_equal(job.hash, "");
	job = new_job(hash, GOOD, "mauve tractor 31 quill");
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_DONE);
	assert_int_equal(password_verify(job.hash, "mauve tractor 31 quill"),
	    PASSWORD_MATCHES);
}

static void
job_rehashes_when_parameters_rise(void **state)
{
	char hash[PASSWORD_HASH_SIZE];
	struct password_job job;

	(void)state;
	assert_int_equal(password_hash(&cheap, GOOD, hash), 0);
	job = new_job(hash, GOOD, "");
	job.policy.passes++;
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_DONE);
	assert_int_equal(password_verify(job.hash, GOOD), PASSWORD_MATCHES);
	job = new_job(hash, "wrong", "");
	job.policy.passes++;
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_WRONG);
	assert_string_equal(job.hash, "");
}

static void
job_without_dictionary_or_memory_fails(void **state)
{
	struct password_job job = new_job("", "", GOOD);

	(void)state;
	job.policy.dictionary = "/nonexistent/dictionary";
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_FAILED);
	job = new_job("", "", GOOD);
	job.policy.memory_bytes = crypto_pwhash_MEMLIMIT_MIN - 1;
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_FAILED);
	job = new_job("$argon2id$damaged", GOOD, "");
	password_work(&job);
	assert_int_equal(job.outcome, PASSWORD_FAILED);
}

static void
job_forgets_its_passwords(void **state)
{
	static const char empty[PROTO_PASSWORD_MAX + 1];
	struct password_job job = new_job("", GOOD, GOOD);

	(void)state;
	password_work(&job);
	assert_memory_equal(job.given, empty, sizeof(empty));
	assert_memory_equal(job.chosen, empty, sizeof(empty));
}

static void *
work_often(void *data)
{
	struct password_job *jobs = data;
	int i;

	for (i = 0; i < THREADS; i++)
		password_work(&jobs[i]);
	return NULL;
}

static void
jobs_run_side_by_side(void **state)
{
	static struct password_job jobs[THREADS][THREADS];
	pthread_t threads[THREADS];
	int i, j;

	(void)state;
	for (i = 0; i < THREADS; i++) {
		for (j = 0; j < THREADS; j++)
			jobs[i][j] = new_job(
			    "", "", (i + j) % 2 == 0 ? GOOD : "password1234");
	}
	for (i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, work_often, jobs[i]), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < THREADS; i++) {
		for (j = 0; j < THREADS; j++)
			assert_int_equal(jobs[i][j].outcome,
			    (i + j) % 2 == 0 ? PASSWORD_DONE : PASSWORD_WEAK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    hash_is_argon2id_and_verifies_only_its_password),
		cmocka_unit_test(every_byte_of_a_long_password_counts),
		cmocka_unit_test(
		    impossible_verification_is_told_from_a_wrong_password),
		cmocka_unit_test(outdated_hash_is_recognised),
		cmocka_unit_test(dictionary_refuses_what_is_guessed_first),
		cmocka_unit_test(refusal_is_a_sentence_about_the_password),
		cmocka_unit_test(random_passwords_are_taken),
		cmocka_unit_test(dictionary_takes_good_ones_of_any_characters),
		cmocka_unit_test(missing_dictionary_is_told),
		cmocka_unit_test(job_hashes_a_chosen_password),
		cmocka_unit_test(job_refuses_a_weak_password_unhashed),
		cmocka_unit_test(job_verifies_before_it_hashes),
		cmocka_unit_test(job_rehashes_when_parameters_rise),
		cmocka_unit_test(job_without_dictionary_or_memory_fails),
		cmocka_unit_test(job_forgets_its_passwords),
		cmocka_unit_test(jobs_run_side_by_side),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
