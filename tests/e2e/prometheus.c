/*
 * The reader of Prometheus' text format; see prometheus.h.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e/prometheus.h"

#define FAMILIES_MAX 200
#define SERIES_MAX   8000
#define LABELS_MAX   8
#define LETTERS	     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS	     "0123456789"

struct label {
	const char *name; /* of name_len bytes */
	size_t name_len;
	const char *value; /* of value_len bytes, still escaped */
	size_t value_len;
};

struct series {
	char *text; /* all of it before the value */
	size_t name_len;
	struct label labels[LABELS_MAX];
	size_t labels_count;
	double value;
	size_t family;
};

struct prometheus {
	struct prometheus_family families[FAMILIES_MAX];
	size_t families_count;
	struct series series[SERIES_MAX];
	size_t series_count;
	char *lines; /* what the families point into */
	size_t line;
	char *error;
	size_t error_size;
};

static int wrong(struct prometheus *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int
wrong(struct prometheus *self, const char *format, ...)
{
	va_list args;
	int len;

	len = snprintf(self->error, self->error_size, "line %zu: ", self->line);
	va_start(args, format);
	(void)vsnprintf(
	    self->error + len, self->error_size - (size_t)len, format, args);
	va_end(args);
	return -1;
}

/* Bytes of a name at `text`, 0 when none is there. */
static size_t
name_length(const char *text, const char *more)
{
	char first[sizeof(LETTERS) + 1], rest[sizeof(LETTERS DIGITS) + 1];

	(void)snprintf(first, sizeof(first), LETTERS "%s", more);
	(void)snprintf(rest, sizeof(rest), LETTERS DIGITS "%s", more);
	return strspn(text, first) == 0 ? 0 : strspn(text, rest);
}

/* -------- families -------- */

static int
begin_family(struct prometheus *self, char *rest)
{
	const size_t len = name_length(rest, ":");

	if (len == 0 || rest[len] != ' ' || rest[len + 1] == '\0')
		return wrong(self, "HELP without a name and a text");
	rest[len] = '\0';
	for (size_t i = 0; i < self->families_count; i++) {
		if (strcmp(self->families[i].name, rest) == 0)
			return wrong(self, "%s begins once more", rest);
	}
	if (self->families_count > 0 &&
	    self->families[self->families_count - 1].type == NULL)
		return wrong(self, "the family before has no TYPE");
	if (self->families_count == FAMILIES_MAX)
		return wrong(self, "too many families");
	self->families[self->families_count++] = (struct prometheus_family){
		.name = rest, .help = rest + len + 1
	};
	return 0;
}

static int
take_type(struct prometheus *self, char *rest)
{
	struct prometheus_family *family = NULL;
	char *type = strchr(rest, ' ');
	size_t len;

	if (type == NULL || self->families_count == 0)
		return wrong(self, "TYPE without a name, a type or a HELP");
	*type++ = '\0';
	family = &self->families[self->families_count - 1];
	if (strcmp(family->name, rest) != 0 || family->type != NULL)
		return wrong(self, "TYPE is not right behind its HELP");
	if (strcmp(type, "counter") != 0 && strcmp(type, "gauge") != 0 &&
	    strcmp(type, "histogram") != 0)
		return wrong(self, "unknown type %s", type);
	len = strlen(rest);
	if (strcmp(type, "counter") == 0 &&
	    (len < 7 || strcmp(rest + len - 6, "_total") != 0))
		return wrong(self, "a counter ends with _total");
	family->type = type;
	return 0;
}

/* -------- one sample -------- */

/* Reads `name="value"` and moves *at behind it. */
static int
take_label(struct prometheus *self, struct series *series, const char **at)
{
	struct label *label = &series->labels[series->labels_count];
	const char *p = *at;

	if (series->labels_count == LABELS_MAX)
		return wrong(self, "too many labels");
	label->name = p;
	label->name_len = name_length(p, "");
	p += label->name_len;
	if (label->name_len == 0 || p[0] != '=' || p[1] != '"')
		return wrong(self, "no label at %s", *at);
	p += 2;
	label->value = p;
	for (; *p != '"'; p++) {
		if (*p == '\0')
			return wrong(self, "a label has no end");
		if (*p != '\\')
			continue;
		p++;
		if (*p != '\\' && *p != '"' && *p != 'n')
			return wrong(self, "an unknown escape");
	}
	label->value_len = (size_t)(p - label->value);
	for (size_t i = 0; i < series->labels_count; i++) {
		if (series->labels[i].name_len == label->name_len &&
		    memcmp(series->labels[i].name, label->name,
			label->name_len) == 0)
			return wrong(self, "a label stands twice");
	}
	series->labels_count++;
	*at = p + 1;
	return 0;
}

static int
take_labels(struct prometheus *self, struct series *series, const char **at)
{
	if (**at != '{')
		return 0;
	do {
		(*at)++;
		if (take_label(self, series, at) != 0)
			return -1;
	} while (**at == ',');
	if (**at != '}')
		return wrong(self, "labels without an end");
	(*at)++;
	return 0;
}

static int
take_value(struct prometheus *self, const char *text, double *value)
{
	char *end = NULL;

	if (strcmp(text, "+Inf") == 0) {
		*value = INFINITY;
		return 0;
	}
	if (strspn(text, DIGITS "+-.e") != strlen(text) || text[0] == '\0')
		return wrong(self, "\"%s\" is not a number", text);
	*value = strtod(text, &end);
	return *end == '\0' ? 0 : wrong(self, "\"%s\" is not a number", text);
}

/* "" for the plain name of the family, "_bucket" and so on for others; NULL
 * when it is not of this family. */
static const char *
suffix_of(const struct prometheus_family *family, const struct series *series)
{
	static const char *const suffixes[] = { "_bucket", "_sum", "_count" };
	const size_t len = strlen(family->name);
	const bool histogram = strcmp(family->type, "histogram") == 0;

	if (series->name_len < len ||
	    memcmp(series->text, family->name, len) != 0)
		return NULL;
	if (!histogram)
		return series->name_len == len ? "" : NULL;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (series->name_len == len + strlen(suffixes[i]) &&
		    memcmp(series->text + len, suffixes[i],
			strlen(suffixes[i])) == 0)
			return suffixes[i];
	}
	return NULL;
}

