/*
 * Waiting for what happens elsewhere, up to a deadline.
 */
#ifndef TESTS_E2E_WAIT_H
#define TESTS_E2E_WAIT_H

#include <stdint.h>

/* The monotonic clock in milliseconds. */
int64_t rig_now_ms(void);

/*
 * For loops that look until something has happened:
 *
 *	int64_t end = rig_deadline(2000);
 *	while (!it_happened())
 *		rig_look_again(end, "it to happen");
 *
 * rig_look_again lets a moment pass; past the deadline it fails the test.
 */
int64_t rig_deadline(int64_t ms);
void rig_look_again(int64_t deadline, const char *what);

#endif
