/*
 * The answer that the gate itself gives: a whole response, because there is no
 * request yet that Kore could answer.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/gate.h"
#include "gateway/json.h"

#define TEXT_MAX 255 /* bytes of a title or detail, before escaping */

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

size_t
gate_answer(char *out, size_t size, enum proto_error error, const char *detail,
    const char *reason, const struct uuid *id, bool headers_only)
{
	const struct proto_error_info *info = proto_error_find(error);
	char body[GATE_ANSWER_MAX], request_id[UUID_TEXT_MAX + 1];
	char quoted[6 * TEXT_MAX + 3];
	int body_len, len;

	if (strlen(detail) > TEXT_MAX)
		return 0;
	uuid_format(id, request_id);
	(void)json_quote(quoted, detail);
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
	    "Content-Length: %d\r\n"
	    "\r\n"
	    "%s",
	    info->status, reason, request_id, extra_field(error), body_len,
	    headers_only ? "" : body);
	if (len < 0 || (size_t)len >= size)
		return 0;
	return (size_t)len;
}
