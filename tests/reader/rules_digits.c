/*
 * Numbers that are made of digits, and selections of digits.  See rules.h.
 */

#include "tests/reader/rules.h"

static const struct rule numbers[] = {
	/*
	 * A slip is mended with its like: figures with figures, a number that
	 * was worked out with another.
	 */
	{ "NUMBER", MEAN_SAME, "FIGURES" },
	{ "NUMBER", MEAN_SAME, "MADE" },
	{ "FIGURES", MEAN_FIGURE, "FIGURE" },
	{ "FIGURES", MEAN_SAME, "FIGURES2 , no|sorry , FIGURES1" },
	{ "FIGURES", MEAN_SAME, "FIGURES2 , or rather FIGURES1" },
	{ "MADE", MEAN_SAME, "MADE2 , no|sorry , MADE1" },
	{ "MADE", MEAN_SAME, "MADE2 , or rather MADE1" },
	{ "MADE", MEAN_SAME, "MADE1 , not MADE2" },

	{ "MADE", MEAN_NAME, "LETTER" },
	{ "MADE", MEAN_TOTAL, "the sum|total of DIGITS" },
	{ "MADE", MEAN_HOW_MANY, "the number of BARE" },
	{ "MADE", MEAN_DIFFERENT,
	    "the number of different values among DIGITS" },
	{ "MADE", MEAN_DIFFERENT, "the number of different values among ALL" },
	{ "ALL", MEAN_EVERY, "the digits" },
	{ "MADE", MEAN_MAXIMUM, "the largest|highest digit" },
	{ "MADE", MEAN_MAXIMUM, "the largest|highest of DIGITS" },
	{ "MADE", MEAN_MINIMUM, "the smallest|lowest digit" },
	{ "MADE", MEAN_MINIMUM, "the smallest|lowest of DIGITS" },
	{ "MADE", MEAN_NTH_LARGEST, "the TH largest|highest digit" },
	{ "MADE", MEAN_NTH_LARGEST, "the TH largest|highest of DIGITS" },
	{ "MADE", MEAN_NTH_SMALLEST, "the TH smallest|lowest digit" },
	{ "MADE", MEAN_NTH_SMALLEST, "the TH smallest|lowest of DIGITS" },
	{ "MADE", MEAN_SPREAD, "the difference between EXTREMES" },
	{ "MADE", MEAN_SPAN, "the product of EXTREMES" },
	{ "MADE", MEAN_POLES, "the sum of EXTREMES" },
	{ "EXTREMES", MEAN_EVERY,
	    "the largest|highest and the smallest|lowest digit" },
	{ "EXTREMES", MEAN_SAME,
	    "the largest|highest and the smallest|lowest of DIGITS" },
	{ "MADE", MEAN_MULTIPLIED, "the product of DIGITS" },
	{ "MADE", MEAN_PLACE, "the TH digit" },
	{ "MADE", MEAN_PLACE, "the TH of DIGITS" },
	{ "MADE", MEAN_LAST, "the last digit" },
	{ "MADE", MEAN_LAST, "the last of DIGITS" },
	{ "MADE", MEAN_RIGHT_OF, "the digit right|just after the MARK" },
	{ "MADE", MEAN_LEFT_OF, "the digit right|just before the MARK" },
	{ "MADE", MEAN_DOUBLE_VALUE, "the digit that appears more than once" },
	{ "MADE", MEAN_DOUBLE_VALUE, "the repeated digit" },

	/* one digit, if "among" is taken to go with it */
	{ "MADE", MEAN_MAXIMUM, "the largest|highest digit among DIGITS" },
	{ "MADE", MEAN_MINIMUM, "the smallest|lowest digit among DIGITS" },
	{ "MADE", MEAN_NTH_LARGEST,
	    "the TH largest|highest digit among DIGITS" },
	{ "MADE", MEAN_NTH_SMALLEST,
	    "the TH smallest|lowest digit among DIGITS" },
	{ "MADE", MEAN_PLACE, "the TH digit among DIGITS" },
	{ "MADE", MEAN_LAST, "the last digit among DIGITS" },
	{ "MADE", MEAN_DOUBLE_VALUE,
	    "the digit that appears more than once among DIGITS" },
	{ "MADE", MEAN_DOUBLE_VALUE, "the repeated digit among DIGITS" },

	/* numbers made of numbers */
	{ "MADE", MEAN_OFTEN, "OFTEN NUMBER" },
	{ "MADE", MEAN_PLUS, "NUMBER plus NUMBER" },
	{ "MADE", MEAN_MINUS, "NUMBER minus NUMBER" },
	{ "MADE", MEAN_TIMES, "NUMBER times NUMBER" },
	{ "MADE", MEAN_PLUS, "the sum of NUMBER and NUMBER" },
	{ "MADE", MEAN_TIMES, "the product of NUMBER and NUMBER" },
	{ "MADE", MEAN_APART, "the difference between NUMBER and NUMBER" },
	{ "MADE", MEAN_LARGER, "the larger of NUMBER and NUMBER" },
	{ "MADE", MEAN_SMALLER, "the smaller of NUMBER and NUMBER" },
	{ "MADE", MEAN_LARGER,
	    "the larger of two numbers , NUMBER and NUMBER" },
	{ "MADE", MEAN_SMALLER,
	    "the smaller of two numbers , NUMBER and NUMBER" },
};

