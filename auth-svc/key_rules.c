/*
 * The settings of an API key: defaults, what a change does to them, which
 * origins there are.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/key_rules.h"
#include "auth-svc/text.h"

#define PORT_MAX  65535
#define LABEL_MAX 63 /* RFC 1034, section 3.1 */

/*
 * The characters of a host name up to `end`: non-empty labels of letters,
 * digits, hyphens and underscores (which browsers take).
 */
static bool
is_host_name(const char *text, const char *end)
{
	size_t label = 0;

	for (; text < end; text++) {
		if (*text == '.') {
			if (label == 0)
				return false;
			label = 0;
			continue;
		}
		if (!text_is_alnum(*text) && *text != '-' && *text != '_')
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

/*
 * "[...]" in the one form that a browser writes it in. An IPv4 address inside
 * is refused: there inet_ntop and browsers differ.
 */
static int
normalise_ipv6(
    const char *text, const char *end, char host[PROTO_ORIGIN_MAX + 1])
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr bytes;
	size_t len = (size_t)(end - text);

	if (len < 2 || len - 2 >= sizeof(address) || end[-1] != ']')
		return -1;
	memcpy(address, text + 1, len - 2);
	address[len - 2] = '\0';
	if (inet_pton(AF_INET6, address, &bytes) != 1 ||
	    inet_ntop(AF_INET6, &bytes, address, sizeof(address)) == NULL ||
	    strchr(address, '.') != NULL)
		return -1;
	(void)snprintf(host, PROTO_ORIGIN_MAX + 1, "[%s]", address);
	return 0;
}

/* A port without sign or leading zero, 1..65535; -1 for anything else. */
static int
parse_port(const char *text)
{
	int port = 0;

	if (*text == '0' || *text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (!text_is_digit(*text))
			return -1;
		port = port * 10 + (*text - '0');
		if (port > PORT_MAX)
			return -1;
	}
	return port;
}

int
key_normalise_origin(const char *typed, char origin[PROTO_ORIGIN_MAX + 1])
{
	char lower[PROTO_ORIGIN_MAX + 1], host[PROTO_ORIGIN_MAX + 1] = "";
	const char *scheme, *start, *end;
	int len, port = 0, own_port;
	size_t i;

	if (text_clean(typed, lower, sizeof(lower)) != 0)
		return -1;
	for (i = 0; lower[i] != '\0'; i++)
		lower[i] = text_lower(lower[i]);
	if (strncmp(lower, "https://", 8) == 0) {
		scheme = "https";
		own_port = 443;
	} else if (strncmp(lower, "http://", 7) == 0) {
		scheme = "http";
		own_port = 80;
	} else {
		return -1;
	}
	start = lower + strlen(scheme) + strlen("://");
	end = start + (*start == '[' ? strcspn(start, "]") : 0);
	end += strcspn(end, ":");
	if (*end == ':' && (port = parse_port(end + 1)) < 0)
		return -1;
	if (*start == '[') {
		if (normalise_ipv6(start, end, host) != 0)
			return -1;
	} else {
		if (!is_host_name(start, end))
			return -1;
		memcpy(host, start, (size_t)(end - start));
	}
	if (port == 0 || port == own_port)
		len = snprintf(
		    origin, PROTO_ORIGIN_MAX + 1, "%s://%s", scheme, host);
	else
		len = snprintf(origin, PROTO_ORIGIN_MAX + 1, "%s://%s:%d",
		    scheme, host, port);
	return len > 0 && len <= PROTO_ORIGIN_MAX ? 0 : -1;
}

int64_t
key_default_min_score(uint8_t level)
{
	switch ((enum level)level) {
	case level_EASY:
		return 0;
	case level_MEDIUM:
		return 40;
	case level_HARD:
		return 60;
	}
	return 0;
}

static const char *
set_name(struct api_key *key, const char *typed)
{
	if (text_clean(typed, key->name, sizeof(key->name)) != 0 ||
	    key->name[0] == '\0')
		return "name";
	return NULL;
}

/* Each origin once, in the order in which they were given. */
static const char *
set_origins(struct api_key *key,
    const char typed[PROTO_ORIGINS_MAX][PROTO_ORIGIN_MAX + 1], uint32_t count)
{
	char origin[PROTO_ORIGIN_MAX + 1];
	uint32_t i, j, kept = 0;

	for (i = 0; i < count; i++) {
		if (key_normalise_origin(typed[i], origin) != 0)
			return "allowedOrigins";
		for (j = 0; j < kept; j++) {
			if (strcmp(key->allowed_origins[j], origin) == 0)
				break;
		}
		if (j == kept)
			memcpy(key->allowed_origins[kept++], origin,
			    sizeof(origin));
	}
	key->allowed_origins_count = kept;
	return NULL;
}

/* A minimum score that is the old level's default was not the owner's choice.
 */
static void
set_difficulty(struct api_key *key, uint8_t level)
{
	if (key->min_score == key_default_min_score(key->difficulty))
		key->min_score = key_default_min_score(level);
	key->difficulty = level;
}

const char *
key_apply_create(struct api_key *key, const struct key_create *request)
{
	const char *wrong;

	wrong = set_name(key, request->name);
	if (wrong == NULL && PROTO_HAS(request, key_create, allowed_origins))
		wrong = set_origins(key, request->allowed_origins,
		    request->allowed_origins_count);
	if (wrong != NULL)
		return wrong;
	if (!PROTO_HAS(request, key_create, allowed_origins))
		key->allowed_origins_count = 0;
	key->difficulty = PROTO_HAS(request, key_create, difficulty)
	    ? request->difficulty
	    : (uint8_t)level_MEDIUM;
	key->min_score = PROTO_HAS(request, key_create, min_score)
	    ? request->min_score
	    : key_default_min_score(key->difficulty);
	key->min_solve_ms = PROTO_HAS(request, key_create, min_solve_ms)
	    ? request->min_solve_ms
	    : 0;
	key->ttl_seconds = PROTO_HAS(request, key_create, ttl_seconds)
	    ? request->ttl_seconds
	    : KEY_TTL_DEFAULT;
	key->rate_limit = PROTO_HAS(request, key_create, rate_limit)
	    ? request->rate_limit
	    : 0;
	key->enabled = !PROTO_HAS(request, key_create, enabled) ||
	    request->enabled;
	return NULL;
}

const char *
key_apply_update(struct api_key *key, const struct key_update *request)
{
	const char *wrong = NULL;

	if (PROTO_HAS(request, key_update, name))
		wrong = set_name(key, request->name);
	if (wrong == NULL && PROTO_HAS(request, key_update, allowed_origins))
		wrong = set_origins(key, request->allowed_origins,
		    request->allowed_origins_count);
	if (wrong != NULL)
		return wrong;
	if (PROTO_HAS(request, key_update, difficulty))
		set_difficulty(key, request->difficulty);
	if (PROTO_HAS(request, key_update, min_score))
		key->min_score = request->min_score;
	if (PROTO_HAS(request, key_update, min_solve_ms))
		key->min_solve_ms = request->min_solve_ms;
	if (PROTO_HAS(request, key_update, ttl_seconds))
		key->ttl_seconds = request->ttl_seconds;
	if (PROTO_HAS(request, key_update, rate_limit))
		key->rate_limit = request->rate_limit;
	if (PROTO_HAS(request, key_update, enabled))
		key->enabled = request->enabled;
	return NULL;
}

void
key_fill_info(struct key_info *info, const struct api_key *key)
{
	info->difficulty = key->difficulty;
	info->min_score = key->min_score;
	info->min_solve_ms = key->min_solve_ms;
	info->ttl_seconds = key->ttl_seconds;
	memcpy(info->allowed_origins, key->allowed_origins,
	    sizeof(info->allowed_origins));
	info->allowed_origins_count = key->allowed_origins_count;
	info->rate_limit = key->rate_limit;
	info->enabled = key->enabled;
}
