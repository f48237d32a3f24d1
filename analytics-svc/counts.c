/*
 * The counters. See counts.h.
 */
#include "analytics-svc/counts.h"

/* a * b for numbers from 0 up; stays at INT64_MAX when it is more. */
static int64_t
product(int64_t a, int64_t b)
{
	int64_t result;

	return __builtin_mul_overflow(a, b, &result) ? INT64_MAX : result;
}

void
counts_add(struct counts *into, const struct counts *from)
{
	for (unsigned i = 0; i < COUNTS; i++)
		into->of[i] = counts_sum(into->of[i], from->of[i]);
}

bool
counts_takes(const struct event *event)
{
	switch ((enum event_kind)event->kind) {
	case event_kind_CREATED:
	case event_kind_EXPIRED:
	case event_kind_REDEEMED:
		return true;
	case event_kind_VERIFIED:
		return PROTO_HAS(event, event, verdict);
	case event_kind_KEY_SAVED:
		return false;
	}
	return false;
}

bool
counts_is_solved(const struct event *event)
{
	return event->kind == event_kind_VERIFIED &&
	    event->verdict != verdict_INCORRECT;
}

bool
counts_is_incorrect(const struct event *event)
{
	return event->kind == event_kind_VERIFIED &&
	    event->verdict == verdict_INCORRECT;
}

static void
add(struct counts *counts, enum count which, int64_t amount)
{
	counts->of[which] = counts_sum(counts->of[which], amount);
}

static void
add_solved(struct counts *counts, const struct event *event)
{
	add(counts, COUNT_SOLVED, event->count);
	add(counts, COUNT_SOLVE_MS,
	    product(event->solve_time_ms, event->count));
	add(counts, COUNT_SCORE, product(event->score, event->count));
}

static void
add_verified(struct counts *counts, const struct event *event)
{
	switch ((enum verdict)event->verdict) {
	case verdict_ALLOWED:
		add(counts, COUNT_ALLOWED, event->count);
		add_solved(counts, event);
		break;
	case verdict_TOO_SLOW:
	case verdict_TOO_FAST:
		add_solved(counts, event);
		break;
	case verdict_INCORRECT:
		add(counts, COUNT_INCORRECT, event->count);
		break;
	}
}

void
counts_event(struct counts *counts, const struct event *event)
{
	switch ((enum event_kind)event->kind) {
	case event_kind_CREATED:
		add(counts, COUNT_CHALLENGES, event->count);
		break;
	case event_kind_VERIFIED:
		add_verified(counts, event);
		break;
	case event_kind_EXPIRED:
		add(counts, COUNT_EXPIRED, event->count);
		break;
	case event_kind_REDEEMED:
		add(counts, COUNT_SITEVERIFIED, event->count);
		break;
	case event_kind_KEY_SAVED:
		break;
	}
}

struct totals
counts_totals(const struct counts *counts)
{
	return (struct totals){
		.challenges = counts->of[COUNT_CHALLENGES],
		.verifications = counts_sum(
		    counts->of[COUNT_SOLVED], counts->of[COUNT_INCORRECT]),
		.solved = counts->of[COUNT_SOLVED],
		.allowed = counts->of[COUNT_ALLOWED],
		.incorrect = counts->of[COUNT_INCORRECT],
		.expired = counts->of[COUNT_EXPIRED],
		.siteverified = counts->of[COUNT_SITEVERIFIED],
	};
}

bool
counts_is_zero(const struct counts *counts)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (counts->of[i] != 0)
			return false;
	return true;
}
