/*
 * The store of challenge-svc: one row a challenge, from its making until some
 * minutes after it can no longer matter. No SQL and no SQLite shows here.
 */
#ifndef CHALLENGE_SVC_STORE_H
#define CHALLENGE_SVC_STORE_H

#include "challenge-svc/slips.h"
#include "challenge-svc/token.h"
#include "common/db.h"
#include "proto/proto.h"

struct store;

extern const struct db_migration store_schema[];
extern const size_t store_schema_count;

/* A challenge goes from OPEN to one of the others, ALLOWED on to REDEEMED. */
enum challenge_state {
	CHALLENGE_OPEN = 0,
	CHALLENGE_ALLOWED = 1,	/* judged, its verification token may be used */
	CHALLENGE_REFUSED = 2,	/* judged: wrong, or right but not allowed */
	CHALLENGE_EXPIRED = 3,	/* nobody answered in time */
	CHALLENGE_REDEEMED = 4, /* siteverify has accepted it */
};

struct challenge_row {
	int64_t id;
	enum challenge_state state;
	int64_t secret;
	struct uuid account_id;
	struct uuid key_id;
	uint8_t level;
	char operation_id[PROTO_OPERATION_MAX + 1];
	int64_t answer;
	int64_t human_ms;
	int64_t min_score;
	int64_t min_solve_ms;
	int64_t issued_at;
	int64_t expires_at;
	char hostname[PROTO_ORIGIN_MAX + 1]; /* "" for none, as the next two */
	char action[PROTO_ACTION_MAX + 1];
	char cdata[PROTO_CDATA_MAX + 1];
	int64_t score;			 /* once judged */
	int64_t solve_ms;		 /* once judged */
	int64_t verification;		 /* of use once ALLOWED */
	int64_t verification_expires_at; /* once judged */
	char idempotency_key[PROTO_IDEMPOTENCY_MAX + 1]; /* once REDEEMED */
	struct slips slips; /* not of store_find: see store_slips */
};

/*
 * Prepares the statements. NULL when memory ends. db must outlive it. keep_ms
 * is how long a row stays after it has ended, so that a late caller is told
 * "timeout-or-duplicate" and not that the token never was.
 */
struct store *store_open(struct db *db, int64_t keep_ms);
void store_free(struct store **store);

/* The newest id and its time, 0 when there are none. */
enum db_status
store_newest(struct store *store, int64_t *id, int64_t *issued_at);

/* Adds an OPEN row; score, solve_ms and verification_expires_at come later. */
enum db_status store_add(struct store *store, const struct challenge_row *row);

/* Reads a row: DB_ROW with it filled, DB_DONE when there is none. */
enum db_status
store_find(struct store *store, int64_t id, struct challenge_row *row);

/*
 * Reads the slips of a row, which only a wrong answer asks for. One that is
 * not there has none.
 */
enum db_status
store_slips(struct store *store, int64_t id, struct slips *slips);

/*
 * Ends an OPEN row as judged (row's state, score, solve_ms and
 * verification_expires_at), if it still is OPEN. DB_OK when this call did it,
 * DB_DONE when another one had.
 */
enum db_status
store_judge(struct store *store, const struct challenge_row *row);

/* Ends an OPEN row as EXPIRED; as store_judge. */
enum db_status store_expire(struct store *store, int64_t id, int64_t now_ms);

/* Takes an ALLOWED row to REDEEMED under this key, "" for none; as
 * store_judge. */
enum db_status
store_redeem(struct store *store, int64_t id, const char *idempotency_key);

/* What analytics is told of a challenge that nobody answered. */
struct store_expired {
	struct uuid account_id;
	struct uuid key_id;
	uint8_t level;
	char operation_id[PROTO_OPERATION_MAX + 1];
};

#define STORE_SWEEP_MAX 64 /* rows that one sweep looks at */

/*
 * Looks at rows that are due: OPEN ones become EXPIRED and are told to
 * expired() (which must not call the store), ended ones are deleted. *more
 * tells whether others may be due.
 */
enum db_status store_sweep(struct store *store, int64_t now_ms,
    enum db_status (*expired)(void *arg, const struct store_expired *row),
    void *arg, bool *more);

#endif
