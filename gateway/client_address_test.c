/*
 * Tests of whose a request is, behind proxies or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "gateway/client_address.h"

#define LINES_MAX 4

static struct client_address
address(const char *text)
{
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (strcmp(text, "unix") == 0)
		return client_address_local();
	if (inet_pton(AF_INET, text, &ipv4) == 1)
		return client_address_ipv4(&ipv4);
	assert_int_equal(inet_pton(AF_INET6, text, &ipv6), 1);
	return client_address_ipv6(&ipv6);
}

static struct client_proxies
trusting(const char *setting)
{
	struct client_proxies proxies;
	char error[200] = "";

	if (client_proxies_parse(setting, &proxies, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	return proxies;
}

static void
want_same(struct client_address got, const char *wanted)
{
	struct client_address want = address(wanted);
	char text[INET6_ADDRSTRLEN] = "";

	if (memcmp(&got, &want, sizeof(want)) == 0)
		return;
	(void)inet_ntop(AF_INET6, got.bytes, text, sizeof(text));
	fail_msg("it is %s, not %s", text, wanted);
}

/* Who it is when peer brings these lines of X-Forwarded-For. */
static void
want_client(const char *setting, const char *peer,
    const char *const lines[LINES_MAX], const char *client)
{
	struct client_proxies proxies = trusting(setting);
	struct client_address from = address(peer);
	size_t count = 0;

	while (count < LINES_MAX && lines[count] != NULL)
		count++;
	want_same(client_address_find(&proxies, &from, lines, count), client);
}

#define LINES(...) ((const char *const[LINES_MAX]){ __VA_ARGS__ })

static void
stranger_is_who_connects(void **state)
{
	(void)state;
	want_client("", "203.0.113.9", LINES(NULL), "203.0.113.9");
	want_client("", "203.0.113.9", LINES("198.51.100.1"), "203.0.113.9");
	want_client(
	    "127.0.0.1", "203.0.113.9", LINES("127.0.0.1"), "203.0.113.9");
	want_client(
	    "127.0.0.1", "127.0.0.2", LINES("198.51.100.1"), "127.0.0.2");
	want_client("127.0.0.1, ::1", "2001:db8::5", LINES("198.51.100.1"),
	    "2001:db8::5");
}

static void
trusted_proxy_names_the_client(void **state)
{
	(void)state;
	want_client(
	    "127.0.0.1", "127.0.0.1", LINES("198.51.100.1"), "198.51.100.1");
	want_client(
	    "127.0.0.1,::1", "::1", LINES("2001:db8::7"), "2001:db8::7");
	want_client("127.0.0.1", "127.0.0.1", LINES("198.51.100.1:443"),
	    "198.51.100.1");
	want_client("127.0.0.1", "127.0.0.1", LINES("[2001:db8::7]:443"),
	    "2001:db8::7");
	want_client(
	    "127.0.0.1", "127.0.0.1", LINES("[2001:db8::7]"), "2001:db8::7");
}

static void
client_cannot_name_itself(void **state)
{
	(void)state;
	want_client("127.0.0.1", "127.0.0.1", LINES("192.0.2.66, 198.51.100.1"),
	    "198.51.100.1");
	want_client("127.0.0.1", "127.0.0.1",
	    LINES("192.0.2.66", "198.51.100.1"), "198.51.100.1");
	want_client("127.0.0.1", "127.0.0.1", LINES("127.0.0.1, 198.51.100.1"),
	    "198.51.100.1");
	want_client("127.0.0.1", "127.0.0.1",
	    LINES("192.0.2.66, nonsense, 198.51.100.1"), "198.51.100.1");
	want_client("127.0.0.1", "127.0.0.1",
	    LINES("192.0.2.66,,\t ,198.51.100.1"), "198.51.100.1");
}

static void
chain_of_trusted_proxies_is_followed(void **state)
{
	(void)state;
	want_client("127.0.0.1, 10.0.0.0/8", "127.0.0.1",
	    LINES("192.0.2.66, 198.51.100.1, 10.1.2.3"), "198.51.100.1");
	want_client("127.0.0.1, 10.0.0.0/8", "10.0.0.1",
	    LINES("192.0.2.66, 198.51.100.1", "10.1.2.3", "127.0.0.1"),
	    "198.51.100.1");
	/* Nobody but proxies: the one that is furthest away. */
	want_client("127.0.0.1, 10.0.0.0/8", "127.0.0.1",
	    LINES("10.0.0.9, 10.0.0.8"), "10.0.0.9");
	want_client("127.0.0.1", "127.0.0.1", LINES(NULL), "127.0.0.1");
}

/* What a trusted proxy wrote and is no address hides the client, no more. */
static void
malformed_entry_ends_at_its_proxy(void **state)
{
	static const char *const malformed[] = { "unknown", "_hidden", "1.2.3",
		"1.2.3.4.5", "256.1.1.1", "1.2.3.4:", "1.2.3.4:x",
		"1.2.3.4:123456", "1.2.3.4/8", "01.2.3.4", "[1.2.3.4]",
		"[2001:db8::1", "2001:db8::1]", "[2001:db8::1]x",
		"[2001:db8::1]:", "2001:db8:::1", "fe80::1%eth0",
		"::", "\"198.51.100.1\"", "1.2.3.4 5.6.7.8", "[]", "[", "]",
		":", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb" };
	char line[200];

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		(void)snprintf(
		    line, sizeof(line), "192.0.2.66, %s", malformed[i]);
		want_client("127.0.0.1", "127.0.0.1", LINES(line), "127.0.0.1");
		(void)snprintf(line, sizeof(line), "192.0.2.66, %s, 10.0.0.1",
		    malformed[i]);
		want_client("127.0.0.1, 10.0.0.1", "127.0.0.1", LINES(line),
		    "10.0.0.1");
	}
	want_client("127.0.0.1", "127.0.0.1", LINES(""), "127.0.0.1");
	want_client("127.0.0.1", "127.0.0.1", LINES(" , ,, "), "127.0.0.1");
}

