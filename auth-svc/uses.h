/*
 * The uses of keys that gateways have told of and auth.db is still to note.
 *
 * They wait here for house-keeping to write them, so that what gateways ask for
 * all the time, which keys have changed, is answered without a write: also
 * while the disk is full. A use stays until it is found noted, so that one
 * whose transaction was rolled back is written again.
 *
 * Memory of a fixed size. What finds no room is forgotten, and so is what was
 * not written when the process was killed or the disk was full to its end: the
 * key's next use tells it again.
 */
#ifndef AUTH_SVC_USES_H
#define AUTH_SVC_USES_H

#include <stdint.h>

#include "auth-svc/store.h"

#define USES_MAX 4096 /* keys */

/* How exact lastUsedAt is, so that a use costs a write a minute at most. */
#define USES_GRAIN_MS INT64_C(60000)

/* Zeroed, it is empty. */
struct uses {
	uint32_t count;
	uint32_t next; /* that uses_write comes to */
	struct use {
		struct uuid id;
		int64_t at; /* the last one; steady UTC milliseconds */
	} keys[USES_MAX];   /* by id */
};

/* A key was used at a time. */
void uses_add(struct uses *uses, const struct uuid *id, int64_t at);

/*
 * Writes some of them, inside the caller's transaction. DB_ROW when there are
 * more, DB_OK when all had their turn, or why the store failed.
 */
enum db_status uses_write(struct uses *uses, struct store *store);

#endif
