/*
 * Decoys; see decoys.h.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "auth-svc/decoys.h"
#include "common/secret.h"

#define BYTES_PER_KIB ((size_t)1024)
#define PHRASE_BYTES  32

_Static_assert(DECOY_KEY_BYTES == crypto_shorthash_KEYBYTES,
    "a decoy is chosen by a keyed hash");

/* Of a password that nobody knows. */
static int
add(struct decoys *decoys, const struct password_cost *cost)
{
	const struct password_policy policy = {
		.memory_bytes = (size_t)cost->memory_kib * BYTES_PER_KIB,
		.passes = (unsigned long long)cost->passes,
	};
	uint8_t bytes[PHRASE_BYTES];
	char phrase[2 * PHRASE_BYTES + 1];
	int result;

	secret_random(bytes, sizeof(bytes));
	(void)sodium_bin2hex(phrase, sizeof(phrase), bytes, sizeof(bytes));
	result = password_hash(
	    &policy, phrase, decoys->sets[decoys->count].hash);
	sodium_memzero(phrase, sizeof(phrase));
	sodium_memzero(bytes, sizeof(bytes));
	decoys->total += cost->accounts;
	decoys->sets[decoys->count++].until = decoys->total;
	return result;
}

static int64_t
price(const struct password_cost *cost)
{
	return cost->memory_kib * cost->passes;
}

/* The older ones first: the cheaper, and last what the settings say. */
static int
compare(const void *left, const void *right)
{
	const struct password_cost *a = left, *b = right;

	if (a->is_policy != b->is_policy)
		return a->is_policy ? 1 : -1;
	if (price(a) != price(b))
		return price(a) < price(b) ? -1 : 1;
	return (a->memory_kib > b->memory_kib) -
	    (a->memory_kib < b->memory_kib);
}

int
decoys_prepare(struct decoys *decoys, const uint8_t key[DECOY_KEY_BYTES],
    struct store *store, const struct password_policy *policy,
    enum db_status *status)
{
	const int64_t memory_kib = (int64_t)(policy->memory_bytes /
	    BYTES_PER_KIB);
	const int64_t passes = (int64_t)policy->passes;
	struct password_cost costs[DECOYS_MAX];
	size_t count = DECOYS_MAX;

	memset(decoys, 0, sizeof(*decoys));
	memcpy(decoys->key, key, sizeof(decoys->key));
	*status = store_password_costs(store, costs, &count);
	if (*status != DB_OK)
		return -1;
	if (count == 0)
		costs[count++] = (struct password_cost){
			.memory_kib = memory_kib,
			.passes = passes,
			.accounts = 1,
		};
	for (size_t i = 0; i < count; i++)
		costs[i].is_policy = costs[i].memory_kib == memory_kib &&
		    costs[i].passes == passes;
	qsort(costs, count, sizeof(costs[0]), compare);
	for (size_t i = 0; i < count; i++) {
		if (add(decoys, &costs[i]) != 0)
			return -1;
	}
	return 0;
}

const char *
decoys_choose(const struct decoys *decoys, const char *email)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t number = 0;
	double place;
	size_t i = 0;

	(void)crypto_shorthash(
	    hash, (const uint8_t *)email, strlen(email), decoys->key);
	memcpy(&number, hash, sizeof(number));
	/* A share from 0 to 1 that is the address's own, of all accounts. */
	place = (double)number / (double)UINT64_MAX * (double)decoys->total;
	while (i + 1 < decoys->count && place >= (double)decoys->sets[i].until)
		i++;
	return decoys->sets[i].hash;
}
