/*
 * Sessions in cookies; see session.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gateway/cors.h"
#include "gateway/session.h"

size_t
session_find(const char *field, const char **token)
{
	const size_t name_len = strlen(SESSION_COOKIE);

	while (field != NULL && *field != '\0') {
		field += strspn(field, " \t;");
		/* Names of cookies are compared byte by byte. */
		if (strncmp(field, SESSION_COOKIE, name_len) == 0 &&
		    field[name_len] == '=') {
			*token = field + name_len + 1;
			return strcspn(*token, "; \t");
		}
		field += strcspn(field, ";");
	}
	return 0;
}

bool
session_from_own_page(const struct session_source *source, bool reads)
{
	if (source->origin != NULL)
		return cors_origin_is_host(source->origin, source->host);
	if (!reads)
		return false;
	return source->site == NULL ||
	    strcasecmp(source->site, "same-origin") == 0 ||
	    strcasecmp(source->site, "none") == 0;
}

void
session_write(char out[SESSION_FIELD_MAX], const char *token, int64_t seconds)
{
	(void)snprintf(out, SESSION_FIELD_MAX,
	    SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict; "
			   "Max-Age=%" PRId64,
	    token, seconds);
}
