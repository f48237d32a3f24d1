/*
 * Pages and what a client gets of them; see pages.h.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gateway/pages.h"

#define SPACE " \t"

const struct page *
pages_find(const char *path)
{
	for (size_t i = 0; i < pages_count; i++) {
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	}
	return NULL;
}

/* -------- Accept-Encoding -------- */

/* True for `q=0`, `q=0.0` and so on: what the client does not want. */
static bool
weight_is_zero(const char *text, size_t len)
{
	size_t at = strspn(text, SPACE);

	if (at + 3 > len || strncasecmp(text + at, "q=0", 3) != 0)
		return false;
	for (at += 3; at < len && strchr(SPACE, text[at]) == NULL; at++) {
		if (text[at] != '.' && text[at] != '0')
			return false;
	}
	return true;
}

/* One element, `gzip;q=0.5`: 1 wanted, 0 not, -1 when it is another coding. */
static int
gzip_in(const char *element, size_t len)
{
	const char *weight = memchr(element, ';', len);
	size_t name_len = weight == NULL ? len : (size_t)(weight - element);

	while (name_len > 0 && strchr(SPACE, element[name_len - 1]) != NULL)
		name_len--;
	if (name_len != 4 || strncasecmp(element, "gzip", 4) != 0)
		return -1;
	if (weight == NULL)
		return 1;
	weight++;
	return !weight_is_zero(weight, len - (size_t)(weight - element));
}

static bool
accepts_gzip(const char *list)
{
	size_t len;
	int wanted;

	while (list != NULL && *list != '\0') {
		list += strspn(list, SPACE ",");
		len = strcspn(list, ",");
		wanted = gzip_in(list, len);
		if (wanted >= 0)
			return wanted == 1;
		list += len;
	}
	return false;
}

/* -------- If-None-Match -------- */

/* The next tag's opaque part with its quotes, or NULL at the end of them. */
static const char *
next_tag(const char **list, size_t *len)
{
	const char *tag = *list + strspn(*list, SPACE ",");
	const char *end = NULL;

	if (strncmp(tag, "W/", 2) == 0)
		tag += 2;
	if (*tag != '"')
		return NULL;
	end = strchr(tag + 1, '"');
	if (end == NULL)
		return NULL;
	*len = (size_t)(end - tag) + 1;
	*list = end + 1;
	return tag;
}

static bool
has_tag(const char *list, const char *etag)
{
	const char *tag = NULL;
	size_t len;

	if (list == NULL)
		return false;
	if (strcmp(list + strspn(list, SPACE), "*") == 0)
		return true;
	while ((tag = next_tag(&list, &len)) != NULL) {
		if (strlen(etag) == len && memcmp(tag, etag, len) == 0)
			return true;
	}
	return false;
}

void
pages_choose(const struct page *page, const char *accept_encoding,
    const char *if_none_match, struct page_choice *choice)
{
	choice->gzip = accepts_gzip(accept_encoding);
	choice->bytes = choice->gzip ? &page->gzip : &page->plain;
	(void)snprintf(choice->etag, sizeof(choice->etag), "\"%s%s\"",
	    page->etag, choice->gzip ? "-gzip" : "");
	choice->unchanged = has_tag(if_none_match, choice->etag);
}
