/*
 * A sheet: everything that is counted of one key in one bucket of time, by
 * level and operation, with the solve times and the misreadings behind wrong
 * answers. It is also what sheets are summed up in. Its stored form is three
 * blobs of variable-length integers (LEB128: seven bits a byte, the lowest
 * first, the high bit set on all but the last):
 *
 *   cells        for each cell: its number (operation * SHEET_LEVELS + level),
 *                a mask of the counters that are not zero (bit i: counter i
 *                of counts.h), then those counters
 *   solve times  for each histogram bucket that is not zero: how many buckets
 *                were skipped since the one before, then its count
 *   misreadings  the same, by enum misreading; empty in sheets that are older
 *                than these counts
 *
 * A minute of a busy key takes about 500 bytes that way, and counting into it
 * is one read and one write of one row, however many operations there are.
 */
#ifndef ANALYTICS_SHEET_H
#define ANALYTICS_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "analytics-svc/counts.h"
#include "analytics-svc/histogram.h"

/* Operation 0 is none, the others are the database's numbers of names. */
#define SHEET_OPERATIONS 256
/* Level 0 is none, the others are enum level plus one, with room to grow. */
#define SHEET_LEVELS 8
#define SHEET_CELLS  (SHEET_OPERATIONS * SHEET_LEVELS)
/* By enum misreading, with room to grow. */
#define SHEET_MISREADINGS PROTO_MISREADINGS_MAX

/* Bytes that a stored form may take: 2 for a cell's number, 2 for its mask. */
#define SHEET_VARINT_MAX 9
#define SHEET_CELLS_BYTES \
	((size_t)SHEET_CELLS * (4 + (size_t)COUNTS * SHEET_VARINT_MAX))
#define SHEET_TIMES_BYTES ((size_t)HISTOGRAM_BUCKETS * (2 + SHEET_VARINT_MAX))
#define SHEET_MISREADINGS_BYTES \
	((size_t)SHEET_MISREADINGS * (1 + SHEET_VARINT_MAX))

struct sheet_cell {
	uint16_t number;
	struct counts counts;
};

struct sheet {
	uint32_t used;		    /* of cells */
	uint16_t slot[SHEET_CELLS]; /* by number: 1 + place in cells, or 0 */
	struct sheet_cell cells[SHEET_CELLS];
	struct histogram solve_times;
	int64_t misreadings[SHEET_MISREADINGS]; /* of the incorrect */
};

void sheet_clear(struct sheet *sheet);

/*
 * Counts an event that counts_takes under an operation's number, below
 * SHEET_OPERATIONS.
 */
void
sheet_count(struct sheet *sheet, const struct event *event, unsigned operation);

/* Adds all of another sheet. */
void sheet_add(struct sheet *into, const struct sheet *from);

/* The sum of all cells. */
struct counts sheet_total(const struct sheet *sheet);

/* The sums by operation and by level, indexed by their numbers. */
void sheet_by_operation(
    const struct sheet *sheet, struct counts sums[SHEET_OPERATIONS]);
void
sheet_by_level(const struct sheet *sheet, struct counts sums[SHEET_LEVELS]);

/*
 * Add a stored form to a sheet, or (sheet_read_total) the sum of its cells to
 * one set of counters. Return 0, -1 when the bytes are not a stored form; a
 * part of them may then have been added.
 */
int sheet_read_cells(struct sheet *sheet, const uint8_t *bytes, size_t len);
int sheet_read_times(struct sheet *sheet, const uint8_t *bytes, size_t len);
int
sheet_read_misreadings(struct sheet *sheet, const uint8_t *bytes, size_t len);
int sheet_read_total(struct counts *total, const uint8_t *bytes, size_t len);

/*
 * Write the stored form into SHEET_CELLS_BYTES, SHEET_TIMES_BYTES or
 * SHEET_MISREADINGS_BYTES; return the bytes that it took.
 */
size_t sheet_write_cells(const struct sheet *sheet, uint8_t *bytes);
size_t sheet_write_times(const struct sheet *sheet, uint8_t *bytes);
size_t sheet_write_misreadings(const struct sheet *sheet, uint8_t *bytes);

#endif
