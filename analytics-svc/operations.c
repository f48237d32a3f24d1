/*
 * Names of operations. See operations.h.
 */
#include "analytics-svc/operations.h"

#include <string.h>

/*
 * Where the search for a name begins: FNV-1a, 32 bits (Fowler, Noll, Vo). The
 * names come from our own services, so that nobody chooses them to collide.
 */
static unsigned
start(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash % OPERATIONS_SLOTS;
}

/* The slot that holds a name, or the free one where it belongs. */
static unsigned
find(const struct operations *operations, const char *name)
{
	unsigned slot = start(name);

	while (operations->slots[slot] != 0 &&
	    strcmp(operations->names[operations->slots[slot]], name) != 0)
		slot = (slot + 1) % OPERATIONS_SLOTS;
	return slot;
}

void
operations_clear(struct operations *operations)
{
	operations->count = 0;
	memset(operations->slots, 0, sizeof(operations->slots));
}

unsigned
operations_find(const struct operations *operations, const char *name)
{
	return operations->slots[find(operations, name)];
}

unsigned
operations_add(struct operations *operations, const char *name)
{
	size_t len = strlen(name);

	if (operations->count == SHEET_OPERATIONS - 1 ||
	    len > PROTO_OPERATION_MAX)
		return 0;
	operations->count++;
	memcpy(operations->names[operations->count], name, len + 1);
	operations->slots[find(operations, name)] = (uint16_t)operations->count;
	return operations->count;
}

const char *
operations_name(const struct operations *operations, unsigned number)
{
	if (number == 0 || number > operations->count)
		return NULL;
	return operations->names[number];
}
