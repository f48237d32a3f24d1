/*
 * Arithmetic on lists of digits: see compute.h.  Whatever a reader could doubt
 * (a tie, a negative number, equals compared) ends it with a reason.
 *
 * The switches are on one sort of meaning each; any other falls out of them.
 */

#include "tests/reader/compute.h"

#include "tests/reader/picks.h"

#define NUMBER_MAX 1000000000 /* the product of two of them fits */
#define WORK_MAX   100000

static int64_t
total_of(const struct page *page, const struct picks *picks)
{
	int64_t total = 0;
	int i;

	for (i = 0; i < picks->count; i++)
		total += picks_value(page, picks, i);

	return total;
}

static int64_t
extreme_of(const struct page *page, const struct picks *picks, int sign)
{
	int i, best = picks_value(page, picks, 0);

	for (i = 1; i < picks->count; i++) {
		if (sign * picks_value(page, picks, i) > sign * best)
			best = picks_value(page, picks, i);
	}

	return best;
}

/* The n-th largest, which has to be so without a tie before it. */
static int64_t
nth_of(struct page *page, const struct picks *picks, int n, int sign)
{
	struct picks left = *picks;
	int64_t best = 0;
	int i;

	for (; n > 0 && left.count > 0; n--) {
		best = extreme_of(page, &left, sign);
		if (n > 1 && picks_copies(page, &left, (int)best) > 1)
			page_doubt(page, "equal digits: which one is meant?");
		for (i = 0; picks_value(page, &left, i) != best; i++)
			;
		left.index[i] = left.index[--left.count];
	}
	if (n > 0)
		page_doubt(page, "there is no such digit");

	return best;
}

/* The one value that appears more than once. */
static int64_t
double_value(struct page *page, const struct picks *picks)
{
	int v, value = -1;

	for (v = 0; v <= 9; v++) {
		if (picks_copies(page, picks, v) < 2)
			continue;
		if (value >= 0)
			page_doubt(
			    page, "several digits appear more than once");
		value = v;
	}
	if (value < 0)
		page_doubt(page, "no digit appears more than once");

	return value;
}

static int64_t
value_at(struct page *page, const struct picks *picks, int place)
{
	if (place < 1 || place > picks->count) {
		page_doubt(page, "there is no such digit");
		return 0;
	}

	return picks_value(page, picks, place - 1);
}

static int64_t
product_of(const struct page *page, const struct picks *picks)
{
	int64_t product = 1;
	int i;

	for (i = 0; i < picks->count && product < NUMBER_MAX; i++)
		product *= picks_value(page, picks, i);

	return product;
}

static int64_t
different_of(const struct page *page, const struct picks *picks)
{
	int64_t different = 0;
	int value;

	for (value = 0; value <= 9; value++)
		different += picks_copies(page, picks, value) > 0;

	return different;
}

/* Each digit by its place: in turn added and subtracted, or times its place. */
static int64_t
by_place(const struct page *page, const struct picks *picks, bool in_turn)
{
	int64_t number = 0, value;
	int i;

	for (i = 0; i < picks->count; i++) {
		value = picks_value(page, picks, i);
		if (in_turn)
			number += i % 2 == 0 ? value : -value;
		else
			number += value * (i + 1);
	}

	return number;
}

static int64_t
total_with_extra(
    struct page *page, const struct picks *picks, const struct meaning *meaning)
{
	struct picks extra = picks_among(page, meaning->part[1], picks);

	return total_of(page, picks) +
	    total_of(page, &extra) * (meaning->n - 1);
}

/* Numbers made of a selection. */
static int64_t
gather(struct page *page, const struct meaning *meaning)
{
	struct picks picks = picks_of(page, meaning->part[0]);

	if (picks.count == 0)
		return 0;

	switch ((int)meaning->kind) {
	case MEAN_TOTAL:
		return total_of(page, &picks);
	case MEAN_HOW_MANY:
		return picks.count;
	case MEAN_DIFFERENT:
		return different_of(page, &picks);
	case MEAN_MAXIMUM:
		return extreme_of(page, &picks, 1);
	case MEAN_MINIMUM:
		return extreme_of(page, &picks, -1);
	case MEAN_NTH_LARGEST:
		return nth_of(page, &picks, meaning->n, 1);
	case MEAN_NTH_SMALLEST:
		return nth_of(page, &picks, meaning->n, -1);
	case MEAN_SPREAD:
		return extreme_of(page, &picks, 1) -
		    extreme_of(page, &picks, -1);
	case MEAN_SPAN:
		return extreme_of(page, &picks, 1) *
		    extreme_of(page, &picks, -1);
	case MEAN_POLES:
		return extreme_of(page, &picks, 1) +
		    extreme_of(page, &picks, -1);
	case MEAN_MULTIPLIED:
		return product_of(page, &picks);
	case MEAN_SEESAW:
		return by_place(page, &picks, true);
	case MEAN_STAIRS:
		return by_place(page, &picks, false);
	case MEAN_PLACE:
		return value_at(page, &picks, meaning->n);
	case MEAN_LAST:
		return value_at(page, &picks, picks.count);
	case MEAN_DOUBLE_VALUE:
		return double_value(page, &picks);
	case MEAN_TOTAL_EXTRA:
		return total_with_extra(page, &picks, meaning);
	}
	page_doubt(page, "not a number of digits");

	return 0;
}

