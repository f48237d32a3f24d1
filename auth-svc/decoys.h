/*
 * What a password is verified against when its e-mail address has no account:
 * hashes of nobody's password. A hash costs what its parameters say, and those
 * of the settings may have been raised since an account was last signed in to;
 * so there is a decoy for each set of parameters that accounts have, and an
 * unknown address always gets the same one, each as often as accounts have its
 * parameters. Then the time of a refusal does not tell whether there is one.
 *
 * An account's hash is made anew when its owner signs in, so that it goes from
 * the older parameters to those of the settings, once. Unknown addresses do the
 * same, as the shares change: never back, for as long as the key is the same.
 */
#ifndef AUTH_SVC_DECOYS_H
#define AUTH_SVC_DECOYS_H

#include <stddef.h>
#include <stdint.h>

#include "auth-svc/password.h"
#include "auth-svc/store.h"

#define DECOYS_MAX	8
#define DECOY_KEY_BYTES 16 /* crypto_shorthash_KEYBYTES */

struct decoys {
	uint8_t key[DECOY_KEY_BYTES];
	size_t count; /* at least 1, once prepared */
	int64_t total;
	struct {
		char hash[PASSWORD_HASH_SIZE];
		int64_t until; /* accounts with this one's or an earlier's */
	} sets[DECOYS_MAX];
};

/*
 * key is a secret that is kept. Makes a decoy of each of the DECOYS_MAX
 * commonest sets of parameters, which takes one hash each; the policy's alone
 * where there is no account. How many accounts have which is as it was at this
 * moment. Returns 0; -1 when there is no memory, or with *status set when the
 * store failed.
 */
int decoys_prepare(struct decoys *decoys, const uint8_t key[DECOY_KEY_BYTES],
    struct store *store, const struct password_policy *policy,
    enum db_status *status);

/* The hash for an address without an account. */
const char *decoys_choose(const struct decoys *decoys, const char *email);

#endif
