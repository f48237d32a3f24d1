/*
 * Deleting what is not kept any more. See retention.h.
 */
#include "analytics-svc/retention.h"

#include <stdlib.h>

#include "common/clock.h"

#define WORK_NS	    INT64_C(1000000)
#define DELETE_MOST 32 /* rows in one statement: a part of WORK_NS */

struct retention {
	struct store *store;
	int64_t minute_days;
	int64_t hour_days;
	int64_t day;		 /* through which it has gone, or goes */
	enum period_grain grain; /* whose sheets go; PERIOD_DAY: keys do */
	int64_t key;
	bool done;
};

struct retention *
retention_new(struct store *store, int64_t minute_days, int64_t hour_days)
{
	struct retention *retention = NULL;

	retention = calloc(1, sizeof(*retention));
	if (retention == NULL)
		return NULL;
	retention->store = store;
	retention->minute_days = minute_days;
	retention->hour_days = hour_days;
	retention->day = -1;
	return retention;
}

void
retention_free(struct retention **retention)
{
	free(*retention);
	*retention = NULL;
}

struct period_kept
retention_kept(const struct retention *retention, int64_t now)
{
	return period_keep(now, retention->minute_days, retention->hour_days);
}

/* One key, or a part of it. Moves on to the next key, or grain. */
static enum db_status
step(struct retention *retention, const struct period_kept *kept)
{
	const int64_t from = retention->grain == PERIOD_MINUTE
	    ? kept->minutes_from
	    : kept->hours_from;
	struct period_span span = { .grain = retention->grain };
	enum db_status status = DB_DONE;
	int64_t key = 0, bucket = 0, deleted = 0;

	span.end = period_bucket(retention->grain, from);
	if (span.end > 0)
		status = store_oldest_sheet(retention->store, retention->grain,
		    retention->key, &key, &bucket);
	if (status == DB_DONE) {
		retention->grain = (enum period_grain)(retention->grain + 1);
		retention->key = 0;
		return DB_OK;
	}
	if (status != DB_ROW)
		return status;
	retention->key = key;
	if (bucket < span.end)
		status = store_delete_sheets(
		    retention->store, key, &span, DELETE_MOST, &deleted);
	else
		status = DB_OK;
	if (status == DB_OK && deleted < DELETE_MOST)
		retention->key = key + 1;
	return status;
}

static enum db_status
forget_keys(struct retention *retention)
{
	enum db_status status;
	int64_t forgotten;

	status = store_forget_keys(
	    retention->store, retention->day - 1, DELETE_MOST, &forgotten);
	retention->done = status == DB_OK && forgotten < DELETE_MOST;
	return status;
}

enum db_status
retention_tick(struct retention *retention, int64_t now, bool *more)
{
	const struct period_kept kept = retention_kept(retention, now);
	const int64_t until_ns = clock_boot_ns() + WORK_NS;
	const int64_t day = period_bucket(PERIOD_DAY, now);
	enum db_status status = DB_OK;

	if (retention->day != day) {
		retention->day = day;
		retention->grain = PERIOD_MINUTE;
		retention->key = 0;
		retention->done = false;
	}
	while (
	    status == DB_OK && !retention->done && clock_boot_ns() < until_ns)
		status = retention->grain == PERIOD_DAY
		    ? forget_keys(retention)
		    : step(retention, &kept);
	*more = status == DB_OK && !retention->done;
	return status;
}
