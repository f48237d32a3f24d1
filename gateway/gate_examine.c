/*
 * The pure part of the gate: is this the head of a request that Kore reads as
 * its sender meant it (RFC 9112, RFC 9110)? Refused are
 *
 * - 400: control characters; a bare LF or CR; a folded field; a space before
 *   the colon or no colon; a request line that is not METHOD SP target SP
 *   version; a target that is not a path; another version than HTTP/1.0 and
 *   1.1; not exactly one Host, or one that names no host; any
 *   Transfer-Encoding; a Content-Length given twice or not in plain digits; a
 *   field given twice that tells who asks or from where (X-API-Key,
 *   Authorization, Cookie, Origin, Sec-Fetch-Site); a body on GET, HEAD, DELETE
 *   or OPTIONS; bytes past the end of the request (one request is in flight at
 *   a time); another Expect than 100-continue.
 * - 405: a method that Kore does not serve.
 * - 413: a body over GATE_BODY_MAX.
 * - 414: a target over GATE_TARGET_MAX.
 * - 431: more than GATE_FIELDS_MAX fields that count, GATE_FIELDS_CAP fields in
 *   all, or GATE_HEAD_MAX bytes.
 *
 * A POST without a Content-Length has an empty body, as RFC 9112, 6.3 says:
 * `curl -X POST` sends that.
 */
#include <string.h>
#include <strings.h>

#include "gateway/gate.h"
#include "gateway/gate_text.h"

#define METHOD_MAX 16 /* a longer one is no method of ours */

/* Without its CRLF; a longer one holds a target that is too long. */
#define FIRST_LINE_MAX (METHOD_MAX + GATE_TARGET_MAX + sizeof(" / HTTP/1.1"))

/* What was gathered on the way through the head. */
struct head {
	const struct gate_method *method; /* NULL for one we do not know */
	bool old;			  /* HTTP/1.0 */
	bool long_target;
	size_t fields;
	size_t unread; /* of them; known once there are many */
	size_t hosts;
	size_t lengths;
	size_t connections;
	size_t keys;
	size_t authorizations;
	size_t origins;
	size_t sites;
	size_t cookies;
	size_t body_len;
	bool too_large; /* the body */
	bool wants_close;
	bool says_close; /* in a way that Kore understands */
};

static struct gate_result
refuse(struct gate_result result, enum proto_error error, const char *detail)
{
	result.verdict = GATE_REFUSE;
	result.error = error;
	result.detail = detail;
	return result;
}

/* -------- the request line -------- */

static const char long_target[] = "the request target may have 1900 bytes";

static const char *
examine_target(struct gate_text target)
{
	if (target.len == 0 || target.at[0] != '/')
		return "the request target must be a path that begins with /";
	for (size_t i = 0; i < target.len; i++) {
		if (target.at[i] <= ' ' || target.at[i] >= 0x7f ||
		    target.at[i] == '#')
			return "the request target has a character that must "
			       "be percent-encoded";
	}
	return NULL;
}

static const char *
examine_request_line(struct gate_text line, struct head *head)
{
	struct gate_text method, target;

	method = gate_text_until(&line, ' ');
	target = gate_text_until(&line, ' ');
	if (method.len == 0 || !gate_is_token(method))
		return "the request line has no method";
	head->method = gate_method_find(method);
	if (gate_text_is(line, "HTTP/1.0"))
		head->old = true;
	else if (!gate_text_is(line, "HTTP/1.1"))
		return "the request line must end in HTTP/1.1 or HTTP/1.0";
	if (target.len > GATE_TARGET_MAX) {
		head->long_target = true;
		return long_target;
	}
	return examine_target(target);
}

/* -------- fields -------- */

/* A name or an address, and perhaps a port (RFC 9110, 7.2). */
static const char *
examine_host(struct gate_text value)
{
	static const char bad[] = "Host does not name a host";
	size_t i = 0;

	if (value.len == 0 || value.len > GATE_HOST_MAX)
		return bad;
	if (value.at[0] == '[') {
		for (i = 1; i < value.len && value.at[i] != ']'; i++) {
			if (!gate_is_hex(value.at[i]) && value.at[i] != ':' &&
			    value.at[i] != '.')
				return bad;
		}
		if (i == value.len)
			return bad;
		i++;
	} else {
		while (i < value.len &&
		    (gate_is_alnum(value.at[i]) || value.at[i] == '.' ||
			value.at[i] == '-' || value.at[i] == '_'))
			i++;
		if (i == 0)
			return bad;
	}
	if (i < value.len && value.at[i++] != ':')
		return bad;
	for (; i < value.len; i++) {
		if (!gate_is_digit(value.at[i]))
			return bad;
	}
	return NULL;
}

