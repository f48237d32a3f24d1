/*
 * What makes a good e-mail address, and a password that gives one away.
 */
#include <string.h>

#include "auth-svc/account_rules.h"
#include "auth-svc/text.h"

#define LOCAL_MAX 64 /* RFC 5321, section 4.5.3.1.1 */
#define LABEL_MAX 63 /* RFC 1034, section 3.1 */

/* A shorter local part is in a password by chance. */
#define TELLING_MIN 4

/* Atoms of one character or more with a dot between two. */
static bool
is_local(const char *text, size_t len)
{
	bool in_atom = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '.') {
			if (!in_atom)
				return false;
			in_atom = false;
			continue;
		}
		if (!text_is_alnum(text[i]) &&
		    strchr("!#$%&'*+/=?^_`{|}~-", text[i]) == NULL)
			return false;
		in_atom = true;
	}
	return in_atom && len <= LOCAL_MAX;
}

static bool
is_label(const char *text, size_t len)
{
	size_t i;

	if (len < 1 || len > LABEL_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (!text_is_alnum(text[i]) && text[i] != '-')
			return false;
	}
	return text[0] != '-' && text[len - 1] != '-';
}

static bool
is_domain(const char *text)
{
	size_t len, labels = 0;

	if (strcmp(text, "localhost") == 0)
		return true;
	for (;;) {
		len = strcspn(text, ".");
		if (!is_label(text, len))
			return false;
		labels++;
		if (text[len] == '\0')
			return labels >= 2;
		text += len + 1;
	}
}

int
account_normalise_email(const char *typed, char email[PROTO_EMAIL_MAX + 1])
{
	char clean[PROTO_EMAIL_MAX + 1];
	const char *at;
	size_t i;

	if (text_clean(typed, clean, sizeof(clean)) != 0)
		return -1;
	for (i = 0; clean[i] != '\0'; i++)
		clean[i] = text_lower(clean[i]);
	at = strchr(clean, '@');
	if (at == NULL || !is_local(clean, (size_t)(at - clean)) ||
	    !is_domain(at + 1))
		return -1;
	memcpy(email, clean, i + 1);
	return 0;
}

bool
account_password_has_email(const char *password, const char *email)
{
	char local[PROTO_EMAIL_MAX + 1];
	size_t len = strcspn(email, "@");

	memcpy(local, email, len);
	local[len] = '\0';
	return strcasestr(password, email) != NULL ||
	    (len >= TELLING_MIN && strcasestr(password, local) != NULL);
}
