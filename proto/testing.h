/*
 * What the tests of proto share: a source of random bits that is the same in
 * every run, and cmocka with the headers that it needs.
 */
#ifndef PROTO_TESTING_H
#define PROTO_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* After those that it needs. */
#include <cmocka.h>

#include "proto/codec.h"

/* SplitMix64 (Steele, Lea, Flood 2014); arg is a uint64_t, the seed. */
static inline uint64_t
test_next(void *arg)
{
	uint64_t *state = arg;
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* A number in 0..n-1. */
static inline size_t
test_below(uint64_t *seed, size_t n)
{
	return (size_t)(test_next(seed) % n);
}

/* Memory of zero bytes; a test that gets none has failed. */
static inline void *
test_alloc(size_t size)
{
	void *memory = calloc(1, size);

	assert_non_null(memory);
	return memory;
}

/* Appends bytes that no encoder made; proto_buf_free ends buf as usual. */
static inline void
test_add(struct proto_buf *buf, const void *bytes, size_t len)
{
	uint8_t *data = realloc(buf->data, buf->len + len + 1);

	assert_non_null(data);
	if (len > 0)
		memcpy(data + buf->len, bytes, len);
	buf->data = data;
	buf->len += len;
	buf->size = buf->len + 1;
}

#endif
