/*
 * Arithmetic on lists of digits: see compute.h.  Whatever a reader could doubt
 * (a tie, nothing selected, a mark that is not there) ends it with a reason.
 *
 * The switches are on one sort of meaning each; any other falls out of them.
 */

#include "tests/reader/compute.h"

#include <string.h>

#define DIGITS_MAX 64

/* The text, taken apart. */
struct page {
	const char *text;
	int value[DIGITS_MAX];
	size_t where[DIGITS_MAX]; /* place in the text */
	int count;
	int64_t result;	 /* of the sentence before */
	const char *why; /* the first doubt */
};

/* Some digits of the page, from the left, by number. */
struct picks {
	int index[DIGITS_MAX];
	int count;
};

static int64_t number_of(struct page *page, const struct meaning *meaning);

static void
doubt(struct page *page, const char *why)
{
	if (page->why == NULL)
		page->why = why;
}

static void
open_page(struct page *page, const char *text)
{
	size_t i;

	memset(page, 0, sizeof(*page));
	page->text = text;
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] < '0' || text[i] > '9')
			continue;
		if (page->count == DIGITS_MAX) {
			doubt(page, "too many digits in the text");
			return;
		}
		if (page->count > 0 && page->where[page->count - 1] + 1 == i)
			doubt(page, "two digits side by side in the text");
		page->value[page->count] = text[i] - '0';
		page->where[page->count++] = i;
	}
	if (page->count == 0)
		doubt(page, "no digits in the text");
}

static size_t
place_of_mark(struct page *page, int mark)
{
	const char *first = strchr(page->text, mark);

	if (first == NULL) {
		doubt(page, "the symbol is not in the text");
		return 0;
	}
	if (strchr(first + 1, mark) != NULL)
		doubt(page, "the symbol is in the text more than once");

	return (size_t)(first - page->text);
}

/* The number of the digit touching a mark, 0 with a doubt when none does. */
static int
beside_mark(struct page *page, int mark, bool right)
{
	size_t place = place_of_mark(page, mark);
	int i;

	for (i = 0; i < page->count; i++) {
		if (right ? page->where[i] == place + 1
			  : page->where[i] + 1 == place)
			return i;
	}
	doubt(page, "no digit touches the symbol there");

	return 0;
}

static int
value_at(const struct page *page, const struct picks *picks, int i)
{
	return page->value[picks->index[i]];
}

static bool
holds(const struct picks *picks, int index)
{
	int i;

	for (i = 0; i < picks->count; i++) {
		if (picks->index[i] == index)
			return true;
	}

	return false;
}

static int
copies_of(const struct page *page, const struct picks *picks, int value)
{
	int i, copies = 0;

	for (i = 0; i < picks->count; i++) {
		if (value_at(page, picks, i) == value)
			copies++;
	}

	return copies;
}

/* The n largest or smallest: those that fewer than n others go before. */
static struct picks
by_size(struct page *page, const struct picks *from, int n, int sign)
{
	struct picks chosen = { .count = 0 };
	int i, j, ahead, value;

	for (i = 0; i < from->count; i++) {
		value = value_at(page, from, i);
		ahead = 0;
		for (j = 0; j < from->count; j++) {
			if (sign * value_at(page, from, j) > sign * value)
				ahead++;
		}
		if (ahead >= n)
			continue;
		if (copies_of(page, from, value) > 1)
			doubt(page, "equal digits: which one is meant?");
		chosen.index[chosen.count++] = from->index[i];
	}

	return chosen;
}

static bool
fits(struct page *page, const struct meaning *meaning, const struct picks *from,
    int i, int64_t bound, size_t mark)
{
	int index = from->index[i];
	int value = page->value[index];

	switch ((int)meaning->kind) {
	case MEAN_EVERY:
		return true;
	case MEAN_EVENS:
		return value % 2 == 0;
	case MEAN_ODDS:
		return value % 2 == 1;
	case MEAN_OVER:
		return value > bound;
	case MEAN_UNDER:
		return value < bound;
	case MEAN_HEAD:
		return i < meaning->n;
	case MEAN_TAIL:
		return from->count - i <= meaning->n;
	case MEAN_FROM_FIRST:
		return i % 2 == 0;
	case MEAN_FROM_SECOND:
		return i % 2 == 1;
	case MEAN_LEFT_SIDE:
		return page->where[index] < mark;
	case MEAN_RIGHT_SIDE:
		return page->where[index] > mark;
	case MEAN_UNIQUE:
		return copies_of(page, from, value) == 1;
	case MEAN_AT_RIGHT_OF:
		return index == beside_mark(page, meaning->n, true);
	case MEAN_AT_LEFT_OF:
		return index == beside_mark(page, meaning->n, false);
	}
	doubt(page, "not a selection of digits");

	return false;
}

