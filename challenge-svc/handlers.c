/*
 * One function per message. Each reads as: find, ask the rules, store, tell
 * analytics, fill the reply.
 */
#include <stdio.h>
#include <string.h>

#include "challenge-svc/judge.h"
#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/service.h"
#include "common/clock.h"
#include "common/secret.h"

/*
 * The sweep is this late, because an answer counts from when it came: longer
 * than one that came in time waits for its turn.
 */
#define SWEEP_LATE_MS 1000

/* How long one tick may hold the loop: requests wait meanwhile. */
#define SWEEP_NS INT64_C(1000000)

#define NS_PER_MS 1000000

/* Turnstile's vocabulary where it has the word. */
#define CODE_INCORRECT "incorrect-answer"
#define CODE_SPENT     "timeout-or-duplicate"
#define CODE_INVALID   "invalid-input-response"
#define CODE_SLOW      "score-below-threshold"
#define CODE_FAST      "implausibly-fast"

/* The proto's levels are the engine's: one cast, checked here. */
_Static_assert((int)level_EASY == (int)LEVEL_EASY &&
	(int)level_MEDIUM == (int)LEVEL_MEDIUM &&
	(int)level_HARD == (int)LEVEL_HARD,
    "the levels of the messages are those of the engine");
_Static_assert(CHALLENGE_TEXT_MAX <= PROTO_TEXT_MAX &&
	CHALLENGE_DIGITS_MAX <= PROTO_DIGITS_MAX &&
	CHALLENGE_INSTRUCTION_MAX <= PROTO_INSTRUCTION_MAX &&
	CHALLENGE_OPERATION_MAX <= PROTO_OPERATION_MAX,
    "every challenge fits its message");

static int64_t
random_secret(void)
{
	uint64_t random;

	secret_random(&random, sizeof(random));
	return token_secret(random);
}

static enum db_status
tell(struct challenge_service *service, enum event_kind kind,
    const struct challenge_row *row, int64_t now, const struct judgement *how)
{
	struct event event = { 0 };

	event.kind = (uint8_t)kind;
	event.at = now;
	event.account_id = row->account_id;
	event.key_id = row->key_id;
	event.count = 1;
	event.level = row->level;
	memcpy(
	    event.operation_id, row->operation_id, sizeof(event.operation_id));
	PROTO_SET(&event, event, level);
	PROTO_SET(&event, event, operation_id);
	if (how != NULL) {
		event.verdict = (uint8_t)how->verdict;
		event.solve_time_ms = how->solve_ms;
		event.score = how->score;
		PROTO_SET(&event, event, verdict);
		PROTO_SET(&event, event, solve_time_ms);
		PROTO_SET(&event, event, score);
		if (how->verdict == verdict_INCORRECT) {
			event.misreading = (uint8_t)how->misreading;
			PROTO_SET(&event, event, misreading);
		}
	}
	return outbox_add(service->outbox, &event);
}

/* -------- create -------- */

static void
fill_row(struct challenge_row *row, const struct challenge_create *request,
    const struct challenge *challenge, int64_t now)
{
	memset(row, 0, sizeof(*row));
	row->state = CHALLENGE_OPEN;
	row->secret = random_secret();
	row->verification = random_secret();
	row->account_id = request->account_id;
	row->key_id = request->key_id;
	row->level = request->level;
	memcpy(row->operation_id, challenge->operation_id,
	    sizeof(challenge->operation_id));
	row->answer = challenge->answer;
	row->human_ms = challenge->human_time_ms;
	row->min_score = request->min_score;
	row->min_solve_ms = request->min_solve_ms;
	row->issued_at = now;
	row->expires_at = now + request->ttl_seconds * 1000;
	memcpy(row->hostname, request->hostname, sizeof(row->hostname));
	memcpy(row->action, request->action, sizeof(row->action));
	memcpy(row->cdata, request->cdata, sizeof(row->cdata));
	row->slips.count = challenge->slips_count;
	memcpy(row->slips.slip, challenge->slip, sizeof(row->slips.slip));
}

