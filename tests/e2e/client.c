/*
 * Requests by libcurl, and one way to send bytes that are no request; see
 * client.h.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/client.h"

#define URL_SIZE	2200
#define HEADER_SIZE	1400
#define ANSWER_MS	60000L
#define RAW_ANSWER_MS	20000
#define RAW_SILENCE_MS	200
#define RAW_ANSWER_SIZE 65536

/* Bytes that grow; always ends in a NUL once something is in it. */
struct bytes {
	char *data;
	size_t len;
};

/* What a client owns: an answer, or text when request is not set. */
struct kept {
	struct kept *next;
	struct reply reply;
	struct bytes headers;
	struct bytes body;
	struct curl_slist *fields;
	char url[URL_SIZE];
	char *text;
};

struct client {
	uint16_t port;
	CURL *easy;
	struct kept *kept;
};

struct client *
client_new(uint16_t port)
{
	struct client *client = NULL;

	client = calloc(1, sizeof(*client));
	assert_non_null(client);
	client->port = port;
	client->easy = curl_easy_init();
	assert_non_null(client->easy);
	return client;
}

void
client_forget(struct client *client)
{
	struct kept *kept = client->kept;
	struct kept *next = NULL;

	for (; kept != NULL; kept = next) {
		next = kept->next;
		json_decref(kept->reply.json);
		curl_slist_free_all(kept->fields);
		free(kept->headers.data);
		free(kept->body.data);
		free(kept->text);
		free(kept);
	}
	client->kept = NULL;
}

void
client_free(struct client **client)
{
	if (*client == NULL)
		return;
	client_forget(*client);
	curl_easy_cleanup((*client)->easy);
	free(*client);
	*client = NULL;
}

static struct kept *
keep(struct client *client)
{
	struct kept *kept = NULL;

	kept = calloc(1, sizeof(*kept));
	assert_non_null(kept);
	kept->next = client->kept;
	client->kept = kept;
	return kept;
}

const char *
client_text(struct client *client, const char *format, ...)
{
	struct kept *kept = keep(client);
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&kept->text, format, args);
	va_end(args);
	assert_true(len >= 0);
	return kept->text;
}

/* -------- requests -------- */

static size_t
take(char *data, size_t size, size_t count, void *arg)
{
	struct bytes *bytes = arg;
	size_t len = size * count;
	char *grown = NULL;

	grown = realloc(bytes->data, bytes->len + len + 1);
	if (grown == NULL)
		return 0;
	memcpy(grown + bytes->len, data, len);
	bytes->data = grown;
	bytes->len += len;
	bytes->data[bytes->len] = '\0';
	return len;
}

static void
add_field(struct kept *kept, const char *name, const char *value)
{
	char field[HEADER_SIZE];
	struct curl_slist *grown = NULL;
	int len;

	len = snprintf(field, sizeof(field), "%s%s", name, value);
	assert_in_range(len, 1, sizeof(field) - 1);
	grown = curl_slist_append(kept->fields, field);
	assert_non_null(grown);
	kept->fields = grown;
}

static const char *
method_of(const struct request *request)
{
	if (request->method != NULL)
		return request->method;
	return request->body != NULL ? "POST" : "GET";
}

static void
set_fields(struct kept *kept, const struct request *request)
{
	if (request->key != NULL)
		add_field(kept, "X-API-Key: ", request->key);
	if (request->jwt != NULL)
		add_field(kept, "Authorization: Bearer ", request->jwt);
	if (request->body != NULL) {
		/* libcurl would wait for 100 Continue with larger ones. */
		add_field(kept, "Expect:", "");
		add_field(kept, "Content-Type: ",
		    request->type != NULL ? request->type : "application/json");
	}
	for (size_t i = 0; i < CLIENT_HEADERS_MAX; i++) {
		if (request->headers[i] != NULL)
			add_field(kept, request->headers[i], "");
	}
}

static struct kept *
prepare(struct client *client, CURL *easy, const struct request *request)
{
	struct kept *kept = keep(client);
	const char *method = method_of(request);
	int len;

	len = snprintf(kept->url, sizeof(kept->url), "http://127.0.0.1:%u%s",
	    (unsigned)client->port, request->path);
	assert_in_range(len, 1, sizeof(kept->url) - 1);
	kept->reply.what = client_text(
	    client, "%s %.60s", method, request->path);
	set_fields(kept, request);
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, kept->url);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, ANSWER_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, kept->fields);
	if (request->body != NULL) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)strlen(request->body));
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body);
	}
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &kept->headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &kept->body);
	return kept;
}

