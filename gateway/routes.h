/*
 * Every path that the gateway answers, in one table: what it takes, who may
 * call it, which message it becomes and which status success has.
 */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/proto.h"

enum route_method {
	ROUTE_GET,
	ROUTE_HEAD,
	ROUTE_POST,
	ROUTE_PUT,
	ROUTE_PATCH,
	ROUTE_DELETE,
	ROUTE_OPTIONS,
};

enum route_auth {
	ROUTE_PUBLIC,
	ROUTE_KEY_ANY,	  /* X-API-Key, secret or publishable */
	ROUTE_KEY_SECRET, /* X-API-Key, secret only */
	ROUTE_JWT,	  /* Authorization: Bearer */
};

/* Who answers. */
enum route_action {
	ROUTE_MESSAGE, /* a service, see route.message */
	ROUTE_HEALTH,
	ROUTE_READY,
	ROUTE_METRICS,
};

#define ROUTE_CORS     0x01u /* web pages call it, with a publishable key */
#define ROUTE_FORM     0x02u /* the body may be a form, too */
#define ROUTE_LEGACY   0x04u /* Turnstile's names: `secret`, `response` */
#define ROUTE_ACCOUNT  0x08u /* AUTH_ME first, for the account's id */
#define ROUTE_QUERY    0x10u /* fields come from the query string */
#define ROUTE_PASSWORD 0x20u /* public, and costs a password hash */
#define ROUTE_COOKIE   0x40u /* of own pages: begins or ends their session */

struct route {
	const char *path; /* a segment `:id` is a UUID */
	enum route_method method;
	enum route_auth auth;
	enum route_action action;
	enum proto_message message;
	int status; /* of success */
	unsigned flags;
};

extern const struct route routes[];
extern const size_t routes_count;

enum route_result { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };

struct route_match {
	const struct route *route; /* when found */
	size_t index;		   /* of it in routes */
	struct uuid id;		   /* of `:id` */
	unsigned methods;	   /* bit 1 << method for each the path has */
	bool cors;		   /* one of the path's routes has ROUTE_CORS */
};

/*
 * Finds what answers. HEAD finds the route of GET. ROUTE_NO_METHOD fills
 * methods and cors; OPTIONS is never found, so it ends there too.
 */
enum route_result routes_find(
    enum route_method method, const char *path, struct route_match *match);

#define ROUTES_ALLOW_MAX 64

/* The value of an Allow field: "GET, HEAD, OPTIONS". */
void routes_allow(unsigned methods, char text[ROUTES_ALLOW_MAX]);

#endif
