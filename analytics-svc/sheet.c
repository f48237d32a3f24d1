/*
 * Sheets of counters and their stored form. See sheet.h.
 */
#include "analytics-svc/sheet.h"

#include <string.h>

/* Writes a number from 0 up; returns the byte after it. */
static uint8_t *
put(uint8_t *to, int64_t number)
{
	uint64_t rest = (uint64_t)number;

	while (rest >= 0x80) {
		*to++ = (uint8_t)(rest | 0x80);
		rest >>= 7;
	}
	*to++ = (uint8_t)rest;
	return to;
}

/* Reads a number of two bytes and more; as get. */
static const uint8_t *
get_long(const uint8_t *from, const uint8_t *end, int64_t *number)
{
	uint64_t value = 0;

	for (unsigned shift = 0; from < end && shift < 63; shift += 7) {
		uint8_t byte = *from++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0) {
			*number = (int64_t)value;
			return from;
		}
	}
	return NULL;
}

/*
 * Reads a number; returns the byte after it, NULL when there is none. Most
 * numbers are of one byte, and an answer may read some millions.
 */
static inline const uint8_t *
get(const uint8_t *from, const uint8_t *end, int64_t *number)
{
	if (from < end && *from < 0x80) {
		*number = *from;
		return from + 1;
	}
	return get_long(from, end, number);
}

/* Reads how a cell begins; returns the byte after it, NULL when that is not how
 * one begins. */
static const uint8_t *
get_cell(
    const uint8_t *from, const uint8_t *end, int64_t *number, int64_t *mask)
{
	from = get(from, end, number);
	if (from == NULL || *number / SHEET_LEVELS >= SHEET_OPERATIONS)
		return NULL;
	from = get(from, end, mask);
	return from != NULL && *mask < INT64_C(1) << COUNTS ? from : NULL;
}

/* Adds a cell's counters, which its mask tells; returns the byte after them,
 * NULL when they are not all there. */
static const uint8_t *
add_counters(
    const uint8_t *from, const uint8_t *end, int64_t mask, struct counts *into)
{
	int64_t number;

	for (; mask != 0 && from != NULL; mask &= mask - 1) {
		int64_t *count =
		    &into->of[__builtin_ctzll((unsigned long long)mask)];

		from = get(from, end, &number);
		if (from != NULL)
			*count = counts_sum(*count, number);
	}
	return from;
}

/* Adds a list of numbers of which only those that are not zero were put. */
static int
get_sparse(int64_t *sums, int64_t count, const uint8_t *from, size_t len)
{
	const uint8_t *end = from + len;
	int64_t at = 0, gap, number;

	while (from < end) {
		from = get(from, end, &gap);
		if (from == NULL || gap >= count - at)
			return -1;
		at += gap;
		from = get(from, end, &number);
		if (from == NULL)
			return -1;
		sums[at] = counts_sum(sums[at], number);
		at++;
	}
	return 0;
}

/* Puts such a list; returns the bytes that it took. */
static size_t
put_sparse(uint8_t *bytes, const int64_t *numbers, unsigned count)
{
	uint8_t *to = bytes;
	int64_t gap = 0;

	for (unsigned i = 0; i < count; i++) {
		if (numbers[i] == 0) {
			gap++;
			continue;
		}
		to = put(to, gap);
		to = put(to, numbers[i]);
		gap = 0;
	}
	return (size_t)(to - bytes);
}

void
sheet_clear(struct sheet *sheet)
{
	sheet->used = 0;
	memset(sheet->slot, 0, sizeof(sheet->slot));
	memset(&sheet->solve_times, 0, sizeof(sheet->solve_times));
	memset(sheet->misreadings, 0, sizeof(sheet->misreadings));
}

/* The counters of a cell, made when they are new. */
static struct counts *
cell(struct sheet *sheet, size_t number)
{
	struct sheet_cell *made;

	if (sheet->slot[number] != 0)
		return &sheet->cells[sheet->slot[number] - 1].counts;

	made = &sheet->cells[sheet->used++];
	sheet->slot[number] = (uint16_t)sheet->used;
	memset(made, 0, sizeof(*made));
	made->number = (uint16_t)number;
	return &made->counts;
}

/* What a wrong answer counts under. */
static unsigned
misreading_of(const struct event *event)
{
	if (PROTO_HAS(event, event, misreading) &&
	    event->misreading < SHEET_MISREADINGS)
		return event->misreading;
	return misreading_OTHER;
}

