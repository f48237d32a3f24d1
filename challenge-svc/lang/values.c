/*
 * Drawing digits and marks, and writing them as a noisy text: see values.h.
 */

#include "challenge-svc/lang/values.h"

#include <string.h>

/* Symbols that an instruction can point at, and those that are only noise. */
static const char mark_symbols[] = "@#$%&";
static const char noise_symbols[] = "_~^@#$%&";
static const char noise_letters[] = "BCDFGHJKLMNPQRSTVWXYZ";

/* At most this many characters stand in one gap, marks included. */
#define GAP_MAX 4

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

void
values_draw(struct values *values, struct rng *rng, uint32_t count,
    enum values_kind kind)
{
	uint32_t i, low;
	uint8_t symbol, gap;

	values->count = count;
	if (kind == VALUES_ONE_REPEATS) {
		draw_one_repeats(values, rng);
	} else {
		low = kind == VALUES_POSITIVE ? 1 : 0;
		for (i = 0; i < count; i++)
			values->digit[i] = (uint8_t)(low +
			    rng_below(rng, 10 - low));
	}
	values_index(values);

	/* Different symbols and gaps: draw from one fewer and step over. */
	symbol = (uint8_t)rng_below(rng, sizeof(mark_symbols) - 1);
	gap = (uint8_t)(1 + rng_below(rng, count - 1));
	values->mark[0].symbol = mark_symbols[symbol];
	values->mark[0].gap = gap;

	i = rng_below(rng, sizeof(mark_symbols) - 2);
	values->mark[1].symbol = mark_symbols[i >= symbol ? i + 1 : i];
	i = 1 + rng_below(rng, count - 2);
	values->mark[1].gap = (uint8_t)(i >= gap ? i + 1 : i);
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
			put_noise(&writer, values, rng, marks, 1, GAP_MAX - 1);
		}
		put(&writer, (char)('0' + values->digit[i]));
	}
	put_noise(&writer, values, rng, marks, 0, 2);
	text[writer.used] = '\0';

	return !writer.full;
}
