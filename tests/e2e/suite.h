/*
 * What the tests of one program share: a system and a client. Each test gets
 * it as its state; cmocka starts and stops it for the whole group.
 */
#ifndef TESTS_E2E_SUITE_H
#define TESTS_E2E_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/e2e/client.h"
#include "tests/e2e/flow.h"
#include "tests/e2e/rig.h"
#include "tests/e2e/want.h"

struct suite {
	struct rig *rig;
	struct client *client;
};

/* A set-up with settings of the test's own; see rig_start. Returns 0. */
int suite_start(void **state, const char *const settings[]);

/* The same over TCP and CURVE; see rig_start_tcp. */
int suite_start_tcp(void **state, const char *const settings[]);

/* A set-up with the usual settings. */
int suite_set_up(void **state);

/* A tear-down of one test: starts again what it has left down, and forgets what
 * the client returned. */
int suite_mend(void **state);

/* Fails when a process did not end well; see rig_stop. */
int suite_tear_down(void **state);

#endif
