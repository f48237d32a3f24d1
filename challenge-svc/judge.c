/*
 * See judge.h.
 */
#include "challenge-svc/judge.h"
#include "challenge-svc/lang/challenge.h"

/* The proto's misreadings are the engine's: one cast, checked here. */
_Static_assert((int)misreading_OTHER == (int)MISREAD_NOTHING &&
	(int)misreading_PLAIN_SUM == (int)MISREAD_PLAIN_SUM &&
	(int)misreading_EXTREME == (int)MISREAD_EXTREME &&
	(int)misreading_PLAIN_RULE == (int)MISREAD_PLAIN_RULE &&
	(int)misreading_EXCEPTION == (int)MISREAD_EXCEPTION &&
	(int)misreading_CORRECTION == (int)MISREAD_CORRECTION &&
	(int)misreading_CONDITION == (int)MISREAD_CONDITION &&
	(int)misreading_STAGE == (int)MISREAD_STAGE &&
	(int)misreading_OPERATOR == (int)MISREAD_OPERATOR &&
	(int)misreading_OPPOSITE == (int)MISREAD_OPPOSITE &&
	(int)misreading_SELECTION == (int)MISREAD_SELECTION &&
	(int)misreading_NAME == (int)MISREAD_NAME &&
	(int)misreading_RULE == (int)MISREAD_RULE &&
	(int)misreading_ORDER == (int)MISREAD_ORDER &&
	MISREADINGS == MISREAD_ORDER + 1,
    "the misreadings of the messages are those of the engine");

static uint32_t
clamp_ms(int64_t ms)
{
	if (ms < 0)
		return 0;
	return ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

struct judgement
judge_answer(const struct challenge_row *row, double answer, int64_t now_ms)
{
	struct judgement judgement = { .verdict = verdict_INCORRECT };

	judgement.solve_ms = now_ms > row->issued_at ? now_ms - row->issued_at
						     : 0;
	/* Answers are far below 2^53: the conversion is exact. */
	if (answer < (double)row->answer || answer > (double)row->answer)
		return judgement;
	judgement.score = challenge_score_tenths(
	    clamp_ms(judgement.solve_ms), clamp_ms(row->human_ms));
	if (judgement.score < row->min_score * 10)
		judgement.verdict = verdict_TOO_SLOW;
	else if (judgement.solve_ms < row->min_solve_ms)
		judgement.verdict = verdict_TOO_FAST;
	else
		judgement.verdict = verdict_ALLOWED;
	return judgement;
}

enum misreading
judge_misreading(const struct slips *slips, double answer)
{
	int64_t whole;
	uint32_t i;

	/* Slips are 16 bits wide; what is not a number is not between. */
	if (!(answer >= INT16_MIN && answer <= INT16_MAX))
		return misreading_OTHER;
	whole = (int64_t)answer;
	if (answer < (double)whole || answer > (double)whole)
		return misreading_OTHER;
	for (i = 0; i < slips->count; i++) {
		if (slips->slip[i].answer == whole)
			return (enum misreading)slips->slip[i].misreading;
	}
	return misreading_OTHER;
}

bool
judge_expired(const struct challenge_row *row, int64_t now_ms)
{
	return now_ms >= row->expires_at;
}
