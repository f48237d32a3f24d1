/*
 * What a database keeps about itself: see meta.h.
 */

#include <inttypes.h>
#include <stdio.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/meta.h"
#include "common/secret.h"
#include "common/store.h"

#define META_BOOT_ID  "clock.boot_id"
#define META_OFFSET   "clock.offset_ms"
#define META_PRODUCER "producer"

/* How far the steady clock may be from the wall clock before it is said. */
#define CLOCK_APART_MS 60000

/* DB_OK with the anchor; DB_DONE when none is kept; or why not. */
static enum db_status
meta_load_anchor(struct common_store *store, struct clock_anchor *anchor)
{
	enum db_status status;

	status = meta_store_get_text(
	    store, META_BOOT_ID, anchor->boot_id, sizeof(anchor->boot_id));
	if (status == DB_OK)
		status = meta_store_get_int(
		    store, META_OFFSET, &anchor->offset_ms);
	return status;
}

/* Keeps the anchor: both of its parts or none. */
static enum db_status
meta_save_anchor(struct db *db, struct common_store *store,
    const struct clock_anchor *anchor)
{
	enum db_status status;

	status = db_begin(db);
	if (status != DB_OK)
		return status;
	status = meta_store_set_text(store, META_BOOT_ID, anchor->boot_id);
	if (status == DB_OK)
		status = meta_store_set_int(
		    store, META_OFFSET, anchor->offset_ms);
	if (status == DB_OK)
		return db_commit(db);
	db_rollback(db);
	return status;
}

int
meta_start_clock(
    struct db *db, int64_t floor_ms, char *error, size_t error_size)
{
	struct common_store store;
	struct clock_anchor saved, anchor;
	enum db_status status;
	int64_t ahead;

	common_store_open(&store, db);
	status = meta_load_anchor(&store, &saved);
	if (status != DB_OK && status != DB_DONE) {
		snprintf(
		    error, error_size, "the clock's anchor cannot be read");
		return -1;
	}
	if (clock_start(status == DB_OK ? &saved : NULL, floor_ms, &anchor) ==
	    -1) {
		snprintf(
		    error, error_size, "the kernel's boot id cannot be read");
		return -1;
	}
	if (meta_save_anchor(db, &store, &anchor) != DB_OK) {
		snprintf(
		    error, error_size, "the clock's anchor cannot be kept");
		return -1;
	}
	ahead = clock_now_ms() - clock_wall_ms();
	if (ahead > CLOCK_APART_MS || ahead < -CLOCK_APART_MS)
		log_warning(NULL,
		    "the steady clock is %" PRId64 " ms ahead of the wall "
		    "clock, and stays so until the machine boots again",
		    ahead);
	return 0;
}

int
meta_producer(struct db *db, struct uuid *id)
{
	struct common_store store;
	enum db_status status;
	size_t len;

	common_store_open(&store, db);
	status = meta_store_get_blob(
	    &store, META_PRODUCER, id->bytes, sizeof(id->bytes), &len);
	if (status == DB_OK && len == sizeof(id->bytes))
		return 0;
	if (status == DB_OK)
		log_error(NULL, "meta: %s is too short", META_PRODUCER);
	if (status != DB_DONE)
		return -1;
	return meta_renew_producer(db, id) == DB_OK ? 0 : -1;
}

enum db_status
meta_renew_producer(struct db *db, struct uuid *id)
{
	struct common_store store;

	common_store_open(&store, db);
	secret_uuid(id);
	return meta_store_set_blob(
	    &store, META_PRODUCER, id->bytes, sizeof(id->bytes));
}
