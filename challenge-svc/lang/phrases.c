/*
 * The vocabulary table: see phrases.h for the signs in it.
 *
 * Standard words only.  Whatever is left out or counted twice is named with
 * its scope ("the largest of them"), and a correction stands next to what it
 * replaces, with nothing after it in its sentence.
 */

#include "challenge-svc/lang/phrases.h"

#include <string.h>

/* Conditions that always come together, for the further steps. */
#define OPERAND_B  (WHEN_B_NOUN | WHEN_B_CLEAN)
#define CORE_A	   (WHEN_A_CORE | OPERAND_B)
#define STAGE_A	   (WHEN_A_STAGE | OPERAND_B)
#define IF_A	   (WHEN_A_IF | OPERAND_B)
#define THEN_CONST (WHEN_A_STAGE | WHEN_AA_CORE | WHEN_B_CONST)
#define PART_A	   (WHEN_A_PART | WHEN_A_CLEAN)

/* Sorted by kind, then form, both in the order of their enums. */
static const struct phrase phrases[] = {
	/* numbers */
	{ NUM_CONST, FORM_NOUN, 0, "{n}" },
	{ NUM_SUM, FORM_NOUN, 0, "the sum of {a}" },
	{ NUM_SUM, FORM_NOUN, 0, "the total of {a}" },
	{ NUM_SUM, FORM_DO, 0, "sum {a}" },
	{ NUM_SUM, FORM_DO, 0, "add up {a}" },
	{ NUM_SUM, FORM_DO, 0, "find {s}" },
	{ NUM_SUM, FORM_DO, 0, "work out {s}" },
	{ NUM_SUM, FORM_SAY, 0, "{s:do}" },
	{ NUM_SUM, FORM_SAY, 0, "what is {s}?" },
	{ NUM_COUNT, FORM_NOUN, 0, "the number of {a:bare}" },
	{ NUM_COUNT, FORM_DO, 0, "count {a}" },
	{ NUM_COUNT, FORM_DO, 0, "find {s}" },
	{ NUM_COUNT, FORM_SAY, 0, "{s:do}" },
	{ NUM_COUNT, FORM_SAY, 0, "how many {a:bare} are there?" },
	{ NUM_LARGEST, FORM_NOUN, WHEN_A_ALL, "the largest digit" },
	{ NUM_LARGEST, FORM_NOUN, WHEN_A_PART, "the largest of {a}" },
	{ NUM_LARGEST, FORM_DO, 0, "take {s}" },
	{ NUM_LARGEST, FORM_DO, 0, "find {s}" },
	{ NUM_SMALLEST, FORM_NOUN, WHEN_A_ALL, "the smallest digit" },
	{ NUM_SMALLEST, FORM_NOUN, WHEN_A_PART, "the smallest of {a}" },
	{ NUM_SMALLEST, FORM_DO, 0, "take {s}" },
	{ NUM_SMALLEST, FORM_DO, 0, "find {s}" },
	{ NUM_RANGE, FORM_NOUN, WHEN_A_ALL,
	    "the difference between the largest and the smallest digit" },
	{ NUM_RANGE, FORM_NOUN, WHEN_A_PART,
	    "the difference between the largest and the smallest of {a}" },
	{ NUM_RANGE, FORM_DO, 0, "find {s}" },
	{ NUM_RANGE, FORM_DO, WHEN_A_ALL,
	    "subtract the smallest digit from the largest" },
	{ NUM_RANGE, FORM_DO, PART_A,
	    "subtract the smallest of {a} from the largest of them" },
	{ NUM_EXTREMES, FORM_NOUN, WHEN_A_ALL,
	    "the product of the largest and the smallest digit" },
	{ NUM_EXTREMES, FORM_NOUN, WHEN_A_PART,
	    "the product of the largest and the smallest of {a}" },
	{ NUM_EXTREMES, FORM_DO, 0, "find {s}" },
	{ NUM_EXTREMES, FORM_DO, WHEN_A_ALL,
	    "multiply the largest digit by the smallest" },
	{ NUM_EXTREMES, FORM_DO, PART_A,
	    "multiply the largest of {a} by the smallest of them" },
	{ NUM_PRODUCT, FORM_NOUN, 0, "the product of {a}" },
	{ NUM_PRODUCT, FORM_DO, 0, "find {s}" },
	{ NUM_PRODUCT, FORM_DO, WHEN_A_CLEAN, "multiply {a} together" },
	{ NUM_ALTERNATING, FORM_DO, WHEN_A_CLEAN,
	    "go through {a} in order: take the first, subtract the second, "
	    "add the third, and so on, switching each time" },
	{ NUM_ALTERNATING, FORM_DO, WHEN_A_CLEAN,
	    "start with the first of {a}, subtract the next, add the one "
	    "after that, and keep switching like this to the end" },
	{ NUM_WEIGHTED, FORM_DO, WHEN_A_CLEAN,
	    "go through {a} in order: multiply the first by 1, the second by "
	    "2, the third by 3, and so on, and add the results" },
	{ NUM_WEIGHTED, FORM_DO, WHEN_A_CLEAN,
	    "add {a}, counting the first of them once, the second twice, the "
	    "third three times, and so on" },
	{ NUM_COUNTING, FORM_DO, WHEN_A_ALL | WHEN_B_CLEAN,
	    "add {a}, counting {b:ones} {t}" },
	{ NUM_COUNTING, FORM_DO, WHEN_A_ALL | WHEN_B_CLEAN,
	    "sum {a}, but count {b:ones} {t}" },
	{ NUM_COUNTING, FORM_DO, PART_A | WHEN_B_RANK,
	    "add {a}, counting {b:ones} of them {t}" },
	{ NUM_COUNTING, FORM_DO, PART_A | WHEN_B_FILTER,
	    "add {a}, but count {b:ones} {t}" },
	{ NUM_PLACE, FORM_NOUN, 0, "the {w} digit" },
	{ NUM_LAST, FORM_NOUN, 0, "the last digit" },
	{ NUM_NEXT, FORM_NOUN, 0, "the digit right after the {m}" },
	{ NUM_NEXT, FORM_NOUN, 0, "the digit just after the {m}" },
	{ NUM_PREVIOUS, FORM_NOUN, 0, "the digit right before the {m}" },
	{ NUM_PREVIOUS, FORM_NOUN, 0, "the digit just before the {m}" },
	{ NUM_REPEATED, FORM_NOUN, 0, "the digit that appears more than once" },
	{ NUM_REPEATED, FORM_DO, 0, "find {s}" },
	{ NUM_REPEATED, FORM_SAY, 0, "{s:do}" },
	{ NUM_REPEATED, FORM_SAY, 0, "which digit appears more than once?" },

	/* further steps: said in line, or after what they go on from */
	{ NUM_ADD, FORM_DO, WHEN_A_CORE | WHEN_A_NOUN | OPERAND_B,
	    "add {b} to {a}" },
	{ NUM_ADD, FORM_SAY, WHEN_A_CORE | WHEN_A_NOUN | OPERAND_B, "{s:do}" },
	{ NUM_ADD, FORM_SAY, CORE_A, "{a:do}. Then add {b} to the result" },
	{ NUM_ADD, FORM_SAY, WHEN_A_CORE | WHEN_B_NOUN,
	    "{a:do}. Then add {b}" },
	{ NUM_ADD, FORM_SAY, WHEN_A_STAGE | WHEN_B_NOUN | WHEN_ROOT,
	    "{a:say}. Finally, add {b}" },
	{ NUM_ADD, FORM_SAY, STAGE_A | WHEN_ROOT,
	    "{a:say}. After that, add {b} to the result" },
	{ NUM_ADD, FORM_SAY, STAGE_A, "{a:say}. Next, add {b} to the result" },
	{ NUM_ADD, FORM_SAY, THEN_CONST | WHEN_A_TIMES,
	    "{aa:do}. Then add {b} to the result, but before that multiply "
	    "the result by {ab}" },
	{ NUM_ADD, FORM_SAY, IF_A,
	    "{a:say}. Either way, add {b} to the result" },
	{ NUM_SUBTRACT, FORM_DO, WHEN_A_CORE | WHEN_A_NOUN | OPERAND_B,
	    "subtract {b} from {a}" },
	{ NUM_SUBTRACT, FORM_DO, WHEN_A_CONST | WHEN_B_CORE | OPERAND_B,
	    "subtract {b} from {a}" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CORE | WHEN_A_NOUN | OPERAND_B,
	    "{s:do}" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CONST | WHEN_B_CORE | OPERAND_B,
	    "{s:do}" },
	{ NUM_SUBTRACT, FORM_SAY, CORE_A,
	    "{a:do}. Then subtract {b} from the result" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CORE | WHEN_B_NOUN,
	    "{a:do}. Then subtract {b}" },
	{ NUM_SUBTRACT, FORM_SAY, STAGE_A | WHEN_ROOT,
	    "{a:say}. Finally, subtract {b} from the result" },
	{ NUM_SUBTRACT, FORM_SAY, STAGE_A,
	    "{a:say}. Next, subtract {b} from the result" },
	{ NUM_SUBTRACT, FORM_SAY, THEN_CONST | WHEN_A_TIMES,
	    "{aa:do}. Then subtract {b} from the result, but before that "
	    "multiply the result by {ab}" },
	{ NUM_SUBTRACT, FORM_SAY, IF_A,
	    "{a:say}. Either way, subtract {b} from the result" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CONST | WHEN_B_CORE,
	    "{b:do}. Then subtract the result from {a}" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CONST | WHEN_B_STAGE | WHEN_ROOT,
	    "{b:say}. Finally, subtract the result from {a}" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CONST | WHEN_B_STAGE,
	    "{b:say}. After that, subtract the result from {a}" },
	{ NUM_SUBTRACT, FORM_SAY, WHEN_A_CONST | WHEN_B_IF,
	    "{b:say}. Either way, subtract the result from {a}" },
	{ NUM_MULTIPLY, FORM_DO,
	    WHEN_A_CORE | WHEN_A_NOUN | WHEN_A_CLEAN | OPERAND_B,
	    "multiply {a} by {b}" },
	{ NUM_MULTIPLY, FORM_SAY,
	    WHEN_A_CORE | WHEN_A_NOUN | WHEN_A_CLEAN | OPERAND_B, "{s:do}" },
	{ NUM_MULTIPLY, FORM_SAY, WHEN_A_CORE | WHEN_B_NOUN,
	    "{a:do}. Then multiply the result by {b}" },
	{ NUM_MULTIPLY, FORM_SAY, WHEN_A_STAGE | WHEN_B_NOUN | WHEN_ROOT,
	    "{a:say}. Finally, multiply the result by {b}" },
	{ NUM_MULTIPLY, FORM_SAY, WHEN_A_STAGE | WHEN_B_NOUN,
	    "{a:say}. Next, multiply the result by {b}" },
	{ NUM_MULTIPLY, FORM_SAY, THEN_CONST | WHEN_A_PLUS,
	    "{aa:do}. Then multiply the result by {b}, but before that add "
	    "{ab} to the result" },
	{ NUM_MULTIPLY, FORM_SAY, IF_A,
	    "{a:say}. Either way, multiply the result by {b}" },
	{ NUM_IF, FORM_SAY, 0, "if {a}, {b:do}; otherwise, {c:do}" },
	{ NUM_IF, FORM_SAY, WHEN_B_FLAT, "{b:do} if {a}; otherwise, {c:do}" },
	{ NUM_IF, FORM_SAY, 0, "unless {a}, {c:do}; if {a}, {b:do}" },
	{ NUM_CORRECTION, FORM_NOUN, 0, "{a}, no, {b}" },
	{ NUM_CORRECTION, FORM_NOUN, 0, "{a}, sorry, {b}" },

	/* little stories */
	{ SCENE_BAGS, FORM_SAY, WHEN_A_SUM,
	    "each digit is the number of coins in one bag. You give away "
	    "{aab:bags} and keep all the others. How many coins do you keep?" },
	{ SCENE_BAGS, FORM_SAY, WHEN_A_PLUS,
	    "each digit is the number of coins in one bag. You have {ab} "
	    "coins and empty every bag into your pocket except {aaab:bags}. "
	    "How many coins do you have now?" },
	{ SCENE_SHOP, FORM_SAY, WHEN_A_MINUS,
	    "each digit is the price of one item in coins. You have {aa} "
	    "coins and buy everything except {abab:items}. How many coins "
	    "are left?" },
	{ SCENE_SHOP, FORM_SAY, WHEN_A_SUM,
	    "each digit is the price of one item in coins. You buy every "
	    "item except {aab:items}. How many coins do you pay?" },
	{ SCENE_BUS, FORM_SAY, WHEN_A_MINUS,
	    "a bus has {aaa} people on board. Each digit is one stop: if it "
	    "is {aaba:is}, that many people get on; otherwise, that many get "
	    "off. How many people are on board at the end?" },
	{ SCENE_BUS, FORM_SAY, WHEN_A_PLUS,
	    "a bus has {aaa} people on board. Each digit is one stop: if it "
	    "is {aaba:is}, that many people get off; otherwise, that many get "
	    "on. How many people are on board at the end?" },
	{ SCENE_TICKETS, FORM_SAY, WHEN_A_PLUS,
	    "each digit is the number of tickets that one person buys. "
	    "{aaaa:people} tickets pays {aab} coins for each; everyone else "
	    "pays {abb} for each. How many coins are paid in all?" },
	{ SCENE_TRADE, FORM_SAY, WHEN_A_PLUS,
	    "each digit is the number of coins in one bag. You take the coins "
	    "from every bag except {aaaab:bags}. At the market, each coin "
	    "buys {aab} apples. You already had {ab} apples. How many apples "
	    "do you have now?" },

	/* selections */
	{ SET_ALL, FORM_NOUN, 0, "all digits" },
	{ SET_ALL, FORM_NOUN, 0, "all the digits" },
	{ SET_EVEN, FORM_NOUN, 0, "the even digits" },
	{ SET_EVEN, FORM_NOUN, 0, "all even digits" },
	{ SET_EVEN, FORM_BARE, 0, "even digits" },
	{ SET_EVEN, FORM_ONES, 0, "the even ones" },
	{ SET_EVEN, FORM_IS, 0, "even" },
	{ SET_EVEN, FORM_BAGS, 0, "the bags that hold an even number" },
	{ SET_EVEN, FORM_ITEMS, 0, "the items with an even price" },
	{ SET_EVEN, FORM_PEOPLE, 0, "anyone who buys an even number of" },
	{ SET_ODD, FORM_NOUN, 0, "the odd digits" },
	{ SET_ODD, FORM_NOUN, 0, "all odd digits" },
	{ SET_ODD, FORM_BARE, 0, "odd digits" },
	{ SET_ODD, FORM_ONES, 0, "the odd ones" },
	{ SET_ODD, FORM_IS, 0, "odd" },
	{ SET_ODD, FORM_BAGS, 0, "the bags that hold an odd number" },
	{ SET_ODD, FORM_ITEMS, 0, "the items with an odd price" },
	{ SET_ODD, FORM_PEOPLE, 0, "anyone who buys an odd number of" },
	{ SET_ABOVE, FORM_NOUN, 0, "the digits greater than {a}" },
	{ SET_ABOVE, FORM_NOUN, 0, "the digits above {a}" },
	{ SET_ABOVE, FORM_BARE, 0, "digits greater than {a}" },
	{ SET_ABOVE, FORM_BARE, 0, "digits above {a}" },
	{ SET_ABOVE, FORM_ONES, 0, "those greater than {a}" },
	{ SET_ABOVE, FORM_IS, 0, "greater than {a}" },
	{ SET_ABOVE, FORM_BAGS, 0, "the bags with more than {a} coins" },
	{ SET_ABOVE, FORM_ITEMS, 0, "the items that cost more than {a}" },
	{ SET_ABOVE, FORM_PEOPLE, 0, "anyone who buys more than {a}" },
	{ SET_BELOW, FORM_NOUN, 0, "the digits less than {a}" },
	{ SET_BELOW, FORM_NOUN, 0, "the digits below {a}" },
	{ SET_BELOW, FORM_BARE, 0, "digits less than {a}" },
	{ SET_BELOW, FORM_BARE, 0, "digits below {a}" },
	{ SET_BELOW, FORM_ONES, 0, "those less than {a}" },
	{ SET_BELOW, FORM_IS, 0, "less than {a}" },
	{ SET_BELOW, FORM_BAGS, 0, "the bags with fewer than {a} coins" },
	{ SET_BELOW, FORM_ITEMS, 0, "the items that cost less than {a}" },
	{ SET_BELOW, FORM_PEOPLE, 0, "anyone who buys fewer than {a}" },
	{ SET_FIRST, FORM_NOUN, WHEN_MANY, "the first {w} digits" },
	{ SET_FIRST, FORM_ONES, WHEN_ONE, "the first" },
	{ SET_FIRST, FORM_ONES, WHEN_MANY, "the first {w}" },
	{ SET_FIRST, FORM_BAGS, WHEN_ONE, "the first bag" },
	{ SET_FIRST, FORM_BAGS, WHEN_MANY, "the first {w} bags" },
	{ SET_FIRST, FORM_ITEMS, WHEN_ONE, "the first item" },
	{ SET_FIRST, FORM_ITEMS, WHEN_MANY, "the first {w} items" },
	{ SET_LAST, FORM_NOUN, WHEN_MANY, "the last {w} digits" },
	{ SET_LAST, FORM_ONES, WHEN_ONE, "the last" },
	{ SET_LAST, FORM_ONES, WHEN_MANY, "the last {w}" },
	{ SET_LAST, FORM_BAGS, WHEN_ONE, "the last bag" },
	{ SET_LAST, FORM_BAGS, WHEN_MANY, "the last {w} bags" },
	{ SET_LAST, FORM_ITEMS, WHEN_ONE, "the last item" },
	{ SET_LAST, FORM_ITEMS, WHEN_MANY, "the last {w} items" },
	{ SET_ODD_PLACES, FORM_NOUN, 0,
	    "every second digit starting with the first" },
	{ SET_ODD_PLACES, FORM_NOUN, 0,
	    "every second digit beginning with the first" },
	{ SET_EVEN_PLACES, FORM_NOUN, 0,
	    "every second digit starting with the second" },
	{ SET_EVEN_PLACES, FORM_NOUN, 0,
	    "every second digit beginning with the second" },
	{ SET_BEFORE, FORM_NOUN, 0, "the digits before the {m}" },
	{ SET_BEFORE, FORM_NOUN, 0, "the digits to the left of the {m}" },
	{ SET_BEFORE, FORM_BARE, 0, "digits before the {m}" },
	{ SET_BEFORE, FORM_ONES, 0, "those before the {m}" },
	{ SET_AFTER, FORM_NOUN, 0, "the digits after the {m}" },
	{ SET_AFTER, FORM_NOUN, 0, "the digits to the right of the {m}" },
	{ SET_AFTER, FORM_BARE, 0, "digits after the {m}" },
	{ SET_AFTER, FORM_ONES, 0, "those after the {m}" },
	{ SET_LARGEST, FORM_NOUN, WHEN_MANY, "the {w} largest digits" },
	{ SET_LARGEST, FORM_ONES, WHEN_ONE, "the largest" },
	{ SET_LARGEST, FORM_ONES, WHEN_MANY, "the {w} largest" },
	{ SET_LARGEST, FORM_BAGS, WHEN_ONE, "the bag with the most coins" },
	{ SET_LARGEST, FORM_BAGS, WHEN_MANY, "the {w} fullest bags" },
	{ SET_LARGEST, FORM_ITEMS, WHEN_ONE, "the most expensive one" },
	{ SET_LARGEST, FORM_ITEMS, WHEN_MANY, "the {w} most expensive ones" },
	{ SET_SMALLEST, FORM_NOUN, WHEN_MANY, "the {w} smallest digits" },
	{ SET_SMALLEST, FORM_ONES, WHEN_ONE, "the smallest" },
	{ SET_SMALLEST, FORM_ONES, WHEN_MANY, "the {w} smallest" },
	{ SET_SMALLEST, FORM_BAGS, WHEN_ONE, "the bag with the fewest coins" },
	{ SET_SMALLEST, FORM_BAGS, WHEN_MANY,
	    "the {w} bags with the fewest coins" },
	{ SET_SMALLEST, FORM_ITEMS, WHEN_ONE, "the cheapest one" },
	{ SET_SMALLEST, FORM_ITEMS, WHEN_MANY, "the {w} cheapest ones" },
	{ SET_SINGLE, FORM_NOUN, 0, "the digits that appear exactly once" },
	{ SET_SINGLE, FORM_NOUN, 0, "the digits that appear only once" },
	{ SET_SINGLE, FORM_ONES, 0, "those that appear exactly once" },
	{ SET_NEXT, FORM_ONES, 0, "the one right after the {m}" },
	{ SET_NEXT, FORM_ONES, 0, "the one just after the {m}" },
	{ SET_PREVIOUS, FORM_ONES, 0, "the one right before the {m}" },
	{ SET_PREVIOUS, FORM_ONES, 0, "the one just before the {m}" },
	{ SET_OF, FORM_NOUN, WHEN_B_RANK, "{b:ones} of {a}" },
	{ SET_OF, FORM_NOUN, WHEN_B_FILTER, "{b} among {a}" },
	{ SET_EXCEPT, FORM_NOUN, WHEN_A_ALL, "{a} except {b:ones}" },
	{ SET_EXCEPT, FORM_NOUN, WHEN_A_PART | WHEN_B_RANK,
	    "{a} except {b:ones} of them" },
	{ SET_EXCEPT, FORM_NOUN, WHEN_A_PART | WHEN_B_RANK,
	    "{a} other than {b:ones} of them" },
	{ SET_EXCEPT, FORM_NOUN, WHEN_A_PART | WHEN_B_FILTER,
	    "{a} except {b:ones}" },
	{ SET_CORRECTION, FORM_NOUN, 0, "{a}, no, {b}" },
	{ SET_CORRECTION, FORM_NOUN, 0, "{a}, sorry, {b}" },
	{ SET_CORRECTION, FORM_NOUN, 0, "{a}, or rather {b}" },
	{ SET_CORRECTION, FORM_NOUN, WHEN_A_RANK | WHEN_B_RANK,
	    "{a:ones}, no, {b}" },
	{ SET_CONTRAST, FORM_NOUN, 0, "{a}, not {b}" },
	{ SET_CONTRAST, FORM_NOUN, 0, "{a}, not {b:ones}" },

	/* conditions */
	{ COND_GREATER, FORM_NOUN, 0, "{a} is greater than {b}" },
	{ COND_GREATER, FORM_NOUN, 0, "{a} is larger than {b}" },
	{ COND_LESS, FORM_NOUN, 0, "{a} is less than {b}" },
	{ COND_LESS, FORM_NOUN, 0, "{a} is smaller than {b}" },
	{ COND_EVEN, FORM_NOUN, 0, "{a} is even" },
	{ COND_EVEN, FORM_NOUN, 0, "{a} is an even number" },
	{ COND_ODD, FORM_NOUN, 0, "{a} is odd" },
	{ COND_ODD, FORM_NOUN, 0, "{a} is an odd number" },
	{ COND_MORE, FORM_NOUN, 0, "there are more {a:bare} than {b:bare}" },
};

