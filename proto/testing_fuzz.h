/*
 * What the fuzzers share. A `foo_fuzz.c` stands beside the foo.c that it feeds;
 * tests/fuzz/run builds and runs them all, from tests/fuzz/corpus/foo.
 */
#ifndef PROTO_TESTING_FUZZ_H
#define PROTO_TESTING_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * libFuzzer calls the first one once, where there is one, and the other for
 * each input: bytes in memory of exactly that size. Both return 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise that does not hold ends the run; libFuzzer keeps the input. */
static inline void
fuzz_must(bool holds, const char *promise)
{
	if (holds)
		return;
	(void)fprintf(stderr, "broken: %s\n", promise);
	abort();
}

/* Zeroed memory; a fuzzer that gets none has nothing to say. */
static inline void *
fuzz_alloc(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		exit(EXIT_FAILURE);
	return memory;
}

/* The bytes as a string of exactly its size: to be freed. */
static inline char *
fuzz_string(const uint8_t *data, size_t size)
{
	char *text = fuzz_alloc(size + 1);

	if (size > 0)
		memcpy(text, data, size);
	return text;
}

#endif
