/*
 * Problems and their text; see problem.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/json.h"
#include "gateway/problem.h"

#define UNAVAILABLE_RETRY_S 1

static void
copy_text(char *out, size_t size, const char *text)
{
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void
problem_set(struct problem *problem, enum proto_error error, const char *field,
    const char *format, ...)
{
	va_list args;

	memset(problem, 0, sizeof(*problem));
	problem->error = error;
	if (field != NULL)
		copy_text(problem->field, sizeof(problem->field), field);
	if (format != NULL) {
		va_start(args, format);
		if (vsnprintf(problem->detail, sizeof(problem->detail), format,
			args) < 0)
			problem->detail[0] = '\0';
		va_end(args);
	}
	if (proto_error_find((int64_t)error)->status == 503)
		problem->retry_after = UNAVAILABLE_RETRY_S;
}

void
problem_from(struct problem *problem, const struct failure *failure)
{
	const struct proto_error_info *info = proto_error_find(failure->error);

	problem_set(
	    problem, info->error, failure->field, "%s", failure->detail);
	if (PROTO_HAS(failure, failure, retry_after) &&
	    failure->retry_after > 0)
		problem->retry_after = failure->retry_after;
}

void
problem_from_json(struct problem *problem, const struct json_problem *fault)
{
	problem_set(problem,
	    fault->short_of_memory ? PROTO_ERROR_UNAVAILABLE
				   : PROTO_ERROR_BAD_REQUEST,
	    fault->field, "%s", fault->detail);
	problem->missing = fault->missing;
}

static const char *
turnstile_code(const struct problem *problem, int status)
{
	if (status >= 500)
		return "internal-error";
	if (status == 429)
		return "rate-limited";
	if (problem->error == PROTO_ERROR_UNAUTHORIZED)
		return "missing-input-secret";
	if (status == 401 || status == 403)
		return "invalid-input-secret";
	if (!problem->missing)
		return "bad-request";
	if (strcmp(problem->field, "secret") == 0)
		return "missing-input-secret";
	if (strcmp(problem->field, "token") == 0 ||
	    strcmp(problem->field, "response") == 0)
		return "missing-input-response";
	return "bad-request";
}

/* Puts text there as it is, with its NUL; the caller has counted the room. */
static size_t
put(char *out, const char *text)
{
	size_t len = strlen(text);

	memcpy(out, text, len + 1);
	return len;
}

size_t
problem_write(const struct problem *problem, const struct uuid *trace,
    bool turnstile, char text[PROBLEM_TEXT_MAX])
{
	const struct proto_error_info *info = proto_error_find(
	    (int64_t)problem->error);
	const char *detail = problem->detail[0] != '\0' ? problem->detail
							: info->title;
	char id[UUID_TEXT_MAX + 1];
	char status[16];
	size_t len = 0;

	uuid_format(trace, id);
	snprintf(status, sizeof(status), "%d", info->status);
	len += put(text + len, "{\"type\":\"about:blank\",\"title\":");
	len += json_quote(text + len, info->title);
	len += put(text + len, ",\"status\":");
	len += put(text + len, status);
	len += put(text + len, ",\"detail\":");
	len += json_quote(text + len, detail);
	len += put(text + len, ",\"code\":");
	len += json_quote(text + len, info->code);
	len += put(text + len, ",\"requestId\":\"");
	len += put(text + len, id);
	len += put(text + len, "\"");
	if (problem->field[0] != '\0') {
		len += put(text + len, ",\"errors\":[{\"field\":");
		len += json_quote(text + len, problem->field);
		len += put(text + len, ",\"detail\":");
		len += json_quote(text + len, detail);
		len += put(text + len, "}]");
	}
	if (turnstile) {
		len += put(
		    text + len, ",\"success\":false,\"error-codes\":[\"");
		len += put(text + len, turnstile_code(problem, info->status));
		len += put(text + len, "\"]");
	}
	len += put(text + len, "}");
	return len;
}
