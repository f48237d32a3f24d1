/*
 * What the generator claims about the instances that it lets through.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "challenge-svc/lang/eval.h"
#include "challenge-svc/lang/generate.h"
#include "challenge-svc/lang/misread.h"
#include "challenge-svc/lang/testing.h"
#include "challenge-svc/lang/testing_misread.h"

#define SEEDS	       12000
#define LEVEL_OF(i)    ((enum challenge_level)(i))
#define ANSWERS	       10000
#define BLIND_MEDIUM   200 /* hundredths of a percent: below 2 % */
#define BLIND_HARD     100 /* below 1 % */
#define BLIND_EASY_MAX 1500

static void
draw(struct instance *instance, int level, uint32_t number)
{
	uint8_t seed[CHALLENGE_SEED_BYTES];

	memset(seed, 0xc3, sizeof(seed));
	memcpy(seed, &number, sizeof(number));
	generate_instance(instance, testing_book, LEVEL_OF(level), seed);
}

static void
instances_are_sound_and_free_of_doubts(void **state)
{
	struct instance instance;
	struct evaluation result;
	uint32_t i;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			assert_true(tree_is_sound(&instance.tree));
			result = eval_tree(&instance.tree, &instance.values);
			assert_int_equal(result.doubts, 0);
			assert_int_equal(result.value, instance.answer);
		}
	}
}

static void
no_misreading_gives_the_answer(void **state)
{
	struct instance instance;
	struct misread_slips slips;
	uint32_t i, j;
	int64_t sum;
	uint8_t largest, smallest;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			assert_int_equal(
			    testing_collect(&instance.tree, &instance.values,
				LEVEL_OF(level), instance.answer, &slips),
			    MISREAD_NOTHING);
			assert_true(slips.count > 0);
			assert_int_equal(slips.count, instance.slips.count);

			/* The two commonest, found another way. */
			sum = 0;
			largest = 0;
			smallest = 9;
			for (j = 0; j < instance.values.count; j++) {
				uint8_t digit = instance.values.digit[j];

				sum += digit;
				largest = digit > largest ? digit : largest;
				smallest = digit < smallest ? digit : smallest;
			}
			assert_int_not_equal(instance.answer, sum);
			if (level == LEVEL_EASY)
				continue;
			assert_int_not_equal(instance.answer, largest);
			assert_int_not_equal(instance.answer, smallest);
		}
	}
}

static void
operations_are_balanced(void **state)
{
	struct instance instance;
	uint32_t seen[OPERATIONS], i, share;
	int level, o, has;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		memset(seen, 0, sizeof(seen));
		has = 0;
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			seen[instance.operation]++;
		}
		for (o = 0; o < OPERATIONS; o++)
			has += operation_at((enum operation)o, LEVEL_OF(level));
		assert_true(has >= 12);
		share = SEEDS / (uint32_t)has;
		for (o = 0; o < OPERATIONS; o++) {
			if (!operation_at((enum operation)o, LEVEL_OF(level)))
				assert_int_equal(seen[o], 0);
			else
				assert_in_range(
				    seen[o], share * 8 / 10, share * 12 / 10);
		}
	}
}

static void
blind_guessing_stays_below_its_bound(void **state)
{
	static const uint32_t bound[CHALLENGE_LEVELS] = { BLIND_EASY_MAX,
		BLIND_MEDIUM, BLIND_HARD };
	static uint32_t count[ANSWERS];
	struct instance instance;
	uint32_t i, best, rate;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		memset(count, 0, sizeof(count));
		best = 0;
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			assert_in_range(instance.answer, 0, ANSWERS - 1);
			count[instance.answer]++;
			if (count[instance.answer] > count[best])
				best = (uint32_t)instance.answer;
		}
		rate = count[best] * 10000 / SEEDS;
		print_message("%s: always answering %u is right in %u.%02u "
			      "%% of cases\n",
		    challenge_level_name(LEVEL_OF(level)), best, rate / 100,
		    rate % 100);
		/* A fifth of the bound is left for the draw of the seeds. */
		assert_true(rate < bound[level] * 4 / 5);
	}
}

static void
drawing_never_comes_near_its_limit(void **state)
{
	struct instance instance;
	uint32_t i, most, sum;
	int level;

	(void)state;
	for (level = 0; level < CHALLENGE_LEVELS; level++) {
		most = 0;
		sum = 0;
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			most = instance.draws > most ? instance.draws : most;
			sum += instance.draws;
		}
		print_message("%s: %u trees drawn for 100 kept, %u at most "
			      "for one\n",
		    challenge_level_name(LEVEL_OF(level)), sum * 100 / SEEDS,
		    most);
		assert_true(most < GENERATE_DRAWS_MAX / 10);
	}
}

/* A condition decides for the heart of the operation, not for the other task.
 */
static void
the_heart_is_the_arm_that_is_taken(void **state)
{
	struct instance instance;
	struct eval_trace trace;
	uint32_t i, seen = 0;
	uint8_t turn;
	int level;

	(void)state;
	for (level = LEVEL_MEDIUM; level < CHALLENGE_LEVELS; level++) {
		for (i = 0; i < SEEDS; i++) {
			draw(&instance, level, i);
			if (instance.tree.choice == 0)
				continue;
			seen++;
			(void)eval_strictly(
			    &instance.tree, &instance.values, &trace, &turn);
			assert_int_equal(trace.arm[instance.tree.choice],
			    instance.tree.chosen);
		}
	}
	assert_true(seen > SEEDS / 10);
}

static void
every_frame_comes_up_in_its_share(void **state)
{
	struct instance instance;
	uint32_t seen[FRAME_PAIR + 1] = { 0 }, i;
	int frame;

	(void)state;
	for (i = 0; i < SEEDS; i++) {
		draw(&instance, LEVEL_HARD, i);
		seen[instance.frame]++;
	}
	for (frame = FRAME_NONE; frame <= FRAME_PAIR; frame++)
		assert_true(seen[frame] > SEEDS / 400);

	/* What is read sentence by sentence stays rare. */
	assert_true(seen[FRAME_STEPS] < SEEDS / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instances_are_sound_and_free_of_doubts),
		cmocka_unit_test(no_misreading_gives_the_answer),
		cmocka_unit_test(operations_are_balanced),
		cmocka_unit_test(blind_guessing_stays_below_its_bound),
		cmocka_unit_test(drawing_never_comes_near_its_limit),
		cmocka_unit_test(the_heart_is_the_arm_that_is_taken),
		cmocka_unit_test(every_frame_comes_up_in_its_share),
	};

	return cmocka_run_group_tests(
	    tests, testing_read_book, testing_free_book);
}
