/*
 * See vocabulary.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge-svc/pack_files.h"
#include "challenge-svc/vocabulary.h"
#include "common/config.h"
#include "common/log.h"
#include "common/pool.h"

#define LOOK_MS 1000

struct vocabulary {
	char directory[sizeof(((struct config *)NULL)->phrase_packs)];
	struct phrasebook *book;
	char refused[PHRASEBOOK_ERROR_SIZE];
	struct pool *pool;
	int64_t look_at; /* when to look for changes next */
	bool looking;	 /* the job is with the pool */
	struct pool_job job;
	/* the job's own while it is with the pool */
	uint64_t stamp; /* of the packs that were read last, good or not */
	struct phrasebook *read;
	char error[PHRASEBOOK_ERROR_SIZE];
};

/* Reads packs that have changed, on the pool's thread. */
static void
look(void *data)
{
	struct vocabulary *vocabulary = data;
	uint64_t stamp = pack_files_stamp(vocabulary->directory);

	vocabulary->error[0] = '\0';
	if (stamp == vocabulary->stamp)
		return;
	vocabulary->stamp = stamp;
	vocabulary->read = pack_files_read(
	    vocabulary->directory, vocabulary->error);
	/* Written while they were read: what was read may be half of it. */
	if (pack_files_stamp(vocabulary->directory) != stamp)
		vocabulary->stamp = 0;
}

static void
take(struct vocabulary *vocabulary)
{
	if (vocabulary->error[0] != '\0') {
		snprintf(vocabulary->refused, sizeof(vocabulary->refused), "%s",
		    vocabulary->error);
		log_error(NULL, "phrase packs refused: %s", vocabulary->error);
	}
	if (vocabulary->read == NULL)
		return;
	vocabulary->refused[0] = '\0';
	phrasebook_free(&vocabulary->book);
	vocabulary->book = vocabulary->read;
	vocabulary->read = NULL;
	log_info(NULL, "phrase packs of %s are in use", vocabulary->directory);
}

struct vocabulary *
vocabulary_new(const char *directory, char *error, size_t error_size)
{
	struct vocabulary *vocabulary = calloc(1, sizeof(*vocabulary));

	if (vocabulary == NULL) {
		snprintf(error, error_size, "out of memory");
		return NULL;
	}
	snprintf(vocabulary->directory, sizeof(vocabulary->directory), "%s",
	    directory);
	vocabulary->job.work = look;
	vocabulary->job.data = vocabulary;
	vocabulary->book = pack_files_read("", vocabulary->error);
	if (vocabulary->book == NULL) {
		snprintf(error, error_size, "%s", vocabulary->error);
		goto failed;
	}
	if (directory[0] == '\0')
		return vocabulary;

	vocabulary->pool = pool_new(1, 1);
	if (vocabulary->pool == NULL) {
		snprintf(error, error_size, "cannot start a thread");
		goto failed;
	}
	if (pack_files_stamp(directory) == 0) {
		snprintf(error, error_size,
		    "phrase_packs: the directory %s cannot be read", directory);
		goto failed;
	}
	look(vocabulary);
	take(vocabulary);
	return vocabulary;

failed:
	vocabulary_free(&vocabulary);
	return NULL;
}

void
vocabulary_free(struct vocabulary **vocabulary)
{
	if (*vocabulary == NULL)
		return;
	pool_free(&(*vocabulary)->pool, NULL);
	phrasebook_free(&(*vocabulary)->book);
	phrasebook_free(&(*vocabulary)->read);
	free(*vocabulary);
	*vocabulary = NULL;
}

const struct phrasebook *
vocabulary_book(const struct vocabulary *vocabulary)
{
	return vocabulary->book;
}

const char *
vocabulary_refused(const struct vocabulary *vocabulary)
{
	return vocabulary->refused;
}

void
vocabulary_tick(struct vocabulary *vocabulary, int64_t now_ms)
{
	if (vocabulary->pool == NULL)
		return;
	if (vocabulary->looking && pool_take(vocabulary->pool) != NULL) {
		vocabulary->looking = false;
		take(vocabulary);
	}
	if (vocabulary->looking || now_ms < vocabulary->look_at)
		return;
	vocabulary->look_at = now_ms + LOOK_MS;
	vocabulary->looking = true;
	pool_submit(vocabulary->pool, &vocabulary->job);
}
