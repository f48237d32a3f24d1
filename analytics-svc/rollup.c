/*
 * Grouping of a message's events. See rollup.h.
 */
#include "analytics-svc/rollup.h"

#include "analytics-svc/period.h"

/*
 * Finds the group of an event, or makes it. The last one is looked at first:
 * the events of a commit are mostly of few keys and always of few minutes.
 */
static struct rollup_group *
find(struct rollup *rollup, const struct event *event)
{
	int64_t at = period_bucket(PERIOD_MINUTE, event->at) *
	    period_grain_ms(PERIOD_MINUTE);
	struct rollup_group *group;

	for (size_t i = rollup->count; i > 0; i--) {
		group = &rollup->groups[i - 1];
		if (group->at == at &&
		    uuid_equal(&group->key_id, &event->key_id) &&
		    uuid_equal(&group->account_id, &event->account_id))
			return group;
	}

	group = &rollup->groups[rollup->count++];
	group->account_id = event->account_id;
	group->key_id = event->key_id;
	group->at = at;
	group->first = ROLLUP_END;
	return group;
}

void
rollup_group(struct rollup *rollup, const struct events_append *append)
{
	rollup->count = 0;
	rollup->left_out = 0;
	for (uint32_t i = 0; i < append->events_count; i++) {
		const struct event *event = &append->events[i];
		struct rollup_group *group;

		if (event->kind == event_kind_KEY_SAVED)
			continue;
		if (!counts_takes(event)) {
			rollup->left_out++;
			continue;
		}
		group = find(rollup, event);
		rollup->next[i] = group->first;
		group->first = (uint16_t)i;
	}
}

void
rollup_count(const struct rollup *rollup, size_t group,
    const struct events_append *append, const uint16_t *operations,
    struct sheet *sheet)
{
	for (uint16_t i = rollup->groups[group].first; i != ROLLUP_END;
	     i = rollup->next[i])
		sheet_count(sheet, &append->events[i], operations[i]);
}
