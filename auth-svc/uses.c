/*
 * The uses of keys that are still to be noted: see uses.h.
 */
#include <string.h>

#include "auth-svc/uses.h"

#define PORTION 64 /* statements, of some microseconds each */

/* Where a key is, or belongs. */
static uint32_t
place_of(const struct uses *uses, const struct uuid *id)
{
	uint32_t low = 0, high = uses->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (memcmp(&uses->keys[middle].id, id, sizeof(*id)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
uses_add(struct uses *uses, const struct uuid *id, int64_t at)
{
	const uint32_t place = place_of(uses, id);
	struct use *use = &uses->keys[place];

	if (place == uses->count || !uuid_equal(&use->id, id)) {
		if (uses->count == USES_MAX)
			return;
		memmove(use + 1, use, (uses->count - place) * sizeof(*use));
		uses->count++;
		use->id = *id;
	}
	use->at = at;
}

static void
take_out(struct uses *uses, uint32_t place)
{
	struct use *use = &uses->keys[place];

	uses->count--;
	memmove(use, use + 1, (uses->count - place) * sizeof(*use));
}

enum db_status
uses_write(struct uses *uses, struct store *store)
{
	enum db_status status = DB_DONE;
	const struct use *use = NULL;
	int i;

	for (i = 0; i < PORTION && uses->next < uses->count; i++) {
		use = &uses->keys[uses->next];
		status = store_key_touch(
		    store, &use->id, use->at, use->at - USES_GRAIN_MS);
		if (status == DB_ROW)
			uses->next++;
		else if (status == DB_DONE)
			take_out(uses, uses->next);
		else
			return status;
	}
	if (uses->next < uses->count)
		return DB_ROW;
	uses->next = 0;
	return DB_OK;
}
