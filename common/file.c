/*
 * Files that must outlive a loss of power, and locks between processes: see
 * file.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/log.h"

int
file_sync(const char *path)
{
	int fd, saved, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	rc = fsync(fd);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

int
file_sync_parent(const char *path)
{
	char parent[PATH_MAX];
	const char *slash;
	int len;

	slash = strrchr(path, '/');
	if (slash == NULL)
		return file_sync(".");
	if (slash == path)
		return file_sync("/");
	len = snprintf(
	    parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	if (len < 0 || (size_t)len >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return file_sync(parent);
}

int
file_publish(const char *from, const char *to)
{
	if (file_sync(from) == -1)
		return -1;
	/* rename(2) would replace what is there. */
	if (link(from, to) == -1 || unlink(from) == -1)
		return -1;
	return file_sync_parent(to);
}

int
file_lock(const char *path, char *error, size_t error_size)
{
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			snprintf(error, error_size,
			    "%s: in use by another process", path);
		else
			snprintf(error, error_size, "%s: cannot lock: %s", path,
			    strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

int64_t
file_size(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return errno == ENOENT ? 0 : -1;
	return st.st_size;
}

int
file_make_private(const char *path, char *error, size_t error_size)
{
	struct stat st;
	const char *failed = NULL;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == -1)
		failed = "cannot read its mode";
	else if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		failed = "is not a regular file";
	} else if ((st.st_mode & 077) != 0) {
		if (fchmod(fd, 0600) == -1)
			failed = "is open to others and cannot be closed";
		else
			log_warning(NULL, "%s: was open to others (mode %o)",
			    path, (unsigned)(st.st_mode & 07777));
	}
	if (failed == NULL && st.st_size == 0 && file_sync_parent(path) == -1)
		failed = "cannot sync its directory";
	if (failed != NULL)
		snprintf(error, error_size, "%s: %s: %s", path, failed,
		    strerror(errno));
	close(fd);
	return failed == NULL ? 0 : -1;
}
