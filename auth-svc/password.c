/*
 * Passwords: argon2id by libsodium, the dictionary by cracklib.
 */
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include <crack.h> /* uses size_t without declaring it */

#include "auth-svc/password.h"
#include "auth-svc/password_rules.h"

/* More than cracklib and libsodium leave on a thread's stack. */
#define STACK_USED ((size_t)64 * 1024)

/*
 * As many letters cracklib drops from an end; and a word with too many
 * neighbours for it has as many at least.
 */
#define CUT_MAX	 3
#define WORD_MIN 5

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES,
    "the size of libsodium's password hash");

static pthread_mutex_t cracklib_lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * FascistCheck itself ends the process when the dictionary cannot be opened;
 * Debian's variant of it answers that.
 */
static enum password_strength
ask_cracklib(const char *dictionary, const char *password, char *reason,
    size_t reason_size)
{
	int answered;

	reason[0] = '\0';
	if (pthread_mutex_lock(&cracklib_lock) != 0)
		return PASSWORD_UNKNOWN;
	answered = __DEBIAN_SPECIFIC__SafeFascistCheck(
	    password, dictionary, reason, reason_size);
	(void)pthread_mutex_unlock(&cracklib_lock);
	if (answered != 1)
		return PASSWORD_UNKNOWN;
	return reason[0] == '\0' ? PASSWORD_GOOD : PASSWORD_POOR;
}

/*
 * Asks about len bytes spelt out, "w~o~r~d~", which leaves hardly a neighbour
 * in the alphabet; cracklib looks the letters up without the signs.
 */
static enum password_strength
ask_spelt(const char *dictionary, const char *text, size_t len, char *reason,
    size_t reason_size)
{
	char spelt[2 * PROTO_PASSWORD_MAX + 1];
	enum password_strength strength;
	size_t i;

	for (i = 0; i < len; i++) {
		spelt[2 * i] = text[i];
		spelt[2 * i + 1] = '~';
	}
	spelt[2 * len] = '\0';
	strength = ask_cracklib(dictionary, spelt, reason, reason_size);
	sodium_memzero(spelt, sizeof(spelt));
	return strength;
}

/*
 * Asks cracklib, but does not stop at its count of neighbours in the alphabet,
 * for two reasons: one of seven random passwords of 32 hexadecimal digits has
 * too many for it, and so have words like "constitution", of which it then does
 * not tell that they are words. password_flaw counts instead. So such a text is
 * spelt out; of others cracklib itself tries what is left without a few letters
 * at either end.
 */
static enum password_strength
ask_about(
    const char *dictionary, const char *text, char *reason, size_t reason_size)
{
	enum password_strength strength = ask_cracklib(
	    dictionary, text, reason, reason_size);
	size_t cut, len = strlen(text);

	if (strength != PASSWORD_POOR || strstr(reason, "simplistic") == NULL)
		return strength;
	strength = ask_spelt(dictionary, text, len, reason, reason_size);
	for (cut = 1; cut <= CUT_MAX && cut + WORD_MIN <= len; cut++) {
		if (strength == PASSWORD_GOOD)
			strength = ask_spelt(dictionary, text + cut, len - cut,
			    reason, reason_size);
		if (strength == PASSWORD_GOOD)
			strength = ask_spelt(
			    dictionary, text, len - cut, reason, reason_size);
	}
	return strength;
}

bool
password_dictionary_works(const char *dictionary)
{
	char reason[PROTO_DETAIL_MAX + 1];

	/* Different enough that cracklib comes to look it up. */
	return ask_cracklib(dictionary, "zq9 vile lantern 77", reason,
		   sizeof(reason)) == PASSWORD_GOOD;
}

/*
 * Makes a sentence of what cracklib says, which begins with "it is", "it's" or
 * "it" and another verb.
 */
static void
explain(const char *subject, char *reason, size_t size)
{
	char said[PROTO_DETAIL_MAX + 1];

	(void)snprintf(said, sizeof(said), "%s", reason);
	if (strncmp(said, "it's ", 5) == 0)
		(void)snprintf(reason, size, "%s is %s", subject, said + 5);
	else if (strncmp(said, "it ", 3) == 0)
		(void)snprintf(reason, size, "%s %s", subject, said + 3);
	else
		(void)snprintf(reason, size, "%s is weak: %s", subject, said);
}

enum password_strength
password_check(const char *dictionary, const char *password, char *reason,
    size_t reason_size)
{
	enum password_strength strength = PASSWORD_GOOD;
	const char *flaw = password_flaw(password);
	struct password_forms forms;
	size_t i;

	reason[0] = '\0';
	if (flaw != NULL) {
		(void)snprintf(reason, reason_size, "the password %s", flaw);
		return PASSWORD_POOR;
	}
	password_forms(password, &forms);
	for (i = 0; i < forms.count && strength == PASSWORD_GOOD; i++) {
		strength = ask_about(
		    dictionary, forms.text[i], reason, reason_size);
		if (strength == PASSWORD_POOR)
			explain(i == 0 ? "the password"
				       : "the password, less decoration "
					 "and repetition,",
			    reason, reason_size);
	}
	sodium_memzero(&forms, sizeof(forms));
	return strength;
}

int
password_hash(const struct password_policy *policy, const char *password,
    char hash[PASSWORD_HASH_SIZE])
{
	return crypto_pwhash_str(hash, password, strlen(password),
		   policy->passes, policy->memory_bytes) == 0
	    ? 0
	    : -1;
}

enum password_match
password_verify(const char hash[PASSWORD_HASH_SIZE], const char *password)
{
	/*
	 * libsodium answers -1 for everything that is not a match, and sets
	 * EINVAL only when it came to compare.
	 */
	errno = 0;
	if (crypto_pwhash_str_verify(hash, password, strlen(password)) == 0)
		return PASSWORD_MATCHES;
	return errno == EINVAL ? PASSWORD_DIFFERS : PASSWORD_CANNOT;
}

bool
password_is_outdated(
    const struct password_policy *policy, const char hash[PASSWORD_HASH_SIZE])
{
	return crypto_pwhash_str_needs_rehash(
		   hash, policy->passes, policy->memory_bytes) != 0;
}

static enum password_outcome
run(struct password_job *job)
{
	const char *fresh = NULL;

	if (job->stored[0] != '\0') {
		switch (password_verify(job->stored, job->given)) {
		case PASSWORD_MATCHES:
			break;
		case PASSWORD_DIFFERS:
			return PASSWORD_WRONG;
		case PASSWORD_CANNOT:
			return PASSWORD_FAILED;
		}
		if (password_is_outdated(&job->policy, job->stored))
			fresh = job->given;
	}
	if (job->chosen[0] != '\0') {
		switch (password_check(job->policy.dictionary, job->chosen,
		    job->reason, sizeof(job->reason))) {
		case PASSWORD_GOOD:
			break;
		case PASSWORD_POOR:
			return PASSWORD_WEAK;
		case PASSWORD_UNKNOWN:
			return PASSWORD_FAILED;
		}
		fresh = job->chosen;
	}
	if (fresh != NULL && password_hash(&job->policy, fresh, job->hash) != 0)
		return PASSWORD_FAILED;
	return PASSWORD_DONE;
}

void
password_work(void *data)
{
	struct password_job *job = data;

	job->outcome = run(job);
	sodium_stackzero(STACK_USED);
	sodium_memzero(job->given, sizeof(job->given));
	sodium_memzero(job->chosen, sizeof(job->chosen));
}
