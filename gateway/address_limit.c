/*
 * Limits by client address; see address_limit.h.
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/log.h"
#include "common/secret.h"
#include "gateway/address_limit.h"
#include "gateway/gate.h"
#include "gateway/gateway.h"

#define CELLS	  16384 /* addresses, in use at one time */
#define LINES_MAX 20	/* as many as the gate lets a head have, or more */

_Static_assert(LINES_MAX >= GATE_FIELDS_MAX, "no line is left out");

/* What is counted apart. */
enum what {
	WHAT_ANY,
	WHAT_PASSWORD,
};

static struct client_proxies proxies;
static struct ratelimit *limits;

/* So that nobody can tell which addresses share a cell of the table. */
static uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];

int
address_limit_start(char *error, size_t error_size)
{
	const struct config *config = &gateway.config;

	if (client_proxies_parse(
		config->trusted_proxies, &proxies, error, error_size) != 0)
		return -1;
	secret_random(key, sizeof(key));
	limits = ratelimit_new(CELLS);
	if (limits == NULL) {
		(void)snprintf(
		    error, error_size, "there is no memory to share");
		return -1;
	}
	if (strncmp(config->http_listen, "unix:", 5) == 0 && !proxies.local)
		log_warning(NULL,
		    "trusted_proxies does not list unix: all clients of the "
		    "socket count as one");
	return 0;
}

void
address_limit_end(void)
{
	ratelimit_free(&limits);
}

static struct client_address
peer_of(const struct connection *peer)
{
	if (peer->family == AF_INET)
		return client_address_ipv4(&peer->addr.ipv4.sin_addr);
	if (peer->family == AF_INET6)
		return client_address_ipv6(&peer->addr.ipv6.sin6_addr);
	return client_address_local();
}

struct client_address
address_of(const struct call *call)
{
	const char *lines[LINES_MAX];
	const struct http_header *header = NULL;
	struct client_address address;
	size_t count = 0;

	address = peer_of(call->req->owner);
	TAILQ_FOREACH(header, &call->req->req_headers, list)
	{
		if (count < LINES_MAX &&
		    strcasecmp(header->header, "x-forwarded-for") == 0)
			lines[count++] = header->value;
	}
	address = client_address_find(&proxies, &address, lines, count);
	return client_address_prefix(&address);
}

static int
take(struct call *call, const struct client_address *address, enum what what,
    int64_t per_minute, int64_t now_ns)
{
	uint8_t text[CLIENT_ADDRESS_BYTES + 1];
	struct ratelimit_result limit;
	struct uuid cell;

	if (per_minute <= 0)
		return 0;
	memcpy(text, address->bytes, CLIENT_ADDRESS_BYTES);
	text[CLIENT_ADDRESS_BYTES] = (uint8_t)what;
	(void)crypto_shorthash_siphashx24(cell.bytes, text, sizeof(text), key);
	limit = ratelimit_take(limits, &cell, per_minute, now_ns);
	call_note_limit(call, &limit);
	if (limit.allowed)
		return 0;
	metrics_add(gateway.counters, METRICS_RATE_LIMITED, 1);
	problem_set(&call->problem, PROTO_ERROR_RATE_LIMITED, NULL,
	    what == WHAT_PASSWORD
		? "an address may sign in or register %lld times a minute"
		: "an address may make %lld requests a minute",
	    (long long)per_minute);
	call->problem.retry_after = limit.retry_after_s;
	return -1;
}

int
address_limit_take(struct call *call, int64_t now_ns)
{
	const struct config *config = &gateway.config;
	const bool password = (call->route->flags & ROUTE_PASSWORD) != 0;
	struct client_address address;

	if (config->address_rate_limit == 0 &&
	    (!password || config->password_rate_limit == 0))
		return 0;
	address = address_of(call);
	if (take(call, &address, WHAT_ANY, config->address_rate_limit,
		now_ns) != 0)
		return -1;
	if (!password)
		return 0;
	return take(
	    call, &address, WHAT_PASSWORD, config->password_rate_limit, now_ns);
}
