/*
 * A connection over which any bytes can be sent, with or without TLS, and the
 * answers that come back over it. For one thread.
 */
#ifndef TESTS_HTTP_WIRE_H
#define TESTS_HTTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_IN_MAX 65536

struct wire;

/* One answer, taken from the bytes that have come. */
struct answer {
	int status;	  /* 100 and up */
	bool closes;	  /* Connection: close */
	bool is_ours;	  /* has an X-Request-Id: the gateway's own */
	bool is_problem;  /* application/problem+json */
	size_t announced; /* Content-Length, 0 without one */
	char request_id[64];
	char set_cookie[2048];
	char body[4096]; /* cut to fit, ends with a NUL */
};

enum wire_news {
	WIRE_BYTES,   /* there are more than before */
	WIRE_SILENCE, /* nothing came in the time */
	WIRE_END,     /* closed in good order */
	WIRE_BROKEN,  /* reset, or otherwise not in good order */
};

/* Connects to 127.0.0.1, with TLS when told so; a failure fails the test. */
struct wire *wire_open(uint16_t port, bool tls);

/* Closes; NULL is fine. */
void wire_close(struct wire **wire);

/*
 * Sends all bytes, the last of them in a segment of its own each when drip.
 * Returns false when the other side has closed before it took them all.
 */
bool wire_send(struct wire *wire, const char *bytes, size_t len, bool drip);

/* Sends no more: closes half of a connection without TLS. */
void wire_end(struct wire *wire);

/* Waits up to ms for more, and takes in what has come. */
enum wire_news wire_listen(struct wire *wire, int64_t ms);

/*
 * Takes the first answer away from what has come; false when none is whole.
 * is_head: it answers a HEAD, and has no body. What is no HTTP at all fails
 * the test.
 */
bool wire_take(struct wire *wire, bool is_head, struct answer *answer);

/* How many bytes have come that no answer was made of. */
size_t wire_left(const struct wire *wire);

/*
 * Waits for a whole answer. Returns false, with a reason in why, when it does
 * not come within ms.
 */
bool wire_await(struct wire *wire, bool is_head, int64_t ms,
    struct answer *answer, const char **why);

#endif
