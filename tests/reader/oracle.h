/*
 * The oracle: answers a challenge from its English, as a careful reader would,
 * and refuses one that can be read in two ways or in none.
 *
 * It shares nothing with the generator: its grammar (grammar.c) is written
 * from the English side, its arithmetic (compute.c) works on lists.  It is for
 * tests and benches and is never part of what is deployed.
 */

#ifndef TESTS_ORACLE_ORACLE_H
#define TESTS_ORACLE_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Answers a challenge.  text and instruction are NUL-terminated, of any
 * content.  Returns 0 and sets *answer when the instruction has exactly one
 * reading and that has exactly one value over the digits of text.  Returns -1
 * and writes the reason into why (size why_size, at least 1, cut to fit) when
 * not.  Keeps nothing; may be called from several threads.
 */
int oracle_solve(const char *text, const char *instruction, int64_t *answer,
    char *why, size_t why_size);

/*
 * Makes the phrases of a private pack (pack.h) known, a NUL-terminated text.
 * Returns 0, or -1 with the reason in why, as above; nothing can be answered
 * after that.  Not to be called while another thread is in here.
 */
int
oracle_add_pack(const char *name, const char *text, char *why, size_t why_size);

#endif
