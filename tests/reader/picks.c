/*
 * Choosing digits: see picks.h.  Whatever a reader could doubt (a tie, nothing
 * selected, an exception that leaves nothing out) is noted on the page.
 *
 * The switches are on one sort of meaning each; any other falls out of them.
 */

#include "tests/reader/picks.h"

#include "tests/reader/compute.h"

/* What a digit is held against: worked out once for a selection. */
struct measure {
	int64_t bound;
	size_t mark, other_mark;
	int beside;
	struct picks members;
};

static struct picks select_digits(
    struct page *page, const struct meaning *meaning, const struct picks *from);

struct picks
picks_every(const struct page *page)
{
	struct picks all = { .count = 0 };

	for (; all.count < page->count; all.count++)
		all.index[all.count] = all.count;

	return all;
}

int
picks_value(const struct page *page, const struct picks *picks, int i)
{
	return page->value[picks->index[i]];
}

bool
picks_hold(const struct picks *picks, int index)
{
	int i;

	for (i = 0; i < picks->count; i++) {
		if (picks->index[i] == index)
			return true;
	}

	return false;
}

int
picks_copies(const struct page *page, const struct picks *picks, int value)
{
	int i, copies = 0;

	for (i = 0; i < picks->count; i++) {
		if (picks_value(page, picks, i) == value)
			copies++;
	}

	return copies;
}

/* Those that are not among the others. */
static struct picks
without(const struct picks *picks, const struct picks *others)
{
	struct picks left = { .count = 0 };
	int i;

	for (i = 0; i < picks->count; i++) {
		if (!picks_hold(others, picks->index[i]))
			left.index[left.count++] = picks->index[i];
	}

	return left;
}

/* The n largest or smallest: those that fewer than n others go before. */
static struct picks
by_size(struct page *page, const struct picks *from, int n, int sign)
{
	struct picks chosen = { .count = 0 };
	int i, j, ahead, value;

	for (i = 0; i < from->count; i++) {
		value = picks_value(page, from, i);
		ahead = 0;
		for (j = 0; j < from->count; j++) {
			if (sign * picks_value(page, from, j) > sign * value)
				ahead++;
		}
		if (ahead >= n)
			continue;
		if (picks_copies(page, from, value) > 1)
			page_doubt(page, "equal digits: which one is meant?");
		chosen.index[chosen.count++] = from->index[i];
	}

	return chosen;
}

static void
take_measure(
    struct page *page, const struct meaning *meaning, struct measure *measure)
{
	switch ((int)meaning->kind) {
	case MEAN_OVER:
	case MEAN_UNDER:
		measure->bound = compute_number(page, meaning->part[0]);
		return;
	case MEAN_LEFT_SIDE:
	case MEAN_RIGHT_SIDE:
		measure->mark = page_mark(page, meaning->n);
		return;
	case MEAN_BETWEEN:
		measure->mark = page_mark(page, meaning->n);
		measure->other_mark = page_mark(page, meaning->m);
		return;
	case MEAN_AT_RIGHT_OF:
		measure->beside = page_beside(page, meaning->n, true);
		return;
	case MEAN_AT_LEFT_OF:
		measure->beside = page_beside(page, meaning->n, false);
		return;
	case MEAN_MEMBER:
		measure->members = picks_of(page, meaning->part[0]);
		return;
	}
}

/* Whether the i-th of some digits is so. */
static bool
fits(struct page *page, const struct meaning *meaning, const struct picks *from,
    int i, const struct measure *measure)
{
	int index = from->index[i];
	int value = page->value[index];
	size_t where = page->where[index];

	switch ((int)meaning->kind) {
	case MEAN_EVERY:
		return true;
	case MEAN_EVENS:
		return value % 2 == 0;
	case MEAN_ODDS:
		return value % 2 == 1;
	case MEAN_OVER:
		return value > measure->bound;
	case MEAN_UNDER:
		return value < measure->bound;
	case MEAN_HEAD:
		return i < meaning->n;
	case MEAN_TAIL:
		return from->count - i <= meaning->n;
	case MEAN_ONWARDS:
		return i + 1 >= meaning->n;
	case MEAN_FROM_FIRST:
		return i % 2 == 0;
	case MEAN_FROM_SECOND:
		return i % 2 == 1;
	case MEAN_LEFT_SIDE:
		return where < measure->mark;
	case MEAN_RIGHT_SIDE:
		return where > measure->mark;
	case MEAN_BETWEEN:
		return (where > measure->mark) != (where > measure->other_mark);
	case MEAN_UNIQUE:
		return picks_copies(page, from, value) == 1;
	case MEAN_RISING:
		return index > 0 && value > page->value[index - 1];
	case MEAN_FALLING:
		return index > 0 && value < page->value[index - 1];
	case MEAN_AT_RIGHT_OF:
	case MEAN_AT_LEFT_OF:
		return index == measure->beside;
	case MEAN_MEMBER:
		return picks_hold(&measure->members, index);
	}
	page_doubt(page, "not a selection of digits");

	return false;
}

static struct picks
that_fit(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks chosen = { .count = 0 };
	struct measure measure = { .bound = 0 };
	int i;

	take_measure(page, meaning, &measure);
	for (i = 0; i < from->count; i++) {
		if (fits(page, meaning, from, i, &measure))
			chosen.index[chosen.count++] = from->index[i];
	}

	return chosen;
}

static struct picks
all_but(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks base, drop, left;

	base = picks_among(page, meaning->part[0], from);
	drop = picks_among(page, meaning->part[1], &base);
	left = without(&base, &drop);
	if (left.count == base.count)
		page_doubt(page, "an exception that leaves nothing out");

	return left;
}

/* "X, not Y", which would be an exception if some of X were Y. */
static struct picks
rather(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks meant, other;

	meant = picks_among(page, meaning->part[0], from);
	other = picks_among(page, meaning->part[1], from);
	if (without(&meant, &other).count != meant.count)
		page_doubt(page, "a contrast that could be an exception");

	return meant;
}

static struct picks
select_digits(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	const struct meaning *x = meaning->part[0], *y = meaning->part[1];
	struct picks outer, inner;

	switch ((int)meaning->kind) {
	case MEAN_AMONG:
		outer = picks_among(page, y, from);
		return picks_among(page, x, &outer);
	case MEAN_BUT:
		return all_but(page, meaning, from);
	case MEAN_NOT:
		inner = select_digits(page, x, from);
		return without(from, &inner);
	case MEAN_NEITHER:
		inner = select_digits(page, x, from);
		outer = without(from, &inner);
		inner = select_digits(page, y, from);
		return without(&outer, &inner);
	case MEAN_RATHER:
		return rather(page, meaning, from);
	case MEAN_TOP:
		return by_size(page, from, meaning->n, 1);
	case MEAN_BOTTOM:
		return by_size(page, from, meaning->n, -1);
	}

	return that_fit(page, meaning, from);
}

struct picks
picks_among(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks chosen = select_digits(page, meaning, from);

	if (chosen.count == 0)
		page_doubt(page, "no digit is so");

	return chosen;
}

struct picks
picks_of(struct page *page, const struct meaning *meaning)
{
	struct picks all = picks_every(page);

	return picks_among(page, meaning, &all);
}
