/*
 * Tests of access tokens. Forged ones are made by hand here, so that they do
 * not depend on what libjwt is willing to make.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth-svc/token.h"
#include "common/secret.h"

#define NOW INT64_C(1776079724)

static const uint8_t key_a[TOKEN_KEY_BYTES] = { 'a', 1, 2, 3 };
static const uint8_t key_b[TOKEN_KEY_BYTES] = { 'b', 4, 5, 6 };

static const struct token_claims claims = {
	.account_id = { { 0x11, 0x22 } },
	.session_id = { { 0x33, 0x44 } },
	.issued_s = NOW,
	.expires_s = NOW + 60,
};

static const char good_body[] =
    "{\"iss\":\"aicaptcha\",\"aud\":\"aicaptcha-api\","
    "\"sub\":\"11220000-0000-0000-0000-000000000000\","
    "\"jti\":\"33440000-0000-0000-0000-000000000000\","
    "\"iat\":1776079724,\"exp\":1776079784}";

static int
start(void **state)
{
	(void)state;
	return secret_init();
}

static void
append_base64(char *text, size_t size, const void *bytes, size_t len)
{
	size_t used = strlen(text);

	assert_non_null(sodium_bin2base64(text + used, size - used, bytes, len,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

/* header.body.signature, signed by HS256 unless key is NULL. */
static void
forge(char text[PROTO_JWT_MAX + 1], const char *header, const char *body,
    const uint8_t *key)
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];

	text[0] = '\0';
	append_base64(text, PROTO_JWT_MAX, header, strlen(header));
	memcpy(text + strlen(text), ".", 2);
	append_base64(text, PROTO_JWT_MAX, body, strlen(body));
	if (key != NULL)
		crypto_auth_hmacsha256(
		    mac, (const uint8_t *)text, strlen(text), key);
	memcpy(text + strlen(text), ".", 2);
	if (key != NULL)
		append_base64(text, PROTO_JWT_MAX, mac, sizeof(mac));
}

static void
header_for(char *header, size_t size, const char *alg, const char *kid)
{
	(void)snprintf(header, size,
	    "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", alg, kid);
}

static void
assert_verdict(
    const struct token_keys *keys, const char *text, int64_t now, int expected)
{
	struct token_claims found;
	int result;

	memset(&found, 0x5a, sizeof(found));
	result = token_verify(keys, text, now, &found);
	if (result != expected)
		fail_msg("%s: %d", text, result);
	if (expected == 0) {
		assert_true(uuid_equal(&found.account_id, &claims.account_id));
		assert_true(uuid_equal(&found.session_id, &claims.session_id));
		assert_int_equal(found.issued_s, claims.issued_s);
		assert_int_equal(found.expires_s, claims.expires_s);
	}
}

static void
issued_jwt_is_accepted_until_it_expires(void **state)
{
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1];

	(void)state;
	assert_int_equal(token_issue(keys, &claims, text), 0);
	assert_verdict(keys, text, NOW, 0);
	assert_verdict(keys, text, NOW + 59, 0);
	assert_verdict(keys, text, NOW + 60, -1);
	assert_verdict(keys, text, NOW + 61, -1);
	token_keys_free(&keys);
	assert_null(keys);
	token_keys_free(&keys);
}

static void
hand_made_jwt_of_the_same_form_is_accepted(void **state)
{
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1], header[128];

	(void)state;
	header_for(header, sizeof(header), "HS256", keys->current.kid);
	forge(text, header, good_body, key_a);
	assert_verdict(keys, text, NOW, 0);
	token_keys_free(&keys);
}

/* That nothing is written past them, valgrind sees: tests/sanitize. */
static void
jwt_with_an_empty_part_is_refused(void **state)
{
	static const char *const texts[] = { "", ".", "..", "...", ".a.", "a..",
		"..a", "a.b.", "a..b", ".a.b", "a.b.c.", "a.b.c.d", "a=.b.c",
		"a.b c.d" };
	struct token_keys *keys = token_keys_new(key_a, NULL);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_verdict(keys, texts[i], NOW, -1);
	token_keys_free(&keys);
}

static void
jwt_with_alg_none_is_refused(void **state)
{
	static const char *const names[] = { "none", "None", "NONE", "nOnE",
		"" };
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1], header[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		header_for(header, sizeof(header), names[i], keys->current.kid);
		forge(text, header, good_body, NULL);
		assert_verdict(keys, text, NOW, -1);
		forge(text, header, good_body, key_a);
		assert_verdict(keys, text, NOW, -1);
	}
	forge(text, "{\"typ\":\"JWT\"}", good_body, NULL);
	assert_verdict(keys, text, NOW, -1);
	token_keys_free(&keys);
}

