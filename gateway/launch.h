/*
 * What the program `gateway` hands to Kore: the parts of it that are pure.
 */
#ifndef GATEWAY_LAUNCH_H
#define GATEWAY_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>

#define LAUNCH_HOST_MAX	  90
#define LAUNCH_PATH_MAX	  107	/* of a unix socket, see unix(7) */
#define LAUNCH_CONFIG_MAX 16384 /* bytes of Kore's configuration */

/* Connections that one worker holds at once. */
#define LAUNCH_CONNECTIONS 2048

/* Open files of a worker that are no connections: sockets, pipes, logs. */
#define LAUNCH_FILES_SPARE 128UL

struct launch_listen {
	bool local;			/* a unix socket */
	char host[LAUNCH_HOST_MAX + 1]; /* without brackets */
	char port[6];
	char path[LAUNCH_PATH_MAX + 1];
};

struct launch_options {
	struct launch_listen listen;
	const char *module;  /* path of gateway.so */
	const char *pidfile; /* that Kore writes */
	long workers;	     /* 1..64 */
	unsigned long files; /* that a worker may have open */
};

/*
 * Reads the setting http_listen: ADDRESS:PORT, [IPV6]:PORT or unix:PATH.
 * Returns 0; -1 with a sentence in error.
 */
int launch_listen_parse(const char *text, struct launch_listen *listen,
    char *error, size_t error_size);

/*
 * Writes Kore's configuration. Returns its length; -1 with a sentence in error
 * when it does not fit or a path has a character that Kore's configuration has
 * no way to quote.
 */
int launch_format(const struct launch_options *options, char *text, size_t size,
    char *error, size_t error_size);

#endif
