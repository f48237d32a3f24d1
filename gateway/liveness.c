/*
 * Liveness of a service; see liveness.h.
 */
#include "gateway/liveness.h"

void
liveness_asked(struct liveness *liveness, int64_t now_ns)
{
	if (liveness->asked_ns == 0)
		liveness->asked_ns = now_ns;
}

void
liveness_heard(struct liveness *liveness)
{
	liveness->asked_ns = 0;
	liveness->state = LIVENESS_UP;
}

void
liveness_lost(struct liveness *liveness)
{
	liveness->asked_ns = 0;
	liveness->state = LIVENESS_DOWN;
}

enum liveness_state
liveness_check(struct liveness *liveness, int64_t now_ns)
{
	if (liveness->asked_ns != 0 &&
	    now_ns - liveness->asked_ns > LIVENESS_SILENCE_NS)
		liveness->state = LIVENESS_DOWN;
	return liveness->state;
}
