/*
 * The pages for browsers: dashboard, widget, documentation. The build bundles
 * them (gateway/web/build.mjs) and puts them into the program, so that a
 * gateway without any service still shows them. Nothing in a page is about who
 * asks.
 */
#ifndef GATEWAY_PAGES_H
#define GATEWAY_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* How long a browser may keep a page. */
enum page_cache {
	PAGE_HASHED,  /* for good: its path holds its hash */
	PAGE_CHECKED, /* to be asked for each time, by its ETag */
	PAGE_HOUR,    /* for an hour, by any site: other sites embed it */
};

struct page_bytes {
	const unsigned char *start;
	const unsigned char *end;
};

struct page {
	const char *path;
	const char *type; /* Content-Type */
	const char *etag; /* of the plain form, without quotes */
	enum page_cache cache;
	struct page_bytes plain;
	struct page_bytes gzip;
};

/* Written by the build; see gateway/web/build/pages.mjs. */
extern const struct page pages[];
extern const size_t pages_count;

/* The page at a path, or NULL. */
const struct page *pages_find(const char *path);

/* The form of a page that one client gets. */
struct page_choice {
	const struct page_bytes *bytes;
	bool gzip;
	bool unchanged; /* the client has it: 304 */
	char etag[80];	/* with its quotes */
};

/*
 * Chooses by the values of Accept-Encoding and If-None-Match, each NULL when it
 * was not sent: gzip where it is accepted with a weight above 0 (RFC 9110,
 * 12.5.3), unchanged where a tag of the list, compared weakly, is the chosen
 * form's, or the list is `*` (13.1.2). A field that cannot be read chooses
 * nothing.
 */
void pages_choose(const struct page *page, const char *accept_encoding,
    const char *if_none_match, struct page_choice *choice);

#endif