static void
fill_created(struct challenge_service *service, const struct challenge_row *row,
    const struct challenge *challenge, int64_t ttl_seconds,
    struct challenge_created *reply)
{
	const struct token token = { .id = row->id,
		.shard = (uint8_t)service->config.challenge_shard,
		.secret = row->secret };
	uint32_t i;

	token_format(&token, reply->token);
	memcpy(reply->challenge.text, challenge->text, sizeof(challenge->text));
	memcpy(reply->challenge.instruction, challenge->instruction,
	    sizeof(challenge->instruction));
	reply->challenge.digits_count = challenge->digits_count;
	for (i = 0; i < challenge->digits_count; i++)
		reply->challenge.digits[i] = challenge->digits[i];
	reply->expires_in = ttl_seconds;
}

static int
handle_create(
    struct service_call *call, void *ctx, const void *request_, void *reply)
{
	struct challenge_service *service = ctx;
	const struct challenge_create *request = request_;
	uint8_t seed[CHALLENGE_SEED_BYTES];
	struct challenge challenge;
	struct challenge_row row;
	const int64_t now = clock_now_ms();
	enum db_status status;

	secret_random(seed, sizeof(seed));
	challenge_generate(&challenge, vocabulary_book(service->vocabulary),
	    (enum challenge_level)request->level, seed);
	fill_row(&row, request, &challenge, now);
	row.id = service->last_id = token_next_id(service->last_id, now);
	status = store_add(service->store, &row);
	if (status == DB_OK)
		status = tell(service, event_kind_CREATED, &row, now, NULL);
	if (status != DB_OK)
		return service_store_error(call, status);
	fill_created(service, &row, &challenge, request->ttl_seconds, reply);
	return PROTO_OK;
}

/* -------- verify -------- */

static void
add_code(uint32_t *count, char codes[][PROTO_CODE_MAX + 1], const char *code)
{
	snprintf(codes[(*count)++], PROTO_CODE_MAX + 1, "%s", code);
}

static int
refuse_verify(struct challenge_verified *reply, const char *code)
{
	PROTO_SET(reply, challenge_verified, error_codes);
	add_code(&reply->error_codes_count, reply->error_codes, code);
	return PROTO_OK;
}

/* The row that a token names, DB_DONE when it is not this caller's. */
static enum db_status
find_by_token(struct challenge_service *service, const char *text,
    struct token *token, struct challenge_row *row)
{
	if (token_parse(token, text) != 0 ||
	    token->shard != service->config.challenge_shard)
		return DB_DONE;
	return store_find(service->store, token->id, row);
}

static void
fill_verified(struct challenge_service *service,
    const struct challenge_row *row, const struct judgement *judgement,
    struct challenge_verified *reply)
{
	const struct token token = { .id = row->id,
		.shard = (uint8_t)service->config.challenge_shard,
		.secret = row->verification };

	reply->success = judgement->verdict != verdict_INCORRECT;
	reply->allowed = judgement->verdict == verdict_ALLOWED;
	reply->score = (double)judgement->score / 10;
	reply->solve_time_ms = judgement->solve_ms;
	PROTO_SET(reply, challenge_verified, solve_time_ms);
	switch (judgement->verdict) {
	case verdict_ALLOWED:
		token_format(&token, reply->verification_token);
		PROTO_SET(reply, challenge_verified, verification_token);
		break;
	case verdict_TOO_SLOW:
		(void)refuse_verify(reply, CODE_SLOW);
		break;
	case verdict_TOO_FAST:
		(void)refuse_verify(reply, CODE_FAST);
		break;
	case verdict_INCORRECT:
		(void)refuse_verify(reply, CODE_INCORRECT);
		break;
	}
}