static const char *
examine_length(struct gate_text value, struct head *head)
{
	size_t length = 0;

	if (value.len == 0)
		return "Content-Length must be a number";
	for (size_t i = 0; i < value.len; i++) {
		if (!gate_is_digit(value.at[i]))
			return "Content-Length must be a number";
		length = length * 10 + (size_t)(value.at[i] - '0');
		if (length > GATE_BODY_MAX) {
			/* Stays there: no overflow whatever follows. */
			length = GATE_BODY_MAX;
			head->too_large = true;
		}
	}
	head->body_len = length;
	return NULL;
}

/* Bytes that a value may hold; sets *odd for those that Kore would not take. */
static bool
is_value(struct gate_text value, bool *odd)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = value.at[i];

		if (c >= ' ' && c < 0x7f)
			continue;
		if (c < ' ' && c != '\t')
			return false;
		if (c == 0x7f)
			return false;
		*odd = true;
	}
	return true;
}

static const char *
examine_known(enum gate_field field, struct gate_text value, struct head *head,
    struct gate_result *result)
{
	switch (field) {
	case GATE_FIELD_HOST:
		if (head->hosts++ > 0)
			return "Host is given twice";
		return examine_host(value);
	case GATE_FIELD_LENGTH:
		if (head->lengths++ > 0)
			return "Content-Length is given twice";
		return examine_length(value, head);
	case GATE_FIELD_ENCODING:
		return "Transfer-Encoding is not supported: give a "
		       "Content-Length";
	case GATE_FIELD_EXPECT:
		if (!gate_text_is_any_case(value, "100-continue"))
			return "Expect may only be 100-continue";
		result->expects_continue = true;
		break;
	case GATE_FIELD_CONNECTION:
		head->connections++;
		if (gate_list_has(value, "close")) {
			head->wants_close = true;
			head->says_close = gate_text_is_any_case(
			    value, "close");
		}
		break;
	case GATE_FIELD_HOSTLIKE:
		result->rewrite = true;
		break;
	case GATE_FIELD_KEY:
		if (head->keys++ > 0)
			return "X-API-Key is given twice";
		break;
	case GATE_FIELD_AUTHORIZATION:
		if (head->authorizations++ > 0)
			return "Authorization is given twice";
		break;
	case GATE_FIELD_ORIGIN:
		if (head->origins++ > 0)
			return "Origin is given twice";
		break;
	case GATE_FIELD_SITE:
		if (head->sites++ > 0)
			return "Sec-Fetch-Site is given twice";
		break;
	case GATE_FIELD_COOKIE:
		if (head->cookies++ > 0)
			return "Cookie is given twice";
		break;
	case GATE_FIELD_OTHER:
		break;
	}
	return NULL;
}

static const char *
examine_field(
    struct gate_text line, struct head *head, struct gate_result *result)
{
	struct gate_text name, value, whole;
	bool odd = false;

	if (line.at[0] == ' ' || line.at[0] == '\t')
		return "a header field is folded";
	whole = line;
	name = gate_text_until(&line, ':');
	if (name.len == whole.len)
		return "a header field has no colon";
	if (name.len == 0 || !gate_is_token(name))
		return "a header field has no valid name";
	value = gate_text_trim(line);
	if (!is_value(value, &odd))
		return "a header field has a control character";
	/* Kore takes neither an empty value nor spaces behind one. */
	if (odd || value.len == 0 ||
	    value.at + value.len != whole.at + whole.len)
		result->rewrite = true;
	return examine_known(gate_field_find(name), value, head, result);
}

/* -------- the number of fields -------- */

static size_t
count_unread(struct gate_text lines)
{
	size_t count = 0;

	while (lines.len > 0) {
		struct gate_text line = gate_text_until(&lines, '\n');

		if (gate_field_unread(gate_text_until(&line, ':')))
			count++;
	}
	return count;
}

/* before holds the lines that were examined, line is one field more. */
static bool
is_one_too_many(
    struct gate_text before, struct gate_text line, struct head *head)
{
	head->fields++;
	if (head->fields <= GATE_FIELDS_MAX)
		return false;
	/* Most heads never come here, and their names are not looked up. */
	if (head->fields == GATE_FIELDS_MAX + 1)
		head->unread = count_unread(before);
	if (gate_field_unread(gate_text_until(&line, ':')))
		head->unread++;
	return head->fields > GATE_FIELDS_CAP ||
	    head->fields - head->unread > GATE_FIELDS_MAX;
}

