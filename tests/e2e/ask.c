/*
 * Asking until there is an answer; see ask.h.
 */
#include <poll.h>
#include <stddef.h>

#include "tests/e2e/ask.h"
#include "tests/e2e/rig.h"

#define SETTLE_MS     (INT64_C(20000) * RIG_SLACK)
#define LOOK_AGAIN_MS 5

bool
ask_in_doubt(const struct reply *reply)
{
	return reply->status == 0 || reply->status == 504;
}

const struct reply *
ask_until_answered(
    struct client *client, const struct request *request, int64_t *doubts)
{
	const int64_t end = rig_now_ms() + SETTLE_MS;
	const struct reply *reply = NULL;

	*doubts = 0;
	for (;;) {
		reply = client_send(client, request);
		if (ask_in_doubt(reply))
			(*doubts)++;
		else if (reply->status != 503)
			return reply;
		if (rig_now_ms() > end)
			return reply;
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
}
