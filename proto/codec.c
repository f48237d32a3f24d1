/*
 * Records and frames as msgpack bytes.
 *
 * Received bytes are first walked without keeping anything (walk_value), so
 * that msgpack-c only ever unpacks what is wholly there, no deeper than
 * PROTO_DEPTH_MAX, into one allocation of a size known before: it would
 * otherwise reserve what a declared count asks for.
 */
#include "proto/codec.h"

#include <msgpack.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "proto/field.h"

#define LENGTH_BYTES 4 /* of a frame's length */
#define HEADER_ITEMS 6

/* -------- bytes that grow -------- */

void
proto_buf_free(struct proto_buf *buf)
{
	if (buf->data != NULL) {
		sodium_memzero(buf->data, buf->size);
		free(buf->data);
	}
	*buf = (struct proto_buf){ 0 };
}

/*
 * Makes room for more bytes. Not by realloc: what it leaves behind when it
 * moves may be a password.
 */
int
proto_buf_reserve(struct proto_buf *buf, size_t more)
{
	size_t size = buf->size == 0 ? 512 : buf->size;
	uint8_t *data = NULL;

	if (more <= buf->size - buf->len)
		return 0;
	while (size - buf->len < more) {
		if (size > SIZE_MAX / 2)
			return -1;
		size *= 2;
	}
	data = malloc(size);
	if (data == NULL)
		return -1;
	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->len);
		sodium_memzero(buf->data, buf->size);
		free(buf->data);
	}
	buf->data = data;
	buf->size = size;
	return 0;
}

/* -------- encoding -------- */

/* Where a packer writes, and the length of buf that it may not pass. */
struct writer {
	struct proto_buf *buf;
	size_t limit;
};

static int
writer_append(void *arg, const char *bytes, size_t len)
{
	struct writer *writer = arg;
	struct proto_buf *buf = writer->buf;

	if (len > writer->limit - buf->len || proto_buf_reserve(buf, len) != 0)
		return -1;
	if (len > 0)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	return 0;
}

static int pack_record(
    msgpack_packer *packer, const struct proto_record *record, const void *msg);

static int
pack_bool(msgpack_packer *packer, bool value)
{
	return value ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
}

static int
pack_text(msgpack_packer *packer, const char *text)
{
	return msgpack_pack_str_with_body(packer, text, strlen(text));
}

static int
pack_id(msgpack_packer *packer, const struct uuid *id)
{
	return msgpack_pack_bin_with_body(packer, id->bytes, UUID_BYTES);
}

static int
pack_list(
    msgpack_packer *packer, const struct proto_field *field, const void *msg)
{
	uint32_t count = field_count(field, msg);
	int result = msgpack_pack_array(packer, count);

	for (uint32_t i = 0; result == 0 && i < count; i++) {
		const void *element = field_element(field, msg, i);

		if (field->kind == PROTO_LIST)
			result = pack_record(packer, field->record, element);
		else if (field->kind == PROTO_INTS)
			result = msgpack_pack_int64(
			    packer, *(const int64_t *)element);
		else if (field->kind == PROTO_IDS)
			result = pack_id(packer, element);
		else
			result = pack_text(packer, element);
	}
	return result;
}

static int
pack_field(
    msgpack_packer *packer, const struct proto_field *field, const void *msg)
{
	const void *value = field_value(field, msg);

	switch (field->kind) {
	case PROTO_BOOL:
		return pack_bool(packer, *(const bool *)value);
	case PROTO_INT:
		return msgpack_pack_int64(packer, *(const int64_t *)value);
	case PROTO_F64:
		return msgpack_pack_double(packer, *(const double *)value);
	case PROTO_STR:
		return pack_text(packer, value);
	case PROTO_ID:
		return pack_id(packer, value);
	case PROTO_BYTES:
		return msgpack_pack_bin_with_body(
		    packer, value, field_count(field, msg));
	case PROTO_ENUM:
		return msgpack_pack_uint8(packer, *(const uint8_t *)value);
	case PROTO_OBJ:
		return pack_record(packer, field->record, value);
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return pack_list(packer, field, msg);
	}
	return -1;
}

static int
pack_record(
    msgpack_packer *packer, const struct proto_record *record, const void *msg)
{
	int result = msgpack_pack_array(packer, record->count);

	for (size_t i = 0; result == 0 && i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if (field_present(field, i, msg))
			result = pack_field(packer, field, msg);
		else
			result = msgpack_pack_nil(packer);
	}
	return result;
}

