/*
 * Whole instructions: sentences, orders, steps, conditions.  See rules.h.
 */

#include "tests/reader/rules.h"

static const struct rule rules[] = {
	{ "WHOLE", MEAN_SAME, "SAY" },
	{ "WHOLE", MEAN_SAME, "SAY ." },
	{ "WHOLE", MEAN_LET, "DEFINITION . WHOLE" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "let LETTER be NUMBER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "LETTER is NUMBER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "LETTER stands for NUMBER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "call NUMBER LETTER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "ORDER and call it LETTER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "ORDER . call the result LETTER" },
	{ "DEFINITION", MEAN_CALL_NUMBER, "ORDER and call the result LETTER" },
	{ "DEFINITION", MEAN_CALL_GROUP, "let group LETTER be DIGITS" },
	{ "DEFINITION", MEAN_CALL_GROUP, "group LETTER is DIGITS" },
	{ "DEFINITION", MEAN_CALL_GROUP, "group LETTER is made of DIGITS" },
	{ "DEFINITION", MEAN_CALL_GROUP, "call DIGITS group LETTER" },
	{ "DEFINITION", MEAN_CALL_PERSON, "PERSON writes down DIGITS" },

	/* sentences, and what follows them */
	{ "SAY", MEAN_SAME, "STORY" },
	{ "SAY", MEAN_SAME, "ORDER" },
	{ "SAY", MEAN_SAME, "QUESTION ?" },
	{ "SAY", MEAN_LET, "SAY2 . DEFINITION1" },
	{ "SAY", MEAN_ONWARD, "SAY . NEXT" },
	{ "SAY", MEAN_ONWARD, "QUESTION ? NEXT" },
	{ "SAY", MEAN_EITHER, "if CONDITION , ORDER ; otherwise , BRANCH" },
	{ "SAY", MEAN_EITHER, "ORDER2 if CONDITION1 ; otherwise , BRANCH3" },
	{ "SAY", MEAN_EITHER,
	    "unless CONDITION1 , ORDER3 ; if CONDITION1 , BRANCH2" },
	{ "SAY", MEAN_FOLLOW, "PAIR . CHOICE" },
	{ "SAY", MEAN_FOLLOW, "CHOICE2 of these two . PAIR1" },
	{ "SAY", MEAN_SAME,
	    "the task was to ORDER2 , but it has changed : ORDER1" },
	{ "SAY", MEAN_SAME, "do not ORDER2 ; instead , ORDER1" },
	{ "SAY", MEAN_SAME,
	    "the first plan was to ORDER2 . now the task is to ORDER1" },
	{ "SAY", MEAN_SAME,
	    "SAY1 . this replaces the earlier task , which was to ORDER2" },
	{ "SAY", MEAN_SAME, "SAY1 . do not do this : ORDER2" },
	{ "SAY", MEAN_SAME, "SAY1 ; do not ORDER2" },
	{ "SAY", MEAN_ONWARD, "SAY1 ; do not ORDER3 and STEP2" },

	/* a step may be one of a branch, unless it is made either way */
	{ "BRANCH", MEAN_SAME, "ORDER" },
	{ "BRANCH", MEAN_ONWARD, "BRANCH . THEN" },
	{ "PAIR", MEAN_PAIR, "rule one : BRANCH . rule two : BRANCH" },
	{ "PAIR", MEAN_PAIR,
	    "here|there are two tasks . task one : BRANCH . task two : "
	    "BRANCH" },
	{ "PAIR", MEAN_PAIR,
	    "here|there are two rules . the first is to ORDER ; the second is "
	    "to ORDER" },
	{ "CHOICE", MEAN_CHOSEN, "follow rule WORD" },
	{ "CHOICE", MEAN_CHOSEN, "follow the TH rule" },
	{ "CHOICE", MEAN_CHOSEN, "do only task WORD" },
	{ "CHOICE", MEAN_CHOSEN, "do only the TH task" },
	{ "CHOICE", MEAN_EITHER, "if CONDITION , CHOICE ; otherwise , PATH" },
	{ "PATH", MEAN_SAME, "CHOICE" },
	{ "PATH", MEAN_ONWARD, "PATH . THEN" },

	{ "QUESTION", MEAN_SAME, "what is NUMBER" },
	{ "QUESTION", MEAN_TOTAL, "what do DIGITS add up to" },
	{ "QUESTION", MEAN_HOW_MANY, "how many BARE are there" },
	{ "QUESTION", MEAN_DOUBLE_VALUE, "which digit appears more than once" },
	{ "QUESTION", MEAN_LARGER, "which is larger , NUMBER or NUMBER" },
	{ "QUESTION", MEAN_SMALLER, "which is smaller , NUMBER or NUMBER" },
	{ "QUESTION", MEAN_APART, "how far apart are NUMBER and NUMBER" },
	{ "QUESTION", MEAN_LET, "QUESTION2 , where DEFINITION1" },

	/* orders */
	{ "ORDER", MEAN_SAME, "find|take NUMBER" },
	{ "ORDER", MEAN_SAME, "work out NUMBER" },
	{ "ORDER", MEAN_SAME, "ORDER2 , no|sorry , ORDER1" },
	{ "ORDER", MEAN_LET, "ORDER2 , where DEFINITION1" },
	{ "ORDER", MEAN_ONWARD, "ORDER and STEP" },
	{ "ORDER", MEAN_TOTAL, "sum|add DIGITS" },
	{ "ORDER", MEAN_TOTAL, "add up DIGITS" },
	{ "ORDER", MEAN_HOW_MANY, "count DIGITS" },
	{ "ORDER", MEAN_DIFFERENT, "count the different values among DIGITS" },
	{ "ORDER", MEAN_DIFFERENT, "count the different values among ALL" },
	{ "ORDER", MEAN_MULTIPLIED, "multiply DIGITS together" },
	{ "ORDER", MEAN_SPREAD,
	    "subtract the smallest|lowest digit from the largest|highest" },
	{ "ORDER", MEAN_SPREAD,
	    "take the largest|highest digit minus the smallest|lowest" },
	{ "ORDER", MEAN_SPREAD,
	    "subtract the smallest|lowest of DIGITS from the largest|highest "
	    "of them" },
	{ "ORDER", MEAN_SPREAD,
	    "from the largest|highest of DIGITS , subtract the smallest|lowest "
	    "of them" },
	{ "ORDER", MEAN_SPAN,
	    "multiply the largest|highest digit by the smallest|lowest" },
	{ "ORDER", MEAN_SPAN,
	    "multiply the largest|highest of DIGITS by the smallest|lowest of "
	    "them" },
	{ "ORDER", MEAN_POLES,
	    "add the smallest|lowest digit to the largest|highest" },
	{ "ORDER", MEAN_POLES,
	    "add the smallest|lowest of DIGITS to the largest|highest of "
	    "them" },
	{ "ORDER", MEAN_SEESAW,
	    "go through DIGITS in order : take the first , subtract the "
	    "second , add the third , and so on , switching each time" },
	{ "ORDER", MEAN_SEESAW,
	    "start with the first of DIGITS , subtract the next , add the "
	    "one after that , and keep switching like this to the end" },
	{ "ORDER", MEAN_STAIRS,
	    "go through DIGITS in order : multiply the first by 1 , the "
	    "second by 2 , the third by 3 , and so on , and add up the "
	    "products" },
	{ "ORDER", MEAN_STAIRS,
	    "add DIGITS , counting the first of them once , the second "
	    "twice , the third three times , and so on" },
	{ "ORDER", MEAN_TOTAL_EXTRA,
	    "add|sum DIGITS , counting OMITTED OFTEN" },
	{ "ORDER", MEAN_TOTAL_EXTRA,
	    "add|sum DIGITS , but count OMITTED OFTEN" },
	{ "ORDER", MEAN_PLUS, "add NUMBER2 to NUMBER1" },
	{ "ORDER", MEAN_MINUS, "subtract NUMBER2 from NUMBER1" },
	{ "ORDER", MEAN_MINUS, "from NUMBER1 , subtract NUMBER2" },
	{ "ORDER", MEAN_MINUS, "take NUMBER2 away from NUMBER1" },
	{ "ORDER", MEAN_TIMES, "multiply NUMBER by NUMBER" },
	{ "ORDER", MEAN_LARGER, "take whichever is larger , NUMBER or NUMBER" },
	{ "ORDER", MEAN_SMALLER,
	    "take whichever is smaller , NUMBER or NUMBER" },
	{ "ORDER", MEAN_APART, "find how far apart NUMBER and NUMBER are" },

	/* steps from a result */
	{ "NEXT", MEAN_SAME, "THEN" },
	{ "NEXT", MEAN_SAME, "either way , THEN" },
	{ "THEN", MEAN_SAME, "STEP" },
	{ "THEN", MEAN_SAME, "then STEP" },
	{ "THEN", MEAN_SAME, "next|finally , STEP" },
	{ "THEN", MEAN_SAME, "after that , STEP" },
	{ "THEN", MEAN_ONWARD, "THEN2 , but before that STEP1" },
	{ "THEN", MEAN_ONWARD, "THEN2 , but only after DOING1" },

	/* "it" may be the other number as well, unless that is in figures */
	{ "THEN", MEAN_MULTIPLY_FIRST,
	    "add MADE1 to RESULT3 , but only after multiplying it by "
	    "NUMBER2" },
	{ "THEN", MEAN_LESS_MULTIPLIED,
	    "subtract MADE1 from RESULT3 , but only after multiplying it by "
	    "NUMBER2" },
	{ "THEN", MEAN_ADD_FIRST,
	    "multiply RESULT3 by MADE1 , but only after adding NUMBER2 to "
	    "it" },

	{ "STEP", MEAN_SAME, "STEP2 , no|sorry , STEP1" },
	{ "STEP", MEAN_PLUS, "add NUMBER2" },
	{ "STEP", MEAN_PLUS, "add NUMBER2 to RESULT1" },
	{ "STEP", MEAN_MINUS, "subtract NUMBER2" },
	{ "STEP", MEAN_MINUS, "subtract NUMBER2 from RESULT1" },
	{ "STEP", MEAN_MINUS, "take NUMBER2 away from RESULT1" },
	{ "STEP", MEAN_MINUS, "subtract RESULT2 from NUMBER1" },
	{ "STEP", MEAN_TIMES, "multiply RESULT by NUMBER" },
	{ "DOING", MEAN_PLUS, "adding NUMBER2 to RESULT1" },
	{ "DOING", MEAN_MINUS, "subtracting NUMBER2 from RESULT1" },
	{ "DOING", MEAN_MINUS, "subtracting RESULT2 from NUMBER1" },
	{ "DOING", MEAN_TIMES, "multiplying RESULT by NUMBER" },
	{ "RESULT", MEAN_RESULT, "the result" },
	{ "RESULT", MEAN_RESULT, "it" },

	/* conditions */
	{ "CONDITION", MEAN_MORE_THAN,
	    "NUMBER is greater|larger|more than NUMBER" },
	{ "CONDITION", MEAN_MORE_THAN, "NUMBER2 is less|smaller than NUMBER1" },
	{ "CONDITION", MEAN_IS_EVEN, "NUMBER is even" },
	{ "CONDITION", MEAN_IS_EVEN, "NUMBER is an even number" },
	{ "CONDITION", MEAN_IS_ODD, "NUMBER is odd" },
	{ "CONDITION", MEAN_IS_ODD, "NUMBER is an odd number" },
	{ "CONDITION", MEAN_OUTNUMBERS, "there are more BARE than BARE" },
	{ "CONDITION", MEAN_OUTNUMBERS, "there are fewer BARE2 than BARE1" },
	{ "CONDITION", MEAN_STANDS_LEFT, "THE_DIGIT stands before the MARK" },
	{ "CONDITION", MEAN_STANDS_LEFT,
	    "THE_DIGIT is|stands to the left of the MARK" },
	{ "CONDITION", MEAN_STANDS_RIGHT, "THE_DIGIT stands after the MARK" },
	{ "CONDITION", MEAN_STANDS_RIGHT,
	    "THE_DIGIT is|stands to the right of the MARK" },
};

const struct rule *
rules_of_tasks(size_t *count)
{
	*count = sizeof(rules) / sizeof(rules[0]);

	return rules;
}
