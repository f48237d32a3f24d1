/*
 * The tables against the structs that they describe, and what walks them:
 * look-ups, check, compare, wipe, random instances.
 */
#include "proto/proto.h"

#include <float.h>
#include <math.h>

#include "proto/field.h"
#include "proto/testing.h"

/* -------- messages, errors, enumerations -------- */

static void
message_ids_and_names_are_unique(void **state)
{
	(void)state;
	assert_true(proto_messages_count > 0);
	for (size_t i = 0; i < proto_messages_count; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(
			    proto_messages[i].id, proto_messages[j].id);
			assert_string_not_equal(
			    proto_messages[i].name, proto_messages[j].name);
		}
	}
}

static void
messages_are_found_by_id_and_nothing_else_is(void **state)
{
	size_t found = 0;

	(void)state;
	for (uint64_t id = 0; id < 70000; id++) {
		const struct proto_message_info *info = proto_message_find(id);

		if (info == NULL)
			continue;
		assert_int_equal(info->id, id);
		assert_non_null(info->request);
		assert_non_null(info->reply);
		found++;
	}
	assert_int_equal(found, proto_messages_count);
	assert_null(proto_message_find((UINT64_C(1) << 32) | MSG_PING));
	assert_null(proto_message_find(UINT64_MAX));
	assert_ptr_equal(proto_message_find(MSG_CHALLENGE_VERIFY)->request,
	    &proto_challenge_verify);
	assert_ptr_equal(
	    proto_message_find(MSG_TIMESERIES)->reply, &proto_series);
	assert_int_equal(
	    proto_message_find(MSG_AUTH_ME)->service, PROTO_SERVICE_AUTH);
}

static const int errors[] = {
#define ERROR(NAME, number, code, status, title) number,
#include "proto/errors.def"
#undef ERROR
};
static const size_t errors_count = sizeof(errors) / sizeof(errors[0]);

static void
error_numbers_and_codes_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < errors_count; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(errors[i], errors[j]);
			assert_string_not_equal(
			    proto_error_find(errors[i])->code,
			    proto_error_find(errors[j])->code);
		}
	}
}

static void
errors_are_found_by_number_and_fit_a_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < errors_count; i++) {
		const struct proto_error_info *info = proto_error_find(
		    errors[i]);
		struct failure failure = { .error = errors[i] };

		assert_int_equal(info->error, errors[i]);
		assert_in_range(info->status, 400, 599);
		assert_true(strlen(info->title) > 0);
		assert_int_equal(
		    strspn(info->code, "abcdefghijklmnopqrstuvwxyz-"),
		    strlen(info->code));
		assert_null(proto_check(&proto_failure, &failure));
	}
}

static void
an_unknown_error_reads_as_internal(void **state)
{
	static const int64_t unknown[] = { PROTO_OK, -1, 65535, INT64_MIN,
		INT64_MAX, (INT64_C(1) << 32) + PROTO_ERROR_NOT_FOUND };

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(
		    proto_error_find(unknown[i])->error, PROTO_ERROR_INTERNAL);
}

static void
enumerations_go_to_text_and_back(void **state)
{
#define ENUM_POINTER(record) &proto_enum_##record,
	static const struct proto_enum *const enums[] = { PROTO_ENUMS(
	    ENUM_POINTER) };

	(void)state;
	for (size_t i = 0; i < sizeof(enums) / sizeof(enums[0]); i++) {
		size_t known = 0;
		uint8_t value = 77;

		for (unsigned v = 0; v <= UINT8_MAX; v++) {
			const char *text = proto_enum_text(
			    enums[i], (uint8_t)v);

			assert_int_equal(
			    proto_enum_known(enums[i], v), text != NULL);
			if (text == NULL)
				continue;
			known++;
			assert_int_equal(
			    proto_enum_value(enums[i], text, &value), 0);
			assert_int_equal(value, v);
		}
		/* Fewer when two share a value or a text. */
		assert_int_equal(known, enums[i]->count);
		assert_false(proto_enum_known(enums[i], 256));
		value = 77;
		assert_int_equal(proto_enum_value(enums[i], "", &value), -1);
		assert_int_equal(
		    proto_enum_value(enums[i], "no such", &value), -1);
		assert_int_equal(value, 77);
	}
}

