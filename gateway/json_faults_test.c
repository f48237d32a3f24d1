/*
 * JSON and forms when memory ends at each place where it can: what is read is
 * refused or right, what is written is whole or nothing.
 */
#include <sodium.h>

#include "common/testing_faults.h"
#include "gateway/json.h"

#define ROUNDS_MAX 10000

struct example {
	const struct proto_record *record;
	const char *text;
	bool form;
};

static const struct example examples[] = {
	{ &proto_key_create,
	    "{\"name\":\"a \\u00e9\",\"difficulty\":\"hard\",\"minScore\":5,"
	    "\"allowedOrigins\":[\"https://a.example\",\"http://b.example\"],"
	    "\"enabled\":true,\"later\":{\"a\":[1,2.5,null]}}",
	    false },
	{ &proto_challenge_verify, "{\"token\":\"t\",\"answer\":\"12.5\"}",
	    false },
	{ &proto_challenge_verify, "token=a%20b&answer=1.5", true },
	{ &proto_series_query, "from=1&to=2&interval=hour", true },
};

static int
read_one(const struct example *example, void *msg, struct json_problem *problem)
{
	size_t len = strlen(example->text);

	memset(msg, 0, example->record->size);
	return example->form
	    ? json_read_form(example->record, msg, example->text, len, problem)
	    : json_read(example->record, msg, example->text, len, problem);
}

/* Returns how many failures there were. */
static unsigned
read_with_failures(const struct example *example, void *right, void *msg)
{
	struct json_problem problem;
	unsigned n;
	int result;

	assert_int_equal(read_one(example, right, &problem), 0);
	for (n = 1; n < ROUNDS_MAX; n++) {
		faults_arm(FAULTS_MEMORY, n);
		result = read_one(example, msg, &problem);
		if (!faults_disarm())
			break;
		if (result == 0) {
			assert_true(proto_equal(example->record, msg, right));
			continue;
		}
		/* It is not the body that is to blame. */
		assert_string_equal(problem.field, "");
		assert_true(problem.short_of_memory);
	}
	assert_int_equal(result, 0);
	return n - 1;
}

static void
reading_is_refused_or_right(void **state)
{
	unsigned failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		void *right = calloc(1, examples[i].record->size);
		void *msg = calloc(1, examples[i].record->size);

		assert_non_null(right);
		assert_non_null(msg);
		failures += read_with_failures(&examples[i], right, msg);
		free(right);
		free(msg);
	}
	assert_true(failures > 20);
	print_message("G23: gateway, reading: %u failures\n", failures);
}

static void
writing_is_whole_or_nothing(void **state)
{
	struct key_items *items = calloc(1, sizeof(*items));
	char *whole = NULL, *text = NULL;
	size_t len;
	unsigned n;

	(void)state;
	assert_non_null(items);
	items->items_count = PROTO_KEYS_MAX;
	whole = json_write(&proto_key_items, items, &len);
	assert_non_null(whole);
	for (n = 1; n < ROUNDS_MAX; n++) {
		faults_arm(FAULTS_MEMORY, n);
		text = json_write(&proto_key_items, items, &len);
		if (!faults_disarm())
			break;
		assert_null(text);
	}
	assert_string_equal(text, whole);
	assert_true(n > 2);
	print_message("G23: gateway, writing: %u failures\n", n - 1);
	free(whole);
	free(text);
	free(items);
}

static void
looking_for_one_field_fails_or_finds_it(void **state)
{
	static const char *const texts[] = {
		"{\"a\":[1,{\"b\":2}],\"response\":\"found\"}",
		"a=b&response=found"
	};
	enum json_peek_result result = JSON_PEEK_ABSENT;
	struct json_problem problem;
	char value[16];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (unsigned n = 1; n < ROUNDS_MAX; n++) {
			faults_arm(FAULTS_MEMORY, n);
			result = json_peek(texts[i], strlen(texts[i]), i == 1,
			    "response", value, sizeof(value), &problem);
			if (!faults_disarm())
				break;
			if (result == JSON_PEEK_FOUND)
				continue;
			assert_int_equal(result, JSON_PEEK_FAULT);
			assert_true(problem.short_of_memory);
		}
		assert_int_equal(result, JSON_PEEK_FOUND);
		assert_string_equal(value, "found");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_is_refused_or_right),
		cmocka_unit_test(writing_is_whole_or_nothing),
		cmocka_unit_test(looking_for_one_field_fails_or_finds_it),
	};

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	json_start();
	return cmocka_run_group_tests_name("json faults", tests, NULL, NULL);
}
