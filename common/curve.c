/*
 * Keys of CURVE in files: see curve.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/config.h"
#include "common/curve.h"
#include "common/file.h"

#define SUFFIX_SECRET ".key"
#define SUFFIX_PUBLIC ".pub"
#define BASE64	      sodium_base64_VARIANT_ORIGINAL
#define MODE_SECRET   0600
#define MODE_PUBLIC   0644

_Static_assert(
    CURVE_TEXT_BYTES + 1 == sodium_base64_ENCODED_LEN(CURVE_KEY_BYTES, BASE64),
    "a key is as long as its text says");
_Static_assert(CURVE_KEY_BYTES == crypto_box_SECRETKEYBYTES,
    "CURVE's keys are those of libsodium's crypto_box");

struct curve_list {
	size_t count;
	struct {
		char name[CURVE_NAME_MAX + 1];
		uint8_t key[CURVE_KEY_BYTES];
	} entries[CURVE_LIST_MAX];
};

/* -------- names -------- */

bool
curve_name_is_gateway(const char *name)
{
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t len = strlen(CURVE_GATEWAY);

	if (strncmp(name, CURVE_GATEWAY, len) != 0 ||
	    strlen(name) > CURVE_NAME_MAX)
		return false;
	name += len;
	return *name == '\0' ||
	    (*name == '-' && name[1] != '\0' &&
		strspn(name, more) == strlen(name));
}

static bool
is_challenge(const char *name)
{
	const size_t len = strlen(CURVE_CHALLENGE);
	char again[CURVE_NAME_MAX + 1];
	long shard;

	if (strncmp(name, CURVE_CHALLENGE, len) != 0)
		return false;
	shard = strtol(name + len, NULL, 10);
	if (shard < 0 || shard >= CONFIG_SHARDS_MAX)
		return false;
	/* One way to write each, so that a shard finds its own. */
	(void)snprintf(again, sizeof(again), CURVE_CHALLENGE "%ld", shard);
	return strcmp(name, again) == 0;
}

bool
curve_name_valid(const char *name)
{
	return strcmp(name, CURVE_AUTH) == 0 ||
	    strcmp(name, CURVE_ANALYTICS) == 0 || is_challenge(name) ||
	    curve_name_is_gateway(name);
}

/* -------- one file -------- */

static int
fail(const char *path, const char *why, char *error, size_t error_size)
{
	(void)snprintf(error, error_size, "%s: %s", path, why);
	return -1;
}

static int
path_of(char path[PATH_MAX], const char *directory, const char *name,
    const char *suffix, char *error, size_t error_size)
{
	const int len = snprintf(
	    path, PATH_MAX, "%s/%s%s", directory, name, suffix);

	if (len > 0 && len < PATH_MAX)
		return 0;
	return fail(directory, strerror(ENAMETOOLONG), error, error_size);
}

void
curve_format(
    const uint8_t key[CURVE_KEY_BYTES], char text[CURVE_TEXT_BYTES + 1])
{
	(void)sodium_bin2base64(
	    text, CURVE_TEXT_BYTES + 1, key, CURVE_KEY_BYTES, BASE64);
}

/* What is wrong with an open file that should have the mode, or NULL. */
static const char *
file_wrong(int fd, mode_t mode)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if (mode == MODE_SECRET && (st.st_mode & 077) != 0)
		return "is open to others; chmod 600 it, or make a new pair if "
		       "somebody may have read it";
	return NULL;
}

/* A key of an open file: one line, whose end may be missing. NULL, or what is
 * wrong with it. */
