/*
 * From the root down, each question asked once: see retell.h.
 *
 * A phrase leads to its node's children or to the same node in a lower form,
 * so no recursion here is deeper than three times the nodes of a tree.
 */

#include "challenge-svc/check/retell.h"

#include <string.h>

#include "challenge-svc/check/forest.h"

#define NO_ENTRY 0
#define NO_PLACE ((size_t)64 * RETELL_WORDS)

static const struct retell_places *
find_ends(struct retell *r, uint8_t index, unsigned int form, size_t from);

static bool
has(const struct retell_places *places, size_t at)
{
	return (places->bit[at / 64] >> at % 64 & 1) != 0;
}

static void
add(struct retell_places *places, size_t at)
{
	places->bit[at / 64] |= UINT64_C(1) << at % 64;
}

/* The first place that is not before at, or NO_PLACE. */
static size_t
next_of(const struct retell_places *places, size_t at)
{
	size_t word = at / 64;
	uint64_t bits;

	if (at >= NO_PLACE)
		return NO_PLACE;
	bits = places->bit[word] >> at % 64 << at % 64;
	while (bits == 0 && ++word < RETELL_WORDS)
		bits = places->bit[word];

	return bits == 0 ? NO_PLACE : 64 * word + (size_t)__builtin_ctzll(bits);
}

static bool
fits(struct retell *r, uint8_t index, const struct phrase *phrase)
{
	return !r->strictly || attributes_fit(&r->attributes, index, phrase);
}

/* Whether the node says n, read from a piece of that type. */
static bool
says(const struct retell *r, const struct tree_node *node,
    enum phrase_piece_type type, int n)
{
	if (type == PIECE_TEXT)
		return true;
	if (type == PIECE_MARK)
		return node->mark == n;
	if (!forest_says_n(type, (enum tree_kind)node->kind))
		return false;
	if (!forest_has_name((enum tree_kind)node->kind))
		return node->n == n;

	return r->name == NULL || r->name[node->n] == n;
}

/* Adds to *ends where a piece can end that is said from a place on. */
static void
add_piece(struct retell *r, uint8_t index, const struct phrase_piece *piece,
    size_t from, struct retell_places *ends)
{
	const struct tree_node *node = &r->tree->node[index];
	const struct retell_places *more = NULL;
	size_t size, i;
	int n;

	if (piece->type != PIECE_CHILD && piece->type != PIECE_SELF) {
		size = wording_read(r->wording, piece, from, &n);
		if (size > 0 &&
		    says(r, node, (enum phrase_piece_type)piece->type, n))
			add(ends, from + size);
		return;
	}
	more = find_ends(r,
	    piece->type == PIECE_SELF ? index : node->child[piece->child],
	    piece->form, from);
	for (i = 0; i < RETELL_WORDS; i++)
		ends->bit[i] |= more->bit[i];
}

/* Where a phrase can end whose pieces from first on are said from there on. */
static struct retell_places
ends_of(struct retell *r, uint8_t index, const struct phrase *phrase,
    unsigned int first, size_t from)
{
	const struct phrase_piece *pieces = NULL;
	struct retell_places now = { 0 }, then;
	unsigned int i;
	size_t at;

	pieces = phrasebook_pieces(r->wording->book, phrase);
	add(&now, from);
	for (i = first; i < phrase->pieces; i++) {
		memset(&then, 0, sizeof(then));
		for (at = next_of(&now, 0); at < NO_PLACE;
		     at = next_of(&now, at + 1))
			add_piece(r, index, &pieces[i], at, &then);
		now = then;
	}

	return now;
}

/* The entry of a question; *is_new when it has no answer yet. */
static struct retell_entry *
entry_of(struct retell *r, uint8_t index, unsigned int form, size_t from,
    bool *is_new)
{
	uint32_t hash = (uint32_t)from * 64 + index;
	uint16_t *bucket = NULL, i;
	struct retell_entry *entry = NULL;

	hash = hash * PHRASEBOOK_FORMS_MAX + form;
	bucket = &r->bucket[hash * 0x9e3779b1u >> 16 & (RETELL_BUCKETS - 1)];
	*is_new = false;
	for (i = *bucket; i != NO_ENTRY; i = r->entry[i].next) {
		entry = &r->entry[i];
		if (entry->index == index && entry->form == form &&
		    entry->from == from)
			return entry;
	}
	if (r->count == RETELL_ENTRIES_MAX) {
		r->full = true;
		return &r->entry[NO_ENTRY];
	}
	*is_new = true;
	entry = &r->entry[r->count];
	memset(entry, 0, sizeof(*entry));
	entry->index = index;
	entry->form = (uint8_t)form;
	entry->from = (uint16_t)from;
	entry->next = *bucket;
	*bucket = r->count++;

	return entry;
}

