/*
 * Whether a phrasebook makes clear challenges: what is tried on a new one
 * before challenges are written in its words.
 */

#ifndef CHALLENGE_SVC_CHECK_BOOK_CHECK_H
#define CHALLENGE_SVC_CHECK_BOOK_CHECK_H

#include <stdint.h>

#include "challenge-svc/lang/phrasebook.h"

/*
 * Told of each line of a pack, other than the default one, whose phrase no
 * challenge has used: it does no harm, but maybe its writer did not mean that.
 */
typedef void book_check_unused(void *arg, const char *pack, uint32_t line);

/*
 * Draws that many challenges of each level, by seeds of its own, and more until
 * every line of packs other than the default one has been used a few times or
 * a bound is reached.  Refuses a book when a phrase leaves something unsaid,
 * when it has no words for what the generator draws, and when an instruction
 * cannot be read back or has readings (reader.h: READER_WIDE) of two values.
 *
 * Returns 0, or -1 and writes what is wrong, with "PACK:LINE: " of the phrase
 * to blame, where there is one, in front.  unused may be NULL.  For a sealed
 * book; takes less than a second for 300 samples, and about 2 MB.
 */
int book_check(const struct phrasebook *book, uint32_t samples,
    book_check_unused *unused, void *arg, char error[PHRASEBOOK_ERROR_SIZE]);

#endif
