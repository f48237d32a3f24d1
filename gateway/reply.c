/*
 * Answers; see reply.h.
 *
 * Kore puts a header field's text on the wire as it is. Nothing of a client's
 * may get there, but for an Origin that cors.c has found to be one.
 */
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "gateway/cors.h"
#include "gateway/gate.h"
#include "gateway/gateway.h"
#include "gateway/reply.h"

#define JSON_TYPE     "application/json"
#define PROBLEM_TYPE  "application/problem+json"
#define PREFLIGHT_AGE "600" /* seconds that a browser may remember it */

static void
add_number(struct call *call, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	http_response_header(call->req, name, text);
}

static void
add_limit(struct call *call)
{
	if (!call->limited)
		return;
	add_number(call, "ratelimit-limit", call->limit.limit);
	add_number(call, "ratelimit-remaining", call->limit.remaining);
	add_number(call, "ratelimit-reset", call->limit.reset_s);
}

static void
add_page(struct call *call)
{
	if (call->cors)
		http_response_header(call->req, "vary", "Origin");
	if (call->page == NULL)
		return;
	http_response_header(
	    call->req, "access-control-allow-origin", call->page);
	http_response_header(
	    call->req, "access-control-expose-headers", CORS_EXPOSED);
}

/* Adds the common fields, sends, counts. */
static int
send_answer(struct call *call, int status, const char *type, const void *body,
    size_t len)
{
	struct http_request *req = call->req;
	size_t row = call->route == NULL ? routes_count
					 : (size_t)(call->route - routes);
	char id[UUID_TEXT_MAX + 1];

	metrics_request(
	    gateway.counters, row, status, clock_boot_ns() - call->start_ns);
	if (req->owner == NULL)
		return KORE_RESULT_OK;
	uuid_format(&call->trace, id);
	http_response_header(req, "x-request-id", id);
	http_response_header(req, "cache-control", "no-store");
	if (type != NULL)
		http_response_header(req, "content-type", type);
	add_page(call);
	add_limit(call);
	if (gateway.draining)
		req->owner->flags |= CONN_CLOSE_EMPTY;
	http_response(req, status, body, len);
	gate_response_sent(req->owner);
	return KORE_RESULT_OK;
}

/* RFC 9110 wants every 401 to say how to do better. */
static const char *
authentication(const struct call *call)
{
	if (call->route == NULL)
		return "Bearer";
	switch (call->route->auth) {
	case ROUTE_KEY_ANY:
	case ROUTE_KEY_SECRET:
		return "ApiKey realm=\"aiCAPTCHA\"";
	case ROUTE_PUBLIC:
	case ROUTE_JWT:
		break;
	}
	return call->problem.error == PROTO_ERROR_INVALID_TOKEN
	    ? "Bearer realm=\"aiCAPTCHA\", error=\"invalid_token\""
	    : "Bearer realm=\"aiCAPTCHA\"";
}

int
reply_problem(struct call *call)
{
	int status = proto_error_find((int64_t)call->problem.error)->status;
	char text[PROBLEM_TEXT_MAX];
	size_t len;

	if (status == 401)
		http_response_header(
		    call->req, "www-authenticate", authentication(call));
	if (status == 503)
		metrics_add(gateway.counters, METRICS_UNAVAILABLE, 1);
	if (call->problem.retry_after > 0)
		add_number(call, "retry-after", call->problem.retry_after);
	len = problem_write(&call->problem, &call->trace,
	    call->route != NULL && (call->route->flags & ROUTE_LEGACY) != 0,
	    text);
	return send_answer(call, status, PROBLEM_TYPE, text, len);
}

int
reply_error(struct call *call, enum proto_error error, const char *field,
    const char *detail)
{
	if (detail == NULL)
		problem_set(&call->problem, error, field, NULL);
	else
		problem_set(&call->problem, error, field, "%s", detail);
	return reply_problem(call);
}

int
reply_method(struct call *call, const char *allow)
{
	http_response_header(call->req, "allow", allow);
	return reply_error(call, PROTO_ERROR_METHOD_NOT_ALLOWED, NULL, NULL);
}

int
reply_result(struct call *call)
{
	if (call->route->status == 204)
		return send_answer(call, 204, NULL, NULL, 0);
	return send_answer(
	    call, call->route->status, JSON_TYPE, call->json, call->json_len);
}

int
reply_text(struct call *call, int status, const char *type, const char *text,
    size_t len)
{
	return send_answer(call, status, type, text, len);
}

int
reply_options(struct call *call, const char *allow, bool preflight)
{
	struct http_request *req = call->req;

	http_response_header(req, "allow", allow);
	if (preflight) {
		http_response_header(
		    req, "access-control-allow-methods", "POST");
		http_response_header(req, "access-control-allow-headers",
		    "content-type, x-api-key");
		http_response_header(
		    req, "access-control-max-age", PREFLIGHT_AGE);
	}
	return send_answer(call, 204, NULL, NULL, 0);
}
