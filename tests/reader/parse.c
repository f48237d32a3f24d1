/*
 * A parser for any grammar without left recursion: see parse.h.
 *
 * For each class and place it keeps all meanings found, with the token after
 * each; a rule is matched word by word, branching at every class over all of
 * them.  Nothing is preferred: an ambiguity comes out as two meanings.
 */

#include "tests/reader/parse.h"

#include <stdlib.h>
#include <string.h>

struct token {
	char text[PARSE_WORD_MAX];
};

/* One meaning of one class from one place up to end. */
struct found {
	const struct meaning *meaning;
	struct found *next;
	size_t end;
};

struct parse {
	struct token token[PARSE_TOKENS_MAX];
	size_t tokens;
	struct found *list[PHRASE_CLASSES][PARSE_TOKENS_MAX + 1];
	bool done[PHRASE_CLASSES][PARSE_TOKENS_MAX + 1];
	struct meaning meaning[PARSE_MEANINGS_MAX];
	size_t meanings;
	struct found found[PARSE_MEANINGS_MAX];
	size_t founds;
	bool failed; /* too long, or too much found */
};

/* A rule half matched. */
struct match {
	const struct rule *rule;
	struct meaning meaning;
	size_t parts;
	size_t numbers;
	size_t start;
};

static const char *const count_words[] = { "zero", "one", "two", "three",
	"four", "five", "six", "seven", "eight", "nine", "ten" };
static const char *const place_words[] = { "zeroth", "first", "second", "third",
	"fourth", "fifth", "sixth" };

static void match_words(
    struct parse *parse, struct match match, const char *words, size_t place);

bool
parse_same(const struct meaning *a, const struct meaning *b)
{
	size_t i;

	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->kind != b->kind || a->n != b->n ||
	    a->m != b->m)
		return false;
	for (i = 0; i < PARSE_PARTS_MAX; i++) {
		if (!parse_same(a->part[i], b->part[i]))
			return false;
	}

	return true;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_figure(char c)
{
	return c >= '0' && c <= '9';
}

/* Splits into words in lower case, figures, and single other characters. */
static void
split(struct parse *parse, const char *text)
{
	struct token *token = NULL;
	size_t size;
	bool (*same)(char) = NULL;

	while (*text != '\0') {
		if (*text == ' ') {
			text++;
			continue;
		}
		if (parse->tokens == PARSE_TOKENS_MAX) {
			parse->failed = true;
			return;
		}
		token = &parse->token[parse->tokens++];
		same = is_letter(*text) ? is_letter
		    : is_figure(*text)	? is_figure
					: NULL;
		size = 0;
		do {
			if (size == PARSE_WORD_MAX - 1) {
				parse->failed = true;
				return;
			}
			token->text[size++] = *text >= 'A' && *text <= 'Z'
			    ? (char)(*text - 'A' + 'a')
			    : *text;
			text++;
		} while (same != NULL && same(*text));
		token->text[size] = '\0';
	}
}

static int
index_in(const char *const *list, size_t size, const char *word)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (strcmp(list[i], word) == 0)
			return (int)i;
	}

	return -1;
}

static bool
word_is(const char *word, size_t size, const char *name)
{
	return strlen(name) == size && memcmp(word, name, size) == 0;
}

/* Takes a number into n, the first time, or m. */
static void
match_number(struct parse *parse, struct match match, const char *rest,
    size_t place, int n)
{
	if (n < 0)
		return;
	if (match.numbers++ == 0)
		match.meaning.n = n;
	else
		match.meaning.m = n;
	match_words(parse, match, rest, place);
}

static int
figure_of(const char *text)
{
	int n = 0;

	if (!is_figure(*text) || strlen(text) > 6)
		return -1;
	for (; *text != '\0'; text++)
		n = n * 10 + (*text - '0');

	return n;
}

/* "twice", or "three times", which is two tokens. */
static void
match_often(
    struct parse *parse, struct match match, const char *rest, size_t place)
{
	const char *word = parse->token[place].text;

	if (strcmp(word, "twice") == 0) {
		match_number(parse, match, rest, place + 1, 2);
		return;
	}
	if (place + 1 < parse->tokens &&
	    strcmp(parse->token[place + 1].text, "times") == 0)
		match_number(parse, match, rest, place + 2,
		    index_in(count_words, 11, word));
}

static void
find_class(struct parse *parse, enum phrase_class class, size_t place);

static void
match_class(struct parse *parse, struct match match, const char *rest,
    size_t place, enum phrase_class class)
{
	const struct found *found = NULL;

	if (match.parts == PARSE_PARTS_MAX) {
		if (match.rule->kind != MEAN_UNLESS)
			return;
	}
	find_class(parse, class, place);
	for (found = parse->list[class][place]; found != NULL;
	     found = found->next) {
		/* "unless A, x; if A, y": the second A must be the first. */
		if (match.rule->kind == MEAN_UNLESS && match.parts == 2 &&
		    class == CLASS_CONDITION) {
			if (parse_same(match.meaning.part[0], found->meaning))
				match_words(parse, match, rest, found->end);
			continue;
		}
		match.meaning.part[match.parts] = found->meaning;
		match.parts++;
		match_words(parse, match, rest, found->end);
		match.parts--;
		match.meaning.part[match.parts] = NULL;
	}
}

static void
match_literal(struct parse *parse, struct match match, const char *word,
    size_t size, size_t place)
{
	const char *end = word + size;
	size_t part;

	while (word < end) {
		for (part = 0; word + part < end && word[part] != '|'; part++)
			;
		if (word_is(word, part, parse->token[place].text)) {
			match_words(parse, match, end, place + 1);
			return;
		}
		word += part + 1;
	}
}

