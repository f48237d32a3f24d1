/*
 * All readings of an instruction at once: a chart parser after Earley ("An
 * efficient context-free parsing algorithm", CACM 13(2), 1970), whose grammar
 * is a phrasebook.  Phrases may begin with a slot for a child, which is no
 * trouble to a chart.
 */

#ifndef CHALLENGE_SVC_CHECK_CHART_H
#define CHALLENGE_SVC_CHECK_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/check/forest.h"
#include "challenge-svc/check/wording.h"
#include "challenge-svc/lang/phrasebook.h"

#define CHART_ITEMS_MAX 32768
#define CHART_BUCKETS	4096
#define CHART_ROOTS_MAX 1024
#define CHART_POSITIONS (CHALLENGE_INSTRUCTION_MAX + 1)

/*
 * An item is one of three: a phrase that has been read up to a slot for a
 * child, a node that has been read as a whole, and what is looked for from
 * some place on.
 */
enum chart_item_type { CHART_OPEN, CHART_DONE, CHART_WANT };

struct chart_item {
	struct forest_node node; /* open: as far as it is known */
	uint16_t from, to;	 /* bytes of the text; to is a want's place */
	uint16_t phrase;	 /* open: its number in phrasebook_all() */
	uint16_t symbol;	 /* done, want: see chart.c */
	uint16_t id;		 /* done: the node's number */
	uint8_t type;
	uint8_t piece;	    /* open: the slot's */
	uint8_t known;	    /* open: what of the node is known */
	uint32_t next;	    /* in its bucket */
	uint32_t next_here; /* on the agenda of a place, or that wait for it */
	uint32_t waiting;   /* want: the first item that waits for it */
};

struct chart {
	const struct wording *wording;
	const struct phrase *phrases;
	struct forest forest;
	struct chart_item item[CHART_ITEMS_MAX];
	uint32_t bucket[CHART_BUCKETS];
	uint32_t agenda[CHART_POSITIONS];
	uint32_t count;
	uint16_t root[CHART_ROOTS_MAX]; /* nodes that the whole text says */
	uint32_t roots;
	bool full; /* something did not fit: roots are not all */
};

/* Reads the text from FORM_SAY at the root: fills forest and root. */
void chart_read(struct chart *chart, const struct wording *wording);

#endif
