/*
 * The pages for browsers: which fields they come with, and to whom.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/suite.h"

#define READ_MS (10000 * RIG_SLACK)

static const struct reply *
get(struct suite *suite, const char *path, const char *field)
{
	const struct reply *reply = client_send(suite->client,
	    &(struct request){ .path = path, .headers = { field } });

	assert_int_not_equal(reply->status, 0);
	return reply;
}

static void
want_field(struct suite *suite, const struct reply *reply, const char *name,
    const char *value)
{
	const char *found = reply_header(suite->client, reply, name);

	if (found == NULL)
		fail_msg("%s has no %s", reply->what, name);
	assert_string_equal(found, value);
}

static void
want_no_field(struct suite *suite, const struct reply *reply, const char *name)
{
	assert_null(reply_header(suite->client, reply, name));
}

/* The path of the dashboard's script. */
static const char *
script_of(struct suite *suite, const struct reply *page)
{
	static const char mark[] = "src=\"";
	const char *at = strstr(page->body, mark);

	assert_non_null(at);
	at += sizeof(mark) - 1;
	return client_text(suite->client, "%.*s", (int)strcspn(at, "\""), at);
}

static void
want_shut(struct suite *suite, const struct reply *reply)
{
	want_field(suite, reply, "Content-Security-Policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'");
	want_field(suite, reply, "X-Content-Type-Options", "nosniff");
	want_field(suite, reply, "Referrer-Policy", "same-origin");
	want_field(suite, reply, "Cross-Origin-Opener-Policy", "same-origin");
	want_field(suite, reply, "Vary", "Accept-Encoding");
}

static void
documents_are_asked_for_each_time_and_shut_to_others(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = get(suite, "/", NULL);

	want_status(reply, 200);
	want_field(suite, reply, "Content-Type", "text/html; charset=utf-8");
	want_field(suite, reply, "Cache-Control", "no-cache");
	want_shut(suite, reply);
	want_no_field(suite, reply, "Content-Encoding");
	want_no_field(suite, reply, "Access-Control-Allow-Origin");
	assert_non_null(strstr(reply->body, "<!doctype html>"));
}

static void
assets_are_kept_for_good(void **state)
{
	struct suite *suite = *state;
	const struct reply *index = get(suite, "/", NULL);
	const struct reply *reply = get(suite, script_of(suite, index), NULL);

	want_status(reply, 200);
	want_field(suite, reply, "Cache-Control",
	    "public, max-age=31536000, immutable");
	want_shut(suite, reply);
	assert_int_equal(
	    strtoul(
		reply_header(suite->client, reply, "Content-Length"), NULL, 10),
	    strlen(reply->body));
}

static void
the_widget_is_for_every_site(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = get(suite, "/widget/v1.js", NULL);

	want_status(reply, 200);
	want_field(
	    suite, reply, "Content-Type", "text/javascript; charset=utf-8");
	want_field(suite, reply, "Cache-Control", "public, max-age=3600");
	want_field(suite, reply, "Access-Control-Allow-Origin", "*");
	want_field(
	    suite, reply, "Cross-Origin-Resource-Policy", "cross-origin");
}

static void
who_has_a_page_gets_no_body(void **state)
{
	struct suite *suite = *state;
	const struct reply *plain = get(suite, "/", NULL);
	const char *tag = reply_header(suite->client, plain, "ETag");
	const struct reply *packed = NULL;
	const struct reply *reply = NULL;

	assert_non_null(tag);
	reply = get(suite, "/",
	    client_text(suite->client, "If-None-Match: W/\"x\", %s", tag));
	want_status(reply, 304);
	assert_string_equal(reply->body, "");
	want_field(suite, reply, "ETag", tag);
	want_field(suite, reply, "Cache-Control", "no-cache");

	packed = get(suite, "/", "Accept-Encoding: br, gzip");
	want_status(packed, 200);
	want_field(suite, packed, "Content-Encoding", "gzip");
	assert_string_not_equal(
	    reply_header(suite->client, packed, "ETag"), tag);
	/* The connection is as good as before. */
	want_status(get(suite, "/healthz", NULL), 200);
}

static void
head_has_the_fields_of_get_alone(void **state)
{
	struct suite *suite = *state;
	const struct reply *whole = get(suite, "/", NULL);
	const struct reply *head = client_send(
	    suite->client, &(struct request){ .method = "HEAD", .path = "/" });

	want_status(head, 200);
	assert_string_equal(head->body, "");
	want_field(suite, head, "Content-Length",
	    client_text(suite->client, "%zu", strlen(whole->body)));
	want_field(
	    suite, head, "ETag", reply_header(suite->client, whole, "ETag"));
	want_status(get(suite, "/healthz", NULL), 200);
}

/* Reads until the other side ends; how many bytes came. */
static size_t
read_all(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	char bytes[4096];
	size_t sum = 0;
	ssize_t len;

	do {
		assert_int_equal(poll(&readable, 1, READ_MS), 1);
		len = recv(fd, bytes, sizeof(bytes), 0);
		assert_true(len >= 0);
		sum += (size_t)len;
	} while (len > 0);
	return sum;
}

/* Its answer does not fit into the socket at once (RFC 9112, 9.6). */
static void
client_that_has_ended_its_half_gets_a_large_page_whole(void **state)
{
	struct suite *suite = *state;
	const char *path = script_of(suite, get(suite, "/", NULL));
	const struct reply *whole = get(suite, path, NULL);
	const char *request = client_text(
	    suite->client, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
	const int fd = client_dial(rig_port(suite->rig), true);

	assert_int_equal(
	    send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	want_status(get(suite, "/healthz", NULL), 200);
	/* The fields differ a little from those of the connection before. */
	assert_true(read_all(fd) > strlen(whole->body));
	close(fd);
}

static void
a_page_is_only_read(void **state)
{
	struct suite *suite = *state;
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/", .body = "{}" });

	want_problem(suite->client, reply, 405, "method-not-allowed", NULL);
	want_field(suite, reply, "Allow", "GET, HEAD, OPTIONS");
	reply = client_send(suite->client,
	    &(struct request){ .method = "OPTIONS", .path = "/" });
	want_status(reply, 204);
	want_problem(suite->client, get(suite, "/nothing", NULL), 404,
	    "not-found", NULL);
}

static void
pages_are_there_without_any_service(void **state)
{
	static const enum rig_process services[] = { RIG_CHALLENGE_0, RIG_AUTH,
		RIG_ANALYTICS };
	struct suite *suite = *state;

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		rig_pause(suite->rig, services[i]);
	want_status(get(suite, "/", NULL), 200);
	want_status(get(suite, "/widget/v1.js", NULL), 200);
}

#define unit(test) cmocka_unit_test_teardown(test, suite_mend)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(documents_are_asked_for_each_time_and_shut_to_others),
		unit(assets_are_kept_for_good),
		unit(the_widget_is_for_every_site),
		unit(who_has_a_page_gets_no_body),
		unit(head_has_the_fields_of_get_alone),
		unit(client_that_has_ended_its_half_gets_a_large_page_whole),
		unit(a_page_is_only_read),
		unit(pages_are_there_without_any_service),
	};

	return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
