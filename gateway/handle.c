/*
 * The state machine of a request.
 *
 *   CALL_START -> parse -> public ------------------------> CALL_REPLY
 *                       -> API key -> cached -------------> CALL_REPLY
 *                                  -> CALL_KEY -----------> CALL_REPLY
 *                       -> access token ------------------> CALL_REPLY
 *                                  -> CALL_ACCOUNT -------> CALL_REPLY
 *
 * A call waits asleep in Kore. The bus calls handle_done, which notes the
 * answer and wakes it; Kore then calls gateway_handle again, from the top of
 * the event loop, and only there is anything sent. The handler never blocks.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/clock.h"
#include "gateway/address_limit.h"
#include "gateway/admit.h"
#include "gateway/cors.h"
#include "gateway/destination.h"
#include "gateway/gate.h"
#include "gateway/gateway.h"
#include "gateway/handle.h"
#include "gateway/health.h"
#include "gateway/json.h"
#include "gateway/parse.h"
#include "gateway/reply.h"
#include "gateway/session.h"

/* The request record that is being parsed, as large as the largest. */
static void *scratch;

int
handle_init(void)
{
	size_t size = 1;

	for (size_t i = 0; i < proto_messages_count; i++) {
		if (proto_messages[i].request->size > size)
			size = proto_messages[i].request->size;
	}
	scratch = calloc(1, size);
	return scratch == NULL ? -1 : parse_init();
}

void
handle_free(void)
{
	free(scratch);
	scratch = NULL;
}

/* -------- asking -------- */

/* Sends what the call came for. */
static int
ask(struct call *call, const void *request, int64_t now_ns)
{
	/* A create may have to be sent once more, see ask_another. */
	if (call->info->id == MSG_CHALLENGE_CREATE &&
	    bus_shards(gateway.bus) > 1 && call_keep(call, request) != 0)
		return reply_problem(call);
	if (call_send(call, destination_of(call->info, request, now_ns),
		call->info->id, request, CALL_REPLY, now_ns,
		call_deadline(call)) != 0)
		return reply_problem(call);
	return KORE_RESULT_RETRY;
}

/* A create that never went out is as good at another shard, tried once. */
static bool
may_ask_another(const struct call *call, int64_t now_ns)
{
	return call->unsent && !call->asked_another &&
	    call->info->id == MSG_CHALLENGE_CREATE && call->request != NULL &&
	    bus_shard_lives(gateway.bus, now_ns);
}

static int
ask_another(struct call *call, int64_t now_ns)
{
	call->failed = false;
	call->asked_another = true;
	return ask(call, call->request, now_ns);
}

static void
fill_create(const struct call *call, const struct key_info *info,
    struct challenge_create *create)
{
	const char *origin = call_header(call, "origin");

	create->account_id = info->account_id;
	create->key_id = info->key_id;
	create->level = info->difficulty;
	create->ttl_seconds = info->ttl_seconds;
	create->min_score = info->min_score;
	create->min_solve_ms = info->min_solve_ms;
	if (origin != NULL && cors_origin_valid(origin)) {
		cors_hostname(origin, create->hostname);
		PROTO_SET(create, challenge_create, hostname);
	}
}

/* For auth-svc, which slows down whoever guesses passwords. */
static void
fill_address(const struct call *call, void *request)
{
	struct auth_register *registered = request;
	struct auth_login *login = request;
	const struct client_address address = address_of(call);

	if (call->info->id == MSG_AUTH_REGISTER) {
		memcpy(registered->address, address.bytes,
		    sizeof(registered->address));
		registered->address_len = sizeof(registered->address);
		PROTO_SET(registered, auth_register, address);
	} else if (call->info->id == MSG_AUTH_LOGIN) {
		memcpy(login->address, address.bytes, sizeof(login->address));
		login->address_len = sizeof(login->address);
		PROTO_SET(login, auth_login, address);
	}
}

/* What the caller does not say, but its key. */
static void
fill_from_key(
    const struct call *call, const struct key_info *info, void *request)
{
	struct challenge_verify *verify = request;
	struct challenge_redeem *redeem = request;

	if (call->info->id == MSG_CHALLENGE_CREATE)
		fill_create(call, info, request);
	else if (call->info->id == MSG_CHALLENGE_VERIFY)
		verify->key_id = info->key_id;
	else if (call->info->id == MSG_CHALLENGE_REDEEM)
		redeem->key_id = info->key_id;
}

static int
reply_defect(struct call *call)
{
	call->problem = call->defect;
	return reply_problem(call);
}

/* The key comes first: who has none is not told what else is wrong. */
static int
ask_with_key(struct call *call, void *request, int64_t now_ns)
{
	const struct key_info *info = NULL;

	switch (admit_judge(call, request, now_ns, &info)) {
	case ADMIT_WAIT:
		return KORE_RESULT_RETRY;
	case ADMIT_NO:
		return reply_problem(call);
	case ADMIT_YES:
		break;
	}
	if (call->malformed)
		return reply_defect(call);
	fill_from_key(call, info, request);
	return ask(call, request, now_ns);
}

