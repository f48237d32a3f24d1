/*
 * free() and realloc() for this process, libraries included: what is given back
 * is wiped. libzmq and libjwt copy what they carry, passwords and tokens, and
 * free the copies as they are.
 *
 * The C library lets a program bring its own (see "Replacing malloc" in its
 * manual); these hand on to its own ones. The sanitizers bring theirs.
 */
#if !defined(AIC_SANITIZE) && !defined(AIC_TSAN)

#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void __libc_free(void *memory);

void
free(void *memory)
{
	if (memory != NULL)
		sodium_memzero(memory, malloc_usable_size(memory));
	__libc_free(memory);
}

/* A move by the C library would leave the old bytes behind. */
void *
realloc(void *memory, size_t size)
{
	size_t kept = memory != NULL ? malloc_usable_size(memory) : 0;
	void *moved = NULL;

	if (memory != NULL && size == 0) {
		free(memory);
		return NULL;
	}
	if (size <= kept && size >= kept / 2)
		return memory;
	moved = malloc(size);
	if (moved == NULL)
		return NULL;
	if (memory != NULL)
		memcpy(moved, memory, kept < size ? kept : size);
	free(memory);
	return moved;
}

#else

/* A file has something in it (ISO C). */
extern const int wipe_is_not_here;

#endif
