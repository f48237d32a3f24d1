/*
 * One form for each meaning: see meaning.h.
 *
 * The switches are on some sorts of meaning each; any other falls out of them.
 */

#include "tests/reader/meaning.h"

#include <string.h>

/* Names that stand for names can make little text mean a lot: enough is this.
 */
#define FILLED_MAX 1000000

static const struct meaning *
make(struct meanings *all, enum meaning_kind kind, const struct meaning *x,
    const struct meaning *y)
{
	struct meant meant = { .kind = kind, .part = { x, y } };

	return meaning_make(all, &meant);
}

static const struct meaning *
make_leaf(struct meanings *all, enum meaning_kind kind, int n)
{
	struct meant meant = { .kind = kind, .n = n };

	return meaning_make(all, &meant);
}

static bool
must_be_filled_in(enum meaning_kind kind)
{
	return kind == MEAN_RESULT || kind == MEAN_CHOSEN ||
	    kind == MEAN_NAME || kind == MEAN_GROUP || kind == MEAN_PERSON ||
	    kind == MEAN_PAIR || kind == MEAN_CALL_NUMBER ||
	    kind == MEAN_CALL_GROUP || kind == MEAN_CALL_PERSON;
}

static size_t
bucket_of(const struct meant *meant)
{
	size_t hash = (size_t)meant->kind * 31 + (size_t)meant->n * 7 +
	    (size_t)meant->m * 1009;
	size_t i;

	for (i = 0; i < MEANING_PARTS_MAX; i++) {
		hash *= 131;
		if (meant->part[i] != NULL)
			hash += meant->part[i]->rank + 1;
	}

	return hash % MEANING_BUCKETS;
}

/* The meaning exactly as it is given, kept once. */
static const struct meaning *
keep(struct meanings *all, const struct meant *meant)
{
	struct meaning **bucket = &all->bucket[bucket_of(meant)];
	struct meaning *kept = NULL;
	size_t i;

	for (kept = *bucket; kept != NULL; kept = kept->next) {
		if (kept->kind == meant->kind && kept->n == meant->n &&
		    kept->m == meant->m &&
		    memcmp(kept->part, meant->part, sizeof(kept->part)) == 0)
			return kept;
	}

	kept = pool_get(all->pool, sizeof(*kept));
	if (kept == NULL)
		return NULL;
	kept->kind = meant->kind;
	kept->n = meant->n;
	kept->m = meant->m;
	kept->open = must_be_filled_in(meant->kind);
	for (i = 0; i < MEANING_PARTS_MAX; i++) {
		kept->part[i] = meant->part[i];
		if (meant->part[i] != NULL && meant->part[i]->open)
			kept->open = true;
	}
	kept->rank = all->count++;
	kept->next = *bucket;
	*bucket = kept;

	return kept;
}

/* whole, with x wherever that kind of n has to be filled in. */
static const struct meaning *
fill_in(struct meanings *all, const struct meaning *whole,
    enum meaning_kind kind, int n, const struct meaning *x)
{
	struct meant meant = { .part = { NULL } };
	size_t i;

	if (whole == NULL || !whole->open)
		return whole;
	if (all->filled++ == FILLED_MAX)
		all->pool->failed = true;
	if (all->pool->failed)
		return NULL;
	if (whole->kind == kind && whole->n == n)
		return x;

	meant.kind = whole->kind;
	meant.n = whole->n;
	meant.m = whole->m;
	for (i = 0; i < MEANING_PARTS_MAX; i++) {
		if (whole->part[i] == NULL)
			continue;
		meant.part[i] = fill_in(all, whole->part[i], kind, n, x);
		if (meant.part[i] == NULL)
			return NULL;
	}

	return meaning_make(all, &meant);
}

static const struct meaning *
follow_rule(struct meanings *all, const struct meaning *pair,
    const struct meaning *choice)
{
	choice = fill_in(all, choice, MEAN_CHOSEN, 1, pair->part[0]);

	return fill_in(all, choice, MEAN_CHOSEN, 2, pair->part[1]);
}

static const struct meaning *
let(struct meanings *all, const struct meaning *call,
    const struct meaning *whole)
{
	enum meaning_kind kind = MEAN_NAME;

	if (call->kind == MEAN_CALL_GROUP)
		kind = MEAN_GROUP;
	else if (call->kind == MEAN_CALL_PERSON)
		kind = MEAN_PERSON;

	return fill_in(all, whole, kind, call->n, call->part[0]);
}

