/*
 * The answers to the dashboard's two questions, put together from the sheets.
 * Their cost is by the buckets that the period splits into and the keys that
 * something was counted for around it, not by the events that were counted in
 * it nor by the keys that there have been.
 */
#ifndef ANALYTICS_REPORT_H
#define ANALYTICS_REPORT_H

#include "analytics-svc/period.h"
#include "analytics-svc/store.h"
#include "proto/proto.h"

struct report;

/*
 * Takes memory to work in, which keeps nothing from one call to the next. NULL
 * when there is none. store must outlive it.
 */
struct report *report_new(struct store *store);
void report_free(struct report **report);

/*
 * Sums up a period of an account, widened to whole minutes (further where they
 * are not kept any more), and the totals of the one before it. key_id, when it
 * is not NULL, leaves all other keys out; a key of another account has nothing.
 * Lists hold what something was counted for, the most challenges (or wrong
 * answers) first, cut at the bounds of the record. reply is zeroed before.
 * Returns DB_OK or why not.
 */
enum db_status
report_overview(struct report *report, const struct uuid *account_id,
    const struct uuid *key_id, struct period period,
    const struct period_kept *kept, struct overview *reply);

/*
 * Fills a point for each bucket of a period, widened to whole buckets of the
 * grain; period_choose has checked that they fit. Otherwise as
 * report_overview.
 */
enum db_status report_series(struct report *report,
    const struct uuid *account_id, const struct uuid *key_id,
    struct period period, enum period_grain grain, struct series *reply);

#endif
