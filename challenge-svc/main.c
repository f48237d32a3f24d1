/*
 * challenge-svc owns the challenges of one shard: it makes them, judges the
 * one answer that each may get, and redeems the verification token once. Its
 * state is <data_dir>/challenge-<shard>.db.
 *
 * Read next: handlers.c (what it answers), judge.c (the rules), lang/ (the
 * language of the challenges), vocabulary.c (its words, and check/ whether they
 * are clear), store.c (every query).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/sample.h"
#include "challenge-svc/service.h"
#include "common/curve.h"
#include "common/log.h"
#include "common/meta.h"
#include "common/start.h"

#define TICK_MS 50

static int
open_store(struct challenge_service *service, char *error)
{
	char path[sizeof(service->config.data_dir) + 40];
	int64_t issued_at;

	snprintf(path, sizeof(path), "%s/challenge-%" PRId64 ".db",
	    service->config.data_dir, service->config.challenge_shard);
	if (db_open(&service->db, path, store_schema, store_schema_count, error,
		START_ERROR_SIZE) != 0)
		return -1;
	service->store = store_open(
	    service->db, service->config.challenges_kept * 1000);
	service->outbox = outbox_open(service->db);
	if (service->store == NULL || service->outbox == NULL ||
	    store_newest(service->store, &service->last_id, &issued_at) !=
		DB_OK) {
		snprintf(error, START_ERROR_SIZE, "cannot read %s", path);
		return -1;
	}
	return meta_start_clock(
	    service->db, issued_at, error, START_ERROR_SIZE);
}

static int
serve(struct challenge_service *service)
{
	char endpoint[CONFIG_ENDPOINT_MAX + 1], name[CURVE_NAME_MAX + 1];
	struct service_options options = {
		.name = "challenge-svc",
		.service = PROTO_SERVICE_CHALLENGE,
		.endpoint = endpoint,
		.routes = challenge_routes,
		.routes_count = challenge_routes_count,
		.ctx = service,
		.db = service->db,
		.outbox = service->outbox,
		.analytics = service->config.analytics_endpoint,
		.curve_dir = service->config.curve_dir,
		.curve_name = name,
		.tick = challenge_tick,
		.tick_ms = TICK_MS,
	};

	snprintf(name, sizeof(name), CURVE_CHALLENGE "%" PRId64,
	    service->config.challenge_shard);
	config_challenge_endpoint(
	    &service->config, service->config.challenge_shard, endpoint);
	if (service->config.bind[0] != '\0')
		options.endpoint = service->config.bind;
	return service_run(&options);
}

int
main(int argc, char **argv)
{
	struct challenge_service *service = NULL;
	char error[START_ERROR_SIZE] = "";
	int status;

	if (argc > 1 && strcmp(argv[1], "--sample") == 0)
		return sample_main(argc, argv);
	service = calloc(1, sizeof(*service));
	if (service == NULL)
		return 1;
	status = start_process(argc, argv, "challenge-svc", &service->config);
	if (status == 0) {
		status = 1;
		service->vocabulary = vocabulary_new(
		    service->config.phrase_packs, error, sizeof(error));
		if (service->vocabulary == NULL ||
		    open_store(service, error) != 0)
			log_error(NULL, "%s", error);
		else
			status = serve(service);
	}
	outbox_free(&service->outbox);
	store_free(&service->store);
	db_close(&service->db);
	vocabulary_free(&service->vocabulary);
	free(service);
	return status;
}
