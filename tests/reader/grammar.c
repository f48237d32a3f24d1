/*
 * The net of words: see grammar.h.
 */

#include "tests/reader/grammar.h"

#include <stdlib.h>
#include <string.h>

#include "tests/reader/rules.h"
#include "tests/reader/words.h"

#define NODES_MAX   400000
#define CLASSES_MAX 200

#define BUCKETS	  16384 /* a power of two, more than words */
#define NAME_SIZE 32

struct grammar {
	struct node node[NODES_MAX];
	struct step step[NODES_MAX];
	struct ending ending[NODES_MAX];
	int nodes, steps, endings; /* the last one that is used */
	char class_name[CLASSES_MAX][NAME_SIZE];
	int start[CLASSES_MAX];
	int classes;
	char word[GRAMMAR_WORDS_MAX][WORDS_SIZE];
	int bucket[BUCKETS]; /* number of the word there, and 1 */
	int words;
	/* for each class and what a phrase of it may begin with */
	bool begins[CLASSES_MAX][STEP_TYPES];
	unsigned char begins_word[CLASSES_MAX][GRAMMAR_WORDS_MAX / 8];
};

static const char *const step_names[STEP_TYPES] = {
	[STEP_FIGURE] = "FIGURE",
	[STEP_COUNT] = "WORD",
	[STEP_PLACE] = "TH",
	[STEP_OFTEN] = "OFTEN",
	[STEP_MARK] = "MARK",
	[STEP_LETTER] = "LETTER",
	[STEP_PERSON] = "PERSON",
};

int
grammar_class(const struct grammar *grammar, const char *name)
{
	int i;

	for (i = 0; i < grammar->classes; i++) {
		if (strcmp(grammar->class_name[i], name) == 0)
			return i;
	}

	return -1;
}

static int
class_of(struct grammar *grammar, const char *name)
{
	int class = grammar_class(grammar, name);

	if (class != -1)
		return class;
	if (grammar->classes == CLASSES_MAX || strlen(name) >= NAME_SIZE ||
	    grammar->nodes == NODES_MAX - 1)
		return -1;
	class = grammar->classes++;
	memcpy(grammar->class_name[class], name, strlen(name) + 1);
	grammar->start[class] = ++grammar->nodes;

	return class;
}

/* The bucket in which a word is or would be. */
static size_t
bucket_of(const struct grammar *grammar, const char *word)
{
	size_t bucket = 5381, i;

	for (i = 0; word[i] != '\0'; i++)
		bucket = bucket * 33 + (unsigned char)word[i];
	bucket %= BUCKETS;
	while (grammar->bucket[bucket] != 0 &&
	    strcmp(grammar->word[grammar->bucket[bucket] - 1], word) != 0)
		bucket = (bucket + 1) % BUCKETS;

	return bucket;
}

int
grammar_word(const struct grammar *grammar, const char *word)
{
	return grammar->bucket[bucket_of(grammar, word)] - 1;
}

static int
word_of(struct grammar *grammar, const char *word)
{
	size_t bucket = bucket_of(grammar, word);

	if (grammar->bucket[bucket] == 0) {
		if (grammar->words == GRAMMAR_WORDS_MAX ||
		    strlen(word) >= WORDS_SIZE)
			return -1;
		memcpy(grammar->word[grammar->words], word, strlen(word) + 1);
		grammar->bucket[bucket] = ++grammar->words;
	}

	return grammar->bucket[bucket] - 1;
}

/* The node that a step leads to from a node; 0 when there is no room. */
static int
walk(struct grammar *grammar, int from, const struct step *wanted)
{
	struct step *step = NULL;
	int i;

	for (i = grammar->node[from].step; i != 0; i = step->next) {
		step = &grammar->step[i];
		if (step->type == wanted->type && step->id == wanted->id &&
		    step->part == wanted->part)
			return step->to;
	}
	if (grammar->steps == NODES_MAX - 1 || grammar->nodes == NODES_MAX - 1)
		return 0;

	step = &grammar->step[++grammar->steps];
	*step = *wanted;
	step->to = ++grammar->nodes;
	step->next = grammar->node[from].step;
	grammar->node[from].step = grammar->steps;

	return step->to;
}

static int
end_rule(struct grammar *grammar, int node, enum meaning_kind kind)
{
	struct ending *ending = NULL;
	int i;

	for (i = grammar->node[node].ending; i != 0; i = ending->next) {
		ending = &grammar->ending[i];
		if (ending->kind == kind)
			return 0;
	}
	if (grammar->endings == NODES_MAX - 1)
		return -1;
	ending = &grammar->ending[++grammar->endings];
	ending->kind = kind;
	ending->next = grammar->node[node].ending;
	grammar->node[node].ending = grammar->endings;

	return 0;
}

/* How many parts and numbers a rule has had so far. */
struct tally {
	int parts, numbers;
};

/*
 * A name in capitals: what comes in place of a word, and which part or number
 * that is.
 */
static int
read_name(
    struct grammar *grammar, char *name, struct tally *tally, struct step *step)
{
	size_t size = strlen(name);
	unsigned int type;
	int place = -1;

	if (name[size - 1] >= '1' && name[size - 1] <= '9') {
		place = name[size - 1] - '1';
		name[size - 1] = '\0';
	}
	for (type = 0; type < STEP_TYPES; type++) {
		if (step_names[type] == NULL ||
		    strcmp(step_names[type], name) != 0)
			continue;
		step->type = (enum step_type)type;
		step->part = place != -1 ? place : tally->numbers++;
		return step->part < MEANING_NUMBERS_MAX ? 0 : -1;
	}

