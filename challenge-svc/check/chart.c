/*
 * The chart parser: see chart.h.
 *
 * The text is read from the left.  No phrase is empty, so what begins where it
 * ends does not exist, and all that waits at a place is known before anything
 * that begins there is read to its end.
 */

#include "challenge-svc/check/chart.h"

#include <string.h>

#define NO_ITEM 0

/* What is known of a node, besides children that are not FOREST_NONE. */
#define KNOWN_N	   0x01u
#define KNOWN_MARK 0x02u

/* Symbols: any node of a type in a form, then any of a kind in a form. */
#define TYPES	    (TREE_CONDITION + 1)
#define FORM_BITS   5
#define FORM_MASK   ((1u << FORM_BITS) - 1)
#define SYMBOL_KIND (TYPES << FORM_BITS)

_Static_assert(PHRASEBOOK_FORMS_MAX == 1 << FORM_BITS, "a form's bits");

static uint16_t
symbol_of_type(unsigned int type, unsigned int form)
{
	return (uint16_t)(type << FORM_BITS | form);
}

static uint16_t
symbol_of_kind(unsigned int kind, unsigned int form)
{
	return (uint16_t)(SYMBOL_KIND + (kind << FORM_BITS | form));
}

/* -------- items -------- */

static bool
is_same(const struct chart_item *a, const struct chart_item *b)
{
	return a->type == b->type && a->from == b->from && a->to == b->to &&
	    a->phrase == b->phrase && a->symbol == b->symbol &&
	    a->id == b->id && a->piece == b->piece && a->known == b->known &&
	    a->node.n == b->node.n && a->node.mark == b->node.mark &&
	    memcmp(a->node.child, b->node.child, sizeof(a->node.child)) == 0;
}

static uint32_t
hash_of(const struct chart_item *item)
{
	uint32_t hash = item->type;
	unsigned int i;

	hash = hash * 31 + item->from;
	hash = hash * 0x9e3779b1u + item->to;
	hash = hash * 31 + item->phrase;
	hash = hash * 0x9e3779b1u + item->symbol;
	hash = hash * 31 + item->id;
	hash = hash * 31 + item->piece;
	for (i = 0; i < TREE_CHILDREN_MAX; i++)
		hash = hash * 0x9e3779b1u + item->node.child[i];

	return (hash ^ hash >> 15) % CHART_BUCKETS;
}

/* The number of an equal item, or of this one, when it is new, now kept. */
static uint32_t
keep(struct chart *chart, const struct chart_item *item, bool *is_new)
{
	uint32_t *bucket = &chart->bucket[hash_of(item)], i;

	*is_new = false;
	for (i = *bucket; i != NO_ITEM; i = chart->item[i].next) {
		if (is_same(&chart->item[i], item))
			return i;
	}
	if (chart->count == CHART_ITEMS_MAX) {
		chart->full = true;
		return NO_ITEM;
	}
	chart->item[chart->count] = *item;
	chart->item[chart->count].next = *bucket;
	*bucket = chart->count;
	*is_new = true;

	return chart->count++;
}

/* Keeps what has been read up to item->to, to be looked at there. */
static void
put(struct chart *chart, const struct chart_item *item)
{
	uint32_t number;
	bool is_new;

	number = keep(chart, item, &is_new);
	if (!is_new)
		return;
	chart->item[number].next_here = chart->agenda[item->to];
	chart->agenda[item->to] = number;
}

static struct chart_item *
want_of(struct chart *chart, uint16_t symbol, uint16_t at, bool *is_new)
{
	const struct chart_item want = {
		.type = CHART_WANT, .symbol = symbol, .from = at, .to = at
	};

	return &chart->item[keep(chart, &want, is_new)];
}

/* -------- phrases -------- */

static bool
set_n(struct chart_item *item, int n)
{
	if ((item->known & KNOWN_N) != 0)
		return item->node.n == n;
	item->node.n = (int16_t)n;
	item->known |= KNOWN_N;

	return true;
}

static bool
set_mark(struct chart_item *item, int mark)
{
	if ((item->known & KNOWN_MARK) != 0)
		return item->node.mark == mark;
	item->node.mark = (uint8_t)mark;
	item->known |= KNOWN_MARK;

	return true;
}

