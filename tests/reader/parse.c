/*
 * A parser for any grammar: see parse.h.
 *
 * For each class and place it keeps all meanings found, with the place where
 * each ends, and all phrases that wait for one there.  Whoever waits is told of
 * every meaning, whichever of the two came first, so that a phrase may begin
 * with one of its own class.  Nothing is preferred: an ambiguity comes out as
 * two meanings.
 */

#include "tests/reader/parse.h"

#include <stdlib.h>
#include <string.h>

#include "tests/reader/pool.h"
#include "tests/reader/rules.h"
#include "tests/reader/words.h"

struct token {
	int word; /* in the grammar, or above all that are: see new_word() */
	int figure, count, often, place; /* what it counts, -1 for none */
	int often_tokens;
	int mark; /* the character, 0 for none */
	bool letter, person;
};

/* One meaning of one class from one place up to end. */
struct found {
	const struct meaning *meaning;
	struct found *next;
	size_t end;
};

/* A rule half matched. */
struct match {
	int node;
	int class;
	size_t start;
	int number[MEANING_NUMBERS_MAX]; /* n and m */
	bool said[MEANING_NUMBERS_MAX];
	const struct meaning *part[MEANING_PARTS_MAX];
};

/* A match that goes on by step once its class is found. */
struct waiting {
	struct match match;
	const struct step *step;
	struct waiting *next;
};

struct slot {
	struct found *found;
	struct waiting *waiting;
	bool started;
};

/* One of the waiting to be told of one of the found. */
struct news {
	const struct waiting *waiting;
	const struct found *found;
	struct news *next;
};

struct parse {
	const struct grammar *grammar;
	struct token token[PARSE_TOKENS_MAX];
	size_t tokens;
	struct slot *slot; /* for each place, one for each class */
	struct news *news;
	struct news *told; /* for use again */
	struct pool pool;
	struct meanings meanings;
};

static void
advance(struct parse *parse, const struct match *match, size_t place);

/* -------- the instruction as tokens -------- */

/* Words that no rule knows can still be names: equal ones get one number. */
static int
new_word(char seen[][WORDS_SIZE], size_t tokens, const char *word)
{
	size_t i;

	for (i = 0; i < tokens; i++) {
		if (strcmp(seen[i], word) == 0)
			break;
	}

	return GRAMMAR_WORDS_MAX + (int)i;
}

static void
read_token(struct token *token, const char *word, bool capital)
{
	token->figure = words_figure(word);
	token->count = words_count(word);
	token->place = words_place(word);
	token->often = -1;
	token->letter = capital && word[1] == '\0';
	token->person = capital && word[1] != '\0';
	if (strchr(".,;:?", *word) == NULL && token->figure == -1 &&
	    !(*word >= 'a' && *word <= 'z'))
		token->mark = (unsigned char)*word;
}

/* "twice", or "three times", which is two tokens. */
static void
read_often(struct token *token, const char *word, const char *next)
{
	token->often_tokens = 1;
	if (strcmp(word, "once") == 0)
		token->often = 1;
	else if (strcmp(word, "twice") == 0)
		token->often = 2;
	else if (strcmp(next, "times") == 0) {
		token->often = token->count;
		token->often_tokens = 2;
	}
}

/* Returns -1 when the text is too long. */
static int
read_tokens(struct parse *parse, const char *text)
{
	char seen[PARSE_TOKENS_MAX + 1][WORDS_SIZE];
	struct token *token = NULL;
	bool capital;
	int more;
	size_t i;

	for (i = 0; (more = words_next(&text, seen[i], &capital)) == 1; i++) {
		if (i == PARSE_TOKENS_MAX)
			return -1;
		token = &parse->token[i];
		read_token(token, seen[i], capital);
		token->word = grammar_word(parse->grammar, seen[i]);
		if (token->word == -1)
			token->word = new_word(seen, i, seen[i]);
	}
	if (more == -1)
		return -1;
	parse->tokens = i;
	seen[i][0] = '\0';
	for (i = 0; i < parse->tokens; i++)
		read_often(&parse->token[i], seen[i], seen[i + 1]);

	return 0;
}

