/*
 * API keys: "aic_sk_" or "aic_pk_", 28 base62 digits of randomness (166 bits),
 * then 6 base62 digits of the CRC-32 (IEEE 802.3) of all that stands before,
 * so that a mistyped or found key is told apart without a database.
 */
#ifndef COMMON_API_KEY_H
#define COMMON_API_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define API_KEY_PREFIX_LEN 7
#define API_KEY_RANDOM_LEN 28
#define API_KEY_CHECK_LEN  6
#define API_KEY_LEN \
	(API_KEY_PREFIX_LEN + API_KEY_RANDOM_LEN + API_KEY_CHECK_LEN)
#define API_KEY_HASH_BYTES 32

enum api_key_kind { API_KEY_SECRET, API_KEY_PUBLISHABLE };

/* Makes a key. The caller wipes text when it is a secret one. */
void api_key_generate(enum api_key_kind kind, char text[API_KEY_LEN + 1]);

/* True, with its kind, when text has the form and its checksum holds. */
bool api_key_check(const char *text, enum api_key_kind *kind);

/*
 * The hash that is stored and looked up: BLAKE2b-256 of the whole text. A key
 * has 166 random bits, so that a fast hash without salt gives nothing away.
 */
void api_key_hash(const char *text, uint8_t hash[API_KEY_HASH_BYTES]);

#endif