static const char *
read_key(int fd, uint8_t key[CURVE_KEY_BYTES])
{
	char text[CURVE_TEXT_BYTES + 2] = "";
	const char *wrong = NULL;
	size_t got = 0;
	ssize_t len;

	len = read(fd, text, sizeof(text));
	if (len == -1) {
		wrong = strerror(errno);
	} else if (len == CURVE_TEXT_BYTES + 2 || len < CURVE_TEXT_BYTES ||
	    (len == CURVE_TEXT_BYTES + 1 && text[CURVE_TEXT_BYTES] != '\n')) {
		wrong = "is not a key: one line of 44 characters";
	} else {
		if (sodium_base642bin(key, CURVE_KEY_BYTES, text,
			CURVE_TEXT_BYTES, NULL, &got, NULL, BASE64) != 0 ||
		    got != CURVE_KEY_BYTES)
			wrong = "is not a key: it is not in base64";
	}
	sodium_memzero(text, sizeof(text));
	return wrong;
}

static int
load_key(const char *path, mode_t mode, uint8_t key[CURVE_KEY_BYTES],
    char *error, size_t error_size)
{
	const char *wrong = NULL;
	int fd, flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

	if (mode == MODE_SECRET)
		flags |= O_NOFOLLOW;
	fd = open(path, flags);
	if (fd == -1)
		return fail(path, strerror(errno), error, error_size);
	wrong = file_wrong(fd, mode);
	if (wrong == NULL)
		wrong = read_key(fd, key);
	(void)close(fd);
	if (wrong == NULL)
		return 0;
	sodium_memzero(key, CURVE_KEY_BYTES);
	return fail(path, wrong, error, error_size);
}

int
curve_load_pair(const char *directory, const char *name,
    struct curve_pair *pair, char *error, size_t error_size)
{
	char path[PATH_MAX];

	if (path_of(path, directory, name, SUFFIX_SECRET, error, error_size) !=
		0 ||
	    load_key(path, MODE_SECRET, pair->secret_key, error, error_size) !=
		0)
		return -1;
	if (crypto_scalarmult_base(pair->public_key, pair->secret_key) == 0)
		return 0;
	curve_wipe_pair(pair);
	return fail(path, "is not a secret key", error, error_size);
}

int
curve_load_public(const char *directory, const char *name,
    uint8_t key[CURVE_KEY_BYTES], char *error, size_t error_size)
{
	char path[PATH_MAX];

	if (path_of(path, directory, name, SUFFIX_PUBLIC, error, error_size) !=
	    0)
		return -1;
	return load_key(path, MODE_PUBLIC, key, error, error_size);
}

void
curve_wipe_pair(struct curve_pair *pair)
{
	sodium_memzero(pair, sizeof(*pair));
}

void
curve_wipe_link(struct curve_link *link)
{
	sodium_memzero(link, sizeof(*link));
}

/* -------- making -------- */

/* Makes a file that was not there; it is on the disk when this returns. */
static int
write_key(const char *path, mode_t mode, const uint8_t key[CURVE_KEY_BYTES],
    char *error, size_t error_size)
{
	char text[CURVE_TEXT_BYTES + 1];
	const char *wrong = NULL;
	ssize_t len;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd == -1)
		return fail(path, strerror(errno), error, error_size);
	curve_format(key, text);
	text[CURVE_TEXT_BYTES] = '\n';
	len = write(fd, text, sizeof(text));
	sodium_memzero(text, sizeof(text));
	/* Whatever the umask is. */
	if (len == -1 || fchmod(fd, mode) == -1 || fsync(fd) == -1)
		wrong = strerror(errno);
	else if (len != CURVE_TEXT_BYTES + 1)
		wrong = strerror(ENOSPC);
	(void)close(fd);
	if (wrong == NULL && file_sync_parent(path) == -1)
		wrong = strerror(errno);
	if (wrong == NULL)
		return 0;
	(void)unlink(path);
	return fail(path, wrong, error, error_size);
}

