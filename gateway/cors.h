/*
 * Origins of web pages (RFC 6454): the pure rules behind CORS.
 */
#ifndef GATEWAY_CORS_H
#define GATEWAY_CORS_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/proto.h"

/* What an answer lets a page read beyond its body. */
#define CORS_EXPOSED                                                        \
	"x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, " \
	"ratelimit-reset"

/*
 * True for scheme://host or scheme://host:port as a browser sends it: http or
 * https, a name, an IPv4 address or an IPv6 one in brackets, a port of 1 to
 * 65535, at most PROTO_ORIGIN_MAX bytes, nothing after. "null" is not one.
 * What passes holds no byte that could end a header field.
 */
bool cors_origin_valid(const char *origin);

/* True when the origin is, byte for byte, one of those that the key allows. */
bool cors_origin_allowed(const struct key_info *key, const char *origin);

/*
 * True when the origin is valid and has the host and the port of a Host field
 * (NULL when there was none): a page of this very server. A port that is not
 * told is the scheme's own, 80 or 443.
 */
bool cors_origin_is_host(const char *origin, const char *host);

/* The host of a valid origin in lower case, without port and brackets. */
void cors_hostname(const char *origin, char host[PROTO_ORIGIN_MAX + 1]);

#endif
