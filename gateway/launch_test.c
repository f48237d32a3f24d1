/*
 * Tests of what the program gateway hands to Kore.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/launch.h"

static void
addresses_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *host, *port, *path;
	} cases[] = {
		{ "127.0.0.1:8080", "127.0.0.1", "8080", "" },
		{ "localhost:1", "localhost", "1", "" },
		{ "[::1]:65535", "::1", "65535", "" },
		{ "[fe80::1%eth0]:80", "fe80::1%eth0", "80", "" },
		{ "unix:/run/gate.sock", "", "", "/run/gate.sock" },
		{ "unix:var/a:80", "", "", "var/a:80" },
	};
	struct launch_listen listen;
	char error[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(launch_listen_parse(cases[i].text, &listen,
				     error, sizeof(error)),
		    0);
		assert_int_equal(listen.local, cases[i].path[0] != '\0');
		assert_string_equal(listen.host, cases[i].host);
		assert_string_equal(listen.port, cases[i].port);
		assert_string_equal(listen.path, cases[i].path);
	}
}

static void
bad_addresses_are_refused_by_name(void **state)
{
	static const char *const cases[] = { "", ":", ":80", "8080",
		"127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
		"127.0.0.1:99999999999", "127.0.0.1:+80", "127.0.0.1:80 ",
		"127.0.0.1:8o", "::1:80", "[::1]80", "[]:80", "[::1:80",
		"a b:80", "a\n:80", "a{:80", "unix:", "unix:/a b", "unix:/a\n",
		"http://a:80" };
	char long_path[200] = "unix:/", error[200];
	struct launch_listen listen;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		error[0] = '\0';
		if (launch_listen_parse(
			cases[i], &listen, error, sizeof(error)) != -1)
			fail_msg("taken: %s", cases[i]);
		assert_non_null(strstr(error, "http_listen"));
	}
	memset(long_path + 6, 'p', 120);
	assert_int_equal(
	    launch_listen_parse(long_path, &listen, error, sizeof(error)), -1);
}

static void
configuration_loads_the_module_before_it_binds(void **state)
{
	struct launch_options options = { .module = "/lib/gateway.so",
		.pidfile = "/var/a b/run/gateway.pid",
		.workers = 3,
		.files = 1000 };
	char text[LAUNCH_CONFIG_MAX], error[200];
	const char *load = NULL, *bind = NULL;
	int len;

	(void)state;
	assert_int_equal(launch_listen_parse("[::1]:8080", &options.listen,
			     error, sizeof(error)),
	    0);
	len = launch_format(&options, text, sizeof(text), error, sizeof(error));
	assert_int_equal(len, strlen(text));
	load = strstr(text, "load /lib/gateway.so\n");
	bind = strstr(text, "\tbind ::1 8080 gateway_gate_connect\n");
	assert_non_null(load);
	assert_non_null(bind);
	assert_true(load < bind);
	assert_non_null(strstr(text, "\nworkers 3\n"));
	assert_non_null(strstr(text, "\npidfile /var/a b/run/gateway.pid\n"));
	assert_non_null(strstr(text, "\nworker_rlimit_nofiles 1000\n"));
	assert_non_null(strstr(text, "\nworker_death_policy terminate\n"));
	assert_non_null(strstr(text, "\nhttp_body_max 65536\n"));
	assert_non_null(strstr(text, "\troute ^.*$ gateway_handle\n"));

	assert_int_equal(launch_listen_parse("unix:/a/b", &options.listen,
			     error, sizeof(error)),
	    0);
	len = launch_format(&options, text, sizeof(text), error, sizeof(error));
	assert_true(len > 0);
	assert_non_null(strstr(text, "\tunix /a/b gateway_gate_connect\n"));
}

static void
paths_that_kore_cannot_read_are_refused(void **state)
{
	struct launch_options options = { .module = "/a b/gateway.so",
		.pidfile = "/run/gateway.pid" };
	char text[LAUNCH_CONFIG_MAX], error[200];

	(void)state;
	assert_int_equal(
	    launch_format(&options, text, sizeof(text), error, sizeof(error)),
	    -1);
	options.module = "/a/gateway.so";
	options.pidfile = "/run\n/gateway.pid";
	assert_int_equal(
	    launch_format(&options, text, sizeof(text), error, sizeof(error)),
	    -1);
	options.pidfile = "/run/gateway.pid";
	assert_int_equal(
	    launch_format(&options, text, 100, error, sizeof(error)), -1);
	assert_true(launch_format(&options, text, sizeof(text), error,
			sizeof(error)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_taken_apart),
		cmocka_unit_test(bad_addresses_are_refused_by_name),
		cmocka_unit_test(
		    configuration_loads_the_module_before_it_binds),
		cmocka_unit_test(paths_that_kore_cannot_read_are_refused),
	};

	return cmocka_run_group_tests_name("launch", tests, NULL, NULL);
}