static bool
set_child(struct chart_item *item, unsigned int i, uint16_t id)
{
	if (item->node.child[i] != FOREST_NONE)
		return item->node.child[i] == id;
	item->node.child[i] = id;

	return true;
}

/* Takes what a piece says that is no slot: n is what was read. */
static bool
take_piece(struct chart_item *item, const struct phrase_piece *piece, int n)
{
	if (piece->type == PIECE_TEXT)
		return true;
	if (piece->type == PIECE_MARK)
		return set_mark(item, n);

	return forest_says_n((enum phrase_piece_type)piece->type,
		   (enum tree_kind)item->node.kind) &&
	    set_n(item, n);
}

/* What a phrase's conditions say that its words need not. */
static bool
complete_node(
    struct chart *chart, struct chart_item *item, const struct phrase *phrase)
{
	const struct tree_kind_info *info = &tree_kinds[item->node.kind];
	const struct forest_node all = { .kind = SET_ALL };
	unsigned int i;

	if (!forest_has_n((enum tree_kind)item->node.kind) && !set_n(item, 0))
		return false;
	if ((phrase->when >> PHRASE_IF_ONE & 1) != 0 && !set_n(item, 1))
		return false;
	if ((phrase->when >> PHRASE_IF_A_ALL & 1) != 0 &&
	    item->node.child[0] == FOREST_NONE)
		item->node.child[0] = forest_add(&chart->forest, &all);

	for (i = 0; i < info->arity; i++) {
		if (item->node.child[i] == FOREST_NONE)
			return false;
	}

	return (item->known & KNOWN_N) != 0 &&
	    (info->marks == 0 || (item->known & KNOWN_MARK) != 0);
}

static void
finish(struct chart *chart, struct chart_item *item)
{
	const struct phrase *phrase = &chart->phrases[item->phrase];
	struct chart_item done = {
		.type = CHART_DONE, .from = item->from, .to = item->to
	};

	if (!complete_node(chart, item, phrase))
		return;
	done.id = forest_add(&chart->forest, &item->node);
	done.symbol = symbol_of_kind(phrase->kind, phrase->form);
	if (done.id != FOREST_NONE)
		put(chart, &done);
}

/* Reads on from item->to, up to the phrase's next slot or its end. */
static void
read_on(struct chart *chart, struct chart_item *item)
{
	const struct phrase *phrase = &chart->phrases[item->phrase];
	const struct phrase_piece *piece = NULL;
	size_t size;
	int n;

	piece = phrasebook_pieces(chart->wording->book, phrase) + item->piece;
	for (; item->piece < phrase->pieces; item->piece++, piece++) {
		if (piece->type == PIECE_CHILD || piece->type == PIECE_SELF) {
			put(chart, item);
			return;
		}
		size = wording_read(chart->wording, piece, item->to, &n);
		if (size == 0 || !take_piece(item, piece, n))
			return;
		item->to = (uint16_t)(item->to + size);
	}
	finish(chart, item);
}

static void
begin_kind(
    struct chart *chart, enum tree_kind kind, unsigned int form, uint16_t at)
{
	const struct phrase *list = NULL;
	struct chart_item item;
	size_t i, count;

	list = phrasebook_of(chart->wording->book, kind, form, &count);
	for (i = 0; i < count; i++) {
		memset(&item, 0, sizeof(item));
		item.type = CHART_OPEN;
		item.from = at;
		item.to = at;
		item.phrase = (uint16_t)(&list[i] - chart->phrases);
		item.node.kind = (uint8_t)kind;
		read_on(chart, &item);
	}
}

/* Begins all phrases of a symbol. */
static void
begin(struct chart *chart, uint16_t symbol, uint16_t at)
{
	unsigned int form = symbol & FORM_MASK, kind;

	if (symbol >= SYMBOL_KIND) {
		kind = (unsigned int)(symbol - SYMBOL_KIND) >> FORM_BITS;
		begin_kind(chart, (enum tree_kind)kind, form, at);
		return;
	}
	for (kind = 0; kind < TREE_KINDS; kind++) {
		if (tree_kinds[kind].type == symbol >> FORM_BITS)
			begin_kind(chart, (enum tree_kind)kind, form, at);
	}
}

