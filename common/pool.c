/*
 * The worker pool: two linked queues under one mutex, and an eventfd that
 * wakes the loop.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/pool.h"

struct queue {
	struct pool_job *first;
	struct pool_job **last;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct queue waiting;
	struct queue finished;
	size_t load; /* waiting and running */
	size_t limit;
	bool ending;
	int descriptor;
	unsigned count;
	pthread_t threads[];
};

static void
queue_init(struct queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void
queue_push(struct queue *queue, struct pool_job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

static struct pool_job *
queue_pop(struct queue *queue)
{
	struct pool_job *job = queue->first;

	if (job != NULL) {
		queue->first = job->next;
		if (queue->first == NULL)
			queue->last = &queue->first;
		job->next = NULL;
	}
	return job;
}

static void
signal_finished(const struct pool *pool)
{
	const uint64_t one = 1;

	/* The counter cannot overflow: it is at most the jobs' number. */
	while (
	    write(pool->descriptor, &one, sizeof(one)) == -1 && errno == EINTR)
		continue;
}

static void *
run_thread(void *arg)
{
	struct pool *pool = arg;
	struct pool_job *job = NULL;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (!pool->ending && pool->waiting.first == NULL)
			pthread_cond_wait(&pool->wake, &pool->lock);
		if (pool->ending)
			break;
		job = queue_pop(&pool->waiting);
		pthread_mutex_unlock(&pool->lock);
		job->work(job->data);
		pthread_mutex_lock(&pool->lock);
		queue_push(&pool->finished, job);
		pool->load--;
		signal_finished(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *
pool_new(unsigned threads, unsigned queue)
{
	struct pool *pool = NULL;
	sigset_t all, before;
	int failed = 0;

	pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->threads[0]));
	if (pool == NULL)
		return NULL;
	queue_init(&pool->waiting);
	queue_init(&pool->finished);
	pool->limit = (size_t)threads + queue;
	pool->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (pool->descriptor == -1) {
		free(pool);
		return NULL;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);

	/* The loop's thread is the one that hears signals. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (failed == 0 && pool->count < threads) {
		failed = pthread_create(
		    &pool->threads[pool->count], NULL, run_thread, pool);
		if (failed == 0)
			pool->count++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed != 0)
		pool_free(&pool, NULL);
	return pool;
}

void
pool_free(struct pool **poolp, void (*drop)(struct pool_job *job))
{
	struct pool *pool = *poolp;
	struct pool_job *job = NULL;
	unsigned i;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->count; i++)
		pthread_join(pool->threads[i], NULL);
	while ((job = queue_pop(&pool->finished)) != NULL ||
	    (job = queue_pop(&pool->waiting)) != NULL) {
		if (drop != NULL)
			drop(job);
	}
	pthread_cond_destroy(&pool->wake);
	pthread_mutex_destroy(&pool->lock);
	close(pool->descriptor);
	free(pool);
	*poolp = NULL;
}

int
pool_descriptor(const struct pool *pool)
{
	return pool->descriptor;
}

bool
pool_has_room(struct pool *pool, size_t more)
{
	bool room;

	pthread_mutex_lock(&pool->lock);
	room = pool->load + more < pool->limit;
	pthread_mutex_unlock(&pool->lock);
	return room;
}

void
pool_submit(struct pool *pool, struct pool_job *job)
{
	pthread_mutex_lock(&pool->lock);
	queue_push(&pool->waiting, job);
	pool->load++;
	pthread_cond_signal(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
}

struct pool_job *
pool_take(struct pool *pool)
{
	struct pool_job *jobs = NULL;
	uint64_t count;

	/* Cleared first: a job that ends now signals anew. */
	while (read(pool->descriptor, &count, sizeof(count)) == -1 &&
	    errno == EINTR)
		continue;
	pthread_mutex_lock(&pool->lock);
	jobs = pool->finished.first;
	queue_init(&pool->finished);
	pthread_mutex_unlock(&pool->lock);
	return jobs;
}

size_t
pool_load(struct pool *pool)
{
	size_t load;

	pthread_mutex_lock(&pool->lock);
	load = pool->load;
	pthread_mutex_unlock(&pool->lock);
	return load;
}
