/*
 * Frames: what is drawn is sound, whatever it is drawn around.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "challenge-svc/lang/frames.h"

#define TREES 2000 /* of each operation and level */

static void
every_tree_is_sound(void **state)
{
	struct tree tree;
	struct rng rng;
	const uint8_t seed = 7;
	int level, operation, i;

	(void)state;
	rng_seed(&rng, &seed, sizeof(seed), 0);
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (operation = 0; operation < OPERATIONS; operation++) {
			for (i = 0; i < TREES; i++) {
				frames_draw(&tree, &rng,
				    (enum operation)operation,
				    frames_pick(&rng, (enum operation)operation,
					(enum challenge_level)level),
				    (enum challenge_level)level);
				assert_true(
				    tree.overflow || tree_is_sound(&tree));
			}
		}
	}
}

static void
easy_hearts_and_whole_ones_stand_alone(void **state)
{
	struct rng rng;
	const uint8_t seed = 7;
	int operation;
	enum frame frame;

	(void)state;
	rng_seed(&rng, &seed, sizeof(seed), 0);
	for (operation = 0; operation < OPERATIONS; operation++) {
		assert_int_equal(
		    frames_pick(&rng, (enum operation)operation, LEVEL_EASY),
		    FRAME_NONE);
		frame = frames_pick(
		    &rng, (enum operation)operation, LEVEL_HARD);
		assert_int_equal(frame == FRAME_NONE,
		    (operation_traits_of((enum operation)operation) &
			OPERATION_WHOLE) != 0);
	}
}

static void
digits_are_named_only_for_what_selects_from_them(void **state)
{
	struct rng rng;
	const uint8_t seed = 7;
	int operation, i;

	(void)state;
	rng_seed(&rng, &seed, sizeof(seed), 0);
	for (operation = 0; operation < OPERATIONS; operation++) {
		if ((operation_traits_of((enum operation)operation) &
			OPERATION_BASED) != 0)
			continue;
		for (i = 0; i < 300; i++)
			assert_int_not_equal(
			    frames_pick(
				&rng, (enum operation)operation, LEVEL_HARD),
			    FRAME_GROUPS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tree_is_sound),
		cmocka_unit_test(easy_hearts_and_whole_ones_stand_alone),
		cmocka_unit_test(
		    digits_are_named_only_for_what_selects_from_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
