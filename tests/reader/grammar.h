/*
 * The grammar of instructions, as a net of words that a parser walks.
 *
 * Each class of phrases has a node to start from; from node to node lead words
 * and other classes, so that phrases that begin alike are walked together.
 */

#ifndef TESTS_ORACLE_GRAMMAR_H
#define TESTS_ORACLE_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/reader/meaning.h"

#define GRAMMAR_WORDS_MAX 8192

/*
 * One way to say something.  The words are separated by spaces; a|b is either;
 * capitals name a class, or one of
 *   FIGURE  2, 38	WORD  two	TH  first	OFTEN  twice	MARK  @
 *   LETTER  K		PERSON  Anna
 * These are its numbers n and m, the classes its parts, in order unless each
 * ends in the place of its own: "subtract NUMBER2 from NUMBER1".  What is said
 * twice must mean the same both times.
 */
struct rule {
	const char *class;
	enum meaning_kind kind;
	const char *words;
};

enum step_type {
	STEP_WORD,
	STEP_CLASS,
	STEP_FIGURE,
	STEP_COUNT,
	STEP_PLACE,
	STEP_OFTEN,
	STEP_MARK,
	STEP_LETTER,
	STEP_PERSON,
	STEP_TYPES
};

/* Indexes of the net begin at 1; 0 ends a list. */
struct step {
	enum step_type type;
	int id;	  /* of the word or the class */
	int part; /* or number, that it gives */
	int to;	  /* node */
	int next; /* step from the same node */
};

struct ending {
	enum meaning_kind kind;
	int next;
};

struct node {
	int step;
	int ending;
};

struct grammar;

/* The grammar of rules.h, to be freed.  NULL when memory is out. */
struct grammar *grammar_new(void);

/* Frees *grammar and sets it to NULL; NULL is fine. */
void grammar_free(struct grammar **grammar);

/*
 * Adds a rule.  Returns -1 when there is no room for it; the grammar can then
 * only be freed.
 */
int grammar_add(struct grammar *grammar, const struct rule *rule);

/*
 * To be called after the last rule, before any parse.  Returns NULL, or the
 * name of a class that rules name but none makes.
 */
const char *grammar_close(struct grammar *grammar);

/* The number of a class (below grammar_classes()), of a word; -1 for none. */
int grammar_class(const struct grammar *grammar, const char *name);
int grammar_word(const struct grammar *grammar, const char *word);
int grammar_classes(const struct grammar *grammar);

/* The node that a class starts from, and what is at and after a node. */
int grammar_start(const struct grammar *grammar, int class);
const struct node *grammar_node(const struct grammar *grammar, int node);
const struct step *grammar_step(const struct grammar *grammar, int step);
const struct ending *grammar_ending(const struct grammar *grammar, int ending);

/* Whether a phrase of the class may begin with the word, by such a step. */
bool grammar_begins(
    const struct grammar *grammar, int class, enum step_type type, int word);

#endif
