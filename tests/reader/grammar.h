/*
 * The grammar of instructions, from the English side.
 */

#ifndef TESTS_ORACLE_GRAMMAR_H
#define TESTS_ORACLE_GRAMMAR_H

#include <stddef.h>

/* What a phrase can mean.  x, y, z: its parts in order; n: its number. */
enum meaning_kind {
	/* numbers */
	MEAN_FIGURE,	  /* n */
	MEAN_TOTAL,	  /* of digits x */
	MEAN_HOW_MANY,	  /* of digits x */
	MEAN_MAXIMUM,	  /* of digits x */
	MEAN_MINIMUM,	  /* of digits x */
	MEAN_SPREAD,	  /* largest of x minus smallest of x */
	MEAN_SPAN,	  /* largest of x times smallest of x */
	MEAN_MULTIPLIED,  /* all of x */
	MEAN_SEESAW,	  /* first of x - second + third - ... */
	MEAN_STAIRS,	  /* first of x, twice the second, ... */
	MEAN_TOTAL_EXTRA, /* total of x, in which y counts n times */
	MEAN_NTH,	  /* n-th digit, -1 for the last */
	MEAN_RIGHT_OF,	  /* digit touching mark n on its right */
	MEAN_LEFT_OF,
	MEAN_DOUBLE_VALUE, /* the value that appears more than once */
	MEAN_PLUS,	   /* x + y */
	MEAN_MINUS,	   /* x - y */
	MEAN_TAKEN,	   /* y - x */
	MEAN_TIMES,	   /* x * y */
	MEAN_EITHER,	   /* condition x: y, otherwise z */
	MEAN_IF_AFTER,	   /* x if condition y, otherwise z */
	MEAN_UNLESS,	   /* unless x, y; if the same x, z */
	MEAN_RESULT,	   /* what the sentence before came to */
	MEAN_BEFORE,	   /* y first, then x from its result */
	MEAN_AMENDED,	   /* digits x or figure n withdrawn, y or m meant */
	MEAN_RATHER,	   /* digits x meant, not y */
	/* stories, over all digits */
	MEAN_GIVE_AWAY, /* total without x */
	MEAN_POCKET,	/* n and total without x */
	MEAN_SPEND,	/* n less total without x */
	MEAN_BUY,	/* total without x */
	MEAN_BOARD,	/* n, plus those that x, minus the others */
	MEAN_ALIGHT,	/* n, minus those that x, plus the others */
	MEAN_FARES,	/* n for each of x, m for each other */
	MEAN_BARTER,	/* n for each without x, and m */
	/* digits */
	MEAN_EVERY,
	MEAN_EVENS,
	MEAN_ODDS,
	MEAN_OVER,  /* greater than number x */
	MEAN_UNDER, /* less than number x */
	MEAN_HEAD,  /* the first n */
	MEAN_TAIL,  /* the last n */
	MEAN_FROM_FIRST,
	MEAN_FROM_SECOND, /* every second one */
	MEAN_LEFT_SIDE,	  /* of mark n */
	MEAN_RIGHT_SIDE,
	MEAN_TOP,    /* the n largest */
	MEAN_BOTTOM, /* the n smallest */
	MEAN_UNIQUE, /* those that appear once */
	MEAN_AT_RIGHT_OF,
	MEAN_AT_LEFT_OF,
	MEAN_AMONG, /* x taken among y */
	MEAN_BUT,   /* x without y, y taken among x */
	/* conditions */
	MEAN_MORE_THAN, /* x > y */
	MEAN_LESS_THAN,
	MEAN_IS_EVEN,
	MEAN_IS_ODD,
	MEAN_OUTNUMBERS, /* digits x are more than digits y */
	/* the meaning of the one part */
	MEAN_SAME
};

/* Phrases that stand for each other. */
enum phrase_class {
	CLASS_FIRST, /* a first or only sentence */
	CLASS_NEXT,  /* a sentence that goes on from the one before */
	CLASS_STORY, /* a whole instruction */
	CLASS_ORDER,
	CLASS_STEP,
	CLASS_NUMBER,
	CLASS_DIGITS,  /* a selection with all its trimmings */
	CLASS_PART,    /* one without afterthoughts */
	CLASS_CHOSEN,  /* one without exceptions either */
	CLASS_SIMPLE,  /* one in one piece */
	CLASS_RANKED,  /* the two largest */
	CLASS_OMITTED, /* what can be left out: the even ones */
	CLASS_BARE,    /* even digits */
	CLASS_SUCH,    /* even, after "if it is" */
	CLASS_BAGS,
	CLASS_ITEMS,
	CLASS_BUYERS,
	CLASS_CONDITION,
	PHRASE_CLASSES
};

/*
 * One way to say something.  The words are separated by spaces; a|b is either;
 * capitals name a class, or one of
 *   FIGURE  2, 38	WORD  two	TH  first	OFTEN  twice	MARK  @
 * The first of these sets n, the second m.
 */
struct rule {
	enum phrase_class class;
	enum meaning_kind kind;
	const char *words;
	int n; /* when no word sets it */
};

/* The whole grammar. */
const struct rule *grammar_rules(size_t *count);

/* The class of that name, PHRASE_CLASSES for none. */
enum phrase_class grammar_class(const char *name, size_t size);

#endif
