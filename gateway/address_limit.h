/*
 * Requests a minute of one client address, held across all workers of a host:
 * all that go to a service (the setting address_rate_limit), and those that
 * cost a password hash without anybody having signed in (password_rate_limit).
 */
#ifndef GATEWAY_ADDRESS_LIMIT_H
#define GATEWAY_ADDRESS_LIMIT_H

#include "gateway/call.h"
#include "gateway/client_address.h"

/*
 * Reads trusted_proxies and makes the table that the workers share; before
 * they are forked. Returns 0; -1 with a sentence in error.
 */
int address_limit_start(char *error, size_t error_size);
void address_limit_end(void);

/* What the call's client is counted by; see client_address_prefix. */
struct client_address address_of(const struct call *call);

/*
 * Counts the call, whose route is known, against the limits of its address.
 * Returns 0, or -1 with the call's problem set. Either way the call tells in
 * its answer how the limit stands that is closest to its end.
 */
int address_limit_take(struct call *call, int64_t now_ns);

#endif
