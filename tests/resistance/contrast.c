/*
 * Learning phrases by contrast; see contrast.h.
 *
 * Every solved instruction is taken apart in every way: a span of tokens that
 * may be the phrase, a part of the program that may be its meaning.  What is
 * left of both is the frame.  A frame tells something when the same tokens
 * around the hole always go with the same rest of a program, while phrases of
 * different meanings stand in the hole.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/contrast.h"
#include "tests/resistance/parts.h"

#define SIEVE	 (1U << 24) /* frames that occur once say nothing */
#define PURE	 0.8	    /* share of a frame's or phrase's majority */
#define EDGE	 0.93	    /* share of phrases that begin alike */
#define FRAMES	 2	    /* frames in which a phrase must have stood */
#define SPAN_MAX 18

struct entry {
	uint64_t frame; /* tokens around the hole */
	uint64_t rest;	/* of the program */
	uint64_t phrase;
	uint64_t part;
	uint32_t solved;
	uint8_t from, len, taken;
	uint8_t size; /* of the part, by what kind of spot it is */
};

/* What one frame says about one phrase. */
struct vote {
	uint64_t phrase;
	uint64_t part;
	uint32_t entry;
	float weight;
};

struct learner {
	const struct solved *solved;
	const struct words *words;
	uint8_t *sieve;
	struct entry *entry;
	size_t entries, entry_room;
	struct vote *vote;
	size_t votes, vote_room;
	struct frames *frames;
};

static uint64_t
hash_bytes(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t hash = TOKENS_HASH;

	for (; size > 0; size--)
		hash = (hash ^ *at++) * 1099511628211ULL;
	return hash;
}

static bool
is_punctuation(const struct learner *learner, struct token token)
{
	return token.id >= TOKEN_WORDS &&
	    !isalpha((unsigned char)words_text(learner->words, token.id)[0]);
}

/* How many refs of each kind stand before a place. */
struct counts {
	uint8_t of[REF_KINDS];
};

static void
count_token(struct counts *counts, struct token token)
{
	if (token.id == TOKEN_FIGURE || token.id == TOKEN_NUMBER)
		counts->of[REF_NUMBER]++;
	else if (token.id == TOKEN_MARK)
		counts->of[REF_MARK]++;
	else if (token.id == TOKEN_SET)
		counts->of[REF_SET]++;
	else if (token.id == TOKEN_VALUE)
		counts->of[REF_VALUE]++;
}

static uint32_t
bits_between(unsigned int from, unsigned int to)
{
	return (uint32_t)((1ULL << to) - (1ULL << from));
}

/* True when the part names only what is in the span, the rest only what is not.
 */
static bool
is_apart(const struct taken *taken, const struct counts *from,
    const struct counts *to)
{
	size_t kind;
	uint32_t in;

	for (kind = REF_NUMBER; kind < REF_KINDS; kind++) {
		in = bits_between(from->of[kind], to->of[kind]);
		if ((taken->part_named.of[kind] & ~in) != 0 ||
		    (taken->rest_named.of[kind] & in) != 0)
			return false;
	}
	return true;
}

static uint64_t
frame_hash(const struct solved *solved, size_t from, size_t len)
{
	struct token hole = { TOKEN_NONE, 0 };
	uint64_t hash = tokens_hash(solved->token, from);
	size_t i;

	hash = tokens_hash_more(hash, hole);
	for (i = from + len; i < solved->tokens; i++)
		hash = tokens_hash_more(hash, solved->token[i]);
	return hash;
}

/*
 * The refs of the part count from the span's beginning; those of the rest skip
 * what is in the span, and go behind the hole that stands there now.
 */