static int
verify_expired(struct service_call *call, struct challenge_service *service,
    const struct challenge_row *row, int64_t now,
    struct challenge_verified *reply)
{
	enum db_status status;

	status = store_expire(service->store, row->id, now);
	if (status == DB_OK)
		status = tell(service, event_kind_EXPIRED, row, now, NULL);
	if (status != DB_OK)
		return service_store_error(call, status);
	return refuse_verify(reply, CODE_SPENT);
}

/* Judges an answer; a wrong one is classed by the slips, read only then. */
static enum db_status
judge(struct challenge_service *service, const struct challenge_row *row,
    double answer, int64_t now, struct judgement *judgement)
{
	struct slips slips;
	enum db_status status;

	*judgement = judge_answer(row, answer, now);
	if (judgement->verdict != verdict_INCORRECT)
		return DB_OK;
	status = store_slips(service->store, row->id, &slips);
	if (status == DB_OK)
		judgement->misreading = judge_misreading(&slips, answer);
	return status;
}

static int
handle_verify(
    struct service_call *call, void *ctx, const void *request_, void *reply)
{
	struct challenge_service *service = ctx;
	const struct challenge_verify *request = request_;
	struct judgement judgement;
	struct challenge_row row;
	struct token token;
	/* The answer counts from when it came, not from its turn. */
	const int64_t now = clock_now_ms() - service_waited_ms(call);
	enum db_status status;

	status = find_by_token(service, request->token, &token, &row);
	if (status == DB_DONE)
		return refuse_verify(reply, CODE_INVALID);
	if (status != DB_ROW)
		return service_store_error(call, status);
	if (row.secret != token.secret ||
	    !uuid_equal(&row.key_id, &request->key_id))
		return refuse_verify(reply, CODE_INVALID);
	if (row.state != CHALLENGE_OPEN)
		return refuse_verify(reply, CODE_SPENT);
	if (judge_expired(&row, now))
		return verify_expired(call, service, &row, now, reply);

	status = judge(service, &row, request->answer, now, &judgement);
	if (status != DB_OK)
		return service_store_error(call, status);
	row.state = judgement.verdict == verdict_ALLOWED ? CHALLENGE_ALLOWED
							 : CHALLENGE_REFUSED;
	row.solve_ms = judgement.solve_ms;
	row.score = judgement.score;
	row.verification_expires_at = now +
	    service->config.verification_ttl * 1000;
	status = store_judge(service->store, &row);
	if (status == DB_DONE)
		return refuse_verify(reply, CODE_SPENT);
	if (status == DB_OK)
		status = tell(
		    service, event_kind_VERIFIED, &row, now, &judgement);
	if (status != DB_OK)
		return service_store_error(call, status);
	fill_verified(service, &row, &judgement, reply);
	return PROTO_OK;
}

/* -------- siteverify -------- */

static int
refuse_redeem(struct challenge_redeemed *reply, const char *code)
{
	PROTO_SET(reply, challenge_redeemed, error_codes);
	add_code(&reply->error_codes_count, reply->error_codes, code);
	return PROTO_OK;
}

static void
fill_redeemed(const struct challenge_row *row, struct challenge_redeemed *reply)
{
	reply->success = true;
	reply->score = (double)row->score / 10;
	reply->solve_time_ms = row->solve_ms;
	reply->challenge_ts = row->issued_at;
	memcpy(reply->operation_id, row->operation_id,
	    sizeof(reply->operation_id));
	reply->difficulty = row->level;
	memcpy(reply->hostname, row->hostname, sizeof(reply->hostname));
	memcpy(reply->action, row->action, sizeof(reply->action));
	memcpy(reply->cdata, row->cdata, sizeof(reply->cdata));
	PROTO_SET(reply, challenge_redeemed, score);
	PROTO_SET(reply, challenge_redeemed, solve_time_ms);
	PROTO_SET(reply, challenge_redeemed, challenge_ts);
	PROTO_SET(reply, challenge_redeemed, operation_id);
	PROTO_SET(reply, challenge_redeemed, difficulty);
	PROTO_SET(reply, challenge_redeemed, signals);
	if (reply->hostname[0] != '\0')
		PROTO_SET(reply, challenge_redeemed, hostname);
	if (reply->action[0] != '\0')
		PROTO_SET(reply, challenge_redeemed, action);
	if (reply->cdata[0] != '\0')
		PROTO_SET(reply, challenge_redeemed, cdata);
	if (row->solve_ms < JUDGE_IMPLAUSIBLE_MS)
		add_code(&reply->signals_count, reply->signals, CODE_FAST);
}