static struct picks pick(
    struct page *page, const struct meaning *meaning, const struct picks *from);

static struct picks
pick_but(
    struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks base, drop, left = { .count = 0 };
	int i;

	base = pick(page, meaning->part[0], from);
	drop = pick(page, meaning->part[1], &base);
	for (i = 0; i < base.count; i++) {
		if (!holds(&drop, base.index[i]))
			left.index[left.count++] = base.index[i];
	}
	if (left.count == base.count)
		doubt(page, "an exception that leaves nothing out");

	return left;
}

static struct picks
pick(struct page *page, const struct meaning *meaning, const struct picks *from)
{
	struct picks chosen = { .count = 0 }, outer;
	int64_t bound = 0;
	size_t mark = 0;
	int i;

	if (meaning->kind == MEAN_AMENDED)
		return pick(page, meaning->part[1], from);
	if (meaning->kind == MEAN_RATHER)
		return pick(page, meaning->part[0], from);
	if (meaning->kind == MEAN_BUT)
		return pick_but(page, meaning, from);
	if (meaning->kind == MEAN_AMONG) {
		outer = pick(page, meaning->part[1], from);
		return pick(page, meaning->part[0], &outer);
	}
	if (meaning->kind == MEAN_TOP)
		return by_size(page, from, meaning->n, 1);
	if (meaning->kind == MEAN_BOTTOM)
		return by_size(page, from, meaning->n, -1);

	if (meaning->kind == MEAN_OVER || meaning->kind == MEAN_UNDER)
		bound = number_of(page, meaning->part[0]);
	if (meaning->kind == MEAN_LEFT_SIDE || meaning->kind == MEAN_RIGHT_SIDE)
		mark = place_of_mark(page, meaning->n);
	for (i = 0; i < from->count; i++) {
		if (fits(page, meaning, from, i, bound, mark))
			chosen.index[chosen.count++] = from->index[i];
	}
	if (chosen.count == 0)
		doubt(page, "no digit is so");

	return chosen;
}

static struct picks
everything(const struct page *page)
{
	struct picks all = { .count = 0 };

	for (; all.count < page->count; all.count++)
		all.index[all.count] = all.count;

	return all;
}

/* All digits where a phrase names none: "the largest digit". */
static struct picks
pick_all(struct page *page, const struct meaning *meaning)
{
	struct picks all = everything(page);

	if (meaning == NULL)
		return all;

	return pick(page, meaning, &all);
}

static int64_t
total_of(const struct page *page, const struct picks *picks)
{
	int64_t total = 0;
	int i;

	for (i = 0; i < picks->count; i++)
		total += value_at(page, picks, i);

	return total;
}

static int64_t
extreme_of(const struct page *page, const struct picks *picks, int sign)
{
	int i, best = value_at(page, picks, 0);

	for (i = 1; i < picks->count; i++) {
		if (sign * value_at(page, picks, i) > sign * best)
			best = value_at(page, picks, i);
	}

	return best;
}

/* Numbers made of a selection. */
static int64_t
gather(struct page *page, const struct meaning *meaning)
{
	struct picks picks = pick_all(page, meaning->part[0]), extra;
	int64_t number = 0;
	int i;

	if (picks.count == 0) {
		doubt(page, "no digits to work on");
		return 0;
	}

	switch ((int)meaning->kind) {
	case MEAN_TOTAL:
		return total_of(page, &picks);
	case MEAN_HOW_MANY:
		return picks.count;
	case MEAN_MAXIMUM:
		return extreme_of(page, &picks, 1);
	case MEAN_MINIMUM:
		return extreme_of(page, &picks, -1);
	case MEAN_SPREAD:
		return extreme_of(page, &picks, 1) -
		    extreme_of(page, &picks, -1);
	case MEAN_SPAN:
		return extreme_of(page, &picks, 1) *
		    extreme_of(page, &picks, -1);
	case MEAN_MULTIPLIED:
		number = 1;
		for (i = 0; i < picks.count && number < 100000; i++)
			number *= value_at(page, &picks, i);
		return number;
	case MEAN_SEESAW:
		for (i = 0; i < picks.count; i++)
			number += (int64_t)value_at(page, &picks, i) *
			    (i % 2 == 0 ? 1 : -1);
		return number;
	case MEAN_STAIRS:
		for (i = 0; i < picks.count; i++)
			number += (int64_t)value_at(page, &picks, i) * (i + 1);
		return number;
	case MEAN_TOTAL_EXTRA:
		extra = pick(page, meaning->part[1], &picks);
		for (i = 0; i < picks.count; i++)
			number += (int64_t)value_at(page, &picks, i) *
			    (holds(&extra, picks.index[i]) ? meaning->n : 1);
		return number;
	}
	doubt(page, "not a number of digits");

	return 0;
}

