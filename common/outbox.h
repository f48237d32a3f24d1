/*
 * Events on their way to analytics-svc. They are written in the transaction
 * of the state change that they tell of, one row a commit, shipped in order by
 * the service loop, and deleted once analytics-svc has acknowledged them.
 */
#ifndef COMMON_OUTBOX_H
#define COMMON_OUTBOX_H

#include "common/db.h"
#include "common/store.h"
#include "proto/proto.h"

struct outbox;

/* The first migration of every schema: makes the tables of the outbox and of
 * `meta`; and one that each has later on, for what they have got since. */
#define OUTBOX_MIGRATIONS	  common_schema_first
#define OUTBOX_MIGRATION_PRODUCER common_schema_producer
extern const char common_schema_first[];
extern const char common_schema_producer[];

/*
 * Opens the outbox of a database whose schema has it. Returns NULL when the
 * database cannot be read or memory ends; it is logged. db must outlive it.
 *
 * A file beside the database, with OUTBOX_RESTORED behind its name, says that
 * the database was brought back from a backup: what it writes from now on would
 * bear sequences that analytics-svc may know already, with other events. So it
 * gets a new producer id, under which it goes on; the rows that wait keep the
 * old one, under which they were perhaps counted. Then the file is removed.
 */
#define OUTBOX_RESTORED ".restored"

struct outbox *outbox_open(struct db *db);
void outbox_free(struct outbox **outbox);

/*
 * Adds an event to the transaction that is under way; it becomes durable with
 * it, or is forgotten with it. Returns DB_OK, or why it cannot be stored.
 */
enum db_status outbox_add(struct outbox *outbox, const struct event *event);

/* -------- for the service loop and its shipper -------- */

/*
 * Writes what was added as rows of the transaction that is under way; with
 * tidy, also deletes the rows that were acknowledged since, which is to be
 * asked only of a transaction that writes anyway, so that one that only reads
 * never fails for lack of room. The commit comes next.
 */
enum db_status outbox_flush(struct outbox *outbox, bool tidy);

/* False while there are acknowledged rows to delete. */
bool outbox_is_tidy(const struct outbox *outbox);

/* Whether acknowledged rows are kept for now: see backup.h. */
void outbox_hold(struct outbox *outbox, bool hold);

/* After the commit, and after a rollback of the transaction. */
void outbox_committed(struct outbox *outbox);
void outbox_rolled_back(struct outbox *outbox);

/*
 * Everything up to this sequence has been counted. More than there ever was
 * means that this database is an old copy, brought back from a backup: it is
 * logged once.
 */
void outbox_acknowledged(struct outbox *outbox, int64_t sequence);

/* Who writes into this outbox. */
const struct uuid *outbox_producer(const struct outbox *outbox);

/*
 * Hands the committed rows that are not acknowledged to row(), oldest first,
 * until it has enough; body is an encoded `events_append`. producer is NULL for
 * rows of outbox_producer. Not while a transaction is under way.
 */
enum db_status
outbox_read(struct outbox *outbox, outbox_store_row row, void *ctx);

/* Rows that are not acknowledged. */
int64_t outbox_rows(const struct outbox *outbox);

/* Milliseconds since the oldest of them was written, 0 when there is none. It
 * reads and decodes that row: for metrics, not for each request. */
int64_t outbox_age_ms(struct outbox *outbox);

#endif
