/*
 * What the tests in this directory share: a directory of their own, whole
 * files, and children that end without running the parent's tests again.
 */
#ifndef COMMON_TESTING_H
#define COMMON_TESTING_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* cmocka.h asks for these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TESTING_FILE_MAX (4u << 20)

/* A new directory; *state is its path, for testing_teardown. */
static inline int
testing_setup(void **state)
{
	char *path = strdup("/tmp/aic-test-XXXXXX");

	if (path == NULL || mkdtemp(path) == NULL) {
		free(path);
		return -1;
	}
	*state = path;
	return 0;
}

static inline int
testing_remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Removes the directory with all that is in it. */
static inline int
testing_teardown(void **state)
{
	int rc = nftw(*state, testing_remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return rc;
}

/* directory/name, in one of a few buffers that are used in turn. */
static inline const char *
testing_path(void **state, const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, PATH_MAX, "%s/%s", (const char *)*state, name);
	return path;
}

/* A whole file, with a NUL behind it, to be freed; its length, or -1. */
static inline ssize_t
testing_read(const char *path, char **bytes)
{
	ssize_t len = -1;
	int fd;

	*bytes = calloc(1, TESTING_FILE_MAX + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd != -1 && *bytes != NULL)
		len = read(fd, *bytes, TESTING_FILE_MAX);
	if (fd != -1)
		close(fd);
	return len;
}

/* Makes or replaces a file. */
static inline void
testing_write(const char *path, const void *bytes, size_t len, mode_t mode)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The permission bits of a file, or -1. */
static inline int
testing_mode(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? -1 : (int)(st.st_mode & 07777);
}

/*
 * Runs a function in a child and returns what it returned; -1 when a signal
 * ended it before. The child dies right after, without closing anything, and
 * unseen by leak checkers, which know nothing of the parent's memory. The
 * function makes no cmocka assertion.
 */
static inline int
testing_child(int (*function)(void *arg), void *arg)
{
	int ends[2], result = -1;
	ssize_t len;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_int_not_equal(child, -1);
	if (child == 0) {
		result = function(arg);
		len = write(ends[1], &result, sizeof(result));
		raise(len == (ssize_t)sizeof(result) ? SIGKILL : SIGABRT);
	}
	close(ends[1]);
	len = read(ends[0], &result, sizeof(result));
	close(ends[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return len == (ssize_t)sizeof(result) ? result : -1;
}

/* A test in a directory of its own. */
#define TESTING(function)                \
	cmocka_unit_test_setup_teardown( \
	    function, testing_setup, testing_teardown)

#endif
