/*
 * The strongest attacker: learns a parser of instructions from nothing but
 * their answers.
 *
 * Labelled instructions of one masked form are searched for the program that
 * explains their answers.  Contrast between solved forms tells what phrases
 * mean.  Known phrases are then replaced by their meaning, so that instructions
 * that looked different have one form and can be searched together: and so on,
 * from short sentences to long ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/contrast.h"
#include "tests/resistance/describe.h"
#include "tests/resistance/search.h"

#define ROUNDS 8
#define SCORE  5.5 /* what a program must be worth; see search.c */
#define GROUP  2   /* labelled instructions of one form that are searched */
#define LOOK   12  /* of them at most */
#define FIT    0.75
#define BAD    0.4 /* share of wrong answers that is too much */

/* A labelled instruction that came to a solved form by these rules. */
struct arrival {
	uint32_t solved;
	bool right;
	uint8_t uses;
	uint32_t used[USED_MAX];
};

struct parser {
	const struct words *words;
	struct form *form; /* of every labelled challenge */
	size_t forms;
	struct solved *solved;
	size_t count, room;
	uint32_t *slot; /* open hash of index + 1 */
	size_t slots;
	struct phrase_rules rules;
	struct arrival *arrival;
	size_t arrivals, arrival_room;
};

static struct solved *
solved_find(const struct parser *parser, uint64_t hash)
{
	size_t at;

	for (at = hash & (parser->slots - 1); parser->slot[at] != 0;
	     at = (at + 1) & (parser->slots - 1))
		if (parser->solved[parser->slot[at] - 1].hash == hash)
			return &parser->solved[parser->slot[at] - 1];
	return NULL;
}

static struct solved *
solved_add(struct parser *parser, const struct token *token, uint8_t tokens,
    uint64_t hash)
{
	struct solved *solved = solved_find(parser, hash);
	size_t at;

	if (solved != NULL)
		return solved;
	parser->solved = must_grow(parser->solved, &parser->room,
	    parser->count + 1, sizeof(*parser->solved));
	solved = &parser->solved[parser->count];
	memset(solved, 0, sizeof(*solved));
	memcpy(solved->token, token, tokens * sizeof(token[0]));
	solved->tokens = tokens;
	solved->hash = hash;
	at = hash & (parser->slots - 1);
	while (parser->slot[at] != 0)
		at = (at + 1) & (parser->slots - 1);
	parser->slot[at] = (uint32_t)++parser->count;
	return solved;
}

/* A form and its hash, to be sorted into groups. */
struct member {
	uint64_t hash;
	uint32_t form;
};

static int
by_hash(const void *a, const void *b)
{
	const struct member *one = a, *two = b;

	if (one->hash != two->hash)
		return one->hash < two->hash ? -1 : 1;
	return (one->form > two->form) - (one->form < two->form);
}

/* The simple programs first; the others only when those do not explain it. */
static bool
explain(const struct labelled *labelled, size_t count, struct found *best)
{
	static const unsigned int kinds[] = { SEARCH_SINGLE, SEARCH_PAIR,
		SEARCH_IF, SEARCH_SINGLE | SEARCH_TWICE, SEARCH_CHAIN };
	struct found found;
	size_t i;

	best->fits = 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (best->fits == count)
			break;
		if (search_best(labelled, count, kinds[i], &found) &&
		    (best->fits == 0 || found.score > best->score))
			*best = found;
	}
	return best->fits != 0;
}

static void
look_at(struct parser *parser, const struct member *member, size_t count)
{
	struct labelled labelled[LOOK];
	const struct form *form;
	struct solved *solved;
	struct found best;
	size_t i, looked = count < LOOK ? count : LOOK;

	form = &parser->form[member[0].form];
	solved = solved_add(parser, form->token, form->tokens, member[0].hash);
	if (solved->count == count)
		return;
	solved->count = count;
	for (i = 0; i < looked; i++) {
		form = &parser->form[member[i * count / looked].form];
		form_scene(form, &labelled[i].scene);
		labelled[i].answer = form->sample->answer;
	}
	solved->known = explain(labelled, looked, &best) &&
	    (double)best.fits >= FIT * (double)looked && best.score > SCORE;
	if (solved->known)
		solved->program = best.program;
}

