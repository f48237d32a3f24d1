/*
 * Phrases of a pack as rules: see pack.h.
 */

#include "tests/reader/pack.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/reader/words.h"

#define LINE_SIZE 1024
#define NAME_SIZE 24
#define RULE_SIZE 2048

/*
 * What a kind is: F a number in figures, N any other number, S digits, C a
 * condition, L names that something is called by.  The children a, b, c are of
 * such types too, and become the parts of the meaning that map tells.
 */
struct kind {
	const char *name;
	char type;
	const char *children;
	const char *map;
	int numbers; /* how many it has */
	enum meaning_kind meaning;
};

/* Where a phrase stands. */
struct reading {
	const char *name;
	unsigned int line;
	char *why;
	size_t why_size;
	struct grammar *grammar;
	/* of the last heading */
	const struct kind *kind; /* NULL for none, or for "drop" */
	char form[NAME_SIZE];
	bool one, a_all;
};

/* A phrase as words of a rule. */
struct phrase {
	char words[RULE_SIZE];
	size_t size;
	bool child[3]; /* what is named in it */
	bool number[2];
	bool self;
};

static const struct kind kinds[] = {
	{ "value", 'N', "", "", 0, MEAN_SAME },
	{ "const", 'F', "", "", 1, MEAN_FIGURE },
	{ "name", 'N', "", "", 1, MEAN_NAME },
	{ "sum", 'N', "S", "1", 0, MEAN_TOTAL },
	{ "count", 'N', "S", "1", 0, MEAN_HOW_MANY },
	{ "distinct", 'N', "S", "1", 0, MEAN_DIFFERENT },
	{ "largest", 'N', "S", "1", 0, MEAN_MAXIMUM },
	{ "smallest", 'N', "S", "1", 0, MEAN_MINIMUM },
	{ "nth-largest", 'N', "S", "1", 1, MEAN_NTH_LARGEST },
	{ "nth-smallest", 'N', "S", "1", 1, MEAN_NTH_SMALLEST },
	{ "range", 'N', "S", "1", 0, MEAN_SPREAD },
	{ "extremes", 'N', "S", "1", 0, MEAN_SPAN },
	{ "ends", 'N', "S", "1", 0, MEAN_POLES },
	{ "product", 'N', "S", "1", 0, MEAN_MULTIPLIED },
	{ "alternating", 'N', "S", "1", 0, MEAN_SEESAW },
	{ "weighted", 'N', "S", "1", 0, MEAN_STAIRS },
	{ "counting", 'N', "SS", "12", 1, MEAN_TOTAL_EXTRA },
	{ "place", 'N', "", "", 1, MEAN_PLACE },
	{ "last-digit", 'N', "", "", 0, MEAN_LAST },
	{ "right-of", 'N', "", "", 1, MEAN_RIGHT_OF },
	{ "left-of", 'N', "", "", 1, MEAN_LEFT_OF },
	{ "repeated", 'N', "", "", 0, MEAN_DOUBLE_VALUE },
	{ "add", 'N', "NN", "12", 0, MEAN_PLUS },
	{ "subtract", 'N', "NN", "12", 0, MEAN_MINUS },
	{ "multiply", 'N', "NN", "12", 0, MEAN_TIMES },
	{ "times", 'N', "N", "1", 1, MEAN_OFTEN },
	{ "larger", 'N', "NN", "12", 0, MEAN_LARGER },
	{ "smaller", 'N', "NN", "12", 0, MEAN_SMALLER },
	{ "gap", 'N', "NN", "12", 0, MEAN_APART },
	{ "add-first", 'N', "NNN", "123", 0, MEAN_ADD_FIRST },
	{ "multiply-first", 'N', "NNN", "123", 0, MEAN_MULTIPLY_FIRST },
	{ "multiply-less", 'N', "NNN", "123", 0, MEAN_MULTIPLY_LESS },
	{ "if", 'N', "CNN", "123", 0, MEAN_EITHER },
	{ "slip", 'F', "FF", "21", 0, MEAN_SAME },
	{ "rethink", 'N', "NN", "21", 0, MEAN_SAME },
	{ "rule", 'N', "NN", "12", 1, MEAN_CHOOSE },
	{ "let", 'L', "NL", "12", 1, MEAN_LET_NUMBER },
	{ "let-group", 'L', "SL", "12", 1, MEAN_LET_GROUP },
	{ "let-person", 'L', "SL", "12", 1, MEAN_LET_PERSON },

	{ "keep", 'N', "S", "1", 0, MEAN_OTHERS },
	{ "buy", 'N', "S", "1", 0, MEAN_OTHERS },
	{ "pocket", 'N', "NS", "12", 0, MEAN_POCKET },
	{ "spend", 'N', "NS", "12", 0, MEAN_SPEND },
	{ "board", 'N', "NS", "12", 0, MEAN_BOARD },
	{ "alight", 'N', "NS", "12", 0, MEAN_ALIGHT },
	{ "fares", 'N', "SNN", "123", 0, MEAN_FARES },
	{ "barter", 'N', "SNN", "123", 0, MEAN_BARTER },

	{ "all", 'S', "", "", 0, MEAN_EVERY },
	{ "even", 'S', "", "", 0, MEAN_EVENS },
	{ "odd", 'S', "", "", 0, MEAN_ODDS },
	{ "above", 'S', "N", "1", 0, MEAN_OVER },
	{ "below", 'S', "N", "1", 0, MEAN_UNDER },
	{ "first", 'S', "", "", 1, MEAN_HEAD },
	{ "last", 'S', "", "", 1, MEAN_TAIL },
	{ "from", 'S', "", "", 1, MEAN_ONWARDS },
	{ "odd-places", 'S', "", "", 0, MEAN_FROM_FIRST },
	{ "even-places", 'S', "", "", 0, MEAN_FROM_SECOND },
	{ "before", 'S', "", "", 1, MEAN_LEFT_SIDE },
	{ "after", 'S', "", "", 1, MEAN_RIGHT_SIDE },
	{ "between", 'S', "", "", 2, MEAN_BETWEEN },
	{ "outside", 'S', "", "", 2, MEAN_NOT_BETWEEN },
	{ "top", 'S', "", "", 1, MEAN_TOP },
	{ "bottom", 'S', "", "", 1, MEAN_BOTTOM },
	{ "single", 'S', "", "", 0, MEAN_UNIQUE },
	{ "rising", 'S', "", "", 0, MEAN_RISING },
	{ "falling", 'S', "", "", 0, MEAN_FALLING },
	{ "at-right-of", 'S', "", "", 1, MEAN_AT_RIGHT_OF },
	{ "at-left-of", 'S', "", "", 1, MEAN_AT_LEFT_OF },
	{ "of", 'S', "SS", "21", 0, MEAN_AMONG },
	{ "except", 'S', "SS", "12", 0, MEAN_BUT },
	{ "neither", 'S', "SS", "12", 0, MEAN_NEITHER },
	{ "corrected", 'S', "SS", "21", 0, MEAN_SAME },
	{ "contrast", 'S', "SS", "12", 0, MEAN_RATHER },
	{ "group", 'S', "", "", 1, MEAN_IN_GROUP },
	{ "others", 'S', "", "", 1, MEAN_OUT_OF_GROUP },
	{ "person", 'S', "", "", 1, MEAN_OF_PERSON },

	{ "greater", 'C', "NN", "12", 0, MEAN_MORE_THAN },
	{ "less", 'C', "NN", "21", 0, MEAN_MORE_THAN },
	{ "is-even", 'C', "N", "1", 0, MEAN_IS_EVEN },
	{ "is-odd", 'C', "N", "1", 0, MEAN_IS_ODD },
	{ "more", 'C', "SS", "12", 0, MEAN_OUTNUMBERS },
	{ "stands-left", 'C', "S", "1", 1, MEAN_STANDS_LEFT },
	{ "stands-right", 'C', "S", "1", 1, MEAN_STANDS_RIGHT },
};

