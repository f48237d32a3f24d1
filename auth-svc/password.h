/*
 * Passwords: argon2id by libsodium, the dictionary by cracklib. Everything
 * here takes milliseconds and belongs on the pool; it touches no database.
 */
#ifndef AUTH_SVC_PASSWORD_H
#define AUTH_SVC_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/proto.h"

#define PASSWORD_HASH_SIZE 128 /* crypto_pwhash_STRBYTES */

struct password_policy {
	size_t memory_bytes; /* of one hash */
	unsigned long long passes;
	const char *dictionary; /* path of the cracklib files, less .pwd etc. */
};

/*
 * True when the dictionary can be read and a good password passes. None does
 * when the process runs as a user without a name: cracklib looks that up.
 */
bool password_dictionary_works(const char *dictionary);

enum password_strength { PASSWORD_GOOD, PASSWORD_POOR, PASSWORD_UNKNOWN };

/*
 * Applies password_flaw, then asks cracklib about each of password_forms. Fills
 * reason with a sentence that begins with "the password" for a poor one.
 * UNKNOWN: the dictionary cannot be read. Threads take turns, since cracklib
 * keeps its state in static memory. Takes about a third of a millisecond a
 * form, eight times that when it has many neighbours in the alphabet.
 */
enum password_strength password_check(const char *dictionary,
    const char *password, char *reason, size_t reason_size);

/*
 * Hashes with a salt of its own into text that carries its parameters.
 * Returns 0; -1 when there is no memory.
 */
int password_hash(const struct password_policy *policy, const char *password,
    char hash[PASSWORD_HASH_SIZE]);

enum password_match { PASSWORD_MATCHES, PASSWORD_DIFFERS, PASSWORD_CANNOT };

/* CANNOT: there is no memory, or the hash is damaged. */
enum password_match
password_verify(const char hash[PASSWORD_HASH_SIZE], const char *password);

/* True when the hash was made with other parameters than the policy's. */
bool password_is_outdated(
    const struct password_policy *policy, const char hash[PASSWORD_HASH_SIZE]);

/* -------- what a request gives the pool to do -------- */

enum password_outcome {
	PASSWORD_PENDING, /* not run yet */
	PASSWORD_DONE,
	PASSWORD_WRONG,	 /* given does not match stored */
	PASSWORD_WEAK,	 /* chosen is refused; reason tells why */
	PASSWORD_FAILED, /* no memory or no dictionary */
};

/*
 * Verifies `given` against `stored` when that is not empty, then checks and
 * hashes `chosen` when that is not empty, else `given` once more when `stored`
 * is outdated. `hash` is empty when nothing was hashed.
 */
struct password_job {
	struct password_policy policy;
	char stored[PASSWORD_HASH_SIZE];
	char given[PROTO_PASSWORD_MAX + 1];
	char chosen[PROTO_PASSWORD_MAX + 1];
	/* out */
	enum password_outcome outcome;
	char hash[PASSWORD_HASH_SIZE];
	char reason[PROTO_DETAIL_MAX + 1];
};

/* Runs a struct password_job; the passwords in it are wiped. */
void password_work(void *job);

#endif
