/*
 * Tests of what a process knows of itself.
 */
#include "common/testing.h"

#include <sys/mman.h>

#include "common/usage.h"

#define BLOCK ((size_t)64 * 1024 * 1024)
#define FILES 20

static void
memory_that_is_touched_shows(void **state)
{
	struct usage before, after;
	uint8_t *block = NULL;

	(void)state;
	usage_read(&before);
	assert_true(before.resident_bytes > 0);
	block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(block != MAP_FAILED);
	memset(block, 1, BLOCK);
	usage_read(&after);
	assert_in_range(
	    after.resident_bytes - before.resident_bytes, BLOCK / 2, BLOCK * 2);
	assert_int_equal(munmap(block, BLOCK), 0);
}

static void
descriptors_are_counted(void **state)
{
	struct usage before, after, end;
	int files[FILES];

	(void)state;
	usage_read(&before);
	assert_true(before.open_files >= 1);
	for (int i = 0; i < FILES; i++) {
		files[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		assert_true(files[i] != -1);
	}
	usage_read(&after);
	assert_int_equal(after.open_files, before.open_files + FILES);
	for (int i = 0; i < FILES; i++)
		close(files[i]);
	usage_read(&end);
	assert_int_equal(end.open_files, before.open_files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_is_touched_shows),
		cmocka_unit_test(descriptors_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
