/*
 * Failed sign-ins; see throttle.h.
 *
 * Three tables alike: a slot is found by its id within the few slots of its
 * set. When all of them are taken, the one that weighs least makes room.
 */
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "auth-svc/throttle.h"

#define WAYS	      8 /* slots of a set */
#define WAIT_FIRST_MS INT64_C(1000)
#define DOUBLINGS     6 /* from the first wait to the longest */

/* Slower than attempts may be made, so that who goes on guessing keeps waiting
 * for the longest. */
#define FORGET_MS (2 * THROTTLE_WAIT_MAX_MS)

/* A turn that nobody has taken for so long is forgotten. */
#define TURN_KEPT_MS (2 * THROTTLE_WAIT_MAX_MS)

_Static_assert(WAIT_FIRST_MS << DOUBLINGS >= THROTTLE_WAIT_MAX_MS &&
	WAIT_FIRST_MS << (DOUBLINGS - 1) < THROTTLE_WAIT_MAX_MS,
    "the wait grows until it is the longest, and no further");
_Static_assert(THROTTLE_KEY_BYTES == crypto_shorthash_KEYBYTES &&
	sizeof(uint64_t) == crypto_shorthash_BYTES,
    "ids are SipHash's");

/* Zeroed: nobody's. */
struct failures {
	uint64_t id;
	int64_t open_ms;      /* when the next attempt may be made */
	int64_t forgotten_ms; /* when one was forgotten last */
	int64_t count;
};

/* When somebody who was told to wait may come back. */
struct turn {
	uint64_t id;
	int64_t at_ms;
};

struct throttle {
	uint8_t key[THROTTLE_KEY_BYTES];
	struct failures accounts[THROTTLE_ACCOUNTS];
	struct failures addresses[THROTTLE_ADDRESSES];
	struct turn turns[THROTTLE_TURNS];
};

struct throttle *
throttle_new(const uint8_t key[THROTTLE_KEY_BYTES])
{
	/* What was never used costs address space only. */
	struct throttle *throttle = calloc(1, sizeof(*throttle));

	if (throttle != NULL)
		memcpy(throttle->key, key, THROTTLE_KEY_BYTES);
	return throttle;
}

void
throttle_free(struct throttle **throttle)
{
	free(*throttle);
	*throttle = NULL;
}

/* -------- whom -------- */

/* Never 0. */
static uint64_t
id_of(const struct throttle *throttle, const void *bytes, size_t len)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t id;

	(void)crypto_shorthash(hash, bytes, len, throttle->key);
	memcpy(&id, hash, sizeof(id));
	return id != 0 ? id : 1;
}

struct throttle_party
throttle_party(
    const struct throttle *throttle, const char *email, const uint8_t *address)
{
	struct throttle_party party = { 0 };
	uint64_t both[2];

	party.account = id_of(throttle, email, strlen(email));
	if (address != NULL)
		party.address = id_of(throttle, address, PROTO_ADDRESS_LEN);
	both[0] = party.account;
	both[1] = party.address;
	party.turn = id_of(throttle, both, sizeof(both));
	return party;
}

/* -------- failures -------- */

/* Forgets what is old enough at now_ms. */
static void
forget(struct failures *failures, int64_t now_ms)
{
	int64_t old = (now_ms - failures->forgotten_ms) / FORGET_MS;

	if (failures->count <= old) {
		failures->count = 0;
		failures->forgotten_ms = now_ms;
		return;
	}
	failures->count -= old;
	failures->forgotten_ms += old * FORGET_MS;
}

static struct failures *
find_failures(struct failures *table, size_t slots, uint64_t id)
{
	struct failures *set = &table[id % (slots / WAYS) * WAYS];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].id == id)
			return &set[i];
	}
	return NULL;
}

/* The slot of id, new when it has none: least failures go first, then age. */
static struct failures *
take_failures(struct failures *table, size_t slots, uint64_t id, int64_t now_ms)
{
	struct failures *set = &table[id % (slots / WAYS) * WAYS];
	struct failures *least = find_failures(table, slots, id);

	if (least != NULL) {
		forget(least, now_ms);
		return least;
	}
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].id != 0)
			forget(&set[i], now_ms);
		if (least == NULL || set[i].count < least->count ||
		    (set[i].count == least->count &&
			set[i].open_ms < least->open_ms))
			least = &set[i];
	}
	*least = (struct failures){ .id = id, .forgotten_ms = now_ms };
	return least;
}

