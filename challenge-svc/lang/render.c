/*
 * The renderer: expands phrases from the root down: see render.h.
 */

#include "challenge-svc/lang/render.h"

#include <string.h>

#include "challenge-svc/lang/attributes.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/words.h"

/* Words of an order that stands without a full stop, at most. */
#define LINE_WORDS 12

struct render {
	const struct tree *tree;
	const struct values *values;
	const struct phrasebook *book;
	struct rng *rng;
	char *out;
	size_t used;
	uint32_t words; /* a space ends one */
	bool failed;
	uint8_t letter[TREE_NAMES_MAX]; /* numbers of words */
	uint8_t person[TREE_NAMES_MAX];
	struct attributes attributes;
};

static void say_node(struct render *r, uint8_t index, unsigned int form);

static void
say_char(struct render *r, char c)
{
	if (r->used == CHALLENGE_INSTRUCTION_MAX) {
		r->failed = true;
		return;
	}

	r->out[r->used++] = c;
}

static void
say_text(struct render *r, const char *text, size_t size, unsigned int spaces)
{
	r->words += spaces;
	if (size > CHALLENGE_INSTRUCTION_MAX - r->used ||
	    r->words > CHALLENGE_WORDS_MAX) {
		r->failed = true;
		return;
	}
	memcpy(r->out + r->used, text, size);
	r->used += size;
}

static void
say_figures(struct render *r, int n)
{
	char digits[8];
	size_t used = 0;

	if (n < 0) {
		r->failed = true;
		return;
	}

	do {
		digits[used++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (used > 0)
		say_char(r, digits[--used]);
}

/* The n-th word of a list; the vocabulary ends with it. */
static void
say_listed(struct render *r, enum phrase_piece_type type, int n)
{
	const char *word = words_of(type, n);

	if (word == NULL)
		r->failed = true;
	else
		say_text(r, word, strlen(word), strchr(word, ' ') != NULL);
}

static void
say_symbol(struct render *r, int mark)
{
	if (mark < 0 || mark >= TREE_MARKS_MAX)
		r->failed = true;
	else
		say_char(r, r->values->mark[mark].symbol);
}

/* What stands for name n; each list is drawn from without putting back. */
static void
say_name(struct render *r, enum phrase_piece_type type, int n)
{
	const uint8_t *drawn = type == PIECE_LETTER ? r->letter : r->person;

	if (n < 0 || n >= TREE_NAMES_MAX)
		r->failed = true;
	else
		say_listed(r, type, drawn[n]);
}

static void
draw_names(struct rng *rng, uint8_t out[TREE_NAMES_MAX], uint32_t size)
{
	uint32_t i, j;

	for (i = 0; i < TREE_NAMES_MAX; i++) {
		out[i] = (uint8_t)rng_below(rng, size);
		for (j = 0; j < i; j++) {
			if (out[j] == out[i]) {
				out[i] = (uint8_t)((out[i] + 1) % size);
				j = UINT32_MAX; /* look at all again */
			}
		}
	}
}

/* One of the phrases that may be used here, each with the same chance. */
static const struct phrase *
choose_phrase(struct render *r, uint8_t index, unsigned int form)
{
	const struct phrase *list = NULL;
	uint8_t fitting[PHRASEBOOK_FITTING_MAX];
	size_t i, count, fit = 0;

	list = phrasebook_of(
	    r->book, (enum tree_kind)r->tree->node[index].kind, form, &count);
	for (i = 0; i < count; i++) {
		fitting[fit] = (uint8_t)i;
		fit += attributes_fit(&r->attributes, index, &list[i]);
	}

	return fit == 0 ? NULL
			: &list[fitting[rng_below(r->rng, (uint32_t)fit)]];
}

static void
say_piece(struct render *r, uint8_t index, const struct phrase_piece *piece)
{
	const struct tree_node *node = &r->tree->node[index];

	switch ((enum phrase_piece_type)piece->type) {
	case PIECE_TEXT:
		say_text(r, phrasebook_text(r->book, piece), piece->size,
		    piece->spaces);
		break;
	case PIECE_CHILD:
		say_node(r, node->child[piece->child], piece->form);
		break;
	case PIECE_SELF:
		say_node(r, index, piece->form);
		break;
	case PIECE_FIGURES:
		say_figures(r, node->n);
		break;
	case PIECE_WORD:
	case PIECE_ORDER:
	case PIECE_TIMES:
		say_listed(r, (enum phrase_piece_type)piece->type, node->n);
		break;
	case PIECE_MARK:
		say_symbol(r, node->mark);
		break;
	case PIECE_MARK_2:
		say_symbol(r, node->n);
		break;
	case PIECE_LETTER:
	case PIECE_PERSON:
		say_name(r, (enum phrase_piece_type)piece->type, node->n);
		break;
	}
}

static void
say_node(struct render *r, uint8_t index, unsigned int form)
{
	const struct phrase *phrase = NULL;
	const struct phrase_piece *pieces = NULL;
	unsigned int i;

	if (r->failed)
		return;
	phrase = choose_phrase(r, index, form);
	if (phrase == NULL) {
		r->failed = true;
		return;
	}
	pieces = phrasebook_pieces(r->book, phrase);
	for (i = 0; i < phrase->pieces && !r->failed; i++)
		say_piece(r, index, &pieces[i]);
}

/* A capital at the start, and after every full stop. */
static void
set_capitals(char *text)
{
	while (text != NULL) {
		if (*text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
		text = strchr(text, '.');
		if (text != NULL)
			text += text[1] == ' ' ? 2 : 1;
	}
}

uint32_t
render_instruction(const struct tree *tree, const struct values *values,
    const struct phrasebook *book, struct rng *rng,
    char out[CHALLENGE_INSTRUCTION_MAX + 1])
{
	struct render r = { .tree = tree,
		.values = values,
		.book = book,
		.rng = rng,
		.out = out,
		.words = 1 };

	attributes_open(&r.attributes, tree, book);
	if (tree->names > 0) {
		draw_names(rng, r.letter, words_count(PIECE_LETTER));
		draw_names(rng, r.person, words_count(PIECE_PERSON));
	}
	say_node(&r, tree->root, FORM_SAY);
	out[r.used] = '\0';
	if (r.failed || r.used == 0)
		return 0;

	/* A short order is a line, as in "Sum all digits except the largest".
	 */
	if (out[r.used - 1] != '?' &&
	    (r.words > LINE_WORDS || strpbrk(out, ".;") != NULL))
		say_char(&r, '.');
	out[r.used] = '\0';
	set_capitals(out);

	return r.failed ? 0 : r.words;
}