/* -------- the two steps -------- */

static const struct phrase_piece *
slot_of(const struct chart *chart, const struct chart_item *item)
{
	return phrasebook_pieces(
		   chart->wording->book, &chart->phrases[item->phrase]) +
	    item->piece;
}

/* An open item waits for its slot to be filled. */
static void
wait_for_slot(struct chart *chart, uint32_t number)
{
	struct chart_item *item = &chart->item[number], *want = NULL;
	const struct phrase_piece *slot = slot_of(chart, item);
	uint16_t symbol;
	bool is_new;

	if (slot->type == PIECE_SELF)
		symbol = symbol_of_kind(item->node.kind, slot->form);
	else
		symbol = symbol_of_type(
		    tree_kinds[item->node.kind].child[slot->child], slot->form);
	want = want_of(chart, symbol, item->to, &is_new);
	item->next_here = want->waiting;
	want->waiting = number;
	if (is_new)
		begin(chart, symbol, item->to);
}

/* Fills an open item's slot; the same child twice must be the same. */
static bool
fill(struct chart *chart, struct chart_item *item, uint16_t id)
{
	const struct phrase_piece *slot = slot_of(chart, item);
	const struct forest_node *node = &chart->forest.node[id];
	unsigned int i;

	item->piece++;
	if (slot->type == PIECE_CHILD)
		return set_child(item, slot->child, id);

	for (i = 0; i < tree_kinds[node->kind].arity; i++) {
		if (!set_child(item, i, node->child[i]))
			return false;
	}

	return set_n(item, node->n) &&
	    (tree_kinds[node->kind].marks == 0 || set_mark(item, node->mark));
}

static void
fill_waiting(struct chart *chart, uint16_t symbol, uint32_t number)
{
	const struct chart_item done = chart->item[number];
	struct chart_item item;
	uint32_t i;
	bool is_new;

	i = want_of(chart, symbol, done.from, &is_new)->waiting;
	for (; i != NO_ITEM; i = chart->item[i].next_here) {
		item = chart->item[i];
		item.to = done.to;
		if (fill(chart, &item, done.id))
			read_on(chart, &item);
	}
}

/* A node that has been read fills the slots that wait where it begins. */
static void
use_node(struct chart *chart, uint32_t number)
{
	const struct chart_item *item = &chart->item[number];
	enum tree_kind kind = (enum tree_kind)chart->forest.node[item->id].kind;
	uint16_t symbol = item->symbol, form = symbol & FORM_MASK;

	if (item->from == 0 && item->to == chart->wording->size &&
	    form == FORM_SAY && tree_type_of(kind) == TREE_NUMBER) {
		if (chart->roots == CHART_ROOTS_MAX)
			chart->full = true;
		else
			chart->root[chart->roots++] = item->id;
	}
	fill_waiting(chart, symbol, number);
	fill_waiting(chart, symbol_of_type(tree_type_of(kind), form), number);
}

static void
reset(struct chart *chart, const struct wording *wording)
{
	size_t count;

	chart->wording = wording;
	chart->phrases = phrasebook_all(wording->book, &count);
	forest_reset(&chart->forest);
	memset(chart->bucket, 0, sizeof(chart->bucket));
	memset(chart->agenda, 0, sizeof(chart->agenda));
	memset(&chart->item[NO_ITEM], 0, sizeof(chart->item[NO_ITEM]));
	chart->count = 1;
	chart->roots = 0;
	chart->full = false;
}

void
chart_read(struct chart *chart, const struct wording *wording)
{
	uint32_t number;
	uint16_t at;
	bool is_new;

	reset(chart, wording);
	(void)want_of(chart, symbol_of_type(TREE_NUMBER, FORM_SAY), 0, &is_new);
	begin(chart, symbol_of_type(TREE_NUMBER, FORM_SAY), 0);
	for (at = 0; at <= wording->size; at++) {
		while (chart->agenda[at] != NO_ITEM && !chart->full) {
			number = chart->agenda[at];
			chart->agenda[at] = chart->item[number].next_here;
			if (chart->item[number].type == CHART_OPEN)
				wait_for_slot(chart, number);
			else
				use_node(chart, number);
		}
	}
	chart->full = chart->full || chart->forest.full;
}
