/*
 * Random bytes for those who read messages.
 */
#ifndef TESTS_E2E_NONSENSE_H
#define TESTS_E2E_NONSENSE_H

#include <stddef.h>
#include <stdint.h>

#define NONSENSE_MAX 3000

/*
 * Fills bytes with a frame of up to NONSENSE_MAX of them, some of which get
 * further than others: with a right length in front, then what may be an array
 * of msgpack. state is not 0; the same one gives the same frames. Returns the
 * length, which may be 0.
 */
size_t nonsense_make(uint64_t *state, uint8_t bytes[NONSENSE_MAX]);

/* Sends so many messages of one or more such frames to a ROUTER's endpoint, and
 * waits until they are on their way. Returns the frames. */
size_t nonsense_send(const char *endpoint, uint64_t *state, size_t messages);

#endif
