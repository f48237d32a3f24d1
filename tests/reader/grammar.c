/*
 * The rules: see grammar.h.  Wider than what the generator says, on purpose:
 * a second reading must be found if English has one.
 */

#include "tests/reader/grammar.h"

#include <string.h>

static const struct rule rules[] = {
	/* sentences */
	{ CLASS_FIRST, MEAN_SAME, "ORDER", 0 },
	{ CLASS_FIRST, MEAN_SAME, "what is NUMBER ?", 0 },
	{ CLASS_FIRST, MEAN_HOW_MANY, "how many BARE are there ?", 0 },
	{ CLASS_FIRST, MEAN_DOUBLE_VALUE,
	    "which digit appears more than once ?", 0 },
	{ CLASS_FIRST, MEAN_EITHER, "if CONDITION , ORDER ; otherwise , ORDER",
	    0 },
	{ CLASS_FIRST, MEAN_IF_AFTER, "ORDER if CONDITION ; otherwise , ORDER",
	    0 },
	{ CLASS_FIRST, MEAN_UNLESS,
	    "unless CONDITION , ORDER ; if CONDITION , ORDER", 0 },
	{ CLASS_NEXT, MEAN_SAME, "then STEP", 0 },
	{ CLASS_NEXT, MEAN_BEFORE, "then STEP , but before that STEP", 0 },
	{ CLASS_NEXT, MEAN_SAME, "next|finally , STEP", 0 },
	{ CLASS_NEXT, MEAN_SAME, "after that , STEP", 0 },
	{ CLASS_NEXT, MEAN_SAME, "either way , STEP", 0 },

	/* orders */
	{ CLASS_ORDER, MEAN_SAME, "find|take NUMBER", 0 },
	{ CLASS_ORDER, MEAN_SAME, "work out NUMBER", 0 },
	{ CLASS_ORDER, MEAN_TOTAL, "sum|add DIGITS", 0 },
	{ CLASS_ORDER, MEAN_TOTAL, "add up DIGITS", 0 },
	{ CLASS_ORDER, MEAN_HOW_MANY, "count DIGITS", 0 },
	{ CLASS_ORDER, MEAN_MULTIPLIED, "multiply DIGITS together", 0 },
	{ CLASS_ORDER, MEAN_SPREAD,
	    "subtract the smallest digit from the largest", 0 },
	{ CLASS_ORDER, MEAN_SPREAD,
	    "subtract the smallest of DIGITS from the largest of them", 0 },
	{ CLASS_ORDER, MEAN_SPAN, "multiply the largest digit by the smallest",
	    0 },
	{ CLASS_ORDER, MEAN_SPAN,
	    "multiply the largest of DIGITS by the smallest of them", 0 },
	{ CLASS_ORDER, MEAN_SEESAW,
	    "go through DIGITS in order : take the first , subtract the "
	    "second , add the third , and so on , switching each time",
	    0 },
	{ CLASS_ORDER, MEAN_SEESAW,
	    "start with the first of DIGITS , subtract the next , add the "
	    "one after that , and keep switching like this to the end",
	    0 },
	{ CLASS_ORDER, MEAN_STAIRS,
	    "go through DIGITS in order : multiply the first by 1 , the "
	    "second by 2 , the third by 3 , and so on , and add the results",
	    0 },
	{ CLASS_ORDER, MEAN_STAIRS,
	    "add DIGITS , counting the first of them once , the second "
	    "twice , the third three times , and so on",
	    0 },
	{ CLASS_ORDER, MEAN_TOTAL_EXTRA,
	    "add|sum DIGITS , counting OMITTED OFTEN", 0 },
	{ CLASS_ORDER, MEAN_TOTAL_EXTRA,
	    "add|sum DIGITS , but count OMITTED OFTEN", 0 },
	{ CLASS_ORDER, MEAN_TOTAL_EXTRA,
	    "add|sum DIGITS , counting RANKED of them OFTEN", 0 },
	{ CLASS_ORDER, MEAN_PLUS, "add NUMBER to NUMBER", 0 },
	{ CLASS_ORDER, MEAN_TAKEN, "subtract NUMBER from NUMBER", 0 },
	{ CLASS_ORDER, MEAN_TIMES, "multiply NUMBER by NUMBER", 0 },

	/* steps from a result; n is the part, 0 or 1, that it is */
	{ CLASS_STEP, MEAN_PLUS, "add NUMBER", 0 },
	{ CLASS_STEP, MEAN_PLUS, "add NUMBER to the result", 0 },
	{ CLASS_STEP, MEAN_MINUS, "subtract NUMBER", 0 },
	{ CLASS_STEP, MEAN_MINUS, "subtract NUMBER from the result", 0 },
	{ CLASS_STEP, MEAN_MINUS, "subtract the result from NUMBER", 1 },
	{ CLASS_STEP, MEAN_TIMES, "multiply the result by NUMBER", 0 },

	/* numbers */
	{ CLASS_NUMBER, MEAN_FIGURE, "FIGURE", 0 },
	{ CLASS_NUMBER, MEAN_TOTAL, "the sum|total of DIGITS", 0 },
	{ CLASS_NUMBER, MEAN_HOW_MANY, "the number of BARE", 0 },
	{ CLASS_NUMBER, MEAN_MAXIMUM, "the largest digit", 0 },
	{ CLASS_NUMBER, MEAN_MAXIMUM, "the largest of DIGITS", 0 },
	{ CLASS_NUMBER, MEAN_MINIMUM, "the smallest digit", 0 },
	{ CLASS_NUMBER, MEAN_MINIMUM, "the smallest of DIGITS", 0 },
	{ CLASS_NUMBER, MEAN_SPREAD,
	    "the difference between the largest and the smallest digit", 0 },
	{ CLASS_NUMBER, MEAN_SPREAD,
	    "the difference between the largest and the smallest of DIGITS",
	    0 },
	{ CLASS_NUMBER, MEAN_SPAN,
	    "the product of the largest and the smallest digit", 0 },
	{ CLASS_NUMBER, MEAN_SPAN,
	    "the product of the largest and the smallest of DIGITS", 0 },
	{ CLASS_NUMBER, MEAN_MULTIPLIED, "the product of DIGITS", 0 },
	{ CLASS_NUMBER, MEAN_NTH, "the TH digit", 0 },
	{ CLASS_NUMBER, MEAN_NTH, "the last digit", -1 },
	{ CLASS_NUMBER, MEAN_RIGHT_OF, "the digit right|just after the MARK",
	    0 },
	{ CLASS_NUMBER, MEAN_LEFT_OF, "the digit right|just before the MARK",
	    0 },
	{ CLASS_NUMBER, MEAN_DOUBLE_VALUE,
	    "the digit that appears more than once", 0 },
	{ CLASS_NUMBER, MEAN_AMENDED, "FIGURE , no|sorry , FIGURE", 0 },

	/* selections */
	{ CLASS_DIGITS, MEAN_SAME, "PART", 0 },
	{ CLASS_DIGITS, MEAN_AMENDED, "PART , no|sorry , PART", 0 },
	{ CLASS_DIGITS, MEAN_AMENDED, "RANKED , no|sorry , PART", 0 },
	{ CLASS_DIGITS, MEAN_AMENDED, "PART , or rather PART", 0 },
	{ CLASS_DIGITS, MEAN_RATHER, "PART , not PART", 0 },
	{ CLASS_DIGITS, MEAN_RATHER, "PART , not OMITTED", 0 },
	{ CLASS_PART, MEAN_SAME, "CHOSEN", 0 },
	{ CLASS_PART, MEAN_BUT, "CHOSEN except OMITTED", 0 },
	{ CLASS_PART, MEAN_BUT, "CHOSEN except RANKED of them", 0 },
	{ CLASS_PART, MEAN_BUT, "CHOSEN other than RANKED of them", 0 },
	{ CLASS_CHOSEN, MEAN_SAME, "SIMPLE", 0 },
	{ CLASS_CHOSEN, MEAN_AMONG, "RANKED of PART", 0 },
	{ CLASS_CHOSEN, MEAN_AMONG, "SIMPLE among PART", 0 },
	{ CLASS_SIMPLE, MEAN_EVERY, "all digits", 0 },
	{ CLASS_SIMPLE, MEAN_EVERY, "all the digits", 0 },
	{ CLASS_SIMPLE, MEAN_EVENS, "the|all even digits", 0 },
	{ CLASS_SIMPLE, MEAN_ODDS, "the|all odd digits", 0 },
	{ CLASS_SIMPLE, MEAN_OVER, "the digits above NUMBER", 0 },
	{ CLASS_SIMPLE, MEAN_OVER, "the digits greater than NUMBER", 0 },
	{ CLASS_SIMPLE, MEAN_UNDER, "the digits below NUMBER", 0 },
	{ CLASS_SIMPLE, MEAN_UNDER, "the digits less than NUMBER", 0 },
	{ CLASS_SIMPLE, MEAN_HEAD, "the first WORD digits", 0 },
	{ CLASS_SIMPLE, MEAN_TAIL, "the last WORD digits", 0 },
	{ CLASS_SIMPLE, MEAN_FROM_FIRST,
	    "every second digit starting with the first", 0 },
	{ CLASS_SIMPLE, MEAN_FROM_FIRST,
	    "every second digit beginning with the first", 0 },
	{ CLASS_SIMPLE, MEAN_FROM_SECOND,
	    "every second digit starting with the second", 0 },
	{ CLASS_SIMPLE, MEAN_FROM_SECOND,
	    "every second digit beginning with the second", 0 },
	{ CLASS_SIMPLE, MEAN_LEFT_SIDE, "the digits before the MARK", 0 },
	{ CLASS_SIMPLE, MEAN_LEFT_SIDE, "the digits to the left of the MARK",
	    0 },
	{ CLASS_SIMPLE, MEAN_RIGHT_SIDE, "the digits after the MARK", 0 },
	{ CLASS_SIMPLE, MEAN_RIGHT_SIDE, "the digits to the right of the MARK",
	    0 },
	{ CLASS_SIMPLE, MEAN_TOP, "the WORD largest digits", 0 },
	{ CLASS_SIMPLE, MEAN_BOTTOM, "the WORD smallest digits", 0 },
	{ CLASS_SIMPLE, MEAN_UNIQUE, "the digits that appear exactly|only once",
	    0 },
	{ CLASS_RANKED, MEAN_TOP, "the largest", 1 },
	{ CLASS_RANKED, MEAN_TOP, "the WORD largest", 0 },
	{ CLASS_RANKED, MEAN_BOTTOM, "the smallest", 1 },
	{ CLASS_RANKED, MEAN_BOTTOM, "the WORD smallest", 0 },
	{ CLASS_RANKED, MEAN_HEAD, "the first", 1 },
	{ CLASS_RANKED, MEAN_HEAD, "the first WORD", 0 },
	{ CLASS_RANKED, MEAN_TAIL, "the last", 1 },
	{ CLASS_RANKED, MEAN_TAIL, "the last WORD", 0 },
	{ CLASS_OMITTED, MEAN_SAME, "RANKED", 0 },
	{ CLASS_OMITTED, MEAN_EVENS, "the even ones", 0 },
	{ CLASS_OMITTED, MEAN_ODDS, "the odd ones", 0 },
	{ CLASS_OMITTED, MEAN_OVER, "those greater than NUMBER", 0 },
	{ CLASS_OMITTED, MEAN_UNDER, "those less than NUMBER", 0 },
	{ CLASS_OMITTED, MEAN_LEFT_SIDE, "those before the MARK", 0 },
	{ CLASS_OMITTED, MEAN_RIGHT_SIDE, "those after the MARK", 0 },
	{ CLASS_OMITTED, MEAN_UNIQUE, "those that appear exactly once", 0 },
	{ CLASS_OMITTED, MEAN_AT_RIGHT_OF, "the one right|just after the MARK",
	    0 },
	{ CLASS_OMITTED, MEAN_AT_LEFT_OF, "the one right|just before the MARK",
	    0 },
	{ CLASS_BARE, MEAN_EVENS, "even digits", 0 },
	{ CLASS_BARE, MEAN_ODDS, "odd digits", 0 },
	{ CLASS_BARE, MEAN_OVER, "digits above NUMBER", 0 },
	{ CLASS_BARE, MEAN_OVER, "digits greater than NUMBER", 0 },
	{ CLASS_BARE, MEAN_UNDER, "digits below NUMBER", 0 },
	{ CLASS_BARE, MEAN_UNDER, "digits less than NUMBER", 0 },
	{ CLASS_BARE, MEAN_LEFT_SIDE, "digits before the MARK", 0 },
	{ CLASS_BARE, MEAN_RIGHT_SIDE, "digits after the MARK", 0 },
	{ CLASS_SUCH, MEAN_EVENS, "even", 0 },
	{ CLASS_SUCH, MEAN_ODDS, "odd", 0 },
	{ CLASS_SUCH, MEAN_OVER, "greater than NUMBER", 0 },
	{ CLASS_SUCH, MEAN_UNDER, "less than NUMBER", 0 },

	/* conditions */
	{ CLASS_CONDITION, MEAN_MORE_THAN,
	    "NUMBER is greater|larger than NUMBER", 0 },
	{ CLASS_CONDITION, MEAN_LESS_THAN, "NUMBER is less|smaller than NUMBER",
	    0 },
	{ CLASS_CONDITION, MEAN_IS_EVEN, "NUMBER is even", 0 },
	{ CLASS_CONDITION, MEAN_IS_EVEN, "NUMBER is an even number", 0 },
	{ CLASS_CONDITION, MEAN_IS_ODD, "NUMBER is odd", 0 },
	{ CLASS_CONDITION, MEAN_IS_ODD, "NUMBER is an odd number", 0 },
	{ CLASS_CONDITION, MEAN_OUTNUMBERS, "there are more BARE than BARE",
	    0 },

	/* stories */
	{ CLASS_STORY, MEAN_GIVE_AWAY,
	    "each digit is the number of coins in one bag . you give away "
	    "BAGS and keep all the others . how many coins do you keep ?",
	    0 },
	{ CLASS_STORY, MEAN_POCKET,
	    "each digit is the number of coins in one bag . you have FIGURE "
	    "coins and empty every bag into your pocket except BAGS . how "
	    "many coins do you have now ?",
	    0 },
	{ CLASS_STORY, MEAN_SPEND,
	    "each digit is the price of one item in coins . you have FIGURE "
	    "coins and buy everything except ITEMS . how many coins are left "
	    "?",
	    0 },
	{ CLASS_STORY, MEAN_BUY,
	    "each digit is the price of one item in coins . you buy every "
	    "item except ITEMS . how many coins do you pay ?",
	    0 },
	{ CLASS_STORY, MEAN_BOARD,
	    "a bus has FIGURE people on board . each digit is one stop : if "
	    "it is SUCH , that many people get on ; otherwise , that many "
	    "get off . how many people are on board at the end ?",
	    0 },
	{ CLASS_STORY, MEAN_ALIGHT,
	    "a bus has FIGURE people on board . each digit is one stop : if "
	    "it is SUCH , that many people get off ; otherwise , that many "
	    "get on . how many people are on board at the end ?",
	    0 },
	{ CLASS_STORY, MEAN_FARES,
	    "each digit is the number of tickets that one person buys . "
	    "BUYERS tickets pays FIGURE coins for each ; everyone else pays "
	    "FIGURE for each . how many coins are paid in all ?",
	    0 },
	{ CLASS_STORY, MEAN_BARTER,
	    "each digit is the number of coins in one bag . you take the "
	    "coins from every bag except BAGS . at the market , each coin "
	    "buys FIGURE apples . you already had FIGURE apples . how many "
	    "apples do you have now ?",
	    0 },
	{ CLASS_BAGS, MEAN_EVENS, "the bags that hold an even number", 0 },
	{ CLASS_BAGS, MEAN_ODDS, "the bags that hold an odd number", 0 },
	{ CLASS_BAGS, MEAN_OVER, "the bags with more than NUMBER coins", 0 },
	{ CLASS_BAGS, MEAN_UNDER, "the bags with fewer than NUMBER coins", 0 },
	{ CLASS_BAGS, MEAN_HEAD, "the first bag", 1 },
	{ CLASS_BAGS, MEAN_HEAD, "the first WORD bags", 0 },
	{ CLASS_BAGS, MEAN_TAIL, "the last bag", 1 },
	{ CLASS_BAGS, MEAN_TAIL, "the last WORD bags", 0 },
	{ CLASS_BAGS, MEAN_TOP, "the bag with the most coins", 1 },
	{ CLASS_BAGS, MEAN_TOP, "the WORD fullest bags", 0 },
	{ CLASS_BAGS, MEAN_BOTTOM, "the bag with the fewest coins", 1 },
	{ CLASS_BAGS, MEAN_BOTTOM, "the WORD bags with the fewest coins", 0 },
	{ CLASS_ITEMS, MEAN_EVENS, "the items with an even price", 0 },
	{ CLASS_ITEMS, MEAN_ODDS, "the items with an odd price", 0 },
	{ CLASS_ITEMS, MEAN_OVER, "the items that cost more than NUMBER", 0 },
	{ CLASS_ITEMS, MEAN_UNDER, "the items that cost less than NUMBER", 0 },
	{ CLASS_ITEMS, MEAN_HEAD, "the first item", 1 },
	{ CLASS_ITEMS, MEAN_HEAD, "the first WORD items", 0 },
	{ CLASS_ITEMS, MEAN_TAIL, "the last item", 1 },
	{ CLASS_ITEMS, MEAN_TAIL, "the last WORD items", 0 },
	{ CLASS_ITEMS, MEAN_TOP, "the most expensive one", 1 },
	{ CLASS_ITEMS, MEAN_TOP, "the WORD most expensive ones", 0 },
	{ CLASS_ITEMS, MEAN_BOTTOM, "the cheapest one", 1 },
	{ CLASS_ITEMS, MEAN_BOTTOM, "the WORD cheapest ones", 0 },
	{ CLASS_BUYERS, MEAN_EVENS, "anyone who buys an even number of", 0 },
	{ CLASS_BUYERS, MEAN_ODDS, "anyone who buys an odd number of", 0 },
	{ CLASS_BUYERS, MEAN_OVER, "anyone who buys more than NUMBER", 0 },
	{ CLASS_BUYERS, MEAN_UNDER, "anyone who buys fewer than NUMBER", 0 },
};

