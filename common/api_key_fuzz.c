/*
 * Fuzzes the short texts that name something: API keys, ids, endpoints.
 */
#include <ctype.h>
#include <sodium.h>

#include "common/api_key.h"
#include "common/endpoint.h"
#include "proto/testing_fuzz.h"
#include "proto/uuid.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (sodium_init() < 0)
		exit(EXIT_FAILURE);
	return 0;
}

/* No key is one digit away from another: a slip of the hand is told. */
static void
look_at_key(char *text, size_t changed)
{
	uint8_t hash[API_KEY_HASH_BYTES], other[API_KEY_HASH_BYTES];
	enum api_key_kind kind, same;
	char *digit = NULL, was;

	if (!api_key_check(text, &kind))
		return;
	fuzz_must(strlen(text) == API_KEY_LEN, "a key has its length");
	fuzz_must(text[4] == (kind == API_KEY_SECRET ? 's' : 'p'),
	    "a key is of the kind that it says");
	api_key_hash(text, hash);
	digit = &text[API_KEY_PREFIX_LEN + changed % API_KEY_RANDOM_LEN];
	was = *digit;
	*digit = was == 'a' ? 'b' : 'a';
	fuzz_must(!api_key_check(text, &same), "a changed key is refused");
	api_key_hash(text, other);
	fuzz_must(memcmp(hash, other, sizeof(hash)) != 0, "hashes differ");
	*digit = was;
}

static void
look_at_id(const char *text)
{
	char again[UUID_TEXT_MAX + 1];
	struct uuid id, other;

	if (uuid_parse(&id, text) != 0)
		return;
	uuid_format(&id, again);
	fuzz_must(uuid_parse(&other, again) == 0 && uuid_equal(&id, &other),
	    "an id reads the same again");
}

static void
look_at_endpoint(const char *text)
{
	char item[64];
	size_t count = endpoint_list_count(text);

	(void)endpoint_wrong(text, false);
	if (endpoint_wrong(text, true) == NULL)
		fuzz_must(strncmp(text, "ipc://", 6) == 0 ||
			strncmp(text, "tcp://", 6) == 0,
		    "an endpoint is one of two kinds");
	(void)endpoint_listen_wrong(text);
	for (size_t i = 0; i < count && i < 100; i++) {
		if (endpoint_list_item(text, i, item, sizeof(item)))
			fuzz_must(strlen(item) < sizeof(item), "an item fits");
	}
	fuzz_must(!endpoint_list_item(text, count, item, sizeof(item)),
	    "a list has no more items than it counts");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	look_at_key(text, size == 0 ? 0 : data[size - 1]);
	look_at_id(text);
	look_at_endpoint(text);
	free(text);
	return 0;
}