/* Fills the reply once the transfer is over. */
static void
finish(CURL *easy, struct kept *kept, CURLcode result)
{
	curl_off_t microseconds = 0;
	long status = 0;

	kept->reply.headers = kept->headers.data != NULL ? kept->headers.data
							 : "";
	kept->reply.body = kept->body.data != NULL ? kept->body.data : "";
	if (result != CURLE_OK)
		return;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
	kept->reply.status = (int)status;
	kept->reply.seconds = (double)microseconds / 1e6;
	if (kept->body.len > 0)
		kept->reply.json = json_loadb(kept->body.data, kept->body.len,
		    JSON_REJECT_DUPLICATES, NULL);
}

const struct reply *
client_send(struct client *client, const struct request *request)
{
	struct kept *kept = prepare(client, client->easy, request);

	finish(client->easy, kept, curl_easy_perform(client->easy));
	return &kept->reply;
}

/* Notes the transfers that are over. */
static void
collect(CURLM *multi)
{
	CURLMsg *message = NULL;
	struct kept *kept = NULL;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, &kept);
		finish(message->easy_handle, kept, message->data.result);
	}
}

void
client_send_all(struct client *client, const struct request *requests,
    size_t count, const struct reply *replies[])
{
	CURLM *multi = NULL;
	CURL **easies = NULL;
	struct kept *kept = NULL;
	int running = 0;

	multi = curl_multi_init();
	easies = calloc(count, sizeof(*easies));
	assert_non_null(multi);
	assert_non_null(easies);
	for (size_t i = 0; i < count; i++) {
		easies[i] = curl_easy_init();
		assert_non_null(easies[i]);
		kept = prepare(client, easies[i], &requests[i]);
		curl_easy_setopt(easies[i], CURLOPT_PRIVATE, kept);
		replies[i] = &kept->reply;
		assert_int_equal(
		    curl_multi_add_handle(multi, easies[i]), CURLM_OK);
	}
	do {
		assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
		collect(multi);
		if (running > 0)
			assert_int_equal(
			    curl_multi_poll(multi, NULL, 0, 1000, NULL),
			    CURLM_OK);
	} while (running > 0);
	for (size_t i = 0; i < count; i++) {
		curl_multi_remove_handle(multi, easies[i]);
		curl_easy_cleanup(easies[i]);
	}
	free(easies);
	curl_multi_cleanup(multi);
}

/* Segments bound what the other side's system takes in ahead, too. */
static bool
make_narrow(int fd)
{
	const int room = 1, segment = 536;

	return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) ==
	    0 &&
	    setsockopt(
		fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment)) == 0;
}

int
client_dial(uint16_t port, bool narrow)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port) };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || (narrow && !make_narrow(fd)) ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
		0)
		fail_msg("port %u: %s", (unsigned)port, strerror(errno));
	return fd;
}

const char *
client_send_raw(struct client *client, const char *bytes, size_t len)
{
	struct pollfd wait = { .events = POLLIN };
	struct kept *kept = keep(client);
	ssize_t done = 0;
	size_t got = 0;

	kept->text = calloc(1, RAW_ANSWER_SIZE + 1);
	assert_non_null(kept->text);
	wait.fd = client_dial(client->port, false);
	/* A server that refuses early may not take all of it. */
	for (size_t sent = 0; sent < len; sent += (size_t)done) {
		done = send(wait.fd, bytes + sent, len - sent, MSG_NOSIGNAL);
		if (done <= 0)
			break;
	}
	while (got < RAW_ANSWER_SIZE &&
	    poll(&wait, 1, got == 0 ? RAW_ANSWER_MS : RAW_SILENCE_MS) == 1) {
		done = recv(
		    wait.fd, kept->text + got, RAW_ANSWER_SIZE - got, 0);
		if (done <= 0)
			break;
		got += (size_t)done;
	}
	close(wait.fd);
	return kept->text;
}