static bool
renumber(const struct taken *taken, const struct counts *from,
    const struct counts *to, struct program *part, struct program *rest)
{
	struct moves in, out;
	size_t kind, i, hole = taken->set ? REF_SET : REF_VALUE;
	size_t less;

	for (kind = 0; kind < REF_KINDS; kind++) {
		less = (size_t)(to->of[kind] - from->of[kind]);
		less -= kind == hole;
		for (i = 0; i < 8; i++) {
			in.to[kind][i] = (uint8_t)(i < from->of[kind] ||
				    i >= to->of[kind]
				? REF_GONE
				: i - from->of[kind]);
			out.to[kind][i] = (uint8_t)(i < from->of[kind] ? i
				: i < to->of[kind] ? REF_GONE
						   : i - less);
			if (kind >= REF_SET && out.to[kind][i] >= REFS_HOLES)
				out.to[kind][i] = REF_GONE;
		}
	}
	*part = taken->part;
	*rest = taken->rest;
	if (from->of[hole] >= REFS_HOLES || !program_move(part, &in) ||
	    !program_move(rest, &out))
		return false;
	taken_fill(rest, taken, from->of[hole]);
	return true;
}

/* Of two readings of a phrase the smaller part is the better one. */
static uint8_t
part_size(enum spot_kind kind)
{
	switch (kind) {
	case SPOT_LIMIT:
		return 0;
	case SPOT_A:
	case SPOT_B:
		return 1;
	case SPOT_SELECTION:
		return 2;
	case SPOT_NUMBER:
		return 3;
	case SPOT_JOINED:
	case SPOT_KINDS:
		break;
	}
	return 4;
}

static void
span(struct learner *learner, size_t index, size_t from, size_t len,
    const struct taken *taken, size_t which, const struct counts *before,
    const struct counts *after, bool sieving)
{
	const struct solved *solved = &learner->solved[index];
	struct program part, rest;
	struct entry *entry;
	uint64_t frame;
	uint8_t *seen;

	frame = frame_hash(solved, from, len);
	seen = &learner->sieve[(frame >> 8) % SIEVE];
	if (sieving) {
		*seen = (uint8_t)(*seen < 2 ? *seen + 1 : 2);
		return;
	}
	if (*seen < 2 || !renumber(taken, before, after, &part, &rest))
		return;
	learner->entry = must_grow(learner->entry, &learner->entry_room,
	    learner->entries + 1, sizeof(*entry));
	entry = &learner->entry[learner->entries++];
	entry->frame = frame;
	entry->rest = hash_bytes(&rest, sizeof(rest));
	entry->phrase = tokens_hash(solved->token + from, len);
	entry->part = hash_bytes(&part, sizeof(part));
	entry->solved = (uint32_t)index;
	entry->from = (uint8_t)from;
	entry->len = (uint8_t)len;
	entry->taken = (uint8_t)which;
	entry->size = part_size(taken->spot.kind);
}

static void
take_apart(struct learner *learner, size_t index, bool sieving)
{
	const struct solved *solved = &learner->solved[index];
	struct taken taken[SPOTS_MAX];
	struct counts at[TOKENS_MAX + 1];
	size_t count, i, from, len;

	count = program_take(&solved->program, taken);
	memset(&at[0], 0, sizeof(at[0]));
	for (i = 0; i < solved->tokens; i++) {
		at[i + 1] = at[i];
		count_token(&at[i + 1], solved->token[i]);
	}
	for (from = 0; from < solved->tokens; from++) {
		if (is_punctuation(learner, solved->token[from]))
			continue;
		for (len = 1; len <= SPAN_MAX && from + len <= solved->tokens &&
		     len < solved->tokens;
		     len++) {
			if (is_punctuation(
				learner, solved->token[from + len - 1]))
				continue;
			if (len == 1 && solved->token[from].id < TOKEN_WORDS)
				continue;
			for (i = 0; i < count; i++)
				if (is_apart(
					&taken[i], &at[from], &at[from + len]))
					span(learner, index, from, len,
					    &taken[i], i, &at[from],
					    &at[from + len], sieving);
		}
	}
}

static int
by_frame(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(struct entry, solved));
}

static int
by_phrase(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(struct vote, weight));
}

