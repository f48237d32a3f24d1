/*
 * Log lines of records: what they show, and what can never be in them.
 */
#include "proto/field.h"
#include "proto/proto.h"
#include "proto/testing.h"

#define CANARY	       "CaNaRy"
#define LINE_MAX_BYTES (1u << 20)

/* Puts the canary into every SECRET field, absent ones too; counts them. */
static unsigned
plant(const struct proto_record *record, void *msg)
{
	unsigned planted = 0;

	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];
		uint8_t *value = field_value_mut(field, msg);
		uint32_t count;

		if ((field->flags & PROTO_FLAG_SECRET) != 0) {
			assert_true(field->kind == PROTO_STR ||
			    field->kind == PROTO_BYTES);
			assert_true(field->hi >= (int64_t)sizeof(CANARY));
			memcpy(value, CANARY, sizeof(CANARY));
			planted += field_present(field, i, msg);
		} else if (field->kind == PROTO_OBJ) {
			planted += plant(field->record, value);
		} else if (field->kind == PROTO_LIST) {
			count = field_count(field, msg);
			for (uint32_t j = 0; j < count; j++)
				planted += plant(field->record,
				    field_element_mut(field, msg, j));
		}
	}
	return planted;
}

static unsigned
occurrences(const char *text, const char *part)
{
	unsigned count = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		count++;
	}
	return count;
}

static void
secrets_never_appear(void **state)
{
	char *line = test_alloc(LINE_MAX_BYTES);
	unsigned all = 0;
	uint64_t seed = 11;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);

		for (int i = 0; i < 20; i++) {
			unsigned planted;

			proto_random(record, msg, test_next, &seed);
			planted = plant(record, msg);
			proto_format(record, msg, line, LINE_MAX_BYTES);
			assert_null(strstr(line, CANARY));
			assert_null(strstr(line, "43614e615279")); /* in hex */
			assert_int_equal(
			    occurrences(line, "=[secret]"), planted);
			all += planted;
		}
		free(msg);
	}
	assert_true(all > 0);
	free(line);
}

static void
no_control_character_gets_into_a_line(void **state)
{
	char *line = test_alloc(LINE_MAX_BYTES);
	uint64_t seed = 12;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);

		for (int i = 0; i < 20; i++) {
			size_t len;

			proto_random(record, msg, test_next, &seed);
			proto_format(record, msg, line, LINE_MAX_BYTES);
			len = strlen(line);
			assert_true(proto_text_valid(line, len));
			for (size_t at = 0; at < len; at++) {
				assert_true((uint8_t)line[at] >= 0x20);
				assert_true(line[at] != 0x7f);
			}
			assert_null(strstr(line, "\xc2\x85"));
			assert_null(strstr(line, "\xe2\x80\xa8"));
		}
		free(msg);
	}
	free(line);
}

static void
a_line_reads_as_written(void **state)
{
	struct challenge_verified verified = { .success = true, .score = 85.5 };
	struct challenge_created created = { .token = "t", .expires_in = 320 };
	struct key_changed changed = { .sequence = 9, .keys_count = 1 };
	struct events_append *append = test_alloc(sizeof(*append));
	char line[512];

	(void)state;
	proto_format(&proto_challenge_verified, &verified, line, sizeof(line));
	assert_string_equal(line, "success=true allowed=false score=85.5");

	PROTO_SET(&verified, challenge_verified, solve_time_ms);
	PROTO_SET(&verified, challenge_verified, error_codes);
	verified.solve_time_ms = 523;
	verified.error_codes_count = 2;
	memcpy(verified.error_codes[0], "one", 4);
	memcpy(verified.error_codes[1], "two", 4);
	proto_format(&proto_challenge_verified, &verified, line, sizeof(line));
	assert_string_equal(line,
	    "success=true allowed=false score=85.5 solveTimeMs=523 "
	    "error-codes=[\"one\",\"two\"]");

	memcpy(created.challenge.text, "4x7", 4);
	created.challenge.digits[0] = 4;
	created.challenge.digits[1] = 7;
	created.challenge.digits_count = 2;
	proto_format(&proto_challenge_created, &created, line, sizeof(line));
	assert_string_equal(line,
	    "token=[secret] challenge={text=\"4x7\" digits=[4,7] "
	    "instruction=\"\"} expiresIn=320");

	changed.keys[0].bytes[0] = 0xab;
	proto_format(&proto_key_changed, &changed, line, sizeof(line));
	assert_string_equal(line,
	    "sequence=9 reset=false "
	    "keys=[ab000000-0000-0000-0000-000000000000]");

	append->events_count = 2;
	append->events[0].kind = event_kind_EXPIRED;
	append->events[1].kind = 200; /* a newer one */
	proto_format(&proto_events_append, append, line, sizeof(line));
	assert_non_null(strstr(line, "events=[{kind=expired at=0 "));
	assert_non_null(strstr(line, "},{kind=200 at=0 "));
	proto_format(&proto_empty, &(struct empty){ 0 }, line, sizeof(line));
	assert_string_equal(line, "");
	free(append);
}

