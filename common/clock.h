/*
 * Time. What is stored and compared is the steady clock: UTC in milliseconds
 * as it was when the machine booted plus the time since, so that a step of the
 * wall clock neither revives nor ends anything and never shows in a solve
 * time. The anchor is kept in each database, so that it survives a restart of
 * the process; after a reboot a new one is taken, never earlier than the last
 * time that was seen.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

#define CLOCK_BOOT_ID_MAX 36

struct clock_anchor {
	char boot_id[CLOCK_BOOT_ID_MAX + 1]; /* of the running kernel */
	int64_t offset_ms; /* UTC minus CLOCK_BOOTTIME when it was taken */
};

/* Nanoseconds of CLOCK_BOOTTIME: for measuring, not for storing. */
int64_t clock_boot_ns(void);

/* The wall clock, UTC milliseconds: for log lines and new anchors only. */
int64_t clock_wall_ms(void);

/*
 * Decides the process's anchor. saved is the one kept from before, or NULL;
 * floor_ms is the latest steady time that any stored thing carries, 0 for
 * none. *out is the anchor to keep. Returns 0, -1 when the kernel's boot id
 * cannot be read.
 */
int clock_start(const struct clock_anchor *saved, int64_t floor_ms,
    struct clock_anchor *out);

/* As clock_start with the kernel's answers given: the pure rule, for tests. */
struct clock_anchor clock_decide(const struct clock_anchor *saved,
    int64_t floor_ms, const char *boot_id, int64_t boot_ms, int64_t wall_ms);

/* Steady UTC milliseconds. Before clock_start: the wall clock's anchor. */
int64_t clock_now_ms(void);

#endif
