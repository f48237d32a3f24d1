/*
 * Slows down whoever guesses passwords, by account and by client address, and
 * locks nobody out.
 *
 * Failed sign-ins are counted for the e-mail address (whether it has an account
 * or not) and for the client address. The first few are free; each one more
 * doubles the wait before the next attempt, up to THROTTLE_WAIT_MAX_MS, so that
 * in the long run there is one guess in that time. Failures are forgotten one
 * by one, each after twice as long.
 *
 * An account's wait is the same for everybody, and a crowd that guesses on
 * could always be there first when it ends. So who is told to wait may come
 * back at the time told, whatever others have done meanwhile: the owner gets in
 * within THROTTLE_WAIT_MAX_MS, from an address that does not guess itself. The
 * price: N addresses have N turns at an account in that time, of which
 * THROTTLE_TURNS are remembered.
 *
 * An attempt counts as failed from its begin, since many can be under way at
 * once, and is taken back when it comes out well. All is kept in memory of a
 * fixed size and is gone after a restart, which no client can bring about; what
 * has failed most stays longest when it runs short. Pure: no clock, and the key
 * that spreads the entries is an argument.
 */
#ifndef AUTH_SVC_THROTTLE_H
#define AUTH_SVC_THROTTLE_H

#include <stdint.h>

#include "proto/proto.h"

#define THROTTLE_KEY_BYTES   16
#define THROTTLE_WAIT_MAX_MS INT64_C(60000)

/* Failures without a wait. An address may be an office or a whole campus. */
#define THROTTLE_ACCOUNT_FREE 10
#define THROTTLE_ADDRESS_FREE 50

/* How many of each are remembered. */
#define THROTTLE_ACCOUNTS  16384
#define THROTTLE_ADDRESSES 16384
#define THROTTLE_TURNS	   8192

struct throttle;

/* NULL when there is no memory. The key is random. */
struct throttle *throttle_new(const uint8_t key[THROTTLE_KEY_BYTES]);
void throttle_free(struct throttle **throttle);

/*
 * Whom an attempt is about: opaque, made by throttle_party. Without an address
 * (an older gateway tells none) it is counted by account only.
 */
struct throttle_party {
	uint64_t account;
	uint64_t address; /* 0 for none */
	uint64_t turn;	  /* of this account at this address */
};

/*
 * email is in the form that accounts are looked up by, or as it was typed when
 * it has none; address is PROTO_ADDRESS_LEN bytes, or NULL.
 */
struct throttle_party throttle_party(
    const struct throttle *throttle, const char *email, const uint8_t *address);

/*
 * Begins an attempt at now_ms, of a clock that does not go back. Returns 0; or
 * for how many milliseconds the party has to wait, at most
 * THROTTLE_WAIT_MAX_MS, and then nothing is counted.
 */
int64_t throttle_begin(struct throttle *throttle,
    const struct throttle_party *party, int64_t now_ms);

/* The password was right: the account has no failures any more. */
void throttle_succeeded(
    struct throttle *throttle, const struct throttle_party *party);

/* Nobody could tell whether it was: as if it had not been tried. */
void
throttle_undo(struct throttle *throttle, const struct throttle_party *party);

#endif
