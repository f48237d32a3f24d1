/*
 * Client addresses behind trusted proxies; see client_address.h.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "gateway/client_address.h"

#define ADDRESS_BITS	 (8 * CLIENT_ADDRESS_BYTES)
#define MAPPED_BITS	 96 /* what stands before a mapped IPv4 address */
#define IPV6_PREFIX_BITS 64

/* The longest entry: an address in brackets with a port. */
#define ENTRY_MAX (INET6_ADDRSTRLEN + sizeof("[]:65535"))

static const uint8_t mapped_prefix[MAPPED_BITS / 8] = {
	[10] = 0xff, [11] = 0xff
};

static bool
is_ipv4(const struct client_address *address)
{
	return memcmp(address->bytes, mapped_prefix, sizeof(mapped_prefix)) ==
	    0;
}

static bool
is_local(const struct client_address *address)
{
	static const struct client_address local;

	return memcmp(address, &local, sizeof(local)) == 0;
}

/* Clears what follows the first `bits` bits. */
static void
mask(struct client_address *address, unsigned bits)
{
	for (unsigned i = 0; i < CLIENT_ADDRESS_BYTES; i++) {
		if (bits >= 8 * (i + 1))
			continue;
		if (bits <= 8 * i)
			address->bytes[i] = 0;
		else
			address->bytes[i] &= (uint8_t)(0xffu
			    << (8 * (i + 1) - bits));
	}
}

struct client_address
client_address_ipv4(const struct in_addr *from)
{
	struct client_address address;

	memcpy(address.bytes, mapped_prefix, sizeof(mapped_prefix));
	memcpy(address.bytes + sizeof(mapped_prefix), from, sizeof(*from));
	return address;
}

struct client_address
client_address_ipv6(const struct in6_addr *from)
{
	struct client_address address;

	memcpy(address.bytes, from, sizeof(address.bytes));
	return address;
}

struct client_address
client_address_local(void)
{
	return (struct client_address){ { 0 } };
}

/* Reads an address without port or brackets: 0, or -1. */
static int
parse_address(const char *text, struct client_address *address)
{
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (inet_pton(AF_INET, text, &ipv4) == 1) {
		*address = client_address_ipv4(&ipv4);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &ipv6) != 1)
		return -1;
	*address = client_address_ipv6(&ipv6);
	return 0;
}

/* -------- the setting -------- */

/* Takes the piece up to the next comma, less the spaces around it. */
static bool
next_piece(const char **text, const char **piece, size_t *len)
{
	if (*text == NULL)
		return false;
	*piece = *text + strspn(*text, " \t");
	*len = strcspn(*piece, ",");
	*text = (*piece)[*len] == ',' ? *piece + *len + 1 : NULL;
	while (*len > 0 && strchr(" \t", (*piece)[*len - 1]) != NULL)
		(*len)--;
	return true;
}

/* Reads how many bits of an address are meant: 0, or -1. */
static int
parse_bits(const char *text, unsigned most, unsigned *bits)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 3 || text[len] != '\0')
		return -1;
	*bits = 0;
	for (; *text != '\0'; text++)
		*bits = *bits * 10 + (unsigned)(*text - '0');
	return *bits <= most ? 0 : -1;
}

/* Reads ADDRESS or ADDRESS/BITS, which is cut up: 0, or -1. */
static int
parse_network(char *text, struct client_network *network)
{
	char *slash = strchr(text, '/');
	struct client_address masked;
	unsigned before;

	if (slash != NULL)
		*slash = '\0';
	if (parse_address(text, &network->base) != 0)
		return -1;
	/* ::ffff:a.b.c.d/BITS counts the bits of IPv6, as it is written. */
	before = strchr(text, ':') == NULL ? MAPPED_BITS : 0;
	network->bits = ADDRESS_BITS - before;
	if (slash != NULL &&
	    parse_bits(slash + 1, ADDRESS_BITS - before, &network->bits) != 0)
		return -1;
	network->bits += before;
	masked = network->base;
	mask(&masked, network->bits);
	return memcmp(&masked, &network->base, sizeof(masked)) == 0 ? 0 : -1;
}

