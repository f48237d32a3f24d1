/*
 * Tests of what makes an e-mail address and a name, and of what gives one away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "auth-svc/account_rules.h"
#include "auth-svc/text.h"

static void
check_email(const char *typed, const char *expected)
{
	char email[PROTO_EMAIL_MAX + 1] = "unchanged";
	int result;

	result = account_normalise_email(typed, email);
	if (expected == NULL) {
		if (result == 0)
			fail_msg("\"%s\" was taken as %s", typed, email);
		assert_string_equal(email, "unchanged");
		return;
	}
	if (result != 0)
		fail_msg("\"%s\" was refused", typed);
	assert_string_equal(email, expected);
}

static void
email_is_trimmed_and_lower_cased(void **state)
{
	(void)state;
	check_email("a@example.com", "a@example.com");
	check_email("  Ada.Lovelace@Example.COM\t", "ada.lovelace@example.com");
	check_email(
	    "first+tag@sub.example.co.uk", "first+tag@sub.example.co.uk");
	check_email("dev@localhost", "dev@localhost");
	check_email("a.b.c@example.com", "a.b.c@example.com");
	check_email("!#$%&'*+/=?^_`{|}~-@x-1.io", "!#$%&'*+/=?^_`{|}~-@x-1.io");
}

static void
what_is_no_email_is_refused(void **state)
{
	static const char *const wrong[] = { "", "@", "a", "a@", "@b.com",
		"a@b", "a@b@c.com", "a b@c.com", "a@b c.com", "a@.com", "a@b.",
		"a@b..com", "a@-b.com", "a@b-.com", "a\n@b.com",
		"a@b.com\r\nBcc: x@y.com", "a\x7f@b.com", "\"a b\"@c.com",
		"a@[127.0.0.1]", "\xc3\xa9@b.com", "a@\xc3\xa9.com",
		"a@b_c.com", "a,b@c.com", "<a@b.com>", "a@b.com,c@d.com",
		".a@b.com", "a.@b.com", "a..b@c.com", ".@b.com", "..@b.com",
		"   " };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		check_email(wrong[i], NULL);
}

/* local@label.label... with these lengths. */
static void
fill_email(char *text, size_t local, size_t domain)
{
	size_t i;

	memset(text, 'a', local);
	text[local] = '@';
	for (i = 0; i < domain; i++)
		text[local + 1 + i] = i % 40 == 39 ? '.' : 'b';
	text[local + 1 + domain] = '\0';
}

/* a@xxx.io with so many x. */
static void
fill_label(char *text, size_t size, int len)
{
	(void)snprintf(text, size, "a@%.*s.io", len,
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "x");
}

static void
email_bounds_are_those_of_smtp(void **state)
{
	char typed[512], label[80];

	(void)state;
	fill_email(typed, 64, 189);
	assert_int_equal(strlen(typed), 254);
	check_email(typed, typed);
	fill_email(typed, 65, 100);
	check_email(typed, NULL);
	fill_email(typed, 64, 190);
	check_email(typed, NULL);
	fill_label(label, sizeof(label), 63);
	check_email(label, label);
	fill_label(label, sizeof(label), 64);
	check_email(label, NULL);
}

static void
email_in_a_password_is_seen(void **state)
{
	static const char ada[] = "ada.lovelace@example.com";

	(void)state;
	assert_true(
	    account_password_has_email("Ada.Lovelace@Example.com", ada));
	assert_true(account_password_has_email("ADA.LOVELACE", ada));
	assert_true(account_password_has_email("ada.lovelace2024", ada));
	assert_true(account_password_has_email("<<Ada.Lovelace>>", ada));
	assert_false(account_password_has_email("ada lovelace 17", ada));
	assert_false(account_password_has_email("", ada));
	/* Four characters tell; three are there by chance. */
	assert_true(account_password_has_email("a mauve-bird", "bird@a.com"));
	assert_false(account_password_has_email("a mauve-bird", "bir@a.com"));
	assert_true(account_password_has_email("77bir@a.com77", "bir@a.com"));
}

static void
names_are_trimmed_and_without_controls(void **state)
{
	char clean[8];

	(void)state;
	assert_int_equal(text_clean(" \t Ada \t", clean, sizeof(clean)), 0);
	assert_string_equal(clean, "Ada");
	assert_int_equal(text_clean(" \t ", clean, sizeof(clean)), 0);
	assert_string_equal(clean, "");
	assert_int_equal(
	    text_clean("\xc3\xa9t\xc3\xa9", clean, sizeof(clean)), 0);
	assert_string_equal(clean, "\xc3\xa9t\xc3\xa9");
	assert_int_equal(text_clean("1234567", clean, sizeof(clean)), 0);
	assert_int_equal(text_clean("12345678", clean, sizeof(clean)), -1);
	assert_int_equal(text_clean("a\nb", clean, sizeof(clean)), -1);
	assert_int_equal(text_clean("a\x1b[2J", clean, sizeof(clean)), -1);
	assert_int_equal(text_clean("a\x7f", clean, sizeof(clean)), -1);
	assert_int_equal(text_clean("a\xc2\x85z", clean, sizeof(clean)), -1);
	/* A no-break space is not a control character. */
	assert_int_equal(text_clean("a\xc2\xa0z", clean, sizeof(clean)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(email_is_trimmed_and_lower_cased),
		cmocka_unit_test(what_is_no_email_is_refused),
		cmocka_unit_test(email_bounds_are_those_of_smtp),
		cmocka_unit_test(email_in_a_password_is_seen),
		cmocka_unit_test(names_are_trimmed_and_without_controls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
