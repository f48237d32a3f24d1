/*
 * API keys: see api_key.h.
 */

#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "common/api_key.h"
#include "common/secret.h"

#define BASE 62

static const char digits[BASE + 1] = "0123456789"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";

static const char *const prefixes[] = {
	[API_KEY_SECRET] = "aic_sk_",
	[API_KEY_PUBLISHABLE] = "aic_pk_",
};

/* Fills text with digits, each as likely as any other, without a NUL. */
static void
random_digits(char *text, size_t count)
{
	uint8_t bytes[2 * API_KEY_RANDOM_LEN];
	size_t filled = 0, i;

	while (filled < count) {
		secret_random(bytes, sizeof(bytes));
		for (i = 0; i < sizeof(bytes) && filled < count; i++) {
			/* The bytes past the last whole 62 favour some. */
			if (bytes[i] < 256 / BASE * BASE)
				text[filled++] = digits[bytes[i] % BASE];
		}
	}
	sodium_memzero(bytes, sizeof(bytes));
}

/* The check digits of what stands before them, without a NUL. */
static void
check_digits(const char *text, char check[API_KEY_CHECK_LEN])
{
	uint32_t crc;
	size_t i;

	crc = (uint32_t)crc32(
	    0, (const Bytef *)text, API_KEY_PREFIX_LEN + API_KEY_RANDOM_LEN);
	for (i = API_KEY_CHECK_LEN; i > 0; i--) {
		check[i - 1] = digits[crc % BASE];
		crc /= BASE;
	}
}

void
api_key_generate(enum api_key_kind kind, char text[API_KEY_LEN + 1])
{
	memcpy(text, prefixes[kind], API_KEY_PREFIX_LEN);
	random_digits(text + API_KEY_PREFIX_LEN, API_KEY_RANDOM_LEN);
	check_digits(text, text + API_KEY_PREFIX_LEN + API_KEY_RANDOM_LEN);
	text[API_KEY_LEN] = '\0';
}

bool
api_key_check(const char *text, enum api_key_kind *kind)
{
	char check[API_KEY_CHECK_LEN];
	const char *random = text + API_KEY_PREFIX_LEN;

	if (strnlen(text, API_KEY_LEN + 1) != API_KEY_LEN)
		return false;
	if (strncmp(text, prefixes[API_KEY_SECRET], API_KEY_PREFIX_LEN) == 0)
		*kind = API_KEY_SECRET;
	else if (strncmp(text, prefixes[API_KEY_PUBLISHABLE],
		     API_KEY_PREFIX_LEN) == 0)
		*kind = API_KEY_PUBLISHABLE;
	else
		return false;
	if (strspn(random, digits) != API_KEY_RANDOM_LEN + API_KEY_CHECK_LEN)
		return false;
	check_digits(text, check);
	return memcmp(check, random + API_KEY_RANDOM_LEN, sizeof(check)) == 0;
}

void
api_key_hash(const char *text, uint8_t hash[API_KEY_HASH_BYTES])
{
	/* It fails only for lengths that it does not know. */
	(void)crypto_generichash(hash, API_KEY_HASH_BYTES,
	    (const unsigned char *)text, strlen(text), NULL, 0);
}