static void
look_at_all(struct parser *parser)
{
	struct member *member = must_alloc(parser->forms, sizeof(*member));
	size_t i, j;

	for (i = 0; i < parser->forms; i++) {
		member[i].form = (uint32_t)i;
		member[i].hash = tokens_hash(
		    parser->form[i].token, parser->form[i].tokens);
	}
	qsort(member, parser->forms, sizeof(*member), by_hash);
	for (i = 0; i < parser->forms; i = j) {
		for (j = i;
		     j < parser->forms && member[j].hash == member[i].hash; j++)
			continue;
		if (j - i < GROUP)
			continue;
		look_at(parser, member + i, j - i);
	}
	free(member);
}

static void
note(struct parser *parser, size_t solved, const struct form *form, bool right)
{
	struct arrival *arrival;

	parser->arrival = must_grow(parser->arrival, &parser->arrival_room,
	    parser->arrivals + 1, sizeof(*arrival));
	arrival = &parser->arrival[parser->arrivals++];
	arrival->solved = (uint32_t)solved;
	arrival->right = right;
	arrival->uses = form->uses;
	memcpy(arrival->used, form->used, form->uses * sizeof(form->used[0]));
}

/*
 * Replaces phrases in one order until the form is one that is solved, or none
 * is left.  Of a labelled challenge the answer must be right; then it tells
 * which rules are good.
 */
static bool
reduce_by(struct parser *parser, struct form *form, enum order order,
    bool labelled, int64_t *value)
{
	struct solved *solved;
	struct scene scene;
	bool right;

	form_open(form, form->sample);
	do {
		solved = solved_find(
		    parser, tokens_hash(form->token, form->tokens));
		if (solved == NULL || !solved->known)
			continue;
		form_scene(form, &scene);
		if (!program_run(&solved->program, &scene, value))
			continue;
		if (!labelled)
			return true;
		right = *value == form->sample->answer;
		solved->right += right;
		solved->wrong += !right;
		note(parser, (size_t)(solved - parser->solved), form, right);
		if (right)
			return true;
	} while (form_reduce(form, &parser->rules, order));
	return false;
}

/* In the first order that leads to what is solved, else in the given one. */
static bool
reduce(struct parser *parser, struct form *form, bool labelled,
    enum order otherwise, int64_t *value)
{
	size_t order;

	for (order = 0; order < ORDERS; order++)
		if (reduce_by(parser, form, (enum order)order, labelled, value))
			return true;
	(void)reduce_by(parser, form, otherwise, false, value);
	return false;
}

static bool
is_bad(uint32_t right, uint32_t wrong)
{
	return wrong > 3 && (double)wrong > BAD * (double)(right + wrong);
}

/*
 * Drops solved forms that are mostly wrong, then rules that lead to a wrong
 * answer even where the form is a good one.
 */
static void
drop_bad(struct parser *parser)
{
	const struct arrival *arrival;
	struct phrase_rule *rule;
	struct solved *solved;
	size_t i, j;

	for (i = 0; i < parser->count; i++) {
		solved = &parser->solved[i];
		if (is_bad(solved->right, solved->wrong))
			solved->known = false;
	}
	for (i = 0; i < parser->arrivals; i++) {
		arrival = &parser->arrival[i];
		if (!parser->solved[arrival->solved].known)
			continue;
		for (j = 0; j < arrival->uses; j++) {
			rule = &parser->rules.at[arrival->used[j]];
			rule->right += arrival->right;
			rule->wrong += !arrival->right;
		}
	}
	for (i = 0; i < parser->rules.count; i++) {
		rule = &parser->rules.at[i];
		rule->banned = is_bad(rule->right, rule->wrong);
	}
}