static const char *const form_names[PHRASE_FORMS] = {
	[FORM_NOUN] = "noun",
	[FORM_BARE] = "bare",
	[FORM_ONES] = "ones",
	[FORM_IS] = "is",
	[FORM_DO] = "do",
	[FORM_SAY] = "say",
	[FORM_BAGS] = "bags",
	[FORM_ITEMS] = "items",
	[FORM_PEOPLE] = "people",
};

static int
order_of(const struct phrase *phrase)
{
	return phrase->kind * PHRASE_FORMS + phrase->form;
}

const struct phrase *
phrases_all(size_t *count)
{
	*count = sizeof(phrases) / sizeof(phrases[0]);

	return phrases;
}

/* The first phrase whose place in the order is not before wanted. */
static size_t
lower_bound(int wanted)
{
	size_t low = 0, high, middle;

	high = sizeof(phrases) / sizeof(phrases[0]);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (order_of(&phrases[middle]) < wanted)
			low = middle + 1;
		else
			high = middle;
	}

	return low;
}

const struct phrase *
phrases_of(enum tree_kind kind, enum phrase_form form, size_t *count)
{
	int wanted = (int)kind * PHRASE_FORMS + (int)form;
	size_t all = sizeof(phrases) / sizeof(phrases[0]);
	size_t first, end;

	first = lower_bound(wanted);
	for (end = first; end < all; end++) {
		if (order_of(&phrases[end]) != wanted)
			break;
	}
	*count = end - first;

	return *count == 0 ? NULL : &phrases[first];
}

enum phrase_form
phrases_form_named(const char *name, size_t size)
{
	unsigned int i;

	for (i = 0; i < PHRASE_FORMS; i++) {
		if (strlen(form_names[i]) == size &&
		    memcmp(form_names[i], name, size) == 0)
			break;
	}

	return (enum phrase_form)i;
}
