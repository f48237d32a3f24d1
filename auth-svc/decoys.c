/*
 * Decoys; see decoys.h.
 */
#include <sodium.h>
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

int
decoys_prepare(struct decoys *decoys, struct store *store,
    const struct password_policy *policy, enum db_status *status)
{
	struct password_cost costs[DECOYS_MAX] = { {
	    .memory_kib = (int64_t)(policy->memory_bytes / BYTES_PER_KIB),
	    .passes = (int64_t)policy->passes,
	    .accounts = 1,
	} };
	size_t count = DECOYS_MAX;

	memset(decoys, 0, sizeof(*decoys));
	secret_random(decoys->key, sizeof(decoys->key));
	*status = store_password_costs(store, costs, &count);
	if (*status != DB_OK)
		return -1;
	for (size_t i = 0; i < (count == 0 ? 1 : count); i++) {
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
	size_t i = 0;

	(void)crypto_shorthash(
	    hash, (const uint8_t *)email, strlen(email), decoys->key);
	memcpy(&number, hash, sizeof(number));
	number %= (uint64_t)decoys->total;
	while (
	    i + 1 < decoys->count && number >= (uint64_t)decoys->sets[i].until)
		i++;
	return decoys->sets[i].hash;
}
