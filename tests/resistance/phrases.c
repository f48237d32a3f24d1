/*
 * Known phrases; see phrases.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/phrases.h"

void
form_open(struct form *form, const struct sample *sample)
{
	form->sample = sample;
	form->tokens = sample->tokens;
	memcpy(form->token, sample->token,
	    sample->tokens * sizeof(form->token[0]));
	form->sets = 0;
	form->values = 0;
	form->uses = 0;
}

void
form_scene(const struct form *form, struct scene *scene)
{
	scene_open_holes(scene, form->sample, form->token, form->tokens,
	    form->set, form->value);
}

const struct phrase_rule *
rules_find(const struct phrase_rules *rules, uint64_t hash, size_t tokens)
{
	const struct phrase_rule *rule;
	size_t at;

	if (rules->slots == 0)
		return NULL;
	for (at = hash & (rules->slots - 1); rules->slot[at] != 0;
	     at = (at + 1) & (rules->slots - 1)) {
		rule = &rules->at[rules->slot[at] - 1];
		if (rule->tokens == tokens && rule->hash == hash)
			return rule;
	}
	return NULL;
}

static void
enter(struct phrase_rules *rules, size_t index)
{
	size_t at = rules->at[index].hash & (rules->slots - 1);

	while (rules->slot[at] != 0)
		at = (at + 1) & (rules->slots - 1);
	rules->slot[at] = (uint32_t)index + 1;
}

void
rules_add(struct phrase_rules *rules, const struct phrase_rule *rule)
{
	uint64_t hash = tokens_hash(rule->token, rule->tokens);
	const struct phrase_rule *old = rules_find(rules, hash, rule->tokens);
	size_t i;

	if (old != NULL) {
		/* A rule that was banned comes back with another meaning only.
		 */
		i = (size_t)(old - rules->at);
		if (old->set == rule->set &&
		    memcmp(&old->program, &rule->program,
			sizeof(rule->program)) == 0) {
			rules->at[i].rank = rule->rank;
			return;
		}
		rules->at[i] = *rule;
		rules->at[i].hash = hash;
		return;
	}
	rules->at = must_grow(
	    rules->at, &rules->room, rules->count + 1, sizeof(*rules->at));
	rules->at[rules->count] = *rule;
	rules->at[rules->count++].hash = hash;
	if (rules->count * 8 < rules->slots) {
		enter(rules, rules->count - 1);
		return;
	}
	/* Mostly empty, since most look-ups are of what is no phrase. */
	free(rules->slot);
	rules->slots = rules->slots == 0 ? 4096 : rules->slots * 4;
	rules->slot = must_alloc(rules->slots, sizeof(*rules->slot));
	for (i = 0; i < rules->count; i++)
		enter(rules, i);
}

void
rules_free(struct phrase_rules *rules)
{
	free(rules->at);
	free(rules->slot);
	memset(rules, 0, sizeof(*rules));
}

/* Puts what a phrase means in its place.  False when it means nothing here. */
static bool
replace(struct form *form, size_t from, const struct phrase_rule *rule)
{
	const struct number *one = &rule->program.one;
	struct token hole = { TOKEN_VALUE, 0 };
	struct scene scene;
	struct phrase_set set;
	int64_t value;

	scene_open_holes(&scene, form->sample, form->token + from, rule->tokens,
	    form->set, form->value);
	if (rule->set) {
		set = selection_phrase(
		    &scene, (enum relation)one->relation, one->a, one->b);
		if (set.mask == 0 || form->sets == HOLES_MAX)
			return false;
		hole.id = TOKEN_SET;
		hole.value = form->sets;
		form->set[form->sets++] = set;
	} else {
		if (form->values == HOLES_MAX ||
		    !program_run(&rule->program, &scene, &value))
			return false;
		hole.value = form->values;
		form->value[form->values++] = value;
	}
	form->token[from] = hole;
	memmove(form->token + from + 1, form->token + from + rule->tokens,
	    (size_t)(form->tokens - from - rule->tokens) *
		sizeof(form->token[0]));
	form->tokens = (uint8_t)(form->tokens - rule->tokens + 1);
	return true;
}

static double
priority(const struct phrase_rule *rule, enum order order)
{
	switch (order) {
	case BY_RANK:
		return rule->rank;
	case SETS_ONLY:
		return rule->set ? rule->rank + 1e3 * rule->tokens : -2;
	case SETS_FIRST:
		return rule->rank + (rule->set ? 1e6 + 1e3 * rule->tokens : 0);
	case LONGEST_FIRST:
		return rule->rank + 1e6 * rule->tokens;
	case SHORTEST_FIRST:
		return rule->rank + 1e6 * (PHRASE_MAX - rule->tokens);
	case ORDERS:
		break;
	}
	return 0;
}

bool
form_reduce(
    struct form *form, const struct phrase_rules *rules, enum order order)
{
	const struct phrase_rule *rule, *best;
	size_t from, len, at = 0;
	double below = HUGE_VAL; /* priority of the last one that failed */
	double high;
	uint64_t hash;

	if (form->uses == USED_MAX)
		return false;
	for (;;) {
		best = NULL;
		high = -1;
		for (from = 0; from < form->tokens; from++) {
			hash = TOKENS_HASH;
			for (len = 1;
			     len <= PHRASE_MAX && from + len <= form->tokens;
			     len++) {
				hash = tokens_hash_more(
				    hash, form->token[from + len - 1]);
				rule = rules_find(rules, hash, len);
				if (rule == NULL || rule->banned ||
				    priority(rule, order) <= high ||
				    priority(rule, order) >= below)
					continue;
				high = priority(rule, order);
				best = rule;
				at = from;
			}
		}
		if (best == NULL)
			return false;
		if (replace(form, at, best)) {
			form->used[form->uses++] = (uint32_t)(best - rules->at);
			return true;
		}
		below = high;
	}
}
