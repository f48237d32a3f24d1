/*
 * Forgets the minutes and hours that are older than they are to be kept; days
 * stay for ever. So do keys, but those that were revoked without ever having
 * been used: these go after a whole day, when events of them that were on
 * their way have come. Once a day it goes through all keys, a little at a time.
 */
#ifndef ANALYTICS_RETENTION_H
#define ANALYTICS_RETENTION_H

#include "analytics-svc/store.h"

struct retention;

/* For how many days each is kept, 0 for ever; see period_keep. NULL when memory
 * ends. store must outlive it. */
struct retention *
retention_new(struct store *store, int64_t minute_days, int64_t hour_days);
void retention_free(struct retention **retention);

/* What a question at this time may count on. */
struct period_kept
retention_kept(const struct retention *retention, int64_t now);

/*
 * Works for a millisecond or so; *more when that was not enough. A rollback of
 * what it did is made up for on the next day.
 */
enum db_status
retention_tick(struct retention *retention, int64_t now, bool *more);

#endif
