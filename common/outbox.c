/*
 * The keeping half of exactly-once. Sequences count up by one a row, without
 * gaps: a number taken by a transaction that is rolled back is taken again.
 *
 *   deleted <= deleting <= acknowledged <= committed <= written
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
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
	bool held;	      /* see outbox_hold */
	struct proto_buf buffer;
	struct events_append pending; /* not yet a row */
};

/* Signs what waits as the old producer's, and takes a new id. */
static enum db_status
renew(struct outbox *outbox, struct db *db)
{
	struct uuid fresh;
	enum db_status status;

	status = db_begin(db);
	if (status != DB_OK)
		return status;
	status = outbox_store_sign(&outbox->store, &outbox->producer);
	if (status == DB_OK)
		status = meta_renew_producer(db, &fresh);
	if (status == DB_OK)
		status = db_commit(db);
	else
		db_rollback(db);
	if (status == DB_OK)
		outbox->producer = fresh;
	return status;
}

/*
 * Does what a database needs that was brought back: see OUTBOX_RESTORED. When
 * it is killed before the file has gone, it is done once more, which costs
 * nothing. Returns 0, or -1.
 */
static int
look_for_restored(struct outbox *outbox, struct db *db)
{
	char path[PATH_MAX];
	int len;

	len = snprintf(path, sizeof(path), "%s" OUTBOX_RESTORED, db_path(db));
	if (len < 0 || (size_t)len >= sizeof(path))
		return -1;
	if (access(path, F_OK) == -1)
		return errno == ENOENT ? 0 : -1;
	if (renew(outbox, db) != DB_OK || unlink(path) == -1 ||
	    file_sync_parent(path) == -1)
		return -1;
	log_info(NULL,
	    "%s was brought back from a backup: it goes on as a producer of "
	    "its own",
	    db_path(db));
	return 0;
}

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
	    look_for_restored(outbox, db) != 0 ||
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
	if (status == DB_OK && tidy && !outbox->held &&
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
	return outbox->held || outbox->acknowledged == outbox->deleted;
}

void
outbox_hold(struct outbox *outbox, bool hold)
{
	outbox->held = hold;
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

static bool
take_oldest(void *ctx, int64_t sequence, const struct uuid *producer,
    const uint8_t *body, size_t len)
{
	struct events_append *oldest = ctx;

	(void)sequence;
	(void)producer;
	if (proto_decode(&proto_events_append, oldest, body, len) != NULL)
		oldest->events_count = 0;
	return false;
}

int64_t
outbox_age_ms(struct outbox *outbox)
{
	struct events_append *oldest = NULL;
	int64_t age = 0;

	if (outbox_rows(outbox) == 0)
		return 0;
	oldest = calloc(1, sizeof(*oldest));
	if (oldest == NULL)
		return 0;
	if (outbox_read(outbox, take_oldest, oldest) == DB_OK &&
	    oldest->events_count > 0)
		age = clock_now_ms() - oldest->events[0].at;
	free(oldest);
	return age > 0 ? age : 0;
}