/* -------- sessions of own pages -------- */

static void
set_cookie(struct call *call, const char *token, int64_t seconds)
{
	char text[SESSION_FIELD_MAX];

	session_write(text, token, seconds);
	http_response_header(call->req, "set-cookie", text);
	sodium_memzero(text, sizeof(text));
}

/* Whose numbers: auth-svc knows. */
static int
ask_account(struct call *call, const void *request, int64_t now_ns)
{
	struct bearer bearer = { 0 };
	int rc;

	rc = parse_bearer(call, &proto_bearer, &bearer);
	if (rc == 0 && call->malformed) {
		call->problem = call->defect;
		rc = -1;
	}
	if (rc == 0)
		rc = call_keep(call, request);
	if (rc == 0)
		rc = call_send(call, bus_auth(gateway.bus), MSG_AUTH_ME,
		    &bearer, CALL_ACCOUNT, now_ns, call_deadline(call));
	proto_wipe(&proto_bearer, &bearer);
	return rc == 0 ? KORE_RESULT_RETRY : reply_problem(call);
}

/* A session that is over already can be ended, too. */
static int
reply_failure(struct call *call)
{
	const bool over = call->problem.error == PROTO_ERROR_UNAUTHORIZED ||
	    call->problem.error == PROTO_ERROR_INVALID_TOKEN;

	if (!over || call->info->id != MSG_AUTH_LOGOUT ||
	    (call->route->flags & ROUTE_COOKIE) == 0)
		return reply_problem(call);
	set_cookie(call, "", 0);
	return reply_result(call);
}

static int
ask_for(struct call *call, const struct parse_body *body, void *request,
    int64_t now_ns)
{
	switch (call->route->auth) {
	case ROUTE_KEY_ANY:
	case ROUTE_KEY_SECRET:
		if (admit_take(call, body) != 0)
			return reply_problem(call);
		return ask_with_key(call, request, now_ns);
	case ROUTE_JWT:
		if ((call->route->flags & ROUTE_ACCOUNT) != 0)
			return ask_account(call, request, now_ns);
		if (parse_bearer(call, call->info->request, request) != 0)
			return reply_failure(call);
		break;
	case ROUTE_PUBLIC:
		break;
	}
	if ((call->route->flags & ROUTE_COOKIE) != 0 &&
	    parse_own_page(call) != 0)
		return reply_problem(call);
	if (call->malformed)
		return reply_defect(call);
	if ((call->route->flags & ROUTE_PASSWORD) != 0)
		fill_address(call, request);
	return ask(call, request, now_ns);
}

static int
start_message(struct call *call, int64_t now_ns)
{
	struct parse_body body;
	int result;

	call->info = proto_message_find(call->route->message);
	memset(scratch, 0, call->info->request->size);
	call->malformed = parse_body(call, &body) != 0 ||
	    parse_request(call, &body, scratch) != 0;
	result = ask_for(call, &body, scratch, now_ns);
	proto_wipe(call->info->request, scratch);
	parse_wipe(&body);
	return result;
}

/* -------- finding the route -------- */

static enum route_method
method_of(const struct http_request *req)
{
	if (req->method == HTTP_METHOD_GET)
		return ROUTE_GET;
	if (req->method == HTTP_METHOD_HEAD)
		return ROUTE_HEAD;
	if (req->method == HTTP_METHOD_POST)
		return ROUTE_POST;
	if (req->method == HTTP_METHOD_PATCH)
		return ROUTE_PATCH;
	if (req->method == HTTP_METHOD_DELETE)
		return ROUTE_DELETE;
	if (req->method == HTTP_METHOD_OPTIONS)
		return ROUTE_OPTIONS;
	return ROUTE_PUT;
}

/*
 * Every page may read an answer of these routes, whatever it says: they take a
 * key and look at no cookie, which could have made it another one. Whether a
 * page may use a key, the key says.
 */
static void
take_page(struct call *call, bool cors)
{
	const char *origin = NULL;

	call->cors = cors;
	if (!cors)
		return;
	origin = call_header(call, "origin");
	if (origin != NULL && cors_origin_valid(origin))
		call->page = origin;
}

static int
no_method(struct call *call, enum route_method method,
    const struct route_match *match)
{
	char allow[ROUTES_ALLOW_MAX];

	take_page(call, match->cors);
	routes_allow(match->methods, allow);
	if (method != ROUTE_OPTIONS)
		return reply_method(call, allow);
	return reply_options(call, allow,
	    call->page != NULL &&
		call_header(call, "access-control-request-method") != NULL);
}

