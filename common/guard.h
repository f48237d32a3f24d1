/*
 * Who may connect to a service over tcp://: only those whose public keys are in
 * the directory of keys (see curve.h). Everybody else is refused during the
 * handshake, before a byte of theirs reaches the service, counted, and logged
 * now and then. Belongs to the service loop and needs no thread of its own.
 *
 * It is ZeroMQ's one authentication handler (ZAP, RFC 27) of the process.
 * czmq's zauth would be another, but it neither counts nor bounds what it logs.
 */
#ifndef COMMON_GUARD_H
#define COMMON_GUARD_H

#include <czmq.h>
#include <stdint.h>

#include "common/curve.h"

struct guard;

/*
 * Reads the list and takes up ZAP. With gateways_only none but gateways are let
 * in. NULL, logged, when the list is not right or there is a guard already.
 * ZeroMQ lets in everybody while there is no handler, so this comes before the
 * socket is bound and guard_free after it is closed.
 */
struct guard *guard_new(const char *directory, bool gateways_only);
void guard_free(struct guard **guard);

/*
 * Puts a socket that is not yet bound under guard, as the server that the pair
 * belongs to. Returns 0, or -1 (logged).
 */
int guard_protect(
    struct guard *guard, zsock_t *socket, const struct curve_pair *own);

/*
 * Stops counting at the socket, before it is closed: ZeroMQ's thread would wait
 * for ever to tell of a failure that nobody reads.
 */
void guard_leave(const struct guard *guard, zsock_t *socket);

/* The two sockets to watch; guard_work is due when either can be read. */
zsock_t *guard_questions(struct guard *guard);
zsock_t *guard_failures(struct guard *guard);

/*
 * Answers who waits at the door and takes note of who was refused. The list is
 * read again for a newcomer when that was last done a second ago or longer; a
 * list that is not right is logged, and the one before stays in use.
 */
void guard_work(struct guard *guard, int64_t now_ms);

/* Connections refused so far. */
int64_t guard_refused(const struct guard *guard);

#endif
