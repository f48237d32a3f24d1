/*
 * The keeping half of exactly-once. Sequences count up by one a row, without
 * gaps: a number taken by a transaction that is rolled back is taken again.
 *
 *   deleted <= deleting <= acknowledged <= committed <= written
 */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/meta.h"
#include "common/outbox.h"
#include "proto/codec.h"

struct outbox {
	struct common_store store;
	struct uuid producer;
	int64_t committed;    /* last sequence of a committed row */
	int64_t written;      /* last sequence, that of this transaction too */
	int64_t acknowledged; /* counted by analytics-svc */
	int64_t deleting;     /* deleted through by this transaction */
	int64_t deleted;      /* deleted through for good */
	bool is_copy;	      /* see outbox_acknowledged */
	struct proto_buf buffer;
	struct events_append pending; /* not yet a row */
};

struct outbox *
outbox_open(struct db *db)
{
	struct outbox_bounds bounds;
	struct outbox *outbox = NULL;

	outbox = calloc(1, sizeof(*outbox));
	if (outbox == NULL) {
		log_error(NULL, "no memory for the outbox");
		return NULL;
	}
	common_store_open(&outbox->store, db);
	if (meta_producer(db, &outbox->producer) != 0 ||
	    outbox_store_bounds(&outbox->store, &bounds) != DB_OK) {
		log_error(NULL, "cannot read the outbox");
		outbox_free(&outbox);
		return NULL;
	}
	outbox->committed = outbox->written = bounds.last;
	outbox->acknowledged = bounds.rows == 0 ? bounds.last
						: bounds.first - 1;
	outbox->deleted = outbox->deleting = outbox->acknowledged;
	return outbox;
}

void
outbox_free(struct outbox **outboxp)
{
	struct outbox *outbox = *outboxp;

	if (outbox == NULL)
		return;
	proto_buf_free(&outbox->buffer);
	free(outbox);
	*outboxp = NULL;
}

/* Turns the pending events into a row of the transaction. */
static enum db_status
write_row(struct outbox *outbox)
{
	const char *wrong = NULL;
	enum db_status status;

	if (outbox->pending.events_count == 0)
		return DB_OK;
	outbox->pending.producer = outbox->producer;
	outbox->pending.sequence = outbox->written + 1;
	outbox->buffer.len = 0;
	if (proto_encode(
		&outbox->buffer, &proto_events_append, &outbox->pending) != 0) {
		wrong = proto_check(&proto_events_append, &outbox->pending);
		log_error(NULL, "cannot encode the events: %s",
		    wrong != NULL ? wrong : "no memory");
		return DB_ERROR;
	}
	status = outbox_store_add(&outbox->store, outbox->written + 1,
	    outbox->buffer.data, outbox->buffer.len);
	if (status == DB_OK) {
		outbox->written++;
		outbox->pending.events_count = 0;
	}
	return status;
}

/* Events that differ in nothing but their moment are one event with a count;
 * those of VERIFIED are not, since each has its own solve time. */
static bool
merge(struct outbox *outbox, const struct event *event)
{
	struct event *other = NULL;
	uint32_t i;

	if (event->kind != event_kind_CREATED &&
	    event->kind != event_kind_EXPIRED &&
	    event->kind != event_kind_REDEEMED)
		return false;
	for (i = 0; i < outbox->pending.events_count; i++) {
		other = &outbox->pending.events[i];
		if (other->kind == event->kind &&
		    other->level == event->level &&
		    uuid_equal(&other->key_id, &event->key_id) &&
		    uuid_equal(&other->account_id, &event->account_id) &&
		    strcmp(other->operation_id, event->operation_id) == 0) {
			other->count += event->count;
			return true;
		}
	}
	return false;
}

enum db_status
outbox_add(struct outbox *outbox, const struct event *event)
{
	enum db_status status = DB_OK;

	if (merge(outbox, event))
		return DB_OK;
	if (outbox->pending.events_count == PROTO_EVENTS_MAX)
		status = write_row(outbox);
	if (status == DB_OK)
		outbox->pending.events[outbox->pending.events_count++] = *event;
	return status;
}

enum db_status
outbox_flush(struct outbox *outbox, bool tidy)
{
	enum db_status status;

	status = write_row(outbox);
	if (status == DB_OK && tidy &&
	    outbox->acknowledged > outbox->deleting) {
		status = outbox_store_delete_through(
		    &outbox->store, outbox->acknowledged);
		if (status == DB_OK)
			outbox->deleting = outbox->acknowledged;
	}
	return status;
}

bool
outbox_is_tidy(const struct outbox *outbox)
{
	return outbox->acknowledged == outbox->deleted;
}

void
outbox_committed(struct outbox *outbox)
{
	outbox->committed = outbox->written;
	outbox->deleted = outbox->deleting;
}

void
outbox_rolled_back(struct outbox *outbox)
{
	outbox->written = outbox->committed;
	outbox->deleting = outbox->deleted;
	outbox->pending.events_count = 0;
}

void
outbox_acknowledged(struct outbox *outbox, int64_t sequence)
{
	if (sequence > outbox->committed) {
		if (!outbox->is_copy)
			log_error(NULL,
			    "analytics has counted events up to %lld of this "
			    "database, which knows %lld: it is an old copy, "
			    "and new events will not count",
			    (long long)sequence, (long long)outbox->committed);
		outbox->is_copy = true;
	} else if (sequence > outbox->acknowledged) {
		outbox->acknowledged = sequence;
	}
}

const struct uuid *
outbox_producer(const struct outbox *outbox)
{
	return &outbox->producer;
}

int64_t
outbox_oldest(const struct outbox *outbox)
{
	return outbox->committed > outbox->acknowledged
	    ? outbox->acknowledged + 1
	    : 0;
}

enum db_status
outbox_read(struct outbox *outbox, outbox_store_row row, void *ctx)
{
	return outbox_store_next(
	    &outbox->store, outbox->acknowledged, row, ctx);
}

int64_t
outbox_rows(const struct outbox *outbox)
{
	return outbox->committed - outbox->acknowledged;
}
