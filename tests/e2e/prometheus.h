/*
 * A strict reader of Prometheus' text format (version 0.0.4), as /metrics has
 * to write it: stricter than Prometheus itself where a sloppy text would only
 * be found by whoever draws the graphs.
 */
#ifndef TESTS_E2E_PROMETHEUS_H
#define TESTS_E2E_PROMETHEUS_H

#include <stdbool.h>
#include <stddef.h>

struct prometheus;

struct prometheus_family {
	const char *name;
	const char *type;
	const char *help;
};

/*
 * Reads a whole text. NULL with a sentence in error, which names the line, when
 * anything is wrong with it:
 *
 * - each family has HELP, TYPE and then its samples, all together and once;
 * - names, labels, escapes and numbers are well formed, no series is twice;
 * - counters end with _total and are not negative;
 * - the buckets of a histogram ascend, in bound and in count, up to +Inf, whose
 *   count is _count; and there is a _sum.
 */
struct prometheus *
prometheus_parse(const char *text, char *error, size_t error_size);
void prometheus_free(struct prometheus **prometheus);

size_t prometheus_families(const struct prometheus *prometheus);
struct prometheus_family
prometheus_family(const struct prometheus *prometheus, size_t index);

/* The value of a series, named as in the text: `up{service="auth"}`. False when
 * there is none. */
bool prometheus_value(
    const struct prometheus *prometheus, const char *series, double *value);

#endif
