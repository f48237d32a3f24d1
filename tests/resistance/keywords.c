/*
 * Rules about keywords: what a determined scripter writes in an afternoon after
 * reading some hundred instructions.  Nothing here is learned.
 *
 * An instruction is cut at what corrects it, a condition is decided and its
 * branch taken, then sentence by sentence a running number is changed.  Within
 * a phrase, the words decide which digits are meant.
 */
#include <string.h>

#include "tests/resistance/attack.h"

struct phrase {
	const struct words *words;
	const struct sample *sample;
	struct token token[TOKENS_MAX];
	size_t count;
};

static bool
is_word(const struct phrase *phrase, size_t at, const char *word)
{
	return at < phrase->count &&
	    strcmp(words_text(phrase->words, phrase->token[at].id), word) == 0;
}

/* Where one of some words stands, from a place on; the count when nowhere. */
static size_t
find_from(const struct phrase *phrase, size_t from, const char *words)
{
	const char *text, *hit;
	size_t at, len;

	for (at = from; at < phrase->count; at++) {
		text = words_text(phrase->words, phrase->token[at].id);
		len = strlen(text);
		for (hit = strstr(words, text); hit != NULL;
		     hit = strstr(hit + 1, text))
			if ((hit == words || hit[-1] == ' ') &&
			    (hit[len] == ' ' || hit[len] == '\0'))
				return at;
	}
	return phrase->count;
}

static size_t
find(const struct phrase *phrase, const char *words)
{
	return find_from(phrase, 0, words);
}

static bool
has(const struct phrase *phrase, const char *words)
{
	return find(phrase, words) < phrase->count;
}

static struct phrase
part(const struct phrase *phrase, size_t from, size_t to)
{
	struct phrase out;

	out.words = phrase->words;
	out.sample = phrase->sample;
	out.count = to > from ? to - from : 0;
	memcpy(
	    out.token, phrase->token + from, out.count * sizeof(out.token[0]));
	return out;
}

static void
cut(struct phrase *phrase, size_t from, size_t to)
{
	memmove(phrase->token + from, phrase->token + to,
	    (phrase->count - to) * sizeof(phrase->token[0]));
	phrase->count -= to - from;
}

/* "A, no, B" is B: what goes is back to the word that B begins with. */
static void
correct(struct phrase *phrase)
{
	size_t at, from, to;

	for (;;) {
		at = find(phrase, "no sorry rather instead wait scratch");
		if (at == phrase->count)
			break;
		to = at + 1;
		while (is_word(phrase, to, ","))
			to++;
		from = at;
		while (from > 0 &&
		    phrase->token[from - 1].id != phrase->token[to].id &&
		    !is_word(phrase, from - 1, "the") &&
		    !is_word(phrase, from - 1, "all") &&
		    !is_word(phrase, from - 1, "."))
			from--;
		cut(phrase, from == 0 ? at : from - 1, to);
	}
	at = find(phrase, "not");
	if (at < phrase->count && at > 0 && is_word(phrase, at - 1, ",")) {
		to = find_from(phrase, at, ". ;");
		cut(phrase, at - 1, to);
	}
}

/* -------- which digits -------- */

