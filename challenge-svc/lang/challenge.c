/*
 * The small rules around a challenge: names of levels and the score.
 */

#include "challenge-svc/lang/challenge.h"

#include <stddef.h>
#include <string.h>

static const char *const level_names[CHALLENGE_LEVELS] = {
	[LEVEL_EASY] = "easy",
	[LEVEL_MEDIUM] = "medium",
	[LEVEL_HARD] = "hard",
};

const char *
challenge_level_name(enum challenge_level level)
{
	return level_names[level];
}

int
challenge_level_parse(const char *name, enum challenge_level *out)
{
	size_t i;

	for (i = 0; i < CHALLENGE_LEVELS; i++) {
		if (strcmp(name, level_names[i]) == 0) {
			*out = (enum challenge_level)i;
			return 0;
		}
	}

	return -1;
}

int
challenge_score_tenths(uint32_t solve_ms, uint32_t human_ms)
{
	uint64_t left;

	if (solve_ms >= human_ms)
		return 0;

	left = (uint64_t)(human_ms - solve_ms);

	return (int)((1000 * left + human_ms / 2) / human_ms);
}