/* Reduces every labelled instruction, and judges what it was reduced by. */
static void
reduce_all(struct parser *parser, enum order otherwise)
{
	int64_t value;
	size_t i;

	for (i = 0; i < parser->rules.count; i++) {
		parser->rules.at[i].right = 0;
		parser->rules.at[i].wrong = 0;
	}
	for (i = 0; i < parser->count; i++) {
		parser->solved[i].right = 0;
		parser->solved[i].wrong = 0;
	}
	parser->arrivals = 0;
	for (i = 0; i < parser->forms; i++)
		(void)reduce(parser, &parser->form[i], true, otherwise, &value);
	drop_bad(parser);
}

/* Phrases, and the forms that follow from what stands around them. */
static void
learn_phrases(struct parser *parser)
{
	struct frames frames = { NULL, 0, 0 };
	struct solved *solved;
	size_t i;

	contrast(parser->solved, parser->count, parser->words, &parser->rules,
	    &frames);
	for (i = 0; i < frames.count; i++) {
		if (solved_find(parser, frames.at[i].hash) != NULL)
			continue;
		solved = solved_add(parser, frames.at[i].token,
		    frames.at[i].tokens, frames.at[i].hash);
		solved->known = true;
		solved->program = frames.at[i].program;
	}
	free(frames.at);
}

static void
learn(struct parser *parser, const struct attack *attack)
{
	size_t i, j, round;

	for (i = 0; i < LEVELS && attack->every[i] != NULL; i++)
		parser->forms += attack->every[i]->count;
	parser->form = must_alloc(parser->forms, sizeof(*parser->form));
	parser->slots = 1 << 20;
	parser->slot = must_alloc(parser->slots, sizeof(*parser->slot));
	parser->forms = 0;
	for (i = 0; i < LEVELS && attack->every[i] != NULL; i++)
		for (j = 0; j < attack->every[i]->count; j++)
			form_open(&parser->form[parser->forms++],
			    &attack->every[i]->at[j]);
	for (round = 0; round < ROUNDS; round++) {
		reduce_all(parser, (enum order)(round % 3));
		look_at_all(parser);
		learn_phrases(parser);
	}
	reduce_all(parser, SETS_FIRST);
	look_at_all(parser);
}

/* Prints what was learnt: phrases, and forms that were and were not solved. */
static void
tell(const struct parser *parser, FILE *to)
{
	const struct phrase_rule *rule;
	const struct solved *solved;
	size_t i;

	for (i = 0; i < parser->rules.count; i++) {
		rule = &parser->rules.at[i];
		fprintf(to, "%s %.1f %u/%u %s\t",
		    rule->banned ? "banned" : "phrase", rule->rank, rule->right,
		    rule->right + rule->wrong, rule->set ? "set" : "value");
		describe_tokens(to, parser->words, rule->token, rule->tokens);
		fprintf(to, "\t");
		describe_program(to, &rule->program);
		fprintf(to, "\n");
	}
	for (i = 0; i < parser->count; i++) {
		solved = &parser->solved[i];
		fprintf(to, "%s %zu %u/%u\t", solved->known ? "form" : "open",
		    solved->count, solved->right,
		    solved->right + solved->wrong);
		describe_tokens(
		    to, parser->words, solved->token, solved->tokens);
		fprintf(to, "\t");
		if (solved->known)
			describe_program(to, &solved->program);
		fprintf(to, "\n");
	}
}

static int64_t
parse(struct parser *parser, const struct sample *sample)
{
	struct form form;
	int64_t value;

	form_open(&form, sample);
	return reduce(parser, &form, false, SETS_FIRST, &value) ? value
								: NO_ANSWER;
}

void
attack_parser(const struct attack *attack, int64_t *answer)
{
	struct parser parser;
	size_t i;

	memset(&parser, 0, sizeof(parser));
	parser.words = attack->words;
	learn(&parser, attack);
	if (attack->tell != NULL)
		tell(&parser, attack->tell);
	for (i = 0; i < attack->fresh->count; i++)
		answer[i] = parse(&parser, &attack->fresh->at[i]);
	free(parser.form);
	free(parser.solved);
	free(parser.slot);
	free(parser.arrival);
	rules_free(&parser.rules);
}
