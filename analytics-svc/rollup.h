/*
 * Folds the events of one message into groups that are counted together: those
 * of one key in one minute. Pure: the store is touched once per group, not
 * once per event.
 */
#ifndef ANALYTICS_ROLLUP_H
#define ANALYTICS_ROLLUP_H

#include <stddef.h>
#include <stdint.h>

#include "analytics-svc/sheet.h"

#define ROLLUP_END UINT16_MAX /* no further event of the group */

struct rollup_group {
	struct uuid account_id;
	struct uuid key_id;
	int64_t at;	/* the beginning of the minute, milliseconds */
	uint16_t first; /* its events: this one, then along next */
};

struct rollup {
	size_t count;
	size_t left_out; /* events that counts_takes not, KEY_SAVED aside */
	struct rollup_group groups[PROTO_EVENTS_MAX];
	uint16_t next[PROTO_EVENTS_MAX]; /* by event */
};

/* Sorts the events of a message into groups; forgets what rollup held. */
void rollup_group(struct rollup *rollup, const struct events_append *append);

/*
 * Counts all events of a group into a sheet. operations holds the operation's
 * number of every event of the message.
 */
void rollup_count(const struct rollup *rollup, size_t group,
    const struct events_append *append, const uint16_t *operations,
    struct sheet *sheet);

#endif