static void
jwt_with_another_alg_is_refused(void **state)
{
	static const char *const names[] = { "HS384", "HS512", "RS256", "RS384",
		"ES256", "ES512", "PS256", "EdDSA" };
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1], header[128];
	uint8_t mac[crypto_auth_hmacsha512_BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		header_for(header, sizeof(header), names[i], keys->current.kid);
		forge(text, header, good_body, key_a);
		assert_verdict(keys, text, NOW, -1);
	}
	/* With the right key and a right signature, but not of HS256. */
	header_for(header, sizeof(header), "HS512", keys->current.kid);
	forge(text, header, good_body, NULL);
	crypto_auth_hmacsha512(
	    mac, (const uint8_t *)text, strlen(text) - 1, key_a);
	append_base64(text, PROTO_JWT_MAX, mac, sizeof(mac));
	assert_verdict(keys, text, NOW, -1);
	token_keys_free(&keys);
}

static void
jwt_signed_by_previous_key_is_accepted(void **state)
{
	struct token_keys *before = token_keys_new(key_a, NULL);
	struct token_keys *after = token_keys_new(key_b, key_a);
	struct token_keys *later = token_keys_new(key_b, NULL);
	char text[PROTO_JWT_MAX + 1];

	(void)state;
	assert_int_equal(token_issue(before, &claims, text), 0);
	assert_verdict(after, text, NOW, 0);
	assert_verdict(later, text, NOW, -1);
	/* And new ones are signed by the current key. */
	assert_int_equal(token_issue(after, &claims, text), 0);
	assert_verdict(after, text, NOW, 0);
	assert_verdict(later, text, NOW, 0);
	assert_verdict(before, text, NOW, -1);
	token_keys_free(&before);
	token_keys_free(&after);
	token_keys_free(&later);
}

static void
jwt_of_a_stranger_or_unknown_kid_is_refused(void **state)
{
	struct token_keys *keys = token_keys_new(key_a, NULL);
	struct token_keys *other = token_keys_new(key_b, NULL);
	char text[PROTO_JWT_MAX + 1], header[128];

	(void)state;
	assert_int_equal(token_issue(other, &claims, text), 0);
	assert_verdict(keys, text, NOW, -1);
	header_for(header, sizeof(header), "HS256", keys->current.kid);
	forge(text, header, good_body, key_b);
	assert_verdict(keys, text, NOW, -1);
	header_for(header, sizeof(header), "HS256", other->current.kid);
	forge(text, header, good_body, key_a);
	assert_verdict(keys, text, NOW, -1);
	header_for(header, sizeof(header), "HS256", "../../etc/passwd");
	forge(text, header, good_body, key_a);
	assert_verdict(keys, text, NOW, -1);
	forge(text, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", good_body, key_a);
	assert_verdict(keys, text, NOW, -1);
	token_keys_free(&keys);
	token_keys_free(&other);
}

static void
jwt_with_wrong_or_missing_claim_is_refused(void **state)
{
#define SUB "\"sub\":\"11220000-0000-0000-0000-000000000000\""
#define JTI "\"jti\":\"33440000-0000-0000-0000-000000000000\""
#define ISS "\"iss\":\"aicaptcha\""
#define AUD "\"aud\":\"aicaptcha-api\""
#define IAT "\"iat\":1776079724"
#define EXP "\"exp\":1776079784"
	static const char *const bodies[] = {
		"{}",
		"[]",
		"{" AUD "," SUB "," JTI "," IAT "," EXP "}",
		"{" ISS "," SUB "," JTI "," IAT "," EXP "}",
		"{" ISS "," AUD "," JTI "," IAT "," EXP "}",
		"{" ISS "," AUD "," SUB "," IAT "," EXP "}",
		"{" ISS "," AUD "," SUB "," JTI "," EXP "}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT "}",
		"{\"iss\":\"other\"," AUD "," SUB "," JTI "," IAT "," EXP "}",
		"{" ISS ",\"aud\":\"other\"," SUB "," JTI "," IAT "," EXP "}",
		"{" ISS ",\"aud\":[\"aicaptcha-api\"]," SUB "," JTI "," IAT
		"," EXP "}",
		"{" ISS "," AUD ",\"sub\":\"x\"," JTI "," IAT "," EXP "}",
		"{" ISS "," AUD "," SUB ",\"jti\":5," IAT "," EXP "}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT
		",\"exp\":\"1776079784\"}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT
		",\"exp\":1776079784.5}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT ",\"exp\":true}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT ",\"exp\":-1}",
		"{" ISS "," AUD "," SUB "," JTI "," IAT
		",\"exp\":99999999999999999999}",
		"{" ISS "," AUD "," SUB "," JTI ",\"iat\":null," EXP "}",
	};
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1], header[128];
	size_t i;

	(void)state;
	header_for(header, sizeof(header), "HS256", keys->current.kid);
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		forge(text, header, bodies[i], key_a);
		assert_verdict(keys, text, NOW, -1);
	}
	token_keys_free(&keys);
}