/* The class that the phrases of a type in a form make. */
static const struct {
	char type;
	const char *form;
	const char *class;
} classes[] = {
	{ 'F', "noun", "FIGURES" },
	{ 'N', "noun", "NUMBER" },
	{ 'N', "do", "ORDER" },
	{ 'N', "say", "SAY" },
	{ 'L', "say", "WHOLE" },
	{ 'C', "noun", "CONDITION" },
	{ 'S', "noun", "DIGITS" },
	{ 'S', "bare", "BARE" },
	{ 'S', "ones", "OMITTED" },
	{ 'S', "ranked", "RANKED" },
	{ 'S', "single", "THE_DIGIT" },
	{ 'S', "is", "SUCH" },
	{ 'S', "bags", "BAGS" },
	{ 'S', "shelves", "SHELVES" },
	{ 'S', "fullest", "FULLEST" },
	{ 'S', "items", "ITEMS" },
	{ 'S', "dearest", "DEAREST" },
	{ 'S', "people", "BUYERS" },
};

/* Slots for the numbers of a kind: which number, and how it is said. */
static const struct {
	const char *slot;
	int number;
	const char *step;
} numbers[] = {
	{ "n", 0, "FIGURE1" },
	{ "w", 0, "WORD1" },
	{ "o", 0, "TH1" },
	{ "t", 0, "OFTEN1" },
	{ "m", 0, "MARK1" },
	{ "m2", 1, "MARK2" },
	{ "k", 0, "LETTER1" },
	{ "p", 0, "PERSON1" },
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct reading *reading, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	(void)snprintf(reading->why, reading->why_size, "%s:%u: %s",
	    reading->name, reading->line, what);

	return -1;
}

