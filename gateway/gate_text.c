/*
 * The words of an HTTP head. No ctype.h: it depends on the locale.
 */
#include <string.h>
#include <strings.h>

#include "gateway/gate_text.h"

/* Of the methods, Kore 4.1 gives these three to HTTP/1.0. */
static const struct gate_method methods[] = {
	{ "GET", false, true, false },
	{ "POST", true, true, false },
	{ "HEAD", false, true, true },
	{ "PATCH", true, false, false },
	{ "DELETE", false, false, false },
	{ "OPTIONS", false, false, false },
	{ "PUT", true, false, false },
};

static const struct {
	const char *name;
	enum gate_field field;
} fields[] = {
	{ "host", GATE_FIELD_HOST },
	{ "content-length", GATE_FIELD_LENGTH },
	{ "transfer-encoding", GATE_FIELD_ENCODING },
	{ "expect", GATE_FIELD_EXPECT },
	{ "connection", GATE_FIELD_CONNECTION },
	{ "x-api-key", GATE_FIELD_KEY },
	{ "authorization", GATE_FIELD_AUTHORIZATION },
	{ "origin", GATE_FIELD_ORIGIN },
	{ "sec-fetch-site", GATE_FIELD_SITE },
	{ "cookie", GATE_FIELD_COOKIE },
};

/* Names that no handler asks for, and beginnings of such names. */
static const char *const unread[] = { "accept", "accept-language",
	"cache-control", "cdn-loop", "dnt", "pragma", "priority", "referer",
	"upgrade-insecure-requests", "via", "x-forwarded-host",
	"x-forwarded-port", "x-forwarded-proto" };
static const char *const unread_beginnings[] = { "cf-", "cloudfront-", "sec-",
	"x-amz" };

bool
gate_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

bool
gate_is_hex(unsigned char c)
{
	return gate_is_digit(c) || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

bool
gate_is_alnum(unsigned char c)
{
	return gate_is_digit(c) || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

bool
gate_is_token(struct gate_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!gate_is_alnum(text.at[i]) &&
		    (text.at[i] == '\0' ||
			strchr("!#$%&'*+-.^_`|~", text.at[i]) == NULL))
			return false;
	}
	return true;
}

struct gate_text
gate_text_until(struct gate_text *text, unsigned char c)
{
	const unsigned char *found = text->len > 0
	    ? memchr(text->at, c, text->len)
	    : NULL;
	struct gate_text piece = *text;

	if (found == NULL) {
		text->at += text->len;
		text->len = 0;
		return piece;
	}
	piece.len = (size_t)(found - text->at);
	text->at = found + 1;
	text->len -= piece.len + 1;
	return piece;
}

static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\t';
}

struct gate_text
gate_text_trim(struct gate_text text)
{
	while (text.len > 0 && is_space(text.at[0])) {
		text.at++;
		text.len--;
	}
	while (text.len > 0 && is_space(text.at[text.len - 1]))
		text.len--;
	return text;
}

bool
gate_text_is(struct gate_text text, const char *word)
{
	return strlen(word) == text.len && memcmp(text.at, word, text.len) == 0;
}

bool
gate_text_is_any_case(struct gate_text text, const char *word)
{
	return strlen(word) == text.len &&
	    strncasecmp((const char *)text.at, word, text.len) == 0;
}

bool
gate_list_has(struct gate_text list, const char *word)
{
	while (list.len > 0) {
		struct gate_text item = gate_text_until(&list, ',');

		if (gate_text_is_any_case(gate_text_trim(item), word))
			return true;
	}
	return false;
}

const struct gate_method *
gate_method_find(struct gate_text name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (gate_text_is(name, methods[i].name))
			return &methods[i];
	}
	return NULL;
}

enum gate_field
gate_field_find(struct gate_text name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (gate_text_is_any_case(name, fields[i].name))
			return fields[i].field;
	}
	if (name.len > 4 && strncasecmp((const char *)name.at, "host", 4) == 0)
		return GATE_FIELD_HOSTLIKE;
	return GATE_FIELD_OTHER;
}

bool
gate_field_unread(struct gate_text name)
{
	/* One of the beginnings below may be that of a name above. */
	if (gate_field_find(name) != GATE_FIELD_OTHER)
		return false;
	for (size_t i = 0; i < sizeof(unread) / sizeof(unread[0]); i++) {
		if (gate_text_is_any_case(name, unread[i]))
			return true;
	}
	for (size_t i = 0;
	     i < sizeof(unread_beginnings) / sizeof(unread_beginnings[0]);
	     i++) {
		const size_t len = strlen(unread_beginnings[i]);

		if (name.len > len &&
		    strncasecmp(
			(const char *)name.at, unread_beginnings[i], len) == 0)
			return true;
	}
	return false;
}
