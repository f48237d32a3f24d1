/*
 * /proc/PID/maps and /proc/PID/mem; see memory.h.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/memory.h"
#include "tests/e2e/rig.h"

#define PATH_SIZE  64
#define LINE_SIZE  512
#define PIECE	   ((size_t)1 << 20)
#define OVERLAP	   ((size_t)2048) /* no needle is longer */
#define STOPPED_MS INT64_C(10000)

/* The shadow of AddressSanitizer is larger, and holds no bytes of a program. */
#define REGION_MAX (UINT64_C(4) << 30)

size_t
memory_group(pid_t group, pid_t pids[MEMORY_PIDS_MAX])
{
	const struct dirent *entry = NULL;
	DIR *proc = NULL;
	size_t count = 0;
	pid_t pid;

	proc = opendir("/proc");
	assert_non_null(proc);
	while ((entry = readdir(proc)) != NULL) {
		pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (pid <= 0 || getpgid(pid) != group)
			continue;
		assert_true(count < MEMORY_PIDS_MAX);
		pids[count++] = pid;
	}
	(void)closedir(proc);
	return count;
}

/* The state of a process as /proc/PID/stat has it behind the name; 0 for one
 * that has gone. */
static char
state_of(pid_t pid)
{
	char path[PATH_SIZE], line[LINE_SIZE] = "";
	const char *end = NULL;
	FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return '\0';
	if (fgets(line, sizeof(line), file) != NULL)
		end = strrchr(line, ')');
	(void)fclose(file);
	return end != NULL && strlen(end) > 2 ? end[2] : '\0';
}

/* Waits until a process that was told to has stopped. */
static void
await_stopped(pid_t pid)
{
	const int64_t end = rig_deadline(STOPPED_MS * RIG_SLACK);

	while (state_of(pid) != 'T')
		rig_look_again(end, "a process to stop");
}

static size_t
count_in(const char *bytes, size_t len, const char *needle)
{
	const char *found = memmem(bytes, len, needle, strlen(needle));
	size_t count = 0;

	while (found != NULL) {
		count++;
		found++;
		found = memmem(found, len - (size_t)(found - bytes), needle,
		    strlen(needle));
	}
	return count;
}

/* One mapping, piece by piece; what cannot be read of it is nobody's memory. */
static void
search_region(int memory, uint64_t from, uint64_t to,
    const char *const needles[], size_t count, size_t counts[], char *buffer)
{
	size_t kept = 0;
	ssize_t got;

	while (from < to) {
		const size_t room = to - from < PIECE ? (size_t)(to - from)
						      : PIECE;

		got = pread(memory, buffer + kept, room, (off_t)from);
		if (got <= 0)
			return;
		for (size_t i = 0; i < count; i++) {
			size_t len = strlen(needles[i]);
			size_t old = kept < len - 1 ? kept : len - 1;

			counts[i] += count_in(
			    buffer + kept - old, old + (size_t)got, needles[i]);
		}
		from += (uint64_t)got;
		/* The next needle may begin at the end of this piece. */
		kept += (size_t)got;
		if (kept > OVERLAP) {
			memmove(buffer, buffer + kept - OVERLAP, OVERLAP);
			kept = OVERLAP;
		}
	}
}

/* "FROM-TO rwxp ...", in hexadecimal: false for what cannot be read. */
static bool
read_region(const char *line, uint64_t *from, uint64_t *to)
{
	char *end = NULL;

	*from = strtoull(line, &end, 16);
	if (*end != '-')
		return false;
	*to = strtoull(end + 1, &end, 16);
	return end[0] == ' ' && end[1] == 'r' && *to - *from <= REGION_MAX;
}

static void
search_regions(FILE *maps, int memory, const char *const needles[],
    size_t count, size_t counts[])
{
	char line[LINE_SIZE];
	char *buffer = NULL;
	uint64_t from, to;

	buffer = malloc(OVERLAP + PIECE);
	assert_non_null(buffer);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (read_region(line, &from, &to))
			search_region(
			    memory, from, to, needles, count, counts, buffer);
	}
	free(buffer);
}

int
memory_search(
    pid_t pid, const char *const needles[], size_t count, size_t counts[])
{
	char path[PATH_SIZE];
	FILE *maps = NULL;
	int memory = -1, result = -1;

	assert_int_equal(kill(pid, SIGSTOP), 0);
	await_stopped(pid);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (maps != NULL && memory >= 0) {
		search_regions(maps, memory, needles, count, counts);
		result = 0;
	}
	if (maps != NULL)
		(void)fclose(maps);
	if (memory >= 0)
		(void)close(memory);
	assert_int_equal(kill(pid, SIGCONT), 0);
	return result;
}
