/*
 * nginx or haproxy in front of a gateway, set up as deploy/ has its samples:
 * only ports, addresses and paths are put in their place. A proxy is a process
 * of the test with a directory of its own, in the foreground, on free ports.
 */
#ifndef TESTS_HTTP_PROXY_H
#define TESTS_HTTP_PROXY_H

#include <stdint.h>

enum proxy_kind {
	PROXY_NGINX,
	PROXY_HAPROXY,
};

struct proxy;

/* Starts one before a gateway and waits until it answers over TLS. */
struct proxy *proxy_start(enum proxy_kind kind, uint16_t gateway_port);

/* Stops it and removes its directory; 0 when it ended well, NULL is fine. */
int proxy_stop(struct proxy **proxy);

/* Where it speaks TLS, and where it does not. */
uint16_t proxy_tls_port(const struct proxy *proxy);
uint16_t proxy_plain_port(const struct proxy *proxy);

#endif
