/*
 * The gate in front of Kore's HTTP parser: it reads the head of a request
 * strictly (RFC 9112), refuses what Kore would misread, and lets one request
 * at a time into a connection.
 *
 * What it refuses, always with a problem+json answer and a close: see
 * gate_examine.c. What is legal but beyond Kore, it rewrites on the way in:
 * see gate_rewrite.c. How it holds a connection: see gate.c.
 */
#ifndef GATEWAY_GATE_H
#define GATEWAY_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/proto.h"

#define GATE_HEAD_MAX	8192 /* bytes of request line and fields */
#define GATE_FIELDS_MAX 20   /* not counting those of gate_field_unread */
#define GATE_FIELDS_CAP 64   /* of whatever name */
#define GATE_BODY_MAX	65536
#define GATE_TARGET_MAX 1900 /* Kore's own limit is 2000 */
#define GATE_HOST_MAX	250  /* Kore's own limit is 253 */

#define GATE_HEAD_SECONDS 10 /* for a head to arrive, and a first request */
#define GATE_BODY_SECONDS 10
#define GATE_IDLE_SECONDS 20 /* between two requests of a connection */

#define GATE_SERVER "aiCAPTCHA" /* the Server field of every answer */

enum gate_verdict {
	GATE_MORE,   /* the head is not complete */
	GATE_ACCEPT, /* head_len and body_len tell where the request ends */
	GATE_REFUSE, /* answer error and close */
};

struct gate_result {
	enum gate_verdict verdict;
	size_t head_len;	/* with the empty line */
	size_t body_len;	/* Content-Length, 0 without one */
	enum proto_error error; /* BAD_REQUEST, HEADERS_TOO_LARGE, ... */
	const char *detail;	/* for a person; static */
	bool rewrite;		/* accepted once gate_rewrite has run */
	bool expects_continue;	/* the client waits for a 100 */
	bool is_head;		/* an answer to it has no body */
};

/*
 * The pure rule: looks at the bytes received so far, which may hold a part of
 * a head, a head and a part of its body, or more. What is wrong is refused as
 * soon as it can be seen.
 */
struct gate_result gate_examine(const unsigned char *bytes, size_t len);

/* What gate_rewrite may add to a head. */
#define GATE_REWRITE_ROOM 32

/*
 * Rewrites an accepted head in place so that Kore reads it as it was meant.
 * bytes has room for GATE_REWRITE_ROOM past head_len. Returns the new length
 * of the head; moving what came after it is left to the caller.
 */
size_t gate_rewrite(unsigned char *bytes, size_t head_len);

/*
 * Finds the Origin of a web page that may read the refusal of a request: the
 * bytes of the head hold a valid one, and a target that web pages may call.
 * Fills page, or leaves it empty.
 */
void gate_page(
    const unsigned char *bytes, size_t len, char page[PROTO_ORIGIN_MAX + 1]);

#define GATE_ANSWER_MAX 2048

struct gate_refusal {
	enum proto_error error;
	const char *detail; /* for a person, at most 255 bytes */
	struct uuid id;	    /* the request's */
	const char *page;   /* the Origin that may read it, or "" */
	bool headers_only;  /* the body is left out */
};

/*
 * Writes a whole response with Connection: close. Returns its length, 0 when
 * it does not fit.
 */
size_t gate_answer(char *out, size_t size, const struct gate_refusal *refusal);

/* -------- inside Kore -------- */

struct connection;

/*
 * Kore's connect callback, named in its configuration: `bind ADDRESS PORT
 * gateway_gate_connect`, for a server without TLS. Needs, from the module:
 * gate_tick, shutdown(2) in the sandbox's filter, and gate_response_sent.
 */
void gateway_gate_connect(struct connection *c);

/*
 * To be called at least every 500 ms: answers 408 where a head or a body has
 * taken too long. (Kore ends idle connections, when something wakes it up.)
 */
void gate_tick(void);

/*
 * To be called right after every http_response, with the request's owner: the
 * connection may then carry its next request. NULL (the client has left) and a
 * connection that is closing are fine.
 */
void gate_response_sent(struct connection *c);

#endif
