/*
 * Whether a service can be asked: the pure rule behind /readyz and behind
 * refusing at once what nobody would answer.
 */
#ifndef GATEWAY_LIVENESS_H
#define GATEWAY_LIVENESS_H

#include <stdint.h>

/* A question unanswered for this long means that the service is down. */
#define LIVENESS_SILENCE_NS INT64_C(1000000000)

enum liveness_state {
	LIVENESS_UNKNOWN, /* never heard, never missed: worth a try */
	LIVENESS_UP,
	LIVENESS_DOWN,
};

/* Zero it to start. */
struct liveness {
	int64_t
	    asked_ns; /* the oldest question without an answer since, or 0 */
	enum liveness_state state;
};

/* A question went out at now_ns. */
void liveness_asked(struct liveness *liveness, int64_t now_ns);

/* Anything valid came back. */
void liveness_heard(struct liveness *liveness);

/* There is no connection to send on. */
void liveness_lost(struct liveness *liveness);

/* The state at now_ns; the silence is judged here. */
enum liveness_state liveness_check(struct liveness *liveness, int64_t now_ns);

#endif
