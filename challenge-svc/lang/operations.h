/*
 * The operations: recipes that draw the heart of an expression tree.
 *
 * The operation is what siteverify and the analytics call operationId.  At
 * easy its heart is the whole tree; at medium and hard frames.h puts further
 * steps, names, rules and afterthoughts around it.
 */

#ifndef CHALLENGE_SVC_LANG_OPERATIONS_H
#define CHALLENGE_SVC_LANG_OPERATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "challenge-svc/lang/challenge.h"
#include "challenge-svc/lang/rng.h"
#include "challenge-svc/lang/selections.h"
#include "challenge-svc/lang/tree.h"

/*
 * OPERATION(NAME, heart, level, traits): the lowest level that has it, and
 *   B  its heart selects from draft_base(), so digits can be named before
 *   W  the heart is a whole by itself: it has its own frame
 *   L  the heart is long: little fits beside it: a step, a name
 */
#define OPERATIONS_LIST(OPERATION)                                     \
	/* totals */                                                   \
	OPERATION(SUM_EXCLUDING_VALUE, sum_excluding_value, EASY, B)   \
	OPERATION(SUM_EXCLUDING_PLACE, sum_excluding_place, EASY, B)   \
	OPERATION(SUM_BY_PARITY, sum_by_parity, EASY, B)               \
	OPERATION(SUM_BY_RANK, sum_by_rank, EASY, B)                   \
	OPERATION(SUM_BY_PLACE, sum_by_place, EASY, B)                 \
	OPERATION(SUM_BY_BOUND, sum_by_bound, EASY, B)                 \
	OPERATION(SUM_BY_SIDE, sum_by_side, EASY, 0)                   \
	OPERATION(SUM_BETWEEN_MARKS, sum_between_marks, MEDIUM, 0)     \
	OPERATION(SUM_COUNTING_EXTRA, sum_counting_extra, EASY, B)     \
	OPERATION(SUM_BY_NEIGHBOUR, sum_by_neighbour, MEDIUM, 0)       \
	OPERATION(SUM_OF_UNIQUE, sum_of_unique, EASY, 0)               \
	/* extremes and ranges */                                      \
	OPERATION(LARGEST_SELECTED, largest_selected, EASY, B)         \
	OPERATION(SMALLEST_SELECTED, smallest_selected, EASY, B)       \
	OPERATION(RANKED_VALUE, ranked_value, EASY, B | L)             \
	OPERATION(RANGE, range, EASY, B)                               \
	OPERATION(PRODUCT_OF_EXTREMES, product_of_extremes, EASY, B)   \
	OPERATION(SUM_OF_EXTREMES, sum_of_extremes, EASY, B)           \
	/* counts */                                                   \
	OPERATION(COUNT_BY_VALUE, count_by_value, EASY, B)             \
	OPERATION(COUNT_BY_PARITY, count_by_parity, EASY, B)           \
	OPERATION(COUNT_DISTINCT, count_distinct, MEDIUM, B)           \
	OPERATION(COUNT_BY_NEIGHBOUR, count_by_neighbour, EASY, 0)     \
	/* in order */                                                 \
	OPERATION(ALTERNATING_SUM, alternating_sum, EASY, B)           \
	OPERATION(WEIGHTED_SUM, weighted_sum, EASY, B)                 \
	OPERATION(PRODUCT_OF_SELECTION, product_of_selection, EASY, B) \
	/* references and repeated values */                           \
	OPERATION(NEIGHBOUR_REFERENCE, neighbour_reference, EASY, 0)   \
	OPERATION(REPEATED_VALUE, repeated_value, EASY, L)             \
	/* two numbers, two stages */                                  \
	OPERATION(LARGER_OF_TWO, larger_of_two, EASY, L)               \
	OPERATION(DIFFERENCE_OF_TWO, difference_of_two, EASY, L)       \
	OPERATION(SCALED_TOTAL, scaled_total, EASY, B)                 \
	OPERATION(TWO_STAGE, two_stage, MEDIUM, L)                     \
	OPERATION(NAMED_VALUES, frames_named_values, MEDIUM, W)        \
	OPERATION(NAMED_GROUPS, frames_named_groups, MEDIUM, W)        \
	/* conditionals, rules, corrections */                         \
	OPERATION(CONDITIONAL, frames_conditional, MEDIUM, W)          \
	OPERATION(CHOSEN_RULE, frames_chosen_rule, MEDIUM, W)          \
	OPERATION(CHANGED_TASK, frames_changed_task, MEDIUM, W)        \
	OPERATION(CORRECTION, correction, EASY, 0)                     \
	/* stories */                                                  \
	OPERATION(SCENARIO_TOTAL, scenes_total, EASY, W)               \
	OPERATION(SCENARIO_TWO_WAYS, scenes_two_ways, MEDIUM, W)       \
	OPERATION(SCENARIO_PRICES, scenes_prices, MEDIUM, W)

enum operation {
#define OPERATION(id, heart, level, traits) OP_##id,
	OPERATIONS_LIST(OPERATION)
#undef OPERATION
	    OPERATIONS
};

enum operation_traits {
	OPERATION_BASED = 1,
	OPERATION_WHOLE = 2,
	OPERATION_LONG = 4
};

/* "SUM_EXCLUDING_VALUE" and so on: a constant string. */
const char *operation_name(enum operation operation);

/* enum operation_traits, as bits. */
unsigned int operation_traits_of(enum operation operation);

/* One of the operations of the level, each with the same chance. */
enum operation operation_draw(struct rng *rng, enum challenge_level level);

/* Whether operation_draw can give it at that level. */
bool operation_at(enum operation operation, enum challenge_level level);

/* Draws the heart of an operation and returns its node. */
uint8_t operation_heart(struct draft *draft, enum operation operation);

/*
 * A number for the other side of a step, a rule, a name: worked out from
 * digits, with a noun form.
 */
uint8_t operation_number(struct draft *draft);

#endif
