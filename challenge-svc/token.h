/*
 * Tokens of challenges and of their verification: a row's id, the shard, and
 * 62 secret bits, in the form of a version 8 UUID (RFC 9562):
 *
 *   bytes 0-5, low half of 6   id, 52 bits, most significant first
 *   high half of byte 6        version, 8
 *   byte 7                     shard (TOKEN_SHARD_BYTE)
 *   bytes 8-15                 secret, 62 bits, under the variant bits
 *
 * The id is ordered by time, so that rows are inserted at the end of their
 * table; what it tells a caller is only when the challenge was made.
 */
#ifndef CHALLENGE_SVC_TOKEN_H
#define CHALLENGE_SVC_TOKEN_H

#include <stdint.h>

#include "proto/uuid.h"

#define TOKEN_SECRET_BITS  62
#define TOKEN_COUNTER_BITS 10 /* ids of one millisecond */

struct token {
	int64_t id; /* 0 < id < 2^52 */
	uint8_t shard;
	int64_t secret; /* 0 <= secret < 2^62 */
};

/* The text of a token, with a NUL. */
void token_format(const struct token *token, char text[UUID_TEXT_MAX + 1]);

/* Reads one back. Returns 0, or -1 when text is not of this form. */
int token_parse(struct token *token, const char *text);

/* Keeps the secret bits of 64 random ones. */
int64_t token_secret(uint64_t random);

/*
 * The id after `last`, not below the first one of this (steady, UTC)
 * millisecond. Ids pass their millisecond when more than 1024 are made in it.
 */
int64_t token_next_id(int64_t last, int64_t now_ms);

/* The millisecond that an id was made in (or a later one, see above). */
int64_t token_id_ms(int64_t id);

#endif
