/*
 * The vocabulary in memory: see phrasebook.h.
 */

#include "challenge-svc/lang/phrasebook.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM_NAME_MAX 15
#define PACK_NAME_MAX 95

struct phrasebook {
	struct phrase *phrase;
	struct phrase_piece *piece;
	char *text;
	size_t phrases, pieces, text_used;
	size_t phrases_room, pieces_room, text_room;
	unsigned int forms;
	unsigned int packs;
	char form_name[PHRASEBOOK_FORMS_MAX][FORM_NAME_MAX + 1];
	char pack_name[PHRASEBOOK_PACKS_MAX][PACK_NAME_MAX + 1];
	/* by kind and form, once sealed: the first and the one after the last
	 */
	struct {
		uint16_t first, end;
	} range[TREE_KINDS][PHRASEBOOK_FORMS_MAX];
	uint32_t forms_of[TREE_KINDS];
};

struct phrasebook *
phrasebook_new(void)
{
	static const char *const known[FORMS_KNOWN] = {
		[FORM_NOUN] = "noun", [FORM_DO] = "do", [FORM_SAY] = "say"
	};
	struct phrasebook *book = calloc(1, sizeof(*book));
	unsigned int i;

	if (book == NULL)
		return NULL;
	for (i = 0; i < FORMS_KNOWN; i++)
		(void)phrasebook_form(book, known[i], strlen(known[i]));

	return book;
}

void
phrasebook_free(struct phrasebook **book)
{
	if (*book == NULL)
		return;
	free((*book)->phrase);
	free((*book)->piece);
	free((*book)->text);
	free(*book);
	*book = NULL;
}

const struct phrase *
phrasebook_of(const struct phrasebook *book, enum tree_kind kind,
    unsigned int form, size_t *count)
{
	size_t first = book->range[kind][form].first;

	*count = book->range[kind][form].end - first;

	/* A book of no phrases has no array to point into. */
	return *count == 0 ? book->phrase : book->phrase + first;
}

uint32_t
phrasebook_forms_of(const struct phrasebook *book, enum tree_kind kind)
{
	return book->forms_of[kind];
}

const struct phrase_piece *
phrasebook_pieces(const struct phrasebook *book, const struct phrase *phrase)
{
	return book->piece + phrase->piece;
}

const char *
phrasebook_text(const struct phrasebook *book, const struct phrase_piece *piece)
{
	return book->text + piece->text;
}

const struct phrase *
phrasebook_all(const struct phrasebook *book, size_t *count)
{
	*count = book->phrases;

	return book->phrase;
}

const char *
phrasebook_pack(const struct phrasebook *book, const struct phrase *phrase)
{
	return book->pack_name[phrase->pack];
}

unsigned int
phrasebook_form(struct phrasebook *book, const char *name, size_t size)
{
	unsigned int i;

	for (i = 0; i < book->forms; i++) {
		if (strlen(book->form_name[i]) == size &&
		    memcmp(book->form_name[i], name, size) == 0)
			return i;
	}
	if (size == 0 || size > FORM_NAME_MAX ||
	    book->forms == PHRASEBOOK_FORMS_MAX)
		return PHRASEBOOK_FORMS_MAX;
	memcpy(book->form_name[book->forms], name, size);

	return book->forms++;
}

int
phrasebook_begin_pack(struct phrasebook *book, const char *name)
{
	if (book->packs == PHRASEBOOK_PACKS_MAX)
		return -1;
	snprintf(book->pack_name[book->packs],
	    sizeof(book->pack_name[book->packs]), "%s", name);

	return (int)book->packs++;
}

/* Room for more items behind used; returns -1 and leaves all without memory. */
static int
make_room(void **list, size_t item, size_t used, size_t more, size_t *room)
{
	size_t wanted = *room == 0 ? 256 : *room;
	void *grown = NULL;

	while (wanted < used + more)
		wanted *= 2;
	if (wanted == *room)
		return 0;
	grown = realloc(*list, wanted * item);
	if (grown == NULL)
		return -1;
	*list = grown;
	*room = wanted;

	return 0;
}

int
phrasebook_add(struct phrasebook *book, const struct phrase *phrase,
    const struct phrase_piece *pieces)
{
	struct phrase *kept = NULL;

	if (book->phrases == PHRASEBOOK_PHRASES_MAX ||
	    make_room((void **)&book->phrase, sizeof(*phrase), book->phrases, 1,
		&book->phrases_room) != 0 ||
	    make_room((void **)&book->piece, sizeof(*pieces), book->pieces,
		phrase->pieces, &book->pieces_room) != 0)
		return -1;
	kept = &book->phrase[book->phrases++];
	*kept = *phrase;
	kept->piece = (uint32_t)book->pieces;
	memcpy(book->piece + book->pieces, pieces,
	    phrase->pieces * sizeof(*pieces));
	book->pieces += phrase->pieces;

	return 0;
}

int64_t
phrasebook_keep(struct phrasebook *book, const char *text, size_t size)
{
	size_t at = book->text_used;

	if (make_room((void **)&book->text, 1, at, size, &book->text_room) != 0)
		return -1;
	memcpy(book->text + at, text, size);
	book->text_used += size;

	return (int64_t)at;
}

void
phrasebook_drop(
    struct phrasebook *book, enum tree_kind kind, unsigned int form, int pack)
{
	size_t i, kept = 0;