int
client_proxies_parse(const char *text, struct client_proxies *proxies,
    char *error, size_t error_size)
{
	char entry[ENTRY_MAX];
	const char *piece = NULL;
	size_t len;

	memset(proxies, 0, sizeof(*proxies));
	if (text[strspn(text, " \t")] == '\0')
		return 0;
	while (next_piece(&text, &piece, &len)) {
		if (len == strlen("unix") && memcmp(piece, "unix", len) == 0) {
			proxies->local = true;
			continue;
		}
		if (proxies->count == CLIENT_PROXIES_MAX) {
			(void)snprintf(error, error_size,
			    "trusted_proxies: at most %d entries",
			    CLIENT_PROXIES_MAX);
			return -1;
		}
		(void)snprintf(entry, sizeof(entry), "%.*s", (int)len, piece);
		if (len >= sizeof(entry) ||
		    parse_network(entry, &proxies->networks[proxies->count]) !=
			0) {
			(void)snprintf(error, error_size,
			    "trusted_proxies: \"%.*s\" is neither an address "
			    "nor a network (ADDRESS/BITS, with no bit set "
			    "past them) nor the word unix",
			    len < sizeof(entry) ? (int)len : (int)sizeof(entry),
			    piece);
			return -1;
		}
		proxies->count++;
	}
	return 0;
}

/* -------- a request -------- */

static bool
is_trusted(
    const struct client_proxies *proxies, const struct client_address *address)
{
	struct client_address masked;

	if (is_local(address))
		return proxies->local;
	for (size_t i = 0; i < proxies->count; i++) {
		masked = *address;
		mask(&masked, proxies->networks[i].bits);
		if (memcmp(&masked, &proxies->networks[i].base,
			sizeof(masked)) == 0)
			return true;
	}
	return false;
}

/*
 * Takes the last piece off a list of len bytes: where it begins, *size its
 * length without the spaces around it, and *len what is left before it.
 */
static const char *
last_piece(const char *list, size_t *len, size_t *size)
{
	size_t start = *len, end = *len;

	while (start > 0 && list[start - 1] != ',')
		start--;
	*len = start > 0 ? start - 1 : 0;
	while (end > start && strchr(" \t", list[end - 1]) != NULL)
		end--;
	while (start < end && strchr(" \t", list[start]) != NULL)
		start++;
	*size = end - start;
	return list + start;
}

/* A port as it may follow an address. */
static bool
is_port(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len >= 1 && len <= 5 && text[len] == '\0';
}

/* Reads ADDRESS, IPV4:PORT, [IPV6] or [IPV6]:PORT: 0, or -1. */
static int
parse_entry(const char *text, size_t len, struct client_address *address)
{
	struct client_address found;
	char entry[ENTRY_MAX];
	char *start = entry, *end = NULL;

	if (len >= sizeof(entry))
		return -1;
	memcpy(entry, text, len);
	entry[len] = '\0';
	if (entry[0] == '[') {
		start++;
		end = strchr(entry, ']');
		if (end == NULL ||
		    (end[1] != '\0' && (end[1] != ':' || !is_port(end + 2))))
			return -1;
		*end = '\0';
		if (strchr(start, ':') == NULL)
			return -1;
	} else {
		end = strchr(entry, ':');
		/* With a second colon it is IPv6, whose port needs brackets. */
		if (end != NULL && strchr(end + 1, ':') == NULL) {
			if (!is_port(end + 1))
				return -1;
			*end = '\0';
		}
	}
	/* Nobody is ::, and it must not pass for a unix socket's peer. */
	if (parse_address(start, &found) != 0 || is_local(&found))
		return -1;
	*address = found;
	return 0;
}

struct client_address
client_address_find(const struct client_proxies *proxies,
    const struct client_address *peer, const char *const forwarded[],
    size_t count)
{
	struct client_address client = *peer;
	const char *piece = NULL;
	size_t len, size;

	while (count > 0 && is_trusted(proxies, &client)) {
		count--;
		len = strlen(forwarded[count]);
		while (len > 0 && is_trusted(proxies, &client)) {
			piece = last_piece(forwarded[count], &len, &size);
			/* An empty element of a list says nothing. */
			if (size > 0 && parse_entry(piece, size, &client) != 0)
				return client;
		}
	}
	return client;
}

struct client_address
client_address_prefix(const struct client_address *from)
{
	struct client_address prefix = *from;

	if (!is_ipv4(from))
		mask(&prefix, IPV6_PREFIX_BITS);
	return prefix;
}
