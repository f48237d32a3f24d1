/*
 * Access tokens by libjwt.
 */
#include <errno.h>
#include <jwt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth-svc/token.h"
#include "common/secret.h"

#define TOKEN_ISSUER   "aicaptcha"
#define TOKEN_AUDIENCE "aicaptcha-api"
#define TOKEN_PATH_MAX 256

/*
 * The kid tells two keys apart and gives nothing of them away: eight bytes of
 * a hash of 256 random bits.
 */
static void
set_key(struct token_key *key, const uint8_t bytes[TOKEN_KEY_BYTES])
{
	static const uint8_t context[] = "aicaptcha jwt key id";
	uint8_t hash[crypto_generichash_BYTES];

	memcpy(key->bytes, bytes, TOKEN_KEY_BYTES);
	/* It fails only for sizes out of its range, and these are fixed. */
	(void)crypto_generichash(hash, sizeof(hash), bytes, TOKEN_KEY_BYTES,
	    context, sizeof(context) - 1);
	(void)sodium_bin2hex(
	    key->kid, sizeof(key->kid), hash, TOKEN_KID_LEN / 2);
	sodium_memzero(hash, sizeof(hash));
}

struct token_keys *
token_keys_new(const uint8_t current[TOKEN_KEY_BYTES], const uint8_t *previous)
{
	struct token_keys *keys;

	keys = sodium_malloc(sizeof(*keys));
	if (keys == NULL)
		return NULL;
	memset(keys, 0, sizeof(*keys));
	set_key(&keys->current, current);
	if (previous != NULL) {
		set_key(&keys->previous, previous);
		keys->has_previous = true;
	}
	(void)sodium_mprotect_readonly(keys);
	return keys;
}

void
token_keys_free(struct token_keys **keys)
{
	sodium_free(*keys);
	*keys = NULL;
}

struct token_keys *
token_keys_load(const char *directory, char *error, size_t error_size)
{
	uint8_t current[TOKEN_KEY_BYTES], previous[TOKEN_KEY_BYTES];
	char current_path[TOKEN_PATH_MAX], previous_path[TOKEN_PATH_MAX];
	struct token_keys *keys = NULL;
	bool has_previous;
	int a, b;

	a = snprintf(current_path, sizeof(current_path), "%s/jwt-current.key",
	    directory);
	b = snprintf(previous_path, sizeof(previous_path),
	    "%s/jwt-previous.key", directory);
	if (a < 0 || b < 0 || b >= TOKEN_PATH_MAX) {
		(void)snprintf(
		    error, error_size, "%s: the path is too long", directory);
		return NULL;
	}
	has_previous = access(previous_path, F_OK) == 0 || errno != ENOENT;
	if (secret_file(
		current_path, current, sizeof(current), error, error_size) != 0)
		goto out;
	if (has_previous &&
	    secret_file(previous_path, previous, sizeof(previous), error,
		error_size) != 0)
		goto out;
	keys = token_keys_new(current, has_previous ? previous : NULL);
	if (keys == NULL)
		(void)snprintf(error, error_size,
		    "no memory for the keys in %s", directory);
out:
	sodium_memzero(current, sizeof(current));
	sodium_memzero(previous, sizeof(previous));
	return keys;
}

