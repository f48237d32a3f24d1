/*
 * The kernel's own count of a process: see usage.h and proc(5).
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/usage.h"

#define STATM_MAX 128

/* The second number of statm: resident pages. */
static int64_t
read_resident(void)
{
	char text[STATM_MAX + 1];
	char *end = NULL;
	ssize_t len = -1;
	int fd;

	fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	len = read(fd, text, STATM_MAX);
	(void)close(fd);
	if (len <= 0)
		return 0;
	text[len] = '\0';
	(void)strtoll(text, &end, 10);
	return strtoll(end, NULL, 10) * sysconf(_SC_PAGESIZE);
}

static int64_t
count_files(void)
{
	const struct dirent *entry = NULL;
	DIR *listing = opendir("/proc/self/fd");
	int64_t count = 0;

	if (listing == NULL)
		return 0;
	/* The listing is this thread's own. */
	while ((entry = readdir(listing)) != /* NOLINT(concurrency-mt-unsafe) */
	    NULL) {
		if (entry->d_name[0] != '.')
			count++;
	}
	(void)closedir(listing);
	/* But for the one that lists them. */
	return count - 1;
}

void
usage_read(struct usage *usage)
{
	usage->resident_bytes = read_resident();
	usage->open_files = count_files();
}
