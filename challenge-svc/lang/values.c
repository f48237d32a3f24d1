/*
 * Drawing digits and marks, and writing them as a noisy text: see values.h.
 */

#include "challenge-svc/lang/values.h"

#include <string.h>

/* Symbols that an instruction can point at, and those that are only noise. */
static const char mark_symbols[] = "@#$%&";
static const char noise_symbols[] = "_~^@#$%&";
static const char noise_letters[] = "BCDFGHJKLMNSTVW";

/* At most this many characters stand in one gap. */
#define GAP_MAX 3

struct writer {
	char *text;
	size_t used;
	bool full;
};

static void
put(struct writer *writer, char c)
{
	if (writer->used == CHALLENGE_TEXT_MAX) {
		writer->full = true;
		return;
	}

	writer->text[writer->used++] = c;
}

static void
shuffle(struct rng *rng, uint8_t *list, uint32_t count)
{
	uint32_t i, j;
	uint8_t swap;

	for (i = count; i > 1; i--) {
		j = rng_below(rng, i);
		swap = list[i - 1];
		list[i - 1] = list[j];
		list[j] = swap;
	}
}

static void
draw_one_repeats(struct values *values, struct rng *rng)
{
	uint8_t pool[9];
	uint32_t i, distinct, copies;

	for (i = 0; i < sizeof(pool); i++)
		pool[i] = (uint8_t)(i + 1);
	shuffle(rng, pool, sizeof(pool));

	/* One value two or three times, more often when nine do not suffice. */
	copies = 2 + (values->count > 4 ? rng_below(rng, 2) : 0);
	distinct = values->count - copies + 1;
	if (distinct > sizeof(pool))
		distinct = sizeof(pool);

	for (i = 0; i < values->count; i++)
		values->digit[i] = pool[i < distinct ? i : 0];
	shuffle(rng, values->digit, values->count);
}

void
values_index(struct values *values)
{
	uint32_t i;

	memset(values->having, 0, sizeof(values->having));
	for (i = 0; i < values->count; i++)
		values->having[values->digit[i]] |= UINT64_C(1) << i;
}

/* Puts a digit where none was put before; taken has a bit for each. */
static void
place(struct values *values, struct rng *rng, uint64_t *taken, uint32_t digit)
{
	uint32_t at;

	do {
		at = rng_below(rng, values->count);
	} while ((*taken >> at & 1) != 0);
	*taken |= UINT64_C(1) << at;
	values->digit[at] = (uint8_t)digit;
}

static void
draw_with_edges(struct values *values, struct rng *rng, uint8_t smallest,
    struct values_edges edges)
{
	uint32_t low = smallest, high = 9, i;
	uint64_t taken = 0;

	low += edges.low ? edges.edge : 0;
	high -= edges.high ? edges.edge : 0;
	rng_fill(
	    rng, values->digit, values->count, (uint8_t)low, high - low + 1);
	for (i = 0; i < edges.edge; i++) {
		if (edges.high)
			place(values, rng, &taken, 9 - i);
		if (edges.low)
			place(values, rng, &taken, smallest + i);
	}
}

/* The gaps of the marks: not at the ends nor side by side, if that can be. */
static void
draw_gaps(struct values *values, struct rng *rng)
{
	uint32_t margin = values->count >= 6 ? 2 : 1;
	uint32_t apart = values->count >= 10 ? 3 : margin;
	uint32_t places = values->count + 1 - 2 * margin, a, b;

	do {
		a = rng_below(rng, places);
		b = rng_below(rng, places);
	} while (a + apart > b);
	values->mark[0].gap = (uint8_t)(margin + a);
	values->mark[1].gap = (uint8_t)(margin + b);
}

void
values_draw(struct values *values, struct rng *rng, uint32_t count,
    enum values_kind kind, unsigned int marks, struct values_edges edges)
{
	uint32_t i;
	uint8_t symbol;

	values->count = count;
	if (kind == VALUES_ONE_REPEATS)
		draw_one_repeats(values, rng);
	else
		draw_with_edges(
		    values, rng, kind == VALUES_POSITIVE ? 1 : 0, edges);
	values_index(values);
	if (marks == 0)
		return;
	draw_gaps(values, rng);

	/* Different symbols: draw from one fewer and step over. */
	symbol = (uint8_t)rng_below(rng, sizeof(mark_symbols) - 1);
	values->mark[0].symbol = mark_symbols[symbol];
	i = rng_below(rng, sizeof(mark_symbols) - 2);
	values->mark[1].symbol = mark_symbols[i >= symbol ? i + 1 : i];
}

/* One noise character that is none of the marks in use. */
static char
noise(const struct values *values, struct rng *rng, unsigned int marks)
{
	unsigned int m;
	char c;

	if (rng_percent(rng, 65))
		return noise_letters[rng_below(rng, sizeof(noise_letters) - 1)];

	c = noise_symbols[rng_below(rng, sizeof(noise_symbols) - 1)];
	for (m = 0; m < marks; m++) {
		if (values->mark[m].symbol == c)
			return noise_letters[rng_below(
			    rng, sizeof(noise_letters) - 1)];
	}

	return c;
}

static void
put_noise(struct writer *writer, const struct values *values, struct rng *rng,
    unsigned int marks, uint32_t low, uint32_t high)
{
	uint32_t left;

	left = low + rng_below(rng, high - low + 1);
	while (left-- > 0)
		put(writer, noise(values, rng, marks));
}

bool
values_write(const struct values *values, struct rng *rng, unsigned int marks,
    unsigned int touching, char text[CHALLENGE_TEXT_MAX + 1])
{
	struct writer writer = { text, 0, false };
	uint32_t i, beside;
	unsigned int m;

	put_noise(&writer, values, rng, marks, 0, 2);
	for (i = 0; i < values->count; i++) {
		for (m = 0; m < marks; m++) {
			if (values->mark[m].gap == i)
				break;
		}
		if (i > 0 && m < marks) {
			beside = (touching >> m & 1) != 0 ? 0 : 1;
			put_noise(&writer, values, rng, marks, 0, beside);
			put(&writer, values->mark[m].symbol);
			put_noise(&writer, values, rng, marks, 0, beside);
		} else if (i > 0) {
			put_noise(&writer, values, rng, marks, 1, GAP_MAX);
		}
		put(&writer, (char)('0' + values->digit[i]));
	}
	put_noise(&writer, values, rng, marks, 0, 2);
	text[writer.used] = '\0';

	return !writer.full;
}
