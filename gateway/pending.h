/*
 * Requests that wait for an answer, found by correlation id.
 *
 * The table is fixed; a correlation id is a slot's number and its generation,
 * so that an answer to a request which is gone finds nothing, even when the
 * slot has been taken again.
 */
#ifndef GATEWAY_PENDING_H
#define GATEWAY_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus_answer;
struct pending;

struct pending_entry {
	uint64_t correlation;
	int64_t deadline_ns;
	size_t endpoint;
	uint64_t message;
	uint64_t batch; /* which sending of its endpoint it is part of */
	void (*done)(void *owner, const struct bus_answer *answer);
	void *owner; /* NULL once nobody waits any more */

	/* the table's own */
	bool used;
	struct pending_entry *previous;
	struct pending_entry *next;
};

/* slots is 1..2^24. NULL when memory ends. */
struct pending *pending_new(size_t slots);
void pending_free(struct pending **pending);

/* A new entry with its correlation id and deadline; NULL when all are taken. */
struct pending_entry *pending_add(struct pending *pending, int64_t deadline_ns);

/* The entry that waits under this id, or NULL. */
struct pending_entry *
pending_find(struct pending *pending, uint64_t correlation);

/* Ends an entry; its id will never be found again. */
void pending_remove(struct pending *pending, struct pending_entry *entry);

/* The entry with the earliest deadline when that is at or before now_ns. */
struct pending_entry *pending_due(struct pending *pending, int64_t now_ns);

/* All entries, by deadline: the first one or NULL, and the one after. */
struct pending_entry *pending_first(struct pending *pending);
struct pending_entry *pending_next(const struct pending_entry *entry);

size_t pending_count(const struct pending *pending);

#endif