static uint32_t
plain_selection(const struct phrase *phrase, uint32_t domain)
{
	struct scene scene;
	size_t n;
	uint32_t all;
	uint8_t limit;

	scene_open(&scene, phrase->sample, phrase->token, phrase->count);
	n = 0;
	while (n < scene.numbers && scene.number[n] == 1)
		n++;
	if (n == scene.numbers)
		n = 0;
	all = domain == 0 ? scene.all : domain;
#define PICK(kind, ref_kind, ref) \
	pick_inside(&scene, pick_id(kind, ref_kind, ref), all)
	if (has(phrase, "above greater below less over under more fewer") &&
	    has(phrase, "right just last first repeated twice")) {
		limit = value_id(VALUE_LAST, 0);
		if (scene.marks > 0)
			limit = value_id(
			    has(phrase, "before") ? VALUE_PREVIOUS : VALUE_NEXT,
			    0);
		else if (has(phrase, "more") && has(phrase, "than"))
			limit = value_id(VALUE_REPEATED, 0);
		if (scene.known[limit] == VALUE_UNKNOWN)
			return 0;
		return pick_inside(&scene,
		    pick_compare(has(phrase, "above greater over") ? PICK_ABOVE
								   : PICK_BELOW,
			limit),
		    all);
	}
	if (has(phrase, "above greater over more"))
		return PICK(PICK_ABOVE, REF_NUMBER, 0);
	if (has(phrase, "below less under fewer"))
		return PICK(PICK_BELOW, REF_NUMBER, 0);
	if (has(phrase, "every") && scene.numbers > 1)
		return scene.number[scene.numbers - 1] == 1
		    ? PICK(PICK_ODD_PLACES, REF_NONE, 0)
		    : PICK(PICK_EVEN_PLACES, REF_NONE, 0);
	if (has(phrase, "appear appears") && has(phrase, "only exactly"))
		return PICK(PICK_SINGLE, REF_NONE, 0);
	if (has(phrase, "right just immediately") && scene.marks > 0 &&
	    has(phrase, "before after") && !has(phrase, "to"))
		return has(phrase, "before") ? PICK(PICK_PREVIOUS, REF_MARK, 0)
					     : PICK(PICK_NEXT, REF_MARK, 0);
	if (scene.marks > 0 && has(phrase, "before left"))
		return PICK(PICK_BEFORE, REF_MARK, 0);
	if (scene.marks > 0 && has(phrase, "after right"))
		return PICK(PICK_AFTER, REF_MARK, 0);
	if (has(phrase, "largest biggest highest priciest most"))
		return scene.numbers > 0 ? PICK(PICK_LARGEST, REF_NUMBER, n)
					 : PICK(PICK_LARGEST, REF_NONE, 0);
	if (has(phrase, "smallest lowest cheapest fewest least"))
		return scene.numbers > 0 ? PICK(PICK_SMALLEST, REF_NUMBER, n)
					 : PICK(PICK_SMALLEST, REF_NONE, 0);
	if (has(phrase, "last"))
		return scene.numbers > 0 ? PICK(PICK_LAST, REF_NUMBER, n)
					 : PICK(PICK_LAST, REF_NONE, 0);
	if (has(phrase, "even"))
		return PICK(PICK_EVEN, REF_NONE, 0);
	if (has(phrase, "odd"))
		return PICK(PICK_ODD, REF_NONE, 0);
	if (scene.numbers > 0 && !has(phrase, "all"))
		return PICK(PICK_FIRST, REF_NUMBER, n);
	return all;
#undef PICK
}

static uint32_t
selection(const struct phrase *phrase)
{
	struct phrase left, right;
	uint32_t mask;
	size_t at, from;

	at = find(phrase, "except other excluding without");
	if (at < phrase->count) {
		left = part(phrase, 0, at);
		right = part(phrase, at + 1, phrase->count);
		mask = selection(&left);
		return mask & ~plain_selection(&right, mask);
	}
	at = find(phrase, "among");
	if (at < phrase->count) {
		left = part(phrase, 0, at);
		right = part(phrase, at + 1, phrase->count);
		mask = plain_selection(&right, 0);
		return plain_selection(&left, mask);
	}
	/* "the two largest of the even digits", after "the sum of". */
	from = find(phrase, "largest smallest first last three two W");
	at = find_from(phrase, from, "of");
	if (at < phrase->count && !is_word(phrase, at + 1, "them")) {
		left = part(phrase, 0, at);
		right = part(phrase, at + 1, phrase->count);
		mask = plain_selection(&right, 0);
		return plain_selection(&left, mask);
	}
	return plain_selection(phrase, 0);
}

/* -------- numbers -------- */

static bool
aggregate_in(const struct phrase *phrase, int64_t *value)
{
	enum aggregate aggregate = AGG_SUM;
	struct phrase rest = *phrase;
	struct scene scene;
	uint32_t mask, part_mask;
	size_t at;

	scene_open(&scene, phrase->sample, phrase->token, phrase->count);
	at = find(phrase, "counting count");
	if (at < phrase->count && at > 1 && has(phrase, "W times") &&
	    !is_word(phrase, at + 1, "the") &&
	    !is_word(phrase, at + 1, "digits") && scene.numbers > 0) {
		rest = part(phrase, 0, at);
		mask = selection(&rest);
		rest = part(phrase, at, phrase->count - 2);
		part_mask = plain_selection(&rest, mask);
		*value = aggregate_of(&scene, AGG_SUM, mask) +
		    (scene.number[scene.numbers - 1] - 1) *
			aggregate_of(&scene, AGG_SUM, part_mask);
		return true;
	}
	if (has(phrase, "number many count"))
		aggregate = AGG_COUNT;
	else if (has(phrase, "switching alternating"))
		aggregate = AGG_ALTERNATING;
	else if (find_from(phrase, find(phrase, "so"), "so") + 1 <
	    phrase->count)
		aggregate = AGG_WEIGHTED;
	else if (has(phrase, "largest") && has(phrase, "smallest") &&
	    has(phrase, "product multiply"))
		aggregate = AGG_EXTREMES;
	else if (has(phrase, "largest") && has(phrase, "smallest"))
		aggregate = AGG_RANGE;
	else if (has(phrase, "product multiply"))
		aggregate = AGG_PRODUCT;
	if (aggregate == AGG_EXTREMES || aggregate == AGG_RANGE) {
		while ((at = find(&rest, "largest smallest")) < rest.count)
			cut(&rest, at, at + 1);
	}
	if (aggregate == AGG_ALTERNATING || aggregate == AGG_WEIGHTED) {
		at = find(&rest, ": ,");
		rest.count = at;
		if (is_word(&rest, 0, "start"))
			cut(&rest, 0, 4);
	}
	at = find(&rest, "sum total number product difference");
	if (at < rest.count && at + 1 < rest.count)
		rest = part(&rest, at + 1, rest.count);
	mask = selection(&rest);
	if (mask == 0)
		return false;
	*value = aggregate_of(&scene, aggregate, mask);
	return true;
}

