/*
 * Search in the space of programs; see search.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/resistance/parts.h"
#include "tests/resistance/search.h"

#define NEED_MIN  (-200)
#define NEED_MAX  10000
#define NEED_SIZE (NEED_MAX - NEED_MIN + 1)
#define TAILS_MAX ((TAILS - 1) * REFS_NUMBERS)
#define NEEDS_MAX (1 + TAILS_MAX + TAILS_MAX * TAILS_MAX)
#define CACHE	  4096 /* of masks, a power of two */
#define NUMBERS	  1500
#define SEEDS	  3
#define PAIRED	  AGG_DISTINCT /* pairs are of the aggregates before it */
#define FIT	  4.0 /* what one more answer is worth: 1 in 50 by chance */

/*
 * The values that a program must come to before its tail, and with which
 * tails: a table by value, so that looking one up costs one load.
 */
struct needs {
	uint16_t head[NEED_SIZE]; /* index + 1 */
	uint16_t next[NEEDS_MAX];
	struct program tails[NEEDS_MAX]; /* with nothing but tails */
	uint16_t count;
};

/* Which aggregates of a mask are needed by some tail. */
struct cached {
	uint32_t mask;
	uint32_t hits;
};

struct search {
	const struct scene *scene;
	struct programs *programs;
	struct needs needs;
	struct cached cache[CACHE];
	struct number number[NUMBERS];
	int64_t value[NUMBERS];
	size_t numbers;
};

void
programs_add(struct programs *programs, const struct program *program)
{
	programs->at = must_grow(programs->at, &programs->room,
	    programs->count + 1, sizeof(*programs->at));
	programs->at[programs->count++] = *program;
}

void
programs_free(struct programs *programs)
{
	free(programs->at);
	memset(programs, 0, sizeof(*programs));
}

static void
need(struct needs *needs, int64_t value, const struct program *tails)
{
	if (value < NEED_MIN || value > NEED_MAX)
		return;
	needs->tails[needs->count] = *tails;
	needs->next[needs->count] = needs->head[value - NEED_MIN];
	needs->head[value - NEED_MIN] = ++needs->count;
}

/* What a tail makes the answer from; false when from nothing. */
static bool
undo(enum tail tail, int64_t n, int64_t *value)
{
	switch (tail) {
	case TAIL_ADD:
		*value -= n;
		return true;
	case TAIL_FROM:
		*value = n - *value;
		return true;
	case TAIL_LESS:
		*value += n;
		return true;
	case TAIL_TIMES:
		if (n < 2 || *value % n != 0)
			return false;
		*value /= n;
		return true;
	case TAIL_NONE:
	case TAILS:
		break;
	}
	return false;
}

static void
needs_before(struct needs *needs, const struct scene *scene, int64_t answer,
    const struct program *tails)
{
	struct program before = *tails;
	int64_t value;
	unsigned int tail;
	uint8_t i;

	for (i = 0; i < scene->numbers; i++) {
		for (tail = TAIL_ADD; tail < TAILS; tail++) {
			value = answer;
			if (i == tails->ref ||
			    !undo((enum tail)tail, scene->number[i], &value))
				continue;
			before.middle = (uint8_t)tail;
			before.middle_ref = i;
			need(needs, value, &before);
		}
	}
}

static void
needs_open(
    struct needs *needs, const struct scene *scene, int64_t answer, bool twice)
{
	struct program tails;
	int64_t value;
	unsigned int tail;
	uint8_t i;

	memset(needs, 0, sizeof(*needs));
	memset(&tails, 0, sizeof(tails));
	if (!twice)
		need(needs, answer, &tails);
	for (i = 0; i < scene->numbers; i++) {
		for (tail = TAIL_ADD; tail < TAILS; tail++) {
			value = answer;
			if (!undo((enum tail)tail, scene->number[i], &value))
				continue;
			tails.tail = (uint8_t)tail;
			tails.ref = i;
			if (twice)
				needs_before(needs, scene, value, &tails);
			else
				need(needs, value, &tails);
		}
	}
}