static const struct phrase *
phrases_of(struct retell *r, uint8_t index, unsigned int form, size_t *count)
{
	return phrasebook_of(r->wording->book,
	    (enum tree_kind)r->tree->node[index].kind, form, count);
}

static const struct retell_places *
find_ends(struct retell *r, uint8_t index, unsigned int form, size_t from)
{
	const struct phrase *list = NULL;
	struct retell_entry *entry = NULL;
	struct retell_places ends;
	size_t i, j, count;
	bool is_new;

	entry = entry_of(r, index, form, from, &is_new);
	if (!is_new)
		return &entry->ends;
	list = phrases_of(r, index, form, &count);
	for (i = 0; i < count; i++) {
		if (!fits(r, index, &list[i]))
			continue;
		ends = ends_of(r, index, &list[i], 0, from);
		for (j = 0; j < RETELL_WORDS; j++)
			entry->ends.bit[j] |= ends.bit[j];
	}

	return &entry->ends;
}

bool
retell(struct retell *r, const struct wording *wording, const struct tree *tree,
    const int16_t *name, bool strictly)
{
	r->wording = wording;
	r->tree = tree;
	r->name = name;
	r->strictly = strictly;
	r->full = false;
	r->count = 1; /* NO_ENTRY, which ends nowhere */
	memset(&r->entry[NO_ENTRY], 0, sizeof(r->entry[NO_ENTRY]));
	memset(r->bucket, 0, sizeof(r->bucket));
	if (strictly)
		attributes_find(&r->attributes, tree, wording->book);

	return has(find_ends(r, tree->root, FORM_SAY, 0), wording->size);
}

static void mark(struct retell *r, uint8_t index, unsigned int form,
    size_t from, size_t end, uint8_t *used, uint8_t bit);

/* Marks what is below a phrase that was said from a place to another. */
static void
mark_below(struct retell *r, uint8_t index, const struct phrase *phrase,
    size_t from, size_t end, uint8_t *used, uint8_t bit)
{
	const struct phrase_piece *piece = NULL;
	struct retell_places ends, rest;
	unsigned int i;
	size_t at;

	piece = phrasebook_pieces(r->wording->book, phrase);
	for (i = 0; i < phrase->pieces; i++, piece++, from = at) {
		memset(&ends, 0, sizeof(ends));
		add_piece(r, index, piece, from, &ends);
		for (at = next_of(&ends, 0); at < NO_PLACE;
		     at = next_of(&ends, at + 1)) {
			rest = ends_of(r, index, phrase, i + 1, at);
			if (has(&rest, end))
				break;
		}
		if (at == NO_PLACE)
			return; /* only when entries did not fit */
		if (piece->type == PIECE_SELF)
			mark(r, index, piece->form, from, at, used, bit);
		else if (piece->type == PIECE_CHILD)
			mark(r, r->tree->node[index].child[piece->child],
			    piece->form, from, at, used, bit);
	}
}

static void
mark(struct retell *r, uint8_t index, unsigned int form, size_t from,
    size_t end, uint8_t *used, uint8_t bit)
{
	const struct phrase *list = NULL, *all = NULL;
	struct retell_entry *entry = NULL;
	struct retell_places ends;
	size_t i, count, total;
	bool is_new;

	entry = entry_of(r, index, form, from, &is_new);
	if (has(&entry->marked, end))
		return;
	add(&entry->marked, end);
	all = phrasebook_all(r->wording->book, &total);
	list = phrases_of(r, index, form, &count);
	for (i = 0; i < count; i++) {
		if (!fits(r, index, &list[i]))
			continue;
		ends = ends_of(r, index, &list[i], 0, from);
		if (!has(&ends, end))
			continue;
		used[&list[i] - all] |= bit;
		mark_below(r, index, &list[i], from, end, used, bit);
	}
}

void
retell_mark(struct retell *r, uint8_t *used, uint8_t bit)
{
	mark(r, r->tree->root, FORM_SAY, 0, r->wording->size, used, bit);
}
