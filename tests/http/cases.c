/*
 * Reading the table of requests; see cases.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/http/cases.h"

#define WORDS_MAX  16
#define REPEAT_MAX 1000000

struct text {
	char *at;
	size_t len;
};

struct word {
	char name[32];
	struct text bytes;
};

struct reader {
	struct cases *cases;
	struct word words[WORDS_MAX];
	size_t words_count;
	unsigned line; /* for messages */
};

static void complain(const struct reader *reader, const char *what)
    __attribute__((noreturn));

static void
complain(const struct reader *reader, const char *what)
{
	fail_msg("requests, line %u: %s", reader->line, what);
	abort(); /* not reached, which cmocka does not tell the compiler */
}

/* -------- bytes -------- */

static void
append(struct text *to, const char *bytes, size_t len)
{
	char *grown = realloc(to->at, to->len + len + 1);

	assert_non_null(grown);
	if (len > 0) /* of nothing there are no bytes either */
		memcpy(grown + to->len, bytes, len);
	to->at = grown;
	to->len += len;
	to->at[to->len] = '\0';
}

static void expand(
    const struct reader *reader, const char *from, size_t len, struct text *to);

/* What stands between the braces of \{...}. */
static void
expand_braces(
    const struct reader *reader, const char *from, size_t len, struct text *to)
{
	const char *star = memchr(from, '*', len);
	struct text once = { 0 };
	char *end = NULL;
	long times;

	for (size_t i = 0; star == NULL && i < reader->words_count; i++) {
		const struct word *word = &reader->words[i];

		if (strlen(word->name) == len &&
		    memcmp(word->name, from, len) == 0) {
			append(to, word->bytes.at, word->bytes.len);
			return;
		}
	}
	if (star == NULL)
		complain(reader, "no such word");
	times = strtol(from, &end, 10);
	if (end != star || times < 1 || times > REPEAT_MAX)
		complain(reader, "no such number");
	expand(reader, star + 1, len - (size_t)(star + 1 - from), &once);
	for (long i = 0; i < times; i++)
		append(to, once.at, once.len);
	free(once.at);
}

/* The length of what is between the braces; from begins behind the first. */
static size_t
braces_length(const struct reader *reader, const char *from, size_t len)
{
	size_t depth = 1, i;

	for (i = 0; i < len; i++) {
		if (from[i] == '\\' && i + 1 < len) {
			i++;
			depth += from[i] == '{';
		} else if (from[i] == '}' && --depth == 0) {
			break;
		}
	}
	if (i == len)
		complain(reader, "a brace is not closed");
	return i;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int)(found - digits);
}

/* An escape, from behind its backslash; returns how much it takes. */
static size_t
expand_escape(
    const struct reader *reader, const char *from, size_t len, struct text *to)
{
	static const char names[] = "rnts0\\", meanings[] = "\r\n\t \0\\";
	const char *name = len == 0 || from[0] == '\0' ? NULL
						       : strchr(names, from[0]);
	size_t inside;
	char byte;

	if (name != NULL) {
		append(to, &meanings[name - names], 1);
		return 1;
	}
	if (len >= 1 && from[0] == '{') {
		inside = braces_length(reader, from + 1, len - 1);
		expand_braces(reader, from + 1, inside, to);
		return inside + 2;
	}
	if (len < 3 || from[0] != 'x' || hex_digit(from[1]) < 0 ||
	    hex_digit(from[2]) < 0)
		complain(reader, "no such escape");
	byte = (char)(hex_digit(from[1]) * 16 + hex_digit(from[2]));
	append(to, &byte, 1);
	return 3;
}

static void
expand(
    const struct reader *reader, const char *from, size_t len, struct text *to)
{
	for (size_t i = 0; i < len; i++) {
		if (from[i] == '\\')
			i += expand_escape(
			    reader, from + i + 1, len - i - 1, to);
		else
			append(to, &from[i], 1);
	}
}

/* -------- lines -------- */

