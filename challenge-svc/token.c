/*
 * See token.h for the layout.
 */
#include "challenge-svc/token.h"
#include "common/token.h"

/* 2020-01-01T00:00:00Z: 42 bits of milliseconds last until 2159. */
#define EPOCH_MS     INT64_C(1577836800000)
#define ID_BITS	     52
#define SECRET_MASK  ((UINT64_C(1) << TOKEN_SECRET_BITS) - 1)
#define UUID_VERSION 8

void
token_format(const struct token *token, char text[UUID_TEXT_MAX + 1])
{
	const uint64_t id = (uint64_t)token->id << (56 - ID_BITS);
	const uint64_t secret = (uint64_t)token->secret & SECRET_MASK;
	struct uuid uuid;
	unsigned i;

	for (i = 0; i < 7; i++)
		uuid.bytes[i] = (uint8_t)(id >> (48 - 8 * i));
	/* Below the version stands the last half byte of the id. */
	uuid.bytes[6] = (uint8_t)(uuid.bytes[6] >> 4);
	uuid.bytes[TOKEN_SHARD_BYTE] = token->shard;
	for (i = 0; i < 8; i++)
		uuid.bytes[8 + i] = (uint8_t)(secret >> (56 - 8 * i));
	uuid_stamp(&uuid, UUID_VERSION);
	uuid_format(&uuid, text);
}

int
token_parse(struct token *token, const char *text)
{
	struct uuid uuid;
	uint64_t id = 0, secret = 0;
	unsigned i;

	if (uuid_parse(&uuid, text) != 0 ||
	    uuid.bytes[6] >> 4 != UUID_VERSION || uuid.bytes[8] >> 6 != 2)
		return -1;
	for (i = 0; i < 6; i++)
		id = id << 8 | uuid.bytes[i];
	id = id << 4 | (uuid.bytes[6] & 0x0f);
	for (i = 8; i < 16; i++)
		secret = secret << 8 | uuid.bytes[i];
	if (id == 0)
		return -1;
	token->id = (int64_t)id;
	token->shard = uuid.bytes[TOKEN_SHARD_BYTE];
	token->secret = token_secret(secret);
	return 0;
}

int64_t
token_secret(uint64_t random)
{
	return (int64_t)(random & SECRET_MASK);
}

int64_t
token_next_id(int64_t last, int64_t now_ms)
{
	const int64_t first = (now_ms - EPOCH_MS) << TOKEN_COUNTER_BITS;

	return first > last ? first : last + 1;
}

int64_t
token_id_ms(int64_t id)
{
	return (id >> TOKEN_COUNTER_BITS) + EPOCH_MS;
}
