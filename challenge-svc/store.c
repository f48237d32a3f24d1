/*
 * Every query of challenge-svc.
 */
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/store.h"

/* What the sweep needs of a row. */
struct due_row {
	int64_t id;
	enum challenge_state state;
	int64_t ends_at; /* its last token's end */
	struct store_expired expired;
};

struct store {
	struct db *db;
	int64_t keep_ms;
	struct due_row sweep[STORE_SWEEP_MAX];
	struct db_stmt *newest;
	struct db_stmt *add;
	struct db_stmt *find;
	struct db_stmt *slips;
	struct db_stmt *judge;
	struct db_stmt *expire;
	struct db_stmt *redeem;
	struct db_stmt *due;
	struct db_stmt *keep;
	struct db_stmt *delete;
};

struct store *
store_open(struct db *db, int64_t keep_ms)
{
	struct store *store = NULL;

	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return NULL;
	store->db = db;
	store->keep_ms = keep_ms;
	store->newest = db_prepare(db, "challenge newest",
	    "SELECT id, issued_at FROM challenge ORDER BY id DESC LIMIT 1");
	/*
	 * The verdict's columns get values as long as it will have, so that
	 * judging rewrites the row in its place: rows that grow in full pages
	 * would split them.
	 */
	store->add = db_prepare(db, "challenge add",
	    "INSERT INTO challenge (id, state, due_at, secret, account_id,"
	    " key_id, level, operation_id, answer, human_ms, min_score,"
	    " min_solve_ms, issued_at, expires_at, hostname, action, cdata,"
	    " score, solve_ms, verification, verification_expires_at, slips)"
	    " VALUES (:id, 0, :expires_at, :secret, :account_id, :key_id,"
	    " :level, :operation_id, :answer, :human_ms, :min_score,"
	    " :min_solve_ms, :issued_at, :expires_at, :hostname, :action,"
	    " :cdata, 1000, 10000, :verification, :expires_at, :slips)");
	store->find = db_prepare(db, "challenge find",
	    "SELECT state, secret, account_id, key_id, level, operation_id,"
	    " answer, human_ms, min_score, min_solve_ms, issued_at,"
	    " expires_at, hostname, action, cdata, score, solve_ms,"
	    " verification, verification_expires_at, idempotency_key"
	    " FROM challenge WHERE id = :id");
	store->slips = db_prepare(db, "challenge slips",
	    "SELECT slips FROM challenge WHERE id = :id");
	store->judge = db_prepare(db, "challenge judge",
	    "UPDATE challenge SET state = :state, score = :score,"
	    " solve_ms = :solve_ms,"
	    " verification_expires_at = :verification_expires_at"
	    " WHERE id = :id AND state = 0");
	store->expire = db_prepare(db, "challenge expire",
	    "UPDATE challenge SET state = 3, due_at = :due_at"
	    " WHERE id = :id AND state = 0");
	store->redeem = db_prepare(db, "challenge redeem",
	    "UPDATE challenge SET state = 4,"
	    " idempotency_key = :idempotency_key"
	    " WHERE id = :id AND state = 1");
	store->due = db_prepare(db, "challenge due",
	    "SELECT id, state, account_id, key_id, level, operation_id,"
	    " verification_expires_at"
	    " FROM challenge WHERE due_at <= :now"
	    " ORDER BY due_at LIMIT :limit");
	store->keep = db_prepare(db, "challenge keep",
	    "UPDATE challenge SET due_at = :due_at WHERE id = :id");
	store->delete = db_prepare(
	    db, "challenge delete", "DELETE FROM challenge WHERE id = :id");
	return store;
}

void
store_free(struct store **storep)
{
	free(*storep);
	*storep = NULL;
}

enum db_status
store_newest(struct store *store, int64_t *id, int64_t *issued_at)
{
	enum db_status status;

	*id = 0;
	*issued_at = 0;
	status = db_step(store->newest);
	if (status == DB_ROW) {
		*id = db_int(store->newest, "id");
		*issued_at = db_int(store->newest, "issued_at");
		db_reset(store->newest);
	}
	return status == DB_ROW || status == DB_DONE ? DB_OK : status;
}

enum db_status
store_add(struct store *store, const struct challenge_row *row)
{
	struct db_stmt *add = store->add;
	uint8_t slips[SLIPS_BYTES_MAX];

	db_bind_int(add, ":id", row->id);
	db_bind_int(add, ":secret", row->secret);
	db_bind_uuid(add, ":account_id", &row->account_id);
	db_bind_uuid(add, ":key_id", &row->key_id);
	db_bind_int(add, ":level", row->level);
	db_bind_text(add, ":operation_id", row->operation_id);
	db_bind_int(add, ":answer", row->answer);
	db_bind_int(add, ":human_ms", row->human_ms);
	db_bind_int(add, ":min_score", row->min_score);
	db_bind_int(add, ":min_solve_ms", row->min_solve_ms);
	db_bind_int(add, ":issued_at", row->issued_at);
	db_bind_int(add, ":expires_at", row->expires_at);
	db_bind_optional(add, ":hostname", row->hostname);
	db_bind_optional(add, ":action", row->action);
	db_bind_optional(add, ":cdata", row->cdata);
	db_bind_int(add, ":verification", row->verification);
	db_bind_blob(add, ":slips", slips, slips_pack(&row->slips, slips));
	return db_run(add);
}