static bool
needed(const struct needs *needs, int64_t value)
{
	return value >= NEED_MIN && value <= NEED_MAX &&
	    needs->head[value - NEED_MIN] != 0;
}

/* Adds the program with every tail that brings its value to the answer. */
static void
emit(struct search *search, struct program *program, int64_t value)
{
	size_t at;

	if (value < NEED_MIN || value > NEED_MAX)
		return;
	at = search->needs.head[value - NEED_MIN];
	while (at != 0) {
		program->tail = search->needs.tails[at - 1].tail;
		program->ref = search->needs.tails[at - 1].ref;
		if (program->join == JOIN_NONE) {
			program->middle = search->needs.tails[at - 1].middle;
			program->middle_ref =
			    search->needs.tails[at - 1].middle_ref;
		}
		programs_add(search->programs, program);
		at = search->needs.next[at - 1];
	}
}

static uint32_t
mask_hits(struct search *search, uint32_t mask)
{
	struct cached *cached;
	size_t at = (mask * 2654435761U) >> 20;
	unsigned int i;

	cached = &search->cache[at % CACHE];
	if (cached->mask == mask)
		return cached->hits;
	cached->mask = mask;
	cached->hits = 0;
	for (i = 0; i < AGGREGATES; i++)
		if (needed(&search->needs,
			aggregate_of(search->scene, (enum aggregate)i, mask)))
			cached->hits |= 1U << i;
	return cached->hits;
}

static void
single(struct search *search, enum relation relation, size_t a, size_t b)
{
	struct program program;
	uint32_t mask, hits;
	unsigned int i;

	mask = selection_mask(search->scene, relation, (uint8_t)a, (uint8_t)b);
	if (mask == 0)
		return;
	hits = mask_hits(search, mask);
	for (i = 0; hits != 0; i++, hits >>= 1) {
		if ((hits & 1) == 0)
			continue;
		memset(&program, 0, sizeof(program));
		program.one = number_of((enum aggregate)i, (uint8_t)a);
		program.one.relation = (uint8_t)relation;
		program.one.b = (uint8_t)b;
		emit(search, &program,
		    aggregate_of(search->scene, (enum aggregate)i, mask));
	}
}

/* A sum in which the b of a count n times. */
static void
times(struct search *search, size_t a, size_t b)
{
	const struct scene *scene = search->scene;
	struct program program;
	int64_t value;

	memset(&program, 0, sizeof(program));
	program.one = number_of(AGG_SUM, (uint8_t)a);
	program.one.b = (uint8_t)b;
	program.one.relation = REL_TIMES;
	for (; program.one.n < scene->numbers; program.one.n++)
		if (number_run(&program.one, scene, &value))
			emit(search, &program, value);
}

/* Sums in which a selection counts otherwise than the rest of all digits. */
static void
split(struct search *search, enum relation inner, size_t a, size_t b)
{
	const struct scene *scene = search->scene;
	struct program program;
	int64_t value;
	uint8_t i, j;

	memset(&program, 0, sizeof(program));
	program.one = number_of(AGG_SUM, (uint8_t)a);
	program.one.b = (uint8_t)b;
	program.one.inner = (uint8_t)inner;
	program.one.relation = REL_SIGNED;
	if (number_run(&program.one, scene, &value))
		emit(search, &program, value);
	program.one.relation = REL_PRICES;
	for (i = 0; i < scene->numbers; i++) {
		for (j = 0; j < scene->numbers; j++) {
			program.one.n = i;
			program.one.other = j;
			if (i != j && number_run(&program.one, scene, &value))
				emit(search, &program, value);
		}
	}
}

/* All that two picks can make of the digits. */
static void
two_picks(struct search *search, size_t a, size_t b)
{
	const struct scene *scene = search->scene;
	uint32_t domain = scene->mask[a];
	uint32_t inside = pick_inside(scene, (uint8_t)b, domain);

	if (a != 0 && a < b && scene->mask[b] != scene->all) {
		single(search, REL_NEITHER, a, b);
		split(search, REL_NEITHER, a, b);
	}
	if (inside == 0 || inside == domain)
		return;
	single(search, REL_EXCEPT, a, b);
	times(search, a, b);
	if (a == 0)
		return;
	single(search, REL_INSIDE, a, b);
	single(search, REL_ALL_BUT, a, b);
	split(search, REL_INSIDE, a, b);
}

