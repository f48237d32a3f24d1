/*
 * Reading phrase packs: see pack.h.
 */

#include "challenge-svc/lang/pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PIECES_MAX 24
#define KINDS_MAX  TREE_KINDS /* that one heading can stand for */

/* A stretch of a line. */
struct span {
	const char *at;
	size_t size;
};

struct reader {
	struct phrasebook *book;
	const char *name;
	char *error;
	uint32_t line;
	int pack;
	/* the heading in force */
	enum tree_kind kind[KINDS_MAX];
	size_t kinds;
	unsigned int form;
	uint32_t when;
	/* the phrase being read */
	struct phrase phrase;
	struct phrase_piece piece[PIECES_MAX];
};

static int __attribute__((format(printf, 2, 3)))
fail(struct reader *reader, const char *format, ...)
{
	va_list args;
	int used;

	used = snprintf(reader->error, PHRASEBOOK_ERROR_SIZE,
	    "%s:%u: ", reader->name, (unsigned int)reader->line);
	if (used < 0 || used >= PHRASEBOOK_ERROR_SIZE)
		return -1;
	va_start(args, format);
	(void)vsnprintf(reader->error + used,
	    PHRASEBOOK_ERROR_SIZE - (size_t)used, format, args);
	va_end(args);

	return -1;
}

static bool
span_is(struct span span, const char *name)
{
	return strlen(name) == span.size &&
	    memcmp(span.at, name, span.size) == 0;
}

/* For "%.*s" in messages: what is too long there says nothing more. */
static int
shown(struct span span)
{
	return span.size > 40 ? 40 : (int)span.size;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	    c == '.';
}

/* Takes the next word off the front of a heading; empty at its end. */
static struct span
next_word(struct span *line)
{
	struct span word;

	while (line->size > 0 && *line->at == ' ') {
		line->at++;
		line->size--;
	}
	word = (struct span){ line->at, 0 };
	while (word.size < line->size && word.at[word.size] != ' ')
		word.size++;
	line->at += word.size;
	line->size -= word.size;

	return word;
}

bool
pack_is_value(enum tree_kind kind)
{
	switch ((int)kind) {
	case NUM_CONST:
	case NUM_NAME:
	case NUM_IF:
	case NUM_CORRECTION:
	case NUM_RETHINK:
	case NUM_RULE:
	case LET_NUMBER:
	case LET_GROUP:
	case LET_PERSON:
	case SCENE_KEEP:
	case SCENE_BUY:
	case SCENE_POCKET:
	case SCENE_SPEND:
	case SCENE_BOARD:
	case SCENE_ALIGHT:
	case SCENE_FARES:
	case SCENE_BARTER:
		return false;
	}

	return tree_type_of(kind) == TREE_NUMBER && !tree_is_stage(kind);
}

static int
read_kind(struct reader *reader, struct span word)
{
	unsigned int i;

	reader->kinds = 0;
	for (i = 0; i < TREE_KINDS; i++) {
		if (span_is(word, tree_kinds[i].name) ||
		    (span_is(word, "value") &&
			pack_is_value((enum tree_kind)i)))
			reader->kind[reader->kinds++] = (enum tree_kind)i;
	}
	if (reader->kinds == 0)
		return fail(
		    reader, "there is no kind '%.*s'", shown(word), word.at);

	return 0;
}

static bool
is_form_name(struct span name)
{
	size_t i;

	for (i = 0; i < name.size; i++) {
		if (!is_name_char(name.at[i]))
			return false;
	}

	return name.size > 0;
}

static int
read_form(struct reader *reader, struct span word)
{
	if (word.size == 0)
		return fail(reader, "a form must follow the kind");
	if (!is_form_name(word))
		return fail(reader,
		    "a form is lower-case letters, figures, '-' and '.'");
	reader->form = phrasebook_form(reader->book, word.at, word.size);
	if (reader->form == PHRASEBOOK_FORMS_MAX)
		return fail(reader,
		    "the form '%.*s' is too long, or one too "
		    "many",
		    shown(word), word.at);

	return 0;
}

static int
read_conditions(struct reader *reader, struct span line)
{
	static const char *const names[PHRASE_IFS] = {
#define C(id, name) name,
		PHRASE_CONDITIONS(C)
#undef C
	};
	struct span word = next_word(&line);
	unsigned int i;

	reader->when = 0;
	if (word.size == 0)
		return 0;
	if (!span_is(word, "if"))
		return fail(reader, "'if' expected instead of '%.*s'",
		    shown(word), word.at);
	for (word = next_word(&line); word.size > 0; word = next_word(&line)) {
		for (i = 0; i < PHRASE_IFS; i++) {
			if (span_is(word, names[i]))
				break;
		}
		if (i == PHRASE_IFS)
			return fail(reader, "there is no condition '%.*s'",
			    shown(word), word.at);
		reader->when |= UINT32_C(1) << i;
	}
	if (reader->when == 0)
		return fail(reader, "a condition must follow 'if'");

	return 0;
}