static void
add_word(struct reader *reader, char *rest)
{
	struct word *word = &reader->words[reader->words_count];
	char *bytes = strchr(rest, ' ');

	if (bytes == NULL || reader->words_count == WORDS_MAX ||
	    (size_t)(bytes - rest) >= sizeof(word->name))
		complain(reader, "a word needs a short name and bytes");
	*bytes++ = '\0';
	(void)snprintf(word->name, sizeof(word->name), "%s", rest);
	expand(reader, bytes, strlen(bytes), &word->bytes);
	reader->words_count++;
}

static void
add_case(struct reader *reader, const char *name)
{
	struct cases *cases = reader->cases;
	struct request_case *grown = realloc(
	    cases->list, (cases->count + 1) * sizeof(*grown));

	assert_non_null(grown);
	cases->list = grown;
	grown += cases->count++;
	memset(grown, 0, sizeof(*grown));
	if (strlen(name) > CASES_NAME_MAX)
		complain(reader, "the name is too long");
	(void)snprintf(grown->name, sizeof(grown->name), "%s", name);
}

static void
fill_answer(const struct reader *reader, const char *verb, char *rest,
    struct step *step)
{
	char *end = NULL;

	step->kind = strcmp(verb, "refused") == 0 ? STEP_REFUSED
						  : STEP_ANSWERED;
	step->status = (int)strtol(rest, &end, 10);
	step->close = strcmp(end, " close") == 0;
	if (step->status < 200 || step->status > 599)
		complain(reader, "no such status");
	if (step->kind == STEP_ANSWERED && !step->close &&
	    strcmp(end, " keep") != 0)
		complain(reader, "an answer is followed by keep or close");
	if (step->kind == STEP_REFUSED && *end != '\0')
		complain(reader, "what is refused is closed, too");
}

static void
add_step(struct reader *reader, const char *verb, char *rest)
{
	struct cases *cases = reader->cases;
	struct request_case *last = NULL;
	struct step *step = NULL;
	struct text bytes = { 0 };

	if (cases->count == 0)
		complain(reader, "there is no case yet");
	last = &cases->list[cases->count - 1];
	if (last->count == CASES_STEPS_MAX)
		complain(reader, "the case has too many steps");
	step = &last->steps[last->count++];
	if (strcmp(verb, "send") == 0 || strcmp(verb, "drip") == 0) {
		step->kind = verb[0] == 's' ? STEP_SEND : STEP_DRIP;
		expand(reader, rest, strlen(rest), &bytes);
		step->bytes = bytes.at;
		step->len = bytes.len;
	} else if (strcmp(verb, "end") == 0) {
		step->kind = STEP_END;
	} else if (strcmp(verb, "hold") == 0) {
		step->kind = STEP_HOLD;
	} else if (strcmp(verb, "continue") == 0) {
		step->kind = STEP_CONTINUE;
	} else if (strcmp(verb, "answered") == 0 ||
	    strcmp(verb, "refused") == 0) {
		fill_answer(reader, verb, rest, step);
	} else {
		complain(reader, "no such step");
	}
}

static void
read_line(struct reader *reader, char *line)
{
	char *rest = line + strcspn(line, " ");

	if (*rest == ' ')
		*rest++ = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return;
	if (strcmp(line, "let") == 0)
		add_word(reader, rest);
	else if (strcmp(line, "case") == 0)
		add_case(reader, rest);
	else
		add_step(reader, line, rest);
}

struct cases *
cases_read(const char *path)
{
	struct reader reader = { 0 };
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (file == NULL)
		fail_msg("cannot read %s", path);
	reader.cases = calloc(1, sizeof(*reader.cases));
	assert_non_null(reader.cases);
	while ((len = getline(&line, &size, file)) > 0) {
		reader.line++;
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		read_line(&reader, line);
	}
	free(line);
	(void)fclose(file);
	for (size_t i = 0; i < WORDS_MAX; i++)
		free(reader.words[i].bytes.at);
	return reader.cases;
}

void
cases_free(struct cases **cases)
{
	if (*cases == NULL)
		return;
	for (size_t i = 0; i < (*cases)->count; i++) {
		struct request_case *each = &(*cases)->list[i];

		for (size_t s = 0; s < each->count; s++)
			free(each->steps[s].bytes);
	}
	free((*cases)->list);
	free(*cases);
	*cases = NULL;
}