/* -------- tables -------- */

/* Bytes of a field's value in the struct. */
static size_t
field_size(const struct proto_field *field)
{
	switch (field->kind) {
	case PROTO_BOOL:
		return sizeof(bool);
	case PROTO_INT:
		return sizeof(int64_t);
	case PROTO_F64:
		return sizeof(double);
	case PROTO_STR:
		return (size_t)field->hi + 1;
	case PROTO_ID:
		return sizeof(struct uuid);
	case PROTO_BYTES:
		return (size_t)field->hi;
	case PROTO_ENUM:
		return 1;
	case PROTO_OBJ:
		return field->record->size;
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return (size_t)field->hi * field->stride;
	}
	return 0;
}

static void
tables_describe_fields_side_by_side_in_the_struct(void **state)
{
	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		size_t end = sizeof(uint64_t); /* `present` */

		for (size_t i = 0; i < record->count; i++) {
			const struct proto_field *field = &record->fields[i];
			size_t start = field->offset;

			if (field->count_offset != 0) {
				assert_true(field->count_offset >= end);
				end = field->count_offset + sizeof(uint32_t);
			}
			assert_true(start >= end);
			/* No more between them than alignment asks for. */
			assert_true(start - end < sizeof(uint64_t));
			assert_true(field->lo <= field->hi);
			assert_int_equal(field->record != NULL,
			    field->kind == PROTO_OBJ ||
				field->kind == PROTO_LIST);
			assert_int_equal(
			    field->names != NULL, field->kind == PROTO_ENUM);
			if (field->kind == PROTO_LIST)
				assert_int_equal(
				    field->stride, field->record->size);
			end = start + field_size(field);
		}
		assert_true(record->size >= end);
		assert_true(record->size - end < sizeof(uint64_t));
	}
}

static void
field_names_are_unique_in_a_record(void **state)
{
	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];

		for (size_t i = 0; i < record->count; i++) {
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(record->fields[i].name,
				    record->fields[j].name);
		}
	}
}

/* What holds a password, a whole key or a session must be marked. */
static void
known_secrets_are_marked(void **state)
{
	static const char *const secrets[] = { "password", "currentPassword",
		"newPassword", "jwt", "key", "hash" };

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];

		for (size_t i = 0; i < record->count; i++) {
			for (size_t s = 0;
			     s < sizeof(secrets) / sizeof(secrets[0]); s++) {
				if (strcmp(record->fields[i].name,
					secrets[s]) == 0)
					assert_true(
					    (record->fields[i].flags &
						PROTO_FLAG_SECRET) != 0);
			}
		}
	}
	assert_true((proto_auth_session.fields[BIT_auth_session_token].flags &
			PROTO_FLAG_SECRET) != 0);
}

/* -------- check -------- */

/*
 * Calls visit for `rounds` random instances of every record with every field
 * of each present in turn; copy is the same instance, for the visitor to
 * change.
 */
static void
for_every_field(int rounds,
    void (*visit)(const struct proto_record *record, size_t index,
	const void *msg, void *copy))
{
	uint64_t seed = 7;

	for (size_t r = 0; r < proto_records_count; r++) {
		const struct proto_record *record = proto_records[r];
		void *msg = test_alloc(record->size);
		void *copy = test_alloc(record->size);

		for (int round = 0; round < rounds; round++) {
			for (size_t i = 0; i < record->count; i++) {
				do
					proto_random(
					    record, msg, test_next, &seed);
				while (
				    !field_present(&record->fields[i], i, msg));
				memcpy(copy, msg, record->size);
				visit(record, i, msg, copy);
			}
		}
		free(copy);
		free(msg);
	}
}

