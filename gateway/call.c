/*
 * The table of calls; see call.h.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/secret.h"
#include "gateway/call.h"
#include "gateway/gateway.h"
#include "gateway/handle.h"
#include "gateway/health.h"

#define NS_PER_MS INT64_C(1000000)

static struct call *calls;
static struct call *spare_calls;
static size_t calls_used;

int
calls_init(size_t count)
{
	calls = calloc(count, sizeof(*calls));
	if (calls == NULL)
		return -1;
	/* From the end, so that the first ones are taken first. */
	for (size_t i = count; i > 0; i--) {
		calls[i - 1].spare = spare_calls;
		spare_calls = &calls[i - 1];
	}
	return 0;
}

void
calls_free(void)
{
	free(calls);
	calls = NULL;
	spare_calls = NULL;
}

size_t
calls_count(void)
{
	return calls_used;
}

static void
drop_request(struct call *call)
{
	if (call->request == NULL)
		return;
	proto_wipe(call->info->request, call->request);
	free(call->request);
	call->request = NULL;
}

static void
wipe_cookie(struct http_request *req)
{
	struct http_header *field = NULL;

	TAILQ_FOREACH(field, &req->resp_headers, list)
	{
		if (strcmp(field->header, "set-cookie") == 0)
			sodium_memzero(field->value, strlen(field->value));
	}
}

/*
 * Kore frees without wiping. The gate has handed it the request in one buffer
 * (see gate.c), of which it made a copy of the body; and it keeps copies of the
 * answer's fields, of which Set-Cookie may hold a session.
 */
static void
wipe_request(struct call *call)
{
	struct http_request *req = call->req;

	if (call->route != NULL && (call->route->flags & ROUTE_COOKIE) != 0)
		wipe_cookie(req);
	if (req->headers != NULL)
		sodium_memzero(req->headers, call->req_bytes);
	if (req->http_body != NULL)
		sodium_memzero(req->http_body->data, req->http_body->length);
}

/* Kore is about to free the request: answered, or its client left. */
static void
on_free(struct http_request *req)
{
	struct call *call = req->hdlr_extra;

	req->hdlr_extra = NULL;
	if (call == NULL)
		return;
	if (call->correlation != 0)
		bus_forget(gateway.bus, call->correlation);
	if (call->scrape != NULL)
		health_forget(call->scrape);
	if (req->status == 0)
		metrics_add(gateway.counters, METRICS_CLIENTS_LEFT, 1);
	drop_request(call);
	if (call->json != NULL) {
		/* It may hold a new key, shown this once. */
		sodium_memzero(call->json, call->json_len);
		free(call->json);
	}
	call->json = NULL;
	wipe_request(call);
	call->req = NULL;
	call->spare = spare_calls;
	spare_calls = call;
	calls_used--;
}

struct call *
call_new(struct http_request *req, int64_t now_ns)
{
	struct call *call = spare_calls;

	if (call == NULL)
		return NULL;
	spare_calls = call->spare;
	calls_used++;
	memset(call, 0, sizeof(*call));
	call->req = req;
	call->req_bytes = req->owner->rnb->s_off;
	call->start_ns = now_ns;
	secret_uuid(&call->trace);
	req->hdlr_extra = call;
	/* Without this Kore would free what hdlr_extra points at. */
	req->flags |= HTTP_REQUEST_RETAIN_EXTRA;
	req->onfree = on_free;
	return call;
}

int
call_keep(struct call *call, const void *request)
{
	if (call->request == request)
		return 0;
	if (call->request == NULL)
		call->request = malloc(call->info->request->size);
	if (call->request == NULL) {
		problem_set(&call->problem, PROTO_ERROR_BUSY, NULL, NULL);
		return -1;
	}
	memcpy(call->request, request, call->info->request->size);
	return 0;
}

int64_t
call_deadline(const struct call *call)
{
	return call->start_ns + gateway.config.request_timeout_ms * NS_PER_MS;
}

int
call_send(struct call *call, size_t endpoint, enum proto_message message,
    const void *body, enum call_step step, int64_t now_ns, int64_t deadline_ns)
{
	struct bus_request request = {
		.endpoint = endpoint,
		.message = message,
		.body = body,
		.trace = call->trace,
		.now_ns = now_ns,
		.deadline_ns = deadline_ns,
		.done = handle_done,
		.owner = call,
	};
	enum proto_error error;

	error = bus_send(gateway.bus, &request, &call->correlation);
	if (error != PROTO_OK) {
		problem_set(&call->problem, error, NULL, NULL);
		return -1;
	}
	call->step = step;
	http_request_sleep(call->req);
	return 0;
}

void
call_fail(struct call *call, const struct bus_answer *answer)
{
	if (answer->failure != NULL)
		problem_from(&call->problem, answer->failure);
	else if (answer->error != PROTO_ERROR_LOST)
		problem_set(&call->problem, answer->error, NULL, NULL);
	else if (call->step == CALL_REPLY)
		problem_set(&call->problem, PROTO_ERROR_LOST, NULL,
		    "the connection to the service was lost: whether it has "
		    "done what was asked is not known");
	else
		problem_set(
		    &call->problem, PROTO_ERROR_UNAVAILABLE, NULL, NULL);
}

void
call_note_limit(struct call *call, const struct ratelimit_result *limit)
{
	if (call->limited && call->limit.allowed && limit->allowed &&
	    call->limit.remaining <= limit->remaining)
		return;
	call->limited = true;
	call->limit = *limit;
}

const char *
call_header(const struct call *call, const char *name)
{
	const char *value = NULL;

	if (http_request_header(call->req, name, &value) != KORE_RESULT_OK)
		return NULL;
	return value;
}
