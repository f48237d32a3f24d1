/*
 * The route table, and the search in it.
 */
#include <string.h>

#include "gateway/routes.h"

#define V1 "/api/v1"
#define V2 "/api/v2"

#define SERVICE(message) ROUTE_MESSAGE, MSG_##message
#define OWN(action)	 ROUTE_##action, MSG_PING

/* The ones that are called most come first: the search goes from the top. */
/* clang-format off */
const struct route routes[] = {
	{ V2 "/challenges", ROUTE_POST, ROUTE_KEY_ANY,
	    SERVICE(CHALLENGE_CREATE), 200, ROUTE_CORS },
	{ V2 "/challenges/verify", ROUTE_POST, ROUTE_KEY_ANY,
	    SERVICE(CHALLENGE_VERIFY), 200, ROUTE_CORS },
	{ V2 "/challenges/siteverify", ROUTE_POST, ROUTE_KEY_SECRET,
	    SERVICE(CHALLENGE_REDEEM), 200, ROUTE_FORM | ROUTE_LEGACY },
	{ "/healthz", ROUTE_GET, ROUTE_PUBLIC, OWN(HEALTH), 200, 0 },
	{ "/readyz", ROUTE_GET, ROUTE_PUBLIC, OWN(READY), 200, 0 },
	{ "/metrics", ROUTE_GET, ROUTE_PUBLIC, OWN(METRICS), 200, 0 },
	{ V1 "/auth/register", ROUTE_POST, ROUTE_PUBLIC,
	    SERVICE(AUTH_REGISTER), 201, ROUTE_PASSWORD },
	{ V1 "/auth/login", ROUTE_POST, ROUTE_PUBLIC,
	    SERVICE(AUTH_LOGIN), 200, ROUTE_PASSWORD },
	{ V1 "/auth/me", ROUTE_GET, ROUTE_JWT,
	    SERVICE(AUTH_ME), 200, 0 },
	{ V1 "/auth/logout", ROUTE_POST, ROUTE_JWT,
	    SERVICE(AUTH_LOGOUT), 204, 0 },
	{ V1 "/auth/password", ROUTE_POST, ROUTE_JWT,
	    SERVICE(AUTH_PASSWORD), 204, 0 },
	{ V1 "/session", ROUTE_POST, ROUTE_PUBLIC,
	    SERVICE(AUTH_LOGIN), 200, ROUTE_PASSWORD | ROUTE_COOKIE },
	{ V1 "/session", ROUTE_DELETE, ROUTE_JWT,
	    SERVICE(AUTH_LOGOUT), 204, ROUTE_COOKIE },
	{ V1 "/session/register", ROUTE_POST, ROUTE_PUBLIC,
	    SERVICE(AUTH_REGISTER), 201, ROUTE_PASSWORD | ROUTE_COOKIE },
	{ V1 "/api-keys", ROUTE_GET, ROUTE_JWT,
	    SERVICE(KEY_LIST), 200, 0 },
	{ V1 "/api-keys", ROUTE_POST, ROUTE_JWT,
	    SERVICE(KEY_CREATE), 201, 0 },
	{ V1 "/api-keys/:id", ROUTE_PATCH, ROUTE_JWT,
	    SERVICE(KEY_UPDATE), 200, 0 },
	{ V1 "/api-keys/:id", ROUTE_DELETE, ROUTE_JWT,
	    SERVICE(KEY_REVOKE), 204, 0 },
	{ V1 "/api-keys/:id/rotate", ROUTE_POST, ROUTE_JWT,
	    SERVICE(KEY_ROTATE), 200, 0 },
	{ V1 "/analytics/overview", ROUTE_GET, ROUTE_JWT,
	    SERVICE(OVERVIEW), 200, ROUTE_ACCOUNT | ROUTE_QUERY },
	{ V1 "/analytics/timeseries", ROUTE_GET, ROUTE_JWT,
	    SERVICE(TIMESERIES), 200, ROUTE_ACCOUNT | ROUTE_QUERY },
};
/* clang-format on */

const size_t routes_count = sizeof(routes) / sizeof(routes[0]);

static const char *const method_names[] = {
	[ROUTE_GET] = "GET",
	[ROUTE_HEAD] = "HEAD",
	[ROUTE_POST] = "POST",
	[ROUTE_PUT] = "PUT",
	[ROUTE_PATCH] = "PATCH",
	[ROUTE_DELETE] = "DELETE",
	[ROUTE_OPTIONS] = "OPTIONS",
};

/* True when path is an instance of pattern; *id is set where it has `:id`. */
static bool
path_matches(const char *pattern, const char *path, struct uuid *id)
{
	char text[UUID_TEXT_MAX + 1];

	while (*pattern != '\0' && *pattern != ':') {
		if (*pattern++ != *path++)
			return false;
	}
	if (*pattern == '\0')
		return *path == '\0';
	if (strnlen(path, UUID_TEXT_MAX) < UUID_TEXT_MAX)
		return false;
	memcpy(text, path, UUID_TEXT_MAX);
	text[UUID_TEXT_MAX] = '\0';
	if (uuid_parse(id, text) != 0)
		return false;
	return strcmp(pattern + strlen(":id"), path + UUID_TEXT_MAX) == 0;
}

enum route_result
routes_find(
    enum route_method method, const char *path, struct route_match *match)
{
	const struct route *route;
	struct uuid id = { { 0 } };

	memset(match, 0, sizeof(*match));
	if (method == ROUTE_HEAD)
		method = ROUTE_GET;
	for (size_t i = 0; i < routes_count; i++) {
		route = &routes[i];
		if (!path_matches(route->path, path, &id))
			continue;
		if (route->method == method) {
			match->route = route;
			match->index = i;
			match->id = id;
			return ROUTE_FOUND;
		}
		match->methods |= 1u << route->method;
		if (route->method == ROUTE_GET)
			match->methods |= 1u << ROUTE_HEAD;
		if ((route->flags & ROUTE_CORS) != 0)
			match->cors = true;
	}
	if (match->methods == 0)
		return ROUTE_NO_PATH;
	match->methods |= 1u << ROUTE_OPTIONS;
	return ROUTE_NO_METHOD;
}

void
routes_allow(unsigned methods, char text[ROUTES_ALLOW_MAX])
{
	size_t count = sizeof(method_names) / sizeof(method_names[0]);
	size_t len = 0;
	size_t name_len;

	/* All seven names with their separators fit. */
	for (size_t i = 0; i < count; i++) {
		if ((methods >> i & 1) == 0)
			continue;
		if (len > 0) {
			memcpy(text + len, ", ", 2);
			len += 2;
		}
		name_len = strlen(method_names[i]);
		memcpy(text + len, method_names[i], name_len);
		len += name_len;
	}
	text[len] = '\0';
}