static const struct rule digits[] = {
	/* whole selections */
	{ "DIGITS", MEAN_EVERY, "all digits" },
	{ "DIGITS", MEAN_EVERY, "all the digits" },
	{ "DIGITS", MEAN_EVENS, "the|all even digits" },
	{ "DIGITS", MEAN_ODDS, "the|all odd digits" },
	{ "DIGITS", MEAN_EVENS, "all the even digits" },
	{ "DIGITS", MEAN_ODDS, "all the odd digits" },
	{ "DIGITS", MEAN_SAME, "the|all digits WHICH" },
	{ "DIGITS", MEAN_SAME, "all the digits WHICH" },
	{ "DIGITS", MEAN_HEAD, "the first WORD digits" },
	{ "DIGITS", MEAN_TAIL, "the last WORD digits" },
	{ "DIGITS", MEAN_TOP, "the WORD largest|highest digits" },
	{ "DIGITS", MEAN_BOTTOM, "the WORD smallest|lowest digits" },
	{ "DIGITS", MEAN_FROM_FIRST,
	    "every second|other digit starting|beginning with the first" },
	{ "DIGITS", MEAN_FROM_SECOND,
	    "every second|other digit starting|beginning with the second" },

	/* selections from others */
	{ "DIGITS", MEAN_AMONG, "RANKED of DIGITS" },
	{ "DIGITS", MEAN_AMONG, "DIGITS among DIGITS" },
	{ "DIGITS", MEAN_AMONG, "FIELD2 that are SUCH1" },
	{ "DIGITS", MEAN_BUT, "DIGITS except OMITTED" },
	{ "DIGITS", MEAN_BUT, "DIGITS without OMITTED" },
	{ "DIGITS", MEAN_BUT, "DIGITS other than OMITTED" },

	/* afterthoughts, which may mend whatever selection has just ended */
	{ "DIGITS", MEAN_SAME, "DIGITS2 , no|sorry , DIGITS1" },
	{ "DIGITS", MEAN_SAME, "DIGITS2 , or rather DIGITS1" },
	{ "DIGITS", MEAN_SAME, "RANKED2 , no|sorry , DIGITS1" },
	{ "DIGITS", MEAN_SAME, "RANKED2 , or rather DIGITS1" },
	{ "DIGITS", MEAN_RATHER, "DIGITS , not DIGITS" },
	{ "DIGITS", MEAN_RATHER, "DIGITS , not OMITTED" },
	{ "RANKED", MEAN_SAME, "RANKED2 , no|sorry , RANKED1" },
	{ "OMITTED", MEAN_SAME, "OMITTED2 , no|sorry , OMITTED1" },

	/* the largest; even digits; the even ones */
	{ "RANKED", MEAN_TOP, "the largest|highest" },
	{ "RANKED", MEAN_TOP, "the WORD largest|highest" },
	{ "RANKED", MEAN_BOTTOM, "the smallest|lowest" },
	{ "RANKED", MEAN_BOTTOM, "the WORD smallest|lowest" },
	{ "RANKED", MEAN_HEAD, "the first" },
	{ "RANKED", MEAN_HEAD, "the first WORD" },
	{ "RANKED", MEAN_TAIL, "the last" },
	{ "RANKED", MEAN_TAIL, "the last WORD" },
	{ "OMITTED", MEAN_SAME, "RANKED" },
	{ "OMITTED", MEAN_SAME, "RANKED of them" },
	{ "OMITTED", MEAN_EVENS, "the even ones" },
	{ "OMITTED", MEAN_ODDS, "the odd ones" },
	{ "OMITTED", MEAN_SAME, "those WHICH" },
	{ "OMITTED", MEAN_AT_RIGHT_OF, "the one right|just after the MARK" },
	{ "OMITTED", MEAN_AT_LEFT_OF, "the one right|just before the MARK" },
	{ "BARE", MEAN_EVENS, "even digits" },
	{ "BARE", MEAN_ODDS, "odd digits" },
	{ "BARE", MEAN_SAME, "digits WHICH" },
	{ "BARE", MEAN_AMONG, "BARE among DIGITS" },
	{ "BARE", MEAN_BUT, "BARE except OMITTED" },
	{ "BARE", MEAN_BUT, "BARE other than OMITTED" },
	{ "THE_DIGIT", MEAN_TOP, "the largest|highest digit" },
	{ "THE_DIGIT", MEAN_BOTTOM, "the smallest|lowest digit" },
	{ "THE_DIGIT", MEAN_HEAD, "the first digit" },
	{ "THE_DIGIT", MEAN_TAIL, "the last digit" },

	/* the digits ... */
	{ "WHICH", MEAN_OVER, "above NUMBER" },
	{ "WHICH", MEAN_OVER, "greater|larger than NUMBER" },
	{ "WHICH", MEAN_UNDER, "below NUMBER" },
	{ "WHICH", MEAN_UNDER, "less|smaller than NUMBER" },
	{ "WHICH", MEAN_SAME, "SIDE" },
	{ "WHICH", MEAN_IN_GROUP, "in group LETTER" },
	{ "WHICH", MEAN_OUT_OF_GROUP, "outside group LETTER" },
	{ "WHICH", MEAN_OF_PERSON, "that PERSON writes down" },
	{ "WHICH", MEAN_ONWARDS, "from the TH one on" },
	{ "WHICH", MEAN_ONWARDS, "from the TH one to the end" },
	{ "WHICH", MEAN_UNIQUE, "that appear exactly|only once" },
	{ "WHICH", MEAN_SAME, "that are SUCH" },
	{ "FIELD", MEAN_SAME, "the|all digits SIDE" },
	{ "FIELD", MEAN_IN_GROUP, "the|all digits in group LETTER" },
	{ "FIELD", MEAN_OUT_OF_GROUP, "the|all digits outside group LETTER" },
	{ "FIELD", MEAN_OF_PERSON, "the|all digits that PERSON writes down" },
	{ "SIDE", MEAN_LEFT_SIDE, "before the MARK" },
	{ "SIDE", MEAN_LEFT_SIDE, "left of the MARK" },
	{ "SIDE", MEAN_LEFT_SIDE, "to the left of the MARK" },
	{ "SIDE", MEAN_RIGHT_SIDE, "after the MARK" },
	{ "SIDE", MEAN_RIGHT_SIDE, "right of the MARK" },
	{ "SIDE", MEAN_RIGHT_SIDE, "to the right of the MARK" },
	{ "SIDE", MEAN_BETWEEN, "between the MARK and the MARK" },

	/* ... that are; also of the digit that is a bus stop */
	{ "SUCH", MEAN_EVENS, "even" },
	{ "SUCH", MEAN_ODDS, "odd" },
	{ "SUCH", MEAN_OVER, "above NUMBER" },
	{ "SUCH", MEAN_OVER, "greater|larger than NUMBER" },
	{ "SUCH", MEAN_UNDER, "below NUMBER" },
	{ "SUCH", MEAN_UNDER, "less|smaller than NUMBER" },
	{ "SUCH", MEAN_SAME, "SIDE" },
	{ "SUCH", MEAN_IN_GROUP, "in group LETTER" },
	{ "SUCH", MEAN_OUT_OF_GROUP, "outside group LETTER" },
	{ "SUCH", MEAN_RISING, "greater|larger than their left neighbour" },
	{ "SUCH", MEAN_FALLING, "less|smaller than their left neighbour" },
	{ "SUCH", MEAN_NOT, "not SUCH" },
	{ "SUCH", MEAN_NEITHER, "neither SUCH nor SUCH" },
};

const struct rule *
rules_of_numbers(size_t *count)
{
	*count = sizeof(numbers) / sizeof(numbers[0]);

	return numbers;
}

const struct rule *
rules_of_digits(size_t *count)
{
	*count = sizeof(digits) / sizeof(digits[0]);

	return digits;
}
