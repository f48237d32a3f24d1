/*
 * Fuzzes the short texts that name something: API keys, ids, endpoints, the
 * origin of a web page, a path, and what a browser says of a page that it asks
 * for. Each text is looked at as all of them.
 */
#include <sodium.h>

#include "common/api_key.h"
#include "common/endpoint.h"
#include "gateway/cors.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/session.h"
#include "proto/testing_fuzz.h"
#include "proto/uuid.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (sodium_init() < 0)
		exit(EXIT_FAILURE);
	return 0;
}

/* No key is one digit away from another: a slip of the hand is told. */
static void
look_at_key(char *text, size_t changed)
{
	uint8_t hash[API_KEY_HASH_BYTES], other[API_KEY_HASH_BYTES];
	enum api_key_kind kind, same;
	char *digit = NULL, was;

	if (!api_key_check(text, &kind))
		return;
	fuzz_must(strlen(text) == API_KEY_LEN, "a key has its length");
	fuzz_must(text[4] == (kind == API_KEY_SECRET ? 's' : 'p'),
	    "a key is of the kind that it says");
	api_key_hash(text, hash);
	digit = &text[API_KEY_PREFIX_LEN + changed % API_KEY_RANDOM_LEN];
	was = *digit;
	*digit = was == 'a' ? 'b' : 'a';
	fuzz_must(!api_key_check(text, &same), "a changed key is refused");
	api_key_hash(text, other);
	fuzz_must(memcmp(hash, other, sizeof(hash)) != 0, "hashes differ");
	*digit = was;
}

static void
look_at_id(const char *text)
{
	char again[UUID_TEXT_MAX + 1];
	struct uuid id, other;

	if (uuid_parse(&id, text) != 0)
		return;
	uuid_format(&id, again);
	fuzz_must(uuid_parse(&other, again) == 0 && uuid_equal(&id, &other),
	    "an id reads the same again");
}

static void
look_at_endpoint(const char *text)
{
	char item[64];
	size_t count = endpoint_list_count(text);

	(void)endpoint_wrong(text, false);
	if (endpoint_wrong(text, true) == NULL)
		fuzz_must(strncmp(text, "ipc://", 6) == 0 ||
			strncmp(text, "tcp://", 6) == 0,
		    "an endpoint is one of two kinds");
	(void)endpoint_listen_wrong(text);
	for (size_t i = 0; i < count && i < 100; i++) {
		if (endpoint_list_item(text, i, item, sizeof(item)))
			fuzz_must(strlen(item) < sizeof(item), "an item fits");
	}
	fuzz_must(!endpoint_list_item(text, count, item, sizeof(item)),
	    "a list has no more items than it counts");
}

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

	look_at_key(text, size == 0 ? 0 : data[size - 1]);
	look_at_id(text);
	look_at_endpoint(text);
	look_at_origin(text);
	look_at_path(text);
	look_at_session(text);
	look_at_choice(text);
	free(text);
	return 0;
}
