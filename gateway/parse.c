/*
 * From an HTTP request to a message; see parse.h.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "gateway/json.h"
#include "gateway/parse.h"
#include "gateway/session.h"

/* challenge_redeem with `token` optional, since `response` may stand for it. */
static struct proto_field redeem_fields[BITS_challenge_redeem];
static struct proto_record redeem_record;

int
parse_init(void)
{
	redeem_record = proto_challenge_redeem;
	if (redeem_record.count > BITS_challenge_redeem)
		return -1;
	memcpy(redeem_fields, proto_challenge_redeem.fields,
	    redeem_record.count * sizeof(redeem_fields[0]));
	redeem_fields[BIT_challenge_redeem_token].flags |= PROTO_FLAG_OPT;
	redeem_record.fields = redeem_fields;
	return 0;
}

/* True when the value of Content-Type names the type, parameters aside. */
static bool
is_type(const char *value, const char *type)
{
	size_t len = strlen(type);

	if (strncasecmp(value, type, len) != 0)
		return false;
	value += len;
	value += strspn(value, " \t");
	return *value == '\0' || *value == ';';
}

int
parse_body(struct call *call, struct parse_body *body)
{
	const struct http_request *req = call->req;
	const char *type = call_header(call, "content-type");
	bool form = (call->route->flags & ROUTE_FORM) != 0;

	memset(body, 0, sizeof(*body));
	if (req->http_body != NULL && req->http_body_length > 0) {
		body->text = (char *)req->http_body->data;
		body->len = req->http_body_length;
	}
	if (call->route->method == ROUTE_GET ||
	    call->route->method == ROUTE_DELETE)
		return 0;
	/* Where there is nothing, its type does not matter. */
	if (body->len == 0)
		return 0;
	if (type != NULL && is_type(type, "application/json"))
		return 0;
	if (form && type != NULL &&
	    is_type(type, "application/x-www-form-urlencoded")) {
		body->form = true;
		return 0;
	}
	problem_set(&call->defect, PROTO_ERROR_UNSUPPORTED_MEDIA_TYPE, NULL,
	    "the Content-Type must be application/json%s",
	    form ? " or application/x-www-form-urlencoded" : "");
	return -1;
}

/* Turnstile's name of the token, when there is none under ours. */
static int
take_response(struct call *call, const struct parse_body *body,
    struct challenge_redeem *request)
{
	struct json_problem fault;

	if (PROTO_HAS(request, challenge_redeem, token))
		return 0;
	switch (json_peek(body->text, body->len, body->form, "response",
	    request->token, sizeof(request->token), &fault)) {
	case JSON_PEEK_FOUND:
		if (request->token[0] != '\0') {
			PROTO_SET(request, challenge_redeem, token);
			return 0;
		}
		fault = (struct json_problem){ .field = "response",
			.detail = "response must not be empty",
			.missing = true };
		break;
	case JSON_PEEK_ABSENT:
		fault = (struct json_problem){ .field = "token",
			.detail = "token is required",
			.missing = true };
		break;
	case JSON_PEEK_LONG:
		fault = (struct json_problem){ .field = "response" };
		snprintf(fault.detail, sizeof(fault.detail),
		    "response must be at most %d bytes long", PROTO_TOKEN_MAX);
		break;
	case JSON_PEEK_FAULT:
		break;
	}
	problem_from_json(&call->defect, &fault);
	return -1;
}

static void
set_path_id(const struct call *call, void *request)
{
	const struct proto_record *record = call->info->request;
	const struct proto_field *field;
	uint64_t *present = request;

	for (size_t i = 0; i < record->count; i++) {
		field = &record->fields[i];
		if ((field->flags & PROTO_FLAG_PATH) == 0)
			continue;
		memcpy((uint8_t *)request + field->offset, &call->id,
		    sizeof(call->id));
		*present |= UINT64_C(1) << i;
	}
}

int
parse_request(struct call *call, const struct parse_body *body, void *request)
{
	const struct proto_record *record = call->info->request;
	bool legacy = (call->route->flags & ROUTE_LEGACY) != 0;
	const char *query = call->req->query_string;
	struct json_problem problem = { 0 };
	int rc = 0;

	set_path_id(call, request);
	if (legacy)
		record = &redeem_record;
	if ((call->route->flags & ROUTE_QUERY) != 0)
		rc = json_read_form(record, request, query == NULL ? "" : query,
		    query == NULL ? 0 : strlen(query), &problem);
	else if (call->route->method == ROUTE_POST ||
	    call->route->method == ROUTE_PATCH)
		rc = body->form ? json_read_form(record, request, body->text,
				      body->len, &problem)
				: json_read(record, request, body->text,
				      body->len, &problem);
	if (rc != 0) {
		problem_from_json(&call->defect, &problem);
		return -1;
	}
	if (legacy)
		return take_response(call, body, request);
	return 0;
}

static const struct proto_field *
find_field(const struct proto_record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++) {
		if (strcmp(record->fields[i].name, name) == 0)
			return &record->fields[i];
	}
	return NULL;
}

int
parse_own_page(struct call *call)
{
	const struct session_source source = {
		.host = call_header(call, "host"),
		.origin = call_header(call, "origin"),
		.site = call_header(call, "sec-fetch-site"),
	};
	const bool reads = call->req->method == HTTP_METHOD_GET ||
	    call->req->method == HTTP_METHOD_HEAD;

	if (session_from_own_page(&source, reads))
		return 0;
	problem_set(&call->problem, PROTO_ERROR_FORBIDDEN, NULL,
	    "a session in a cookie is only for pages of this very host");
	return -1;
}

/* The access token of the request and its length; 0 with the problem set. */
static size_t
find_token(struct call *call, const char **token)
{
	const char *value = call_header(call, "authorization");
	size_t len;

	if (value == NULL) {
		len = session_find(call_header(call, "cookie"), token);
		if (len > 0 && parse_own_page(call) == 0)
			return len;
		if (len > 0)
			return 0;
	} else if (strncasecmp(value, "bearer ", 7) == 0) {
		*token = value + strlen("bearer ");
		*token += strspn(*token, " ");
		len = strlen(*token);
		if (len > 0)
			return len;
	}
	problem_set(&call->problem, PROTO_ERROR_UNAUTHORIZED, NULL,
	    "an access token is required: Authorization: Bearer");
	return 0;
}

int
parse_bearer(
    struct call *call, const struct proto_record *record, void *request)
{
	const struct proto_field *field = find_field(record, "jwt");
	const char *token = NULL;
	const size_t len = find_token(call, &token);
	uint64_t *present = request;

	if (len == 0)
		return -1;
	if (field == NULL || len > PROTO_JWT_MAX) {
		problem_set(
		    &call->problem, PROTO_ERROR_INVALID_TOKEN, NULL, NULL);
		return -1;
	}
	memcpy((uint8_t *)request + field->offset, token, len);
	((char *)request + field->offset)[len] = '\0';
	*present |= UINT64_C(1) << (field - record->fields);
	return 0;
}

void
parse_wipe(struct parse_body *body)
{
	if (body->text != NULL)
		sodium_memzero(body->text, body->len);
	body->text = NULL;
	body->len = 0;
}
