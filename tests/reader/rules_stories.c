/*
 * Little stories over all digits.  See rules.h.
 */

#include "tests/reader/rules.h"

#define BAGS	"each digit is the number of coins in one bag . "
#define SHELVES "each digit is the number of books on one shelf . "
#define ITEMS	"each digit is the price of one item in coins . "
#define STOPS	"a bus has NUMBER people on board . each digit is one stop : "
#define DAYS	"a store has NUMBER boxes . each digit is one day : "

static const struct rule rules[] = {
	{ "STORY", MEAN_OTHERS,
	    BAGS "you give away BAGS and keep all the others . how many coins "
		 "do you keep ?" },
	{ "STORY", MEAN_OTHERS,
	    BAGS "you keep some bags and give the others away . the bags that "
		 "you give away are BAGS . how many coins do you keep ?" },
	{ "STORY", MEAN_OTHERS,
	    SHELVES "you clear SHELVES and leave the other shelves alone . "
		    "how many books are left on the shelves ?" },
	{ "STORY", MEAN_OTHERS,
	    ITEMS "you leave out ITEMS and buy every other item . how many "
		  "coins do you pay ?" },
	{ "STORY", MEAN_OTHERS,
	    ITEMS "a shop keeps ITEMS and sells everything else . how many "
		  "coins does it take in ?" },
	{ "STORY", MEAN_POCKET,
	    BAGS "you have NUMBER coins in your pocket . you leave BAGS closed "
		 "and empty every other bag into your pocket . how many coins "
		 "do you have there now ?" },
	{ "STORY", MEAN_POCKET,
	    BAGS "you have NUMBER coins in your pocket and empty bags into it "
		 ". only some bags stay full . the bags that stay full are "
		 "BAGS . how many coins do you have in your pocket now ?" },
	{ "STORY", MEAN_POCKET,
	    SHELVES "you own NUMBER books . you leave the books on SHELVES "
		    "and take home all others . how many books do you own "
		    "then ?" },
	{ "STORY", MEAN_SPEND,
	    ITEMS "you have NUMBER coins . you leave out ITEMS and buy "
		  "everything else . how many coins are left ?" },
	{ "STORY", MEAN_SPEND,
	    ITEMS "you buy everything except ITEMS2 and pay with NUMBER1 "
		  "coins . how many coins do you get back ?" },
	{ "STORY", MEAN_SPEND,
	    ITEMS "you have NUMBER coins and buy all that you do not put back "
		  ". the items that you put back are ITEMS . how many coins "
		  "are left ?" },
	{ "STORY", MEAN_BOARD,
	    STOPS "if it is SUCH , that many people get on ; otherwise , that "
		  "many get off . how many people are on board at the end ?" },
	{ "STORY", MEAN_ALIGHT,
	    STOPS "if it is SUCH , that many people get off ; otherwise , "
		  "that many get on . how many people are on board at the "
		  "end ?" },
	{ "STORY", MEAN_BOARD,
	    DAYS "if it is SUCH , that many boxes come in ; otherwise , that "
		 "many go out . how many boxes are in the store at the end ?" },
	{ "STORY", MEAN_ALIGHT,
	    DAYS "if it is SUCH , that many boxes go out ; otherwise , that "
		 "many come in . how many boxes are in the store at the "
		 "end ?" },
	{ "STORY", MEAN_FARES,
	    "each digit is the number of tickets that one person buys . "
	    "BUYERS tickets pays NUMBER coins for each ; everyone else pays "
	    "NUMBER for each . how many coins are paid in all ?" },
	{ "STORY", MEAN_FARES,
	    BAGS "coins in BAGS are worth NUMBER points each ; all other "
		 "coins are worth NUMBER points each . how many points is "
		 "that in all ?" },
	{ "STORY", MEAN_FARES,
	    BAGS "coins in red bags are worth NUMBER2 points each , all other "
		 "coins NUMBER3 points each . the red bags are BAGS1 . how "
		 "many points is that in all ?" },
	{ "STORY", MEAN_BARTER,
	    BAGS "you leave BAGS closed and take the coins from every other "
		 "bag . at the market , each coin buys NUMBER apples . you "
		 "already had NUMBER apples . how many apples do you have now "
		 "?" },
	{ "STORY", MEAN_BARTER,
	    BAGS "you take coins to the market , where each coin buys NUMBER2 "
		 "apples . the bags that stay at home are BAGS1 . you already "
		 "had NUMBER3 apples . how many apples do you have now ?" },
	{ "STORY", MEAN_BARTER,
	    SHELVES "each book sells for NUMBER2 coins . you had NUMBER3 "
		    "coins , kept the books on SHELVES1 and sold all others . "
		    "how many coins do you have now ?" },

	{ "BAGS", MEAN_EVENS, "the bags that hold an even number of coins" },
	{ "BAGS", MEAN_ODDS, "the bags that hold an odd number of coins" },
	{ "BAGS", MEAN_OVER, "the bags with more than NUMBER coins" },
	{ "BAGS", MEAN_UNDER, "the bags with fewer than NUMBER coins" },
	{ "BAGS", MEAN_HEAD, "the first bag" },
	{ "BAGS", MEAN_HEAD, "the first WORD bags" },
	{ "BAGS", MEAN_TAIL, "the last bag" },
	{ "BAGS", MEAN_TAIL, "the last WORD bags" },
	{ "BAGS", MEAN_TOP, "the bag with the most coins" },
	{ "BAGS", MEAN_TOP, "the WORD fullest bags" },
	{ "BAGS", MEAN_BOTTOM, "the bag with the fewest coins" },
	{ "BAGS", MEAN_BOTTOM, "the WORD bags with the fewest coins" },
	{ "BAGS", MEAN_AMONG, "FULLEST of BAGS" },
	{ "BAGS", MEAN_SAME, "BAGS2 , no|sorry , BAGS1" },

	{ "SHELVES", MEAN_EVENS, "the shelves with an even number of books" },
	{ "SHELVES", MEAN_ODDS, "the shelves with an odd number of books" },
	{ "SHELVES", MEAN_OVER, "the shelves with more than NUMBER books" },
	{ "SHELVES", MEAN_UNDER, "the shelves with fewer than NUMBER books" },
	{ "SHELVES", MEAN_HEAD, "the first shelf" },
	{ "SHELVES", MEAN_HEAD, "the first WORD shelves" },
	{ "SHELVES", MEAN_TAIL, "the last shelf" },
	{ "SHELVES", MEAN_TAIL, "the last WORD shelves" },
	{ "SHELVES", MEAN_TOP, "the fullest shelf" },
	{ "SHELVES", MEAN_TOP, "the WORD fullest shelves" },
	{ "SHELVES", MEAN_BOTTOM, "the shelf with the fewest books" },
	{ "SHELVES", MEAN_BOTTOM, "the WORD shelves with the fewest books" },
	{ "SHELVES", MEAN_AMONG, "FULLEST of SHELVES" },
	{ "SHELVES", MEAN_SAME, "SHELVES2 , no|sorry , SHELVES1" },
	{ "FULLEST", MEAN_TOP, "the fullest" },
	{ "FULLEST", MEAN_TOP, "the WORD fullest" },
	{ "FULLEST", MEAN_BOTTOM, "the least full" },
	{ "FULLEST", MEAN_BOTTOM, "the WORD least full" },
	{ "FULLEST", MEAN_HEAD, "the first" },
	{ "FULLEST", MEAN_HEAD, "the first WORD" },
	{ "FULLEST", MEAN_TAIL, "the last" },
	{ "FULLEST", MEAN_TAIL, "the last WORD" },

	{ "ITEMS", MEAN_EVENS, "the items with an even price" },
	{ "ITEMS", MEAN_ODDS, "the items with an odd price" },
	{ "ITEMS", MEAN_OVER, "the items that cost more than NUMBER" },
	{ "ITEMS", MEAN_UNDER, "the items that cost less than NUMBER" },
	{ "ITEMS", MEAN_HEAD, "the first item" },
	{ "ITEMS", MEAN_HEAD, "the first WORD items" },
	{ "ITEMS", MEAN_TAIL, "the last item" },
	{ "ITEMS", MEAN_TAIL, "the last WORD items" },
	{ "ITEMS", MEAN_TOP, "the most expensive one" },
	{ "ITEMS", MEAN_TOP, "the WORD most expensive ones" },
	{ "ITEMS", MEAN_BOTTOM, "the cheapest one" },
	{ "ITEMS", MEAN_BOTTOM, "the WORD cheapest ones" },
	{ "ITEMS", MEAN_AMONG, "DEAREST of ITEMS" },
	{ "ITEMS", MEAN_SAME, "ITEMS2 , no|sorry , ITEMS1" },
	{ "DEAREST", MEAN_TOP, "the most expensive" },
	{ "DEAREST", MEAN_TOP, "the WORD most expensive" },
	{ "DEAREST", MEAN_BOTTOM, "the cheapest" },
	{ "DEAREST", MEAN_BOTTOM, "the WORD cheapest" },
	{ "DEAREST", MEAN_HEAD, "the first" },
	{ "DEAREST", MEAN_HEAD, "the first WORD" },
	{ "DEAREST", MEAN_TAIL, "the last" },
	{ "DEAREST", MEAN_TAIL, "the last WORD" },

	{ "BUYERS", MEAN_EVENS, "anyone who buys an even number of" },
	{ "BUYERS", MEAN_ODDS, "anyone who buys an odd number of" },
	{ "BUYERS", MEAN_OVER, "anyone who buys more than NUMBER" },
	{ "BUYERS", MEAN_UNDER, "anyone who buys fewer than NUMBER" },
};

const struct rule *
rules_of_stories(size_t *count)
{
	*count = sizeof(rules) / sizeof(rules[0]);

	return rules;
}