/*
 * Writes the name of the class: one of the oracle's, or one made of the form,
 * which ends so that no figure of it is taken for a place.
 */
static void
name_class(char type, const char *form, char *class, size_t size)
{
	size_t i;

	/* Names are given in whole sentences; else it is a number. */
	if (type == 'L' && strcmp(form, "say") != 0)
		type = 'N';
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].type == type &&
		    strcmp(classes[i].form, form) == 0) {
			(void)snprintf(class, size, "%s", classes[i].class);
			return;
		}
	}
	(void)snprintf(class, size, "%c:%s:", type, form);
}

/* Adds to the words of a phrase; returns -1 when they are too long. */
static int
append(struct phrase *phrase, const char *word)
{
	int size;

	size = snprintf(phrase->words + phrase->size,
	    sizeof(phrase->words) - phrase->size, "%s ", word);
	if (size < 0 || (size_t)size >= sizeof(phrase->words) - phrase->size)
		return -1;
	phrase->size += (size_t)size;

	return 0;
}

static int
append_class(struct phrase *phrase, char type, const char *form, int part)
{
	char class[NAME_SIZE + 8], word[NAME_SIZE + 16];

	name_class(type, form, class, sizeof(class));
	(void)snprintf(word, sizeof(word), "%s%d", class, part);

	return append(phrase, word);
}

/* "{a}", "{a:bare}", "{s:do}", "{n}": slot is what stands inside. */
static int
read_slot(
    const struct reading *reading, struct phrase *phrase, const char *slot)
{
	const struct kind *kind = reading->kind;
	const char *form = strchr(slot, ':');
	size_t size = form == NULL ? strlen(slot) : (size_t)(form - slot);
	size_t i;

	form = form == NULL ? "noun" : form + 1;
	if (size == 1 && *slot == 's') {
		phrase->self = true;
		return append_class(phrase, kind->type, form, 1);
	}
	if (size == 1 && *slot >= 'a' && *slot <= 'c') {
		i = (size_t)(*slot - 'a');
		if (i >= strlen(kind->children))
			return -1;
		phrase->child[i] = true;
		return append_class(
		    phrase, kind->children[i], form, kind->map[i] - '0');
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(numbers[i].slot, slot) != 0)
			continue;
		phrase->number[numbers[i].number] = true;
		return append(phrase, numbers[i].step);
	}

	return -1;
}

/* Takes one slot or word off a phrase. */
static int
read_piece(
    const struct reading *reading, struct phrase *phrase, const char **text)
{
	char word[WORDS_SIZE];
	size_t size;
	bool capital;

	if (words_next(text, word, &capital) != 1 || strcmp(word, "|") == 0)
		return refuse(reading, "no word: %s", *text);
	if (strcmp(word, "{") != 0)
		return append(phrase, word) == 0
		    ? 0
		    : refuse(reading, "too long a phrase");

	size = strcspn(*text, "}");
	if ((*text)[size] != '}' || size >= sizeof(word))
		return refuse(reading, "a slot that does not end");
	memcpy(word, *text, size);
	word[size] = '\0';
	*text += size + 1;
	if (read_slot(reading, phrase, word) != 0)
		return refuse(reading, "no such slot here: {%s}", word);

	return 0;
}

