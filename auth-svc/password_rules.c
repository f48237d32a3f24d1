/*
 * What can be said about a password without a dictionary, and in which forms
 * the dictionary is to be asked about it.
 */
#include <stdbool.h>
#include <string.h>

#include "auth-svc/password_rules.h"
#include "auth-svc/text.h"

/* Of keys, and of neighbours in the alphabet. */
#define KEY_RUN_MIN  6
#define STEP_RUN_MIN 3

/* Shorter ones are no stem: nearly every password holds a few letters. */
#define STEM_MIN 6

/* -------- what is no good by itself -------- */

/*
 * The length of the shortest unit that the text consists of: "abab" and "ababa"
 * repeat two bytes; the whole length when nothing comes twice.
 */
static size_t
unit_length(const char *text, size_t len)
{
	size_t unit;

	for (unit = 1; unit * 2 <= len; unit++) {
		if (memcmp(text, text + unit, len - unit) == 0)
			return unit;
	}
	return len;
}

/* In UTF-8 each character has one byte that does not continue another. */
static size_t
count_characters(const char *text, size_t len)
{
	size_t i, count = 0;

	for (i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* How many keys the text follows a row from where its first one stands. */
static size_t
follow(const char *text, const char *row)
{
	const char *key = strchr(row, text_lower(*text));
	size_t len = 0;

	while (key != NULL && key[len] != '\0' &&
	    key[len] == text_lower(text[len]))
		len++;
	return len;
}

/* The rows of a QWERTY keyboard, and its columns one after another. */
static size_t
key_run(const char *text)
{
	static const char *const rows[] = { "1234567890", "0987654321",
		"qwertyuiop", "poiuytrewq", "asdfghjkl", "lkjhgfdsa", "zxcvbnm",
		"mnbvcxz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
		"qazwsxedcrfvtgbyhnujmikolp" };
	size_t i, len, longest = 0;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = follow(text, rows[i]);
		if (len > longest)
			longest = len;
	}
	return longest;
}

/* How many bytes there are of which each is the one before or next to it. */
static size_t
step_run(const char *text)
{
	size_t len = 1;
	int step;

	for (; text[len] != '\0'; len++) {
		step = text_lower(text[len]) - text_lower(text[len - 1]);
		if (step < -1 || step > 1)
			break;
	}
	return len;
}

/* How many bytes are in runs of at least min; run tells how long one is. */
static size_t
in_runs(const char *text, size_t (*run)(const char *), size_t min)
{
	size_t len, covered = 0;

	while (*text != '\0') {
		len = run(text);
		if (len >= min)
			covered += len;
		text += len >= min ? len : 1;
	}
	return covered;
}

const char *
password_flaw(const char *password)
{
	size_t len = strlen(password), unit = unit_length(password, len);

	if (count_characters(password, len) < PROTO_PASSWORD_MIN)
		return "has fewer than 12 characters";
	if (count_characters(password, unit) < PROTO_PASSWORD_MIN)
		return "repeats fewer than 12 characters";
	if (in_runs(password, key_run, KEY_RUN_MIN) * 2 >= len)
		return "runs along the keyboard";
	if (in_runs(password, step_run, STEP_RUN_MIN) * 3 >= len * 2)
		return "is mostly runs like abc, 321 or aaa";
	return NULL;
}

_Static_assert(PROTO_PASSWORD_MIN == 12, "what the texts above say");

/* -------- what the dictionary is asked about -------- */

/* Keeps the form of len bytes that was written behind the others, if new. */
static void
keep(struct password_forms *forms, size_t len)
{
	char *form = forms->text[forms->count];
	size_t i;

	form[len] = '\0';
	for (i = 0; i < forms->count; i++) {
		if (strcmp(forms->text[i], form) == 0)
			return;
	}
	forms->count++;
}

static void
add(struct password_forms *forms, const char *text, size_t len)
{
	memcpy(forms->text[forms->count], text, len);
	keep(forms, len);
}

static char
plain(char c)
{
	static const char signs[] = "013457@$!";
	static const char letters[] = "oieastasi";
	const char *found = c != '\0' ? strchr(signs, c) : NULL;

	return found != NULL ? letters[found - signs] : text_lower(c);
}

/* A byte of a character past ASCII counts as a letter. */
static bool
is_wordy(char c)
{
	return text_is_alpha(c) || (unsigned char)c >= 0x80;
}

static void
add_stem(struct password_forms *forms, const char *stem, size_t len)
{
	char *form;
	size_t i;

	add(forms, stem, len);
	form = forms->text[forms->count];
	for (i = 0; i < len; i++)
		form[i] = plain(stem[i]);
	keep(forms, unit_length(form, len));
}

void
password_forms(const char *password, struct password_forms *forms)
{
	size_t len, start = 0, end;

	memset(forms, 0, sizeof(*forms));
	len = strlen(password);
	add(forms, password, len);
	len = unit_length(password, len);
	add(forms, password, len);
	for (end = len; end > 0 && !is_wordy(password[end - 1]); end--)
		continue;
	if (end < STEM_MIN || end * 2 < len)
		return;
	add_stem(forms, password, end);
	while (!is_wordy(password[start]))
		start++;
	if (end - start >= STEM_MIN && (end - start) * 2 >= len)
		add_stem(forms, password + start, end - start);
}
