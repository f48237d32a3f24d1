/*
 * The challenge language: what the rest of challenge-svc may use of it.
 *
 * A challenge is a typed expression tree (tree.h) over the digits of a noisy
 * text (values.h), drawn by recipes (operations.h, frames.h), put into English
 * (render.h) in the words of phrase packs (pack.h), and answered by the
 * evaluator (eval.h).  Everything here is a pure function of its arguments: no
 * I/O, no clock, no globals that change, and no heap but for reading packs, so
 * any thread may call it.
 */

#ifndef CHALLENGE_SVC_LANG_CHALLENGE_H
#define CHALLENGE_SVC_LANG_CHALLENGE_H

#include <stdint.h>

enum challenge_level { LEVEL_EASY, LEVEL_MEDIUM, LEVEL_HARD };

#define CHALLENGE_LEVELS	  3
#define CHALLENGE_TEXT_MAX	  96  /* bytes without NUL */
#define CHALLENGE_DIGITS_MAX	  48  /* digits of text, in order */
#define CHALLENGE_INSTRUCTION_MAX 480 /* bytes without NUL */
#define CHALLENGE_WORDS_MAX	  60  /* words of an instruction */
#define CHALLENGE_OPERATION_MAX	  40  /* bytes without NUL */
#define CHALLENGE_SEED_BYTES	  16
#define CHALLENGE_SLIPS_MAX	  24 /* wrong answers that are told apart */

/*
 * Ways to misunderstand an instruction, the likeliest first.  The numbers are
 * kept in databases: only ever appended to.
 */
enum challenge_misreading {
	MISREAD_NOTHING,    /* no misreading gives this answer */
	MISREAD_PLAIN_SUM,  /* added all digits */
	MISREAD_EXTREME,    /* gave the largest or the smallest digit */
	MISREAD_PLAIN_RULE, /* product, count, first or last digit */
	MISREAD_EXCEPTION,  /* ignored what is left out */
	MISREAD_CORRECTION, /* took what was withdrawn, or named as not meant */
	MISREAD_CONDITION,  /* took the other arm */
	MISREAD_STAGE,	    /* ignored a further step */
	MISREAD_OPERATOR,   /* added for subtracted, and so on */
	MISREAD_OPPOSITE,   /* even for odd, largest for smallest, and so on */
	MISREAD_SELECTION,  /* took all digits instead of the selected ones */
	MISREAD_NAME,	    /* took what another name stands for */
	MISREAD_RULE,	    /* followed the rule that was not to be followed */
	MISREAD_ORDER,	    /* took two parts the other way round */
	MISREADINGS
};

/* A wrong answer, and the misreading that leads to it. */
struct challenge_slip {
	int16_t answer;
	uint8_t misreading; /* enum challenge_misreading */
};

/*
 * One challenge.  text holds digits, capital letters and the symbols of
 * values.h; instruction holds letters, digits, spaces, `,.;:?` and those
 * symbols.  Neither ever holds a quotation mark, a backslash, a control
 * character or a byte above 0x7e.  digits are those of text, from the left.
 * answer is between 0 and 9999.  human_time_ms is humantime.h's model.  slips
 * are what common misreadings come to: different answers, none of them right,
 * as many as fit, each with the likeliest misreading that gives it.
 */
struct challenge {
	enum challenge_level level;
	char text[CHALLENGE_TEXT_MAX + 1];
	uint8_t digits[CHALLENGE_DIGITS_MAX];
	uint32_t digits_count;
	char instruction[CHALLENGE_INSTRUCTION_MAX + 1];
	char operation_id[CHALLENGE_OPERATION_MAX + 1];
	int64_t answer;
	uint32_t human_time_ms;
	uint32_t slips_count;
	struct challenge_slip slip[CHALLENGE_SLIPS_MAX];
};

struct phrasebook;

/*
 * Draws the challenge that belongs to level and seed, in the words of book: the
 * same three always give the same challenge within one version of this
 * directory.  Instances
 * that are unclear or that a misreading answers are redrawn inside, a bounded
 * number of times, and it never fails.  Whoever knows the seed knows the
 * answer: take it from a cryptographic source and keep it secret.
 */
void challenge_generate(struct challenge *out, const struct phrasebook *book,
    enum challenge_level level, const uint8_t seed[CHALLENGE_SEED_BYTES]);

/*
 * score = 100 * max(0, 1 - solve / human), returned in tenths of a point,
 * rounded to nearest: 0..1000.  Both times in milliseconds; a human time of 0
 * scores 0.
 */
int challenge_score_tenths(uint32_t solve_ms, uint32_t human_ms);

/* "easy", "medium" or "hard": a constant string. */
const char *challenge_level_name(enum challenge_level level);

/* The inverse, exact and case-sensitive.  0, or -1 and *out untouched. */
int challenge_level_parse(const char *name, enum challenge_level *out);

#endif
