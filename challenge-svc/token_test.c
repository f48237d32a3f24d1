/*
 * Tests of token.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "challenge-svc/token.h"
#include "common/token.h"

#define NOW INT64_C(1776079724267)

static void
token_comes_back_as_it_went(void **state)
{
	static const int64_t ids[] = { 1, 0xf, 0x10, INT64_C(0x123456789abcd),
		(INT64_C(1) << 52) - 1 };
	static const int64_t secrets[] = { 0, 1, (INT64_C(1) << 62) - 1,
		INT64_C(0x2aaaaaaaaaaaaaaa) };
	struct token in, out;
	char text[UUID_TEXT_MAX + 1];
	size_t i, j;
	unsigned shard;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		for (j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++) {
			for (shard = 0; shard < 256; shard += 51) {
				in = (struct token){ ids[i], (uint8_t)shard,
					secrets[j] };
				token_format(&in, text);
				assert_int_equal(strlen(text), UUID_TEXT_MAX);
				assert_int_equal(token_parse(&out, text), 0);
				assert_int_equal(out.id, in.id);
				assert_int_equal(out.shard, in.shard);
				assert_int_equal(out.secret, in.secret);
			}
		}
	}
}

static void
token_is_a_version_8_uuid_with_its_shard_in_place(void **state)
{
	const struct token token = { .id = 12345, .shard = 0xa7, .secret = 99 };
	char text[UUID_TEXT_MAX + 1];
	struct uuid uuid;

	(void)state;
	token_format(&token, text);
	assert_int_equal(text[14], '8');
	assert_non_null(strchr("89ab", text[19]));
	assert_int_equal(uuid_parse(&uuid, text), 0);
	assert_int_equal(uuid.bytes[TOKEN_SHARD_BYTE], 0xa7);
}

static void
what_is_not_a_token_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"token",
		"00000000-0000-8000-8000-000000000000", /* id 0 */
		"018f0000-0000-4000-8000-000000000001", /* another version */
		"018f0000-0000-8000-4000-000000000001", /* another variant */
		"018f0000-0000-8000-8000-00000000000g",
		"018f0000-0000-8000-8000-0000000000001",
	};
	struct token token;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(token_parse(&token, texts[i]), -1);
}

static void
ids_only_grow_whatever_the_clock_does(void **state)
{
	int64_t last = 0, id;
	int i;

	(void)state;
	id = token_next_id(0, NOW);
	assert_int_equal(token_id_ms(id), NOW);
	for (i = 0; i < 3000; i++) {
		/* The clock stands, and once jumps back by an hour. */
		last = id;
		id = token_next_id(last, i == 1500 ? NOW - 3600000 : NOW);
		assert_int_equal(id, last + 1);
	}
	assert_true(token_next_id(id, NOW + 60000) > id + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token_comes_back_as_it_went),
		cmocka_unit_test(
		    token_is_a_version_8_uuid_with_its_shard_in_place),
		cmocka_unit_test(what_is_not_a_token_is_refused),
		cmocka_unit_test(ids_only_grow_whatever_the_clock_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
