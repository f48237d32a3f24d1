/*
 * The renderer: expands phrases from the root down: see render.h.
 */

#include "challenge-svc/lang/render.h"

#include <string.h>

#include "challenge-svc/lang/phrases.h"

struct render {
	const struct tree *tree;
	const struct values *values;
	struct rng *rng;
	char *out;
	size_t used;
	bool failed;
};

static void say_node(struct render *r, uint8_t index, enum phrase_form form);

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
say_text(struct render *r, const char *text)
{
	while (*text != '\0')
		say_char(r, *text++);
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

/* The n-th word of a list that starts at 0; the vocabulary ends with it. */
static void
say_listed(struct render *r, const char *const *list, size_t size, int n)
{
	if (n < 0 || (size_t)n >= size) {
		r->failed = true;
		return;
	}

	say_text(r, list[n]);
}

static void
say_words(struct render *r, const struct tree_node *node)
{
	static const char *const counts[] = { "zero", "one", "two", "three",
		"four", "five", "six", "seven", "eight", "nine", "ten" };
	static const char *const places[] = { "zeroth", "first", "second",
		"third", "fourth", "fifth", "sixth" };

	if (node->kind == NUM_PLACE)
		say_listed(
		    r, places, sizeof(places) / sizeof(places[0]), node->n);
	else
		say_listed(
		    r, counts, sizeof(counts) / sizeof(counts[0]), node->n);
}

static void
say_times(struct render *r, int n)
{
	static const char *const times[] = { "never", "once", "twice",
		"three times", "four times", "five times" };

	say_listed(r, times, sizeof(times) / sizeof(times[0]), n);
}

static bool
picks_by_rank(enum tree_kind kind)
{
	return kind == SET_LARGEST || kind == SET_SMALLEST ||
	    kind == SET_FIRST || kind == SET_LAST;
}

static bool
is_stage(enum tree_kind kind)
{
	return kind == NUM_ADD || kind == NUM_SUBTRACT || kind == NUM_MULTIPLY;
}

/* What an undisturbed reader may hear go on: see WHEN_A_CLEAN. */
static bool
is_clean(const struct tree *tree, uint8_t index)
{
	return !tree_contains(tree, index, SET_CORRECTION) &&
	    !tree_contains(tree, index, SET_CONTRAST) &&
	    !tree_contains(tree, index, NUM_CORRECTION);
}

static bool
is_flat(const struct tree *tree, uint8_t index)
{
	return is_clean(tree, index) &&
	    !tree_contains(tree, index, SET_EXCEPT) &&
	    !tree_contains(tree, index, NUM_COUNTING) &&
	    !tree_contains(tree, index, NUM_ALTERNATING) &&
	    !tree_contains(tree, index, NUM_WEIGHTED);
}

static bool
has_noun(enum tree_kind kind)
{
	size_t count;

	return phrases_of(kind, FORM_NOUN, &count) != NULL;
}

/* The bits that hold for one child; b's are those of a, moved by one. */
static uint32_t
child_conditions(const struct tree *tree, uint8_t index)
{
	enum tree_kind kind = (enum tree_kind)tree->node[index].kind;
	enum tree_type type = tree_type_of(kind);
	uint32_t bits = 0;

	if (type == TREE_SET)
		bits |= picks_by_rank(kind) ? WHEN_A_RANK : WHEN_A_FILTER;
	if (is_clean(tree, index))
		bits |= WHEN_A_CLEAN;
	if (has_noun(kind))
		bits |= WHEN_A_NOUN;
	if (is_stage(kind))
		bits |= WHEN_A_STAGE;
	else if (kind == NUM_IF)
		bits |= WHEN_A_IF;
	else if (type == TREE_NUMBER && kind != NUM_CONST &&
	    kind != NUM_CORRECTION)
		bits |= WHEN_A_CORE;

	return bits;
}

static uint32_t
first_conditions(const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];
	enum tree_kind kind = (enum tree_kind)node->kind;
	uint32_t bits = child_conditions(tree, index);

	if (tree_type_of(kind) == TREE_SET)
		bits |= kind == SET_ALL ? WHEN_A_ALL : WHEN_A_PART;
	if (kind == NUM_CONST)
		bits |= WHEN_A_CONST;
	if (kind == NUM_SUM)
		bits |= WHEN_A_SUM;
	if (kind == NUM_ADD)
		bits |= WHEN_A_PLUS;
	if (kind == NUM_SUBTRACT)
		bits |= WHEN_A_MINUS;
	if (kind == NUM_MULTIPLY)
		bits |= WHEN_A_TIMES;
	if (is_stage(kind) &&
	    (child_conditions(tree, node->child[0]) & WHEN_A_CORE) != 0)
		bits |= WHEN_AA_CORE;

	return bits;
}

