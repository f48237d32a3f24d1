/*
 * See pack_files.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "challenge-svc/check/book_check.h"
#include "challenge-svc/lang/pack.h"
#include "challenge-svc/pack_files.h"
#include "common/log.h"

#define SUFFIX	  ".pack"
#define PATH_SIZE 512

/* Challenges of each level that are drawn and read back: about a second. */
#define CHECK_SAMPLES 300

/* FNV-1a (Fowler, Noll, Vo), 64 bits: parameters of its authors. */
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME  UINT64_C(0x100000001b3)

static int
is_pack(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return entry->d_name[0] != '.' && size > strlen(SUFFIX) &&
	    strcmp(entry->d_name + size - strlen(SUFFIX), SUFFIX) == 0;
}

static int
fail(char error[PHRASEBOOK_ERROR_SIZE], const char *name, int why)
{
	snprintf(error, PHRASEBOOK_ERROR_SIZE, "%s: %s", name, strerror(why));
	return -1;
}

static int
path_of(char path[PATH_SIZE], const char *directory, const char *name)
{
	int size = snprintf(path, PATH_SIZE, "%s/%s", directory, name);

	return size < 0 || size >= PATH_SIZE ? -1 : 0;
}

/* Reads a file of at most PACK_SIZE_MAX bytes and one more, to be refused. */
static int
read_text(struct pack_text *pack, const char *directory,
    char error[PHRASEBOOK_ERROR_SIZE])
{
	char path[PATH_SIZE];
	struct stat status;
	FILE *file = NULL;
	char *text = NULL;
	int why = 0, fd;

	if (path_of(path, directory, pack->name) != 0)
		return fail(error, pack->name, ENAMETOOLONG);
	/* A FIFO would keep whoever opens it waiting. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return fail(error, pack->name, errno);
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
	    (file = fdopen(fd, "r")) == NULL) {
		(void)close(fd);
		snprintf(error, PHRASEBOOK_ERROR_SIZE,
		    "%s: is not a file that can be read", pack->name);
		return -1;
	}
	text = malloc(PACK_SIZE_MAX + 1);
	if (text == NULL) {
		why = ENOMEM;
	} else {
		pack->text = text;
		errno = 0;
		pack->size = fread(text, 1, PACK_SIZE_MAX + 1, file);
		if (ferror(file))
			why = errno == 0 ? EIO : errno;
	}
	if (fclose(file) != 0 && why == 0)
		why = errno;
	return why == 0 ? 0 : fail(error, pack->name, why);
}

static void
free_entries(struct dirent **entries, int count)
{
	while (count-- > 0)
		free(entries[count]);
	free(entries);
}

/* Sorted names, so that the same files give the same book. -1 with errno. */
static int
list_packs(const char *directory, struct dirent ***entries)
{
	*entries = NULL;
	if (directory[0] == '\0')
		return 0;
	return scandir(directory, entries, is_pack, alphasort);
}

static void
tell_unused(void *arg, const char *pack, uint32_t line)
{
	(void)arg;
	log_warning(NULL, "%s:%u: no challenge tried uses this phrase", pack,
	    (unsigned)line);
}

struct phrasebook *
pack_files_read(const char *directory, char error[PHRASEBOOK_ERROR_SIZE])
{
	struct pack_text packs[PHRASEBOOK_PACKS_MAX] = { pack_default() };
	struct phrasebook *book = NULL;
	struct dirent **entries = NULL;
	int i, count;

	count = list_packs(directory, &entries);
	if (count < 0) {
		(void)fail(error, directory, errno);
		return NULL;
	}
	if (count >= PHRASEBOOK_PACKS_MAX) {
		snprintf(error, PHRASEBOOK_ERROR_SIZE,
		    "%s: more than %d phrase packs", directory,
		    PHRASEBOOK_PACKS_MAX - 1);
		goto out;
	}
	for (i = 0; i < count; i++) {
		packs[i + 1].name = entries[i]->d_name;
		if (read_text(&packs[i + 1], directory, error) != 0)
			goto out;
	}
	book = pack_read(packs, (size_t)count + 1, error);
	if (book != NULL && count > 0 &&
	    book_check(book, CHECK_SAMPLES, tell_unused, NULL, error) != 0)
		phrasebook_free(&book);
out:
	for (i = 1; i < PHRASEBOOK_PACKS_MAX; i++)
		free((char *)(uintptr_t)packs[i].text);
	free_entries(entries, count);
	return book;
}

static uint64_t
hash(uint64_t sum, const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;

	while (size-- > 0)
		sum = (sum ^ *byte++) * FNV_PRIME;
	return sum;
}

uint64_t
pack_files_stamp(const char *directory)
{
	struct dirent **entries = NULL;
	struct pack_text pack = { 0 };
	char error[PHRASEBOOK_ERROR_SIZE];
	uint64_t sum = FNV_OFFSET;
	int i, count = list_packs(directory, &entries);

	if (count < 0 || directory[0] == '\0')
		return 0;
	for (i = 0; i < count; i++) {
		pack = (struct pack_text){ .name = entries[i]->d_name };
		sum = hash(sum, pack.name, strlen(pack.name) + 1);
		if (read_text(&pack, directory, error) == 0)
			sum = hash(sum, pack.text, pack.size);
		else
			sum = hash(sum, error, strlen(error));
		free((char *)(uintptr_t)pack.text);
	}
	free_entries(entries, count);
	return sum;
}
