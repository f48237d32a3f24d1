/*
 * A small bounded pool of threads for work that takes longer than a
 * millisecond. Jobs go in on the loop's thread and come out there again.
 */
#ifndef COMMON_POOL_H
#define COMMON_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct pool_job {
	void (*work)(void *data); /* runs on a pool thread */
	void *data;
	void *owner;	       /* the submitter's own, not looked at */
	struct pool_job *next; /* the pool's own while it holds the job */
};

/*
 * Starts `threads` threads with room for `queue` waiting jobs. The threads
 * block every signal. Returns NULL when memory, a thread or a descriptor
 * cannot be had.
 */
struct pool *pool_new(unsigned threads, unsigned queue);

/*
 * Ends the threads after the jobs in hand; jobs still waiting and finished
 * jobs not taken are handed to drop(job). drop may be NULL where they need no
 * more than to be forgotten. Accepts NULL.
 */
void pool_free(struct pool **pool, void (*drop)(struct pool_job *job));

/* A descriptor that is readable while finished jobs wait to be taken. */
int pool_descriptor(const struct pool *pool);

/* True when another job, beyond `more` not yet submitted ones, has room. */
bool pool_has_room(struct pool *pool, size_t more);

/* Hands a job over; it stays the caller's memory. */
void pool_submit(struct pool *pool, struct pool_job *job);

/* The finished jobs, oldest first, linked by next; NULL for none. */
struct pool_job *pool_take(struct pool *pool);

/* Jobs that wait or run. */
size_t pool_load(struct pool *pool);

#endif