static void
unix_socket_is_trusted_when_listed(void **state)
{
	(void)state;
	want_client("127.0.0.1", "unix", LINES("198.51.100.1"), "unix");
	want_client("::/0", "unix", LINES("198.51.100.1"), "unix");
	want_client("unix", "unix", LINES("198.51.100.1"), "198.51.100.1");
	want_client("127.0.0.1, unix", "unix", LINES("192.0.2.1"), "192.0.2.1");
	want_client("unix", "127.0.0.1", LINES("192.0.2.1"), "127.0.0.1");
}

static void
mapped_ipv4_is_ipv4(void **state)
{
	(void)state;
	want_client("127.0.0.1", "::ffff:127.0.0.1", LINES("198.51.100.1"),
	    "198.51.100.1");
	want_client("10.0.0.0/8", "::ffff:10.9.9.9",
	    LINES("::ffff:198.51.100.1"), "198.51.100.1");
	want_client("::ffff:10.0.0.0/104", "10.9.9.9", LINES("198.51.100.1"),
	    "198.51.100.1");
	want_client("::1", "127.0.0.1", LINES("198.51.100.1"), "127.0.0.1");
}

static void
networks_end_where_they_say(void **state)
{
	(void)state;
	want_client(
	    "192.0.2.128/25", "192.0.2.128", LINES("1.1.1.1"), "1.1.1.1");
	want_client(
	    "192.0.2.128/25", "192.0.2.255", LINES("1.1.1.1"), "1.1.1.1");
	want_client(
	    "192.0.2.128/25", "192.0.2.127", LINES("1.1.1.1"), "192.0.2.127");
	want_client("192.0.2.4/30", "192.0.2.8", LINES("1.1.1.1"), "192.0.2.8");
	want_client("192.0.2.4/32", "192.0.2.4", LINES("1.1.1.1"), "1.1.1.1");
	want_client(
	    "0.0.0.0/0", "192.0.2.4", LINES("2001:db8::1"), "2001:db8::1");
	want_client(
	    "0.0.0.0/0", "2001:db8::1", LINES("1.1.1.1"), "2001:db8::1");
	want_client("2001:db8:0:8::/61", "2001:db8:0:f::1", LINES("1.1.1.1"),
	    "1.1.1.1");
	want_client("2001:db8:0:8::/61", "2001:db8:0:10::1", LINES("1.1.1.1"),
	    "2001:db8:0:10::1");
}

static void
ipv6_is_counted_by_network(void **state)
{
	struct client_address from;

	(void)state;
	from = address("2001:db8:1:2:3:4:5:6");
	want_same(client_address_prefix(&from), "2001:db8:1:2::");
	from = address("192.0.2.77");
	want_same(client_address_prefix(&from), "192.0.2.77");
	from = address("::ffff:192.0.2.77");
	want_same(client_address_prefix(&from), "192.0.2.77");
	from = address("unix");
	want_same(client_address_prefix(&from), "unix");
}

static void
wrong_setting_is_named(void **state)
{
	static const char *const wrong[] = { "localhost", "1.2.3", "1.2.3.4/33",
		"1.2.3.4/", "1.2.3.4/x", "1.2.3.4/24", "2001:db8::1/64",
		"2001:db8::/129", "127.0.0.1,", ",127.0.0.1", "127.0.0.1 ::1",
		"UNIX", "[::1]", "127.0.0.1:80", "::ffff:10.0.0.0/8" };
	struct client_proxies proxies;
	char error[200];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		error[0] = '\0';
		if (client_proxies_parse(
			wrong[i], &proxies, error, sizeof(error)) != -1)
			fail_msg("taken: %s", wrong[i]);
		assert_non_null(strstr(error, "trusted_proxies"));
	}
	(void)trusting("");
	(void)trusting("  ");
	(void)trusting("127.0.0.1");
	(void)trusting(" 127.0.0.1 ,\t::1 , unix ");
}

static void
list_may_be_full_and_no_more(void **state)
{
	char setting[CLIENT_PROXIES_MAX * 16 + 16] = "";
	struct client_proxies proxies;
	char error[200];
	size_t len = 0;

	(void)state;
	for (int i = 0; i < CLIENT_PROXIES_MAX; i++)
		len += (size_t)snprintf(setting + len, sizeof(setting) - len,
		    "%s10.0.0.%d", i > 0 ? "," : "", i);
	assert_int_equal(trusting(setting).count, CLIENT_PROXIES_MAX);
	(void)snprintf(setting + len, sizeof(setting) - len, ",10.0.1.1");
	assert_int_equal(
	    client_proxies_parse(setting, &proxies, error, sizeof(error)), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stranger_is_who_connects),
		cmocka_unit_test(trusted_proxy_names_the_client),
		cmocka_unit_test(client_cannot_name_itself),
		cmocka_unit_test(chain_of_trusted_proxies_is_followed),
		cmocka_unit_test(malformed_entry_ends_at_its_proxy),
		cmocka_unit_test(unix_socket_is_trusted_when_listed),
		cmocka_unit_test(mapped_ipv4_is_ipv4),
		cmocka_unit_test(networks_end_where_they_say),
		cmocka_unit_test(ipv6_is_counted_by_network),
		cmocka_unit_test(wrong_setting_is_named),
		cmocka_unit_test(list_may_be_full_and_no_more),
	};

	return cmocka_run_group_tests_name("client_address", tests, NULL, NULL);
}
