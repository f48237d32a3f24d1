/*
 * The insider's trees; see tree.h.  What each kind means is told by the table
 * of kinds in challenge-svc/lang; a name may be a number and a selection, which
 * its place in the tree tells apart.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/program.h"
#include "tests/resistance/tree.h"

#define DEEP 24

/* -------- reading -------- */

static const char *
skip(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

static const char *
read_node(struct expression *expression, const char *at, int depth)
{
	struct node *node;
	size_t len;

	at = skip(at);
	if (*at != '(' || depth > DEEP || expression->count == NODES_MAX)
		return NULL;
	node = &expression->node[expression->count++];
	memset(node, 0, sizeof(*node));
	at = skip(at + 1);
	len = strcspn(at, " ()");
	if (len == 0 || len >= NAME_SIZE)
		return NULL;
	memcpy(node->name, at, len);
	for (at = skip(at + len); *at != ')'; at = skip(at)) {
		if (*at == '(') {
			if (node->children == CHILDREN_MAX)
				return NULL;
			node->child[node->children++] = expression->count;
			at = read_node(expression, at, depth + 1);
			if (at == NULL)
				return NULL;
			continue;
		}
		len = strcspn(at, " ()");
		if (len == 0)
			return NULL;
		if (isdigit((unsigned char)at[0]) ||
		    (at[0] == '-' && isdigit((unsigned char)at[1]))) {
			node->numbered = true;
			node->number = (int)strtol(at, NULL, 10);
		} else if (node->marks < sizeof(node->mark)) {
			node->mark[node->marks++] = at[0];
		}
		at += len;
	}
	return at + 1;
}

bool
expression_read(struct expression *expression, const char *text)
{
	expression->count = 0;
	text = read_node(expression, text, 0);
	return text != NULL && *skip(text) == '\0';
}

/* -------- running -------- */

struct runner {
	const struct expression *expression;
	const struct sample *sample;
	struct scene scene;
	int64_t number[NAMES_OF_SET]; /* what names stand for */
	uint32_t set[NAMES_OF_SET];
	int depth;
	bool failed;
};

static int64_t number(struct runner *runner, uint8_t at);

static bool
is(const struct node *node, const char *name)
{
	return strcmp(node->name, name) == 0;
}

static int64_t
fail(struct runner *runner)
{
	runner->failed = true;
	return 0;
}

/* A child, or a failure when there is none: trees are guessed. */
static uint8_t
child(struct runner *runner, const struct node *node, size_t which)
{
	if (which >= node->children) {
		runner->failed = true;
		return 0;
	}
	return node->child[which];
}

/* A pick of the hypotheses, with this number and these marks, in a domain. */
static uint32_t
pick(struct runner *runner, const struct node *node, enum pick_kind kind,
    enum ref_kind ref_kind, int64_t n, uint32_t domain)
{
	struct token token[3];
	struct scene scene;
	size_t tokens = 0, i;

	for (i = 0; i < node->marks && ref_kind == REF_MARK; i++) {
		token[tokens].id = TOKEN_MARK;
		token[tokens++].value = (unsigned char)node->mark[i];
	}
	if (ref_kind == REF_NUMBER) {
		token[tokens].id = TOKEN_FIGURE;
		token[tokens++].value = (int16_t)n;
	}
	scene_open(&scene, runner->sample, token, tokens);
	return pick_inside(&scene,
	    pick_id(kind, ref_kind,
		kind == PICK_BETWEEN || kind == PICK_OUTSIDE ? 1 : 0),
	    domain);
}

static const struct {
	const char *name;
	enum pick_kind kind;
	enum ref_kind ref_kind;
} plain_sets[] = {
	{ "all", PICK_ALL, REF_NONE },
	{ "even", PICK_EVEN, REF_NONE },
	{ "odd", PICK_ODD, REF_NONE },
	{ "single", PICK_SINGLE, REF_NONE },
	{ "rising", PICK_RISING, REF_NONE },
	{ "falling", PICK_FALLING, REF_NONE },
	{ "odd-places", PICK_ODD_PLACES, REF_NONE },
	{ "even-places", PICK_EVEN_PLACES, REF_NONE },
	{ "first", PICK_FIRST, REF_NUMBER },
	{ "last", PICK_LAST, REF_NUMBER },
	{ "from", PICK_FROM, REF_NUMBER },
	{ "top", PICK_LARGEST, REF_NUMBER },
	{ "bottom", PICK_SMALLEST, REF_NUMBER },
	{ "largest", PICK_LARGEST, REF_NUMBER },
	{ "smallest", PICK_SMALLEST, REF_NUMBER },
	{ "before", PICK_BEFORE, REF_MARK },
	{ "after", PICK_AFTER, REF_MARK },
	{ "between", PICK_BETWEEN, REF_MARK },
	{ "outside", PICK_OUTSIDE, REF_MARK },
	{ "at-right-of", PICK_NEXT, REF_MARK },
	{ "at-left-of", PICK_PREVIOUS, REF_MARK },
};

static uint32_t
set(struct runner *runner, uint8_t at, uint32_t domain)
{
	const struct node *node = &runner->expression->node[at];
	uint32_t a;
	size_t i;

	if (runner->failed || runner->depth > DEEP)
		return (uint32_t)fail(runner);
	for (i = 0; i < sizeof(plain_sets) / sizeof(plain_sets[0]); i++)
		if (is(node, plain_sets[i].name))
			return pick(runner, node, plain_sets[i].kind,
			    plain_sets[i].ref_kind,
			    node->numbered ? node->number : 1, domain);
	if (is(node, "above") || is(node, "below"))
		return pick(runner, node,
		    is(node, "above") ? PICK_ABOVE : PICK_BELOW, REF_NUMBER,
		    number(runner, child(runner, node, 0)), domain);
	if (is(node, "group") || is(node, "person") || is(node, "others")) {
		if (node->number < 0 || node->number >= NAMES_OF_SET)
			return (uint32_t)fail(runner);
		a = runner->set[node->number];
		return domain & (is(node, "others") ? ~a : a);
	}
	runner->depth++;
	a = set(runner, child(runner, node, 0), domain);
	if (is(node, "of"))
		a = set(runner, child(runner, node, 1), a);
	else if (is(node, "except"))
		a &= ~set(runner, child(runner, node, 1), a);
	else if (is(node, "neither"))
		a = domain & ~a & ~set(runner, child(runner, node, 1), domain);
	else if (is(node, "corrected") || is(node, "correction"))
		a = set(runner, child(runner, node, 1), domain);
	else if (!is(node, "contrast"))
		(void)fail(runner);
	runner->depth--;
	return a;
}

static bool
condition(struct runner *runner, uint8_t at)
{
	const struct node *node = &runner->expression->node[at];
	const uint32_t all = runner->scene.all;
	uint32_t side, one;
	int64_t a;

	if (is(node, "more"))
		return __builtin_popcount(set(runner, child(runner, node, 0),
			   all)) > __builtin_popcount(set(runner,
				       child(runner, node, 1), all));
	if (is(node, "stands-left") || is(node, "stands-right")) {
		side = pick(runner, node,
		    is(node, "stands-left") ? PICK_BEFORE : PICK_AFTER,
		    REF_MARK, 0, all);
		one = set(runner, child(runner, node, 0), all);
		return one != 0 && (one & ~side) == 0;
	}
	a = number(runner, child(runner, node, 0));
	if (is(node, "is-even") || is(node, "even"))
		return a % 2 == 0;
	if (is(node, "is-odd") || is(node, "odd"))
		return a % 2 != 0;
	if (is(node, "greater"))
		return a > number(runner, child(runner, node, 1));
	if (is(node, "less"))
		return a < number(runner, child(runner, node, 1));
	return fail(runner) != 0;
}

static const struct {
	const char *name;
	enum aggregate aggregate;
} totals[] = {
	{ "sum", AGG_SUM },
	{ "count", AGG_COUNT },
	{ "distinct", AGG_DISTINCT },
	{ "largest", AGG_MAX },
	{ "smallest", AGG_MIN },
	{ "range", AGG_RANGE },
	{ "extremes", AGG_EXTREMES },
	{ "ends", AGG_ENDS },
	{ "product", AGG_PRODUCT },
	{ "alternating", AGG_ALTERNATING },
	{ "weighted", AGG_WEIGHTED },
};

static int64_t
sum(const struct runner *runner, uint32_t mask)
{
	return aggregate_of(&runner->scene, AGG_SUM, mask);
}

/* A referred digit. */
static int64_t
one_digit(struct runner *runner, uint32_t mask)
{
	if (mask == 0)
		return fail(runner);
	return runner->scene.digits[__builtin_ctz(mask)];
}

/* The numbers that are made of selections; false for other kinds. */
static bool
total(struct runner *runner, const struct node *node, int64_t *value)
{
	const uint32_t all = runner->scene.all;
	uint32_t a, b;
	size_t i;

	for (i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
		if (!is(node, totals[i].name))
			continue;
		a = set(runner, child(runner, node, 0), all);
		*value = a == 0
		    ? fail(runner)
		    : aggregate_of(&runner->scene, totals[i].aggregate, a);
		return true;
	}
	if (is(node, "nth-largest") || is(node, "nth-smallest")) {
		a = set(runner, child(runner, node, 0), all);
		b = pick(runner, node,
		    is(node, "nth-largest") ? PICK_LARGEST : PICK_SMALLEST,
		    REF_NUMBER, node->number, a);
		*value = b == 0
		    ? fail(runner)
		    : aggregate_of(&runner->scene,
			  is(node, "nth-largest") ? AGG_MIN : AGG_MAX, b);
	} else if (is(node, "counting")) {
		a = set(runner, child(runner, node, 0), all);
		b = set(runner, child(runner, node, 1), a);
		*value = sum(runner, a) + (node->number - 1) * sum(runner, b);
	} else if (is(node, "keep") || is(node, "buy")) {
		a = set(runner, child(runner, node, 0), all);
		*value = sum(runner, all & ~a);
	} else {
		return false;
	}
	return true;
}

/* The digits that are named one by one; false for other kinds. */
static bool
named_digit(struct runner *runner, const struct node *node, int64_t *value)
{
	const uint32_t all = runner->scene.all;
	uint32_t mask;

	if (is(node, "last-digit") || (is(node, "last") && !node->numbered))
		mask = all & ~(all >> 1);
	else if (is(node, "place"))
		mask = all & (uint32_t)(1ULL << ((node->number - 1) & 31));
	else if (is(node, "right-of") || is(node, "next"))
		mask = pick(runner, node, PICK_NEXT, REF_MARK, 0, all);
	else if (is(node, "left-of") || is(node, "previous"))
		mask = pick(runner, node, PICK_PREVIOUS, REF_MARK, 0, all);
	else if (is(node, "repeated"))
		mask = runner->scene.repeated;
	else
		return false;
	*value = one_digit(runner, mask);
	return true;
}

/* Stories and names, whose children are not all numbers; false for others. */
static bool
told(struct runner *runner, const struct node *node, int64_t *value)
{
	const uint32_t all = runner->scene.all;
	int64_t in, out;
	uint32_t a;

	if (is(node, "pocket") || is(node, "spend") || is(node, "board") ||
	    is(node, "alight")) {
		*value = number(runner, child(runner, node, 0));
		a = set(runner, child(runner, node, 1), all);
		in = sum(runner, a);
		out = sum(runner, all & ~a);
		if (is(node, "pocket"))
			*value += out;
		else if (is(node, "spend"))
			*value -= out;
		else
			*value += is(node, "board") ? in - out : out - in;
	} else if (is(node, "fares") || is(node, "barter")) {
		a = set(runner, child(runner, node, 0), all);
		in = number(runner, child(runner, node, 1));
		out = number(runner, child(runner, node, 2));
		*value = is(node, "fares")
		    ? in * sum(runner, a) + out * sum(runner, all & ~a)
		    : in * sum(runner, all & ~a) + out;
	} else if (is(node, "let-group") || is(node, "let-person") ||
	    is(node, "let")) {
		if (node->number < 0 || node->number >= NAMES_OF_SET)
			return false;
		if (is(node, "let"))
			runner->number[node->number] = number(
			    runner, child(runner, node, 0));
		else
			runner->set[node->number] = set(
			    runner, child(runner, node, 0), all);
		*value = number(runner, child(runner, node, 1));
	} else if (is(node, "if")) {
		*value = number(runner,
		    child(runner, node,
			condition(runner, child(runner, node, 0)) ? 1 : 2));
	} else {
		return false;
	}
	return true;
}

static int64_t
joined(struct runner *runner, const struct node *node)
{
	int64_t a = number(runner, child(runner, node, 0)), b, c;

	if (is(node, "times"))
		return node->number * a;
	if (is(node, "bags") || is(node, "shop") || is(node, "bus") ||
	    is(node, "tickets") || is(node, "trade"))
		return a;
	b = number(runner, child(runner, node, 1));
	if (is(node, "add"))
		return a + b;
	if (is(node, "subtract"))
		return a - b;
	if (is(node, "multiply"))
		return a * b;
	if (is(node, "larger"))
		return a > b ? a : b;
	if (is(node, "smaller"))
		return a < b ? a : b;
	if (is(node, "gap"))
		return a > b ? a - b : b - a;
	if (is(node, "slip") || is(node, "rethink") || is(node, "correction"))
		return b;
	if (is(node, "rule"))
		return node->number == 2 ? b : a;
	c = number(runner, child(runner, node, 2));
	if (is(node, "add-first"))
		return (a + b) * c;
	if (is(node, "multiply-first"))
		return a * b + c;
	if (is(node, "multiply-less"))
		return a * b - c;
	return fail(runner);
}

static int64_t
number(struct runner *runner, uint8_t at)
{
	const struct node *node = &runner->expression->node[at];
	int64_t value = 0;

	if (runner->failed || runner->depth > DEEP)
		return fail(runner);
	if (is(node, "const"))
		return node->number;
	if (is(node, "name"))
		return node->number >= 0 && node->number < NAMES_OF_SET
		    ? runner->number[node->number]
		    : fail(runner);
	runner->depth++;
	if (!named_digit(runner, node, &value) &&
	    !total(runner, node, &value) && !told(runner, node, &value))
		value = joined(runner, node);
	runner->depth--;
	return value;
}

bool
expression_run(const struct expression *expression, const struct sample *sample,
    int64_t *value)
{
	struct runner runner;

	if (expression->count == 0)
		return false;
	memset(&runner, 0, sizeof(runner));
	runner.expression = expression;
	runner.sample = sample;
	scene_open(&runner.scene, sample, sample->token, 0);
	*value = number(&runner, 0);
	return !runner.failed;
}
