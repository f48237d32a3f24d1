/*
 * Looking for what phrases leave out: see unsaid.h.
 *
 * A phrase that names its own node in another form, {s:do}, says all, for the
 * phrases of that form must say all themselves.
 */

#include "challenge-svc/check/unsaid.h"

#include <stdarg.h>
#include <stdio.h>

#include "challenge-svc/check/forest.h"

/* Bits of what is said: children first. */
#define SAID_N	  (1u << TREE_CHILDREN_MAX)
#define SAID_MARK (SAID_N << 1)

static const char *const slots[] = {
	[PIECE_FIGURES] = "{n}",
	[PIECE_WORD] = "{w}",
	[PIECE_ORDER] = "{o}",
	[PIECE_TIMES] = "{t}",
	[PIECE_MARK] = "{m}",
	[PIECE_MARK_2] = "{m2}",
	[PIECE_LETTER] = "{k}",
	[PIECE_PERSON] = "{p}",
};

static int __attribute__((format(printf, 4, 5)))
fail(const struct phrasebook *book, const struct phrase *phrase,
    char error[PHRASEBOOK_ERROR_SIZE], const char *format, ...)
{
	va_list args;
	int used;

	used = snprintf(error, PHRASEBOOK_ERROR_SIZE,
	    "%s:%u: ", phrasebook_pack(book, phrase),
	    (unsigned int)phrase->line);
	va_start(args, format);
	(void)vsnprintf(
	    error + used, PHRASEBOOK_ERROR_SIZE - (size_t)used, format, args);
	va_end(args);

	return -1;
}

/* All that a node of the kind consists of. */
static unsigned int
whole_of(enum tree_kind kind)
{
	unsigned int whole = (1u << tree_kinds[kind].arity) - 1;

	whole |= forest_has_n(kind) ? SAID_N : 0;
	whole |= tree_kinds[kind].marks > 0 ? SAID_MARK : 0;

	return whole;
}

/* What a slot says; 0 for one that can say nothing of the kind. */
static unsigned int
said_by(const struct phrase_piece *piece, enum tree_kind kind)
{
	switch ((enum phrase_piece_type)piece->type) {
	case PIECE_TEXT:
	case PIECE_SELF:
		return 0;
	case PIECE_CHILD:
		return 1u << piece->child;
	case PIECE_MARK:
		return SAID_MARK;
	case PIECE_FIGURES:
	case PIECE_WORD:
	case PIECE_ORDER:
	case PIECE_TIMES:
	case PIECE_MARK_2:
	case PIECE_LETTER:
	case PIECE_PERSON:
		break;
	}

	return forest_says_n((enum phrase_piece_type)piece->type, kind) ? SAID_N
									: 0;
}

static unsigned int
said_by_conditions(const struct phrase *phrase)
{
	unsigned int said = 0;

	if ((phrase->when >> PHRASE_IF_ONE & 1) != 0)
		said |= SAID_N;
	if ((phrase->when >> PHRASE_IF_A_ALL & 1) != 0)
		said |= 1u;

	return said;
}

/* A slot for what is missing, as an example. */
static const char *
example_of(unsigned int missing, enum tree_kind kind)
{
	static const char *const children[] = { "{a}", "{b}", "{c}" };

	if ((missing & (SAID_N - 1)) != 0)
		return children[__builtin_ctz(missing)];
	if ((missing & SAID_MARK) != 0)
		return slots[PIECE_MARK];
	if (forest_has_name(kind))
		return slots[kind == LET_PERSON || kind == SET_PERSON
			? PIECE_PERSON
			: PIECE_LETTER];

	return slots[tree_kinds[kind].marks > 1 ? PIECE_MARK_2 : PIECE_FIGURES];
}

static int
check_phrase(const struct phrasebook *book, const struct phrase *phrase,
    char error[PHRASEBOOK_ERROR_SIZE])
{
	enum tree_kind kind = (enum tree_kind)phrase->kind;
	const struct phrase_piece *piece = phrasebook_pieces(book, phrase);
	unsigned int said = said_by_conditions(phrase), more, missing, i;

	for (i = 0; i < phrase->pieces; i++, piece++) {
		if (piece->type == PIECE_TEXT)
			continue;
		if (piece->type == PIECE_SELF) {
			said |= whole_of(kind);
			continue;
		}
		more = said_by(piece, kind);
		if (more == 0)
			return fail(book, phrase, error,
			    "'%s' has nothing that %s could say",
			    tree_kinds[kind].name, slots[piece->type]);
		said |= more;
	}
	missing = whole_of(kind) & ~said;
	if (missing != 0)
		return fail(book, phrase, error,
		    "the phrase does not say all: %s is missing",
		    example_of(missing, kind));

	return 0;
}

int
unsaid_check(const struct phrasebook *book, char error[PHRASEBOOK_ERROR_SIZE])
{
	const struct phrase *phrase = NULL;
	size_t i, count;

	phrase = phrasebook_all(book, &count);
	for (i = 0; i < count; i++) {
		if (check_phrase(book, &phrase[i], error) != 0)
			return -1;
	}

	return 0;
}