static void
read_row(struct db_stmt *stmt, int64_t id, struct challenge_row *row)
{
	memset(row, 0, sizeof(*row));
	row->id = id;
	row->state = (enum challenge_state)db_int(stmt, "state");
	row->secret = db_int(stmt, "secret");
	db_copy_uuid(stmt, "account_id", &row->account_id);
	db_copy_uuid(stmt, "key_id", &row->key_id);
	row->level = (uint8_t)db_int(stmt, "level");
	db_copy_text(
	    stmt, "operation_id", row->operation_id, sizeof(row->operation_id));
	row->answer = db_int(stmt, "answer");
	row->human_ms = db_int(stmt, "human_ms");
	row->min_score = db_int(stmt, "min_score");
	row->min_solve_ms = db_int(stmt, "min_solve_ms");
	row->issued_at = db_int(stmt, "issued_at");
	row->expires_at = db_int(stmt, "expires_at");
	db_copy_text(stmt, "hostname", row->hostname, sizeof(row->hostname));
	db_copy_text(stmt, "action", row->action, sizeof(row->action));
	db_copy_text(stmt, "cdata", row->cdata, sizeof(row->cdata));
	row->score = db_int(stmt, "score");
	row->solve_ms = db_int(stmt, "solve_ms");
	row->verification = db_int(stmt, "verification");
	row->verification_expires_at = db_int(stmt, "verification_expires_at");
	db_copy_text(stmt, "idempotency_key", row->idempotency_key,
	    sizeof(row->idempotency_key));
}

enum db_status
store_find(struct store *store, int64_t id, struct challenge_row *row)
{
	enum db_status status;

	db_bind_int(store->find, ":id", id);
	status = db_step(store->find);
	if (status == DB_ROW) {
		read_row(store->find, id, row);
		db_reset(store->find);
	}
	return status;
}

enum db_status
store_slips(struct store *store, int64_t id, struct slips *slips)
{
	const uint8_t *bytes = NULL;
	enum db_status status;
	size_t len;

	slips->count = 0;
	db_bind_int(store->slips, ":id", id);
	status = db_step(store->slips);
	if (status == DB_ROW) {
		bytes = db_blob(store->slips, "slips", &len);
		slips_unpack(slips, bytes, len);
		db_reset(store->slips);
	}
	return status == DB_ROW || status == DB_DONE ? DB_OK : status;
}

/* Runs a conditional UPDATE of one row: did this call change it? */
static enum db_status
run_once(struct store *store, struct db_stmt *stmt)
{
	enum db_status status = db_run(stmt);

	if (status == DB_OK && db_changes(store->db) == 0)
		return DB_DONE;
	return status;
}

enum db_status
store_judge(struct store *store, const struct challenge_row *row)
{
	struct db_stmt *judge = store->judge;

	db_bind_int(judge, ":state", row->state);
	db_bind_int(judge, ":score", row->score);
	db_bind_int(judge, ":solve_ms", row->solve_ms);
	db_bind_int(
	    judge, ":verification_expires_at", row->verification_expires_at);
	db_bind_int(judge, ":id", row->id);
	return run_once(store, judge);
}

enum db_status
store_expire(struct store *store, int64_t id, int64_t now_ms)
{
	db_bind_int(store->expire, ":id", id);
	db_bind_int(store->expire, ":due_at", now_ms + store->keep_ms);
	return run_once(store, store->expire);
}

enum db_status
store_redeem(struct store *store, int64_t id, const char *idempotency_key)
{
	db_bind_int(store->redeem, ":id", id);
	db_bind_optional(store->redeem, ":idempotency_key", idempotency_key);
	return run_once(store, store->redeem);
}

/* The row has ended: keep it for a while, then forget it. */
static enum db_status
end_row(struct store *store, const struct due_row *row, int64_t now_ms)
{
	if (now_ms < row->ends_at + store->keep_ms) {
		db_bind_int(
		    store->keep, ":due_at", row->ends_at + store->keep_ms);
		db_bind_int(store->keep, ":id", row->id);
		return db_run(store->keep);
	}
	db_bind_int(store->delete, ":id", row->id);
	return db_run(store->delete);
}

/* Collects rows that are due, the earliest first. */
static enum db_status
read_due(struct store *store, int64_t now_ms, size_t *count)
{
	struct due_row *row = NULL;
	enum db_status status;

	*count = 0;
	db_bind_int(store->due, ":now", now_ms);
	db_bind_int(store->due, ":limit", STORE_SWEEP_MAX);
	while ((status = db_step(store->due)) == DB_ROW) {
		row = &store->sweep[(*count)++];
		memset(row, 0, sizeof(*row));
		row->id = db_int(store->due, "id");
		row->state = (enum challenge_state)db_int(store->due, "state");
		row->ends_at = db_int(store->due, "verification_expires_at");
		if (row->state != CHALLENGE_OPEN)
			continue;
		db_copy_uuid(
		    store->due, "account_id", &row->expired.account_id);
		db_copy_uuid(store->due, "key_id", &row->expired.key_id);
		row->expired.level = (uint8_t)db_int(store->due, "level");
		db_copy_text(store->due, "operation_id",
		    row->expired.operation_id,
		    sizeof(row->expired.operation_id));
	}
	return status == DB_DONE ? DB_OK : status;
}

enum db_status
store_sweep(struct store *store, int64_t now_ms,
    enum db_status (*expired)(void *arg, const struct store_expired *row),
    void *arg, bool *more)
{
	const struct due_row *row = NULL;
	enum db_status status;
	size_t count, i;

	status = read_due(store, now_ms, &count);
	*more = count == STORE_SWEEP_MAX;
	for (i = 0; i < count && status == DB_OK; i++) {
		row = &store->sweep[i];
		if (row->state != CHALLENGE_OPEN) {
			status = end_row(store, row, now_ms);
			continue;
		}
		status = store_expire(store, row->id, now_ms);
		if (status == DB_OK)
			status = expired(arg, &row->expired);
	}
	return status;
}