static void
random_instances_pass_the_check(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (size_t r = 0; r < proto_records_count; r++) {
		void *msg = test_alloc(proto_records[r]->size);

		for (int i = 0; i < 300; i++) {
			proto_random(proto_records[r], msg, test_next, &seed);
			assert_null(proto_check(proto_records[r], msg));
		}
		free(msg);
	}
}

static void
expect_named(const struct proto_record *record, size_t index, const void *msg)
{
	assert_ptr_equal(proto_check(record, msg), record->fields[index].name);
}

static void
break_text(const struct proto_record *record, size_t i, void *copy)
{
	const struct proto_field *field = &record->fields[i];
	char *text = field_value_mut(field, copy);
	size_t lo = (size_t)field->lo, hi = (size_t)field->hi;

	memset(text, 'x', hi + 1); /* no NUL within the bound */
	expect_named(record, i, copy);
	memset(text, 0, hi + 1);
	if (lo > 0) {
		memset(text, 'x', lo - 1);
		expect_named(record, i, copy);
	}
	memset(text, 'x', lo);
	assert_null(proto_check(record, copy));
	memset(text, 0xff, hi);
	expect_named(record, i, copy);
}

static void
break_count(const struct proto_record *record, size_t i, void *copy)
{
	const struct proto_field *field = &record->fields[i];

	field_set_count(field, copy, (uint32_t)field->hi + 1);
	expect_named(record, i, copy);
	field_set_count(field, copy, UINT32_MAX);
	expect_named(record, i, copy);
	if (field->lo > 0) {
		field_set_count(field, copy, (uint32_t)field->lo - 1);
		expect_named(record, i, copy);
	}
	if (field->kind == PROTO_STRS) {
		field_set_count(field, copy, 1);
		memset(field_value_mut(field, copy), 'x', field->stride);
		expect_named(record, i, copy);
	}
}

static void
break_int(const struct proto_record *record, size_t i, void *copy)
{
	const struct proto_field *field = &record->fields[i];
	int64_t *number = field_value_mut(field, copy);

	if (field->lo > INT64_MIN) {
		*number = field->lo - 1;
		expect_named(record, i, copy);
	}
	if (field->hi < INT64_MAX) {
		*number = field->hi + 1;
		expect_named(record, i, copy);
	}
}

static void
break_double(const struct proto_record *record, size_t i, void *copy)
{
	const struct proto_field *field = &record->fields[i];
	const double bad[] = { NAN, INFINITY, -INFINITY, DBL_MAX,
		(double)field->lo - 0.5, (double)field->hi + 0.5 };
	double *number = field_value_mut(field, copy);

	for (size_t j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
		*number = bad[j];
		expect_named(record, i, copy);
	}
}

static void
break_field(
    const struct proto_record *record, size_t i, const void *msg, void *copy)
{
	const struct proto_field *field = &record->fields[i];

	assert_null(proto_check(record, msg));
	switch (field->kind) {
	case PROTO_BOOL:
		*(uint8_t *)field_value_mut(field, copy) = 2;
		expect_named(record, i, copy);
		break;
	case PROTO_INT:
		break_int(record, i, copy);
		break;
	case PROTO_F64:
		break_double(record, i, copy);
		break;
	case PROTO_STR:
		break_text(record, i, copy);
		break;
	case PROTO_ENUM:
		*(uint8_t *)field_value_mut(field, copy) = 200;
		expect_named(record, i, copy);
		break;
	case PROTO_BYTES:
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		break_count(record, i, copy);
		break;
	case PROTO_ID:
	case PROTO_OBJ:
		break;
	}
	if ((field->flags & PROTO_FLAG_OPT) != 0) {
		*(uint64_t *)copy &= ~(UINT64_C(1) << i);
		assert_null(proto_check(record, copy));
	}
}

static void
check_names_the_broken_field_and_skips_absent_ones(void **state)
{
	(void)state;
	for_every_field(3, break_field);
}