/* Every field of bytes in the tables is a secret one: hence a table here. */
static void
bytes_read_as_hexadecimal(void **state)
{
	struct some {
		uint64_t present;
		uint32_t len;
		uint8_t bytes[4];
	} msg = { 0, 3, { 0x00, 0xab, 0xff, 0x11 } };
	const struct proto_field field = { .name = "b",
		.kind = PROTO_BYTES,
		.offset = offsetof(struct some, bytes),
		.count_offset = offsetof(struct some, len),
		.hi = 4 };
	const struct proto_record record = { "r", sizeof(msg), &field, 1 };
	char line[32];

	(void)state;
	proto_format(&record, &msg, line, sizeof(line));
	assert_string_equal(line, "b=00abff");
	msg.len = UINT32_MAX;
	proto_format(&record, &msg, line, sizeof(line));
	assert_string_equal(line, "b=00abff11");
}

static void
text_cannot_pass_for_another_field(void **state)
{
	static const struct {
		const char *action, *shown;
	} cases[] = {
		{ "a\" b=\"c", "a\\\" b=\\\"c" }, { "\\", "\\\\" },
		{ "\n\r\x1b[0m", "\\u000a\\u000d\\u001b[0m" },
		{ "\x7f\xc2\x9b", "\\u007f\\u009b" },
		{ "\xe2\x80\xae\xe2\x81\xa6", "\\u202e\\u2066" },
		{ "\xd8\x9c\xe2\x80\x8e", "\\u061c\\u200e" },
		{ "\xe2\x80\x8f\xe2\x80\xa8", "\\u200f\\u2028" },
		{ "\xc3\xa9\xf0\x9f\xa4\x96", "\xc3\xa9\xf0\x9f\xa4\x96" },
		{ "\xff\xc3", "\\xff\\xc3" }, /* a struct not checked */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct challenge_create create = { 0 };
		char line[1024];
		const char *shown;

		PROTO_SET(&create, challenge_create, action);
		memcpy(create.action, cases[i].action, strlen(cases[i].action));
		proto_format(
		    &proto_challenge_create, &create, line, sizeof(line));
		shown = strstr(line, " action=\"");
		assert_non_null(shown);
		shown += strlen(" action=\"");
		assert_memory_equal(
		    shown, cases[i].shown, strlen(cases[i].shown));
		assert_string_equal(shown + strlen(cases[i].shown), "\"");
	}
}

/* Into memory of exactly the size: a sanitizer sees a byte too many. */
static void
a_long_line_is_cut_with_dots_at_any_size(void **state)
{
	static const char full[] =
	    "error=1 field=\"a\xc3\xa9\xf0\x9f\xa4\x96z\"";
	struct failure failure = { .error = 1 };

	(void)state;
	PROTO_SET(&failure, failure, field);
	memcpy(failure.field, "a\xc3\xa9\xf0\x9f\xa4\x96z", 9);
	proto_format(&proto_failure, &failure, NULL, 0);
	for (size_t size = 1; size <= sizeof(full) + 3; size++) {
		char *line = test_alloc(size);
		size_t len;

		memset(line, 'x', size);
		proto_format(&proto_failure, &failure, line, size);
		len = strnlen(line, size);
		assert_true(len < size);
		if (size >= sizeof(full)) {
			assert_string_equal(line, full);
		} else {
			size_t dots = len < 3 ? len : 3;

			assert_memory_equal(line + len - dots, "...", dots);
			assert_memory_equal(line, full, len - dots);
			assert_true(proto_text_valid(line, len));
			/* A character of four bytes may not fit. */
			assert_true(len + 4 >= size - 1);
		}
		free(line);
	}
}

/* A struct that nobody checked: counts past the end, text without a NUL. */
static void
a_broken_struct_is_not_read_past_its_end(void **state)
{
	char *line = test_alloc(LINE_MAX_BYTES);

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		void *msg = test_alloc(proto_records[r]->size);

		memset(msg, 0xff, proto_records[r]->size);
		proto_format(proto_records[r], msg, line, LINE_MAX_BYTES);
		assert_true(strlen(line) < LINE_MAX_BYTES);
		free(msg);
	}
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_never_appear),
		cmocka_unit_test(no_control_character_gets_into_a_line),
		cmocka_unit_test(a_line_reads_as_written),
		cmocka_unit_test(bytes_read_as_hexadecimal),
		cmocka_unit_test(text_cannot_pass_for_another_field),
		cmocka_unit_test(a_long_line_is_cut_with_dots_at_any_size),
		cmocka_unit_test(a_broken_struct_is_not_read_past_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
