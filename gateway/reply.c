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

/* Which row of the metrics counts the call. */
static size_t
row_of(const struct call *call)
{
	if (call->route != NULL)
		return (size_t)(call->route - routes);
	return routes_count + (call->is_page ? METRICS_PAGES : METRICS_OTHER);
}

/* Counts the answer and adds what every one has; false when nobody waits. */
static bool
begin_answer(struct call *call, int status, const char *type)
{
	struct http_request *req = call->req;
	char id[UUID_TEXT_MAX + 1];

	metrics_request(gateway.counters, row_of(call), status,
	    clock_boot_ns() - call->start_ns);
	if (req->owner == NULL)
		return false;
	uuid_format(&call->trace, id);
	http_response_header(req, "x-request-id", id);
	if (type != NULL)
		http_response_header(req, "content-type", type);
	if (gateway.draining)
		req->owner->flags |= CONN_CLOSE_EMPTY;
	return true;
}

static int
send_answer(struct call *call, int status, const char *type, const void *body,
    size_t len)
{
	struct http_request *req = call->req;

	if (!begin_answer(call, status, type))
		return KORE_RESULT_OK;
	http_response_header(req, "cache-control", "no-store");
	add_page(call);
	add_limit(call);
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

/* -------- pages -------- */

/*
 * For documents: nothing but this gateway's own files, no page around it, and
 * nothing of the browser's that it does not use. A script alone ignores most.
 */
static const struct {
	const char *name;
	const char *value;
} page_fields[] = {
	{ "content-security-policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'" },
	{ "x-content-type-options", "nosniff" },
	{ "referrer-policy", "same-origin" },
	{ "cross-origin-opener-policy", "same-origin" },
	{ "permissions-policy",
	    "accelerometer=(), autoplay=(), camera=(), display-capture=(), "
	    "encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), "
	    "magnetometer=(), microphone=(), midi=(), payment=(), "
	    "picture-in-picture=(), publickey-credentials-get=(), "
	    "screen-wake-lock=(), usb=(), xr-spatial-tracking=()" },
};

static void
add_cache(struct http_request *req, enum page_cache cache)
{
	const char *value = NULL;

	switch (cache) {
	case PAGE_HASHED:
		value = "public, max-age=31536000, immutable";
		break;
	case PAGE_CHECKED:
		value = "no-cache";
		break;
	case PAGE_HOUR:
		value = "public, max-age=3600";
		http_response_header(req, "access-control-allow-origin", "*");
		http_response_header(
		    req, "cross-origin-resource-policy", "cross-origin");
		break;
	}
	http_response_header(req, "cache-control", value);
}

int
reply_page(struct call *call, const struct page *page)
{
	struct http_request *req = call->req;
	struct page_choice choice;
	size_t len;

	pages_choose(page, call_header(call, "accept-encoding"),
	    call_header(call, "if-none-match"), &choice);
	len = (size_t)(choice.bytes->end - choice.bytes->start);
	if (!begin_answer(call, choice.unchanged ? 304 : 200, page->type))
		return KORE_RESULT_OK;
	for (size_t i = 0; i < sizeof(page_fields) / sizeof(page_fields[0]);
	     i++)
		http_response_header(
		    req, page_fields[i].name, page_fields[i].value);
	add_cache(req, page->cache);
	http_response_header(req, "etag", choice.etag);
	http_response_header(req, "vary", "Accept-Encoding");
	if (choice.gzip)
		http_response_header(req, "content-encoding", "gzip");
	/* Kore tells the length, and sends no body without one. */
	if (choice.unchanged || req->method == HTTP_METHOD_HEAD)
		http_response(req, choice.unchanged ? 304 : 200, NULL, len);
	else
		/* From the program's own memory: nothing to copy or to free. */
		http_response_stream(req, 200,
		    (void *)(uintptr_t)choice.bytes->start, len, NULL, NULL);
	gate_response_sent(req->owner);
	return KORE_RESULT_OK;
}