static int
take_sample(struct prometheus *self, const char *line)
{
	struct series *series = &self->series[self->series_count];
	const struct prometheus_family *family = NULL;
	const char *at = NULL;

	if (self->series_count == SERIES_MAX || self->families_count == 0)
		return wrong(self, "a sample of no family, or too many");
	family = &self->families[self->families_count - 1];
	if (family->type == NULL)
		return wrong(self, "a sample before its TYPE");
	series->text = strdup(line);
	if (series->text == NULL)
		return wrong(self, "no memory");
	self->series_count++;
	series->family = self->families_count - 1;
	series->name_len = name_length(series->text, ":");
	at = series->text + series->name_len;
	if (series->name_len == 0 || suffix_of(family, series) == NULL)
		return wrong(self, "not a sample of %s", family->name);
	if (take_labels(self, series, &at) != 0)
		return -1;
	if (*at != ' ' || take_value(self, at + 1, &series->value) != 0)
		return *at != ' ' ? wrong(self, "no value") : -1;
	series->text[at - series->text] = '\0';
	if (strcmp(family->type, "gauge") != 0 && series->value < 0)
		return wrong(self, "a count is negative");
	for (size_t i = 0; i + 1 < self->series_count; i++) {
		if (strcmp(self->series[i].text, series->text) == 0)
			return wrong(self, "the series stands twice");
	}
	return 0;
}

/* -------- histograms -------- */

static bool
is_le(const struct label *label)
{
	return label->name_len == 2 && memcmp(label->name, "le", 2) == 0;
}

/* The bound of a bucket; NAN for another series. */
static double
bound_of(const struct series *series)
{
	for (size_t i = 0; i < series->labels_count; i++) {
		if (!is_le(&series->labels[i]))
			continue;
		if (strncmp(series->labels[i].value, "+Inf\"", 5) == 0)
			return INFINITY;
		return strtod(series->labels[i].value, NULL);
	}
	return NAN;
}

/* Whether two series have the same labels but for the bound. */
static bool
same_labels(const struct series *a, const struct series *b)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		if (i < a->labels_count && is_le(&a->labels[i]))
			i++;
		if (j < b->labels_count && is_le(&b->labels[j]))
			j++;
		if (i >= a->labels_count || j >= b->labels_count)
			return i >= a->labels_count && j >= b->labels_count;
		if (a->labels[i].value_len != b->labels[j].value_len ||
		    memcmp(a->labels[i].name, b->labels[j].name,
			a->labels[i].name_len) != 0 ||
		    memcmp(a->labels[i].value, b->labels[j].value,
			a->labels[i].value_len) != 0)
			return false;
	}
}