/* The retry of the call that won? It is told what that one was. */
static bool
is_retry(
    const struct challenge_row *row, const struct challenge_redeem *request)
{
	return row->state == CHALLENGE_REDEEMED &&
	    PROTO_HAS(request, challenge_redeem, idempotency_key) &&
	    strcmp(row->idempotency_key, request->idempotency_key) == 0;
}

static int
handle_redeem(
    struct service_call *call, void *ctx, const void *request_, void *reply)
{
	struct challenge_service *service = ctx;
	const struct challenge_redeem *request = request_;
	struct challenge_row row;
	struct token token;
	const int64_t now = clock_now_ms();
	enum db_status status;

	status = find_by_token(service, request->token, &token, &row);
	if (status == DB_DONE)
		return refuse_redeem(reply, CODE_INVALID);
	if (status != DB_ROW)
		return service_store_error(call, status);
	if ((row.state != CHALLENGE_ALLOWED &&
		row.state != CHALLENGE_REDEEMED) ||
	    row.verification != token.secret ||
	    !uuid_equal(&row.key_id, &request->key_id))
		return refuse_redeem(reply, CODE_INVALID);
	if (is_retry(&row, request)) {
		fill_redeemed(&row, reply);
		return PROTO_OK;
	}
	if (row.state == CHALLENGE_REDEEMED ||
	    now >= row.verification_expires_at)
		return refuse_redeem(reply, CODE_SPENT);

	status = store_redeem(service->store, row.id, request->idempotency_key);
	if (status == DB_DONE)
		return refuse_redeem(reply, CODE_SPENT);
	if (status == DB_OK)
		status = tell(service, event_kind_REDEEMED, &row, now, NULL);
	if (status != DB_OK)
		return service_store_error(call, status);
	fill_redeemed(&row, reply);
	return PROTO_OK;
}

/* -------- house-keeping -------- */

static enum db_status
tell_expired(void *arg, const struct store_expired *expired)
{
	struct challenge_row row = { .account_id = expired->account_id,
		.key_id = expired->key_id,
		.level = expired->level };

	memcpy(
	    row.operation_id, expired->operation_id, sizeof(row.operation_id));
	return tell(arg, event_kind_EXPIRED, &row, clock_now_ms(), NULL);
}

int
challenge_tick(void *ctx)
{
	struct challenge_service *service = ctx;
	const int64_t until_ns = clock_boot_ns() + SWEEP_NS;
	bool more = true;

	vocabulary_tick(service->vocabulary, clock_boot_ns() / NS_PER_MS);
	while (more && clock_boot_ns() < until_ns) {
		if (store_sweep(service->store, clock_now_ms() - SWEEP_LATE_MS,
			tell_expired, service, &more) != DB_OK)
			return PROTO_ERROR_INTERNAL;
	}
	return more ? SERVICE_MORE : PROTO_OK;
}

const struct service_route challenge_routes[] = {
	{ MSG_CHALLENGE_CREATE, handle_create },
	{ MSG_CHALLENGE_VERIFY, handle_verify },
	{ MSG_CHALLENGE_REDEEM, handle_redeem },
};

const size_t challenge_routes_count = sizeof(challenge_routes) /
    sizeof(challenge_routes[0]);