/* Whatever is no route is a page, or nothing. */
static int
start_page(struct call *call, enum route_method method)
{
	const struct page *page = pages_find(call->req->path);

	if (page == NULL)
		return reply_error(call, PROTO_ERROR_NOT_FOUND, NULL, NULL);
	call->is_page = true;
	if (method == ROUTE_GET || method == ROUTE_HEAD)
		return reply_page(call, page);
	if (method == ROUTE_OPTIONS)
		return reply_options(call, "GET, HEAD, OPTIONS", false);
	return reply_method(call, "GET, HEAD, OPTIONS");
}

static int
start(struct call *call, int64_t now_ns)
{
	enum route_method method = method_of(call->req);
	struct route_match match;

	switch (routes_find(method, call->req->path, &match)) {
	case ROUTE_NO_PATH:
		return start_page(call, method);
	case ROUTE_NO_METHOD:
		return no_method(call, method, &match);
	case ROUTE_FOUND:
		break;
	}
	call->route = match.route;
	call->id = match.id;
	take_page(call, (call->route->flags & ROUTE_CORS) != 0);
	switch (call->route->action) {
	case ROUTE_HEALTH:
		return health_live(call);
	case ROUTE_READY:
		return health_ready(call);
	case ROUTE_METRICS:
		return health_metrics(call);
	case ROUTE_MESSAGE:
		break;
	}
	if (address_limit_take(call, now_ns) != 0)
		return reply_problem(call);
	return start_message(call, now_ns);
}

/* -------- answers -------- */

static void
write_json(
    struct call *call, const struct proto_record *record, const void *reply)
{
	call->json = json_write(record, reply, &call->json_len);
	if (call->json == NULL) {
		call->failed = true;
		problem_set(&call->problem, PROTO_ERROR_INTERNAL, NULL, NULL);
	}
}

/* A page of the gateway gets the token as a cookie, out of its scripts' reach.
 */
static void
take_session(struct call *call, const void *reply)
{
	const struct auth_session *session = reply;
	struct page_session page = { 0 };

	if (call->info->id == MSG_AUTH_LOGOUT) {
		set_cookie(call, "", 0);
		return;
	}
	page.expires_in = session->expires_in;
	page.user = session->user;
	write_json(call, &proto_page_session, &page);
	if (!call->failed)
		set_cookie(call, session->token, session->expires_in);
}

/* Puts the reply that the call came for where the handler finds it. */
static void
take_reply(struct call *call, const void *reply)
{
	if ((call->route->flags & ROUTE_COOKIE) != 0)
		take_session(call, reply);
	else if (call->route->status != 204)
		write_json(call, call->info->reply, reply);
}

/* auth-svc grants one attempt once its delay is over. */
static void
note_delay(struct call *call)
{
	const struct ratelimit_result limit = {
		.limit = 1,
		.reset_s = call->problem.retry_after,
	};

	call_note_limit(call, &limit);
}

static void
take_error(struct call *call, const struct bus_answer *answer)
{
	call->failed = true;
	call->unsent = answer->failure == NULL &&
	    answer->error == PROTO_ERROR_UNAVAILABLE;
	call_fail(call, answer);
	if (call->problem.error == PROTO_ERROR_RATE_LIMITED)
		note_delay(call);
}

static void
take_account(struct call *call, const struct user *user)
{
	struct overview_query *overview = call->request;
	struct series_query *series = call->request;

	if (call->info->id == MSG_OVERVIEW)
		overview->account_id = user->id;
	else if (call->info->id == MSG_TIMESERIES)
		series->account_id = user->id;
}

void
handle_done(void *owner, const struct bus_answer *answer)
{
	struct call *call = owner;

	call->correlation = 0;
	switch (call->step) {
	case CALL_KEY:
		admit_answer(call, answer);
		break;
	case CALL_ACCOUNT:
		if (answer->error == PROTO_OK)
			take_account(call, answer->reply);
		else
			take_error(call, answer);
		break;
	case CALL_REPLY:
		if (answer->error == PROTO_OK)
			take_reply(call, answer->reply);
		else
			take_error(call, answer);
		break;
	case CALL_START:
	case CALL_STATS:
		break;
	}
	http_request_wakeup(call->req);
}

int
gateway_handle(struct http_request *req)
{
	struct call *call = req->hdlr_extra;
	int64_t now_ns = clock_boot_ns();

	if (call == NULL) {
		call = call_new(req, now_ns);
		/* There are as many as Kore takes requests. */
		if (call == NULL)
			return KORE_RESULT_ERROR;
	}
	switch (call->step) {
	case CALL_START:
		return start(call, now_ns);
	case CALL_KEY:
		return ask_with_key(call, call->request, now_ns);
	case CALL_ACCOUNT:
		if (call->failed)
			return reply_problem(call);
		return ask(call, call->request, now_ns);
	case CALL_REPLY:
		if (may_ask_another(call, now_ns))
			return ask_another(call, now_ns);
		if (call->failed)
			return reply_failure(call);
		return reply_result(call);
	case CALL_STATS:
		return health_metrics_finish(call);
	}
	return KORE_RESULT_ERROR;
}
