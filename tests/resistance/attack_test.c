/*
 * The attackers learn what can be learnt: a toy language of a few sentences
 * falls to each of those that learn, so that none of them is a straw man.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/resistance/attack.h"

#define TRAIN ((size_t)240)
#define FRESH ((size_t)120)

static struct words words;
static struct corpus train, fresh, blind;
static uint32_t seed;

static unsigned int
draw(unsigned int below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static int
part_sum(const uint8_t *digits, int count, bool odd)
{
	int i, sum = 0;

	for (i = 0; i < count; i++)
		sum += digits[i] % 2 == odd ? digits[i] : 0;
	return sum;
}

/* One challenge of a language of six sentences. */
static void
draw_toy(struct corpus *corpus)
{
	static const char *const operations[] = { "EVEN", "ODD", "MOST",
		"SPREAD", "FIRST", "NEXT" };
	unsigned int kind = draw(6), k = 10 + draw(80), n = 2 + draw(2);
	char text[32], instruction[120];
	uint8_t digits[6];
	int i, most = 0, least = 9, answer = 0;
	size_t at = 0, mark = 1 + draw(4);

	for (i = 0; i < 6; i++) {
		digits[i] = (uint8_t)draw(10);
		most = digits[i] > most ? digits[i] : most;
		least = digits[i] < least ? digits[i] : least;
		if ((size_t)i == mark)
			text[at++] = '#';
		text[at++] = (char)('0' + digits[i]);
		text[at++] = (char)('K' + draw(9));
	}
	text[at] = '\0';
	switch (kind) {
	case 0:
	case 1:
		snprintf(instruction, sizeof(instruction),
		    "Sum the %s digits. Then add %u.", kind ? "odd" : "even",
		    k);
		answer = part_sum(digits, 6, kind == 1) + (int)k;
		break;
	case 2:
		snprintf(instruction, sizeof(instruction),
		    "Take the largest digit from %u.", k);
		answer = (int)k - most;
		break;
	case 3:
		snprintf(instruction, sizeof(instruction),
		    "How far apart are the largest and the smallest digit?");
		answer = most - least;
		break;
	case 4:
		snprintf(instruction, sizeof(instruction),
		    "Add up the first %s digits.", n == 2 ? "two" : "three");
		for (i = 0; i < (int)n; i++)
			answer += digits[i];
		break;
	default:
		snprintf(instruction, sizeof(instruction),
		    "Multiply the digit right after the # by %u.", k);
		answer = digits[mark] * (int)k;
	}
	corpus_add(corpus, &words, text, instruction, operations[kind], answer);
}

/*
 * Two sentences that go together in any way; the odd pairs are never shown
 * to who learns.
 */
static void
draw_pair(struct corpus *corpus, bool shown)
{
	static const char *const sets[] = { "even digits", "odd digits",
		"first two digits", "last three digits", "digits above 4",
		"digits below 6" };
	static const char *const ends[] = { "Then add",
		"Then take the result away from", "Then multiply it by",
		"Then subtract" };
	unsigned int set, end, k = 20 + draw(70);
	char text[16], instruction[120];
	uint8_t digit;
	int answer, sum = 0;
	size_t i;

	do {
		set = draw(6);
		end = draw(4);
	} while (((set + end) % 4 != 3) != shown);
	for (i = 0; i < 7; i++) {
		digit = (uint8_t)draw(10);
		text[2 * i] = (char)('0' + digit);
		text[2 * i + 1] = 'x';
		if ((set == 0 && digit % 2 == 0) ||
		    (set == 1 && digit % 2 != 0) || (set == 2 && i < 2) ||
		    (set == 3 && i > 3) || (set == 4 && digit > 4) ||
		    (set == 5 && digit < 6))
			sum += digit;
	}
	text[14] = '\0';
	answer = sum + (int)k;
	if (end == 1)
		answer = (int)k - sum;
	else if (end == 2)
		answer = sum * (int)k;
	else if (end == 3)
		answer = sum - (int)k;
	snprintf(instruction, sizeof(instruction), "Sum the %s. %s %u.",
	    sets[set], ends[end], k);
	corpus_add(corpus, &words, text, instruction, "ANY", answer);
}

static int
draw_all(void **state)
{
	size_t i;

	(void)state;
	seed = 7;
	for (i = 0; i < TRAIN; i++)
		draw_toy(&train);
	for (i = 0; i < FRESH; i++)
		draw_toy(&fresh);
	corpus_blind(&blind, &fresh);
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	corpus_free(&train);
	corpus_free(&fresh);
	corpus_free(&blind);
	words_free(&words);
	return 0;
}

static size_t
solved(void (*run)(const struct attack *, int64_t *))
{
	struct attack attack;
	int64_t answer[FRESH];
	size_t i, good = 0;

	memset(&attack, 0, sizeof(attack));
	attack.words = &words;
	attack.train = &train;
	attack.fresh = &blind;
	attack.every[0] = &train;
	run(&attack, answer);
	for (i = 0; i < FRESH; i++)
		good += answer[i] == fresh.at[i].answer;
	return good;
}

static void
bayes_learns_the_toy(void **state)
{
	(void)state;
	assert_true(solved(attack_bayes) * 10 > FRESH * 9);
}

static void
nearest_learns_the_toy(void **state)
{
	(void)state;
	assert_true(solved(attack_nearest) * 10 > FRESH * 9);
}

static void
parser_learns_the_toy(void **state)
{
	(void)state;
	assert_true(solved(attack_parser) * 10 > FRESH * 9);
}

static void
parser_reads_sentences_that_it_never_saw_together(void **state)
{
	struct corpus known = { NULL, 0 }, other = { NULL, 0 };
	struct attack attack;
	int64_t answer[FRESH];
	size_t i, good = 0;

	(void)state;
	for (i = 0; i < TRAIN; i++)
		draw_pair(&known, true);
	for (i = 0; i < FRESH; i++)
		draw_pair(&other, false);
	memset(&attack, 0, sizeof(attack));
	attack.words = &words;
	attack.train = &known;
	attack.fresh = &other;
	attack.every[0] = &known;
	attack_parser(&attack, answer);
	for (i = 0; i < FRESH; i++)
		good += answer[i] == other.at[i].answer;
	assert_true(good * 10 > FRESH * 9);
	corpus_free(&known);
	corpus_free(&other);
}

static void
one_rule_does_not(void **state)
{
	(void)state;
	assert_true(solved(attack_sum) * 10 < FRESH * 4);
	assert_true(solved(attack_best_program) * 10 < FRESH * 5);
	assert_true(solved(attack_blind) * 10 < FRESH * 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bayes_learns_the_toy),
		cmocka_unit_test(nearest_learns_the_toy),
		cmocka_unit_test(parser_learns_the_toy),
		cmocka_unit_test(
		    parser_reads_sentences_that_it_never_saw_together),
		cmocka_unit_test(one_rule_does_not),
	};

	return cmocka_run_group_tests(tests, draw_all, free_all);
}
