/*
 * What can be said about a password without a dictionary, and in which forms
 * the dictionary is to be asked about it.
 */
#include <stdbool.h>
#include <string.h>

#include "auth-svc/password_rules.h"
#include "auth-svc/text.h"

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

/*
 * How many bytes there are of which each is the same as the one before it or
 * next to that in ASCII, as "abc", "321" and "aaa" are.
 */
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

/*
 * How many of the first len bytes are in runs of min bytes or more; run tells
 * how long the one at a place is.
 */
static size_t
in_runs(const char *text, size_t len, size_t (*run)(const char *), size_t min)
{
	size_t i = 0, here, covered = 0;

	while (i < len) {
		here = run(text + i);
		if (here > len - i)
			here = len - i;
		if (here >= min)
			covered += here;
		i += here >= min ? here : 1;
	}
	return covered;
}

/* A byte of a character past ASCII counts as a letter. */
static bool
is_wordy(char c)
{
	return text_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* Where the digits and signs at the end begin. */
static size_t
stem_end(const char *text, size_t len)
{
	while (len > 0 && !is_wordy(text[len - 1]))
		len--;
	return len;
}

/* Where those at the start end, of a text that has a letter. */
static size_t
stem_start(const char *text)
{
	size_t start = 0;

	while (!is_wordy(text[start]))
		start++;
	return start;
}

/* Whether so much of a text of len bytes is what the text is made of. */
static bool
is_stem(size_t stem_len, size_t len)
{
	return stem_len >= STEM_MIN && stem_len * 2 >= len;
}

/* All of it, in pairs at least; most of it, in runs; or its stem. */
static bool
consists_of_steps(const char *text, size_t len)
{
	size_t start, end = stem_end(text, len);

	if (in_runs(text, len, step_run, 2) == len ||
	    in_runs(text, len, step_run, STEP_RUN_MIN) * 3 >= len * 2)
		return true;
	if (end == 0)
		return false;
	start = stem_start(text);
	return is_stem(end - start, len) &&
	    in_runs(text + start, end - start, step_run, STEP_RUN_MIN) ==
	    end - start;
}

const char *
password_flaw(const char *password)
{
	size_t len = strlen(password), unit = unit_length(password, len);

	if (count_characters(password, len) < PROTO_PASSWORD_MIN)
		return "has fewer than 12 characters";
	if (count_characters(password, unit) < PROTO_PASSWORD_MIN)
		return "repeats fewer than 12 characters";
	if (in_runs(password, len, key_run, KEY_RUN_MIN) * 2 >= len)
		return "runs along the keyboard";
	if (consists_of_steps(password, len))
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
	size_t len, start, end;

	memset(forms, 0, sizeof(*forms));
	len = strlen(password);
	add(forms, password, len);
	len = unit_length(password, len);
	add(forms, password, len);
	end = stem_end(password, len);
	if (!is_stem(end, len))
		return;
	add_stem(forms, password, end);
	start = stem_start(password);
	if (is_stem(end - start, len))
		add_stem(forms, password + start, end - start);
}
