/*
 * From an HTTP request to a message: body, query, path and access token into
 * the fields of the message's request record.
 */
#ifndef GATEWAY_PARSE_H
#define GATEWAY_PARSE_H

#include "gateway/call.h"

/* A request's body; text is NULL when there is none. It belongs to Kore. */
struct parse_body {
	char *text;
	size_t len;
	bool form; /* a=b&c=d, else JSON */
};

/* Makes the tables that parse_request needs. 0, or -1 when memory ends. */
int parse_init(void);

/*
 * Finds the body and checks its type, which an empty one need not have. Returns
 * 0, or -1 with the call's defect set (415).
 */
int parse_body(struct call *call, struct parse_body *body);

/*
 * Fills the zeroed request record of the call's route, all but what comes from
 * its key or access token. Returns 0, or -1 with the call's defect set.
 */
int
parse_request(struct call *call, const struct parse_body *body, void *request);

/* Whether a page of this gateway sends the request: 0, or -1 with the call's
 * problem set (403). See session.h. */
int parse_own_page(struct call *call);

/*
 * Puts the access token into the record's field `jwt`: that of `Authorization:
 * Bearer` or, without such a field, of the session's cookie. Returns 0, or -1
 * with the call's problem set (401, or 403 for a cookie on another's page).
 */
int parse_bearer(
    struct call *call, const struct proto_record *record, void *request);

/* Overwrites what may have held a secret. */
void parse_wipe(struct parse_body *body);

#endif
