/*
 * Tests of the table of waiting requests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/pending.h"

static void
an_entry_is_found_by_its_id(void **state)
{
	struct pending *pending = pending_new(4);
	struct pending_entry *a;
	struct pending_entry *b;

	(void)state;
	assert_non_null(pending);
	a = pending_add(pending, 10);
	b = pending_add(pending, 20);
	assert_non_null(a);
	assert_non_null(b);
	assert_true(a->correlation != 0);
	assert_true(a->correlation != b->correlation);
	assert_ptr_equal(pending_find(pending, a->correlation), a);
	assert_ptr_equal(pending_find(pending, b->correlation), b);
	assert_int_equal(pending_count(pending), 2);
	pending_free(&pending);
	assert_null(pending);
}

static void
an_id_is_never_found_again(void **state)
{
	struct pending *pending = pending_new(1);
	struct pending_entry *entry = pending_add(pending, 10);
	uint64_t first = entry->correlation;

	(void)state;
	pending_remove(pending, entry);
	assert_null(pending_find(pending, first));
	/* Not even the id that the free slot will have next. */
	assert_null(pending_find(pending, entry->correlation));
	entry = pending_add(pending, 10);
	assert_true(entry->correlation != first);
	assert_null(pending_find(pending, first));
	pending_free(&pending);
}

static void
unknown_ids_find_nothing(void **state)
{
	struct pending *pending = pending_new(2);

	(void)state;
	assert_null(pending_find(pending, 0));
	assert_null(pending_find(pending, 1));
	assert_null(pending_find(pending, UINT64_MAX));
	assert_non_null(pending_add(pending, 1));
	assert_null(pending_find(pending, 0));
	assert_null(pending_find(pending, UINT64_MAX));
	pending_free(&pending);
}

static void
a_full_table_takes_no_more(void **state)
{
	struct pending *pending = pending_new(2);
	struct pending_entry *entry;

	(void)state;
	entry = pending_add(pending, 1);
	assert_non_null(pending_add(pending, 2));
	assert_null(pending_add(pending, 3));
	pending_remove(pending, entry);
	assert_non_null(pending_add(pending, 3));
	assert_null(pending_add(pending, 4));
	pending_free(&pending);
}

static void
the_earliest_deadline_is_due_first(void **state)
{
	static const int64_t deadlines[] = { 50, 10, 40, 20, 30, 20 };
	struct pending *pending = pending_new(8);
	struct pending_entry *entry;
	int64_t last = 0;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++)
		assert_non_null(pending_add(pending, deadlines[i]));
	assert_null(pending_due(pending, 9));
	while ((entry = pending_due(pending, 40)) != NULL) {
		assert_true(entry->deadline_ns >= last);
		last = entry->deadline_ns;
		pending_remove(pending, entry);
		count++;
	}
	assert_int_equal(count, 5);
	assert_int_equal(pending_count(pending), 1);
	pending_free(&pending);
}

/* Against a plain array that does the same slowly. */
static void
many_in_and_out_keep_order_and_ids(void **state)
{
	struct pending *pending = pending_new(64);
	struct pending_entry *entries[64] = { NULL };
	struct pending_entry *due;
	int64_t earliest;
	size_t slot;

	(void)state;
	srandom(7);
	for (int round = 0; round < 20000; round++) {
		slot = (size_t)random() % 64;
		if (entries[slot] == NULL) {
			entries[slot] = pending_add(pending, random() % 1000);
			assert_non_null(entries[slot]);
		} else {
			pending_remove(pending, entries[slot]);
			entries[slot] = NULL;
		}
		earliest = INT64_MAX;
		for (size_t i = 0; i < 64; i++) {
			if (entries[i] == NULL)
				continue;
			assert_ptr_equal(
			    pending_find(pending, entries[i]->correlation),
			    entries[i]);
			if (entries[i]->deadline_ns < earliest)
				earliest = entries[i]->deadline_ns;
		}
		due = pending_due(pending, INT64_MAX);
		if (earliest == INT64_MAX)
			assert_null(due);
		else
			assert_int_equal(due->deadline_ns, earliest);
	}
	pending_free(&pending);
}

static void
sizes_out_of_bounds_are_refused(void **state)
{
	(void)state;
	assert_null(pending_new(0));
	assert_null(pending_new((size_t)1 << 24));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_found_by_its_id),
		cmocka_unit_test(an_id_is_never_found_again),
		cmocka_unit_test(unknown_ids_find_nothing),
		cmocka_unit_test(a_full_table_takes_no_more),
		cmocka_unit_test(the_earliest_deadline_is_due_first),
		cmocka_unit_test(many_in_and_out_keep_order_and_ids),
		cmocka_unit_test(sizes_out_of_bounds_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
