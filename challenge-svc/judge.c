/*
 * See judge.h.
 */
#include "challenge-svc/judge.h"
#include "challenge-svc/lang/challenge.h"

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

bool
judge_expired(const struct challenge_row *row, int64_t now_ms)
{
	return now_ms >= row->expires_at;
}