static int
read_heading(struct reader *reader, struct span line)
{
	struct span word = next_word(&line);
	bool drop = span_is(word, "drop");
	size_t i;

	if (drop)
		word = next_word(&line);
	if (read_kind(reader, word) != 0 ||
	    read_form(reader, next_word(&line)) != 0)
		return -1;
	if (!drop)
		return read_conditions(reader, line);

	if (next_word(&line).size > 0)
		return fail(reader, "nothing may follow the form");
	for (i = 0; i < reader->kinds; i++)
		phrasebook_drop(
		    reader->book, reader->kind[i], reader->form, reader->pack);
	reader->kinds = 0;

	return 0;
}

/* -------- phrases -------- */

static struct phrase_piece *
new_piece(struct reader *reader, enum phrase_piece_type type)
{
	struct phrase_piece *piece = NULL;

	if (reader->phrase.pieces == PIECES_MAX) {
		(void)fail(reader, "the phrase has too many parts");
		return NULL;
	}
	piece = &reader->piece[reader->phrase.pieces++];
	memset(piece, 0, sizeof(*piece));
	piece->type = (uint8_t)type;

	return piece;
}

static int
read_text(struct reader *reader, struct span text)
{
	struct phrase_piece *piece = NULL;
	size_t i, size;
	int64_t at;
	char c;

	for (i = 0; i < text.size; i++) {
		c = text.at[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr(" ,.;:?", c) == NULL))
			return fail(reader,
			    "only small letters, figures, spaces and , . ; : "
			    "? may stand in a phrase");
		if (c == ' ' && i + 1 < text.size && text.at[i + 1] == ' ')
			return fail(reader, "two spaces in a row");
	}
	while (text.size > 0) {
		size = text.size > UINT8_MAX ? UINT8_MAX : text.size;
		at = phrasebook_keep(reader->book, text.at, size);
		piece = new_piece(reader, PIECE_TEXT);
		if (at < 0)
			return fail(reader, "out of memory");
		if (piece == NULL)
			return -1;
		piece->text = (uint32_t)at;
		piece->size = (uint8_t)size;
		for (i = 0; i < size; i++)
			piece->spaces = (uint8_t)(piece->spaces +
			    (text.at[i] == ' '));
		text.at += size;
		text.size -= size;
	}

	return 0;
}

/* {n} and so on: what the node itself holds. */
static int
read_own_slot(struct reader *reader, struct span slot)
{
	static const struct {
		const char *name;
		enum phrase_piece_type type;
	} own[] = {
		{ "n", PIECE_FIGURES },
		{ "w", PIECE_WORD },
		{ "o", PIECE_ORDER },
		{ "t", PIECE_TIMES },
		{ "m", PIECE_MARK },
		{ "m2", PIECE_MARK_2 },
		{ "k", PIECE_LETTER },
		{ "p", PIECE_PERSON },
	};
	unsigned int marks = tree_kinds[reader->phrase.kind].marks;
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (!span_is(slot, own[i].name))
			continue;
		if ((own[i].type == PIECE_MARK && marks < 1) ||
		    (own[i].type == PIECE_MARK_2 && marks < 2))
			return fail(reader, "'%s' points at no such mark",
			    tree_kinds[reader->phrase.kind].name);
		return new_piece(reader, own[i].type) == NULL ? -1 : 0;
	}

	return fail(reader, "there is no slot {%.*s}", shown(slot), slot.at);
}

/* A child's place, or 's' for the node itself in another form. */
static bool
is_child_letter(char c)
{
	return (c >= 'a' && c <= 'c') || c == 's';
}

/* {a}, {b:form}, {s:form}. */
static int
read_slot(struct reader *reader, struct span slot)
{
	const struct tree_kind_info *info = &tree_kinds[reader->phrase.kind];
	struct phrase_piece *piece = NULL;
	unsigned int form = FORM_NOUN, child;

	if (slot.size == 0 || !is_child_letter(slot.at[0]) ||
	    (slot.size > 1 && slot.at[1] != ':'))
		return read_own_slot(reader, slot);
	if (slot.size > 1 &&
	    !is_form_name((struct span){ slot.at + 2, slot.size - 2 }))
		return fail(
		    reader, "{%.*s} names no form", shown(slot), slot.at);
	if (slot.size > 1)
		form = phrasebook_form(
		    reader->book, slot.at + 2, slot.size - 2);
	if (form == PHRASEBOOK_FORMS_MAX)
		return fail(reader, "{%.*s} has no form that can be",
		    shown(slot), slot.at);

	if (slot.at[0] == 's') {
		if (!(form == FORM_NOUN &&
			(reader->form == FORM_DO ||
			    reader->form == FORM_SAY)) &&
		    !(form == FORM_DO && reader->form == FORM_SAY))
			return fail(reader,
			    "{s} may stand for the noun in an "
			    "order, and for either in "
			    "sentences");
		reader->phrase.need_self |= UINT32_C(1) << form;
		piece = new_piece(reader, PIECE_SELF);
	} else {
		child = (unsigned int)(slot.at[0] - 'a');
		if (child >= info->arity)
			return fail(reader, "'%s' has no child {%c}",
			    info->name, slot.at[0]);
		reader->phrase.need[child] |= UINT32_C(1) << form;
		piece = new_piece(reader, PIECE_CHILD);
		if (piece != NULL)
			piece->child = (uint8_t)child;
	}
	if (piece == NULL)
		return -1;
	piece->form = (uint8_t)form;

	return 0;
}

