/*
 * The temporary directory of a rig; see scratch.h.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/e2e/scratch.h"

#define PATH_SIZE   1024
#define LINE_SIZE   1024
#define END_SIZE    4000
#define DEPTH_MAX   16
#define PARENT_SIZE 60 /* paths of unix sockets are short */

void
scratch_make(char *dir, size_t size)
{
	const char *parent = getenv("TMPDIR");
	int len;

	if (parent == NULL || strlen(parent) > PARENT_SIZE)
		parent = "/tmp";
	len = snprintf(dir, size, "%s/aic-XXXXXX", parent);
	assert_in_range(len, 1, size - 1);
	if (mkdtemp(dir) == NULL)
		fail_msg("%s: %s", dir, strerror(errno));
}

static int
remove_entry(
    const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

void
scratch_remove(const char *dir)
{
	(void)nftw(dir, remove_entry, DEPTH_MAX, FTW_DEPTH | FTW_PHYS);
}

void
scratch_make_keys(const char *dir)
{
	static char program[] = AIC_BIN_DIR "/curve-keys";
	static char names[][16] = { "auth", "analytics", "challenge-0",
		"challenge-1", "gateway" };
	char keys[PATH_SIZE];
	char *const arguments[] = { program, keys, names[0], names[1], names[2],
		names[3], names[4], NULL };
	char *const environment[] = { NULL };
	pid_t child = 0;
	int status = -1;

	(void)snprintf(keys, sizeof(keys), "%s/keys", dir);
	assert_int_equal(
	    posix_spawn(&child, program, NULL, NULL, arguments, environment),
	    0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

void
scratch_show_end(const char *path)
{
	char text[END_SIZE + 1];
	FILE *file = NULL;
	size_t len;

	file = fopen(path, "r");
	if (file == NULL)
		return;
	if (fseek(file, -END_SIZE, SEEK_END) != 0)
		rewind(file);
	len = fread(text, 1, END_SIZE, file);
	text[len] = '\0';
	printf("---- end of %s:\n%s----\n", path, text);
	fclose(file);
}

/* nftw stops at what is not 0, and returns it. */
static int
find_socket(
    const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)type;
	(void)place;
	if (!S_ISSOCK(status->st_mode))
		return 0;
	printf("a socket was left: %s\n", path);
	return 1;
}

bool
scratch_has_socket(const char *dir)
{
	return nftw(dir, find_socket, DEPTH_MAX, FTW_PHYS) == 1;
}

/* Prints the file from the report on. */
static bool
holds_report(const char *path)
{
	static const char *const marks[] = { "ERROR: AddressSanitizer",
		"ERROR: LeakSanitizer", "WARNING: ThreadSanitizer",
		"runtime error:", "AddressSanitizer:DEADLYSIGNAL" };
	char line[LINE_SIZE];
	bool found = false;
	FILE *file = NULL;

	file = fopen(path, "r");
	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL) {
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			found = found || strstr(line, marks[i]) != NULL;
		if (found)
			fputs(line, stdout);
	}
	fclose(file);
	return found;
}

bool
scratch_has_report(const char *dir)
{
	char path[PATH_SIZE];
	struct dirent *entry;
	bool found = false;
	DIR *listing = NULL;

	listing = opendir(dir);
	if (listing == NULL)
		return false;
	while ((entry = readdir(listing)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_type == DT_REG && holds_report(path)) {
			printf("that was in %s\n", entry->d_name);
			found = true;
		}
	}
	closedir(listing);
	return found;
}
