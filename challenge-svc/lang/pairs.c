/*
 * Finding minimal pairs: see pairs.h.
 */

#include "challenge-svc/lang/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/frames.h"
#include "challenge-svc/lang/humantime.h"
#include "challenge-svc/lang/render.h"

#define TREES_MAX      20000 /* trees drawn for one pair */
#define RENDERINGS_MAX 400   /* wordings tried for one tree */

struct bag {
	char text[CHALLENGE_INSTRUCTION_MAX + 2];
	char *word[CHALLENGE_WORDS_MAX + 1];
	size_t words;
};

static int
order_of(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Words in lower case without what stands between them, in order of letters. */
static void
fill(struct bag *bag, const char *text)
{
	char *save = NULL, *word = NULL;
	size_t i;

	bag->words = 0;
	for (i = 0; i < CHALLENGE_INSTRUCTION_MAX && text[i] != '\0'; i++)
		bag->text[i] = text[i] >= 'A' && text[i] <= 'Z'
		    ? (char)(text[i] - 'A' + 'a')
		    : text[i];
	bag->text[i] = '\0';
	for (word = strtok_r(bag->text, " ,.;:?", &save); word != NULL;
	     word = strtok_r(NULL, " ,.;:?", &save)) {
		if (bag->words == CHALLENGE_WORDS_MAX)
			return;
		bag->word[bag->words++] = word;
	}
	qsort(bag->word, bag->words, sizeof(bag->word[0]), order_of);
}

bool
pairs_same_words(const char *a, const char *b)
{
	struct bag first, second;
	size_t i;

	fill(&first, a);
	fill(&second, b);
	if (first.words != second.words)
		return false;
	for (i = 0; i < first.words; i++) {
		if (strcmp(first.word[i], second.word[i]) != 0)
			return false;
	}

	return true;
}

/* A task that was another one, or the other way round. */
static bool
draw_rethought(
    struct instance pair[2], struct rng *rng, enum challenge_level level)
{
	struct tree *tree = &pair[0].tree;
	struct draft draft = {
		.tree = tree, .rng = rng, .level = level, .named = SET_ALL
	};
	enum operation other;
	uint8_t a, b;

	do {
		other = operation_draw(rng, level);
	} while (other == pair[0].operation ||
	    (operation_traits_of(other) & OPERATION_WHOLE) != 0);
	tree_reset(tree);
	a = operation_heart(&draft, pair[0].operation);
	b = operation_heart(&draft, other);
	tree->root = tree_two(tree, NUM_RETHINK, b, a);
	pair[1].operation = other;
	pair[1].tree = *tree;
	pair[1].tree.node[tree->root].child[0] = a;
	pair[1].tree.node[tree->root].child[1] = b;

	return tree_is_sound(tree);
}

/*
 * Selections are not nested more deeply than the generator nests them: "the
 * even digits among those of Anna except the largest of them" has two readings.
 */
static bool
is_nested(const struct tree *tree)
{
	unsigned int i;
	uint8_t kind;

	for (i = 0; i < tree->count; i++) {
		kind = tree->node[tree->node[i].child[0]].kind;
		if ((tree->node[i].kind == SET_OF ||
			tree->node[i].kind == SET_EXCEPT) &&
		    (kind == SET_OF || kind == SET_EXCEPT))
			return true;
		if ((tree->node[i].kind == SET_ABOVE ||
			tree->node[i].kind == SET_BELOW) &&
		    tree_kinds[kind].arity > 0)
			return true;
	}

	return false;
}

/*
 * The same tree with two of its parts, of one type, exchanged; or, where one
 * part was drawn twice, that part turned into its opposite, since some phrases
 * hold both ("get on; otherwise, get off").
 */
static bool
draw_exchanged(
    struct instance pair[2], struct rng *rng, enum challenge_level level)
{
	struct tree *tree = &pair[0].tree, *other = &pair[1].tree;
	struct tree_node *x = NULL, *y = NULL, kept;

	frames_draw(tree, rng, pair[0].operation, FRAME_NONE, level);
	*other = *tree;
	pair[1].operation = pair[0].operation;
	if (!tree_is_sound(tree))
		return false;
	x = &other->node[rng_below(rng, other->count)];
	y = &other->node[rng_below(rng, other->count)];
	if (tree_kinds[x->kind].type != tree_kinds[y->kind].type)
		return false;
	/* Figures stand where only figures make sense. */
	if ((x->kind == NUM_CONST) != (y->kind == NUM_CONST))
		return false;
	if (x == y)
		x->kind = tree_kinds[x->kind].opposite;
	kept = *x;
	*x = *y;
	*y = kept;

	/* One above the other: a child would come after its parent. */
	return tree_is_sound(other) && !is_nested(other);
}

/* Digits over which both have an answer beyond doubt, not the same one. */
static bool
draw_values(
    struct instance pair[2], struct rng *rng, enum challenge_level level)
{
	const struct values_edges edges = { 0, false, false };
	struct evaluation a, b;
	int tries;

	for (tries = 0; tries < 8; tries++) {
		values_draw(&pair[0].values, rng,
		    (uint32_t)rng_between(rng, level == LEVEL_HARD ? 10 : 6,
			level == LEVEL_HARD ? 14 : 8),
		    VALUES_POSITIVE, TREE_MARKS_MAX, edges);
		a = eval_tree(&pair[0].tree, &pair[0].values);
		b = eval_tree(&pair[1].tree, &pair[0].values);
		if (a.doubts != 0 || b.doubts != 0 || a.value == b.value)
			continue;
		pair[0].answer = a.value;
		pair[1].answer = b.value;
		pair[1].values = pair[0].values;
		return true;
	}

	return false;
}

static bool
render(
    struct instance *instance, const struct phrasebook *book, struct rng *rng)
{
	instance->words = render_instruction(&instance->tree, &instance->values,
	    book, rng, instance->instruction);

	return instance->words > 0;
}

/* One wording for both. */
static bool
find_words(
    struct instance pair[2], const struct phrasebook *book, struct rng *rng)
{
	const struct rng kept = *rng;
	int tries;

	if (!render(&pair[0], book, rng))
		return false;
	for (tries = 0; tries < RENDERINGS_MAX; tries++) {
		/* The same draws often give the same choices. */
		if (tries == 0)
			*rng = kept;
		if (!render(&pair[1], book, rng))
			return false;
		if (pairs_same_words(pair[0].instruction, pair[1].instruction))
			return strcmp(pair[0].instruction,
				   pair[1].instruction) != 0;
	}

	return false;
}

bool
pairs_draw(struct instance pair[2], const struct phrasebook *book,
    enum operation operation, enum challenge_level level,
    const uint8_t seed[CHALLENGE_SEED_BYTES])
{
	struct rng rng;
	bool whole = (operation_traits_of(operation) & OPERATION_WHOLE) != 0;
	int tries, i;

	rng_seed(&rng, seed, CHALLENGE_SEED_BYTES,
	    (uint64_t)CHALLENGE_LEVELS + (uint64_t)operation);
	memset(pair, 0, 2 * sizeof(*pair));
	for (tries = 0; tries < TREES_MAX; tries++) {
		pair[0].operation = operation;
		if (!(whole ? draw_exchanged(pair, &rng, level)
			    : draw_rethought(pair, &rng, level)) ||
		    !draw_values(pair, &rng, level) ||
		    !find_words(pair, book, &rng))
			continue;
		/* All marks touch: some phrases want that, none minds. */
		if (!values_write(&pair[0].values, &rng, pair[0].tree.marks,
			(1u << TREE_MARKS_MAX) - 1, pair[0].text))
			continue;
		memcpy(pair[1].text, pair[0].text, sizeof(pair[0].text));
		for (i = 0; i < 2; i++)
			pair[i].human_time_ms = humantime_of(
			    humantime_effort(&pair[i].tree), pair[i].words,
			    pair[i].values.count, pair[i].answer);
		return true;
	}

	return false;
}
