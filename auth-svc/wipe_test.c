/*
 * Tests that this process's own free() and realloc() are those that libraries
 * use, and do what is expected of them. Under the sanitizers theirs are tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if !defined(AIC_SANITIZE) && !defined(AIC_TSAN)

/* What a library calls by this name is in the program, and not in libc. */
static void
want_ours(const char *name)
{
	void *found = dlsym(RTLD_DEFAULT, name);
	void *theirs = dlsym(RTLD_NEXT, name);
	Dl_info ours, libc;

	assert_non_null(found);
	assert_non_null(theirs);
	assert_int_not_equal(dladdr(found, &ours), 0);
	assert_int_not_equal(dladdr(theirs, &libc), 0);
	assert_string_not_equal(ours.dli_fname, libc.dli_fname);
}

static void
libraries_free_by_ours(void **state)
{
	(void)state;
	want_ours("free");
	want_ours("realloc");
}

#endif

/* Grows and shrinks through many sizes; every byte stays what it was. */
static void
realloc_keeps_what_was_written(void **state)
{
	unsigned char *bytes = NULL, *moved = NULL;
	size_t size = 0, next, i;

	(void)state;
	for (unsigned step = 1; step < 2000; step++) {
		next = (size_t)step * 7919 % 10007 + 1;
		moved = realloc(bytes, next);
		assert_non_null(moved);
		bytes = moved;
		for (i = 0; i < size && i < next; i++)
			assert_int_equal(bytes[i], (unsigned char)(i * 31));
		for (; i < next; i++)
			bytes[i] = (unsigned char)(i * 31);
		size = next;
	}
	free(bytes);
	free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#if !defined(AIC_SANITIZE) && !defined(AIC_TSAN)
		cmocka_unit_test(libraries_free_by_ours),
#endif
		cmocka_unit_test(realloc_keeps_what_was_written),
	};

	return cmocka_run_group_tests_name("wipe", tests, NULL, NULL);
}
