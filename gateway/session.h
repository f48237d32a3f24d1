/*
 * Sessions of the gateway's own pages: the access token travels in a cookie
 * that no script can read, and counts only where the request came from one of
 * these pages. The pure rules; who asks is parse.c.
 */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"

/*
 * The prefix makes browsers keep it to this host, to https (or this machine)
 * and to the path /, as the answer has to ask for (RFC 6265bis, 4.1.3.2).
 */
#define SESSION_COOKIE "__Host-aicaptcha"

#define SESSION_FIELD_MAX (PROTO_JWT_MAX + 128)

/*
 * The token in the value of a Cookie field, NULL when there was none. Returns
 * its length and *token, which points into the field; 0 when there is none.
 * Of several the first counts.
 */
size_t session_find(const char *field, const char **token);

/* What a request says of where it comes from; each NULL when it is silent. */
struct session_source {
	const char *host;   /* Host */
	const char *origin; /* Origin */
	const char *site;   /* Sec-Fetch-Site */
};

/*
 * True when the cookie may count. What changes something (reads false) needs an
 * Origin with the host and port of Host; what only reads must not come from
 * another origin, as far as the browser tells (Fetch Metadata). The scheme is
 * not compared: it ends at the proxy in front.
 */
bool session_from_own_page(const struct session_source *source, bool reads);

/*
 * The value of Set-Cookie that keeps the token for as many seconds; with
 * token "" and seconds 0 it makes the browser forget it. To be wiped after use.
 */
void
session_write(char out[SESSION_FIELD_MAX], const char *token, int64_t seconds);

#endif