	step->type = STEP_CLASS;
	step->part = place != -1 ? place : tally->parts++;
	step->id = class_of(grammar, name);

	return step->id != -1 && step->part < MEANING_PARTS_MAX ? 0 : -1;
}

static int add_words(struct grammar *grammar, enum meaning_kind kind,
    const char *words, int node, struct tally tally);

/* Adds one word and the rest of its rule from a node on. */
static int
add_word(struct grammar *grammar, enum meaning_kind kind, char *word,
    const char *rest, int node, struct tally tally)
{
	struct step step = { .type = STEP_WORD };

	if (*word >= 'A' && *word <= 'Z') {
		if (read_name(grammar, word, &tally, &step) != 0)
			return -1;
	} else {
		step.id = word_of(grammar, word);
		if (step.id == -1)
			return -1;
	}
	node = walk(grammar, node, &step);
	if (node == 0)
		return -1;

	return add_words(grammar, kind, rest, node, tally);
}

/* Adds the rest of a rule from a node on, branching at each "a|b". */
static int
add_words(struct grammar *grammar, enum meaning_kind kind, const char *words,
    int node, struct tally tally)
{
	char word[NAME_SIZE];
	size_t size;
	const char *rest = NULL;

	while (*words == ' ')
		words++;
	if (*words == '\0')
		return end_rule(grammar, node, kind);

	rest = words + strcspn(words, " ");
	while (words < rest) {
		size = strcspn(words, "| ");
		if (size == 0 || size >= sizeof(word))
			return -1;
		memcpy(word, words, size);
		word[size] = '\0';
		if (add_word(grammar, kind, word, rest, node, tally) != 0)
			return -1;
		words += size;
		if (*words == '|')
			words++;
	}

	return 0;
}

int
grammar_add(struct grammar *grammar, const struct rule *rule)
{
	int class = class_of(grammar, rule->class);

	if (class == -1)
		return -1;

	return add_words(grammar, rule->kind, rule->words,
	    grammar->start[class], (struct tally){ 0 });
}

struct grammar *
grammar_new(void)
{
	static const struct rule *(*const tables[])(
	    size_t *) = { rules_of_tasks, rules_of_numbers, rules_of_digits,
		rules_of_stories };
	struct grammar *grammar = NULL;
	const struct rule *rules = NULL;
	size_t i, j, count;

	grammar = calloc(1, sizeof(*grammar));
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		rules = tables[i](&count);
		for (j = 0; grammar != NULL && j < count; j++) {
			if (grammar_add(grammar, &rules[j]) != 0)
				grammar_free(&grammar);
		}
	}

	return grammar;
}

void
grammar_free(struct grammar **grammar)
{
	free(*grammar);
	*grammar = NULL;
}

/* What the phrases of a class begin with; true when that has grown. */
static bool
note_beginnings(struct grammar *grammar, int class)
{
	const struct step *step = NULL;
	unsigned char *words = grammar->begins_word[class], before;
	bool grown = false;
	int i;
	size_t j;

	i = grammar->node[grammar->start[class]].step;
	for (; i != 0; i = step->next) {
		step = &grammar->step[i];
		if (step->type == STEP_WORD) {
			before = words[step->id / 8];
			words[step->id / 8] |= (unsigned char)(1
			    << step->id % 8);
			grown |= before != words[step->id / 8];
			continue;
		}
		grown |= !grammar->begins[class][step->type];
		grammar->begins[class][step->type] = true;
		for (j = 0; step->type == STEP_CLASS && j < STEP_TYPES; j++) {
			grown |= grammar->begins[step->id][j] &&
			    !grammar->begins[class][j];
			grammar->begins[class][j] |=
			    grammar->begins[step->id][j];
		}
		for (j = 0;
		     step->type == STEP_CLASS && j < GRAMMAR_WORDS_MAX / 8;
		     j++) {
			before = words[j];
			words[j] |= grammar->begins_word[step->id][j];
			grown |= before != words[j];
		}
	}

	return grown;
}

const char *
grammar_close(struct grammar *grammar)
{
	bool grown = true;
	int i;

	while (grown) {
		grown = false;
		for (i = 0; i < grammar->classes; i++)
			grown |= note_beginnings(grammar, i);
	}
	for (i = 0; i < grammar->classes; i++) {
		if (grammar->node[grammar->start[i]].step == 0)
			return grammar->class_name[i];
	}

	return NULL;
}

bool
grammar_begins(
    const struct grammar *grammar, int class, enum step_type type, int word)
{
	if (type != STEP_WORD)
		return grammar->begins[class][type];

	return (grammar->begins_word[class][word / 8] & (1 << word % 8)) != 0;
}

int
grammar_classes(const struct grammar *grammar)
{
	return grammar->classes;
}

int
grammar_start(const struct grammar *grammar, int class)
{
	return grammar->start[class];
}

const struct node *
grammar_node(const struct grammar *grammar, int node)
{
	return &grammar->node[node];
}

const struct step *
grammar_step(const struct grammar *grammar, int step)
{
	return &grammar->step[step];
}

const struct ending *
grammar_ending(const struct grammar *grammar, int ending)
{
	return &grammar->ending[ending];
}