static int
pack_header(msgpack_packer *packer, const struct proto_header *header)
{
	if (msgpack_pack_array(packer, HEADER_ITEMS) != 0 ||
	    msgpack_pack_uint8(packer, PROTO_VERSION) != 0 ||
	    msgpack_pack_uint8(packer, (uint8_t)header->kind) != 0 ||
	    msgpack_pack_uint64(packer, header->message) != 0 ||
	    msgpack_pack_uint64(packer, header->correlation) != 0 ||
	    msgpack_pack_uint32(packer, header->deadline_ms) != 0)
		return -1;
	return pack_id(packer, &header->trace);
}

int
proto_encode(
    struct proto_buf *buf, const struct proto_record *record, const void *msg)
{
	struct writer writer = { buf, buf->len + PROTO_FRAME_MAX };
	size_t start = buf->len;
	msgpack_packer packer;

	if (proto_check(record, msg) != NULL)
		return -1;
	msgpack_packer_init(&packer, &writer, writer_append);
	if (pack_record(&packer, record, msg) != 0) {
		buf->len = start;
		return -1;
	}
	return 0;
}

static void
put_length(uint8_t bytes[LENGTH_BYTES], size_t length)
{
	bytes[0] = (uint8_t)(length >> 24);
	bytes[1] = (uint8_t)(length >> 16);
	bytes[2] = (uint8_t)(length >> 8);
	bytes[3] = (uint8_t)length;
}

static size_t
get_length(const uint8_t bytes[LENGTH_BYTES])
{
	return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 |
	    (size_t)bytes[2] << 8 | bytes[3];
}

/* A frame around msg, or around the given body when record is NULL. */
static int
append_frame(struct proto_buf *buf, const struct proto_header *header,
    const struct proto_record *record, const void *msg, size_t len)
{
	struct writer writer = { buf, buf->len + PROTO_FRAME_MAX };
	size_t start = buf->len;
	uint8_t length[LENGTH_BYTES] = { 0 };
	msgpack_packer packer;
	int result;

	msgpack_packer_init(&packer, &writer, writer_append);
	result = writer_append(&writer, (const char *)length, sizeof(length));
	if (result == 0)
		result = pack_header(&packer, header);
	if (result == 0 && record != NULL)
		result = pack_record(&packer, record, msg);
	if (result == 0 && record == NULL)
		result = writer_append(&writer, msg, len);
	if (result != 0) {
		buf->len = start;
		return -1;
	}
	put_length(buf->data + start, buf->len - start - LENGTH_BYTES);
	return 0;
}

int
proto_frame_append(struct proto_buf *buf, const struct proto_header *header,
    const struct proto_record *record, const void *msg)
{
	if (proto_check(record, msg) != NULL)
		return -1;
	return append_frame(buf, header, record, msg, 0);
}

int
proto_frame_append_raw(struct proto_buf *buf, const struct proto_header *header,
    const uint8_t *body, size_t len)
{
	return append_frame(buf, header, NULL, body, len);
}

/* -------- the walk before unpacking -------- */

enum walk_kind {
	WALK_NONE, /* the byte that msgpack never uses */
	WALK_DATA, /* bytes follow */
	WALK_ARRAY,
	WALK_MAP,
};

