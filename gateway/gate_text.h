/*
 * The words of an HTTP head: pieces of the received bytes, their characters,
 * and the names that the gate knows. For gate_examine.c and gate_rewrite.c.
 */
#ifndef GATEWAY_GATE_TEXT_H
#define GATEWAY_GATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of the bytes received; nothing is copied. */
struct gate_text {
	const unsigned char *at;
	size_t len;
};

/* A method that Kore serves. */
struct gate_method {
	const char *name;
	bool has_body; /* Kore reads one */
	bool old;      /* served to HTTP/1.0 too */
	bool is_head;
};

enum gate_field {
	GATE_FIELD_OTHER,
	GATE_FIELD_HOST,
	GATE_FIELD_HOSTLIKE, /* begins like it: Kore takes it for Host */
	GATE_FIELD_LENGTH,
	GATE_FIELD_ENCODING,
	GATE_FIELD_EXPECT,
	GATE_FIELD_CONNECTION,
	GATE_FIELD_KEY,		  /* X-API-Key */
	GATE_FIELD_AUTHORIZATION, /* like the key, it says who asks */
	GATE_FIELD_ORIGIN,
	GATE_FIELD_SITE,   /* Sec-Fetch-Site: where the request comes from */
	GATE_FIELD_COOKIE, /* may hold a session: it says who asks, too */
};

bool gate_is_digit(unsigned char c);
bool gate_is_hex(unsigned char c);
bool gate_is_alnum(unsigned char c);

/* All characters are those of a token (RFC 9110, 5.6.2). */
bool gate_is_token(struct gate_text text);

/*
 * Takes the piece up to the first c and leaves what follows that; without a c,
 * takes all and leaves nothing.
 */
struct gate_text gate_text_until(struct gate_text *text, unsigned char c);

/* Without the spaces and tabs around it. */
struct gate_text gate_text_trim(struct gate_text text);

bool gate_text_is(struct gate_text text, const char *word);
bool gate_text_is_any_case(struct gate_text text, const char *word);

/* True when a comma-separated list has the word, in any case. */
bool gate_list_has(struct gate_text list, const char *word);

/* The method of exactly this name, or NULL. */
const struct gate_method *gate_method_find(struct gate_text name);

enum gate_field gate_field_find(struct gate_text name);

/*
 * True for a field that browsers and CDNs add of themselves and that nothing in
 * the gateway reads. A page's request behind a CDN has about fifteen of them.
 */
bool gate_field_unread(struct gate_text name);

#endif