/* A pick that leaves nothing out here is a roundabout way to say "all". */
static bool
says_all(const struct scene *scene, size_t pick)
{
	enum pick_kind kind = (enum pick_kind)pick_piece(pick)->kind;

	return scene->mask[pick] == scene->all && kind != PICK_ALL &&
	    kind != PICK_HOLE;
}

static void
singles(struct search *search)
{
	const struct scene *scene = search->scene;
	struct program program;
	uint32_t domain;
	size_t a, b;

	for (a = 0; a < value_count(); a++) {
		if (scene->known[a] == VALUE_UNKNOWN)
			continue;
		memset(&program, 0, sizeof(program));
		program.one = number_value((uint8_t)a);
		emit(search, &program, scene->known[a]);
	}
	for (a = 0; a < pick_count(); a++) {
		domain = scene->mask[a];
		if (domain == 0 || says_all(scene, a))
			continue;
		single(search, REL_ONLY, a, 0);
		if (a != 0)
			split(search, REL_ONLY, a, 0);
		for (b = 1; b < pick_count(); b++)
			if (scene->mask[b] != 0)
				two_picks(search, a, b);
	}
}

static void
plain_number(struct search *search, const struct number *number)
{
	int64_t value;

	if (search->numbers == NUMBERS ||
	    !number_run(number, search->scene, &value))
		return;
	search->number[search->numbers] = *number;
	search->value[search->numbers++] = value;
}

/* The plain numbers that pairs are made of. */
static void
plain_numbers(struct search *search, unsigned int aggregates)
{
	struct number number;
	size_t i;
	unsigned int j;

	search->numbers = 0;
	for (i = 0; i < value_count(); i++) {
		number = number_value((uint8_t)i);
		plain_number(search, &number);
	}
	for (i = 0; i < pick_count(); i++) {
		if (search->scene->mask[i] == 0 || says_all(search->scene, i))
			continue;
		for (j = 0; j < aggregates; j++) {
			number = number_of((enum aggregate)j, (uint8_t)i);
			plain_number(search, &number);
		}
	}
}

static void
pair(struct search *search, size_t one, size_t two, enum join join,
    int64_t value)
{
	struct program program;

	if (!needed(&search->needs, value))
		return;
	memset(&program, 0, sizeof(program));
	program.one = search->number[one];
	program.two = search->number[two];
	program.join = (uint8_t)join;
	emit(search, &program, value);
}

static void
pairs(struct search *search)
{
	size_t i, j;
	int64_t a, b;

	plain_numbers(search, PAIRED);
	for (i = 0; i < search->numbers; i++) {
		a = search->value[i];
		for (j = 0; j < search->numbers; j++) {
			b = search->value[j];
			if (i == j)
				continue;
			pair(search, i, j, JOIN_LESS, a - b);
			if (i > j)
				continue;
			pair(search, i, j, JOIN_ADD, a + b);
			pair(search, i, j, JOIN_TIMES, a * b);
			pair(search, i, j, JOIN_GAP, a > b ? a - b : b - a);
			pair(search, i, j, JOIN_MAX, a > b ? a : b);
			pair(search, i, j, JOIN_MIN, a < b ? a : b);
		}
	}
}

/* Every tail of one number of a phrase, joined with every plain number. */
static void
chain(struct search *search, struct program *program, int64_t one)
{
	size_t j;
	int64_t two;

	for (j = 0; j < search->numbers; j++) {
		two = search->value[j];
		program->two = search->number[j];
		program->join = JOIN_ADD;
		emit(search, program, one + two);
		program->join = JOIN_LESS;
		emit(search, program, one - two);
		program->join = JOIN_FROM;
		emit(search, program, two - one);
		program->join = JOIN_TIMES;
		emit(search, program, one * two);
	}
}

