/*
 * Backups of a service that runs: see backup.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/backup.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/secret.h"

#define WORK_NS	 INT64_C(1000000)
#define LEASE_MS INT64_C(3600000) /* an asker that has gone holds no longer */

enum progress {
	NOTHING,  /* no ticket */
	PREPARED, /* there is a ticket */
	WANTED,	  /* its copy is to be made */
	COPYING,
	DONE,
	FAILED,
};

struct backup {
	struct db *db;
	struct outbox *outbox;
	enum progress progress;
	struct uuid ticket;
	int64_t until_ms; /* of the ticket */
	struct db_backup *copy;
	char directory[PATH_MAX]; /* of the copy */
	char path[PATH_MAX];
	const char *file; /* the end of path */
};

struct backup *
backup_new(struct db *db, struct outbox *outbox)
{
	struct backup *backup = NULL;
	const char *slash = strrchr(db_path(db), '/');
	int len;

	backup = calloc(1, sizeof(*backup));
	if (backup == NULL)
		return NULL;
	backup->db = db;
	backup->outbox = outbox;
	len = snprintf(backup->directory, sizeof(backup->directory),
	    "%.*s/backup", slash == NULL ? 1 : (int)(slash - db_path(db)),
	    slash == NULL ? "." : db_path(db));
	if (len > 0 && (size_t)len < sizeof(backup->directory))
		len = snprintf(backup->path, sizeof(backup->path), "%s/%s",
		    backup->directory, slash == NULL ? db_path(db) : slash + 1);
	if (len < 0 || (size_t)len >= sizeof(backup->path)) {
		free(backup);
		return NULL;
	}
	backup->file = strrchr(backup->path, '/') + 1;
	return backup;
}

void
backup_free(struct backup **backupp)
{
	struct backup *backup = *backupp;

	if (backup == NULL)
		return;
	db_backup_free(&backup->copy);
	free(backup);
	*backupp = NULL;
}

static void
hold(struct backup *backup, bool on)
{
	if (backup->outbox != NULL)
		outbox_hold(backup->outbox, on);
}

void
backup_prepare(
    struct backup *backup, int64_t now_ms, struct backup_ticket *ticket)
{
	db_backup_free(&backup->copy);
	secret_uuid(&backup->ticket);
	backup->progress = PREPARED;
	backup->until_ms = now_ms + LEASE_MS;
	hold(backup, true);
	ticket->ticket = backup->ticket;
}

int
backup_ask(struct backup *backup, const struct backup_ticket *ticket,
    struct backup_state *state)
{
	if (backup->progress == NOTHING ||
	    !uuid_equal(&ticket->ticket, &backup->ticket))
		return PROTO_ERROR_CONFLICT;
	switch (backup->progress) {
	case NOTHING:
	case FAILED:
		return PROTO_ERROR_UNAVAILABLE;
	case PREPARED:
		backup->progress = WANTED;
		return PROTO_OK;
	case WANTED:
	case COPYING:
		return PROTO_OK;
	case DONE:
		state->done = true;
		PROTO_SET(state, backup_state, file);
		(void)snprintf(
		    state->file, sizeof(state->file), "%.64s", backup->file);
		return PROTO_OK;
	}
	return PROTO_ERROR_INTERNAL;
}

/* The end of a copy; the outbox is free again. */
static void
end(struct backup *backup, enum progress progress)
{
	db_backup_free(&backup->copy);
	backup->progress = progress;
	hold(backup, false);
	log_info(NULL, "backup to %s: %s", backup->path,
	    progress == DONE ? "done" : "failed");
}

/* An earlier copy has been taken away, or nobody wants it any more. */
static enum db_status
begin(struct backup *backup)
{
	if ((mkdir(backup->directory, S_IRWXU) == -1 && errno != EEXIST) ||
	    (unlink(backup->path) == -1 && errno != ENOENT)) {
		log_error(NULL, "%s: %s", backup->path, strerror(errno));
		return DB_ERROR;
	}
	backup->progress = COPYING;
	return db_backup_begin(backup->db, backup->path, &backup->copy);
}

bool
backup_work(struct backup *backup)
{
	const int64_t until_ns = clock_boot_ns() + WORK_NS;
	enum db_status status = DB_OK;

	if (backup->progress == WANTED)
		status = begin(backup);
	if (backup->progress != COPYING && status == DB_OK)
		return false;
	while (status == DB_OK && clock_boot_ns() < until_ns)
		status = db_backup_step(backup->copy);
	if (status == DB_OK)
		return true;
	end(backup, status == DB_DONE ? DONE : FAILED);
	return false;
}

void
backup_tick(struct backup *backup, int64_t now_ms)
{
	if (backup->progress == NOTHING || now_ms < backup->until_ms)
		return;
	if (backup->progress != DONE && backup->progress != FAILED)
		end(backup, FAILED);
	backup->progress = NOTHING;
}
