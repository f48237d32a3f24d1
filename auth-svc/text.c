/*
 * Rules about typed text that names and addresses share.
 */
#include <string.h>

#include "auth-svc/text.h"

bool
text_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
text_is_alnum(char c)
{
	return text_is_alpha(c) || text_is_digit(c);
}

char
text_lower(char c)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	const char *found = c != '\0' ? strchr(upper, c) : NULL;

	return found != NULL ? lower[found - upper] : c;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* U+0080 to U+009F are C2 80 to C2 9F in UTF-8. */
static bool
is_control(const char *text, size_t left)
{
	unsigned char c = (unsigned char)text[0];
	unsigned char next = left > 1 ? (unsigned char)text[1] : 0;

	return c < 0x20 || c == 0x7f ||
	    (c == 0xc2 && next >= 0x80 && next <= 0x9f);
}

int
text_clean(const char *typed, char *clean, size_t size)
{
	size_t i, len;

	while (is_blank(*typed))
		typed++;
	len = strlen(typed);
	while (len > 0 && is_blank(typed[len - 1]))
		len--;
	if (len >= size)
		return -1;
	for (i = 0; i < len; i++) {
		if (is_control(typed + i, len - i))
			return -1;
	}
	memcpy(clean, typed, len);
	clean[len] = '\0';
	return 0;
}
