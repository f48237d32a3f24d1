/*
 * What the files of the service loop share: service.c (the sockets and the
 * loop), service_keys.c (who may connect), batch.c (running what was
 * collected), line.c (what waits behind that), call.c (what a handler calls).
 * Nobody else includes this, but testing_faults.c, which stands in for the
 * loop.
 */
#ifndef COMMON_BATCH_H
#define COMMON_BATCH_H

#include <czmq.h>

#include "common/backup.h"
#include "common/guard.h"
#include "common/pool.h"
#include "common/service.h"
#include "common/shipper.h"
#include "proto/codec.h"

#define BATCH_ITEMS  512	    /* requests of one transaction */
#define BATCH_PEERS  64		    /* askers in one batch */
#define LINE_PLACES  64		    /* costly requests that wait */
#define AUDITS_MAX   ((size_t)1024) /* two a request */
#define AUDIT_MAX    255
#define IDENTITY_MAX 255 /* ZeroMQ's own bound on a routing id */

/* Who asked, and the replies that wait for the commit. */
struct peer {
	uint8_t identity[IDENTITY_MAX];
	size_t identity_len;
	struct proto_buf out;
	int64_t replies;
};

/* A request that went to the pool or into the line, kept until it is answered.
 */
struct deferral {
	struct pool_job job;
	struct service *service;
	struct deferral *newer; /* among all that are alive */
	struct deferral *older;
	struct uuid asker; /* zero for nobody in particular */
	uint8_t identity[IDENTITY_MAX];
	size_t identity_len;
	struct proto_header header;
	const struct proto_message_info *info;
	void (*work)(void *data);
	service_finish finish; /* NULL for the line: its handler runs */
	service_drop drop;     /* NULL for none, and once finish has run */
	int64_t received_ms;
	int64_t took_us; /* of the work, 0 when it was left out */
	void *request;
	void *data;
	size_t data_size;
};

/* One request of a batch: a frame that arrived, or a deferral come back. */
struct item {
	struct proto_header header;
	const struct proto_message_info *info;
	const uint8_t *body;
	size_t body_len;
	struct deferral *deferral;
	struct peer *peer;
	int64_t received_ms; /* the time that its deadline counts from */
};

/* A line of the audit trail that waits for its commit. */
struct audit {
	struct uuid trace;
	char text[AUDIT_MAX + 1];
};

struct service_call {
	struct service *service;
	const struct item *item;
	struct failure failure;
	const void *request;
	struct uuid asker; /* for service_defer; zero for nobody */
};

struct service {
	const struct service_options *options;
	zsock_t *socket;
	zloop_t *loop;
	struct pool *pool;
	int64_t pool_job_us; /* what a job takes, a running mean */
	struct shipper *shipper;
	struct backup *backup;
	struct guard *guard; /* NULL where the endpoint needs none */
	int lock;	     /* of an ipc endpoint */
	bool failed;
	int64_t ticked_ms;
	bool tick_again;   /* a timer of its own will call it */
	bool backing_up;   /* so it is for the backup, */
	bool lining_up;	   /* and for the line */
	size_t last_batch; /* how many requests it had */
	bool draining;	   /* told to end */
	int64_t drain_until_ms;

	struct item items[BATCH_ITEMS];
	size_t items_count;
	struct peer peers[BATCH_PEERS];
	size_t peers_count;
	zframe_t *messages[BATCH_ITEMS];
	size_t messages_count;
	struct deferral *deferrals; /* all that are alive, newest first */
	struct deferral *pending[BATCH_ITEMS]; /* to submit after the commit */
	size_t pending_count;
	struct deferral *line[LINE_PLACES]; /* a ring */
	size_t line_first;
	size_t line_count;
	size_t portion_bytes; /* of replies, as structs, in this transaction */
	bool in_doubt;	      /* its commit broke the database: done or not? */
	struct audit audits[AUDITS_MAX];
	size_t audits_count;

	void *request; /* scratch, as large as the largest record */
	void *reply;
	struct stats stats;
	int64_t started_ms;
};

/* What a backup has to do, on the loop and outside of transactions. */
void service_wake_backup(struct service *service);

/* Puts the socket that it serves on, not yet bound, under guard where it needs
 * that. Returns 0, or -1 (logged). */
int service_protect(struct service *service);

/* Connects to analytics-svc. Returns 0, or -1 (logged). */
int service_ship(struct service *service);

/* Milliseconds of a clock that only goes forward. */
int64_t service_now_ms(void);

/* Whether the asker has given up. On any thread. */
bool service_is_late(const struct proto_header *header, int64_t received_ms);

/* What may not wait for the end of a long batch: house-keeping that is due and
 * acknowledgements. Not inside a transaction. */
void service_breathe(struct service *service);

/*
 * Runs the items that were collected, commits, answers, and empties the batch.
 * Returns 0, or -1 when the database is broken and the service must end.
 */
int batch_run(struct service *service);

/* Commits the transaction under way, in which `requests` were handled, with
 * its events; rolls it back when that cannot be done. changes_before is
 * db_total_changes at its start. */
enum db_status
batch_commit(struct service *service, int64_t changes_before, size_t requests);

/* Undoes the transaction under way, its events and what it deferred. */
void batch_roll_back(struct service *service);

/* 0, or -1 (logged) when the database is broken and the service must end. */
int batch_check_database(struct service *service);

/*
 * Makes room for one failure to each asker, so that what goes wrong for want of
 * memory can be told. 0, or -1 when there is none.
 */
int batch_reserve(struct service *service);

/* The place for the answers to this asker, NULL when there are too many. */
struct peer *
batch_peer(struct service *service, const uint8_t *identity, size_t len);

/* Takes a deferral, which is then the batch's, as an item of a batch that has
 * room for it. */
void batch_add_deferral(struct service *service, struct deferral *deferral);

/*
 * Lets a costly request wait in the line for its handler's turn, from the
 * commit on. Returns SERVICE_DEFERRED, or BUSY (already answered by
 * service_fail) when the line is full, or the asker's share of it.
 */
int line_join(struct service_call *call, const struct uuid *asker);

/* The second half: what line_join has begun is committed. */
void line_add(struct service *service, struct deferral *deferral);

/* Runs the oldest of the line, for 20 ms or one request. Returns 0, or -1 when
 * the service must end. No batch may be under way. */
int line_run(struct service *service);

/* A copy of the call's request, not yet anybody's; NULL when memory ends. */
struct deferral *deferral_new(const struct service_call *call);

/* Wipes and frees; accepts NULL. */
void deferral_free(struct deferral *deferral);

#endif
