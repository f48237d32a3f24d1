/*
 * Access tokens: JSON Web Tokens (RFC 7519) signed with HS256, made and read
 * by libjwt and nothing else. This process alone holds the keys.
 *
 *   header   alg "HS256", typ "JWT", kid (of the key)
 *   claims   iss "aicaptcha", aud "aicaptcha-api", sub (account id),
 *            jti (session id), iat, exp (seconds)
 *
 * A token by itself proves little: its session must exist as well, which is
 * for the caller to look up.
 */
#ifndef AUTH_SVC_TOKEN_H
#define AUTH_SVC_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"
#include "proto/uuid.h"

#define TOKEN_KEY_BYTES 32
#define TOKEN_KID_LEN	16

struct token_key {
	uint8_t bytes[TOKEN_KEY_BYTES];
	char kid[TOKEN_KID_LEN + 1]; /* hexadecimal, of a hash of the bytes */
};

/* New tokens are signed with the current key; both are taken. */
struct token_keys {
	struct token_key current;
	struct token_key previous;
	bool has_previous;
};

struct token_claims {
	struct uuid account_id; /* sub */
	struct uuid session_id; /* jti */
	int64_t issued_s;	/* iat, seconds since 1970 */
	int64_t expires_s;	/* exp */
};

/*
 * Keys for tokens in memory that is locked, guarded and left out of core
 * dumps where the kernel allows it. previous is NULL when there is none. NULL
 * when memory ends. token_keys_free wipes them; it accepts NULL.
 */
struct token_keys *
token_keys_new(const uint8_t current[TOKEN_KEY_BYTES], const uint8_t *previous);
void token_keys_free(struct token_keys **keys);

/*
 * Reads `jwt-current.key` of the directory (made when it is missing) and, when
 * there is one, `jwt-previous.key`. To change keys an operator renames the
 * current one to the previous one and restarts. NULL with a sentence in error.
 */
struct token_keys *
token_keys_load(const char *directory, char *error, size_t error_size);

/* Signs. Returns 0; -1 when memory ends. The caller wipes text. */
int token_issue(const struct token_keys *keys,
    const struct token_claims *claims, char text[PROTO_JWT_MAX + 1]);

/*
 * Reads a token. Returns 0 with *claims filled; -1, whatever was wrong: another
 * algorithm, a kid that is neither key's, a bad signature, another iss or aud,
 * a claim that is missing, now_s at or past exp.
 */
int token_verify(const struct token_keys *keys, const char *text, int64_t now_s,
    struct token_claims *claims);

#endif