static void
check_names_a_field_of_an_inner_record(void **state)
{
	struct challenge_created *created = test_alloc(sizeof(*created));
	struct events_append *append = test_alloc(sizeof(*append));
	uint64_t seed = 5;

	(void)state;
	proto_random(&proto_challenge_created, created, test_next, &seed);
	created->challenge.instruction[0] = '\0';
	assert_string_equal(
	    proto_check(&proto_challenge_created, created), "instruction");
	do
		proto_random(&proto_events_append, append, test_next, &seed);
	while (append->events_count < 3);
	append->events[2].count = 0;
	assert_string_equal(proto_check(&proto_events_append, append), "count");
	append->events_count = 2;
	assert_null(proto_check(&proto_events_append, append));
	free(append);
	free(created);
}

static void
required_fields_are_checked_whatever_their_bit_says(void **state)
{
	struct challenge_redeem redeem = { 0 };

	(void)state;
	assert_string_equal(
	    proto_check(&proto_challenge_redeem, &redeem), "token");
	redeem.token[0] = 't';
	assert_null(proto_check(&proto_challenge_redeem, &redeem));
	PROTO_SET(&redeem, challenge_redeem, idempotency_key);
	assert_string_equal(
	    proto_check(&proto_challenge_redeem, &redeem), "idempotency_key");
}

/* -------- text -------- */

static void
text_is_well_formed_utf8_without_nul(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool valid;
	} cases[] = {
		{ "", 0, true },
		{ "\x7f", 1, true },
		{ "\xc2\x80", 2, true },
		{ "\xdf\xbf", 2, true },
		{ "\xe0\xa0\x80", 3, true },
		{ "\xed\x9f\xbf", 3, true },
		{ "\xee\x80\x80", 3, true },
		{ "\xef\xbf\xbf", 3, true },
		{ "\xf0\x90\x80\x80", 4, true },
		{ "\xf4\x8f\xbf\xbf", 4, true },
		{ "\0", 1, false },
		{ "\x80", 1, false },	      /* nothing to continue */
		{ "\xc2", 1, false },	      /* cut short */
		{ "\xc2 ", 2, false },	      /* not continued */
		{ "\xc0\x80", 2, false },     /* overlong */
		{ "\xc1\xbf", 2, false },     /* overlong */
		{ "\xe0\x9f\xbf", 3, false }, /* overlong */
		{ "\xe2\x82", 2, false },
		{ "\xe2\x82\xc0", 3, false },
		{ "\xed\xa0\x80", 3, false }, /* a surrogate */
		{ "\xed\xbf\xbf", 3, false },
		{ "\xf0\x8f\xbf\xbf", 4, false }, /* overlong */
		{ "\xf0\x90\x80", 3, false },
		{ "\xf4\x90\x80\x80", 4, false }, /* past U+10FFFF */
		{ "\xf5\x80\x80\x80", 4, false },
		{ "\xff", 1, false },
	};

	(void)state;
	/* At every distance from the steps of eight, with and without more. */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t before = 0; before < 20; before++) {
			for (size_t after = 0; after < 20; after++) {
				size_t len = before + cases[i].len + after;
				char *text = test_alloc(len + 1);

				memset(text, 'x', len);
				memcpy(
				    text + before, cases[i].text, cases[i].len);
				assert_int_equal(proto_text_valid(text, len),
				    cases[i].valid);
				free(text);
			}
		}
	}
}

/* -------- compare and wipe -------- */

static void
change_field(
    const struct proto_record *record, size_t i, const void *msg, void *copy)
{
	const struct proto_field *field = &record->fields[i];
	uint8_t *value = field_value_mut(field, copy);

	assert_true(proto_equal(record, msg, copy));
	switch (field->kind) {
	case PROTO_BOOL:
	case PROTO_INT:
	case PROTO_STR:
	case PROTO_ID:
	case PROTO_ENUM:
		value[0] ^= 1;
		break;
	case PROTO_F64:
		*(double *)(void *)value += 1;
		break;
	case PROTO_OBJ:
		if (field->record->fields[0].kind == PROTO_F64)
			*(uint64_t *)(void *)value ^= 1; /* presence */
		else
			value[field->record->fields[0].offset] ^= 1;
		break;
	case PROTO_BYTES:
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		field_set_count(field, copy, field_count(field, copy) ^ 1);
		break;
	}
	assert_false(proto_equal(record, msg, copy));
	assert_false(proto_equal(record, copy, msg));
	memcpy(copy, msg, record->size);
	/* Presence counts for OPT fields, and only for them. */
	*(uint64_t *)copy &= ~(UINT64_C(1) << i);
	assert_int_equal(proto_equal(record, msg, copy),
	    (field->flags & PROTO_FLAG_OPT) == 0);
}

