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
#include "auth-svc/text.h"

/* Shorter ones are too short for cracklib to say anything about their words. */
#define STEM_MIN 6

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

bool
password_dictionary_works(const char *dictionary)
{
	char reason[PROTO_DETAIL_MAX + 1];

	/* Different enough that cracklib comes to look it up. */
	return ask_cracklib(dictionary, "zq9 vile lantern 77", reason,
		   sizeof(reason)) != PASSWORD_UNKNOWN;
}

/* A byte of a character past ASCII counts as a letter. */
static bool
is_wordy(char c)
{
	return text_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* False when the password has no stem that is most of it. */
static bool
find_stem(const char *password, char *stem, size_t size)
{
	size_t start = 0, end = strlen(password), len = end;

	while (start < end && !is_wordy(password[start]))
		start++;
	while (end > start && !is_wordy(password[end - 1]))
		end--;
	if (end - start < STEM_MIN || end - start == len ||
	    end - start < len - (end - start) || end - start >= size)
		return false;
	memcpy(stem, password + start, end - start);
	stem[end - start] = '\0';
	return true;
}

enum password_strength
password_check(const char *dictionary, const char *password, char *reason,
    size_t reason_size)
{
	char stem[PROTO_PASSWORD_MAX + 1];
	enum password_strength strength;

	strength = ask_cracklib(dictionary, password, reason, reason_size);
	if (strength == PASSWORD_GOOD &&
	    find_stem(password, stem, sizeof(stem))) {
		strength = ask_cracklib(dictionary, stem, reason, reason_size);
		sodium_memzero(stem, sizeof(stem));
	}
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
	sodium_memzero(job->given, sizeof(job->given));
	sodium_memzero(job->chosen, sizeof(job->chosen));
}
