/*
 * Randomness and secret files: see secret.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/secret.h"

#define POOL_BYTES  4096
#define SMALL_BYTES 256 /* more than this goes to the kernel directly */

/*
 * Random bytes that nobody has had yet, so that one call of the kernel serves
 * many requests. Each thread has its own.
 */
static _Thread_local uint8_t pool[POOL_BYTES];
static _Thread_local size_t left;

/* In a forked child, whose pool would repeat the parent's. */
static void
pool_forget(void)
{
	sodium_memzero(pool, sizeof(pool));
	left = 0;
}

int
secret_init(void)
{
	static bool registered;

	if (sodium_init() == -1)
		return -1;
	if (!registered && pthread_atfork(NULL, NULL, pool_forget) != 0)
		return -1;
	registered = true;
	return 0;
}

void
secret_random(void *bytes, size_t len)
{
	uint8_t *from;

	if (len > SMALL_BYTES) {
		randombytes_buf(bytes, len);
		return;
	}
	if (left < len) {
		randombytes_buf(pool, sizeof(pool));
		left = sizeof(pool);
	}
	from = pool + sizeof(pool) - left;
	memcpy(bytes, from, len);
	sodium_memzero(from, len);
	left -= len;
}

void
secret_uuid(struct uuid *id)
{
	secret_random(id->bytes, sizeof(id->bytes));
	uuid_stamp(id, 4);
}

/* Writes a random file beside path and gives it its name. 0, or -1 with errno,
 * EEXIST when another process was faster. */
static int
secret_make(const char *path, size_t len)
{
	char part[PATH_MAX];
	uint8_t *bytes = NULL;
	ssize_t written;
	int fd = -1, rc = -1, saved, part_len;

	part_len = snprintf(part, sizeof(part), "%s.XXXXXX", path);
	if (part_len < 0 || (size_t)part_len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	bytes = malloc(len);
	if (bytes == NULL)
		return -1;
	randombytes_buf(bytes, len);
	fd = mkostemp(part, O_CLOEXEC); /* 0600 */
	if (fd == -1)
		goto out;
	written = write(fd, bytes, len);
	if (written < 0 || (size_t)written != len) {
		if (written >= 0)
			errno = ENOSPC;
	} else
		rc = file_publish(part, path);
	saved = errno;
	if (rc == -1)
		(void)unlink(part);
	close(fd);
	errno = saved;
out:
	saved = errno;
	sodium_memzero(bytes, len);
	free(bytes);
	errno = saved;
	return rc;
}

/* Reads an open file of exactly len bytes. NULL, or what is wrong with it. */
static const char *
secret_read(int fd, uint8_t *bytes, size_t len)
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) == -1)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if ((st.st_mode & 077) != 0)
		return "is open to others; chmod 600 it, or make a new one if "
		       "somebody may have read it";
	if (st.st_size < 0 || (size_t)st.st_size != len)
		return "has the wrong length";
	got = read(fd, bytes, len);
	if (got == -1)
		return strerror(errno);
	return (size_t)got == len ? NULL : "has the wrong length";
}

int
secret_file(const char *path, uint8_t *bytes, size_t len, char *error,
    size_t error_size)
{
	const char *wrong;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1 && errno == ENOENT) {
		if (secret_make(path, len) == -1 && errno != EEXIST) {
			snprintf(error, error_size, "%s: cannot be made: %s",
			    path, strerror(errno));
			return -1;
		}
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	}
	if (fd == -1) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	wrong = secret_read(fd, bytes, len);
	close(fd);
	if (wrong != NULL) {
		sodium_memzero(bytes, len);
		snprintf(error, error_size, "%s: %s", path, wrong);
		return -1;
	}
	return 0;
}
