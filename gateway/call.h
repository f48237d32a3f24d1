/*
 * One HTTP request on its way through the gateway, and the table of them.
 *
 * Kore frees a request when its client leaves; the call ends with it, and the
 * bus is told to forget it. Nothing else holds a pointer to either.
 */
#ifndef GATEWAY_CALL_H
#define GATEWAY_CALL_H

#include <kore/kore.h>

#include <kore/http.h>

#include "common/api_key.h"
#include "gateway/bus.h"
#include "gateway/problem.h"
#include "gateway/ratelimit.h"
#include "gateway/routes.h"
#include "proto/proto.h"

/* What a call waits for. */
enum call_step {
	CALL_START,   /* nothing: it has just come */
	CALL_KEY,     /* auth-svc's word on its API key */
	CALL_ACCOUNT, /* auth-svc's word on its access token */
	CALL_REPLY,   /* the reply that it came for */
	CALL_STATS,   /* every service's counters */
};

struct scrape;

struct call {
	struct http_request *req;
	size_t req_bytes; /* of it as it was received */
	struct uuid trace;
	int64_t start_ns;
	const struct route *route; /* NULL when none was found */
	const struct proto_message_info *info;
	struct uuid id;	  /* of the path */
	bool is_page;	  /* its path is one of pages.h */
	bool cors;	  /* web pages may call its path, */
	const char *page; /* this Origin's among them, or NULL; in req */
	enum call_step step;
	uint64_t correlation; /* what the bus knows it by, 0 for nothing */

	/* its API key */
	uint8_t key_hash[API_KEY_HASH_BYTES];
	bool key_asked; /* auth-svc has just said that it is good, */
	bool key_bad;	/* or that it is not */
	bool auth_away; /* auth-svc could not be asked */
	bool limited;	/* its key or address has a limit that stands at: */
	struct ratelimit_result limit;

	/* what it asks, while it waits for something else first */
	void *request;

	/* what it will be answered */
	bool malformed;	       /* it could not be read as its message */
	struct problem defect; /* then: why */
	bool failed;
	bool unsent;	    /* then: its service has not been sent it */
	bool asked_another; /* shard, after one could not be reached */
	struct problem problem;
	char *json; /* the reply, to be freed */
	size_t json_len;

	struct scrape *scrape; /* CALL_STATS */
	struct call *spare;
};

/* Makes room for as many calls as Kore takes requests. 0, or -1. */
int calls_init(size_t count);
void calls_free(void);

/* Those that are under way. */
size_t calls_count(void);

/*
 * Takes a call for the request and ties it to it: it is given back when Kore
 * frees the request. NULL when there are none left.
 */
struct call *call_new(struct http_request *req, int64_t now_ns);

/* Keeps a copy of the message's request record, to be wiped with the call. */
int call_keep(struct call *call, const void *request);

/* When the call must be over, however many questions it needs. */
int64_t call_deadline(const struct call *call);

/*
 * Sends a request on behalf of the call and puts it to sleep; handle_done will
 * wake it. On failure sets the problem and returns -1.
 */
int call_send(struct call *call, size_t endpoint, enum proto_message message,
    const void *body, enum call_step step, int64_t now_ns, int64_t deadline_ns);

/*
 * Sets the problem from an answer that is none. A lost connection is told as
 * such only where it took along what the call came for: a question before that
 * may be asked again, and changed nothing.
 */
void call_fail(struct call *call, const struct bus_answer *answer);

/*
 * Notes how a limit stands, for the answer, unless one that is noted already
 * is closer to its end.
 */
void call_note_limit(struct call *call, const struct ratelimit_result *limit);

/* The value of a header field, or NULL. */
const char *call_header(const struct call *call, const char *name);

#endif
