/*
 * Tests of API keys: their form, their checksum, their hash.
 */

#include "common/testing.h"

#include "common/api_key.h"
#include "common/secret.h"

#define ALPHABET \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static int
start(void **state)
{
	(void)state;
	return secret_init();
}

static void
generated_keys_check_and_tell_their_kind(void **state)
{
	char secret[API_KEY_LEN + 1], publishable[API_KEY_LEN + 1];
	enum api_key_kind kind;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		api_key_generate(API_KEY_SECRET, secret);
		api_key_generate(API_KEY_PUBLISHABLE, publishable);
		assert_int_equal(strlen(secret), API_KEY_LEN);
		assert_int_equal(strncmp(secret, "aic_sk_", 7), 0);
		assert_int_equal(strncmp(publishable, "aic_pk_", 7), 0);
		assert_int_equal(strspn(secret + 7, ALPHABET), API_KEY_LEN - 7);
		assert_true(api_key_check(secret, &kind));
		assert_int_equal(kind, API_KEY_SECRET);
		assert_true(api_key_check(publishable, &kind));
		assert_int_equal(kind, API_KEY_PUBLISHABLE);
		assert_string_not_equal(secret + 7, publishable + 7);
	}
}

static void
every_change_of_one_character_is_refused(void **state)
{
	char key[API_KEY_LEN + 1], changed[API_KEY_LEN + 1];
	enum api_key_kind kind;
	int i, c;

	(void)state;
	api_key_generate(API_KEY_SECRET, key);
	for (i = 0; i < API_KEY_LEN; i++) {
		for (c = -128; c < 128; c++) {
			memcpy(changed, key, sizeof(changed));
			changed[i] = (char)c;
			if (changed[i] != key[i])
				assert_false(api_key_check(changed, &kind));
		}
	}
	/* Nor may two neighbours change places. */
	for (i = 0; i + 1 < API_KEY_LEN; i++) {
		memcpy(changed, key, sizeof(changed));
		changed[i] = key[i + 1];
		changed[i + 1] = key[i];
		if (changed[i] != key[i])
			assert_false(api_key_check(changed, &kind));
	}
}

static void
other_text_is_refused(void **state)
{
	char key[API_KEY_LEN + 1], longer[API_KEY_LEN + 2];
	enum api_key_kind kind;
	size_t len;

	(void)state;
	api_key_generate(API_KEY_SECRET, key);
	snprintf(longer, sizeof(longer), "%sx", key);
	assert_false(api_key_check(longer, &kind));
	for (len = 0; len < API_KEY_LEN; len++) {
		snprintf(longer, sizeof(longer), "%.*s", (int)len, key);
		assert_false(api_key_check(longer, &kind));
	}
	/* The checksum covers the kind. */
	snprintf(longer, sizeof(longer), "aic_pk_%s", key + API_KEY_PREFIX_LEN);
	assert_int_equal(strlen(longer), API_KEY_LEN);
	assert_false(api_key_check(longer, &kind));
}

/*
 * A fixed key, so that a change of the form does not go unseen: check digits
 * and hash by Python's zlib.crc32 and hashlib.blake2b(digest_size=32).
 */
static void
form_and_hash_stay_as_they_are(void **state)
{
	static const char key[] = "aic_sk_0123456789ABCDEFxyzabcdefghi2c7jp1";
	static const uint8_t expected[API_KEY_HASH_BYTES] = { 0xb6, 0x93, 0x7d,
		0x14, 0x2d, 0x04, 0xb8, 0xa3, 0x1f, 0xf4, 0x85, 0x2e, 0x6a,
		0x5a, 0x2f, 0x2d, 0x87, 0xb2, 0xb7, 0xf7, 0xd4, 0xc3, 0x0f,
		0xb2, 0x03, 0xd4, 0xa2, 0x6d, 0x49, 0x16, 0xf3, 0xe2 };
	uint8_t hash[API_KEY_HASH_BYTES];
	enum api_key_kind kind = API_KEY_PUBLISHABLE;

	(void)state;
	assert_true(api_key_check(key, &kind));
	assert_int_equal(kind, API_KEY_SECRET);
	api_key_hash(key, hash);
	assert_memory_equal(hash, expected, sizeof(hash));
}

static void
digits_are_as_likely_as_each_other(void **state)
{
	char key[API_KEY_LEN + 1];
	unsigned counts[62] = { 0 };
	double expected, difference, chi = 0;
	const int keys = 5000;
	int i, j;

	(void)state;
	for (i = 0; i < keys; i++) {
		api_key_generate(API_KEY_SECRET, key);
		for (j = 0; j < API_KEY_RANDOM_LEN; j++)
			counts[strchr(ALPHABET, key[7 + j]) - ALPHABET]++;
	}
	expected = keys * API_KEY_RANDOM_LEN / 62.0;
	for (i = 0; i < 62; i++) {
		difference = counts[i] - expected;
		chi += difference * difference / expected;
	}
	/*
	 * Chi-square of 61 degrees of freedom is above 170 once in 10^11 times;
	 * taking bytes modulo 62 would give some 980.
	 */
	assert_true(chi < 170);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generated_keys_check_and_tell_their_kind),
		cmocka_unit_test(every_change_of_one_character_is_refused),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(form_and_hash_stay_as_they_are),
		cmocka_unit_test(digits_are_as_likely_as_each_other),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