static void
chains(struct search *search)
{
	const struct scene *scene = search->scene;
	struct program program;
	int64_t one;
	size_t i;
	unsigned int middle;
	uint8_t ref;

	plain_numbers(search, AGG_EXTREMES);
	for (i = 0; i < value_count(); i++) {
		if (value_piece(i)->kind != VALUE_HOLE ||
		    scene->known[i] == VALUE_UNKNOWN)
			continue;
		for (ref = 0; ref < scene->numbers; ref++) {
			for (middle = TAIL_ADD; middle < TAIL_LESS; middle++) {
				memset(&program, 0, sizeof(program));
				program.one = number_value((uint8_t)i);
				program.middle = (uint8_t)middle;
				program.middle_ref = ref;
				one = scene->known[i];
				if (middle == TAIL_ADD)
					one += scene->number[ref];
				else if (middle == TAIL_FROM)
					one = scene->number[ref] - one;
				else
					one *= scene->number[ref];
				chain(search, &program, one);
			}
		}
	}
}

/* The branches are phrases: anything else would be guessed in the dark. */
static bool
is_phrase(const struct number *number)
{
	if (number->aggregate == AGG_VALUE)
		return value_piece(number->a)->kind == VALUE_HOLE;
	return number->aggregate < PAIRED &&
	    pick_piece(number->a)->kind == PICK_HOLE;
}

static void
conditions(
    struct search *search, struct program *program, int64_t yes, int64_t no)
{
	size_t i, j;
	int64_t a, b;

	for (i = 0; i < search->numbers; i++) {
		a = search->value[i];
		program->left = search->number[i];
		program->condition = COND_IS_EVEN;
		memset(&program->right, 0, sizeof(program->right));
		emit(search, program, a % 2 == 0 ? yes : no);
		program->condition = COND_IS_SUCH;
		for (j = 0; j < search->scene->sets; j++) {
			program->right = number_of(
			    AGG_SUM, pick_id(PICK_HOLE, REF_SET, j));
			emit(search, program,
			    phrase_holds(&search->scene->set[j], a) ? yes : no);
		}
		for (j = 0; j < search->numbers; j++) {
			if (i == j ||
			    search->number[i].aggregate !=
				search->number[j].aggregate)
				continue;
			b = search->value[j];
			program->right = search->number[j];
			program->condition = COND_IS_GREATER;
			emit(search, program, a > b ? yes : no);
			program->condition = COND_IS_LESS;
			emit(search, program, a < b ? yes : no);
		}
	}
}

static void
branches(struct search *search)
{
	struct number phrase[NUMBERS];
	int64_t value[NUMBERS];
	struct program program;
	size_t phrases = 0, i, j;

	plain_numbers(search, PAIRED);
	for (i = 0; i < search->numbers; i++) {
		if (!is_phrase(&search->number[i]))
			continue;
		phrase[phrases] = search->number[i];
		value[phrases++] = search->value[i];
	}
	plain_numbers(search, AGG_MAX);
	for (i = 0; i < phrases; i++) {
		for (j = 0; j < phrases; j++) {
			if (i == j ||
			    (!needed(&search->needs, value[i]) &&
				!needed(&search->needs, value[j])))
				continue;
			memset(&program, 0, sizeof(program));
			program.join = JOIN_IF;
			program.one = phrase[i];
			program.two = phrase[j];
			conditions(search, &program, value[i], value[j]);
		}
	}
}

void
search_consistent(const struct scene *scene, int64_t answer, unsigned int what,
    struct programs *programs)
{
	struct search *search = must_alloc(1, sizeof(*search));

	search->scene = scene;
	search->programs = programs;
	needs_open(&search->needs, scene, answer, (what & SEARCH_TWICE) != 0);
	if ((what & SEARCH_SINGLE) != 0)
		singles(search);
	if ((what & SEARCH_PAIR) != 0)
		pairs(search);
	if ((what & SEARCH_CHAIN) != 0)
		chains(search);
	if ((what & SEARCH_IF) != 0 && scene->sets + scene->values > 1)
		branches(search);
	free(search);
}