/* What follows a first byte of 0xc0 to 0xdf. */
static const struct {
	uint8_t kind;
	uint8_t declared; /* bytes of a length or count */
	uint8_t fixed;	  /* bytes of data besides the declared ones */
} walk_tags[] = {
	{ WALK_DATA, 0, 0 },  /* c0 nil */
	{ WALK_NONE, 0, 0 },  /* c1 */
	{ WALK_DATA, 0, 0 },  /* c2 false */
	{ WALK_DATA, 0, 0 },  /* c3 true */
	{ WALK_DATA, 1, 0 },  /* c4 bin 8 */
	{ WALK_DATA, 2, 0 },  /* c5 bin 16 */
	{ WALK_DATA, 4, 0 },  /* c6 bin 32 */
	{ WALK_DATA, 1, 1 },  /* c7 ext 8 */
	{ WALK_DATA, 2, 1 },  /* c8 ext 16 */
	{ WALK_DATA, 4, 1 },  /* c9 ext 32 */
	{ WALK_DATA, 0, 4 },  /* ca float 32 */
	{ WALK_DATA, 0, 8 },  /* cb float 64 */
	{ WALK_DATA, 0, 1 },  /* cc uint 8 */
	{ WALK_DATA, 0, 2 },  /* cd uint 16 */
	{ WALK_DATA, 0, 4 },  /* ce uint 32 */
	{ WALK_DATA, 0, 8 },  /* cf uint 64 */
	{ WALK_DATA, 0, 1 },  /* d0 int 8 */
	{ WALK_DATA, 0, 2 },  /* d1 int 16 */
	{ WALK_DATA, 0, 4 },  /* d2 int 32 */
	{ WALK_DATA, 0, 8 },  /* d3 int 64 */
	{ WALK_DATA, 0, 2 },  /* d4 fixext 1 */
	{ WALK_DATA, 0, 3 },  /* d5 fixext 2 */
	{ WALK_DATA, 0, 5 },  /* d6 fixext 4 */
	{ WALK_DATA, 0, 9 },  /* d7 fixext 8 */
	{ WALK_DATA, 0, 17 }, /* d8 fixext 16 */
	{ WALK_DATA, 1, 0 },  /* d9 str 8 */
	{ WALK_DATA, 2, 0 },  /* da str 16 */
	{ WALK_DATA, 4, 0 },  /* db str 32 */
	{ WALK_ARRAY, 2, 0 }, /* dc array 16 */
	{ WALK_ARRAY, 4, 0 }, /* dd array 32 */
	{ WALK_MAP, 2, 0 },   /* de map 16 */
	{ WALK_MAP, 4, 0 },   /* df map 32 */
};

/* One value's first bytes: what it is and what it asks for. */
struct walk_tag {
	unsigned kind;
	uint64_t data;	/* bytes that belong to it */
	uint64_t items; /* values that belong to it */
};

/* Reads the tag at *at and moves past it; false when it is not whole. */
static inline bool
walk_tag(struct walk_tag *tag, const uint8_t **at, const uint8_t *end)
{
	uint8_t first = *(*at)++;
	uint64_t declared = 0;

	*tag = (struct walk_tag){ WALK_DATA, 0, 0 };
	if (first < 0x80 || first >= 0xe0)
		return true;
	if (first < 0xa0) {
		tag->kind = first < 0x90 ? WALK_MAP : WALK_ARRAY;
		declared = first & 0x0f;
	} else if (first < 0xc0) {
		tag->data = first & 0x1f;
		return true;
	} else {
		tag->kind = walk_tags[first - 0xc0].kind;
		tag->data = walk_tags[first - 0xc0].fixed;
		if (walk_tags[first - 0xc0].declared > end - *at)
			return false;
		for (int i = walk_tags[first - 0xc0].declared; i > 0; i--)
			declared = declared << 8 | *(*at)++;
	}
	if (tag->kind == WALK_DATA)
		tag->data += declared;
	else
		tag->items = tag->kind == WALK_MAP ? declared * 2 : declared;
	return tag->kind != WALK_NONE;
}

/*
 * Bytes of the value at the start of data, or 0 when it is not whole, nests
 * deeper than PROTO_DEPTH_MAX, or declares more than the bytes that are left
 * can hold (a value takes at least one). *memory becomes what msgpack-c will
 * allocate for it: an object for each value in an array; a map's pair of
 * objects is no larger than two of them.
 */
static size_t
walk_value(const uint8_t *data, size_t len, size_t *memory)
{
	const uint8_t *at = data, *end = data + len;
	uint64_t left[PROTO_DEPTH_MAX]; /* values to come, by level */
	uint64_t promised = 1;		/* values to come, all levels */
	uint64_t items = 0;
	unsigned depth = 0;

	while (promised > 0) {
		struct walk_tag tag;

		if (at == end || !walk_tag(&tag, &at, end))
			return 0;
		promised += tag.items - 1;
		if (tag.data + promised > (uint64_t)(end - at))
			return 0;
		at += tag.data;
		items += tag.items;
		if (tag.kind != WALK_DATA) {
			if (depth == PROTO_DEPTH_MAX)
				return 0;
			left[depth++] = tag.items + 1;
		}
		while (depth > 0 && --left[depth - 1] == 0)
			depth--;
	}
	*memory = items * sizeof(msgpack_object);
	return (size_t)(at - data);
}

_Static_assert(sizeof(msgpack_object_kv) <= 2 * sizeof(msgpack_object),
    "a map's memory is reckoned as that of an array of twice its size");

