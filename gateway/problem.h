/*
 * What a request could not be done for, and its text (RFC 9457).
 */
#ifndef GATEWAY_PROBLEM_H
#define GATEWAY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"

struct problem {
	enum proto_error error;
	char field[PROTO_FIELD_MAX + 1];   /* "" when none is to blame */
	char detail[PROTO_DETAIL_MAX + 1]; /* "" for the title again */
	int64_t retry_after;		   /* seconds, 0 for none */
	bool missing; /* the field is not there, null or empty */
};

struct json_problem;

/* Enough for both texts with every byte escaped, the second one twice. */
#define PROBLEM_TEXT_MAX 4096

/*
 * Sets a problem. field may be NULL; format too, and makes the detail, which
 * is cut to its bound. A refusal that ends by itself (503) gets one second to
 * try again in.
 */
void
problem_set(struct problem *problem, enum proto_error error, const char *field,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets a problem from what a service said. */
void problem_from(struct problem *problem, const struct failure *failure);

/* Sets a problem from what was wrong with a body or a query (400; 503 when it
 * was our memory). */
void
problem_from_json(struct problem *problem, const struct json_problem *fault);

/*
 * Writes application/problem+json: type, title, status, detail, code,
 * requestId, and errors when a field is to blame. With turnstile, success and
 * error-codes follow, for callers that speak Cloudflare Turnstile's siteverify
 * (https://developers.cloudflare.com/turnstile/get-started/server-side-validation/);
 * "rate-limited" is ours, as it has no word for that. Returns the length.
 */
size_t problem_write(const struct problem *problem, const struct uuid *trace,
    bool turnstile, char text[PROBLEM_TEXT_MAX]);

#endif