void
sheet_count(struct sheet *sheet, const struct event *event, unsigned operation)
{
	unsigned level = 0;

	if (PROTO_HAS(event, event, level) && event->level < SHEET_LEVELS - 1)
		level = event->level + 1u;
	counts_event(cell(sheet, operation * SHEET_LEVELS + level), event);

	if (counts_is_solved(event)) {
		int64_t *times = &sheet->solve_times.of[histogram_bucket(
		    event->solve_time_ms)];

		*times = counts_sum(*times, event->count);
	}
	if (counts_is_incorrect(event)) {
		int64_t *misread = &sheet->misreadings[misreading_of(event)];

		*misread = counts_sum(*misread, event->count);
	}
}

void
sheet_add(struct sheet *into, const struct sheet *from)
{
	for (uint32_t i = 0; i < from->used; i++)
		counts_add(
		    cell(into, from->cells[i].number), &from->cells[i].counts);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->solve_times.of[i] = counts_sum(
		    into->solve_times.of[i], from->solve_times.of[i]);
	for (unsigned i = 0; i < SHEET_MISREADINGS; i++)
		into->misreadings[i] = counts_sum(
		    into->misreadings[i], from->misreadings[i]);
}

struct counts
sheet_total(const struct sheet *sheet)
{
	struct counts total = { 0 };

	for (uint32_t i = 0; i < sheet->used; i++)
		counts_add(&total, &sheet->cells[i].counts);
	return total;
}

void
sheet_by_operation(
    const struct sheet *sheet, struct counts sums[SHEET_OPERATIONS])
{
	memset(sums, 0, SHEET_OPERATIONS * sizeof(*sums));
	for (uint32_t i = 0; i < sheet->used; i++)
		counts_add(&sums[sheet->cells[i].number / SHEET_LEVELS],
		    &sheet->cells[i].counts);
}

void
sheet_by_level(const struct sheet *sheet, struct counts sums[SHEET_LEVELS])
{
	memset(sums, 0, SHEET_LEVELS * sizeof(*sums));
	for (uint32_t i = 0; i < sheet->used; i++)
		counts_add(&sums[sheet->cells[i].number % SHEET_LEVELS],
		    &sheet->cells[i].counts);
}

int
sheet_read_cells(struct sheet *sheet, const uint8_t *bytes, size_t len)
{
	const uint8_t *end = bytes + len;
	int64_t number, mask;

	while (bytes < end) {
		bytes = get_cell(bytes, end, &number, &mask);
		if (bytes != NULL)
			bytes = add_counters(
			    bytes, end, mask, cell(sheet, (size_t)number));
		if (bytes == NULL)
			return -1;
	}
	return 0;
}

int
sheet_read_total(struct counts *total, const uint8_t *bytes, size_t len)
{
	const uint8_t *end = bytes + len;
	int64_t number, mask;

	while (bytes < end) {
		bytes = get_cell(bytes, end, &number, &mask);
		if (bytes != NULL)
			bytes = add_counters(bytes, end, mask, total);
		if (bytes == NULL)
			return -1;
	}
	return 0;
}

int
sheet_read_times(struct sheet *sheet, const uint8_t *bytes, size_t len)
{
	return get_sparse(sheet->solve_times.of, HISTOGRAM_BUCKETS, bytes, len);
}

int
sheet_read_misreadings(struct sheet *sheet, const uint8_t *bytes, size_t len)
{
	return get_sparse(sheet->misreadings, SHEET_MISREADINGS, bytes, len);
}

size_t
sheet_write_cells(const struct sheet *sheet, uint8_t *bytes)
{
	uint8_t *to = bytes;

	for (uint32_t i = 0; i < sheet->used; i++) {
		const struct counts *counts = &sheet->cells[i].counts;
		unsigned mask = 0;

		for (unsigned k = 0; k < COUNTS; k++)
			if (counts->of[k] != 0)
				mask |= 1u << k;
		to = put(to, sheet->cells[i].number);
		to = put(to, mask);
		for (unsigned k = 0; k < COUNTS; k++)
			if (counts->of[k] != 0)
				to = put(to, counts->of[k]);
	}
	return (size_t)(to - bytes);
}

size_t
sheet_write_times(const struct sheet *sheet, uint8_t *bytes)
{
	return put_sparse(bytes, sheet->solve_times.of, HISTOGRAM_BUCKETS);
}

size_t
sheet_write_misreadings(const struct sheet *sheet, uint8_t *bytes)
{
	return put_sparse(bytes, sheet->misreadings, SHEET_MISREADINGS);
}
