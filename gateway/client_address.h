/*
 * Whose request it is: the address of a client behind trusted proxies. Pure.
 *
 * An address is held as 16 bytes, an IPv4 one as IPv6 maps it (::ffff:a.b.c.d),
 * so that the same client counts once on whichever socket it comes in. The zero
 * address stands for a peer on a unix socket.
 */
#ifndef GATEWAY_CLIENT_ADDRESS_H
#define GATEWAY_CLIENT_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_ADDRESS_BYTES 16
#define CLIENT_PROXIES_MAX   64 /* entries of the setting trusted_proxies */

struct client_address {
	uint8_t bytes[CLIENT_ADDRESS_BYTES];
};

/* All addresses that begin with the first `bits` bits of base. */
struct client_network {
	struct client_address base;
	unsigned bits;
};

/* Who is believed about where a request comes from. */
struct client_proxies {
	size_t count;
	struct client_network networks[CLIENT_PROXIES_MAX];
	bool local; /* whoever connects to a unix socket */
};

/*
 * Reads the setting trusted_proxies: addresses, ADDRESS/BITS and the word
 * `unix`, separated by commas. Returns 0; -1 with a sentence in error, for a
 * network with bits set past its prefix, too, which is mostly a slip.
 */
int client_proxies_parse(const char *text, struct client_proxies *proxies,
    char *error, size_t error_size);

struct client_address client_address_ipv4(const struct in_addr *from);

/* A mapped IPv4 address counts as IPv4. */
struct client_address client_address_ipv6(const struct in6_addr *from);

struct client_address client_address_local(void);

/*
 * The client of a request that `peer` brought. As long as the address in hand
 * is a trusted proxy's, the one that this proxy has put last into
 * X-Forwarded-For takes its place: whatever a client wrote there itself stands
 * further left and is not reached. forwarded are the values of the field's
 * `count` lines, in their order. An entry that is no address (a port may follow
 * one) ends the search at the proxy that wrote it.
 */
struct client_address client_address_find(const struct client_proxies *proxies,
    const struct client_address *peer, const char *const forwarded[],
    size_t count);

/*
 * The address that a client is counted by: of IPv6 the first 64 bits, since
 * whoever has one address of such a network can have them all.
 */
struct client_address client_address_prefix(const struct client_address *from);

#endif
