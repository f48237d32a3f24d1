/*
 * Lines: the sockets that the bus stands on, one to each service, and the
 * ZeroMQ context that they share. bus.c has them, and is the only home of raw
 * libzmq; what is said over them is bus_exchange.c's.
 */
#ifndef GATEWAY_BUS_LINE_H
#define GATEWAY_BUS_LINE_H

#include <kore/kore.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/config.h"
#include "common/curve.h"

struct bus_line {
	struct kore_event event; /* first: Kore calls its handle */
	void *socket;
	/* Takes one message; it lives until the call returns. */
	void (*take)(void *owner, const uint8_t *data, size_t len);
	/* Takes note of one that is not a message of ours, and why. */
	void (*refuse)(void *owner, const char *why);
	/* Takes note of a connection that has just come about. */
	void (*ready)(void *owner);
	void *owner;
	bool connected; /* when it was last looked at */
	char address[CONFIG_ENDPOINT_MAX + 1];
	int alone; /* calls of bus_line_mend without a connection */
};

/* Two sockets joined through ZeroMQ's I/O thread, to see that it lives. */
struct bus_echo {
	void *near;
	void *far;
	bool waiting;
	int misses;
};

/* NULL when ZeroMQ cannot start. Closing waits for the lines to be closed. */
void *bus_context_new(void);
void bus_context_close(void **context);

/*
 * Connects to an endpoint, by CURVE unless link is NULL (it is not kept), and
 * joins Kore's event loop; the functions and owner are set already. At most
 * `mark` messages wait in each direction. Returns 0, or -1 (logged).
 * bus_line_close is due in both cases.
 */
int bus_line_open(struct bus_line *line, void *context, const char *address,
    int mark, const struct curve_link *link);
void bus_line_close(struct bus_line *line);

/* Sends a message, or returns -1 at once when there is no connection. */
int bus_line_send(struct bus_line *line, const void *data, size_t len);

/*
 * Hands on what has arrived. Returns false when there is no connection now:
 * what was sent over the last one will not be answered.
 */
bool bus_line_drain(struct bus_line *line);

/*
 * To be called every tick (50 ms). Connects anew after ten seconds without a
 * connection: ZeroMQ does that by itself, but for TCP when the other side spoke
 * another protocol or another mechanism, which it takes for hopeless.
 */
void bus_line_mend(struct bus_line *line);

int bus_echo_open(struct bus_echo *echo, void *context);
void bus_echo_close(struct bus_echo *echo);

/* To be called a few times a second; false once the I/O thread is dead. */
bool bus_echo_check(struct bus_echo *echo);

#endif