/* The wait after so many failures. */
static int64_t
wait_after(int64_t count, int64_t free_ones)
{
	if (count < free_ones)
		return 0;
	if (count - free_ones >= DOUBLINGS)
		return THROTTLE_WAIT_MAX_MS;
	return WAIT_FIRST_MS << (count - free_ones);
}

/* More would only be remembered for longer. */
static void
add_failure(struct failures *failures, int64_t free_ones, int64_t now_ms)
{
	if (failures->count <= free_ones + DOUBLINGS)
		failures->count++;
	failures->open_ms = now_ms + wait_after(failures->count, free_ones);
}

static void
take_back(struct failures *failures, int64_t free_ones)
{
	if (failures == NULL || failures->count == 0)
		return;
	failures->count--;
	if (failures->count < free_ones)
		failures->open_ms = 0;
}

/* -------- turns -------- */

static struct turn *
find_turn(struct throttle *throttle, uint64_t id)
{
	struct turn *set =
	    &throttle->turns[id % (THROTTLE_TURNS / WAYS) * WAYS];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].id == id)
			return &set[i];
	}
	return NULL;
}

/* The turn of id, given for at_ms when it has none: the oldest makes room. */
static struct turn *
give_turn(struct throttle *throttle, uint64_t id, int64_t at_ms, int64_t now_ms)
{
	struct turn *set =
	    &throttle->turns[id % (THROTTLE_TURNS / WAYS) * WAYS];
	struct turn *turn = find_turn(throttle, id);

	if (turn != NULL && now_ms - turn->at_ms <= TURN_KEPT_MS)
		return turn;
	for (size_t i = 0; turn == NULL && i < WAYS; i++) {
		if (set[i].id == 0)
			turn = &set[i];
	}
	if (turn == NULL) {
		turn = &set[0];
		for (size_t i = 1; i < WAYS; i++) {
			if (set[i].at_ms < turn->at_ms)
				turn = &set[i];
		}
	}
	*turn = (struct turn){ .id = id, .at_ms = at_ms };
	return turn;
}

static void
drop_turn(struct throttle *throttle, uint64_t id)
{
	struct turn *turn = find_turn(throttle, id);

	if (turn != NULL)
		*turn = (struct turn){ 0 };
}

/* When the account is open to this party. */
static int64_t
account_open_at(struct throttle *throttle, const struct throttle_party *party,
    const struct failures *account, int64_t now_ms)
{
	const struct turn *turn = NULL;

	if (account->open_ms <= now_ms)
		return account->open_ms;
	turn = give_turn(throttle, party->turn, account->open_ms, now_ms);
	return turn->at_ms < account->open_ms ? turn->at_ms : account->open_ms;
}

/* -------- attempts -------- */

int64_t
throttle_begin(struct throttle *throttle, const struct throttle_party *party,
    int64_t now_ms)
{
	struct failures *account = NULL, *address = NULL;
	int64_t at_ms;

	account = take_failures(
	    throttle->accounts, THROTTLE_ACCOUNTS, party->account, now_ms);
	at_ms = account_open_at(throttle, party, account, now_ms);
	if (party->address != 0) {
		address = take_failures(throttle->addresses, THROTTLE_ADDRESSES,
		    party->address, now_ms);
		if (address->open_ms > at_ms)
			at_ms = address->open_ms;
	}
	if (at_ms > now_ms)
		return at_ms - now_ms;
	drop_turn(throttle, party->turn);
	add_failure(account, THROTTLE_ACCOUNT_FREE, now_ms);
	if (address != NULL)
		add_failure(address, THROTTLE_ADDRESS_FREE, now_ms);
	return 0;
}

static void
take_back_both(struct throttle *throttle, const struct throttle_party *party)
{
	take_back(find_failures(
		      throttle->accounts, THROTTLE_ACCOUNTS, party->account),
	    THROTTLE_ACCOUNT_FREE);
	if (party->address != 0)
		take_back(find_failures(throttle->addresses, THROTTLE_ADDRESSES,
			      party->address),
		    THROTTLE_ADDRESS_FREE);
}

void
throttle_succeeded(
    struct throttle *throttle, const struct throttle_party *party)
{
	struct failures *account = find_failures(
	    throttle->accounts, THROTTLE_ACCOUNTS, party->account);

	take_back_both(throttle, party);
	if (account != NULL)
		*account = (struct failures){ 0 };
}

void
throttle_undo(struct throttle *throttle, const struct throttle_party *party)
{
	take_back_both(throttle, party);
}
