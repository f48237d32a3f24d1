/*
 * Fuzzes access tokens. The first byte says what the rest is: 0, a whole
 * token; 1, a header and claims in base64 that are signed here; 2, the JSON of
 * a header and of claims, a line each, that is encoded and signed here. So
 * that forged signatures and signed nonsense are both tried.
 *
 * Whatever is accepted was signed: that is worked out by libsodium, which the
 * code under test does not use for it.
 */
#include <sodium.h>

#include "auth-svc/token.h"
#include "proto/testing_fuzz.h"

#define NOW	 INT64_C(1776079724)
#define TEXT_MAX 8192

static const uint8_t key[TOKEN_KEY_BYTES] = { 'a', 1, 2, 3 };
static struct token_keys *keys;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (sodium_init() < 0)
		exit(EXIT_FAILURE);
	keys = token_keys_new(key, NULL);
	return keys == NULL ? EXIT_FAILURE : 0;
}

/* The signature that belongs to the text up to len, as a token ends in. */
static void
sign(const char *text, size_t len, char signature[64])
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(mac, (const uint8_t *)text, len, key);
	(void)sodium_bin2base64(signature, 64, mac, sizeof(mac),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void
look_at(const char *text)
{
	char signature[64], again[PROTO_JWT_MAX + 1];
	const char *end = strrchr(text, '.');
	struct token_claims claims, other;

	if (token_verify(keys, text, NOW, &claims) != 0)
		return;
	fuzz_must(end != NULL, "a token has three parts");
	sign(text, (size_t)(end - text), signature);
	fuzz_must(
	    strcmp(end + 1, signature) == 0, "what is accepted was signed");
	fuzz_must(claims.expires_s > NOW, "what is accepted has not expired");
	fuzz_must(claims.issued_s > 0, "what is accepted says when it began");
	fuzz_must(token_issue(keys, &claims, again) == 0 &&
		token_verify(keys, again, NOW, &other) == 0 &&
		uuid_equal(&claims.account_id, &other.account_id) &&
		uuid_equal(&claims.session_id, &other.session_id) &&
		claims.issued_s == other.issued_s &&
		claims.expires_s == other.expires_s,
	    "claims read the same again");
}

/* Appends a part of the JSON in base64; text has room for it. */
static size_t
encode(char *text, size_t len, const char *json, size_t size)
{
	(void)sodium_bin2base64(text + len, TEXT_MAX - len,
	    (const uint8_t *)json, size,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return len + strlen(text + len);
}

static void
look_at_json(const char *json, size_t size)
{
	const char *line = memchr(json, '\n', size);
	size_t head = line == NULL ? size : (size_t)(line - json), len;
	char *text = NULL;

	if (size > TEXT_MAX / 2)
		return;
	text = fuzz_alloc(TEXT_MAX);
	len = encode(text, 0, json, head);
	text[len++] = '.';
	if (line != NULL)
		len = encode(text, len, line + 1, size - head - 1);
	text[len] = '.';
	sign(text, len, text + len + 1);
	look_at(text);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL, *longer = NULL;
	size_t len;

	if (size == 0)
		return 0;
	text = fuzz_string(data + 1, size - 1);
	len = strlen(text);
	switch (data[0] % 3) {
	case 0:
		look_at(text);
		break;
	case 1:
		longer = fuzz_alloc(len + 66);
		memcpy(longer, text, len);
		longer[len] = '.';
		sign(longer, len, longer + len + 1);
		look_at(longer);
		free(longer);
		break;
	default:
		look_at_json(text, len);
		break;
	}
	free(text);
	return 0;
}
