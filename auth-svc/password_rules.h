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
 * half of it or more runs along a keyboard, six keys at a time or more; or two
 * thirds of it or more are runs, three bytes long or more, of which each byte
 * is the same as the one before it or next to that in ASCII, in any case. Of
 * 100,000 random passwords the last was said of 10 with 12 lower-case letters,
 * of 17 with 16 hexadecimal digits and of none with 32, or with 24 letters and
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