static const char *const class_names[PHRASE_CLASSES] = {
	[CLASS_FIRST] = "FIRST",
	[CLASS_NEXT] = "NEXT",
	[CLASS_STORY] = "STORY",
	[CLASS_ORDER] = "ORDER",
	[CLASS_STEP] = "STEP",
	[CLASS_NUMBER] = "NUMBER",
	[CLASS_DIGITS] = "DIGITS",
	[CLASS_PART] = "PART",
	[CLASS_CHOSEN] = "CHOSEN",
	[CLASS_SIMPLE] = "SIMPLE",
	[CLASS_RANKED] = "RANKED",
	[CLASS_OMITTED] = "OMITTED",
	[CLASS_BARE] = "BARE",
	[CLASS_SUCH] = "SUCH",
	[CLASS_BAGS] = "BAGS",
	[CLASS_ITEMS] = "ITEMS",
	[CLASS_BUYERS] = "BUYERS",
	[CLASS_CONDITION] = "CONDITION",
};

const struct rule *
grammar_rules(size_t *count)
{
	*count = sizeof(rules) / sizeof(rules[0]);

	return rules;
}

enum phrase_class
grammar_class(const char *name, size_t size)
{
	unsigned int i;

	for (i = 0; i < PHRASE_CLASSES; i++) {
		if (strlen(class_names[i]) == size &&
		    memcmp(class_names[i], name, size) == 0)
			break;
	}

	return (enum phrase_class)i;
}
