/*
 * Tests of what can be said about a password without a dictionary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/password_rules.h"

#define FOUR_OF_TWELVE_BYTES "\345\257\206\347\240\201\345\245\275\345\220\227"

static void
check_flaw(const char *password, const char *expected)
{
	const char *flaw = password_flaw(password);

	if (expected == NULL) {
		if (flaw != NULL)
			fail_msg("\"%s\" %s", password, flaw);
		return;
	}
	if (flaw == NULL)
		fail_msg("\"%s\" was taken", password);
	assert_string_equal(flaw, expected);
}

static void
characters_are_counted_and_not_bytes(void **state)
{
	(void)state;
	check_flaw("zq9 vile lan", NULL);
	check_flaw("zq9 vile la", "has fewer than 12 characters");
	check_flaw(FOUR_OF_TWELVE_BYTES, "has fewer than 12 characters");
	check_flaw(FOUR_OF_TWELVE_BYTES "zq9 vil",
	    "has fewer than 12 "
	    "characters");
	check_flaw(FOUR_OF_TWELVE_BYTES "zq9 vile", NULL);
	check_flaw("", "has fewer than 12 characters");
}

static void
what_repeats_is_counted_once(void **state)
{
	static const char wrong[] = "repeats fewer than 12 characters";

	(void)state;
	check_flaw("zq9 vizq9 vi", wrong);
	check_flaw("zq9vilezq9vilezq9vilezq", wrong);
	check_flaw("            ", wrong);
	check_flaw(
	    FOUR_OF_TWELVE_BYTES FOUR_OF_TWELVE_BYTES FOUR_OF_TWELVE_BYTES,
	    wrong);
	check_flaw("zq9 vile lanzq9 vile lan", NULL);
	check_flaw("zq9vilezq9vileX", NULL);
}

static void
runs_along_the_keyboard_are_no_password(void **state)
{
	static const char wrong[] = "runs along the keyboard";

	(void)state;
	check_flaw("qwertyuiopasdf", wrong);
	check_flaw("QWERTYuiop[]zx", wrong);
	check_flaw("qwertyuiopasdfghjklzxcvbnm", wrong);
	check_flaw("poiuytrewqXYZ!", wrong);
	check_flaw("1qaz2wsx3edc", wrong);
	check_flaw("qazwsxedcrfv", wrong);
	check_flaw("asdfghXmauve", wrong);
	/* Less than half; no run of six. */
	check_flaw("asdfghXmauve7", NULL);
	check_flaw("qwertasdfgzxcvb", NULL);
	check_flaw("property typewriter", NULL);
}

static void
runs_of_neighbours_are_no_password(void **state)
{
	static const char wrong[] = "is mostly runs like abc, 321 or aaa";

	(void)state;
	check_flaw("abcdefghijklmnop", wrong);
	check_flaw("zyXWVUTsrqpONML", wrong);
	check_flaw("aabbccddeeff", wrong);
	check_flaw("112233445566", wrong);
	check_flaw("abc123def456", wrong);
	check_flaw("aaaBBBcccDDDeee", wrong);
	check_flaw("abcdefghzqvm", wrong);
	check_flaw("ab12de45gh78", wrong);
	check_flaw("Abcdefgh@2024", wrong);
	check_flaw("@!19857abcdefgh!", wrong);
	/* Less than two thirds; not all in pairs; other letters too. */
	check_flaw("abcdefgzqvmx", NULL);
	check_flaw("ab12de45gh79z", NULL);
	check_flaw("Abcdefghx@2024", NULL);
	check_flaw("@!1985726abcdefg", NULL);
	check_flaw("@!196857264075", NULL);
}

static void
check_forms(const char *password, const char *const *expected, size_t count)
{
	struct password_forms forms;
	size_t i;

	password_forms(password, &forms);
	for (i = 0; i < forms.count && i < count; i++)
		assert_string_equal(forms.text[i], expected[i]);
	assert_int_equal(forms.count, count);
}

static void
forms_are_unit_stems_and_plain_ones(void **state)
{
	static const char *const repeated[] = { "Passw0rd!Passw0rd!",
		"Passw0rd!", "Passw0rd", "password" };
	static const char *const ends[] = { "12@dm1n1st3r99", "12@dm1n1st3r",
		"i2administer", "dm1n1st3r", "dminister" };
	static const char *const behind[] = { "MonkeymonKEY77", "MonkeymonKEY",
		"monkey" };

	(void)state;
	check_forms(repeated[0], repeated, 4);
	check_forms(ends[0], ends, 5);
	check_forms(behind[0], behind, 3);
}

static void
password_without_a_stem_has_one_form(void **state)
{
	static const char *const alone[] = { "abcde-837461908", "837461905521",
		"plum orbit canyon", "\320\277\320\260-123456789", "" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		check_forms(alone[i], &alone[i], 1);
}

static void
longest_password_has_all_its_forms(void **state)
{
	char longest[PROTO_PASSWORD_MAX + 1];
	struct password_forms forms;

	(void)state;
	memset(longest, 'x', PROTO_PASSWORD_MAX);
	longest[0] = '9';
	longest[1] = 'A';
	longest[PROTO_PASSWORD_MAX - 1] = '!';
	longest[PROTO_PASSWORD_MAX] = '\0';
	password_forms(longest, &forms);
	assert_int_equal(forms.count, 5);
	assert_string_equal(forms.text[0], longest);
	assert_int_equal(strlen(forms.text[4]), PROTO_PASSWORD_MAX - 2);
	assert_int_equal(forms.text[4][0], 'a');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_counted_and_not_bytes),
		cmocka_unit_test(what_repeats_is_counted_once),
		cmocka_unit_test(runs_along_the_keyboard_are_no_password),
		cmocka_unit_test(runs_of_neighbours_are_no_password),
		cmocka_unit_test(forms_are_unit_stems_and_plain_ones),
		cmocka_unit_test(password_without_a_stem_has_one_form),
		cmocka_unit_test(longest_password_has_all_its_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