static void
damaged_jwt_is_refused(void **state)
{
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1], damaged[PROTO_JWT_MAX + 1];
	size_t i, len;

	(void)state;
	assert_int_equal(token_issue(keys, &claims, text), 0);
	len = strlen(text);
	for (i = 0; i < len; i++) {
		memcpy(damaged, text, len + 1);
		damaged[i] = '\0';
		assert_verdict(keys, damaged, NOW, -1);
		/* The last character of a part may carry spare bits. */
		damaged[i] = text[i] == '*' ? '!' : '*';
		assert_verdict(keys, damaged, NOW, -1);
		damaged[i] = text[i] == 'A' ? 'Q' : 'A';
		if (i < len - 1)
			assert_verdict(keys, damaged, NOW, -1);
	}
	assert_verdict(keys, "", NOW, -1);
	assert_verdict(keys, "..", NOW, -1);
	assert_verdict(keys, "a.b.c", NOW, -1);
	assert_verdict(keys, "e30.e30.", NOW, -1);
	token_keys_free(&keys);
}

static void
random_jwts_are_refused(void **state)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_....\"{}:=";
	struct token_keys *keys = token_keys_new(key_a, NULL);
	char text[PROTO_JWT_MAX + 1];
	uint8_t bytes[200];
	int round;
	size_t i, len;

	(void)state;
	for (round = 0; round < 2000; round++) {
		secret_random(bytes, sizeof(bytes));
		len = bytes[0] % sizeof(bytes);
		for (i = 0; i < len; i++)
			text[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
		text[len] = '\0';
		assert_verdict(keys, text, NOW, -1);
	}
	token_keys_free(&keys);
}

static void
keys_come_from_files_of_their_own(void **state)
{
	char directory[] = "/tmp/auth-token-test-XXXXXX";
	char current[64], previous[64], error[256] = "";
	char text[PROTO_JWT_MAX + 1];
	struct token_keys *keys = NULL;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(
	    current, sizeof(current), "%s/jwt-current.key", directory);
	(void)snprintf(
	    previous, sizeof(previous), "%s/jwt-previous.key", directory);
	keys = token_keys_load(directory, error, sizeof(error));
	assert_non_null(keys);
	assert_false(keys->has_previous);
	assert_int_equal(stat(current, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, TOKEN_KEY_BYTES);
	assert_int_equal(stat(previous, &st), -1);
	assert_int_equal(token_issue(keys, &claims, text), 0);
	token_keys_free(&keys);

	/* A restart takes the same key. */
	keys = token_keys_load(directory, error, sizeof(error));
	assert_non_null(keys);
	assert_verdict(keys, text, NOW, 0);
	token_keys_free(&keys);

	/* A change of keys: the old one still counts. */
	assert_int_equal(rename(current, previous), 0);
	keys = token_keys_load(directory, error, sizeof(error));
	assert_non_null(keys);
	assert_true(keys->has_previous);
	assert_string_not_equal(keys->current.kid, keys->previous.kid);
	assert_verdict(keys, text, NOW, 0);
	token_keys_free(&keys);

	assert_int_equal(unlink(previous), 0);
	keys = token_keys_load(directory, error, sizeof(error));
	assert_non_null(keys);
	assert_verdict(keys, text, NOW, -1);
	token_keys_free(&keys);

	assert_int_equal(chmod(current, 0644), 0);
	assert_null(token_keys_load(directory, error, sizeof(error)));
	assert_string_not_equal(error, "");
	assert_int_equal(chmod(current, 0600), 0);
	assert_int_equal(truncate(current, TOKEN_KEY_BYTES - 1), 0);
	assert_null(token_keys_load(directory, error, sizeof(error)));

	assert_int_equal(unlink(current), 0);
	assert_int_equal(rmdir(directory), 0);
	assert_null(token_keys_load(directory, error, sizeof(error)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issued_jwt_is_accepted_until_it_expires),
		cmocka_unit_test(hand_made_jwt_of_the_same_form_is_accepted),
		cmocka_unit_test(jwt_with_an_empty_part_is_refused),
		cmocka_unit_test(jwt_with_alg_none_is_refused),
		cmocka_unit_test(jwt_with_another_alg_is_refused),
		cmocka_unit_test(jwt_signed_by_previous_key_is_accepted),
		cmocka_unit_test(jwt_of_a_stranger_or_unknown_kid_is_refused),
		cmocka_unit_test(jwt_with_wrong_or_missing_claim_is_refused),
		cmocka_unit_test(damaged_jwt_is_refused),
		cmocka_unit_test(random_jwts_are_refused),
		cmocka_unit_test(keys_come_from_files_of_their_own),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
