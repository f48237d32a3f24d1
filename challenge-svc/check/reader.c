/*
 * Reading an instruction back: see reader.h.  The chart finds the trees, the
 * evaluator what they come to.
 */

#include "challenge-svc/check/reader.h"

#include <stdlib.h>
#include <string.h>

#include "challenge-svc/check/chart.h"
#include "challenge-svc/check/retell.h"
#include "challenge-svc/check/wording.h"
#include "challenge-svc/lang/eval.h"

/* All memory that reading takes. */
struct reader {
	const struct phrasebook *book;
	struct wording wording;
	struct retell retell;
	struct chart chart;
};

struct reader *
reader_new(const struct phrasebook *book)
{
	struct reader *reader = malloc(sizeof(*reader));

	if (reader != NULL)
		reader->book = book;

	return reader;
}

void
reader_free(struct reader **reader)
{
	free(*reader);
	*reader = NULL;
}

static void
add_reading(struct readings *out, const struct reading *reading)
{
	uint32_t i;

	out->trees++;
	for (i = 0; i < out->values; i++) {
		if (out->reading[i].value == reading->value)
			return;
	}
	if (out->values < 2)
		out->reading[out->values++] = *reading;
}

int
reader_read(struct reader *reader, const char *instruction,
    const struct values *values, enum reader_care care, struct readings *out)
{
	const struct chart *chart = &reader->chart;
	struct wording *wording = &reader->wording;
	struct reading reading;
	bool told, all = true;
	uint32_t i;

	out->trees = 0;
	out->values = 0;
	if (!wording_set(wording, reader->book, instruction, values))
		return 0;
	chart_read(&reader->chart, wording);
	for (i = 0; i < chart->roots; i++) {
		if (!forest_take(
			&chart->forest, chart->root[i], &reading.meant))
			continue;
		told = care == READER_WIDE ||
		    retell(&reader->retell, wording, &reading.meant.tree,
			reading.meant.name, true);
		all = all && (care == READER_WIDE || !reader->retell.full);
		if (!told)
			continue;
		reading.value = eval_tree(&reading.meant.tree, values).value;
		add_reading(out, &reading);
	}

	return all && !chart->full ? 0 : -1;
}

bool
reader_mark(struct reader *reader, const char *instruction,
    const struct values *values, const struct tree *tree, const int16_t *name,
    enum reader_care care, uint8_t *used, uint8_t bit)
{
	if (!wording_set(&reader->wording, reader->book, instruction, values) ||
	    !retell(&reader->retell, &reader->wording, tree, name,
		care == READER_STRICT))
		return false;
	retell_mark(&reader->retell, used, bit);

	return true;
}