static void
vote(struct learner *learner, size_t entry, double weight)
{
	struct vote *vote;

	learner->vote = must_grow(learner->vote, &learner->vote_room,
	    learner->votes + 1, sizeof(*vote));
	vote = &learner->vote[learner->votes++];
	vote->phrase = learner->entry[entry].phrase;
	vote->part = learner->entry[entry].part;
	vote->entry = (uint32_t)entry;
	vote->weight = (float)weight;
}

static int
by_hash(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return (one > two) - (one < two);
}

/* How many different values a column of the entries from..to has. */
static size_t
different(const struct learner *learner, size_t from, size_t to, size_t column)
{
	uint64_t *value = must_alloc(to - from, sizeof(*value));
	size_t i, count = 0;

	for (i = from; i < to; i++)
		memcpy(&value[i - from],
		    (const char *)&learner->entry[i] + column, sizeof(*value));
	qsort(value, to - from, sizeof(*value), by_hash);
	for (i = 0; i < to - from; i++)
		count += i == 0 || value[i] != value[i - 1];
	free(value);
	return count;
}

static uint16_t
edge(const struct learner *learner, size_t entry, bool end)
{
	const struct entry *at = &learner->entry[entry];

	return learner->solved[at->solved]
	    .token[end ? at->from + at->len - 1 : at->from]
	    .id;
}

/*
 * True when nearly all phrases in a frame begin, or end, with the same token:
 * then that token belongs to the frame, and a narrower one tells the same.
 */
static bool
is_too_wide(const struct learner *learner, size_t from, size_t to, bool end)
{
	size_t i, phrases = 0, same = 0, count = 0;
	uint16_t usual = 0;
	bool again;

	/* The majority's token, when there is one (Boyer and Moore). */
	for (i = from; i < to; i++) {
		if (count == 0)
			usual = edge(learner, i, end);
		if (edge(learner, i, end) == usual)
			count++;
		else
			count--;
	}
	for (i = from; i < to; i++) {
		again = i > from &&
		    learner->entry[i].phrase == learner->entry[i - 1].phrase;
		phrases += !again;
		same += !again && edge(learner, i, end) == usual;
	}
	return (double)same > EDGE * (double)phrases;
}

/* The part and the rest of an entry, with their refs. */
static bool
entry_open(const struct learner *learner, const struct entry *entry,
    struct taken *taken, struct program *part, struct program *rest)
{
	const struct solved *solved = &learner->solved[entry->solved];
	struct taken all[SPOTS_MAX];
	struct counts before = { { 0 } }, after;
	size_t i;

	(void)program_take(&solved->program, all);
	*taken = all[entry->taken];
	for (i = 0; i < entry->from; i++)
		count_token(&before, solved->token[i]);
	after = before;
	for (; i < (size_t)entry->from + entry->len; i++)
		count_token(&after, solved->token[i]);
	return renumber(taken, &before, &after, part, rest);
}

/* What a frame means follows for every phrase that may stand in its hole. */
static void
add_frame(struct learner *learner, const struct entry *entry)
{
	const struct solved *solved = &learner->solved[entry->solved];
	struct frames *frames = learner->frames;
	struct solved *frame;
	struct taken taken;
	struct program part, rest;
	size_t after = (size_t)entry->from + entry->len;

	if (!entry_open(learner, entry, &taken, &part, &rest))
		return;
	frames->at = must_grow(
	    frames->at, &frames->room, frames->count + 1, sizeof(*frames->at));
	frame = &frames->at[frames->count++];
	memset(frame, 0, sizeof(*frame));
	memcpy(
	    frame->token, solved->token, entry->from * sizeof(frame->token[0]));
	frame->token[entry->from].id = taken.set ? TOKEN_SET : TOKEN_VALUE;
	memcpy(frame->token + entry->from + 1, solved->token + after,
	    (solved->tokens - after) * sizeof(frame->token[0]));
	frame->tokens = (uint8_t)(solved->tokens - entry->len + 1);
	frame->hash = tokens_hash(frame->token, frame->tokens);
	frame->known = true;
	frame->program = rest;
}

/*
 * The entries from..to have one frame and are sorted by the rest.  The rest
 * that goes with nearly all phrases is what the frame means; where there are
 * several, the one that leaves the smallest part to the phrase.
 */
