/*
 * An HTTP client for tests. Everything that a client returns belongs to it and
 * lives until client_free or client_forget. A client is for one thread.
 */
#ifndef TESTS_E2E_CLIENT_H
#define TESTS_E2E_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_HEADERS_MAX 6

struct client;

struct request {
	const char *method; /* POST with a body, GET without, unless set */
	const char *path;
	const char *key;  /* X-API-Key */
	const char *jwt;  /* Authorization: Bearer */
	const char *type; /* application/json with a body, unless set */
	const char *body;
	const char *headers[CLIENT_HEADERS_MAX]; /* "Name: value" */
};

struct reply {
	const char *what; /* "POST /path", for messages */
	int status;	  /* 0 when there was no answer */
	const char *headers;
	const char *body;
	json_t *json; /* NULL when the body is none */
	double seconds;
};

struct client *client_new(uint16_t port);
void client_free(struct client **client);

/* Frees what it returned so far. */
void client_forget(struct client *client);

/* Sends a request over a connection that is kept, and waits for the answer. */
const struct reply *
client_send(struct client *client, const struct request *request);

/* Sends them all at once, each over a connection of its own. */
void client_send_all(struct client *client, const struct request *requests,
    size_t count, const struct reply *replies[]);

/*
 * A connection to the port on this host, for a test that plays the client
 * itself; a failure fails the test. A narrow one has the smallest buffer and
 * the smallest segments, so that a large answer has to wait for its reader.
 */
int client_dial(uint16_t port, bool narrow);

/*
 * Sends bytes as they are and returns everything that comes back until the
 * server closes or has been silent after an answer for a while; "" for nothing.
 */
const char *
client_send_raw(struct client *client, const char *bytes, size_t len);

/* Text made as by printf, owned by the client. */
const char *client_text(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