/*
 * Unpacks the one value that is all of data; zone is to be destroyed when 0
 * is returned.
 */
static int
unpack(msgpack_object *value, msgpack_zone *zone, const uint8_t *data,
    size_t len, size_t memory)
{
	size_t offset = 0;

	/* One pointer's size more: a chunk of none is not asked for. */
	if (!msgpack_zone_init(zone, memory + sizeof(void *)))
		return -1;
	if (msgpack_unpack((const char *)data, len, &offset, zone, value) !=
	    MSGPACK_UNPACK_SUCCESS) {
		msgpack_zone_destroy(zone);
		return -1;
	}
	return 0;
}

/* -------- decoding -------- */

static const char *read_record(const struct proto_record *record, void *msg,
    const msgpack_object_array *array);

static bool
read_int(int64_t *number, const msgpack_object *value)
{
	if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER) {
		*number = (int64_t)value->via.u64;
		return value->via.u64 <= INT64_MAX;
	}
	*number = value->via.i64;
	return value->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;
}

static bool
read_text(char *text, const msgpack_object *value, uint64_t lo, uint64_t hi)
{
	if (value->type != MSGPACK_OBJECT_STR || value->via.str.size < lo ||
	    value->via.str.size > hi ||
	    !proto_text_valid(value->via.str.ptr, value->via.str.size))
		return false;
	/* msgpack-c points at nothing for an empty one. */
	if (value->via.str.size > 0)
		memcpy(text, value->via.str.ptr, value->via.str.size);
	text[value->via.str.size] = '\0';
	return true;
}

static bool
read_id(struct uuid *id, const msgpack_object *value)
{
	if (value->type != MSGPACK_OBJECT_BIN ||
	    value->via.bin.size != UUID_BYTES)
		return false;
	memcpy(id->bytes, value->via.bin.ptr, UUID_BYTES);
	return true;
}

static bool
read_bytes(
    const struct proto_field *field, void *msg, const msgpack_object *value)
{
	const msgpack_object_bin *bin = &value->via.bin;

	if (value->type != MSGPACK_OBJECT_BIN || bin->size < field->lo ||
	    bin->size > field->hi)
		return false;
	if (bin->size > 0)
		memcpy(field_value_mut(field, msg), bin->ptr, bin->size);
	field_set_count(field, msg, bin->size);
	return true;
}

static const char *
read_object(
    const struct proto_field *field, void *msg, const msgpack_object *value)
{
	if (value->type != MSGPACK_OBJECT_ARRAY)
		return field->name;
	return read_record(field->record, msg, &value->via.array);
}

static const char *
read_list(
    const struct proto_field *field, void *msg, const msgpack_object *value)
{
	const msgpack_object_array *array = &value->via.array;

	if (value->type != MSGPACK_OBJECT_ARRAY || array->size < field->lo ||
	    array->size > field->hi)
		return field->name;
	for (uint32_t i = 0; i < array->size; i++) {
		void *element = field_element_mut(field, msg, i);
		const char *wrong = NULL;
		bool good = true;

		if (field->kind == PROTO_LIST)
			wrong = read_object(field, element, &array->ptr[i]);
		else if (field->kind == PROTO_INTS)
			good = read_int(element, &array->ptr[i]);
		else if (field->kind == PROTO_IDS)
			good = read_id(element, &array->ptr[i]);
		else
			good = read_text(
			    element, &array->ptr[i], 0, field->stride - 1);
		if (wrong != NULL || !good)
			return wrong != NULL ? wrong : field->name;
	}
	field_set_count(field, msg, array->size);
	return NULL;
}

static const char *
read_field(
    const struct proto_field *field, void *msg, const msgpack_object *value)
{
	void *to = field_value_mut(field, msg);
	bool good = false;

	switch (field->kind) {
	case PROTO_BOOL:
		good = value->type == MSGPACK_OBJECT_BOOLEAN;
		*(bool *)to = good && value->via.boolean;
		break;
	case PROTO_INT:
		good = read_int(to, value) &&
		    *(const int64_t *)to >= field->lo &&
		    *(const int64_t *)to <= field->hi;
		break;
	case PROTO_F64:
		good = value->type == MSGPACK_OBJECT_FLOAT64 &&
		    value->via.f64 >= (double)field->lo &&
		    value->via.f64 <= (double)field->hi;
		if (good)
			*(double *)to = value->via.f64;
		break;
	case PROTO_STR:
		good = read_text(
		    to, value, (uint64_t)field->lo, (uint64_t)field->hi);
		break;
	case PROTO_ID:
		good = read_id(to, value);
		break;
	case PROTO_BYTES:
		good = read_bytes(field, msg, value);
		break;
	case PROTO_ENUM:
		good = value->type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
		    proto_enum_known(field->names, value->via.u64);
		if (good)
			*(uint8_t *)to = (uint8_t)value->via.u64;
		break;
	case PROTO_OBJ:
		return read_object(field, to, value);
	case PROTO_LIST:
	case PROTO_INTS:
	case PROTO_IDS:
	case PROTO_STRS:
		return read_list(field, msg, value);
	}
	return good ? NULL : field->name;
}

