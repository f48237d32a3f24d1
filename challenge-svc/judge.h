/*
 * The rules of judging an answer: pure, of the row, the answer and the time.
 */
#ifndef CHALLENGE_SVC_JUDGE_H
#define CHALLENGE_SVC_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/store.h"

/*
 * Below this a language model has hardly read the challenge, let alone
 * answered: it is told by siteverify as a signal, not refused (a key may,
 * with minSolveMs). Milliseconds; first-token latencies of hosted models are
 * 150 ms and up.
 */
#define JUDGE_IMPLAUSIBLE_MS 150

struct judgement {
	enum verdict verdict;
	enum misreading misreading; /* of INCORRECT: see judge_misreading */
	int64_t solve_ms;
	int64_t score; /* tenths of a point; 0 for a wrong answer */
};

/*
 * Judges an answer to an OPEN row that has not expired at now_ms. Why it is
 * wrong is left OTHER: that takes the slips.
 */
struct judgement
judge_answer(const struct challenge_row *row, double answer, int64_t now_ms);

/* The misreading that gives a wrong answer, OTHER when none is known to. */
enum misreading judge_misreading(const struct slips *slips, double answer);

/* True from the millisecond on in which the row's time is over. */
bool judge_expired(const struct challenge_row *row, int64_t now_ms);

#endif