int
curve_make(
    const char *directory, const char *name, char *error, size_t error_size)
{
	char secret_path[PATH_MAX], public_path[PATH_MAX];
	struct curve_pair pair;
	int rc = -1;

	if (!curve_name_valid(name))
		return fail(name,
		    "is no process: auth, analytics, challenge-0 to "
		    "challenge-63, gateway, or gateway- and more of a-z, 0-9 "
		    "and -",
		    error, error_size);
	if (path_of(secret_path, directory, name, SUFFIX_SECRET, error,
		error_size) != 0 ||
	    path_of(public_path, directory, name, SUFFIX_PUBLIC, error,
		error_size) != 0)
		return -1;
	(void)crypto_box_keypair(pair.public_key, pair.secret_key);
	if (write_key(public_path, MODE_PUBLIC, pair.public_key, error,
		error_size) == 0) {
		rc = write_key(secret_path, MODE_SECRET, pair.secret_key, error,
		    error_size);
		if (rc != 0)
			(void)unlink(public_path);
	}
	curve_wipe_pair(&pair);
	return rc;
}

/* -------- the list -------- */

/* The name of NAME.pub in a listing; false for another file. */
static bool
name_of_file(const char *file, char name[NAME_MAX + 1])
{
	const size_t len = strlen(file), suffix = strlen(SUFFIX_PUBLIC);

	if (len <= suffix || len > NAME_MAX || file[0] == '.' ||
	    strcmp(file + len - suffix, SUFFIX_PUBLIC) != 0)
		return false;
	memcpy(name, file, len - suffix);
	name[len - suffix] = '\0';
	return true;
}

static int
add_entry(struct curve_list *list, const char *directory, const char *name,
    char *error, size_t error_size)
{
	if (list->count == CURVE_LIST_MAX)
		return fail(directory, "has too many keys", error, error_size);
	if (curve_load_public(directory, name, list->entries[list->count].key,
		error, error_size) != 0)
		return -1;
	/* A valid name fits. */
	(void)snprintf(list->entries[list->count].name, CURVE_NAME_MAX + 1,
	    "%.*s", CURVE_NAME_MAX, name);
	list->count++;
	return 0;
}

static int
add_entries(struct curve_list *list, DIR *listing, const char *directory,
    bool gateways_only, char *error, size_t error_size)
{
	const struct dirent *entry = NULL;
	char name[NAME_MAX + 1];

	for (;;) {
		errno = 0;
		/* The listing is this thread's own. */
		entry = readdir(listing); /* NOLINT(concurrency-mt-unsafe) */
		if (entry == NULL)
			break;
		if (!name_of_file(entry->d_name, name))
			continue;
		if (!curve_name_valid(name)) {
			(void)snprintf(error, error_size,
			    "%s/%.64s: is the name of no process", directory,
			    entry->d_name);
			return -1;
		}
		if (gateways_only && !curve_name_is_gateway(name))
			continue;
		if (add_entry(list, directory, name, error, error_size) != 0)
			return -1;
	}
	return errno == 0 ? 0
			  : fail(directory, strerror(errno), error, error_size);
}

struct curve_list *
curve_list_load(
    const char *directory, bool gateways_only, char *error, size_t error_size)
{
	struct curve_list *list = calloc(1, sizeof(*list));
	DIR *listing = NULL;
	struct stat st;
	int rc = -1;

	if (list == NULL) {
		(void)fail(directory, strerror(ENOMEM), error, error_size);
		return NULL;
	}
	listing = opendir(directory);
	if (listing == NULL || fstat(dirfd(listing), &st) == -1) {
		(void)fail(directory, strerror(errno), error, error_size);
	} else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		(void)fail(directory,
		    "can be written by others, who could let themselves in: "
		    "chmod go-w it",
		    error, error_size);
	} else {
		rc = add_entries(
		    list, listing, directory, gateways_only, error, error_size);
	}
	if (listing != NULL)
		(void)closedir(listing);
	if (rc != 0)
		curve_list_free(&list);
	return list;
}

void
curve_list_free(struct curve_list **list)
{
	free(*list);
	*list = NULL;
}

const char *
curve_list_find(
    const struct curve_list *list, const uint8_t key[CURVE_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (memcmp(list->entries[i].key, key, CURVE_KEY_BYTES) == 0)
			return list->entries[i].name;
	}
	return NULL;
}
