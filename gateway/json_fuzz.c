/*
 * Fuzzes bodies and query strings: the first byte chooses the record that is
 * read, and whether from JSON or from a form; the rest is the text. What is
 * taken keeps the bounds of its table, JSON can say it too, and it reads the
 * same again from what it is written as.
 */
#include <sodium.h>

#include "gateway/json.h"
#include "proto/testing_fuzz.h"

#define IS_FORM 0x80u /* of the first byte */

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
	fuzz_must(first != NULL && strlen(first) == first_len,
	    "what was read can be written");
	fuzz_must(json_read(record, again, first, first_len, &problem) == 0,
	    "what was written can be read");
	second = json_write(record, again, &second_len);
	fuzz_must(second != NULL && second_len == first_len &&
		memcmp(first, second, first_len) == 0,
	    "what is read again is the same");
	free(first);
	free(second);
	free(again);
}

static void
look_for_one(const char *body, size_t size, bool is_form)
{
	char value[64];
	struct json_problem problem = { 0 };

	switch (json_peek(
	    body, size, is_form, "response", value, sizeof(value), &problem)) {
	case JSON_PEEK_FOUND:
		fuzz_must(strnlen(value, sizeof(value)) < sizeof(value),
		    "a value that is found fits");
		break;
	case JSON_PEEK_FAULT:
		fuzz_must(problem.detail[0] != '\0', "a fault is explained");
		break;
	case JSON_PEEK_ABSENT:
	case JSON_PEEK_LONG:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct proto_record *record = NULL;
	struct json_problem problem = { 0 };
	const char *body = NULL;
	bool is_form;
	void *msg = NULL;
	int result;

	if (size == 0)
		return 0;
	is_form = (data[0] & IS_FORM) != 0;
	record = proto_records[(data[0] & ~IS_FORM) % proto_records_count];
	body = (const char *)data + 1;
	msg = fuzz_alloc(record->size);
	result = is_form ? json_read_form(record, msg, body, size - 1, &problem)
			 : json_read(record, msg, body, size - 1, &problem);
	if (result == 0)
		look_at_taken(record, msg);
	else
		fuzz_must(problem.detail[0] != '\0' &&
			strnlen(problem.detail, sizeof(problem.detail)) <
			    sizeof(problem.detail),
		    "a refusal says why");
	free(msg);
	look_for_one(body, size - 1, is_form);
	return 0;
}
