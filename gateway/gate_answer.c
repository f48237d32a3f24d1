/*
 * The answer that the gate itself gives: a whole response, because there is no
 * request yet that Kore could answer.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/cors.h"
#include "gateway/gate.h"
#include "gateway/gate_text.h"
#include "gateway/json.h"
#include "gateway/routes.h"

#define TEXT_MAX 255 /* bytes of a title or detail, before escaping */

/* RFC 9110, 15 and RFC 6585, 5; Kore does not know them all. */
static const char *
reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 400, "Bad Request" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 431, "Request Header Fields Too Large" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "";
}

static const char *
extra_field(enum proto_error error)
{
	if (error == PROTO_ERROR_METHOD_NOT_ALLOWED)
		return "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
		       "\r\n";
	if (error == PROTO_ERROR_BUSY)
		return "Retry-After: 1\r\n";
	return "";
}

/* -------- web pages -------- */

/* True when pages may call the target of a request line. */
static bool
pages_may_call(struct gate_text line)
{
	char path[GATE_TARGET_MAX + 1];
	struct route_match match;
	struct gate_text target;

	(void)gate_text_until(&line, ' ');
	target = gate_text_until(&line, ' ');
	target = gate_text_until(&target, '?');
	if (target.len >= sizeof(path) ||
	    memchr(target.at, '\0', target.len) != NULL)
		return false;
	memcpy(path, target.at, target.len);
	path[target.len] = '\0';
	/* No route has this method: it gathers what all of them are. */
	return routes_find(ROUTE_OPTIONS, path, &match) == ROUTE_NO_METHOD &&
	    match.cors;
}

void
gate_page(
    const unsigned char *bytes, size_t len, char page[PROTO_ORIGIN_MAX + 1])
{
	struct gate_text rest = { bytes, len };
	struct gate_text line = gate_text_until(&rest, '\n');
	struct gate_text name;

	page[0] = '\0';
	if (!pages_may_call(line))
		return;
	/* A line that has not ended yet is none, nor is what follows a head. */
	while (memchr(rest.at, '\n', rest.len) != NULL) {
		line = gate_text_until(&rest, '\n');
		if (line.len <= 1)
			break;
		line.len--;
		name = gate_text_until(&line, ':');
		if (gate_field_find(name) != GATE_FIELD_ORIGIN)
			continue;
		line = gate_text_trim(line);
		if (line.len > PROTO_ORIGIN_MAX ||
		    memchr(line.at, '\0', line.len) != NULL)
			break;
		memcpy(page, line.at, line.len);
		page[line.len] = '\0';
		if (!cors_origin_valid(page))
			page[0] = '\0';
		break;
	}
}

/* -------- the text -------- */

size_t
gate_answer(char *out, size_t size, const struct gate_refusal *refusal)
{
	const struct proto_error_info *info = proto_error_find(
	    (int64_t)refusal->error);
	const bool page = refusal->page[0] != '\0';
	char body[GATE_ANSWER_MAX], request_id[UUID_TEXT_MAX + 1];
	char quoted[6 * TEXT_MAX + 3];
	int body_len, len;

	if (strlen(refusal->detail) > TEXT_MAX)
		return 0;
	uuid_format(&refusal->id, request_id);
	(void)json_quote(quoted, refusal->detail);
	body_len = snprintf(body, sizeof(body),
	    "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
	    "\"detail\":%s,\"code\":\"%s\",\"requestId\":\"%s\"}",
	    info->title, info->status, quoted, info->code, request_id);
	if (body_len < 0 || (size_t)body_len >= sizeof(body))
		return 0;
	len = snprintf(out, size,
	    "HTTP/1.1 %d %s\r\n"
	    "Server: " GATE_SERVER "\r\n"
	    "Connection: close\r\n"
	    "Content-Type: application/problem+json\r\n"
	    "X-Request-Id: %s\r\n"
	    "%s"
	    "%s%s%s"
	    "Content-Length: %d\r\n"
	    "\r\n"
	    "%s",
	    info->status, reason_of(info->status), request_id,
	    extra_field(refusal->error),
	    page ? "Vary: Origin\r\n"
		   "Access-Control-Expose-Headers: " CORS_EXPOSED "\r\n"
		   "Access-Control-Allow-Origin: "
		 : "",
	    refusal->page, page ? "\r\n" : "", body_len,
	    refusal->headers_only ? "" : body);
	if (len < 0 || (size_t)len >= size)
		return 0;
	return (size_t)len;
}
