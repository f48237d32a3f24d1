/*
 * The insider: is given the tree of every labelled challenge and learns each of
 * its slots on its own.  A slot is a place in the tree under a certain parent;
 * a log-linear model over the instruction's runs of tokens tells which node
 * stands there.  The predicted tree is then run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/attack.h"
#include "tests/resistance/features.h"
#include "tests/resistance/tree.h"

#define WEIGHTS	  (1U << 24)
#define SLOTS	  (1U << 16)
#define CHOICES	  48 /* labels of one slot that are considered */
#define EPOCHS	  3
#define RATE	  0.15
#define DEPTH_MAX 12
#define NAMES	  200 /* of kinds */

/* What stands in a slot: a node whose parameters are bound to the text. */
struct label {
	char name[NAME_SIZE];
	uint8_t children;
	bool numbered;
	bool named; /* the number is one of the instruction's */
	int number; /* or which of them */
	uint8_t marks;
	uint8_t mark[2]; /* which of the instruction's */
};

struct slot {
	uint64_t key;
	uint16_t choice[CHOICES];
	size_t choices;
};

struct insider {
	struct label *label;
	size_t labels, room;
	/*
	 * Which kinds can stand in one another's place, as a forest: NAMES
	 * names, and for each CHILDREN_MAX places below it.
	 */
	char name[NAMES][NAME_SIZE];
	size_t names;
	uint16_t type[NAMES * (1 + CHILDREN_MAX)];
	struct slot *slot;
	float *weight;
};

static uint64_t
mix(uint64_t a, uint64_t b)
{
	uint64_t hash = (a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6))) *
	    0xBF58476D1CE4E5B9ULL;

	return hash ^ hash >> 31;
}

/* The place of a node's number among those of the instruction, or the number.
 */
static void
bind(const struct node *node, const struct sample *sample, struct label *label)
{
	size_t i, j, number = 0, mark = 0;

	memset(label, 0, sizeof(*label));
	memcpy(label->name, node->name, sizeof(label->name));
	label->children = node->children;
	label->numbered = node->numbered;
	label->number = node->number;
	label->marks = node->marks;
	for (i = 0; i < sample->tokens; i++) {
		if (sample->token[i].id == TOKEN_FIGURE ||
		    sample->token[i].id == TOKEN_NUMBER) {
			if (node->numbered && node->number > 1 &&
			    !label->named &&
			    sample->token[i].value == node->number) {
				label->named = true;
				label->number = (int)number;
			}
			number++;
		}
		if (sample->token[i].id != TOKEN_MARK)
			continue;
		for (j = 0; j < node->marks; j++)
			if (label->mark[j] == 0 &&
			    sample->token[i].value ==
				(unsigned char)node->mark[j])
				label->mark[j] = (uint8_t)(mark + 1);
		mark++;
	}
}

/* The node that a label is in another instruction. */
static void
unbind(
    const struct label *label, const struct sample *sample, struct node *node)
{
	size_t i, j, number = 0, mark = 0;

	memset(node, 0, sizeof(*node));
	memcpy(node->name, label->name, sizeof(node->name));
	node->numbered = label->numbered;
	node->number = label->number;
	node->marks = label->marks;
	for (i = 0; i < sample->tokens; i++) {
		if (sample->token[i].id == TOKEN_FIGURE ||
		    sample->token[i].id == TOKEN_NUMBER) {
			if (label->named && (size_t)label->number == number)
				node->number = sample->token[i].value;
			number++;
		}
		if (sample->token[i].id != TOKEN_MARK)
			continue;
		mark++;
		for (j = 0; j < label->marks; j++)
			if (label->mark[j] == mark)
				node->mark[j] = (char)sample->token[i].value;
	}
}

static bool
same(const struct label *one, const struct label *two)
{
	return strcmp(one->name, two->name) == 0 &&
	    one->children == two->children && one->numbered == two->numbered &&
	    one->named == two->named && one->number == two->number &&
	    one->marks == two->marks && one->mark[0] == two->mark[0] &&
	    one->mark[1] == two->mark[1];
}

static uint16_t
label_id(struct insider *insider, const struct label *label)
{
	size_t i;

	for (i = 0; i < insider->labels; i++)
		if (same(&insider->label[i], label))
			return (uint16_t)i;
	if (insider->labels == UINT16_MAX)
		return 0;
	insider->label = must_grow(insider->label, &insider->room,
	    insider->labels + 1, sizeof(*label));
	insider->label[insider->labels] = *label;
	return (uint16_t)insider->labels++;
}

static struct slot *
slot_at(const struct insider *insider, uint64_t key)
{
	size_t at = key % SLOTS, tries;

	for (tries = 0; tries < SLOTS; tries++, at = (at + 1) % SLOTS)
		if (insider->slot[at].key == key || insider->slot[at].key == 0)
			break;
	if (insider->slot[at].key == 0)
		insider->slot[at].key = key;
	return &insider->slot[at];
}

static float *
weight(const struct insider *insider, uint64_t slot, uint16_t label,
    uint32_t feature)
{
	return &insider->weight[mix(mix(slot, label), feature) % WEIGHTS];
}

/* Fills the probabilities of a slot's choices; returns the likeliest. */
static size_t
choose(const struct insider *insider, const struct slot *slot,
    const struct features *features, double *share)
{
	size_t i, j, best = 0;
	double sum = 0;

	if (slot->choices == 0)
		return 0;
	for (i = 0; i < slot->choices; i++) {
		share[i] = 0;
		for (j = 0; j < features->count; j++)
			share[i] += (double)*weight(insider, slot->key,
			    slot->choice[i], features->id[j]);
		if (share[i] > share[best])
			best = i;
	}
	for (i = 0; i < slot->choices; i++)
		if (i != best)
			share[i] = exp(share[i] - share[best]);
	share[best] = 1;
	for (i = 0; i < slot->choices; i++)
		sum += share[i];
	for (i = 0; i < slot->choices; i++)
		share[i] /= sum;
	return best;
}