int
token_issue(const struct token_keys *keys, const struct token_claims *claims,
    char text[PROTO_JWT_MAX + 1])
{
	char account[UUID_TEXT_MAX + 1], session[UUID_TEXT_MAX + 1];
	char *encoded = NULL;
	jwt_t *jwt = NULL;
	int result = -1;
	size_t len;

	uuid_format(&claims->account_id, account);
	uuid_format(&claims->session_id, session);
	if (jwt_new(&jwt) != 0)
		goto out;
	if (jwt_set_alg(jwt, JWT_ALG_HS256, keys->current.bytes,
		TOKEN_KEY_BYTES) != 0 ||
	    jwt_add_header(jwt, "kid", keys->current.kid) != 0 ||
	    jwt_add_grant(jwt, "iss", TOKEN_ISSUER) != 0 ||
	    jwt_add_grant(jwt, "aud", TOKEN_AUDIENCE) != 0 ||
	    jwt_add_grant(jwt, "sub", account) != 0 ||
	    jwt_add_grant(jwt, "jti", session) != 0 ||
	    jwt_add_grant_int(jwt, "iat", claims->issued_s) != 0 ||
	    jwt_add_grant_int(jwt, "exp", claims->expires_s) != 0)
		goto out;
	encoded = jwt_encode_str(jwt);
	if (encoded == NULL)
		goto out;
	len = strlen(encoded);
	if (len <= PROTO_JWT_MAX) {
		memcpy(text, encoded, len + 1);
		result = 0;
	}
	sodium_memzero(encoded, len);
out:
	free(encoded);
	jwt_free(jwt);
	return result;
}

/*
 * Three parts in base64 for URLs, none of them empty: libjwt 1.10 writes a byte
 * past the end of a part that is decoded to nothing.
 */
static bool
is_well_formed(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t part, len;

	for (part = 1; part <= 3; part++) {
		len = strspn(text, digits);
		if (len == 0 || text[len] != (part < 3 ? '.' : '\0'))
			return false;
		text += len + 1;
	}
	return true;
}

/* The one of our keys that the token's header names, or NULL. */
static const struct token_key *
find_key(const struct token_keys *keys, const char *text)
{
	const struct token_key *key = NULL;
	const char *alg, *kid;
	jwt_t *jwt = NULL;

	/*
	 * Without a key libjwt only parses: nothing here is to be believed,
	 * and jwt_get_alg says "none" of every token.
	 */
	if (jwt_decode(&jwt, text, NULL, 0) != 0)
		return NULL;
	alg = jwt_get_header(jwt, "alg");
	kid = jwt_get_header(jwt, "kid");
	if (alg != NULL && strcmp(alg, "HS256") == 0 && kid != NULL) {
		if (strcmp(kid, keys->current.kid) == 0)
			key = &keys->current;
		else if (keys->has_previous &&
		    strcmp(kid, keys->previous.kid) == 0)
			key = &keys->previous;
	}
	jwt_free(jwt);
	return key;
}

static bool
grant_is(jwt_t *jwt, const char *name, const char *value)
{
	const char *grant = jwt_get_grant(jwt, name);

	return grant != NULL && strcmp(grant, value) == 0;
}

static bool
grant_uuid(jwt_t *jwt, const char *name, struct uuid *id)
{
	const char *grant = jwt_get_grant(jwt, name);

	return grant != NULL && uuid_parse(id, grant) == 0;
}

int
token_verify(const struct token_keys *keys, const char *text, int64_t now_s,
    struct token_claims *claims)
{
	const struct token_key *key;
	struct token_claims found;
	jwt_t *jwt = NULL;
	int result = -1;

	key = is_well_formed(text) ? find_key(keys, text) : NULL;
	if (key == NULL ||
	    jwt_decode(&jwt, text, key->bytes, TOKEN_KEY_BYTES) != 0)
		return -1;
	memset(&found, 0, sizeof(found));
	if (jwt_get_alg(jwt) != JWT_ALG_HS256 ||
	    !grant_is(jwt, "iss", TOKEN_ISSUER) ||
	    !grant_is(jwt, "aud", TOKEN_AUDIENCE) ||
	    !grant_uuid(jwt, "sub", &found.account_id) ||
	    !grant_uuid(jwt, "jti", &found.session_id))
		goto out;
	/* A claim that is missing or no integer reads as 0. */
	found.issued_s = jwt_get_grant_int(jwt, "iat");
	found.expires_s = jwt_get_grant_int(jwt, "exp");
	if (found.issued_s <= 0 || found.expires_s <= now_s)
		goto out;
	*claims = found;
	result = 0;
out:
	jwt_free(jwt);
	return result;
}
