/*
 * Sheets: what each event counts as, and the stored form.
 */
#include "analytics-svc/sheet.h"

#include <stdio.h>

#include "analytics-svc/operations.h"
#include "analytics-svc/testing.h"

static struct sheet sheet, other;
static uint8_t bytes[SHEET_CELLS_BYTES];

static bool
counts_equal(const struct counts *a, const struct counts *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static void
assert_sheets_equal(const struct sheet *a, const struct sheet *b)
{
	assert_int_equal(a->used, b->used);
	for (uint32_t i = 0; i < a->used; i++) {
		const uint16_t slot = b->slot[a->cells[i].number];

		assert_int_not_equal(slot, 0);
		assert_true(counts_equal(
		    &a->cells[i].counts, &b->cells[slot - 1].counts));
	}
	assert_memory_equal(
	    &a->solve_times, &b->solve_times, sizeof(a->solve_times));
	assert_memory_equal(
	    a->misreadings, b->misreadings, sizeof(a->misreadings));
}

static void
fill_by_chance(struct sheet *filled, uint64_t *seed, int events)
{
	sheet_clear(filled);
	for (int i = 0; i < events; i++) {
		struct event event = make_any_event(seed, 0, DAY);

		if (test_below(seed, 8) == 0)
			event.count = (int64_t)(test_next(seed) >> 1 >>
					  test_below(seed, 63)) +
			    1;
		if (event.count < 1)
			event.count = 1;
		sheet_count(filled, &event,
		    (unsigned)test_below(seed, SHEET_OPERATIONS));
	}
}

static void
each_event_counts_as_declared(void **state)
{
	static const struct {
		enum event_kind kind;
		enum verdict verdict;
		struct counts expected;
	} cases[] = {
		{ event_kind_CREATED, 0, { { [COUNT_CHALLENGES] = 3 } } },
		{ event_kind_EXPIRED, 0, { { [COUNT_EXPIRED] = 3 } } },
		{ event_kind_REDEEMED, 0, { { [COUNT_SITEVERIFIED] = 3 } } },
		{ event_kind_VERIFIED, verdict_INCORRECT,
		    { { [COUNT_INCORRECT] = 3 } } },
		{ event_kind_VERIFIED, verdict_ALLOWED,
		    { { [COUNT_SOLVED] = 3,
			[COUNT_ALLOWED] = 3,
			[COUNT_SOLVE_MS] = 1500,
			[COUNT_SCORE] = 2400 } } },
		{ event_kind_VERIFIED, verdict_TOO_SLOW,
		    { { [COUNT_SOLVED] = 3,
			[COUNT_SOLVE_MS] = 1500,
			[COUNT_SCORE] = 2400 } } },
		{ event_kind_VERIFIED, verdict_TOO_FAST,
		    { { [COUNT_SOLVED] = 3,
			[COUNT_SOLVE_MS] = 1500,
			[COUNT_SCORE] = 2400 } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct event event = make_verified(cases[i].verdict, NOW);
		struct counts total;
		bool is_solved;

		if (cases[i].kind != event_kind_VERIFIED)
			event = make_event(cases[i].kind, NOW);
		event.count = 3;
		is_solved = cases[i].expected.of[COUNT_SOLVED] > 0;
		assert_true(counts_takes(&event));
		sheet_clear(&sheet);
		sheet_count(&sheet, &event, 1);
		total = sheet_total(&sheet);
		assert_true(counts_equal(&total, &cases[i].expected));
		assert_int_equal(
		    histogram_total(&sheet.solve_times), is_solved ? 3 : 0);
	}
}

static int64_t
misreadings_total(const struct sheet *of)
{
	int64_t total = 0;

	for (unsigned i = 0; i < SHEET_MISREADINGS; i++)
		total = counts_sum(total, of->misreadings[i]);
	return total;
}

static void
each_misreading_is_counted_apart(void **state)
{
	(void)state;
	sheet_clear(&sheet);
	for (size_t i = 0; i < proto_enum_misreading.count; i++) {
		struct event event = make_misread((enum misreading)i, NOW);

		event.count = (int64_t)i + 1;
		sheet_count(&sheet, &event, 1);
	}
	for (size_t i = 0; i < SHEET_MISREADINGS; i++)
		assert_int_equal(sheet.misreadings[i],
		    i < proto_enum_misreading.count ? i + 1 : 0);
}

static void
misreading_that_is_not_told_is_other(void **state)
{
	struct event event = make_verified(verdict_INCORRECT, NOW);

	(void)state;
	sheet_clear(&sheet);
	sheet_count(&sheet, &event, 1);
	event = make_misread((enum misreading)SHEET_MISREADINGS, NOW);
	sheet_count(&sheet, &event, 1);
	event = make_misread(misreading_OTHER, NOW);
	sheet_count(&sheet, &event, 1);
	assert_int_equal(sheet.misreadings[misreading_OTHER], 3);
	assert_int_equal(misreadings_total(&sheet), 3);
}

static void
right_answers_have_no_misreading(void **state)
{
	struct event event = make_verified(verdict_TOO_SLOW, NOW);

	(void)state;
	PROTO_SET(&event, event, misreading);
	event.misreading = misreading_PLAIN_SUM;
	sheet_clear(&sheet);
	sheet_count(&sheet, &event, 1);
	event = make_event(event_kind_EXPIRED, NOW);
	sheet_count(&sheet, &event, 1);
	assert_int_equal(misreadings_total(&sheet), 0);
}

static void
misreadings_add_up_to_the_incorrect(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 100; round++) {
		fill_by_chance(&sheet, &seed, (int)test_below(&seed, 300));
		assert_int_equal(misreadings_total(&sheet),
		    sheet_total(&sheet).of[COUNT_INCORRECT]);
	}
}

static void
verifications_are_the_solved_and_the_incorrect(void **state)
{
	const struct counts counts = {
		{ [COUNT_SOLVED] = 5, [COUNT_INCORRECT] = 2 }
	};

	(void)state;
	assert_int_equal(counts_totals(&counts).verifications, 7);
}

static void
what_cannot_be_counted_is_not_taken(void **state)
{
	struct event saved = make_event(event_kind_KEY_SAVED, NOW);
	struct event unjudged = make_event(event_kind_VERIFIED, NOW);
	struct event unknown = make_event(event_kind_CREATED, NOW);

	(void)state;
	unknown.kind = 200;
	assert_false(counts_takes(&saved));
	assert_false(counts_takes(&unjudged));
	assert_false(counts_takes(&unknown));
}

static void
sums_by_level_and_operation_keep_none_apart(void **state)
{
	struct event event = make_event(event_kind_CREATED, NOW);
	struct counts levels[SHEET_LEVELS], operations[SHEET_OPERATIONS];

	(void)state;
	sheet_clear(&sheet);
	sheet_count(&sheet, &event, 255);
	event.level = level_EASY;
	sheet_count(&sheet, &event, 0);
	PROTO_CLEAR(&event, event, level);
	sheet_count(&sheet, &event, 255);

	sheet_by_level(&sheet, levels);
	assert_int_equal(levels[0].of[COUNT_CHALLENGES], 1);
	assert_int_equal(levels[1 + level_EASY].of[COUNT_CHALLENGES], 1);
	assert_int_equal(levels[1 + level_MEDIUM].of[COUNT_CHALLENGES], 1);
	sheet_by_operation(&sheet, operations);
	assert_int_equal(operations[0].of[COUNT_CHALLENGES], 1);
	assert_int_equal(operations[255].of[COUNT_CHALLENGES], 2);
	assert_true(counts_is_zero(&operations[1]));
}

static void
counters_stop_at_their_maximum(void **state)
{
	struct event event = make_verified(verdict_ALLOWED, NOW);
	struct counts total;

	(void)state;
	event.count = PROTO_COUNT_MAX;
	sheet_clear(&sheet);
	sheet_count(&sheet, &event, 1);
	sheet_count(&sheet, &event, 2);
	total = sheet_total(&sheet);
	assert_int_equal(total.of[COUNT_SOLVED], INT64_MAX);
	assert_int_equal(total.of[COUNT_SOLVE_MS], INT64_MAX);
	assert_int_equal(histogram_total(&sheet.solve_times), INT64_MAX);
}

static void
stored_form_gives_back_every_counter(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct counts total = { 0 }, expected;
		size_t len;

		fill_by_chance(&sheet, &seed, (int)test_below(&seed, 500));
		expected = sheet_total(&sheet);
		sheet_clear(&other);
		len = sheet_write_cells(&sheet, bytes);
		assert_int_equal(sheet_read_cells(&other, bytes, len), 0);
		assert_int_equal(sheet_read_total(&total, bytes, len), 0);
		assert_true(counts_equal(&total, &expected));
		len = sheet_write_times(&sheet, bytes);
		assert_in_range(len, 0, SHEET_TIMES_BYTES);
		assert_int_equal(sheet_read_times(&other, bytes, len), 0);
		len = sheet_write_misreadings(&sheet, bytes);
		assert_in_range(len, 0, SHEET_MISREADINGS_BYTES);
		assert_int_equal(sheet_read_misreadings(&other, bytes, len), 0);
		assert_sheets_equal(&sheet, &other);
	}
}

static void
fullest_sheet_fits_its_bytes(void **state)
{
	size_t len;

	(void)state;
	sheet_clear(&sheet);
	for (unsigned i = 0; i < SHEET_OPERATIONS; i++) {
		struct event event = make_event(event_kind_CREATED, NOW);

		for (uint8_t level = 0; level < SHEET_LEVELS; level++) {
			event.level = level;
			sheet_count(&sheet, &event, i);
		}
	}
	assert_int_equal(sheet.used, SHEET_CELLS);
	for (uint32_t i = 0; i < sheet.used; i++)
		for (unsigned k = 0; k < COUNTS; k++)
			sheet.cells[i].counts.of[k] = INT64_MAX;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		sheet.solve_times.of[i] = INT64_MAX;
	for (unsigned i = 0; i < SHEET_MISREADINGS; i++)
		sheet.misreadings[i] = INT64_MAX;

	sheet_clear(&other);
	len = sheet_write_cells(&sheet, bytes);
	assert_in_range(len, 1, SHEET_CELLS_BYTES);
	assert_int_equal(sheet_read_cells(&other, bytes, len), 0);
	len = sheet_write_times(&sheet, bytes);
	assert_in_range(len, 1, SHEET_TIMES_BYTES);
	assert_int_equal(sheet_read_times(&other, bytes, len), 0);
	len = sheet_write_misreadings(&sheet, bytes);
	assert_in_range(len, 1, SHEET_MISREADINGS_BYTES);
	assert_int_equal(sheet_read_misreadings(&other, bytes, len), 0);
	assert_sheets_equal(&sheet, &other);
}

static void
adding_sheets_is_counting_all_their_events(void **state)
{
	static struct sheet sum;
	uint64_t seed = 5, again = 5;

	(void)state;
	fill_by_chance(&sheet, &seed, 200);
	fill_by_chance(&other, &seed, 200);
	sheet_add(&sheet, &other);

	fill_by_chance(&sum, &again, 200);
	fill_by_chance(&other, &again, 200);
	assert_int_equal(
	    sheet_read_cells(&sum, bytes, sheet_write_cells(&other, bytes)), 0);
	assert_int_equal(
	    sheet_read_times(&sum, bytes, sheet_write_times(&other, bytes)), 0);
	assert_int_equal(sheet_read_misreadings(&sum, bytes,
			     sheet_write_misreadings(&other, bytes)),
	    0);
	assert_sheets_equal(&sheet, &sum);
}

static void
malformed_bytes_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t len;
	} cells[] = {
		{ { 0x08 }, 1 },			/* no mask */
		{ { 0x08, 0x01 }, 2 },			/* no counter */
		{ { 0x08, 0x01, 0x80 }, 3 },		/* half a counter */
		{ { 0x80, 0x10, 0x00 }, 3 },		/* no such cell */
		{ { 0x08, 0x80, 0x02 }, 3 },		/* no such counter */
		{ { 0x08, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0x7f }, 12 },			/* 70 bits */
	}, times[] = {
		{ { 0x00 }, 1 },		  /* no count */
		{ { 0xb0, 0x02, 0x01 }, 3 },	  /* no such bucket */
		{ { 0xaf, 0x02, 0x01, 0x00, 0x01 }, 5 }, /* one past the last */
	}, misreadings[] = {
		{ { 0x00 }, 1 },			/* no count */
		{ { 0x20, 0x01 }, 2 },			/* no such misreading */
		{ { 0x1f, 0x01, 0x00, 0x01 }, 4 },	/* one past the last */
	};
	struct counts total = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		sheet_clear(&sheet);
		assert_int_equal(
		    sheet_read_cells(&sheet, cells[i].bytes, cells[i].len), -1);
		assert_int_equal(
		    sheet_read_total(&total, cells[i].bytes, cells[i].len), -1);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		assert_int_equal(
		    sheet_read_times(&sheet, times[i].bytes, times[i].len), -1);
	for (size_t i = 0; i < sizeof(misreadings) / sizeof(misreadings[0]);
	     i++)
		assert_int_equal(sheet_read_misreadings(&sheet,
				     misreadings[i].bytes, misreadings[i].len),
		    -1);
}

