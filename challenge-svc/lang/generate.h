/*
 * Drawing one instance: an operation, its tree, digits that suit it, and the
 * two texts.  challenge_generate() is this without the tree, at which the
 * sampler, the check of phrasebooks and the tests look.
 */

#ifndef CHALLENGE_SVC_LANG_GENERATE_H
#define CHALLENGE_SVC_LANG_GENERATE_H

#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/frames.h"
#include "challenge-svc/lang/misread.h"
#include "challenge-svc/lang/operations.h"
#include "challenge-svc/lang/phrasebook.h"
#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/* Trees drawn before giving up.  Of so many one is kept: 1.2 at easy, 8 at
 * medium, 4.6 at hard; the most seen in 150,000 is 380. */
#define GENERATE_DRAWS_MAX 4000

struct instance {
	enum operation operation;
	enum frame frame;
	struct tree tree;
	struct values values;
	int64_t answer;
	uint32_t words; /* of the instruction */
	uint32_t draws; /* trees drawn until this one */
	uint32_t human_time_ms;
	struct misread_slips slips;
	char text[CHALLENGE_TEXT_MAX + 1];
	char instruction[CHALLENGE_INSTRUCTION_MAX + 1];
};

/*
 * Draws the instance of level and seed.  It is free of doubts (eval.h), no
 * misreading (misread.h) gives its answer, and it fits all bounds.  Should
 * GENERATE_DRAWS_MAX trees not be enough, it is the sum of all digits but the
 * largest, over digits that suit it: every book that draws this operation at
 * easy has words for that.
 */
void generate_instance(struct instance *out, const struct phrasebook *book,
    enum challenge_level level, const uint8_t seed[CHALLENGE_SEED_BYTES]);

#endif
