/*
 * Waiting; see wait.h.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "tests/e2e/wait.h"

#define LOOK_AGAIN_MS 10

int64_t
rig_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
rig_deadline(int64_t ms)
{
	return rig_now_ms() + ms;
}

void
rig_look_again(int64_t deadline, const char *what)
{
	if (rig_now_ms() > deadline)
		fail_msg("waited in vain for %s", what);
	(void)poll(NULL, 0, LOOK_AGAIN_MS);
}
