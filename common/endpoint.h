/*
 * The syntax of addresses in the settings.
 */
#ifndef COMMON_ENDPOINT_H
#define COMMON_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a unix socket's path without its NUL: unix(7), sun_path. */
#define ENDPOINT_PATH_MAX 107

/*
 * What is wrong with an endpoint of a service, `ipc://PATH` or
 * `tcp://HOST:PORT` (an IPv6 address in brackets; `*` for any address only
 * when it is to be bound). NULL when it is well formed, else the end of a
 * sentence that begins with the endpoint.
 */
const char *endpoint_wrong(const char *endpoint, bool bind);

/*
 * Whether a well-formed endpoint is one that packets of other hosts could reach
 * or that leads to one: tcp:// with anything but an address of loopback
 * (127.0.0.0/8, ::1). A name counts, wherever it leads: that may change.
 */
bool endpoint_leaves_host(const char *endpoint);

/* Whether it is tcp://. */
bool endpoint_is_tcp(const char *endpoint);

/* Whether it holds an IPv6 address. */
bool endpoint_is_ipv6(const char *endpoint);

/*
 * As endpoint_wrong for where HTTP is listened to: `ADDR:PORT` (an IPv6 address
 * in brackets) or `unix:PATH`.
 */
const char *endpoint_listen_wrong(const char *listen);

/*
 * Copies item number i, from 0, of a comma-separated list without the blanks
 * around it. False when the list has no such item, or it does not fit. An empty
 * list has no items.
 */
bool endpoint_list_item(const char *list, size_t i, char *item, size_t size);

/* How many items a comma-separated list has; 0 for an empty one. */
size_t endpoint_list_count(const char *list);

#endif
