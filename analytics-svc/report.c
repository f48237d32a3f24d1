/*
 * Overview and time series. See report.h.
 */
#include "analytics-svc/report.h"

#include <stdlib.h>
#include <string.h>

/* Copies each counter of PROTO_TOTALS between two records that have it. */
#define COPY_TOTAL(S, KIND, name, ...) to->name = from.name;
#define COPY_TOTALS		       PROTO_TOTALS(COPY_TOTAL, _)

/* Buckets of the histogram in one that an overview lists: a quarter of a
 * doubling. */
#define TIMES_MERGED 4
_Static_assert(HISTOGRAM_BUCKETS == TIMES_MERGED * PROTO_TIMES_MAX,
    "an overview can list the whole histogram");

struct ranked_operation {
	unsigned number;
	struct counts counts;
};

struct report {
	struct store *store;
	struct sheet key; /* the key that is being summed up */
	struct sheet all; /* all keys of the answer */
	struct counts by_operation[SHEET_OPERATIONS];
	struct ranked_operation ranked[SHEET_OPERATIONS];
	struct counts points[PROTO_POINTS_MAX];
};

struct report *
report_new(struct store *store)
{
	struct report *report = NULL;

	report = calloc(1, sizeof(*report));
	if (report != NULL)
		report->store = store;
	return report;
}

void
report_free(struct report **report)
{
	free(*report);
	*report = NULL;
}

/* -------- shares and averages -------- */

/*
 * part of whole, 0..1. What a challenge goes through may fall on both sides of
 * a period's edge, so a part may be more than what it is counted against.
 */
static double
share(int64_t part, int64_t whole)
{
	return part < whole ? (double)part / (double)whole : 1;
}

static void
fill_rates(struct rates *rates, const struct totals *totals)
{
	int64_t ended = counts_sum(totals->verifications, totals->expired);

	if (totals->verifications > 0) {
		PROTO_SET(rates, rates, solved);
		rates->solved = share(totals->solved, totals->verifications);
		PROTO_SET(rates, rates, allowed);
		rates->allowed = share(totals->allowed, totals->verifications);
	}
	if (ended > 0) {
		PROTO_SET(rates, rates, expired);
		rates->expired = share(totals->expired, ended);
	}
	if (totals->allowed > 0) {
		PROTO_SET(rates, rates, siteverified);
		rates->siteverified = share(
		    totals->siteverified, totals->allowed);
	}
}

static void
fill_solve_time(struct solve_time *time, const struct counts *counts,
    const struct histogram *histogram)
{
	if (counts->of[COUNT_SOLVED] == 0)
		return;
	PROTO_SET(time, solve_time, avg);
	time->avg = (double)counts->of[COUNT_SOLVE_MS] /
	    (double)counts->of[COUNT_SOLVED];
	PROTO_SET(time, solve_time, p50);
	time->p50 = histogram_percentile(histogram, 50);
	PROTO_SET(time, solve_time, p90);
	time->p90 = histogram_percentile(histogram, 90);
	PROTO_SET(time, solve_time, p99);
	time->p99 = histogram_percentile(histogram, 99);
}

static void
fill_score(struct score_summary *score, const struct counts *counts)
{
	if (counts->of[COUNT_SOLVED] == 0)
		return;
	PROTO_SET(score, score_summary, avg);
	score->avg = (double)counts->of[COUNT_SCORE] /
	    (double)counts->of[COUNT_SOLVED] / 10;
}

/* -------- lists -------- */

/* Orders by challenges, then by verifications, the most first. */
static int
compare_totals(int64_t challenges_a, int64_t challenges_b,
    int64_t verifications_a, int64_t verifications_b)
{
	if (challenges_a != challenges_b)
		return challenges_a > challenges_b ? -1 : 1;
	if (verifications_a != verifications_b)
		return verifications_a > verifications_b ? -1 : 1;
	return 0;
}

static int
compare_keys(const void *left, const void *right)
{
	const struct key_totals *a = left, *b = right;
	int order = compare_totals(
	    a->challenges, b->challenges, a->verifications, b->verifications);

	return order != 0 ? order
			  : memcmp(a->api_key_id.bytes, b->api_key_id.bytes,
				sizeof(a->api_key_id.bytes));
}

static int
compare_levels(const void *left, const void *right)
{
	const struct level_totals *a = left, *b = right;
	int order = compare_totals(
	    a->challenges, b->challenges, a->verifications, b->verifications);

	return order != 0 ? order : a->difficulty - b->difficulty;
}

