/*
 * Rules about typed text that names and addresses share. ASCII only where a
 * character is looked at, so that no locale has a say.
 */
#ifndef AUTH_SVC_TEXT_H
#define AUTH_SVC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_is_alpha(char c);
bool text_is_digit(char c);
bool text_is_alnum(char c);

/* The lower-case form of A-Z; every other character as it is. */
char text_lower(char c);

/*
 * Copies typed without the spaces and tabs around it. Returns 0; -1 when what
 * is left holds a control character (U+0000-U+001F, U+007F-U+009F) or does not
 * fit into size bytes with its NUL. What is left may be empty.
 */
int text_clean(const char *typed, char *clean, size_t size);

#endif