static const struct meaning *
keep_meaning(struct parse *parse, const struct match *match)
{
	static const struct meaning result = { .kind = MEAN_RESULT };
	struct meaning *kept = NULL;

	if (match->rule->kind == MEAN_SAME)
		return match->meaning.part[0];
	if (parse->meanings == PARSE_MEANINGS_MAX) {
		parse->failed = true;
		return NULL;
	}

	kept = &parse->meaning[parse->meanings++];
	*kept = match->meaning;
	if (match->rule->class == CLASS_STEP) {
		kept->part[1 - match->rule->n] = match->meaning.part[0];
		kept->part[match->rule->n] = &result;
		kept->n = 0;
	}

	return kept;
}

/* A rule matched to its end: keep it unless it is known. */
static void
match_end(struct parse *parse, const struct match *match, size_t place)
{
	struct found **list = NULL;
	struct found *found = NULL;
	const struct meaning *meaning = NULL;

	meaning = keep_meaning(parse, match);
	if (meaning == NULL)
		return;
	list = &parse->list[match->rule->class][match->start];
	for (found = *list; found != NULL; found = found->next) {
		if (found->end == place && parse_same(found->meaning, meaning))
			return;
	}
	if (parse->founds == PARSE_MEANINGS_MAX) {
		parse->failed = true;
		return;
	}
	found = &parse->found[parse->founds++];
	found->meaning = meaning;
	found->end = place;
	found->next = *list;
	*list = found;
}

static void
match_words(
    struct parse *parse, struct match match, const char *words, size_t place)
{
	enum phrase_class class;
	const char *text = NULL;
	size_t size;

	while (*words == ' ')
		words++;
	if (*words == '\0') {
		match_end(parse, &match, place);
		return;
	}
	if (place == parse->tokens || parse->failed)
		return;

	size = strcspn(words, " ");
	text = parse->token[place].text;
	if (*words < 'A' || *words > 'Z') {
		match_literal(parse, match, words, size, place);
		return;
	}

	class = grammar_class(words, size);
	if (class != PHRASE_CLASSES)
		match_class(parse, match, words + size, place, class);
	else if (word_is(words, size, "FIGURE"))
		match_number(
		    parse, match, words + size, place + 1, figure_of(text));
	else if (word_is(words, size, "WORD"))
		match_number(parse, match, words + size, place + 1,
		    index_in(count_words, 11, text));
	else if (word_is(words, size, "TH"))
		match_number(parse, match, words + size, place + 1,
		    index_in(place_words, 7, text));
	else if (word_is(words, size, "OFTEN"))
		match_often(parse, match, words + size, place);
	else if (!is_letter(*text) && !is_figure(*text))
		match_number(
		    parse, match, words + size, place + 1, *text); /* MARK */
}

/* Fills the list of a class at a place, once. */
static void
find_class(struct parse *parse, enum phrase_class class, size_t place)
{
	const struct rule *rules = NULL;
	struct match match;
	size_t i, count;

	if (parse->done[class][place])
		return;
	parse->done[class][place] = true;

	rules = grammar_rules(&count);
	for (i = 0; i < count; i++) {
		if (rules[i].class != class)
			continue;
		memset(&match, 0, sizeof(match));
		match.rule = &rules[i];
		match.meaning.kind = rules[i].kind;
		match.meaning.n = rules[i].n;
		match.start = place;
		match_words(parse, match, rules[i].words, place);
	}
}

/* The readings of tokens first..last-1 as that class; the first is kept. */
static size_t
count_whole(struct parse *parse, enum phrase_class class, size_t first,
    size_t last, const struct meaning **kept)
{
	const struct found *found = NULL;
	size_t count = 0;

	find_class(parse, class, first);
	for (found = parse->list[class][first]; found != NULL;
	     found = found->next) {
		if (found->end != last)
			continue;
		if (count++ == 0)
			*kept = found->meaning;
	}

	return count;
}

/* The readings as sentences one after the other, 2 standing for more. */
static size_t
count_sentences(struct parse *parse, size_t tokens, struct reading *reading)
{
	size_t start = 0, end, count, all = 1;

	reading->sentences = 0;
	while (start < tokens && all == 1) {
		for (end = start; end < tokens; end++) {
			if (strcmp(parse->token[end].text, ".") == 0)
				break;
		}
		if (reading->sentences == PARSE_SENTENCES_MAX)
			return 0;
		count = count_whole(parse,
		    reading->sentences == 0 ? CLASS_FIRST : CLASS_NEXT, start,
		    end, &reading->sentence[reading->sentences]);
		reading->sentences++;
		all = count > 1 ? 2 : count;
		start = end + 1;
	}

	return reading->sentences == 0 ? 0 : all;
}

struct parse *
parse_new(const char *instruction, struct reading *reading, size_t *readings)
{
	struct parse *parse = NULL;
	const struct meaning *story = NULL;
	size_t tokens;

	parse = calloc(1, sizeof(*parse));
	if (parse == NULL)
		return NULL;

	split(parse, instruction);
	tokens = parse->tokens;
	if (tokens > 0 && strcmp(parse->token[tokens - 1].text, ".") == 0)
		tokens--;

	*readings = count_sentences(parse, tokens, reading);
	*readings += count_whole(parse, CLASS_STORY, 0, tokens, &story);
	if (story != NULL) {
		reading->sentence[0] = story;
		reading->sentences = 1;
	}
	if (*readings > 2)
		*readings = 2;
	if (parse->failed)
		*readings = 0;

	return parse;
}

void
parse_free(struct parse **parse)
{
	free(*parse);
	*parse = NULL;
}
