/*
 * Log lines: see log.h.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"

#define LOG_LINE_MAX 2048 /* bytes, with the newline */
#define LOG_CUT	     "..."

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static char log_process[32] = "-";
static enum log_level log_least = LOG_LEVEL_INFO;

void
log_open(const char *process, enum log_level level)
{
	snprintf(log_process, sizeof(log_process), "%s", process);
	log_least = level;
}

int
log_level_parse(const char *text, enum log_level *level)
{
	size_t i;

	for (i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
		if (strcmp(text, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return 0;
		}
	}
	return -1;
}

/* Writes all before the message. Returns its length. */
static size_t
log_head(
    char *line, size_t size, enum log_level level, const struct uuid *trace)
{
	char id[UUID_TEXT_MAX + 1] = "-";
	char when[sizeof("2026-04-13T11:28:44")];
	int64_t now = clock_wall_ms();
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;
	int len;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		when[0] = '\0';
	if (trace != NULL)
		uuid_format(trace, id);
	len = snprintf(line, size, "%s.%03dZ %s %s %s ", when,
	    (int)(now % 1000), log_process, level_names[level], id);
	return len < 0 ? 0 : (size_t)len;
}

/*
 * Appends the message so that it is one line of plain ASCII: all else, and the
 * backslash, is escaped. What does not fit is cut, and shown to be.
 */
static size_t
log_escape(char *line, size_t len, size_t size, const char *message)
{
	static const char hex[] = "0123456789abcdef";
	size_t limit = size - sizeof(LOG_CUT); /* leaves room for a newline */
	const char *p;
	unsigned char c;

	for (p = message; *p != '\0'; p++) {
		if (len + 4 > limit) {
			memcpy(line + len, LOG_CUT, sizeof(LOG_CUT) - 1);
			return len + sizeof(LOG_CUT) - 1;
		}
		c = (unsigned char)*p;
		if (c >= 0x20 && c < 0x7f && c != '\\') {
			line[len++] = *p;
			continue;
		}
		line[len++] = '\\';
		if (c == '\\')
			line[len++] = '\\';
		else if (c == '\n')
			line[len++] = 'n';
		else {
			line[len++] = 'x';
			line[len++] = hex[c >> 4];
			line[len++] = hex[c & 0xf];
		}
	}
	return len;
}

bool
log_enabled(enum log_level level)
{
	return level <= log_least;
}

void
log_write(
    enum log_level level, const struct uuid *trace, const char *format, ...)
{
	char message[LOG_LINE_MAX], line[LOG_LINE_MAX];
	int saved = errno;
	va_list args;
	ssize_t written;
	size_t len;

	if (!log_enabled(level))
		return;
	va_start(args, format);
	/* One that is too long is cut here, and again, visibly, below. */
	if (vsnprintf(message, sizeof(message), format, args) < 0)
		message[0] = '\0';
	va_end(args);
	len = log_head(line, sizeof(line), level, trace);
	len = log_escape(line, len, sizeof(line), message);
	line[len++] = '\n';
	/* A log that cannot be written has nowhere to say so. */
	do
		written = write(STDERR_FILENO, line, len);
	while (written == -1 && errno == EINTR);
	errno = saved;
}
