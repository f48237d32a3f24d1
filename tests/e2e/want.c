/*
 * What a test wants of an answer; see want.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "tests/e2e/want.h"

#define NAMES_SIZE 1024

const char *
reply_header(struct client *client, const struct reply *reply, const char *name)
{
	const char *line = reply->headers;
	size_t len = strlen(name);

	while (line != NULL && *line != '\0') {
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			line += strspn(line, " \t");
			return client_text(
			    client, "%.*s", (int)strcspn(line, "\r\n"), line);
		}
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return NULL;
}

json_t *
reply_member(const struct reply *reply, const char *path)
{
	json_t *at = reply->json;
	char name[64];
	size_t len;

	while (at != NULL && *path != '\0') {
		len = strcspn(path, ".");
		assert_true(len < sizeof(name));
		memcpy(name, path, len);
		name[len] = '\0';
		at = json_object_get(at, name);
		path += len + (path[len] == '.');
	}
	return at;
}

void
want_status(const struct reply *reply, int status)
{
	if (reply->status != status)
		fail_msg("%s: %d instead of %d: %.600s", reply->what,
		    reply->status, status, reply->body);
}

void
want_members(const struct reply *reply, const char *path, const char *names)
{
	json_t *object = reply_member(reply, path);
	char there[NAMES_SIZE] = "";
	size_t len = 0;
	const char *name = NULL;
	json_t *value = NULL;

	if (!json_is_object(object))
		fail_msg("%s: no object \"%s\" in %.600s", reply->what, path,
		    reply->body);
	json_object_foreach(object, name, value)
	{
		len += (size_t)snprintf(there + len, sizeof(there) - len,
		    "%s%s", len > 0 ? " " : "", name);
		assert_true(len < sizeof(there));
	}
	if (strcmp(there, names) != 0)
		fail_msg("%s: \"%s\" has the members [%s] instead of [%s]",
		    reply->what, path, there, names);
}

static void
wrong_type(const struct reply *reply, const char *path, const char *type)
{
	fail_msg("%s: \"%s\" is no %s in %.600s", reply->what, path, type,
	    reply->body);
}

const char *
want_string(const struct reply *reply, const char *path)
{
	json_t *value = reply_member(reply, path);

	if (!json_is_string(value))
		wrong_type(reply, path, "string");
	return json_string_value(value);
}

int64_t
want_integer(const struct reply *reply, const char *path)
{
	json_t *value = reply_member(reply, path);

	if (!json_is_integer(value))
		wrong_type(reply, path, "whole number");
	return json_integer_value(value);
}

double
want_number(const struct reply *reply, const char *path)
{
	json_t *value = reply_member(reply, path);

	if (!json_is_number(value))
		wrong_type(reply, path, "number");
	return json_number_value(value);
}

bool
want_boolean(const struct reply *reply, const char *path)
{
	json_t *value = reply_member(reply, path);

	if (!json_is_boolean(value))
		wrong_type(reply, path, "boolean");
	return json_is_true(value);
}

void
want_null(const struct reply *reply, const char *path)
{
	if (!json_is_null(reply_member(reply, path)))
		wrong_type(reply, path, "null");
}

json_t *
want_array(const struct reply *reply, const char *path)
{
	json_t *value = reply_member(reply, path);

	if (!json_is_array(value))
		wrong_type(reply, path, "array");
	return value;
}

void
want_problem(struct client *client, const struct reply *reply, int status,
    const char *code, const char *field)
{
	const char *type = reply_header(client, reply, "Content-Type");
	const char *id = reply_header(client, reply, "X-Request-Id");
	json_t *errors = NULL;
	const char *named = NULL;

	want_status(reply, status);
	assert_non_null(type);
	assert_non_null(id);
	assert_string_equal(type, "application/problem+json");
	if (strcmp(want_string(reply, "code"), code) != 0)
		fail_msg("%s: not the code %s: %.600s", reply->what, code,
		    reply->body);
	/* siteverify says it in Turnstile's words, too. */
	want_members(reply, "",
	    client_text(client, "type title status detail code requestId%s%s",
		field != NULL ? " errors" : "",
		reply_member(reply, "success") != NULL ? " success error-codes"
						       : ""));
	assert_int_equal(want_integer(reply, "status"), status);
	assert_true(strlen(want_string(reply, "title")) > 0);
	assert_true(strlen(want_string(reply, "detail")) > 0);
	assert_string_equal(want_string(reply, "requestId"), id);
	if (field == NULL)
		return;
	errors = want_array(reply, "errors");
	assert_int_equal(json_array_size(errors), 1);
	named = json_string_value(
	    json_object_get(json_array_get(errors, 0), "field"));
	if (named == NULL || strcmp(named, field) != 0)
		fail_msg("%s: not the field %s: %.600s", reply->what, field,
		    reply->body);
}

bool
reply_has_code(const struct reply *reply, const char *code)
{
	json_t *codes = json_object_get(reply->json, "error-codes");
	json_t *value = NULL;
	size_t i;

	json_array_foreach(codes, i, value)
	{
		if (strcmp(json_string_value(value), code) == 0)
			return true;
	}
	return false;
}
