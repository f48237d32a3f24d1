/*
 * Looking for what cannot be said: see gaps.h.
 */

#include "challenge-svc/check/gaps.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "challenge-svc/lang/attributes.h"
#include "challenge-svc/lang/frames.h"
#include "challenge-svc/lang/rng.h"

#define TREES_DRAWN 400

/* Room in a message for the example. */
#define EXAMPLE_SIZE 80

struct gaps {
	const struct phrasebook *book;
	struct attributes attributes;
	struct tree tree;
	uint32_t count[TREE_KINDS];
	char example[TREE_KINDS][EXAMPLE_SIZE]; /* the first tree of each */
};

/*
 * The lowest node that cannot be said in any form, or not as whole sentences
 * where it is the root; TREE_NODES_MAX when there is none.
 */
static uint8_t
find_gap(const struct gaps *gaps)
{
	uint8_t i;

	for (i = 0; i < gaps->tree.count; i++) {
		if (gaps->attributes.forms[i] == 0)
			return i;
	}
	if ((gaps->attributes.forms[gaps->tree.root] >> FORM_SAY & 1) == 0)
		return gaps->tree.root;

	return TREE_NODES_MAX;
}

static void
count_gap(struct gaps *gaps)
{
	static const char symbols[TREE_MARKS_MAX] = { '@', '#' };
	char text[TREE_TEXT_MAX + 1];
	uint8_t index, kind;

	attributes_find(&gaps->attributes, &gaps->tree, gaps->book);
	index = find_gap(gaps);
	if (index == TREE_NODES_MAX)
		return;
	kind = gaps->tree.node[index].kind;
	if (gaps->count[kind]++ > 0)
		return;
	gaps->tree.root = index;
	(void)tree_write(&gaps->tree, symbols, text);
	(void)snprintf(
	    gaps->example[kind], EXAMPLE_SIZE, "%.*s", EXAMPLE_SIZE - 1, text);
}

static enum tree_kind
commonest(const struct gaps *gaps)
{
	unsigned int kind, best = 0;

	for (kind = 0; kind < TREE_KINDS; kind++) {
		if (gaps->count[kind] > gaps->count[best])
			best = kind;
	}

	return (enum tree_kind)best;
}

void
gaps_explain(const struct phrasebook *book, enum operation operation,
    enum challenge_level level, char error[PHRASEBOOK_ERROR_SIZE])
{
	static const uint8_t seed;
	struct gaps gaps = { .book = book };
	struct rng rng;
	enum tree_kind kind;
	int i;

	rng_seed(&rng, &seed, sizeof(seed), (uint64_t)operation);
	for (i = 0; i < TREES_DRAWN; i++) {
		frames_draw(&gaps.tree, &rng, operation,
		    frames_pick(&rng, operation, level), level);
		if (!gaps.tree.overflow)
			count_gap(&gaps);
	}

	kind = commonest(&gaps);
	if (gaps.count[kind] == 0)
		(void)snprintf(error, PHRASEBOOK_ERROR_SIZE,
		    "the words left say too little: instructions of %s at %s "
		    "are too long",
		    operation_name(operation), challenge_level_name(level));
	else if (phrasebook_forms_of(book, kind) == 0)
		(void)snprintf(error, PHRASEBOOK_ERROR_SIZE,
		    "the words left say too little: '%s' has no phrase",
		    tree_kinds[kind].name);
	else
		(void)snprintf(error, PHRASEBOOK_ERROR_SIZE,
		    "the words left say too little: no phrase of '%s' fits %s",
		    tree_kinds[kind].name, gaps.example[kind]);
}
