/*
 * Labelled challenges; see sample.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tests/resistance/sample.h"

void *
must_alloc(size_t count, size_t size)
{
	void *at = calloc(count == 0 ? 1 : count, size);

	if (at == NULL) {
		fprintf(stderr, "resistance: out of memory\n");
		exit(2);
	}
	return at;
}

void *
must_grow(void *at, size_t *room, size_t wanted, size_t size)
{
	void *more;
	size_t now = *room;

	if (wanted <= now)
		return at;
	if (now == 0)
		now = 16;
	while (now < wanted)
		now *= 2;
	more = realloc(at, now * size);
	if (more == NULL) {
		fprintf(stderr, "resistance: out of memory\n");
		exit(2);
	}
	memset((char *)more + *room * size, 0, (now - *room) * size);
	*room = now;
	return more;
}

static char *
copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(must_alloc(1, size), text, size);
}

struct sample *
corpus_add(struct corpus *corpus, struct words *words, const char *text,
    const char *instruction, const char *operation, int64_t answer)
{
	struct sample *sample;
	size_t i;

	/* Grown at powers of two, so that the room need not be kept. */
	if ((corpus->count & (corpus->count - 1)) == 0) {
		size_t room = corpus->count;

		corpus->at = must_grow(corpus->at, &room, corpus->count * 2 + 1,
		    sizeof(*corpus->at));
	}
	sample = &corpus->at[corpus->count++];
	memset(sample, 0, sizeof(*sample));
	sample->text = copy(text);
	sample->instruction = copy(instruction);
	if (operation != NULL)
		sample->operation = copy(operation);
	sample->answer = answer;
	for (i = 0; text[i] != '\0' && sample->count < DIGITS_MAX; i++)
		if (isdigit((unsigned char)text[i]))
			sample->digits[sample->count++] = (uint8_t)(text[i] -
			    '0');
	sample->tokens = words_mask(words, instruction, sample->token);
	return sample;
}

bool
corpus_read(struct corpus *corpus, struct words *words, FILE *from)
{
	struct sample *sample;
	const char *text, *instruction, *operation, *tree;
	json_int_t answer;
	json_error_t error;
	json_t *line;
	size_t number = 0;

	for (;;) {
		line = json_loadf(from, JSON_DISABLE_EOF_CHECK, &error);
		if (line == NULL)
			break;
		number++;
		tree = NULL;
		if (json_unpack_ex(line, &error, 0, "{s:s,s:s,s:s,s:I,s?s}",
			"text", &text, "instruction", &instruction,
			"operationId", &operation, "answer", &answer, "tree",
			&tree) != 0) {
			fprintf(stderr, "resistance: challenge %zu: %s\n",
			    number, error.text);
			json_decref(line);
			return false;
		}
		sample = corpus_add(
		    corpus, words, text, instruction, operation, answer);
		if (tree != NULL)
			sample->tree = copy(tree);
		json_decref(line);
	}
	if (!feof(from) ||
	    json_error_code(&error) != json_error_premature_end_of_input) {
		fprintf(stderr, "resistance: after challenge %zu: %s\n", number,
		    error.text);
		return false;
	}
	return true;
}

void
corpus_mask(struct corpus *corpus, struct words *words)
{
	size_t i;

	for (i = 0; i < corpus->count; i++)
		corpus->at[i].tokens = words_mask(
		    words, corpus->at[i].instruction, corpus->at[i].token);
}

void
corpus_blind(struct corpus *to, const struct corpus *from)
{
	size_t i;

	to->count = from->count;
	to->at = must_alloc(from->count, sizeof(*to->at));
	for (i = 0; i < from->count; i++) {
		to->at[i] = from->at[i];
		to->at[i].text = copy(from->at[i].text);
		to->at[i].instruction = copy(from->at[i].instruction);
		to->at[i].operation = NULL;
		to->at[i].tree = NULL;
		to->at[i].answer = 0;
	}
}

void
corpus_free(struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->count; i++) {
		free(corpus->at[i].text);
		free(corpus->at[i].instruction);
		free(corpus->at[i].operation);
		free(corpus->at[i].tree);
	}
	free(corpus->at);
	corpus->at = NULL;
	corpus->count = 0;
}
