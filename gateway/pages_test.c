/*
 * Which form of a page a client gets, and when it has it already.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "gateway/pages.h"

static struct page_choice
choose(const char *accept_encoding, const char *if_none_match)
{
	static const struct page page = { .etag = "abc" };
	struct page_choice choice;

	pages_choose(&page, accept_encoding, if_none_match, &choice);
	assert_ptr_equal(choice.bytes, choice.gzip ? &page.gzip : &page.plain);
	return choice;
}

static void
gzip_is_sent_to_those_who_accept_it(void **state)
{
	static const char *const yes[] = { "gzip", "GZIP", "br, gzip",
		"deflate,gzip ;q=0.5", " gzip;q=1.0 , br", "gzip; q=0.001",
		"gzip;q=", ",,gzip" };
	static const char *const no[] = { NULL, "", "br", "identity",
		"gzip;q=0", "gzip; q=0.000", "br, gzip ;q=0, deflate", "xgzip",
		"gzipx", "gz", "*", ",;,", "gzip;q=0 , gzip" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(choose(yes[i], NULL).gzip);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(choose(no[i], NULL).gzip);
}

static void
each_form_has_a_tag_of_its_own(void **state)
{
	(void)state;
	assert_string_equal(choose(NULL, NULL).etag, "\"abc\"");
	assert_string_equal(choose("gzip", NULL).etag, "\"abc-gzip\"");
}

static void
who_has_the_page_is_told_that_it_is_unchanged(void **state)
{
	static const char *const yes[] = { "\"abc\"", "W/\"abc\"", "*", " *",
		"\"x\", \"abc\"", "W/\"x\",W/\"abc\" , \"y\"" };
	static const char *const no[] = { NULL, "", "\"ab\"", "\"abcd\"", "abc",
		"\"abc", "\"abc-gzip\"", "\"x\" abc", "\"*\"", "*x" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(choose(NULL, yes[i]).unchanged);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(choose(NULL, no[i]).unchanged);
	assert_true(choose("gzip", "\"abc-gzip\"").unchanged);
	assert_false(choose("gzip", "\"abc\"").unchanged);
}

static size_t
length(const struct page_bytes *bytes)
{
	assert_true(bytes->end > bytes->start);
	return (size_t)(bytes->end - bytes->start);
}

static void
want_same_bytes(const struct page *page)
{
	const size_t len = length(&page->plain);
	unsigned char *text = malloc(len + 1);
	z_stream stream = {
		.next_in = (unsigned char *)(uintptr_t)page->gzip.start,
		.avail_in = (uInt)length(&page->gzip),
		.next_out = text,
		.avail_out = (uInt)len + 1,
	};

	assert_non_null(text);
	/* 16 more than the largest window: a gzip header is expected. */
	assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.total_out, len);
	assert_memory_equal(text, page->plain.start, len);
	assert_int_equal(inflateEnd(&stream), Z_OK);
	free(text);
}

static void
both_forms_of_every_page_are_the_same_page(void **state)
{
	(void)state;
	assert_true(pages_count > 0);
	for (size_t i = 0; i < pages_count; i++) {
		assert_ptr_equal(pages_find(pages[i].path), &pages[i]);
		want_same_bytes(&pages[i]);
	}
}

static void
other_paths_are_no_pages(void **state)
{
	(void)state;
	assert_non_null(pages_find("/"));
	assert_non_null(pages_find("/widget/v1.js"));
	assert_null(pages_find("/nothing"));
	assert_null(pages_find("/widget/v1.js/"));
	assert_null(pages_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_is_sent_to_those_who_accept_it),
		cmocka_unit_test(each_form_has_a_tag_of_its_own),
		cmocka_unit_test(who_has_the_page_is_told_that_it_is_unchanged),
		cmocka_unit_test(both_forms_of_every_page_are_the_same_page),
		cmocka_unit_test(other_paths_are_no_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
