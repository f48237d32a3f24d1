/*
 * The generic cell rate algorithm (ITU-T I.371) in a table that the workers
 * share. A key's whole state is one number, its theoretical arrival time: how
 * far that is ahead of now tells how much of the burst is used. So one
 * compare-and-swap takes a request, and a worker may die at any moment.
 *
 * A cell is found by a 64-bit fingerprint of the key within a few probes. It
 * is never emptied; once its arrival time is past it says nothing any more,
 * and another key may take it over. A request of the old key that is just
 * being taken can then count for the new one: one request, rarely.
 */
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "gateway/ratelimit.h"

#define PROBES	      16
#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MINUTE (60 * NS_PER_SECOND)
#define BURST_DIVISOR 10
#define BURST_MIN     10

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
    "a lock would not be shared between processes");

struct cell {
	_Atomic uint64_t print;	 /* of the key, 0 for a cell never used */
	_Atomic int64_t arrival; /* nanoseconds */
};

struct ratelimit {
	size_t bytes; /* of the whole mapping */
	size_t mask;
	struct cell cells[];
};

struct ratelimit *
ratelimit_new(size_t cells)
{
	struct ratelimit *limit = NULL;
	size_t bytes;

	if (cells == 0 || (cells & (cells - 1)) != 0 ||
	    cells > (SIZE_MAX - sizeof(*limit)) / sizeof(struct cell))
		return NULL;
	bytes = sizeof(*limit) + cells * sizeof(struct cell);
	/* Its pages are zero, and so are the cells. */
	limit = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (limit == MAP_FAILED)
		return NULL;
	limit->bytes = bytes;
	limit->mask = cells - 1;
	return limit;
}

void
ratelimit_free(struct ratelimit **limit)
{
	if (*limit == NULL)
		return;
	(void)munmap(*limit, (*limit)->bytes);
	*limit = NULL;
}

/* Folds an id into 64 even bits (the finalizer of splitmix64); never 0. */
static uint64_t
fingerprint(const struct uuid *key)
{
	uint64_t high, low, mixed;

	memcpy(&high, key->bytes, sizeof(high));
	memcpy(&low, key->bytes + sizeof(high), sizeof(low));
	mixed = high ^ (low << 32 | low >> 32);
	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	mixed ^= mixed >> 31;
	return mixed != 0 ? mixed : 1;
}

/*
 * The key's cell, taken for it when it has none yet. All processes probe in
 * the same order and a taken cell never becomes empty, so that two of them
 * cannot give one key two empty cells. NULL when all the cells that it may
 * have are in use.
 */
static struct cell *
find_cell(struct ratelimit *limit, uint64_t print, int64_t now_ns)
{
	struct cell *past = NULL;
	uint64_t found, past_print = 0;

	for (size_t i = 0; i < PROBES && i <= limit->mask; i++) {
		struct cell *cell = &limit->cells[(print + i) & limit->mask];

		found = atomic_load(&cell->print);
		if (found == 0 &&
		    atomic_compare_exchange_strong(&cell->print, &found, print))
			return cell;
		/* A lost race has put the winner's key in found. */
		if (found == print)
			return cell;
		if (past == NULL && atomic_load(&cell->arrival) <= now_ns) {
			past = cell;
			past_print = found;
		}
	}
	if (past != NULL &&
	    (atomic_compare_exchange_strong(&past->print, &past_print, print) ||
		past_print == print))
		return past;
	return NULL;
}

static int64_t
seconds_up(int64_t ns)
{
	return (ns + NS_PER_SECOND - 1) / NS_PER_SECOND;
}

static int64_t
burst_of(int64_t per_minute)
{
	int64_t burst = per_minute / BURST_DIVISOR;

	if (burst < BURST_MIN)
		burst = BURST_MIN;
	return burst < per_minute ? burst : per_minute;
}

struct ratelimit_result
ratelimit_take(struct ratelimit *limit, const struct uuid *key,
    int64_t per_minute, int64_t now_ns)
{
	struct ratelimit_result result = { .allowed = true };
	int64_t burst, interval, arrival, ahead;
	struct cell *cell = NULL;

	if (per_minute <= 0)
		return result;
	burst = burst_of(per_minute);
	interval = NS_PER_MINUTE / per_minute;
	result.limit = per_minute;
	result.remaining = burst - 1;
	result.reset_s = seconds_up(interval);
	cell = find_cell(limit, fingerprint(key), now_ns);
	if (cell == NULL)
		return result;
	arrival = atomic_load(&cell->arrival);
	do {
		ahead = arrival > now_ns ? arrival - now_ns : 0;
		if (ahead > (burst - 1) * interval) {
			result.allowed = false;
			result.remaining = 0;
			result.retry_after_s = seconds_up(
			    ahead - (burst - 1) * interval);
			result.reset_s = seconds_up(ahead);
			return result;
		}
	} while (!atomic_compare_exchange_weak(
	    &cell->arrival, &arrival, now_ns + ahead + interval));
	/* What is used of an interval is used up. */
	result.remaining = burst - 1 - (ahead + interval - 1) / interval;
	result.reset_s = seconds_up(ahead + interval);
	return result;
}