static const struct meaning *
total_of_others(struct meanings *all, const struct meaning *named)
{
	const struct meaning *others = NULL;

	others = make(all, MEAN_BUT, make_leaf(all, MEAN_EVERY, 0), named);

	return make(all, MEAN_TOTAL, others, NULL);
}

/* What is said in the words of other meanings. */
static const struct meaning *
make_of_others(struct meanings *all, const struct meant *meant)
{
	const struct meaning *x = meant->part[0], *y = meant->part[1],
			     *z = meant->part[2];

	switch ((int)meant->kind) {
	case MEAN_SAME:
		return x;
	case MEAN_ONWARD:
		return fill_in(all, y, MEAN_RESULT, 0, x);
	case MEAN_FOLLOW:
		return follow_rule(all, x, y);
	case MEAN_CHOOSE:
		return meant->n <= 1 ? x : meant->n == 2 ? y : NULL;
	case MEAN_LET:
		return let(all, x, y);
	case MEAN_LET_NUMBER:
		return fill_in(all, y, MEAN_NAME, meant->n, x);
	case MEAN_LET_GROUP:
		return fill_in(all, y, MEAN_GROUP, meant->n, x);
	case MEAN_LET_PERSON:
		return fill_in(all, y, MEAN_PERSON, meant->n, x);
	case MEAN_IN_GROUP:
		return make(all, MEAN_MEMBER,
		    make_leaf(all, MEAN_GROUP, meant->n), NULL);
	case MEAN_OUT_OF_GROUP:
		return make(all, MEAN_NOT,
		    make(all, MEAN_MEMBER, make_leaf(all, MEAN_GROUP, meant->n),
			NULL),
		    NULL);
	case MEAN_OF_PERSON:
		return make(all, MEAN_MEMBER,
		    make_leaf(all, MEAN_PERSON, meant->n), NULL);
	case MEAN_OFTEN:
		return make(
		    all, MEAN_TIMES, make_leaf(all, MEAN_FIGURE, meant->n), x);
	case MEAN_ADD_FIRST:
		return make(all, MEAN_TIMES, make(all, MEAN_PLUS, x, y), z);
	case MEAN_MULTIPLY_FIRST:
		return make(all, MEAN_PLUS, make(all, MEAN_TIMES, x, y), z);
	case MEAN_MULTIPLY_LESS:
		return make(all, MEAN_MINUS, make(all, MEAN_TIMES, x, y), z);
	case MEAN_LESS_MULTIPLIED:
		return make(all, MEAN_MINUS, z, make(all, MEAN_TIMES, x, y));
	case MEAN_OTHERS:
		return total_of_others(all, x);
	case MEAN_POCKET:
		return make(all, MEAN_PLUS, x, total_of_others(all, y));
	case MEAN_SPEND:
		return make(all, MEAN_MINUS, x, total_of_others(all, y));
	case MEAN_FARES:
		return make(all, MEAN_PLUS,
		    make(all, MEAN_TIMES, y, make(all, MEAN_TOTAL, x, NULL)),
		    make(all, MEAN_TIMES, z, total_of_others(all, x)));
	case MEAN_BARTER:
		return make(all, MEAN_PLUS,
		    make(all, MEAN_TIMES, y, total_of_others(all, x)), z);
	}

	return NULL;
}

/* The kind that two numbers make when they are largest and smallest of x. */
static enum meaning_kind
kind_of_extremes(const struct meant *meant)
{
	const struct meaning *x = meant->part[0], *y = meant->part[1];

	if (x->part[0] != y->part[0] ||
	    !((x->kind == MEAN_MAXIMUM && y->kind == MEAN_MINIMUM) ||
		(meant->kind != MEAN_MINUS && x->kind == MEAN_MINIMUM &&
		    y->kind == MEAN_MAXIMUM)))
		return meant->kind;

	switch ((int)meant->kind) {
	case MEAN_MINUS:
	case MEAN_APART:
		return MEAN_SPREAD;
	case MEAN_PLUS:
		return MEAN_POLES;
	case MEAN_TIMES:
		return MEAN_SPAN;
	}

	return meant->kind;
}

static void
sort_parts(struct meant *meant)
{
	const struct meaning *x = meant->part[0];

	if (x->rank > meant->part[1]->rank) {
		meant->part[0] = meant->part[1];
		meant->part[1] = x;
	}
}

