/*
 * Digits and marks of a text: see page.h.
 */

#include "tests/reader/page.h"

#include <string.h>

void
page_doubt(struct page *page, const char *why)
{
	if (page->why == NULL)
		page->why = why;
}

void
page_open(struct page *page, const char *text)
{
	size_t i;

	memset(page, 0, sizeof(*page));
	page->text = text;
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9')
			continue;
		if (page->count == PAGE_DIGITS_MAX) {
			page_doubt(page, "too many digits in the text");
			return;
		}
		if (page->count > 0 && page->where[page->count - 1] + 1 == i)
			page_doubt(page, "two digits side by side in the text");
		page->value[page->count] = text[i] - '0';
		page->where[page->count++] = i;
	}
	if (page->count == 0)
		page_doubt(page, "no digits in the text");
}

size_t
page_mark(struct page *page, int mark)
{
	const char *first = strchr(page->text, mark);

	if (first == NULL) {
		page_doubt(page, "the symbol is not in the text");
		return 0;
	}
	if (strchr(first + 1, mark) != NULL)
		page_doubt(page, "the symbol is in the text more than once");

	return (size_t)(first - page->text);
}

int
page_beside(struct page *page, int mark, bool right)
{
	size_t place = page_mark(page, mark);
	int i;

	for (i = 0; i < page->count; i++) {
		if (right ? page->where[i] == place + 1
			  : page->where[i] + 1 == place)
			return i;
	}
	page_doubt(page, "no digit touches the symbol there");

	return 0;
}
