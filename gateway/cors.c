/*
 * Origins; see cors.h. Character sets are spelled out: the locale has no say.
 */
#include <string.h>
#include <strings.h>

#include "gateway/cors.h"

#define DIGITS	   "0123456789"
#define NAME_CHARS DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* What follows "http://" or "https://", or NULL. */
static const char *
after_scheme(const char *origin)
{
	if (strncmp(origin, "https://", 8) == 0)
		return origin + 8;
	if (strncmp(origin, "http://", 7) == 0)
		return origin + 7;
	return NULL;
}

/* The length of the host at the start of text, brackets included; 0 for none.
 */
static size_t
host_length(const char *text)
{
	size_t len;

	if (*text != '[')
		return strspn(text, NAME_CHARS "-._");
	len = strspn(text + 1, DIGITS "abcdefABCDEF:.");
	if (len == 0 || text[1 + len] != ']')
		return 0;
	return len + 2;
}

bool
cors_origin_valid(const char *origin)
{
	const char *host = NULL;
	const char *port = NULL;
	size_t host_len;
	size_t digits;
	unsigned value = 0;

	if (strnlen(origin, PROTO_ORIGIN_MAX + 1) > PROTO_ORIGIN_MAX)
		return false;
	host = after_scheme(origin);
	if (host == NULL)
		return false;
	host_len = host_length(host);
	if (host_len == 0)
		return false;
	if (host[host_len] == '\0')
		return true;
	if (host[host_len] != ':')
		return false;
	port = host + host_len + 1;
	digits = strspn(port, DIGITS);
	if (digits == 0 || digits > 5 || port[digits] != '\0')
		return false;
	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (unsigned)(port[i] - '0');
	return value >= 1 && value <= 65535;
}

bool
cors_origin_allowed(const struct key_info *key, const char *origin)
{
	if (!cors_origin_valid(origin))
		return false;
	for (uint32_t i = 0; i < key->allowed_origins_count; i++) {
		if (strcmp(key->allowed_origins[i], origin) == 0)
			return true;
	}
	return false;
}

/* The port at the end of host[:port], or the one that is meant without. */
static unsigned
port_of(const char *text, size_t host_len, unsigned usual)
{
	unsigned port = 0;

	if (text[host_len] != ':')
		return usual;
	for (text += host_len + 1; *text >= '0' && *text <= '9'; text++)
		port = port < 65536 ? port * 10 + (unsigned)(*text - '0')
				    : port;
	return port;
}

bool
cors_origin_is_host(const char *origin, const char *host)
{
	const char *own = NULL;
	unsigned usual;
	size_t len;

	if (host == NULL || !cors_origin_valid(origin))
		return false;
	own = after_scheme(origin);
	len = host_length(own);
	usual = strncmp(origin, "https:", 6) == 0 ? 443 : 80;
	return host_length(host) == len && strncasecmp(own, host, len) == 0 &&
	    (host[len] == '\0' || host[len] == ':') &&
	    port_of(own, len, usual) == port_of(host, len, usual);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void
cors_hostname(const char *origin, char host[PROTO_ORIGIN_MAX + 1])
{
	const char *start = after_scheme(origin);
	size_t len;

	host[0] = '\0';
	if (start == NULL)
		return;
	len = host_length(start);
	if (*start == '[' && len >= 2) {
		start++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++)
		host[i] = lower(start[i]);
	host[len] = '\0';
}