static int
compare_operations(const void *left, const void *right)
{
	const struct ranked_operation *a = left, *b = right;
	struct totals x = counts_totals(&a->counts);
	struct totals y = counts_totals(&b->counts);
	int order = compare_totals(
	    x.challenges, y.challenges, x.verifications, y.verifications);

	return order != 0 ? order : (a->number > b->number) * 2 - 1;
}

static int
compare_misreadings(const void *left, const void *right)
{
	const struct misreading_count *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->misreading - b->misreading;
}

/*
 * Adds a key to the list; once that is full, in place of its last one in the
 * order when the key comes before that.
 */
static void
list_key(struct overview *reply, const struct store_key *key,
    const struct counts *counts)
{
	struct totals from = counts_totals(counts);
	struct key_totals made = { 0 }, *to = &made, *last = reply->by_key;

	COPY_TOTALS
	made.api_key_id = key->id;
	if (key->is_named) {
		PROTO_SET(&made, key_totals, name);
		memcpy(made.name, key->name, sizeof(made.name));
	}

	if (reply->by_key_count < PROTO_KEYS_MAX) {
		reply->by_key[reply->by_key_count++] = made;
		return;
	}
	for (uint32_t i = 1; i < reply->by_key_count; i++)
		if (compare_keys(&reply->by_key[i], last) > 0)
			last = &reply->by_key[i];
	if (compare_keys(&made, last) < 0)
		*last = made;
}

static void
list_levels(struct overview *reply, const struct sheet *sheet)
{
	const size_t max = sizeof(reply->by_difficulty) /
	    sizeof(reply->by_difficulty[0]);
	struct counts sums[SHEET_LEVELS];

	sheet_by_level(sheet, sums);
	for (unsigned i = 1; i < SHEET_LEVELS; i++) {
		struct totals from = counts_totals(&sums[i]);
		struct level_totals *to;

		if (counts_is_zero(&sums[i]) ||
		    reply->by_difficulty_count == max)
			continue;
		to = &reply->by_difficulty[reply->by_difficulty_count++];
		to->difficulty = (uint8_t)(i - 1);
		COPY_TOTALS
	}
	qsort(reply->by_difficulty, reply->by_difficulty_count,
	    sizeof(reply->by_difficulty[0]), compare_levels);
}

static void
list_operations(struct report *report, struct overview *reply)
{
	size_t count = 0;

	sheet_by_operation(&report->all, report->by_operation);
	for (unsigned i = 1; i < SHEET_OPERATIONS; i++) {
		if (counts_is_zero(&report->by_operation[i]))
			continue;
		report->ranked[count].number = i;
		report->ranked[count++].counts = report->by_operation[i];
	}
	qsort(report->ranked, count, sizeof(report->ranked[0]),
	    compare_operations);

	for (size_t i = 0; i < count && i < PROTO_OPERATIONS_MAX; i++) {
		const char *name = store_operation_name(
		    report->store, report->ranked[i].number);
		struct totals from = counts_totals(&report->ranked[i].counts);
		struct operation_totals *to;

		if (name == NULL)
			continue;
		to = &reply->by_operation[reply->by_operation_count++];
		memcpy(to->operation_id, name, strlen(name) + 1);
		COPY_TOTALS
	}
}

static void
list_misreadings(struct overview *reply, const struct sheet *sheet)
{
	PROTO_SET(reply, overview, by_misreading);
	for (uint8_t i = 0; i < SHEET_MISREADINGS; i++) {
		struct misreading_count *to;

		/* A later version may have counted what has no name here. */
		if (sheet->misreadings[i] == 0 ||
		    proto_enum_text(&proto_enum_misreading, i) == NULL)
			continue;
		to = &reply->by_misreading[reply->by_misreading_count++];
		to->misreading = i;
		to->count = sheet->misreadings[i];
	}
	qsort(reply->by_misreading, reply->by_misreading_count,
	    sizeof(reply->by_misreading[0]), compare_misreadings);
}

/*
 * Lists the histogram in buckets that a plot can show. They are the same
 * whatever the period and whatever is counted next, so that two plots can be
 * compared and a live one does not jump; from a fifth of a second to half an
 * hour there are 53.
 */
static void
list_times(struct overview *reply, const struct histogram *histogram)
{
	int64_t counts[PROTO_TIMES_MAX] = { 0 };
	unsigned first = 0, end = PROTO_TIMES_MAX;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		int64_t *count = &counts[i / TIMES_MERGED];

		*count = counts_sum(*count, histogram->of[i]);
	}
	while (end > 0 && counts[end - 1] == 0)
		end--;
	while (first < end && counts[first] == 0)
		first++;

	PROTO_SET(reply, overview, solve_times);
	for (unsigned i = first; i < end; i++) {
		struct time_count *to =
		    &reply->solve_times[reply->solve_times_count++];

		to->from_ms = histogram_from(i * TIMES_MERGED);
		to->to_ms = histogram_from((i + 1) * TIMES_MERGED);
		to->count = counts[i];
	}
}

