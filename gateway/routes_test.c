/*
 * Tests of the route table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/metrics.h"
#include "gateway/routes.h"

static const char id_text[] = "0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a10";

/* The pattern's path with a real id in place of `:id`. */
static void
make_path(const char *pattern, char *path, size_t size)
{
	const char *colon = strchr(pattern, ':');

	if (colon == NULL)
		snprintf(path, size, "%s", pattern);
	else
		snprintf(path, size, "%.*s%s%s", (int)(colon - pattern),
		    pattern, id_text, colon + strlen(":id"));
}

static void
every_route_is_found_by_its_own_path(void **state)
{
	struct route_match match;
	char path[128];

	(void)state;
	for (size_t i = 0; i < routes_count; i++) {
		make_path(routes[i].path, path, sizeof(path));
		assert_int_equal(
		    routes_find(routes[i].method, path, &match), ROUTE_FOUND);
		assert_ptr_equal(match.route, &routes[i]);
		assert_int_equal(match.index, i);
	}
}

static void
every_route_has_a_message_of_its_kind(void **state)
{
	const struct proto_message_info *info;

	(void)state;
	assert_true(routes_count + METRICS_ROWS <= METRICS_ROUTES);
	for (size_t i = 0; i < routes_count; i++) {
		info = proto_message_find(routes[i].message);
		assert_non_null(info);
		if (routes[i].action == ROUTE_MESSAGE)
			assert_int_not_equal(info->service, PROTO_SERVICE_ANY);
		if (routes[i].status == 204)
			assert_ptr_equal(info->reply, &proto_empty);
	}
}

static void
the_id_of_the_path_is_given(void **state)
{
	struct route_match match;
	char path[128];
	char text[UUID_TEXT_MAX + 1];

	(void)state;
	make_path("/api/v1/api-keys/:id", path, sizeof(path));
	assert_int_equal(routes_find(ROUTE_DELETE, path, &match), ROUTE_FOUND);
	uuid_format(&match.id, text);
	assert_string_equal(text, id_text);
}

static void
an_id_that_is_no_uuid_is_not_found(void **state)
{
	static const char *const paths[] = {
		"/api/v1/api-keys/",
		"/api/v1/api-keys/1",
		"/api/v1/api-keys/0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a1",
		"/api/v1/api-keys/0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a100",
		"/api/v1/api-keys/0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a1x",
		"/api/v1/api-keys/0e8f7c1a-5b1d-4c4e-9b58-3f1d6d1f7a10/",
		"/api/v1/api-keys//rotate",
	};
	struct route_match match;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(
		    routes_find(ROUTE_PATCH, paths[i], &match), ROUTE_NO_PATH);
}

static void
a_path_that_is_not_listed_is_not_found(void **state)
{
	static const char *const paths[] = { "", "/", "/api", "/api/v2",
		"/api/v2/challenge", "/api/v2/challenges/",
		"/api/v2/challengesx", "/API/v2/challenges", "//healthz",
		"/healthz/..", "*" };
	struct route_match match;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(
		    routes_find(ROUTE_GET, paths[i], &match), ROUTE_NO_PATH);
}

static void
a_wrong_method_is_told_what_is_allowed(void **state)
{
	char allow[ROUTES_ALLOW_MAX];
	struct route_match match;

	(void)state;
	assert_int_equal(routes_find(ROUTE_PUT, "/api/v1/api-keys", &match),
	    ROUTE_NO_METHOD);
	routes_allow(match.methods, allow);
	assert_string_equal(allow, "GET, HEAD, POST, OPTIONS");
	assert_false(match.cors);
	assert_int_equal(routes_find(ROUTE_GET, "/api/v2/challenges", &match),
	    ROUTE_NO_METHOD);
	routes_allow(match.methods, allow);
	assert_string_equal(allow, "POST, OPTIONS");
	assert_true(match.cors);
}

static void
all_methods_fit_into_allow(void **state)
{
	char allow[ROUTES_ALLOW_MAX];

	(void)state;
	routes_allow(0x7f, allow);
	assert_string_equal(
	    allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
	routes_allow(0, allow);
	assert_string_equal(allow, "");
}

static void
head_is_answered_where_get_is(void **state)
{
	struct route_match match;

	(void)state;
	assert_int_equal(
	    routes_find(ROUTE_HEAD, "/healthz", &match), ROUTE_FOUND);
	assert_int_equal(match.route->action, ROUTE_HEALTH);
	assert_int_equal(routes_find(ROUTE_HEAD, "/api/v1/auth/login", &match),
	    ROUTE_NO_METHOD);
}

static void
only_pages_calls_have_cors_and_they_take_any_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_count; i++) {
		if ((routes[i].flags & ROUTE_CORS) != 0)
			assert_int_equal(routes[i].auth, ROUTE_KEY_ANY);
		else
			assert_int_not_equal(routes[i].auth, ROUTE_KEY_ANY);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_found_by_its_own_path),
		cmocka_unit_test(every_route_has_a_message_of_its_kind),
		cmocka_unit_test(the_id_of_the_path_is_given),
		cmocka_unit_test(an_id_that_is_no_uuid_is_not_found),
		cmocka_unit_test(a_path_that_is_not_listed_is_not_found),
		cmocka_unit_test(a_wrong_method_is_told_what_is_allowed),
		cmocka_unit_test(all_methods_fit_into_allow),
		cmocka_unit_test(head_is_answered_where_get_is),
		cmocka_unit_test(
		    only_pages_calls_have_cors_and_they_take_any_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
