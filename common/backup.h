/*
 * A service's half of a backup: holding its events back, and making a copy of
 * its database little by little. Belongs to the service loop, which answers the
 * messages BACKUP_PREPARE and BACKUP by it (proto/messages.def tells how they
 * go together).
 *
 * The copy has the database's own name and stands in the directory `backup`
 * beside it. The asker chooses neither, so that nobody who can send a message
 * can write a file elsewhere.
 */
#ifndef COMMON_BACKUP_H
#define COMMON_BACKUP_H

#include "common/db.h"
#include "common/outbox.h"

struct backup;

/* outbox may be NULL. Both must outlive it. NULL when memory ends. */
struct backup *backup_new(struct db *db, struct outbox *outbox);
void backup_free(struct backup **backup);

/*
 * Forgets the ticket before, with what was copied for it, and gives a new one.
 * From now on the outbox keeps its rows, until the copy is done or an hour has
 * passed.
 */
void backup_prepare(
    struct backup *backup, int64_t now_ms, struct backup_ticket *ticket);

/*
 * How far the copy for a ticket is; the first to ask sets it going. Returns
 * PROTO_OK, PROTO_ERROR_CONFLICT for a ticket that is none or not any more, or
 * PROTO_ERROR_UNAVAILABLE when the copy cannot be made (logged).
 */
int backup_ask(struct backup *backup, const struct backup_ticket *ticket,
    struct backup_state *state);

/*
 * Works for a millisecond or so. Returns true when there is more to do; false
 * at the end, and when there is nothing. Not inside a transaction.
 */
bool backup_work(struct backup *backup);

/* Lets the outbox go once the hour has passed. */
void backup_tick(struct backup *backup, int64_t now_ms);

#endif