/* -------- phrases -------- */

static struct slot *
slot_at(struct parse *parse, int class, size_t place)
{
	return &parse->slot[place * (size_t)grammar_classes(parse->grammar) +
	    (size_t) class];
}

static void
spread(struct parse *parse, const struct waiting *waiting,
    const struct found *found)
{
	struct news *news = parse->told;

	if (news != NULL)
		parse->told = news->next;
	else
		news = pool_get(&parse->pool, sizeof(*news));
	if (news == NULL)
		return;
	news->waiting = waiting;
	news->found = found;
	news->next = parse->news;
	parse->news = news;
}

/* A rule matched to its end: keep what it means unless that is known. */
static void
end_match(struct parse *parse, const struct match *match,
    enum meaning_kind kind, size_t place)
{
	struct slot *slot = slot_at(parse, match->class, match->start);
	struct meant meant = {
		.kind = kind, .n = match->number[0], .m = match->number[1]
	};
	const struct meaning *meaning = NULL;
	const struct waiting *waiting = NULL;
	struct found *found = NULL;

	memcpy(meant.part, match->part, sizeof(meant.part));
	meaning = meaning_make(&parse->meanings, &meant);
	if (meaning == NULL)
		return;
	for (found = slot->found; found != NULL; found = found->next) {
		if (found->end == place && found->meaning == meaning)
			return;
	}

	found = pool_get(&parse->pool, sizeof(*found));
	if (found == NULL)
		return;
	found->meaning = meaning;
	found->end = place;
	found->next = slot->found;
	slot->found = found;
	waiting = slot->waiting;
	for (; waiting != NULL; waiting = waiting->next)
		spread(parse, waiting, found);
}

static bool
may_begin(const struct parse *parse, int class, const struct token *token)
{
	const struct grammar *grammar = parse->grammar;

	return (token->word < GRAMMAR_WORDS_MAX &&
		   grammar_begins(grammar, class, STEP_WORD, token->word)) ||
	    (token->figure >= 0 &&
		grammar_begins(grammar, class, STEP_FIGURE, 0)) ||
	    (token->count >= 0 &&
		grammar_begins(grammar, class, STEP_COUNT, 0)) ||
	    (token->place >= 0 &&
		grammar_begins(grammar, class, STEP_PLACE, 0)) ||
	    (token->often >= 0 &&
		grammar_begins(grammar, class, STEP_OFTEN, 0)) ||
	    (token->mark != 0 &&
		grammar_begins(grammar, class, STEP_MARK, 0)) ||
	    (token->letter && grammar_begins(grammar, class, STEP_LETTER, 0)) ||
	    (token->person && grammar_begins(grammar, class, STEP_PERSON, 0));
}

static void
start_class(struct parse *parse, int class, size_t place)
{
	struct match match = { .class = class, .start = place };

	slot_at(parse, class, place)->started = true;
	match.node = grammar_start(parse->grammar, class);
	advance(parse, &match, place);
}

/* Waits for a class, and starts to look for it if nobody has. */
static void
await_class(struct parse *parse, const struct match *match,
    const struct step *step, size_t place)
{
	struct slot *slot = slot_at(parse, step->id, place);
	struct waiting *waiting = NULL;
	const struct found *found = NULL;

	if (!may_begin(parse, step->id, &parse->token[place]))
		return;
	waiting = pool_get(&parse->pool, sizeof(*waiting));
	if (waiting == NULL)
		return;
	waiting->match = *match;
	waiting->step = step;
	waiting->next = slot->waiting;
	slot->waiting = waiting;
	for (found = slot->found; found != NULL; found = found->next)
		spread(parse, waiting, found);

	if (!slot->started)
		start_class(parse, step->id, place);
}

/* Goes on with a number said; the same one, if it is said again. */
static void
take_number(struct parse *parse, const struct match *match,
    const struct step *step, int n, size_t place)
{
	struct match next = *match;

	if (next.said[step->part] && next.number[step->part] != n)
		return;
	next.said[step->part] = true;
	next.number[step->part] = n;
	next.node = step->to;
	advance(parse, &next, place);
}

