/*
 * Meanings: what a phrase comes to, whatever words it was said in.
 *
 * Each is kept once, in one form of its own: two readings that mean the same
 * are the same pointer.  Names, rules and results are filled in as soon as it
 * is known what they stand for, and what was withdrawn is not there at all.
 */

#ifndef TESTS_ORACLE_MEANING_H
#define TESTS_ORACLE_MEANING_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/reader/pool.h"

#define MEANING_PARTS_MAX   3
#define MEANING_NUMBERS_MAX 2

/* What a phrase can mean.  x, y, z: its parts in order; n, m: its numbers. */
enum meaning_kind {
	/* numbers; digits that are not named are all digits */
	MEAN_FIGURE,	   /* n */
	MEAN_TOTAL,	   /* of digits x */
	MEAN_HOW_MANY,	   /* of digits x */
	MEAN_DIFFERENT,	   /* how many values digits x have */
	MEAN_MAXIMUM,	   /* of digits x */
	MEAN_MINIMUM,	   /* of digits x */
	MEAN_NTH_LARGEST,  /* of digits x */
	MEAN_NTH_SMALLEST, /* of digits x */
	MEAN_SPREAD,	   /* largest of x minus smallest of x */
	MEAN_SPAN,	   /* largest of x times smallest of x */
	MEAN_POLES,	   /* largest of x plus smallest of x */
	MEAN_MULTIPLIED,   /* all of x */
	MEAN_SEESAW,	   /* first of x - second + third - ... */
	MEAN_STAIRS,	   /* first of x, twice the second, ... */
	MEAN_TOTAL_EXTRA,  /* total of x, in which y counts n times */
	MEAN_PLACE,	   /* n-th of digits x */
	MEAN_LAST,	   /* of digits x */
	MEAN_RIGHT_OF,	   /* digit touching mark n on its right */
	MEAN_LEFT_OF,
	MEAN_DOUBLE_VALUE, /* that appears more than once in digits x */
	MEAN_PLUS,	   /* x + y */
	MEAN_MINUS,	   /* x - y */
	MEAN_TIMES,	   /* x * y */
	MEAN_LARGER,	   /* of x and y */
	MEAN_SMALLER,	   /* of x and y */
	MEAN_APART,	   /* how far x and y are apart */
	MEAN_EITHER,	   /* condition x: y, otherwise z */
	MEAN_BOARD,	   /* from x on, digits y come and the others go */
	MEAN_ALIGHT,	   /* from x on, digits y go and the others come */

	/* digits, chosen out of some others */
	MEAN_EVERY,
	MEAN_EVENS,
	MEAN_ODDS,
	MEAN_OVER,    /* greater than number x */
	MEAN_UNDER,   /* less than number x */
	MEAN_HEAD,    /* the first n, 1 if no number is said */
	MEAN_TAIL,    /* the last n */
	MEAN_TOP,     /* the n largest */
	MEAN_BOTTOM,  /* the n smallest */
	MEAN_ONWARDS, /* from the n-th on */
	MEAN_FROM_FIRST,
	MEAN_FROM_SECOND, /* every second one */
	MEAN_LEFT_SIDE,	  /* of mark n */
	MEAN_RIGHT_SIDE,
	MEAN_BETWEEN, /* marks n and m */
	MEAN_UNIQUE,  /* those that appear once */
	MEAN_RISING,  /* larger than the digit before it in the text */
	MEAN_FALLING,
	MEAN_AT_RIGHT_OF,
	MEAN_AT_LEFT_OF,
	MEAN_MEMBER,  /* those that are in x, x taken from all digits */
	MEAN_AMONG,   /* x taken among y */
	MEAN_BUT,     /* x without y, y taken among x */
	MEAN_NOT,     /* those that are not x */
	MEAN_NEITHER, /* those that are neither x nor y */
	MEAN_RATHER,  /* x is meant, y is named as what is not */

	/* conditions */
	MEAN_MORE_THAN, /* x > y */
	MEAN_IS_EVEN,
	MEAN_IS_ODD,
	MEAN_OUTNUMBERS,   /* digits x are more than digits y */
	MEAN_STANDS_LEFT,  /* the one digit x, of mark n */
	MEAN_STANDS_RIGHT, /* the one digit x, of mark n */

	/* what has to be filled in */
	MEAN_RESULT, /* of the sentence before */
	MEAN_CHOSEN, /* rule n */
	MEAN_NAME,   /* number called n */
	MEAN_GROUP,  /* digits called group n */
	MEAN_PERSON, /* digits of person n */

	/* never kept: ways to say other meanings */
	MEAN_SAME,	  /* x */
	MEAN_ONWARD,	  /* y, its result being x */
	MEAN_PAIR,	  /* rules x and y; kept until one is chosen */
	MEAN_FOLLOW,	  /* pair x by choice y */
	MEAN_CHOOSE,	  /* the n-th of x and y */
	MEAN_CALL_NUMBER, /* x is called n; kept until it is said of what */
	MEAN_CALL_GROUP,
	MEAN_CALL_PERSON,
	MEAN_LET,	 /* y, as x calls things */
	MEAN_LET_NUMBER, /* y, x being called n */
	MEAN_LET_GROUP,
	MEAN_LET_PERSON,
	MEAN_IN_GROUP, /* digits in group n */
	MEAN_OUT_OF_GROUP,
	MEAN_OF_PERSON,	      /* digits of person n */
	MEAN_NOT_BETWEEN,     /* marks n and m */
	MEAN_OFTEN,	      /* n * x */
	MEAN_ADD_FIRST,	      /* (x + y) * z */
	MEAN_MULTIPLY_FIRST,  /* x * y + z */
	MEAN_MULTIPLY_LESS,   /* x * y - z */
	MEAN_LESS_MULTIPLIED, /* z - x * y */
	MEAN_OTHERS,	      /* total of all but x */
	MEAN_POCKET,	      /* x and the total of all but y */
	MEAN_SPEND,	      /* x less the total of all but y */
	MEAN_FARES,	      /* y for each of x, z for each other */
	MEAN_BARTER	      /* y for each of all but x, and z */
};

struct meaning {
	enum meaning_kind kind;
	int n, m;
	bool open;	   /* something in it has to be filled in */
	unsigned int rank; /* when it was first meant */
	const struct meaning *part[MEANING_PARTS_MAX];
	struct meaning *next; /* of the same hash */
};

#define MEANING_BUCKETS 512

/* All that one instruction may mean.  Starts zeroed, but for the pool. */
struct meanings {
	struct pool *pool;
	struct meaning *bucket[MEANING_BUCKETS];
	unsigned int count;
	unsigned int filled; /* how much has been filled in */
};

/* What is wanted of meaning_make(); whatever is not there is NULL or 0. */
struct meant {
	enum meaning_kind kind;
	int n, m;
	const struct meaning *part[MEANING_PARTS_MAX];
};

/*
 * The one meaning that is meant.  NULL when there is none ("rule three" of
 * two), and when the pool is at its end.
 */
const struct meaning *
meaning_make(struct meanings *all, const struct meant *meant);

#endif
