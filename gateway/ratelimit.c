/*
 * A sliding window in a table that the workers share: how many requests of a
 * key were taken in the second that is running, and in each of the 60 before.
 *
 * The running second and its count are one number, the head, and taking a
 * request is one compare-and-swap of it. Whoever finds that its second is over
 * copies it to where past seconds are, and then swaps in the new second's. What
 * may be copied twice, or late, only ever grows: second and count, compared as
 * one number. So the seconds before the head's are final as long as the head
 * stands still, a swap that works has counted exactly, and a worker may die at
 * any moment.
 *
 * A cell is found by a 64-bit fingerprint of the key within a few probes. It
 * is never emptied; once its window is past it says nothing any more, and
 * another key may take it over. A request of the old key that is just being
 * taken can then count for the new one: one request, rarely.
 */
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "gateway/ratelimit.h"

#define PROBES	      16
#define NS_PER_SECOND UINT64_C(1000000000)
#define WINDOW	      60 /* whole seconds before the running one */
#define SECONDS	      64 /* a power of two, more than WINDOW */
#define COUNT_BITS    24
#define COUNT_MAX     ((UINT64_C(1) << COUNT_BITS) - 1)

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2,
    "a lock would not be shared between processes");

/* A second and its count are one number: second << COUNT_BITS | count. */
struct cell {
	_Atomic uint64_t print; /* of the key, 0 for a cell never used */
	_Atomic uint64_t head;
	_Atomic uint64_t past[SECONDS];
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

static uint64_t
second_of(uint64_t number)
{
	return number >> COUNT_BITS;
}

static uint64_t
count_of(uint64_t number)
{
	return number & COUNT_MAX;
}

/*
 * The key's cell, taken for it when it has none yet. All processes probe in
 * the same order and a taken cell never becomes empty, so that two of them
 * cannot give one key two empty cells. NULL when all the cells that it may
 * have are in use.
 */
static struct cell *
find_cell(struct ratelimit *limit, uint64_t print, uint64_t second)
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
		if (past == NULL &&
		    second_of(atomic_load(&cell->head)) + WINDOW < second) {
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

/* Puts a second that is over among the past ones. */
static void
keep(struct cell *cell, uint64_t head)
{
	_Atomic uint64_t *at = &cell->past[second_of(head) % SECONDS];
	uint64_t found = atomic_load(at);

	while (found < head && !atomic_compare_exchange_weak(at, &found, head))
		;
}

/* What was taken `age` seconds before `second`, the head's own apart. */
static uint64_t
count_at(struct cell *cell, uint64_t head, uint64_t second, uint64_t age)
{
	uint64_t number;

	if (age > second)
		return 0;
	if (second - age == second_of(head))
		return count_of(head);
	number = atomic_load(&cell->past[(second - age) % SECONDS]);
	return second_of(number) == second - age ? count_of(number) : 0;
}

static uint64_t
count_window(struct cell *cell, uint64_t head, uint64_t second)
{
	uint64_t sum = 0;

	for (uint64_t age = 0; age <= WINDOW; age++)
		sum += count_at(cell, head, second, age);
	return sum;
}

/* Until what was taken in a second is out of the window, rounded up. */
static int64_t
seconds_until_past(uint64_t second, uint64_t now_ns)
{
	uint64_t past_ns = (second + WINDOW + 1) * NS_PER_SECOND;

	return (
	    int64_t)((past_ns - now_ns + NS_PER_SECOND - 1) / NS_PER_SECOND);
}

/* Until one request fits again: the oldest ones that are too many go first. */
static int64_t
wait_for_room(struct cell *cell, uint64_t head, uint64_t second, uint64_t sum,
    uint64_t per_minute, uint64_t now_ns)
{
	uint64_t age = WINDOW;

	for (; age > 0; age--) {
		sum -= count_at(cell, head, second, age);
		if (sum < per_minute)
			break;
	}
	return seconds_until_past(second - age, now_ns);
}

struct ratelimit_result
ratelimit_take(struct ratelimit *limit, const struct uuid *key,
    int64_t per_minute, int64_t now_ns)
{
	struct ratelimit_result result = { .allowed = true };
	uint64_t ns = (uint64_t)now_ns, most = (uint64_t)per_minute;
	uint64_t second = ns / NS_PER_SECOND, head, sum;
	struct cell *cell = NULL;

	if (per_minute <= 0)
		return result;
	result.limit = per_minute;
	result.remaining = per_minute - 1;
	result.reset_s = seconds_until_past(second, ns);
	cell = find_cell(limit, fingerprint(key), second);
	if (cell == NULL)
		return result;
	head = atomic_load(&cell->head);
	do {
		/* Another worker's clock was read a moment later. */
		if (second < second_of(head)) {
			second = second_of(head);
			ns = second * NS_PER_SECOND;
		}
		if (second > second_of(head))
			keep(cell, head);
		sum = count_window(cell, head, second);
		if (sum >= most) {
			result.allowed = false;
			result.remaining = 0;
			result.retry_after_s = wait_for_room(
			    cell, head, second, sum, most, ns);
			result.reset_s = seconds_until_past(
			    second_of(head), ns);
			return result;
		}
	} while (!atomic_compare_exchange_weak(&cell->head, &head,
	    second == second_of(head) ? head + 1 : second << COUNT_BITS | 1));
	result.remaining = (int64_t)(most - sum - 1);
	result.reset_s = seconds_until_past(second, ns);
	return result;
}