/* Whether a phrase may leave a child out: what it is is known without. */
static bool
is_known(const struct reading *reading, size_t child)
{
	const struct kind *kind = reading->kind;

	if (kind->meaning == MEAN_SAME)
		return kind->map[child] != '1'; /* it is withdrawn */

	return child == 0 && reading->a_all &&
	    (kind->meaning == MEAN_BUT ||
		(kind->meaning >= MEAN_TOTAL &&
		    kind->meaning <= MEAN_TOTAL_EXTRA));
}

/* What has to be said in a phrase must be there. */
static int
check_phrase(const struct reading *reading, const struct phrase *phrase)
{
	const struct kind *kind = reading->kind;
	size_t i;

	for (i = 0; i < strlen(kind->children) && !phrase->self; i++) {
		if (!phrase->child[i] && !is_known(reading, i))
			return refuse(
			    reading, "{%c} is not said", 'a' + (int)i);
	}
	for (i = 0; i < (size_t)kind->numbers && !phrase->self; i++) {
		if (!phrase->number[i] && !reading->one)
			return refuse(reading, "a number is not said");
	}

	return 0;
}

static int
read_phrase(const struct reading *reading, const char *text)
{
	struct phrase phrase = { .size = 0 };
	char class[NAME_SIZE + 8];
	struct rule rule;

	if (reading->kind == NULL)
		return refuse(reading, "a phrase without a heading");
	while (*text != '\0') {
		if (read_piece(reading, &phrase, &text) != 0)
			return -1;
		text += strspn(text, " \t");
	}
	if (check_phrase(reading, &phrase) != 0)
		return -1;

	/* A phrase for its own node in another form means that. */
	name_class(reading->kind->type, reading->form, class, sizeof(class));
	rule.class = class;
	rule.kind = phrase.self ? MEAN_SAME : reading->kind->meaning;
	rule.words = phrase.words;
	if (grammar_add(reading->grammar, &rule) != 0)
		return refuse(reading, "no room for this phrase");

	return 0;
}

/* Takes a word off a heading. */
static bool
take_word(const char **text, char word[NAME_SIZE])
{
	size_t size;

	*text += strspn(*text, " \t");
	size = strcspn(*text, " \t");
	if (size == 0 || size >= NAME_SIZE)
		return false;
	memcpy(word, *text, size);
	word[size] = '\0';
	*text += size;

	return true;
}

static int
read_heading(struct reading *reading, const char *text)
{
	char word[NAME_SIZE];
	size_t i;

	reading->kind = NULL;
	reading->one = false;
	reading->a_all = false;
	if (!take_word(&text, word))
		return refuse(reading, "no kind: %s", text);
	if (strcmp(word, "drop") == 0)
		return 0; /* what others said is understood all the same */
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, word) == 0)
			reading->kind = &kinds[i];
	}
	if (reading->kind == NULL)
		return refuse(reading, "no such kind: %s", word);
	if (!take_word(&text, reading->form))
		return refuse(reading, "no form: %s", text);
	while (take_word(&text, word)) {
		reading->one |= strcmp(word, "one") == 0;
		reading->a_all |= strcmp(word, "a.all") == 0;
	}

	return 0;
}

static int
read_line(struct reading *reading, const char *line)
{
	const char *text = line + strspn(line, " \t");

	if (*text == '\0' || *text == '#')
		return 0;
	if (text == line)
		return read_heading(reading, line);

	return read_phrase(reading, text);
}

int
pack_read(struct grammar *grammar, const char *name, const char *text,
    char *why, size_t why_size)
{
	struct reading reading = { .name = name,
		.why = why,
		.why_size = why_size,
		.grammar = grammar };
	char line[LINE_SIZE];
	size_t size;

	while (*text != '\0') {
		reading.line++;
		size = strcspn(text, "\n");
		if (size >= sizeof(line))
			return refuse(&reading, "too long a line");
		memcpy(line, text, size);
		line[size] = '\0';
		line[strcspn(line, "\r")] = '\0';
		if (read_line(&reading, line) != 0)
			return -1;
		text += size;
		if (*text == '\n')
			text++;
	}

	return 0;
}