static const struct meaning *
make_of_two_numbers(struct meanings *all, struct meant meant)
{
	enum meaning_kind kind;

	if (meant.part[0] == NULL) /* "then add 5" */
		meant.part[0] = make_leaf(all, MEAN_RESULT, 0);
	if (meant.part[0] == NULL || meant.part[1] == NULL)
		return NULL;
	kind = kind_of_extremes(&meant);
	if (kind != meant.kind)
		return make(all, kind, meant.part[0]->part[0], NULL);
	if (kind != MEAN_MINUS)
		sort_parts(&meant);

	return keep(all, &meant);
}

/*
 * Choosing among what was chosen is the same whichever is taken together
 * first, and an exception from x among y is one from x.  A contrast is one of
 * the whole selection: that it names nothing selected is all that matters.
 */
static const struct meaning *
make_selection(struct meanings *all, const struct meant *meant)
{
	const struct meaning *x = meant->part[0], *y = meant->part[1];
	bool among = meant->kind == MEAN_AMONG;

	if (x == NULL || y == NULL)
		return NULL;
	if (x->kind == MEAN_RATHER)
		return make(all, MEAN_RATHER,
		    make(all, meant->kind, x->part[0], y), x->part[1]);
	if (among && y->kind == MEAN_RATHER)
		return make(all, MEAN_RATHER,
		    make(all, MEAN_AMONG, x, y->part[0]), y->part[1]);
	if (among && x->kind == MEAN_EVERY)
		return y;
	if (among && y->kind == MEAN_EVERY)
		return x;
	if (among && x->kind == MEAN_AMONG)
		return make(all, MEAN_AMONG, x->part[0],
		    make(all, MEAN_AMONG, x->part[1], y));
	if (x->kind == MEAN_AMONG)
		return make(all, MEAN_AMONG,
		    make(all, meant->kind, x->part[0], y), x->part[1]);

	return keep(all, meant);
}

const struct meaning *
meaning_make(struct meanings *all, const struct meant *meant)
{
	struct meant own = *meant;

	if (all->pool->failed)
		return NULL;

	switch ((int)own.kind) {
	case MEAN_TOTAL:
	case MEAN_HOW_MANY:
	case MEAN_DIFFERENT:
	case MEAN_MAXIMUM:
	case MEAN_MINIMUM:
	case MEAN_NTH_LARGEST:
	case MEAN_NTH_SMALLEST:
	case MEAN_SPREAD:
	case MEAN_SPAN:
	case MEAN_POLES:
	case MEAN_MULTIPLIED:
	case MEAN_SEESAW:
	case MEAN_STAIRS:
	case MEAN_TOTAL_EXTRA:
	case MEAN_PLACE:
	case MEAN_LAST:
	case MEAN_DOUBLE_VALUE:
		if (own.part[0] == NULL)
			own.part[0] = make_leaf(all, MEAN_EVERY, 0);
		return keep(all, &own);
	case MEAN_PLUS:
	case MEAN_MINUS:
	case MEAN_TIMES:
	case MEAN_LARGER:
	case MEAN_SMALLER:
	case MEAN_APART:
		return make_of_two_numbers(all, own);
	case MEAN_HEAD:
	case MEAN_TAIL:
	case MEAN_TOP:
	case MEAN_BOTTOM:
		if (own.n == 0)
			own.n = 1;
		return keep(all, &own);
	case MEAN_BETWEEN:
		own.n = meant->n < meant->m ? meant->n : meant->m;
		own.m = meant->n < meant->m ? meant->m : meant->n;
		return keep(all, &own);
	case MEAN_NOT_BETWEEN:
		own.kind = MEAN_BETWEEN;
		return make(all, MEAN_NOT, meaning_make(all, &own), NULL);
	case MEAN_BUT:
		if (own.part[0] == NULL)
			own.part[0] = make_leaf(all, MEAN_EVERY, 0);
		return make_selection(all, &own);
	case MEAN_AMONG:
		return make_selection(all, &own);
	case MEAN_NOT:
		if (own.part[0]->kind == MEAN_NOT)
			return own.part[0]->part[0];
		return keep(all, &own);
	case MEAN_NEITHER:
		sort_parts(&own);
		return keep(all, &own);
	}
	if (own.kind < MEAN_SAME || must_be_filled_in(own.kind))
		return keep(all, &own);

	return make_of_others(all, &own);
}
