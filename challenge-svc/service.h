/*
 * What the files of challenge-svc share.
 */
#ifndef CHALLENGE_SVC_SERVICE_H
#define CHALLENGE_SVC_SERVICE_H

#include "challenge-svc/store.h"
#include "common/config.h"
#include "common/outbox.h"
#include "common/service.h"

struct challenge_service {
	struct config config;
	struct db *db;
	struct store *store;
	struct outbox *outbox;
	/* The newest id given out. An id that a rolled back transaction took
	 * is not given out again: ids need not be dense. */
	int64_t last_id;
};

extern const struct service_route challenge_routes[];
extern const size_t challenge_routes_count;

/* Sweeps rows that are due; the tick of the service loop. */
int challenge_tick(void *ctx);

#endif