/* -------- the whole -------- */

/* The rest of a line that has not ended yet. */
static const char *
examine_part(struct gate_text part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] == '\r' && i + 1 == part.len)
			break;
		if ((part.at[i] < ' ' && part.at[i] != '\t') ||
		    part.at[i] == 0x7f)
			return "the head has a control character";
	}
	return NULL;
}

/* All fields are there: do they make a request? */
static struct gate_result
conclude(const struct head *head, struct gate_result result, size_t len)
{
	const struct gate_method *method = head->method;

	if (head->hosts == 0)
		return refuse(
		    result, PROTO_ERROR_BAD_REQUEST, "Host is missing");
	/* Kore serves three methods to HTTP/1.0. */
	if (method == NULL || (head->old && !method->old))
		return refuse(result, PROTO_ERROR_METHOD_NOT_ALLOWED,
		    "the server has no such method");
	if (head->too_large)
		return refuse(result, PROTO_ERROR_BODY_TOO_LARGE,
		    "the body may have 65536 bytes");
	if (head->body_len > 0 && !method->has_body)
		return refuse(result, PROTO_ERROR_BAD_REQUEST,
		    "a request with this method has no body");
	if (len - result.head_len > head->body_len)
		return refuse(result, PROTO_ERROR_BAD_REQUEST,
		    "there are bytes after the end of the request: wait for "
		    "the answer before sending another");
	if (head->old)
		result.expects_continue = false;
	if (head->fields > GATE_FIELDS_MAX ||
	    (method->has_body && head->lengths == 0) ||
	    (head->wants_close && (!head->says_close || head->connections > 1)))
		result.rewrite = true;
	result.body_len = head->body_len;
	result.verdict = GATE_ACCEPT;
	return result;
}

struct gate_result
gate_examine(const unsigned char *bytes, size_t len)
{
	struct gate_result result = { .verdict = GATE_MORE };
	struct gate_text rest = { bytes, len };
	struct head head = { 0 };
	const char *fault = NULL;
	bool first = true;

	for (;;) {
		const unsigned char *end = memchr(rest.at, '\n', rest.len);
		struct gate_text line = rest;

		if (end == NULL)
			break;
		line.len = (size_t)(end - rest.at);
		rest.at = end + 1;
		rest.len -= line.len + 1;
		if (first && line.len > FIRST_LINE_MAX)
			return refuse(
			    result, PROTO_ERROR_TARGET_TOO_LONG, long_target);
		if ((size_t)(rest.at - bytes) > GATE_HEAD_MAX)
			return refuse(result, PROTO_ERROR_HEADERS_TOO_LARGE,
			    "the head may have 8192 bytes");
		if (line.len == 0 || line.at[line.len - 1] != '\r')
			return refuse(result, PROTO_ERROR_BAD_REQUEST,
			    "a line of the head ends in a bare LF");
		line.len--;
		if (line.len == 0 && !first) {
			result.head_len = (size_t)(rest.at - bytes);
			return conclude(&head, result, len);
		}
		if (first) {
			fault = examine_request_line(line, &head);
			result.is_head = head.method != NULL &&
			    head.method->is_head;
			first = false;
		} else if (is_one_too_many((struct gate_text){ bytes,
					       (size_t)(line.at - bytes) },
			       line, &head)) {
			return refuse(result, PROTO_ERROR_HEADERS_TOO_LARGE,
			    "the head may have 20 fields");
		} else {
			fault = examine_field(line, &head, &result);
		}
		if (fault != NULL)
			return refuse(result,
			    head.long_target ? PROTO_ERROR_TARGET_TOO_LONG
					     : PROTO_ERROR_BAD_REQUEST,
			    fault);
	}
	if (first && rest.len > FIRST_LINE_MAX)
		return refuse(result, PROTO_ERROR_TARGET_TOO_LONG, long_target);
	if (len >= GATE_HEAD_MAX)
		return refuse(result, PROTO_ERROR_HEADERS_TOO_LARGE,
		    "the head may have 8192 bytes");
	fault = examine_part(rest);
	if (fault != NULL)
		return refuse(result, PROTO_ERROR_BAD_REQUEST, fault);
	return result;
}