static bool
number_in(const struct phrase *phrase, int64_t *value)
{
	size_t at, digits = 0;
	uint32_t mask;

	if (phrase->count == 0)
		return false;
	for (at = 0; at < phrase->count; at++)
		digits += is_word(phrase, at, "digits") ||
		    is_word(phrase, at, "digit");
	if (digits == 0) {
		for (at = phrase->count; at-- > 0;) {
			if (phrase->token[at].id == TOKEN_FIGURE ||
			    phrase->token[at].id == TOKEN_NUMBER) {
				*value = phrase->token[at].value;
				return true;
			}
		}
		return false;
	}
	if (!has(phrase, "digits") &&
	    !has(phrase, "sum total number product difference")) {
		mask = plain_selection(phrase, 0);
		if (mask == 0)
			return false;
		*value = phrase->sample->digits[__builtin_ctz(mask)];
		return true;
	}
	return aggregate_in(phrase, value);
}

/* "add A to B", "subtract A from B", "multiply A by B"; one may be "it". */
static bool
sentence(const struct phrase *phrase, bool begun, int64_t *value)
{
	struct phrase left, right;
	size_t verb, at;
	int64_t a = 0, b = *value;
	bool extremes;

	verb = find(phrase, "add subtract multiply");
	extremes = has(phrase, "largest") && has(phrase, "smallest");
	if (verb == phrase->count || has(phrase, "switching so")) {
		if (begun)
			return false;
		return number_in(phrase, value);
	}
	at = find_from(phrase, verb,
	    is_word(phrase, verb, "add")	    ? "to"
		: is_word(phrase, verb, "subtract") ? "from"
						    : "by");
	/* "to the left of" is no second number. */
	if (is_word(phrase, verb, "add") &&
	    (is_word(phrase, at + 2, "left") ||
		is_word(phrase, at + 2, "right")))
		at = find_from(phrase, at + 1, "to");
	left = part(phrase, verb + 1, at);
	right = part(phrase, at + 1, phrase->count);
	if (!begun && (at == phrase->count || (extremes && right.count < 5)))
		return number_in(phrase, value);
	if (at < phrase->count && !has(&right, "result it") &&
	    !number_in(&right, &b))
		return false;
	if (has(&left, "result it"))
		a = *value;
	else if (!number_in(&left, &a))
		return false;
	if (is_word(phrase, verb, "add"))
		*value = a + b;
	else if (is_word(phrase, verb, "subtract"))
		*value = b - a;
	else
		*value = a * b;
	return true;
}

/* -------- conditions and stories -------- */

static bool
condition(const struct phrase *phrase, bool *holds)
{
	struct phrase left, right;
	int64_t a, b;
	size_t is = find(phrase, "is"), than = find(phrase, "than");

	if (is == phrase->count && than < phrase->count) {
		left = part(phrase, 0, than);
		/* "there are more A digits than B digits" */
		right = part(phrase, than + 1, phrase->count);
		*holds = __builtin_popcount(selection(&left)) >
		    __builtin_popcount(selection(&right));
		return true;
	}
	left = part(phrase, 0, is);
	right = part(phrase, is + 1, phrase->count);
	if (!number_in(&left, &a))
		return false;
	if (than < phrase->count) {
		right = part(phrase, than + 1, phrase->count);
		if (!number_in(&right, &b))
			return false;
		*holds = has(phrase, "less smaller lower") ? a < b : a > b;
		return true;
	}
	*holds = (a % 2 == 0) == has(&right, "even");
	return true;
}

