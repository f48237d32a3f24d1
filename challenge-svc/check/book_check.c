/*
 * Trying a phrasebook out: see book_check.h.
 */

#include "challenge-svc/check/book_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/check/asked.h"
#include "challenge-svc/check/gaps.h"
#include "challenge-svc/check/reader.h"
#include "challenge-svc/check/unsaid.h"
#include "challenge-svc/lang/attributes.h"
#include "challenge-svc/lang/generate.h"
#include "challenge-svc/lang/pack.h"
#include "challenge-svc/lang/render.h"
#include "challenge-svc/lang/rng.h"

/* Trees that one instance may take: a good book stays below half of it. */
#define DRAWS_MAX (GENERATE_DRAWS_MAX / 4)

/*
 * How often a private line should be used; for how many more instances of each
 * level that is waited for; how often one that could use such a line is told
 * anew, and how often all of them are.
 */
#define USES_WANTED 10
#define EXTRA_MAX   4000
#define RETELLINGS  12
#define RETOLD_MAX  8000

/* Lines that one message blames. */
#define BLAMED_MAX 3

/* Bits of used[]: what said the tree, and what says the other reading. */
#define USED_SAYING  0x01u
#define USED_READING 0x02u

struct check {
	const struct phrasebook *book;
	const struct phrase *phrases;
	size_t count;
	struct reader *reader;
	char *error;
	bool has_private;
	enum challenge_level level;
	struct instance instance;
	struct rng rng; /* for telling it anew */
	uint32_t retold;
	struct readings readings;
	struct attributes attributes;
	uint8_t used[PHRASEBOOK_PHRASES_MAX];
	uint16_t line[PHRASEBOOK_PHRASES_MAX]; /* the line's first phrase */
	uint32_t uses[PHRASEBOOK_PHRASES_MAX]; /* of lines, by that phrase */
};

/* The default pack is the first of a book. */
static bool
is_private(const struct check *check, size_t i)
{
	return check->phrases[i].pack != 0;
}

/* One line under "value" is a phrase of many kinds. */
static void
find_lines(struct check *check)
{
	const struct phrase *a = NULL, *b = NULL;
	size_t i, j;

	for (i = 0; i < check->count; i++) {
		a = &check->phrases[i];
		check->has_private = check->has_private || is_private(check, i);
		for (j = 0; j < i; j++) {
			b = &check->phrases[j];
			if (a->pack == b->pack && a->line == b->line)
				break;
		}
		check->line[i] = (uint16_t)j;
	}
}

/* -------- messages -------- */

/* Adds to the message; what does not fit ends in dots. */
static void __attribute__((format(printf, 2, 3)))
say(struct check *check, const char *format, ...)
{
	size_t used = strlen(check->error), room = PHRASEBOOK_ERROR_SIZE - used;
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(check->error + used, room, format, args);
	va_end(args);
	if (size < 0 || (size_t)size >= room)
		memcpy(check->error + PHRASEBOOK_ERROR_SIZE - 4, "...", 4);
}

/*
 * How likely a phrase that was used is to blame: a private one more than one of
 * the default pack, one that only one of two readings has more than one that
 * both have.
 */
static int
blame_of(const struct check *check, size_t i)
{
	int blame = 1;

	if (check->used[i] == 0)
		return 0;
	if (is_private(check, i))
		blame += 2;
	if (check->used[i] != (USED_SAYING | USED_READING))
		blame += 1;

	return blame;
}

static void
name_line(struct check *check, size_t i)
{
	say(check, "%s:%u", phrasebook_pack(check->book, &check->phrases[i]),
	    (unsigned int)check->phrases[i].line);
}

/* Names the lines that are most to blame, the first in front of what. */
static void
blame(struct check *check, const char *what)
{
	size_t i, named = 0, last = check->count;
	int worst = 0;

	for (i = 0; i < check->count; i++)
		worst = blame_of(check, i) > worst ? blame_of(check, i) : worst;
	for (i = 0; i < check->count && worst > 0; i++) {
		if (blame_of(check, i) != worst || check->line[i] == last)
			continue;
		if (named == BLAMED_MAX)
			break;
		last = check->line[i];
		if (named == 1)
			say(check, "%s, with ", what);
		else if (named > 1)
			say(check, ", ");
		name_line(check, i);
		if (named++ == 0)
			say(check, ": ");
	}
	if (named <= 1)
		say(check, "%s", what);
}

/* Marks what says the tree, and what makes another tree of the same words. */
static void
find_used(struct check *check, const struct reading *other)
{
	const struct instance *instance = &check->instance;

	memset(check->used, 0, sizeof(check->used));
	(void)reader_mark(check->reader, instance->instruction,
	    &instance->values, &instance->tree, NULL, READER_STRICT,
	    check->used, USED_SAYING);
	if (other != NULL)
		(void)reader_mark(check->reader, instance->instruction,
		    &instance->values, &other->meant.tree, other->meant.name,
		    READER_WIDE, check->used, USED_READING);
}

static int
fail_read(struct check *check, bool too_much)
{
	const struct readings *readings = &check->readings;
	const struct reading *other = NULL;
	char what[64];
	uint32_t i;

	for (i = 0; i < readings->values; i++) {
		if (readings->reading[i].value != check->instance.answer)
			other = &readings->reading[i];
	}
	find_used(check, other);

	if (other != NULL)
		(void)snprintf(what, sizeof(what),
		    "means %lld, can be read as %lld",
		    (long long)check->instance.answer, (long long)other->value);
	else
		(void)snprintf(what, sizeof(what), "%s",
		    too_much ? "has too many readings" : "cannot be read");
	check->error[0] = '\0';
	blame(check, what);
	say(check, ": %s", check->instance.instruction);

	return -1;
}

