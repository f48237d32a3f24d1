/*
 * Tests of what counts as a living service.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/liveness.h"

static void
a_service_is_up_once_heard_and_down_after_silence(void **state)
{
	struct liveness liveness = { 0 };
	int64_t now = 1000;

	(void)state;
	assert_int_equal(liveness_check(&liveness, now), LIVENESS_UNKNOWN);
	liveness_asked(&liveness, now);
	liveness_heard(&liveness);
	assert_int_equal(liveness_check(&liveness, now), LIVENESS_UP);
	/* Nothing asked: silence means nothing. */
	assert_int_equal(
	    liveness_check(&liveness, now + 100 * LIVENESS_SILENCE_NS),
	    LIVENESS_UP);
	liveness_asked(&liveness, now);
	liveness_asked(&liveness, now + LIVENESS_SILENCE_NS);
	assert_int_equal(
	    liveness_check(&liveness, now + LIVENESS_SILENCE_NS), LIVENESS_UP);
	assert_int_equal(
	    liveness_check(&liveness, now + LIVENESS_SILENCE_NS + 1),
	    LIVENESS_DOWN);
	liveness_heard(&liveness);
	assert_int_equal(liveness_check(&liveness, now), LIVENESS_UP);
}

static void
a_lost_connection_is_down_at_once(void **state)
{
	struct liveness liveness = { 0 };

	(void)state;
	liveness_lost(&liveness);
	assert_int_equal(liveness_check(&liveness, 1), LIVENESS_DOWN);
	liveness_heard(&liveness);
	assert_int_equal(liveness_check(&liveness, 1), LIVENESS_UP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_service_is_up_once_heard_and_down_after_silence),
		cmocka_unit_test(a_lost_connection_is_down_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