/* Stories: each kind has a word that gives it away. */
static bool
story(const struct phrase *phrase, int64_t *value)
{
	struct phrase rest;
	struct scene scene;
	uint32_t mask;
	int64_t in, out, start;
	size_t at;
	bool on_first;

	scene_open(&scene, phrase->sample, phrase->token, phrase->count);
	at = find(phrase, "if");
	if (has(phrase, "bus") && at < phrase->count && scene.numbers > 1) {
		start = scene.number[scene.number[0] == 1];
		rest = part(phrase, at, find_from(phrase, at, ","));
		mask = plain_selection(&rest, 0);
		in = aggregate_of(&scene, AGG_SUM, mask);
		out = aggregate_of(&scene, AGG_SUM, scene.all & ~mask);
		on_first = find_from(phrase, at, "on") <
		    find_from(phrase, at, "off");
		*value = start + (on_first ? in - out : out - in);
		return true;
	}
	at = find(phrase, "anyone");
	if (at < phrase->count && scene.numbers > 1) {
		rest = part(phrase, at, find_from(phrase, at, "pays"));
		mask = plain_selection(&rest, 0);
		in = aggregate_of(&scene, AGG_SUM, mask);
		out = aggregate_of(&scene, AGG_SUM, scene.all & ~mask);
		at = scene.numbers;
		*value = in * scene.number[at - 2] + out * scene.number[at - 1];
		return true;
	}
	at = find(phrase, "except");
	if (!has(phrase, "coins") || at == phrase->count)
		return false;
	rest = part(phrase, at + 1, find_from(phrase, at, ". and"));
	mask = plain_selection(&rest, 0);
	*value = aggregate_of(&scene, AGG_SUM, scene.all & ~mask);
	at = find(phrase, "have");
	if (at + 1 < phrase->count &&
	    phrase->token[at + 1].id == TOKEN_FIGURE) {
		start = phrase->token[at + 1].value;
		*value = has(phrase, "left") ? start - *value : start + *value;
	}
	return true;
}

/* Leaves the branch that is meant, and what follows. */
static bool
decide(struct phrase *phrase)
{
	struct phrase test, taken;
	size_t at = find(phrase, "if unless"), end, other;
	bool holds, negated = is_word(phrase, at, "unless");

	if (at == phrase->count)
		return true;
	other = find_from(phrase, at, ";");
	if (other == phrase->count)
		other = find_from(phrase, at, "otherwise");
	end = at == 0 ? find_from(phrase, at, ",") : other;
	test = part(phrase, at + 1, end);
	if (!condition(&test, &holds))
		return false;
	if (holds != negated) {
		taken = at == 0 ? part(phrase, end + 1, other)
				: part(phrase, 0, at);
		end = find_from(phrase, other, ".");
		cut(phrase, 0, end);
	} else {
		end = find_from(phrase, other, ".");
		at = find_from(phrase, other, ",");
		taken = part(phrase, at + 1, end);
		cut(phrase, 0, end);
	}
	memmove(phrase->token + taken.count, phrase->token,
	    phrase->count * sizeof(phrase->token[0]));
	memcpy(
	    phrase->token, taken.token, taken.count * sizeof(phrase->token[0]));
	phrase->count += taken.count;
	return true;
}

static bool
solve(const struct attack *attack, const struct sample *sample, int64_t *value)
{
	struct phrase phrase, one;
	size_t from = 0, to;
	bool begun = false;

	phrase.words = attack->words;
	phrase.sample = sample;
	phrase.count = sample->tokens;
	memcpy(phrase.token, sample->token, sizeof(phrase.token));
	if (has(&phrase, "each") && story(&phrase, value))
		return true;
	correct(&phrase);
	if (!decide(&phrase))
		return false;
	while (from < phrase.count) {
		to = find_from(&phrase, from, ". ?");
		one = part(&phrase, from, to);
		if (one.count != 0) {
			if (!sentence(&one, begun, value))
				return begun;
			begun = true;
		}
		from = to + 1;
	}
	return begun;
}

void
attack_keywords(const struct attack *attack, int64_t *answer)
{
	size_t i;

	for (i = 0; i < attack->fresh->count; i++) {
		answer[i] = 0;
		if (!solve(attack, &attack->fresh->at[i], &answer[i]))
			answer[i] = NO_ANSWER;
	}
}
