/*
 * A library to be preloaded: the wall clock as the process sees it, moved by as
 * many seconds as the file that PROOF_CLOCK names says (an int64_t). Whoever
 * writes there moves the clocks of all processes at that moment. The clocks
 * that only go forward are left alone.
 *
 * The file is mapped when the process starts, so that a sandbox is no obstacle
 * later.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const _Atomic int64_t *moved;

__attribute__((constructor)) static void
map_clock(void)
{
	const char *path = getenv("PROOF_CLOCK");
	void *page = MAP_FAILED;
	int fd = -1;

	if (path != NULL)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		page = mmap(NULL, sizeof(*moved), PROT_READ, MAP_SHARED, fd, 0);
		close(fd);
	}
	/* Without it a test would prove nothing. */
	if (page == MAP_FAILED)
		abort();
	moved = page;
}

static int64_t
moved_by(void)
{
	return moved == NULL ? 0 : atomic_load(moved);
}

__attribute__((visibility("default"))) int
clock_gettime(clockid_t id, struct timespec *now)
{
	int rc = (int)syscall(SYS_clock_gettime, id, now);

	if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		now->tv_sec += moved_by();
	return rc;
}

__attribute__((visibility("default"))) int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec precise;
	int rc;

	(void)zone;
	rc = clock_gettime(CLOCK_REALTIME, &precise);
	now->tv_sec = precise.tv_sec;
	now->tv_usec = precise.tv_nsec / 1000;
	return rc;
}

__attribute__((visibility("default"))) time_t
time(time_t *out)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