static void
judge_frame(struct learner *learner, size_t from, size_t to)
{
	size_t i, j, first = from, last = from;
	size_t phrases, parts, most = 0;
	uint8_t size = 0;

	phrases = different(learner, from, to, offsetof(struct entry, phrase));
	if (phrases < 2)
		return;
	for (i = from; i < to; i = j) {
		size_t run;

		for (j = i;
		     j < to && learner->entry[j].rest == learner->entry[i].rest;
		     j++)
			continue;
		run = different(learner, i, j, offsetof(struct entry, phrase));
		if ((double)run < PURE * (double)phrases)
			continue;
		parts = different(learner, i, j, offsetof(struct entry, part));
		if (parts < 2 || is_too_wide(learner, i, j, false) ||
		    is_too_wide(learner, i, j, true))
			continue;
		if (most == 0 || learner->entry[i].size < size) {
			most = parts;
			size = learner->entry[i].size;
			first = i;
			last = j;
		}
	}
	if (most > 2)
		add_frame(learner, &learner->entry[first]);
	for (i = first; i < last; i++)
		if (i == first ||
		    learner->entry[i].phrase != learner->entry[i - 1].phrase ||
		    learner->entry[i].part != learner->entry[i - 1].part)
			vote(learner, i, log((double)most));
}

/* The votes from..to are about one phrase and are sorted by the part. */
static void
judge_phrase(
    struct learner *learner, size_t from, size_t to, struct phrase_rules *rules)
{
	const struct entry *entry;
	const struct solved *solved;
	struct taken taken;
	struct phrase_rule rule;
	struct program rest;
	double run, most = 0, total = 0;
	size_t i, j, first = from, frames = 0;

	for (i = from; i < to; i = j) {
		run = 0;
		for (j = i;
		     j < to && learner->vote[j].part == learner->vote[i].part;
		     j++)
			run += (double)learner->vote[j].weight;
		total += run;
		if (run > most) {
			most = run;
			first = i;
			frames = j - i;
		}
	}
	if (frames < FRAMES || most < PURE * total)
		return;
	entry = &learner->entry[learner->vote[first].entry];
	solved = &learner->solved[entry->solved];
	memset(&rule, 0, sizeof(rule));
	if (!entry_open(learner, entry, &taken, &rule.program, &rest))
		return;
	rule.tokens = entry->len;
	memcpy(rule.token, solved->token + entry->from,
	    entry->len * sizeof(rule.token[0]));
	rule.rank = most;
	rule.set = taken.set;
	rules_add(rules, &rule);
}

void
contrast(const struct solved *solved, size_t count, const struct words *words,
    struct phrase_rules *rules, struct frames *frames)
{
	struct learner learner;
	size_t i, j;

	memset(&learner, 0, sizeof(learner));
	learner.solved = solved;
	learner.words = words;
	learner.frames = frames;
	learner.sieve = must_alloc(SIEVE, 1);
	for (i = 0; i < count; i++)
		if (solved[i].known)
			take_apart(&learner, i, true);
	for (i = 0; i < count; i++)
		if (solved[i].known)
			take_apart(&learner, i, false);
	if (learner.entries != 0)
		qsort(learner.entry, learner.entries, sizeof(*learner.entry),
		    by_frame);
	for (i = 0; i < learner.entries; i = j) {
		for (j = i; j < learner.entries &&
		     learner.entry[j].frame == learner.entry[i].frame;
		     j++)
			continue;
		judge_frame(&learner, i, j);
	}
	if (learner.votes != 0)
		qsort(learner.vote, learner.votes, sizeof(*learner.vote),
		    by_phrase);
	for (i = 0; i < learner.votes; i = j) {
		for (j = i; j < learner.votes &&
		     learner.vote[j].phrase == learner.vote[i].phrase;
		     j++)
			continue;
		judge_phrase(&learner, i, j, rules);
	}
	free(learner.sieve);
	free(learner.entry);
	free(learner.vote);
}