static uint32_t
conditions_of(const struct tree *tree, uint8_t index)
{
	const struct tree_node *node = &tree->node[index];
	unsigned int arity;
	uint32_t bits;

	bits = node->n == 1 ? WHEN_ONE : WHEN_MANY;
	if (index == tree->root)
		bits |= WHEN_ROOT;
	arity = tree_arity((enum tree_kind)node->kind);
	if (arity > 0)
		bits |= first_conditions(tree, node->child[0]);
	if (arity > 1) {
		bits |= child_conditions(tree, node->child[1]) << 1;
		if (is_flat(tree, node->child[1]))
			bits |= WHEN_B_FLAT;
		if (tree->node[node->child[1]].kind == NUM_CONST)
			bits |= WHEN_B_CONST;
	}

	return bits;
}

/* One of the phrases that may be used here, each with the same chance. */
static const char *
choose_phrase(struct render *r, uint8_t index, enum phrase_form form)
{
	const struct phrase *list = NULL;
	const char *fitting[16] = { NULL };
	enum tree_kind kind = (enum tree_kind)r->tree->node[index].kind;
	size_t i, count, fit = 0;
	uint32_t bits;

	list = phrases_of(kind, form, &count);
	if (list == NULL && form == FORM_SAY)
		list = phrases_of(kind, FORM_DO, &count);
	if (list == NULL)
		return NULL;
	if (count == 1 && list[0].when == 0)
		return list[0].text;

	bits = conditions_of(r->tree, index);
	for (i = 0; i < count; i++) {
		if ((list[i].when & ~bits) == 0 &&
		    fit < sizeof(fitting) / sizeof(fitting[0]))
			fitting[fit++] = list[i].text;
	}

	return fit == 0 ? NULL : fitting[rng_below(r->rng, (uint32_t)fit)];
}

/* One slot, the text between { and }. */
static void
say_slot(struct render *r, uint8_t index, const char *slot, size_t size)
{
	const struct tree_node *node = &r->tree->node[index];
	enum phrase_form form = FORM_NOUN;
	size_t i;

	for (i = 0; i < size && slot[i] != ':'; i++) {
		switch (slot[i]) {
		case 'n':
			say_figures(r, node->n);
			return;
		case 'w':
			say_words(r, node);
			return;
		case 't':
			say_times(r, node->n);
			return;
		case 'm':
			say_char(r, r->values->mark[node->mark].symbol);
			return;
		case 's':
			break;
		case 'a':
		case 'b':
		case 'c':
			index = node->child[slot[i] - 'a'];
			node = &r->tree->node[index];
			break;
		}
	}
	if (i < size)
		form = phrases_form_named(slot + i + 1, size - i - 1);
	if (form == PHRASE_FORMS) {
		r->failed = true;
		return;
	}

	say_node(r, index, form);
}

static void
say_node(struct render *r, uint8_t index, enum phrase_form form)
{
	const char *text = NULL, *end = NULL;

	if (r->failed)
		return;
	text = choose_phrase(r, index, form);
	if (text == NULL) {
		r->failed = true;
		return;
	}

	while (*text != '\0') {
		end = *text == '{' ? strchr(text, '}') : NULL;
		if (end == NULL) {
			say_char(r, *text++);
			continue;
		}
		say_slot(r, index, text + 1, (size_t)(end - text - 1));
		text = end + 1;
	}
}

/* A capital at the start of every sentence. */
static void
set_capitals(char *text)
{
	bool start = true;

	for (; *text != '\0'; text++) {
		if (start && *text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
		if (*text == '.')
			start = true;
		else if (*text != ' ')
			start = false;
	}
}

uint32_t
render_count_words(const char *text)
{
	uint32_t words = 0;
	bool inside = false;

	for (; *text != '\0'; text++) {
		if (*text != ' ' && !inside)
			words++;
		inside = *text != ' ';
	}

	return words;
}

uint32_t
render_instruction(const struct tree *tree, const struct values *values,
    struct rng *rng, char out[CHALLENGE_INSTRUCTION_MAX + 1])
{
	struct render r = { tree, values, rng, out, 0, false };
	uint32_t words;

	say_node(&r, tree->root, FORM_SAY);
	out[r.used] = '\0';

	/* One clause is a line, as in "Sum all digits except the largest". */
	if (strstr(out, ". ") != NULL && out[r.used - 1] != '?')
		say_char(&r, '.');
	out[r.used] = '\0';
	set_capitals(out);

	words = render_count_words(out);
	if (r.failed || words > CHALLENGE_WORDS_MAX)
		return 0;

	return words;
}
