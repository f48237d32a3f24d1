/*
 * Exactly-once counting. See ledger.h.
 */
#include "analytics-svc/ledger.h"

#include <stdlib.h>

#include "analytics-svc/rollup.h"

struct ledger {
	struct store *store;
	struct rollup rollup;
	struct sheet sheet;
	uint16_t operations[PROTO_EVENTS_MAX]; /* numbers, by event */
};

struct ledger *
ledger_new(struct store *store)
{
	struct ledger *ledger = NULL;

	ledger = calloc(1, sizeof(*ledger));
	if (ledger != NULL)
		ledger->store = store;
	return ledger;
}

void
ledger_free(struct ledger **ledger)
{
	free(*ledger);
	*ledger = NULL;
}

enum db_status
ledger_resume(struct ledger *ledger, const struct events_open *open,
    struct events_acked *acked)
{
	struct store_producer producer;
	enum db_status status;

	status = store_producer(ledger->store, &open->producer, &producer);
	if (status != DB_OK)
		return status;
	if (producer.sequence < open->oldest - 1) {
		producer.sequence = open->oldest - 1;
		status = store_set_producer(
		    ledger->store, &open->producer, &producer);
	}
	acked->sequence = producer.sequence;
	return status;
}

/* What became of a key: it has a name, or was revoked. */
static enum db_status
save_key(struct ledger *ledger, const struct event *event)
{
	if (PROTO_HAS(event, event, name))
		return store_name_key(ledger->store, &event->account_id,
		    &event->key_id, event->name);
	return store_revoke_key(
	    ledger->store, &event->account_id, &event->key_id, event->at);
}

/* Finds the number of each event's operation, and takes in names of keys. */
static enum db_status
resolve(struct ledger *ledger, const struct events_append *append)
{
	enum db_status status;
	unsigned number;

	status = store_refresh_operations(ledger->store);
	for (uint32_t i = 0; i < append->events_count && status == DB_OK; i++) {
		const struct event *event = &append->events[i];

		number = 0;
		if (PROTO_HAS(event, event, operation_id))
			status = store_operation(
			    ledger->store, event->operation_id, &number);
		else if (event->kind == event_kind_KEY_SAVED)
			status = save_key(ledger, event);
		ledger->operations[i] = (uint16_t)number;
	}
	return status;
}

/* Counts the events of one key and minute, in each grain. */
static enum db_status
count_group(
    struct ledger *ledger, const struct events_append *append, size_t number)
{
	const struct rollup_group *group = &ledger->rollup.groups[number];
	enum db_status status;
	int64_t key = 0;

	status = store_key(
	    ledger->store, &group->account_id, &group->key_id, &key);
	for (int i = 0; i < PERIOD_GRAINS && status == DB_OK; i++) {
		const enum period_grain grain = (enum period_grain)i;
		const int64_t bucket = period_bucket(grain, group->at);
		const struct period_span span = { grain, bucket, bucket + 1 };

		sheet_clear(&ledger->sheet);
		status = store_sum(ledger->store, key, &span, &ledger->sheet);
		if (status != DB_OK)
			break;
		rollup_count(&ledger->rollup, number, append,
		    ledger->operations, &ledger->sheet);
		status = store_write_sheet(
		    ledger->store, key, grain, bucket, &ledger->sheet);
	}
	return status;
}

enum db_status
ledger_append(struct ledger *ledger, const struct events_append *append,
    struct events_acked *acked, size_t *left_out)
{
	struct store_producer producer;
	enum db_status status;

	*left_out = 0;
	status = store_producer(ledger->store, &append->producer, &producer);
	if (status != DB_OK)
		return status;
	acked->sequence = producer.sequence;
	if (append->sequence - 1 != producer.sequence)
		return DB_OK;

	status = resolve(ledger, append);
	rollup_group(&ledger->rollup, append);
	*left_out = ledger->rollup.left_out;
	for (size_t i = 0; i < ledger->rollup.count && status == DB_OK; i++)
		status = count_group(ledger, append, i);
	if (status != DB_OK)
		return status;

	for (uint32_t i = 0; i < append->events_count; i++)
		if (append->events[i].at > producer.latest_at)
			producer.latest_at = append->events[i].at;
	producer.sequence = append->sequence;
	acked->sequence = append->sequence;
	return store_set_producer(ledger->store, &append->producer, &producer);
}
