/*
 * Prints as JSON what the tables of the API say: the routes with who may call
 * them, the records that they take and give, the enumerations and the errors.
 * The build renders the reference of the API from it (gateway/web/build), so
 * that no list of fields is kept twice.
 *
 *   describe > tables.json
 */
#include <inttypes.h>
#include <stdio.h>

#include "gateway/routes.h"

/* What stands between the elements of a list; nothing before the first. */
static void
separate(bool *first)
{
	if (!*first)
		putchar(',');
	*first = false;
}

/* The tables hold plain ASCII: only what JSON itself means is escaped. */
static void
put_string(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void
put_member(const char *name, const char *text)
{
	put_string(name);
	putchar(':');
	put_string(text);
}

struct flag {
	unsigned bit;
	const char *name;
};

/* The names of the bits that are set. */
static void
put_flags(unsigned bits, const struct flag *flags, size_t count)
{
	bool first = true;

	printf("\"flags\":[");
	for (size_t i = 0; i < count; i++) {
		if ((bits & flags[i].bit) == 0)
			continue;
		separate(&first);
		put_string(flags[i].name);
	}
	putchar(']');
}

/* -------- routes -------- */

static const struct flag route_flags[] = {
	{ ROUTE_CORS, "cors" },
	{ ROUTE_FORM, "form" },
	{ ROUTE_LEGACY, "legacy" },
	{ ROUTE_ACCOUNT, "account" },
	{ ROUTE_QUERY, "query" },
	{ ROUTE_PASSWORD, "password" },
	{ ROUTE_COOKIE, "cookie" },
};

static const char *
auth_name(enum route_auth auth)
{
	switch (auth) {
	case ROUTE_PUBLIC:
		return "public";
	case ROUTE_KEY_ANY:
		return "key";
	case ROUTE_KEY_SECRET:
		return "secret-key";
	case ROUTE_JWT:
		return "session";
	}
	return "";
}

/* Pages get their token as a cookie: handle.c leaves it out of the body. */
static const struct proto_record *
reply_of(const struct route *route, const struct proto_message_info *info)
{
	if ((route->flags & ROUTE_COOKIE) != 0 &&
	    info->reply == &proto_auth_session)
		return &proto_page_session;
	return info->reply;
}

static void
put_route(const struct route *route)
{
	const struct proto_message_info *info;
	char method[ROUTES_ALLOW_MAX];

	routes_allow(1u << route->method, method);
	putchar('{');
	put_member("method", method);
	putchar(',');
	put_member("path", route->path);
	putchar(',');
	put_member("auth", auth_name(route->auth));
	printf(",\"status\":%d,", route->status);
	info = proto_message_find(route->message);
	if (route->action == ROUTE_MESSAGE && info != NULL) {
		put_member("message", info->name);
		putchar(',');
		put_member("request", info->request->name);
		putchar(',');
		put_member("reply", reply_of(route, info)->name);
		putchar(',');
	}
	put_flags(route->flags, route_flags,
	    sizeof(route_flags) / sizeof(route_flags[0]));
	putchar('}');
}

static void
put_routes(void)
{
	bool first = true;

	printf("\"routes\":[");
	for (size_t i = 0; i < routes_count; i++) {
		separate(&first);
		put_route(&routes[i]);
	}
	printf("]");
}

/* -------- records -------- */

static const struct flag field_flags[] = {
	{ PROTO_FLAG_OPT, "optional" },
	{ PROTO_FLAG_SECRET, "secret" },
	{ PROTO_FLAG_HIDDEN, "hidden" },
	{ PROTO_FLAG_PATH, "path" },
	{ PROTO_FLAG_NULLED, "null" },
	{ PROTO_FLAG_NUMERIC, "numeric" },
};

static const char *
kind_name(enum proto_kind kind)
{
	switch (kind) {
	case PROTO_BOOL:
		return "bool";
	case PROTO_INT:
		return "int";
	case PROTO_F64:
		return "f64";
	case PROTO_STR:
		return "str";
	case PROTO_ID:
		return "id";
	case PROTO_BYTES:
		return "bytes";
	case PROTO_ENUM:
		return "enum";
	case PROTO_OBJ:
		return "obj";
	case PROTO_LIST:
		return "list";
	case PROTO_INTS:
		return "ints";
	case PROTO_IDS:
		return "ids";
	case PROTO_STRS:
		return "strs";
	}
	return "";
}

static void
put_field(const struct proto_field *field)
{
	putchar('{');
	put_member("name", field->name);
	putchar(',');
	put_member("kind", kind_name(field->kind));
	printf(",\"lo\":%" PRId64 ",\"hi\":%" PRId64 ",", field->lo, field->hi);
	/* An element ends in a NUL, which the bound does not count. */
	if (field->kind == PROTO_STRS)
		printf("\"each\":%zu,", field->stride - 1);
	if (field->record != NULL) {
		put_member("record", field->record->name);
		putchar(',');
	}
	if (field->names != NULL) {
		put_member("enum", field->names->name);
		putchar(',');
	}
	put_flags(field->flags, field_flags,
	    sizeof(field_flags) / sizeof(field_flags[0]));
	putchar('}');
}

static void
put_records(void)
{
	const struct proto_record *record;
	bool first = true, first_field;

	printf("\"records\":{");
	for (size_t i = 0; i < proto_records_count; i++) {
		record = proto_records[i];
		separate(&first);
		put_string(record->name);
		printf(":[");
		first_field = true;
		for (size_t j = 0; j < record->count; j++) {
			separate(&first_field);
			put_field(&record->fields[j]);
		}
		putchar(']');
	}
	putchar('}');
}

/* -------- enumerations and errors -------- */

#define ENUM_POINTER(name) &proto_enum_##name,
static const struct proto_enum *const enums[] = { PROTO_ENUMS(ENUM_POINTER) };

static void
put_enums(void)
{
	bool first = true, first_name;

	printf("\"enums\":{");
	for (size_t i = 0; i < sizeof(enums) / sizeof(enums[0]); i++) {
		separate(&first);
		put_string(enums[i]->name);
		printf(":[");
		first_name = true;
		for (size_t j = 0; j < enums[i]->count; j++) {
			separate(&first_name);
			put_string(enums[i]->names[j].text);
		}
		putchar(']');
	}
	putchar('}');
}

static const enum proto_error errors[] = {
#define ERROR(NAME, number, code, status, title) PROTO_ERROR_##NAME,
#include "proto/errors.def"
#undef ERROR
};

static void
put_errors(void)
{
	const struct proto_error_info *info;
	bool first = true;

	printf("\"errors\":[");
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		info = proto_error_find((int64_t)errors[i]);
		separate(&first);
		putchar('{');
		put_member("code", info->code);
		printf(",\"status\":%d,", info->status);
		put_member("title", info->title);
		putchar('}');
	}
	putchar(']');
}

int
main(void)
{
	putchar('{');
	put_routes();
	putchar(',');
	put_records();
	putchar(',');
	put_enums();
	putchar(',');
	put_errors();
	puts("}");
	/* A build must not go on with half of it. */
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
