/*
 * What the files of challenge-svc share.
 */
#ifndef CHALLENGE_SVC_SERVICE_H
#define CHALLENGE_SVC_SERVICE_H

#include "challenge-svc/store.h"
#include "challenge-svc/vocabulary.h"
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
	struct vocabulary *vocabulary; /* the words of the challenges */
};

extern const struct service_route challenge_routes[];
extern const size_t challenge_routes_count;

/* Sweeps rows that are due, and takes phrase packs that have changed; the tick
 * of the service loop. */
int challenge_tick(void *ctx);

#endif
