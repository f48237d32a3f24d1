/*
 * Requests that wait: slots in an array, free ones in a list through `next`,
 * used ones in a list ordered by deadline.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/pending.h"

#define INDEX_BITS 24
#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)

struct pending {
	struct pending_entry *slots;
	size_t size;
	size_t touched; /* slots that were ever used; the rest is untouched */
	struct pending_entry *spare;
	struct pending_entry *first; /* earliest deadline */
	struct pending_entry *last;
	size_t count;
};

struct pending *
pending_new(size_t slots)
{
	struct pending *pending = NULL;

	if (slots == 0 || slots > INDEX_MASK)
		return NULL;
	pending = calloc(1, sizeof(*pending));
	if (pending == NULL)
		return NULL;
	pending->slots = calloc(slots, sizeof(*pending->slots));
	pending->size = slots;
	if (pending->slots == NULL)
		pending_free(&pending);
	return pending;
}

void
pending_free(struct pending **pending)
{
	if (*pending == NULL)
		return;
	free((*pending)->slots);
	free(*pending);
	*pending = NULL;
}

static struct pending_entry *
take_slot(struct pending *pending)
{
	struct pending_entry *entry = pending->spare;

	if (entry != NULL) {
		pending->spare = entry->next;
		return entry;
	}
	if (pending->touched == pending->size)
		return NULL;
	entry = &pending->slots[pending->touched];
	/* The first generation is 1, so that no id is ever 0. */
	entry->correlation = UINT64_C(1) << INDEX_BITS | pending->touched;
	pending->touched++;
	return entry;
}

struct pending_entry *
pending_add(struct pending *pending, int64_t deadline_ns)
{
	struct pending_entry *entry = take_slot(pending);
	struct pending_entry *before;

	if (entry == NULL)
		return NULL;
	entry->deadline_ns = deadline_ns;
	entry->used = true;
	/* Deadlines nearly always grow, so the place is near the end. */
	before = pending->last;
	while (before != NULL && before->deadline_ns > deadline_ns)
		before = before->previous;
	entry->previous = before;
	entry->next = before == NULL ? pending->first : before->next;
	if (before == NULL)
		pending->first = entry;
	else
		before->next = entry;
	if (entry->next == NULL)
		pending->last = entry;
	else
		entry->next->previous = entry;
	pending->count++;
	return entry;
}

struct pending_entry *
pending_find(struct pending *pending, uint64_t correlation)
{
	size_t index = (size_t)(correlation & INDEX_MASK);
	struct pending_entry *entry;

	if (index >= pending->touched)
		return NULL;
	entry = &pending->slots[index];
	return entry->used && entry->correlation == correlation ? entry : NULL;
}

void
pending_remove(struct pending *pending, struct pending_entry *entry)
{
	if (entry->previous == NULL)
		pending->first = entry->next;
	else
		entry->previous->next = entry->next;
	if (entry->next == NULL)
		pending->last = entry->previous;
	else
		entry->next->previous = entry->previous;
	entry->correlation += UINT64_C(1) << INDEX_BITS;
	entry->used = false;
	entry->owner = NULL;
	entry->done = NULL;
	entry->previous = NULL;
	entry->next = pending->spare;
	pending->spare = entry;
	pending->count--;
}

struct pending_entry *
pending_due(struct pending *pending, int64_t now_ns)
{
	if (pending->first == NULL || pending->first->deadline_ns > now_ns)
		return NULL;
	return pending->first;
}

struct pending_entry *
pending_first(struct pending *pending)
{
	return pending->first;
}

struct pending_entry *
pending_next(const struct pending_entry *entry)
{
	return entry->next;
}

size_t
pending_count(const struct pending *pending)
{
	return pending->count;
}