static const char *
read_record(const struct proto_record *record, void *msg,
    const msgpack_object_array *array)
{
	const char *wrong;

	for (size_t i = 0; i < record->count; i++) {
		const struct proto_field *field = &record->fields[i];

		if (i >= array->size ||
		    array->ptr[i].type == MSGPACK_OBJECT_NIL) {
			if ((field->flags & PROTO_FLAG_OPT) == 0)
				return field->name;
			continue;
		}
		wrong = read_field(field, msg, &array->ptr[i]);
		if (wrong != NULL)
			return wrong;
		field_set_present(msg, i);
	}
	return NULL;
}

const char *
proto_decode(const struct proto_record *record, void *msg, const uint8_t *data,
    size_t len)
{
	const char *wrong;
	msgpack_object value;
	msgpack_zone zone;
	size_t memory, size;

	memset(msg, 0, record->size);
	if (len > PROTO_FRAME_MAX)
		return "too long";
	size = walk_value(data, len, &memory);
	if (size == 0)
		return "malformed";
	if (size != len)
		return "trailing bytes";
	if (unpack(&value, &zone, data, len, memory) != 0)
		return "cannot be unpacked";
	if (value.type == MSGPACK_OBJECT_ARRAY)
		wrong = read_record(record, msg, &value.via.array);
	else
		wrong = "not an array";
	msgpack_zone_destroy(&zone);
	/* Half a record is worse than none: it may look like a whole one. */
	if (wrong != NULL)
		proto_wipe(record, msg);
	return wrong;
}

/* -------- frames -------- */

static bool
read_bounded(uint64_t *number, const msgpack_object *value, uint64_t hi)
{
	*number = value->via.u64;
	return value->type == MSGPACK_OBJECT_POSITIVE_INTEGER && *number <= hi;
}

static bool
read_header(struct proto_header *header, const msgpack_object *value)
{
	const msgpack_object *item;
	uint64_t version, kind, deadline;

	if (value->type != MSGPACK_OBJECT_ARRAY ||
	    value->via.array.size != HEADER_ITEMS)
		return false;
	item = value->via.array.ptr;
	if (!read_bounded(&version, &item[0], PROTO_VERSION) ||
	    version != PROTO_VERSION ||
	    !read_bounded(&kind, &item[1], PROTO_FRAME_FAILURE) ||
	    !read_bounded(&header->message, &item[2], UINT64_MAX) ||
	    !read_bounded(&header->correlation, &item[3], UINT64_MAX) ||
	    !read_bounded(&deadline, &item[4], UINT32_MAX) ||
	    !read_id(&header->trace, &item[5]))
		return false;
	header->kind = (enum proto_frame_kind)kind;
	header->deadline_ms = (uint32_t)deadline;
	return true;
}

int
proto_frame_next(struct proto_frame *frame, const uint8_t **data, size_t *len)
{
	const uint8_t *start;
	struct proto_frame found;
	msgpack_object value;
	msgpack_zone zone;
	size_t length, memory, size;
	bool good;

	if (*len == 0)
		return 0;
	if (*len < LENGTH_BYTES)
		return -1;
	length = get_length(*data);
	start = *data + LENGTH_BYTES;
	if (length > *len - LENGTH_BYTES ||
	    length > PROTO_FRAME_MAX - LENGTH_BYTES)
		return -1;
	size = walk_value(start, length, &memory);
	if (size == 0 || unpack(&value, &zone, start, size, memory) != 0)
		return -1;
	good = read_header(&found.header, &value);
	msgpack_zone_destroy(&zone);
	if (!good)
		return -1;
	found.body = start + size;
	found.body_len = length - size;
	*frame = found;
	*data = found.body + found.body_len;
	*len -= LENGTH_BYTES + length;
	return 1;
}
