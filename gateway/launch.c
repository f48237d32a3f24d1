/*
 * Kore's configuration, written from the settings. Kore reads it line by line,
 * splits at spaces and knows no quoting.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "gateway/gate.h"
#include "gateway/launch.h"

#define PORT_DIGITS_MAX 5
#define PORT_MAX	65535

static int
fail(char *error, size_t error_size, const char *sentence)
{
	(void)snprintf(error, error_size, "%s", sentence);
	return -1;
}

static bool
is_one_word(const char *text)
{
	for (; *text != '\0'; text++) {
		if (isspace((unsigned char)*text) ||
		    iscntrl((unsigned char)*text))
			return false;
	}
	return true;
}

/* 1..65535 in plain digits. */
static bool
is_port(const char *text)
{
	size_t len = strspn(text, "0123456789");
	long port = 0;

	if (len == 0 || len > PORT_DIGITS_MAX || text[len] != '\0')
		return false;
	for (size_t i = 0; i < len; i++)
		port = port * 10 + (text[i] - '0');
	return port >= 1 && port <= PORT_MAX;
}

static int
parse_path(const char *path, struct launch_listen *listen, char *error,
    size_t error_size)
{
	size_t len = strlen(path);

	if (len == 0 || len > LAUNCH_PATH_MAX)
		return fail(error, error_size,
		    "http_listen: the path of a unix socket has 1 to 107 "
		    "bytes");
	if (!is_one_word(path))
		return fail(error, error_size,
		    "http_listen: the path must not contain spaces");
	listen->local = true;
	memcpy(listen->path, path, len + 1);
	return 0;
}

int
launch_listen_parse(const char *text, struct launch_listen *listen, char *error,
    size_t error_size)
{
	const char *host = text, *colon = strrchr(text, ':');
	size_t len;

	memset(listen, 0, sizeof(*listen));
	if (strncmp(text, "unix:", 5) == 0)
		return parse_path(text + 5, listen, error, error_size);
	if (colon == NULL || !is_port(colon + 1))
		return fail(error, error_size,
		    "http_listen must be ADDRESS:PORT, [IPV6]:PORT or "
		    "unix:PATH, with a port of 1 to 65535");
	len = (size_t)(colon - text);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (memchr(text, ':', len) != NULL) {
		return fail(error, error_size,
		    "http_listen: an IPv6 address stands in brackets");
	}
	if (len == 0 || len > LAUNCH_HOST_MAX ||
	    strspn(host,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
		"YZ0123456789.:-_%") < len)
		return fail(
		    error, error_size, "http_listen has no valid address");
	memcpy(listen->host, host, len);
	(void)snprintf(listen->port, sizeof(listen->port), "%s", colon + 1);
	return 0;
}

int
launch_format(const struct launch_options *options, char *text, size_t size,
    char *error, size_t error_size)
{
	const struct launch_listen *listen = &options->listen;
	int n;

	if (!is_one_word(options->module))
		return fail(error, error_size,
		    "Kore cannot load a module from a path with spaces");
	/* A pid file's path may have spaces, but not at its ends. */
	if (strpbrk(options->pidfile, "\r\n\t") != NULL)
		return fail(error, error_size,
		    "data_dir must not contain control characters");
	n = snprintf(text, size,
	    "# Written by the program gateway when it starts.\n"
	    "load %s\n"
	    "pidfile %s\n"
	    "workers %ld\n"
	    "worker_max_connections %d\n"
	    "worker_rlimit_nofiles %lu\n"
	    "worker_death_policy terminate\n"
	    "worker_set_affinity 0\n"
	    "worker_accept_threshold 1\n"
	    "socket_backlog 4096\n"
	    "seccomp_tracing no\n"
	    "http_header_timeout %d\n"
	    "http_body_timeout %d\n"
	    "http_keepalive_time %d\n"
	    "http_header_max %d\n"
	    "http_body_max %d\n"
	    "http_request_limit %d\n"
	    "http_request_ms 1000\n"
	    "http_hsts_enable 0\n"
	    "http_server_version " GATE_SERVER "\n"
	    "server gateway {\n"
	    "\ttls no\n"
	    "\t%s %s%s%s gateway_gate_connect\n"
	    "}\n"
	    "domain * {\n"
	    "\tattach gateway\n"
	    "\troute ^.*$ gateway_handle\n"
	    "}\n",
	    options->module, options->pidfile, options->workers,
	    LAUNCH_CONNECTIONS, options->files, GATE_HEAD_SECONDS,
	    GATE_BODY_SECONDS, GATE_IDLE_SECONDS, GATE_HEAD_MAX, GATE_BODY_MAX,
	    /* Requests whose client has left count until they are answered. */
	    LAUNCH_CONNECTIONS + LAUNCH_CONNECTIONS / 4,
	    listen->local ? "unix" : "bind",
	    listen->local ? listen->path : listen->host,
	    listen->local ? "" : " ", listen->port);
	if (n < 0 || (size_t)n >= size)
		return fail(
		    error, error_size, "Kore's configuration does not fit");
	return n;
}
