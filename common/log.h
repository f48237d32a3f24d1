/*
 * Log lines on standard error, one write each:
 *
 *   2026-04-13T11:28:44.267Z auth-svc info 5f0c... signed in account=...
 *
 * time in UTC, process, level, request id ("-" for none), message. A backslash
 * in the message, and what is not printable ASCII, is escaped (\n, \\, \x1b),
 * so one call is one line; it is cut, with "..." to show it, at 2048 bytes.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>

#include "proto/uuid.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* Sets the process's name and the least important level that is written. */
void log_open(const char *process, enum log_level level);

/* Reads a level's name; 0, or -1 for an unknown one. */
int log_level_parse(const char *text, enum log_level *level);

/* True when lines of this level are written: for what is costly to word. */
bool log_enabled(enum log_level level);

/* Writes a line; trace is the request's id, or NULL. Keeps errno. */
void log_write(enum log_level level, const struct uuid *trace,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#define log_error(trace, ...)	log_write(LOG_LEVEL_ERROR, trace, __VA_ARGS__)
#define log_warning(trace, ...) log_write(LOG_LEVEL_WARNING, trace, __VA_ARGS__)
#define log_info(trace, ...)	log_write(LOG_LEVEL_INFO, trace, __VA_ARGS__)
#define log_debug(trace, ...)	log_write(LOG_LEVEL_DEBUG, trace, __VA_ARGS__)

#endif
