/*
 * Small facts that a database keeps about itself: which producer it is, and
 * the anchor of its clock. In the table `meta`, which every schema has.
 */
#ifndef COMMON_META_H
#define COMMON_META_H

#include "common/db.h"
#include "proto/uuid.h"

/*
 * Starts the process's steady clock from the anchor that the database keeps
 * and keeps the new one. floor_ms is the latest steady time that any row
 * carries, 0 for none. Returns 0; -1 with a sentence in error.
 */
int meta_start_clock(
    struct db *db, int64_t floor_ms, char *error, size_t error_size);

/* The database's own random id, made on first use. 0, or -1 (logged). */
int meta_producer(struct db *db, struct uuid *id);

/* Takes a new one in place of it; in the caller's transaction. DB_OK or why
 * not. */
enum db_status meta_renew_producer(struct db *db, struct uuid *id);

#endif