	for (i = 0; i < book->phrases; i++) {
		if (book->phrase[i].kind == kind &&
		    book->phrase[i].form == form && book->phrase[i].pack < pack)
			continue;
		book->phrase[kept++] = book->phrase[i];
	}
	book->phrases = kept;
}

/* By kind, then form, then where it stands. */
static int
order_of(const void *a_, const void *b_)
{
	const struct phrase *a = a_, *b = b_;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->form != b->form)
		return a->form < b->form ? -1 : 1;
	if (a->pack != b->pack)
		return a->pack < b->pack ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;

	return 0;
}

static int __attribute__((format(printf, 4, 5)))
fail(const struct phrasebook *book, const struct phrase *phrase,
    char error[PHRASEBOOK_ERROR_SIZE], const char *format, ...)
{
	va_list args;
	int used;

	used = snprintf(error, PHRASEBOOK_ERROR_SIZE,
	    "%s:%u: ", book->pack_name[phrase->pack],
	    (unsigned int)phrase->line);
	va_start(args, format);
	(void)vsnprintf(
	    error + used, PHRASEBOOK_ERROR_SIZE - (size_t)used, format, args);
	va_end(args);

	return -1;
}

static bool
same_pieces(const struct phrasebook *book, const struct phrase *a,
    const struct phrase *b)
{
	const struct phrase_piece *x = phrasebook_pieces(book, a);
	const struct phrase_piece *y = phrasebook_pieces(book, b);
	unsigned int i;

	if (a->pieces != b->pieces || a->when != b->when)
		return false;
	for (i = 0; i < a->pieces; i++) {
		if (x[i].type != y[i].type || x[i].child != y[i].child ||
		    x[i].form != y[i].form || x[i].size != y[i].size ||
		    memcmp(book->text + x[i].text, book->text + y[i].text,
			x[i].size) != 0)
			return false;
	}

	return true;
}

/* Forms that some phrase of a kind of that type has. */
static uint32_t
forms_of_type(const struct phrasebook *book, unsigned int type)
{
	uint32_t forms = 0;
	size_t i;

	for (i = 0; i < book->phrases; i++) {
		if (tree_kinds[book->phrase[i].kind].type == type)
			forms |= UINT32_C(1) << book->phrase[i].form;
	}

	return forms;
}

static int
check_slots(const struct phrasebook *book, const struct phrase *phrase,
    const uint32_t *forms_of, char error[PHRASEBOOK_ERROR_SIZE])
{
	const struct tree_kind_info *info = &tree_kinds[phrase->kind];
	uint32_t missing;
	unsigned int i;

	for (i = 0; i < info->arity; i++) {
		missing = phrase->need[i] & ~forms_of[info->child[i]];
		if (missing != 0)
			return fail(book, phrase, error,
			    "nothing that {%c} can be has the form '%s'",
			    'a' + (int)i,
			    book->form_name[__builtin_ctz(missing)]);
	}
	missing = phrase->need_self & ~forms_of[info->type];
	if (missing != 0)
		return fail(book, phrase, error, "nothing has the form '%s'",
		    book->form_name[__builtin_ctz(missing)]);

	return 0;
}

static int
check_twins(const struct phrasebook *book, size_t first, size_t end,
    char error[PHRASEBOOK_ERROR_SIZE])
{
	const struct phrase *a = NULL, *b = NULL;
	size_t i, j;

	for (i = first; i < end; i++) {
		for (j = first; j < i; j++) {
			a = &book->phrase[j];
			b = &book->phrase[i];
			if (same_pieces(book, a, b))
				return fail(book, b, error,
				    "stands already at %s:%u",
				    book->pack_name[a->pack],
				    (unsigned int)a->line);
		}
	}

	return 0;
}

int
phrasebook_seal(struct phrasebook *book, char error[PHRASEBOOK_ERROR_SIZE])
{
	const struct phrase *phrase = NULL;
	uint32_t forms_of[TREE_CONDITION + 1];
	size_t i, end;
	unsigned int type;

	if (book->phrases > 0)
		qsort(book->phrase, book->phrases, sizeof(*book->phrase),
		    order_of);
	for (type = 0; type <= TREE_CONDITION; type++)
		forms_of[type] = forms_of_type(book, type);
	for (i = 0; i < book->phrases; i = end) {
		phrase = &book->phrase[i];
		for (end = i; end < book->phrases; end++) {
			if (book->phrase[end].kind != phrase->kind ||
			    book->phrase[end].form != phrase->form)
				break;
			if (end - i == PHRASEBOOK_FITTING_MAX)
				return fail(book, &book->phrase[end], error,
				    "more than %d phrases of '%s' as '%s'",
				    PHRASEBOOK_FITTING_MAX,
				    tree_kinds[phrase->kind].name,
				    book->form_name[phrase->form]);
			if (check_slots(
				book, &book->phrase[end], forms_of, error) != 0)
				return -1;
		}
		if (check_twins(book, i, end, error) != 0)
			return -1;
		book->range[phrase->kind][phrase->form].first = (uint16_t)i;
		book->range[phrase->kind][phrase->form].end = (uint16_t)end;
		book->forms_of[phrase->kind] |= UINT32_C(1) << phrase->form;
	}

	return 0;
}
