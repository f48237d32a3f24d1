/*
 * Bucket arithmetic. See period.h.
 */
#include "analytics-svc/period.h"

static const int64_t grain_ms[PERIOD_GRAINS] = {
	[PERIOD_MINUTE] = INT64_C(60000),
	[PERIOD_HOUR] = INT64_C(3600000),
	[PERIOD_DAY] = INT64_C(86400000),
};

int64_t
period_grain_ms(enum period_grain grain)
{
	return grain_ms[grain];
}

int64_t
period_bucket(enum period_grain grain, int64_t at)
{
	return at / grain_ms[grain];
}

static int64_t
round_down(int64_t at, enum period_grain grain)
{
	return at / grain_ms[grain] * grain_ms[grain];
}

static int64_t
round_up(int64_t at, enum period_grain grain)
{
	return round_down(at + grain_ms[grain] - 1, grain);
}

int
period_read(struct period *period, const int64_t *from, const int64_t *to,
    int64_t now, struct period_refusal *refusal)
{
	period->to = to != NULL ? *to : now;
	if (from != NULL)
		period->from = *from;
	else if (period->to > PERIOD_DEFAULT_MS)
		period->from = period->to - PERIOD_DEFAULT_MS;
	else
		period->from = 0;

	refusal->field = "from";
	if (period->from >= period->to) {
		refusal->detail = "from must be before to";
		return -1;
	}
	if (period->to - period->from > PERIOD_MAX_MS) {
		refusal->detail = "a period has at most 400 days";
		return -1;
	}
	return 0;
}

struct period
period_align(struct period period, enum period_grain grain)
{
	return (struct period){ .from = round_down(period.from, grain),
		.to = round_up(period.to, grain) };
}

struct period_kept
period_keep(int64_t now, int64_t minute_days, int64_t hour_days)
{
	struct period_kept kept = { 0, 0 };
	const int64_t today = round_down(now, PERIOD_DAY);

	if (minute_days > 0)
		kept.minutes_from = today - minute_days * grain_ms[PERIOD_DAY];
	if (hour_days > 0)
		kept.hours_from = today - hour_days * grain_ms[PERIOD_DAY];
	if (kept.minutes_from < 0)
		kept.minutes_from = 0;
	if (kept.hours_from < 0)
		kept.hours_from = 0;
	if (kept.hours_from > kept.minutes_from)
		kept.hours_from = kept.minutes_from;
	return kept;
}

/* The finest grain that is kept of a time. */
static enum period_grain
finest(int64_t at, const struct period_kept *kept)
{
	if (at >= kept->minutes_from)
		return PERIOD_MINUTE;
	return at >= kept->hours_from ? PERIOD_HOUR : PERIOD_DAY;
}

struct period
period_widen(struct period period, const struct period_kept *kept)
{
	return (struct period){ .from = round_down(
				    period.from, finest(period.from, kept)),
		.to = round_up(period.to, finest(period.to, kept)) };
}

struct period
period_previous(struct period period)
{
	int64_t length = period.to - period.from;

	return (struct period){
		.from = period.from > length ? period.from - length : 0,
		.to = period.from
	};
}

/* Writes the part from *at to end, if there is any, and moves *at there. */
static size_t
take(
    struct period_span *span, enum period_grain grain, int64_t *at, int64_t end)
{
	if (end <= *at)
		return 0;
	span->grain = grain;
	span->first = period_bucket(grain, *at);
	span->end = period_bucket(grain, end);
	*at = end;
	return 1;
}

size_t
period_split(struct period period, struct period_span spans[PERIOD_SPANS_MAX])
{
	size_t count = 0;
	int64_t at = period.from;
	int64_t hour = round_up(period.from, PERIOD_HOUR);
	int64_t day = round_up(period.from, PERIOD_DAY);

	if (hour <= period.to)
		count += take(&spans[count], PERIOD_MINUTE, &at, hour);
	if (day <= period.to)
		count += take(&spans[count], PERIOD_HOUR, &at, day);

	count += take(
	    &spans[count], PERIOD_DAY, &at, round_down(period.to, PERIOD_DAY));
	count += take(&spans[count], PERIOD_HOUR, &at,
	    round_down(period.to, PERIOD_HOUR));
	count += take(&spans[count], PERIOD_MINUTE, &at, period.to);
	return count;
}

static int64_t
points(struct period period, enum period_grain grain)
{
	struct period whole = period_align(period, grain);

	return (whole.to - whole.from) / grain_ms[grain];
}

int
period_choose(struct period period, enum interval interval,
    const struct period_kept *kept, enum period_grain *grain,
    struct period_refusal *refusal)
{
	const enum period_grain from = finest(period.from, kept);

	switch (interval) {
	case interval_AUTO:
		if (from == PERIOD_MINUTE &&
		    points(period, PERIOD_MINUTE) <= PERIOD_AUTO_MAX)
			*grain = PERIOD_MINUTE;
		else if (from <= PERIOD_HOUR &&
		    points(period, PERIOD_HOUR) <= PERIOD_AUTO_MAX)
			*grain = PERIOD_HOUR;
		else
			*grain = PERIOD_DAY;
		break;
	case interval_MINUTE:
		*grain = PERIOD_MINUTE;
		break;
	case interval_HOUR:
		*grain = PERIOD_HOUR;
		break;
	case interval_DAY:
		*grain = PERIOD_DAY;
		break;
	}

	refusal->field = "interval";
	if (*grain < from) {
		refusal->detail = "points of this interval are not kept so "
				  "long";
		return -1;
	}
	if (points(period, *grain) <= PROTO_POINTS_MAX)
		return 0;
	refusal->detail = "the period has too many points of this interval";
	return -1;
}

enum interval
period_interval(enum period_grain grain)
{
	static const enum interval names[PERIOD_GRAINS] = {
		[PERIOD_MINUTE] = interval_MINUTE,
		[PERIOD_HOUR] = interval_HOUR,
		[PERIOD_DAY] = interval_DAY,
	};

	return names[grain];
}
