/*
 * Carries an outbox to analytics-svc: one ZeroMQ message at a time, sent again
 * until it is acknowledged. Belongs to the service loop.
 */
#ifndef COMMON_SHIPPER_H
#define COMMON_SHIPPER_H

#include <czmq.h>
#include <stdint.h>

#include "common/curve.h"
#include "common/outbox.h"

struct shipper;

/* Milliseconds between two looks at the outbox; well below the two seconds
 * in which an event must show. */
#define SHIPPER_PERIOD_MS 50

/* Connects to the endpoint, by CURVE unless link is NULL (it is not kept). NULL
 * when it is not valid or memory ends; both are logged. The outbox and the
 * endpoint's text must outlive it. */
struct shipper *shipper_new(
    struct outbox *outbox, const char *endpoint, const struct curve_link *link);
void shipper_free(struct shipper **shipper);

/* The socket to watch for acknowledgements. */
zsock_t *shipper_socket(struct shipper *shipper);

/*
 * Sends what waits when nothing is under way, or sends again what has not been
 * acknowledged for a second. now_ms is any clock that only goes forward.
 */
void shipper_step(struct shipper *shipper, int64_t now_ms);

/* Reads the acknowledgements that have arrived and tells the outbox; sends on
 * at once while there is more than one message's worth. */
void shipper_receive(struct shipper *shipper, int64_t now_ms);

#endif