/* The series of a histogram that ends with _sum or _count beside a bucket. */
static const struct series *
find_beside(const struct prometheus *self, const struct series *bucket,
    const char *suffix)
{
	const struct prometheus_family *family =
	    &self->families[bucket->family];
	const char *other = NULL;

	for (size_t i = 0; i < self->series_count; i++) {
		if (self->series[i].family != bucket->family)
			continue;
		other = suffix_of(family, &self->series[i]);
		if (other != NULL && strcmp(other, suffix) == 0 &&
		    same_labels(&self->series[i], bucket))
			return &self->series[i];
	}
	return NULL;
}

static int
check_bucket(struct prometheus *self, const struct series *series,
    const struct series *next)
{
	const struct series *count = NULL;
	const double bound = bound_of(series);

	if (isnan(bound))
		return wrong(self, "%s has no le", series->text);
	if (!isinf(bound)) {
		if (next == NULL || next->family != series->family ||
		    !same_labels(series, next) || !(bound_of(next) > bound) ||
		    next->value < series->value)
			return wrong(
			    self, "behind %s nothing ascends", series->text);
		return 0;
	}
	count = find_beside(self, series, "_count");
	if (count == NULL || count->value != series->value)
		return wrong(self, "%s is not _count", series->text);
	if (find_beside(self, series, "_sum") == NULL)
		return wrong(self, "%s has no _sum", series->text);
	return 0;
}

static int
check_histograms(struct prometheus *self)
{
	const struct series *series = NULL, *next = NULL;
	const char *suffix = NULL;
	const struct prometheus_family *family = NULL;

	for (size_t i = 0; i < self->series_count; i++) {
		series = &self->series[i];
		family = &self->families[series->family];
		suffix = suffix_of(family, series);
		next = i + 1 < self->series_count ? series + 1 : NULL;
		if (strcmp(family->type, "histogram") != 0)
			continue;
		if (strcmp(suffix, "_bucket") == 0) {
			if (check_bucket(self, series, next) != 0)
				return -1;
		} else if (!isnan(bound_of(series)) ||
		    find_beside(self, series, "_bucket") == NULL) {
			return wrong(
			    self, "%s is without buckets", series->text);
		}
	}
	return 0;
}

/* -------- the whole -------- */

static int
take_line(struct prometheus *self, char *line)
{
	if (strncmp(line, "# HELP ", 7) == 0)
		return begin_family(self, line + 7);
	if (strncmp(line, "# TYPE ", 7) == 0)
		return take_type(self, line + 7);
	if (line[0] == '#' || line[0] == '\0')
		return wrong(self, "neither HELP, TYPE nor a sample");
	return take_sample(self, line);
}

static int
take_text(struct prometheus *self)
{
	char *line = self->lines, *end = NULL;

	if (*line == '\0')
		return wrong(self, "nothing");
	for (; *line != '\0'; line = end + 1) {
		self->line++;
		end = strchr(line, '\n');
		if (end == NULL)
			return wrong(self, "the last line has no end");
		*end = '\0';
		if (take_line(self, line) != 0)
			return -1;
	}
	if (self->families[self->families_count - 1].type == NULL)
		return wrong(self, "the last family has no TYPE");
	return check_histograms(self);
}

struct prometheus *
prometheus_parse(const char *text, char *error, size_t error_size)
{
	struct prometheus *self = calloc(1, sizeof(*self));

	if (self == NULL)
		return NULL;
	self->error = error;
	self->error_size = error_size;
	self->lines = strdup(text);
	if (self->lines == NULL || take_text(self) != 0)
		prometheus_free(&self);
	return self;
}

void
prometheus_free(struct prometheus **prometheus)
{
	struct prometheus *self = *prometheus;

	if (self == NULL)
		return;
	for (size_t i = 0; i < self->series_count; i++)
		free(self->series[i].text);
	free(self->lines);
	free(self);
	*prometheus = NULL;
}

size_t
prometheus_families(const struct prometheus *prometheus)
{
	return prometheus->families_count;
}

struct prometheus_family
prometheus_family(const struct prometheus *prometheus, size_t index)
{
	return prometheus->families[index];
}

bool
prometheus_value(
    const struct prometheus *prometheus, const char *series, double *value)
{
	for (size_t i = 0; i < prometheus->series_count; i++) {
		if (strcmp(prometheus->series[i].text, series) == 0) {
			*value = prometheus->series[i].value;
			return true;
		}
	}
	return false;
}
