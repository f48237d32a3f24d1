/*
 * Whom to ask; see destination.h.
 */
#include "gateway/destination.h"
#include "common/token.h"
#include "gateway/gateway.h"

/* The shard that a token names; any one for a token that names none. */
static size_t
shard_of(const char *token, int64_t now_ns)
{
	struct uuid id;
	size_t shard;

	if (uuid_parse(&id, token) == 0) {
		shard = id.bytes[TOKEN_SHARD_BYTE];
		if (shard < bus_shards(gateway.bus))
			return shard;
	}
	return bus_next_shard(gateway.bus, now_ns);
}

size_t
destination_of(
    const struct proto_message_info *info, const void *request, int64_t now_ns)
{
	const struct challenge_verify *verify = request;
	const struct challenge_redeem *redeem = request;

	switch (info->service) {
	case PROTO_SERVICE_AUTH:
		return bus_auth(gateway.bus);
	case PROTO_SERVICE_ANALYTICS:
		return bus_analytics(gateway.bus);
	case PROTO_SERVICE_CHALLENGE:
	case PROTO_SERVICE_ANY:
		break;
	}
	if (info->id == MSG_CHALLENGE_VERIFY)
		return shard_of(verify->token, now_ns);
	if (info->id == MSG_CHALLENGE_REDEEM)
		return shard_of(redeem->token, now_ns);
	return bus_next_shard(gateway.bus, now_ns);
}