static void
learn_slot(struct insider *insider, uint64_t key, uint16_t label,
    const struct features *features, double rate)
{
	struct slot *slot = slot_at(insider, key);
	double share[CHOICES] = { 0 }, step;
	size_t i, j, right;

	for (right = 0; right < slot->choices; right++)
		if (slot->choice[right] == label)
			break;
	if (right == slot->choices) {
		if (slot->choices == CHOICES)
			return;
		slot->choice[slot->choices++] = label;
	}
	if (slot->choices == 1)
		return;
	(void)choose(insider, slot, features, share);
	for (i = 0; i < slot->choices; i++) {
		step = rate * ((i == right) - share[i]) /
		    sqrt((double)features->count);
		if (fabs(step) < 1e-5)
			continue;
		for (j = 0; j < features->count; j++)
			*weight(insider, key, slot->choice[i],
			    features->id[j]) += (float)step;
	}
}

static size_t
name_id(struct insider *insider, const char *name)
{
	size_t i;

	for (i = 0; i < insider->names; i++)
		if (strcmp(insider->name[i], name) == 0)
			return i;
	if (i == NAMES)
		return 0;
	snprintf(insider->name[i], NAME_SIZE, "%s", name);
	return insider->names++;
}

static uint16_t
type_of(struct insider *insider, size_t at)
{
	while (insider->type[at] != at) {
		insider->type[at] = insider->type[insider->type[at]];
		at = insider->type[at];
	}
	return (uint16_t)at;
}

static size_t
place_below(struct insider *insider, const char *name, size_t child)
{
	return NAMES + name_id(insider, name) * CHILDREN_MAX + child;
}

/* What stands in one place below one kind is of one type. */
static void
learn_types(struct insider *insider, const struct expression *expression)
{
	const struct node *node;
	size_t i, j, child;

	for (i = 0; i < expression->count; i++) {
		node = &expression->node[i];
		for (j = 0; j < node->children; j++) {
			child = name_id(
			    insider, expression->node[node->child[j]].name);
			insider->type[type_of(insider, child)] = type_of(
			    insider, place_below(insider, node->name, j));
		}
	}
}

/* The key of a slot: its place in the tree, and the type of what fits there. */
static uint64_t
below(struct insider *insider, uint64_t place, const char *name, size_t child)
{
	return mix(mix(place, child + 1),
		   type_of(insider, place_below(insider, name, child)) + 1U) |
	    1;
}

static void
learn_tree(struct insider *insider, const struct expression *expression,
    uint8_t at, const struct sample *sample, uint64_t key,
    const struct features *features, double rate)
{
	const struct node *node = &expression->node[at];
	struct label label;
	uint16_t id;
	size_t i;

	bind(node, sample, &label);
	id = label_id(insider, &label);
	learn_slot(insider, key, id, features, rate);
	for (i = 0; i < node->children; i++)
		learn_tree(insider, expression, node->child[i], sample,
		    below(insider, key, label.name, i), features, rate);
}

static bool
predict(struct insider *insider, struct expression *expression,
    const struct sample *sample, uint64_t key, const struct features *features,
    int depth)
{
	const struct slot *slot = slot_at(insider, key);
	struct node *node;
	double share[CHOICES] = { 0 };
	uint16_t id;
	size_t i;

	if (slot->choices == 0 || depth > DEPTH_MAX ||
	    expression->count == NODES_MAX)
		return false;
	id = slot->choice[choose(insider, slot, features, share)];
	node = &expression->node[expression->count++];
	unbind(&insider->label[id], sample, node);
	for (i = 0; i < insider->label[id].children; i++) {
		node->child[node->children++] = expression->count;
		if (!predict(insider, expression, sample,
			below(insider, key, node->name, i), features,
			depth + 1))
			return false;
	}
	return true;
}

void
attack_insider(const struct attack *attack, int64_t *answer)
{
	struct insider insider;
	struct expression expression;
	struct features features;
	const struct sample *sample;
	size_t i, epoch;

	memset(&insider, 0, sizeof(insider));
	insider.slot = must_alloc(SLOTS, sizeof(*insider.slot));
	insider.weight = must_alloc(WEIGHTS, sizeof(*insider.weight));
	for (i = 0; i < sizeof(insider.type) / sizeof(insider.type[0]); i++)
		insider.type[i] = (uint16_t)i;
	for (i = 0; i < attack->train->count; i++)
		if (attack->train->at[i].tree != NULL &&
		    expression_read(&expression, attack->train->at[i].tree))
			learn_types(&insider, &expression);
	for (epoch = 0; epoch < EPOCHS; epoch++) {
		for (i = 0; i < attack->train->count; i++) {
			sample = &attack->train->at[i];
			if (sample->tree == NULL ||
			    !expression_read(&expression, sample->tree))
				continue;
			features_of(&features, sample->token, sample->tokens);
			learn_tree(&insider, &expression, 0, sample, 1,
			    &features, RATE / (double)(epoch + 1));
		}
	}
	for (i = 0; i < attack->fresh->count; i++) {
		sample = &attack->fresh->at[i];
		features_of(&features, sample->token, sample->tokens);
		expression.count = 0;
		if (!predict(&insider, &expression, sample, 1, &features, 0) ||
		    !expression_run(&expression, sample, &answer[i]))
			answer[i] = NO_ANSWER;
	}
	free(insider.label);
	free(insider.slot);
	free(insider.weight);
}
