/*
 * Finding pieces of phrases in a text: see wording.h.
 *
 * Texts are compared byte by byte, not word by word: so a phrase may join a
 * slot to letters ("the {w}th digit"), as the renderer lets it.
 */

#include "challenge-svc/check/wording.h"

#include <string.h>

#include "challenge-svc/lang/words.h"

/* No number in figures is longer: more would not be one that a tree holds. */
#define FIGURES_MAX 4

/* Takes back what the renderer's set_capitals() does. */
static void
unset_capitals(char *text)
{
	bool start = true;

	for (; *text != '\0'; text++) {
		if (start && *text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
		if (*text == '.')
			start = true;
		else if (*text != ' ')
			start = false;
	}
}

bool
wording_set(struct wording *wording, const struct phrasebook *book,
    const char *instruction, const struct values *values)
{
	size_t size = strnlen(instruction, CHALLENGE_INSTRUCTION_MAX + 1);
	unsigned int m;

	if (size == 0 || size > CHALLENGE_INSTRUCTION_MAX)
		return false;

	wording->book = book;
	for (m = 0; m < TREE_MARKS_MAX; m++)
		wording->symbol[m] = values->mark[m].symbol;
	memcpy(wording->text, instruction, size + 1);
	memcpy(wording->plain, instruction, size + 1);
	unset_capitals(wording->plain);
	wording->size = instruction[size - 1] == '.' ? size - 1 : size;

	return true;
}

/* All figures that stand there: what begins 12 is not 1. */
static size_t
read_figures(const char *text, int *n)
{
	size_t size = 0;

	*n = 0;
	while (text[size] >= '0' && text[size] <= '9') {
		if (size == FIGURES_MAX || (size == 1 && *text == '0'))
			return 0;
		*n = 10 * *n + (text[size++] - '0');
	}

	return size;
}

static size_t
read_symbol(const struct wording *wording, char c, int *n)
{
	int m;

	for (m = 0; m < TREE_MARKS_MAX; m++) {
		if (wording->symbol[m] == c) {
			*n = m;
			return 1;
		}
	}

	return 0;
}

size_t
wording_read(const struct wording *wording, const struct phrase_piece *piece,
    size_t at, int *n)
{
	const char *plain = wording->plain + at;
	size_t size = 0;

	*n = 0;
	switch ((enum phrase_piece_type)piece->type) {
	case PIECE_CHILD:
	case PIECE_SELF:
		return 0;
	case PIECE_TEXT:
		if (piece->size <= wording->size - at &&
		    memcmp(plain, phrasebook_text(wording->book, piece),
			piece->size) == 0)
			size = piece->size;
		break;
	case PIECE_FIGURES:
		size = read_figures(plain, n);
		break;
	case PIECE_WORD:
	case PIECE_ORDER:
	case PIECE_TIMES:
		size = words_read(
		    (enum phrase_piece_type)piece->type, plain, n);
		break;
	case PIECE_MARK:
	case PIECE_MARK_2:
		size = read_symbol(wording, *plain, n);
		break;
	case PIECE_LETTER:
		size = words_read(PIECE_LETTER, wording->text + at, n);
		break;
	case PIECE_PERSON:
		size = words_read(PIECE_PERSON, wording->text + at, n);
		*n += WORDING_PEOPLE;
		break;
	}

	return size <= wording->size - at ? size : 0;
}
