/*
 * Random bytes; see nonsense.h.
 */
#include <czmq.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/e2e/nonsense.h"

#define LINGER_MS 5000

static uint64_t
next_random(uint64_t *state)
{
	/* xorshift64 (Marsaglia 2003). */
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

size_t
nonsense_make(uint64_t *state, uint8_t bytes[NONSENSE_MAX])
{
	size_t len = next_random(state) % NONSENSE_MAX;
	const unsigned kind = next_random(state) % 4;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)next_random(state);
	if (kind == 0 || len < 8)
		return len;
	bytes[0] = 0;
	bytes[1] = (uint8_t)((len - 4) >> 16);
	bytes[2] = (uint8_t)((len - 4) >> 8);
	bytes[3] = (uint8_t)(len - 4);
	if (kind == 2)
		bytes[4] = 0x96; /* an array of six */
	if (kind == 3) {
		memcpy(bytes + 4, "\x96\x01\x00\x10", 4);
		bytes[7] = (uint8_t)(next_random(state) % 70);
	}
	return len;
}

size_t
nonsense_send(const char *endpoint, uint64_t *state, size_t messages)
{
	uint8_t bytes[NONSENSE_MAX];
	zsock_t *socket = NULL;
	zmsg_t *message = NULL;
	size_t frames = 0;

	socket = zsock_new_dealer(endpoint);
	assert_non_null(socket);
	zsock_set_linger(socket, LINGER_MS);
	for (size_t i = 0; i < messages; i++) {
		message = zmsg_new();
		assert_non_null(message);
		do {
			size_t len = nonsense_make(state, bytes);

			assert_int_equal(zmsg_addmem(message, bytes, len), 0);
			frames++;
		} while (next_random(state) % 4 == 0);
		assert_int_equal(zmsg_send(&message, socket), 0);
	}
	zsock_destroy(&socket);
	return frames;
}
