/*
 * What is legal in HTTP but beyond Kore 4.1, put in words that it reads:
 *
 * - a field with an empty value is refused by Kore: it is left out;
 * - spaces behind a value stay part of it: they are left out;
 * - a tab inside a value, or a byte over 0x7f, is refused: a space, or a
 *   question mark, takes its place (no field that we read may have either);
 * - a field whose name begins with "host" is taken for Host: it is left out;
 * - `Connection: keep-alive, close`, or a second Connection, is not understood:
 *   one plain close is left;
 * - of more than 22 fields Kore forgets the last: when there are more than
 *   GATE_FIELDS_MAX, those that nobody reads are left out;
 * - a POST, PUT or PATCH without a Content-Length is refused: its body is empty
 *   (RFC 9112, 6.3), and that is said.
 */
#include <string.h>

#include "gateway/gate.h"
#include "gateway/gate_text.h"

/* The head is rewritten from left to right, never past what was read. */
struct rewriter {
	unsigned char *out;
	size_t len;
	bool close_written;
	bool has_length;
	bool only_read; /* fields that nobody reads are left out */
};

static void
emit(struct rewriter *to, const void *bytes, size_t len)
{
	memmove(to->out + to->len, bytes, len);
	to->len += len;
}

static void
emit_value(struct rewriter *to, struct gate_text value)
{
	unsigned char *start = to->out + to->len;

	emit(to, value.at, value.len);
	for (size_t i = 0; i < value.len; i++) {
		if (start[i] == '\t')
			start[i] = ' ';
		else if (start[i] > 0x7f)
			start[i] = '?';
	}
}

/* True when the field is left as it is, apart from its spaces. */
static bool
is_kept(struct rewriter *to, struct gate_text name, struct gate_text value)
{
	switch (gate_field_find(name)) {
	case GATE_FIELD_HOSTLIKE:
		return false;
	case GATE_FIELD_CONNECTION:
		if (!to->close_written && gate_list_has(value, "close")) {
			emit(to, "Connection:close\r\n", 18);
			to->close_written = true;
		}
		return false;
	case GATE_FIELD_LENGTH:
		to->has_length = true;
		return true;
	case GATE_FIELD_OTHER:
		if (to->only_read && gate_field_unread(name))
			return false;
		break;
	case GATE_FIELD_HOST:
	case GATE_FIELD_ENCODING:
	case GATE_FIELD_EXPECT:
	case GATE_FIELD_KEY:
	case GATE_FIELD_AUTHORIZATION:
	case GATE_FIELD_ORIGIN:
	case GATE_FIELD_SITE:
	case GATE_FIELD_COOKIE:
		break;
	}
	return value.len > 0;
}

static void
rewrite_field(struct rewriter *to, struct gate_text line)
{
	struct gate_text name = gate_text_until(&line, ':');
	struct gate_text value = gate_text_trim(line);

	if (!is_kept(to, name, value))
		return;
	emit(to, name.at, name.len);
	emit(to, ":", 1);
	emit_value(to, value);
	emit(to, "\r\n", 2);
}

/* The lines of a head, without the first and the empty one. */
static size_t
count_fields(struct gate_text head)
{
	size_t lines = 0;

	while (head.len > 0) {
		(void)gate_text_until(&head, '\n');
		lines++;
	}
	return lines - 2;
}

size_t
gate_rewrite(unsigned char *bytes, size_t head_len)
{
	struct gate_text rest = { bytes, head_len };
	struct gate_text line = gate_text_until(&rest, '\n');
	struct gate_text words = line;
	struct rewriter to = { .out = bytes,
		.len = line.len + 1,
		.only_read = count_fields((struct gate_text){
				 bytes, head_len }) > GATE_FIELDS_MAX };
	const struct gate_method *method = gate_method_find(
	    gate_text_until(&words, ' '));

	while (rest.len > 0) {
		line = gate_text_until(&rest, '\n');
		if (line.len <= 1)
			break;
		line.len--;
		rewrite_field(&to, line);
	}
	if (method != NULL && method->has_body && !to.has_length)
		emit(&to, "Content-Length:0\r\n", 18);
	emit(&to, "\r\n", 2);
	return to.len;
}
