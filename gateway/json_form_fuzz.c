/*
 * Fuzzes form bodies and query strings: the first byte chooses the record, the
 * rest is the text. What is taken is what JSON would have said.
 */
#include <sodium.h>

#include "gateway/json.h"
#include "proto/testing_fuzz.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (sodium_init() < 0)
		exit(EXIT_FAILURE);
	json_start();
	return 0;
}

static void
look_at_taken(const struct proto_record *record, const void *msg)
{
	void *again = fuzz_alloc(record->size);
	struct json_problem problem;
	char *first = NULL, *second = NULL;
	size_t first_len = 0, second_len = 0;

	first = json_write(record, msg, &first_len);
	fuzz_must(first != NULL, "what was read can be written");
	fuzz_must(json_read(record, again, first, first_len, &problem) == 0,
	    "what a form says JSON can say");
	second = json_write(record, again, &second_len);
	fuzz_must(second != NULL && second_len == first_len &&
		memcmp(first, second, first_len) == 0,
	    "JSON and form mean the same");
	free(first);
	free(second);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct proto_record *record = NULL;
	struct json_problem problem = { 0 };
	char value[64] = "";
	const char *text = NULL;
	void *msg = NULL;

	if (size == 0)
		return 0;
	record = proto_records[data[0] % proto_records_count];
	text = (const char *)data + 1;
	msg = fuzz_alloc(record->size);
	if (json_read_form(record, msg, text, size - 1, &problem) == 0)
		look_at_taken(record, msg);
	else
		fuzz_must(problem.detail[0] != '\0', "a refusal says why");
	free(msg);
	if (json_peek(text, size - 1, true, "response", value, sizeof(value),
		&problem) == JSON_PEEK_FOUND)
		fuzz_must(strnlen(value, sizeof(value)) < sizeof(value),
		    "a value that is found fits");
	return 0;
}
