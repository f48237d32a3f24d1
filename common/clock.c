/*
 * The steady clock: see clock.h.
 */

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/* UTC minus CLOCK_BOOTTIME in milliseconds; NO_OFFSET until it is known. The
 * threads of the pool read it too. */
#define NO_OFFSET INT64_MIN
static _Atomic int64_t offset_ms = NO_OFFSET;

static int64_t
clock_read_ns(clockid_t id)
{
	struct timespec now = { 0, 0 };

	/* It fails for a clock that Linux lacks, and it has these two. */
	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
clock_boot_ns(void)
{
	return clock_read_ns(CLOCK_BOOTTIME);
}

int64_t
clock_wall_ms(void)
{
	return clock_read_ns(CLOCK_REALTIME) / 1000000;
}

struct clock_anchor
clock_decide(const struct clock_anchor *saved, int64_t floor_ms,
    const char *boot_id, int64_t boot_ms, int64_t wall_ms)
{
	struct clock_anchor anchor;

	snprintf(anchor.boot_id, sizeof(anchor.boot_id), "%s", boot_id);
	if (saved != NULL && strcmp(saved->boot_id, boot_id) == 0)
		anchor.offset_ms = saved->offset_ms;
	else {
		anchor.offset_ms = wall_ms - boot_ms;
		/* The earlier boot, at least, is in the past. */
		if (saved != NULL && saved->offset_ms > floor_ms)
			floor_ms = saved->offset_ms;
	}
	if (anchor.offset_ms < floor_ms - boot_ms)
		anchor.offset_ms = floor_ms - boot_ms;
	return anchor;
}

/* Reads the id that the kernel chose at boot. 0, or -1. */
static int
clock_read_boot_id(char boot_id[CLOCK_BOOT_ID_MAX + 1])
{
	ssize_t len;
	int fd;

	fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	len = read(fd, boot_id, CLOCK_BOOT_ID_MAX);
	close(fd);
	if (len != CLOCK_BOOT_ID_MAX)
		return -1;
	boot_id[len] = '\0';
	return 0;
}

int
clock_start(const struct clock_anchor *saved, int64_t floor_ms,
    struct clock_anchor *out)
{
	char boot_id[CLOCK_BOOT_ID_MAX + 1];

	if (clock_read_boot_id(boot_id) == -1)
		return -1;
	*out = clock_decide(saved, floor_ms, boot_id, clock_boot_ns() / 1000000,
	    clock_wall_ms());
	atomic_store(&offset_ms, out->offset_ms);
	return 0;
}

int64_t
clock_now_ms(void)
{
	int64_t boot_ms = clock_boot_ns() / 1000000;
	int64_t offset, first;

	offset = atomic_load_explicit(&offset_ms, memory_order_relaxed);
	if (offset == NO_OFFSET) {
		first = clock_wall_ms() - boot_ms;
		if (atomic_compare_exchange_strong(&offset_ms, &offset, first))
			offset = first;
	}
	return offset + boot_ms;
}