/*
 * An afterthought ("the first two, no, the last two") ends where its sentence
 * ends.  So a child after which the phrase's own sentence goes on must hold
 * none.
 */
static void
find_clean(struct reader *reader)
{
	const struct phrase_piece *piece = NULL, *next = NULL;
	const struct phrase *phrase = &reader->phrase;
	unsigned int i;
	char c;

	for (i = 0; i + 1 < phrase->pieces; i++) {
		piece = &reader->piece[i];
		next = &reader->piece[i + 1];
		if (piece->type != PIECE_CHILD && piece->type != PIECE_SELF)
			continue;
		c = next->type == PIECE_TEXT
		    ? *phrasebook_text(reader->book, next)
		    : ' ';
		if (c == '.' || c == ';' || c == '?')
			continue;
		if (piece->type == PIECE_CHILD)
			reader->phrase.clean |= (uint8_t)(1u << piece->child);
		else
			reader->phrase.clean |= (uint8_t)(1u << PHRASE_SELF);
	}
}

static int
read_pieces(struct reader *reader, struct span line)
{
	struct span part;
	const char *brace = NULL, *end = NULL;

	while (line.size > 0) {
		brace = memchr(line.at, '{', line.size);
		part = (struct span){ line.at,
			brace == NULL ? line.size : (size_t)(brace - line.at) };
		if (read_text(reader, part) != 0)
			return -1;
		if (brace == NULL)
			return 0;
		line.at += part.size;
		line.size -= part.size;
		end = memchr(line.at, '}', line.size);
		if (end == NULL)
			return fail(reader, "'{' without '}'");
		part = (struct span){ line.at + 1,
			(size_t)(end - line.at) - 1 };
		if (read_slot(reader, part) != 0)
			return -1;
		line.at += part.size + 2;
		line.size -= part.size + 2;
	}

	return 0;
}

static int
read_phrase(struct reader *reader, struct span line)
{
	size_t i;

	if (reader->kinds == 0)
		return fail(reader, "a phrase must stand below a heading");
	if (line.size > PACK_PHRASE_MAX)
		return fail(reader, "a phrase has at most %d characters",
		    PACK_PHRASE_MAX);
	if (line.at[line.size - 1] == ' ')
		return fail(reader, "a space at the end of the line");

	for (i = 0; i < reader->kinds; i++) {
		memset(&reader->phrase, 0, sizeof(reader->phrase));
		reader->phrase.kind = (uint8_t)reader->kind[i];
		reader->phrase.form = (uint8_t)reader->form;
		reader->phrase.when = reader->when;
		reader->phrase.pack = (uint8_t)reader->pack;
		reader->phrase.line = reader->line;
		if (read_pieces(reader, line) != 0)
			return -1;
		find_clean(reader);
		if (phrasebook_add(
			reader->book, &reader->phrase, reader->piece) != 0)
			return fail(reader, "there are too many phrases");
	}

	return 0;
}

static int
read_line(struct reader *reader, struct span line)
{
	struct span rest = line;

	while (rest.size > 0 && (*rest.at == ' ' || *rest.at == '\t')) {
		rest.at++;
		rest.size--;
	}
	if (rest.size == 0 || *rest.at == '#')
		return 0;

	return rest.at == line.at ? read_heading(reader, rest)
				  : read_phrase(reader, rest);
}

static int
read_pack(struct reader *reader, const struct pack_text *pack)
{
	const char *at = pack->text, *end = pack->text + pack->size;
	const char *newline = NULL;
	struct span line;

	reader->name = pack->name;
	reader->line = 0;
	reader->kinds = 0;
	reader->pack = phrasebook_begin_pack(reader->book, pack->name);
	if (reader->pack < 0)
		return fail(reader, "there are too many packs");
	if (pack->size > PACK_SIZE_MAX)
		return fail(
		    reader, "a pack has at most %zu bytes", PACK_SIZE_MAX);

	while (at < end) {
		reader->line++;
		newline = memchr(at, '\n', (size_t)(end - at));
		line = (struct span){ at,
			(size_t)((newline == NULL ? end : newline) - at) };
		if (read_line(reader, line) != 0)
			return -1;
		if (newline == NULL)
			break;
		at = newline + 1;
	}

	return 0;
}

struct phrasebook *
pack_read(const struct pack_text *packs, size_t count,
    char error[PHRASEBOOK_ERROR_SIZE])
{
	struct reader reader = { .error = error };
	size_t i;

	reader.book = phrasebook_new();
	if (reader.book == NULL) {
		snprintf(error, PHRASEBOOK_ERROR_SIZE, "out of memory");
		return NULL;
	}
	for (i = 0; i < count; i++) {
		if (read_pack(&reader, &packs[i]) != 0)
			goto failed;
	}
	if (phrasebook_seal(reader.book, error) == 0)
		return reader.book;

failed:
	phrasebook_free(&reader.book);

	return NULL;
}
