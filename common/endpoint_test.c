/*
 * Tests of the syntax of addresses.
 */

#include "common/testing.h"

#include "common/endpoint.h"

/* prefix, so many zeros, suffix; in one of two buffers in turn. */
static const char *
padded(const char *prefix, int zeros, const char *suffix)
{
	static char text[2][400];
	static int next;

	next = !next;
	snprintf(text[next], sizeof(text[next]), "%s%0*d%s", prefix, zeros, 0,
	    suffix);
	return text[next];
}

static void
endpoints_of_both_kinds_are_taken(void **state)
{
	static const char *const good[] = { "ipc:///run/a.sock", "ipc://a",
		"tcp://127.0.0.1:1", "tcp://auth.internal:65535",
		"tcp://[::1]:5551", "tcp://[2001:db8::7]:5551",
		"tcp://eth0:5551" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_null(endpoint_wrong(good[i], false));
		assert_null(endpoint_wrong(good[i], true));
	}
}

static void
any_host_is_only_for_binding(void **state)
{
	(void)state;
	assert_null(endpoint_wrong("tcp://*:5551", true));
	assert_non_null(endpoint_wrong("tcp://*:5551", false));
	assert_non_null(endpoint_listen_wrong("*:5551"));
}

static void
other_endpoints_are_refused(void **state)
{
	static const char *const bad[] = { "", "a", "inproc://a", "udp://a:1",
		"tcp:/a:1", "TCP://a:1", "ipc://", "ipc://@hidden", "ipc://*",
		"tcp://", "tcp://a", "tcp://:1", "tcp://a:", "tcp://a:0",
		"tcp://a:65536", "tcp://a:*", "tcp://a:+1", "tcp://a: 1",
		"tcp://a:1x", "tcp://a:000001", "tcp://a b:1", "tcp://a/b:1",
		"tcp://::1:1", "tcp://[]:1", "tcp://[::1:1",
		"tcp://[1.2.3.4]:1", "tcp://[::g]:1", "tcp://a;b:1" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (endpoint_wrong(bad[i], true) == NULL)
			fail_msg("%s is not refused", bad[i]);
	}
}

static void
listen_addresses_are_checked(void **state)
{
	static const char *const good[] = { "127.0.0.1:8080", "[::]:80",
		"localhost:1", "unix:/run/aic.sock" };
	static const char *const bad[] = { "8080", ":8080", "127.0.0.1",
		"127.0.0.1:http", "unix:", "http://a:1", "::1:80" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_null(endpoint_listen_wrong(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (endpoint_listen_wrong(bad[i]) == NULL)
			fail_msg("%s is not refused", bad[i]);
	}
}

static void
only_addresses_of_loopback_stay_on_the_host(void **state)
{
	static const char *const staying[] = { "ipc:///run/a.sock",
		"tcp://127.0.0.1:1", "tcp://127.255.255.254:1", "tcp://[::1]:1",
		"tcp://[0:0:0:0:0:0:0:1]:1" };
	static const char *const leaving[] = { "tcp://*:1", "tcp://0.0.0.0:1",
		"tcp://126.255.255.255:1", "tcp://128.0.0.1:1", "tcp://[::]:1",
		"tcp://[::2]:1", "tcp://[fe80::1]:1", "tcp://localhost:1",
		"tcp://lo:1", "tcp://127.0.0.1.a.org:1", "tcp://127.1:1" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(staying) / sizeof(staying[0]); i++) {
		if (endpoint_leaves_host(staying[i]))
			fail_msg("%s leaves the host", staying[i]);
	}
	for (i = 0; i < sizeof(leaving) / sizeof(leaving[0]); i++) {
		if (!endpoint_leaves_host(leaving[i]))
			fail_msg("%s stays on the host", leaving[i]);
	}
	assert_true(endpoint_is_ipv6("tcp://[::1]:1"));
	assert_false(endpoint_is_ipv6("tcp://127.0.0.1:1"));
	assert_false(endpoint_is_ipv6("ipc://[a"));
}

static void
paths_and_hosts_have_bounds(void **state)
{
	(void)state;
	assert_null(endpoint_wrong(padded("ipc://", 107, ""), true));
	assert_non_null(endpoint_wrong(padded("ipc://", 108, ""), true));
	assert_null(endpoint_listen_wrong(padded("unix:", 107, "")));
	assert_non_null(endpoint_listen_wrong(padded("unix:", 108, "")));
	assert_null(endpoint_wrong(padded("tcp://", 255, ":1"), true));
	assert_non_null(endpoint_wrong(padded("tcp://", 256, ":1"), true));
}

static void
lists_are_taken_apart(void **state)
{
	char item[8];

	(void)state;
	assert_int_equal(endpoint_list_count(""), 0);
	assert_int_equal(endpoint_list_count("a"), 1);
	assert_int_equal(endpoint_list_count("a,,b"), 3);
	assert_false(endpoint_list_item("", 0, item, sizeof(item)));
	assert_true(endpoint_list_item(" a b ,\tc,", 0, item, sizeof(item)));
	assert_string_equal(item, "a b");
	assert_true(endpoint_list_item(" a b ,\tc,", 1, item, sizeof(item)));
	assert_string_equal(item, "c");
	assert_true(endpoint_list_item(" a b ,\tc,", 2, item, sizeof(item)));
	assert_string_equal(item, "");
	assert_false(endpoint_list_item(" a b ,\tc,", 3, item, sizeof(item)));
	assert_true(endpoint_list_item("1234567", 0, item, sizeof(item)));
	assert_false(endpoint_list_item("12345678", 0, item, sizeof(item)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_of_both_kinds_are_taken),
		cmocka_unit_test(any_host_is_only_for_binding),
		cmocka_unit_test(other_endpoints_are_refused),
		cmocka_unit_test(listen_addresses_are_checked),
		cmocka_unit_test(only_addresses_of_loopback_stay_on_the_host),
		cmocka_unit_test(paths_and_hosts_have_bounds),
		cmocka_unit_test(lists_are_taken_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
