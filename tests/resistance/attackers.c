/*
 * The list of attackers; see attack.h.
 */
#include "tests/resistance/attack.h"

const struct attacker attackers[] = {
	{ "blind guessing", attack_blind, false, false },
	{ "a  sum of all digits", attack_sum, false, false },
	{ "a  largest", attack_largest, false, false },
	{ "a  smallest", attack_smallest, false, false },
	{ "a  count", attack_count, false, false },
	{ "a  product", attack_product, false, false },
	{ "a  best single program", attack_best_program, false, false },
	{ "b  keyword rules", attack_keywords, false, false },
	{ "c  naive Bayes", attack_bayes, false, false },
	{ "d  nearest instructions", attack_nearest, false, false },
	{ "e  learned parser", attack_parser, false, true },
	{ "insider, given trees", attack_insider, true, false },
	{ NULL, NULL, false, false },
};