/* -------- samples -------- */

/* Whose trees generate_instance() has drawn for a seed, if in vain. */
static enum operation
operation_of(enum challenge_level level, const uint8_t *seed)
{
	struct rng rng;

	rng_seed(&rng, seed, CHALLENGE_SEED_BYTES, (uint64_t)level);

	return operation_draw(&rng, level);
}

static int
draw(struct check *check, uint32_t number)
{
	uint8_t seed[CHALLENGE_SEED_BYTES] = "phrasebook";

	memcpy(seed + sizeof(seed) - sizeof(number), &number, sizeof(number));
	generate_instance(&check->instance, check->book, check->level, seed);
	rng_seed(&check->rng, seed, sizeof(seed), CHALLENGE_LEVELS);
	if (check->instance.draws <= DRAWS_MAX)
		return 0;
	gaps_explain(check->book, operation_of(check->level, seed),
	    check->level, check->error);

	return -1;
}

static int
read_back(struct check *check)
{
	const struct instance *instance = &check->instance;
	struct readings *readings = &check->readings;
	int result;

	result = reader_read(check->reader, instance->instruction,
	    &instance->values, READER_WIDE, readings);
	if (result != 0 || readings->values != 1 ||
	    readings->reading[0].value != instance->answer)
		return fail_read(check, result != 0);

	return 0;
}

/* Counts the uses of lines; returns whether one was wanted. */
static bool
count_uses(struct check *check)
{
	bool wanted = false;
	size_t i;

	find_used(check, NULL);
	for (i = 0; i < check->count; i++) {
		if (check->used[i] == 0 || !is_private(check, i))
			continue;
		if (check->uses[check->line[i]]++ < USES_WANTED)
			wanted = true;
	}

	return wanted;
}

/* What all books have to stand. */
static int
check_samples(struct check *check, uint32_t samples)
{
	uint32_t number;
	int level;

	for (number = 0; number < samples; number++) {
		for (level = 0; level < CHALLENGE_LEVELS; level++) {
			check->level = (enum challenge_level)level;
			if (draw(check, number) != 0 || read_back(check) != 0)
				return -1;
			if (check->has_private)
				(void)count_uses(check);
		}
	}

	return 0;
}

static bool
is_wanted(const struct check *check, size_t i)
{
	return is_private(check, i) &&
	    check->uses[check->line[i]] < USES_WANTED;
}

static bool
is_wanting(const struct check *check)
{
	size_t i;

	for (i = 0; i < check->count; i++) {
		if (is_wanted(check, i))
			return true;
	}

	return false;
}

/* Whether a line that is wanted may be used for the instance. */
static bool
could_use(struct check *check)
{
	const struct tree *tree = &check->instance.tree;
	const struct phrase *phrase = NULL;
	uint32_t asked[TREE_NODES_MAX];
	size_t i;
	uint8_t index;

	attributes_find(&check->attributes, tree, check->book);
	asked_find(asked, tree, &check->attributes, check->book);
	for (i = 0; i < check->count; i++) {
		if (!is_wanted(check, i))
			continue;
		phrase = &check->phrases[i];
		for (index = 0; index < tree->count; index++) {
			if (tree->node[index].kind == phrase->kind &&
			    (asked[index] >> phrase->form & 1) != 0 &&
			    attributes_fit(&check->attributes, index, phrase))
				return true;
		}
	}

	return false;
}

/* Tells one instance in other words, reading those that are wanted. */
static int
retell_often(struct check *check)
{
	struct instance *instance = &check->instance;
	int i;

	for (i = 0; i < RETELLINGS && check->retold < RETOLD_MAX; i++) {
		check->retold++;
		instance->words = render_instruction(&instance->tree,
		    &instance->values, check->book, &check->rng,
		    instance->instruction);
		if (instance->words > 0 && count_uses(check) &&
		    read_back(check) != 0)
			return -1;
	}

	return 0;
}

/* Goes on until private lines have had their turn. */
static int
check_rare(struct check *check, uint32_t number)
{
	uint32_t end = number + EXTRA_MAX;
	int level;

	for (; number < end && is_wanting(check); number++) {
		for (level = 0; level < CHALLENGE_LEVELS; level++) {
			check->level = (enum challenge_level)level;
			if (draw(check, number) != 0 ||
			    (could_use(check) && retell_often(check) != 0))
				return -1;
		}
	}

	return 0;
}

static void
tell_unused(const struct check *check, book_check_unused *unused, void *arg)
{
	size_t i;

	for (i = 0; i < check->count && unused != NULL; i++) {
		if (check->line[i] == i && is_private(check, i) &&
		    check->uses[i] == 0)
			unused(arg,
			    phrasebook_pack(check->book, &check->phrases[i]),
			    check->phrases[i].line);
	}
}

int
book_check(const struct phrasebook *book, uint32_t samples,
    book_check_unused *unused, void *arg, char error[PHRASEBOOK_ERROR_SIZE])
{
	struct check *check = NULL;
	int result = -1;

	if (unsaid_check(book, error) != 0)
		return -1;
	check = calloc(1, sizeof(*check));
	if (check == NULL) {
		(void)snprintf(error, PHRASEBOOK_ERROR_SIZE, "out of memory");
		return -1;
	}
	check->book = book;
	check->error = error;
	check->phrases = phrasebook_all(book, &check->count);
	find_lines(check);
	check->reader = reader_new(book);
	if (check->reader == NULL)
		(void)snprintf(error, PHRASEBOOK_ERROR_SIZE, "out of memory");
	else if (check_samples(check, samples) == 0 &&
	    check_rare(check, samples) == 0)
		result = 0;
	if (result == 0)
		tell_unused(check, unused, arg);
	reader_free(&check->reader);
	free(check);

	return result;
}