static void
take_word(
    struct parse *parse, const struct match *match, int node, size_t place)
{
	struct match next = *match;

	next.node = node;
	advance(parse, &next, place);
}

static void
take_step(struct parse *parse, const struct match *match,
    const struct step *step, size_t place)
{
	const struct token *token = &parse->token[place];
	size_t size = 1;
	int n = -1;

	switch (step->type) {
	case STEP_WORD:
		if (step->id == token->word)
			take_word(parse, match, step->to, place + 1);
		return;
	case STEP_CLASS:
		await_class(parse, match, step, place);
		return;
	case STEP_FIGURE:
		n = token->figure;
		break;
	case STEP_COUNT:
		n = token->count;
		break;
	case STEP_PLACE:
		n = token->place;
		break;
	case STEP_OFTEN:
		n = token->often;
		size = (size_t)token->often_tokens;
		break;
	case STEP_MARK:
		n = token->mark == 0 ? -1 : token->mark;
		break;
	case STEP_LETTER:
		n = token->letter ? token->word : -1;
		break;
	case STEP_PERSON:
		n = token->person ? token->word : -1;
		break;
	case STEP_TYPES:
		break;
	}
	if (n != -1)
		take_number(parse, match, step, n, place + size);
}

/* Goes on with a match at a place, in every way. */
static void
advance(struct parse *parse, const struct match *match, size_t place)
{
	const struct grammar *grammar = parse->grammar;
	const struct node *node = grammar_node(grammar, match->node);
	const struct ending *ending = NULL;
	const struct step *step = NULL;
	int i;

	for (i = node->ending; i != 0; i = ending->next) {
		ending = grammar_ending(grammar, i);
		end_match(parse, match, ending->kind, place);
	}
	if (place == parse->tokens)
		return;
	for (i = node->step; i != 0; i = step->next) {
		step = grammar_step(grammar, i);
		take_step(parse, match, step, place);
	}
}

static void
tell(struct parse *parse, const struct waiting *waiting,
    const struct found *found)
{
	struct match next = waiting->match;
	const struct meaning **part = &next.part[waiting->step->part];

	/* "unless A, x; if A, y": the second A must be the first. */
	if (*part != NULL && *part != found->meaning)
		return;
	*part = found->meaning;
	next.node = waiting->step->to;
	advance(parse, &next, found->end);
}

/* All meanings of the whole text, complete ones only, 2 standing for more. */
static size_t
count_readings(struct parse *parse, int whole, const struct meaning **reading)
{
	const struct found *found = slot_at(parse, whole, 0)->found;
	size_t count = 0;

	for (; found != NULL; found = found->next) {
		if (found->end != parse->tokens || found->meaning->open)
			continue;
		*reading = found->meaning;
		count++;
	}

	return count > 2 ? 2 : count;
}

struct parse *
parse_new(const struct grammar *grammar, const char *instruction,
    const struct meaning **reading, size_t *readings)
{
	struct parse *parse = NULL;
	struct news *news = NULL;
	int whole = grammar_class(grammar, RULES_WHOLE);
	size_t classes = (size_t)grammar_classes(grammar);

	*readings = 0;
	parse = calloc(1, sizeof(*parse));
	if (parse == NULL)
		return NULL;
	parse->grammar = grammar;
	parse->meanings.pool = &parse->pool;
	if (read_tokens(parse, instruction) != 0)
		return parse;
	parse->slot = calloc(
	    (parse->tokens + 1) * classes, sizeof(*parse->slot));
	if (parse->slot == NULL) {
		parse_free(&parse);
		return NULL;
	}

	start_class(parse, whole, 0);
	while ((news = parse->news) != NULL) {
		parse->news = news->next;
		tell(parse, news->waiting, news->found);
		news->next = parse->told;
		parse->told = news;
	}
	if (!parse->pool.failed)
		*readings = count_readings(parse, whole, reading);

	return parse;
}

void
parse_free(struct parse **parse)
{
	if (*parse != NULL) {
		pool_empty(&(*parse)->pool);
		free((*parse)->slot);
	}
	free(*parse);
	*parse = NULL;
}
