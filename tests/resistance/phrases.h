/*
 * Phrases that are known to mean a selection or a number, and instructions in
 * which they are replaced by what they mean.
 */

#ifndef TESTS_RESISTANCE_PHRASES_H
#define TESTS_RESISTANCE_PHRASES_H

#include "tests/resistance/program.h"

#define PHRASE_MAX 22 /* tokens of a phrase */
#define USED_MAX   48 /* phrases replaced in one instruction */
#define HOLES_MAX  24 /* phrases of one type that one instruction can hold */

struct phrase_rule {
	struct token token[PHRASE_MAX];
	uint8_t tokens;
	uint64_t hash; /* of the tokens; rules_add fills it */
	bool set; /* means program.one's selection, else the program's value */
	struct program program; /* refs count within the phrase */
	/* How often a form that was reached by it was solved, and how often
	 * not. */
	uint32_t right, wrong;
	bool banned; /* was wrong too often */
	double rank; /* the higher, the earlier it is replaced */
};

struct phrase_rules {
	struct phrase_rule *at;
	size_t count, room;
	uint32_t *slot; /* open hash of index + 1, by the tokens' hash */
	size_t slots;
};

/* An instruction, partly reduced. */
struct form {
	const struct sample *sample;
	struct token token[TOKENS_MAX];
	uint8_t tokens;
	uint8_t sets, values;	 /* phrases replaced so far */
	uint32_t used[USED_MAX]; /* rules, in their order */
	uint8_t uses;
	struct phrase_set set[HOLES_MAX];
	int64_t value[HOLES_MAX];
};

void form_open(struct form *form, const struct sample *sample);

/* The scene of a form: what programs about it can name. */
void form_scene(const struct form *form, struct scene *scene);

/* Adds a rule, or replaces the one of the same phrase. */
void rules_add(struct phrase_rules *rules, const struct phrase_rule *rule);
const struct phrase_rule *
rules_find(const struct phrase_rules *rules, uint64_t hash, size_t tokens);
void rules_free(struct phrase_rules *rules);

/* Which phrase is replaced first where there are several. */
enum order {
	SETS_ONLY,
	SETS_FIRST,
	BY_RANK,
	LONGEST_FIRST,
	SHORTEST_FIRST,
	ORDERS
};

/* Replaces one phrase; false when there is none. */
bool form_reduce(
    struct form *form, const struct phrase_rules *rules, enum order order);

#endif