static double
pick_cost(uint8_t id)
{
	const struct piece *piece = pick_piece(id);

	if (piece->kind == PICK_ALL)
		return 0;
	if (piece->kind == PICK_HOLE)
		return 0.3;
	if (piece->value != 0 && piece->ref_kind == REF_VALUE)
		return 0.7;
	if (piece->value != 0 ||
	    (piece->kind >= PICK_AT_LEAST && piece->kind <= PICK_EQUAL))
		return 1;
	return 0.5;
}

static double
number_cost(const struct number *number)
{
	double cost = number->aggregate == AGG_SUM ? 0 : 0.5;

	if (number->aggregate == AGG_VALUE)
		return 0.5;
	cost += pick_cost(number->a);
	if (number->relation == REL_ONLY)
		return cost;
	if (number->relation < REL_SIGNED || number->inner != REL_ONLY)
		cost += pick_cost(number->b);
	if (number->inner != REL_ONLY || number->relation == REL_ALL_BUT)
		cost += 1;
	return cost + (number->relation >= REL_TIMES ? 2.5 : 1.5);
}

double
program_cost(const struct program *program, const struct scene *scene)
{
	struct named named;
	double cost;
	size_t i;

	program_named(program, &named);
	cost = number_cost(&program->one);
	if (program->join != JOIN_NONE)
		cost += 2 + number_cost(&program->two);
	if (program->join > JOIN_TIMES && program->join != JOIN_IF)
		cost += 1;
	if (program->join == JOIN_IF) {
		cost += 2 + number_cost(&program->left);
		if (program->condition != COND_IS_EVEN)
			cost += number_cost(&program->right);
	}
	if (program->tail > TAIL_FROM)
		cost += 0.5;
	if (program->middle != TAIL_NONE)
		cost += 1;
	/* "One", "first" and "once" are mostly no parameters. */
	for (i = 0; i < scene->numbers; i++)
		if ((named.of[REF_NUMBER] >> i & 1) == 0)
			cost += scene->number[i] == 1 ? 0.2 : 1.5;
	cost += 1.0 * (scene->marks - __builtin_popcount(named.of[REF_MARK]));
	cost += 2.5 * (scene->sets - __builtin_popcount(named.of[REF_SET]));
	cost += 2.5 * (scene->values - __builtin_popcount(named.of[REF_VALUE]));
	return cost;
}

/* How many answers a program gives, or 0 when fewer than wanted. */
static unsigned int
fits(const struct program *program, const struct labelled *labelled,
    size_t count, unsigned int wanted)
{
	unsigned int good = 0;
	int64_t value;
	size_t i;

	for (i = 0; i < count; i++) {
		if (program_run(program, &labelled[i].scene, &value) &&
		    value == labelled[i].answer)
			good++;
		else if (good + (count - i - 1) < wanted)
			return 0;
	}
	return good;
}

bool
search_best(const struct labelled *labelled, size_t count, unsigned int what,
    struct found *best)
{
	struct programs programs = { NULL, 0, 0 };
	unsigned int good, wanted = count > 1 ? 2 : 1;
	double score;
	size_t seed, i;

	best->fits = 0;
	best->score = 0;
	for (seed = 0; seed < SEEDS && seed < count; seed++) {
		/* Nothing can be better than what all are explained by. */
		if (best->fits == count)
			break;
		programs.count = 0;
		search_consistent(&labelled[seed].scene, labelled[seed].answer,
		    what, &programs);
		for (i = 0; i < programs.count; i++) {
			good = fits(&programs.at[i], labelled, count, wanted);
			if (good == 0)
				continue;
			score = FIT * good -
			    program_cost(
				&programs.at[i], &labelled[seed].scene);
			if (best->fits != 0 && score <= best->score)
				continue;
			best->program = programs.at[i];
			best->fits = good;
			best->score = score;
			/* A program that fits two less is never better. */
			if (good > wanted + 3)
				wanted = good - 3;
		}
	}
	programs_free(&programs);
	return best->fits != 0;
}
