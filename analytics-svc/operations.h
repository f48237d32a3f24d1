/*
 * The names of operations by their numbers, and back: what the table of that
 * name holds, in memory. Numbers count from 1 without gaps; 0 is no operation.
 */
#ifndef ANALYTICS_OPERATIONS_H
#define ANALYTICS_OPERATIONS_H

#include <stdint.h>

#include "analytics-svc/sheet.h"

#define OPERATIONS_SLOTS (2 * SHEET_OPERATIONS) /* a power of two */

struct operations {
	unsigned count; /* the highest number */
	uint16_t slots[OPERATIONS_SLOTS];
	char names[SHEET_OPERATIONS][PROTO_OPERATION_MAX + 1];
};

void operations_clear(struct operations *operations);

/* The number of a name, 0 when it has none. */
unsigned operations_find(const struct operations *operations, const char *name);

/*
 * Gives a new name the number count + 1 and returns that; 0 when all numbers
 * are taken or the name is longer than PROTO_OPERATION_MAX.
 */
unsigned operations_add(struct operations *operations, const char *name);

/* The name of a number, NULL when it has none. */
const char *
operations_name(const struct operations *operations, unsigned number);

#endif
