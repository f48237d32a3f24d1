/*
 * Records as log lines. What is SECRET is not read, and nothing that a caller
 * sent can end the line or pass for another field.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/field.h"
#include "proto/proto.h"

/* Text that is written up to size - 1 bytes; cut once something did not fit. */
struct line {
	char *text;
	size_t size;
	size_t len;
	bool cut;
};

static void
line_add(struct line *line, const char *text, size_t len)
{
	size_t room = line->size - 1 - line->len;

	if (line->cut)
		return;
	if (len > room) {
		line->cut = true;
		len = room;
	}
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void
line_put(struct line *line, const char *text)
{
	line_add(line, text, strlen(text));
}

/* For what is known to be short: numbers, escapes. */
static void __attribute__((format(printf, 2, 3)))
line_printf(struct line *line, const char *format, ...)
{
	char text[64];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len > 0 && (size_t)len < sizeof(text))
		line_add(line, text, (size_t)len);
}

/* Ends a cut line with dots, without leaving half a character before them. */
static void
line_end(struct line *line)
{
	size_t dots = line->size - 1 < 3 ? line->size - 1 : 3;

	if (line->cut) {
		if (line->len > line->size - 1 - dots)
			line->len = line->size - 1 - dots;
		while (line->len > 0 &&
		    ((uint8_t)line->text[line->len] & 0xc0) == 0x80)
			line->len--;
		memset(line->text + line->len, '.', dots);
		line->len += dots;
	}
	line->text[line->len] = '\0';
}

/*
 * True for characters that a terminal or a reader of the line would act on:
 * C0, DEL and C1 controls, line and paragraph separators, and the marks that
 * turn the direction of text (Unicode, general categories Cc, Zl, Zp, Bidi_C).
 */
static bool
is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	    point == 0x061c || point == 0x200e || point == 0x200f ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069);
}

static uint32_t
code_point(const char *at, size_t len)
{
	static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (uint8_t)at[0] & masks[len];

	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((uint8_t)at[i] & 0x3f);
	return point;
}

static void
put_text(struct line *line, const char *text, size_t most)
{
	size_t len = strnlen(text, most);

	line_put(line, "\"");
	for (size_t at = 0; at < len && !line->cut;) {
		size_t step = proto_utf8_len(text + at, len - at);
		uint32_t point;

		if (step == 0) {
			line_printf(line, "\\x%02x", (uint8_t)text[at++]);
			continue;
		}
		point = code_point(text + at, step);
		if (is_control(point))
			line_printf(line, "\\u%04" PRIx32, point);
		else if (point == '"' || point == '\\')
			line_printf(line, "\\%c", (char)point);
		else
			line_add(line, text + at, step);
		at += step;
	}
	line_put(line, "\"");
}

static void
put_id(struct line *line, const struct uuid *id)
{
	char text[UUID_TEXT_MAX + 1];

	uuid_format(id, text);
	line_put(line, text);
}

static void put_record(
    struct line *line, const struct proto_record *record, const void *msg);

static void
put_object(
    struct line *line, const struct proto_record *record, const void *msg)
{
	line_put(line, "{");
	put_record(line, record, msg);
	line_put(line, "}");
}

/* Elements there may be: a struct that was not checked may claim more. */
static uint32_t
safe_count(const struct proto_field *field, const void *msg)
{
	uint32_t count = field_count(field, msg);

	return count > field->hi ? (uint32_t)field->hi : count;
}

static void
put_list(struct line *line, const struct proto_field *field, const void *msg)
{
	uint32_t count = safe_count(field, msg);

	line_put(line, "[");
	for (uint32_t i = 0; i < count && !line->cut; i++) {
		const void *element = field_element(field, msg, i);

		if (i > 0)
			line_put(line, ",");
		if (field->kind == PROTO_LIST)
			put_object(line, field->record, element);
		else if (field->kind == PROTO_INTS)
			line_printf(
			    line, "%" PRId64, *(const int64_t *)element);
		else if (field->kind == PROTO_IDS)
			put_id(line, element);
		else
			put_text(line, element, field->stride);
	}
	line_put(line, "]");
}

static void
put_bytes(struct line *line, const struct proto_field *field, const void *msg)
{
	const uint8_t *bytes = field_value(field, msg);
	uint32_t len = safe_count(field, msg);

	for (uint32_t i = 0; i < len && !line->cut; i++)
		line_printf(line, "%02x", bytes[i]);
}

static void
put_enum(struct line *line, const struct proto_enum *names, uint8_t value)
{
	const char *text = proto_enum_text(names, value);

	if (text != NULL)
		line_put(line, text);
	else
		line_printf(line, "%u", (unsigned)value);
}

static void
put_value(struct line *line, const struct proto_field *field, const void *msg)
{
	const void *value = field_value(field, msg);

	switch (field->kind) {
	case PROTO_BOOL:
		line_put(line, field_bool(field, msg) ? "true" : "false");
		break;
	case PROTO_INT:
		line_printf(line, "%" PRId64, *(const int64_t *)value);
		break;
	case PROTO_F64:
		line_printf(line, "%.15g", *(const double *)value);
		break;
	case PROTO_STR:
		put_text(line, value, (size_t)field->hi + 1);
		break;
	case PROTO_ID:
		put_id(line, value);
		break;
	case PROTO_BYTES:
		put_bytes(line, field, msg);
		break;
	case PROTO_ENUM:
		put_enum(line, field->names, *(const uint8_t *)value);
		break;
	case PROTO_OBJ:
		put_object(line, field->record, value);
		break;
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		put_list(line, field, msg);
		break;
	}
}

static void
put_record(
    struct line *line, const struct proto_record *record, const void *msg)
{
	const char *space = "";

	for (size_t i = 0; i < record->count && !line->cut; i++) {
		const struct proto_field *field = &record->fields[i];

		if (!field_present(field, i, msg))
			continue;
		line_put(line, space);
		line_put(line, field->name);
		line_put(line, "=");
		if ((field->flags & PROTO_FLAG_SECRET) != 0)
			line_put(line, "[secret]");
		else
			put_value(line, field, msg);
		space = " ";
	}
}

void
proto_format(
    const struct proto_record *record, const void *msg, char *text, size_t size)
{
	struct line line = { .text = text, .size = size };

	if (size == 0)
		return;
	put_record(&line, record, msg);
	line_end(&line);
}
