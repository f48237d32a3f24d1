/*
 * Fuzzes what a request names: the origin of a web page, its path, and what a
 * browser says of a page that it asks for.
 */
#include "gateway/cors.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/session.h"
#include "proto/testing_fuzz.h"

/* What passes is put into a header field, byte for byte. */
static void
look_at_origin(const char *text)
{
	char host[PROTO_ORIGIN_MAX + 1];
	size_t len = strlen(text);

	if (!cors_origin_valid(text))
		return;
	fuzz_must(len <= PROTO_ORIGIN_MAX, "an origin has its bound");
	fuzz_must(strncmp(text, "http://", 7) == 0 ||
		strncmp(text, "https://", 8) == 0,
	    "an origin is of the web");
	for (size_t i = 0; i < len; i++)
		fuzz_must(text[i] > ' ' && text[i] < 0x7f,
		    "an origin ends no header field");
	cors_hostname(text, host);
	len = strlen(host);
	fuzz_must(len > 0, "an origin has a host");
	for (size_t i = 0; i < len; i++)
		fuzz_must(host[i] != '/' && host[i] != '[' && host[i] != ']' &&
			!(host[i] >= 'A' && host[i] <= 'Z'),
		    "a host is a host and no more");
}

static void
look_at_path(const char *path)
{
	char allow[ROUTES_ALLOW_MAX];
	struct route_match match;

	for (int i = ROUTE_GET; i <= ROUTE_OPTIONS; i++) {
		memset(&match, 0, sizeof(match));
		switch (routes_find((enum route_method)i, path, &match)) {
		case ROUTE_FOUND:
			fuzz_must(match.index < routes_count &&
				match.route == &routes[match.index],
			    "a route that is found is of the table");
			break;
		case ROUTE_NO_METHOD:
			routes_allow(match.methods, allow);
			fuzz_must(allow[0] != '\0', "a path has a method");
			break;
		case ROUTE_NO_PATH:
			break;
		}
	}
}

static bool
is_within(const char *part, size_t len, const char *text)
{
	return part >= text && part + len <= text + strlen(text);
}

static void
look_at_session(const char *text)
{
	const struct session_source source = { .host = text, .origin = text };
	const char *token = NULL;
	const size_t len = session_find(text, &token);

	if (len > 0) {
		fuzz_must(is_within(token, len, text),
		    "a session is a part of its field");
		fuzz_must(memchr(token, ';', len) == NULL,
		    "a session ends where its cookie ends");
	}
	fuzz_must(!session_from_own_page(&source, false),
	    "no Origin is a Host at the same time");
}

static void
look_at_choice(const char *text)
{
	const struct page page = { .path = "/", .etag = "abc" };
	struct page_choice choice;

	pages_choose(&page, text, text, &choice);
	fuzz_must(choice.bytes == (choice.gzip ? &page.gzip : &page.plain),
	    "a page is sent in the form that was chosen");
	fuzz_must(!choice.gzip || strstr(choice.etag, "-gzip\"") != NULL,
	    "each form has a tag of its own");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	look_at_origin(text);
	look_at_path(text);
	look_at_session(text);
	look_at_choice(text);
	free(text);
	return 0;
}
