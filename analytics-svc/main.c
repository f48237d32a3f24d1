/*
 * analytics-svc owns analytics.db: the counters that the dashboard shows, and
 * how far each producer's events have been counted. It only listens: the other
 * services ship their events to it, the gateway asks.
 *
 * Read next: handlers.c, the four messages; ledger.h, why each event counts
 * exactly once; sheet.h, what is stored; report.h, what is answered.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analytics-svc/service.h"
#include "common/curve.h"
#include "common/db.h"
#include "common/log.h"
#include "common/meta.h"
#include "common/start.h"

#define NAME	  "analytics-svc"
#define FILE_NAME "analytics.db"

/* Opens the database and starts the clock from it; -1 with why in error. */
static int
open_store(const struct config *config, struct db **db, struct store **store,
    char *error)
{
	char path[sizeof(config->data_dir) + sizeof("/" FILE_NAME)];
	int64_t latest = 0;

	(void)snprintf(path, sizeof(path), "%s/" FILE_NAME, config->data_dir);
	if (db_open(db, path, store_schema, store_schema_count, error,
		START_ERROR_SIZE) != 0)
		return -1;
	*store = store_open(*db);
	if (*store == NULL || store_latest(*store, &latest) != DB_OK) {
		(void)snprintf(
		    error, START_ERROR_SIZE, "%s cannot be read", path);
		return -1;
	}
	return meta_start_clock(*db, latest, error, START_ERROR_SIZE);
}

static int
serve(struct analytics *analytics, struct db *db, const struct config *config)
{
	const struct service_options options = {
		.name = NAME,
		.service = PROTO_SERVICE_ANALYTICS,
		.endpoint = config->bind[0] != '\0'
		    ? config->bind
		    : config->analytics_endpoint,
		.routes = analytics_routes,
		.routes_count = analytics_routes_count,
		.costly = analytics_costly,
		.ctx = analytics,
		.db = db,
		.tick = analytics_tick,
		.tick_ms = ANALYTICS_TICK_MS,
		.curve_dir = config->curve_dir,
		.curve_name = CURVE_ANALYTICS,
	};

	return service_run(&options);
}

int
main(int argc, char **argv)
{
	static struct config config;
	struct analytics analytics = { 0 };
	char error[START_ERROR_SIZE] = "";
	struct store *store = NULL;
	struct db *db = NULL;
	int status;

	status = start_process(argc, argv, NAME, &config);
	if (status != 0)
		return status;
	status = EXIT_FAILURE;
	if (open_store(&config, &db, &store, error) != 0) {
		log_error(NULL, "%s", error);
		goto out;
	}
	analytics.ledger = ledger_new(store);
	analytics.report = report_new(store);
	analytics.retention = retention_new(
	    store, config.minutes_kept_days, config.hours_kept_days);
	if (analytics.ledger == NULL || analytics.report == NULL ||
	    analytics.retention == NULL) {
		log_error(NULL, "out of memory");
		goto out;
	}
	status = serve(&analytics, db, &config);
out:
	retention_free(&analytics.retention);
	report_free(&analytics.report);
	ledger_free(&analytics.ledger);
	store_free(&store);
	db_close(&db);
	return status;
}