static void
random_bytes_do_no_harm(void **state)
{
	uint64_t seed = 13;
	uint8_t noise[64];
	int taken = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct counts total = { 0 };
		const size_t len = test_below(&seed, sizeof(noise) + 1);

		for (size_t i = 0; i < len; i++)
			noise[i] = (uint8_t)(test_next(&seed) &
			    (round % 2 == 0 ? 0xff : 0x1f));
		sheet_clear(&sheet);
		taken += sheet_read_cells(&sheet, noise, len) == 0;
		taken += sheet_read_times(&sheet, noise, len) == 0;
		taken += sheet_read_misreadings(&sheet, noise, len) == 0;
		taken += sheet_read_total(&total, noise, len) == 0;
		for (unsigned i = 0; i < COUNTS; i++)
			assert_true(total.of[i] >= 0);
		for (unsigned i = 0; i < SHEET_MISREADINGS; i++)
			assert_true(sheet.misreadings[i] >= 0);
	}
	assert_true(taken > 0);
}

static void
operations_are_numbered_until_no_number_is_left(void **state)
{
	static struct operations operations;
	char name[PROTO_OPERATION_MAX + 2];

	(void)state;
	operations_clear(&operations);
	assert_int_equal(operations_find(&operations, "SUM"), 0);
	assert_null(operations_name(&operations, 0));
	for (unsigned i = 1; i < SHEET_OPERATIONS; i++) {
		(void)snprintf(name, sizeof(name), "OPERATION_%u", i);
		assert_int_equal(operations_add(&operations, name), i);
	}
	assert_int_equal(operations_add(&operations, "ONE_MORE"), 0);
	for (unsigned i = 1; i < SHEET_OPERATIONS; i++) {
		(void)snprintf(name, sizeof(name), "OPERATION_%u", i);
		assert_int_equal(operations_find(&operations, name), i);
		assert_string_equal(operations_name(&operations, i), name);
	}
	assert_null(operations_name(&operations, SHEET_OPERATIONS));

	operations_clear(&operations);
	assert_int_equal(operations_find(&operations, "OPERATION_1"), 0);
	memset(name, 'A', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(operations_add(&operations, name), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_event_counts_as_declared),
		cmocka_unit_test(each_misreading_is_counted_apart),
		cmocka_unit_test(misreading_that_is_not_told_is_other),
		cmocka_unit_test(right_answers_have_no_misreading),
		cmocka_unit_test(misreadings_add_up_to_the_incorrect),
		cmocka_unit_test(
		    verifications_are_the_solved_and_the_incorrect),
		cmocka_unit_test(what_cannot_be_counted_is_not_taken),
		cmocka_unit_test(sums_by_level_and_operation_keep_none_apart),
		cmocka_unit_test(counters_stop_at_their_maximum),
		cmocka_unit_test(stored_form_gives_back_every_counter),
		cmocka_unit_test(fullest_sheet_fits_its_bytes),
		cmocka_unit_test(adding_sheets_is_counting_all_their_events),
		cmocka_unit_test(malformed_bytes_are_refused),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(
		    operations_are_numbered_until_no_number_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