/* A story of stops: from x on, digits y come and the others go, or not so. */
static int64_t
ride(struct page *page, const struct meaning *meaning, bool named_come)
{
	struct picks named = picks_of(page, meaning->part[1]);
	int64_t aboard = compute_number(page, meaning->part[0]);
	int i;

	for (i = 0; i < page->count; i++) {
		if (picks_hold(&named, i) == named_come)
			aboard += page->value[i];
		else
			aboard -= page->value[i];
		if (aboard < 0)
			page_doubt(page, "more go than are there");
	}
	if (named.count == page->count)
		page_doubt(page, "all digits are so");

	return aboard;
}

static bool
is_more(struct page *page, int64_t x, int64_t y)
{
	if (x == y)
		page_doubt(page, "equals are compared");

	return x > y;
}

static bool
stands_left(struct page *page, const struct meaning *meaning)
{
	struct picks picks = picks_of(page, meaning->part[0]);
	size_t mark = page_mark(page, meaning->n);

	if (picks.count != 1) {
		page_doubt(page, "not a single digit");
		return false;
	}

	return page->where[picks.index[0]] < mark;
}

static bool
decide(struct page *page, const struct meaning *meaning)
{
	const struct meaning *x = meaning->part[0], *y = meaning->part[1];

	switch ((int)meaning->kind) {
	case MEAN_IS_EVEN:
		return compute_number(page, x) % 2 == 0;
	case MEAN_IS_ODD:
		return compute_number(page, x) % 2 != 0;
	case MEAN_MORE_THAN:
		return is_more(
		    page, compute_number(page, x), compute_number(page, y));
	case MEAN_OUTNUMBERS:
		return is_more(
		    page, picks_of(page, x).count, picks_of(page, y).count);
	case MEAN_STANDS_LEFT:
		return stands_left(page, meaning);
	case MEAN_STANDS_RIGHT:
		return !stands_left(page, meaning);
	}
	page_doubt(page, "not a condition");

	return false;
}

static int64_t
combine(struct page *page, const struct meaning *meaning)
{
	int64_t x = compute_number(page, meaning->part[0]);
	int64_t y = compute_number(page, meaning->part[1]);

	switch ((int)meaning->kind) {
	case MEAN_PLUS:
		return x + y;
	case MEAN_MINUS:
		return x - y;
	case MEAN_TIMES:
		return x * y;
	case MEAN_LARGER:
		return is_more(page, x, y) ? x : y;
	case MEAN_SMALLER:
		return is_more(page, x, y) ? y : x;
	}

	return x > y ? x - y : y - x; /* MEAN_APART */
}

static int64_t
work_out(struct page *page, const struct meaning *meaning)
{
	const struct meaning *const *part = meaning->part;

	switch ((int)meaning->kind) {
	case MEAN_FIGURE:
		return meaning->n;
	case MEAN_RIGHT_OF:
		return page->value[page_beside(page, meaning->n, true)];
	case MEAN_LEFT_OF:
		return page->value[page_beside(page, meaning->n, false)];
	case MEAN_PLUS:
	case MEAN_MINUS:
	case MEAN_TIMES:
	case MEAN_LARGER:
	case MEAN_SMALLER:
	case MEAN_APART:
		return combine(page, meaning);
	case MEAN_EITHER:
		return compute_number(
		    page, part[decide(page, part[0]) ? 1 : 2]);
	case MEAN_BOARD:
		return ride(page, meaning, true);
	case MEAN_ALIGHT:
		return ride(page, meaning, false);
	}

	return gather(page, meaning);
}

int64_t
compute_number(struct page *page, const struct meaning *meaning)
{
	int64_t number = 0;

	if (page->work++ >= WORK_MAX)
		page_doubt(page, "too much to work out");
	if (page->why != NULL)
		return 0;
	number = work_out(page, meaning);
	if (number < 0)
		page_doubt(page, "a negative number");
	if (number > NUMBER_MAX)
		page_doubt(page, "too large a number");

	return page->why == NULL ? number : 0;
}

const char *
compute_answer(const struct meaning *meaning, const char *text, int64_t *answer)
{
	struct page page;

	page_open(&page, text);
	*answer = compute_number(&page, meaning);

	return page.why;
}
