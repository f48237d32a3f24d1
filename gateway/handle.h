/*
 * The one handler that Kore calls for every request, and its way through the
 * gateway: parse, admit, ask, answer.
 */
#ifndef GATEWAY_HANDLE_H
#define GATEWAY_HANDLE_H

#include "gateway/bus.h"
#include "gateway/call.h"

/* Makes what the handler needs. 0, or -1 when memory ends. */
int handle_init(void);
void handle_free(void);

/* Kore calls this by name, see the route in its configuration. */
int gateway_handle(struct http_request *req);

/* Takes an answer for a call, and wakes it. */
void handle_done(void *owner, const struct bus_answer *answer);

#endif