/* Stories: part 0 names some of the things, n and m are told. */
static int64_t
tell(struct page *page, const struct meaning *meaning)
{
	struct picks all = everything(page), some;
	int64_t named, others;

	some = pick(page, meaning->part[0], &all);
	named = total_of(page, &some);
	others = total_of(page, &all) - named;

	switch ((int)meaning->kind) {
	case MEAN_GIVE_AWAY:
	case MEAN_BUY:
		return others;
	case MEAN_POCKET:
		return meaning->n + others;
	case MEAN_SPEND:
		return meaning->n - others;
	case MEAN_BOARD:
		return meaning->n + named - others;
	case MEAN_ALIGHT:
		return meaning->n - named + others;
	case MEAN_FARES:
		return meaning->n * named + meaning->m * others;
	case MEAN_BARTER:
		return meaning->n * others + meaning->m;
	}
	doubt(page, "not a story");

	return 0;
}

static bool
decide(struct page *page, const struct meaning *meaning)
{
	int64_t x, y;

	if (meaning->kind == MEAN_IS_EVEN || meaning->kind == MEAN_IS_ODD) {
		x = number_of(page, meaning->part[0]);
		return (x % 2 == 0) == (meaning->kind == MEAN_IS_EVEN);
	}
	if (meaning->kind == MEAN_OUTNUMBERS) {
		x = pick_all(page, meaning->part[0]).count;
		y = pick_all(page, meaning->part[1]).count;
		return x > y;
	}

	x = number_of(page, meaning->part[0]);
	y = number_of(page, meaning->part[1]);

	return meaning->kind == MEAN_MORE_THAN ? x > y : x < y;
}

static int64_t
double_value(struct page *page)
{
	struct picks all = everything(page);
	int v, value = -1;

	for (v = 0; v <= 9; v++) {
		if (copies_of(page, &all, v) < 2)
			continue;
		if (value >= 0)
			doubt(page, "several digits appear more than once");
		value = v;
	}
	if (value < 0)
		doubt(page, "no digit appears more than once");

	return value;
}

static int64_t
nth_digit(struct page *page, int n)
{
	if (n == -1)
		return page->value[page->count - 1];
	if (n < 1 || n > page->count) {
		doubt(page, "there is no such digit");
		return 0;
	}

	return page->value[n - 1];
}

static int64_t
number_of(struct page *page, const struct meaning *meaning)
{
	const struct meaning *const *part = meaning->part;

	switch ((int)meaning->kind) {
	case MEAN_FIGURE:
		return meaning->n;
	case MEAN_NTH:
		return nth_digit(page, meaning->n);
	case MEAN_RIGHT_OF:
		return page->value[beside_mark(page, meaning->n, true)];
	case MEAN_LEFT_OF:
		return page->value[beside_mark(page, meaning->n, false)];
	case MEAN_DOUBLE_VALUE:
		return double_value(page);
	case MEAN_PLUS:
		return number_of(page, part[0]) + number_of(page, part[1]);
	case MEAN_MINUS:
		return number_of(page, part[0]) - number_of(page, part[1]);
	case MEAN_TAKEN:
		return number_of(page, part[1]) - number_of(page, part[0]);
	case MEAN_TIMES:
		return number_of(page, part[0]) * number_of(page, part[1]);
	case MEAN_EITHER:
		return number_of(page, part[decide(page, part[0]) ? 1 : 2]);
	case MEAN_IF_AFTER:
		return number_of(page, part[decide(page, part[1]) ? 0 : 2]);
	case MEAN_UNLESS:
		return number_of(page, part[decide(page, part[0]) ? 2 : 1]);
	case MEAN_RESULT:
		return page->result;
	case MEAN_BEFORE:
		page->result = number_of(page, part[1]);
		return number_of(page, part[0]);
	case MEAN_AMENDED:
		return meaning->m;
	case MEAN_GIVE_AWAY:
	case MEAN_POCKET:
	case MEAN_SPEND:
	case MEAN_BUY:
	case MEAN_BOARD:
	case MEAN_ALIGHT:
	case MEAN_FARES:
	case MEAN_BARTER:
		return tell(page, meaning);
	}

	return gather(page, meaning);
}

const char *
compute_reading(
    const struct reading *reading, const char *text, int64_t *answer)
{
	struct page page;
	size_t i;

	open_page(&page, text);
	if (page.why != NULL)
		return page.why;
	for (i = 0; i < reading->sentences; i++)
		page.result = number_of(&page, reading->sentence[i]);
	if (page.why == NULL && page.result < 0)
		doubt(&page, "a negative answer");
	*answer = page.result;

	return page.why;
}
