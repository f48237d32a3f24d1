/*
 * What can be said about a password without a dictionary, and in which forms
 * the dictionary is to be asked about it. Pure.
 */
#ifndef AUTH_SVC_PASSWORD_RULES_H
#define AUTH_SVC_PASSWORD_RULES_H

#include <stddef.h>

#include "proto/proto.h"

#define PASSWORD_FORMS 6

/* The texts to ask about, the password itself first. Secret: to be wiped. */
struct password_forms {
	size_t count;
	char text[PASSWORD_FORMS][PROTO_PASSWORD_MAX + 1];
};

/*
 * Why a password, which is UTF-8, is no good whatever the dictionary says, as
 * what follows "the password"; NULL when it may be good. It has fewer than
 * PROTO_PASSWORD_MIN characters (code points), with what repeats counted once;
 * half of it or more runs along a keyboard, six keys at a time or more; or it
 * is mostly runs of which each byte is the same as the one before it or next to
 * that in ASCII, in any case: two thirds of it in such runs of three or more,
 * all of it in runs of two or more, or nothing but runs of three or more
 * between digits and signs that are half of it at most.
 *
 * Of a million random passwords the last was said of 104 with 12 lower-case
 * letters, 178 with 16 hexadecimal digits, 26 with 12 letters and digits, 1
 * with 16 of them, none with 32 hexadecimal digits; and of 16,740 with 12
 * digits.
 */
const char *password_flaw(const char *password);

/*
 * The password; the shortest unit that it repeats; and, when it is at least
 * half of that unit, the stem: without the digits and signs at the end, and
 * without those at the start too. Each stem also in plain: lower-case, with
 * look-alikes (0 1 3 4 5 7 @ $ !) as letters, what then repeats once. Each text
 * once. A password has PROTO_PASSWORD_MAX bytes at most.
 */
void password_forms(const char *password, struct password_forms *forms);

#endif
