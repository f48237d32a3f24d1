/*
 * Who may: API keys at the gateway's door.
 */
#ifndef GATEWAY_ADMIT_H
#define GATEWAY_ADMIT_H

#include "gateway/bus.h"
#include "gateway/call.h"
#include "gateway/parse.h"

/*
 * Finds the key's text (in X-API-Key, or where the route allows it in the
 * body's `secret`), checks its form and keeps its hash. Returns 0, or -1 with
 * the call's problem set, which is the call's defect when the body that might
 * hold the key cannot be read.
 */
int admit_take(struct call *call, const struct parse_body *body);

enum admit_result {
	ADMIT_YES,
	ADMIT_WAIT, /* auth-svc has been asked; call again after its answer */
	ADMIT_NO,   /* the call's problem is set */
};

/*
 * Judges the key: known, of the right kind, from an origin that it allows,
 * within its rate. request is kept by the call when it has to wait. *info is
 * the key's settings, until the key cache changes.
 */
enum admit_result admit_judge(struct call *call, const void *request,
    int64_t now_ns, const struct key_info **info);

/* Takes auth-svc's answer to a look-up. */
void admit_answer(struct call *call, const struct bus_answer *answer);

/* Asks auth-svc which keys changed; to be called every BUS_TICK_MS. */
void admit_tick(int64_t now_ns);

#endif
