/*
 * Randomness, and secrets kept in files.
 */
#ifndef COMMON_SECRET_H
#define COMMON_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "proto/uuid.h"

/*
 * Starts libsodium. Returns 0; -1 when there is no source of randomness. Before
 * anything else here, from the first thread.
 */
int secret_init(void);

/*
 * Fills with random bytes (libsodium; up to 256 of them come from a buffer that
 * each thread has, and are wiped there). Any thread; a forked child does not
 * repeat its parent.
 */
void secret_random(void *bytes, size_t len);

/* A random UUID, version 4. */
void secret_uuid(struct uuid *id);

/*
 * Reads exactly len bytes from the file; makes it (0600, random, synced to
 * disk with its directory) when there is none. Returns 0; -1 with a sentence
 * in error when it is short, long, unreadable, or open to others.
 */
int secret_file(const char *path, uint8_t *bytes, size_t len, char *error,
    size_t error_size);

#endif