static void
equal_sees_a_change_in_any_field(void **state)
{
	(void)state;
	for_every_field(3, change_field);
}

static void
equal_looks_into_lists(void **state)
{
	struct key_changes a = { .used_count = 2 }, b = { .used_count = 2 };
	struct puzzle c = { .digits_count = 2 }, d = { .digits_count = 2 };
	struct challenge_verified e = { .error_codes_count = 1 },
				  f = { .error_codes_count = 1 };
	struct events_append *g = test_alloc(sizeof(*g));
	struct events_append *h = test_alloc(sizeof(*h));

	(void)state;
	b.used[1].bytes[15] = 1;
	assert_false(proto_equal(&proto_key_changes, &a, &b));
	d.digits[1] = INT64_MIN;
	assert_false(proto_equal(&proto_puzzle, &c, &d));
	PROTO_SET(&e, challenge_verified, error_codes);
	PROTO_SET(&f, challenge_verified, error_codes);
	f.error_codes[0][0] = 'x';
	assert_false(proto_equal(&proto_challenge_verified, &e, &f));
	g->events_count = 1;
	h->events_count = 1;
	h->events[0].at = 1;
	assert_false(proto_equal(&proto_events_append, g, h));
	free(h);
	free(g);
}

static void
equal_ignores_what_is_not_part_of_a_value(void **state)
{
	struct user a = { .email = "a@b", .name = "x" };
	struct user b = { .email = "a@b", .name = "y" };
	struct key_changed c = { 0 }, d = { 0 };

	(void)state;
	a.email[10] = 'z';			       /* after the NUL */
	d.keys[0].bytes[0] = 1;			       /* past the count */
	assert_true(proto_equal(&proto_user, &a, &b)); /* name is absent */
	assert_true(proto_equal(&proto_key_changed, &c, &d));
}

static void
wipe_leaves_only_zero_bytes(void **state)
{
	static const struct auth_login zero;
	struct auth_login login;

	(void)state;
	memset(&login, 0x5a, sizeof(login));
	proto_wipe(&proto_auth_login, &login);
	assert_memory_equal(&login, &zero, sizeof(login));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_ids_and_names_are_unique),
		cmocka_unit_test(messages_are_found_by_id_and_nothing_else_is),
		cmocka_unit_test(error_numbers_and_codes_are_unique),
		cmocka_unit_test(errors_are_found_by_number_and_fit_a_failure),
		cmocka_unit_test(an_unknown_error_reads_as_internal),
		cmocka_unit_test(enumerations_go_to_text_and_back),
		cmocka_unit_test(
		    tables_describe_fields_side_by_side_in_the_struct),
		cmocka_unit_test(field_names_are_unique_in_a_record),
		cmocka_unit_test(known_secrets_are_marked),
		cmocka_unit_test(random_instances_pass_the_check),
		cmocka_unit_test(
		    check_names_the_broken_field_and_skips_absent_ones),
		cmocka_unit_test(check_names_a_field_of_an_inner_record),
		cmocka_unit_test(
		    required_fields_are_checked_whatever_their_bit_says),
		cmocka_unit_test(text_is_well_formed_utf8_without_nul),
		cmocka_unit_test(equal_sees_a_change_in_any_field),
		cmocka_unit_test(equal_looks_into_lists),
		cmocka_unit_test(equal_ignores_what_is_not_part_of_a_value),
		cmocka_unit_test(wipe_leaves_only_zero_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
