/*
 * Drawing one instance: an operation, its tree, digits that suit it, and the
 * two texts.  challenge_generate() is this without the tree; the tests and
 * later the analytics look at the tree behind a challenge by it.
 */

#ifndef CHALLENGE_SVC_LANG_GENERATE_H
#define CHALLENGE_SVC_LANG_GENERATE_H

#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/misread.h"
#include "challenge-svc/lang/operations.h"
#include "challenge-svc/lang/tree.h"
#include "challenge-svc/lang/values.h"

/* Trees drawn before giving up.  One in three is kept, so this is never. */
#define GENERATE_DRAWS_MAX 2000

struct instance {
	enum operation operation;
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
 * largest, over digits that suit it.
 */
void generate_instance(struct instance *out, enum challenge_level level,
    const uint8_t seed[CHALLENGE_SEED_BYTES]);

#endif