/* -------- the two answers -------- */

/* Sums up a key in the period (its sheet) and in the one before (counters). */
static enum db_status
sum_key(struct report *report, int64_t key, struct period period,
    struct period before, struct counts *previous)
{
	struct period_span spans[PERIOD_SPANS_MAX];
	enum db_status status = DB_OK;
	size_t count;

	sheet_clear(&report->key);
	count = period_split(period, spans);
	for (size_t i = 0; i < count && status == DB_OK; i++)
		status = store_sum(report->store, key, &spans[i], &report->key);

	count = period_split(before, spans);
	for (size_t i = 0; i < count && status == DB_OK; i++)
		status = store_sum_counts(
		    report->store, key, &spans[i], previous);
	return status;
}

enum db_status
report_overview(struct report *report, const struct uuid *account_id,
    const struct uuid *key_id, struct period period,
    const struct period_kept *kept, struct overview *reply)
{
	struct period before;
	struct counts total = { 0 }, previous = { 0 };
	struct store_key key;
	enum db_status status, walk;

	status = store_refresh_operations(report->store);
	if (status != DB_OK)
		return status;

	period = period_widen(period, kept);
	before = period_widen(period_previous(period), kept);
	sheet_clear(&report->all);
	store_begin_keys(report->store, account_id, key_id,
	    (struct period){ .from = before.from, .to = period.to });
	while ((walk = store_next_key(report->store, &key)) == DB_ROW) {
		struct counts counts;

		status = sum_key(report, key.number, period, before, &previous);
		if (status != DB_OK) {
			store_end_keys(report->store);
			return status;
		}
		counts = sheet_total(&report->key);
		if (counts_is_zero(&counts))
			continue;
		sheet_add(&report->all, &report->key);
		if (!uuid_is_zero(&key.id))
			list_key(reply, &key, &counts);
	}
	if (walk != DB_DONE)
		return walk;

	total = sheet_total(&report->all);
	reply->from = period.from;
	reply->to = period.to;
	reply->totals = counts_totals(&total);
	reply->previous = counts_totals(&previous);
	fill_rates(&reply->rates, &reply->totals);
	fill_solve_time(&reply->solve_time, &total, &report->all.solve_times);
	fill_score(&reply->score, &total);
	qsort(reply->by_key, reply->by_key_count, sizeof(reply->by_key[0]),
	    compare_keys);
	list_levels(reply, &report->all);
	list_operations(report, reply);
	list_misreadings(reply, &report->all);
	list_times(reply, &report->all.solve_times);
	return DB_OK;
}

static void
fill_point(struct point *to, int64_t at, const struct counts *counts)
{
	struct totals from = counts_totals(counts);

	to->at = at;
	COPY_TOTALS
	if (counts->of[COUNT_SOLVED] > 0) {
		PROTO_SET(to, point, solve_time_avg);
		to->solve_time_avg = (double)counts->of[COUNT_SOLVE_MS] /
		    (double)counts->of[COUNT_SOLVED];
	}
}

enum db_status
report_series(struct report *report, const struct uuid *account_id,
    const struct uuid *key_id, struct period period, enum period_grain grain,
    struct series *reply)
{
	struct period_span span = { .grain = grain };
	enum db_status walk;
	struct store_key key;

	period = period_align(period, grain);
	span.first = period_bucket(grain, period.from);
	span.end = period_bucket(grain, period.to);
	memset(report->points, 0, sizeof(report->points));

	store_begin_keys(report->store, account_id, key_id, period);
	while ((walk = store_next_key(report->store, &key)) == DB_ROW) {
		enum db_status status = store_sum_points(
		    report->store, key.number, &span, report->points);

		if (status != DB_OK) {
			store_end_keys(report->store);
			return status;
		}
	}
	if (walk != DB_DONE)
		return walk;

	reply->from = period.from;
	reply->to = period.to;
	reply->interval = (uint8_t)period_interval(grain);
	reply->points_count = (uint32_t)(span.end - span.first);
	for (uint32_t i = 0; i < reply->points_count; i++)
		fill_point(&reply->points[i],
		    period.from + i * period_grain_ms(grain),
		    &report->points[i]);
	return DB_OK;
}
