/*
 * Answers: status line, fields and body of everything that the gateway sends.
 */
#ifndef GATEWAY_REPLY_H
#define GATEWAY_REPLY_H

#include "gateway/call.h"
#include "gateway/pages.h"

/*
 * Each answers the call, once, counts it, and returns what a handler returns
 * to Kore. Every answer carries X-Request-Id; all but pages Cache-Control:
 * no-store, and where web pages may call, what lets them read it.
 */

/* The call's problem, as application/problem+json. */
int reply_problem(struct call *call);

/* The same after setting the problem; field and detail may be NULL. */
int reply_error(struct call *call, enum proto_error error, const char *field,
    const char *detail);

/* 405, with what the path allows. */
int reply_method(struct call *call, const char *allow);

/* The call's JSON, or nothing, with the status of its route. */
int reply_result(struct call *call);

/* A body of another kind. */
int reply_text(struct call *call, int status, const char *type,
    const char *text, size_t len);

/* 204 to OPTIONS; a preflight is told what may follow it. */
int reply_options(struct call *call, const char *allow, bool preflight);

/* A page, in the form that the client's fields choose, or 304. */
int reply_page(struct call *call, const struct page *page);

#endif
